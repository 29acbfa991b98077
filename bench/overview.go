package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"tongxin/bench/product"
	"tongxin/bench/report"
)

// The year that is looked over.
const (
	yearOfAssignments = 100_000
	unitsOfCity       = 150
)

// overviews measures the overview of all units over a year of assignments, and the list
// behind one of its numbers.
func (b *bench) overviews() (err error) {
	if !b.wants("overview") {
		return nil
	}
	b.tell("overview: product with %s assignments", report.Count(yearOfAssignments))
	mine, year, err := b.startYear("overview", product.Size{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mine.end()) }()
	if err := sameYear(mine, year); err != nil {
		return err
	}
	at := strconv.Itoa(year.Number)
	html := func(name string, paths ...string) *side {
		return &side{name: name, process: mine.Process, address: mine.address, next: gets(paths, mine.office)}
	}
	rows, err := b.compare(readers, b.each,
		html("all units", "/supervision?year="+at, "/supervision?year="+at+"&role=main", "/supervision?year="+at+"&role=assist"),
		html("with what happened besides", "/supervision?year="+at+"&detail=1"),
		html("the list behind a number", "/supervision/assignments?what=late&year="+at, "/supervision/assignments?what=near&year="+at, "/supervision/assignments?what=done-late&year="+at))
	if err != nil {
		return err
	}
	alone, err := b.compare(1, b.each/2, html("all units, one connection", "/supervision?year="+at))
	if err != nil {
		return err
	}
	b.report.Measures = append(b.report.Measures, overviewMeasure(year, append(rows, alone...)))
	return nil
}

// startYear is startProduct with a year of assignments, written before the server starts.
func (b *bench) startYear(name string, size product.Size) (*running, product.Year, error) {
	var year product.Year
	p, err := b.startWith(name, size, func(i product.Installation) (err error) {
		year, err = product.FillYear(b.ctx, i.Database, time.Now().Format(time.DateOnly), yearOfAssignments, unitsOfCity)
		return err
	})
	return p, year, err
}

// sameYear makes sure that the product counts what was written, and the page shows it.
func sameYear(p *running, y product.Year) error {
	var o struct {
		Units []struct{} `json:"units"`
		Total struct {
			Open     int `json:"open"`
			Done     int `json:"done"`
			DoneLate int `json:"done_late"`
		} `json:"total"`
	}
	if err := ask(p.office, "GET", "/api/v1/supervision?year="+strconv.Itoa(y.Number), nil, &o); err != nil {
		return err
	}
	if all := o.Total.Open + o.Total.Done + o.Total.DoneLate; all != y.Assignments || o.Total.Open != y.Open || len(o.Units) != y.Units || all < yearOfAssignments*9/10 {
		return fmt.Errorf("the overview counts %d assignments (%d open) of %d units; written were %d (%d open) of %d", all, o.Total.Open, len(o.Units), y.Assignments, y.Open, y.Units)
	}
	return nil
}

func overviewMeasure(y product.Year, rows []report.Row) report.Measure {
	for i := range rows {
		rows[i].Ratio = 0 // there is no peer here
	}
	return report.Measure{
		Title: fmt.Sprintf("Overview of all units over a year of %s assignments, %d connections", report.Count(y.Assignments), readers),
		Text: []string{fmt.Sprintf("The proposal office opens the overview of supervision as a whole HTML page: %d units × late, near, in time, open, answered in time, answered late, given, each a link, with bars and totals; "+
			"main and assisting parts, or one of them: `GET /supervision?year=%d`. %s of the assignments are open; four of five were dispatched on ten days, the others over the year. "+
			"The second row is the same page with objections, second handlings, extensions, chases and late promises; the third the list behind a number, 50 lines with the exact total.", y.Units, y.Number, report.Count(y.Open))},
		Rows: rows,
		Targets: []report.Target{
			report.AtMost("overview.p99", fmt.Sprintf("overview of all units over %s assignments, %d connections, p99", report.Count(y.Assignments), readers), float64(rows[0].P99.Microseconds())/1000, 50, " ms"),
		},
	}
}
