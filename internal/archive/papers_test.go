package archive_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/archive"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// unit is somebody who works in a unit.
type unit struct {
	key             string
	handler, signer access.Actor
}

func (w *city) units() []unit {
	return []unit{{"unitA", w.HandlerA, w.SignerA}, {"unitB", w.HandlerB, w.SignerB}, {"unitC", w.HandlerC, w.SignerC}}
}

// TestThePapersAreTheRecords: whatever was done, and however often, stands in
// the papers as often as in the records.
func TestThePapersAreTheRecords(t *testing.T) {
	t.Parallel()
	for _, e := range testkit.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			w := &city{World: testkit.NewWorld(t, testkit.Open(t, e, modules(), parts())), t: t}
			most := map[store.Engine]int{store.SQLite: 40, store.Postgres: 10}[e] // a case is some thirty acts
			rapid.Check(t, func(r *rapid.T) {
				if most--; most >= 0 {
					w.anyCase(r)
				}
			})
		})
	}
}

// anyCase carries a case with some units, some of them assisting, to its end.
func (w *city) anyCase(r *rapid.T) {
	id := w.filed("关于" + rapid.StringMatching(`[一-龥]{2,8}`).Draw(r, "title") + "的提案")
	units := w.units()[:rapid.IntRange(1, 3).Draw(r, "units")]
	assisting := rapid.IntRange(0, len(units)-1).Draw(r, "assisting")
	var roles []handling.UnitRole
	for i, u := range units {
		role := handling.Separate
		switch {
		case i >= len(units)-assisting:
			role = handling.Assist
		case len(units) == 1:
			role = handling.Sole
		case assisting == len(units)-1:
			role = handling.Lead
		}
		roles = append(roles, handling.UnitRole{Unit: w.Bodies[u.key], Role: role})
	}
	if assisting > 0 && assisting < len(units)-1 { // assisting units need a lead
		assisting, roles[2].Role = 0, handling.Separate
	}
	w.dispatch(id, roles...)
	want := map[string]int{"form": 1, "text": 1, "review": 2, "dispatch": len(units)}
	for i := len(units) - 1; i >= 0; i-- { // opinions before the reply
		u := units[i]
		a := w.assignment(id, u.key)
		act(w, handling.Sign, u.handler, handling.SignIn{ID: a.ID, Handler: "经办", Phone: "0000-1234567"})
		contacts := rapid.IntRange(1, 3).Draw(r, "contacts")
		if roles[i].Role == handling.Assist {
			act(w, handling.Opine, u.handler, handling.OpineIn{ID: a.ID, Number: "函" + itoa(w), Text: "没有意见。"})
			want["opinion"]++
			continue
		}
		w.contact(u.handler, a, contacts)
		reply := w.reply(u.handler, u.signer, a)
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: reply, Attitude: "satisfied", Result: "basically"})
		want["contact"] += contacts
		want["reply"]++
		want["rating"]++
	}
	got, err := archive.Counts(w.t.Context(), w.App, w.Office, "proposal", id)
	if err != nil {
		r.Fatalf("the papers are not what happened: %v", err)
	}
	for code := range want {
		if got[code] != want[code] {
			r.Fatalf("%s: %d records in the papers, %d were made", code, got[code], want[code])
		}
	}
	for code := range got {
		if want[code] == 0 {
			r.Fatalf("papers nobody made: %d %s", got[code], code)
		}
	}
}

func itoa(w *city) string {
	w.number++
	return strings.Repeat("一", w.number%7+1) + string(rune('a'+w.number%26)) + string(rune('a'+w.number/26%26)) + string(rune('a'+w.number/676%26))
}

// TestHostileTextsStayTexts: nothing that people wrote runs, loads, or leads
// out of the file.
func TestHostileTextsStayTexts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed(`关于<script>alert(1)</script>]]>&的"提案"`, [2]string{`..\..\<img src=x onerror=alert(1)>.txt`, "走访三个小区"}, [2]string{"a\u202etxt.exe.txt", "第二份"})
		k := w.archived(id)
		if k.Severe != 0 {
			t.Errorf("archived with %+v", w.show(w.Office, id).Editions[0].Findings)
		}
		whole := w.bytes(id, 1)
		if x := examine(whole, w.keysOf()...); !x.Sound() {
			t.Errorf("it does not hold: %v", x.Findings)
		}
		for name, content := range unpack(t, whole) {
			if !archive.Safe(name) || strings.ContainsAny(name, `<>\`) {
				t.Errorf("a member is called %q", name)
			}
			if strings.HasSuffix(name, ".html") && (strings.Contains(content, "<script") || strings.Contains(content, "<img")) {
				t.Errorf("%s runs something", name)
			}
		}
	})
}

// TestAPromiseIsTrackedFirst: the file waits for it, unless somebody says why not.
func TestAPromiseIsTrackedFirst(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.filed("关于加装电梯的提案")
		w.dispatch(id, handling.UnitRole{Unit: w.Bodies["unitA"], Role: handling.Sole})
		a := w.assignment(id, "unitA")
		act(w, handling.Sign, w.HandlerA, handling.SignIn{ID: a.ID, Handler: "石砚秋", Phone: "0000-1234567"})
		act(w, handling.Extend, w.HandlerA, handling.ExtendIn{ID: a.ID, Until: "2026-05-20", Reason: "需要现场勘察。"})
		act(w, handling.DecideExtension, w.Office, handling.ExtensionIn{ID: w.column("SELECT id FROM extension")[0], Decision: handling.Granted, Until: "2026-05-20", Words: "同意。"})
		w.contact(w.HandlerA, a, 1)
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a.ID, ReplyText: handling.ReplyText{Number: "云建提〔2026〕9号", Class: "B", Publicity: "full", Body: "列入计划。",
			Items:    []handling.ItemAnswer{{No: 1, Outcome: "planned", Answer: "列入计划。"}, {No: 2, Outcome: "adopted", Answer: "已经设立。"}},
			Promises: []handling.PromiseText{{No: 1, Text: "年底前完成审批平台改造", Owner: "何承宇", DueOn: "2026-12-20"}}}})
		act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: out.ID, Attitude: "satisfied", Result: "satisfied"})
		w.CaughtUp(t)
		refused(t, try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: id}), fault.Invalid, "archive.open.promise")
		refused(t, try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: id, Force: true}), fault.Invalid, "archive.force-needs-reason")
		w.archivedFor(id, "届末移交，承诺另行跟踪。")
		m := unpack(t, w.bytes(id, 1))
		holds(t, m, "-promise.html", "年底前完成审批平台改造", "何承宇", "跟踪中")
		holds(t, m, "-extension.html", "需要现场勘察。", "同意延期", "2026年5月20日")
		holds(t, m, "-dispatch.html", "办复期限的由来")
		holds(t, m, "report.html", "届末移交，承诺另行跟踪。", "承诺还在跟踪")
		w.At(t, "2026-12-01T09:00")
		act(w, handling.KeepPromise, w.HandlerA, handling.KeepIn{ID: w.column("SELECT id FROM promise")[0], KeptOn: "2026-11-30", Evidence: "平台已经上线。"})
		w.CaughtUp(t)
		if s := w.show(w.Office, id); !s.Later || !s.New || len(s.Open) != 0 {
			t.Errorf("kept, and the sheet says %+v %+v", s.File, s.Open)
		}
		act(w, archive.MakeSupplement, w.Office, archive.SupplementIn{Kind: "proposal", ID: id, Reason: "承诺兑现。"})
		holds(t, unpack(t, w.bytes(id, 2)), "-promise.html", "平台已经上线。", "已兑现", "登记兑现")
	})
}

func (w *city) archivedFor(id, reason string) {
	w.t.Helper()
	act(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: id, Force: true, Reason: reason})
}
