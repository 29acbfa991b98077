package organization_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/organization"
	"tongxin/internal/seal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

type none struct{}

func (none) Object() (string, string) { return "test", "" }

// BenchmarkResolve is what every request pays to learn who is asking.
func BenchmarkResolve(b *testing.B) {
	w := testkit.NewWorld(b, testkit.Open(b, store.SQLite, nil, nil))
	token := seal.Token()
	begin := app.Define("test.session", func(*app.Call, struct{}) (none, error) { return none{}, nil }, access.Public[none],
		func(c *app.Call, _ none, _ struct{}) (struct{}, error) {
			_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO session (token_hash, id, committee_id, person_id, kind, made_at, seen_at, ends_at) VALUES (?, 's', ?, ?, 'browser', ?, ?, ?)`,
				seal.TokenHash(token), w.CommitteeID, w.Office.PersonID, c.Now(), c.Now(), store.Time{Time: c.Now().AddDate(0, 0, 1)})
			return struct{}{}, err
		})
	if _, err := begin.Do(b.Context(), w.App, access.Actor{}, struct{}{}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		f, err := organization.Resolve(b.Context(), w.App, token, access.Via{})
		if err != nil || !f.Who.SignedIn() {
			b.Fatal(f, err)
		}
	}
}
