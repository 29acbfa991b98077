package appraisal

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// PairsIn are the filters of the list.
type PairsIn struct {
	Todo  bool   `json:"todo,omitempty"` // only those that wait for the one who asks
	After string `json:"after,omitempty"`
}

// PairLine is a pair in the list.
type PairLine struct {
	Pair
	ProposalWord string `json:"proposal_word,omitempty"`
	HandlingWord string `json:"handling_word,omitempty"`
}

// PairsShown is a page of the list, the newest first.
type PairsShown struct {
	Pairs []PairLine `json:"pairs"`
	Total int        `json:"total"`
	Next  string     `json:"next,omitempty"`
}

const pairsAtOnce = 30

// Pairs lists the two-way appraisals that somebody may know of.
var Pairs = app.Ask("appraisal.pairs", pairScope, func(l *app.Look, sc access.Scope, in PairsIn) (PairsShown, error) {
	where := scoped(sc)
	if in.Todo {
		where = store.And(where, mineToGrade(l))
	}
	var out PairsShown
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM appraisal_pair p WHERE "+where.SQL, where.Args...).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count two-way appraisals: %w", err)
	}
	if in.After != "" {
		at, id, ok := readCursor(in.After)
		if !ok {
			return out, fault.Field("after", "appraisal.cursor")
		}
		where = store.And(where, store.F("(p.opened_at, p.assignment_id) < (?, ?)", at, id))
	}
	q := store.Join(store.F("SELECT "+pairColumns+" FROM appraisal_pair p WHERE"), where, store.F("ORDER BY p.opened_at DESC, p.assignment_id DESC LIMIT ?", pairsAtOnce+1))
	list, err := store.List(l.Ctx(), l.Tx(), scanPair, q.SQL, q.Args...)
	if err != nil {
		return out, fmt.Errorf("list two-way appraisals: %w", err)
	}
	if len(list) > pairsAtOnce {
		list = list[:pairsAtOnce]
		last := list[pairsAtOnce-1]
		out.Next = base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(last.OpenedAt.UnixMilli(), 10) + " " + last.ID))
	}
	terms := map[int64]TwoWay{}
	for _, p := range list {
		t, known := terms[p.terms]
		if !known {
			if t, err = termsOf(l, p.terms); err != nil {
				return out, err
			}
			terms[p.terms] = t
		}
		out.Pairs = append(out.Pairs, PairLine{p, t.wordOf(p.Proposal), t.wordOf(p.Handling)})
	}
	return out, nil
})

// wordOf is word for an average that may be missing.
func (t TwoWay) wordOf(average *Decimal) string {
	if average == nil {
		return ""
	}
	return t.word(*average)
}

func readCursor(text string) (at int64, id string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	ms, id, found := strings.Cut(string(raw), " ")
	at, err2 := strconv.ParseInt(ms, 10, 64)
	return at, id, found && err == nil && err2 == nil
}

// mineToGrade is the condition on pairs that wait for the one who asks.
func mineToGrade(l *app.Look) store.Fragment {
	who := l.Who()
	open := store.F("p.state = 'open' AND p.until_on >= ?", today(l).String())
	switch {
	case unitPost(who):
		return store.And(open, store.F("p.unit_id = ? AND NOT p.unit_in", who.Post.BodyID))
	case who.Is(access.Member), who.Is(access.Convener):
		rater, body := who.PersonID, false
		if who.Is(access.Convener) {
			rater, body = who.Post.BodyID, true
		}
		return store.And(open, store.F("EXISTS (SELECT 1 FROM appraisal_rater t WHERE t.assignment_id = p.assignment_id AND t.rater_id = ? AND t.is_body = ? AND NOT t.is_in)", rater, body))
	default:
		return store.F("1 = 0")
	}
}

// Given is what somebody gave.
type Given struct {
	Side       string         `json:"side"`
	RaterName  string         `json:"rater_name"`
	Marks      map[string]int `json:"marks"`
	Average    Decimal        `json:"average"`
	Word       string         `json:"word,omitempty"`
	Words      string         `json:"words,omitempty"`
	PersonName string         `json:"person_name"`
	At         store.Time     `json:"at"`

	rater string
}

// PairRating is a rating of the reply, beside the grades of the handling.
type PairRating struct {
	RaterName string `json:"rater_name"`
	Attitude  string `json:"attitude"`
	Result    string `json:"result"`
}

// PairShownOut is one two-way appraisal as far as the one who asks may see it.
type PairShownOut struct {
	Pair
	Terms       TwoWay       `json:"terms"`
	Given       []Given      `json:"given"`   // his own; everybody's once it is shown
	Ratings     []PairRating `json:"ratings"` // once it is shown and ratings are no longer asked
	MayProposal bool         `json:"may_proposal"`
	MayHandling bool         `json:"may_handling"`
	Mine        bool         `json:"mine"` // his side is in
}

// PairAsk names a pair.
type PairAsk struct {
	ID string `json:"id"`
}

// ShowPair tells one two-way appraisal.
var ShowPair = app.Ask("appraisal.pair", pairScope, func(l *app.Look, sc access.Scope, in PairAsk) (PairShownOut, error) {
	where := store.And(scoped(sc), store.F("p.assignment_id = ?", in.ID))
	var n int
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM appraisal_pair p WHERE "+where.SQL, where.Args...).Scan(&n); err != nil || n == 0 {
		if err == nil {
			err = notFound()
		}
		return PairShownOut{}, err
	}
	p, err := pairOf(l, in.ID)
	if err != nil {
		return PairShownOut{}, err
	}
	out := PairShownOut{Pair: *p}
	if out.Terms, err = termsOf(l, p.terms); err != nil {
		return out, err
	}
	who := l.Who()
	open := p.State == PairOpen && p.Until >= today(l).String()
	me := p.rater(who)
	out.MayProposal = open && !p.UnitIn && GradeProposal.May(who, p)
	out.MayHandling = open && me != nil && !me.in && GradeHandling.May(who, p)
	out.Mine = p.ownUnit(who) && p.UnitIn || me != nil && me.in
	if err := out.given(l, p, me); err != nil || p.State != PairShown {
		return out, err
	}
	out.Ratings, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, x *PairRating) error { return r.Scan(&x.RaterName, &x.Attitude, &x.Result) },
		`SELECT g.rater_name, g.attitude, g.result FROM rating g JOIN reply r ON r.id = g.reply_id
		WHERE r.assignment_id = ? AND r.purpose = 'first' AND NOT r.rating_open AND g.result <> 'no_response' ORDER BY g.id`, p.ID)
	if err != nil {
		return out, fmt.Errorf("read the ratings of %s: %w", p.ID, err)
	}
	return out, nil
})

// given adds what may be read: nobody reads the other side before it is shown.
func (out *PairShownOut) given(l *app.Look, p *Pair, me *rater) error {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Given) error {
		var marks string
		if err := r.Scan(&x.Side, &x.rater, &x.RaterName, &marks, (*int64)(&x.Average), &x.Words, &x.PersonName, &x.At); err != nil {
			return err
		}
		return json.Unmarshal([]byte(marks), &x.Marks)
	}, "SELECT side, rater_id, rater_name, marks, average, words, person_name, at FROM appraisal_grading WHERE assignment_id = ? ORDER BY side DESC, id", p.ID)
	if err != nil {
		return fmt.Errorf("read the gradings of %s: %w", p.ID, err)
	}
	out.Given = []Given{}
	for _, g := range list {
		mine := g.Side == UnitSide && p.ownUnit(l.Who()) || g.Side == ProposerSide && me != nil && g.rater == me.id
		if p.State == PairShown || mine {
			g.Word = out.Terms.word(g.Average)
			out.Given = append(out.Given, g)
		}
	}
	return nil
}
