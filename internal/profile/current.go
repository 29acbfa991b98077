package profile

import (
	"errors"
	"fmt"
	"sync"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// Book keeps the read versions of every committee; a version never changes,
// so it is read once. Package site makes one and hands it over as a part.
type Book struct {
	mu    sync.RWMutex
	known map[edition]*Rules
}

// edition names a version by its instant too: the number of an act that was
// rolled back is given again.
type edition struct {
	committee string
	version   int64
	at        store.Time
}

// NewBook makes an empty book.
func NewBook() *Book { return &Book{known: map[edition]*Rules{}} }

// Current gives the rules in force for the actor's committee and their
// version; 0 means the defaults. The rules must not be changed.
func Current(l *app.Look) (*Rules, int64, error) { return Of(l, l.Who().CommitteeID) }

// Of gives the rules in force for a committee.
func Of(l *app.Look, committeeID string) (*Rules, int64, error) {
	var v int64
	var at store.Time
	err := l.Tx().Row(l.Ctx(), "SELECT version, at FROM profile_version WHERE committee_id = ? ORDER BY version DESC LIMIT 1", committeeID).Scan(&v, &at)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return nil, 0, fmt.Errorf("find the rules of %s: %w", committeeID, err)
	}
	r, err := app.Part[*Book](l).read(l, edition{committeeID, v, at})
	return r, v, err
}

func (b *Book) read(l *app.Look, e edition) (*Rules, error) {
	b.mu.RLock()
	r := b.known[e]
	b.mu.RUnlock()
	if r != nil {
		return r, nil
	}
	rules := Defaults()
	if e.version > 0 {
		var text string
		err := l.Tx().Row(l.Ctx(), "SELECT rules FROM profile_version WHERE committee_id = ? AND version = ?", e.committee, e.version).Scan(&text)
		if err == nil {
			rules, err = read(text)
		}
		if err != nil {
			return nil, fmt.Errorf("read rules %d of %s: %w", e.version, e.committee, err)
		}
	}
	b.mu.Lock()
	b.known[e] = &rules
	b.mu.Unlock()
	return &rules, nil
}
