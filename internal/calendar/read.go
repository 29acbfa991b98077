package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/fault"
)

//nolint:gochecknoglobals // patterns
var (
	// holidayLine: 二、春节：2月15日（农历腊月二十八、周日）至23日（…）放假调休，共9天。
	holidayLine = regexp.MustCompile(`^(?:[（(]?[一二三四五六七八九十0-9]+[）)、.．][ \t]*)?([\p{Han}、和与]{2,20})[:：](.+)$`)
	// fullDay: 2025年12月31日, 12月31日, or a mere 31日 after a month.
	fullDay = regexp.MustCompile(`(?:([0-9]{4})年)?(?:([0-9]{1,2})月)?([0-9]{1,2})日`)
	remark  = regexp.MustCompile(`[（(][^（）()]*[）)]`)
	number  = regexp.MustCompile(`国办发明电[〔\[［(（][0-9]{4}[〕\]］)）][0-9]+号`)
)

// ReadNotice reads the text of a State Council notice of one year. It takes
// the lines of the form "春节：2月15日至23日放假调休，共9天。2月14日（周六）上班。";
// other lines are passed over. A text without one, or with a day that does not
// exist, answers a fault of field "text".
func ReadNotice(year int, text string) (Notice, error) {
	n := Notice{Year: year, Number: number.FindString(text)}
	var p fault.Problems
	for line := range strings.SplitSeq(text, "\n") {
		m := holidayLine.FindStringSubmatch(strings.Join(strings.Fields(line), ""))
		if m == nil || !strings.Contains(m[2], "日") {
			continue
		}
		before := len(n.Exceptions)
		if !n.readLine(m[1], remark.ReplaceAllString(m[2], "")) || len(n.Exceptions) == before {
			p.Add("text", "calendar.text-line", "line", m[1])
		}
	}
	p.Check(len(n.Exceptions) > 0, "text", "calendar.text-unread")
	return n, p.Err()
}

// readLine reads the sentences about one holiday; false when a day is wrong.
func (n *Notice) readLine(name, text string) bool {
	for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '。' || r == '；' || r == ';' }) {
		works := strings.Contains(sentence, "上班")
		if !works && !strings.Contains(sentence, "放假") && !strings.Contains(sentence, "休息") {
			continue
		}
		for part := range strings.FieldsFuncSeq(sentence, func(r rune) bool { return r == '、' || r == '，' || r == ',' || r == '和' }) {
			if !n.readPart(name, part, works) {
				return false
			}
		}
	}
	return true
}

// readPart reads one day, or a run of days joined by 至.
func (n *Notice) readPart(name, part string, works bool) bool {
	if works {
		part = strings.TrimSuffix(part, "上班")
	}
	found := fullDay.FindAllStringSubmatch(part, -1)
	if len(found) == 0 {
		return true
	}
	from, ok := n.day(found[0], Date{})
	to := from
	if ok && len(found) > 1 && strings.ContainsAny(part, "至到—-－~～") {
		to, ok = n.day(found[len(found)-1], from)
	}
	if !ok || to.Before(from) || to.Sub(from) >= longestHoliday {
		return false
	}
	if works {
		n.Exceptions = append(n.Exceptions, Exception{On: from, Kind: Makeup})
		return true
	}
	n.add(name, from, to)
	return true
}

// day reads a day; year and month may follow from the day before it.
func (n *Notice) day(m []string, after Date) (Date, bool) {
	year, month := n.Year, 0
	if !after.IsZero() {
		y, mo, _ := after.Civil()
		year, month = y, int(mo)
	}
	if m[1] != "" {
		year, _ = strconv.Atoi(m[1])
	}
	if m[2] != "" {
		month, _ = strconv.Atoi(m[2])
	} else if after.IsZero() && len(n.Exceptions) > 0 {
		// "2月14日、28日上班": the month of the day named before.
		y, mo, _ := n.Exceptions[len(n.Exceptions)-1].On.Civil()
		year, month = y, int(mo)
	}
	day, _ := strconv.Atoi(m[3])
	d, err := NewDate(year, time.Month(month), day)
	return d, err == nil
}
