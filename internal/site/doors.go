package site

import (
	"context"
	"crypto/sha256"
	"encoding/base64"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
	"tongxin/internal/organization"
	"tongxin/internal/seal"
	"tongxin/internal/web"
)

// doors tells the page kit who stands behind a session.
type doors struct{ app *app.App }

// Resolve implements web.Sessions.
func (d doors) Resolve(ctx context.Context, token string, via access.Via) (access.Actor, web.Prefs, error) {
	f, err := organization.Resolve(ctx, d.app, token, via)
	return f.Who, web.Prefs{Lang: f.Lang, Elder: f.Elder, Committee: f.Committee}, err
}

// Greet implements web.Greeter.
func (d doors) Greet(ctx context.Context, who access.Actor, p web.Prefs) (web.Prefs, error) {
	var err error
	p.SealKey = d.sealKey(who.PersonID)
	p.Unread, err = notify.Unread(ctx, d.app, who)
	return p, err
}

// sealKey is the key under which the browser of this person keeps drafts. It
// is made from the installation's keys, so that another person on the same
// device cannot read them, and a restart does not lose them.
func (d doors) sealKey(personID string) string {
	k, _ := app.PartOf[*seal.Keeper](d.app)
	sum := sha256.Sum256([]byte(k.Lookup("browser-drafts/" + personID)))
	return base64.StdEncoding.EncodeToString(sum[:])
}
