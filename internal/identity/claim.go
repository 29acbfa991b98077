package identity

import (
	"context"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// ClaimIn is what somebody types to take over the account made for him. An
// empty Login keeps the one that was offered.
type ClaimIn struct {
	Code     string `json:"code"`
	Login    string `json:"login"`
	Password string `json:"password"`
	Again    string `json:"again"`

	hash string
}

// Claim takes over an account with a one-time code and signs in (领取账号). It
// also ends what a reset wanted ended: every earlier session and token.
var Claim = app.Define("identity.claim", loadClaim, access.Public[account], claim).Ahead(checkClaim).Unkept()

func checkClaim(ctx context.Context, a *app.App, who access.Actor, in ClaimIn) (ClaimIn, error) {
	if in.Code == "" {
		return in, fault.Field("code", "identity.code.needed")
	}
	h, err := checkCode(ctx, a, who, "identity.claim", codeQuestion{forClaim, in.Code})
	if err != nil {
		return in, err
	}
	if in.Login == "" {
		in.Login = h.Login
	}
	in.Login = FoldLogin(in.Login)
	policy := PolicyOf(a)
	var p fault.Problems
	if key := CheckLogin(in.Login); key != "" {
		p.Add("login", key)
	}
	CheckPassword(&p, policy, in.Password, in.Again, h.Name, in.Login)
	if err := p.Err(); err != nil {
		return in, err
	}
	in.hash, err = freshHash(policy, h.Past, in.Password)
	return in, err
}

// loadClaim uses the code up: of many who claim at once only one comes in.
func loadClaim(c *app.Call, in ClaimIn) (account, error) {
	personID, err := useCode(c, forClaim, in.Code)
	if err != nil {
		return account{}, err
	}
	a, ok, err := claimAccount(c, personID)
	if err == nil && (!ok || a.state != stateActive || in.hash == "") {
		err = badCode()
	}
	return a, err
}

func claim(c *app.Call, a account, in ClaimIn) (SignedIn, error) {
	if err := setPassword(c, a, in.Login, in.hash); err != nil {
		return SignedIn{}, err
	}
	if err := endSessions(c, a.personID, ""); err != nil {
		return SignedIn{}, err
	}
	if err := clearTries(c, tryKey(&c.Look, a.personID, "")); err != nil {
		return SignedIn{}, err
	}
	return enter(c, a)
}
