package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Suite names a family of algorithms.
type Suite string

// The two suites.
const (
	Intl Suite = "intl" // AES-256-GCM, SHA-256, Ed25519
	GM   Suite = "gm"   // SM4-GCM, SM3, SM2 (GB/T 32907, 32905, 32918)
)

// Purpose says what a key is for; a key never serves two purposes.
type Purpose string

// The purposes, each with a key of its own.
const (
	Field  Purpose = "field"  // sealing of personal fields
	Lookup Purpose = "lookup" // equality search over sealed fields
	Row    Purpose = "row"    // integrity stamps over important rows
	Sign   Purpose = "sign"   // signatures over audit checkpoints and documents
)

// ErrSuite reports a suite this build does not know.
var ErrSuite = errors.New("unknown crypto suite")

// ErrPurpose reports a purpose this build does not know.
var ErrPurpose = errors.New("unknown key purpose")

// purposes lists every purpose a complete key file covers.
func purposes() []Purpose { return []Purpose{Field, Lookup, Row, Sign} }

// valid answers whether this build knows the suite.
func (s Suite) valid() bool { return s == Intl || s == GM }

// algorithm names what a key of this suite and purpose computes; empty when
// either is unknown.
func (s Suite) algorithm(p Purpose) string {
	names := map[Suite]map[Purpose]string{
		Intl: {Field: "AES-256-GCM", Lookup: "HMAC-SHA256", Row: "HMAC-SHA256", Sign: algEd25519},
		GM:   {Field: "SM4-GCM", Lookup: "HMAC-SM3", Row: "HMAC-SM3", Sign: algSM2},
	}
	return names[s][p]
}

// HashName is the name under which Digest finds this suite's hash again:
// "sha256" or "sm3". Store it beside a digest that must outlive a switch.
func (s Suite) HashName() string {
	if s == GM {
		return "sm3"
	}
	return "sha256"
}

// newHash starts the suite's hash.
func (s Suite) newHash() hash.Hash {
	if s == GM {
		return sm3.New()
	}
	return sha256.New()
}

// aead builds the cipher that seals fields under secret.
func (s Suite) aead(secret []byte) (cipher.AEAD, error) {
	block, err := s.block(secret)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (s Suite) block(secret []byte) (cipher.Block, error) {
	if s == GM {
		return sm4.NewCipher(secret)
	}
	return aes.NewCipher(secret)
}

// mac is the keyed hash of parts. Each part is preceded by its length, so that
// moving a byte from one part to the next changes the result.
func (s Suite) mac(secret []byte, parts ...[]byte) []byte {
	h := hmac.New(s.newHash, secret)
	for _, p := range parts {
		fmt.Fprintf(h, "%d:", len(p))
		h.Write(p)
	}
	return h.Sum(nil)
}

// secretSize is the length in bytes of a key of this suite and purpose.
func (s Suite) secretSize(p Purpose) int {
	if s == GM && p == Field {
		return sm4.BlockSize
	}
	return 32
}

// newSecret draws a fresh key.
func (s Suite) newSecret(p Purpose) ([]byte, error) {
	if p == Sign {
		return newSigningSecret(s)
	}
	return randomBytes(s.secretSize(p)), nil
}

// randomBytes draws n bytes from the operating system; crypto/rand ends the
// program rather than return short or predictable bytes.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// Digest hashes content with a named hash, "sha256" or "sm3", for checking what
// an earlier suite wrote.
func Digest(name string, content []byte) ([]byte, error) {
	for _, s := range []Suite{Intl, GM} {
		if s.HashName() == name {
			h := s.newHash()
			h.Write(content)
			return h.Sum(nil), nil
		}
	}
	return nil, fmt.Errorf("digest: %w", ErrSuite)
}
