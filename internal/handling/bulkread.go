package handling

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/jobs"
)

// The columns of a list of cases to dispatch. Units stand in one column with
// their roles (主办:市财政局;会办:市住建局、市教育局), or in a column per role.
const (
	colNumber = "案号"
	colUnits  = "承办单位"
	colNote   = "交办意见"
)

// ListBytes bounds a list as text, ListColumns are the words of its header.
const ListBytes = 1 << 20

// ListColumns are the words of the header of a list.
func ListColumns() []string { return []string{colNumber, colUnits, colNote} }

// column tells what stands below a word of the header: number, units, note, or
// the role of the units; "" for what a list may hold besides.
func column(word string) string {
	switch word {
	case colNumber, "提案号", "编号", "提案编号", "number":
		return colNumber
	case colUnits, "承办单位及分工", "units":
		return colUnits
	case colNote, "备注", "说明", "note":
		return colNote
	}
	return string(roleOf(strings.TrimSuffix(word, "单位")))
}

// roleOf reads a role as people write it, "" for none.
func roleOf(word string) Role {
	switch strings.ToLower(word) {
	case "主办", "牵头", "lead":
		return Lead
	case "会办", "协办", "assist":
		return Assist
	case "分办", "separate":
		return Separate
	case "独办", "单独办理", "sole":
		return Sole
	}
	return ""
}

// listLine is one row of a list.
type listLine struct {
	row          int // as a spreadsheet counts
	number, note string
	units        []UnitRole
	wrong        []lineWrong
}

type lineWrong struct {
	column, key string
	args        []any
}

// readList reads a list. What is no list at all is a fault; what is wrong with
// single rows stands with them.
func readList(content string) ([]listLine, error) {
	records, err := listRecords(content)
	if err != nil {
		return nil, err
	}
	first, at, err := listHeader(records)
	if err != nil {
		return nil, err
	}
	var lines []listLine
	for i, record := range records[first+1:] {
		if strings.TrimSpace(strings.Join(record, "")) != "" {
			lines = append(lines, at.line(first+i+2, record))
		}
	}
	switch {
	case len(lines) == 0:
		return nil, fault.Field("content", "handling.bulk.list-empty")
	case len(lines) > jobs.RowsAtMost:
		return nil, fault.Field("content", "jobs.rows.many", "max", jobs.RowsAtMost)
	}
	return lines, nil
}

func listRecords(content string) ([][]string, error) {
	content = strings.TrimPrefix(content, "\ufeff")
	if len(content) > ListBytes {
		return nil, fault.Field("content", "handling.bulk.list-large", "max", ListBytes>>20)
	}
	if strings.TrimSpace(content) == "" {
		return nil, fault.Field("content", "handling.bulk.list-empty")
	}
	r := csv.NewReader(strings.NewReader(content))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	if top := strings.SplitN(content, "\n", aboveHeader+2); strings.Contains(strings.Join(top[:len(top)-1], ""), "\t") {
		r.Comma = '\t'
	}
	var list [][]string
	for len(list) <= jobs.RowsAtMost+1000 { // empty rows included
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fault.Field("content", "handling.bulk.list-unreadable").Because(err)
		}
		list = append(list, record)
	}
	return nil, fault.Field("content", "jobs.rows.many", "max", jobs.RowsAtMost)
}

// places are the columns of a list: what stands below each.
type places []string

// aboveHeader is how many lines of titles a list may have above its header.
const aboveHeader = 5

// listHeader finds the header: the first line with a column of numbers. The
// order of its words is free, and columns of other words are passed over.
func listHeader(records [][]string) (row int, at places, err error) {
	header := strings.Join(ListColumns(), ",")
	for row = range min(len(records), aboveHeader+1) {
		at = make(places, len(records[row]))
		for i, cell := range records[row] {
			word := strings.Join(strings.Fields(cell), "")
			if at[i] = column(word); at[i] != "" && slices.Contains(at[:i], at[i]) {
				return 0, nil, fault.Field("content", "handling.bulk.column-twice", "column", shortened(word))
			}
		}
		if !slices.Contains(at, colNumber) {
			continue
		}
		if !slices.ContainsFunc(at, func(c string) bool { return c != "" && c != colNumber && c != colNote }) {
			return 0, nil, fault.Field("content", "handling.bulk.column-missing", "column", colUnits, "header", header)
		}
		return row, at, nil
	}
	return 0, nil, fault.Field("content", "handling.bulk.column-missing", "column", colNumber, "header", header)
}

// line reads one row.
func (at places) line(row int, record []string) listLine {
	l := listLine{row: row}
	for i, cell := range record {
		cell = strings.TrimSpace(identity.Unguard(strings.TrimSpace(cell)))
		if i >= len(at) || cell == "" {
			continue
		}
		switch at[i] {
		case "":
		case colNumber:
			l.number = shortened(cell)
		case colNote:
			l.note = cell
		case colUnits:
			l.read(cell)
		default:
			l.add(Role(at[i]), cell)
		}
	}
	if len(l.units) == 1 && l.units[0].Role == "" && len(l.wrong) == 0 {
		l.units[0].Role = Sole
	}
	return l
}

// read reads units with their roles: a role holds until the next one.
func (l *listLine) read(cell string) {
	var role Role
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune(";；\n，,", r) }) {
		word, rest, found := strings.Cut(strings.ReplaceAll(part, "：", ":"), ":")
		if found {
			word = strings.TrimSuffix(strings.Join(strings.Fields(word), ""), "单位")
			if role = roleOf(word); role == "" {
				l.wrong = append(l.wrong, lineWrong{colUnits, "handling.bulk.role-unknown", []any{"role", shortened(word)}})
			}
			part = rest
		}
		l.add(role, part)
	}
}

// add adds the units of one role, with 、 between them.
func (l *listLine) add(role Role, text string) {
	for name := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("、;；\n，,", r) }) {
		if name = strings.TrimSpace(name); name != "" {
			l.units = append(l.units, UnitRole{Unit: shortened(name), Role: role})
		}
	}
}

// plainNumber is a number without the words and zeros around it: 14 of
// 第 014 号. What is no number stays as it is.
func plainNumber(text string) string {
	n := strings.Join(strings.Fields(width.Narrow.String(text)), "")
	n = strings.TrimPrefix(n, "第")
	n = strings.TrimSuffix(strings.TrimSuffix(n, "提案"), "号")
	digits := strings.TrimSuffix(n, ".0") // a spreadsheet's number
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return n
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	return digits
}

// wordAtMost is how much of a cell is repeated in a sentence, in characters.
const wordAtMost = 60

func shortened(text string) string {
	if utf8.RuneCountInString(text) > wordAtMost {
		return string([]rune(text)[:wordAtMost-1]) + "…"
	}
	return text
}
