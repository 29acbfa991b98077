package calendar_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/testkit"
)

func each(t *testing.T, f func(t *testing.T, w *testkit.World)) {
	t.Helper()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) { f(t, testkit.NewWorld(t, h)) })
}

func shown(t *testing.T, w *testkit.World, who access.Actor, year int) calendar.Shown {
	t.Helper()
	s, err := calendar.Show.Do(t.Context(), w.App, who, calendar.ShowIn{Year: year})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// of2027 is an invented arrangement.
func of2027(version int64) calendar.ChangeIn {
	return calendar.ChangeIn{Year: 2027, Version: version, Number: "试编号1",
		Holidays: []calendar.HolidayIn{{Name: "元旦", From: "2027-01-01", To: "2027-01-03"}, {}, {Name: "春节", From: "2027-02-05", To: "2027-02-11"}, {Name: "清明节", From: "2027-04-05"}},
		Makeups:  []string{"2027-01-30", "", "2027-02-20"}}
}

func TestAYearIsEnteredAndCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		if s := shown(t, w, w.Members[0], 2027); s.Known || s.Shipped || s.Workdays != 261 {
			t.Errorf("before: %+v", s)
		}
		out, err := calendar.Change.Do(t.Context(), w.App, w.Office, of2027(0))
		if err != nil || out.Version != 1 {
			t.Fatalf("%+v, %v", out, err)
		}
		s := shown(t, w, w.Members[0], 2027)
		// Free on weekdays: 1 January, five days of February, 5 April; two weekend days are worked.
		if !s.Known || !s.Own || s.Workdays != 261-7+2 || len(s.Holidays) != 3 || !slices.Equal(s.Makeups, []string{"2027-01-30", "2027-02-20"}) {
			t.Errorf("after: %+v", s)
		}
		if other := shown(t, w, w.Stranger, 2027); other.Known || other.Version != 0 {
			t.Error("another committee has our calendar")
		}
		if _, err := calendar.Change.Do(t.Context(), w.App, w.Office, of2027(1)); fault.From(err).Key != "calendar.nothing-changed" {
			t.Errorf("the same again: %v", err)
		}
		if _, err := calendar.Change.Do(t.Context(), w.App, w.Office, calendar.ChangeIn{Year: 2027, Version: 1, Shipped: true}); fault.From(err).Key != "calendar.not-shipped" {
			t.Errorf("nothing is shipped: %v", err)
		}
	})
}

func TestAShippedYearIsChangedAndPutBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		before := shown(t, w, w.Office, 2026)
		if !before.Shipped || before.Own || before.Number == "" {
			t.Fatalf("%+v", before)
		}
		in := calendar.ChangeIn{Year: 2026, Holidays: []calendar.HolidayIn{{Name: "市庆", From: "2026-06-08", To: "2026-06-09"}}}
		if _, err := calendar.Change.Do(t.Context(), w.App, w.SysAdmin, in); err != nil {
			t.Fatal(err)
		}
		if s := shown(t, w, w.Office, 2026); !s.Own || len(s.Holidays) != 1 {
			t.Errorf("changed: %+v", s)
		}
		if _, err := calendar.Change.Do(t.Context(), w.App, w.Office, calendar.ChangeIn{Year: 2026, Version: 1, Shipped: true}); err != nil {
			t.Fatal(err)
		}
		if s := shown(t, w, w.Office, 2026); s.Own || s.Version != 2 || s.Workdays != before.Workdays || len(s.Days) != len(before.Days) {
			t.Errorf("put back: %+v", s)
		}
	})
}

func TestWhoKeepsTheCalendar(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for _, who := range []access.Actor{w.Members[0], w.Reviewer, w.Leader, w.HandlerA, w.GovDesk, w.SecAdmin, w.Auditor} {
			if _, err := calendar.Change.Do(t.Context(), w.App, who, of2027(0)); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", who.Post.Kind, err)
			}
		}
		if _, err := calendar.Change.Do(t.Context(), w.App, access.Actor{}, of2027(0)); !fault.Is(err, fault.NotFound) {
			t.Errorf("nobody: %v", err)
		}
		if _, err := calendar.Show.Do(t.Context(), w.App, access.Actor{}, calendar.ShowIn{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("nobody looks: %v", err)
		}
	})
}

func TestTwoAtOnceAndARepetition(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for i := range 6 {
			wg.Go(func() {
				in := of2027(0)
				in.Number = strings.Repeat("号", i+1)
				_, err := calendar.Change.Do(t.Context(), w.App, w.Office, in)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					done++
				} else if !fault.Is(err, fault.Stale) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done != 1 || shown(t, w, w.Office, 2027).Version != 1 {
			t.Errorf("%d of six changed the first version", done)
		}
		in := of2027(1)
		in.Number = "又一次"
		who := testkit.Keyed(w.Office, "k")
		first, err := calendar.Change.Do(t.Context(), w.App, who, in)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := calendar.Change.Do(t.Context(), w.App, who, in); err != nil || again != first {
			t.Errorf("repeated: %+v, %v", again, err)
		}
	})
}

func TestWhatIsWrongWithANotice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		day := func(name, from, to string) calendar.ChangeIn {
			return calendar.ChangeIn{Year: 2027, Holidays: []calendar.HolidayIn{{Name: name, From: from, To: to}}}
		}
		twice := day("春节", "2027-02-05", "2027-02-11")
		twice.Makeups = []string{"2027-02-06"}
		weekday := day("春节", "2027-02-05", "")
		weekday.Makeups = []string{"2027-02-24"}
		nodate := day("春节", "2027-02-05", "")
		nodate.Makeups = []string{"昨天"}
		cases := map[string]struct {
			in         calendar.ChangeIn
			field, key string
		}{
			"empty":             {calendar.ChangeIn{Year: 2027}, "holidays", "calendar.empty"},
			"no year":           {calendar.ChangeIn{}, "year", "calendar.notice.year"},
			"the year 9999":     {calendar.ChangeIn{Year: 9999}, "year", "calendar.notice.year"},
			"no date":           {day("春节", "明天", ""), "holidays.0.from", "web.not-a-date"},
			"31 February":       {day("春节", "2027-02-31", ""), "holidays.0.from", "web.not-a-date"},
			"backwards":         {day("春节", "2027-02-09", "2027-02-05"), "holidays.0.to", "calendar.run"},
			"a whole year":      {day("春节", "2027-01-01", "2027-12-31"), "holidays.0.to", "calendar.run"},
			"no name":           {day("", "2027-02-05", ""), "exceptions", "calendar.notice.name"},
			"another year":      {day("春节", "2029-02-05", ""), "exceptions", "calendar.notice.other-year"},
			"free and worked":   {twice, "exceptions", "calendar.notice.twice"},
			"a worked weekday":  {weekday, "exceptions", "calendar.notice.makeup-weekday"},
			"worked yesterday":  {nodate, "makeups", "calendar.makeup-date"},
			"unreadable text":   {calendar.ChangeIn{Year: 2027, Text: "今年不放假"}, "text", "calendar.text-unread"},
			"a line in doubt":   {calendar.ChangeIn{Year: 2027, Text: "春节：2月31日放假。"}, "text", "calendar.text-line"},
			"a novel":           {calendar.ChangeIn{Year: 2027, Text: strings.Repeat("放假", 20000)}, "text", "calendar.text-long"},
			"against 2026":      {calendar.ChangeIn{Year: 2025, Holidays: []calendar.HolidayIn{{Name: "岁末", From: "2026-01-04"}}}, "holidays", "calendar.conflict"},
			"number of a novel": {calendar.ChangeIn{Year: 2027, Number: strings.Repeat("号", 101)}, "number", "calendar.number-long"},
		}
		for name, c := range cases {
			_, err := calendar.Change.Do(t.Context(), w.App, w.Office, c.in)
			if f := fault.From(err); err == nil || f.Field != c.field || f.Key != c.key {
				t.Errorf("%s: %v", name, err)
			}
		}
		if shown(t, w, w.Office, 2027).Version != 0 {
			t.Error("something was written")
		}
	})
}

func TestANoticeIsReadFromItsText(t *testing.T) {
	t.Parallel()
	const text = `关于2026年部分节假日安排（国办发明电〔2025〕7号）
	一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
	二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
	三、清明节：4月4日（周六）至6日（周一）放假，共3天。
	四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
	五、端午节：6月19日（周五）至21日（周日）放假，共3天。
	六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
	七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
	请妥善安排值班。`
	n, err := calendar.ReadNotice(2026, text)
	if err != nil {
		t.Fatal(err)
	}
	if n.Number != "国办发明电〔2025〕7号" {
		t.Errorf("number %q", n.Number)
	}
	if err := n.Check(); err != nil {
		t.Error(err)
	}
	got, err := calendar.NewWorkdays(1, n)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(shipped, func(n calendar.Notice) bool { return n.Year == 2026 })
	want, err := calendar.NewWorkdays(1, shipped[i])
	if err != nil {
		t.Fatal(err)
	}
	for d := calendar.MustParseDate("2026-01-01"); d.Year() == 2026; d = d.Add(1) {
		if got.IsWorkday(d) != want.IsWorkday(d) {
			t.Errorf("%s is read as worked: %v", d, got.IsWorkday(d))
		}
	}
	across, err := calendar.ReadNotice(2023, "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。\n六、中秋节、国庆节：9月29日至10月6日放假，共8天。10月7日、8日上班。")
	if err != nil || len(across.Exceptions) != 3+8+2 {
		t.Errorf("across the year: %+v, %v", across, err)
	}
}

func FuzzReadNotice(f *testing.F) {
	f.Add("春节：2月15日至23日放假调休。2月14日、28日上班。")
	f.Add("春节：9999年99月99日至日放假")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := calendar.ReadNotice(2026, text)
		if err == nil && len(n.Exceptions) == 0 {
			t.Error("nothing read, and no word of it")
		}
	})
}

func TestARuleInWords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for want, r := range map[string]calendar.Rule{
			"自交办之日起3个月，最后一日不是工作日的顺延": {Base: calendar.FromDispatch, Months: 3, Roll: calendar.RollForward},
			"自签收之日起1个月加5个工作日":        {Base: calendar.FromSign, Months: 1, Workdays: 5},
			"交办之后的首个5月10日":           {Base: calendar.FromDispatch, Fixed: "05-10"},
			"2026年6月30日":             {Base: calendar.FromDispatch, Fixed: "2026-06-30"},
			"自交办之日起90日，承办满20件另加10日":  {Base: calendar.FromDispatch, Days: 90, Extra: []calendar.Extra{{AtLeast: 20, Days: 10}}},
		} {
			if got := r.Say(w.Words.In("zh-CN")); got != want {
				t.Errorf("said %q, not %q", got, want)
			}
			if got := r.Say(w.Words.In("en")); strings.Contains(got, "⟦") || strings.Contains(got, "{") {
				t.Errorf("in English %q", got)
			}
		}
	})
}
