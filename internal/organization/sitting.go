package organization

import (
	"errors"
	"strings"

	"tongxin/internal/seal"
)

// Sitting is a term and, when it is named, a session of it: 十四届三次. Session
// is 0 where only the term is meant.
type Sitting struct{ Term, Session int64 }

// ErrSitting answers a text that names no term.
var ErrSitting = errors.New("not a term such as 十四届, 14 or 十四届三次")

// String writes 十四届三次, or 十四届.
func (s Sitting) String() string {
	t := Numeral(s.Term) + "届"
	if s.Session > 0 {
		t += Numeral(s.Session) + "次"
	}
	return t
}

// ParseSitting reads how people write a term and session: 十四届, 第十四届, 14,
// 14届, 十四届三次, 第14届第3次会议. Anything else is ErrSitting.
func ParseSitting(text string) (Sitting, error) {
	text = strings.ReplaceAll(clean(seal.Normalize(text)), " ", "")
	text = strings.TrimPrefix(text, "政协")
	for _, end := range []string{"全体会议", "会议"} {
		if cut, ok := strings.CutSuffix(text, end); ok {
			text = cut
			break
		}
	}
	first, rest, named := strings.Cut(text, "届")
	s := Sitting{}
	var ok bool
	if s.Term, ok = ParseNumeral(strings.TrimPrefix(first, "第")); !ok || s.Term < 1 || s.Term > maxNumber {
		return Sitting{}, ErrSitting
	}
	if !named || rest == "" {
		return s, nil
	}
	second, end, _ := strings.Cut(rest, "次")
	if s.Session, ok = ParseNumeral(strings.TrimPrefix(second, "第")); !ok || end != "" || s.Session < 1 || s.Session > maxNumber {
		return Sitting{}, ErrSitting
	}
	return s, nil
}

const figures = "零一二三四五六七八九"

// Numeral writes a number from 0 to 999 as people say it: 十四, 二十, 一百零三.
// Any other is "?".
func Numeral(n int64) string {
	f := []rune(figures)
	switch {
	case n < 0 || n > 999:
		return "?"
	case n < 10:
		return string(f[n])
	case n < 20:
		return "十" + digit(n%10)
	case n < 100:
		return string(f[n/10]) + "十" + digit(n%10)
	}
	hundreds, rest := string(f[n/100])+"百", n%100
	switch {
	case rest == 0:
		return hundreds
	case rest < 10:
		return hundreds + "零" + string(f[rest])
	case rest < 20:
		return hundreds + "一" + Numeral(rest)
	}
	return hundreds + Numeral(rest)
}

func digit(n int64) string {
	if n == 0 {
		return ""
	}
	return string([]rune(figures)[n])
}

// ParseNumeral reads a number from 0 to 999 in Chinese or Arabic figures.
func ParseNumeral(text string) (n int64, ok bool) {
	if text == "" {
		return 0, false
	}
	if strings.Trim(text, "0123456789") == "" {
		if len(text) > 3 {
			return 0, false
		}
		for _, c := range text {
			n = n*10 + int64(c-'0')
		}
		return n, true
	}
	// What a numeral may be is exactly what Numeral writes; a few other ways
	// of saying the same are brought into that form first.
	text = strings.NewReplacer("〇", "零", "○", "零", "两", "二", "壹", "一", "贰", "二", "叁", "三", "拾", "十", "佰", "百", "廿", "二十", "卅", "三十").Replace(text)
	if text == "零" {
		return 0, true
	}
	return numerals(strings.TrimPrefix(text, "零"))
}

func numerals(text string) (int64, bool) {
	var hundreds, tens, ones int64
	rest := text
	if before, after, ok := strings.Cut(rest, "百"); ok {
		if hundreds = figure(before); hundreds < 1 {
			return 0, false
		}
		rest = strings.TrimPrefix(after, "零")
	}
	if before, after, ok := strings.Cut(rest, "十"); ok {
		if tens = 1; before != "" {
			tens = figure(before)
		}
		rest = after
	}
	if rest != "" {
		ones = figure(rest)
	}
	if tens < 0 || ones < 0 {
		return 0, false
	}
	n := hundreds*100 + tens*10 + ones
	written := Numeral(n)
	// 一百十四 is said as well as 一百一十四, and 一十四 as well as 十四.
	same := text == written || strings.Replace(text, "百十", "百一十", 1) == written || strings.TrimPrefix(text, "一") == written
	return n, same && text != ""
}

// figure is the value of one sign, -1 for anything else.
func figure(text string) int64 {
	for i, r := range []rune(figures) {
		if text == string(r) {
			return int64(i)
		}
	}
	return -1
}
