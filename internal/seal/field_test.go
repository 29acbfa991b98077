package seal

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSealOpen(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, k *Keeper) {
		rapid.Check(t, func(r *rapid.T) {
			plain, place := rapid.String().Draw(r, "plain"), rapid.String().Draw(r, "place")
			sealed, err := k.Seal(plain, place)
			if err != nil {
				r.Fatal(err)
			}
			if got, err := k.Open(sealed, place); got != plain || err != nil {
				r.Fatalf("%q, %v", got, err)
			}
			if plain == "" {
				if sealed != "" {
					r.Fatal("empty did not seal to empty")
				}
				return
			}
			if _, err := k.Open(sealed, place+"x"); !errors.Is(err, ErrTampered) {
				r.Fatalf("opened elsewhere: %v", err)
			}
			if again, _ := k.Seal(plain, place); again == sealed {
				r.Fatal("same text twice")
			}
		})
	})
}

func TestSealedFormat(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, k *Keeper) {
		sealed, _ := k.Seal("13812345678", "person.phone/1")
		part := strings.Split(sealed, ".")
		if len(part) != 4 || part[0] != "v1" || part[1] != string(k.Suite()) || part[2] != k.current(Field).ID {
			t.Fatalf("format %q", sealed)
		}
		if strings.Contains(sealed, "13812345678") {
			t.Fatal("not sealed at all")
		}
	})
}

// Every single changed byte must be noticed, header included.
func TestOpenNoticesEveryChange(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, k *Keeper) {
		if _, err := k.Rotate(Field); err != nil {
			t.Fatal(err)
		}
		const plain, place = "13812345678", "person.phone/1"
		sealed, _ := k.Seal(plain, place)
		for i := range sealed {
			for _, c := range []byte("A0.b\n") {
				if sealed[i] == c {
					continue
				}
				changed := sealed[:i] + string(c) + sealed[i+1:]
				got, err := k.Open(changed, place)
				if err == nil || got != "" {
					t.Fatalf("byte %d changed to %q: %q", i, c, got)
				}
			}
		}
		// The same bytes under the other key of the file.
		other := strings.Replace(sealed, k.current(Field).ID, k.ring.Load().keys[0].ID, 1)
		if _, err := k.Open(other, place); !errors.Is(err, ErrTampered) {
			t.Fatalf("other key: %v", err)
		}
	})
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	k, stranger := onFile(t, Intl), onFile(t, Intl)
	foreign, _ := stranger.Seal("机密", "a.b/1")
	lookupID := k.current(Lookup).ID
	cases := []struct {
		name, text string
		want       error
	}{
		{"plain phone", "13812345678", ErrMalformed},
		{"wrong version", "v2.intl.abc.AAAA", ErrMalformed},
		{"no bytes", "v1.intl.abc.", ErrMalformed},
		{"not base64", "v1.intl.abc.!!!!", ErrMalformed},
		{"line end inside", "v1.intl.abc.AA\nAA", ErrMalformed},
		{"upper-case key", "v1.intl.ABC.AAAA", ErrMalformed},
		{"too short", "v1.intl." + k.current(Field).ID + ".AAAA", ErrMalformed},
		{"foreign key", foreign, ErrUnknownKey},
		{"key of another purpose", "v1.intl." + lookupID + ".AAAA", ErrUnknownKey},
		{"wrong suite", "v1.gm." + k.current(Field).ID + ".AAAA", ErrUnknownKey},
	}
	for _, c := range cases {
		got, err := k.Open(c.text, "a.b/1")
		if !errors.Is(err, c.want) || got != "" {
			t.Errorf("%s: %q, %v; want %v", c.name, got, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: the error carries the text", c.name)
		}
	}
	if k.NeedsReseal("") || k.NeedsReseal("13812345678") || !k.NeedsReseal(foreign) {
		t.Error("NeedsReseal")
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, k *Keeper) {
		want := k.Lookup("13812345678")
		for _, same := range []string{" 13812345678", "１３８１２３４５６７８", "\u300013812345678\t"} {
			if k.Lookup(same) != want {
				t.Errorf("%q is not found", same)
			}
		}
		if k.Lookup("13812345679") == want || strings.Contains(want, "138123") {
			t.Error("lookup tells too little or too much")
		}
		if k.Lookup("62070219900101123x") != k.Lookup("62070219900101123Ｘ") {
			t.Error("letters are not folded")
		}
		if k.Lookup(" 　") != "" || k.Lookups("") != nil {
			t.Error("empty must stay empty")
		}
		if other := onFile(t, k.Suite()); other.Lookup("13812345678") == want {
			t.Error("lookup does not depend on the key")
		}
	})
}

func TestNormalizePhone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"13812345678": "13812345678", "138 1234 5678": "13812345678", "138-1234-5678": "13812345678",
		"+86 138 1234 5678": "13812345678", "008613812345678": "13812345678", "8613812345678": "13812345678",
		"＋８６１３８１２３４５６７８": "13812345678", "(0936) 8212345": "09368212345", "+852 2345 6789": "+85223456789",
		"Zhang-San 1": "zhang-san 1", "": "",
	} {
		if got := NormalizePhone(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestStamp(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, k *Keeper) {
		content := []byte("关于改造老旧小区的提案")
		stamp := k.Stamp(content, "proposal/1")
		if err := k.CheckStamp(stamp, content, "proposal/1"); err != nil {
			t.Fatal(err)
		}
		other, _ := k.Seal("x", "c")
		cases := []struct {
			name    string
			stamp   string
			content string
			place   string
			want    error
		}{
			{"content", stamp, "改过的", "proposal/1", ErrTampered},
			{"place", stamp, string(content), "proposal/2", ErrTampered},
			{"moved byte", k.Stamp([]byte("bc"), "a"), "c", "ab", ErrTampered},
			{"cut", stamp[:len(stamp)-3], string(content), "proposal/1", ErrTampered},
			{"none", "", string(content), "proposal/1", ErrMalformed},
			{"field key", other, string(content), "proposal/1", ErrUnknownKey},
		}
		for _, c := range cases {
			if err := k.CheckStamp(c.stamp, []byte(c.content), c.place); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
	})
}

func FuzzOpen(f *testing.F) {
	k, err := Memory()
	if err != nil {
		f.Fatal(err)
	}
	good, _ := k.Seal("13812345678", "person.phone/1")
	for _, seed := range []string{"", good, good[:20], "v1.intl.abc.AAAA", "v1...", "....", "\x00"} {
		f.Add(seed, "person.phone/1")
	}
	f.Fuzz(func(t *testing.T, text, place string) {
		plain, err := k.Open(text, place)
		if err != nil && plain != "" {
			t.Fatal("an error came with a value")
		}
		if err == nil && text != "" && (text != good || place != "person.phone/1") {
			t.Fatalf("forged: %q", text)
		}
		_ = k.CheckStamp(text, nil, place)
		if s, err := ParseSignature(text); err == nil && k.Verify(nil, s) == nil {
			t.Fatal("forged signature")
		}
		if ok, _ := checkShape(text); ok && !strings.HasPrefix(text, "$") {
			t.Fatal("not a password hash")
		}
	})
}

// checkShape parses a password hash without computing it.
func checkShape(text string) (bool, error) {
	_, err := parsePHC(text)
	return err == nil, err
}
