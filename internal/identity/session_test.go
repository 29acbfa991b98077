package identity_test

import (
	"strings"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/testkit"
)

func TestSessionsEndWhenTheyShould(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		login, first := claimed(t, w, w.Members[0])
		use := func(token string) bool {
			f, err := organization.Resolve(t.Context(), h.App, token, access.Via{})
			if err != nil {
				t.Fatal(err)
			}
			return f.Who.SignedIn()
		}
		// In use every twenty minutes it lives for twelve hours, no longer.
		for range 35 {
			h.Clock.Advance(20 * time.Minute)
			if !use(first.Token) {
				t.Fatal("a session in use ended early")
			}
		}
		h.Clock.Advance(20 * time.Minute)
		if use(first.Token) {
			t.Error("a session outlived twelve hours")
		}
		idle, err := signIn(t, w, login, good)
		if err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(organization.Idle)
		if use(idle.Token) {
			t.Error("an idle session stayed")
		}
		// Signing in again ends the session with which one came.
		one, _ := signIn(t, w, login, good)
		two, err := identity.SignIn.Do(t.Context(), h.App, resolve(t, h, one.Token), identity.SignInIn{Login: login, Password: good})
		if err != nil || use(one.Token) || !use(two.Token) {
			t.Errorf("the token was not rotated: %v", err)
		}
		// Signing out holds on the next request.
		if _, err := identity.SignOut.Do(t.Context(), h.App, resolve(t, h, two.Token), struct{}{}); err != nil || use(two.Token) {
			t.Errorf("signed out and still in: %v", err)
		}
		// Tokens are kept as hashes.
		for _, hash := range peek[string](t, h, "SELECT token_hash FROM session") {
			if len(hash) != 64 || strings.Contains(hash, two.Token) {
				t.Errorf("a token is kept as %q", hash)
			}
		}
	})
}

func TestWhoEndsWhoseSession(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		_, mine := claimed(t, w, w.Members[0])
		me := resolve(t, h, mine.Token)
		own, err := identity.Own().Do(t.Context(), h.App, me, struct{}{})
		if err != nil || len(own.Sessions) != 1 || !own.Sessions[0].Here {
			t.Fatalf("%+v %v", own.Sessions, err)
		}
		in := identity.SessionID{ID: own.Sessions[0].ID}
		for _, who := range []access.Actor{w.Members[1], w.SecAdmin, w.Stranger, visitor()} {
			if _, err := identity.EndSession.Do(t.Context(), h.App, who, in); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s ended it: %v", who.Name, err)
			}
		}
		if _, err := identity.EndToken.Do(t.Context(), h.App, me, in); !fault.Is(err, fault.NotFound) {
			t.Errorf("a session ended as a token: %v", err)
		}
		if _, err := identity.EndSession.Do(t.Context(), h.App, w.SysAdmin, in); err != nil || resolve(t, h, mine.Token).SignedIn() {
			t.Errorf("the administrator could not end it: %v", err)
		}
	})
}

func TestTokensActInTheirPostAndEnd(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		both := w.Also(t, w.Members[0], access.Handler, "unitA", "科员")
		_, s := claimed(t, w, both)
		me := resolve(t, h, s.Token)
		handler := testkit.Acting(me, access.Handler).Post.ID
		for _, x := range []struct {
			in         identity.MakeTokenIn
			field, key string
		}{
			{identity.MakeTokenIn{}, "label", "identity.token.label-needed"},
			{identity.MakeTokenIn{Label: strings.Repeat("长", 61)}, "label", "identity.token.label-long"},
			{identity.MakeTokenIn{Label: "x", Days: 366}, "days", "identity.token.days"},
			{identity.MakeTokenIn{Label: "x", Days: -1}, "days", "identity.token.days"},
			{identity.MakeTokenIn{Label: "x", PostID: w.SysAdmin.Post.ID}, "post_id", "identity.post.not-yours"},
		} {
			if _, err := identity.MakeToken.Do(t.Context(), h.App, me, x.in); faultOn(err, x.field) != x.key {
				t.Errorf("%+v: %v", x.in, err)
			}
		}
		tok, err := identity.MakeToken.Do(t.Context(), h.App, testkit.Keyed(me, "k"), identity.MakeTokenIn{Label: "oa", PostID: handler, Days: 30})
		if err != nil {
			t.Fatal(err)
		}
		if kept := peek[string](t, h, "SELECT answer FROM idempotency"); len(kept) != 0 {
			t.Errorf("a secret was kept for repetitions: %v", kept)
		}
		h.Clock.Advance(29 * 24 * time.Hour)
		if got := resolve(t, h, tok.Token); got.Post.ID != handler {
			t.Errorf("acts in %+v", got.Post)
		}
		other, err := identity.MakeToken.Do(t.Context(), h.App, me, identity.MakeTokenIn{Label: "oa", PostID: handler, Days: 300})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := organization.EndPost.Do(t.Context(), h.App, w.SysAdmin, organization.EndPostIn{ID: handler}); err != nil {
			t.Fatal(err)
		}
		if got := resolve(t, h, other.Token); got.Post.ID != "" {
			t.Errorf("the token of a post that ended acts in %+v", got.Post)
		}
		h.Clock.Advance(25 * time.Hour)
		if resolve(t, h, tok.Token).SignedIn() {
			t.Error("a token outlived its days")
		}
		login := peek[string](t, h, "SELECT login FROM account WHERE person_id = ?", me.PersonID)[0]
		if token, _, err := identity.TokenFor(t.Context(), h.App, login, "command line", 1); err != nil || !resolve(t, h, token).SignedIn() {
			t.Errorf("token of the command line: %v", err)
		}
		if _, err := identity.CodeFor(t.Context(), h.App, login); err != nil {
			t.Error(err)
		}
	})
}

func TestActingPostIsOnesOwn(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		both := w.Also(t, w.Members[0], access.Handler, "unitA", "科员")
		_, s := claimed(t, w, both)
		me := resolve(t, h, s.Token)
		other := testkit.Acting(me, access.Handler).Post
		if other.ID == me.Post.ID {
			other = testkit.Acting(me, access.Member).Post
		}
		for _, bad := range []string{"", "nonsense", w.SysAdmin.Post.ID} {
			if _, err := identity.ActAs.Do(t.Context(), h.App, me, identity.ActAsIn{PostID: bad}); faultOn(err, "post_id") == "" {
				t.Errorf("acted as %q", bad)
			}
		}
		if _, err := identity.ActAs.Do(t.Context(), h.App, me, identity.ActAsIn{PostID: other.ID}); err != nil {
			t.Fatal(err)
		}
		if got := resolve(t, h, s.Token).Post; got.ID != other.ID {
			t.Errorf("acts in %+v", got)
		}
	})
}
