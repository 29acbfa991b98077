package appraisal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// Kinds of runs.
const (
	simulation  = "simulated"
	publication = "published"
)

// Run is one computation of a scheme for all units.
type Run struct {
	ID     string     `json:"id"`
	Kind   string     `json:"kind"`
	AsOf   store.Time `json:"as_of"`
	At     store.Time `json:"at"`
	Digest string     `json:"digest"`
	terms  Terms      // that it was computed with
}

// compute reads the records and computes all sheets, as of now or the scheme's
// last day.
func compute(l *app.Look, s *Scheme) (Run, []Sheet, error) {
	r := Run{AsOf: s.asOf(l.Now()), At: l.Now(), terms: s.Terms}
	b, err := ledger(l, s, r.AsOf)
	if err != nil {
		return r, nil, err
	}
	sheets := s.Score(b)
	r.Digest, err = digest(sheets)
	return r, sheets, err
}

// digest is of all sheets in their order.
func digest(sheets []Sheet) (string, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(sheets); err != nil {
		return "", fmt.Errorf("digest the sheets: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// keep writes a run with its sheets and throws the simulation before it away.
func (r *Run) keep(c *app.Call, s *Scheme, sheets []Sheet) error {
	r.ID = id.New()
	body, err := json.Marshal(s.Terms)
	if err != nil {
		return fmt.Errorf("keep a run of %s: %w", s.ID, err)
	}
	if _, err := c.Tx().Exec(c.Ctx(), "DELETE FROM appraisal_sheet WHERE run_id IN (SELECT r.id FROM appraisal_run r WHERE r.scheme_id = ? AND r.kind = ?)", s.ID, simulation); err != nil {
		return fmt.Errorf("throw the last simulation of %s away: %w", s.ID, err)
	}
	if _, err := c.Tx().Exec(c.Ctx(), "INSERT INTO appraisal_run (id, committee_id, scheme_id, kind, as_of, body, digest, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.ID, s.CommitteeID, s.ID, r.Kind, r.AsOf, string(body), r.Digest, c.Who().PersonID, r.At); err != nil {
		return fmt.Errorf("keep a run of %s: %w", s.ID, err)
	}
	for i, x := range sheets {
		if err := x.keep(c, s, r.ID, i+1); err != nil {
			return fmt.Errorf("keep the sheet of %s: %w", x.UnitID, err)
		}
	}
	s.RunID = r.ID
	return nil
}

// keep writes a sheet at its place in the table.
func (x *Sheet) keep(c *app.Call, s *Scheme, run string, place int) error {
	lacking := []string{}
	for _, l := range x.Lines {
		if l.How == Missing {
			lacking = append(lacking, l.Code)
		}
	}
	body, err1 := json.Marshal(x)
	groups, err2 := json.Marshal(x.Groups)
	codes, err3 := json.Marshal(lacking)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_sheet (run_id, unit_id, committee_id, unit_name, channel, place, rank, total, main, assist, groups, lacking, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, run, x.UnitID, s.CommitteeID, x.UnitName, x.Channel, place, x.Rank, int64(x.Total), x.Main, x.Assist, string(groups), string(codes), string(body))
	return err
}

// outline is a sheet as the table of all units shows it.
type outline struct {
	TableRow
	total   Decimal // before corrections
	lacking []string
}

// outlinesOf reads the sheets of a run that a condition (alias x, run r) shows,
// without their lines, the best first.
func outlinesOf(l *app.Look, where store.Fragment) ([]outline, error) {
	q := store.Join(store.F("SELECT x.unit_id, x.unit_name, x.channel, x.total, x.main, x.assist, x.groups, x.lacking FROM appraisal_sheet x JOIN appraisal_run r ON r.id = x.run_id WHERE"),
		where, store.F("ORDER BY x.place"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *outline) error {
		var groups, lacking string
		if err := r.Scan(&x.UnitID, &x.UnitName, &x.Channel, (*int64)(&x.total), &x.Main, &x.Assist, &groups, &lacking); err != nil {
			return err
		}
		return errors.Join(json.Unmarshal([]byte(groups), &x.Groups), json.Unmarshal([]byte(lacking), &x.lacking))
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read the table of units: %w", err)
	}
	return list, nil
}

// runOf reads the run of a scheme that holds now; nil before the first one.
func runOf(l *app.Look, s *Scheme) (*Run, error) {
	if s.RunID == "" {
		return nil, nil
	}
	r := &Run{}
	var body string
	err := l.Tx().Row(l.Ctx(), "SELECT id, kind, as_of, at, digest, body FROM appraisal_run WHERE id = ? AND committee_id = ?", s.RunID, s.CommitteeID).
		Scan(&r.ID, &r.Kind, &r.AsOf, &r.At, &r.Digest, &body)
	if errors.Is(err, store.ErrNone) {
		return nil, notFound()
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &r.terms)
	}
	if err != nil {
		return nil, fmt.Errorf("read run %s: %w", s.RunID, err)
	}
	return r, nil
}

// sheetsOf reads the sheets of a run that a condition (alias x, run r) shows,
// the best first.
func sheetsOf(l *app.Look, where store.Fragment) ([]Sheet, error) {
	q := store.Join(store.F("SELECT x.body FROM appraisal_sheet x JOIN appraisal_run r ON r.id = x.run_id WHERE"), where, store.F("ORDER BY x.place"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Sheet) error {
		var body string
		if err := r.Scan(&body); err != nil {
			return err
		}
		return json.Unmarshal([]byte(body), x)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read sheets: %w", err)
	}
	return list, nil
}

// Adjustment (更正) is a correction of a published sheet.
type Adjustment struct {
	ID         string     `json:"id"`
	UnitID     string     `json:"unit_id"`
	Code       string     `json:"code,omitempty"` // of the indicator, "" for the whole
	Points     Decimal    `json:"points"`         // added
	Reason     string     `json:"reason"`
	AppealID   string     `json:"appeal_id,omitempty"`
	PersonName string     `json:"person_name"`
	At         store.Time `json:"at"`
}

// adjustmentsOf reads the corrections of a run, by unit.
func adjustmentsOf(l *app.Look, runID string) (map[string][]Adjustment, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Adjustment) error {
		return r.Scan(&x.ID, &x.UnitID, &x.Code, (*int64)(&x.Points), &x.Reason, &x.AppealID, &x.PersonName, &x.At)
	}, "SELECT id, unit_id, code, points, reason, appeal_id, person_name, at FROM appraisal_adjustment WHERE committee_id = ? AND run_id = ? ORDER BY id", l.Who().CommitteeID, runID)
	if err != nil {
		return nil, fmt.Errorf("read the corrections of %s: %w", runID, err)
	}
	byUnit := map[string][]Adjustment{}
	for _, a := range list {
		byUnit[a.UnitID] = append(byUnit[a.UnitID], a)
	}
	return byUnit, nil
}

// totalOf is what a unit has in a run after all corrections, and its rank.
type totalOf struct {
	unit  string
	total Decimal
	rank  int
}

// totals reads the totals of a run after corrections, the best first.
func totals(l *app.Look, runID string) ([]totalOf, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *totalOf) error { return r.Scan(&x.unit, (*int64)(&x.total)) },
		`SELECT x.unit_id, CAST(x.total + COALESCE((SELECT SUM(a.points) FROM appraisal_adjustment a WHERE a.run_id = x.run_id AND a.unit_id = x.unit_id), 0) AS BIGINT) AS final
		FROM appraisal_sheet x WHERE x.run_id = ? AND x.committee_id = ? ORDER BY final DESC, x.place`, runID, l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("read the totals of %s: %w", runID, err)
	}
	for i := range list {
		list[i].rank = i + 1
		if i > 0 && list[i].total == list[i-1].total {
			list[i].rank = list[i-1].rank
		}
	}
	return list, nil
}
