package organization

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Levels of committees (全国, 省, 市, 县).
func Levels() []string { return []string{"city", "county", "province", "national"} }

// Committee is one committee (委员会).
type Committee struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	Level     string `json:"level"`
	Version   int64  `json:"version"`
}

// committeeOf reads the actor's committee.
func committeeOf(l *app.Look) (c Committee, err error) {
	err = l.Tx().Row(l.Ctx(), "SELECT id, name, short_name, level, version FROM committee WHERE id = ?", l.Who().CommitteeID).
		Scan(&c.ID, &c.Name, &c.ShortName, &c.Level, &c.Version)
	if errors.Is(err, store.ErrNone) {
		return c, notFound()
	}
	if err != nil {
		return c, fmt.Errorf("read the committee: %w", err)
	}
	return c, nil
}

// TheCommittee is the query of one's own committee.
var TheCommittee = app.Ask("organization.committee", everybody("id"),
	func(l *app.Look, _ access.Scope, _ struct{}) (Committee, error) { return committeeOf(l) })

// founded tells whether there is a committee, before anybody can sign in.
var founded = app.Ask("organization.founded", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) (bool, error) {
		var n int
		if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM (SELECT 1 FROM committee LIMIT 1) AS x").Scan(&n); err != nil {
			return false, fmt.Errorf("look for a committee: %w", err)
		}
		return n > 0, nil
	})

// Founded tells whether a committee was set up.
func Founded(ctx context.Context, a *app.App) (bool, error) {
	return founded.Do(ctx, a, access.Actor{}, struct{}{})
}

// ChangeCommitteeIn are the names and level of the committee.
type ChangeCommitteeIn struct {
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	Level     string `json:"level"`
	Version   int64  `json:"version"`
}

func (in *ChangeCommitteeIn) check(p *fault.Problems) {
	in.Name, in.ShortName = clean(in.Name), clean(in.ShortName)
	checkText(p, "name", in.Name, true, 60)
	checkText(p, "short_name", in.ShortName, true, 20)
	p.Check(slices.Contains(Levels(), in.Level), "level", "organization.choose")
}

// ChangeCommittee renames the committee (修改委员会名称).
var ChangeCommittee = app.Define("organization.change-committee", func(c *app.Call, _ ChangeCommitteeIn) (thing, error) {
	return thing{c.Who().CommitteeID, "committee", c.Who().CommitteeID}, nil
}, bySystemAdmin[thing], func(c *app.Call, _ thing, in ChangeCommitteeIn) (struct{}, error) {
	var p fault.Problems
	if in.check(&p); p.Err() != nil {
		return struct{}{}, p.Err()
	}
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE committee SET name = ?, short_name = ?, level = ?, version = version + 1 WHERE id = ? AND version = ?",
		in.Name, in.ShortName, in.Level, c.Who().CommitteeID, in.Version)
	if err == nil && n == 0 {
		return struct{}{}, stale()
	}
	c.Detail(in)
	return struct{}{}, err
})
