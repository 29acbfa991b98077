package seal

import (
	"crypto/pbkdf2"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/emmansun/gmsm/sm3"
	"golang.org/x/crypto/argon2"
)

// ErrPasswordLength reports an empty password or one above MaxPassword.
var ErrPasswordLength = errors.New("password is empty or too long")

// MaxPassword is the longest password accepted, in bytes; beyond it lies only a
// cheap way to keep the server busy.
const MaxPassword = 1024

const (
	saltSize = 16
	hashSize = 32

	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1

	// sm3Rounds makes one PBKDF2 of the gm suite cost well above 50 ms.
	sm3Rounds = 300_000

	// Bounds on what a stored hash may ask for: a changed row must not be able
	// to exhaust the server.
	maxArgonMemory = 64 * 1024
	maxArgonTime   = 10
	maxSM3Rounds   = 5_000_000
)

// slots bounds the hashes computed at once, so that a rush of sign-ins waits
// instead of taking 19 MiB each. It belongs to the process because memory does;
// it is never replaced.
var slots = make(chan struct{}, 2*runtime.GOMAXPROCS(0))

// HashPassword hashes a password with argon2id (19 MiB, two passes, one lane) and
// a random salt, as a PHC string. The gm suite has its own: GM.HashPassword.
// It may wait for others; call it outside transactions.
func HashPassword(plain string) (string, error) { return Intl.HashPassword(plain) }

// DummyHash is a hash no password fits and that costs the same to check as those
// of HashPassword. Check it where the user is unknown, so that the answer takes
// the same time.
func DummyHash() string { return Intl.DummyHash() }

// HashPassword hashes a password the way the suite asks: argon2id, or for gm
// PBKDF2 with HMAC-SM3. CheckPassword reads both.
func (s Suite) HashPassword(plain string) (string, error) {
	if plain == "" || len(plain) > MaxPassword {
		return "", fmt.Errorf("hash password: %w", ErrPasswordLength)
	}
	p := s.passwordParams()
	p.salt = randomBytes(saltSize)
	sum, err := p.derive(plain, hashSize)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	p.sum = sum
	return p.String(), nil
}

// DummyHash is a hash of this suite that no password fits.
func (s Suite) DummyHash() string {
	p := s.passwordParams()
	// All zeros: to fit it, a password would have to be a preimage of zero.
	p.salt, p.sum = make([]byte, saltSize), make([]byte, hashSize)
	return p.String()
}

// CheckPassword answers whether plain fits the hash, and, when it does, whether
// the hash was made with weaker parameters than today's and should be replaced.
// A hash that cannot be read fits nothing, and costs as much time as one that can.
// It may wait for others; call it outside transactions.
func CheckPassword(phc, plain string) (ok, needsRehash bool) {
	p, err := parsePHC(phc)
	if err != nil {
		p, _ = parsePHC(DummyHash())
	}
	readable := err == nil && plain != "" && len(plain) <= MaxPassword
	if len(plain) > MaxPassword {
		plain = plain[:MaxPassword]
	}
	sum, err := p.derive(plain, len(p.sum))
	ok = err == nil && subtle.ConstantTimeCompare(sum, p.sum) == 1 && readable
	return ok, ok && p.weak()
}

// passwordParams describe one stored hash.
type passwordParams struct {
	kind                string // "argon2id" or "pbkdf2-sm3"
	memory, time, lanes uint32 // argon2id; memory in KiB
	rounds              uint32 // pbkdf2-sm3
	salt, sum           []byte
}

const (
	kindArgon = "argon2id"
	kindSM3   = "pbkdf2-sm3"
)

func (s Suite) passwordParams() passwordParams {
	if s == GM {
		return passwordParams{kind: kindSM3, rounds: sm3Rounds}
	}
	return passwordParams{kind: kindArgon, memory: argonMemory, time: argonTime, lanes: argonLanes}
}

// derive computes the hash of plain, size bytes long, within a slot.
func (p passwordParams) derive(plain string, size int) ([]byte, error) {
	slots <- struct{}{}
	defer func() { <-slots }()
	if p.kind == kindSM3 {
		return pbkdf2.Key(sm3.New, plain, p.salt, int(p.rounds), size)
	}
	return argon2.IDKey([]byte(plain), p.salt, p.time, p.memory, uint8(p.lanes), uint32(size)), nil
}

// weak answers whether today's parameters are stronger.
func (p passwordParams) weak() bool {
	if len(p.salt) < saltSize || len(p.sum) < hashSize {
		return true
	}
	if p.kind == kindSM3 {
		return p.rounds < sm3Rounds
	}
	return p.memory < argonMemory || p.time < argonTime
}

// String writes the PHC form.
func (p passwordParams) String() string {
	b64 := base64.RawStdEncoding
	params := fmt.Sprintf("v=%d$m=%d,t=%d,p=%d", argon2.Version, p.memory, p.time, p.lanes)
	if p.kind == kindSM3 {
		params = fmt.Sprintf("i=%d", p.rounds)
	}
	return "$" + p.kind + "$" + params + "$" + b64.EncodeToString(p.salt) + "$" + b64.EncodeToString(p.sum)
}

var errPHC = errors.New("not a password hash of ours")

// parsePHC reads the PHC form and refuses parameters out of bounds.
func parsePHC(phc string) (passwordParams, error) {
	part := strings.Split(phc, "$")
	var p passwordParams
	var err error
	switch {
	case len(part) == 6 && part[0] == "" && part[1] == kindArgon && part[2] == fmt.Sprintf("v=%d", argon2.Version):
		p, err = parseArgon(part[3])
	case len(part) == 5 && part[0] == "" && part[1] == kindSM3:
		p, err = parseSM3(part[2])
	default:
		err = errPHC
	}
	if err != nil {
		return passwordParams{}, err
	}
	return p.withSalt(part[len(part)-2], part[len(part)-1])
}

func parseArgon(text string) (passwordParams, error) {
	p := passwordParams{kind: kindArgon}
	v, err := parseNumbers(text, "m", "t", "p")
	if err != nil {
		return p, err
	}
	p.memory, p.time, p.lanes = v[0], v[1], v[2]
	if p.memory < 8*p.lanes || p.memory > maxArgonMemory || p.time < 1 || p.time > maxArgonTime || p.lanes < 1 || p.lanes > 16 {
		return p, errPHC
	}
	return p, nil
}

func parseSM3(text string) (passwordParams, error) {
	p := passwordParams{kind: kindSM3}
	v, err := parseNumbers(text, "i")
	if err != nil {
		return p, err
	}
	p.rounds = v[0]
	if p.rounds < 1 || p.rounds > maxSM3Rounds {
		return p, errPHC
	}
	return p, nil
}

// parseNumbers reads "a=1,b=2" with exactly these names in this order.
func parseNumbers(text string, names ...string) ([]uint32, error) {
	part := strings.Split(text, ",")
	if len(part) != len(names) {
		return nil, errPHC
	}
	list := make([]uint32, len(names))
	for i, name := range names {
		digits, had := strings.CutPrefix(part[i], name+"=")
		n, err := strconv.ParseUint(digits, 10, 31)
		if !had || err != nil {
			return nil, errPHC
		}
		list[i] = uint32(n)
	}
	return list, nil
}

func (p passwordParams) withSalt(salt, sum string) (passwordParams, error) {
	var err, err2 error
	p.salt, err = base64.RawStdEncoding.DecodeString(salt)
	p.sum, err2 = base64.RawStdEncoding.DecodeString(sum)
	if err != nil || err2 != nil || len(p.salt) < 8 || len(p.salt) > 64 || len(p.sum) < 16 || len(p.sum) > 64 {
		return passwordParams{}, errPHC
	}
	return p, nil
}
