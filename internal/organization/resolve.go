package organization

import (
	"context"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/i18n"
	"tongxin/internal/identity"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// PostsOf lists the posts that a person holds on a day, the oldest first; a
// leader's before all others, so that who looks once a week begins there.
func PostsOf(l *app.Look, personID string, on calendar.Date) ([]access.Post, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, p *access.Post) error {
		return r.Scan(&p.ID, &p.Kind, &p.BodyID, &p.BodyKind, &p.BodyName, &p.Title)
	}, `SELECT p.id, p.kind, p.body_id, b.kind, CASE WHEN b.short_name <> '' THEN b.short_name ELSE b.name END, p.title
		FROM post p JOIN body b ON b.id = p.body_id
		WHERE p.person_id = ? AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)
		ORDER BY CASE p.kind WHEN 'leader' THEN 0 ELSE 1 END, p.valid_from, p.id`, personID, on.String(), on.String())
	if err != nil {
		return nil, fmt.Errorf("read the posts of %s: %w", personID, err)
	}
	return list, nil
}

// Presence is who stands behind a session, and how he wants to see the pages.
type Presence struct {
	Who       access.Actor
	Lang      i18n.Lang
	Elder     bool
	Committee string // name of the committee

	seen store.Time // when the use of the session was last noted
}

type held struct {
	id, committeeID, personID, postID string
	kind                              string
	name, committee, lang             string
	elder                             bool
	seen                              store.Time
}

// Resolve tells who stands behind a session token or bearer token;
// access.Nobody for an unknown or ended one. At most once a minute it notes
// that the session is in use. It reads the database each time,
// so that an ended session and a changed post hold from the next request on
// (trust.md AUTH-08, ACC-10).
func Resolve(ctx context.Context, a *app.App, token string, via access.Via) (Presence, error) {
	if token == "" {
		return Presence{Who: access.Nobody(via)}, nil
	}
	hash := seal.TokenHash(token)
	via.Session = hash[:16]
	f, err := resolve.Do(ctx, a, access.Nobody(via), hash)
	if err != nil || !f.Who.SignedIn() {
		return f, err
	}
	if err := identity.Touch(ctx, a, f.Who, f.seen); err != nil {
		a.Log().Warn("the use of a session could not be noted", "error", err) // reading goes on
	}
	return f, nil
}

// resolve is asked before anybody is known; it finds by the secret's hash only.
var resolve = app.Ask("session.resolve", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, hash string) (Presence, error) {
		f := Presence{Who: access.Nobody(l.Who().Via)}
		var h held
		err := l.Tx().Row(l.Ctx(), `SELECT s.id, s.kind, s.committee_id, s.person_id, s.post_id, p.name, c.name, p.lang, p.elder, s.seen_at
			FROM session s JOIN person p ON p.id = s.person_id JOIN committee c ON c.id = s.committee_id
			JOIN account a ON a.person_id = s.person_id
			WHERE s.token_hash = ? AND s.ended_at IS NULL AND s.ends_at > ? AND s.seen_at > ? AND a.state = 'active'`,
			hash, l.Now(), store.Time{Time: l.Now().Add(-Idle)}).
			Scan(&h.id, &h.kind, &h.committeeID, &h.personID, &h.postID, &h.name, &h.committee, &h.lang, &h.elder, &h.seen)
		if errors.Is(err, store.ErrNone) {
			return f, nil
		}
		if err != nil {
			return f, fmt.Errorf("find the session: %w", err)
		}
		posts, err := PostsOf(l, h.personID, calendar.DateOf(l.Now().Time, calendar.Beijing))
		if err != nil {
			return f, err
		}
		f.Who = access.Actor{CommitteeID: h.committeeID, PersonID: h.personID, Name: h.name, Posts: posts, Via: l.Who().Via}
		// A token that was made for one post does nothing in another.
		bound := h.kind == identity.Token && h.postID != ""
		for i, p := range posts {
			if i == 0 && !bound || p.ID == h.postID {
				f.Who.Post = p
			}
		}
		f.Lang, f.Elder, f.Committee, f.seen = i18n.Lang(h.lang), h.elder, h.committee, h.seen
		return f, nil
	})
