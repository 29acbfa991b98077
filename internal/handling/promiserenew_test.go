package handling_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
)

// followUp begins a further reply and gives its draft.
func (w *city) followUp(c handling.Case) handling.Reply {
	w.t.Helper()
	out := act(w, handling.BeginFollowUp, w.HandlerA, handling.FollowUpIn{ID: w.assignment(c, "unitA").ID})
	for _, r := range w.view(w.HandlerA, c).Replies {
		if r.ID == out.ID {
			return r
		}
	}
	w.t.Fatal("the draft is not there")
	return handling.Reply{}
}

// answered sends a further reply out.
func (w *city) answered(c handling.Case, r handling.Reply) {
	w.t.Helper()
	out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: r.AssignmentID, Version: r.Version, ReplyText: r.ReplyText})
	act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
}

// finished fills in what a further reply says.
func finished(r *handling.Reply, number, class string) {
	text := letter(number, class)
	r.Number, r.Class, r.Body, r.Items = text.Number, class, text.Body, text.Items
}

// TestKeptPromisesRaiseTheClass: two promises are kept, the further reply is of
// class A; the first reply keeps B for the figures of its year, and the register
// holds both promises as kept.
func TestKeptPromisesRaiseTheClass(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-05-29", "2026-06-30")
		w.At(t, "2026-05-06T10:00")
		act(w, handling.KeepPromise, w.HandlerA, kept(list[0].ID))
		if w.assignment(c, "unitA").AllKept {
			t.Error("one of two is kept, and a better class is offered")
		}
		act(w, handling.KeepPromise, w.HandlerA, kept(list[1].ID))
		if a := w.view(w.HandlerA, c).Assignments[0]; !a.AllKept || !a.May.FollowUp {
			t.Errorf("the unit is not offered a further reply: %+v", a.May)
		}
		r := w.followUp(c)
		if len(r.Promises) != 0 {
			t.Errorf("the draft promises what is kept: %+v", r.Promises)
		}
		finished(&r, "九号", "A")
		r.Items[1].Outcome = "adopted"
		w.answered(c, r)
		s, _ := w.standing(c)
		if s.Class != "A" {
			t.Errorf("lists show class %s", s.Class)
		}
		v := w.view(w.Office, c)
		if v.Replies[0].Class != "B" || v.Replies[1].Class != "A" || w.assignment(c, "unitA").AllKept {
			t.Errorf("replies of class %s and %s", v.Replies[0].Class, v.Replies[1].Class)
		}
		out := w.register(w.Office, handling.PromisesIn{State: handling.PromiseKept})
		if out.Total != 2 || out.Tally.Kept != 2 || out.Tally.Open != 0 {
			t.Errorf("the register: %+v", out.Tally)
		}
	})
}

// TestADateMovesInAReplyOnly: a further reply promises the same for another day.
// Both stay in the register, and in time means by the first day.
func TestADateMovesInAReplyOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-05-29", "2026-06-30")
		w.At(t, "2026-06-01T10:00")
		act(w, handling.CancelPromise, w.HandlerA, handling.CancelIn{ID: list[0].ID, Reason: "先申请"})
		r := w.followUp(c)
		if len(r.Promises) != 2 || r.Promises[0].Renews != list[0].ID || r.Promises[0].Was != "2026-05-29" {
			t.Fatalf("the draft repeats what stands: %+v", r.Promises)
		}
		finished(&r, "九号", "B")
		submit := func(p ...handling.PromiseText) error {
			x := r.ReplyText
			x.Promises = p
			return try(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: r.AssignmentID, Version: r.Version, ReplyText: x})
		}
		moved := r.Promises[0]
		moved.DueOn = "2026-05-31"
		refused(t, submit(moved), fault.Invalid, "handling.promise.past")
		moved.DueOn = "2036-05-31"
		refused(t, submit(moved), fault.Invalid, "handling.promise.far")
		moved.DueOn = "2026-09-30"
		refused(t, submit(moved, moved), fault.Invalid, "handling.promise.renew-twice")
		elsewhere := moved
		elsewhere.Renews = "nothing"
		refused(t, submit(elsewhere), fault.Invalid, "handling.choose")
		refused(t, submit(handling.PromiseText{Text: "没有期限", Owner: "何承宇"}), fault.Invalid, "handling.required")

		r.Promises[0].DueOn = "2026-09-30" // the second line only repeats what stands
		w.answered(c, r)
		v := w.view(w.Members[0], c)
		if len(v.Promises) != 3 {
			t.Fatalf("%d promises: %+v", len(v.Promises), v.Promises)
		}
		old, same, anew := v.Promises[0], v.Promises[1], v.Promises[2]
		if old.State != handling.PromiseReplaced || old.DueOn != "2026-05-29" || same.State != handling.PromiseOpen || same.ID != list[1].ID {
			t.Errorf("what stood: %+v, %+v", old, same)
		}
		if anew.DueOn != "2026-09-30" || anew.FirstDueOn != "2026-05-29" || !anew.Moved() || anew.Renews != old.ID || anew.Late {
			t.Errorf("made anew: %+v", anew)
		}
		if p := w.promise(w.GovDesk, anew.ID); len(p.Earlier) != 1 || p.Earlier[0].ID != old.ID || p.Later != nil {
			t.Errorf("its story: %+v", p)
		}
		if p := w.promise(w.GovDesk, old.ID); p.Later == nil || p.Later.ID != anew.ID || !p.Promise.CancelAskedAt.IsZero() {
			t.Errorf("the story of the old one: %+v", p)
		}
		if last := v.Replies[len(v.Replies)-1]; last.Promises[0].Was != "2026-05-29" {
			t.Errorf("the letter does not tell the first date: %+v", last.Promises)
		}
		w.At(t, "2026-07-01T10:00")
		act(w, handling.KeepPromise, w.HandlerA, handling.KeepIn{ID: anew.ID, KeptOn: "2026-06-30", Evidence: "已安装"})
		b := w.lookBack(w.Office, handling.LookBackIn{Year: 2026}).Total
		if b.Made != 3 || b.Tardy != 1 || b.OnTime != 0 || b.Replaced != 1 || b.Late != 1 {
			t.Errorf("looking back: %+v", b)
		}
	})
}

// TestWhatWasSettledIsNotMadeAnew: when the further reply goes out the promise it
// was to renew may be kept.
func TestWhatWasSettledIsNotMadeAnew(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-05-29")
		w.At(t, "2026-05-06T10:00")
		r := w.followUp(c)
		finished(&r, "九号", "B")
		r.Promises[0].DueOn = "2026-09-30"
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: r.AssignmentID, Version: r.Version, ReplyText: r.ReplyText})
		act(w, handling.KeepPromise, w.SignerA, kept(list[0].ID))
		refused(t, try(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version}), fault.Invalid, "handling.promise.renew-over")
	})
}

// TestASecondHandlingAnswersAnew: what was promised before is replaced, what was
// kept stays kept.
func TestASecondHandlingAnswersAnew(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-05-29", "2026-06-30")
		w.At(t, "2026-03-09T10:00")
		act(w, handling.KeepPromise, w.HandlerA, handling.KeepIn{ID: list[0].ID, KeptOn: "2026-03-09", Evidence: "已完成"})
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: list[0].ReplyID, Attitude: "satisfied", Result: "dissatisfied", Reason: "太慢"})
		w.contact(w.HandlerA, c, "unitA")
		text := promising("二号", "2026-05-20")
		text.Promises[0].Renews = list[1].ID
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: w.assignment(c, "unitA").ID, ReplyText: text})
		act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
		v := w.view(w.Office, c)
		if v.Promises[0].State != handling.PromiseKept || v.Promises[1].State != handling.PromiseReplaced || v.Promises[2].FirstDueOn != "2026-06-30" {
			t.Errorf("%+v", v.Promises)
		}
		act(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: list[0].ID, Answer: handling.ConfirmNo, Words: "没有看到"})
		if p := w.promise(w.HandlerA, list[0].ID).Promise; p.State != handling.PromiseOpen || !p.May.Keep {
			t.Errorf("of the first round: %+v", p)
		}
	})
}

// TestPromisesFollowTheUnit: they are with the unit that stands for one that
// ended, also when a proposer says afterwards that one was not kept.
func TestPromisesFollowTheUnit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"closing":"replied"}`)
		_, list := w.promised("2026-05-29")
		_, others := w.promised("2026-06-30")
		w.At(t, "2026-05-06T10:00")
		act(w, handling.KeepPromise, w.HandlerA, kept(list[0].ID))
		merged := act(w, organization.MergeBodies, w.SysAdmin, organization.MergeBodiesIn{IDs: []string{w.Bodies["unitA"], w.Bodies["unitB"]}, Name: "市建设局", Reference: "云编办〔2026〕9号"})
		w.CaughtUp(t)
		w.tasks(t.Context())
		now := w.HandlerA
		now.Post.BodyID = merged.ID
		now.Posts = []access.Post{now.Post}
		if p := w.promise(now, others[0].ID).Promise; p.UnitName != "市建设局" || !p.May.Keep {
			t.Errorf("an open promise is with %s: %+v", p.UnitName, p.May)
		}
		act(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: list[0].ID, Answer: handling.ConfirmNo, Words: "只装了五盏"})
		p := w.promise(now, list[0].ID).Promise
		if p.UnitName != "市建设局" || p.State != handling.PromiseOpen || !p.May.Keep {
			t.Errorf("one that is open again is with %s: %+v", p.UnitName, p)
		}
		if out := w.register(now, handling.PromisesIn{}); out.Total != 2 {
			t.Errorf("the new unit sees %d of 2", out.Total)
		}
		act(w, handling.KeepPromise, now, kept(list[0].ID))
	})
}
