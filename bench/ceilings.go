package main

import (
	"fmt"
	"os"
	"time"

	"tongxin/bench/child"
	"tongxin/bench/load"
	"tongxin/bench/machine"
	"tongxin/bench/report"
)

// crowd is how many connections submit at once, readers how many read.
const (
	crowd   = 64
	readers = 16
)

// ceilings measures what the machine can do at most.
func (b *bench) ceilings() error {
	b.tell("what the machine can do at most")
	d, err := machine.MeasureDurable(b.ctx, b.folder, b.each)
	if err != nil {
		return err
	}
	b.ceiling("4 KiB written and made durable (fdatasync), p50", report.Duration(load.Percentile(d.Sync, 0.50)))
	b.ceiling("the same, p99", report.Duration(load.Percentile(d.Sync, 0.99)))
	b.ceiling("bare SQLite, one row of 800 characters per durable commit, p50", report.Duration(load.Percentile(d.Commits, 0.50)))
	b.ceiling("bare SQLite, such commits per second, one after another", report.Count(int(d.PerSecond)))
	b.ceiling("bare SQLite, such rows per second, 64 in a commit", report.Count(int(d.GroupedPer)))
	return b.echo()
}

func (b *bench) ceiling(what, value string) {
	b.tell("  %s: %s", what, value)
	b.report.Ceilings = append(b.report.Ceilings, report.Ceiling{What: what, Value: value})
}

// echo measures a server that does nothing, and with it the client.
func (b *bench) echo() (err error) {
	p, err := child.Start(b.log, b.self, "echo")
	if err != nil {
		return err
	}
	defer func() { _ = p.Stop() }()
	found, err := p.Line(`^ready (\S+)`, time.Minute)
	if err != nil {
		return err
	}
	h := load.Head{Host: found[1]}
	s := &side{name: "a server that answers “ok”", process: p, address: found[1],
		next: func(_ uint64, buf []byte) []byte { return h.Get(buf, "/") }}
	for _, n := range []int{crowd, readers} {
		mine, err := machine.CPU(os.Getpid())
		if err != nil {
			return err
		}
		r, err := b.turn(s, n, b.each)
		if err != nil {
			return err
		}
		now, err := machine.CPU(os.Getpid())
		if err != nil {
			return err
		}
		requests := r.PerSecond * b.each.Seconds()
		b.ceiling(fmt.Sprintf("HTTP server that answers “ok”, %d connections", n), fmt.Sprintf("%s per second, server's CPU %.3f s per 1,000", report.Count(int(r.PerSecond)), r.CPU))
		b.ceiling(fmt.Sprintf("the client's own CPU, %d connections", n), fmt.Sprintf("%.3f s per 1,000", (now-mine).Seconds()/requests*1000))
	}
	return nil
}
