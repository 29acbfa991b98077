package handling

import (
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// DraftIn saves what a unit has written of its reply so far.
type DraftIn struct {
	ID      string `json:"id"`                // assignment
	Version int64  `json:"version,omitempty"` // of the reply; 0 for the first saving
	ReplyText
}

// ReplySaved answers acts on a reply.
type ReplySaved struct {
	ID       string     `json:"id"`
	State    ReplyState `json:"state"`
	Version  int64      `json:"version"`
	SavedAt  store.Time `json:"saved_at"`
	CaseKind string     `json:"case_kind"`
	CaseID   string     `json:"case_id"`
	Missing  []string   `json:"missing,omitempty"` // assisting units whose opinion is not there
}

// Draft saves a reply without sending it anywhere (拟文); pages do it all the
// time. What is not finished may be saved.
var Draft = app.Define("reply.draft",
	func(c *app.Call, in DraftIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayReply,
	func(c *app.Call, e *Errand, in DraftIn) (ReplySaved, error) {
		k, err := clockNow(&c.Look)
		if err != nil {
			return ReplySaved{}, err
		}
		r, err := e.save(c, k, in.Version, in.ReplyText)
		if err != nil {
			return ReplySaved{}, err
		}
		if in.Version == 0 { // the standing depends on whether there is a draft at all
			err = settle(c, e.Matter)
		}
		return r.saved(e.Matter), err
	})

func (r *Reply) saved(m *Matter) ReplySaved {
	return ReplySaved{ID: r.ID, State: r.State, Version: r.Version, SavedAt: r.SavedAt, CaseKind: m.Kind, CaseID: m.ID, Missing: m.owed()}
}

// save checks that a reply may be written now and writes its text. Without a
// draft it begins the reply of the present round.
func (e *Errand) save(c *app.Call, k *clockOf, version int64, t ReplyText) (*Reply, error) {
	if e.A.State == Sent {
		return nil, fault.New(fault.Closed, "handling.sign-first")
	}
	if e.objection(e.A.ID) != nil {
		return nil, fault.New(fault.Closed, "handling.object.waits")
	}
	r := e.workOn(e.A.ID)
	switch {
	case r == nil && e.A.State != SignedFor:
		return nil, fault.New(fault.Closed, "handling.closed."+string(e.A.State))
	case r != nil && r.State != Drafted:
		return nil, fault.New(fault.Closed, "handling.reply.closed."+string(r.State))
	case r == nil && version != 0, r != nil && r.Version != version:
		return nil, fault.New(fault.Stale, "fault.stale")
	}
	text, err := e.clean(k, t)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return e.begin(c, text, Drafted, "", e.purpose())
	}
	r.ReplyText, r.SavedAt = text, c.Now()
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET number = ?, class = ?, body = ?, publicity = ?, publicity_reason = ?, saved_at = ?, version = version + 1 WHERE id = ? AND version = ?",
		text.Number, text.Class, text.Body, text.Publicity, text.PublicityReason, r.SavedAt, r.ID, r.Version)
	if err := written(n, err, "reply "+r.ID); err != nil {
		return nil, err
	}
	r.Version++
	return r, errors.Join(writeItems(c, r), writePromises(c, e.Matter, r))
}

// purpose is what the reply of the present round is for.
func (e *Errand) purpose() string {
	if e.A.Round > 1 {
		return AgainReply
	}
	return FirstReply
}

// begin writes the first row of a reply.
func (e *Errand) begin(c *app.Call, text ReplyText, state ReplyState, enteredBy, purpose string) (*Reply, error) {
	r := &Reply{ID: id.New(), CaseKind: e.Kind, CaseID: e.ID, AssignmentID: e.A.ID, UnitID: e.A.keeper(), UnitName: e.A.keeperName(), Round: e.lastRound(e.A.ID) + 1,
		Purpose: purpose, State: state, ReplyText: text, SavedAt: c.Now(), EnteredBy: enteredBy, Entered: enteredBy != "", Version: 1}
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO reply (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, purpose, state, number, class, body, publicity, publicity_reason, drafted_by, saved_at, entered_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.ID, e.CommitteeID, r.CaseKind, r.CaseID, r.AssignmentID, r.UnitID, r.UnitName, r.Round, r.Purpose, string(r.State),
		text.Number, text.Class, text.Body, text.Publicity, text.PublicityReason, c.Who().PersonID, r.SavedAt, r.EnteredBy)
	if errors.Is(err, store.ErrUnique) {
		return nil, fault.New(fault.Stale, "fault.stale").Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("begin the reply of %s: %w", e.A.ID, err)
	}
	return r, errors.Join(writeItems(c, r), writePromises(c, e.Matter, r))
}

// writeItems writes the answers to the suggestions anew.
func writeItems(c *app.Call, r *Reply) error {
	for _, x := range r.Items {
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO reply_item (reply_id, no, outcome, answer) VALUES (?, ?, ?, ?)
			ON CONFLICT (reply_id, no) DO UPDATE SET outcome = excluded.outcome, answer = excluded.answer`, r.ID, x.No, x.Outcome, x.Answer)
		if err != nil {
			return fmt.Errorf("answer suggestion %d in reply %s: %w", x.No, r.ID, err)
		}
	}
	return nil
}

const (
	answerAtMost = 5000
	reasonAtMost = 1000
)

// clean reads a text that need not be finished: lengths, and codes that exist.
// There is one answer per suggestion of the case, in their order.
func (e *Errand) clean(k *clockOf, t ReplyText) (ReplyText, error) {
	var p fault.Problems
	t.Number = line(&p, "number", t.Number, numberAtMost, false)
	t.Body = words(&p, "body", t.Body, bodyAtMost, false)
	t.PublicityReason = words(&p, "publicity_reason", t.PublicityReason, reasonAtMost, false)
	p.Check(t.Class == "" || profile.Offered(k.rules.Classes, t.Class), "class", "handling.choose")
	p.Check(t.Publicity == "" || profile.Offered(k.rules.Publicity, t.Publicity), "publicity", "handling.choose")
	given := map[int]ItemAnswer{}
	for i, x := range t.Items {
		field := fmt.Sprintf("items.%d.", i)
		x.Answer = words(&p, field+"answer", x.Answer, answerAtMost, false)
		p.Check(x.Outcome == "" || profile.Offered(k.rules.ItemOutcomes, x.Outcome), field+"outcome", "handling.choose")
		known := slices.ContainsFunc(e.Items, func(it Item) bool { return it.No == x.No })
		_, twice := given[x.No]
		p.Check(known && !twice, field+"no", "handling.item-unknown", "no", x.No)
		given[x.No] = x
	}
	t.Promises = e.cleanPromises(t, &p)
	t.Items = nil
	for _, it := range e.Items {
		x := given[it.No]
		x.No = it.No
		t.Items = append(t.Items, x)
	}
	return t, p.Err()
}

// complete tells everything that is missing before a reply may be sent.
func (m *Matter) complete(k *clockOf, a *Assignment, t ReplyText, purpose string) error {
	var p fault.Problems
	p.Check(t.Number != "", "number", "handling.required")
	p.Check(t.Body != "", "body", "handling.required")
	p.Check(profile.Offered(k.rules.Classes, t.Class), "class", "handling.choose")
	p.Check(profile.Offered(k.rules.Publicity, t.Publicity), "publicity", "handling.choose")
	p.Check(t.Publicity == "" || t.Publicity == "full" || t.PublicityReason != "", "publicity_reason", "handling.reply.publicity-reason")
	for i, it := range m.Items {
		x := ItemAnswer{}
		if j := slices.IndexFunc(t.Items, func(y ItemAnswer) bool { return y.No == it.No }); j >= 0 {
			x = t.Items[j]
		}
		p.Check(profile.Offered(k.rules.ItemOutcomes, x.Outcome), fmt.Sprintf("items.%d.outcome", i), "handling.reply.item-outcome", "no", it.No)
		p.Check(x.Answer != "", fmt.Sprintf("items.%d.answer", i), "handling.reply.item-answer", "no", it.No)
	}
	if purpose == FollowUp { // what was promised before still stands
		m.promisesComplete(k, t, purpose, &p)
		return p.Err()
	}
	m.promised(k, t, &p)
	p.Check(!k.rules.ContactRequired || m.contactsOf(a) > 0, "", "handling.reply.no-contact")
	if owed := m.owed(); k.rules.Together.Required && a.Role == Lead && len(owed) > 0 {
		p.Add("", "handling.reply.owed", "units", joined(owed))
	}
	return p.Err()
}
