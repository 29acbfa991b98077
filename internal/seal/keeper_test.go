package seal

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// day is a hand-set clock.
func day(d int) func() time.Time {
	return func() time.Time { return time.Date(2026, 3, d, 9, 0, 0, 0, time.UTC) }
}

// eachSuite runs a test with a fresh Keeper on file for both suites.
func eachSuite(t *testing.T, run func(t *testing.T, k *Keeper)) {
	for _, s := range []Suite{Intl, GM} {
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			run(t, onFile(t, s))
		})
	}
}

func onFile(t *testing.T, s Suite) *Keeper {
	t.Helper()
	k, err := Create(filepath.Join(t.TempDir(), "keys.json"), WithSuite(s), WithClock(day(1)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestCreateWritesPrivateFileOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	first, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if _, err := Create(path); !errors.Is(err, ErrExists) {
		t.Fatalf("second Create: %v", err)
	}
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := first.Seal("甘肃", "a.b/1")
	if got, err := again.Open(sealed, "a.b/1"); got != "甘肃" || err != nil {
		t.Fatalf("reopened keeper reads %q, %v", got, err)
	}
}

func TestCreateUnknownSuite(t *testing.T) {
	t.Parallel()
	if _, err := Create(filepath.Join(t.TempDir(), "k"), WithSuite("rot13")); !errors.Is(err, ErrSuite) {
		t.Fatal(err)
	}
}

func TestOpenChecksPermissions(t *testing.T) {
	t.Parallel()
	for mode, want := range map[fs.FileMode]error{
		0o600: nil, 0o400: nil, 0o440: nil, 0o640: nil,
		0o644: ErrLoose, 0o604: ErrLoose, 0o660: ErrLoose, 0o666: ErrLoose,
	} {
		k := onFile(t, Intl)
		if err := os.Chmod(k.path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(k.path); !errors.Is(err, want) {
			t.Errorf("mode %o: %v, want %v", mode, err, want)
		}
	}
}

func TestOpenRefusesDamagedFiles(t *testing.T) {
	t.Parallel()
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("missing file: %v", err)
	}
	const canary = "c2VjcmV0LWNhbmFyeQ"
	cases := map[string]func(*keyFile){
		"no keys":         func(f *keyFile) { f.Keys = nil },
		"unknown suite":   func(f *keyFile) { f.Suite = "x" },
		"missing purpose": func(f *keyFile) { f.Keys = f.Keys[1:] },
		"unknown purpose": func(f *keyFile) { f.Keys[0].Purpose = "x" },
		"short secret":    func(f *keyFile) { f.Keys[0].Secret = []byte("short") },
		"same id twice":   func(f *keyFile) { f.Keys[1].ID = f.Keys[0].ID },
		"dotted id":       func(f *keyFile) { f.Keys[0].ID = "a.b" },
		"empty id":        func(f *keyFile) { f.Keys[0].ID = "" },
		"other key suite": func(f *keyFile) { f.Keys[0].Suite = GM },
	}
	for name, damage := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := newKeyFile(Intl, day(1)())
			if err != nil {
				t.Fatal(err)
			}
			damage(&f)
			path := filepath.Join(t.TempDir(), "k")
			if err := writeNew(path, f); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(path); !errors.Is(err, ErrKeyFile) {
				t.Fatalf("got %v", err)
			}
		})
	}
	t.Run("not JSON", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "k")
		if err := os.WriteFile(path, []byte(`{"suite":"`+canary), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		if !errors.Is(err, ErrKeyFile) || strings.Contains(err.Error(), canary) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestKeySuiteMayBeLeftOut(t *testing.T) {
	t.Parallel()
	f, _ := newKeyFile(Intl, day(1)())
	for i := range f.Keys {
		f.Keys[i].Suite = ""
	}
	path := filepath.Join(t.TempDir(), "k")
	if err := writeNew(path, f); err != nil {
		t.Fatal(err)
	}
	k, err := Open(path, WithClock(day(2)))
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := k.Seal("旧", "a.b/1")
	if err := k.Switch(GM); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Open(sealed, "a.b/1"); got != "旧" || err != nil {
		t.Fatalf("after the switch: %q, %v", got, err)
	}
}

func TestRotateKeepsReading(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, k *Keeper) {
		sealed, _ := k.Seal("13812345678", "person.phone/1")
		stamp := k.Stamp([]byte("提案"), "proposal/1")
		found := k.Lookup("13812345678")
		signed, _ := k.Sign([]byte("checkpoint"))
		for _, p := range purposes() {
			if _, err := k.Rotate(p); err != nil {
				t.Fatal(err)
			}
		}
		reopened, err := Open(k.path, WithClock(day(4)))
		if err != nil {
			t.Fatal(err)
		}
		for name, one := range map[string]*Keeper{"same": k, "reopened": reopened} {
			if got, err := one.Open(sealed, "person.phone/1"); got != "13812345678" || err != nil {
				t.Errorf("%s: %q, %v", name, got, err)
			}
			if !one.NeedsReseal(sealed) {
				t.Errorf("%s: old text does not ask to be sealed again", name)
			}
			fresh, _ := one.Seal("x", "c")
			if one.NeedsReseal(fresh) {
				t.Errorf("%s: fresh text asks to be sealed again", name)
			}
			if err := one.CheckStamp(stamp, []byte("提案"), "proposal/1"); err != nil {
				t.Errorf("%s: stamp: %v", name, err)
			}
			if err := one.Verify([]byte("checkpoint"), signed); err != nil {
				t.Errorf("%s: signature: %v", name, err)
			}
			if !one.NeedsLookup(found) || one.NeedsLookup(one.Lookup("1")) || one.NeedsLookup("") {
				t.Errorf("%s: NeedsLookup", name)
			}
			list := one.Lookups("13812345678")
			if len(list) != 2 || list[1] != found || list[0] != one.Lookup("13812345678") {
				t.Errorf("%s: lookups %v", name, list)
			}
			if len(one.PublicKeys()) != 2 || one.PublicKeys()[1].KeyID != one.PublicKey().KeyID {
				t.Errorf("%s: public keys", name)
			}
		}
	})
}

func TestRotateInMemory(t *testing.T) {
	t.Parallel()
	k, err := Memory(WithSuite(GM), WithClock(day(1)))
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := k.Seal("值", "a.b/1")
	id, err := k.Rotate(Field)
	if err != nil || !k.NeedsReseal(sealed) || k.current(Field).ID != id {
		t.Fatalf("rotate: %v", err)
	}
	if err := k.Switch(Intl); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Open(sealed, "a.b/1"); got != "值" || err != nil || k.Reload() != nil {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := Memory(WithSuite("x")); !errors.Is(err, ErrSuite) {
		t.Fatal(err)
	}
}

func TestRotateErrorsChangeNothing(t *testing.T) {
	t.Parallel()
	k := onFile(t, Intl)
	before, _ := os.ReadFile(k.path)
	if _, err := k.Rotate("x"); !errors.Is(err, ErrPurpose) {
		t.Fatalf("unknown purpose: %v", err)
	}
	if err := k.Switch("x"); !errors.Is(err, ErrSuite) {
		t.Fatalf("unknown suite: %v", err)
	}
	if err := os.WriteFile(k.path+".new", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Rotate(Field); !errors.Is(err, ErrRotating) {
		t.Fatalf("interrupted rotation: %v", err)
	}
	if err := os.Remove(k.path + ".new"); err != nil {
		t.Fatal(err)
	}
	after, _ := os.ReadFile(k.path)
	if string(before) != string(after) || len(k.Inventory()) != len(purposes()) {
		t.Fatal("a refused rotation changed the keys")
	}
	if err := k.Switch(Intl); err != nil || len(k.Inventory()) != len(purposes()) {
		t.Fatalf("switching to the suite in use: %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(k.path), "*"))
	if len(left) != 1 {
		t.Fatalf("files left: %v", left)
	}
}

func TestRotateKeepsPermissions(t *testing.T) {
	t.Parallel()
	k := onFile(t, Intl)
	if err := os.Chmod(k.path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Rotate(Field); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(k.path); info.Mode().Perm() != 0o640 {
		t.Fatalf("mode %v", info.Mode())
	}
}

// Two nodes share the file; one rotates, the other must read what it writes.
func TestOtherNodeFindsNewKey(t *testing.T) {
	t.Parallel()
	a := onFile(t, Intl)
	b, err := Open(a.path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Rotate(Field); err != nil {
		t.Fatal(err)
	}
	// The change time of a file may be too coarse for so quick a test.
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(a.path, later, later); err != nil {
		t.Fatal(err)
	}
	sealed, _ := a.Seal("值", "a.b/1")
	if got, err := b.Open(sealed, "a.b/1"); got != "值" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	// And a rotation by b keeps a's key.
	if _, err := b.Rotate(Field); err != nil {
		t.Fatal(err)
	}
	if n := len(b.Inventory()); n != len(purposes())+2 {
		t.Fatalf("%d keys", n)
	}
}

func TestSwitchKeepsReading(t *testing.T) {
	t.Parallel()
	k := onFile(t, Intl)
	sealed, _ := k.Seal("张三", "a.b/1")
	signed, _ := k.Sign([]byte("m"))
	sum := k.Hash([]byte("m"))
	name := k.Suite().HashName()
	if err := k.Switch(GM); err != nil {
		t.Fatal(err)
	}
	if k.Suite() != GM || k.current(Field).Suite != GM {
		t.Fatal("not switched")
	}
	if got, err := k.Open(sealed, "a.b/1"); got != "张三" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	if err := k.Verify([]byte("m"), signed); err != nil {
		t.Fatal(err)
	}
	if old, err := Digest(name, []byte("m")); err != nil || string(old) != string(sum) {
		t.Fatal("old digest not found again")
	}
	if string(k.Hash([]byte("m"))) == string(sum) {
		t.Fatal("hash did not change with the suite")
	}
	if _, err := Digest("md5", nil); !errors.Is(err, ErrSuite) {
		t.Fatal(err)
	}
}

func TestInventoryShowsNoSecret(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, k *Keeper) {
		k.now = day(11)
		if _, err := k.Rotate(Field); err != nil {
			t.Fatal(err)
		}
		list := k.Inventory()
		if len(list) != len(purposes())+1 {
			t.Fatalf("%d entries", len(list))
		}
		if list[0].Age != 240*time.Hour || list[0].Current || !list[len(list)-1].Current || list[len(list)-1].Age != 0 {
			t.Fatalf("%+v", list)
		}
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		shown := string(text) + fmt.Sprintf("%v %+v %#v", k, k, k)
		for _, one := range k.ring.Load().keys {
			if strings.Contains(shown, base64.StdEncoding.EncodeToString(one.Secret)) || strings.Contains(shown, fmt.Sprint(one.Secret)) {
				t.Fatal("a secret is shown")
			}
			if one.Suite.algorithm(one.Purpose) == "" {
				t.Fatal("no algorithm named")
			}
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	k := onFile(t, Intl)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 20 {
				place := fmt.Sprintf("t.c/%d-%d", g, i)
				sealed, _ := k.Seal(place, place)
				if g == 0 && i%10 == 0 {
					if _, err := k.Rotate(Field); err != nil {
						t.Error(err)
					}
				}
				if got, err := k.Open(sealed, place); got != place || err != nil {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}
