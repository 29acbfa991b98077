package supervision

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/handling"
	"tongxin/internal/store"
)

// Colour tells how much time is left of what a unit owes.
type Colour string

// The colours; each is shown with its word. What owes nothing has none.
const (
	Red    Colour = "red"    // late
	Yellow Colour = "yellow" // due soon
	Green  Colour = "green"
)

// What is awaited in an assignment.
const (
	ToSign    = "sign"    // the unit signs for it
	ToReply   = "reply"   // the unit answers the proposers
	ToOpine   = "opinion" // the unit gives its opinion to the lead
	ToRead    = "reading" // who dispatched it reads the reply before it goes out
	ToRule    = "ruling"  // who dispatched it rules on the unit's objection
	NotWaited = ""
)

// Item is an assignment as supervision looks at it.
type Item struct {
	ID           string         `json:"id"`
	CaseKind     string         `json:"case_kind"`
	CaseID       string         `json:"case_id"`
	Number       string         `json:"number"`
	Title        string         `json:"title"`
	UnitID       string         `json:"unit_id"`
	UnitName     string         `json:"unit_name"`
	Role         handling.Role  `json:"role"`
	State        handling.State `json:"state"`
	Round        int            `json:"round"`
	DeskID       string         `json:"desk_id,omitempty"` // "" where the committee's office dispatched it
	DeskName     string         `json:"desk_name,omitempty"`
	DispatchedAt store.Time     `json:"dispatched_at"`
	Awaits       string         `json:"awaits,omitempty"` // sign, reply, opinion, reading, ruling
	Since        store.Time     `json:"since"`            // when it began to be awaited, or was answered
	Until        string         `json:"until,omitempty"`  // the day of what is awaited
	DueOn        string         `json:"due_on,omitempty"` // of the reply or opinion
	Left         int            `json:"left"`             // working days until DueOn, negative when late
	Colour       Colour         `json:"colour,omitempty"`
	SignLate     bool           `json:"sign_late,omitempty"` // not signed for in time
	AnsweredLate bool           `json:"answered_late,omitempty"`
	Section      string         `json:"section,omitempty"`
	Handler      string         `json:"handler,omitempty"`
	Phone        string         `json:"phone,omitempty"` // for the unit itself, who dispatched it, and the office
	LastChase    store.Time     `json:"last_chase"`
	Quiet        bool           `json:"quiet,omitempty"` // chased so lately that another chase needs a reason
	Chases       []ItemChase    `json:"chases,omitempty"`
	MayChase     bool           `json:"may_chase,omitempty"`
	MayInstruct  bool           `json:"may_instruct,omitempty"`

	committeeID string
	phone       string // sealed
}

// ItemChase is one of the chases about an assignment.
type ItemChase struct {
	ID   string     `json:"id"`
	Form string     `json:"form"`
	Year int        `json:"year,omitempty"`
	No   int        `json:"no,omitempty"`
	At   store.Time `json:"at"`
}

// Object names the assignment in the audit record.
func (x *Item) Object() (string, string) { return "assignment", x.ID }

// Owes reports whether the unit still has to answer.
func (x *Item) Owes() bool { return x.State == handling.Sent || x.State == handling.SignedFor }

// UnitOwes reports whether what is awaited is for the unit to do.
func (x *Item) UnitOwes() bool {
	return x.Awaits == ToSign || x.Awaits == ToReply || x.Awaits == ToOpine
}

// sees says whether somebody may know of the assignment here; it says the same
// as scopeOf.
func (x *Item) sees(who access.Actor) bool {
	switch {
	case who.CommitteeID == "" || who.CommitteeID != x.committeeID:
		return false
	case office(who), who.Is(access.Leader):
		return true
	case who.Is(access.Dispatcher):
		return who.In(x.DeskID)
	default:
		return unitPost(who) && who.In(x.UnitID)
	}
}

// chases says whether somebody may chase the unit about it: who dispatched it,
// and the committee's office everything.
func (x *Item) chases(who access.Actor) bool { return x.sees(who) && chaser(who) }

// fromItems is what every question about assignments reads: the assignment a,
// its case h, the last chase y, the reply r that is being read, and the
// objection o that waits.
const fromItems = ` FROM assignment a JOIN handling_case h ON h.case_kind = a.case_kind AND h.case_id = a.case_id
	LEFT JOIN chase_last y ON y.assignment_id = a.id
	LEFT JOIN reply r ON r.assignment_id = a.id AND r.state = 'reading'
	LEFT JOIN objection o ON o.assignment_id = a.id AND o.ruling = '' WHERE `

const itemColumns = `a.id, a.committee_id, a.case_kind, a.case_id, h.number, h.title, a.unit_id, a.unit_name, a.role, a.state, a.round, a.desk_id, a.desk_name,
	a.dispatched_at, a.signed_at, a.sign_by, a.due_on, a.answered_at, a.late, a.section, a.handler, a.phone_sealed, y.at,
	r.signed_off_at, COALESCE(r.read_by_on, ''), o.filed_at, COALESCE(o.rule_by, ''),
	(SELECT x.at FROM rehandling x WHERE x.assignment_id = a.id AND x.round = a.round)`

// reader reads items with the clock of the one who asks.
type reader struct {
	l *app.Look
	k *clockOf
}

// list reads the assignments of a condition; more follows it: order and limit.
func (f reader) list(where store.Fragment, more store.Fragment) ([]Item, error) {
	q := store.Join(store.F("SELECT "+itemColumns+fromItems), where, more)
	return store.List(f.l.Ctx(), f.l.Tx(), f.scan, q.SQL, q.Args...)
}

func (f reader) scan(r store.Row, x *Item) error {
	var signed, answered, off, filed, again store.Time
	var signBy, readBy, ruleBy string
	if err := r.Scan(&x.ID, &x.committeeID, &x.CaseKind, &x.CaseID, &x.Number, &x.Title, &x.UnitID, &x.UnitName, &x.Role, &x.State, &x.Round, &x.DeskID, &x.DeskName,
		&x.DispatchedAt, &signed, &signBy, &x.DueOn, &answered, &x.AnsweredLate, &x.Section, &x.Handler, &x.phone, &x.LastChase,
		&off, &readBy, &filed, &ruleBy, &again); err != nil {
		return err
	}
	if x.DueOn == never {
		x.DueOn = ""
	}
	switch {
	case !x.Owes():
		x.Awaits, x.Since = NotWaited, answered
	case !filed.IsZero():
		x.Awaits, x.Since, x.Until = ToRule, filed, ruleBy
	case !off.IsZero():
		x.Awaits, x.Since, x.Until = ToRead, off, readBy
	case x.State == handling.Sent:
		x.Awaits, x.Since, x.Until = ToSign, x.DispatchedAt, signBy
		_, x.SignLate = f.k.left(signBy)
	case x.Role == handling.Assist:
		x.Awaits, x.Since, x.Until = ToOpine, signed, x.DueOn
	default:
		x.Awaits, x.Since, x.Until = ToReply, signed, x.DueOn
	}
	if !again.IsZero() && x.Awaits == ToReply {
		x.Since = again
	}
	f.colour(x)
	return nil
}

// colour tells how the assignment stands, and what the one who asks may do.
func (f reader) colour(x *Item) {
	who := f.l.Who()
	x.Quiet = f.k.quiet(x.LastChase)
	if !x.Owes() {
		return
	}
	var late bool
	x.Left, late = f.k.left(x.DueOn)
	switch {
	case late:
		x.Colour = Red
	case x.DueOn != "" && x.Left <= f.k.rules.NearWorkdays:
		x.Colour = Yellow
	default:
		x.Colour = Green
	}
	x.MayChase = x.UnitOwes() && x.chases(who)
	x.MayInstruct = late && who.Is(access.Leader) && x.sees(who)
}

// phones opens the numbers that the one who asks may read.
func (f reader) phones(list []Item) error {
	who := f.l.Who()
	if who.Is(access.Leader) {
		return nil
	}
	for i := range list {
		x := &list[i]
		if !x.sees(who) {
			continue
		}
		var err error
		if x.Phone, err = handling.OpenPhone(f.l, x.ID, x.phone); err != nil {
			return err
		}
	}
	return nil
}
