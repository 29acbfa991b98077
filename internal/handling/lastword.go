package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// LastWordIn is the committee's last word on a case.
type LastWordIn struct {
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Decision string `json:"decision"` // close or again
	Words    string `json:"words"`
}

// SayLastWord rules on a case whose rounds are used up while a proposer is still
// not satisfied (最终裁定): it ends as it stands, with the reason, or is handled
// once more.
var SayLastWord = app.Define("case.last-word",
	func(c *app.Call, in LastWordIn) (*Matter, error) { return MatterOf(&c.Look, in.Kind, in.ID) },
	func(who access.Actor, m *Matter) access.Verdict {
		if who.Is(access.Chief) && m.sees(who) {
			return access.Allow()
		}
		return m.otherwise(who, "handling.chief-only")
	}, sayLastWord)

func sayLastWord(c *app.Call, m *Matter, in LastWordIn) (CloseOut, error) {
	if m.lastWordAwaited() == nil {
		return CloseOut{}, fault.New(fault.Closed, "handling.last-word.none")
	}
	var p fault.Problems
	p.Check(in.Decision == LastClose || in.Decision == LastAgain, "decision", "handling.choose")
	said := words(&p, "words", in.Words, textAtMost, true)
	if err := p.Err(); err != nil {
		return CloseOut{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return CloseOut{}, err
	}
	for i := range m.LastWords {
		w := &m.LastWords[i]
		if w.Decision != "" {
			continue
		}
		w.Decision = in.Decision
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE last_word SET decision = ?, words = ?, ruled_by = ?, ruled_name = ?, ruled_at = ? WHERE id = ? AND decision = ''",
			in.Decision, said, c.Who().PersonID, c.Who().Name, c.Now(), w.ID)
		if err != nil {
			return CloseOut{}, fmt.Errorf("say the last word on %s: %w", w.AssignmentID, err)
		}
		a := m.assignment(w.AssignmentID)
		if in.Decision == LastAgain && a != nil && a.State == Answered {
			if err := (&Errand{m, a}).reopen(c, k, ByRuling, m.replyOf(a.ID).ID); err != nil {
				return CloseOut{}, err
			}
		}
	}
	c.Detail(map[string]any{"decision": in.Decision})
	if err := m.record(c, WasLastWord{m.about().forProposers(m.Proposers), in.Decision, said}); err != nil {
		return CloseOut{}, err
	}
	return CloseOut{CaseKind: m.Kind, CaseID: m.ID}, settle(c, m)
}
