package proposal

import (
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// KeyMay tells what the one who looks can do with a key proposal now.
type KeyMay struct {
	Arrange   bool `json:"arrange"`
	Plan      bool `json:"plan"`
	JudgePlan bool `json:"judge_plan"`
	Supervise bool `json:"supervise"`
	Instruct  bool `json:"instruct"`
	Report    bool `json:"report"`
	Change    bool `json:"change"` // what is due
	Release   bool `json:"release"`
}

// KeyShown is a key proposal as its page shows it to the one who looks.
type KeyShown struct {
	ID           string               `json:"id"`
	Number       int64                `json:"number"`
	Digits       string               `json:"digits"` // the number as written: 014
	Title        string               `json:"title"`
	LeadName     string               `json:"lead_name"`
	State        State                `json:"state"`
	Holder       string               `json:"holder,omitempty"` // message key
	HolderName   string               `json:"holder_name,omitempty"`
	HolderSince  store.Time           `json:"holder_since"`
	Held         int                  `json:"held"` // working days
	DueOn        string               `json:"due_on,omitempty"`
	Late         bool                 `json:"late"` // the reply
	Key          Key                  `json:"key"`
	Session      organization.Session `json:"session"`
	Criteria     []string             `json:"criteria"` // in words
	Units        []KeyUnit            `json:"units"`
	Plan         *KeyPlan             `json:"plan,omitempty"` // the last one, when the one who looks may read it
	Records      []KeyRecord          `json:"records"`
	Instructions []KeyInstruction     `json:"instructions"`
	Reports      []KeyReport          `json:"reports"`
	Mine         bool                 `json:"mine"`  // the one who looks leads it
	Whole        bool                 `json:"whole"` // he may open the proposal itself
	Named        bool                 `json:"named"` // he reads only what concerns his body
	May          KeyMay               `json:"may"`
	Answers      []string             `json:"answers"` // ids of what is due that he may answer
	Rules        *profile.KeyRules    `json:"-"`
	Leaders      []KeyLeader          `json:"-"` // to choose from, for staff
	Committees   []Unit               `json:"-"` // special committees to choose from, for staff
	Bodies       []Unit               `json:"-"` // units and supervision offices to choose from

	all []KeyInstruction // whether they may be read or not
}

// KeyShow shows one key proposal, each part to whom it may be shown.
var KeyShow = app.Ask("key.show", keyScope, func(l *app.Look, scope access.Scope, in ShowIn) (*KeyShown, error) {
	if _, err := seen(l, scope, in.ID); err != nil {
		return nil, err
	}
	k, err := keyCase(l, in.ID)
	if err != nil {
		return nil, err
	}
	s := &KeyShown{ID: k.ID, Number: k.Number, Title: k.Title, LeadName: k.LeadName, Key: *k.Key, Mine: k.leads(l.Who()), Whole: maySee(l.Who(), k.Proposal),
		Named: !k.wholly(l.Who()), Units: k.Units, Records: []KeyRecord{}, Instructions: []KeyInstruction{}, Reports: []KeyReport{}, Answers: []string{}}
	for _, fill := range []func(*app.Look, *KeyCase) error{s.stands, s.due, s.course, s.words, s.choices} {
		if err := fill(l, k); err != nil {
			return nil, fmt.Errorf("show key proposal %s: %w", in.ID, err)
		}
	}
	return s, nil
})

// stands fills who holds the proposal; those who are merely named do not read it.
func (s *KeyShown) stands(l *app.Look, k *KeyCase) error {
	d, err := keyDay(l)
	if err != nil || s.Named {
		return err
	}
	s.State, s.Holder, s.HolderName, s.HolderSince = k.State, k.Holder, k.HolderName, k.HolderSince
	s.Held = d.held(l, k.HolderSince)
	if k.due() != Never && k.State != Closed {
		s.DueOn, s.Late = k.DueOn, k.DueOn < d.today.String()
	}
	return nil
}

// due leaves what the one who looks may know of, and says what he can answer.
func (s *KeyShown) due(l *app.Look, k *KeyCase) error {
	who := l.Who()
	var err error
	if s.all, err = instructionsOf(l, k.ID); err != nil {
		return err
	}
	s.Key.Tasks = slices.DeleteFunc(slices.Clone(s.Key.Tasks), func(t KeyTask) bool { return !k.reads(who, &t) && !s.wrote(who, t.SourceID) })
	if s.Named {
		s.Key.PlanDueOn, s.Key.Released = "", ""
	}
	for i := range s.Key.Tasks {
		t := &s.Key.Tasks[i]
		about := *k
		about.about = t
		if t.State == TaskOpen && t.Kind != DuePlan && t.Kind != DueSupervision && k.Key.InForce() && KeyAnswer.May(who, &about) {
			s.Answers = append(s.Answers, t.ID)
		}
	}
	return nil
}

// wrote reports whether an instruction is of the leader who looks.
func (s *KeyShown) wrote(who access.Actor, instruction string) bool {
	return who.Is(access.Leader) && slices.ContainsFunc(s.all, func(x KeyInstruction) bool { return x.ID == instruction && x.LeaderID == who.PersonID })
}

// course fills plan, supervisions, instructions and reports.
func (s *KeyShown) course(l *app.Look, k *KeyCase) error {
	who := l.Who()
	if s.instructions(who, k); s.Named {
		return nil
	}
	plan, err := lastPlan(l, k.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err == nil && (plan.Verdict == PlanIsAccepted || k.plans(who)) {
		s.Plan = plan
		if !k.plans(who) {
			s.Plan.Words = ""
		}
	}
	if s.Records, err = supervised(l, k.ID); err != nil {
		return err
	}
	if !k.meets(who) {
		for i := range s.Records {
			s.Records[i].Participants = ""
		}
	}
	s.Reports, err = reportsOf(l, k.ID)
	return err
}

// instructions fills those that may be read: all of them by staff, the leaders
// who lead and the supervision office; their own by others.
func (s *KeyShown) instructions(who access.Actor, k *KeyCase) {
	for _, x := range s.all {
		for i := range s.Key.Tasks {
			if t := &s.Key.Tasks[i]; t.Kind == DueFollowUp && t.SourceID == x.ID {
				x.FollowUp = t
			}
		}
		if k.instructed(who) || x.FollowUp != nil || s.wrote(who, x.ID) {
			s.Instructions = append(s.Instructions, x)
		}
	}
}

func (s *KeyShown) words(l *app.Look, k *KeyCase) error {
	rules, _, err := profile.Current(l)
	if err != nil {
		return err
	}
	s.Rules = &rules.Key
	s.Digits = Digits(k.Number, rules.Proposal.NumberWidth)
	for _, c := range k.Key.Criteria {
		s.Criteria = append(s.Criteria, profile.NameOf(rules.Key.Criteria, c))
	}
	for i := range s.Records {
		s.Records[i].FormName = profile.NameOf(rules.Key.Forms, s.Records[i].Form)
	}
	s.Session, err = sittingOf(l, k.SessionID)
	return err
}

// choices fills what may be done, and the lists to choose from.
func (s *KeyShown) choices(l *app.Look, k *KeyCase) error {
	who := l.Who()
	if !k.Key.InForce() {
		return nil
	}
	s.May = KeyMay{Arrange: KeyArrange.May(who, k), Plan: KeySubmitPlan.May(who, k) && slices.Contains(keyNext[k.Key.Plan], PlanSubmitted),
		JudgePlan: KeyJudgePlan.May(who, k) && k.Key.Plan == PlanSubmitted, Supervise: KeySupervise.May(who, k), Instruct: KeyInstruct.May(who, k),
		Report: KeyTell.May(who, k), Change: KeyChange.May(who, k), Release: KeyRelease.May(who, k)}
	if !s.May.Instruct {
		return nil
	}
	var err error
	if s.Bodies, err = supervisors(l); err != nil || !staff(who) {
		return err
	}
	s.Leaders, s.Committees, err = keyChoices(l)
	return err
}

// keyChoices are the leaders and special committees to choose from.
func keyChoices(l *app.Look) ([]KeyLeader, []Unit, error) {
	holders, err := organization.Holders(l, l.Who().CommitteeID, "", access.Leader)
	if err != nil {
		return nil, nil, err
	}
	var leaders []KeyLeader
	for _, h := range holders {
		if !slices.ContainsFunc(leaders, func(x KeyLeader) bool { return x.PersonID == h.PersonID }) {
			leaders = append(leaders, KeyLeader{PersonID: h.PersonID, Name: h.Name})
		}
	}
	bodies, err := organization.Bodies(l, organization.SpecialCommittee)
	list := make([]Unit, len(bodies))
	for i, b := range bodies {
		list[i] = Unit{b.ID, b.Name}
	}
	return leaders, list, err
}

// KeyMark is what the page of a proposal says of its being a key proposal, and
// of whether it may be recommended now.
type KeyMark struct {
	ID        string             `json:"id"`
	Year      int64              `json:"year,omitempty"` // 0: it is none
	Leaders   []KeyLeader        `json:"leaders"`
	NextOn    string             `json:"next_on,omitempty"` // of supervision
	Records   int                `json:"records"`
	Recommend bool               `json:"recommend"`      // it may be recommended
	Mine      *KeyRecommendation `json:"mine,omitempty"` // what the one who looks recommended already
	Criteria  []profile.Coded    `json:"-"`
	Bodies    []Unit             `json:"-"` // for whom the office enters a recommendation
}

// KeyMarkOf tells what the page of a proposal says of it as a key proposal.
var KeyMarkOf = app.Ask("key.mark", scopeOf, func(l *app.Look, scope access.Scope, in ShowIn) (*KeyMark, error) {
	p, err := seen(l, scope, in.ID)
	if err != nil {
		return nil, err
	}
	m := &KeyMark{ID: p.ID, Leaders: []KeyLeader{}}
	if p.KeyYear > 0 {
		k, err := KeyOf(l, p.ID)
		if err != nil || k == nil {
			return m, err
		}
		m.Year, m.Leaders, m.NextOn, m.Records = k.Year, k.Leaders, k.NextOn(), k.Records
		return m, nil
	}
	if !p.State.IsFiled() || !KeyRecommend.May(l.Who(), &Candidacy{p, nil}) {
		return m, nil
	}
	return m, m.recommendable(l, p)
})

// recommendable fills what the form of a recommendation needs, while the
// selection collects them.
func (m *KeyMark) recommendable(l *app.Look, p *Proposal) error {
	var id string
	err := l.Tx().Row(l.Ctx(), "SELECT id FROM key_selection WHERE committee_id = ? AND session_id = ? AND state = ?", p.CommitteeID, p.SessionID, string(KeyRecommending)).Scan(&id)
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the selection of %s: %w", p.ID, err)
	}
	rules, _, err := profile.Current(l)
	if err != nil {
		return err
	}
	m.Recommend, m.Criteria = true, rules.Key.Criteria
	var own KeyRecommendation
	var none fault.Problems
	if err := own.by(l, &none, ""); err != nil {
		return err
	}
	list, err := store.List(l.Ctx(), l.Tx(), scanRecommendation, `SELECT m.candidate_id, m.by_id, m.kind, m.by_name, m.criteria, m.reason, m.at
		FROM key_recommendation m JOIN key_candidate n ON n.id = m.candidate_id WHERE n.selection_id = ? AND n.proposal_id = ? AND m.by_id = ?`, id, p.ID, own.ByID)
	if err != nil {
		return fmt.Errorf("look for a recommendation of %s: %w", p.ID, err)
	}
	if len(list) > 0 {
		m.Mine = &list[0]
	}
	if !staff(l.Who()) {
		return nil
	}
	bodies, err := organization.Bodies(l, organization.SpecialCommittee, organization.Party, organization.PeoplesOrganization, organization.Sector, organization.Group,
		organization.SupervisionParty, organization.SupervisionGovernment)
	for _, b := range bodies {
		m.Bodies = append(m.Bodies, Unit{b.ID, b.Name})
	}
	return err
}
