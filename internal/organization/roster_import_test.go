package organization_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

func TestRosterProblems(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		if _, err := organization.AddPerson.Do(t.Context(), h.App, w.SysAdmin, organization.AddPersonIn{Name: "有主", Phone: "10000000001"}); err != nil {
			t.Fatal(err)
		}
		content := roster +
			"甲一,10000000011,经济界,,市一中,十四届,\n" + // 2 fine
			",,经济界,,,十四届,\n" + // 3 no name
			"甲二,12ab,经济界,,,十四届,\n" + // 4 phone
			"甲三,,,,,十四届,\n" + // 5 no sector
			"甲四,,经济界,,,第九十九届,\n" + // 6 no such term
			"甲五,,经济界,,,明年,\n" + // 7 no term at all
			",,,,,,\n" + // 8 empty, skipped
			"甲一,,经济界,,,14,\n" + // 9 twice by name and sector
			"甲六,100 0000 0011,教育界,,,14,\n" + // 10 twice by phone
			"甲七,10000000001,教育界,,,14,\n" + // 11 the phone of 有主
			"林知远,,经济界,,,14,\n" // 12 enrolled already
		out, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, organization.ImportRosterIn{Content: content, DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range out.Problems {
			got = append(got, fmt.Sprint(p.Row, " ", p.Column, " ", strings.TrimPrefix(p.Key, "organization.")))
		}
		want := []string{"3 姓名 needed", "4 手机号 roster.phone", "5 界别 needed", "6 届次 roster.no-term", "7 届次 roster.sitting", "9 姓名 roster.name-twice",
			"10 手机号 roster.phone-twice", "11 手机号 roster.phone-of", "12 姓名 roster.enrolled"}
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		before := len(peek[string](t, h, "SELECT id FROM person"))
		if _, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, organization.ImportRosterIn{Content: content}); key(err, "file") != "organization.roster.has-problems" {
			t.Errorf("imported with problems: %v", err)
		}
		if after := len(peek[string](t, h, "SELECT id FROM person")); after != before {
			t.Errorf("%d people were added", after-before)
		}
		for content, want := range map[string]string{
			"": "organization.roster.empty", roster: "organization.roster.empty", "姓名,界别\n甲,乙\n": "organization.roster.missing",
			"姓名,姓名,届次\n": "organization.roster.column", "Name,界别,届次\n": "organization.roster.column",
			"\x00\x01": "organization.roster.missing", roster + strings.Repeat("x", organization.RosterBytes): "organization.roster.too-large",
			"姓名,界别,届次\n" + strings.Repeat("甲,乙,14\n", organization.RosterRows+1): "organization.roster.too-many",
		} {
			if _, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, organization.ImportRosterIn{Content: content, DryRun: true}); key(err, "file") != want {
				t.Errorf("%.20q: %v, want %s", content, err, want)
			}
		}
	})
}

func TestARosterIsImportedAndExported(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		content := roster + "甲一,10000000011,新界别,新专委会,=HYPERLINK(\"x\"),十四届,+1\r\n\"甲二\",,经济界,经济委员会,\"市一中, 教师\",14届三次,\n"
		in := organization.ImportRosterIn{Content: content}
		if _, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, in); key(err, "create_bodies") != "organization.roster.unknown-bodies" {
			t.Errorf("made up bodies: %v", err)
		}
		in.CreateBodies = true
		for _, who := range []access.Actor{w.Office, w.Members[0], w.SecAdmin} {
			if _, err := organization.ImportRoster.Do(t.Context(), h.App, who, in); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s imported: %v", who.Name, err)
			}
		}
		out, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, in)
		if err != nil || out.New != 2 {
			t.Fatalf("%+v %v", out, err)
		}
		if _, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, in); key(err, "file") != "organization.roster.has-problems" {
			t.Errorf("imported twice: %v", err)
		}
		// The same people in the next term are enrolled, not added.
		if _, err := organization.SetTerm.Do(t.Context(), h.App, w.SysAdmin, organization.SetTermIn{Number: 15, StartsOn: "2028-01-01"}); err != nil {
			t.Fatal(err)
		}
		next := strings.NewReplacer("十四届", "十五届", "14届三次", "15").Replace(content)
		if out, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, organization.ImportRosterIn{Content: next}); err != nil || out.New != 0 || out.Returning != 2 {
			t.Errorf("%+v %v", out, err)
		}
		if _, err := organization.ExportRoster.Do(t.Context(), h.App, w.Members[0], organization.ExportRosterIn{TermID: w.Bodies["term"]}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a member exported: %v", err)
		}
		file, err := organization.ExportRoster.Do(t.Context(), h.App, testkit.Keyed(w.Office, "k"), organization.ExportRosterIn{TermID: w.Bodies["term"]})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(file.CSV, "\ufeff姓名,") || !strings.Contains(file.CSV, "10000000011") || strings.Contains(file.CSV, ",=") || strings.Contains(file.CSV, ",+") || !strings.Contains(file.CSV, "'=HYPERLINK") {
			t.Errorf("%s", file.CSV)
		}
		if n := len(peek[string](t, h, "SELECT id FROM audit_entry WHERE action = 'organization.export-roster' AND result = 'done'")); n != 1 {
			t.Errorf("%d records of one export", n)
		}
		check, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, organization.ImportRosterIn{Content: file.CSV, DryRun: true})
		if err != nil || check.Rows != 7 {
			t.Errorf("the export is not read back: %+v %v", check, err)
		}
		for _, q := range []string{"SELECT phone_sealed || phone_lookup FROM person", "SELECT detail FROM audit_entry", "SELECT answer || input FROM idempotency"} {
			if strings.Contains(strings.Join(peek[string](t, h, q), " "), "10000000011") {
				t.Errorf("%s holds a phone in clear", q)
			}
		}
	})
}

func TestRosterEncodings(t *testing.T) {
	t.Parallel()
	text := roster + "欧阳清,,经济界,,,十四届,\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{"UTF-8": text, "UTF-8 with its mark": "\ufeff" + text, "GBK": gbk} {
		if got, err := organization.DecodeText([]byte(raw)); err != nil || got != text {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	for name, raw := range map[string]string{"picture": "\x89PNG\r\n\x1a\n\x00\x00\x00\xff\xfe\xff", "UTF-16": "\xff\xfe\x00\x59\x00\x0d"} {
		if _, err := organization.DecodeText([]byte(raw)); key(err, "file") != "organization.roster.encoding" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnImportOfFiveThousandIsQuick(t *testing.T) {
	t.Parallel()
	h := testkit.Open(t, store.SQLite, nil, nil)
	w := testkit.NewWorld(t, h)
	var b strings.Builder
	b.WriteString(roster)
	for i := range organization.RosterRows {
		fmt.Fprintf(&b, "委员%d,100%08d,经济界,,单位,14,\n", i, i)
	}
	start := time.Now()
	if _, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, organization.ImportRosterIn{Content: b.String()}); err != nil {
		t.Fatal(err)
	}
	t.Logf("5,000 people in %v", time.Since(start))
	if n := len(peek[string](t, h, "SELECT id FROM membership")); n < organization.RosterRows {
		t.Errorf("%d memberships", n)
	}
}
