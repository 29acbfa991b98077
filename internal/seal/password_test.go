package seal

import (
	"encoding/base64"
	"errors"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPassword(t *testing.T) {
	t.Parallel()
	const plain = "白塔-河西走廊-42"
	for suite, form := range map[Suite]string{
		Intl: `^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`,
		GM:   `^\$pbkdf2-sm3\$i=300000\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`,
	} {
		t.Run(string(suite), func(t *testing.T) {
			t.Parallel()
			phc, err := suite.HashPassword(plain)
			if err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(form).MatchString(phc) {
				t.Fatalf("form %q", phc)
			}
			if ok, again := CheckPassword(phc, plain); !ok || again {
				t.Fatalf("right password: %v, %v", ok, again)
			}
			if ok, again := CheckPassword(phc, plain+"3"); ok || again {
				t.Fatalf("wrong password: %v, %v", ok, again)
			}
			other, _ := suite.HashPassword(plain)
			if other == phc {
				t.Fatal("no salt")
			}
			if !regexp.MustCompile(form).MatchString(suite.DummyHash()) {
				t.Fatalf("the dummy costs something else: %q", suite.DummyHash())
			}
			if ok, _ := CheckPassword(suite.DummyHash(), plain); ok {
				t.Fatal("the dummy lets somebody in")
			}
		})
	}
	if DummyHash() != Intl.DummyHash() {
		t.Error("DummyHash is not the one of HashPassword")
	}
}

// The password of the argon2 reference tool's own example shows that other
// programs read what we read: argon2id, 64 MiB, t=2, p=1.
func TestPasswordReferenceVector(t *testing.T) {
	t.Parallel()
	const phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, again := CheckPassword(phc, "password"); !ok || !again {
		t.Fatalf("%v, %v; want right, and renewed for its short salt", ok, again)
	}
}

func TestPasswordWeakerParametersAreRenewed(t *testing.T) {
	t.Parallel()
	weak := passwordParams{kind: kindArgon, memory: 8, time: 1, lanes: 1, salt: make([]byte, 16)}
	weak.sum, _ = weak.derive("旧密码", 32)
	if ok, again := CheckPassword(weak.String(), "旧密码"); !ok || !again {
		t.Fatalf("argon2id: %v, %v", ok, again)
	}
	weak = passwordParams{kind: kindSM3, rounds: 10, salt: make([]byte, 16)}
	weak.sum, _ = weak.derive("旧密码", 32)
	if ok, again := CheckPassword(weak.String(), "旧密码"); !ok || !again {
		t.Fatalf("pbkdf2: %v, %v", ok, again)
	}
	if ok, again := CheckPassword(weak.String(), "错"); ok || again {
		t.Fatalf("wrong password must not be renewed: %v, %v", ok, again)
	}
}

func TestPasswordLength(t *testing.T) {
	t.Parallel()
	for _, plain := range []string{"", strings.Repeat("x", MaxPassword+1)} {
		_, err := HashPassword(plain)
		if !errors.Is(err, ErrPasswordLength) || (plain != "" && strings.Contains(err.Error(), plain)) {
			t.Errorf("%d bytes: %v", len(plain), err)
		}
	}
	long := strings.Repeat("x", MaxPassword)
	p := passwordParams{kind: kindSM3, rounds: 1, salt: make([]byte, 16)}
	p.sum, _ = p.derive(long, 32)
	if ok, _ := CheckPassword(p.String(), long+"y"); ok {
		t.Error("a longer password fits the hash of its beginning")
	}
	p.sum, _ = p.derive("", 32)
	if ok, _ := CheckPassword(p.String(), ""); ok {
		t.Error("an empty password fits")
	}
}

func TestParsePHCRefuses(t *testing.T) {
	t.Parallel()
	salt, sum := base64.RawStdEncoding.EncodeToString(make([]byte, 16)), base64.RawStdEncoding.EncodeToString(make([]byte, 32))
	tail := "$" + salt + "$" + sum
	for _, phc := range []string{
		"", "$", "plain", "$$$$$", "$2a$10$abcdefghijklmnopqrstuv",
		"$argon2i$v=19$m=19456,t=2,p=1" + tail,
		"$argon2id$v=16$m=19456,t=2,p=1" + tail,
		"$argon2id$v=19$m=99999999,t=2,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2000,p=1" + tail,
		"$argon2id$v=19$m=19456,t=0,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=0" + tail,
		"$argon2id$v=19$m=19456,t=2,p=400" + tail,
		"$argon2id$v=19$t=2,m=19456,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2" + tail,
		"$argon2id$v=19$m=-1,t=2,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$",
		"$argon2id$v=19$m=19456,t=2,p=1$!!$" + sum,
		"$pbkdf2-sm3$i=0" + tail,
		"$pbkdf2-sm3$i=999999999" + tail,
		"$pbkdf2-sm3$i=1,j=2" + tail,
	} {
		if _, err := parsePHC(phc); err == nil {
			t.Errorf("accepted %q", phc)
		}
	}
	if ok, again := CheckPassword("garbage", "x"); ok || again {
		t.Error("garbage lets somebody in")
	}
}

func TestPasswordSlots(t *testing.T) {
	t.Parallel()
	if cap(slots) != 2*runtime.GOMAXPROCS(0) {
		t.Fatalf("%d slots", cap(slots))
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	token := Token()
	if b, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(b) != 32 {
		t.Fatalf("%q: %v", token, err)
	}
	if Token() == token {
		t.Fatal("the same token twice")
	}
	if got := TokenHash("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Fatal(got)
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4})+$`)
	rapid.Check(t, func(r *rapid.T) {
		groups := rapid.IntRange(-1, 8).Draw(r, "groups")
		code := Code(groups)
		if !form.MatchString(code) || strings.Count(code, "-")+1 != max(groups, 3) {
			r.Fatalf("%d groups: %q", groups, code)
		}
		plain := strings.ReplaceAll(code, "-", "")
		misread := strings.NewReplacer("0", "o", "1", "l", "-", " — ").Replace(strings.ToLower(code))
		for _, typed := range []string{code, plain, misread, strings.ReplaceAll(code, "1", "I"), "　" + code + "\n"} {
			if NormalizeCode(typed) != plain {
				r.Fatalf("%q read as %q, want %q", typed, NormalizeCode(typed), plain)
			}
		}
	})
	if got := NormalizeCode("７ｋｑ２－Ｍ９ＸＤ"); got != "7KQ2M9XD" {
		t.Error(got)
	}
	if got := NormalizeCode("ab!u"); got != "AB!U" {
		t.Error(got)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	cases := []struct {
		mask     func(string) string
		in, want string
	}{
		{MaskPhone, "13812345678", "138****5678"},
		{MaskPhone, " 13812345678 ", "138****5678"},
		{MaskPhone, "09368212345", "093****2345"},
		{MaskPhone, "8212345", "****45"},
		{MaskPhone, "12345", "****"},
		{MaskPhone, "", ""},
		{MaskID, "62070219900101123X", "6207****3X"},
		{MaskID, "620702900101123", "6207****23"},
		{MaskID, "E12345678", "****78"},
		{MaskID, "12345", "****"},
		{MaskID, "", ""},
		{MaskText, "张三", "张**"},
		{MaskText, "欧阳小明", "欧**"},
		{MaskText, "张", "**"},
		{MaskText, "", ""},
	}
	for _, c := range cases {
		if got := c.mask(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func BenchmarkCheckPassword(b *testing.B) {
	for _, s := range []Suite{Intl, GM} {
		b.Run(string(s), func(b *testing.B) {
			phc := s.DummyHash()
			for b.Loop() {
				CheckPassword(phc, "x")
			}
		})
	}
}
