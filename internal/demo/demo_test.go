package demo_test

import (
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/clock"
	"tongxin/internal/config"
	"tongxin/internal/demo"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/proposal"
	"tongxin/internal/site"
)

// made is a small city, ending on a day of the hand-set calendar.
func made(t *testing.T, n int, today time.Time) (*site.Site, []demo.Account) {
	t.Helper()
	dir := t.TempDir()
	c := demo.NewClock(demo.Founding(today))
	set := site.Settings{Config: config.Config{Database: filepath.Join(dir, "t.db"), Data: filepath.Join(dir, "data")}, Clock: c, Unsafe: true,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if err := site.Migrate(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	s, err := site.Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.App.Close() })
	accounts, err := demo.Build(t.Context(), s.App, c, demo.Options{Proposals: n, Today: today})
	if err != nil {
		t.Fatal(err)
	}
	return s, accounts
}

func TestTheCityHasProposalsInEveryStateAndASignInPerRole(t *testing.T) {
	t.Parallel()
	for _, today := range []time.Time{
		time.Date(2026, 11, 20, 15, 0, 0, 0, clock.Beijing),
		time.Date(2026, 5, 6, 10, 0, 0, 0, clock.Beijing),
	} {
		t.Run(today.Format(time.DateOnly), func(t *testing.T) {
			t.Parallel()
			s, accounts := made(t, 300, today)
			roles := map[access.PostKind]bool{}
			for _, a := range accounts {
				roles[a.Role] = true
			}
			for _, k := range access.PostKinds() {
				if k != access.System && !roles[k] {
					t.Errorf("nobody signs in as %s", k)
				}
			}
			for _, state := range proposal.States() {
				if state == proposal.Draft {
					continue // drafts are their authors' alone; see below
				}
				if n := count(t, s, accounts, state); n == 0 {
					t.Errorf("no proposal is %s", state)
				}
			}
			tellsTheYear(t, s, today)
			report, err := s.VerifyAudit(t.Context())
			if err != nil || len(report.Findings) > 0 || report.Entries < 2000 {
				t.Errorf("audit: %v %v", report, err)
			}
		})
	}
}

// count asks the office's own list, over all sessions.
func count(t *testing.T, s *site.Site, accounts []demo.Account, state proposal.State) int {
	t.Helper()
	office := signedIn(t, s, accounts, access.Office)
	terms, err := organization.Terms.Do(t.Context(), s.App, office, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, x := range terms[0].Sessions {
		list, err := proposal.List.Do(t.Context(), s.App, office, proposal.ListIn{Session: x.ID, State: string(state)})
		if err != nil {
			t.Fatal(err)
		}
		n += list.Total
	}
	return n
}

// signedIn signs in as a role with what the demo prints.
func signedIn(t *testing.T, s *site.Site, accounts []demo.Account, role access.PostKind) access.Actor {
	t.Helper()
	for _, a := range accounts {
		if a.Role != role {
			continue
		}
		out, err := identity.SignIn.Do(t.Context(), s.App, access.Nobody(access.Via{}), identity.SignInIn{Login: a.Login, Password: a.Password})
		if err != nil {
			t.Fatal(err)
		}
		f, err := organization.Resolve(t.Context(), s.App, out.Token, access.Via{})
		if err != nil || !f.Who.Is(role) {
			t.Fatalf("signed in as %v: %v", f.Who.Post, err)
		}
		return f.Who
	}
	t.Fatalf("no sign-in for %s", role)
	return access.Actor{}
}
