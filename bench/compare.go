package main

import (
	"fmt"
	"time"

	"tongxin/bench/child"
	"tongxin/bench/load"
	"tongxin/bench/machine"
	"tongxin/bench/report"
)

// side is one of those who take turns.
type side struct {
	name    string
	process *child.Process
	address string
	next    load.Source
	sent    uint64 // requests so far, so that no two are equal
	rounds  []report.Round
}

// settling bounds how long a round waits for what a server does behind its answers.
const settling = 20 * time.Second

// compare lets the sides take turns and gives their rows; the first is the one the others
// are compared with. Who begins changes from round to round.
func (b *bench) compare(connections int, each time.Duration, sides ...*side) ([]report.Row, error) {
	for _, s := range sides {
		if _, err := b.turn(s, connections, min(each, time.Second)); err != nil { // to warm up
			return nil, err
		}
	}
	for round := range b.options.rounds {
		for i := range sides {
			s := sides[(round+i)%len(sides)]
			r, err := b.turn(s, connections, each)
			if err != nil {
				return nil, err
			}
			s.rounds = append(s.rounds, r)
			b.tell("  round %d  %-44s %9.0f/s  p50 %-9s p99 %-9s  CPU %.3f s/1,000, %.3f of it behind", round+1, s.name, r.PerSecond, report.Duration(r.P50), report.Duration(r.P99), r.CPU, r.Behind)
		}
	}
	var rows []report.Row
	for i, s := range sides {
		var first []report.Round
		if i > 0 {
			first = sides[0].rounds
		}
		rows = append(rows, report.Summary(s.name, s.rounds, first))
	}
	for _, s := range sides {
		s.rounds = nil
	}
	return rows, nil
}

// turn loads one side once, and waits until it has nothing left to do.
func (b *bench) turn(s *side, connections int, each time.Duration) (report.Round, error) {
	if err := b.ctx.Err(); err != nil {
		return report.Round{}, err
	}
	before, err := machine.Settle(s.process.PID(), settling)
	if err != nil {
		return report.Round{}, err
	}
	result, err := load.Run(load.Plan{Address: s.address, Connections: connections, For: each, Next: s.next, Want: 200, From: s.sent})
	if err != nil {
		return report.Round{}, fmt.Errorf("%s: %w", s.name, err)
	}
	s.sent += uint64(result.Sent() + connections)
	answered, err := machine.CPU(s.process.PID())
	if err != nil {
		return report.Round{}, err
	}
	after, err := machine.Settle(s.process.PID(), settling)
	return report.RoundOf(result, after-before, after-answered), err
}
