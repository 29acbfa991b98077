package notify_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
	"tongxin/internal/notify"

	"pgregory.net/rapid"
)

// TestQuietHours: the committee's are 21:00 to 07:30. Each case tells a person
// at one time and looks when the mail is out.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	own := func(from, to string) notify.ChooseIn {
		return notify.ChooseIn{Quiet: notify.QuietOwn, QuietFrom: from, QuietTo: to}
	}
	for name, c := range map[string]struct {
		choice  notify.ChooseIn
		urgency notify.Urgency
		told    string
		out     string
	}{
		"by day":                              {told: "2026-01-12T20:59", out: "2026-01-12T20:59"},
		"the first quiet minute":              {told: "2026-01-12T21:00", out: "2026-01-13T07:30"},
		"after midnight":                      {told: "2026-01-13T01:00", out: "2026-01-13T07:30"},
		"the last quiet minute":               {told: "2026-01-13T07:29", out: "2026-01-13T07:30"},
		"the end":                             {told: "2026-01-13T07:30", out: "2026-01-13T07:30"},
		"pressing waits too":                  {urgency: notify.Pressing, told: "2026-01-12T23:00", out: "2026-01-13T07:30"},
		"urgent goes at once":                 {urgency: notify.Urgent, told: "2026-01-12T23:00", out: "2026-01-12T23:00"},
		"over the end of a month":             {told: "2026-02-28T22:00", out: "2026-03-01T07:30"},
		"the night of the German summer time": {told: "2026-03-29T01:30", out: "2026-03-29T07:30"},
		"his own, before they begin":          {choice: own("23:00", "06:00"), told: "2026-01-12T22:59", out: "2026-01-12T22:59"},
		"his own, within":                     {choice: own("23:00", "06:00"), told: "2026-01-12T23:30", out: "2026-01-13T06:00"},
		"his own end at midnight":             {choice: own("22:00", "00:00"), told: "2026-01-12T23:59", out: "2026-01-13T00:00"},
		"none of his own":                     {choice: notify.ChooseIn{Quiet: notify.QuietNone}, told: "2026-01-13T03:00", out: "2026-01-13T03:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withTexts(t, func(t *testing.T, w *texted) {
				if c.choice.Quiet != "" {
					w.choose(t, w.a, c.choice)
				}
				w.At(t, c.told)
				w.press(t, pressed{To: []string{w.a.PersonID}, Urgency: c.urgency})
				w.run(t)
				if c.told != c.out {
					w.At(t, c.out)
					w.Clock.Advance(-time.Second)
					w.run(t)
					if n := len(w.mail.letters()); n != 0 {
						t.Fatalf("%d mails before %s", n, c.out)
					}
					w.Clock.Advance(time.Second)
					w.run(t)
				}
				if n := len(w.mail.letters()); n != 1 {
					t.Errorf("%d mails at %s", n, c.out)
				}
			})
		})
	}
}

// TestAChangedMindHoldsAtOnce: what waits follows the choice of the moment.
func TestAChangedMindHoldsAtOnce(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.At(t, "2026-01-12T21:30")
		w.press(t, pressed{To: []string{w.a.PersonID}})
		w.choose(t, w.a, notify.ChooseIn{Quiet: notify.QuietNone})
		w.run(t)
		if n := len(w.mail.letters()); n != 1 {
			t.Errorf("%d mails after he chose to be told at any time", n)
		}
		// A retry that falls into the night waits for the morning.
		w.choose(t, w.a, notify.ChooseIn{Quiet: notify.QuietAsCommittee})
		w.At(t, "2026-01-13T20:59")
		w.mail.fail = func(int) error { return &notify.Refusal{Class: notify.Unreachable} }
		w.press(t, pressed{To: []string{w.a.PersonID}})
		w.run(t)
		for range 40 {
			w.Clock.Advance(15 * time.Minute)
			w.run(t)
		}
		if n := len(w.mail.letters()); n != 2 {
			t.Errorf("%d mails: it was tried in the night", n)
		}
	})
}

func TestOneDigestADay(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.choose(t, w.a, notify.ChooseIn{SMS: notify.All, Digest: true})
		other := w.secondNode(t)
		for range 4 {
			w.press(t, pressed{To: []string{w.a.PersonID}, Number: "014"})
			w.Clock.Advance(time.Hour)
		}
		w.press(t, pressed{To: []string{w.a.PersonID}, Urgency: notify.Pressing}) // goes at once
		w.run(t)
		if got := w.by(); got != [3]int{1, 1, 1} {
			t.Fatalf("on the day: %v", got)
		}
		// One of the four is read before the digest.
		in := inbox(t, w.World, w.a, notify.InboxIn{})
		_, err := notify.Read.Do(t.Context(), w.App, w.a, notify.ReadIn{ID: in.Messages[2].ID})
		must(t, err)
		w.At(t, "2026-01-13T07:59")
		w.run(t)
		if got := w.by(); got != [3]int{1, 1, 1} {
			t.Fatalf("before its hour: %v", got)
		}
		w.At(t, "2026-01-13T08:00")
		var wg sync.WaitGroup
		for _, node := range []*app.App{w.App, other, w.App, other} {
			wg.Go(func() {
				if err := node.RunTasks(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.run(t)
		if got := w.by(); got != [3]int{2, 2, 2} {
			t.Fatalf("the digest: %v", got)
		}
		mail, text := w.mail.letters()[1], w.gateway.Texts()[1].Text
		if !strings.Contains(mail.Subject, "3 条") || !strings.Contains(mail.Text, "× 3") || !strings.Contains(text, "您有 3 条新消息。请登录") {
			t.Errorf("%s\n%s\n%s", mail.Subject, mail.Text, text)
		}
		for _, e := range w.entries(t) {
			if e.State != "sent" && e.State != "needless" {
				t.Errorf("left over: %+v", e)
			}
		}
		// What comes after the hour waits for the next day.
		w.press(t, pressed{To: []string{w.a.PersonID}})
		w.Clock.Advance(12 * time.Hour)
		w.run(t)
		if got := w.by(); got != [3]int{2, 2, 2} {
			t.Fatalf("a second digest on one day: %v", got)
		}
		w.At(t, "2026-01-14T08:00")
		w.run(t)
		if got := w.by(); got != [3]int{3, 3, 3} {
			t.Errorf("the next digest: %v", got)
		}
	})
}

// TestADigestThatFailsIsSentAgainWhole: it keeps its id and what it tells of.
func TestADigestThatFailsIsSentAgainWhole(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.choose(t, w.a, notify.ChooseIn{WeCom: notify.Nothing, Digest: true})
		for range 3 {
			w.press(t, pressed{To: []string{w.a.PersonID}})
		}
		w.mail.fail = func(n int) error {
			if n == 1 {
				return &notify.Refusal{Class: notify.Unreachable}
			}
			return nil
		}
		w.At(t, "2026-01-13T08:00")
		w.run(t)
		w.Clock.Advance(time.Minute)
		w.run(t)
		got := w.mail.letters()
		if len(got) != 2 || got[0].ID != got[1].ID || got[0].Text != got[1].Text || !strings.Contains(got[1].Subject, "3") {
			t.Errorf("%+v", got)
		}
	})
}

// TestAfterAnOutageOneDigestIsEnough: three days without a server.
func TestAfterAnOutageOneDigestIsEnough(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.choose(t, w.a, notify.ChooseIn{WeCom: notify.Nothing, Digest: true})
		for range 3 {
			w.press(t, pressed{To: []string{w.a.PersonID}})
			w.Clock.Advance(24 * time.Hour)
		}
		w.run(t)
		if got := w.mail.letters(); len(got) != 1 || !strings.Contains(got[0].Subject, "3") {
			t.Errorf("%d mails", len(got))
		}
	})
}

func TestAChoiceIsChecked(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		for field, in := range map[string]notify.ChooseIn{
			"mail":       {Mail: "some"},
			"quiet":      {Quiet: "always"},
			"quiet_from": {Quiet: notify.QuietOwn, QuietFrom: "25:00", QuietTo: "07:00"},
			"quiet_to":   {Quiet: notify.QuietOwn, QuietFrom: "22:00", QuietTo: ""},
		} {
			if _, err := notify.Choose.Do(t.Context(), w.App, w.a, in); fault.From(err) == nil || fault.From(err).Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for _, outside := range [][2]string{{"20:59", "07:30"}, {"21:00", "07:31"}, {"12:00", "13:00"}, {"07:30", "21:00"}, {"22:00", "22:00"}, {"06:00", "22:00"}} {
			in := notify.ChooseIn{Quiet: notify.QuietOwn, QuietFrom: outside[0], QuietTo: outside[1]}
			if _, err := notify.Choose.Do(t.Context(), w.App, w.a, in); kind(err) != fault.Invalid {
				t.Errorf("%v lies within 21:00 to 07:30? %v", outside, err)
			}
		}
		w.choose(t, w.a, notify.ChooseIn{Mail: notify.Nothing, Digest: true, Quiet: notify.QuietOwn, QuietFrom: "21:00", QuietTo: "07:30"})
		w.choose(t, w.a, notify.ChooseIn{SMS: notify.All, Quiet: notify.QuietNone}) // mail was not asked again
		out, err := notify.Choice.Do(t.Context(), w.App, w.a, struct{}{})
		if err != nil || len(out.Channels) != 3 || out.Channels[0].Level != notify.Nothing || out.Channels[1].Level != notify.All || out.Digest || out.Quiet != notify.QuietNone {
			t.Errorf("%+v %v", out, err)
		}
		if out.Channels[1].Address != "138****0001" || out.Channels[0].Address != "a**" || out.Channels[2].Address != "jia" {
			t.Errorf("addresses %+v", out.Channels)
		}
		for _, who := range []access.Actor{access.Nobody(access.Via{}), access.Machine(w.CommitteeID, "x")} {
			if _, err := notify.Choose.Do(t.Context(), w.App, who, notify.ChooseIn{}); err == nil {
				t.Errorf("%q chose", who.Name)
			}
		}
	})
}

// TestQuietHoursByProperty: whenever somebody is told, the mail goes out at an
// instant outside of the window, and at the first one.
func TestQuietHoursByProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.IntRange(0, 1439).Draw(t, "from"), rapid.IntRange(0, 1439).Draw(t, "to")
		at := time.Date(2026, 1, 1, 0, 0, rapid.IntRange(0, 59).Draw(t, "s"), 0, clock.Beijing).Add(time.Duration(rapid.IntRange(0, 3*1440).Draw(t, "m")) * time.Minute)
		text := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
		got := notify.Awake(at.UTC(), text(from), text(to))
		inside := func(x time.Time) bool {
			m := x.In(clock.Beijing).Hour()*60 + x.In(clock.Beijing).Minute()
			if from <= to {
				return from <= m && m < to
			}
			return m >= from || m < to
		}
		if inside(got) || got.Before(at) {
			t.Fatalf("%v lies in %s–%s (told %v)", got, text(from), text(to), at)
		}
		for x := at; x.Before(got); x = x.Add(time.Minute) {
			if !inside(x) {
				t.Fatalf("told at %v, could go at %v, went at %v", at, x, got)
			}
		}
	})
}
