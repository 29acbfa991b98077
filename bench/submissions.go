package main

import (
	"errors"
	"fmt"
	"strconv"
	"sync"

	"tongxin/bench/load"
	"tongxin/bench/peer"
	"tongxin/bench/product"
	"tongxin/bench/report"
)

// submissions measures handing in a proposal: all or nothing, and durable when answered.
func (b *bench) submissions() (err error) {
	if !b.wants("submit") {
		return nil
	}
	const proposals = 10_000
	b.tell("handing in: product and peers with %s proposals", report.Count(proposals))
	mine, err := b.startProduct("submit", product.Size{Proposals: proposals})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mine.end()) }()
	sides := []*side{mine.submitter()}
	for _, kind := range []struct {
		name, folder string
		flags        []string
	}{{"PocketBase, synchronous=FULL", "peer-full", []string{"-full"}}, {"PocketBase as shipped (not durable on power loss)", "peer-shipped", nil}} {
		r, e := b.startPeer(kind.folder, mine, kind.flags...)
		if e != nil {
			return e
		}
		defer func() { err = errors.Join(err, r.end()) }()
		sides = append(sides, r.submitter(kind.name))
	}
	together, err := b.compare(crowd, b.each, sides...)
	if err != nil {
		return err
	}
	alone, err := b.compare(1, b.each*2/3, sides...)
	if err != nil {
		return err
	}
	b.report.Measures = append(b.report.Measures, submissionMeasure(together), aloneMeasure(alone))
	return nil
}

func submissionMeasure(rows []report.Row) report.Measure {
	return report.Measure{
		Title: fmt.Sprintf("Handing in a proposal, %d connections", crowd),
		Text: []string{
			"A member hands in a new proposal of 800 characters over the JSON API, each with an Idempotency-Key of its own: `POST /api/v1/proposals/submit`. " +
				"The answer comes after the commit is on the disk, and the commit holds the proposal's row and text, its registration number, its disposition, the totals, the computed deadline, " +
				"the audit entry and the fact. " +
				"PocketBase creates one record with the same texts: `POST /api/collections/" + peer.Collection + "/records`. " +
				"CPU includes what a server does behind its answers (the product: sealing the audit chain, telling the office), until it is idle again. Both keep their logs of requests as they are shipped.",
		},
		Rows: rows,
		Targets: []report.Target{
			report.AtLeast("submit.ratio", "handing in, 64 connections, against PocketBase with synchronous=FULL", rows[1].Ratio, 3),
			report.AtMost("submit.cpu", "handing in: the server's CPU per 1,000", rows[0].CPU, 0.20, " s"),
		},
	}
}

func aloneMeasure(rows []report.Row) report.Measure {
	return report.Measure{
		Title: "Handing in a proposal, alone",
		Text:  []string{"The same with one connection: what one person waits for when nobody else writes."},
		Rows:  rows,
		Targets: []report.Target{
			report.AtMost("submit.alone", "handing in alone, p50", float64(rows[0].P50.Microseconds())/1000, 0.5, " ms"),
		},
	}
}

// submitter hands in proposals in the name of several members by turns.
func (p *running) submitter() *side {
	texts := newLetters(`{"title":"TITLE","category":` + strconv.Quote(p.shape.Categories[0]) + `,"background":"BODY",` +
		`"basis":"走访社区十二个，问卷三百余份","items":["设立综合服务窗口，一家牵头","公开办理期限和结果"],"publish":"agreed"}`)
	var heads []load.Head
	for i, token := range p.members {
		heads = append(heads, load.Head{Host: p.address, Token: token, Key: "bench-" + strconv.Itoa(i) + "-"})
	}
	return &side{name: "Tongxin", process: p.Process, address: p.address, next: posts("/api/v1/proposals/submit", heads, texts)}
}

// submitter creates records with the same texts.
func (r *rival) submitter(name string) *side {
	texts := newLetters(`{"title":"TITLE","category":` + strconv.Quote(r.shape.Categories[0]) + `,"session":` + strconv.Quote(r.shape.Session) +
		`,"state":"submitted","kind":"individual","timing":"session","lead_name":"某委员","due_on":"2026-12-31","body":"BODY",` +
		`"basis":"走访社区十二个，问卷三百余份","items":["设立综合服务窗口，一家牵头","公开办理期限和结果"],"author":` + strconv.Quote(r.user) + `}`)
	return &side{name: name, process: r.Process, address: r.address,
		next: posts("/api/collections/"+peer.Collection+"/records", []load.Head{r.head}, texts)}
}

// posts makes requests of the texts, for the heads by turns.
func posts(path string, heads []load.Head, texts letters) load.Source {
	spare := sync.Pool{New: func() any { return new([]byte) }}
	return func(n uint64, buf []byte) []byte {
		text := spare.Get().(*[]byte)
		*text = texts.write(n, (*text)[:0])
		buf = heads[n%uint64(len(heads))].Post(buf, path, n, *text)
		spare.Put(text)
		return buf
	}
}
