package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// Kinds of sessions.
const (
	Browser = "browser" // somebody who signed in
	Token   = "token"   // a program
)

// Absolute ends a browser's session however busy it is (trust.md AUTH-07).
// organization.Idle ends it earlier when nobody uses it; both hold for every
// post.
const Absolute = 12 * time.Hour

// touchEvery is how often the use of a session is noted at most.
const touchEvery = time.Minute

// farAhead is the seen_at of tokens, which do not end by idleness.
const farAhead = 100 * 365 * 24 * time.Hour

// Session is a browser that signed in, or a token.
type Session struct {
	ID      string     `json:"id"`
	Kind    string     `json:"kind"`
	Label   string     `json:"label"`
	Address string     `json:"address"`
	PostID  string     `json:"post_id"`
	MadeAt  store.Time `json:"made_at"`
	SeenAt  store.Time `json:"seen_at"`
	EndsAt  store.Time `json:"ends_at"`
	Here    bool       `json:"here"` // the one that asks
}

// SignedIn is a new session; the token is shown once and kept as a hash.
type SignedIn struct {
	Token    string     `json:"token"`
	EndsAt   store.Time `json:"ends_at"`
	PersonID string     `json:"person_id"`
}

// StartSession makes a session for a browser whose person has proved who he
// is, and ends the session with which he came (trust.md AUTH-08).
func StartSession(c *app.Call, personID, committeeID string) (SignedIn, error) {
	if err := endCurrent(c); err != nil {
		return SignedIn{}, err
	}
	return start(c, newSession{personID: personID, committeeID: committeeID, kind: Browser, ends: c.Now().Add(Absolute)})
}

type newSession struct {
	personID, committeeID, kind, label, postID string
	ends                                       time.Time
}

func start(c *app.Call, s newSession) (SignedIn, error) {
	out := SignedIn{Token: seal.Token(), EndsAt: store.Time{Time: s.ends}, PersonID: s.personID}
	seen := c.Now()
	if s.kind == Token {
		seen = store.Time{Time: c.Now().Add(farAhead)}
	}
	sessionID := id.New()
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO session (token_hash, id, committee_id, person_id, post_id, kind, label, address, made_at, seen_at, ends_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, seal.TokenHash(out.Token), sessionID, s.committeeID, s.personID, s.postID, s.kind, s.label,
		c.Who().Via.Address, c.Now(), seen, out.EndsAt)
	if err != nil {
		return out, fmt.Errorf("start a session of %s: %w", s.personID, err)
	}
	c.Detail(map[string]string{"session": sessionID})
	return out, nil
}

// mine is the condition for the session with which the actor came; its hash is
// known by its first signs only.
const mine = "person_id = ? AND SUBSTR(token_hash, 1, 16) = ?"

// endCurrent ends the session with which the actor came, if any.
func endCurrent(c *app.Call) error {
	who := c.Who()
	if !who.SignedIn() || who.Via.Session == "" {
		return nil
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE session SET ended_at = ? WHERE "+mine+" AND ended_at IS NULL", c.Now(), who.PersonID, who.Via.Session)
	if err != nil {
		return fmt.Errorf("end the present session of %s: %w", who.PersonID, err)
	}
	return nil
}

// endSessions ends every session and token of a person but the one whose hash
// begins so; "" spares none.
func endSessions(c *app.Call, personID, but string) error {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE session SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL AND SUBSTR(token_hash, 1, 16) <> ?", c.Now(), personID, but)
	if err != nil {
		return fmt.Errorf("end the sessions of %s: %w", personID, err)
	}
	return nil
}

// endBrowsers ends the browsers' sessions of a person but one; tokens stay.
func endBrowsers(c *app.Call, personID, but string) error {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE session SET ended_at = ? WHERE person_id = ? AND kind = ? AND ended_at IS NULL AND SUBSTR(token_hash, 1, 16) <> ?",
		c.Now(), personID, Browser, but)
	if err != nil {
		return fmt.Errorf("end the sessions of %s: %w", personID, err)
	}
	return nil
}

// sessions lists what of a person's sessions and tokens still opens the door.
func sessions(l *app.Look, personID string) ([]Session, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, s *Session) error {
		var hash string
		if err := r.Scan(&s.ID, &s.Kind, &s.Label, &s.Address, &s.PostID, &s.MadeAt, &s.SeenAt, &s.EndsAt, &hash); err != nil {
			return err
		}
		s.Here = hash != "" && hash == l.Who().Via.Session
		if s.Kind == Token {
			s.SeenAt = store.Time{}
		}
		return nil
	}, `SELECT id, kind, label, address, post_id, made_at, seen_at, ends_at, SUBSTR(token_hash, 1, 16) FROM session
		WHERE person_id = ? AND committee_id = ? AND ended_at IS NULL AND ends_at > ? AND seen_at > ? ORDER BY kind, made_at DESC, id DESC LIMIT 200`,
		personID, l.Who().CommitteeID, l.Now(), store.Time{Time: l.Now().Add(-Absolute)})
	if err != nil {
		return nil, fmt.Errorf("list the sessions of %s: %w", personID, err)
	}
	return list, nil
}

// door is one session or token as a subject.
type door struct{ id, personID, committeeID, kind string }

// Object names the session.
func (d door) Object() (string, string) { return "session", d.id }

// SessionID names a session or token to be ended.
type SessionID struct {
	ID string `json:"id"`
}

func loadDoor(kind string) func(*app.Call, SessionID) (door, error) {
	return func(c *app.Call, in SessionID) (door, error) {
		d := door{id: in.ID, kind: kind}
		err := c.Tx().Row(c.Ctx(), "SELECT person_id, committee_id FROM session WHERE id = ? AND kind = ? AND committee_id = ?", in.ID, kind, c.Who().CommitteeID).
			Scan(&d.personID, &d.committeeID)
		if errors.Is(err, store.ErrNone) {
			return d, fault.New(fault.NotFound, "fault.not-found")
		}
		if err != nil {
			return d, fmt.Errorf("read session %s: %w", in.ID, err)
		}
		return d, nil
	}
}

// mayEnd: everybody his own, the system administrator anybody's of his
// committee.
func mayEnd(who access.Actor, d door) access.Verdict {
	own := who.SignedIn() && who.PersonID == d.personID
	if own || who.Is(access.SystemAdmin) && who.CommitteeID == d.committeeID {
		return access.Allow()
	}
	return access.Hide()
}

func end(c *app.Call, d door, _ SessionID) (struct{}, error) {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE session SET ended_at = ? WHERE id = ? AND ended_at IS NULL", c.Now(), d.id)
	return struct{}{}, err
}

// EndSession ends a session of a browser; from the next request on it opens
// nothing.
var EndSession = app.Define("session.end", loadDoor(Browser), mayEnd, end)

// EndToken ends a token of a program.
var EndToken = app.Define("identity.end-token", loadDoor(Token), mayEnd, end)

// SignOut ends the session with which somebody came.
var SignOut = app.Define("identity.sign-out", func(c *app.Call, _ struct{}) (account, error) {
	return account{personID: c.Who().PersonID}, nil
}, access.Anyone[account], func(c *app.Call, _ account, _ struct{}) (struct{}, error) { return struct{}{}, endCurrent(c) })

// touch notes that a session is in use.
var touch = app.Define("session.touch", func(c *app.Call, _ struct{}) (account, error) {
	return account{personID: c.Who().PersonID}, nil
}, access.Anyone[account], func(c *app.Call, _ account, _ struct{}) (struct{}, error) {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE session SET seen_at = ? WHERE "+mine+" AND ended_at IS NULL AND seen_at < ?", c.Now(), c.Who().PersonID, c.Who().Via.Session, c.Now())
	return struct{}{}, err
}).Quietly()

// Touch notes that a session is in use, at most once a minute, so that it does
// not end by idleness; seen is when that was last noted. Tokens have a seen far
// ahead and are left alone.
func Touch(ctx context.Context, a *app.App, who access.Actor, seen store.Time) error {
	if !who.SignedIn() || a.Clock().Now().Sub(seen.Time) < touchEvery {
		return nil
	}
	who.Via.Key = "" // the key belongs to what the person does
	_, err := touch.Do(ctx, a, who, struct{}{})
	return err
}
