package profileweb_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/i18n"
	"tongxin/internal/profile"
	"tongxin/internal/testkit"
)

var (
	formTag   = regexp.MustCompile(`(?s)<form [^>]*method="post".*?</form>`)
	inputTag  = regexp.MustCompile(`(?s)<input\b([^>]*)>`)
	selectTag = regexp.MustCompile(`(?s)<select\b([^>]*)>(.*?)</select>`)
	chosenTag = regexp.MustCompile(`<option value="([^"]*)" selected`)
	attribute = regexp.MustCompile(`(?s)\b([a-z]+)="([^"]*)"`)
)

// filled is the form of a section, as a browser would send it; the one that
// goes back to the defaults is another.
func filled(t *testing.T, body string) url.Values {
	t.Helper()
	for _, form := range formTag.FindAllString(body, -1) {
		values := url.Values{}
		for _, tag := range inputTag.FindAllStringSubmatch(form, -1) {
			a := map[string]string{}
			for _, m := range attribute.FindAllStringSubmatch(tag[1], -1) {
				a[m[1]] = html.UnescapeString(m[2])
			}
			if (a["type"] == "checkbox" || a["type"] == "radio") && !strings.Contains(tag[1], " checked") {
				continue
			}
			values.Add(a["name"], a["value"])
		}
		for _, tag := range selectTag.FindAllStringSubmatch(form, -1) {
			if m := chosenTag.FindStringSubmatch(tag[2]); m != nil {
				values.Add(attribute.FindStringSubmatch(tag[1][strings.Index(tag[1], "name="):])[2], m[1])
			}
		}
		if values.Has("version") && !values.Has("default") {
			values.Set("reason", "主席会议决定")
			return values
		}
	}
	t.Fatal("no form")
	return nil
}

// What a form shows is what is in force: sent back untouched, it changes nothing.
func TestAFormSentBackChangesNothing(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		s := site(w, w.Chief, i18n.Chinese)
		for _, section := range profile.Sections() {
			path := "/setup/rules/" + string(section)
			_, body := get(t, s, path)
			code, body := post(t, s, path, filled(t, body))
			if code != http.StatusUnprocessableEntity || !strings.Contains(body, "没有任何改动") {
				t.Errorf("%s: %d", section, code)
			}
		}
	})
}

func TestTheYearIsSetByForms(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		field  string
		values []string
		reads  string // in the overview
	}{
		"objection":   {"objection.workdays", []string{"5"}, "5"},
		"extension":   {"extension.most", []string{"0"}, "不得延期"},
		"together":    {"together.countersign", []string{"1"}, "答复稿须经会办单位会签"},
		"reading":     {"reading.on", []string{"1"}, "答复印发前须经预审"},
		"again":       {"again.on", []string{"never"}, "不再次办理"},
		"promise":     {"promise.classes", []string{"C", "B"}, "B 类：正在解决或列入计划、C 类：条件所限，以后解决"},
		"supervision": {"supervision.leader_after", []string{"0"}, "不报告领导"},
		"key":         {"key.number", []string{"12"}, "12"},
		"notices":     {"notices.quiet_from", []string{"22：30"}, "22:30"},
		"archive":     {"archive.fonds", []string{"J045&<b>"}, "J045&amp;&lt;b&gt;"},
		"rating":      {"rating.questions.2.name", []string{"是否<i>听取</i>意见"}, "是否&lt;i&gt;听取&lt;/i&gt;意见"},
		"deadlines":   {"deadlines.reply_due.extra.0.at_least", []string{"20"}, "承办满20件另加10日"},
	}
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		s := site(w, w.Chief, i18n.Chinese)
		for section, c := range cases {
			path := "/setup/rules/" + section
			_, body := get(t, s, path)
			form := filled(t, body)
			form[c.field] = c.values
			if section == "deadlines" {
				form.Set("deadlines.reply_due.extra.0.days", "10")
			}
			if code, _ := post(t, s, path, form); code != http.StatusSeeOther {
				t.Errorf("%s: %d", section, code)
				continue
			}
			if _, body = get(t, s, "/setup/rules"); !strings.Contains(body, c.reads) || strings.Contains(body, "<i>听取") {
				t.Errorf("%s does not read %s", section, c.reads)
			}
		}
		_, body := get(t, s, "/setup/rules/history")
		for _, c := range cases {
			if !strings.Contains(body, c.reads) {
				t.Errorf("the history does not read %s", c.reads)
			}
		}
		get(t, site(w, w.Auditor, i18n.English), "/setup/rules/history")
	})
}

func TestWhatIsWrongStandsBesideItsField(t *testing.T) {
	t.Parallel()
	cases := []struct{ section, field, typed string }{
		{"objection", "objection.workdays", "许多"},
		{"again", "again.rounds", "1"},
		{"key", "key.reply_due.days", "99999"},
		{"notices", "notices.digest_at", "25:61"},
		{"archive", "archive.fonds", strings.Repeat("全", 21)},
		{"deadlines", "deadlines.reply_due.extra.1.at_least", "-20"},
		{"deadlines", "deadlines.reply_due_collective.extra.2.days", "九"},
		{"rating", "rating.questions.2.code", "X 1"},
	}
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		s := site(w, w.Chief, i18n.Chinese)
		for _, c := range cases {
			path := "/setup/rules/" + c.section
			_, body := get(t, s, path)
			form := filled(t, body)
			form.Set(c.field, c.typed)
			form.Set("reason", "甲乙丙")
			if c.section == "deadlines" {
				form.Set("deadlines.collective_differs", "1")
			}
			if c.field == "rating.questions.2.code" {
				form.Set("rating.questions.2.name", "又一问")
			}
			code, body := post(t, s, path, form)
			if code != http.StatusUnprocessableEntity || !strings.Contains(body, `id="`+c.field+`-error"`) || !strings.Contains(body, `value="`+c.typed+`"`) || !strings.Contains(body, "甲乙丙") {
				t.Errorf("%s = %s: %d", c.field, c.typed, code)
			}
			// Every link of the list of problems leads somewhere.
			ids(t, path, body)
		}
	})
}

var (
	linked = regexp.MustCompile(`href="#([^"]+)"`)
	named  = regexp.MustCompile(`\bid="([^"]+)"`)
)

// ids fails when a link within the page leads nowhere, or an id stands there twice.
func ids(t *testing.T, path, body string) {
	t.Helper()
	var all []string
	for _, m := range named.FindAllStringSubmatch(body, -1) {
		if slices.Contains(all, m[1]) {
			t.Errorf("%s has #%s twice", path, m[1])
		}
		all = append(all, m[1])
	}
	for _, m := range linked.FindAllStringSubmatch(body, -1) {
		if !slices.Contains(all, m[1]) {
			t.Errorf("%s links to #%s, which is not there", path, m[1])
		}
	}
}

func TestTheContentsLeadToEverySection(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		for _, lang := range i18n.Langs() {
			s := site(w, w.Chief, lang)
			_, body := get(t, s, "/setup/rules")
			ids(t, "/setup/rules", body)
			for _, section := range profile.Sections() {
				if strings.Count(body, `href="#`+string(section)+`"`) != 1 {
					t.Errorf("the contents do not name %s", section)
				}
				_, body := get(t, s, "/setup/rules/"+string(section))
				ids(t, string(section), body)
			}
		}
	})
}

func TestTheYearIsTriedOutOnItsPages(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"objection": "objection.workdays=10&objection.ruling_workdays=5&objection.unit_most=1&objection.case_most=2",
		"together":  "together.countersign_days=10",
		"reading":   "reading.workdays=10",
		"again":     "again.on=result&again.rounds=2&again.due.base=rating&again.due.workdays=10",
		"promise":   "promise.months_max=12&promise.near_days=5",
		"key":       "key.plan_workdays=10",
	}
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		for _, lang := range i18n.Langs() {
			s := site(w, w.Chief, lang)
			for section, query := range cases {
				code, body := get(t, s, "/setup/rules/"+section+"?preview=1&reason=why&"+query)
				if code != http.StatusOK || !strings.Contains(body, `id="examples"`) || !strings.Contains(body, `value="why"`) {
					t.Errorf("%s in %s: %d", section, lang, code)
				}
				// Ten working days from the world's Monday.
				if on := map[i18n.Lang]string{i18n.Chinese: "2026年1月26日", i18n.English: "26 Jan 2026"}[lang]; section != "promise" && !strings.Contains(body, on) {
					t.Errorf("%s in %s: no example ends on %s", section, lang, on)
				}
			}
			if _, body := get(t, s, "/setup/rules/archive"); strings.Contains(body, `id="examples"`) {
				t.Error("the archive has deadlines")
			}
		}
	})
}

// The history words codes that the committee added itself.
func TestTheHistoryKnowsTheCommitteesOwnWords(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		s := site(w, w.Chief, i18n.Chinese)
		_, body := get(t, s, "/setup/rules/classes")
		form := filled(t, body)
		form.Set("classes.classes.4.name", "E 类：分步解决")
		if code, _ := post(t, s, "/setup/rules/classes", form); code != http.StatusSeeOther {
			t.Fatalf("classes: %d", code)
		}
		_, body = get(t, s, "/setup/rules/promise")
		form = filled(t, body)
		form["promise.classes"] = []string{"E"}
		if code, _ := post(t, s, "/setup/rules/promise", form); code != http.StatusSeeOther {
			t.Fatalf("promise: %d", code)
		}
		_, body = get(t, s, "/setup/rules/history")
		if strings.Count(body, "E 类：分步解决") != 2 || strings.Contains(body, ">E<") {
			t.Error("the history names the class by its code")
		}
	})
}
