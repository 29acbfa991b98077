package identity

import (
	"context"
	"embed"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings people and their sign-in into the house.
func Module() app.Module {
	return app.Module{Name: "identity", Schema: schema, Messages: messages, Personal: personal(),
		Actions: []app.Definition{bootstrap, try, forget, SignIn, SignOut, touch, EndSession, MakeToken, EndToken, Claim, ChangePassword,
			IssueCodes, ChangeContact, SetPreferences, ActAs, Unlock, Suspend, Restore},
		Queries:   []app.Question{own, accounts, sessionsOf, claimable, passwordOf, loginOf},
		Relations: relations(),
		Tasks: []app.Task{{Name: "forget tries", Every: time.Hour, Run: func(ctx context.Context, a *app.App) error {
			_, err := forget.Do(ctx, a, access.Machine("", "forget-tries"), nothing{})
			return err
		}}},
	}
}

// personal is the register of personal fields (trust.md PII-02).
func personal() []app.Personal {
	return []app.Personal{
		{Table: "person", Column: "name", Purpose: "names the person in the committee's work", Retention: "permanent"},
		{Table: "person", Column: "pinyin", Purpose: "finds and sorts the name", Retention: "permanent"},
		{Table: "person", Column: "initials", Purpose: "finds the name", Retention: "permanent"},
		{Table: "person", Column: "phone_sealed", Sealed: true, Purpose: "reaches the person about cases", Retention: "term"},
		{Table: "person", Column: "phone_lookup", Sealed: true, Purpose: "finds the person by phone", Retention: "term"},
		{Table: "person", Column: "mail_sealed", Sealed: true, Purpose: "sends notices by mail", Retention: "term"},
		{Table: "person", Column: "address_sealed", Sealed: true, Purpose: "sends letters", Retention: "term"},
		{Table: "account", Column: "login", Purpose: "names the account at sign-in", Retention: "term"},
		{Table: "session", Column: "address", Purpose: "shows the person where he is signed in", Retention: "a year"},
	}
}
