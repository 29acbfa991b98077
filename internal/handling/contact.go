package handling

import (
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/profile"
)

// ContactIn tells of a contact with the proposers.
type ContactIn struct {
	ID        string   `json:"id"` // assignment
	Form      string   `json:"form"`
	HeldOn    string   `json:"held_on"`             // 2026-03-31
	Proposers []string `json:"proposers,omitempty"` // who was contacted, person or body ids; the lead proposer without any
	People    string   `json:"people,omitempty"`    // who else took part
	Notes     string   `json:"notes"`
	Consent   bool     `json:"consent,omitempty"` // the proposer agreed to another form than face to face
}

// ContactOut is the record that was made.
type ContactOut struct {
	ID       string `json:"id"`
	CaseKind string `json:"case_kind"`
	CaseID   string `json:"case_id"`
}

// RecordContact records a contact of a unit with the proposers (沟通记录).
var RecordContact = app.Define("contact.record",
	func(c *app.Call, in ContactIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayWork, recordContact)

const (
	peopleAtMost = 200
	textAtMost   = 2000
)

func recordContact(c *app.Call, e *Errand, in ContactIn) (ContactOut, error) {
	if e.A.State == Sent {
		return ContactOut{}, fault.New(fault.Closed, "handling.sign-first")
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return ContactOut{}, err
	}
	var p fault.Problems
	in.People = line(&p, "people", in.People, peopleAtMost, false)
	in.Notes = words(&p, "notes", in.Notes, textAtMost, true)
	p.Check(profile.Offered(k.rules.ContactForms, in.Form), "form", "handling.choose")
	p.Check(in.Consent || slices.Contains(k.rules.FaceToFace, in.Form) || in.Form == "", "consent", "handling.contact.consent")
	on, err := calendar.ParseDate(in.HeldOn)
	p.Check(err == nil, "held_on", "web.not-a-date")
	p.Check(err != nil || !on.After(k.today), "held_on", "handling.contact.future")
	p.Check(err != nil || !on.Before(dayOf(e.A.DispatchedAt)), "held_on", "handling.contact.early")
	who := e.concerned(in.Proposers, &p)
	if err := p.Err(); err != nil {
		return ContactOut{}, err
	}
	list, err := packed(who)
	if err != nil {
		return ContactOut{}, err
	}
	out := ContactOut{id.New(), e.Kind, e.ID}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO handling_contact (id, committee_id, case_kind, case_id, assignment_id, form, held_on, proposers, people, notes, consent, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, out.ID, e.CommitteeID, e.Kind, e.ID, e.A.ID, in.Form, on.String(), list, in.People, in.Notes, in.Consent, c.Who().PersonID, c.Now())
	if err != nil {
		return out, fmt.Errorf("record a contact of %s: %w", e.A.ID, err)
	}
	c.Detail(map[string]any{"contact": out.ID, "form": in.Form, "on": in.HeldOn})
	told := e.about().ofUnit(e.A)
	for _, x := range e.Proposers {
		if slices.Contains(who, x.Key()) {
			told = told.forProposers([]Proposer{x})
		}
	}
	if err := e.record(c, WasContacted{told, in.Form, on.String()}); err != nil {
		return out, err
	}
	return out, settle(c, e.Matter)
}

// concerned checks whom a contact concerned; nobody named means the lead.
func (m *Matter) concerned(ids []string, p *fault.Problems) []string {
	if len(ids) == 0 && len(m.Proposers) > 0 {
		return []string{m.Proposers[0].Key()}
	}
	for _, x := range ids {
		known := slices.ContainsFunc(m.Proposers, func(q Proposer) bool { return q.Key() == x })
		p.Check(known, "proposers", "handling.proposer-unknown")
	}
	return ids
}
