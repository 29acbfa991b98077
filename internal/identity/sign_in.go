package identity

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/audit"
	"tongxin/internal/fault"
	"tongxin/internal/seal"
)

// SignInIn is what somebody types at sign-in; Login may be the phone.
type SignInIn struct {
	Login    string `json:"login"`
	Password string `json:"password"`

	checked tried
	rehash  string
}

// SignIn checks a password and starts a session (登录). Unknown, suspended and
// locked accounts and wrong passwords get one and the same answer, in the same
// time (trust.md AUTH-05).
var SignIn = app.Define("identity.sign-in", loadSignIn, access.Public[account], signIn).Ahead(checkSignIn).Unkept()

func checkSignIn(ctx context.Context, a *app.App, who access.Actor, in SignInIn) (SignInIn, error) {
	var p fault.Problems
	p.Check(in.Login != "", "login", "identity.login.needed")
	p.Check(in.Password != "", "password", "identity.password.needed")
	if err := p.Err(); err != nil {
		return in, err
	}
	t, ok, weak, err := checkPassword(ctx, a, tryIn{Login: in.Login}, in.Password)
	if err != nil {
		return in, err
	}
	if !ok {
		return in, failed(ctx, a, who, t, "identity.sign-in")
	}
	if in.checked = t; weak {
		in.rehash, err = seal.HashPassword(in.Password)
	}
	return in, err
}

// failed records a wrong password; the record tells more than the answer.
func failed(ctx context.Context, a *app.App, who access.Actor, t tried, action string) error {
	reason := "identity.sign-in.wrong"
	if !t.allowed {
		reason = "identity.sign-in.locked"
	}
	who.CommitteeID = t.account.committeeID
	if err := a.Note(ctx, who, action, "account", t.account.personID, audit.Failed, reason); err != nil {
		return err
	}
	return wrong()
}

func wrong() *fault.Error {
	return fault.New(fault.Invalid, "identity.sign-in.wrong", "n", TriesAtMost, "minutes", int(Locked.Minutes()))
}

// loadSignIn reads the account again: it may have changed while its password
// was being checked.
func loadSignIn(c *app.Call, in SignInIn) (account, error) {
	a, ok, err := claimAccount(c, in.checked.account.personID)
	if err != nil {
		return a, err
	}
	if !ok || a.state != stateActive || a.password == "" || a.password != in.checked.account.password {
		return a, wrong()
	}
	return a, nil
}

func signIn(c *app.Call, a account, in SignInIn) (SignedIn, error) {
	if err := clearTries(c, in.checked.key); err != nil {
		return SignedIn{}, err
	}
	hash := a.password
	if in.rehash != "" {
		hash = in.rehash
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE account SET signed_in_at = ?, password = ? WHERE person_id = ?", c.Now(), hash, a.personID)
	if err != nil {
		return SignedIn{}, fmt.Errorf("note the sign-in of %s: %w", a.personID, err)
	}
	return enter(c, a)
}

// enter starts the session and makes the account's person the actor of the act.
func enter(c *app.Call, a account) (SignedIn, error) {
	out, err := StartSession(c, a.personID, a.committeeID)
	c.As(access.Actor{CommitteeID: a.committeeID, PersonID: a.personID, Name: a.name, Via: c.Who().Via})
	return out, err
}
