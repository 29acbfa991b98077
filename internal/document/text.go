package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongxin/internal/blob"
	"tongxin/internal/fault"
)

// ErrText reports a document whose text cannot be read.
var ErrText = errors.New("the text of the document cannot be read")

const (
	// mostPart and mostText bound what is unpacked of a document, in bytes, so
	// that a crafted one cannot exhaust memory.
	mostPart = 24 << 20
	mostText = 8 << 20
)

// checkMarks refuses an upload that carries a mark of a state secret in its
// name or text. Nothing of the text goes into the fault but the mark.
func checkMarks(name string, kind blob.Kind, in io.ReaderAt, size int64) error {
	marks := MarksInName(name)
	if len(marks) == 0 {
		text, err := TextOf(kind, in, size)
		if err != nil {
			return fault.Field("files", "document.mismatch", "name", name).Because(err)
		}
		marks = Marks(text)
	}
	if len(marks) > 0 {
		return fault.Field("files", "document.marked", "name", name, "mark", marks[0].Text)
	}
	return nil
}

// TextOf reads the text of a docx or txt file; of other kinds it reads
// nothing. It answers ErrText when the document is broken.
func TextOf(kind blob.Kind, in io.ReaderAt, size int64) (string, error) {
	switch kind {
	case blob.DOCX:
		return DocxText(in, size)
	case blob.TXT:
		b, err := io.ReadAll(io.LimitReader(io.NewSectionReader(in, 0, size), mostText))
		if err != nil {
			return "", fmt.Errorf("read text: %w", err)
		}
		return plainText(b), nil
	}
	return "", nil
}

// plainText reads UTF-8, UTF-16 with its mark, or else GB 18030.
func plainText(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		big := b[0] == 0xfe
		units := make([]uint16, 0, len(b)/2)
		for i := 2; i+1 < len(b); i += 2 {
			u := uint16(b[i]) | uint16(b[i+1])<<8
			if big {
				u = uint16(b[i])<<8 | uint16(b[i+1])
			}
			units = append(units, u)
		}
		return string(utf16.Decode(units))
	case validButEnd(b):
		return strings.ToValidUTF8(strings.TrimPrefix(string(b), "\ufeff"), "")
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil {
		return string(b)
	}
	return string(out)
}

// validButEnd: the limit may have cut the last character.
func validButEnd(b []byte) bool {
	for cut := 0; cut < utf8.UTFMax && cut <= len(b); cut++ {
		if utf8.Valid(b[:len(b)-cut]) {
			return true
		}
	}
	return false
}

// spoken are the parts of a docx that hold text a reader sees, and its title.
var spoken = regexp.MustCompile(`^(word/(document\d*|header\d*|footer\d*|footnotes|endnotes|comments)|docprops/(core|custom))\.xml$`)

// DocxText reads the text of a Word document, a line per paragraph: body,
// tables, text boxes, headers, footers, notes, and the title of the file.
// It answers ErrText when the file is broken or unpacks to too much.
func DocxText(in io.ReaderAt, size int64) (string, error) {
	z, err := zip.NewReader(in, size)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrText, err)
	}
	w := &wordText{}
	left := int64(mostPart)
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		// The main part may be named otherwise; every part under word/ that looks
		// like text is read then.
		if !spoken.MatchString(name) && !mainWord(name) {
			continue
		}
		n, err := w.part(f, left)
		if left -= n; err != nil {
			return "", err
		}
		if left <= 0 || w.out.Len() > mostText {
			return "", fmt.Errorf("%w: too long", ErrText)
		}
	}
	return w.out.String(), nil
}

// mainWord takes parts directly under word/ that are neither settings nor looks.
func mainWord(name string) bool {
	rest, ok := strings.CutPrefix(name, "word/")
	if !ok || strings.Contains(rest, "/") || !strings.HasSuffix(rest, ".xml") {
		return false
	}
	for _, other := range []string{"styles", "settings", "websettings", "fonttable", "numbering", "theme", "stylesWithEffects"} {
		if strings.HasPrefix(rest, strings.ToLower(other)) {
			return false
		}
	}
	return true
}

// wordText gathers the text of one document.
type wordText struct{ out strings.Builder }

// part reads one part, unpacking at most left bytes, and tells how many it took.
func (w *wordText) part(f *zip.File, left int64) (int64, error) {
	in, err := f.Open()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrText, err)
	}
	defer func() { _ = in.Close() }()
	limited := &io.LimitedReader{R: in, N: left}
	d := xml.NewDecoder(limited)
	d.Strict = false // Word itself reads what is not quite right
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, ErrText }
	said := 0 // how deep inside an element whose characters are text
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) || limited.N <= 0 {
			w.out.WriteByte('\n')
			return left - limited.N, nil
		}
		if err != nil {
			return left - limited.N, fmt.Errorf("%w: %w", ErrText, err)
		}
		said = w.token(t, said)
		if w.out.Len() > mostText {
			return left - limited.N, nil
		}
	}
}

func (w *wordText) token(t xml.Token, said int) int {
	switch t := t.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "t", "delText", "title", "subject", "description", "keywords", "lpwstr":
			return said + 1
		case "tab":
			w.out.WriteByte(' ')
		case "br", "cr", "tbl":
			w.out.WriteByte('\n')
		}
	case xml.EndElement:
		switch t.Name.Local {
		case "t", "delText":
			return max(said-1, 0)
		case "title", "subject", "description", "keywords", "lpwstr":
			w.out.WriteByte('\n')
			return max(said-1, 0)
		case "p", "tc":
			w.out.WriteByte('\n')
		}
	case xml.CharData:
		if said > 0 {
			w.out.Write(t)
		}
	}
	return said
}
