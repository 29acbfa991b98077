// Package id makes the keys of rows: time-sortable ids for almost everything,
// random ids where the order of making must not show (trust.md 5).
//
// What does not live here: numbers that people read, such as a proposal's
// number (package proposal), and one-time codes (package seal).
package id

import (
	"crypto/rand"
	"encoding/base32"

	"github.com/google/uuid"
)

// sortable keeps the order of the bytes in the order of the text.
var sortable = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New makes a 26-letter id; ids made later in one process sort later.
func New() string {
	u, err := uuid.NewV7()
	if err != nil {
		panic("id: the machine gives no random bytes: " + err.Error())
	}
	return sortable.EncodeToString(u[:])
}

// Random makes a 26-letter id that tells nothing about when it was made.
func Random() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // since Go 1.24 it never fails: it stops the program
	return sortable.EncodeToString(b[:])
}

// Valid reports whether a text has the form of an id.
func Valid(text string) bool {
	b, err := sortable.DecodeString(text)
	return err == nil && len(b) == 16 && sortable.EncodeToString(b) == text
}
