package report

import (
	"fmt"
	"strings"
	"time"
)

// Page writes the report as Markdown. reasons tells, by the key of a target, why it was
// missed and what comes next.
func (r Report) Page(reasons map[string]string) string {
	p := &page{}
	p.say("# Measured")
	p.say("Written by `make bench`; do not edit. Every number is a median over %d rounds in which the sides took turns, "+
		"all in one run on one machine, with the client on the same cores as the server. Run it again before you believe it.", r.Rounds)
	p.targets(r.Measures)
	p.missed(r.Measures, reasons)
	for _, m := range r.Measures {
		p.measure(m)
	}
	p.ceilings(r.Ceilings)
	p.surroundings(r)
	return strings.TrimRight(p.b.String(), "\n") + "\n"
}

type page struct{ b strings.Builder }

// say writes a paragraph.
func (p *page) say(format string, args ...any) {
	fmt.Fprintf(&p.b, format+"\n\n", args...)
}

func (p *page) table(head string, rows [][]string) {
	p.b.WriteString("| " + head + " |\n|" + strings.Repeat(" --- |", strings.Count(head, "|")+1) + "\n")
	for _, row := range rows {
		p.b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	p.b.WriteString("\n")
}

func (p *page) targets(measures []Measure) {
	var rows [][]string
	for _, m := range measures {
		for _, t := range m.Targets {
			verdict := "met"
			if t.Miss != "" {
				verdict = "**missed**: " + t.Miss
			}
			rows = append(rows, []string{t.What, t.Want, t.Got, verdict})
		}
	}
	p.say("## Targets")
	p.table("target | wanted | measured | ", rows)
}

func (p *page) missed(measures []Measure, reasons map[string]string) {
	p.say("## What was missed, and why")
	any := false
	for _, m := range measures {
		for _, t := range m.Targets {
			if t.Miss == "" {
				continue
			}
			any = true
			why := reasons[t.Key]
			if why == "" {
				why = "Not explained yet."
			}
			p.say("**%s** — wanted %s, measured %s (%s). %s", t.What, t.Want, t.Got, t.Miss, why)
		}
	}
	if !any {
		p.say("Nothing, in this run.")
	}
}

func (p *page) measure(m Measure) {
	p.say("## %s", m.Title)
	for _, text := range m.Text {
		p.say("%s", text)
	}
	var rows [][]string
	for _, r := range m.Rows {
		ratio := "–"
		if r.Ratio > 0 {
			ratio = number(r.Ratio) + "×"
		}
		rows = append(rows, []string{r.Name, Count(int(r.PerSecond + 0.5)), Duration(r.P50), Duration(r.P99), fmt.Sprintf("%.3f s", r.CPU), fmt.Sprintf("%.3f s", r.Behind), Count(r.Bytes), ratio})
	}
	p.table("side | answers per second | p50 | p99 | server's CPU per 1,000 | of it behind the answers | bytes of an answer | product is faster by", rows)
	for _, n := range m.Notes {
		p.say("%s", n)
	}
}

func (p *page) ceilings(list []Ceiling) {
	p.say("## What the machine can do at most")
	p.say("Measured in the same run. A number above cannot be better than these allow.")
	var rows [][]string
	for _, c := range list {
		rows = append(rows, []string{c.What, c.Value})
	}
	p.table("ceiling | value", rows)
}

func (p *page) surroundings(r Report) {
	p.say("## Machine, versions, command")
	rows := [][]string{
		{"processor", fmt.Sprintf("%s, %d cores", r.Machine.Processor, r.Machine.Cores)}, {"memory", r.Machine.Memory},
		{"system", r.Machine.System}, {"file system", r.Machine.Disk}, {"Go", r.Machine.Go},
		{"load average before the run (others at work spoil the numbers)", r.Machine.Load},
	}
	for _, v := range r.Versions {
		rows = append(rows, []string{v.Name, v.Version})
	}
	rows = append(rows, []string{"command", "`" + r.Command + "`"}, []string{"run", fmt.Sprintf("%s, %s", r.Day, r.Took.Round(time.Second))})
	p.table("what | which", rows)
}
