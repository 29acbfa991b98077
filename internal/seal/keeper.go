package seal

import (
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Keeper holds the keys of one installation. All methods may be called from
// many goroutines at once.
type Keeper struct {
	path string // empty: the keys live in memory only
	now  func() time.Time
	ring atomic.Pointer[ring] // replaced whole, never changed in place
	mu   sync.Mutex           // one rotation or reload at a time
	seen time.Time            // change time of the file when last read; under mu
}

// ring is one reading of the key file. It never changes.
type ring struct {
	suite   Suite
	keys    []*key
	byID    map[string]*key
	current map[Purpose]*key
}

// key is one key, ready for use.
type key struct {
	keyEntry
	aead   cipher.AEAD // Field only
	signer signer      // Sign only
}

// Option changes how a Keeper is made.
type Option func(*options)

type options struct {
	suite Suite
	now   func() time.Time
}

// WithSuite chooses the suite of new keys; Intl when not given. Open ignores
// it: there the file says the suite.
func WithSuite(s Suite) Option { return func(o *options) { o.suite = s } }

// WithClock sets the clock that dates new keys and reckons ages; the system's
// when not given.
func WithClock(now func() time.Time) Option { return func(o *options) { o.now = now } }

func optionsOf(list []Option) options {
	o := options{suite: Intl, now: time.Now}
	for _, set := range list {
		set(&o)
	}
	return o
}

// Create draws new keys, writes them to a new file at path with mode 0600 and
// opens it. It answers ErrExists when the file is there already. The folder
// must exist.
func Create(path string, opts ...Option) (*Keeper, error) {
	o := optionsOf(opts)
	f, err := newKeyFile(o.suite, o.now())
	if err != nil {
		return nil, fmt.Errorf("create key file: %w", err)
	}
	if err := writeNew(path, f); err != nil {
		if errors.Is(err, fs.ErrExist) {
			err = ErrExists
		}
		return nil, fmt.Errorf("create key file: %w", err)
	}
	return Open(path, opts...)
}

// Open reads the keys from the file at path. Errors: fs.ErrNotExist, ErrLoose
// when others may read the file, ErrKeyFile when it is damaged or lacks a key.
func Open(path string, opts ...Option) (*Keeper, error) {
	k := &Keeper{path: path, now: optionsOf(opts).now}
	if err := k.Reload(); err != nil {
		return nil, err
	}
	return k, nil
}

// Memory makes a Keeper with fresh keys and no file, for tests and the
// demonstration. What it seals is lost with it.
func Memory(opts ...Option) (*Keeper, error) {
	o := optionsOf(opts)
	f, err := newKeyFile(o.suite, o.now())
	if err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	r, err := newRing(f)
	if err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	k := &Keeper{now: o.now}
	k.ring.Store(r)
	return k, nil
}

// Reload reads the key file again, after another process has rotated a key. On
// an error the keys held so far stay in use. A Keeper in memory has nothing to
// reload.
func (k *Keeper) Reload() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.reload()
}

func (k *Keeper) reload() error {
	if k.path == "" {
		return nil
	}
	info, err := os.Stat(k.path)
	if err != nil {
		return fmt.Errorf("open key file: %w", err)
	}
	f, err := readKeyFile(k.path)
	if err != nil {
		return fmt.Errorf("open key file: %w", err)
	}
	r, err := newRing(f)
	if err != nil {
		return fmt.Errorf("open key file: %w", err)
	}
	k.seen = info.ModTime()
	k.ring.Store(r)
	return nil
}

// find answers the key with this id and purpose, or nil. An unknown id may come
// from another node that has rotated since: then the file is read again, once
// per change of the file.
func (k *Keeper) find(id string, p Purpose) *key {
	found := k.ring.Load().byID[id]
	if found == nil && k.reloadIfChanged() {
		found = k.ring.Load().byID[id]
	}
	if found == nil || found.Purpose != p {
		return nil
	}
	return found
}

func (k *Keeper) reloadIfChanged() bool {
	if k.path == "" {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	info, err := os.Stat(k.path)
	if err != nil || info.ModTime().Equal(k.seen) {
		return false
	}
	return k.reload() == nil
}

// current answers the key that writes for a purpose.
func (k *Keeper) current(p Purpose) *key { return k.ring.Load().current[p] }

// Suite is the suite of new keys and of Hash.
func (k *Keeper) Suite() Suite { return k.ring.Load().suite }

// Hash digests content with the current suite's hash, SHA-256 or SM3: 32 bytes.
func (k *Keeper) Hash(content []byte) []byte {
	h := k.Suite().newHash()
	h.Write(content)
	return h.Sum(nil)
}

// HashHex is Hash as 64 lower-case hexadecimal digits.
func (k *Keeper) HashHex(content []byte) string { return hex.EncodeToString(k.Hash(content)) }

// String tells nothing about the keys, so that a Keeper in a log line is harmless.
func (k *Keeper) String() string { return "seal.Keeper(" + string(k.Suite()) + ")" }

// GoString is String, for the %#v verb.
func (k *Keeper) GoString() string { return k.String() }

// newRing checks a key file and prepares its keys.
func newRing(f keyFile) (*ring, error) {
	if !f.Suite.valid() {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, ErrSuite)
	}
	r := &ring{suite: f.Suite, byID: map[string]*key{}, current: map[Purpose]*key{}}
	for i, e := range f.Keys {
		ready, err := newKey(e, f.Suite)
		if err != nil {
			return nil, fmt.Errorf("%w: key %d: %w", ErrKeyFile, i+1, err)
		}
		if r.byID[ready.ID] != nil {
			return nil, fmt.Errorf("%w: key %d: id used twice", ErrKeyFile, i+1)
		}
		r.keys = append(r.keys, ready)
		r.byID[ready.ID] = ready
		r.current[ready.Purpose] = ready
	}
	for _, p := range purposes() {
		if r.current[p] == nil {
			return nil, fmt.Errorf("%w: no key for purpose %s", ErrKeyFile, p)
		}
	}
	return r, nil
}

// newKey checks one entry and prepares its cipher or signer. An entry without a
// suite has the file's.
func newKey(e keyEntry, fileSuite Suite) (*key, error) {
	if e.Suite == "" {
		e.Suite = fileSuite
	}
	if e.Suite.algorithm(e.Purpose) == "" {
		return nil, errors.New("unknown suite or purpose")
	}
	if !plainID(e.ID) || len(e.Secret) != e.Suite.secretSize(e.Purpose) {
		return nil, errors.New("id or secret has the wrong form")
	}
	made := &key{keyEntry: e}
	var err error
	switch e.Purpose {
	case Field:
		made.aead, err = e.Suite.aead(e.Secret)
	case Sign:
		made.signer, err = newSigner(e.Suite, e.Secret)
	}
	if err != nil {
		return nil, errors.New("secret is not usable")
	}
	return made, nil
}

// plainID answers whether id can stand between the dots of a sealed text.
func plainID(id string) bool {
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return id != "" && len(id) <= 32
}
