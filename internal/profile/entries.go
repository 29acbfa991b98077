package profile

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongxin/internal/fault"
)

// listKind says what may be done with a list.
type listKind int

const (
	openList   listKind = iota // entries may be added, with codes of small letters
	spareList                  // an open list of which nothing need be offered
	letterList                 // entries may be added, with one capital letter as code
	closedList                 // only words, order and being offered may change: the product knows the codes
)

const (
	entryNameMax = 60
	entriesMost  = 60
	codeMost     = 40
)

//nolint:gochecknoglobals // patterns
var (
	smallCode  = regexp.MustCompile(`^[a-z][a-z_]*$`)
	letterCode = regexp.MustCompile(`^[A-Z]$`)
)

// entries turns what was typed into a list. Old cases carry the codes, so a
// code of the version before may be switched off but never taken away.
func entries(p *fault.Problems, field string, typed []EntryIn, before []Coded, kind listKind) []Coded {
	e := listEditor{p: p, field: field, kind: kind, before: before, list: []Coded{}, names: map[string]bool{}}
	rows := make([]row, 0, len(typed))
	for i, t := range typed {
		if t.Code = strings.TrimSpace(t.Code); t.Code == "" && strings.TrimSpace(t.Name) == "" {
			continue // a spare row
		}
		rows = append(rows, row{t, i})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.place(), b.place()) })
	for _, r := range rows {
		e.add(r)
	}
	e.finish()
	return e.list
}

// row remembers where an entry stood in the form.
type row struct {
	EntryIn
	at int
}

// place is where the entry wants to stand; without a wish it is the last.
func (r row) place() int {
	if r.Place == 0 {
		return math.MaxInt
	}
	return r.Place
}

type listEditor struct {
	p      *fault.Problems
	field  string
	kind   listKind
	before []Coded
	list   []Coded
	names  map[string]bool
}

func (e *listEditor) add(r row) {
	at := e.field + "." + strconv.Itoa(r.at)
	c := Coded{Code: r.Code, Name: strings.Join(strings.Fields(r.Name), " "), Off: r.Off}
	if c.Code == "" {
		c.Code = e.fresh()
	}
	known := has(e.before, c.Code)
	pattern := smallCode
	if e.kind == letterList {
		pattern = letterCode
	}
	switch {
	case has(e.list, c.Code):
		e.p.Add(at+".code", "profile.entry.code-twice", "code", c.Code)
	case !known && e.kind == closedList:
		e.p.Add(at+".name", "profile.entry.closed")
	case !known && (!pattern.MatchString(c.Code) || len(c.Code) > codeMost):
		e.p.Add(at+".code", "profile.entry.code", "code", short(c.Code))
	}
	e.p.Check(c.Name != "", at+".name", "profile.entry.name")
	e.p.Check(utf8.RuneCountInString(c.Name) <= entryNameMax, at+".name", "profile.entry.long", "max", entryNameMax)
	e.p.Check(c.Name == "" || !e.names[c.Name], at+".name", "profile.entry.name-twice", "name", short(c.Name))
	e.names[c.Name] = true
	e.list = append(e.list, c)
}

func (e *listEditor) finish() {
	e.p.Check(e.kind == spareList || offered(e.list) > 0, e.field, "profile.entry.none")
	e.p.Check(len(e.list) <= entriesMost, e.field, "profile.entry.many", "most", entriesMost)
	for _, c := range e.before {
		if !has(e.list, c.Code) {
			e.p.Add(e.field, "profile.entry.kept", "name", c.Name)
		}
	}
}

// offered counts what may be chosen.
func offered(list []Coded) int {
	n := 0
	for _, c := range list {
		if !c.Off {
			n++
		}
	}
	return n
}

// fresh makes a code nobody has used: the next capital letter, or added_a,
// added_b and so on.
func (e *listEditor) fresh() string {
	taken := func(code string) bool { return has(e.list, code) || has(e.before, code) }
	for n := range 26 * 26 {
		code := string(rune('A' + n%26))
		if e.kind != letterList {
			code = "added_" + letters(n)
		}
		if !taken(code) {
			return code
		}
	}
	return ""
}

// letters counts a, b … z, aa, ab …
func letters(n int) string {
	if n < 26 {
		return string(rune('a' + n))
	}
	return letters(n/26-1) + letters(n%26)
}

func has(list []Coded, code string) bool {
	return slices.ContainsFunc(list, func(c Coded) bool { return c.Code == code })
}

// short keeps a sentence short whatever was typed.
func short(s string) string {
	r := []rune(s)
	if len(r) <= 20 {
		return s
	}
	return fmt.Sprintf("%s…", string(r[:20]))
}
