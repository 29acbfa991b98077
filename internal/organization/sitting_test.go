package organization

import "testing"

func TestSittingsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	cases := map[string]Sitting{
		"十四届": {14, 0}, "第十四届": {14, 0}, "14": {14, 0}, "14届": {14, 0}, "１４届": {14, 0}, " 十四 届 ": {14, 0}, "十四": {14, 0},
		"十四届三次": {14, 3}, "第十四届第三次": {14, 3}, "14届3次": {14, 3}, "十四届三次会议": {14, 3}, "政协第十四届第三次全体会议": {14, 3}, "十四届三": {14, 3},
		"二十届": {20, 0}, "廿一届": {21, 0}, "一届一次": {1, 1}, "十届十次": {10, 10}, "一十四届": {14, 0}, "014": {14, 0},
		"": {}, "届": {}, "零届": {}, "0": {}, "一百届": {}, "十四届次": {}, "十四届三次四": {}, "四十四十届": {}, "abc": {}, "-14": {}, "14.5": {},
		"十十届": {}, "十四届零次": {}, "1234": {}, "14届100次": {}, "三四届": {},
	}
	for text, want := range cases {
		got, err := ParseSitting(text)
		if got != want || (err == nil) != (want != Sitting{}) {
			t.Errorf("%q: %v %v, want %v", text, got, err, want)
		}
	}
}

func TestNumeralsComeBack(t *testing.T) {
	t.Parallel()
	for n := range int64(1000) {
		if got, ok := ParseNumeral(Numeral(n)); !ok || got != n {
			t.Errorf("%d is written %s and read %d %v", n, Numeral(n), got, ok)
		}
	}
	for n, want := range map[int64]string{0: "零", 10: "十", 14: "十四", 20: "二十", 103: "一百零三", 110: "一百一十", 214: "二百一十四", 999: "九百九十九", 1000: "?", -1: "?"} {
		if got := Numeral(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func FuzzParseSitting(f *testing.F) {
	for _, s := range []string{"十四届三次会议", "14", "第一百届", "届次", "十", "百十", "零零届"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSitting(text)
		if err != nil {
			return
		}
		if s.Term < 1 || s.Term > maxNumber || s.Session < 0 || s.Session > maxNumber {
			t.Fatalf("%q gives %v", text, s)
		}
		if again, err := ParseSitting(s.String()); err != nil || again != s {
			t.Fatalf("%q gives %v, read again %v %v", text, s, again, err)
		}
	})
}

func FuzzParseRoster(f *testing.F) {
	f.Add("姓名,手机号,界别,专委会,单位及职务,届次,备注\n林知远,13900000000,经济界,,市一中 教师,十四届,\n")
	f.Add("\ufeff姓名\t界别\t届次\r\n\"林\n远\"\t=1+1\t14")
	f.Add("姓名,界别,届次\n\"")
	f.Fuzz(func(t *testing.T, content string) {
		rows, wrong, err := parseRoster(content)
		if err != nil && (rows != nil || wrong != nil) {
			t.Fatal("both rows and a fault")
		}
		for _, w := range wrong {
			if w.Row < 2 || w.Key == "" {
				t.Fatalf("%+v", w)
			}
		}
	})
}
