package calendar

import (
	"encoding/json"
	"fmt"
	"sync"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// Almanac keeps the built calendar of each committee; a version never changes.
// Package site makes one and hands it over as a part.
type Almanac struct {
	mu       sync.RWMutex
	known    map[edition]*Workdays
	defaults []Notice
}

type edition struct {
	committee string
	version   int64
}

// NewAlmanac makes an almanac that starts from the notices shipped with the
// product; a committee's own notice of a year takes their place.
func NewAlmanac() (*Almanac, error) {
	d, err := Default()
	if err != nil {
		return nil, err
	}
	return &Almanac{known: map[edition]*Workdays{}, defaults: d}, nil
}

// Current is the calendar of the actor's committee.
func Current(l *app.Look) (*Workdays, error) { return Of(l, l.Who().CommitteeID) }

// Of is the calendar of a committee.
func Of(l *app.Look, committeeID string) (*Workdays, error) {
	v, err := versionOf(l, committeeID)
	if err != nil {
		return nil, err
	}
	a := app.Part[*Almanac](l)
	e := edition{committeeID, v}
	if v == 0 {
		e.committee = "" // everybody shares the shipped calendar
	}
	a.mu.RLock()
	w := a.known[e]
	a.mu.RUnlock()
	if w != nil {
		return w, nil
	}
	notices, err := Notices(l, committeeID)
	if err != nil {
		return nil, err
	}
	if w, err = NewWorkdays(v, notices...); err != nil {
		return nil, err
	}
	a.mu.Lock()
	a.known[e] = w
	a.mu.Unlock()
	return w, nil
}

// Notices lists the notices in force for a committee, by year.
func Notices(l *app.Look, committeeID string) ([]Notice, error) {
	own, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, n *Notice) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), n)
	}, "SELECT notice FROM calendar_notice WHERE committee_id = ? ORDER BY year", committeeID)
	if err != nil {
		return nil, fmt.Errorf("read the calendar of %s: %w", committeeID, err)
	}
	has := map[int]bool{}
	for _, n := range own {
		has[n.Year] = true
	}
	all := own
	for _, n := range app.Part[*Almanac](l).defaults {
		if !has[n.Year] {
			all = append(all, n)
		}
	}
	return all, nil
}
