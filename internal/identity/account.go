package identity

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// States of an account.
const (
	stateActive    = "active"
	stateSuspended = "suspended"
)

// account is how somebody signs in.
type account struct {
	personID, committeeID, name, login, password, state string
	passwordAt                                          store.Time
}

// Object names the account.
func (a account) Object() (string, string) { return "account", a.personID }

const accountColumns = "a.person_id, a.committee_id, p.name, a.login, a.password, a.state, a.password_at FROM account a JOIN person p ON p.id = a.person_id"

func scanAccount(r store.Row, a *account) error {
	return r.Scan(&a.personID, &a.committeeID, &a.name, &a.login, &a.password, &a.state, &a.passwordAt)
}

// accountOf reads an account; ok is false when the person has none.
func accountOf(l *app.Look, personID string) (a account, ok bool, err error) {
	err = scanAccount(l.Tx().Row(l.Ctx(), "SELECT "+accountColumns+" WHERE a.person_id = ?", personID), &a)
	if errors.Is(err, store.ErrNone) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("read the account of %s: %w", personID, err)
	}
	return a, true, nil
}

// claimAccount is accountOf inside an act that changes the account or lets
// somebody in: other such acts wait, so that none writes back what another has
// just changed, and nobody comes in by a password that was changed meanwhile.
func claimAccount(c *app.Call, personID string) (a account, ok bool, err error) {
	if err := c.Tx().Claim(c.Ctx(), "account", "person_id", personID); err != nil {
		return a, false, fmt.Errorf("claim the account of %s: %w", personID, err)
	}
	return accountOf(&c.Look, personID)
}

// accountBy finds an account by what was typed at sign-in: the login or, when
// exactly one person has it, the phone.
func accountBy(l *app.Look, typed string) (a account, ok bool, err error) {
	err = scanAccount(l.Tx().Row(l.Ctx(), "SELECT "+accountColumns+" WHERE a.login = ?", FoldLogin(typed)), &a)
	if err == nil || !errors.Is(err, store.ErrNone) {
		return a, err == nil, err
	}
	q := store.Join(store.F("SELECT "+accountColumns+" WHERE"), store.In("p.phone_lookup", app.Part[*seal.Keeper](l).Lookups(seal.NormalizePhone(typed))...),
		store.F("LIMIT 2"))
	list, err := store.List(l.Ctx(), l.Tx(), scanAccount, q.SQL, q.Args...)
	if err != nil {
		return a, false, fmt.Errorf("find an account: %w", err)
	}
	if len(list) != 1 {
		return a, false, nil
	}
	return list[0], true, nil
}

// FoldLogin brings a login into the one form that is stored: half-width small
// letters, so that no two logins look the same (trust.md AUTH-02).
func FoldLogin(login string) string { return seal.Normalize(strings.Map(printable, login)) }

// CheckLogin answers the message key of what is wrong with a login, "" when it
// may be used. A phone number may not: it would stand in the database in clear.
func CheckLogin(login string) string {
	login = FoldLogin(login)
	n, digits := utf8.RuneCountInString(login), 0
	for _, r := range login {
		if unicode.IsDigit(r) {
			digits++
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-", r) {
			return "identity.login.signs"
		}
	}
	switch {
	case n < 2 || n > 40:
		return "identity.login.length"
	case digits >= 7 && digits == n:
		return "identity.login.phone"
	}
	return ""
}

// offerLogin gives a login that nobody has: the pinyin of the name, and a
// number where several people share it.
func offerLogin(l *app.Look, name string) (string, error) {
	base := FoldLogin(strings.ReplaceAll(Pinyin(name), " ", ""))
	if CheckLogin(base) != "" {
		base = "user"
	}
	for n := 1; ; n++ {
		login := base
		if n > 1 {
			login += strconv.Itoa(n)
		}
		var one int
		err := l.Tx().Row(l.Ctx(), "SELECT 1 FROM account WHERE login = ?", login).Scan(&one)
		if errors.Is(err, store.ErrNone) {
			return login, nil
		}
		if err != nil {
			return "", fmt.Errorf("offer a login: %w", err)
		}
	}
}

// OpenAccount makes an account that can sign in at once. hash is what
// PreparePassword gave. A login that somebody has is fault.Invalid beside the
// field login.
func OpenAccount(c *app.Call, personID, committeeID, login, hash string) error {
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO account (person_id, committee_id, login, password, password_at) VALUES (?, ?, ?, ?, ?)",
		personID, committeeID, FoldLogin(login), hash, c.Now())
	return loginTaken(err, personID)
}

func loginTaken(err error, personID string) error {
	if errors.Is(err, store.ErrUnique) {
		return fault.Field("login", "identity.login.taken").Because(err)
	}
	if err != nil {
		return fmt.Errorf("write the account of %s: %w", personID, err)
	}
	return nil
}

// setState suspends or restores an account; suspending ends its sessions and
// tokens. A person without an account is left as he is.
func setState(c *app.Call, personID, state string) error {
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE account SET state = ? WHERE person_id = ?", state, personID); err != nil {
		return fmt.Errorf("set the account of %s to %s: %w", personID, state, err)
	}
	if state == stateActive {
		return nil
	}
	if err := endSessions(c, personID, ""); err != nil {
		return err
	}
	return dropCodes(c, personID)
}

// passwordOf reads the hashes that a new password may not fit, the latest
// first.
var passwordOf = app.Ask("identity.past-passwords", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, personID string) ([]string, error) { return pastOf(l, personID) })

func pastOf(l *app.Look, personID string) ([]string, error) {
	a, _, err := accountOf(l, personID)
	if err != nil {
		return nil, err
	}
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT password FROM password_past WHERE person_id = ? ORDER BY id DESC", personID)
	if err != nil {
		return nil, fmt.Errorf("read past passwords of %s: %w", personID, err)
	}
	if a.password != "" {
		list = append([]string{a.password}, list...)
	}
	return list, nil
}

// CheckPassword notes what is wrong with a new password, beside the field
// password, and with its repetition, beside again.
func CheckPassword(p *fault.Problems, policy Policy, password, again string, own ...string) {
	if key, args := policy.Check(password, own...); key != "" {
		p.Add("password", key, args...)
	}
	p.Check(password == again, "again", "identity.password.differs")
}

// freshHash hashes a new password, after making sure that it is none of the
// person's last ones. It takes long and belongs ahead of a transaction.
func freshHash(policy Policy, past []string, password string) (string, error) {
	for _, hash := range past[:min(len(past), policy.Past)] {
		if ok, _ := seal.CheckPassword(hash, password); ok {
			return "", fault.Field("password", "identity.password.past", "n", policy.Past)
		}
	}
	return PreparePassword(password)
}

// PreparePassword hashes a password that was checked. It takes long and belongs
// ahead of a transaction.
func PreparePassword(password string) (string, error) {
	hash, err := seal.HashPassword(password)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// setPassword writes a new password and keeps the hash of the old one.
func setPassword(c *app.Call, a account, login, hash string) error {
	if a.password != "" {
		if _, err := c.Tx().Exec(c.Ctx(), "INSERT INTO password_past (id, person_id, password) VALUES (?, ?, ?)", id.New(), a.personID, a.password); err != nil {
			return fmt.Errorf("keep the past password of %s: %w", a.personID, err)
		}
		if _, err := c.Tx().Exec(c.Ctx(), `DELETE FROM password_past WHERE person_id = ? AND id NOT IN
			(SELECT id FROM password_past WHERE person_id = ? ORDER BY id DESC LIMIT ?)`, a.personID, a.personID, pastKept); err != nil {
			return fmt.Errorf("forget old passwords of %s: %w", a.personID, err)
		}
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE account SET login = ?, password = ?, password_at = ? WHERE person_id = ?", login, hash, c.Now(), a.personID)
	return loginTaken(err, a.personID)
}

// pastKept is how many hashes beside the present one are kept; no policy may
// ask for more.
const pastKept = 10

// old reports whether a password set at that instant should be changed.
func (p Policy) old(set, now store.Time) bool {
	return p.MaxAge > 0 && !set.IsZero() && now.Sub(set.Time) > p.MaxAge
}

// Old tells how long a password may be used, in days; 0 for ever.
func (p Policy) Old() int { return int(p.MaxAge / (24 * time.Hour)) }
