package organization

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// thing is what an act of set-up is about: one thing of one committee.
type thing struct{ committeeID, kind, id string }

// Object names the thing.
func (t thing) Object() (string, string) { return t.kind, t.id }

func (t thing) committee() string { return t.committeeID }

// subject is a thing and what was read of it.
type subject interface {
	app.Subject
	committee() string
}

// bySystemAdmin is the rule of set-up: the system administrator of the
// committee; to people of another one the thing does not exist.
func bySystemAdmin[S subject](who access.Actor, s S) access.Verdict {
	if who.CommitteeID == "" || s.committee() != who.CommitteeID {
		return access.Hide()
	}
	return access.When(who.Is(access.SystemAdmin), "organization.only-system-admin")
}

// anew is the subject of acts that make something of a kind.
func anew[In any](kind string) func(*app.Call, In) (thing, error) {
	return func(c *app.Call, _ In) (thing, error) { return thing{c.Who().CommitteeID, kind, ""}, nil }
}

// mayRead: who looks after the committee's make-up may read lists of people.
func mayRead(who access.Actor) bool {
	return who.CommitteeID != "" && who.Is(access.SystemAdmin, access.SecurityAdmin, access.Office, access.Chief)
}

func readers(column string) func(access.Actor) access.Scope {
	return func(who access.Actor) access.Scope {
		if !mayRead(who) {
			return access.Nothing()
		}
		return access.Committee(column, who.CommitteeID)
	}
}

func everybody(column string) func(access.Actor) access.Scope {
	return func(who access.Actor) access.Scope { return access.Committee(column, who.CommitteeID) }
}

func notFound() *fault.Error { return fault.New(fault.NotFound, "fault.not-found") }

func stale() *fault.Error { return fault.New(fault.Stale, "fault.stale") }

// today is the calendar day of the act in Beijing.
func today(l *app.Look) calendar.Date { return calendar.DateOf(l.Now().Time, calendar.Beijing) }

// claimCommittee lets one act of set-up at a time change what depends on the
// whole committee: overlapping sessions, the last administrator.
func claimCommittee(c *app.Call) error {
	if err := c.Tx().Claim(c.Ctx(), "committee", "id", c.Who().CommitteeID); err != nil {
		return fmt.Errorf("claim the committee: %w", err)
	}
	return nil
}

// clean drops what cannot be seen and the spaces around a one-line text.
func clean(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, text)), " ")
}

// checkText notes a one-line text that is missing or too long.
func checkText(p *fault.Problems, field, text string, needed bool, most int) {
	p.Check(text != "" || !needed, field, "organization.needed")
	p.Check(utf8.RuneCountInString(text) <= most, field, "organization.too-long", "max", most)
}

// checkDate reads a day that may be left out when it is not needed.
func checkDate(p *fault.Problems, field, text string, needed bool) calendar.Date {
	if text == "" {
		p.Check(!needed, field, "organization.needed")
		return calendar.Date{}
	}
	d, err := calendar.ParseDate(text)
	p.Check(err == nil && d.Year() >= 1949 && d.Year() <= 2199, field, "web.not-a-date")
	return d
}

// null is a day as a nullable column keeps it.
func null(d calendar.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}
