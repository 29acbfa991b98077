package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// KeyRequirement is what a supervision required of a unit or supervision
// office, by a day. Body is an id or an exact name.
type KeyRequirement struct {
	Text  string `json:"text"`
	Body  string `json:"body"`
	DueOn string `json:"due_on"`
}

// KeySuperviseIn is the record of a supervision.
type KeySuperviseIn struct {
	ID           string           `json:"id"`
	Version      int64            `json:"version,omitempty"`
	Form         string           `json:"form"`
	HeldOn       string           `json:"held_on"`
	Leader       string           `json:"leader" doc:"Who led it, by name"`
	Participants string           `json:"participants,omitempty"`
	Problems     string           `json:"problems,omitempty"`
	Requirements []KeyRequirement `json:"requirements"`
	NextOn       string           `json:"next_on,omitempty"`
	Report       string           `json:"report,omitempty"`
}

// KeyRecord is the record of a supervision (督办记录).
type KeyRecord struct {
	ID           string     `json:"id"`
	Form         string     `json:"form"`
	FormName     string     `json:"form_name"`
	HeldOn       string     `json:"held_on"`
	Leader       string     `json:"leader"`
	Participants string     `json:"participants,omitempty"` // only for staff, who leads it, its units and its proposers
	Problems     string     `json:"problems,omitempty"`
	Report       string     `json:"report,omitempty"`
	NextOn       string     `json:"next_on,omitempty"`
	At           store.Time `json:"at"`
}

// mostRequirements of one supervision.
const mostRequirements = 20

// KeySupervise records a supervision (督办): each requirement has a body that
// answers for it and a day. It settles the supervision that was due.
var KeySupervise = app.Define("key.supervise", func(c *app.Call, in KeySuperviseIn) (*KeyCase, error) { return claimKey(c, in.ID) }, staffOnly, keySupervise)

func keySupervise(c *app.Call, k *KeyCase, in KeySuperviseIn) (KeyDone, error) {
	if err := k.fresh(in.Version); err != nil {
		return KeyDone{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return KeyDone{}, err
	}
	var p fault.Problems
	offered(&p, "form", in.Form, rules.Key.Forms, true)
	r := KeyRecord{ID: id.New(), Form: in.Form, HeldOn: pastDay(&c.Look, &p, "held_on", in.HeldOn), Leader: line(&p, "leader", in.Leader, true),
		Participants: said(&p, "participants", in.Participants, false, keyShort), Problems: said(&p, "problems", in.Problems, false, keyLong),
		Report: said(&p, "report", in.Report, false, keyLong), NextOn: coming(&c.Look, &p, "next_on", in.NextOn, false)}
	tasks, err := requirements(&c.Look, &p, in.Requirements)
	if err != nil {
		return KeyDone{}, err
	}
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	if err := r.save(c, k); err != nil {
		return KeyDone{}, err
	}
	f := KeyWasSupervised{Record: r.ID, Form: r.Form, HeldOn: r.HeldOn, NextOn: r.NextOn}
	for _, t := range tasks {
		t.SourceID = r.ID
		if _, err := owe(c, k.ID, t); err != nil {
			return KeyDone{}, err
		}
		if !slices.Contains(f.Bodies, t.BodyID) {
			f.Bodies = append(f.Bodies, t.BodyID)
		}
	}
	if err := saveKey(c, k.Key); err != nil {
		return KeyDone{}, err
	}
	c.Detail(map[string]any{"record": r.ID, "form": r.Form, "held_on": r.HeldOn, "requirements": len(tasks), "next_on": r.NextOn})
	return KeyDone{k.ID, k.Key.Version, r.ID}, c.Record(f, caseKind, k.ID)
}

// requirements checks what was required; empty lines are left out.
func requirements(l *app.Look, p *fault.Problems, list []KeyRequirement) ([]KeyTask, error) {
	var out []KeyTask
	for i, r := range list {
		if clean(r.Text) == "" && cleanLine(r.Body) == "" && r.DueOn == "" {
			continue
		}
		field := fmt.Sprintf("requirements.%d.", i)
		b, err := responsible(l, p, field+"body", r.Body)
		if err != nil {
			return nil, err
		}
		out = append(out, KeyTask{Kind: DueRequirement, BodyID: b.ID, BodyName: b.Name, Text: said(p, field+"text", r.Text, true, keyShort), DueOn: coming(l, p, field+"due_on", r.DueOn, true)})
	}
	p.Check(len(out) <= mostRequirements, "requirements", "proposal.key.supervise.many", "max", mostRequirements)
	return out, nil
}

// save writes the record, settles the supervision that was due and notes the
// next one.
func (r *KeyRecord) save(c *app.Call, k *KeyCase) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO key_record (id, committee_id, proposal_id, form, held_on, leader, participants, problems, report, next_on, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.ID, k.CommitteeID, k.ID, r.Form, r.HeldOn, r.Leader, r.Participants, r.Problems, r.Report, r.NextOn, c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("record a supervision of %s: %w", k.ID, err)
	}
	for i := range k.Key.Tasks {
		t := &k.Key.Tasks[i]
		if t.Kind != DueSupervision || t.State != TaskOpen {
			continue
		}
		t.State, t.AnsweredAt, t.SourceID = TaskDone, c.Now(), r.ID
		if err := saveTask(c, t); err != nil {
			return err
		}
	}
	if r.NextOn == "" {
		return nil
	}
	_, err = owe(c, k.ID, KeyTask{Kind: DueSupervision, SourceID: r.ID, DueOn: r.NextOn})
	return err
}

func scanRecord(r store.Row, x *KeyRecord) error {
	return r.Scan(&x.ID, &x.Form, &x.HeldOn, &x.Leader, &x.Participants, &x.Problems, &x.Report, &x.NextOn, &x.At)
}

// supervised lists the supervisions of a key proposal, newest first.
func supervised(l *app.Look, proposal string) ([]KeyRecord, error) {
	list, err := store.List(l.Ctx(), l.Tx(), scanRecord, `SELECT id, form, held_on, leader, participants, problems, report, next_on, at FROM key_record
		WHERE committee_id = ? AND proposal_id = ? ORDER BY held_on DESC, id DESC`, l.Who().CommitteeID, proposal)
	if err != nil {
		return nil, fmt.Errorf("read the supervisions of %s: %w", proposal, err)
	}
	return list, nil
}

// supervisors are the bodies to choose from for a requirement or follow-up.
func supervisors(l *app.Look) ([]Unit, error) {
	bodies, err := organization.Bodies(l, organization.Unit, organization.SupervisionParty, organization.SupervisionGovernment)
	list := make([]Unit, len(bodies))
	for i, b := range bodies {
		list[i] = Unit{b.ID, b.Name}
	}
	return list, err
}
