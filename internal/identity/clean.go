package identity

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/fault"
	"tongxin/internal/seal"
)

// Longest texts, in characters.
const (
	maxName    = 50
	maxAddress = 200
	maxLabel   = 60
)

// printable keeps what can be seen; control, bidi and zero-width signs go.
func printable(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u3000':
		return ' '
	case r == utf8.RuneError || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Co, r):
		return -1
	}
	return r
}

// CheckPerson notes what is wrong with a person's name, phone, mail and
// address, beside fields of these names.
func CheckPerson(p *fault.Problems, x Person) {
	name := CleanName(x.Name)
	p.Check(name != "", "name", "identity.name.needed")
	p.Check(utf8.RuneCountInString(name) <= maxName, "name", "identity.name.too-long", "max", maxName)
	p.Check(PhoneFits(x.Phone), "phone", "identity.phone.wrong")
	p.Check(mailFits(x.Mail), "mail", "identity.mail.wrong")
	p.Check(utf8.RuneCountInString(x.Address) <= maxAddress, "address", "identity.address.too-long", "max", maxAddress)
}

// PhoneFits reports whether a text can be a phone number: 7 to 15 digits with
// the usual signs between them, or nothing.
func PhoneFits(phone string) bool {
	phone = strings.TrimPrefix(seal.NormalizePhone(phone), "+")
	if phone == "" {
		return true
	}
	for _, r := range phone {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(phone) >= 7 && len(phone) <= 15
}

func mailFits(text string) bool {
	if text == "" {
		return true
	}
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= 200 && strings.Contains(text[strings.LastIndexByte(text, '@')+1:], ".")
}
