package seal

import (
	"crypto/subtle"
	"strings"
)

// Lookup gives the keyed hash by which a sealed phone number, login name or ID
// number is found again by equality. It is stored beside the sealed value and
// indexed. The value is normalised first, see Normalize. An empty value gives an
// empty result, which no search should match.
//
// The form is v1.<suite>.<key id>.<base64url>. A new lookup key or suite changes
// the result: search with Lookups until every row has been written again.
func (k *Keeper) Lookup(value string) string {
	return lookupWith(k.current(Lookup), Normalize(value))
}

// Lookups gives the keyed hashes under every lookup key of the file, the current
// one first, for a search while rows of an older key remain.
func (k *Keeper) Lookups(value string) []string {
	value = Normalize(value)
	if value == "" {
		return nil
	}
	now := k.ring.Load()
	list := []string{lookupWith(now.current[Lookup], value)}
	for _, with := range now.keys {
		if with.Purpose == Lookup && with != now.current[Lookup] {
			list = append(list, lookupWith(with, value))
		}
	}
	return list
}

// NeedsLookup answers whether a stored lookup text was made under another key
// than the current one and must be made again.
func (k *Keeper) NeedsLookup(lookup string) bool {
	return lookup != "" && !strings.HasPrefix(lookup, header(k.current(Lookup)))
}

func lookupWith(with *key, normal string) string {
	if normal == "" {
		return ""
	}
	return header(with) + text64().EncodeToString(with.Suite.mac(with.Secret, []byte(normal)))
}

// Stamp gives a keyed hash over the content of an important row, bound to its
// place "table/row id", to be stored with the row and checked at reading. The
// form is v1.<suite>.<key id>.<base64url>.
func (k *Keeper) Stamp(content []byte, context string) string {
	return stampWith(k.current(Row), content, context)
}

// CheckStamp answers nil when the stamp fits the content and the place.
// Otherwise: ErrMalformed, ErrUnknownKey, ErrTampered.
func (k *Keeper) CheckStamp(stamp string, content []byte, context string) error {
	_, id, _, err := split(stamp)
	if err != nil {
		return err
	}
	with := k.find(id, Row)
	if with == nil {
		return ErrUnknownKey
	}
	want := stampWith(with, content, context)
	if subtle.ConstantTimeCompare([]byte(want), []byte(stamp)) != 1 {
		return ErrTampered
	}
	return nil
}

func stampWith(with *key, content []byte, context string) string {
	sum := with.Suite.mac(with.Secret, []byte(context), content)
	return header(with) + text64().EncodeToString(sum)
}

// Normalize folds what people type differently for the same thing: full-width
// letters, digits and signs become half-width, letters lower-case, and spaces
// at both ends go.
func Normalize(value string) string {
	return strings.ToLower(strings.TrimSpace(strings.Map(halfWidth, value)))
}

// NormalizePhone is Normalize, and for what is made of digits and the signs
// between them it also drops spaces, hyphens, brackets, and the country code
// before a mainland mobile number.
func NormalizePhone(value string) string {
	value = Normalize(value)
	if strings.Trim(value, "+0123456789 -()") != "" {
		return value
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()", r) {
			return -1
		}
		return r
	}, value)
	for _, code := range []string{"+86", "0086", "86"} {
		if rest, had := strings.CutPrefix(digits, code); had && len(rest) == 11 && rest[0] == '1' {
			return rest
		}
	}
	return digits
}

// halfWidth maps the full-width forms of ASCII and the wide space.
func halfWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000':
		return ' '
	}
	return r
}
