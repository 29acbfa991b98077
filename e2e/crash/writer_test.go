package crash_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
)

// writers is how many people hand in at the same time, each over a connection of his own.
const writers = 24

// entry is one line of a journal: a proposal that was sent, under one key for good.
type entry struct {
	key   string
	title string
	tries int
	// receipt is the answer; nil while nobody knows what became of it.
	receipt *receipt
}

// receipt is what the product acknowledges.
type receipt struct {
	ID           string `json:"id"`
	Registration int64  `json:"registration"`
}

// writer hands in one proposal after another and remembers everything.
type writer struct {
	name    int
	token   string
	journal []*entry
}

// proposal is the text of an entry, complete under the rules a new committee has.
func (e *entry) proposal() map[string]any {
	return map[string]any{
		"title": e.title, "category": "society", "background": background(e.title), "basis": "走访三个小区，访谈四十二户。",
		"items": items(e.title), "publish": "agreed",
	}
}

func background(title string) string {
	return title + "：" + strings.Repeat("老旧小区的住户上下楼不便，加装电梯推进缓慢。", 20)
}

func items(title string) []string {
	return []string{"简化审批手续（" + title + "）", "设立专项补助"}
}

// next is the oldest proposal without an answer, or a new one.
func (w *writer) next() *entry {
	for _, e := range w.journal {
		if e.receipt == nil {
			return e
		}
	}
	n := len(w.journal) + 1
	e := &entry{key: fmt.Sprintf("writer-%d-%d", w.name, n), title: fmt.Sprintf("提案甲%d乙%d", w.name, n)}
	w.journal = append(w.journal, e)
	return e
}

// hand sends an entry once. refusal is an answer other than yes; lost means no answer.
func (w *writer) hand(ctx context.Context, c *client, e *entry) (refusal answer, lost bool, err error) {
	e.tries++
	a, err := c.send(ctx, http.MethodPost, "/api/v1/proposals/submit", e.key, e.proposal())
	if err != nil {
		return answer{}, true, nil
	}
	if a.status != http.StatusOK {
		return a, false, nil
	}
	r := &receipt{}
	if err := json.Unmarshal(a.body, r); err != nil || r.ID == "" || r.Registration == 0 {
		return a, false, fmt.Errorf("%s was acknowledged with %s: %w", e.key, a, err)
	}
	e.receipt = r
	return answer{}, false, nil
}

// crowd are the writers at work at one address.
type crowd struct {
	wg       sync.WaitGroup
	acked    atomic.Int64
	reached  chan struct{} // closed at the wanted count of acknowledged answers
	finished chan struct{} // closed when every writer has stopped
	mu       sync.Mutex
	wrong    []error
}

// start lets every writer work until it gets no answer any more, or until ctx ends.
// Whatever is refused is noted as wrong.
func start(ctx context.Context, list []*writer, address string, count int64) *crowd {
	x := &crowd{reached: make(chan struct{}), finished: make(chan struct{})}
	for _, w := range list {
		x.wg.Go(func() {
			c := newClient(address, w.token)
			defer c.close()
			x.work(ctx, w, c, count)
		})
	}
	go func() { x.wg.Wait(); close(x.finished) }()
	return x
}

func (x *crowd) work(ctx context.Context, w *writer, c *client, count int64) {
	for ctx.Err() == nil {
		e := w.next()
		refusal, lost, err := w.hand(context.WithoutCancel(ctx), c, e)
		if err == nil && refusal.status != 0 {
			err = fmt.Errorf("%s at try %d: %s", e.key, e.tries, refusal)
		}
		if err != nil {
			x.mu.Lock()
			x.wrong = append(x.wrong, err)
			x.mu.Unlock()
		}
		if lost || err != nil {
			return
		}
		if x.acked.Add(1) == count {
			close(x.reached)
		}
	}
}

// unanswered are the entries of which nobody knows what became of them.
func unanswered(list []*writer) []*entry {
	var open []*entry
	for _, w := range list {
		for _, e := range w.journal {
			if e.receipt == nil {
				open = append(open, e)
			}
		}
	}
	return open
}

// entries are all journals together.
func entries(list []*writer) []*entry {
	var all []*entry
	for _, w := range list {
		all = append(all, w.journal...)
	}
	return all
}
