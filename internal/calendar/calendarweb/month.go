package calendarweb

import (
	"strconv"
	"time"

	"tongxin/internal/calendar"
	"tongxin/internal/web"
)

// day is one field of a month's table; the zero day is an empty field.
type day struct {
	number string
	date   string
	mark   string // what is written beside the number
	spoken string // what the mark means, for people who listen
	today  bool
}

// month is twelve times a year: weeks from Monday to Sunday.
type month struct {
	name  string
	weeks [][7]day
}

// months lays a year out.
func months(v web.View, s calendar.Shown) []month {
	named := map[string]calendar.Exception{}
	for _, e := range s.Days {
		named[e.On.String()] = e
	}
	list := make([]month, 12)
	for i := range list {
		list[i] = layOut(v, s, time.Month(i+1), named)
	}
	return list
}

func layOut(v web.View, s calendar.Shown, m time.Month, named map[string]calendar.Exception) month {
	out := month{name: v.T("calendar.month", "month", int(m))}
	d, err := calendar.NewDate(s.Year, m, 1)
	if err != nil {
		return out
	}
	var week [7]day
	for {
		_, at, n := d.Civil()
		if at != m {
			break
		}
		column := (int(d.Weekday()) + 6) % 7
		x := day{number: strconv.Itoa(n), date: d.String(), today: d.String() == s.Today}
		if e, ok := named[x.date]; ok {
			x.mark, x.spoken = v.T("calendar.mark."+string(e.Kind)), v.T("calendar.makeups")
			if e.Kind == calendar.Holiday {
				x.spoken = calendar.HolidayName(v, e.Name)
			}
		}
		week[column] = x
		if d = d.Add(1); column == 6 {
			out.weeks = append(out.weeks, week)
			week = [7]day{}
		}
	}
	if week != ([7]day{}) {
		out.weeks = append(out.weeks, week)
	}
	return out
}

// weekdays are the heads of the columns, from Monday.
func weekdays(v web.View) []string {
	list := make([]string, 7)
	for i := range list {
		list[i] = v.T("calendar.weekday." + strconv.Itoa((i+1)%7))
	}
	return list
}

// rows are the stored holidays and some empty rows.
func rows(s calendar.Shown) []calendar.Span {
	list := append([]calendar.Span(nil), s.Holidays...)
	for len(list) < max(len(s.Holidays)+2, 8) {
		list = append(list, calendar.Span{})
	}
	return list
}

// makeup is the i-th worked day as stored or typed.
func makeup(v web.View, s calendar.Shown, i int) string {
	list := s.Makeups
	if v.Typed != nil {
		list = v.Typed["makeups"]
	}
	if i < len(list) {
		return list[i]
	}
	return ""
}
