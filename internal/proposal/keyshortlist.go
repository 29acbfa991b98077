package proposal

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// KeyShortlistRow is what the office thinks of one candidate.
type KeyShortlistRow struct {
	Candidate string `json:"candidate"`
	Chosen    bool   `json:"chosen"`
	Words     string `json:"words" doc:"Why; needed for those chosen"`
}

// KeyShortlistIn chooses among the candidates. Those left out stay as they are.
type KeyShortlistIn struct {
	Session string            `json:"session"`
	Version int64             `json:"version,omitempty"`
	Rows    []KeyShortlistRow `json:"rows"`
}

// KeyShortlist chooses among those recommended (初选). While the selection
// stands there it may be done again.
var KeyShortlist = app.Define("key.shortlist", func(c *app.Call, in KeyShortlistIn) (*KeySelection, error) {
	return claimSelection(c, in.Session)
}, selects, keyShortlist)

func keyShortlist(c *app.Call, s *KeySelection, in KeyShortlistIn) (KeySelected, error) {
	if err := s.standsAt(KeyShortlisting, in.Version); err != nil {
		return KeySelected{}, err
	}
	var p fault.Problems
	p.Check(len(in.Rows) > 0, "rows", "proposal.key.shortlist.none")
	chosen, passed := 0, 0
	for i, r := range in.Rows {
		field := fmt.Sprintf("rows.%d.", i)
		x := s.candidate(r.Candidate)
		if x == nil {
			p.Add(field+"chosen", "proposal.key.candidate-unknown")
			continue
		}
		to := KeyPassedOver
		if r.Chosen {
			to = KeyShortlisted
		}
		x.Words = said(&p, field+"words", r.Words, r.Chosen, keyShort)
		if x.State != to && (x.State != KeyKept || !r.Chosen) {
			if err := x.State.move(to); err != nil {
				return KeySelected{}, err
			}
		}
		if r.Chosen {
			chosen++
		} else {
			passed++
		}
	}
	if err := p.Err(); err != nil {
		return KeySelected{}, err
	}
	if err := s.keep(c); err != nil {
		return KeySelected{}, err
	}
	c.Detail(map[string]any{"chosen": chosen, "passed_over": passed})
	return selected(s), nil
}

// keep writes every candidate as it stands now, and the selection's version.
func (s *KeySelection) keep(c *app.Call) error {
	for i := range s.Candidates {
		if err := s.Candidates[i].save(c); err != nil {
			return err
		}
	}
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE key_selection SET version = version + 1 WHERE id = ? AND version = ?", s.ID, s.Version)
	if err != nil {
		return fmt.Errorf("save selection %s: %w", s.ID, err)
	}
	if n != 1 {
		return fault.New(fault.Stale, "fault.stale")
	}
	s.Version++
	return nil
}
