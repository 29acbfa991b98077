package proposal

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// MaySee and ScopeOf are held together by a property test.
var (
	MaySee  = maySee
	ScopeOf = scopeOf
)

type nothing struct{}

// Object names nothing.
func (nothing) Object() (string, string) { return "test", "" }

// Put writes a proposal as it is, with its totals.
func Put(t testing.TB, a *app.App, p *Proposal) {
	t.Helper()
	put := app.Define("test.put", func(*app.Call, nothing) (nothing, error) { return nothing{}, nil }, access.Public[nothing],
		func(c *app.Call, _ nothing, _ nothing) (nothing, error) {
			x := *p
			x.CreatedAt, x.SavedAt = c.Now(), c.Now()
			if err := create(c, &x, ""); err != nil {
				return nothing{}, err
			}
			was := x
			return nothing{}, save(c, &was, &x)
		})
	if _, err := put.Do(t.Context(), a, access.Actor{}, nothing{}); err != nil {
		t.Fatal(err)
	}
}
