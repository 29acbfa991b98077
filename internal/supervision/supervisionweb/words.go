package supervisionweb

import (
	"net/url"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/handling"
	"tongxin/internal/supervision"
	"tongxin/internal/web"
)

func itoa(n int) string { return strconv.Itoa(n) }

// toneOf is the colour of the dot beside the word.
func toneOf(c supervision.Colour) string {
	switch c {
	case supervision.Red:
		return "bad"
	case supervision.Yellow:
		return "warn"
	case supervision.Green:
		return "ok"
	default:
		return "mute"
	}
}

// standing is the word of how an assignment stands.
func standing(v web.View, x supervision.Item) string {
	switch {
	case x.Colour != "":
		return v.T("supervision.colour." + string(x.Colour))
	case x.State == handling.Answered && x.AnsweredLate:
		return v.T("supervision.what.done-late")
	default:
		return v.T("handling.state." + string(x.State))
	}
}

// timeLeft says how late something is, or how much time is left.
func timeLeft(v web.View, left int, late bool) string {
	switch {
	case late && left == 0:
		return v.T("supervision.late.today")
	case late:
		return v.T("supervision.late.by", "n", -left)
	case left == 0:
		return v.T("supervision.left.today")
	default:
		return v.T("supervision.left", "n", left)
	}
}

func itemLeft(v web.View, x supervision.Item) string {
	if x.DueOn == "" {
		return v.T("supervision.left.undated")
	}
	return timeLeft(v, x.Left, x.Colour == supervision.Red)
}

// chaseState is the word of how a chase stands, and its tone.
func chaseState(v web.View, x supervision.Chase) (tone, word string) {
	switch {
	case x.How == supervision.ByReply:
		return "ok", v.T("supervision.chase.state.settled")
	case !x.AnsweredAt.IsZero() && x.AnsweredLate:
		return "warn", v.T("supervision.chase.state.answered-late")
	case !x.AnsweredAt.IsZero():
		return "ok", v.T("supervision.chase.state.answered")
	case x.Overdue:
		return "bad", v.T("supervision.chase.state.overdue")
	case !x.ReceivedAt.IsZero():
		return "info", v.T("supervision.chase.state.received")
	default:
		return "warn", v.T("supervision.chase.state.sent")
	}
}

// instructionState is the word of how an instruction stands, and its tone.
func instructionState(v web.View, x supervision.Instruction) (tone, word string) {
	switch {
	case !x.ReportedAt.IsZero() && x.ReportedLate:
		return "warn", v.T("supervision.instruction.state.reported-late")
	case !x.ReportedAt.IsZero():
		return "ok", v.T("supervision.instruction.state.reported")
	case x.Overdue:
		return "bad", v.T("supervision.instruction.state.overdue")
	default:
		return "info", v.T("supervision.instruction.state.open")
	}
}

// chasers reports whether the one who looks may chase.
func chasers(v web.View) bool {
	return v.Who.Is(access.Office, access.Chief, access.Dispatcher)
}

func yearOptions(o supervision.Overview) []web.Option {
	var list []web.Option
	for y := o.Last; y >= o.First && len(list) < 100; y-- {
		list = append(list, web.Option{Value: itoa(y), Text: itoa(y)})
	}
	return list
}

func roleOptions(v web.View) []web.Option {
	return []web.Option{{Text: v.T("supervision.role.both")}, {Value: supervision.MainOnes, Text: v.T("supervision.role.main")}, {Value: supervision.Assists, Text: v.T("supervision.role.assist")}}
}

func deskOptions(v web.View, desks []supervision.Desk) []web.Option {
	list := []web.Option{{Text: v.T("supervision.desk.all")}}
	for _, d := range desks {
		list = append(list, web.Option{Value: d.ID, Text: d.Name})
	}
	return append(list, web.Option{Value: supervision.ByOffice, Text: v.T("supervision.desk.direct")})
}

// segment is a part of the bar beside a unit's numbers.
type segment struct {
	x, width string
	fill     string
}

// Colours of the parts of a bar, those of the tags with the same words; what is
// answered asks for no colour.
const (
	barLate  = "#a3161a"
	barNear  = "#c98a1b"
	barGreen = "#1c6b3c"
	barDone  = "#c9cdd1"
)

// bar divides a hundred by how the assignments stand.
func bar(c supervision.Counts) []segment {
	all := c.All()
	if all == 0 {
		return nil
	}
	var list []segment
	at := 0
	for _, part := range []struct {
		n    int
		fill string
	}{{c.Late, barLate}, {c.Near, barNear}, {c.Green(), barGreen}, {c.Done + c.DoneLate, barDone}} {
		if part.n > 0 {
			from, to := at*1000/all, (at+part.n)*1000/all
			list = append(list, segment{tenth(from), tenth(max(to-from, 1)), part.fill})
		}
		at += part.n
	}
	return list
}

// tenth writes a number of tenths.
func tenth(n int) string {
	if n%10 == 0 {
		return itoa(n / 10)
	}
	return itoa(n/10) + "." + itoa(n%10)
}

// column is one of the overview: its name and its number.
type column struct {
	what string
	n    int
}

func columnsOf(c supervision.Counts) []column {
	return []column{{supervision.LateOnes, c.Late}, {supervision.NearOnes, c.Near}, {supervision.GreenOnes, c.Green()}, {supervision.OpenOnes, c.Open},
		{supervision.DoneOnes, c.Done}, {supervision.DoneLate, c.DoneLate}, {supervision.AllOnes, c.All()}}
}

// toneOfWhat is the dot of a column's head, "" for none.
func toneOfWhat(what string) string {
	switch what {
	case supervision.LateOnes:
		return "bad"
	case supervision.NearOnes:
		return "warn"
	case supervision.GreenOnes:
		return "ok"
	default:
		return ""
	}
}

// listTabs are the sorts of the list that are offered.
func listTabs() []string {
	return []string{supervision.LateOnes, supervision.NearOnes, supervision.GreenOnes, supervision.OpenOnes, supervision.DoneOnes, supervision.DoneLate, supervision.AllOnes}
}

// newAt is the address of the form of a chase of one unit.
func newAt(unit, form string) string {
	return "/supervision/chases/new?" + url.Values{"unit": {unit}, "form": {form}}.Encode()
}

// preticked: what is open, due and was not chased lately.
func preticked(in supervision.CandidatesIn, x supervision.Item) bool {
	return len(in.IDs) > 0 || !x.Quiet
}

// whatFor is what a chased unit was to do, with the date.
func whatFor(v web.View, x supervision.ChaseItem) string { return v.T("supervision.wants." + x.What) }
