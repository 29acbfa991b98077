package identity

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// States of a person's sign-in, as the list shows them.
const (
	HasNone      = "none"      // no account
	HasCode      = "issued"    // has a code, has not used it
	IsActive     = "active"    // can sign in
	IsSuspended  = "suspended" // cannot
	pageOfPeople = 50
)

// AccountsIn filters the list of accounts.
type AccountsIn struct {
	Q     string `json:"q"`
	State string `json:"state"`
	After string `json:"after"`
}

// AccountRow is one person and his account.
type AccountRow struct {
	PersonID    string     `json:"person_id"`
	Name        string     `json:"name"`
	Login       string     `json:"login"`
	State       string     `json:"state"`
	SignedInAt  store.Time `json:"signed_in_at"`
	CodeEndsAt  store.Time `json:"code_ends_at"`
	LockedUntil store.Time `json:"locked_until"`

	pinyin string
}

// AccountList is one page of the list; Next is the cursor of the next.
type AccountList struct {
	Rows  []AccountRow `json:"rows"`
	Total int          `json:"total"`
	Next  string       `json:"next"`
}

// mayReadAccounts: the administrators of system and security.
func mayReadAccounts(who access.Actor) bool { return who.Is(access.SystemAdmin, access.SecurityAdmin) }

func accountScope(who access.Actor) access.Scope {
	if !mayReadAccounts(who) {
		return access.Nothing()
	}
	return access.Committee("p.committee_id", who.CommitteeID)
}

// accounts lists people with the state of their accounts.
var accounts = app.Ask("identity.accounts", accountScope, func(l *app.Look, s access.Scope, in AccountsIn) (AccountList, error) {
	var out AccountList
	if !mayReadAccounts(l.Who()) {
		return out, fault.New(fault.NotFound, "fault.not-found")
	}
	where := store.And(store.F(s.SQL(), s.Args()...), Matching(in.Q), inState(in.State))
	const from = "FROM person p LEFT JOIN account a ON a.person_id = p.id WHERE"
	q := store.Join(store.F("SELECT COUNT(*) "+from), where)
	if err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count accounts: %w", err)
	}
	q = store.Join(store.F(`SELECT p.id, p.name, p.pinyin, COALESCE(a.login, ''),
		CASE WHEN a.person_id IS NULL THEN 'none' WHEN a.state = 'suspended' THEN 'suspended' WHEN a.password = '' THEN 'issued' ELSE 'active' END, a.signed_in_at,
		(SELECT MAX(o.ends_at) FROM one_time_code o WHERE o.person_id = p.id AND o.purpose = 'claim' AND o.used_at IS NULL) `+from),
		store.And(where, After(in.After)), store.F("ORDER BY p.pinyin, p.id LIMIT ?", pageOfPeople+1))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, a *AccountRow) error {
		return r.Scan(&a.PersonID, &a.Name, &a.pinyin, &a.Login, &a.State, &a.SignedInAt, &a.CodeEndsAt)
	}, q.SQL, q.Args...)
	if err != nil {
		return out, fmt.Errorf("list accounts: %w", err)
	}
	if len(list) > pageOfPeople {
		list = list[:pageOfPeople]
		out.Next = Cursor(list[pageOfPeople-1].pinyin, list[pageOfPeople-1].PersonID)
	}
	out.Rows = list
	return out, withLocks(l, out.Rows)
})

// Accounts is the query of the list of accounts.
func Accounts() *app.Query[AccountsIn, AccountList] { return accounts }

func inState(state string) store.Fragment {
	switch state {
	case HasNone:
		return store.F("a.person_id IS NULL")
	case HasCode:
		return store.F("a.state = 'active' AND a.password = ''")
	case IsActive:
		return store.F("a.state = 'active' AND a.password <> ''")
	case IsSuspended:
		return store.F("a.state = 'suspended'")
	}
	return store.Fragment{}
}

func withLocks(l *app.Look, rows []AccountRow) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.PersonID
	}
	locks, err := lockedUntil(l, ids...)
	for i, r := range rows {
		rows[i].LockedUntil = locks[r.PersonID]
	}
	return err
}

// PersonID names a person.
type PersonID struct {
	PersonID string `json:"person_id"`
}

// sessionsOf lists the sessions and tokens of somebody of the committee, for
// the system administrator.
var sessionsOf = app.Ask("identity.sessions", accountScope, func(l *app.Look, _ access.Scope, in PersonID) (AccountSessions, error) {
	out := AccountSessions{PersonID: in.PersonID}
	if !mayReadAccounts(l.Who()) {
		return out, fault.New(fault.NotFound, "fault.not-found")
	}
	p, err := PersonOf(l, in.PersonID)
	if err != nil {
		return out, err
	}
	out.Name = p.Name
	out.Sessions, err = sessions(l, in.PersonID)
	return out, err
})

// AccountSessions are the sessions and tokens of one person.
type AccountSessions struct {
	PersonID string    `json:"person_id"`
	Name     string    `json:"name"`
	Sessions []Session `json:"sessions"`
}

// SessionsOf is the query of somebody's sessions.
func SessionsOf() *app.Query[PersonID, AccountSessions] { return sessionsOf }

// loadAccount reads the account of somebody of the actor's committee.
func loadAccount(c *app.Call, in PersonID) (account, error) {
	a, ok, err := claimAccount(c, in.PersonID)
	if err == nil && (!ok || a.committeeID != c.Who().CommitteeID) {
		err = fault.New(fault.NotFound, "fault.not-found")
	}
	return a, err
}

func by(kind access.PostKind, key string) func(access.Actor, account) access.Verdict {
	return func(who access.Actor, a account) access.Verdict {
		if who.CommitteeID == "" || a.committeeID != who.CommitteeID {
			return access.Hide()
		}
		return access.When(who.Is(kind), key)
	}
}

// Unlock lets somebody who was locked out try again; the security
// administrator's act (解除锁定).
var Unlock = app.Define("identity.unlock", loadAccount, by(access.SecurityAdmin, "identity.only-security-admin"),
	func(c *app.Call, a account, _ PersonID) (struct{}, error) {
		return struct{}{}, clearTries(c, tryKey(&c.Look, a.personID, ""))
	})

var errSelf = errors.New("one's own account")

// Suspend stops an account and ends its sessions and tokens at once (停用账号).
// Nobody suspends himself: the committee keeps a system administrator.
var Suspend = app.Define("identity.suspend", loadAccount, by(access.SystemAdmin, "identity.only-system-admin"),
	func(c *app.Call, a account, _ PersonID) (struct{}, error) {
		if a.personID == c.Who().PersonID {
			return struct{}{}, fault.New(fault.Closed, "identity.suspend.self").Because(errSelf)
		}
		return struct{}{}, setState(c, a.personID, stateSuspended)
	})

// Restore lets a suspended account sign in again (恢复账号).
var Restore = app.Define("identity.restore", loadAccount, by(access.SystemAdmin, "identity.only-system-admin"),
	func(c *app.Call, a account, _ PersonID) (struct{}, error) {
		return struct{}{}, setState(c, a.personID, stateActive)
	})
