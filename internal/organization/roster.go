package organization

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongxin/internal/fault"
	"tongxin/internal/identity"
)

// The columns of a roster file, in the order in which it is written.
const (
	colName    = "姓名"
	colPhone   = "手机号"
	colSector  = "界别"
	colSpecial = "专委会"
	colWork    = "单位及职务"
	colSitting = "届次"
	colRemark  = "备注"
)

// RosterColumns are the words of the header.
func RosterColumns() []string {
	return []string{colName, colPhone, colSector, colSpecial, colWork, colSitting, colRemark}
}

// Bounds of a roster file.
const (
	RosterRows  = 5000
	RosterBytes = 1 << 20
)

// RowProblem is what is wrong with one cell. Row counts as a spreadsheet does:
// the header is row 1.
type RowProblem struct {
	Row    int    `json:"row"`
	Column string `json:"column"`
	Key    string `json:"key"` // message key of the sentence
	Args   []any  `json:"args,omitempty"`
}

// rosterRow is one member of the file.
type rosterRow struct {
	row                                             int
	name, phone, sector, special, workplace, remark string
	sitting                                         Sitting
}

// DecodeText reads an uploaded text: UTF-8 with or without its mark, or GBK as
// older spreadsheets write it. fault.Invalid beside the field file when it is
// neither.
func DecodeText(raw []byte) (string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) || bytes.ContainsRune(text, 0) {
		return "", fault.Field("file", "organization.roster.encoding")
	}
	return string(text), nil
}

// parseRoster reads the file. A file that is no roster at all is a fault; what
// is wrong with single rows is a list.
func parseRoster(content string) (rows []rosterRow, wrong []RowProblem, err error) {
	records, err := readRecords(content)
	if err != nil {
		return nil, nil, err
	}
	at, err := header(records[0])
	if err != nil {
		return nil, nil, err
	}
	for i, record := range records[1:] {
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		r, bad := readRow(i+2, record, at)
		rows, wrong = append(rows, r), append(wrong, bad...)
	}
	switch {
	case len(rows) == 0:
		return nil, nil, fault.Field("file", "organization.roster.empty")
	case len(rows) > RosterRows:
		return nil, nil, fault.Field("file", "organization.roster.too-many", "max", RosterRows)
	}
	return rows, append(wrong, twice(rows)...), nil
}

func readRecords(content string) ([][]string, error) {
	if len(content) > RosterBytes {
		return nil, fault.Field("file", "organization.roster.too-large", "max", RosterBytes>>20)
	}
	content = strings.TrimPrefix(content, "\ufeff")
	r := csv.NewReader(strings.NewReader(content))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	if line, _, _ := strings.Cut(content, "\n"); strings.Contains(line, "\t") && !strings.Contains(line, ",") {
		r.Comma = '\t'
	}
	var list [][]string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.Field("file", "organization.roster.unreadable").Because(err)
		}
		list = append(list, record)
		if len(list) > RosterRows+1000 { // empty rows included
			return nil, fault.Field("file", "organization.roster.too-many", "max", RosterRows)
		}
	}
	if len(list) == 0 {
		return nil, fault.Field("file", "organization.roster.empty")
	}
	return list, nil
}

// header tells where each column stands; the order is free, the words are not.
func header(record []string) (map[string]int, error) {
	at := map[string]int{}
	for i, cell := range record {
		word := strings.ReplaceAll(clean(cell), " ", "")
		if word == "" {
			continue
		}
		if _, again := at[word]; again || !slices.Contains(RosterColumns(), word) {
			return nil, fault.Field("file", "organization.roster.column", "column", cut(word), "header", strings.Join(RosterColumns(), ","))
		}
		at[word] = i
	}
	for _, needed := range []string{colName, colSector, colSitting} {
		if _, ok := at[needed]; !ok {
			return nil, fault.Field("file", "organization.roster.missing", "column", needed, "header", strings.Join(RosterColumns(), ","))
		}
	}
	return at, nil
}

func readRow(n int, record []string, at map[string]int) (r rosterRow, wrong []RowProblem) {
	cell := func(column string) string {
		i, ok := at[column]
		if !ok || i >= len(record) {
			return ""
		}
		return clean(identity.Unguard(record[i]))
	}
	bad := func(column, key string, args ...any) { wrong = append(wrong, RowProblem{n, column, key, args}) }
	r = rosterRow{row: n, name: identity.CleanName(cell(colName)), phone: cell(colPhone), sector: cell(colSector), special: cell(colSpecial),
		workplace: cell(colWork), remark: cell(colRemark)}
	for _, x := range []struct {
		column, text string
		needed       bool
		most         int
	}{{colName, r.name, true, 50}, {colSector, r.sector, true, maxBodyName}, {colSpecial, r.special, false, maxBodyName},
		{colWork, r.workplace, false, maxWorkplace}, {colRemark, r.remark, false, maxRemark}} {
		if x.needed && x.text == "" {
			bad(x.column, "organization.needed")
		}
		if utf8.RuneCountInString(x.text) > x.most {
			bad(x.column, "organization.too-long", "max", x.most)
		}
	}
	if !identity.PhoneFits(r.phone) {
		bad(colPhone, "organization.roster.phone", "value", cut(r.phone))
	}
	var err error
	if r.sitting, err = ParseSitting(cell(colSitting)); err != nil {
		bad(colSitting, "organization.roster.sitting", "value", cut(cell(colSitting)))
	}
	return r, wrong
}

// cut shortens what is repeated in a sentence.
func cut(text string) string {
	if r := []rune(text); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return text
}

// twice finds people who stand in the file more than once.
func twice(rows []rosterRow) (wrong []RowProblem) {
	phones, names := map[string]int{}, map[string]int{}
	for _, r := range rows {
		phone := phoneKey(r.phone)
		if before := phones[phone]; phone != "" && before > 0 {
			wrong = append(wrong, RowProblem{r.row, colPhone, "organization.roster.phone-twice", []any{"row", before}})
			continue
		}
		name := nameKey(r.name, r.sector) + "\x00" + r.sitting.String()
		if before := names[name]; r.name != "" && before > 0 {
			wrong = append(wrong, RowProblem{r.row, colName, "organization.roster.name-twice", []any{"row", before, "sector", r.sector}})
			continue
		}
		phones[phone], names[name] = r.row, r.row
	}
	return wrong
}

func nameKey(name, sector string) string { return name + "\x00" + sector }
