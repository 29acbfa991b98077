package appraisal

import (
	"regexp"
	"slices"
	"strconv"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// ChangeIn is what a scheme says beside its indicators.
type ChangeIn struct {
	ID             string     `json:"id"`
	Version        int64      `json:"version"`
	Title          string     `json:"title"`
	From           string     `json:"from"`
	To             string     `json:"to"`
	Until          string     `json:"until"`
	AppealWorkdays int        `json:"appeal_workdays"`
	Levels         []LevelRow `json:"levels"`
}

// LevelRow is a level as it is typed; an empty row does not count.
type LevelRow struct {
	Name string `json:"name"`
	From string `json:"from"`
}

const (
	levelsAtMost     = 8
	indicatorsAtMost = 60
	appealAtMost     = 60
)

// ChangeScheme changes title, period, levels and the time for appeals of a
// version that was not published (修改考核办法).
var ChangeScheme = app.Define("appraisal.change-scheme",
	func(c *app.Call, in ChangeIn) (*Scheme, error) { return schemeOf(&c.Look, in.ID) },
	manage,
	func(c *app.Call, s *Scheme, in ChangeIn) (SchemeOut, error) {
		if err := s.edit(in.Version); err != nil {
			return SchemeOut{}, err
		}
		var p fault.Problems
		s.Title = line(&p, "title", in.Title, titleAtMost, true)
		s.From, s.To, s.Until = day(&p, "from", in.From), day(&p, "to", in.To), day(&p, "until", in.Until)
		if s.From != "" && s.To != "" && s.Until != "" {
			p.Check(s.From <= s.To, "to", "appraisal.period")
			p.Check(s.Until >= s.From, "until", "appraisal.period")
		}
		p.Check(in.AppealWorkdays >= 0 && in.AppealWorkdays <= appealAtMost, "appeal_workdays", "appraisal.appeal-days", "max", appealAtMost)
		s.AppealWorkdays = in.AppealWorkdays
		s.Levels = readLevels(&p, in.Levels)
		if err := p.Err(); err != nil {
			return SchemeOut{}, err
		}
		c.Detail(map[string]string{"from": s.From, "to": s.To, "until": s.Until})
		err := s.write(c)
		return s.out(), err
	})

// edit opens a version that was not published for a change: what it was tried
// out with no longer holds.
func (s *Scheme) edit(version int64) error {
	if err := s.move(Draft); err != nil {
		return err
	}
	return s.fresh(version)
}

// readLevels reads levels from the highest down.
func readLevels(p *fault.Problems, rows []LevelRow) []Level {
	list := []Level{}
	for i, r := range rows {
		if r == (LevelRow{}) {
			continue
		}
		at := "levels." + strconv.Itoa(i) + "."
		list = append(list, Level{line(p, at+"name", r.Name, nameAtMost, true), decimal(p, at+"from", r.From, 0)})
	}
	p.Check(len(list) <= levelsAtMost, "levels.0.name", "appraisal.too-many", "max", levelsAtMost)
	slices.SortStableFunc(list, func(a, b Level) int { return int(b.From - a.From) })
	for i := 1; i < len(list); i++ {
		p.Check(list[i].From != list[i-1].From, "levels.0.from", "appraisal.levels-twice")
	}
	return list
}

// IndicatorIn is an indicator as it is typed. Numbers are texts with at most
// two decimals.
type IndicatorIn struct {
	ID       string    `json:"id"` // scheme
	Version  int64     `json:"version"`
	Code     string    `json:"code,omitempty"` // "": a new one, which is given a code
	Name     string    `json:"name"`
	Group    string    `json:"group"`
	Measure  string    `json:"measure"`
	Of       string    `json:"of"`
	Kind     RuleKind  `json:"kind"`
	Rows     []RowText `json:"rows,omitempty"`
	Base     string    `json:"base,omitempty"`
	Each     string    `json:"each,omitempty"`
	Full     string    `json:"full,omitempty"`
	Cap      string    `json:"cap,omitempty"`   // the full mark without it
	Floor    string    `json:"floor,omitempty"` // 0 without it
	MinCases int       `json:"min_cases,omitempty"`
	Without  string    `json:"without,omitempty"`
	Note     string    `json:"note,omitempty"`
	Position int       `json:"position,omitempty"` // from 1; 0 leaves it, or puts a new one last
}

// RowText is a row of a rule as it is typed; an empty row does not count.
type RowText struct {
	At     string `json:"at"`
	Points string `json:"points"`
}

// SetIndicator writes an indicator of a version that was not published (设定指标).
var SetIndicator = app.Define("appraisal.set-indicator",
	func(c *app.Call, in IndicatorIn) (*Scheme, error) { return schemeOf(&c.Look, in.ID) },
	manage, setIndicator)

func setIndicator(c *app.Call, s *Scheme, in IndicatorIn) (SchemeOut, error) {
	if err := s.edit(in.Version); err != nil {
		return SchemeOut{}, err
	}
	at := s.indicator(in.Code)
	i, err := in.read()
	if err != nil {
		return SchemeOut{}, err
	}
	if in.Code != "" && at < 0 && !isCode.MatchString(in.Code) {
		return SchemeOut{}, fault.Field("code", "appraisal.code")
	}
	if i.Code == "" {
		i.Code = s.newCode()
	}
	place := in.Position - 1
	if at >= 0 {
		s.Indicators = slices.Delete(slices.Clone(s.Indicators), at, at+1)
	}
	if at < 0 && len(s.Indicators) >= indicatorsAtMost {
		return SchemeOut{}, fault.New(fault.Invalid, "appraisal.too-many", "max", indicatorsAtMost)
	}
	switch {
	case place < 0 && at >= 0:
		place = at
	case place < 0 || place > len(s.Indicators):
		place = len(s.Indicators)
	}
	s.Indicators = slices.Insert(slices.Clone(s.Indicators), place, i)
	c.Detail(map[string]any{"code": i.Code, "measure": i.Measure, "rule": i.Rule, "full": i.Full})
	err = s.write(c)
	return s.out(), err
}

var isCode = regexp.MustCompile(`^[A-Za-z0-9]{1,12}$`)

// newCode is a code that no indicator has.
func (s *Scheme) newCode() string {
	for n := len(s.Indicators) + 1; ; n++ {
		if code := "k" + strconv.Itoa(n); s.indicator(code) < 0 {
			return code
		}
	}
}

// read checks an indicator.
func (in IndicatorIn) read() (Indicator, error) {
	var p fault.Problems
	i := Indicator{Code: in.Code, Measure: in.Measure, Of: in.Of, MinCases: in.MinCases, Without: in.Without}
	i.Name = line(&p, "name", in.Name, nameAtMost, true)
	i.Group = line(&p, "group", in.Group, nameAtMost, true)
	i.Note = words(&p, "note", in.Note, false)
	m, known := measureOf(in.Measure)
	p.Check(known, "measure", "appraisal.choose")
	if len(m.Of) == 1 {
		i.Of = m.Of[0]
	}
	p.Check(!known || slices.Contains(m.Of, i.Of), "of", "appraisal.choose")
	i.Rule = in.rule(&p)
	i.Rule.check(&p)
	p.Check(!known || (m.Unit == Points) == (i.Rule.Kind == Direct), "kind", "appraisal.rule.direct-only")
	i.Full = decimal(&p, "full", in.Full, 0)
	i.Cap, i.Floor = decimal(&p, "cap", in.Cap, i.Full), decimal(&p, "floor", in.Floor, 0)
	p.Check(i.Full >= 0, "full", "appraisal.full-negative")
	p.Check(i.Floor <= i.Cap, "floor", "appraisal.floor-above")
	p.Check(i.Floor != i.Cap, "cap", "appraisal.no-room")
	p.Check(i.Full == 0 || i.Full >= i.Floor && i.Full <= i.Cap, "cap", "appraisal.full-outside")
	p.Check(in.MinCases >= 0 && in.MinCases <= 1000, "min_cases", "appraisal.min-cases")
	if i.Without == "" {
		i.Without = WithoutShare
	}
	p.Check(slices.Contains(Withouts(), i.Without), "without", "appraisal.choose")
	return i, p.Err()
}

func (in IndicatorIn) rule(p *fault.Problems) Rule {
	r := Rule{Kind: in.Kind}
	switch in.Kind {
	case Each:
		r.Base, r.Each = decimal(p, "base", in.Base, 0), decimal(p, "each", in.Each, 0)
	case Linear, Steps, Bonus:
		for i, x := range in.Rows {
			if x == (RowText{}) {
				continue
			}
			at := "rows." + strconv.Itoa(i) + "."
			p.Check(x.At != "", at+"at", "appraisal.required")
			p.Check(x.Points != "", at+"points", "appraisal.required")
			r.Rows = append(r.Rows, Row{decimal(p, at+"at", x.At, 0), decimal(p, at+"points", x.Points, 0)})
		}
	}
	return r
}

// RemoveIn names an indicator.
type RemoveIn struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	Version int64  `json:"version"`
}

// RemoveIndicator takes an indicator out of a version that was not published
// (删去指标).
var RemoveIndicator = app.Define("appraisal.remove-indicator",
	func(c *app.Call, in RemoveIn) (*Scheme, error) { return schemeOf(&c.Look, in.ID) },
	manage,
	func(c *app.Call, s *Scheme, in RemoveIn) (SchemeOut, error) {
		if err := s.edit(in.Version); err != nil {
			return SchemeOut{}, err
		}
		at := s.indicator(in.Code)
		if at < 0 {
			return SchemeOut{}, notFound()
		}
		s.Indicators = slices.Delete(slices.Clone(s.Indicators), at, at+1)
		c.Detail(map[string]string{"code": in.Code})
		err := s.write(c)
		return s.out(), err
	})

// NameIn names a scheme, with the version that the form showed.
type NameIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// Discard drops a version that was not published (废弃).
var Discard = app.Define("appraisal.discard",
	func(c *app.Call, in NameIn) (*Scheme, error) { return schemeOf(&c.Look, in.ID) },
	manage,
	func(c *app.Call, s *Scheme, in NameIn) (SchemeOut, error) {
		if err := s.move(Discarded); err != nil {
			return SchemeOut{}, err
		}
		if err := s.fresh(in.Version); err != nil {
			return SchemeOut{}, err
		}
		err := s.write(c)
		return s.out(), err
	})
