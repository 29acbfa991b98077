package identity

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// TokenDays is the longest life of a token, in days.
const TokenDays = 365

// MakeTokenIn describes a token. PersonID is for the machine alone; people make
// tokens for themselves.
type MakeTokenIn struct {
	Label  string `json:"label"`
	PostID string `json:"post_id"` // in which it acts; "" the first post
	Days   int64  `json:"days"`    // until it ends; 0 is TokenDays

	personID string
}

// MakeToken makes a bearer token for a program, shown once (生成令牌).
var MakeToken = app.Define("identity.make-token", func(c *app.Call, in MakeTokenIn) (account, error) {
	if in.personID == "" {
		return loadOwn(c, in)
	}
	a, ok, err := accountOf(&c.Look, in.personID)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "fault.not-found")
	}
	return a, err
}, func(who access.Actor, a account) access.Verdict {
	if who.Is(access.System) {
		return access.Allow()
	}
	return mayOwn(who, a)
}, makeToken).Unkept()

func makeToken(c *app.Call, a account, in MakeTokenIn) (SignedIn, error) {
	in.Label = strings.TrimSpace(strings.Map(printable, in.Label))
	var p fault.Problems
	p.Check(in.Label != "", "label", "identity.token.label-needed")
	p.Check(utf8.RuneCountInString(in.Label) <= maxLabel, "label", "identity.token.label-long", "max", maxLabel)
	p.Check(in.Days >= 0 && in.Days <= TokenDays, "days", "identity.token.days", "max", TokenDays)
	p.Check(in.PostID == "" || holds(c.Who(), in.PostID), "post_id", "identity.post.not-yours")
	if err := p.Err(); err != nil {
		return SignedIn{}, err
	}
	if in.Days == 0 {
		in.Days = TokenDays
	}
	c.InCommittee(a.committeeID)
	return start(c, newSession{personID: a.personID, committeeID: a.committeeID, kind: Token, label: in.Label, postID: in.PostID,
		ends: c.Now().Add(time.Duration(in.Days) * 24 * time.Hour)})
}

// holds reports whether somebody holds the post today.
func holds(who access.Actor, postID string) bool {
	for _, p := range who.Posts {
		if p.ID == postID {
			return true
		}
	}
	return false
}

// loginOf finds the account of a login, for the command line.
var loginOf = app.Ask("identity.login", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, login string) (string, error) {
		a, ok, err := accountBy(l, login)
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "fault.not-found")
		}
		return a.personID, err
	})

// TokenFor makes a token for the account of a login, for `tongxin admin token`.
// fault.NotFound when there is no such account.
func TokenFor(ctx context.Context, a *app.App, login, label string, days int64) (token string, ends store.Time, err error) {
	who := access.Machine("", "admin")
	personID, err := loginOf.Do(ctx, a, who, login)
	if err != nil {
		return "", ends, err
	}
	out, err := MakeToken.Do(ctx, a, who, MakeTokenIn{Label: label, Days: days, personID: personID})
	return out.Token, out.EndsAt, err
}

// CodeFor makes a one-time code for the account of a login, for `tongxin admin
// reset` when no system administrator can sign in any more.
func CodeFor(ctx context.Context, a *app.App, login string) (Slip, error) {
	who := access.Machine("", "admin")
	personID, err := loginOf.Do(ctx, a, who, login)
	if err != nil {
		return Slip{}, err
	}
	out, err := IssueCodes.Do(ctx, a, who, IssueCodesIn{People: []string{personID}})
	if err != nil || len(out.Slips) != 1 {
		return Slip{}, err
	}
	return out.Slips[0], nil
}
