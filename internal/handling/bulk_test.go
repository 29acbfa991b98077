package handling_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/jobs"
	"tongxin/internal/testkit"
)

// eachBulk is each with jobs in the house.
func eachBulk(t *testing.T, f func(t *testing.T, w *city)) {
	t.Helper()
	testkit.EachDB(t, []app.Module{handling.Module("petition.ready"), petitions(), jobs.Module()},
		[]any{handling.Kinds{"petition": petition{}}, jobs.Register(handling.Bulk()...)}, func(t *testing.T, h *testkit.House) {
			w := &city{testkit.NewWorld(t, h), t}
			w.At(t, "2026-03-02T09:00")
			f(t, w)
		})
}

// numbered is a ready petition of a number, with the units that its proposer
// suggested.
func (w *city) numbered(n int, suggested ...string) handling.Case {
	return w.petition(func(c *handling.Case) {
		c.Number, c.Title, c.Suggested = fmt.Sprintf("第 %03d 号", n), fmt.Sprintf("关于第%d件事的提案", n), nil
		for _, key := range suggested {
			c.Suggested = append(c.Suggested, w.Bodies[key])
		}
	})
}

// routed sends a case to the government's desk, with units.
func (w *city) routed(c handling.Case, units ...handling.UnitRole) handling.Case {
	act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID, Units: units}}})
	return c
}

func (w *city) as(key string, role handling.Role) handling.UnitRole {
	return handling.UnitRole{Unit: w.Bodies[key], Role: role}
}

func (w *city) plan(who access.Actor) handling.Plan {
	w.t.Helper()
	p, err := handling.DispatchPlan.Do(w.t.Context(), w.App, who, struct{}{})
	w.ok(err)
	return p
}

func (w *city) jobOf(who access.Actor, id string) jobs.Shown {
	w.t.Helper()
	w.ok(jobs.Work(w.t.Context(), w.App))
	out, err := jobs.Show.Do(w.t.Context(), w.App, who, jobs.ShowIn{ID: id})
	w.ok(err)
	return out
}

// against are the reasons of a plan by number.
func against(p handling.Plan) map[string]string {
	all := map[string]string{}
	for _, r := range p.Rows {
		var keys []string
		for _, f := range r.Problems {
			keys = append(keys, strings.TrimPrefix(strings.TrimPrefix(f.Key, "handling."), "bulk."))
		}
		if len(keys) > 0 {
			all[r.Number] = strings.Join(keys, " ")
		}
	}
	return all
}

func TestDispatchAllAsProposed(t *testing.T) {
	t.Parallel()
	eachBulk(t, func(t *testing.T, w *city) {
		w.routed(w.numbered(1), w.as("unitA", handling.Lead), w.as("unitB", handling.Assist))
		w.routed(w.numbered(2, "unitB"))
		w.routed(w.numbered(3, "unitA", "unitB"))
		w.routed(w.numbered(4))
		w.routed(w.numbered(5), w.as("unitB", handling.Assist))
		sixth := w.routed(w.numbered(6), w.as("unitA", handling.Sole))
		w.numbered(7, "unitA") // with the office
		p := w.plan(w.GovDesk)
		want := map[string]string{"第 003 号": "roles-open", "第 004 号": "nothing-proposed", "第 005 号": "roles.assist"}
		if got := against(p); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("against: %v, want %v", got, want)
		}
		if p.Fitting != 3 || p.Against != 3 || p.Assignments != 4 || p.Rows[0].Fits() {
			t.Errorf("the plan counts %d, %d and %d", p.Fitting, p.Against, p.Assignments)
		}
		if n := w.plan(w.PartyDesk); len(n.Rows) != 0 {
			t.Errorf("the other desk plans %d cases", len(n.Rows))
		}
		if n := w.plan(w.HandlerA); len(n.Rows) != 0 {
			t.Errorf("a unit plans %d cases", len(n.Rows))
		}
		refused(t, try(w, handling.DispatchAll, w.GovDesk, handling.DispatchAllIn{Digest: "of another day"}), fault.Stale, "handling.bulk.changed")
		refused(t, try(w, handling.DispatchAll, w.HandlerA, handling.DispatchAllIn{Digest: p.Digest}), fault.Forbidden, "handling.dispatcher-only")
		who := testkit.Keyed(w.GovDesk, "all")
		in := handling.DispatchAllIn{Digest: p.Digest, Except: []string{sixth.ID}}
		out := act(w, handling.DispatchAll, who, in)
		j := w.jobOf(w.GovDesk, out.Job)
		if out.Cases != 2 || j.State != jobs.Done || j.Done != 2 || j.Failed != 0 {
			t.Errorf("the job did %+v", j.Job)
		}
		if again := act(w, handling.DispatchAll, who, in); again != out {
			t.Error("the same key made another job")
		}
		if p := w.plan(w.GovDesk); p.Fitting != 1 || p.Rows[3].ID != sixth.ID {
			t.Errorf("what was left out is not there any more: %+v", p.Rows)
		}
		if n := w.plan(w.Office); n.Fitting != 1 || n.Rows[0].Units[0].Role != handling.Sole {
			t.Errorf("the office plans %+v", n.Rows)
		}
		v, err := handling.Show.Do(t.Context(), w.App, w.GovDesk, handling.ViewIn{Kind: "petition", ID: p.Rows[3].ID})
		if w.ok(err); v.Stage != handling.Dispatched || len(v.Assignments) != 2 || v.Assignments[0].DeskID != w.Bodies["deskG"] {
			t.Errorf("the case stands at %s with %d assignments", v.Stage, len(v.Assignments))
		}
	})
}

func TestABulkRowMeetsTheRules(t *testing.T) {
	t.Parallel()
	eachBulk(t, func(t *testing.T, w *city) {
		a := w.routed(w.numbered(1, "unitA"))
		w.routed(w.numbered(2, "unitB"))
		out := act(w, handling.DispatchAll, w.GovDesk, handling.DispatchAllIn{Digest: w.plan(w.GovDesk).Digest})
		// Before the job gets to it, somebody dispatches the first by hand.
		act(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: a.Kind, ID: a.ID, Units: []handling.UnitRole{w.as("unitB", handling.Sole)}}}})
		j := w.jobOf(w.GovDesk, out.Job)
		if j.Done != 1 || j.Failed != 1 || j.Rows[0].Faults[0].Key != "handling.dispatch.done" || j.Rows[0].Link != "/petitions/"+a.ID {
			t.Errorf("the job did %+v: %+v", j.Job, j.Rows)
		}
	})
}

const list = "提案交办清单,,\n案号,案由,承办单位,交办意见\n" +
	"第001号,甲,主办：市住房和城乡建设局；会办：市财政局,请从速\n" +
	"2,乙,市财政局,\n" +
	"３,丙,市财政局、市住房和城乡建设局,\n" +
	"4,丁,主办:市财政局;主办:市住房和城乡建设局,\n" +
	"5,戊,主办:没有这个局,\n" +
	"6,己,帮办:市财政局,\n" +
	"7,庚,市财政局,\n" +
	"8,辛,市财政局,\n" +
	"99,壬,市财政局,\n" +
	"2,癸,市财政局,\n" +
	",子,市财政局,\n" +
	"9,丑,,\n" +
	"=cmd|' /C calc'!A0,寅,市财政局,\n"

func (w *city) listed() {
	for n := range 10 {
		c := w.numbered(n+1, "unitA")
		switch n + 1 {
		case 7: // dispatched already
			w.routed(c)
			act(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID, Units: []handling.UnitRole{w.as("unitA", handling.Sole)}}}})
		case 8: // with the other desk
			act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskP"], Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID}}})
		default:
			w.routed(c)
		}
	}
}

func TestDispatchFromAList(t *testing.T) {
	t.Parallel()
	eachBulk(t, func(t *testing.T, w *city) {
		w.listed()
		out := act(w, handling.DispatchList, w.GovDesk, handling.DispatchListIn{Content: list, DryRun: true})
		want := map[string]string{"第 003 号": "role-missing", "第 004 号": "roles.lead", "第 005 号": "unit-unknown", "第 006 号": "role-unknown role-missing",
			"第 007 号": "dispatch.done", "8": "number-unknown", "99": "number-unknown", "2": "number-twice", "": "number-missing", "第 009 号": "roles.none",
			"=cmd|' /C calc'!A0": "number-unknown"}
		got := against(out.Plan)
		for n, keys := range want {
			if got[n] != keys {
				t.Errorf("%q: %q stands against it, want %q", n, got[n], keys)
			}
		}
		if len(got) != len(want) || out.Fitting != 2 || out.Job != "" || !out.DryRun {
			t.Errorf("%d against, %d fitting, job %q: %v", len(got), out.Fitting, out.Job, got)
		}
		if r := out.Rows[0]; r.Row != 5 {
			t.Errorf("the first problem stands in row %d", r.Row)
		}
		in := handling.DispatchListIn{Content: list, Name: "清单.csv"}
		refused(t, try(w, handling.DispatchList, w.GovDesk, in), fault.Stale, "handling.bulk.list-changed")
		in.Digest = out.Digest
		started := act(w, handling.DispatchList, testkit.Keyed(w.GovDesk, "k"), in)
		j := w.jobOf(w.GovDesk, started.Job)
		if j.Done != 2 || j.Failed != 0 || j.Title != "清单.csv" || j.Rows[0].Label != "第 001 号 关于第1件事的提案" {
			t.Errorf("the job did %+v %+v", j.Job, j.Rows)
		}
		if again := act(w, handling.DispatchList, testkit.Keyed(w.GovDesk, "k"), in); again.Job != started.Job {
			t.Error("the same key made another job")
		}
		refused(t, try(w, handling.DispatchList, w.GovDesk, in), fault.Stale, "handling.bulk.list-changed")
		refused(t, try(w, handling.DispatchList, w.HandlerA, in), fault.Forbidden, "handling.dispatcher-only")
	})
}

func TestTheOfficeDispatchesFromAList(t *testing.T) {
	t.Parallel()
	eachBulk(t, func(t *testing.T, w *city) {
		w.listed()
		c := w.numbered(11)
		out := act(w, handling.DispatchList, w.Office, handling.DispatchListIn{Content: "案号\t主办单位\t会办单位\t案由\n11\t市财政局\t市住房和城乡建设局、市委宣传部\t随便\n8\t市财政局\t\t\n", DryRun: true})
		if got := against(out.Plan); len(got) != 1 || got["第 008 号"] != "dispatch.at-desk" {
			t.Errorf("against: %v", got)
		}
		in := handling.DispatchListIn{Content: "编号,主办,会办\n11,市财政局,\"市住房和城乡建设局\n市委宣传部\"\n"}
		j := w.jobOf(w.Office, act(w, handling.DispatchList, w.Office, in).Job)
		v, err := handling.Show.Do(t.Context(), w.App, w.Office, handling.ViewIn{Kind: c.Kind, ID: c.ID})
		if w.ok(err); j.Done != 1 || len(v.Assignments) != 3 || v.Assignments[0].Role != handling.Lead || v.Assignments[0].DeskID != "" {
			t.Errorf("%+v; %d assignments", j.Job, len(v.Assignments))
		}
	})
}

func TestWhatIsNoList(t *testing.T) {
	t.Parallel()
	eachBulk(t, func(t *testing.T, w *city) {
		many := "案号,承办单位\n" + strings.Repeat("1,市财政局\n", jobs.RowsAtMost+1)
		for content, key := range map[string]string{
			"": "handling.bulk.list-empty", " \n \n": "handling.bulk.list-empty", "案号,承办单位\n": "handling.bulk.list-empty",
			"姓名,电话\n甲,1\n": "handling.bulk.column-missing", "案号,案由\n1,甲\n": "handling.bulk.column-missing",
			"案号,案号,承办单位\n1,1,甲\n": "handling.bulk.column-twice", many: "jobs.rows.many",
			strings.Repeat("长", 400_000): "handling.bulk.list-large", "\x00\xff": "handling.bulk.column-missing",
		} {
			refused(t, try(w, handling.DispatchList, w.GovDesk, handling.DispatchListIn{Content: content, DryRun: true}), fault.Invalid, key)
		}
	})
}

// book is a small workbook: the sheet's cells and the shared texts.
func book(t *testing.T, sheet, shared string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="h" state="hidden" sheetId="9" r:id="rId9"/><sheet name="清单" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId9" Target="worksheets/none.xml"/><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet, "xl/sharedStrings.xml": shared,
	} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestListsOfAllSorts(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("案号,承办单位\n1,市财政局\n")
	if err != nil {
		t.Fatal(err)
	}
	sheet := `<worksheet><sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><r><t>承办</t></r><r><t>单位</t></r></is></c></row>` +
		`<row r="3"><c r="A3"><v>14</v></c><c r="C3" t="s"><v>1</v></c></row></sheetData></worksheet>`
	shared := `<sst><si><t>案号</t><rPh><t>an</t></rPh></si><si><t>主办:市财政局
会办:市住建局</t></si></sst>`
	for name, x := range map[string]struct {
		raw       []byte
		want, key string
	}{
		"utf-8":       {[]byte("\ufeff案号,承办单位\n1,市财政局\n"), "案号,承办单位\n1,市财政局\n", ""},
		"gbk":         {[]byte(gbk), "案号,承办单位\n1,市财政局\n", ""},
		"workbook":    {book(t, sheet, shared), "\t\n案号\t\t承办单位\n14\t\t\"主办:市财政局\n会办:市住建局\"\n", ""},
		"old":         {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 xls"), "", "handling.bulk.old-workbook"},
		"no zip":      {[]byte("PK\x03\x04 no zip"), "", "handling.bulk.workbook"},
		"bad index":   {book(t, `<row r="1"><c r="A1" t="s"><v>7</v></c></row>`, shared), "", "handling.bulk.workbook"},
		"rows back":   {book(t, `<row r="2"/><row r="1"/>`, shared), "", "handling.bulk.workbook"},
		"far row":     {book(t, `<row r="99999999"/>`, shared), "", "handling.bulk.workbook"},
		"far column":  {book(t, `<row r="1"><c r="ZZZZZZ1"><v>7</v></c><c r="A1"><v>1</v></c></row>`, shared), "1\t\n", ""},
		"broken xml":  {book(t, `<row r="1"><c`, shared), "", "handling.bulk.workbook"},
		"entity":      {book(t, `<!DOCTYPE x [<!ENTITY a "b">]><row r="1"><c r="A1"><v>&a;</v></c></row>`, shared), "", "handling.bulk.workbook"},
		"bomb":        {book(t, `<row r="1"><c r="A1"><v>`+strings.Repeat(" ", 33<<20)+`</v></c></row>`, shared), "", "handling.bulk.workbook"},
		"nothing":     {nil, "", ""},
		"no encoding": {[]byte("\xff\xff\x00"), "", "organization.roster.encoding"},
	} {
		got, err := handling.ListText(x.raw)
		if got != x.want || x.key != "" && (err == nil || fault.From(err).Key != x.key) || x.key == "" && err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
