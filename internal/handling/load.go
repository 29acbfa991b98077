package handling

import (
	"encoding/json"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// never is the due date of what has none; it sorts last on both engines.
const never = "9999-12-31"

// matterOf loads a case with everything handling keeps of it. Inside an act
// the domain's Case makes other acts on the case wait.
func matterOf(l *app.Look, kind, id string) (*Matter, error) {
	k, err := CaseOf(l, kind, id)
	if err != nil {
		return nil, err
	}
	return fill(l, k)
}

// fill loads what handling keeps of a case.
func fill(l *app.Look, k Case) (*Matter, error) {
	m := &Matter{Case: k}
	if err := m.readRow(l); err != nil {
		return nil, err
	}
	if !m.Row.Known {
		return m, nil
	}
	var err error
	if m.Routes, err = store.List(l.Ctx(), l.Tx(), scanRoute, `SELECT id, desk_id, desk_name, channel, units, note, at, done_at
		FROM handling_route WHERE case_kind = ? AND case_id = ? ORDER BY id`, k.Kind, k.ID); err != nil {
		return nil, fmt.Errorf("read the routes of %s %s: %w", k.Kind, k.ID, err)
	}
	if m.Row.Stage == Filed {
		return m, nil
	}
	return m, m.readWork(l)
}

func (m *Matter) readRow(l *app.Look) error {
	r := &m.Row
	err := l.Tx().Row(l.Ctx(), "SELECT stage, closing, opened_at, closed_at, outcome, deeds FROM handling_case WHERE case_kind = ? AND case_id = ?", m.Kind, m.ID).
		Scan(&r.Stage, &r.Closing, &r.OpenedAt, &r.ClosedAt, &r.Outcome, &r.Deeds)
	switch {
	case errors.Is(err, store.ErrNone):
		r.Stage, r.OpenedAt = Filed, m.FiledAt
	case err != nil:
		return fmt.Errorf("read how %s %s is handled: %w", m.Kind, m.ID, err)
	default:
		r.Known = true
	}
	return nil
}

// readWork reads assignments and what belongs to them, each with one query.
func (m *Matter) readWork(l *app.Look) error {
	var errs [7]error
	ctx, tx, kind, id := l.Ctx(), l.Tx(), m.Kind, m.ID
	m.Assignments, errs[0] = store.List(ctx, tx, scanAssignment, "SELECT "+assignmentColumns+" FROM assignment a WHERE a.case_kind = ? AND a.case_id = ? ORDER BY a.position, a.id", kind, id)
	m.Contacts, errs[1] = store.List(ctx, tx, scanContact, `SELECT id, assignment_id, form, held_on, proposers, people, notes, consent, at
		FROM handling_contact WHERE case_kind = ? AND case_id = ? ORDER BY id`, kind, id)
	m.Opinions, errs[2] = store.List(ctx, tx, scanOpinion, "SELECT id, assignment_id, number, body, at FROM assist_opinion WHERE case_kind = ? AND case_id = ? ORDER BY id", kind, id)
	m.Replies, errs[3] = store.List(ctx, tx, scanReply, "SELECT "+replyColumns+" FROM reply WHERE case_kind = ? AND case_id = ? ORDER BY id", kind, id)
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("read the work on %s %s: %w", kind, id, err)
	}
	m.tallied = tallyOf(m.Assignments)
	m.name()
	if err := m.readYear(l); err != nil {
		return err
	}
	if len(m.Replies) == 0 {
		return nil
	}
	items, err := store.List(ctx, tx, scanItem, `SELECT i.reply_id, i.no, i.outcome, i.answer FROM reply_item i JOIN reply r ON r.id = i.reply_id
		WHERE r.case_kind = ? AND r.case_id = ? ORDER BY i.reply_id, i.no`, kind, id)
	errs[4] = err
	deliveries, err := store.List(ctx, tx, scanDelivery, `SELECT reply_id, proposer_id, is_body, name, is_lead, rates, rated, delivered_at, read_at
		FROM reply_delivery WHERE case_kind = ? AND case_id = ? ORDER BY reply_id, position`, kind, id)
	errs[5] = err
	ratings, err := store.List(ctx, tx, scanRating, `SELECT id, reply_id, rater_id, is_body, rater_name, attitude, result, contacted, reason, answers, channel, person_id, at
		FROM rating WHERE case_kind = ? AND case_id = ? ORDER BY id`, kind, id)
	errs[6] = err
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("read the replies of %s %s: %w", kind, id, err)
	}
	m.sort(items, deliveries, ratings)
	return nil
}

// name writes the unit's name beside what belongs to its assignment, and the
// proposers' names beside contacts.
func (m *Matter) name() {
	proposers := map[string]string{}
	for _, p := range m.Proposers {
		proposers[p.Key()] = p.Name
	}
	for i := range m.Contacts {
		c := &m.Contacts[i]
		if a := m.assignment(c.AssignmentID); a != nil {
			c.UnitName = a.UnitName
		}
		for _, id := range c.Proposers {
			if proposers[id] != "" {
				c.Names = append(c.Names, proposers[id])
			}
		}
	}
	for i := range m.Opinions {
		if a := m.assignment(m.Opinions[i].AssignmentID); a != nil {
			m.Opinions[i].UnitName = a.UnitName
		}
	}
}

// sort puts items, deliveries and ratings to their replies.
func (m *Matter) sort(items []itemRow, deliveries []Delivery, ratings []Rating) {
	for _, x := range items {
		if r := m.reply(x.reply); r != nil {
			r.Items = append(r.Items, x.ItemAnswer)
		}
	}
	for _, x := range deliveries {
		if r := m.reply(x.ReplyID); r != nil {
			r.Deliveries = append(r.Deliveries, x)
		}
	}
	for _, x := range ratings {
		if r := m.reply(x.ReplyID); r != nil {
			r.Ratings = append(r.Ratings, x)
		}
	}
}

func scanRoute(r store.Row, x *Route) error {
	var units string
	if err := r.Scan(&x.ID, &x.DeskID, &x.DeskName, &x.Channel, &units, &x.Note, &x.At, &x.DoneAt); err != nil {
		return err
	}
	return json.Unmarshal([]byte(units), &x.Units)
}

const assignmentColumns = `a.id, a.committee_id, a.case_kind, a.case_id, a.unit_id, a.unit_name, a.role, a.position, a.channel, a.desk_id, a.desk_name, a.dispatched_at, a.state,
	a.sign_by, a.sign_due, a.signed_at, a.contact_by, a.contact_due, a.due_on, a.due, a.calendar, a.leader, a.section, a.handler, a.phone_sealed,
	a.answered_at, a.note, a.valid_to, a.version, a.late, a.round, a.object_by, a.object_due, a.objected, a.bound_at, a.waived_at, a.waived_name, a.waive_reason, a.successor_id, a.successor_name`

func scanAssignment(r store.Row, a *Assignment) error {
	var sign, contact, due, object string
	if err := r.Scan(&a.ID, &a.committeeID, &a.CaseKind, &a.CaseID, &a.UnitID, &a.UnitName, &a.Role, &a.Position, &a.Channel, &a.DeskID, &a.DeskName, &a.DispatchedAt, &a.State,
		&a.SignBy, &sign, &a.SignedAt, &a.ContactBy, &contact, &a.DueOn, &due, &a.calendar, &a.Leader, &a.Section, &a.Handler, &a.phone,
		&a.AnsweredAt, &a.Note, &a.ValidTo, &a.Version, &a.AnsweredLate, &a.Round, &a.ObjectBy, &object, &a.Objected, &a.BoundAt, &a.WaivedAt, &a.WaivedName, &a.WaiveReason, &a.SuccessorID, &a.SuccessorName); err != nil {
		return err
	}
	if a.DueOn == never {
		a.DueOn = ""
	}
	return errors.Join(readDue(sign, &a.SignDue), readDue(contact, &a.ContactDue), readDue(due, &a.Due), readDue(object, &a.ObjectDue))
}

func readDue(text string, d *calendar.Deadline) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), d); err != nil {
		return fmt.Errorf("read a deadline: %w", err)
	}
	return nil
}

// writeDue is the JSON of a deadline, "" for none.
func writeDue(d calendar.Deadline) (string, error) {
	if d.On.IsZero() {
		return "", nil
	}
	b, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("write a deadline: %w", err)
	}
	return string(b), nil
}

func scanContact(r store.Row, x *Contact) error {
	var proposers string
	if err := r.Scan(&x.ID, &x.AssignmentID, &x.Form, &x.HeldOn, &proposers, &x.People, &x.Notes, &x.Consent, &x.At); err != nil {
		return err
	}
	return json.Unmarshal([]byte(proposers), &x.Proposers)
}

func scanOpinion(r store.Row, x *Opinion) error {
	return r.Scan(&x.ID, &x.AssignmentID, &x.Number, &x.Text, &x.At)
}

const replyColumns = `id, case_kind, case_id, assignment_id, unit_id, unit_name, round, state, number, class, body, publicity, publicity_reason, saved_at, submitted_at,
	returned_note, signer_name, entered_by, issued_at, rate_by, rating_open, version,
	purpose, due_on, late, signed_off_at, read_by_on, reader_name, passed_at, unit_class, class_reason, returns`

func scanReply(r store.Row, x *Reply) error {
	if err := r.Scan(&x.ID, &x.CaseKind, &x.CaseID, &x.AssignmentID, &x.UnitID, &x.UnitName, &x.Round, &x.State, &x.Number, &x.Class, &x.Body, &x.Publicity, &x.PublicityReason,
		&x.SavedAt, &x.SubmittedAt, &x.ReturnedNote, &x.SignerName, &x.EnteredBy, &x.IssuedAt, &x.RateBy, &x.RatingOpen, &x.Version,
		&x.Purpose, &x.DueOn, &x.Late, &x.SignedOffAt, &x.ReadByOn, &x.ReaderName, &x.PassedAt, &x.UnitClass, &x.ClassReason, &x.Returns); err != nil {
		return err
	}
	x.Entered = x.EnteredBy != ""
	return nil
}

type itemRow struct {
	reply string
	ItemAnswer
}

func scanItem(r store.Row, x *itemRow) error { return r.Scan(&x.reply, &x.No, &x.Outcome, &x.Answer) }

func scanDelivery(r store.Row, x *Delivery) error {
	return r.Scan(&x.ReplyID, &x.ProposerID, &x.IsBody, &x.Name, &x.Lead, &x.Rates, &x.Rated, &x.DeliveredAt, &x.ReadAt)
}

func scanRating(r store.Row, x *Rating) error {
	var answers string
	if err := r.Scan(&x.ID, &x.ReplyID, &x.RaterID, &x.IsBody, &x.RaterName, &x.Attitude, &x.Result, &x.Contacted, &x.Reason, &answers, &x.Channel, &x.personID, &x.At); err != nil {
		return err
	}
	return unpack(answers, &x.Answers)
}

// MatterOf loads a case with everything that handling keeps of it, for packages
// that watch over cases. Inside an act other acts on the case wait. Who may see
// it is for the caller to judge (Sees).
func MatterOf(l *app.Look, kind, id string) (*Matter, error) {
	if _, known := app.Part[Kinds](l)[kind]; !known {
		return nil, missing()
	}
	return matterOf(l, kind, id)
}

// ErrandOf loads an assignment within its case, as MatterOf does. One that does
// not exist in the actor's committee is fault.NotFound.
func ErrandOf(l *app.Look, id string) (*Errand, error) { return errandOf(l, id) }

// LetterOf loads a reply within its case, as MatterOf does.
func LetterOf(l *app.Look, id string) (*Letter, error) { return letterOf(l, id) }

type whose struct{ kind, id, assignment string }

// loadErrand loads an assignment within its case, for acts.
func loadErrand(c *app.Call, id string) (*Errand, error) { return errandOf(&c.Look, id) }

func errandOf(l *app.Look, id string) (*Errand, error) {
	w, err := belongs(l, "SELECT case_kind, case_id, id FROM assignment WHERE id = ? AND committee_id = ?", id)
	if err != nil {
		return nil, err
	}
	m, err := matterOf(l, w.kind, w.id)
	if err != nil {
		return nil, err
	}
	a := m.assignment(w.assignment)
	if a == nil {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	return &Errand{m, a}, m.man(l)
}

// loadLetter loads a reply within its case, for acts.
func loadLetter(c *app.Call, id string) (*Letter, error) { return letterOf(&c.Look, id) }

func letterOf(l *app.Look, id string) (*Letter, error) {
	w, err := belongs(l, "SELECT case_kind, case_id, assignment_id FROM reply WHERE id = ? AND committee_id = ?", id)
	if err != nil {
		return nil, err
	}
	m, err := matterOf(l, w.kind, w.id)
	if err != nil {
		return nil, err
	}
	r, a := m.reply(id), m.assignment(w.assignment)
	if r == nil || a == nil {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	return &Letter{m, a, r}, nil
}

func belongs(l *app.Look, q, id string) (whose, error) {
	var w whose
	err := l.Tx().Row(l.Ctx(), q, id, l.Who().CommitteeID).Scan(&w.kind, &w.id, &w.assignment)
	if errors.Is(err, store.ErrNone) {
		return w, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return w, fmt.Errorf("find the case of %s: %w", id, err)
	}
	return w, nil
}

// man finds out which units have nobody with an account, for staff who may
// then enter for them.
func (m *Matter) man(l *app.Look) error {
	if !l.Who().Is(access.Office, access.Chief, access.Dispatcher) || len(m.Assignments) == 0 {
		return nil
	}
	ids := make([]string, len(m.Assignments))
	for i, a := range m.Assignments {
		ids[i] = a.keeper()
	}
	today := calendar.DateOf(l.Now().Time, calendar.Beijing).String()
	q := store.Join(store.F("SELECT DISTINCT p.body_id FROM post p JOIN account a ON a.person_id = p.person_id WHERE"),
		store.And(store.F("p.committee_id = ?", m.CommitteeID), store.In("p.body_id", ids...), store.F("p.kind IN ('handler', 'signer')"),
			store.F("a.state = 'active'"), store.F("p.valid_from <= ?", today), store.F("p.valid_to IS NULL OR p.valid_to >= ?", today)))
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], q.SQL, q.Args...)
	if err != nil {
		return fmt.Errorf("find the units with an account: %w", err)
	}
	manned := map[string]bool{}
	for _, id := range list {
		manned[id] = true
	}
	for i := range m.Assignments {
		m.Assignments[i].unmanned = !manned[m.Assignments[i].keeper()]
	}
	return nil
}
