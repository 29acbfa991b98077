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
	if err != nil || !f.Who.SignedIn() {
		return f.Who, web.Prefs{Lang: f.Lang, Elder: f.Elder, Committee: f.Committee}, err
	}
	prefs := web.Prefs{Lang: f.Lang, Elder: f.Elder, Committee: f.Committee, SealKey: d.sealKey(f.Who.PersonID)}
	prefs.Unread, err = notify.Unread(ctx, d.app, f.Who)
	return f.Who, prefs, err
}

// sealKey is the key under which the browser of this person keeps drafts. It
// is made from the installation's keys, so that another person on the same
// device cannot read them, and a restart does not lose them.
func (d doors) sealKey(personID string) string {
	k, _ := app.PartOf[*seal.Keeper](d.app)
	sum := sha256.Sum256([]byte(k.Lookup("browser-drafts/" + personID)))
	return base64.StdEncoding.EncodeToString(sum[:])
}
