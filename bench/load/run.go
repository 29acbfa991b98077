package load

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Source appends the n-th request of a run to buf. It is called by many connections at once.
type Source func(n uint64, buf []byte) []byte

// Plan says what is sent.
type Plan struct {
	Address     string // host:port
	Connections int
	For         time.Duration // no new request after it
	Most        uint64        // nor after so many; 0 for no bound
	Next        Source
	Want        int    // the status every answer must have
	From        uint64 // number of the first request, so that runs do not repeat each other
}

// Result is what came of a run.
type Result struct {
	Elapsed   time.Duration
	Latencies []time.Duration // sorted
	Bytes     int             // of all bodies
}

// Sent is the number of answers.
func (r Result) Sent() int { return len(r.Latencies) }

// PerSecond is the number of answers per second.
func (r Result) PerSecond() float64 { return float64(r.Sent()) / r.Elapsed.Seconds() }

// Run sends requests until the plan's time or number is used up. Any failed request fails
// the run: a number that counts errors as answers says nothing.
func Run(p Plan) (Result, error) {
	conns := make([]*Conn, p.Connections)
	for i := range conns {
		c, err := Dial(p.Address)
		if err != nil {
			return Result{}, err
		}
		defer func() { _ = c.Close() }()
		conns[i] = c
	}
	var (
		wg    sync.WaitGroup
		next  atomic.Uint64
		found = make([]worker, len(conns))
		start = time.Now()
	)
	for i, c := range conns {
		wg.Go(func() { found[i].run(p, c, &next, start) })
	}
	wg.Wait()
	result := Result{Elapsed: time.Since(start)}
	var errs []error
	for i := range found {
		result.Bytes += found[i].bytes
		result.Latencies = append(result.Latencies, found[i].took...)
		errs = append(errs, found[i].err)
	}
	sortDurations(result.Latencies)
	return result, errors.Join(errs...)
}

type worker struct {
	took  []time.Duration
	bytes int
	err   error
}

func (w *worker) run(p Plan, c *Conn, next *atomic.Uint64, start time.Time) {
	w.took = make([]time.Duration, 0, 1<<14)
	buf := make([]byte, 0, 8<<10)
	for before := time.Now(); before.Sub(start) < p.For; {
		n := next.Add(1) - 1
		if p.Most > 0 && n >= p.Most {
			return
		}
		buf = p.Next(p.From+n, buf[:0])
		before = time.Now()
		a, err := c.Do(buf, false)
		after := time.Now()
		if err == nil && a.Status != p.Want {
			err = fmt.Errorf("request %d: status %d, want %d", n, a.Status, p.Want)
		}
		if err != nil {
			w.err = err
			return
		}
		w.took = append(w.took, after.Sub(before))
		w.bytes += a.Bytes
		before = after
	}
}
