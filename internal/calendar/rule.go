package calendar

import (
	"encoding/json"
	"fmt"
	"slices"

	"tongxin/internal/fault"
)

// Base names the event a period runs from.
type Base string

// The bases. Their words are the message keys calendar.base.….
const (
	FromSessionClose Base = "session_close" // 会议闭幕
	FromDispatch     Base = "dispatch"      // 交办
	FromSign         Base = "sign"          // 签收
	FromIssue        Base = "issue"         // 答复印发
	FromSubmit       Base = "submit"        // 提交
	FromObjection    Base = "objection"     // 退办申请
	FromRating       Base = "rating"        // 评价
	FromDue          Base = "due"           // 原期限: an extension runs from the deadline before it
	FromNotice       Base = "notice"        // 通知: of what a committee asks for outside the life of a case
)

// Roll tells what happens when the last day is not worked.
type Roll string

// The rolls. An empty Roll is RollNone.
const (
	RollForward Roll = "forward" // to the next working day
	RollNone    Roll = "none"    // it stays
)

// Extra gives more days to a unit that holds many cases at once.
type Extra struct {
	AtLeast int `json:"at_least"` // cases held
	Days    int `json:"days"`     // calendar days more
}

// Rule is a deadline as data of the committee: either a fixed date or a period.
// The parts of a period are added in the order months, days, working days.
type Rule struct {
	Base     Base   `json:"base"`
	Months   int    `json:"months,omitempty"`
	Days     int    `json:"days,omitempty"`     // calendar days
	Workdays int    `json:"workdays,omitempty"` // working days
	Fixed    string `json:"fixed,omitempty"`    // "06-30": the first such day after the base; or a full date
	Roll     Roll   `json:"roll,omitempty"`
	// Extra are the additions by load; the one with the highest AtLeast that
	// Load reaches holds.
	Extra []Extra `json:"extra,omitempty"`
	// Load is how many cases the unit holds. The profile leaves it empty; see ForLoad.
	Load int `json:"load,omitempty"`
	// Version is the number of the committee's rules this one was read from.
	Version int64 `json:"version,omitempty"`
}

// UnmarshalJSON reads a rule whole: what the JSON leaves out is not set, even
// where a default stood before.
func (r *Rule) UnmarshalJSON(text []byte) error {
	type plain Rule
	var p plain
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	*r = Rule(p)
	return nil
}

const (
	mostMonths = 120
	mostDays   = 3660
)

// ForLoad gives the rule for a unit that holds that many cases.
func (r Rule) ForLoad(cases int) Rule {
	r.Load = cases
	return r
}

// Check tells a person everything that is wrong with a rule, as a fault.Invalid
// whose fields are the JSON names.
func (r Rule) Check() error {
	var p fault.Problems
	p.Check(r.Base.known(), "base", "calendar.rule.base")
	p.Check(within(r.Months, mostMonths), "months", "calendar.rule.range", "most", mostMonths)
	p.Check(within(r.Days, mostDays), "days", "calendar.rule.range", "most", mostDays)
	p.Check(within(r.Workdays, mostDays), "workdays", "calendar.rule.range", "most", mostDays)
	p.Check(r.Roll == "" || r.Roll == RollForward || r.Roll == RollNone, "roll", "calendar.rule.roll")
	period := r.Months != 0 || r.Days != 0 || r.Workdays != 0
	if r.Fixed == "" {
		p.Check(period, "days", "calendar.rule.empty")
	} else {
		_, err := fixedDate(r.Fixed, MustParseDate("2000-01-01"))
		p.Check(err == nil, "fixed", "calendar.rule.fixed")
		p.Check(!period, "fixed", "calendar.rule.both")
	}
	for _, e := range r.Extra {
		p.Check(e.AtLeast > 0 && e.Days > 0 && e.Days <= mostDays, "extra", "calendar.rule.extra")
	}
	return p.Err()
}

// extra gives the addition that the load reaches, if any.
func (r Rule) extra() (reached Extra, ok bool) {
	for _, e := range r.Extra {
		if r.Load >= e.AtLeast && e.AtLeast > reached.AtLeast {
			reached, ok = e, true
		}
	}
	return reached, ok
}

// Bases lists what a rule may run from, in the order of the life of a case; an
// extension runs from FromDue. FromNotice is no choice of the profile.
func Bases() []Base {
	return []Base{FromSubmit, FromSessionClose, FromDispatch, FromSign, FromObjection, FromIssue, FromRating, FromDue}
}

func (b Base) known() bool { return b == FromNotice || slices.Contains(Bases(), b) }

// Key is the message key of the base's words.
func (b Base) Key() string { return "calendar.base." + string(b) }

func within(n, most int) bool { return n >= 0 && n <= most }

// fixedDate gives the day of a full date, or the first day after from with that
// month and day. 29 February falls on the 28th in a common year.
func fixedDate(text string, from Date) (Date, error) {
	if d, err := ParseDate(text); err == nil {
		return d, nil
	}
	// 2000 is a leap year, so every month and day that exists is read.
	leap, err := ParseDate("2000-" + text)
	if err != nil {
		return Date{}, fmt.Errorf("read fixed date %q: %w", text, err)
	}
	_, month, day := leap.Civil()
	year := from.Year()
	on := civil(year, month, min(day, monthLength(year, month)))
	if !on.After(from) {
		year++
		on = civil(year, month, min(day, monthLength(year, month)))
	}
	return on, nil
}
