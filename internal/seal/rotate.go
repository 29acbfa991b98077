package seal

import (
	"fmt"
	"time"
)

// Rotate adds a new current key for a purpose and answers its id; the older keys
// go on reading. With a key file the new key is on disk before it is first used.
// Errors: ErrPurpose, ErrRotating, or those of writing; then nothing changed.
// After rotating Field write every sealed value again (NeedsReseal), after Lookup
// every lookup text (NeedsLookup).
func (k *Keeper) Rotate(p Purpose) (string, error) {
	var id string
	err := k.update(func(f *keyFile) error {
		e, err := f.newEntry(p, k.now())
		if err != nil {
			return err
		}
		id = e.ID
		f.Keys = append(f.Keys, e)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("rotate %q key: %w", p, err)
	}
	return id, nil
}

// Switch changes the suite and adds a new current key of that suite for every
// purpose; what the other suite wrote stays readable. Switching to the suite in
// use changes nothing. Errors: ErrSuite, ErrRotating, or those of writing.
func (k *Keeper) Switch(s Suite) error {
	if !s.valid() {
		return fmt.Errorf("switch suite: %w", ErrSuite)
	}
	err := k.update(func(f *keyFile) error {
		if f.Suite == s {
			return nil
		}
		f.pinSuites()
		f.Suite = s
		for _, p := range purposes() {
			e, err := f.newEntry(p, k.now())
			if err != nil {
				return err
			}
			f.Keys = append(f.Keys, e)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("switch suite to %s: %w", s, err)
	}
	return nil
}

// pinSuites writes the file's suite into keys that only inherited it, before the
// file's suite changes under them.
func (f *keyFile) pinSuites() {
	for i := range f.Keys {
		if f.Keys[i].Suite == "" {
			f.Keys[i].Suite = f.Suite
		}
	}
}

// update changes the keys on disk, then in memory.
func (k *Keeper) update(change func(*keyFile) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.path == "" {
		return k.updateMemory(change)
	}
	checked := func(f *keyFile) error {
		if err := change(f); err != nil {
			return err
		}
		_, err := newRing(*f)
		return err
	}
	if _, err := updateKeyFile(k.path, checked); err != nil {
		return err
	}
	return k.reload()
}

func (k *Keeper) updateMemory(change func(*keyFile) error) error {
	now := k.ring.Load()
	f := keyFile{Suite: now.suite}
	for _, held := range now.keys {
		f.Keys = append(f.Keys, held.keyEntry)
	}
	if err := change(&f); err != nil {
		return err
	}
	r, err := newRing(f)
	if err != nil {
		return err
	}
	k.ring.Store(r)
	return nil
}

// Entry is one line of the inventory: what may be shown of a key.
type Entry struct {
	ID        string        `json:"id"`
	Purpose   Purpose       `json:"purpose"`
	Suite     Suite         `json:"suite"`
	Algorithm string        `json:"algorithm"`
	Created   time.Time     `json:"created"`
	Age       time.Duration `json:"age"`     // nanoseconds since Created, whole seconds
	Current   bool          `json:"current"` // writes; the others only read
}

// Inventory lists the keys in the order of the file, never their secrets.
func (k *Keeper) Inventory() []Entry {
	held, now := k.ring.Load(), k.now()
	list := make([]Entry, 0, len(held.keys))
	for _, one := range held.keys {
		list = append(list, Entry{
			ID: one.ID, Purpose: one.Purpose, Suite: one.Suite,
			Algorithm: one.Suite.algorithm(one.Purpose),
			Created:   one.Created,
			Age:       now.Sub(one.Created).Truncate(time.Second),
			Current:   held.current[one.Purpose] == one,
		})
	}
	return list
}
