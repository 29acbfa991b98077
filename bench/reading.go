package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"tongxin/bench/load"
	"tongxin/bench/peer"
	"tongxin/bench/product"
	"tongxin/bench/report"
)

// reading measures the list and the case page, product beside peer.
func (b *bench) reading() (err error) {
	if !b.wants("list") && !b.wants("page") {
		return nil
	}
	b.tell("reading: product and peer with %s proposals", report.Count(b.middle))
	mine, err := b.startProduct("reading", product.Size{Proposals: b.middle})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mine.end()) }()
	other, err := b.startPeer("peer-reading", mine)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.end()) }()
	if b.wants("list") {
		if err := b.list(mine, other); err != nil {
			return err
		}
	}
	if b.wants("page") {
		return b.page(mine, other)
	}
	return nil
}

func (b *bench) list(mine *running, other *rival) (err error) {
	if err := sameTotals(mine, other); err != nil {
		return err
	}
	bare, err := b.startPeer("peer-bare", mine, "-bare")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.end()) }()
	rows, err := b.compare(readers, b.each, mine.lister(), other.lister("PocketBase, JSON, an index for each question"), bare.lister("PocketBase, JSON, no index of its own"))
	if err != nil {
		return err
	}
	b.report.Measures = append(b.report.Measures, listMeasure(mine, rows))
	return nil
}

func (b *bench) page(mine *running, other *rival) error {
	ids, err := other.ids()
	if err != nil {
		return err
	}
	rows, err := b.compare(readers, b.each,
		&side{name: "Tongxin, HTML", process: mine.Process, address: mine.address, next: gets(under("/proposals/", mine.shape.Cases), mine.office)},
		&side{name: "PocketBase, JSON", process: other.Process, address: other.address, next: gets(under("/api/collections/"+peer.Collection+"/records/", ids), other.head)})
	if err != nil {
		return err
	}
	b.report.Measures = append(b.report.Measures, pageMeasure(mine, rows))
	return nil
}

func listMeasure(mine *running, rows []report.Row) report.Measure {
	return report.Measure{
		Title: fmt.Sprintf("List page over %s proposals, %d connections", report.Count(mine.proposals), readers),
		Text: []string{"The proposal office reads the list as a whole HTML page: filtered, in an order, 30 lines, with the exact total and the session's figures: `" + mine.listPaths()[0] +
			"`. The filters and orders change from request to request (state and category, newest first; state, by number; category, by due date; state, by due date). " +
			"PocketBase answers the same questions as JSON, 30 records with the exact total; the target is held against the one with an index for each of these questions. The totals of both were compared before the run."},
		Rows: rows,
		Targets: []report.Target{
			report.AtLeast("list.ratio", fmt.Sprintf("HTML list over %s against PocketBase's JSON list", report.Count(mine.proposals)), rows[1].Ratio, 12),
			report.AtMost("list.p99", fmt.Sprintf("HTML list over %s, %d connections, p99", report.Count(mine.proposals), readers), float64(rows[0].P99.Microseconds())/1000, 12, " ms"),
		},
	}
}

func pageMeasure(mine *running, rows []report.Row) report.Measure {
	return report.Measure{
		Title: fmt.Sprintf("Case page, %s proposals, %d connections", report.Count(mine.proposals), readers),
		Text: []string{"The proposal office opens a case as a whole HTML page: text and revisions, review, units, contacts, replies, ratings, deadlines with the steps of their computing, history: `GET /proposals/{id}`, " +
			"any of the " + report.Count(len(mine.shape.Cases)) + " cases under way or closed that the demo city made by actions. PocketBase gives one record of its one table as JSON."},
		Rows:    rows,
		Targets: []report.Target{report.AtLeast("page.ratio", "HTML case page against PocketBase's single record as JSON", rows[1].Ratio, 1.5)},
	}
}

func under(prefix string, list []string) []string {
	var paths []string
	for _, x := range list {
		paths = append(paths, prefix+x)
	}
	return paths
}

// gets asks for the paths by turns.
func gets(paths []string, h load.Head) load.Source {
	return func(n uint64, buf []byte) []byte {
		// A prime step visits all of them in an order that no cache expects.
		return h.Get(buf, paths[n*7919%uint64(len(paths))])
	}
}

// question is one view of the list, asked of both.
type question struct{ state, category, sort string }

// questions are the views that are measured: each finds more than one page.
func questions(s product.Shape) []question {
	var list []question
	for _, c := range s.Cells {
		list = append(list, question{c.State, c.Category, "newest"})
	}
	for _, state := range s.Numbered {
		list = append(list, question{state, "", "number"}, question{state, "", "due"})
	}
	for _, category := range s.Categories {
		list = append(list, question{"", category, "due"})
	}
	return list
}

func (q question) product(session string) string {
	v := url.Values{"session": {session}, "sort": {q.sort}}
	for name, value := range map[string]string{"state": q.state, "category": q.category} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return "?" + v.Encode()
}

func (q question) peer(session string) string {
	filter := []string{"session = '" + session + "'"}
	if q.state != "" {
		filter = append(filter, "state = '"+q.state+"'")
	}
	if q.category != "" {
		filter = append(filter, "category = '"+q.category+"'")
	}
	order := map[string]string{"newest": "-created", "number": "number", "due": "due_on"}[q.sort]
	return "?" + url.Values{"perPage": {"30"}, "filter": {strings.Join(filter, " && ")}, "sort": {order}}.Encode()
}

func (p *running) listPaths() []string {
	var paths []string
	for _, q := range questions(p.shape) {
		paths = append(paths, "/proposals"+q.product(p.shape.Session))
	}
	return paths
}

func (p *running) lister() *side {
	return &side{name: "Tongxin, HTML", process: p.Process, address: p.address, next: gets(p.listPaths(), p.office)}
}

func (r *rival) lister(name string) *side {
	var paths []string
	for _, q := range questions(r.shape) {
		paths = append(paths, "/api/collections/"+peer.Collection+"/records"+q.peer(r.shape.Session))
	}
	return &side{name: name, process: r.Process, address: r.address, next: gets(paths, r.head)}
}

// sameTotals makes sure that both answer the same questions.
func sameTotals(mine *running, other *rival) error {
	for _, q := range questions(mine.shape) {
		var a struct {
			Total int `json:"total"`
		}
		var z struct {
			Total int `json:"totalItems"`
		}
		if err := ask(mine.office, "GET", "/api/v1/proposals"+q.product(mine.shape.Session), nil, &a); err != nil {
			return err
		}
		if err := other.ask("GET", "/api/collections/"+peer.Collection+"/records"+q.peer(mine.shape.Session), nil, &z); err != nil {
			return err
		}
		if a.Total != z.Total || a.Total <= 30 {
			return fmt.Errorf("%+v: Tongxin finds %d proposals, PocketBase %d", q, a.Total, z.Total)
		}
	}
	return nil
}

// ids are some records of the peer.
func (r *rival) ids() ([]string, error) {
	var list []string
	for page := 1; page <= 4; page++ {
		var in struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		if err := r.ask("GET", fmt.Sprintf("/api/collections/%s/records?perPage=500&page=%d&skipTotal=1&fields=id&sort=id", peer.Collection, page), nil, &in); err != nil {
			return nil, err
		}
		for _, x := range in.Items {
			list = append(list, x.ID)
		}
	}
	return list, nil
}
