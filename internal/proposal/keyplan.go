package proposal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// KeyMilestone is one step of a plan with its day.
type KeyMilestone struct {
	Text  string `json:"text"`
	DueOn string `json:"due_on"`
}

// KeyPlanIn is the plan of a unit.
type KeyPlanIn struct {
	ID         string         `json:"id"`
	Version    int64          `json:"version,omitempty"`
	Text       string         `json:"text"`
	Milestones []KeyMilestone `json:"milestones"`
	Unit       string         `json:"unit,omitempty" doc:"Staff only: the unit without an account whose plan came on paper"`
}

// KeyPlan is a plan that was handed in, and what the office said of it.
type KeyPlan struct {
	ID         string         `json:"id"`
	UnitID     string         `json:"unit_id"`
	UnitName   string         `json:"unit_name"`
	Text       string         `json:"text"`
	Milestones []KeyMilestone `json:"milestones"`
	At         store.Time     `json:"at"`
	Verdict    string         `json:"verdict,omitempty"` // accepted, returned
	Words      string         `json:"words,omitempty"`
	JudgedAt   store.Time     `json:"judged_at"`
}

// Verdicts on a plan.
const (
	PlanIsAccepted = "accepted"
	PlanIsReturned = "returned"
)

// mostMilestones of one plan.
const mostMilestones = 20

// KeySubmitPlan hands in the plan of a unit that answers the proposers
// (提交办理方案). Staff enters it for a unit in which nobody has an account.
var KeySubmitPlan = app.Define("key.submit-plan", func(c *app.Call, in KeyPlanIn) (*KeyCase, error) { return claimKey(c, in.ID) }, mayPlan, keySubmitPlan)

func mayPlan(who access.Actor, k *KeyCase) access.Verdict {
	u := k.unit(who)
	switch {
	case !k.wholly(who):
		return access.Hide()
	case u != nil && u.Main:
		return access.Allow()
	case u != nil:
		return access.Deny("proposal.key.plan.assist")
	case staff(who):
		return access.When(slices.ContainsFunc(k.Units, func(u KeyUnit) bool { return u.Main && k.unmanned[u.ID] }), "handling.unit-has-account")
	default:
		return access.Deny("handling.unit-only")
	}
}

func keySubmitPlan(c *app.Call, k *KeyCase, in KeyPlanIn) (KeyDone, error) {
	if err := k.fresh(in.Version); err != nil {
		return KeyDone{}, err
	}
	if err := k.Key.Plan.move(PlanSubmitted); err != nil {
		return KeyDone{}, err
	}
	var p fault.Problems
	x := KeyPlan{ID: id.New(), Text: said(&p, "text", in.Text, true, keyLong), Milestones: milestones(&c.Look, &p, in.Milestones)}
	u := k.planner(c.Who(), in.Unit)
	p.Check(u != nil, "unit", "proposal.key.plan.unit")
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	x.UnitID, x.UnitName = u.ID, u.Name
	if err := x.save(c, k.ID); err != nil {
		return KeyDone{}, err
	}
	if err := k.settlePlan(c, TaskDone, "", ""); err != nil {
		return KeyDone{}, err
	}
	if err := saveKey(c, k.Key); err != nil {
		return KeyDone{}, err
	}
	c.Detail(map[string]any{"plan": x.ID, "unit": x.UnitID, "milestones": len(x.Milestones), "by_staff": staff(c.Who())})
	return KeyDone{k.ID, k.Key.Version, x.ID}, c.Record(KeyPlanSubmitted{x.ID, x.UnitID, len(x.Milestones)}, caseKind, k.ID)
}

// planner is the unit whose plan it is: one's own, or for staff the one named,
// when nobody in it has an account.
func (k *KeyCase) planner(who access.Actor, unit string) *KeyUnit {
	if u := k.unit(who); u != nil {
		return u
	}
	for i, u := range k.Units {
		if u.Main && k.unmanned[u.ID] && (unit == "" || unit == u.ID) {
			return &k.Units[i]
		}
	}
	return nil
}

// milestones checks the steps of a plan; empty lines are left out.
func milestones(l *app.Look, p *fault.Problems, list []KeyMilestone) []KeyMilestone {
	out := []KeyMilestone{}
	for i, m := range list {
		if clean(m.Text) == "" && m.DueOn == "" {
			continue
		}
		field := fmt.Sprintf("milestones.%d.", i)
		out = append(out, KeyMilestone{said(p, field+"text", m.Text, true, keyShort), coming(l, p, field+"due_on", m.DueOn, true)})
	}
	p.Check(len(out) > 0, "milestones", "proposal.key.plan.no-milestone")
	p.Check(len(out) <= mostMilestones, "milestones", "proposal.key.plan.many", "max", mostMilestones)
	return out
}

func (x *KeyPlan) save(c *app.Call, proposal string) error {
	text, err := json.Marshal(x.Milestones)
	if err != nil {
		return fmt.Errorf("keep plan %s: %w", x.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO key_plan (id, committee_id, proposal_id, unit_id, unit_name, body, milestones, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		x.ID, c.Who().CommitteeID, proposal, x.UnitID, x.UnitName, x.Text, string(text), c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("keep plan %s: %w", x.ID, err)
	}
	return nil
}

// settlePlan moves what the main units owe of the plan: done when it is handed
// in, open again until another day when it goes back.
func (k *KeyCase) settlePlan(c *app.Call, to KeyState, dueOn, reason string) error {
	for i := range k.Key.Tasks {
		t := &k.Key.Tasks[i]
		if t.Kind != DuePlan || t.State == to || t.State == TaskEnded {
			continue
		}
		if err := t.State.move(to); err != nil {
			return err
		}
		if t.AnsweredAt = c.Now(); to == TaskOpen {
			t.AnsweredAt, t.DueOn, t.Reason = store.Time{}, dueOn, reason
		}
		if err := saveTask(c, t); err != nil {
			return err
		}
	}
	return nil
}

// KeyJudgePlanIn accepts a plan, or gives it back with words and a new day.
type KeyJudgePlanIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Verdict string `json:"verdict" doc:"accepted or returned"`
	Words   string `json:"words,omitempty"`
	DueOn   string `json:"due_on,omitempty" doc:"Of a plan given back: until when it comes again"`
}

// KeyJudgePlan accepts the plan or gives it back (审核办理方案). The steps of an
// accepted plan are watched from then on.
var KeyJudgePlan = app.Define("key.judge-plan", func(c *app.Call, in KeyJudgePlanIn) (*KeyCase, error) { return claimKey(c, in.ID) }, staffOnly, keyJudgePlan)

func keyJudgePlan(c *app.Call, k *KeyCase, in KeyJudgePlanIn) (KeyDone, error) {
	if err := k.fresh(in.Version); err != nil {
		return KeyDone{}, err
	}
	accepted := in.Verdict == PlanIsAccepted
	to := PlanReturned
	if accepted {
		to = PlanAccepted
	}
	if err := k.Key.Plan.move(to); err != nil {
		return KeyDone{}, err
	}
	var p fault.Problems
	p.Check(accepted || in.Verdict == PlanIsReturned, "verdict", "proposal.review.choose")
	words := said(&p, "words", in.Words, !accepted, keyShort)
	again := ""
	if !accepted {
		again = coming(&c.Look, &p, "due_on", in.DueOn, true)
	}
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	plan, err := lastPlan(&c.Look, k.ID)
	if err != nil {
		return KeyDone{}, err
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE key_plan SET verdict = ?, words = ?, judged_by = ?, judged_at = ? WHERE id = ?", in.Verdict, words, c.Who().PersonID, c.Now(), plan.ID); err != nil {
		return KeyDone{}, fmt.Errorf("judge plan %s: %w", plan.ID, err)
	}
	if accepted {
		err = plan.watch(c, k.ID)
	} else {
		err = k.settlePlan(c, TaskOpen, again, words)
	}
	if err != nil {
		return KeyDone{}, err
	}
	if err := saveKey(c, k.Key); err != nil {
		return KeyDone{}, err
	}
	c.Detail(map[string]any{"plan": plan.ID, "verdict": in.Verdict})
	return KeyDone{ID: k.ID, Version: k.Key.Version}, c.Record(KeyPlanJudged{plan.ID, plan.UnitID, accepted}, caseKind, k.ID)
}

// watch notes each step of an accepted plan as due.
func (x *KeyPlan) watch(c *app.Call, proposal string) error {
	for _, m := range x.Milestones {
		if _, err := owe(c, proposal, KeyTask{Kind: DueMilestone, SourceID: x.ID, BodyID: x.UnitID, BodyName: x.UnitName, Text: m.Text, DueOn: m.DueOn}); err != nil {
			return err
		}
	}
	return nil
}

const planColumns = "id, unit_id, unit_name, body, milestones, at, verdict, words, judged_at"

func scanPlan(r store.Row, x *KeyPlan) error {
	var text string
	if err := r.Scan(&x.ID, &x.UnitID, &x.UnitName, &x.Text, &text, &x.At, &x.Verdict, &x.Words, &x.JudgedAt); err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), &x.Milestones)
}

// lastPlan is the plan handed in last.
func lastPlan(l *app.Look, proposal string) (*KeyPlan, error) {
	x := &KeyPlan{}
	err := scanPlan(l.Tx().Row(l.Ctx(), "SELECT "+planColumns+" FROM key_plan WHERE committee_id = ? AND proposal_id = ? ORDER BY id DESC LIMIT 1", l.Who().CommitteeID, proposal), x)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("read the plan of %s: %w", proposal, err)
	}
	return x, nil
}
