package calendar

import (
	"slices"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// ShowIn asks for a year; 0 is the present one.
type ShowIn struct {
	Year int `json:"year"`
}

// Shown is a year of the committee's calendar.
type Shown struct {
	Version int64  `json:"version"`
	Year    int    `json:"year"`
	Today   string `json:"today"`
	// Known says that the year's notice is entered; without it plain weeks are
	// assumed.
	Known bool `json:"known"`
	// Own says that the committee changed the notice; Shipped that the product
	// came with one.
	Own     bool `json:"own"`
	Shipped bool `json:"shipped"`
	// Number, Holidays and Makeups are the year's notice.
	Number   string   `json:"number"`
	Holidays []Span   `json:"holidays"`
	Makeups  []string `json:"makeups"`
	// Days are all named days of the year, also those that the notices of its
	// neighbours name.
	Days     []Exception `json:"days"`
	Workdays int         `json:"workdays"` // of the year
	Years    []int       `json:"years"`    // whose notices are entered
}

// Show gives a year of the calendar; everybody of the committee may see it.
var Show = app.Ask("calendar.show", everybody, show)

func everybody(who access.Actor) access.Scope {
	return access.Committee("committee_id", who.CommitteeID)
}

func show(l *app.Look, s access.Scope, in ShowIn) (Shown, error) {
	if len(s.Args()) == 0 {
		return Shown{}, fault.New(fault.NotFound, "fault.not-found")
	}
	today := DateOf(l.Now().Time, Beijing)
	if in.Year == 0 {
		in.Year = today.Year()
	}
	if in.Year < oldestYear || in.Year > latestYear {
		return Shown{}, fault.Field("year", "calendar.notice.year")
	}
	w, err := Current(l)
	if err != nil {
		return Shown{}, err
	}
	notices, err := Notices(l, l.Who().CommitteeID)
	if err != nil {
		return Shown{}, err
	}
	out := Shown{Version: w.Version(), Year: in.Year, Today: today.String(), Known: w.Known(in.Year), Makeups: []string{}, Years: []int{}}
	n, _ := noticeOf(notices, in.Year)
	shipped, isShipped := noticeOf(app.Part[*Almanac](l).defaults, in.Year)
	out.Shipped, out.Own, out.Number = isShipped, out.Known && !(isShipped && sameNotice(n, shipped)), n.Number
	days := slices.Clone(n.Exceptions)
	slices.SortStableFunc(days, func(a, b Exception) int { return a.On.Compare(b.On) })
	for _, x := range spansOf(days) {
		if x.Kind == Holiday {
			out.Holidays = append(out.Holidays, x)
		} else {
			out.Makeups = append(out.Makeups, x.From.String())
		}
	}
	first, last := MustParseDate(yearText(in.Year)+"-01-01"), MustParseDate(yearText(in.Year)+"-12-31")
	out.Days = w.Exceptions(first, last)
	out.Workdays = w.CountWorkdays(first.Add(-1), last)
	for _, x := range notices {
		out.Years = append(out.Years, x.Year)
	}
	slices.Sort(out.Years)
	return out, nil
}

func yearText(year int) string { return strconv.Itoa(year) }
