package seal

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Token draws a session or API token: 32 random bytes as 43 signs of base64url.
// It is shown once and never stored; store TokenHash.
func Token() string { return base64.RawURLEncoding.EncodeToString(randomBytes(32)) }

// TokenHash is the form in which a token or code is stored: SHA-256 as 64
// hexadecimal digits. A plain hash suffices because the input cannot be guessed;
// it must not be used for passwords or phone numbers.
func TokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

const (
	// codeSigns are Crockford's 32: no I, L, O, U, so that nothing printed is
	// mistaken for 1, 0 or V.
	codeSigns     = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeGroup     = 4 // signs in a group, 20 bits
	minCodeGroups = 3 // 60 bits
)

// Code draws a one-time code that a person can type, in groups of four signs:
// "7KQ2-M9XD-4TRA". Each group carries 20 bits; fewer than three groups (60 bits)
// are never given. Store TokenHash(NormalizeCode(code)).
func Code(groups int) string {
	groups = max(groups, minCodeGroups)
	var b strings.Builder
	for i, c := range randomBytes(groups * codeGroup) {
		if i > 0 && i%codeGroup == 0 {
			b.WriteByte('-')
		}
		// 256 is a multiple of 32: every sign is equally likely.
		b.WriteByte(codeSigns[int(c)%len(codeSigns)])
	}
	return b.String()
}

// NormalizeCode brings a typed code into the one form that is hashed: half-width
// capitals without separators, O read as 0, I and L as 1. Signs no code contains
// stay, so that the result simply matches nothing.
func NormalizeCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '_', '.', '\t', '\n', '\r', '\u00a0', '–', '—', '‐', '‑', '−', '·', '。':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, strings.ToUpper(strings.Map(halfWidth, typed)))
}
