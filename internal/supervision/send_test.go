package supervision_test

import (
	"slices"
	"sync"
	"testing"

	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/supervision"
	"tongxin/internal/testkit"
)

// TestAChaseFromSendingToItsAnswer: a letter about two cases, received, not
// answered in time, answered late.
func TestAChaseFromSendingToItsAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, two := w.toUnit("deskG", "unitA"), w.toUnit("deskG", "unitA")
		w.sign(one, "unitA")
		w.At(t, "2026-06-04T09:00") // both due on the 2nd
		out := act(w, supervision.Send, w.GovDesk, letter(one.A, two.A))
		if len(out.Sent) != 1 || len(out.LeftOut) != 0 || out.Sent[0].N != 2 || out.Sent[0].No != 1 || out.Sent[0].Year != 2026 || out.Sent[0].AnswerBy != "2026-06-11" {
			t.Fatalf("sent %+v", out)
		}
		id := out.Sent[0].ID
		w.CaughtUp(t)
		for _, who := range []struct {
			name string
			n    int
		}{{"handler", w.told(w.HandlerA, "supervision.notice.letter")}, {"signer", w.told(w.SignerA, "supervision.notice.letter")}} {
			if who.n != 1 {
				t.Errorf("the %s has %d messages", who.name, who.n)
			}
		}
		if n := w.told(w.HandlerB, "supervision.notice.letter"); n != 0 {
			t.Errorf("another unit has %d messages", n)
		}
		x := ask(w, supervision.ShowChase, w.HandlerA, supervision.ReceiveIn{ID: id})
		if !x.May.Receive || !x.May.Answer || x.May.Again || len(x.Items) != 2 || x.Items[0].What != supervision.ToReply || len(x.AnswerDue.Steps) == 0 || x.FromName != "市政府督查室" || x.SignedName != w.GovDesk.Name {
			t.Errorf("the unit sees %+v", x)
		}
		refused(t, try(w, supervision.Receive, w.HandlerB, supervision.ReceiveIn{ID: id}), fault.NotFound, "fault.not-found")
		refused(t, try(w, supervision.Receive, w.GovDesk, supervision.ReceiveIn{ID: id}), fault.Forbidden, "supervision.unit-has-account")
		refused(t, try(w, supervision.Answer, w.Leader, supervision.AnswerIn{ID: id, Words: "好"}), fault.Forbidden, "supervision.unit-only")
		first := act(w, supervision.Receive, w.SignerA, supervision.ReceiveIn{ID: id})
		w.At(t, "2026-06-08T09:00")
		if again := act(w, supervision.Receive, w.HandlerA, supervision.ReceiveIn{ID: id}); !again.ReceivedAt.Equal(first.ReceivedAt.Time) {
			t.Errorf("received at %v, and again at %v", first.ReceivedAt, again.ReceivedAt)
		}
		refused(t, try(w, supervision.Answer, w.HandlerA, supervision.AnswerIn{ID: id, Words: "  "}), fault.Invalid, "supervision.required")
		w.At(t, "2026-06-11T23:00")
		w.tasks()
		if w.told(w.GovDesk, "supervision.notice.unanswered") != 0 {
			t.Error("the desk was told on the last day")
		}
		w.At(t, "2026-06-12T00:10")
		w.tasks()
		w.tasks()
		if a, b := w.told(w.GovDesk, "supervision.notice.unanswered"), w.told(w.HandlerA, "supervision.notice.answer-late"); a != 1 || b != 1 {
			t.Errorf("the desk was told %d times, the unit %d times", a, b)
		}
		if got := ask(w, supervision.ForLeader, w.Leader, struct{}{}); got.UnansweredN != 1 || got.Unanswered[0].ID != id {
			t.Errorf("the leader sees %+v", got.Unanswered)
		}
		if got := act(w, supervision.Answer, w.HandlerA, supervision.AnswerIn{ID: id, Words: "正在汇总，6 月 20 日前答复。"}); !got.Late {
			t.Error("the answer is not late")
		}
		refused(t, try(w, supervision.Answer, w.HandlerA, supervision.AnswerIn{ID: id, Words: "再答"}), fault.Closed, "supervision.chase.answered-already")
		w.CaughtUp(t)
		if n := w.told(w.GovDesk, "supervision.notice.answered"); n != 1 {
			t.Errorf("the desk was told of the answer %d times", n)
		}
		if x := w.chase(id); !x.AnsweredLate || x.How != supervision.ByWords || x.AnsweredName != w.HandlerA.Name || x.Overdue {
			t.Errorf("answered %+v", x.Chase)
		}
	})
}

// TestQuietDays: what was chased is left in peace, unless there is a reason.
func TestQuietDays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, two := w.toUnit("deskG", "unitA"), w.toUnit("deskG", "unitA")
		act(w, supervision.Send, w.GovDesk, note(one.A))
		err := try(w, supervision.Send, w.GovDesk, note(one.A))
		refused(t, err, fault.Invalid, "supervision.chase.quiet")
		if f := fault.From(err); f.Field != "again" || !slices.Contains(f.Args, any("2026-03-02")) {
			t.Errorf("refused with %v beside %q", f.Args, f.Field)
		}
		refused(t, try(w, supervision.Send, w.Office, note(one.A)), fault.Invalid, "supervision.chase.quiet") // whoever chased
		in := note(one.A)
		in.Again = true
		refused(t, try(w, supervision.Send, w.GovDesk, in), fault.Invalid, "supervision.required")
		in.Reason = "市领导要求今日答复。"
		again := act(w, supervision.Send, w.GovDesk, in)
		if x := w.chase(again.Sent[0].ID); x.AgainReason != in.Reason {
			t.Errorf("the reason is %q", x.AgainReason)
		}
		out := act(w, supervision.Send, w.GovDesk, note(one.A, two.A, "nothing"))
		if len(out.Sent) != 1 || out.Sent[0].N != 1 || len(out.LeftOut) != 2 {
			t.Fatalf("in part: %+v", out)
		}
		for _, x := range out.LeftOut {
			if x.ID == one.A && (x.Key != "supervision.chase.quiet" || x.On != "2026-03-02") || x.ID == "nothing" && x.Key != "fault.not-found" {
				t.Errorf("left out %+v", x)
			}
		}
		w.At(t, "2026-03-04T23:59") // two working days later
		refused(t, try(w, supervision.Send, w.GovDesk, note(one.A)), fault.Invalid, "supervision.chase.quiet")
		w.At(t, "2026-03-05T00:00") // the third
		act(w, supervision.Send, w.GovDesk, note(one.A))
	})
}

// TestRemindersAreSilentAfterAChase: handling does not say the same again.
func TestRemindersAreSilentAfterAChase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, two := w.toUnit("deskG", "unitA"), w.toUnit("deskG", "unitA")
		w.sign(one, "unitA")
		w.sign(two, "unitA")
		w.At(t, "2026-05-27T09:00")
		w.tasks()
		before := w.count("SELECT COUNT(*) FROM fact WHERE kind = 'assignment.reminded'")
		w.At(t, "2026-05-28T08:00") // three working days before the 2nd of June
		act(w, supervision.Send, w.GovDesk, note(one.A))
		w.tasks()
		if n := w.count("SELECT COUNT(*) FROM fact WHERE kind = 'assignment.reminded'") - before; n != 1 {
			t.Errorf("%d reminders, want one for the case that was not chased", n)
		}
	})
}

// TestWhatCannotBeChased: empty, absurd, hostile, answered, with others.
func TestWhatCannotBeChased(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one := w.toUnit("deskG", "unitA")
		refused(t, try(w, supervision.Send, w.GovDesk, note()), fault.Invalid, "supervision.chase.none")
		refused(t, try(w, supervision.Send, w.GovDesk, note(slices.Collect(func(yield func(string) bool) {
			for i := range 501 {
				if !yield(string(rune('a'+i%26)) + string(rune('a'+i/26))) {
					return
				}
			}
		})...)), fault.Invalid, "supervision.chase.many")
		for _, in := range []supervision.SendIn{{IDs: []string{one.A}, Form: "shout", Requirement: "快"}, {IDs: []string{one.A}, Form: supervision.Note},
			{IDs: []string{one.A}, Form: supervision.Letter, Requirement: string(make([]rune, 501))}} {
			if err := try(w, supervision.Send, w.GovDesk, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
		refused(t, try(w, supervision.Send, w.GovDesk, note("' OR 1=1 --")), fault.NotFound, "fault.not-found")
		w.sign(one, "unitA")
		w.reply(one, "unitA", "1号")
		refused(t, try(w, supervision.Send, w.GovDesk, note(one.A)), fault.Closed, "supervision.chase.answered")
		two := w.toUnit("deskG", "unitA")
		act(w, handling.Object, w.HandlerA, handling.ObjectIn{ID: two.A, Reason: "不属于我局职责。", Unit: w.Bodies["unitB"]})
		refused(t, try(w, supervision.Send, w.GovDesk, note(two.A)), fault.Closed, "supervision.chase.ruling")
	})
}

// TestADeskChasesItsOwnOnly: what another desk dispatched does not exist for it.
func TestADeskChasesItsOwnOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		party, gov, direct := w.toUnit("deskP", "unitC"), w.toUnit("deskG", "unitA"), w.toUnit("", "unitB")
		for _, a := range []string{party.A, direct.A} {
			refused(t, try(w, supervision.Send, w.GovDesk, note(a)), fault.NotFound, "fault.not-found")
		}
		for _, who := range []struct {
			name string
			err  error
			kind fault.Kind
		}{
			{"own unit", try(w, supervision.Send, w.HandlerA, note(gov.A)), fault.Forbidden},
			{"leader", try(w, supervision.Send, w.Leader, note(gov.A)), fault.Forbidden},
			{"other unit", try(w, supervision.Send, w.HandlerB, note(gov.A)), fault.NotFound},
			{"member", try(w, supervision.Send, w.Members[0], note(gov.A)), fault.NotFound},
			{"system administrator", try(w, supervision.Send, w.SysAdmin, note(gov.A)), fault.NotFound},
			{"other committee", try(w, supervision.Send, w.Stranger, note(gov.A)), fault.NotFound},
		} {
			if !fault.Is(who.err, who.kind) {
				t.Errorf("%s: %v", who.name, who.err)
			}
		}
		out := act(w, supervision.Send, w.GovDesk, note(gov.A, party.A))
		if len(out.Sent) != 1 || len(out.LeftOut) != 1 || out.LeftOut[0].Key != "fault.not-found" || out.LeftOut[0].Number != "" {
			t.Errorf("beside another desk's: %+v", out)
		}
		// The committee's office chases everything, one chase per unit and desk.
		w.At(t, "2026-03-09T09:00")
		all := act(w, supervision.Send, w.Office, letter(party.A, gov.A, direct.A))
		if len(all.Sent) != 3 || all.Sent[0].No+all.Sent[1].No+all.Sent[2].No != 6 {
			t.Fatalf("the office sent %+v", all)
		}
		w.CaughtUp(t)
		if n := w.told(w.GovDesk, "supervision.notice.chased-by-office"); n != 1 {
			t.Errorf("the desk was told %d times that the office chased", n)
		}
		seen := ask(w, supervision.Chases, w.GovDesk, supervision.ChasesIn{})
		if seen.Total != 2 {
			t.Errorf("the desk sees %d chases", seen.Total)
		}
		for _, s := range all.Sent {
			err := asked(w, supervision.ShowChase, w.GovDesk, supervision.ReceiveIn{ID: s.ID})
			if own := s.UnitID == w.Bodies["unitA"]; own != (err == nil) {
				t.Errorf("the desk opens the chase of %s: %v", s.UnitName, err)
			}
		}
		refused(t, asked(w, supervision.OfUnit, w.HandlerB, supervision.UnitIn{ID: w.Bodies["unitA"]}), fault.NotFound, "fault.not-found")
		if p := ask(w, supervision.OfUnit, w.GovDesk, supervision.UnitIn{ID: w.Bodies["unitC"]}); len(p.Items)+len(p.Chases)+p.Counts.All() != 0 {
			t.Errorf("the desk sees what another dispatched: %+v", p)
		}
	})
}

// TestNumbersAreUniqueUnderConcurrency: each sender has a series without gaps,
// and one assignment is chased by one of many.
func TestNumbersAreUniqueUnderConcurrency(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		var list []string
		for range 12 {
			list = append(list, w.toUnit("deskG", "unitA").A)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		nos, refusals := map[string][]int{}, 0
		for i, a := range list {
			for _, who := range []struct {
				name string
				by   func() error
			}{
				{"desk", func() error {
					out, err := supervision.Send.Do(t.Context(), w.App, w.GovDesk, letter(a))
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						nos["desk"] = append(nos["desk"], out.Sent[0].No)
					}
					return err
				}},
				{"office", func() error {
					out, err := supervision.Send.Do(t.Context(), w.App, w.Office, letter(list[(i+5)%len(list)]))
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						nos["office"] = append(nos["office"], out.Sent[0].No)
					}
					return err
				}},
			} {
				wg.Go(func() {
					err := who.by()
					if err == nil {
						return
					}
					mu.Lock()
					defer mu.Unlock()
					if refusals++; !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Stale) {
						t.Errorf("%s: %v", who.name, err)
					}
				})
			}
		}
		wg.Wait()
		if refusals != 12 || len(nos["desk"])+len(nos["office"]) != 12 {
			t.Errorf("%d refused, numbers %v", refusals, nos)
		}
		for who, got := range nos {
			slices.Sort(got)
			for i, no := range got {
				if no != i+1 {
					t.Fatalf("the series of the %s: %v", who, got)
				}
			}
		}
		// Another year begins anew.
		w.At(t, "2027-01-04T09:00")
		if out := act(w, supervision.Send, w.GovDesk, letter(list[0])); out.Sent[0].No != 1 || out.Sent[0].Year != 2027 {
			t.Errorf("in the next year: %+v", out.Sent[0])
		}
	})
}

// TestTheSameFormTwice: a repetition has one effect and the first answer.
func TestTheSameFormTwice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one := w.toUnit("deskG", "unitA")
		who := testkit.Keyed(w.GovDesk, "once")
		first := act(w, supervision.Send, who, letter(one.A))
		second := act(w, supervision.Send, who, letter(one.A))
		if first.Sent[0] != second.Sent[0] || w.count("SELECT COUNT(*) FROM chase") != 1 {
			t.Errorf("%+v, then %+v", first, second)
		}
		w.CaughtUp(t)
		w.CaughtUp(t)
		if n := w.told(w.HandlerA, "supervision.notice.letter"); n != 1 {
			t.Errorf("the unit was told %d times", n)
		}
	})
}

// TestAnsweredByWhatWasAwaited: the reply answers the chase.
func TestAnsweredByWhatWasAwaited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, two := w.toUnit("deskG", "unitA"), w.toUnit("deskG", "unitA")
		w.sign(one, "unitA")
		id := act(w, supervision.Send, w.GovDesk, note(one.A, two.A)).Sent[0].ID
		if x := w.chase(id); x.Items[0].What != supervision.ToReply && x.Items[1].What != supervision.ToReply || x.Items[0].What == x.Items[1].What {
			t.Errorf("chased for %+v", x.Items)
		}
		w.reply(one, "unitA", "1号")
		w.CaughtUp(t)
		if x := w.chase(id); !x.AnsweredAt.IsZero() {
			t.Error("answered by one of two")
		}
		w.sign(two, "unitA")
		w.CaughtUp(t)
		x := w.chase(id)
		if x.AnsweredAt.IsZero() || x.How != supervision.ByReply || x.AnsweredLate || x.AnsweredName != "市住房和城乡建设局" {
			t.Errorf("answered %+v", x.Chase)
		}
		refused(t, try(w, supervision.Answer, w.HandlerA, supervision.AnswerIn{ID: id, Words: "已办"}), fault.Closed, "supervision.chase.settled")
		if n := w.count("SELECT COUNT(*) FROM fact WHERE kind = 'chase.answered'"); n != 1 {
			t.Errorf("%d facts", n)
		}
	})
}

// TestAUnitWithoutAccount: staff enter for it what came on paper.
func TestAUnitWithoutAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one := w.toUnit("deskG", "unitA")
		id := act(w, supervision.Send, w.GovDesk, letter(one.A)).Sent[0].ID
		w.exec("UPDATE account SET state = 'closed' WHERE person_id IN (?, ?)", w.HandlerA.PersonID, w.SignerA.PersonID)
		if x := ask(w, supervision.ShowChase, w.GovDesk, supervision.ReceiveIn{ID: id}); !x.May.OnPaper {
			t.Error("the desk cannot enter for the unit")
		}
		act(w, supervision.Receive, w.GovDesk, supervision.ReceiveIn{ID: id})
		act(w, supervision.Answer, w.Office, supervision.AnswerIn{ID: id, Words: "纸质回复：正在办理。"})
		if x := w.chase(id); x.ReceivedName != w.GovDesk.Name || x.AnsweredName != w.Office.Name {
			t.Errorf("entered by %s and %s", x.ReceivedName, x.AnsweredName)
		}
	})
}
