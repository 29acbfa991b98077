package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
)

// askToCountersign asks every assisting unit that still takes part to
// countersign a draft; false where nobody is to be asked.
func (e *Errand) askToCountersign(c *app.Call, k *clockOf, r *Reply) (bool, error) {
	if !k.rules.Together.Countersign || r.Purpose == FollowUp {
		return false, nil
	}
	due, err := k.compute(k.today, calendar.Rule{Base: calendar.FromSubmit, Workdays: max(k.rules.Together.CountersignDays, 1)})
	if err != nil {
		return false, err
	}
	text, err := writeDue(due)
	if err != nil {
		return false, err
	}
	told := WasAskedToAgree{About: e.about().ofUnit(e.A), ReplyID: r.ID, DueOn: due.On.String()}
	for _, a := range e.live() {
		if a.Role != Assist || a.State == Waived {
			continue
		}
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO countersign (id, committee_id, case_kind, case_id, reply_id, assignment_id, unit_id, unit_name, asked_at, due_on, due)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), e.CommitteeID, e.Kind, e.ID, r.ID, a.ID, a.keeper(), a.keeperName(), c.Now(), told.DueOn, text)
		if err != nil {
			return false, fmt.Errorf("ask %s to countersign %s: %w", a.UnitID, r.ID, err)
		}
		told.Units = append(told.Units, a.keeper())
	}
	if len(told.Units) == 0 {
		return false, nil
	}
	if err := e.did(c, HadCountersign); err != nil {
		return false, err
	}
	return true, e.record(c, told)
}

// CountersignIn is what an assisting unit says to a draft.
type CountersignIn struct {
	ID      string `json:"id"`                // reply
	Version int64  `json:"version,omitempty"` // of the draft that was read; 0 for whichever
	Answer  string `json:"answer"`            // agreed or disagreed
	Words   string `json:"words,omitempty"`   // required when disagreed
}

// CountersignReply is the yes or no of an assisting unit to the draft of the
// lead (会签). When all have agreed the draft goes to the signing leader; when
// one disagrees, who dispatched the case decides.
var CountersignReply = app.Define("reply.countersign",
	func(c *app.Call, in CountersignIn) (*Letter, error) { return loadLetter(c, in.ID) },
	func(who access.Actor, l *Letter) access.Verdict {
		a := l.assisting(who)
		switch {
		case a != nil && l.reads(who):
			return access.Allow()
		default:
			return l.letterless(who, "handling.countersign.assist-only")
		}
	}, countersign)

// assisting is the assisting assignment of the unit for which somebody acts, or
// which that unit took over.
func (m *Matter) assisting(who access.Actor) *Assignment {
	if !unitPost(who) || who.CommitteeID != m.CommitteeID {
		return nil
	}
	for _, a := range m.live() {
		if a.Role == Assist && a.keeper() == who.Post.BodyID {
			return a
		}
	}
	return nil
}

func countersign(c *app.Call, l *Letter, in CountersignIn) (ReplySaved, error) {
	a := l.assisting(c.Who())
	var mine *Countersign
	for _, x := range l.countersigns(l.R.ID) {
		if x.AssignmentID == a.ID {
			mine = x
		}
	}
	switch {
	case l.R.State != Countersigning || mine == nil:
		return ReplySaved{}, fault.New(fault.Closed, "handling.countersign.none")
	case mine.Answer != "":
		return ReplySaved{}, fault.New(fault.Closed, "handling.countersign.twice")
	case in.Version != 0 && in.Version != l.R.Version: // he read another text
		return ReplySaved{}, fault.New(fault.Stale, "fault.stale")
	}
	var p fault.Problems
	p.Check(in.Answer == Agreed || in.Answer == Disagreed, "answer", "handling.choose")
	said := words(&p, "words", in.Words, textAtMost, in.Answer == Disagreed)
	if err := p.Err(); err != nil {
		return ReplySaved{}, err
	}
	mine.Answer, mine.Words, mine.At = in.Answer, said, c.Now()
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE countersign SET answer = ?, words = ?, person_id = ?, person_name = ?, at = ? WHERE id = ? AND answer = ''",
		mine.Answer, said, c.Who().PersonID, c.Who().Name, mine.At, mine.ID)
	if err != nil {
		return ReplySaved{}, fmt.Errorf("countersign %s: %w", l.R.ID, err)
	}
	c.Detail(map[string]any{"answer": in.Answer, "unit": a.UnitID})
	if err := l.record(c, WasCountersigned{l.about().ofUnit(a), l.R.ID, l.A.UnitID, l.A.DeskID, in.Answer, l.disputed(l.R.ID)}); err != nil {
		return ReplySaved{}, err
	}
	if err := l.afterCountersigning(c); err != nil {
		return ReplySaved{}, err
	}
	return l.R.saved(l.Matter), settle(c, l.Matter)
}

// afterCountersigning sends a draft on to the signing leader once nothing is
// awaited and nobody disagrees.
func (l *Letter) afterCountersigning(c *app.Call) error {
	for _, x := range l.countersigns(l.R.ID) {
		if x.Answer == "" || x.Answer == Disagreed {
			return nil
		}
	}
	return l.toSigning(c)
}

// toSigning puts a draft before the signing leader of the unit.
func (l *Letter) toSigning(c *app.Call) error {
	if err := l.R.move(Signing); err != nil {
		return err
	}
	l.R.SubmittedAt = c.Now()
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET state = ?, submitted_at = ?, returned_note = '', version = version + 1 WHERE id = ? AND version = ?",
		string(l.R.State), l.R.SubmittedAt, l.R.ID, l.R.Version)
	if err := written(n, err, "reply "+l.R.ID); err != nil {
		return err
	}
	l.R.Version++
	return l.record(c, WasSubmitted{l.about().ofUnit(l.A), l.R.ID})
}

// uncountersign lets an assisting unit out of the countersigning of a draft.
func (e *Errand) uncountersign(c *app.Call) error {
	for i := range e.Replies {
		r := &e.Replies[i]
		if r.State != Countersigning {
			continue
		}
		for _, x := range e.countersigns(r.ID) {
			if x.AssignmentID != e.A.ID {
				continue
			}
			if err := voidCountersigns(c, r.ID, "assignment_id = ?", e.A.ID); err != nil {
				return err
			}
			x.Answer = Void
		}
		if err := (&Letter{e.Matter, e.assignment(r.AssignmentID), r}).afterCountersigning(c); err != nil {
			return err
		}
	}
	return nil
}

// voidCountersigns notes that what was said does not count any more.
func voidCountersigns(c *app.Call, replyID, which string, args ...any) error {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE countersign SET answer = 'void' WHERE reply_id = ? AND "+which, append([]any{replyID}, args...)...)
	if err != nil {
		return fmt.Errorf("void the countersigning of %s: %w", replyID, err)
	}
	return nil
}

// DisputeIn decides a disagreement between units.
type DisputeIn struct {
	ID       string `json:"id"`                // reply
	Version  int64  `json:"version,omitempty"` // of the draft that was read; 0 for whichever
	Decision string `json:"decision"`          // stands or revise
	Words    string `json:"words"`
}

// DecideDispute decides between the lead and an assisting unit that disagrees
// with its draft (协调裁定). The decision binds both.
var DecideDispute = app.Define("reply.decide-dispute",
	func(c *app.Call, in DisputeIn) (*Letter, error) { return loadLetter(c, in.ID) },
	mayRead, decideDispute)

// mayRead is the rule of who dispatched the case and has a draft before him.
func mayRead(who access.Actor, l *Letter) access.Verdict {
	e := &Errand{l.Matter, l.A}
	if e.keeps(who) && l.reads(who) {
		return access.Allow()
	}
	return l.letterless(who, "handling.dispatcher-only")
}

func decideDispute(c *app.Call, l *Letter, in DisputeIn) (ReplySaved, error) {
	if l.R.State != Countersigning || !l.disputed(l.R.ID) {
		return ReplySaved{}, fault.New(fault.Closed, "handling.dispute.none")
	}
	if in.Version != 0 && in.Version != l.R.Version {
		return ReplySaved{}, fault.New(fault.Stale, "fault.stale")
	}
	var p fault.Problems
	p.Check(in.Decision == Stands || in.Decision == Revise, "decision", "handling.choose")
	said := words(&p, "words", in.Words, textAtMost, true)
	if err := p.Err(); err != nil {
		return ReplySaved{}, err
	}
	becomes := Overruled
	if in.Decision == Revise {
		becomes = Disagreed
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE countersign SET answer = ?, decision = ?, decided_name = ?, decided_words = ?, decided_at = ? WHERE reply_id = ? AND answer = 'disagreed'",
		becomes, in.Decision, c.Who().Name, said, c.Now(), l.R.ID)
	if err != nil {
		return ReplySaved{}, fmt.Errorf("decide about %s: %w", l.R.ID, err)
	}
	c.Detail(map[string]any{"decision": in.Decision})
	told := WasDecided{About: l.about().ofUnit(l.A), ReplyID: l.R.ID, Decision: in.Decision, Words: said}
	for _, x := range l.countersigns(l.R.ID) {
		told.Units = append(told.Units, x.UnitID)
	}
	if err := l.record(c, told); err != nil {
		return ReplySaved{}, err
	}
	if in.Decision == Stands {
		err = l.toSigning(c)
	} else {
		err = l.backToDraft(c, said)
	}
	if err != nil {
		return ReplySaved{}, err
	}
	return l.R.saved(l.Matter), settle(c, l.Matter)
}
