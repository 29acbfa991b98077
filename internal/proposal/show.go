package proposal

import (
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// ShowIn names a proposal.
type ShowIn struct {
	ID string `json:"id"`
}

// Unit is a unit by name.
type Unit struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Amendment is an office revision that waits for the proposer's answer, and
// what it changes.
type Amendment struct {
	Text
	By      string   `json:"by"`
	Changes []Change `json:"changes"`
}

// Disposed is one disposition and from when to when it held.
type Disposed struct {
	Disposition string     `json:"disposition"`
	Reason      string     `json:"reason,omitempty"` // in words
	Note        string     `json:"note,omitempty"`
	From        store.Time `json:"from"`
	To          store.Time `json:"to"`
}

// Event is one thing that happened, in its order.
type Event struct {
	Kind string     `json:"kind"` // name of the fact
	By   string     `json:"by,omitempty"`
	At   store.Time `json:"at"`
}

// May tells which acts of review the one who looks can do now.
type May struct {
	Review     bool `json:"review"`
	Return     bool `json:"return"`
	Amend      bool `json:"amend"`
	File       bool `json:"file"`
	Decline    bool `json:"decline"`
	Convert    bool `json:"convert"`
	TransferUp bool `json:"transfer_up"`
	Correct    bool `json:"correct"`
}

// Any reports whether something can be done.
func (m May) Any() bool { return m != May{} }

// Own tells which of the proposer's acts the one who looks can do now, each on
// a page of its own but withdrawing.
type Own struct {
	Edit     bool `json:"edit"`     // go on writing
	Signers  bool `json:"signers"`  // ask others to sign
	Sign     bool `json:"sign"`     // answer an invitation
	Answer   bool `json:"answer"`   // confirm or refuse the office's edits
	Withdraw bool `json:"withdraw"` // take it back
}

// Any reports whether something can be done.
func (o Own) Any() bool { return o != Own{} }

// Shown is a proposal as its page shows it.
type Shown struct {
	*Proposal
	Digits       string               `json:"digits,omitempty"` // the number as written: 014
	CategoryName string               `json:"category_name"`
	Session      organization.Session `json:"session"`
	Text         Text                 `json:"text"`                // in force; the draft before that
	Submitted    *Text                `json:"submitted,omitempty"` // as handed in, when it is another one
	Amended      *Amendment           `json:"amended,omitempty"`
	Signers      []Signer             `json:"signers"`
	Units        []Unit               `json:"units"` // suggested
	Reviews      []Reviewed           `json:"reviews,omitempty"`
	Dispositions []Disposed           `json:"dispositions"`
	Timeline     []Event              `json:"timeline"`
	Due          *calendar.Deadline   `json:"due,omitempty"` // of the review, while it runs
	Left         int                  `json:"left"`          // working days until Due, negative when late
	Late         bool                 `json:"late"`
	Held         int                  `json:"held"`                  // working days since the holder has it
	NextNumber   int64                `json:"next_number,omitempty"` // for who files
	NextLevel    string               `json:"next_level,omitempty"`
	Returned     *Reviewed            `json:"returned,omitempty"` // why it came back, for its proposers
	May          May                  `json:"may"`
	Own          Own                  `json:"own"`
	Rules        *profile.Rules       `json:"-"`
}

// Show shows one proposal to who may see it.
var Show = app.Ask("proposal.show", scopeOf, func(l *app.Look, scope access.Scope, in ShowIn) (*Shown, error) {
	p, err := seen(l, scope, in.ID)
	if err != nil {
		return nil, err
	}
	s := &Shown{Proposal: p, Signers: []Signer{}, Units: []Unit{}, Dispositions: []Disposed{}, Timeline: []Event{}}
	for _, fill := range []func(*app.Look) error{s.rules, s.texts, s.people, s.history, s.deadline} {
		if err := fill(l); err != nil {
			return nil, fmt.Errorf("show %s: %w", in.ID, err)
		}
	}
	return s, nil
})

func (s *Shown) rules(l *app.Look) error {
	rules, _, err := profile.Current(l)
	if err != nil {
		return err
	}
	s.Rules = rules
	s.CategoryName = profile.NameOf(rules.Proposal.Categories, s.Category)
	if s.Number > 0 {
		s.Digits = Digits(s.Number, rules.Proposal.NumberWidth)
	}
	list, err := organization.Sessions(l)
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.ID == s.SessionID {
			s.Session = x
		}
	}
	s.NextLevel = nextLevel(rules.Proposal.Levels, s.Level)
	s.May, s.Own = mayOf(l.Who(), s.Proposal, s.NextLevel == ""), ownOf(l.Who(), s.Proposal)
	if s.May.File {
		if s.NextNumber, err = lastNumber(l, s.SessionID); err != nil {
			return err
		}
		s.NextNumber++
	}
	return nil
}

// Digits writes a number with the committee's number of digits.
func Digits(n int64, width int) string { return fmt.Sprintf("%0*d", width, n) }

// mayOf asks each rule, and whether the step is open.
func mayOf(who access.Actor, p *Proposal, last bool) May {
	under := p.State == Submitted
	return May{
		Review: under && !last && Review.May(who, p), Return: under && Return.May(who, p), Amend: under && Amend.May(who, p),
		File: under && last && File.May(who, p), Decline: under && Decline.May(who, p), Convert: under && Convert.May(who, p),
		TransferUp: under && TransferUp.May(who, p), Correct: p.State.IsFiled() && Correct.May(who, p),
	}
}

// ownOf asks the rules of the proposer's acts, and whether each is open. Until
// when an invitation can be answered its own page says.
func ownOf(who access.Actor, p *Proposal) Own {
	before := p.editable() || p.State == Submitted
	writes := mayWrite(who, p).Allowed()
	invited := p.invitation(who)
	return Own{
		Edit: writes && p.editable(), Signers: writes && before, Answer: writes && p.State == Submitted && p.Pending > 0,
		Sign: before && invited != nil && invited.State == Invited, Withdraw: writes && before && p.State != Draft,
	}
}

func (s *Shown) texts(l *app.Look) error {
	list, err := textsOf(l, s.ID)
	if err != nil {
		return err
	}
	var pending *Text
	for i := range list {
		t := &list[i]
		if t.Revision == s.Revision {
			s.Text = *t
		}
		if t.Revision == s.Pending && s.Pending > 0 {
			pending = t
		}
		if t.Kind == SubmittedText {
			s.Submitted = t
		}
	}
	if s.Submitted != nil && s.Submitted.Revision == s.Revision {
		s.Submitted = nil
	}
	if s.Text.Kind == OfficeText && !mayReadAmendment(l.Who(), s.Proposal) {
		s.Text.Reason, s.Text.AnswerNote = "", "" // between the desk and the proposers
	}
	if pending == nil || !mayReadAmendment(l.Who(), s.Proposal) {
		return nil
	}
	names, err := identity.Names(l, pending.PersonID)
	if err != nil {
		return err
	}
	s.Amended = &Amendment{Text: *pending, By: names[pending.PersonID], Changes: Difference(whole(s.Text), whole(*pending))}
	return nil
}

// mayReadAmendment: who reviews, and those who propose.
func mayReadAmendment(who access.Actor, p *Proposal) bool {
	return reviews(who, "") || proposes(who, p)
}

// whole is a text as it is compared: title, parts and suggestions in lines.
func whole(t Text) string {
	parts := []string{t.Title, t.Background, t.Analysis, t.Measures, t.Basis}
	for i, x := range t.Items {
		parts = append(parts, fmt.Sprintf("%d. %s", i+1, x))
	}
	return strings.Join(slices.DeleteFunc(parts, func(x string) bool { return x == "" }), "\n")
}

// people fills who proposes and which units were suggested. Who declined or
// did not answer is the proposers' own business, and the desk's.
func (s *Shown) people(l *app.Look) error {
	inside := reviews(l.Who(), "") || proposes(l.Who(), s.Proposal)
	for _, x := range s.Proposal.Signers {
		if inside && x.State != Removed || x.State == Signed {
			s.Signers = append(s.Signers, x)
		}
	}
	list, err := store.List(l.Ctx(), l.Tx(), scanUnit,
		"SELECT b.id, b.name FROM proposal_unit u JOIN body b ON b.id = u.unit_id WHERE u.proposal_id = ? ORDER BY b.sort, b.id", s.ID)
	if err != nil {
		return fmt.Errorf("read the suggested units: %w", err)
	}
	s.Units = append(s.Units, list...)
	return nil
}

func (s *Shown) deadline(l *app.Look) error {
	days, err := calendar.Current(l)
	if err != nil {
		return err
	}
	now := l.Now().Time
	s.Held = calendar.Elapsed(s.HolderSince.Time, now, days)
	if s.State != Submitted {
		s.Late = s.DueOn < today(l).String()
		return nil
	}
	if s.Due, err = dueOf(l, s.ID); err != nil || s.Due == nil {
		return err
	}
	s.Late = s.Due.Late(now)
	s.Left = calendar.Left(today(l), s.Due.On, days)
	return nil
}
