package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// group is the one writer of SQLite. Writes that wait at the same time run one
// after another, each in its own savepoint, and share one COMMIT, hence one
// wait for the disk. A write that is alone never waits for company.
//
// The trap (house.md 5): a cancelled context inside one member makes SQLite
// roll the whole group back, and a later member would then commit alone. So
// members run without cancellation; and when the bookkeeping of the group
// itself fails, the group is abandoned and each member runs again by itself.
//
// One failure is final: when the disk does not confirm a commit, the kernel may
// have dropped what was written and call the next fsync a success. So from then
// on every write is refused until the product is started again, which reads
// what the disk really has (trust.md F06).
type group struct {
	c      *conn
	queue  chan *member
	closed chan struct{}
	done   chan struct{}
	once   sync.Once
	// unsynced: the disk failed to confirm a commit.
	unsynced atomic.Bool
	// broken makes a step of the bookkeeping fail, for fault injection in tests.
	broken func(step string) error
}

type member struct {
	ctx    context.Context
	f      func(*Tx) error
	raw    func(*conn) error // instead of f: something outside a transaction
	answer chan error
	err    error
}

// most bounds how many writes share a commit, so that the first of them is not
// kept waiting for its answer.
const most = 128

func startGroup(c *conn) *group {
	g := &group{c: c, queue: make(chan *member, 1024), closed: make(chan struct{}), done: make(chan struct{})}
	go g.serve()
	return g
}

func (g *group) stop() {
	g.once.Do(func() { close(g.closed) })
	<-g.done
}

func (g *group) write(ctx context.Context, f func(*Tx) error) error {
	return translate(g.enter(&member{ctx: ctx, f: f, answer: make(chan error, 1)}))
}

func (g *group) alone(ctx context.Context, f func(*conn) error) error {
	return g.enter(&member{ctx: ctx, raw: f, answer: make(chan error, 1)})
}

// ErrClosed says that the database is being closed.
var ErrClosed = errors.New("the database is closed")

func (g *group) enter(m *member) error {
	select {
	case g.queue <- m:
	case <-m.ctx.Done():
		return m.ctx.Err()
	case <-g.closed:
		return ErrClosed
	}
	// Once queued, wait for the true answer even when ctx ends: an answer
	// "cancelled" for a write that was committed would be a lie.
	select {
	case err := <-m.answer:
		return err
	case <-g.done:
		select {
		case err := <-m.answer:
			return err
		default:
			return ErrClosed
		}
	}
}

// errUnsynced refuses writes after the disk failed to confirm one.
var errUnsynced = errors.New("the disk did not confirm a commit; nothing is written until the product is started again")

// health tells whether writes are still taken.
func (g *group) health() error {
	if g.unsynced.Load() {
		return errUnsynced
	}
	return nil
}

func (g *group) serve() {
	defer close(g.done)
	for {
		select {
		case m := <-g.queue:
			g.batch(m)
		case <-g.closed:
			for {
				select {
				case m := <-g.queue:
					g.batch(m)
				default:
					return
				}
			}
		}
	}
}

// batch runs m and whoever waits with it.
func (g *group) batch(m *member) {
	if err := g.health(); err != nil {
		m.answer <- err
		return
	}
	if m.raw != nil {
		m.answer <- m.raw(g.c)
		return
	}
	ran, after, err := g.together(m)
	if err != nil {
		for _, m := range ran {
			m.err = g.single(m)
		}
	}
	for _, m := range ran {
		m.answer <- m.err
	}
	if after != nil {
		after.answer <- after.raw(g.c)
	}
}

// together runs a group up to its COMMIT. An error means that nothing of the
// group is in the database. after is a raw member that ended the group.
func (g *group) together(first *member) (ran []*member, after *member, err error) {
	ctx := context.Background()
	ran = append(ran, first)
	if err := g.step(ctx, "BEGIN IMMEDIATE"); err != nil {
		return ran, nil, err
	}
	wrote, err := g.first(ctx, first)
	for err == nil && len(ran) < most {
		var next *member
		select {
		case next = <-g.queue:
		default:
		}
		if next == nil {
			break
		}
		if next.raw != nil {
			after = next
			break
		}
		ran = append(ran, next)
		var ok bool
		if ok, err = g.next(ctx, next); ok {
			wrote = true
		}
	}
	if err == nil {
		if wrote {
			err = g.step(ctx, "COMMIT")
		} else {
			err = g.step(ctx, "ROLLBACK")
		}
	}
	if err != nil {
		g.rollback(ctx)
	}
	return ran, after, err
}

// first runs the first member without a savepoint: when it fails there is
// nobody whose work a plain ROLLBACK would lose.
func (g *group) first(ctx context.Context, m *member) (ok bool, err error) {
	if m.run(g.c) {
		return true, nil
	}
	if err := g.step(ctx, "ROLLBACK"); err != nil {
		return false, err
	}
	return false, g.step(ctx, "BEGIN IMMEDIATE")
}

func (g *group) next(ctx context.Context, m *member) (ok bool, err error) {
	if err := g.step(ctx, "SAVEPOINT member"); err != nil {
		return false, err
	}
	if m.run(g.c) {
		return true, g.step(ctx, "RELEASE member")
	}
	if err := g.step(ctx, "ROLLBACK TO member"); err != nil {
		return false, err
	}
	return false, g.step(ctx, "RELEASE member")
}

// run runs the member's function; m.err keeps its answer.
func (m *member) run(c *conn) bool {
	if m.err = m.ctx.Err(); m.err != nil {
		return false
	}
	m.err = guard(&Tx{engine: SQLite, run: uncancelled{c}}, m.f)
	return m.err == nil
}

// single runs a member of an abandoned group by itself.
func (g *group) single(m *member) error {
	if err := g.health(); err != nil {
		return err
	}
	ctx := context.Background()
	if err := g.step(ctx, "BEGIN IMMEDIATE"); err != nil {
		g.rollback(ctx)
		return err
	}
	if !m.run(g.c) {
		g.rollback(ctx)
		return m.err
	}
	if err := g.step(ctx, "COMMIT"); err != nil {
		g.rollback(ctx)
		return err
	}
	return nil
}

func (g *group) step(ctx context.Context, q string) error {
	if err := g.perform(ctx, q); err != nil {
		if isUnsynced(err) {
			g.unsynced.Store(true)
		}
		return fmt.Errorf("%s: %w", q, err)
	}
	return nil
}

func (g *group) perform(ctx context.Context, q string) error {
	if g.broken != nil {
		if err := g.broken(q); err != nil {
			return err
		}
	}
	_, err := g.c.ExecContext(ctx, q)
	return err
}

// rollback leaves no transaction open; there may be none any more.
func (g *group) rollback(ctx context.Context) { _, _ = g.c.ExecContext(ctx, "ROLLBACK") }
