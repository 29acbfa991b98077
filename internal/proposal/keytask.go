package proposal

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// KeyAnswerIn tells what became of something that was due.
type KeyAnswerIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Outcome string `json:"outcome"`
}

// KeyAnswer tells the outcome of a milestone, a requirement or the follow-up of
// an instruction (反馈落实情况). The body that owes it does so; staff enters it
// for a body in which nobody has an account.
var KeyAnswer = app.Define("key.answer", func(c *app.Call, in KeyAnswerIn) (*KeyCase, error) { return claimTask(c, in.ID) }, mayAnswerTask, keyAnswer)

func mayAnswerTask(who access.Actor, k *KeyCase) access.Verdict {
	switch {
	case !k.reads(who, k.about):
		return access.Hide()
	case k.owes(who):
		return access.Allow()
	case staff(who):
		return access.When(k.unmanned[k.about.BodyID], "handling.unit-has-account")
	default:
		return access.Deny("proposal.key.answer.not-yours")
	}
}

// owes reports whether somebody's body owes what the act is about.
func (k *KeyCase) owes(who access.Actor) bool {
	return who.Is(access.Handler, access.Signer, access.Dispatcher) && who.CommitteeID == k.CommitteeID && who.In(k.about.BodyID) && k.about.State != TaskEnded
}

// reads says who knows of something that is due: whoever sees the key proposal
// wholly, the body that owes it; and of what follows an instruction only those
// who read instructions.
func (k *KeyCase) reads(who access.Actor, t *KeyTask) bool {
	mine := k.named(who) && who.In(t.BodyID) && t.State != TaskEnded
	if t.Kind == DueFollowUp {
		return mine || k.instructed(who)
	}
	return mine || k.wholly(who)
}

func keyAnswer(c *app.Call, k *KeyCase, in KeyAnswerIn) (KeyDone, error) {
	if err := k.fresh(0); err != nil {
		return KeyDone{}, err
	}
	t := k.about
	if t.Kind == DuePlan || t.Kind == DueSupervision {
		return KeyDone{}, fault.New(fault.Closed, "proposal.key.answer."+t.Kind)
	}
	if in.Version != 0 && in.Version != t.Version {
		return KeyDone{}, fault.New(fault.Stale, "fault.stale")
	}
	if err := t.State.move(TaskDone); err != nil {
		return KeyDone{}, err
	}
	var p fault.Problems
	t.Outcome = said(&p, "outcome", in.Outcome, true, keyShort)
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	t.AnsweredAt = c.Now()
	if err := saveTask(c, t); err != nil {
		return KeyDone{}, err
	}
	c.Detail(map[string]any{"task": t.ID, "kind": t.Kind, "body": t.BodyID, "due_on": t.DueOn, "late": t.Late, "by_staff": staff(c.Who())})
	return KeyDone{k.ID, k.Key.Version, t.ID}, c.Record(KeyWasAnswered{t.ID, t.Kind, t.BodyID, t.Late}, caseKind, k.ID)
}

// What the office does with something that is due.
const (
	ChangeDue  = "change" // another body or day
	ChangeBack = "again"  // it is not done: until another day
	ChangeEnd  = "end"    // nobody owes it any more
)

// KeyChangeIn changes something that is due.
type KeyChangeIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	What    string `json:"what" doc:"change, again or end"`
	Body    string `json:"body,omitempty" doc:"Another unit or supervision office, by id or exact name"`
	DueOn   string `json:"due_on,omitempty"`
	Reason  string `json:"reason"`
}

// KeyChange gives something that is due another body or day, sends it back, or
// ends it, always with a reason (调整、退回、终止). Who owes it is told.
var KeyChange = app.Define("key.change", func(c *app.Call, in KeyChangeIn) (*KeyCase, error) { return claimTask(c, in.ID) }, staffOnly, keyChange)

func keyChange(c *app.Call, k *KeyCase, in KeyChangeIn) (KeyDone, error) {
	if err := k.fresh(0); err != nil {
		return KeyDone{}, err
	}
	t := k.about
	if in.Version != 0 && in.Version != t.Version {
		return KeyDone{}, fault.New(fault.Stale, "fault.stale")
	}
	was := *t
	var p fault.Problems
	t.Reason = said(&p, "reason", in.Reason, true, keyShort)
	if err := t.change(&c.Look, &p, in); err != nil {
		return KeyDone{}, err
	}
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	if err := saveTask(c, t); err != nil {
		return KeyDone{}, err
	}
	c.Detail(map[string]any{"task": t.ID, "kind": t.Kind, "what": in.What, "was": was.BodyID + " " + was.DueOn, "becomes": t.BodyID + " " + t.DueOn})
	return KeyDone{k.ID, k.Key.Version, t.ID}, c.Record(KeyDueChanged{t.ID, t.Kind, t.BodyID, t.DueOn, t.State}, caseKind, k.ID)
}

// change does what was asked, as far as the kind of task allows it.
func (t *KeyTask) change(l *app.Look, p *fault.Problems, in KeyChangeIn) error {
	switch in.What {
	case ChangeEnd:
		return t.State.move(TaskEnded)
	case ChangeBack:
		if t.Kind == DuePlan || t.Kind == DueSupervision {
			return fault.New(fault.Closed, "proposal.key.answer."+t.Kind)
		}
		if err := t.State.move(TaskOpen); err != nil {
			return err
		}
		t.AnsweredAt, t.DueOn = store.Time{}, coming(l, p, "due_on", in.DueOn, true)
		return nil
	case ChangeDue:
		if t.State != TaskOpen {
			return fault.New(fault.Closed, "proposal.key.closed."+string(t.State))
		}
	default:
		p.Add("what", "proposal.review.choose")
		return nil
	}
	if in.DueOn != "" {
		t.DueOn = coming(l, p, "due_on", in.DueOn, true)
	}
	if cleanLine(in.Body) != "" {
		b, err := responsible(l, p, "body", in.Body)
		if err != nil {
			return err
		}
		p.Check(t.Kind != DuePlan && t.Kind != DueSupervision, "body", "proposal.key.change.body-fixed")
		t.BodyID, t.BodyName = b.ID, b.Name
	}
	p.Check(in.DueOn != "" || cleanLine(in.Body) != "", "due_on", "proposal.key.change.nothing")
	return nil
}
