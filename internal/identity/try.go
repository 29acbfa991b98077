package identity

import (
	"context"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// The lock of AUTH-05: so many wrong passwords within the window lock the
// account for as long as Locked.
const (
	TriesAtMost = 5
	TryWindow   = 15 * time.Minute
	Locked      = 15 * time.Minute
)

// tryIn is a sign-in about to be checked: the login as typed, or the person
// whose password is asked for again.
type tryIn struct{ Login, PersonID string }

// tried is what the check of the password needs to know.
type tried struct {
	key     string // under which tries are counted
	allowed bool   // not locked
	account account
	known   bool
}

// try counts a try BEFORE the password is checked, so that any number of
// guesses at the same time are still no more than TriesAtMost. A sign-in that
// succeeds takes the count back. A login that no account has is counted in the
// same way, so that nothing tells it from one that exists.
var try = app.Define("identity.try", loadNothing[tryIn], machineOnly[nothing],
	func(c *app.Call, _ nothing, in tryIn) (t tried, err error) {
		if in.PersonID != "" {
			t.account, t.known, err = accountOf(&c.Look, in.PersonID)
		} else {
			t.account, t.known, err = accountBy(&c.Look, in.Login)
		}
		if err != nil {
			return t, err
		}
		t.key = tryKey(&c.Look, t.account.personID, in.Login)
		t.allowed, err = countTry(c, t.key)
		return t, err
	}).Quietly().Unkept()

func tryKey(l *app.Look, personID, login string) string {
	k := app.Part[*seal.Keeper](l)
	if personID != "" {
		return k.Lookup("try/person/" + personID)
	}
	return k.Lookup("try/login/" + FoldLogin(login))
}

func countTry(c *app.Call, key string) (allowed bool, err error) {
	now := c.Now().UnixMilli()
	old := now - TryWindow.Milliseconds()
	// Over: the lock has ended, or no lock was set and the window has passed.
	const over = "(sign_in_try.locked_until > 0 AND sign_in_try.locked_until <= ?) OR (sign_in_try.locked_until = 0 AND sign_in_try.since <= ?)"
	var tries int
	err = c.Tx().Row(c.Ctx(), `INSERT INTO sign_in_try (who, tries, since, locked_until) VALUES (?, 1, ?, 0)
		ON CONFLICT (who) DO UPDATE SET
			tries = CASE WHEN `+over+` THEN 1 ELSE sign_in_try.tries + 1 END,
			since = CASE WHEN `+over+` THEN excluded.since ELSE sign_in_try.since END,
			locked_until = CASE WHEN `+over+` THEN 0
				WHEN sign_in_try.locked_until = 0 AND sign_in_try.tries + 1 >= ? THEN excluded.since + ?
				ELSE sign_in_try.locked_until END
		RETURNING tries`, key, now, now, old, now, old, now, old, TriesAtMost, Locked.Milliseconds()).Scan(&tries)
	if err != nil {
		return false, fmt.Errorf("count a try to sign in: %w", err)
	}
	return tries <= TriesAtMost, nil
}

func clearTries(c *app.Call, key string) error {
	if _, err := c.Tx().Exec(c.Ctx(), "DELETE FROM sign_in_try WHERE who = ?", key); err != nil {
		return fmt.Errorf("clear the tries to sign in: %w", err)
	}
	return nil
}

// forget removes tries that no longer count.
var forget = app.Define("identity.forget-tries", loadNothing[nothing], machineOnly[nothing],
	func(c *app.Call, _ nothing, _ nothing) (struct{}, error) {
		_, err := c.Tx().Exec(c.Ctx(), "DELETE FROM sign_in_try WHERE since <= ? AND locked_until <= ?",
			c.Now().Add(-TryWindow-Locked).UnixMilli(), c.Now().UnixMilli())
		return struct{}{}, err
	}).Quietly()

// checkPassword counts a try and compares a password, outside of every
// transaction. An unknown or locked account costs the same time as a known one.
func checkPassword(ctx context.Context, a *app.App, in tryIn, password string) (t tried, ok, weak bool, err error) {
	t, err = try.Do(ctx, a, access.Machine("", "sign-in"), in)
	if err != nil {
		return t, false, false, err
	}
	hash := t.account.password
	usable := t.known && t.allowed && t.account.state == stateActive && hash != ""
	if !usable {
		hash = seal.DummyHash()
	}
	ok, weak = seal.CheckPassword(hash, password)
	return t, ok && usable, weak, nil
}

// lockedUntil reads until when people of the list are locked out.
func lockedUntil(l *app.Look, personIDs ...string) (map[string]store.Time, error) {
	keys, byKey := make([]string, len(personIDs)), map[string]string{}
	for i, p := range personIDs {
		keys[i] = tryKey(l, p, "")
		byKey[keys[i]] = p
	}
	type lock struct {
		who   string
		until store.Time
	}
	q := store.Join(store.F("SELECT who, locked_until FROM sign_in_try WHERE"), store.And(store.In("who", keys...), store.F("locked_until > ?", l.Now())))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, k *lock) error { return r.Scan(&k.who, &k.until) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read locks: %w", err)
	}
	m := map[string]store.Time{}
	for _, k := range list {
		m[byKey[k.who]] = k.until
	}
	return m, nil
}
