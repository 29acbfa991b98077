package handling

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// ViewIn names a case.
type ViewIn struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// View is how a case is handled, as far as the one who asks may see it.
type View struct {
	Kind        string     `json:"kind"`
	ID          string     `json:"id"`
	Number      string     `json:"number"`
	Title       string     `json:"title"`
	Stage       Stage      `json:"stage"`
	Holder      string     `json:"holder,omitempty"` // message key
	HolderName  string     `json:"holder_name,omitempty"`
	HolderSince store.Time `json:"holder_since"`
	DueOn       string     `json:"due_on,omitempty"`
	Late        bool       `json:"late,omitempty"`
	HeldDays    int        `json:"held_days"` // working days since HolderSince
	ClosedAt    store.Time `json:"closed_at"`
	Closing     string     `json:"closing,omitempty"`
	Outcome     string     `json:"outcome,omitempty"`

	Proposers    []Named             `json:"proposers"`
	Items        []Item              `json:"-"`
	Route        *Route              `json:"route,omitempty"` // where it waits for dispatch
	Suggested    []UnitRole          `json:"suggested,omitempty"`
	Assignments  []Assigned          `json:"assignments"`
	Former       []Former            `json:"former,omitempty"` // units that had the case before
	Contacts     []Contact           `json:"contacts"`
	Opinions     []Opinion           `json:"opinions"`
	Replies      []Reply             `json:"replies"`
	Objections   []Objection         `json:"objections,omitempty"`
	Extensions   []Extension         `json:"extensions,omitempty"`
	Countersigns []Countersign       `json:"countersigns,omitempty"`
	Readings     []ReadingOf         `json:"readings,omitempty"`
	Rehandlings  []Rehandling        `json:"rehandlings,omitempty"`
	LastWords    []LastWord          `json:"last_words,omitempty"`
	Promises     []Promise           `json:"promises,omitempty"`
	PromiseSteps []PromiseStep       `json:"promise_steps,omitempty"` // what was done with them
	Key          bool                `json:"key,omitempty"`
	Handed       []Handed            `json:"handed,omitempty"`   // steps from unit to unit
	Officers     []Officer           `json:"officers,omitempty"` // changes of officers
	Moved        []Moved             `json:"moved,omitempty"`    // deadlines that a changed calendar moved
	May          May                 `json:"may"`
	Words        Vocabulary          `json:"-"`
	Units        []organization.Body `json:"-"` // for forms of those who dispatch
	Desks        []organization.Body `json:"-"`
}

// Named is a proposer with the id under which he is delivered to.
type Named struct {
	ID     string `json:"id"`
	IsBody bool   `json:"is_body,omitempty"`
	Name   string `json:"name"`
	Lead   bool   `json:"lead,omitempty"`
}

// Assigned is an assignment as it is shown: with what remains of the time.
type Assigned struct {
	Assignment
	Left       int        `json:"left"` // working days until the due date, negative when late
	Late       bool       `json:"late,omitempty"`
	SignLate   bool       `json:"sign_late,omitempty"`
	ReplyState ReplyState `json:"reply_state,omitempty"` // only for the unit itself before it is issued
	ReplyID    string     `json:"reply_id,omitempty"`
	RateID     string     `json:"rate_id,omitempty"`  // the reply of which ratings are asked or were given last
	Contacted  int        `json:"contacted"`          // contact records
	AllKept    bool       `json:"all_kept,omitempty"` // everything that its reply promised is kept: a further reply may raise the class
	May        MayUnit    `json:"may"`
}

// May is what the one who asks may do with the case.
type May struct {
	Route    bool `json:"route"`
	Dispatch bool `json:"dispatch"`
	Close    bool `json:"close"`
	LastWord bool `json:"last_word"`
}

// MayUnit is what the one who asks may do with one assignment.
type MayUnit struct {
	Sign       bool `json:"sign"`
	Contact    bool `json:"contact"`
	Opine      bool `json:"opine"`
	Draft      bool `json:"draft"`
	SignOff    bool `json:"sign_off"` // return or issue the reply that waits
	Enter      bool `json:"enter"`
	ChangeUnit bool `json:"change_unit"`
	Rate       bool `json:"rate"`
	OnPaper    bool `json:"on_paper"`

	Object         bool `json:"object"`
	Consent        bool `json:"consent"`
	WithdrawObject bool `json:"withdraw_objection"`
	Rule           bool `json:"rule"`
	Extend         bool `json:"extend"`
	Decide         bool `json:"decide"` // about the extension that waits
	Waive          bool `json:"waive"`
	Countersign    bool `json:"countersign"` // the lead's draft, see CountersignOf
	Dispute        bool `json:"dispute"`
	Pass           bool `json:"pass"` // or send back
	Recall         bool `json:"recall"`
	FollowUp       bool `json:"follow_up"`
	Drop           bool `json:"drop"`
}

// Vocabulary are the coded lists of the committee that pages need.
type Vocabulary struct {
	Classes, Publicity, ContactForms, ItemOutcomes, Grades []profile.Coded
	FaceToFace                                             []string
	ContactRequired                                        bool
	Questions                                              []profile.Coded
	Promise                                                profile.PromiseRules
	Rules                                                  *profile.HandlingRules
}

// Show tells how a case is handled.
var Show = app.Ask("handling.view", committeeScope, func(l *app.Look, _ access.Scope, in ViewIn) (View, error) {
	if _, known := app.Part[Kinds](l)[in.Kind]; !known {
		return View{}, fault.New(fault.NotFound, "fault.not-found")
	}
	k, err := CaseOf(l, in.Kind, in.ID)
	if err != nil {
		return View{}, err
	}
	return ViewOf(l, k)
})

// committeeScope is the committee of the one who asks; what he sees of a case
// is judged case by case (sees).
func committeeScope(who access.Actor) access.Scope {
	return access.Committee("committee_id", who.CommitteeID)
}

// ViewOf is Show for a case that a domain has loaded already.
func ViewOf(l *app.Look, k Case) (View, error) {
	m, err := fill(l, k)
	if err != nil {
		return View{}, err
	}
	if !m.sees(l.Who()) {
		return View{}, fault.New(fault.NotFound, "fault.not-found")
	}
	if err := m.man(l); err != nil {
		return View{}, err
	}
	return m.view(l)
}

func (m *Matter) view(l *app.Look) (View, error) {
	who := l.Who()
	k, err := clockNow(l)
	if err != nil {
		return View{}, err
	}
	s := Derive(m.records())
	v := View{Kind: m.Kind, ID: m.ID, Number: m.Number, Title: m.Title, Stage: s.Stage, Holder: s.Holder, HolderName: s.HolderName, HolderSince: s.HolderSince,
		Key: m.Key, DueOn: s.DueOn, ClosedAt: m.Row.ClosedAt, Closing: m.Row.Closing, Outcome: m.Row.Outcome, Items: m.Items,
		Words: Vocabulary{k.rules.Classes, k.rules.Publicity, k.rules.ContactForms, k.rules.ItemOutcomes, k.rules.Grades, k.rules.FaceToFace, k.rules.ContactRequired, k.asked(), k.rules.Promise, k.rules}}
	_, v.Late = k.left(s.DueOn)
	v.HeldDays = calendar.Elapsed(s.HolderSince.Time, l.Now().Time, k.days)
	for _, p := range m.Proposers {
		v.Proposers = append(v.Proposers, Named{p.Key(), p.BodyID != "", p.Name, p.Lead})
	}
	v.May = May{
		Route:    office(who) && len(m.live()) == 0,
		Dispatch: m.mayDispatchNow(who),
		Close:    office(who) && m.Row.Closing == CloseConfirmed && s.Stage == Replied && m.lastWordAwaited() == nil,
		LastWord: m.lastWordAwaited() != nil && SayLastWord.May(who, m),
	}
	if err := m.viewDispatch(l, k, &v); err != nil {
		return v, err
	}
	return v, m.viewWork(l, k, &v)
}

// mayDispatchNow: a supervision office what waits with it, the office what
// waits with itself.
func (m *Matter) mayDispatchNow(who access.Actor) bool {
	o := m.openRoute()
	return len(m.live()) == 0 && (office(who) && o == nil || o != nil && who.Is(access.Dispatcher) && who.In(o.DeskID))
}

// viewDispatch adds what is needed to dispatch the case.
func (m *Matter) viewDispatch(l *app.Look, k *clockOf, v *View) error {
	who := l.Who()
	if o := m.openRoute(); o != nil && (office(who) || m.desk(who)) {
		v.Route = o
	}
	changes := slices.ContainsFunc(m.live(), func(a *Assignment) bool {
		e := &Errand{m, a}
		return (a.State == Sent || a.Objected) && e.keeps(who) || e.ownUnit(who) && e.objectable(k) == nil
	})
	if !v.May.Route && !v.May.Dispatch && !changes {
		return nil
	}
	var err error
	if v.Units, err = organization.Bodies(l, organization.Unit); err != nil {
		return err
	}
	for _, b := range v.Units {
		if slices.Contains(m.Suggested, b.ID) {
			v.Suggested = append(v.Suggested, UnitRole{Unit: b.ID, Name: b.Name})
		}
	}
	if v.May.Route {
		v.Desks, err = organization.Bodies(l, organization.SupervisionParty, organization.SupervisionGovernment)
	}
	return err
}

// viewWork adds assignments, contacts, opinions and replies, each as far as it
// may be seen.
func (m *Matter) viewWork(l *app.Look, k *clockOf, v *View) error {
	who := l.Who()
	me := m.proposer(who)
	for _, a := range m.live() {
		x, err := m.assigned(l, k, a)
		if err != nil {
			return err
		}
		v.Assignments = append(v.Assignments, x)
	}
	v.Former = m.former()
	for _, c := range m.Contacts {
		if me == nil || slices.Contains(c.Proposers, me.Key()) {
			c.FormName = profile.NameOf(k.rules.ContactForms, c.Form)
			v.Contacts = append(v.Contacts, c)
		}
	}
	if me == nil { // opinions are between units
		v.Opinions = m.Opinions
	}
	m.viewYear(k, who, v)
	if err := m.viewPromiseSteps(l, v); err != nil {
		return err
	}
	if err := m.viewHanded(l, v); err != nil {
		return err
	}
	var err error
	v.Replies, err = m.letters(l, k)
	if err != nil || me != nil {
		return err
	}
	v.Moved, err = m.moved(l)
	return err
}

// letters are the replies that the one who asks may read.
func (m *Matter) letters(l *app.Look, k *clockOf) ([]Reply, error) {
	var list []Reply
	for i := range m.Replies {
		a := m.assignment(m.Replies[i].AssignmentID)
		if a == nil || !(&Letter{m, a, &m.Replies[i]}).reads(l.Who()) {
			continue
		}
		r := m.Replies[i]
		if me := m.proposer(l.Who()); me != nil { // nobody reads what others wrote
			r.Ratings = slices.DeleteFunc(slices.Clone(r.Ratings), func(x Rating) bool { return x.RaterID != me.Key() })
		}
		if k.rules.Blind && r.RatingOpen && unitPost(l.Who()) {
			r.Ratings = nil
		}
		list = append(list, r)
	}
	return list, m.enteredBy(l, list)
}

// enteredBy names the staff who entered paper ratings.
func (m *Matter) enteredBy(l *app.Look, list []Reply) error {
	var ids []string
	for _, r := range list {
		for _, x := range r.Ratings {
			if x.Channel == RatedPaper {
				ids = append(ids, x.personID)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	names, err := identity.Names(l, ids...)
	if err != nil {
		return err
	}
	for i := range list {
		for j := range list[i].Ratings {
			if x := &list[i].Ratings[j]; x.Channel == RatedPaper {
				x.EnteredBy = names[x.personID]
			}
		}
	}
	return nil
}

// assigned is an assignment as the one who asks may see it.
func (m *Matter) assigned(l *app.Look, k *clockOf, a *Assignment) (Assigned, error) {
	who := l.Who()
	x := Assigned{Assignment: *a, Contacted: m.contactsOf(a), AllKept: (&Errand{m, a}).allKept(k)}
	if a.Owes() {
		x.Left, x.Late = k.left(a.DueOn)
	}
	if a.State == Sent {
		_, x.SignLate = k.left(a.SignBy)
	}
	e := &Errand{m, a}
	if r := m.shownReply(who, e); r != nil {
		x.ReplyState, x.ReplyID = r.State, r.ID
	}
	if r := m.newest(a.ID, func(r *Reply) bool { return r.State == Issued && r.Purpose != FollowUp }); r != nil {
		x.RateID = r.ID
	}
	if m.phones(who, a) && a.phone != "" {
		var err error
		if x.Phone, err = app.Part[*seal.Keeper](l).Open(a.phone, phonePlace(a.ID)); err != nil {
			return x, fmt.Errorf("open the phone of assignment %s: %w", a.ID, err)
		}
	}
	x.May = m.mayUnit(k, who, e)
	if m.proposer(who) != nil {
		x.reserved()
	}
	return x, nil
}

// reserved takes away what units and supervision offices settle between
// themselves: objections, and why somebody was let out or replaced.
func (x *Assigned) reserved() {
	x.Objected, x.ObjectBy, x.ObjectDue, x.BoundAt = false, "", calendar.Deadline{}, store.Time{}
	x.WaivedName, x.WaiveReason, x.Note = "", "", ""
}

// moved are the deadlines of the case that a changed calendar moved.
func (m *Matter) moved(l *app.Look) ([]Moved, error) {
	if !slices.ContainsFunc(m.Assignments, func(a Assignment) bool { return a.calendar > 0 }) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Moved) error { return r.Scan(&x.AssignmentID, &x.What, &x.Was, &x.Becomes, &x.At) },
		`SELECT x.assignment_id, x.what, x.was, x.becomes, x.at FROM assignment_moved x JOIN assignment a ON a.id = x.assignment_id
		WHERE x.committee_id = ? AND a.case_kind = ? AND a.case_id = ? ORDER BY x.id`, m.CommitteeID, m.Kind, m.ID)
	if err != nil {
		return nil, fmt.Errorf("read the moved deadlines of %s %s: %w", m.Kind, m.ID, err)
	}
	return list, nil
}

// ReplyShown is a reply letter with its case.
type ReplyShown struct {
	Kind      string      `json:"kind"`
	CaseID    string      `json:"case_id"`
	Number    string      `json:"case_number"`
	Title     string      `json:"title"`
	Reference string      `json:"reference,omitempty"` // how letters name the case
	Proposers []Named     `json:"proposers"`
	Copies    []string    `json:"copies"` // to whom copies go: desk and assisting units
	Items     []Item      `json:"items"`
	Reply     Reply       `json:"reply"`
	Readings  []ReadingOf `json:"readings,omitempty"` // before it went out, for those who read replies
	Handler   Assigned    `json:"assignment"`
	Receipt   *Delivery   `json:"receipt,omitempty"` // of the one who asks
	Committee string      `json:"committee"`
	Words     Vocabulary  `json:"-"`
}

// ShowReply shows one reply letter.
var ShowReply = app.Ask("reply.show", committeeScope, func(l *app.Look, _ access.Scope, in ReadIn) (ReplyShown, error) {
	t, err := letterOf(l, in.ID)
	if err != nil {
		return ReplyShown{}, err
	}
	if !t.reads(l.Who()) {
		return ReplyShown{}, fault.New(fault.NotFound, "fault.not-found")
	}
	if err := t.man(l); err != nil {
		return ReplyShown{}, err
	}
	return shown(l, t)
})

func shown(l *app.Look, t *Letter) (ReplyShown, error) {
	v, err := t.view(l)
	if err != nil {
		return ReplyShown{}, err
	}
	out := ReplyShown{Reference: t.Reference, Kind: t.Kind, CaseID: t.ID, Number: t.Number, Title: t.Title, Proposers: v.Proposers, Items: t.Items, Words: v.Words}
	for _, r := range v.Replies {
		if r.ID == t.R.ID {
			out.Reply = r
		}
	}
	for _, g := range v.Readings {
		if g.ReplyID == t.R.ID {
			out.Readings = append(out.Readings, g)
		}
	}
	for _, a := range v.Assignments {
		switch {
		case a.ID == t.A.ID:
			out.Handler = a
			if a.DeskName != "" {
				out.Copies = append(out.Copies, a.DeskName)
			}
		case a.Role == Assist:
			out.Copies = append(out.Copies, a.UnitName)
		}
	}
	if d := t.receipt(l.Who()); d != nil {
		out.Receipt = d
	}
	err = l.Tx().Row(l.Ctx(), "SELECT name FROM committee WHERE id = ?", t.CommitteeID).Scan(&out.Committee)
	if err != nil {
		return out, fmt.Errorf("read the committee's name: %w", err)
	}
	return out, nil
}
