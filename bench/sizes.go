package main

import (
	"errors"
	"fmt"

	"tongxin/bench/product"
	"tongxin/bench/report"
)

// leanFrom is from how many proposals on only what lists read is multiplied.
const leanFrom = 200_000

// sizesOfList measures the product's list over databases of several sizes.
func (b *bench) sizesOfList() (err error) {
	if !b.wants("sizes") {
		return nil
	}
	var sides []*side
	for _, n := range b.sizes {
		b.tell("list: product with %s proposals", report.Count(n))
		mine, e := b.startProduct(fmt.Sprint("size-", n), product.Size{Proposals: n, Lean: n >= leanFrom})
		if e != nil {
			return e
		}
		defer func() { err = errors.Join(err, mine.end()) }()
		s := mine.lister()
		s.name = report.Count(mine.proposals) + " proposals"
		sides = append(sides, s)
	}
	rows, err := b.compare(readers, b.each, sides...)
	if err != nil {
		return err
	}
	b.report.Measures = append(b.report.Measures, sizesMeasure(rows))
	return nil
}

func sizesMeasure(rows []report.Row) report.Measure {
	for i := range rows {
		rows[i].Ratio = 0 // there is no peer here
	}
	first, last := rows[0], rows[len(rows)-1]
	return report.Measure{
		Title:   fmt.Sprintf("The same list page by size, %d connections", readers),
		Text:    []string{"Same questions, same page, three databases. In the largest one only what lists read was multiplied (rows, dispositions, totals, and the first characters of texts)."},
		Rows:    rows,
		Targets: []report.Target{report.AtMost("list.size", "HTML list: p99 over "+last.Name+" against "+first.Name, float64(last.P99)/float64(max(first.P99, 1)), 1.5, "×")},
	}
}
