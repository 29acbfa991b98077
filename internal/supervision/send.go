package supervision

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

const (
	sendAtMost     = 500 // assignments in one act
	requirementMax = 500
	reasonMax      = 200
)

// SendIn is a chase of one assignment or many, of one unit or several.
type SendIn struct {
	IDs         []string `json:"ids"`  // of assignments
	Form        string   `json:"form"` // note or letter
	Requirement string   `json:"requirement"`
	Again       bool     `json:"again,omitempty"`  // those too that were chased lately
	Reason      string   `json:"reason,omitempty"` // why again
}

// Sent is one chase that went out.
type Sent struct {
	ID       string `json:"id"`
	UnitID   string `json:"unit_id"`
	UnitName string `json:"unit_name"`
	Form     string `json:"form"`
	Year     int    `json:"year,omitempty"`
	No       int    `json:"no,omitempty"`
	N        int    `json:"n"`
	AnswerBy string `json:"answer_by"`
}

// LeftOut is an assignment that was not chased, and why.
type LeftOut struct {
	ID       string `json:"id"`
	Number   string `json:"number,omitempty"`
	UnitName string `json:"unit_name,omitempty"`
	Key      string `json:"key"`          // message key of the reason
	On       string `json:"on,omitempty"` // day of the last chase
}

// SendOut tells what went out and what did not.
type SendOut struct {
	Sent    []Sent    `json:"sent"`
	LeftOut []LeftOut `json:"left_out,omitempty"`
}

// pile are the assignments that somebody wants to chase.
type pile struct {
	asked int
	items []*Item
	gone  []string // ids of which he sees nothing
}

// Object names no single thing; the chases made are named in the detail.
func (p *pile) Object() (string, string) {
	if len(p.items) == 1 {
		return p.items[0].Object()
	}
	return "chase", ""
}

// Send chases units about assignments (催办): one chase for each unit and each
// office that dispatched. What cannot be chased is left out and told; when
// nothing is left the act is refused.
var Send = app.Define("chase.send", loadPile, mayChase, send)

func loadPile(c *app.Call, in SendIn) (*pile, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(in.IDs)))
	p := &pile{asked: len(ids)}
	if len(ids) == 0 || len(ids) > sendAtMost {
		return p, nil
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return nil, err
	}
	s := scopeOf(c.Who())
	list, err := reader{&c.Look, k}.list(store.And(store.F(s.SQL(), s.Args()...), store.In("a.id", ids...)), store.F("ORDER BY a.due_on, a.id"))
	if err != nil {
		return nil, fmt.Errorf("load assignments to chase: %w", err)
	}
	for i := range list {
		p.items = append(p.items, &list[i])
	}
	for _, id := range ids {
		if !slices.ContainsFunc(p.items, func(x *Item) bool { return x.ID == id }) {
			p.gone = append(p.gone, id)
		}
	}
	return p, nil
}

func mayChase(who access.Actor, p *pile) access.Verdict {
	for _, x := range p.items {
		if !x.sees(who) {
			return access.Hide()
		}
	}
	switch {
	case !chaser(who) && (len(p.items) > 0 || p.asked == 0):
		return access.Deny("supervision.chasers-only")
	case len(p.items) == 0 && len(p.gone) > 0:
		return access.Hide()
	case !chaser(who):
		return access.Hide()
	default:
		return access.Allow()
	}
}

func (in *SendIn) check(p *pile) error {
	in.Requirement, in.Reason = strings.TrimSpace(in.Requirement), strings.TrimSpace(in.Reason)
	var wrong fault.Problems
	wrong.Check(p.asked > 0, "ids", "supervision.chase.none")
	wrong.Check(p.asked <= sendAtMost, "ids", "supervision.chase.many", "max", sendAtMost)
	wrong.Check(in.Form == Note || in.Form == Letter, "form", "supervision.choose")
	text(&wrong, "requirement", in.Requirement, requirementMax)
	if in.Again {
		text(&wrong, "reason", in.Reason, reasonMax)
	} else {
		in.Reason = ""
	}
	return wrong.Err()
}

// text notes what is wrong with words that must be there.
func text(p *fault.Problems, field, words string, most int) {
	p.Check(words != "", field, "supervision.required")
	p.Check(utf8.RuneCountInString(words) <= most, field, "supervision.too-long", "max", most)
}

func send(c *app.Call, p *pile, in SendIn) (SendOut, error) {
	if err := in.check(p); err != nil {
		return SendOut{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return SendOut{}, err
	}
	out := SendOut{Sent: []Sent{}}
	var fit []*Item
	for _, x := range p.items {
		if why, ok := x.against(in.Again); !ok {
			out.LeftOut = append(out.LeftOut, why)
		} else {
			fit = append(fit, x)
		}
	}
	for _, gone := range p.gone {
		out.LeftOut = append(out.LeftOut, LeftOut{ID: gone, Key: "fault.not-found"})
	}
	if len(fit) == 0 {
		return SendOut{}, none(out.LeftOut)
	}
	for _, group := range grouped(fit) {
		sent, err := dispatch(c, k, group, in)
		if err != nil {
			return SendOut{}, err
		}
		out.Sent = append(out.Sent, sent)
	}
	c.Made(out.Sent[0].ID)
	c.Detail(map[string]any{"chases": ids(out.Sent), "form": in.Form, "assignments": len(fit), "left_out": len(out.LeftOut), "again": in.Again})
	return out, nil
}

func ids(list []Sent) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.ID
	}
	return out
}

// against tells why an assignment is not chased now.
func (x *Item) against(again bool) (LeftOut, bool) {
	why := LeftOut{ID: x.ID, Number: x.Number, UnitName: x.UnitName}
	switch {
	case !x.Owes():
		why.Key = "supervision.chase.answered"
	case x.Awaits == ToRead:
		why.Key = "supervision.chase.reading"
	case x.Awaits == ToRule:
		why.Key = "supervision.chase.ruling"
	case x.Quiet && !again:
		why.Key, why.On = "supervision.chase.quiet", dayOf(x.LastChase).String()
	default:
		return why, true
	}
	return why, false
}

// none is the refusal when nothing can be chased.
func none(why []LeftOut) error {
	first := why[0]
	if first.On != "" {
		return fault.Field("again", first.Key, "number", first.Number, "on", first.On)
	}
	return fault.New(fault.Closed, first.Key, "number", first.Number)
}

// grouped puts together what one chase is about: one unit, one office that
// dispatched.
func grouped(list []*Item) [][]*Item {
	var groups [][]*Item
	for _, x := range list {
		i := slices.IndexFunc(groups, func(g []*Item) bool { return g[0].UnitID == x.UnitID && g[0].DeskID == x.DeskID })
		if i < 0 {
			groups = append(groups, []*Item{x})
			continue
		}
		groups[i] = append(groups[i], x)
	}
	slices.SortStableFunc(groups, func(a, b []*Item) int {
		return cmp.Or(cmp.Compare(a[0].UnitID, b[0].UnitID), cmp.Compare(a[0].DeskID, b[0].DeskID))
	})
	return groups
}

// dispatch sends one chase.
func dispatch(c *app.Call, k *clockOf, list []*Item, in SendIn) (Sent, error) {
	who, first := c.Who(), list[0]
	due, err := k.answerDue()
	if err != nil {
		return Sent{}, err
	}
	why, err := json.Marshal(due)
	if err != nil {
		return Sent{}, fmt.Errorf("write a deadline: %w", err)
	}
	from := ""
	if who.Is(access.Dispatcher) {
		from = who.Post.BodyID
	}
	s := Sent{ID: id.New(), UnitID: first.UnitID, UnitName: first.UnitName, Form: in.Form, N: len(list), AnswerBy: due.On.String()}
	if in.Form == Letter {
		s.Year = k.today.Year()
		if s.No, err = nextNumber(c, from, s.Year); err != nil {
			return Sent{}, err
		}
	}
	again := ""
	if slices.ContainsFunc(list, func(x *Item) bool { return x.Quiet }) {
		again = in.Reason
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO chase (id, committee_id, desk_id, from_desk, from_name, unit_id, unit_name, form, year, no, n, requirement, again_reason,
		signed_by, signed_name, sent_at, answer_by, answer_due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.ID, who.CommitteeID, first.DeskID, from, who.Post.BodyName, s.UnitID, s.UnitName, s.Form, s.Year, s.No, s.N, in.Requirement, again,
		who.PersonID, who.Name, c.Now(), s.AnswerBy, string(why))
	if err != nil {
		return Sent{}, fmt.Errorf("write the chase of unit %s: %w", s.UnitID, err)
	}
	for _, x := range list {
		if err := x.chased(c, s.ID); err != nil {
			return Sent{}, err
		}
	}
	return s, c.Record(WasSent{About: About{ID: s.ID, Form: s.Form, Year: s.Year, No: s.No, UnitID: s.UnitID, UnitName: s.UnitName, DeskID: first.DeskID, FromDesk: from,
		FromName: who.Post.BodyName, N: s.N, Number: first.Number, Title: first.Title}, AnswerBy: s.AnswerBy}, "chase", s.ID)
}

// nextNumber gives the next number of a sender's series of a year. Who takes
// one at the same time waits, so that none is given twice and none is left out.
func nextNumber(c *app.Call, from string, year int) (no int, err error) {
	err = c.Tx().Row(c.Ctx(), `INSERT INTO chase_series (committee_id, from_desk, year, last) VALUES (?, ?, ?, 1)
		ON CONFLICT (committee_id, from_desk, year) DO UPDATE SET last = chase_series.last + 1 RETURNING last`, c.Who().CommitteeID, from, year).Scan(&no)
	if err != nil {
		return 0, fmt.Errorf("take a number: %w", err)
	}
	return no, nil
}

// chased notes that the assignment is part of a chase, as it stands. Somebody
// who chased it since it was read was faster.
func (x *Item) chased(c *app.Call, chase string) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO chase_item (chase_id, assignment_id, committee_id, case_kind, case_id, number, title, what, due_on, days_left)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, chase, x.ID, x.committeeID, x.CaseKind, x.CaseID, x.Number, x.Title, x.wanted(), x.DueOn, x.Left)
	if err != nil {
		return fmt.Errorf("write what chase %s is about: %w", chase, err)
	}
	before := x.LastChase.UnixMilli()
	if x.LastChase.IsZero() {
		before = 0
	}
	n, err := c.Tx().Exec(c.Ctx(), `INSERT INTO chase_last (assignment_id, committee_id, chase_id, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (assignment_id) DO UPDATE SET chase_id = excluded.chase_id, at = excluded.at WHERE chase_last.at = ?`, x.ID, x.committeeID, chase, c.Now(), before)
	if err != nil {
		return fmt.Errorf("note the chase of %s: %w", x.ID, err)
	}
	if n == 0 {
		return fault.New(fault.Stale, "supervision.chase.meanwhile", "number", x.Number)
	}
	return nil
}

// wanted is what the unit is chased for: signing while that is all that is
// late, else its answer.
func (x *Item) wanted() string {
	if x.Awaits == ToSign && x.Colour == Red {
		if x.Role.Main() {
			return ToReply
		}
		return ToOpine
	}
	return x.Awaits
}
