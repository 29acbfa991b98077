package archive

import (
	"errors"
	"fmt"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// number is an archive number (档号) in its parts.
type number struct {
	Fonds     string `json:"fonds"` // "" until the committee knows it
	Year      int64  `json:"year"`
	Retention string `json:"retention"`
	Running   int64  `json:"running"`
}

// String writes the number after DA/T 13-2022: fonds, series, item.
func (n number) String() string {
	series := fmt.Sprintf("WS·%d·%s-%04d", n.Year, retentionCode(n.Retention), n.Running)
	if n.Fonds == "" {
		return series
	}
	return n.Fonds + "-" + series
}

// retentionCode is how a class stands in a number: Y for ever, D30 for 30 years.
func retentionCode(class string) string {
	switch {
	case class == "permanent":
		return "Y"
	case len(class) > 1 && class[0] == 'y' && strings.Trim(class[1:], "0123456789") == "":
		return "D" + class[1:]
	}
	return strings.ToUpper(class)
}

type reserveIn struct {
	Kind      string `json:"kind"`
	ID        string `json:"id"`
	Fonds     string `json:"fonds"`
	Year      int64  `json:"year"`
	Retention string `json:"retention"`
}

// register is the committee's register of numbers.
type register struct{ committee string }

// Object names the register in the audit record.
func (r register) Object() (kind, id string) { return "archive-register", r.committee }

// reserve gives a case its number in a class and year. A case that has one there
// keeps it, however often its file is tried. Only the clockwork acts: whoever
// archives was asked before.
var reserve = app.Define("archive.reserve", func(c *app.Call, _ reserveIn) (register, error) {
	// Those who archive at the same time wait for each other here.
	return register{c.Who().CommitteeID}, c.Tx().Claim(c.Ctx(), "committee", "id", c.Who().CommitteeID)
}, byMachine[register], func(c *app.Call, r register, in reserveIn) (number, error) {
	n := number{Fonds: in.Fonds, Year: in.Year, Retention: in.Retention}
	err := c.Tx().Row(c.Ctx(), `SELECT running FROM archive_number WHERE committee_id = ? AND fonds = ? AND year = ? AND retention = ?
		AND case_kind = ? AND case_id = ? AND ended_at IS NULL ORDER BY running DESC LIMIT 1`, r.committee, n.Fonds, n.Year, n.Retention, in.Kind, in.ID).Scan(&n.Running)
	if err == nil {
		return n, nil
	}
	if !errors.Is(err, store.ErrNone) {
		return n, fmt.Errorf("look for the archive number of %s %s: %w", in.Kind, in.ID, err)
	}
	if err := c.Tx().Row(c.Ctx(), "SELECT COALESCE(MAX(running), 0) + 1 FROM archive_number WHERE committee_id = ? AND fonds = ? AND year = ? AND retention = ?",
		r.committee, n.Fonds, n.Year, n.Retention).Scan(&n.Running); err != nil {
		return n, fmt.Errorf("look for the next archive number: %w", err)
	}
	_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO archive_number (committee_id, fonds, year, retention, running, case_kind, case_id, given_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		r.committee, n.Fonds, n.Year, n.Retention, n.Running, in.Kind, in.ID, c.Now())
	if err != nil {
		return n, fmt.Errorf("take the archive number %s: %w", n, err)
	}
	c.Detail(map[string]any{"number": n.String(), "case": in.ID})
	return n, nil
})

// use notes that a number is in use, and gives up the others of the case. why
// says what became of one that was in use.
func (n number) use(c *app.Call, f *File, why string) error {
	done, err := c.Tx().Exec(c.Ctx(), `UPDATE archive_number SET used_at = COALESCE(used_at, ?) WHERE committee_id = ? AND fonds = ? AND year = ? AND retention = ? AND running = ?
		AND case_kind = ? AND case_id = ? AND ended_at IS NULL`, c.Now(), f.committeeID, n.Fonds, n.Year, n.Retention, n.Running, f.Kind, f.CaseID)
	if err != nil {
		return fmt.Errorf("use the archive number %s: %w", n, err)
	}
	if done != 1 {
		return fault.New(fault.Stale, "fault.stale")
	}
	_, err = c.Tx().Exec(c.Ctx(), `UPDATE archive_number SET ended_at = ?, ended_why = ? WHERE case_kind = ? AND case_id = ? AND committee_id = ? AND ended_at IS NULL
		AND NOT (fonds = ? AND year = ? AND retention = ? AND running = ?)`, c.Now(), why, f.Kind, f.CaseID, f.committeeID, n.Fonds, n.Year, n.Retention, n.Running)
	if err != nil {
		return fmt.Errorf("give up other archive numbers of %s: %w", f.CaseID, err)
	}
	return nil
}

// Series is the register of one year and class.
type Series struct {
	Fonds     string `json:"fonds,omitempty"`
	Year      int64  `json:"year"`
	Retention string `json:"retention"`
	Name      string `json:"retention_name"`
	Last      int64  `json:"last"`
	Used      int64  `json:"used"`
	Gaps      []Gap  `json:"gaps"`
}

// Gap is a number that no file stands under, and why.
type Gap struct {
	Number  string     `json:"number"`
	Why     string     `json:"why"` // reserved (a case is being archived), superseded, moved
	Kind    string     `json:"kind"`
	CaseID  string     `json:"case_id"`
	GivenAt store.Time `json:"given_at"`
	EndedAt store.Time `json:"ended_at"`
}

type numberRow struct {
	number
	Gap
	used store.Time
}

// Numbers is the register of archive numbers with its gaps.
var Numbers = app.Ask("archive.numbers", scopeOf, func(l *app.Look, s access.Scope, _ struct{}) ([]Series, error) {
	// The register of a committee; the scope says whether it is shown at all.
	if s.SQL() == access.Nothing().SQL() {
		return nil, missing()
	}
	rows, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *numberRow) error {
		return r.Scan(&x.Fonds, &x.Year, &x.Retention, &x.Running, &x.Kind, &x.CaseID, &x.GivenAt, &x.used, &x.EndedAt, &x.Why)
	}, `SELECT fonds, year, retention, running, case_kind, case_id, given_at, used_at, ended_at, ended_why FROM archive_number
		WHERE committee_id = ? ORDER BY fonds, year DESC, retention, running`, l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("read the register of archive numbers: %w", err)
	}
	rules, _, err := profile.Current(l)
	if err != nil {
		return nil, err
	}
	list := []Series{}
	for _, x := range rows {
		if n := len(list); n == 0 || list[n-1].Fonds != x.Fonds || list[n-1].Year != x.Year || list[n-1].Retention != x.Retention {
			list = append(list, Series{Fonds: x.Fonds, Year: x.Year, Retention: x.Retention, Name: profile.NameOf(rules.Archive.Retention, x.Retention), Gaps: []Gap{}})
		}
		at := &list[len(list)-1]
		at.Last = x.Running
		if !x.used.IsZero() && x.EndedAt.IsZero() {
			at.Used++
			continue
		}
		if x.Why == "" {
			x.Why = "reserved"
		}
		x.Gap.Number = x.number.String()
		at.Gaps = append(at.Gaps, x.Gap)
	}
	return list, nil
})
