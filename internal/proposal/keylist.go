package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// held is how many working days somebody has held something.
func (d dayOfKeys) held(l *app.Look, since store.Time) int {
	return calendar.Elapsed(since.Time, l.Now().Time, d.days)
}

// KeyListIn chooses a year; without it the latest one that has key proposals.
type KeyListIn struct {
	Year int64 `json:"year,omitempty"`
}

// KeyCard is a key proposal as the list shows it.
type KeyCard struct {
	ID           string      `json:"id"`
	Number       int64       `json:"number"`
	Title        string      `json:"title"`
	LeadName     string      `json:"lead_name"`
	LeadUnitName string      `json:"lead_unit_name,omitempty"`
	State        State       `json:"state"`
	Holder       string      `json:"holder,omitempty"`
	HolderName   string      `json:"holder_name,omitempty"`
	HolderSince  store.Time  `json:"holder_since"`
	Held         int         `json:"held"` // working days
	DueOn        string      `json:"due_on,omitempty"`
	Late         bool        `json:"late"` // the reply
	ReplyClass   string      `json:"reply_class,omitempty"`
	Mine         bool        `json:"mine"` // the one who looks leads it
	Plan         KeyState    `json:"plan"`
	Key          KeyState    `json:"key"`
	Leaders      []KeyLeader `json:"leaders"`
	AssistName   string      `json:"assist_name,omitempty"`
	Records      int         `json:"records"`
	NextOn       string      `json:"next_on,omitempty"`
	Promised     []KeyTask   `json:"promised"` // open and in time
	Overdue      []KeyTask   `json:"overdue"`
	Done         int         `json:"done"` // of what was due
}

// KeyListed are the key proposals of a year.
type KeyListed struct {
	Year   int64     `json:"year"`
	Years  []int64   `json:"years"`
	Mine   []KeyCard `json:"mine"`   // that the one who looks leads
	Others []KeyCard `json:"others"` // the rest that he may see
	Late   int       `json:"late"`   // how many things are late in all
	Width  int       `json:"-"`
}

// KeyList lists the key proposals of a year: for a leader his own first, with
// what was promised and what is late.
var KeyList = app.Ask("key.list", keyScope, func(l *app.Look, scope access.Scope, in KeyListIn) (KeyListed, error) {
	out := KeyListed{Mine: []KeyCard{}, Others: []KeyCard{}}
	where := store.And(store.F(scope.SQL(), scope.Args()...), store.F("k.committee_id = ? AND k.state <> 'released'", l.Who().CommitteeID))
	var err error
	out.Years, err = store.List(l.Ctx(), l.Tx(), store.Column[int64], "SELECT DISTINCT k.year FROM key_proposal k JOIN proposal p ON p.id = k.proposal_id WHERE "+where.SQL+" ORDER BY k.year DESC", where.Args...)
	if err != nil {
		return out, fmt.Errorf("list the years of key proposals: %w", err)
	}
	if out.Year = in.Year; out.Year == 0 && len(out.Years) > 0 {
		out.Year = out.Years[0]
	}
	if err := out.cards(l, where); err != nil {
		return out, fmt.Errorf("list key proposals: %w", err)
	}
	return out, nil
})

func (out *KeyListed) cards(l *app.Look, where store.Fragment) error {
	rules, _, err := profile.Current(l)
	if err != nil {
		return err
	}
	out.Width = rules.Proposal.NumberWidth
	where = store.And(where, store.F("k.year = ?", out.Year))
	list, err := store.List(l.Ctx(), l.Tx(), scanCard, `SELECT p.id, COALESCE(p.number, 0), p.title, p.lead_name, p.lead_unit_name, p.state, p.holder, p.holder_name, p.holder_since, p.due_on, p.reply_class
		FROM key_proposal k JOIN proposal p ON p.id = k.proposal_id WHERE `+where.SQL+` ORDER BY p.number NULLS LAST, p.id`, where.Args...)
	if err != nil || len(list) == 0 {
		return err
	}
	keys, err := KeysOf(l, out.Year)
	if err != nil {
		return err
	}
	d, err := keyDay(l)
	if err != nil {
		return err
	}
	for _, x := range list {
		i := slices.IndexFunc(keys, func(k Key) bool { return k.ProposalID == x.ID })
		if i < 0 {
			continue
		}
		if err := x.fill(l, d, &keys[i]); err != nil {
			return err
		}
		if out.Late += len(x.Overdue); x.Mine {
			out.Mine = append(out.Mine, x)
		} else {
			out.Others = append(out.Others, x)
		}
	}
	return nil
}

func scanCard(r store.Row, x *KeyCard) error {
	return r.Scan(&x.ID, &x.Number, &x.Title, &x.LeadName, &x.LeadUnitName, &x.State, &x.Holder, &x.HolderName, &x.HolderSince, &x.DueOn, &x.ReplyClass)
}

// fill adds what the one who looks may know of the key proposal.
func (x *KeyCard) fill(l *app.Look, d dayOfKeys, key *Key) error {
	p := &Proposal{ID: x.ID, CommitteeID: l.Who().CommitteeID, State: x.State}
	if err := involve(l, p); err != nil {
		return err
	}
	k := &KeyCase{Proposal: p, Key: key}
	who := l.Who()
	// The scope has said that he sees it; whether wholly is left to say for
	// units and supervision offices, which may be merely named.
	merely := who.Is(access.Handler, access.Signer, access.Dispatcher) && !slices.Contains(p.Involved, who.Post.BodyID)
	x.Mine, x.Plan, x.Key, x.Leaders, x.AssistName, x.Records, x.NextOn = k.leads(who), key.Plan, key.State, key.Leaders, key.AssistName, key.Records, key.NextOn()
	x.Promised, x.Overdue = []KeyTask{}, []KeyTask{}
	for _, t := range key.Tasks {
		mine := who.In(t.BodyID) && k.named(who)
		switch {
		case !mine && (merely || t.Kind == DueFollowUp && !k.instructed(who)):
			continue
		case t.Kind == DueSupervision && who.Is(access.Handler, access.Signer): // the committee's own affair; NextOn says when
			continue
		case t.Late:
			x.Overdue = append(x.Overdue, t)
		case t.State == TaskOpen && t.Kind != DueSupervision: // NextOn says that one
			x.Promised = append(x.Promised, t)
		case t.State == TaskDone:
			x.Done++
		}
	}
	if merely {
		x.State, x.Holder, x.HolderName, x.HolderSince, x.DueOn, x.ReplyClass, x.LeadUnitName, x.NextOn = "", "", "", store.Time{}, "", "", "", ""
		return nil
	}
	x.Held = d.held(l, x.HolderSince)
	if x.DueOn == Never || x.State == Closed {
		x.DueOn = ""
	}
	x.Late = x.DueOn != "" && x.DueOn < d.today.String()
	return nil
}
