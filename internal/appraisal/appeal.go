package appraisal

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// Rulings on an appeal.
const (
	Upheld  = "upheld"
	Refused = "refused"
)

// Appeal (申诉) is what a unit says against its sheet.
type Appeal struct {
	ID         string     `json:"id"`
	SchemeID   string     `json:"scheme_id"`
	RunID      string     `json:"run_id"`
	UnitID     string     `json:"unit_id"`
	UnitName   string     `json:"unit_name"`
	Code       string     `json:"code,omitempty"`
	Reason     string     `json:"reason"`
	PersonName string     `json:"person_name"`
	At         store.Time `json:"at"`
	Ruling     string     `json:"ruling,omitempty"`
	RuledName  string     `json:"ruled_name,omitempty"`
	RuledWords string     `json:"ruled_words,omitempty"`
	RuledAt    store.Time `json:"ruled_at"`
}

const appealColumns = "p.id, p.scheme_id, p.run_id, p.unit_id, p.unit_name, p.code, p.reason, p.person_name, p.at, p.ruling, p.ruled_name, p.ruled_words, p.ruled_at"

func scanAppeal(r store.Row, x *Appeal) error {
	return r.Scan(&x.ID, &x.SchemeID, &x.RunID, &x.UnitID, &x.UnitName, &x.Code, &x.Reason, &x.PersonName, &x.At, &x.Ruling, &x.RuledName, &x.RuledWords, &x.RuledAt)
}

// Claim is the sheet of one unit within its scheme, which appeals and
// corrections are about.
type Claim struct {
	Scheme *Scheme
	UnitID string
	Name   string
	Found  bool // the unit has a sheet in the run that holds
	Appeal *Appeal
}

// Object names the unit's sheet.
func (x *Claim) Object() (string, string) {
	if x.Appeal != nil {
		return "appraisal-appeal", x.Appeal.ID
	}
	return "appraisal-sheet", x.Scheme.RunID + "/" + x.UnitID
}

func claimOf(c *app.Call, schemeID, unit string) (*Claim, error) {
	s, err := schemeOf(&c.Look, schemeID)
	if err != nil {
		return nil, err
	}
	x := &Claim{Scheme: s, UnitID: unit}
	err = c.Tx().Row(c.Ctx(), "SELECT unit_name FROM appraisal_sheet WHERE run_id = ? AND unit_id = ? AND committee_id = ?", s.RunID, unit, s.CommitteeID).Scan(&x.Name)
	if errors.Is(err, store.ErrNone) {
		return x, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the sheet of %s: %w", unit, err)
	}
	x.Found = true
	return x, nil
}

// sees says whether somebody may know of the sheet.
func (x *Claim) sees(who access.Actor) bool {
	switch {
	case who.CommitteeID == "" || who.CommitteeID != x.Scheme.CommitteeID || !x.Found:
		return false
	case oversees(who):
		return true
	default:
		return x.Scheme.Announced() && unitPost(who) && who.In(x.UnitID)
	}
}

// AppealIn is what a unit says against its sheet.
type AppealIn struct {
	ID     string `json:"id"`   // scheme
	Unit   string `json:"unit"` // its own
	Code   string `json:"code,omitempty"`
	Reason string `json:"reason"`
}

// AppealOut answers acts on an appeal.
type AppealOut struct {
	ID       string `json:"id"` // appeal; of a correction without one its own
	SchemeID string `json:"scheme_id"`
	UnitID   string `json:"unit_id"`
}

// MakeAppeal appeals against a sheet (申诉): the unit itself, once, in time.
var MakeAppeal = app.Define("appraisal.appeal",
	func(c *app.Call, in AppealIn) (*Claim, error) { return claimOf(c, in.ID, in.Unit) },
	func(who access.Actor, x *Claim) access.Verdict {
		switch {
		case !x.sees(who):
			return access.Hide()
		case !unitPost(who):
			return access.Deny("appraisal.unit-only")
		default:
			return access.Allow()
		}
	},
	func(c *app.Call, x *Claim, in AppealIn) (AppealOut, error) {
		s := x.Scheme
		switch {
		case s.State != Published:
			return AppealOut{}, fault.New(fault.Closed, "appraisal.closed."+string(s.State))
		case s.AppealBy == "":
			return AppealOut{}, fault.New(fault.Closed, "appraisal.appeal.none")
		case s.AppealBy < today(&c.Look).String():
			return AppealOut{}, fault.New(fault.Closed, "appraisal.appeal.over", "day", s.AppealBy)
		}
		var p fault.Problems
		reason := words(&p, "reason", in.Reason, true)
		p.Check(in.Code == "" || s.indicator(in.Code) >= 0, "code", "appraisal.choose")
		if err := p.Err(); err != nil {
			return AppealOut{}, err
		}
		out := AppealOut{id.New(), s.ID, x.UnitID}
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_appeal (id, committee_id, scheme_id, run_id, unit_id, unit_name, code, reason, person_id, person_name, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, out.ID, s.CommitteeID, s.ID, s.RunID, x.UnitID, x.Name, in.Code, reason, c.Who().PersonID, c.Who().Name, c.Now())
		if errors.Is(err, store.ErrUnique) {
			return out, fault.New(fault.Closed, "appraisal.appeal.twice").Because(err)
		}
		if err != nil {
			return out, fmt.Errorf("appeal of %s: %w", x.UnitID, err)
		}
		c.Made(out.ID)
		return out, c.Record(WasAppealed{s.ID, s.Year, x.UnitID, x.Name}, "appraisal-appeal", out.ID)
	})

// AdjustIn corrects a published sheet; Points is a number with two decimals,
// added to the total.
type AdjustIn struct {
	ID     string `json:"id"` // scheme
	Unit   string `json:"unit"`
	Code   string `json:"code,omitempty"`
	Points string `json:"points"`
	Reason string `json:"reason"`
}

// runsClaims is the rule of who rules on appeals and corrects sheets.
func runsClaims(who access.Actor, x *Claim) access.Verdict {
	switch {
	case !x.sees(who):
		return access.Hide()
	default:
		return access.When(office(who), "appraisal.office-only")
	}
}

// Adjust corrects a published sheet by a line of its own with a reason (更正).
var Adjust = app.Define("appraisal.adjust",
	func(c *app.Call, in AdjustIn) (*Claim, error) { return claimOf(c, in.ID, in.Unit) },
	runsClaims,
	func(c *app.Call, x *Claim, in AdjustIn) (AppealOut, error) {
		var p fault.Problems
		points := decimal(&p, "points", in.Points, 0)
		reason := words(&p, "reason", in.Reason, true)
		p.Check(points != 0 || p.Err() != nil, "points", "appraisal.adjust.nothing")
		key, err := x.correct(c, &p, in.Code, points, reason)
		return AppealOut{key, x.Scheme.ID, x.UnitID}, err
	})

// correct writes a correction.
func (x *Claim) correct(c *app.Call, p *fault.Problems, code string, points Decimal, reason string) (string, error) {
	s := x.Scheme
	if s.State != Published {
		return "", fault.New(fault.Closed, "appraisal.closed."+string(s.State))
	}
	p.Check(code == "" || s.indicator(code) >= 0, "code", "appraisal.choose")
	if err := p.Err(); err != nil {
		return "", err
	}
	key, appeal := id.New(), ""
	if x.Appeal != nil {
		appeal = x.Appeal.ID
	}
	if _, err := c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_adjustment (id, committee_id, run_id, unit_id, code, points, reason, appeal_id, person_id, person_name, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, key, s.CommitteeID, s.RunID, x.UnitID, code, int64(points), reason, appeal, c.Who().PersonID, c.Who().Name, c.Now()); err != nil {
		return "", fmt.Errorf("correct the sheet of %s: %w", x.UnitID, err)
	}
	c.Detail(map[string]any{"unit": x.UnitID, "points": points, "code": code})
	return key, c.Record(WasAdjusted{s.ID, s.Year, x.UnitID, x.Name, points}, "appraisal-scheme", s.ID)
}

// RuleIn rules on an appeal; an upheld one may correct the sheet by Points.
type RuleIn struct {
	ID     string `json:"id"` // appeal
	Ruling string `json:"ruling"`
	Words  string `json:"words"`
	Points string `json:"points,omitempty"`
	Code   string `json:"code,omitempty"`
}

// RuleAppeal answers an appeal with words, and corrects the sheet where it is
// right (答复申诉).
var RuleAppeal = app.Define("appraisal.rule-appeal",
	func(c *app.Call, in RuleIn) (*Claim, error) {
		p, err := appealOf(&c.Look, in.ID)
		if err != nil {
			return nil, err
		}
		x, err := claimOf(c, p.SchemeID, p.UnitID)
		if err != nil {
			return nil, err
		}
		x.Appeal, err = appealOf(&c.Look, in.ID) // again, now that others wait
		return x, err
	},
	runsClaims, ruleAppeal)

func appealOf(l *app.Look, key string) (*Appeal, error) {
	p := &Appeal{}
	err := scanAppeal(l.Tx().Row(l.Ctx(), "SELECT "+appealColumns+" FROM appraisal_appeal p WHERE p.id = ? AND p.committee_id = ?", key, l.Who().CommitteeID), p)
	if errors.Is(err, store.ErrNone) {
		return nil, notFound()
	}
	if err != nil {
		return nil, fmt.Errorf("read appeal %s: %w", key, err)
	}
	return p, nil
}

func ruleAppeal(c *app.Call, x *Claim, in RuleIn) (AppealOut, error) {
	out := AppealOut{x.Appeal.ID, x.Scheme.ID, x.UnitID}
	if x.Appeal.Ruling != "" {
		return out, fault.New(fault.Closed, "appraisal.appeal.ruled")
	}
	var p fault.Problems
	p.Check(in.Ruling == Upheld || in.Ruling == Refused, "ruling", "appraisal.choose")
	reason := words(&p, "words", in.Words, true)
	points := decimal(&p, "points", in.Points, 0)
	p.Check(points == 0 || in.Ruling != Refused, "points", "appraisal.appeal.refused-points")
	if points != 0 {
		if _, err := x.correct(c, &p, in.Code, points, reason); err != nil {
			return out, err
		}
	}
	if err := p.Err(); err != nil {
		return out, err
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE appraisal_appeal SET ruling = ?, ruled_by = ?, ruled_name = ?, ruled_words = ?, ruled_at = ? WHERE id = ? AND ruling = ''",
		in.Ruling, c.Who().PersonID, c.Who().Name, reason, c.Now(), out.ID); err != nil {
		return out, fmt.Errorf("rule on appeal %s: %w", out.ID, err)
	}
	c.Detail(map[string]any{"ruling": in.Ruling, "points": points})
	return out, c.Record(WasRuled{x.Scheme.ID, x.Scheme.Year, x.UnitID, x.Name, in.Ruling}, "appraisal-appeal", out.ID)
}
