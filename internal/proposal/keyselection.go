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
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// Kinds of those who recommend a key proposal.
const (
	ByMember           = "member"
	ByOrganisation     = "organisation" // a party, people's organisation, sector or group
	BySpecialCommittee = "special_committee"
	ByDesk             = "desk" // a supervision office
	ByOffice           = "office"
)

// KeySelection is the choosing of a session's key proposals.
type KeySelection struct {
	ID            string            `json:"id"`
	CommitteeID   string            `json:"-"`
	SessionID     string            `json:"session_id"`
	Year          int64             `json:"year"`
	State         KeyState          `json:"state"`
	Since         store.Time        `json:"since"`
	Version       int64             `json:"version"`
	Candidates    []KeyCandidate    `json:"candidates"`
	Consultations []KeyConsultation `json:"consultations"`
	Decisions     []KeyDecision     `json:"decisions"`
	Steps         []KeyStep         `json:"steps"`
}

// Object names the selection in the audit record.
func (s *KeySelection) Object() (string, string) { return keySelectionKind, s.ID }

const keySelectionKind = "key_selection"

// KeyCandidate is a proposal that was recommended.
type KeyCandidate struct {
	ID              string              `json:"id"`
	ProposalID      string              `json:"proposal_id"`
	Number          int64               `json:"number"`
	Title           string              `json:"title"`
	LeadName        string              `json:"lead_name"`
	LeadUnitName    string              `json:"lead_unit_name,omitempty"`
	State           KeyState            `json:"state"`
	Words           string              `json:"words,omitempty"`  // of the office, when it shortlisted
	Reason          string              `json:"reason,omitempty"` // of the last consultation
	Recommendations []KeyRecommendation `json:"recommendations"`
}

// KeyRecommendation says who recommended a candidate, and why.
type KeyRecommendation struct {
	ByID     string     `json:"by_id"`
	Kind     string     `json:"kind"`
	ByName   string     `json:"by_name"`
	Criteria []string   `json:"criteria"`
	Reason   string     `json:"reason"`
	At       store.Time `json:"at"`
	of       string
}

// KeyVerdict is what a consultation thought of a candidate.
type KeyVerdict struct {
	Candidate string `json:"candidate"`
	Verdict   string `json:"verdict" doc:"kept, dropped, or empty when it was not spoken about"`
	Reason    string `json:"reason"`
}

// KeyConsultation is a consultation about the shortlist (协商会).
type KeyConsultation struct {
	ID               string       `json:"id"`
	HeldOn           string       `json:"held_on"`
	People           string       `json:"people"`
	PartyDesk        string       `json:"party_desk,omitempty"`
	GovernmentDesk   string       `json:"government_desk,omitempty"`
	PartyOffice      string       `json:"party_office,omitempty"`
	GovernmentOffice string       `json:"government_office,omitempty"`
	Verdicts         []KeyVerdict `json:"verdicts"`
	At               store.Time   `json:"at"`
}

// KeyDecision is a decision of the Chair's Council (主席会议审定).
type KeyDecision struct {
	ID        string     `json:"id"`
	DecidedOn string     `json:"decided_on"`
	Reference string     `json:"reference"`
	Approved  int        `json:"approved"`
	InAll     int        `json:"in_all"` // of the session, with earlier decisions
	Most      int        `json:"most"`   // the limit then; -1 for none
	Reason    string     `json:"reason,omitempty"`
	At        store.Time `json:"at"`
}

// KeyStep is one step of a selection.
type KeyStep struct {
	From   KeyState   `json:"from"`
	To     KeyState   `json:"to"`
	Reason string     `json:"reason,omitempty"`
	At     store.Time `json:"at"`
}

// in lists the candidates in some states.
func (s *KeySelection) in(states ...KeyState) []*KeyCandidate {
	var list []*KeyCandidate
	for i := range s.Candidates {
		if slices.Contains(states, s.Candidates[i].State) {
			list = append(list, &s.Candidates[i])
		}
	}
	return list
}

// candidate finds one by its id or its proposal's.
func (s *KeySelection) candidate(key string) *KeyCandidate {
	i := slices.IndexFunc(s.Candidates, func(x KeyCandidate) bool { return x.ID == key || x.ProposalID == key })
	if i < 0 || key == "" {
		return nil
	}
	return &s.Candidates[i]
}

// selects is the rule of what the office does with a selection; who is no
// staff does not know of it.
func selects(who access.Actor, s *KeySelection) access.Verdict {
	if who.CommitteeID == "" || s.CommitteeID != who.CommitteeID || !staff(who) {
		return access.Hide()
	}
	return access.Allow()
}

// decides is selects for what only the director does.
func decides(who access.Actor, s *KeySelection) access.Verdict {
	if v := selects(who, s); !v.Allowed() {
		return v
	}
	return access.When(who.Is(access.Chief), "proposal.key.chief-only")
}

// selectionOf reads the selection of a session; nil when none was opened.
func selectionOf(l *app.Look, session string) (*KeySelection, error) {
	s := &KeySelection{CommitteeID: l.Who().CommitteeID, SessionID: session}
	err := l.Tx().Row(l.Ctx(), "SELECT id, year, state, since, version FROM key_selection WHERE committee_id = ? AND session_id = ?", s.CommitteeID, session).
		Scan(&s.ID, &s.Year, &s.State, &s.Since, &s.Version)
	if errors.Is(err, store.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the selection of session %s: %w", session, err)
	}
	return s, s.fill(l)
}

// claimSelection is selectionOf inside an act; fault.NotFound without one.
func claimSelection(c *app.Call, session string) (*KeySelection, error) {
	s, err := selectionOf(&c.Look, session)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err := c.Tx().Claim(c.Ctx(), "key_selection", "id", s.ID); err != nil {
		return nil, fmt.Errorf("claim selection %s: %w", s.ID, err)
	}
	return selectionOf(&c.Look, session)
}

func (s *KeySelection) fill(l *app.Look) error {
	var errs [5]error
	var given []KeyRecommendation
	s.Candidates, errs[0] = store.List(l.Ctx(), l.Tx(), func(r store.Row, x *KeyCandidate) error {
		x.Recommendations = []KeyRecommendation{}
		return r.Scan(&x.ID, &x.ProposalID, &x.Number, &x.Title, &x.LeadName, &x.LeadUnitName, &x.State, &x.Words, &x.Reason)
	}, `SELECT n.id, n.proposal_id, COALESCE(p.number, 0), p.title, p.lead_name, p.lead_unit_name, n.state, n.words, n.reason
		FROM key_candidate n JOIN proposal p ON p.id = n.proposal_id WHERE n.selection_id = ? ORDER BY p.number NULLS LAST, n.id`, s.ID)
	given, errs[1] = store.List(l.Ctx(), l.Tx(), scanRecommendation, `SELECT m.candidate_id, m.by_id, m.kind, m.by_name, m.criteria, m.reason, m.at
		FROM key_recommendation m JOIN key_candidate n ON n.id = m.candidate_id WHERE n.selection_id = ? ORDER BY m.at, m.by_id`, s.ID)
	s.Consultations, errs[2] = store.List(l.Ctx(), l.Tx(), scanConsultation, `SELECT id, held_on, people, party_desk, government_desk, party_office, government_office, verdicts, at
		FROM key_consultation WHERE committee_id = ? AND selection_id = ? ORDER BY id`, s.CommitteeID, s.ID)
	s.Decisions, errs[3] = store.List(l.Ctx(), l.Tx(), func(r store.Row, d *KeyDecision) error {
		return r.Scan(&d.ID, &d.DecidedOn, &d.Reference, &d.Approved, &d.InAll, &d.Most, &d.Reason, &d.At)
	}, "SELECT id, decided_on, reference, approved, in_all, most, reason, at FROM key_decision WHERE committee_id = ? AND selection_id = ? ORDER BY id", s.CommitteeID, s.ID)
	s.Steps, errs[4] = store.List(l.Ctx(), l.Tx(), func(r store.Row, x *KeyStep) error { return r.Scan(&x.From, &x.To, &x.Reason, &x.At) },
		"SELECT came_from, came_to, reason, at FROM key_step WHERE committee_id = ? AND selection_id = ? ORDER BY id", s.CommitteeID, s.ID)
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("read selection %s: %w", s.ID, err)
	}
	for _, m := range given {
		if x := s.candidate(m.of); x != nil {
			x.Recommendations = append(x.Recommendations, m)
		}
	}
	return nil
}

func scanRecommendation(r store.Row, m *KeyRecommendation) error {
	var criteria string
	if err := r.Scan(&m.of, &m.ByID, &m.Kind, &m.ByName, &criteria, &m.Reason, &m.At); err != nil {
		return err
	}
	return json.Unmarshal([]byte(criteria), &m.Criteria)
}

func scanConsultation(r store.Row, x *KeyConsultation) error {
	var verdicts string
	if err := r.Scan(&x.ID, &x.HeldOn, &x.People, &x.PartyDesk, &x.GovernmentDesk, &x.PartyOffice, &x.GovernmentOffice, &verdicts, &x.At); err != nil {
		return err
	}
	return json.Unmarshal([]byte(verdicts), &x.Verdicts)
}

// step moves the selection and keeps the step.
func (s *KeySelection) step(c *app.Call, to KeyState, reason string) error {
	from := s.State
	if err := s.State.move(to); err != nil {
		return err
	}
	s.Since = c.Now()
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE key_selection SET state = ?, since = ?, version = version + 1 WHERE id = ? AND version = ?", string(s.State), s.Since, s.ID, s.Version)
	if err != nil {
		return fmt.Errorf("move selection %s: %w", s.ID, err)
	}
	if n != 1 {
		return fault.New(fault.Stale, "fault.stale")
	}
	s.Version++
	_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO key_step (id, committee_id, selection_id, came_from, came_to, reason, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		id.New(), s.CommitteeID, s.ID, string(from), string(to), reason, c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("keep the step of selection %s: %w", s.ID, err)
	}
	return c.Record(KeyMoved{from, to, s.Year}, keySelectionKind, s.ID)
}

// save writes a candidate that moved.
func (x *KeyCandidate) save(c *app.Call) error {
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE key_candidate SET state = ?, words = ?, reason = ? WHERE id = ?", string(x.State), x.Words, x.Reason, x.ID); err != nil {
		return fmt.Errorf("save candidate %s: %w", x.ID, err)
	}
	return nil
}

// standsAt refuses an act that belongs to another step, and what somebody else
// moved since the form was shown (version 0: no form was shown).
func (s *KeySelection) standsAt(state KeyState, version int64) error {
	if s.State != state {
		return fault.New(fault.Closed, "proposal.key.closed."+string(s.State))
	}
	if version != 0 && version != s.Version {
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

// NoLimit is the limit of a committee that sets none.
const NoLimit = -1

// keyLimit is how many key proposals a session may have by the committee's
// rules: a number, or so many of a thousand filed ones, at least one.
func keyLimit(l *app.Look, session string, rules *profile.KeyRules) (int, error) {
	if rules.Number > 0 {
		return rules.Number, nil
	}
	if rules.PerMille <= 0 {
		return NoLimit, nil
	}
	cells, err := cellsOf(l, session)
	if err != nil {
		return 0, err
	}
	return max(sum(cells, "", filedStates())*rules.PerMille/1000, 1), nil
}

// keysIn counts the key proposals of a session.
func keysIn(l *app.Look, session string) (int, error) {
	var n int
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM key_proposal WHERE committee_id = ? AND session_id = ? AND state <> 'released'", l.Who().CommitteeID, session).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the key proposals of session %s: %w", session, err)
	}
	return n, nil
}
