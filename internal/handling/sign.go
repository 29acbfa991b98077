package handling

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/seal"
)

// SignIn signs for a case and tells who works on it.
type SignIn struct {
	ID      string `json:"id"`                // assignment
	Version int64  `json:"version,omitempty"` // of the assignment; 0 for whichever
	Leader  string `json:"leader,omitempty"`
	Section string `json:"section,omitempty"`
	Handler string `json:"handler"`
	Phone   string `json:"phone"`
}

// Progress answers acts on an assignment.
type Progress struct {
	ID       string `json:"id"`
	State    State  `json:"state"`
	Version  int64  `json:"version"`
	CaseKind string `json:"case_kind"`
	CaseID   string `json:"case_id"`
}

func (e *Errand) progress() Progress {
	return Progress{e.A.ID, e.A.State, e.A.Version, e.Kind, e.ID}
}

// Sign signs for a case (签收).
var Sign = app.Define("assignment.sign",
	func(c *app.Call, in SignIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayWork, sign)

// Limits of short fields, in characters.
const (
	nameAtMost   = 40
	numberAtMost = 40
)

func sign(c *app.Call, e *Errand, in SignIn) (Progress, error) {
	if err := e.fresh(in.Version); err != nil {
		return Progress{}, err
	}
	if e.objection(e.A.ID) != nil {
		return Progress{}, fault.New(fault.Closed, "handling.object.waits")
	}
	var p fault.Problems
	e.A.Leader = line(&p, "leader", in.Leader, nameAtMost, false)
	e.A.Section = line(&p, "section", in.Section, nameAtMost, false)
	e.A.Handler = line(&p, "handler", in.Handler, nameAtMost, true)
	phone := line(&p, "phone", in.Phone, nameAtMost, true)
	p.Check(phone == "" || isPhone(phone), "phone", "handling.phone")
	if e.A.State != Sent { // the way back from answered is a second handling, not a signature
		return Progress{}, fault.New(fault.Closed, "handling.closed."+string(e.A.State))
	}
	if err := e.A.move(SignedFor); err != nil {
		return Progress{}, err
	}
	if err := p.Err(); err != nil {
		return Progress{}, err
	}
	if err := e.sign(c, phone); err != nil {
		return Progress{}, err
	}
	return e.progress(), settle(c, e.Matter)
}

// sign writes that the unit signed for the case, and computes deadlines that
// run from now.
func (e *Errand) sign(c *app.Call, phone string) error {
	a := e.A
	a.SignedAt = c.Now()
	sealed, err := app.Part[*seal.Keeper](&c.Look).Seal(phone, phonePlace(a.ID))
	if err != nil {
		return fmt.Errorf("seal the phone of assignment %s: %w", a.ID, err)
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return err
	}
	if rule := k.replyRule(e.Matter, a.Role); rule.Base == calendar.FromSign || a.Due.Rule.Base == "" {
		if err := k.scheduleReply(e.Matter, a); err != nil {
			return err
		}
	}
	due, err := writeDue(a.Due)
	if err != nil {
		return err
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE assignment SET state = ?, signed_at = ?, signed_by = ?, leader = ?, section = ?, handler = ?, phone_sealed = ?, due_on = ?, due = ?, version = version + 1
		WHERE id = ? AND version = ?`, string(a.State), a.SignedAt, c.Who().PersonID, a.Leader, a.Section, a.Handler, sealed, dated(a.DueOn), due, a.ID, a.Version)
	if err := written(n, err, "assignment "+a.ID); err != nil {
		return err
	}
	a.Version++
	return e.record(c, WasSigned{e.about().ofUnit(a), a.ID})
}

// phonePlace names the place of a sealed phone number.
func phonePlace(assignmentID string) string { return "assignment.phone/" + assignmentID }

// fresh answers a stale form; 0 is a caller that shows no version.
func (e *Errand) fresh(version int64) error {
	if version != 0 && version != e.A.Version {
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

// line reads a one-line field.
func line(p *fault.Problems, field, text string, most int, required bool) string {
	text = strings.Join(strings.Fields(text), " ")
	p.Check(text != "" || !required, field, "handling.required")
	p.Check(utf8.RuneCountInString(text) <= most, field, "handling.too-long", "max", most)
	return text
}

// words reads a field of several lines.
func words(p *fault.Problems, field, text string, most int, required bool) string {
	text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""))
	p.Check(text != "" || !required, field, "handling.required")
	p.Check(utf8.RuneCountInString(text) <= most, field, "handling.too-long", "max", most)
	return text
}

// isPhone accepts digits with the signs people write between them.
func isPhone(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-() 转", r):
			return false
		}
	}
	return digits >= 5 && digits <= 20
}
