package appraisal

import (
	"cmp"
	"slices"
)

// Ledger is everything a scheme is computed from: the records of all units and
// what the office entered. The same ledger always gives the same sheets.
type Ledger struct {
	Time    Time
	Records []Record
	Marks   map[string]map[string]Mark // by indicator's code and unit
}

// Mark is what the office entered for an indicator and unit.
type Mark struct {
	Value Decimal `json:"value"`
	Words string  `json:"words"`
}

// CaseCount is what one case adds to a line.
type CaseCount struct {
	ID string `json:"id"` // assignment
	N  int64  `json:"n,omitempty"`
	D  int64  `json:"d"`
}

// How a line got its points.
const (
	Counted = "counted"
	TooFew  = "few"     // fewer cases than the indicator asks for
	Missing = "missing" // the office has entered nothing
)

// Line is what a unit got for one indicator.
type Line struct {
	Code    string      `json:"code"`
	Value   Decimal     `json:"value"`
	N       int64       `json:"n"`
	D       int64       `json:"d"`
	Cases   int         `json:"cases"` // considered
	How     string      `json:"how"`
	Raw     Decimal     `json:"raw"` // before cap and floor
	Points  Decimal     `json:"points"`
	Words   string      `json:"words,omitempty"` // of the office, for what it entered
	Of      []CaseCount `json:"of,omitempty"`    // the cases; of a count only those that count
	pending bool
}

// GroupSum is what a unit got for one group.
type GroupSum struct {
	Name   string  `json:"name"`
	Points Decimal `json:"points"`
	Full   Decimal `json:"full"`
}

// Sheet (考核单) is what one unit got.
type Sheet struct {
	UnitID   string     `json:"unit_id"`
	UnitName string     `json:"unit_name"`
	Channel  string     `json:"channel"`
	Rank     int        `json:"rank"`
	Total    Decimal    `json:"total"`
	Main     int        `json:"main"`   // cases answered by itself
	Assist   int        `json:"assist"` // cases of others
	Groups   []GroupSum `json:"groups"`
	Lines    []Line     `json:"lines"`
}

// Score computes the sheets of all units that have cases, the best first.
func (t Terms) Score(b Ledger) []Sheet {
	byUnit := map[string][]*Record{}
	var order []string
	for i := range b.Records {
		r := &b.Records[i]
		if byUnit[r.UnitID] == nil {
			order = append(order, r.UnitID)
		}
		byUnit[r.UnitID] = append(byUnit[r.UnitID], r)
	}
	sheets := make([]Sheet, 0, len(order))
	for _, unit := range order {
		if s := t.sheet(b, unit, byUnit[unit]); s.Main+s.Assist > 0 {
			sheets = append(sheets, s)
		}
	}
	slices.SortStableFunc(sheets, func(x, y Sheet) int {
		return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(x.UnitName, y.UnitName), cmp.Compare(x.UnitID, y.UnitID))
	})
	for i := range sheets {
		sheets[i].Rank = i + 1
		if i > 0 && sheets[i].Total == sheets[i-1].Total {
			sheets[i].Rank = sheets[i-1].Rank
		}
	}
	return sheets
}

func (t Terms) sheet(b Ledger, unit string, records []*Record) Sheet {
	s := Sheet{UnitID: unit, UnitName: records[0].UnitName, Channel: records[0].Channel}
	for _, r := range records {
		switch {
		case r.Gone:
		case r.work() == OfMain:
			s.Main++
		default:
			s.Assist++
		}
	}
	for _, i := range t.Indicators {
		s.Lines = append(s.Lines, i.line(b, unit, records))
	}
	for k := range s.Lines {
		if s.Lines[k].pending {
			t.share(s.Lines, k)
		}
	}
	for _, g := range t.Groups() {
		sum := GroupSum{Name: g, Full: t.Full(g)}
		for k, i := range t.Indicators {
			if i.Group == g {
				sum.Points += s.Lines[k].Points
			}
		}
		s.Groups = append(s.Groups, sum)
		s.Total += sum.Points
	}
	return s
}

// line measures one indicator of one unit.
func (i Indicator) line(b Ledger, unit string, records []*Record) Line {
	l := Line{Code: i.Code, How: Counted}
	m, known := measureOf(i.Measure)
	switch {
	case !known: // of a version of the product that knew more
		l.How = TooFew
	case m.Entered:
		i.entered(&l, b, unit, m)
	default:
		i.count(&l, b.Time, records, m)
	}
	if l.How != Counted {
		i.without(&l)
		return l
	}
	l.Raw = i.Rule.points(l.Value)
	l.Points = i.clamp(l.Raw)
	return l
}

func (i Indicator) entered(l *Line, b Ledger, unit string, m Measure) {
	mark, ok := b.Marks[i.Code][unit]
	if !ok && m.Unit == Points {
		l.How = Missing
		return
	}
	l.Value, l.Words = mark.Value, mark.Words
	l.N, l.D = int64(mark.Value/one), 1
}

func (i Indicator) count(l *Line, t Time, records []*Record, m Measure) {
	for _, r := range records {
		if r.Gone && !m.gone || i.Of != OfAll && r.work() != i.Of || !slices.Contains(m.Of, OfAll) && !slices.Contains(m.Of, r.work()) {
			continue
		}
		n, d := m.count(t, r)
		if d == 0 {
			continue
		}
		l.N, l.D, l.Cases = l.N+n, l.D+d, l.Cases+1
		if m.Unit != Count || n > 0 {
			l.Of = append(l.Of, CaseCount{r.ID, n, d})
		}
	}
	if l.Cases < i.MinCases || l.D == 0 {
		l.How = TooFew
	}
	switch {
	case m.Unit == Count:
		l.Value = Whole(l.N)
	case l.D == 0:
	case m.Unit == Percent:
		l.Value = quotient(l.N, int64(100*one), l.D)
	default:
		l.Value = quotient(l.N, int64(one), l.D)
	}
}

// without gives what an indicator gives without enough cases.
func (i Indicator) without(l *Line) {
	switch i.Without {
	case WithoutFull:
		l.Points = i.clamp(i.Full)
	case WithoutShare:
		l.pending = true
	default:
		l.Points = i.clamp(0)
	}
	l.Raw = l.Points
}

// share gives a line the part of its full mark that the unit reached in the
// rest of the group, else in the rest of the scheme; nothing without either.
func (t Terms) share(lines []Line, k int) {
	mine := t.Indicators[k]
	lines[k].Points = mine.clamp(0)
	for _, wide := range []bool{false, true} {
		var points, full Decimal
		for j, i := range t.Indicators {
			if i.Full > 0 && lines[j].How == Counted && (wide || i.Group == mine.Group) {
				points, full = points+lines[j].Points, full+i.Full
			}
		}
		if full > 0 {
			lines[k].Points = mine.clamp(quotient(int64(mine.Full), int64(points), int64(full)))
			break
		}
	}
	lines[k].Raw = lines[k].Points
}

func (i Indicator) clamp(p Decimal) Decimal { return min(max(p, i.Floor), i.Cap) }
