package identity

import (
	"embed"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/app"
	"tongxin/internal/seal"
)

// Policy says which passwords are accepted (trust.md AUTH-03). It is data: a
// site hands another one over as a part.
type Policy struct {
	Name    string
	Length  int           // least number of characters
	Classes int           // least number of the four kinds of signs; 0 asks for none
	Words   []string      // words of the place that no password contains
	Past    int           // how many earlier passwords may not come again
	MaxAge  time.Duration // after which the account page asks for a new one; 0 never
}

// MLPS3 is the policy of 等级保护 level three, the default.
func MLPS3() Policy {
	return Policy{Name: "mlps3", Length: 10, Classes: 3, Words: []string{"政协", "zhengxie", "tongxin"}, Past: 5, MaxAge: 90 * 24 * time.Hour}
}

// ASVS is the policy of those who follow OWASP ASVS instead: long, without
// classes and without an end.
func ASVS() Policy {
	return Policy{Name: "asvs", Length: 15, Words: []string{"政协", "zhengxie", "tongxin"}}
}

// PolicyOf is the policy in force.
func PolicyOf(a *app.App) Policy {
	if p, ok := app.PartOf[Policy](a); ok {
		return p
	}
	return MLPS3()
}

// Check answers the message key of what is wrong with a password and its
// arguments, "" when it is accepted. own are the name and login of the person.
func (p Policy) Check(password string, own ...string) (key string, args []any) {
	switch n := utf8.RuneCountInString(password); {
	case n < p.Length:
		return "identity.password.short", []any{"min", p.Length}
	case len(password) > seal.MaxPassword/4:
		return "identity.password.long", nil
	case classes(password) < p.Classes:
		return "identity.password.classes", []any{"n", p.Classes}
	}
	folded := seal.Normalize(password)
	for _, w := range p.Words {
		if strings.Contains(folded, seal.Normalize(w)) {
			return "identity.password.word", []any{"word", w}
		}
	}
	for _, w := range own {
		for _, w := range []string{seal.Normalize(w), strings.ReplaceAll(Pinyin(seal.Normalize(w)), " ", "")} {
			if tooShort := len(w) < 3; !tooShort && strings.Contains(folded, w) {
				return "identity.password.own", nil
			}
		}
	}
	if common(folded) {
		return "identity.password.common", nil
	}
	return "", nil
}

// classes counts which of capitals, small letters, digits and other signs a
// password has.
func classes(password string) int {
	var upper, lower, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return upper + lower + digit + other
}

//go:embed common.txt
var commonFile embed.FS

// commonWords reads the list once.
//
//nolint:gochecknoglobals // a constant that Go cannot declare
var commonWords = sync.OnceValue(func() map[string]bool {
	raw, err := commonFile.ReadFile("common.txt")
	if err != nil {
		panic("identity: the list of common passwords is missing: " + err.Error())
	}
	m := map[string]bool{}
	for l := range strings.Lines(string(raw)) {
		if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
			m[l] = true
		}
	}
	return m
})

// common reports whether a folded password, or what is left of it without the
// digits and signs around it, stands in the list; so does it when one short
// piece is repeated.
func common(folded string) bool {
	letters := strings.TrimFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) })
	plain := strings.NewReplacer("@", "a", "0", "o", "1", "l", "$", "s", "3", "e", "!", "i").Replace(folded)
	plain = strings.TrimFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) })
	return commonWords()[folded] || commonWords()[letters] || commonWords()[plain] || repeats(folded)
}

// repeats: abcabcabcabc, 1212121212.
func repeats(s string) bool {
	for n := 1; n <= 4 && n*3 <= len(s); n++ {
		if strings.Repeat(s[:n], len(s)/n)+s[:len(s)%n] == s {
			return true
		}
	}
	return false
}
