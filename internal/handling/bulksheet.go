package handling

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"tongxin/internal/fault"
	"tongxin/internal/jobs"
	"tongxin/internal/organization"
)

// Bounds of a workbook. What is packed may be far larger than the file.
const (
	SheetBytes    = 8 << 20 // of the file
	partBytes     = 32 << 20
	sheetColumns  = 60
	sheetCells    = 400_000
	sharedAtMost  = 400_000
	sheetCellText = 2000 // bytes
)

// ListText is an uploaded list as text with tabs between its columns: the first
// sheet of a workbook (.xlsx), or a text in UTF-8 or GBK.
func ListText(raw []byte) (string, error) {
	if !bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		if bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")) {
			return "", fault.Field("file", "handling.bulk.old-workbook")
		}
		return organization.DecodeText(raw)
	}
	rows, err := readWorkbook(raw)
	if err != nil {
		return "", fault.Field("file", "handling.bulk.workbook").Because(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = '\t'
	for _, row := range rows {
		_ = w.Write(row) // a strings.Builder does not fail
	}
	w.Flush()
	return b.String(), nil
}

var errWorkbook = errors.New("no workbook that we can read")

// workbook is an open .xlsx.
type workbook struct {
	parts  map[string]*zip.File
	left   int64 // bytes that may still be unpacked
	shared []string
}

func readWorkbook(raw []byte) ([][]string, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	b := &workbook{parts: map[string]*zip.File{}, left: partBytes}
	for _, f := range z.File {
		b.parts[strings.TrimPrefix(path.Clean("/"+f.Name), "/")] = f
	}
	if err := b.readShared(); err != nil {
		return nil, err
	}
	name, err := b.firstSheet()
	if err != nil {
		return nil, err
	}
	return b.readSheet(name)
}

// walk gives every start and end and text of a part to f.
func (b *workbook) walk(name string, f func(xml.Token) error) error {
	part, ok := b.parts[name]
	if !ok {
		return errWorkbook
	}
	in, err := part.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	limited := &io.LimitedReader{R: in, N: b.left}
	d := xml.NewDecoder(limited)
	for {
		t, err := d.RawToken()
		if b.left = limited.N; b.left <= 0 {
			return errWorkbook
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
	}
}

func attribute(s xml.StartElement, name string) string {
	for _, a := range s.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// firstSheet is the part of the first sheet that is not hidden.
func (b *workbook) firstSheet() (string, error) {
	relation := ""
	err := b.walk("xl/workbook.xml", func(t xml.Token) error {
		if s, ok := t.(xml.StartElement); ok && s.Name.Local == "sheet" && relation == "" && attribute(s, "state") == "" {
			for _, a := range s.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					relation = a.Value
				}
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	target := ""
	err = b.walk("xl/_rels/workbook.xml.rels", func(t xml.Token) error {
		if s, ok := t.(xml.StartElement); ok && s.Name.Local == "Relationship" && attribute(s, "Id") == relation && relation != "" {
			target = attribute(s, "Target")
		}
		return nil
	})
	if err != nil || target == "" {
		return "", errors.Join(err, errWorkbook)
	}
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/"), nil
	}
	return strings.TrimPrefix(path.Clean("/xl/"+target), "/"), nil
}

// texts gathers the text of a cell or shared string, without reading aids.
type texts struct {
	b       strings.Builder
	reading int // depth below rPh
	inside  bool
}

func (x *texts) token(t xml.Token, names ...string) {
	switch t := t.(type) {
	case xml.StartElement:
		if t.Name.Local == "rPh" {
			x.reading++
		}
		for _, n := range names {
			x.inside = x.inside || t.Name.Local == n && x.reading == 0
		}
	case xml.EndElement:
		if t.Name.Local == "rPh" {
			x.reading--
		}
		x.inside = false
	case xml.CharData:
		if x.inside && x.b.Len() < sheetCellText {
			x.b.Write(t)
		}
	}
}

func (x *texts) take() string {
	s := strings.ToValidUTF8(strings.TrimSpace(x.b.String()), "\ufffd")
	x.b.Reset()
	return s
}

func (b *workbook) readShared() error {
	if b.parts["xl/sharedStrings.xml"] == nil {
		return nil
	}
	var x texts
	return b.walk("xl/sharedStrings.xml", func(t xml.Token) error {
		x.token(t, "t")
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == "si" {
			b.shared = append(b.shared, x.take())
		}
		if len(b.shared) > sharedAtMost {
			return errWorkbook
		}
		return nil
	})
}

// sheet is a sheet that is being read.
type sheet struct {
	*workbook
	rows  [][]string
	x     texts
	kind  string // of the cell
	col   int    // of the cell, from 0
	cells int
}

func (b *workbook) readSheet(name string) ([][]string, error) {
	s := &sheet{workbook: b}
	return s.rows, errors.Join(b.walk(name, s.token))
}

func (s *sheet) token(t xml.Token) error {
	s.x.token(t, "v", "t")
	switch t := t.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "row":
			return s.row(attribute(t, "r"))
		case "c":
			s.kind = attribute(t, "t")
			s.place(attribute(t, "r"))
		}
	case xml.EndElement:
		if t.Name.Local == "c" {
			return s.cell()
		}
	}
	return nil
}

// row begins a row; rows that are left out are empty, so that numbers of rows
// are those that people see.
func (s *sheet) row(number string) error {
	n, err := strconv.Atoi(number)
	if err != nil {
		n = len(s.rows) + 1
	}
	if n <= len(s.rows) || n > jobs.RowsAtMost+1000 {
		return errWorkbook
	}
	for len(s.rows) < n {
		s.rows = append(s.rows, []string{"", ""}) // two, so that an empty row is a line with a tab
	}
	s.col = -1
	return nil
}

// place finds the column of a cell from its name, B of B2.
func (s *sheet) place(name string) {
	letters := strings.TrimRight(name, "0123456789")
	if letters == "" {
		s.col++
		return
	}
	n := 0
	for _, r := range letters {
		if r < 'A' || r > 'Z' || n > sheetColumns {
			n = sheetColumns + 1
			break
		}
		n = n*26 + int(r-'A') + 1
	}
	s.col = n - 1
}

func (s *sheet) cell() error {
	text := s.x.take()
	if s.cells++; s.cells > sheetCells || len(s.rows) == 0 {
		return errWorkbook
	}
	if s.kind == "s" {
		i, err := strconv.Atoi(text)
		if err != nil || i < 0 || i >= len(s.shared) {
			return errWorkbook
		}
		text = s.shared[i]
	}
	if s.col < 0 || s.col >= sheetColumns || text == "" {
		return nil
	}
	row := &s.rows[len(s.rows)-1]
	for len(*row) <= s.col {
		*row = append(*row, "")
	}
	(*row)[s.col] = text
	return nil
}
