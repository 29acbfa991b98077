package handling_test

import (
	"slices"
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

// underway is a case whose sole unit has signed and talked to the proposers.
func (w *city) underway(change ...func(*handling.Case)) handling.Case {
	w.t.Helper()
	c := w.petition(change...)
	w.dispatch(c, w.unit("unitA", handling.Sole))
	w.sign(w.HandlerA, c, "unitA")
	w.contact(w.HandlerA, c, "unitA")
	return c
}

// TestAHundredAtOnce: identical issues and ratings have one effect each.
func TestAHundredAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.underway()
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: w.assignment(c, "unitA").ID, ReplyText: letter("1号", "A")})
		hundred := func(what string, f func() error) {
			var wg sync.WaitGroup
			var done, refused atomic.Int64
			for range 100 {
				wg.Go(func() {
					switch err := f(); {
					case err == nil:
						done.Add(1)
					case fault.Is(err, fault.Closed) || fault.Is(err, fault.Stale):
						refused.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if done.Load() != 1 || refused.Load() != 99 {
				t.Errorf("%s: %d succeeded, %d refused", what, done.Load(), refused.Load())
			}
		}
		hundred("issue", func() error {
			_, err := handling.Issue.Do(t.Context(), w.App, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
			return err
		})
		hundred("rate", func() error {
			_, err := handling.Rate.Do(t.Context(), w.App, w.Members[0], handling.RateIn{ID: out.ID, Attitude: "satisfied", Result: "satisfied"})
			return err
		})
		if n := w.facts(c, "reply.issued"); n != 1 {
			t.Errorf("issued %d times", n)
		}
		if v := w.view(w.Office, c); len(v.Replies[0].Ratings) != 1 || len(v.Replies[0].Deliveries) != 2 {
			t.Errorf("%+v", v.Replies[0])
		}
	})
}

// TestAgainWithTheSameKey gives the first answer and has no second effect.
func TestAgainWithTheSameKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.underway()
		id := w.assignment(c, "unitA").ID
		handler, signer := testkit.Keyed(w.HandlerA, "k1"), testkit.Keyed(w.SignerA, "k2")
		first := act(w, handling.Submit, handler, handling.SubmitIn{ID: id, ReplyText: letter("1号", "A")})
		if again := act(w, handling.Submit, handler, handling.SubmitIn{ID: id, ReplyText: letter("1号", "A")}); again.Version != first.Version || again.ID != first.ID {
			t.Errorf("%+v and %+v", first, again)
		}
		in := handling.IssueIn{ID: first.ID, Version: first.Version}
		one, two := act(w, handling.Issue, signer, in), act(w, handling.Issue, signer, in)
		if one.Version != two.Version || w.facts(c, "reply.issued") != 1 {
			t.Errorf("%+v and %+v", one, two)
		}
		row := []handling.CaseRow{{Kind: c.Kind, ID: c.ID, Units: []handling.UnitRole{w.unit("unitB", handling.Sole)}}}
		refused(t, try(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: row}), fault.Closed, "handling.dispatch.done")
	})
}

// TestSomebodyElseWasFaster: a stale form is told so and changes nothing.
func TestSomebodyElseWasFaster(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Sole))
		a := w.assignment(c, "unitA")
		w.sign(w.HandlerA, c, "unitA")
		refused(t, try(w, handling.Sign, w.SignerA, handling.SignIn{ID: a.ID, Version: a.Version, Handler: "甲", Phone: "0000-1111111"}), fault.Stale, "fault.stale")
		refused(t, try(w, handling.Sign, w.SignerA, handling.SignIn{ID: a.ID, Handler: "甲", Phone: "0000-1111111"}), fault.Closed, "handling.closed.signed")
		w.contact(w.HandlerA, c, "unitA")
		one := act(w, handling.Draft, w.HandlerA, handling.DraftIn{ID: a.ID, ReplyText: handling.ReplyText{Body: "甲稿"}})
		refused(t, try(w, handling.Draft, w.SignerA, handling.DraftIn{ID: a.ID, ReplyText: handling.ReplyText{Body: "乙稿"}}), fault.Stale, "fault.stale")
		refused(t, try(w, handling.Submit, w.SignerA, handling.SubmitIn{ID: a.ID, Version: one.Version + 1, ReplyText: letter("1号", "A")}), fault.Stale, "fault.stale")
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a.ID, Version: one.Version, ReplyText: letter("1号", "A")})
		refused(t, try(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: one.Version}), fault.Stale, "fault.stale")
		refused(t, try(w, handling.Return, w.SignerA, handling.ReturnIn{ID: out.ID, Version: one.Version, Words: "x"}), fault.Stale, "fault.stale")
		refused(t, try(w, handling.Draft, w.HandlerA, handling.DraftIn{ID: a.ID, Version: out.Version}), fault.Closed, "handling.reply.closed.signing")
		if v := w.view(w.SignerA, c); v.Replies[0].Body != letter("", "").Body {
			t.Errorf("the text became %q", v.Replies[0].Body)
		}
	})
}

// TestEmptyAbsurdAndHostile input is told beside its field, and nothing of it
// is written.
func TestEmptyAbsurdAndHostile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition()
		row := func(units ...handling.UnitRole) handling.DispatchIn {
			return handling.DispatchIn{Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID, Units: units}}}
		}
		long := strings.Repeat("长", 30000)
		refused(t, try(w, handling.Dispatch, w.Office, handling.DispatchIn{}), fault.Invalid, "handling.batch.none")
		refused(t, try(w, handling.Dispatch, w.Office, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: "petition"}, {}}}), fault.Invalid, "handling.batch.none")
		refused(t, try(w, handling.Dispatch, w.Office, handling.DispatchIn{Rows: make([]handling.CaseRow, 300)}), fault.Invalid, "handling.batch.none")
		refused(t, try(w, handling.Dispatch, w.Office, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: "petition", ID: c.ID}, {Kind: "petition", ID: c.ID}}}), fault.Invalid, "handling.batch.twice")
		refused(t, try(w, handling.Dispatch, w.Office, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: "'; DROP TABLE reply; --", ID: c.ID}}}), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.Dispatch, w.Office, row()), fault.Invalid, "handling.roles.none")
		refused(t, try(w, handling.Dispatch, w.Office, row(w.unit("unitA", "king"))), fault.Invalid, "handling.role-unknown")
		refused(t, try(w, handling.Dispatch, w.Office, row(handling.UnitRole{Unit: "市魔法局", Role: handling.Sole})), fault.Invalid, "handling.unit-unknown")
		refused(t, try(w, handling.Dispatch, w.Office, row(handling.UnitRole{Unit: w.Bodies["party"], Role: handling.Sole})), fault.Invalid, "handling.unit-unknown")
		refused(t, try(w, handling.Dispatch, w.Office, row(w.unit("unitA", handling.Lead), w.unit("unitA", handling.Assist))), fault.Invalid, "handling.unit-twice")
		refused(t, try(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["unitA"], Rows: row().Rows}), fault.Invalid, "handling.desk-unknown")
		w.stands(c, handling.Filed, handling.HeldByOffice, "")

		w.dispatch(c, w.unit("unitA", handling.Sole))
		a := w.assignment(c, "unitA").ID
		refused(t, try(w, handling.Sign, w.HandlerA, handling.SignIn{ID: "nothing"}), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.Sign, w.HandlerA, handling.SignIn{ID: a, Handler: " ", Phone: "javascript:alert(1)"}), fault.Invalid, "handling.phone")
		refused(t, try(w, handling.Sign, w.HandlerA, handling.SignIn{ID: a, Handler: long, Phone: "0000-1234567"}), fault.Invalid, "handling.too-long")
		refused(t, try(w, handling.Draft, w.HandlerA, handling.DraftIn{ID: a}), fault.Closed, "handling.sign-first")
		w.sign(w.HandlerA, c, "unitA")
		contact := handling.ContactIn{ID: a, Form: "meeting", HeldOn: "2026-03-02", Notes: "好"}
		for key, change := range map[string]func(*handling.ContactIn){
			"handling.choose":           func(x *handling.ContactIn) { x.Form = "telepathy" },
			"handling.contact.consent":  func(x *handling.ContactIn) { x.Form = "phone" },
			"web.not-a-date":            func(x *handling.ContactIn) { x.HeldOn = "昨天" },
			"handling.contact.future":   func(x *handling.ContactIn) { x.HeldOn = "2026-03-03" },
			"handling.contact.early":    func(x *handling.ContactIn) { x.HeldOn = "2026-03-01" },
			"handling.required":         func(x *handling.ContactIn) { x.Notes = "" },
			"handling.too-long":         func(x *handling.ContactIn) { x.Notes = long },
			"handling.proposer-unknown": func(x *handling.ContactIn) { x.Proposers = []string{w.Members[4].PersonID} },
		} {
			in := contact
			change(&in)
			refused(t, try(w, handling.RecordContact, w.HandlerA, in), fault.Invalid, key)
		}
		act(w, handling.RecordContact, w.HandlerA, contact)
		for key, change := range map[string]func(*handling.ReplyText){
			"handling.choose":                 func(x *handling.ReplyText) { x.Class = "Z" },
			"handling.required":               func(x *handling.ReplyText) { x.Number = "" },
			"handling.too-long":               func(x *handling.ReplyText) { x.Body = long },
			"handling.reply.publicity-reason": func(x *handling.ReplyText) { x.Publicity = "not_public" },
			"handling.reply.item-answer":      func(x *handling.ReplyText) { x.Items = x.Items[:1] },
			"handling.reply.item-outcome":     func(x *handling.ReplyText) { x.Items = nil },
			"handling.item-unknown":           func(x *handling.ReplyText) { x.Items[0].No = 7 },
		} {
			text := letter("1号", "A")
			text.Items = slices.Clone(text.Items)
			change(&text)
			refused(t, try(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a, ReplyText: text}), fault.Invalid, key)
		}
		out := w.issue(w.HandlerA, w.SignerA, c, "unitA", "1号", "A")
		refused(t, try(w, handling.Rate, w.Members[0], handling.RateIn{ID: out.ID, Attitude: "great", Result: "satisfied"}), fault.Invalid, "handling.choose")
		refused(t, try(w, handling.Rate, w.Members[0], handling.RateIn{ID: out.ID, Attitude: handling.NoResponse, Result: "satisfied"}), fault.Invalid, "handling.choose")
		refused(t, try(w, handling.Rate, w.Members[0], handling.RateIn{ID: out.ID, Attitude: "dissatisfied", Result: "satisfied", Reason: "  "}), fault.Invalid, "handling.rate.reason")
		refused(t, try(w, handling.RateOnPaper, w.Office, handling.PaperIn{RateIn: handling.RateIn{ID: out.ID, Attitude: "satisfied", Result: "satisfied"}, Rater: "nobody"}), fault.Invalid, "handling.proposer-unknown")
		script := handling.RateIn{ID: out.ID, Attitude: "satisfied", Result: "satisfied", Reason: "<script>alert('x')</script>\x00"}
		act(w, handling.Rate, w.Members[0], script)
		for _, in := range []handling.ListIn{{State: "x"}, {After: "%%%"}, {Q: strings.Repeat("问", 60)}, {Role: "king"}} {
			if _, err := handling.List.Do(t.Context(), w.App, w.HandlerA, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
	})
}

// TestANumberIsUsedOnceAYear within a unit.
func TestANumberIsUsedOnceAYear(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		first, second := w.underway(), w.underway()
		w.issue(w.HandlerA, w.SignerA, first, "unitA", "云建提〔2026〕1号", "A")
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: w.assignment(second, "unitA").ID, ReplyText: letter("云建提〔2026〕1号", "A")})
		refused(t, try(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version}), fault.Invalid, "handling.reply.number-taken")
	})
}

// TestAnotherUnit takes over before signing: the first one loses sight of the
// case, the deadlines run anew.
func TestAnotherUnit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist))
		w.At(t, "2026-03-05T10:00")
		a := w.assignment(c, "unitA")
		in := handling.ChangeUnitIn{ID: a.ID, Unit: "市委宣传部", Reason: "职能已划转"}
		refused(t, try(w, handling.ChangeUnit, w.Office, in), fault.Forbidden, "handling.dispatcher-only")
		refused(t, try(w, handling.ChangeUnit, w.PartyDesk, in), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.ChangeUnit, w.GovDesk, handling.ChangeUnitIn{ID: a.ID, Unit: "市财政局", Reason: "x"}), fault.Invalid, "handling.unit-has-it")
		act(w, handling.ChangeUnit, w.GovDesk, in)
		s := w.stands(c, handling.Dispatched, handling.HeldToSign, "市财政局、市委宣传部")
		if s.LeadUnit != w.Bodies["unitC"] || w.assignment(c, "unitC").SignBy <= a.SignBy {
			t.Errorf("lead %s, to be signed for by %s", s.LeadName, w.assignment(c, "unitC").SignBy)
		}
		refused(t, try(w, handling.Sign, w.HandlerA, handling.SignIn{ID: a.ID, Handler: "甲", Phone: "0000-1234567"}), fault.NotFound, "fault.not-found")
		w.sees(c, map[string]bool{"handlerA": false, "handlerB": true, "handlerC": true, "govDesk": true, "partyDesk": false})
		w.sign(w.HandlerC, c, "unitC")
		refused(t, try(w, handling.ChangeUnit, w.GovDesk, handling.ChangeUnitIn{ID: w.assignment(c, "unitC").ID, Unit: "市住房和城乡建设局", Reason: "x"}), fault.Closed, "handling.closed.signed")
	})
}

// sees checks who finds the case: by the view and by the table that lists of
// other domains are scoped with.
func (w *city) sees(c handling.Case, want map[string]bool) {
	w.t.Helper()
	people := map[string]access.Actor{"handlerA": w.HandlerA, "handlerB": w.HandlerB, "handlerC": w.HandlerC, "govDesk": w.GovDesk, "partyDesk": w.PartyDesk}
	for name, sees := range want {
		who := people[name]
		_, err := handling.Show.Do(w.t.Context(), w.App, who, handling.ViewIn{Kind: c.Kind, ID: c.ID})
		if (err == nil) != sees || err != nil && !fault.Is(err, fault.NotFound) {
			w.t.Errorf("%s: %v", name, err)
		}
		var n int
		w.inside(w.Chief, func(k *app.Call) error {
			return k.Tx().Row(k.Ctx(), "SELECT COUNT(*) FROM handling_involved WHERE case_kind = ? AND case_id = ? AND body_id = ?", c.Kind, c.ID, who.Post.BodyID).Scan(&n)
		})
		if (n == 1) != sees {
			w.t.Errorf("%s is involved %d times", name, n)
		}
	}
}

// TestWhatEachMaySee: drafts stay in the unit, opinions between units, phones
// with those who need them, contacts with those whom they concern.
func TestWhatEachMaySee(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition()
		act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskP"], Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID}}})
		w.sees(c, map[string]bool{"handlerA": false, "govDesk": false, "partyDesk": true})
		w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist)) // taken back from the Party's office
		w.sees(c, map[string]bool{"handlerA": true, "handlerB": true, "handlerC": false, "govDesk": true, "partyDesk": false})
		w.sign(w.HandlerA, c, "unitA")
		w.sign(w.HandlerB, c, "unitB")
		w.contact(w.HandlerA, c, "unitA")
		act(w, handling.Opine, w.HandlerB, handling.OpineIn{ID: w.assignment(c, "unitB").ID, Number: "1", Text: "同意"})
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: w.assignment(c, "unitA").ID, ReplyText: letter("1号", "A")})
		type sight struct{ replies, opinions, contacts, phones int }
		look := func(who access.Actor) (s sight) {
			v := w.view(who, c)
			for _, a := range v.Assignments {
				if a.Phone != "" {
					s.phones++
				}
			}
			s.replies, s.opinions, s.contacts = len(v.Replies), len(v.Opinions), len(v.Contacts)
			return s
		}
		for name, x := range map[string]struct {
			who  access.Actor
			want sight
		}{
			"the unit": {w.SignerA, sight{1, 1, 1, 1}}, "the assisting unit": {w.HandlerB, sight{0, 1, 1, 1}}, "the desk": {w.GovDesk, sight{0, 1, 1, 2}},
			"the office": {w.Office, sight{0, 1, 1, 2}}, "a leader": {w.Leader, sight{0, 1, 1, 0}}, "the lead proposer": {w.Members[0], sight{0, 0, 1, 2}},
			"the other proposer": {w.Members[1], sight{0, 0, 0, 2}},
		} {
			if got := look(x.who); got != x.want {
				t.Errorf("%s sees %+v, want %+v", name, got, x.want)
			}
		}
		show := func(who access.Actor) error {
			_, err := handling.ShowReply.Do(t.Context(), w.App, who, handling.ReadIn{ID: out.ID})
			return err
		}
		for _, who := range []access.Actor{w.Office, w.GovDesk, w.HandlerB, w.Members[0], w.Members[4], w.Stranger, w.SysAdmin, w.Auditor} {
			if err := show(who); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s reads a draft: %v", who.Name, err)
			}
		}
		refused(t, try(w, handling.Issue, w.SignerB, handling.IssueIn{ID: out.ID, Version: out.Version}), fault.NotFound, "fault.not-found")
		act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: out.ID, Attitude: "satisfied", Result: "satisfied", Reason: "很好"})
		if v := w.view(w.Members[1], c); len(v.Replies) != 1 || len(v.Replies[0].Ratings) != 0 {
			t.Errorf("the other proposer sees %+v", v.Replies)
		}
		for _, who := range []access.Actor{w.Members[4], w.HandlerC, w.Stranger, w.SysAdmin, w.SecAdmin, w.Auditor, w.PartyDesk} {
			if err := show(who); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s reads the reply: %v", who.Name, err)
			}
			if _, err := handling.Show.Do(t.Context(), w.App, who, handling.ViewIn{Kind: c.Kind, ID: c.ID}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s sees the case: %v", who.Name, err)
			}
		}
		var sealed string
		w.inside(w.Chief, func(k *app.Call) error {
			return k.Tx().Row(k.Ctx(), "SELECT phone_sealed FROM assignment WHERE unit_id = ?", w.Bodies["unitA"]).Scan(&sealed)
		})
		if sealed == "" || strings.Contains(sealed, "1234567") {
			t.Errorf("the phone is kept as %q", sealed)
		}
	})
}

// TestListsAndTheQueue count exactly and page without gaps.
func TestListsAndTheQueue(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		var rows []handling.CaseRow
		for range 45 {
			c := w.petition()
			rows = append(rows, handling.CaseRow{Kind: c.Kind, ID: c.ID})
		}
		queue := func(who access.Actor, in handling.QueueIn) (ids []string, total int) {
			for {
				out, err := handling.RouteQueue.Do(t.Context(), w.App, who, in)
				w.ok(err)
				for _, x := range out.Waits {
					ids = append(ids, x.ID)
				}
				if total = out.Total; out.Next == "" {
					return ids, total
				}
				in.After = out.Next
			}
		}
		if ids, n := queue(w.Office, handling.QueueIn{}); n != 45 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 45 {
			t.Errorf("%d of %d wait", len(ids), n)
		}
		if _, n := queue(w.HandlerA, handling.QueueIn{}); n != 0 {
			t.Errorf("a unit sees the queue: %d", n)
		}
		out := act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: rows[:40]})
		if _, n := queue(w.Office, handling.QueueIn{}); out.Cases != 40 || n != 5 {
			t.Errorf("%d routed, %d wait", out.Cases, n)
		}
		if _, n := queue(w.Office, handling.QueueIn{AtDesks: true}); n != 40 {
			t.Errorf("%d wait at desks", n)
		}
		if _, n := queue(w.PartyDesk, handling.QueueIn{}); n != 0 {
			t.Errorf("the other desk sees %d", n)
		}
		for i := range rows[:40] {
			rows[i].Units = []handling.UnitRole{w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist)}
		}
		bad := slices.Clone(rows[:40])
		bad[39].Units = nil
		refused(t, try(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: bad}), fault.Invalid, "handling.roles.none")
		if _, n := queue(w.GovDesk, handling.QueueIn{}); n != 40 {
			t.Errorf("after a refusal %d wait", n)
		}
		act(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: rows[:40]})
		refused(t, try(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: rows[40:]}), fault.NotFound, "fault.not-found")
		list := func(who access.Actor, in handling.ListIn) (ids []string, out handling.Listed) {
			for {
				page, err := handling.List.Do(t.Context(), w.App, who, in)
				w.ok(err)
				for _, x := range page.Lines {
					ids = append(ids, x.ID)
				}
				if out = page; page.Next == "" {
					return ids, out
				}
				in.After = page.Next
			}
		}
		for name, x := range map[string]struct {
			who access.Actor
			n   int
		}{"unit A": {w.HandlerA, 40}, "unit C": {w.SignerC, 0}, "the desk": {w.GovDesk, 80}, "the office": {w.Office, 80}, "a member": {w.Members[0], 0}, "an administrator": {w.SysAdmin, 0}, "a stranger": {w.Stranger, 0}} {
			ids, out := list(x.who, handling.ListIn{})
			if len(slices.Compact(slices.Sorted(slices.Values(ids)))) != x.n || out.Total != x.n || out.Tally.Unsigned != x.n {
				t.Errorf("%s: %d lines of %d, tally %+v", name, len(ids), out.Total, out.Tally)
			}
		}
		w.At(t, "2026-03-20T09:00")
		if _, out := list(w.HandlerA, handling.ListIn{State: handling.LateOnes}); out.Total != 40 || !out.Lines[0].Late || out.Lines[0].Left != -7 {
			t.Errorf("late: %d, %+v", out.Total, out.Lines[0])
		}
		if _, out := list(w.HandlerA, handling.ListIn{Q: "电梯_"}); out.Total != 0 {
			t.Errorf("a wildcard matched %d", out.Total)
		}
	})
}

// TestReminders come once per step; a changed calendar moves what is open and
// is recorded.
func TestReminders(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Sole)) // sign by 03-11, reply by 06-02
		for _, x := range []struct {
			at   string
			want int
		}{{"2026-03-02T10:00", 0}, {"2026-03-05T10:00", 0}, {"2026-03-06T10:00", 1}, {"2026-03-09T10:00", 1}, {"2026-03-12T10:00", 2}} {
			w.At(t, x.at)
			w.tasks(t.Context())
			w.tasks(t.Context())
			if n := w.facts(c, "assignment.reminded"); n != x.want {
				t.Errorf("at %s %d reminders, want %d", x.at, n, x.want)
			}
		}
		w.sign(w.HandlerA, c, "unitA")
		w.At(t, "2026-05-29T10:00") // two working days are left: the step of three
		w.tasks(t.Context())
		w.tasks(t.Context())
		if n := w.facts(c, "assignment.reminded"); n != 3 {
			t.Errorf("%d reminders", n)
		}
	})
}

// calendarChanged is the fact of package calendar.
type calendarChanged struct{}

func (calendarChanged) FactName() string { return "calendar.changed" }

// TestAChangedCalendar moves what is open, records it, and leaves alone what is done.
func TestAChangedCalendar(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, done := w.petition(), w.underway()
		w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist))
		w.issue(w.HandlerA, w.SignerA, done, "unitA", "1号", "A")
		before := w.assignment(done, "unitA")
		w.inside(w.Chief, func(k *app.Call) error { // 2026-03-11 and 2026-06-02 become holidays
			_, err := k.Tx().Exec(k.Ctx(), "INSERT INTO calendar_version (committee_id, version) VALUES (?, 1)", w.CommitteeID)
			if err == nil {
				_, err = k.Tx().Exec(k.Ctx(), "INSERT INTO calendar_notice (committee_id, year, notice, version) VALUES (?, 2026, ?, 1)", w.CommitteeID,
					`{"year":2026,"number":"测试通知","exceptions":[{"on":"2026-03-11","kind":"holiday","name":"元旦"},{"on":"2026-06-02","kind":"holiday","name":"元旦"}]}`)
			}
			if err == nil {
				err = k.Record(calendarChanged{}, "calendar", "2026")
			}
			return err
		})
		w.CaughtUp(t)
		a := w.assignment(c, "unitA")
		if a.SignBy != "2026-03-12" || a.DueOn != "2026-06-03" {
			t.Errorf("sign by %s, reply by %s", a.SignBy, a.DueOn)
		}
		if s := w.stands(c, handling.Dispatched, handling.HeldToSign, "市住房和城乡建设局、市财政局"); s.DueOn != "2026-03-12" {
			t.Errorf("the list says %s", s.DueOn)
		}
		v := w.view(w.HandlerA, c)
		if len(v.Moved) < 3 || v.Moved[0].Was != "2026-03-11" {
			t.Errorf("moved: %+v", v.Moved)
		}
		if after := w.assignment(done, "unitA"); after.DueOn != before.DueOn {
			t.Errorf("what is done moved from %s to %s", before.DueOn, after.DueOn)
		}
		if r := w.view(w.Office, done).Replies[0]; r.RateBy != "2026-03-24" {
			t.Errorf("ratings until %s", r.RateBy)
		}
		n := len(v.Moved)
		w.inside(w.Chief, func(k *app.Call) error { return k.Record(calendarChanged{}, "calendar", "2026") })
		w.CaughtUp(t)
		if again := w.view(w.HandlerA, c); len(again.Moved) != n {
			t.Errorf("hearing it again moved %d", len(again.Moved)-n)
		}
	})
}
