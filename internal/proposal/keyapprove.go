package proposal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// KeyApproveRow is one candidate before the Chair's Council. A leader and a
// special committee may be named at once or later (key.arrange).
type KeyApproveRow struct {
	Candidate string `json:"candidate"`
	Approved  bool   `json:"approved"`
	Assist    string `json:"assist,omitempty" doc:"Special committee that assists"`
	KeyLeader
}

// KeyApproveIn is a decision of the Chair's Council.
type KeyApproveIn struct {
	Session   string          `json:"session"`
	Version   int64           `json:"version,omitempty"`
	DecidedOn string          `json:"decided_on"`
	Reference string          `json:"reference" doc:"Meeting or document of the decision"`
	Reason    string          `json:"reason,omitempty" doc:"Needed above the limit of the committee's rules"`
	Rows      []KeyApproveRow `json:"rows"`
}

// KeyApprove records the decision of the Chair's Council (审定): which of the
// candidates that were kept are key proposals. All others are not. Units,
// leaders and proposers are told, and earlier deadlines hold from then on.
var KeyApprove = app.Define("key.approve", func(c *app.Call, in KeyApproveIn) (*KeySelection, error) {
	return claimSelection(c, in.Session)
}, decides, keyApprove)

func keyApprove(c *app.Call, s *KeySelection, in KeyApproveIn) (KeySelected, error) {
	if err := s.standsAt(KeyApproving, in.Version); err != nil {
		return KeySelected{}, err
	}
	var p fault.Problems
	d := KeyDecision{ID: id.New(), DecidedOn: pastDay(&c.Look, &p, "decided_on", in.DecidedOn), Reference: line(&p, "reference", in.Reference, true),
		Reason: said(&p, "reason", in.Reason, false, keyShort)}
	rows, err := s.approved(&c.Look, &p, in.Rows)
	if err != nil {
		return KeySelected{}, err
	}
	if err := d.within(&c.Look, &p, s, len(rows)); err != nil {
		return KeySelected{}, err
	}
	if err := p.Err(); err != nil {
		return KeySelected{}, err
	}
	if err := d.save(c, s); err != nil {
		return KeySelected{}, err
	}
	for i := range rows {
		if err := rows[i].make(c, s, &d); err != nil {
			return KeySelected{}, err
		}
	}
	for _, x := range s.in(KeyKept) {
		x.State = KeyNotApproved
		if err := x.save(c); err != nil {
			return KeySelected{}, err
		}
	}
	if err := s.step(c, KeyDecided, ""); err != nil {
		return KeySelected{}, err
	}
	c.Detail(map[string]any{"decision": d.ID, "decided_on": d.DecidedOn, "approved": d.Approved, "in_all": d.InAll, "most": d.Most})
	return selected(s), nil
}

// named is one candidate that becomes a key proposal.
type named struct {
	x       *KeyCandidate
	leaders []KeyLeader
	assist  Unit // id and name of the special committee

	before   []KeyLeader // who led it before
	assisted string      // who assisted before
}

// approved checks the rows and gives those that were approved.
func (s *KeySelection) approved(l *app.Look, p *fault.Problems, rows []KeyApproveRow) ([]named, error) {
	var list []named
	for i, r := range rows {
		field := fmt.Sprintf("rows.%d.", i)
		x := s.candidate(r.Candidate)
		switch {
		case !r.Approved:
			continue
		case x == nil:
			p.Add(field+"approved", "proposal.key.candidate-unknown")
			continue
		case slices.ContainsFunc(list, func(n named) bool { return n.x == x }):
			continue
		}
		if x.State != KeyKept {
			return nil, fault.New(fault.Closed, "proposal.key.closed."+string(x.State))
		}
		n := named{x: x}
		var err error
		if n.leaders, err = leadersOf(l, p, []string{field}, []KeyLeader{r.KeyLeader}); err != nil {
			return nil, err
		}
		if n.assist, err = assisting(l, p, field+"assist", r.Assist); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	p.Check(len(list) > 0, "rows", "proposal.key.approve.none")
	return list, nil
}

// within checks the decision against the limit; above it a reason is needed.
func (d *KeyDecision) within(l *app.Look, p *fault.Problems, s *KeySelection, approved int) error {
	rules, _, err := profile.Current(l)
	if err != nil {
		return err
	}
	if d.Most, err = keyLimit(l, s.SessionID, &rules.Key); err != nil {
		return err
	}
	before, err := keysIn(l, s.SessionID)
	if err != nil {
		return err
	}
	d.Approved, d.InAll = approved, before+approved
	p.Check(d.Most < 0 || d.InAll <= d.Most || d.Reason != "", "reason", "proposal.key.approve.over", "n", d.InAll, "most", d.Most)
	return nil
}

func (d *KeyDecision) save(c *app.Call, s *KeySelection) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO key_decision (id, committee_id, selection_id, decided_on, reference, approved, in_all, most, reason, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, d.ID, s.CommitteeID, s.ID, d.DecidedOn, d.Reference, d.Approved, d.InAll, d.Most, d.Reason, c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("keep decision %s: %w", d.ID, err)
	}
	return nil
}

// make writes the key proposal and tells of it.
func (n *named) make(c *app.Call, s *KeySelection, d *KeyDecision) error {
	p, err := claim(c, n.x.ProposalID)
	if err != nil {
		return err
	}
	if !p.State.IsFiled() { // it went another way in the meantime
		return fault.New(fault.Closed, "proposal.key.recommend.not-filed")
	}
	n.x.State = KeyApproved
	if err := n.x.save(c); err != nil {
		return err
	}
	criteria, err := json.Marshal(n.x.criteria())
	if err != nil {
		return fmt.Errorf("make %s a key proposal: %w", p.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO key_proposal (proposal_id, committee_id, session_id, year, decision_id, state, criteria, assist_id, assist_name, plan, approved_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.ID, p.CommitteeID, p.SessionID, s.Year, d.ID, string(KeyUnderway), string(criteria), n.assist.ID, n.assist.Name, string(PlanAwaited), c.Now())
	if errors.Is(err, store.ErrUnique) {
		return fault.New(fault.Closed, "proposal.key.closed.released")
	}
	if err != nil {
		return fmt.Errorf("make %s a key proposal: %w", p.ID, err)
	}
	if err := mark(c, p.ID, s.Year); err != nil {
		return err
	}
	if err := c.Record(KeyWasApproved{s.Year, d.DecidedOn, d.ID}, caseKind, p.ID); err != nil {
		return err
	}
	if err := n.arrange(c, p.ID); err != nil {
		return err
	}
	k, err := keyCase(&c.Look, p.ID)
	if err != nil {
		return err
	}
	if err := k.notice(c); err != nil {
		return err
	}
	return handling.Hasten(c, caseKind, p.ID)
}

// criteria are those that somebody ticked, in the order of first mention.
func (x *KeyCandidate) criteria() []string {
	list := []string{}
	for _, m := range x.Recommendations {
		for _, code := range m.Criteria {
			if !slices.Contains(list, code) {
				list = append(list, code)
			}
		}
	}
	return list
}

// mark writes the year in the proposal's row, for lists; 0 takes it away. The
// version stays, because no form shows it.
func mark(c *app.Call, id string, year int64) error {
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE proposal SET key_year = ? WHERE id = ?", year, id); err != nil {
		return fmt.Errorf("mark proposal %s: %w", id, err)
	}
	return nil
}
