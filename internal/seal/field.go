package seal

import (
	"encoding/base64"
	"errors"
	"strings"
)

var (
	// ErrMalformed reports a text this package did not write.
	ErrMalformed = errors.New("not a sealed text")
	// ErrUnknownKey reports a text written under a key the file does not hold.
	ErrUnknownKey = errors.New("sealed with a key that is not in the key file")
	// ErrTampered reports a text that was changed, or moved from another row or
	// column.
	ErrTampered = errors.New("sealed text was changed or belongs elsewhere")
)

// version is the first word of every text this package writes.
const version = "v1"

// text64 is strict, so that no two texts decode to the same bytes.
func text64() *base64.Encoding { return base64.RawURLEncoding.Strict() }

// Seal encrypts plain for one place. The context names that place as
// "table.column/row id"; the same context must be given to Open, so that a
// sealed value copied into another row or column is refused. The result is
//
//	v1.<suite>.<key id>.<base64url of nonce and ciphertext>
//
// An empty plain gives an empty result: whether a field is filled in is not
// hidden, nor is the length of its content. Nonces are random, which is safe up
// to some four thousand million values per key.
func (k *Keeper) Seal(plain, context string) (string, error) {
	if plain == "" {
		return "", nil
	}
	with := k.current(Field)
	head := header(with)
	nonce := randomBytes(with.aead.NonceSize())
	body := with.aead.Seal(nonce, nonce, []byte(plain), associated(head, context))
	return head + text64().EncodeToString(body), nil
}

// Open decrypts what Seal wrote for the same context. Errors: ErrMalformed,
// ErrUnknownKey, ErrTampered; none of them carries any part of the text.
func (k *Keeper) Open(sealed, context string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	suite, id, body, err := split(sealed)
	if err != nil {
		return "", err
	}
	with := k.find(id, Field)
	if with == nil || string(with.Suite) != suite {
		return "", ErrUnknownKey
	}
	n := with.aead.NonceSize()
	if len(body) < n+with.aead.Overhead() {
		return "", ErrMalformed
	}
	plain, err := with.aead.Open(nil, body[:n], body[n:], associated(header(with), context))
	if err != nil {
		return "", ErrTampered
	}
	return string(plain), nil
}

// NeedsReseal answers whether a sealed text was written under another key than
// the current one, so that the background job must open and seal it again. An
// empty or malformed text does not need it.
func (k *Keeper) NeedsReseal(sealed string) bool {
	suite, id, _, err := split(sealed)
	if err != nil {
		return false
	}
	with := k.current(Field)
	return with.ID != id || string(with.Suite) != suite
}

// header is what stands before the bytes; it is authenticated with them.
func header(with *key) string {
	return version + "." + string(with.Suite) + "." + with.ID + "."
}

func associated(head, context string) []byte { return []byte(head + "\x00" + context) }

// split takes a text of the form version.word.key id.base64url apart.
func split(text string) (word, id string, body []byte, err error) {
	part := strings.Split(text, ".")
	if len(part) != 4 || part[0] != version || part[1] == "" || !plainID(part[2]) {
		return "", "", nil, ErrMalformed
	}
	// The decoder skips line ends; a text with one is not what we wrote.
	if strings.ContainsAny(part[3], "\r\n") {
		return "", "", nil, ErrMalformed
	}
	body, err = text64().DecodeString(part[3])
	if err != nil || len(body) == 0 {
		return "", "", nil, ErrMalformed
	}
	return part[1], part[2], body, nil
}
