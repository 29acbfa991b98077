package handling_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/testkit"
)

// promising is a reply of class B that promises something until each of the days.
func promising(number string, days ...string) handling.ReplyText {
	text := letter(number, "B")
	text.Promises = nil
	for _, on := range days {
		text.Promises = append(text.Promises, handling.PromiseText{No: 2, Text: "增设路灯，" + on + " 前完成", Owner: "何承宇", DueOn: on})
	}
	return text
}

// promised is a case that unit A answered with promises, in order of their days.
func (w *city) promised(days ...string) (handling.Case, []handling.Promise) {
	w.t.Helper()
	c := w.underway()
	out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: w.assignment(c, "unitA").ID, ReplyText: promising(c.ID, days...)})
	act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
	list := w.view(w.Office, c).Promises
	if len(list) != len(days) {
		w.t.Fatalf("%d promises are registered, want %d", len(list), len(days))
	}
	return c, list
}

// promise is one promise as somebody sees it.
func (w *city) promise(who access.Actor, id string) handling.PromiseShown {
	w.t.Helper()
	out, err := handling.ShowPromise.Do(w.t.Context(), w.App, who, handling.ReadIn{ID: id})
	w.ok(err)
	return out
}

func kept(id string) handling.KeepIn {
	return handling.KeepIn{ID: id, KeptOn: "2026-05-06", Evidence: "二十盏路灯已经安装，验收单见附件。"}
}

// TestAPromiseIsKeptAndConfirmed: the unit reports it with evidence, one of the
// proposers confirms it, the others are told that it is done.
func TestAPromiseIsKeptAndConfirmed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-06-30")
		id := list[0].ID
		w.At(t, "2026-05-06T10:00")
		if m := w.promise(w.HandlerA, id).Promise.May; !m.Keep || !m.Cancel || m.Direct || m.Decide || m.Confirm {
			t.Errorf("the unit may %+v", m)
		}
		if m := w.promise(w.GovDesk, id).Promise.May; m.Keep || !m.Cancel || !m.Direct || m.Decide {
			t.Errorf("the desk may %+v", m)
		}
		out := act(w, handling.KeepPromise, w.HandlerA, kept(id))
		if out.State != handling.PromiseKept || !out.ConfirmAsked {
			t.Errorf("kept: %+v", out)
		}
		refused(t, try(w, handling.KeepPromise, w.HandlerA, kept(id)), fault.Closed, "handling.promise.closed.kept")
		refused(t, try(w, handling.CancelPromise, w.GovDesk, handling.CancelIn{ID: id, Reason: "x"}), fault.Closed, "handling.promise.closed.kept")
		p := w.promise(w.Members[1], id).Promise
		if p.KeptOn != "2026-05-06" || p.Evidence == "" || p.EndedName != w.HandlerA.Name || !p.InTime() || !p.Awaited() || !p.May.Confirm {
			t.Errorf("as a proposer sees it: %+v", p)
		}
		refused(t, try(w, handling.ConfirmPromise, w.Members[1], handling.ConfirmIn{ID: id, Answer: "perhaps"}), fault.Invalid, "handling.choose")
		refused(t, try(w, handling.ConfirmPromise, w.Members[1], handling.ConfirmIn{ID: id, Answer: "no"}), fault.Invalid, "handling.required")
		refused(t, try(w, handling.ConfirmPromise, w.HandlerA, handling.ConfirmIn{ID: id, Answer: "yes"}), fault.Forbidden, "handling.proposers-only")
		refused(t, try(w, handling.ConfirmPromise, w.Members[1], handling.ConfirmIn{ID: id, Version: 1, Answer: "yes"}), fault.Stale, "fault.stale")
		act(w, handling.ConfirmPromise, w.Members[1], handling.ConfirmIn{ID: id, Answer: handling.ConfirmYes})
		refused(t, try(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: id, Answer: "no", Words: "没有"}), fault.Closed, "handling.promise.confirm-done")
		s := w.promise(w.Leader, id)
		if s.Promise.Confirmed != "yes" || s.Promise.ConfirmedName != w.Members[1].Name || s.Promise.State != handling.PromiseKept || len(s.Steps) != 2 {
			t.Errorf("confirmed: %+v, %d steps", s.Promise, len(s.Steps))
		}
		if n := w.facts(c, "promise.kept") + w.facts(c, "promise.confirmed"); n != 2 {
			t.Errorf("%d facts", n)
		}
	})
}

// TestAPromiseThatWasNotKept is open again under its date, as often as needed,
// and what was said stays to be read.
func TestAPromiseThatWasNotKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-05-29")
		id := list[0].ID
		w.At(t, "2026-05-06T10:00")
		act(w, handling.KeepPromise, w.HandlerA, kept(id))
		w.At(t, "2026-06-03T10:00")
		act(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: id, Answer: handling.ConfirmNo, Words: "只装了五盏"})
		p := w.promise(w.HandlerA, id).Promise
		if p.State != handling.PromiseOpen || p.DueOn != "2026-05-29" || !p.Late || p.KeptOn != "" || p.Evidence != "" || p.Confirmed != "no" || p.ConfirmWords != "只装了五盏" || !p.May.Keep {
			t.Errorf("open again: %+v", p)
		}
		refused(t, try(w, handling.ConfirmPromise, w.Members[1], handling.ConfirmIn{ID: id, Answer: "yes"}), fault.Closed, "handling.promise.confirm-done")
		in := kept(id)
		in.KeptOn = "2026-06-02"
		act(w, handling.KeepPromise, w.HandlerA, in)
		if p := w.promise(w.Members[1], id).Promise; !p.Awaited() || p.ConfirmWords != "" || p.InTime() {
			t.Errorf("kept again: %+v", p)
		}
		act(w, handling.ConfirmPromise, w.Members[1], handling.ConfirmIn{ID: id, Answer: handling.ConfirmYes})
		var story []string
		for _, s := range w.promise(w.Office, id).Steps {
			story = append(story, s.What)
		}
		if got := strings.Join(story, " "); got != "kept denied kept confirmed" {
			t.Errorf("the story is %s", got)
		}
		if v := w.view(w.Office, c); len(v.PromiseSteps) != 4 || v.PromiseSteps[0].Words != kept(id).Evidence {
			t.Errorf("the case tells %+v", v.PromiseSteps)
		}
	})
}

// TestAPromiseIsCancelled: the unit asks, who dispatched the case decides, or
// cancels himself; the proposers see the outcome, not the bargaining.
func TestAPromiseIsCancelled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-06-30", "2026-07-31", "2026-08-31")
		a, b := list[0].ID, list[1].ID
		refused(t, try(w, handling.CancelPromise, w.HandlerA, handling.CancelIn{ID: a}), fault.Invalid, "handling.required")
		refused(t, try(w, handling.DecidePromise, w.GovDesk, handling.DecidePromiseIn{ID: a, Decision: handling.Granted}), fault.Closed, "handling.promise.cancel-none")
		out := act(w, handling.CancelPromise, w.SignerA, handling.CancelIn{ID: a, Reason: "规划调整，不再实施"})
		if out.State != handling.PromiseOpen || !out.CancelAsked {
			t.Errorf("asked: %+v", out)
		}
		refused(t, try(w, handling.CancelPromise, w.HandlerA, handling.CancelIn{ID: a, Reason: "再次申请"}), fault.Closed, "handling.promise.cancel-waits")
		refused(t, try(w, handling.DecidePromise, w.SignerA, handling.DecidePromiseIn{ID: a, Decision: handling.Granted}), fault.Forbidden, "handling.dispatcher-only")
		refused(t, try(w, handling.DecidePromise, w.Office, handling.DecidePromiseIn{ID: a, Decision: handling.Granted}), fault.Forbidden, "handling.dispatcher-only")
		refused(t, try(w, handling.DecidePromise, w.PartyDesk, handling.DecidePromiseIn{ID: a, Decision: handling.Granted}), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.DecidePromise, w.GovDesk, handling.DecidePromiseIn{ID: a, Decision: handling.Refused}), fault.Invalid, "handling.required")
		if p := w.promise(w.Members[0], a); !p.Promise.CancelAskedAt.IsZero() || p.Promise.CancelReason != "" || len(p.Steps) > 0 {
			t.Errorf("a proposer reads what is not decided: %+v", p)
		}
		act(w, handling.DecidePromise, w.GovDesk, handling.DecidePromiseIn{ID: a, Decision: handling.Refused, Words: "资金已经下达"})
		if p := w.promise(w.HandlerA, a); p.Promise.State != handling.PromiseOpen || !p.Promise.CancelAskedAt.IsZero() || len(p.Steps) != 2 || p.Steps[1].Words != "资金已经下达" {
			t.Errorf("refused: %+v", p)
		}
		if p := w.promise(w.Members[0], a); len(p.Steps) > 0 {
			t.Errorf("a proposer reads the bargaining: %+v", p.Steps)
		}
		act(w, handling.CancelPromise, w.HandlerA, handling.CancelIn{ID: a, Reason: "规划调整，不再实施"})
		act(w, handling.DecidePromise, w.GovDesk, handling.DecidePromiseIn{ID: a, Decision: handling.Granted})
		if p := w.promise(w.Members[0], a); p.Promise.State != handling.PromiseCancelled || p.Promise.Reason != "规划调整，不再实施" || len(p.Steps) != 1 {
			t.Errorf("granted: %+v", p)
		}
		refused(t, try(w, handling.KeepPromise, w.HandlerA, kept(a)), fault.Closed, "handling.promise.closed.cancelled")

		act(w, handling.CancelPromise, w.HandlerA, handling.CancelIn{ID: b, Reason: "先申请"})
		w.At(t, "2026-05-06T10:00")
		act(w, handling.KeepPromise, w.HandlerA, kept(b)) // kept after all: the wish is void
		if p := w.promise(w.GovDesk, b).Promise; p.State != handling.PromiseKept || !p.CancelAskedAt.IsZero() || p.May.Decide {
			t.Errorf("kept after all: %+v", p)
		}
		refused(t, try(w, handling.CancelPromise, w.Office, handling.CancelIn{ID: list[2].ID, Reason: "x"}), fault.Forbidden, "handling.unit-has-account")
		act(w, handling.CancelPromise, w.GovDesk, handling.CancelIn{ID: list[2].ID, Reason: "并入另一工程"})
		if n := w.facts(c, "promise.cancelled"); n != 2 {
			t.Errorf("%d are cancelled", n)
		}
	})
}

// TestStrangeReportsOfPromises are refused with a sentence beside the field.
func TestStrangeReportsOfPromises(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		_, list := w.promised("2026-06-30")
		id := list[0].ID
		for name, x := range map[string]struct {
			in  handling.KeepIn
			key string
		}{
			"nothing":         {handling.KeepIn{ID: id}, "handling.required"},
			"no day":          {handling.KeepIn{ID: id, KeptOn: "2026-02-30", Evidence: "x"}, "web.not-a-date"},
			"a hostile day":   {handling.KeepIn{ID: id, KeptOn: "'; DROP TABLE promise", Evidence: "x"}, "web.not-a-date"},
			"tomorrow":        {handling.KeepIn{ID: id, KeptOn: "2026-03-03", Evidence: "x"}, "handling.promise.kept-future"},
			"before":          {handling.KeepIn{ID: id, KeptOn: "2026-03-01", Evidence: "x"}, "handling.promise.kept-before"},
			"only blanks":     {handling.KeepIn{ID: id, KeptOn: "2026-03-02", Evidence: " \n\x00 "}, "handling.required"},
			"a whole library": {handling.KeepIn{ID: id, KeptOn: "2026-03-02", Evidence: strings.Repeat("字", 3000)}, "handling.too-long"},
		} {
			t.Run(name, func(t *testing.T) {
				refused(t, try(w, handling.KeepPromise, w.HandlerA, x.in), fault.Invalid, x.key)
			})
		}
		refused(t, try(w, handling.KeepPromise, w.HandlerA, kept("nothing")), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.KeepPromise, w.HandlerB, kept(id)), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.KeepPromise, w.Stranger, kept(id)), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.KeepPromise, w.SysAdmin, kept(id)), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.KeepPromise, w.Members[0], kept(id)), fault.Forbidden, "handling.unit-only")
		refused(t, try(w, handling.KeepPromise, w.GovDesk, kept(id)), fault.Forbidden, "handling.unit-has-account")
		stale := handling.KeepIn{ID: id, Version: 7, KeptOn: "2026-03-02", Evidence: "x"}
		refused(t, try(w, handling.KeepPromise, w.HandlerA, stale), fault.Stale, "fault.stale")
		refused(t, try(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: id, Answer: "yes"}), fault.Closed, "handling.promise.not-asked")
		for _, who := range []access.Actor{w.HandlerB, w.Members[4], w.PartyDesk, w.SysAdmin, w.Auditor, w.Stranger} {
			_, err := handling.ShowPromise.Do(t.Context(), w.App, who, handling.ReadIn{ID: id})
			refused(t, err, fault.NotFound, "fault.not-found")
		}
	})
}

// TestAHundredReportsOfOnePromise have one effect, and the same key gives the
// first answer.
func TestAHundredReportsOfOnePromise(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-06-30", "2026-07-31")
		w.At(t, "2026-05-06T10:00")
		var wg sync.WaitGroup
		var done atomic.Int64
		for range 100 {
			wg.Go(func() {
				_, err := handling.KeepPromise.Do(t.Context(), w.App, w.HandlerA, kept(list[0].ID))
				if err == nil {
					done.Add(1)
				} else if !fault.Is(err, fault.Closed) && !fault.Is(err, fault.Stale) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 || w.facts(c, "promise.kept") != 1 || len(w.promise(w.Office, list[0].ID).Steps) != 1 {
			t.Errorf("%d succeeded, %d facts", done.Load(), w.facts(c, "promise.kept"))
		}
		who := testkit.Keyed(w.HandlerA, "once")
		one, two := act(w, handling.KeepPromise, who, kept(list[1].ID)), act(w, handling.KeepPromise, who, kept(list[1].ID))
		if one != two || w.facts(c, "promise.kept") != 2 {
			t.Errorf("%+v and %+v", one, two)
		}
	})
}

// TestNobodyConfirmsHisOwnUnit: who holds a post in the unit is not asked; when
// there is nobody else nothing is asked at all.
func TestNobodyConfirmsHisOwnUnit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		both := w.Also(t, w.Members[0], access.Handler, "unitA", "副局长")
		_, list := w.promised("2026-06-30")
		w.At(t, "2026-05-06T10:00")
		if out := act(w, handling.KeepPromise, w.HandlerA, kept(list[0].ID)); !out.ConfirmAsked {
			t.Errorf("the other proposer is not asked: %+v", out)
		}
		member := both
		member.Post = w.Members[0].Post
		refused(t, try(w, handling.ConfirmPromise, member, handling.ConfirmIn{ID: list[0].ID, Answer: "yes"}), fault.Forbidden, "handling.promise.own-unit")

		c := w.petition(func(c *handling.Case) { c.Proposers = c.Proposers[:1] })
		w.dispatch(c, w.unit("unitA", handling.Sole))
		w.sign(w.HandlerA, c, "unitA")
		w.contact(w.HandlerA, c, "unitA")
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: w.assignment(c, "unitA").ID, ReplyText: promising("二", "2026-06-30")})
		act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
		w.At(t, "2026-05-07T10:00")
		id := w.view(w.Office, c).Promises[0].ID
		in := kept(id)
		in.KeptOn = "2026-05-07"
		if out := act(w, handling.KeepPromise, w.HandlerA, in); out.ConfirmAsked {
			t.Errorf("nobody could confirm it: %+v", out)
		}
	})
}

// TestNobodyIsAskedWhereTheCommitteeDoesNot: the profile says who has the last word.
func TestNobodyIsAskedWhereTheCommitteeDoesNot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"promise":{"outcomes":["planned"],"classes":["B"],"confirm":false,"near_days":15,"months_max":36}}`)
		_, list := w.promised("2026-06-30")
		w.At(t, "2026-05-06T10:00")
		if out := act(w, handling.KeepPromise, w.HandlerA, kept(list[0].ID)); out.ConfirmAsked || w.promise(w.Members[0], list[0].ID).Promise.May.Confirm {
			t.Errorf("asked all the same: %+v", out)
		}
	})
}

// TestAPromiseOfAUnitWithoutAccount is reported by those who dispatched it.
func TestAPromiseOfAUnitWithoutAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		_, list := w.promised("2026-06-30", "2026-07-31")
		w.inside(w.Chief, func(c *app.Call) error {
			_, err := c.Tx().Exec(c.Ctx(), "UPDATE post SET valid_to = '2026-03-01' WHERE body_id = ?", w.Bodies["unitA"])
			return err
		})
		w.At(t, "2026-05-06T10:00")
		act(w, handling.KeepPromise, w.GovDesk, kept(list[0].ID))
		act(w, handling.KeepPromise, w.Office, kept(list[1].ID))
		if p := w.promise(w.Members[0], list[0].ID).Promise; p.EndedName != w.GovDesk.Name {
			t.Errorf("reported by %s", p.EndedName)
		}
	})
}
