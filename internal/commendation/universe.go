package commendation

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
)

// Everything that this package reads of the tables of other domains stands in
// this file: proposal, proposal_signer, proposal_text, handling_involved,
// assignment, reply, rating, membership. It only ever reads them.

// Record is what is known today of something that may be commended, and how it
// stands to the one who asks.
type Record struct {
	ID         string `json:"id"`
	Number     int64  `json:"number,omitempty"`
	Digits     string `json:"digits,omitempty"` // the number with its zeros
	Name       string `json:"name"`             // title of a proposal, name of a unit or person
	Lead       string `json:"lead,omitempty"`   // lead proposer, or the unit of a person
	Collective bool   `json:"collective,omitempty"`
	Tie        Tie    `json:"tie,omitempty"`
	Linked     bool   `json:"-"` // to the body for which the one who asks nominates
	Sees       bool   `json:"-"` // he sees the proposal itself

	unitID       string
	refused      bool // publication
	state        proposal.State
	rated, best  int // what each rater said last, and how many of it is the best grade
	dissatisfied int // such ratings; of a unit its cases with one
	cases, late  int // of a unit
	score        int64
	scored       bool
}

// ratings counts, of a proposal p, what each rater said last of each unit.
func ratings(condition string) string {
	return `(SELECT COUNT(*) FROM rating x JOIN reply r ON r.id = x.reply_id WHERE x.case_kind = 'proposal' AND x.case_id = p.id AND ` + said + ` AND ` + condition + `)`
}

// said: the rater x answered, and gave no later answer to another round of
// reply r's assignment. Silence in a later round leaves the earlier answer.
const said = `x.result <> 'no_response' AND NOT EXISTS (SELECT 1 FROM rating y JOIN reply s ON s.id = y.reply_id
	WHERE s.assignment_id = r.assignment_id AND s.round > r.round AND y.rater_id = x.rater_id AND y.result <> 'no_response')`

// seesProposal is the condition under which somebody sees proposal p itself. It
// says what package proposal's own list says; a test holds the two together.
func seesProposal(who access.Actor) store.Fragment {
	switch {
	case who.Is(access.Office, access.Chief, access.Reviewer, access.Leader):
		return store.F("p.state <> 'draft'")
	case who.Is(access.Dispatcher, access.Handler, access.Signer):
		return store.F("EXISTS (SELECT 1 FROM handling_involved v WHERE v.case_kind = 'proposal' AND v.case_id = p.id AND v.body_id = ?)", who.Post.BodyID)
	case who.Is(access.Member, access.Convener):
		body := ""
		if who.Is(access.Convener) {
			body = who.Post.BodyID
		}
		return store.F(`p.author_id = ? OR EXISTS (SELECT 1 FROM proposal_signer s WHERE s.proposal_id = p.id AND s.state IN ('invited', 'signed')
			AND (s.signer_id = ? AND s.is_body = FALSE OR s.signer_id = ? AND s.is_body = TRUE))`, who.PersonID, who.PersonID, body)
	default:
		return store.F("1 = 0")
	}
}

// proposes is the condition under which proposal p is somebody's own: he wrote
// or signed it, or an organisation in which he holds any post proposes it.
func proposes(who access.Actor) store.Fragment {
	var bodies []string
	for _, x := range who.Posts {
		bodies = append(bodies, x.BodyID)
	}
	in := store.In("s.signer_id", bodies...)
	return store.Join(store.F("p.author_id = ? OR EXISTS (SELECT 1 FROM proposal_signer s WHERE s.proposal_id = p.id AND s.state = 'signed' AND (s.is_body = FALSE AND s.signer_id = ? OR s.is_body = TRUE AND", who.PersonID, who.PersonID),
		in, store.F("))"))
}

// linked is the condition under which proposal p is linked to a nominator: a
// unit handles it, members of the body proposed it or the body itself did.
func linked(n Nominator, committee string) store.Fragment {
	switch n.By {
	case ByMember, ByDesk, "":
		return store.F("1 = 0")
	case ByUnit:
		return store.F("EXISTS (SELECT 1 FROM assignment a WHERE a.case_kind = 'proposal' AND a.case_id = p.id AND a.unit_id = ? AND a.role <> 'assist' AND a.valid_to IS NULL)", n.ID)
	default:
		return store.F(`EXISTS (SELECT 1 FROM proposal_signer s WHERE s.proposal_id = p.id AND s.signer_id = ? AND s.is_body = TRUE AND s.state = 'signed')
			OR p.kind IN ('individual', 'joint') AND p.author_id IN (SELECT m.person_id FROM membership m WHERE m.committee_id = ? AND m.valid_to IS NULL
			AND (m.sector_id = ? OR m.party_id = ? OR m.special_committee_id = ? OR m.group_id = ?))`, n.ID, committee, n.ID, n.ID, n.ID, n.ID)
	}
}

// reaching is the condition that a proposal p came as far as the rules ask.
func reaching(r Rules) store.Fragment {
	switch r.Reach {
	case ReachClosed:
		return store.F("p.state = 'closed'")
	case ReachReplied:
		return store.F("p.state IN ('replied', 'closed')")
	default:
		return store.F("p.state IN ('filed', 'dispatched', 'handling', 'replied', 'closed')")
	}
}

// eligible is the condition that a proposal p may be nominated. It says the same
// as refusals; a property test holds the two together.
func eligible(r Rules, best string) store.Fragment {
	list := []store.Fragment{reaching(r)}
	switch r.Rating {
	case NotDissatisfied:
		list = append(list, store.F(ratings("x.result = 'dissatisfied'")+" = 0"))
	case AllSatisfied:
		list = append(list, store.F(ratings("x.result = ?")+" > 0", best), store.F(ratings("x.result <> ?")+" = 0", best))
	}
	return store.And(list...)
}

// universe is what a campaign may commend, as somebody looks at it.
type universe struct {
	l     *app.Look
	g     *Campaign
	who   access.Actor
	as    Nominator
	best  string // code of the best grade
	width int    // digits of a number
}

func universeOf(l *app.Look, g *Campaign) (*universe, error) {
	rules, _, err := profile.Current(l)
	if err != nil {
		return nil, err
	}
	u := &universe{l: l, g: g, who: l.Who(), width: rules.Proposal.NumberWidth}
	if len(rules.Handling.Grades) > 0 {
		u.best = rules.Handling.Grades[0].Code
	}
	u.as, _ = nominatorOf(u.who)
	return u, nil
}

// inCampaign are the proposals p of the campaign's session that were handed in.
func (u *universe) inCampaign() store.Fragment {
	return store.F("p.committee_id = ? AND p.session_id = ? AND p.state <> 'draft'", u.g.CommitteeID, u.g.SessionID)
}

// shown is the condition that the one who asks may know of proposal p in a list
// to nominate from: its publication was not refused, or he sees it anyway.
func (u *universe) shown() store.Fragment {
	return store.Join(store.F("p.publish <> 'refused' OR"), seesProposal(u.who))
}

// proposals reads records of proposals by number, at most limit; after is the
// number of the last one of the page before, negative on the first page.
func (u *universe) proposals(where store.Fragment, after int64, limit int) ([]Record, error) {
	list := []store.Fragment{u.inCampaign(), where}
	if after >= 0 {
		list = append(list, store.F("p.number > ?", after))
	}
	q := store.Join(
		store.F(`SELECT p.id, COALESCE(p.number, 0), p.title, p.lead_name, p.kind, p.publish, p.state,`+
			ratings("1 = 1")+", "+ratings("x.result = ?")+", "+ratings("x.result = 'dissatisfied'")+",", u.best),
		when(seesProposal(u.who)), store.F(","), when(proposes(u.who)), store.F(","), when(linked(u.as, u.g.CommitteeID)),
		store.F("FROM proposal p WHERE"), store.And(list...),
		store.F("ORDER BY COALESCE(p.number, 0), p.id LIMIT ?", limit))
	found, err := store.List(u.l.Ctx(), u.l.Tx(), u.scan, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read what campaign %s may commend: %w", u.g.ID, err)
	}
	return found, nil
}

// when is a condition as a number that both engines read: 1 or 0.
func when(f store.Fragment) store.Fragment {
	return store.Join(store.F("CASE WHEN ("), f, store.F(") THEN 1 ELSE 0 END"))
}

func (u *universe) scan(r store.Row, x *Record) error {
	var kind proposal.Kind
	var publish string
	var sees, own, linked int
	if err := r.Scan(&x.ID, &x.Number, &x.Name, &x.Lead, &kind, &publish, &x.state, &x.rated, &x.best, &x.dissatisfied, &sees, &own, &linked); err != nil {
		return err
	}
	x.Collective, x.refused, x.Sees, x.Linked = kind.Collective(), publish == proposal.PublishRefused, sees == 1, linked == 1
	if own == 1 {
		x.Tie = Himself
	}
	if x.Number > 0 {
		x.Digits = proposal.Digits(x.Number, u.width)
	}
	return nil
}

// count counts proposals.
func (u *universe) count(where ...store.Fragment) (n int, err error) {
	w := store.And(append([]store.Fragment{u.inCampaign()}, where...)...)
	if err = u.l.Tx().Row(u.l.Ctx(), "SELECT COUNT(*) FROM proposal p WHERE "+w.SQL, w.Args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count what campaign %s may commend: %w", u.g.ID, err)
	}
	return n, nil
}

// filed is the condition that proposal p was filed.
func filed() store.Fragment { return reaching(Rules{Reach: ReachFiled}) }

// base is what the ratio is taken of: filed proposals, or units with cases.
func (u *universe) base() (int, error) {
	if u.g.Kind == OfProposals {
		return u.count(filed())
	}
	units, err := u.units()
	n := 0
	for _, x := range units {
		if x.cases > 0 {
			n++
		}
	}
	return n, err
}

// searched is the condition of the search field: a number, or a part of title
// or proposer.
func searched(q string) store.Fragment {
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(q)) + "%"
	words := store.F(`LOWER(p.title) LIKE ? ESCAPE '\' OR LOWER(p.lead_name) LIKE ? ESCAPE '\'`, like, like)
	digits := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(q, "第"), "号"))
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return store.F("p.number = ? OR "+words.SQL, append([]any{n}, words.Args...)...)
	}
	return words
}

// work is what a unit did as a main unit.
type work struct {
	unit                      string
	cases, late, dissatisfied int
}

// workOf sums up main assignments a on the proposals p of a session. Late is one
// that was answered late in any round, or is open after its day.
const workOf = `SELECT w.unit_id, COUNT(*), CAST(SUM(w.late) AS BIGINT), CAST(SUM(w.dissatisfied) AS BIGINT) FROM (
	SELECT a.unit_id,
		CASE WHEN a.late OR a.state IN ('dispatched', 'signed') AND a.due_on < ?
			OR EXISTS (SELECT 1 FROM reply r WHERE r.assignment_id = a.id AND r.state = 'issued' AND r.late) THEN 1 ELSE 0 END AS late,
		CASE WHEN EXISTS (SELECT 1 FROM rating x JOIN reply r ON r.id = x.reply_id
			WHERE r.assignment_id = a.id AND x.result = 'dissatisfied' AND ` + said + `) THEN 1 ELSE 0 END AS dissatisfied
	FROM assignment a JOIN proposal p ON p.id = a.case_id
	WHERE a.committee_id = ? AND a.case_kind = 'proposal' AND a.role <> 'assist' AND a.valid_to IS NULL AND p.session_id = ?) w GROUP BY w.unit_id`

// units reads the records of every unit that exists, in their order.
func (u *universe) units() ([]Record, error) {
	bodies, err := organization.Bodies(u.l, organization.Unit)
	if err != nil {
		return nil, err
	}
	done, err := store.List(u.l.Ctx(), u.l.Tx(), func(r store.Row, w *work) error { return r.Scan(&w.unit, &w.cases, &w.late, &w.dissatisfied) },
		workOf, today(u.l).String(), u.g.CommitteeID, u.g.SessionID)
	if err != nil {
		return nil, fmt.Errorf("read the work of units for campaign %s: %w", u.g.ID, err)
	}
	records := map[string]*Record{}
	ids := make([]string, len(bodies))
	for i, b := range bodies {
		records[b.ID], ids[i] = &Record{ID: b.ID, Name: b.Name, unitID: b.ID}, b.ID
	}
	for _, w := range done {
		if x := records[w.unit]; x != nil {
			x.cases, x.late, x.dissatisfied = w.cases, w.late, w.dissatisfied
		}
	}
	scores, err := scoresOf(u.l, u.g.Year, ids)
	list := make([]Record, len(ids))
	for i, id := range ids {
		list[i] = *records[id]
		list[i].score, list[i].scored = scores[id], has(scores, id)
		if u.who.HoldsPostIn(id) {
			list[i].Tie = Colleague
		}
	}
	return list, err
}

func has(m map[string]int64, k string) bool {
	_, ok := m[k]
	return ok
}

// people reads the records of the handlers of units; the work is their unit's.
func (u *universe) people() ([]Record, error) {
	units, err := u.units()
	if err != nil {
		return nil, err
	}
	holders, err := organization.Holders(u.l, u.g.CommitteeID, "", access.Handler)
	if err != nil {
		return nil, err
	}
	var list []Record
	for _, h := range holders {
		i := slices.IndexFunc(units, func(x Record) bool { return x.ID == h.BodyID })
		if i < 0 || slices.ContainsFunc(list, func(x Record) bool { return x.ID == h.PersonID }) {
			continue
		}
		x := units[i]
		x.ID, x.Name, x.Lead = h.PersonID, h.Name, units[i].Name
		if h.PersonID == u.who.PersonID {
			x.Tie = Himself
		}
		list = append(list, x)
	}
	slices.SortStableFunc(list, func(a, b Record) int { return cmp.Or(cmp.Compare(a.Lead, b.Lead), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

// others reads the records of a campaign that commends no proposals.
func (u *universe) others() ([]Record, error) {
	if u.g.Kind == OfUnits {
		return u.units()
	}
	return u.people()
}

// record reads what is known of one thing that the one who asks may know of;
// fault.NotFound without one.
func (u *universe) record(id string) (Record, error) {
	var list []Record
	var err error
	if u.g.Kind == OfProposals {
		list, err = u.proposals(store.And(store.F("p.id = ?", id), u.shown()), -1, 1)
	} else {
		list, err = u.others()
	}
	if err != nil {
		return Record{}, err
	}
	i := slices.IndexFunc(list, func(x Record) bool { return x.ID == id })
	if i < 0 {
		return Record{}, fault.New(fault.NotFound, "fault.not-found")
	}
	return list[i], nil
}

// all reads the records of some things, whoever asks; what is gone is left out.
func (u *universe) all(ids []string) ([]Record, error) {
	if u.g.Kind == OfProposals {
		return u.proposals(store.In("p.id", ids...), -1, len(ids)+1)
	}
	list, err := u.others()
	return slices.DeleteFunc(list, func(x Record) bool { return !slices.Contains(ids, x.ID) }), err
}

// sits reports whether the actor is a member of a special committee.
func sits(l *app.Look, body string) (bool, error) {
	if body == "" {
		return false, nil
	}
	var n int
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM membership m WHERE m.committee_id = ? AND m.person_id = ? AND m.valid_to IS NULL AND m.special_committee_id = ?",
		l.Who().CommitteeID, l.Who().PersonID, body).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for %s in body %s: %w", l.Who().PersonID, body, err)
	}
	return n > 0, nil
}

// membersOf are the people of a special committee.
func membersOf(l *app.Look, body string) ([]string, error) {
	if body == "" {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT DISTINCT m.person_id FROM membership m WHERE m.committee_id = ? AND m.valid_to IS NULL AND m.special_committee_id = ?",
		l.Who().CommitteeID, body)
	if err != nil {
		return nil, fmt.Errorf("list the members of %s: %w", body, err)
	}
	return list, nil
}

// PlainText is the text of a proposal as readers and reviewers read it.
type PlainText struct {
	Background string   `json:"background"`
	Analysis   string   `json:"analysis,omitempty"`
	Measures   string   `json:"measures,omitempty"`
	Items      []string `json:"items"`
}

// textOf is the text in force of a proposal.
func textOf(l *app.Look, id string) (*PlainText, error) {
	t := &PlainText{}
	var items string
	err := l.Tx().Row(l.Ctx(), `SELECT t.background, t.analysis, t.measures, t.items FROM proposal p JOIN proposal_text t ON t.proposal_id = p.id AND t.revision = p.revision
		WHERE p.committee_id = ? AND p.id = ?`, l.Who().CommitteeID, id).Scan(&t.Background, &t.Analysis, &t.Measures, &items)
	if errors.Is(err, store.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the text of proposal %s: %w", id, err)
	}
	return t, json.Unmarshal([]byte(items), &t.Items)
}

// winnersOf are the people and bodies who are told that a proposal won: the
// author and everybody who signed.
func winnersOf(l *app.Look, proposals []string) (people map[string][]string, bodies map[string][]string, err error) {
	people, bodies = map[string][]string{}, map[string][]string{}
	in := store.In("p.id", proposals...)
	type signed struct {
		proposal, who string
		body          bool
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, s *signed) error { return r.Scan(&s.proposal, &s.who, &s.body) },
		`SELECT p.id, p.author_id, FALSE FROM proposal p WHERE p.committee_id = ? AND p.kind IN ('individual', 'joint') AND `+in.SQL+`
		UNION ALL SELECT p.id, s.signer_id, s.is_body FROM proposal p JOIN proposal_signer s ON s.proposal_id = p.id AND s.state = 'signed' WHERE p.committee_id = ? AND `+in.SQL,
		append(append([]any{l.Who().CommitteeID}, in.Args...), append([]any{l.Who().CommitteeID}, in.Args...)...)...)
	if err != nil {
		return nil, nil, fmt.Errorf("find who proposed what won: %w", err)
	}
	for _, s := range list {
		if s.body {
			bodies[s.proposal] = append(bodies[s.proposal], s.who)
		} else {
			people[s.proposal] = append(people[s.proposal], s.who)
		}
	}
	return people, bodies, nil
}
