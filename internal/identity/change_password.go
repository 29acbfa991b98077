package identity

import (
	"context"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/audit"
	"tongxin/internal/fault"
)

// ChangePasswordIn is the old password and, twice, the new one.
type ChangePasswordIn struct {
	Old      string `json:"old"`
	Password string `json:"password"`
	Again    string `json:"again"`

	was  string // the hash that Old was checked against
	hash string
}

// ChangePassword changes one's own password and ends one's other browsers'
// sessions (修改密码).
var ChangePassword = app.Define("identity.change-password", loadOwn[ChangePasswordIn], mayOwn, changePassword).Ahead(checkChange).Unkept()

func checkChange(ctx context.Context, a *app.App, who access.Actor, in ChangePasswordIn) (ChangePasswordIn, error) {
	if !who.SignedIn() || who.Is(access.System) {
		return in, nil // the rule says why
	}
	if in.Old == "" {
		return in, fault.Field("old", "identity.password.needed")
	}
	t, ok, _, err := checkPassword(ctx, a, tryIn{PersonID: who.PersonID}, in.Old)
	if err != nil {
		return in, err
	}
	if !ok {
		if err := a.Note(ctx, who, "identity.change-password", "account", who.PersonID, audit.Failed, "identity.password.old-wrong"); err != nil {
			return in, err
		}
		return in, fault.Field("old", "identity.password.old-wrong")
	}
	policy := PolicyOf(a)
	var p fault.Problems
	CheckPassword(&p, policy, in.Password, in.Again, t.account.name, t.account.login)
	if err := p.Err(); err != nil {
		return in, err
	}
	past, err := passwordOf.Do(ctx, a, who, who.PersonID)
	if err != nil {
		return in, err
	}
	in.was = t.account.password
	in.hash, err = freshHash(policy, past, in.Password)
	return in, err
}

// loadOwn reads the actor's own account.
func loadOwn[In any](c *app.Call, _ In) (account, error) {
	if !c.Who().SignedIn() {
		return account{}, nil
	}
	a, ok, err := claimAccount(c, c.Who().PersonID)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "fault.not-found")
	}
	return a, err
}

// mayOwn: everybody his own account.
func mayOwn(who access.Actor, a account) access.Verdict {
	if !who.SignedIn() {
		return access.Deny("access.sign-in")
	}
	if who.PersonID != a.personID {
		return access.Hide()
	}
	return access.Allow()
}

func changePassword(c *app.Call, a account, in ChangePasswordIn) (struct{}, error) {
	if in.hash == "" || in.was != a.password { // it was changed while it was being checked
		return struct{}{}, fault.Field("old", "identity.password.old-wrong")
	}
	if err := clearTries(c, tryKey(&c.Look, a.personID, "")); err != nil {
		return struct{}{}, err
	}
	if err := setPassword(c, a, a.login, in.hash); err != nil {
		return struct{}{}, err
	}
	return struct{}{}, endBrowsers(c, a.personID, c.Who().Via.Session)
}
