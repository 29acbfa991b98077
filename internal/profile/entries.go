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
	e := listEditor{p: p, field: field, kind: kind, before: before, names: map[string]bool{}}
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
	offered := 0
	for _, c := range e.list {
		if !c.Off {
			offered++
		}
	}
	e.p.Check(offered > 0, e.field, "profile.entry.none")
	e.p.Check(len(e.list) <= entriesMost, e.field, "profile.entry.many", "most", entriesMost)
	for _, c := range e.before {
		if !has(e.list, c.Code) {
			e.p.Add(e.field, "profile.entry.kept", "name", c.Name)
		}
	}
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

// restore puts a section back to the defaults. Entries that were added stay in
// their lists, switched off, because old cases may carry their codes.
func restore(r *Rules, s Section) {
	d := Defaults()
	a, b := &r.Proposal, &d.Proposal
	h, k := &r.Handling, &d.Handling
	switch s {
	case Texts:
		a.BodyMode, a.TitleMax, a.BodyMin, a.BodyMax, a.BasisRequired = b.BodyMode, b.TitleMax, b.BodyMin, b.BodyMax, b.BasisRequired
		a.ItemsMin, a.ItemsMax, a.AttachmentsMax, a.AttachmentBytes = b.ItemsMin, b.ItemsMax, b.AttachmentsMax, b.AttachmentBytes
	case Filing:
		a.NumberWidth, a.SectorAnytime, r.Session = b.NumberWidth, b.SectorAnytime, d.Session
	case Categories:
		a.Categories = keepAdded(b.Categories, a.Categories)
	case Review:
		a.Levels, a.ConfirmAmended = b.Levels, b.ConfirmAmended
	case Reasons:
		a.NotFiledReasons, a.ReturnReasons = keepAdded(b.NotFiledReasons, a.NotFiledReasons), keepAdded(b.ReturnReasons, a.ReturnReasons)
	case Deadlines:
		a.ReviewDue = b.ReviewDue
		h.SignWorkdays, h.ContactWorkdays, h.RateWorkdays = k.SignWorkdays, k.ContactWorkdays, k.RateWorkdays
		h.AssistDue, h.ReplyDue, h.ReplyDueIntersess, h.ReplyDueCollective = k.AssistDue, k.ReplyDue, k.ReplyDueIntersess, k.ReplyDueCollective
	case Classes:
		h.Classes, h.ItemOutcomes, h.Publicity = keepAdded(k.Classes, h.Classes), keepAdded(k.ItemOutcomes, h.ItemOutcomes), keepAdded(k.Publicity, h.Publicity)
	case Contact:
		h.ContactForms, h.FaceToFace, h.ContactRequired = keepAdded(k.ContactForms, h.ContactForms), k.FaceToFace, k.ContactRequired
	case Rating:
		h.Raters, h.Closing, h.Grades = k.Raters, k.Closing, keepAdded(k.Grades, h.Grades)
	case Reminders:
		h.RemindAt = k.RemindAt
	}
}

func keepAdded(defaults, current []Coded) []Coded {
	list := slices.Clone(defaults)
	for _, c := range current {
		if !has(defaults, c.Code) {
			c.Off = true
			list = append(list, c)
		}
	}
	return list
}
