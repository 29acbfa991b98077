package blob

import (
	"errors"
	"path"
	"strings"
	"unicode"
)

var (
	// ErrKind reports a kind of file that is not taken at all.
	ErrKind = errors.New("this kind of file is not accepted")
	// ErrMismatch reports content that is not what the name says, or is broken.
	ErrMismatch = errors.New("the content is not what the name says")
	// ErrBomb reports content made to exhaust or to trick whoever opens it.
	ErrBomb = errors.New("the content is built to do harm")
)

// Kind is a kind of file that may be uploaded; its value is the ending.
type Kind string

// The kinds taken. Everything else is refused: web pages and SVG because a
// browser would run them, archives because nobody sees what is inside.
const (
	PDF  Kind = "pdf"
	DOCX Kind = "docx"
	XLSX Kind = "xlsx"
	PPTX Kind = "pptx"
	DOC  Kind = "doc"
	XLS  Kind = "xls"
	PPT  Kind = "ppt"
	WPS  Kind = "wps"
	OFD  Kind = "ofd"
	PNG  Kind = "png"
	JPG  Kind = "jpg"
	GIF  Kind = "gif"
	TXT  Kind = "txt"
)

// kinds pairs each kind with the media type it is served as.
func kinds() map[Kind]string {
	const office = "application/vnd.openxmlformats-officedocument."
	return map[Kind]string{
		PDF:  "application/pdf",
		DOCX: office + "wordprocessingml.document",
		XLSX: office + "spreadsheetml.sheet",
		PPTX: office + "presentationml.presentation",
		DOC:  "application/msword",
		XLS:  "application/vnd.ms-excel",
		PPT:  "application/vnd.ms-powerpoint",
		WPS:  "application/wps-office.wps",
		OFD:  "application/ofd",
		PNG:  "image/png",
		JPG:  "image/jpeg",
		GIF:  "image/gif",
		TXT:  "text/plain",
	}
}

// KindOf answers the kind the ending of a name claims, or ErrKind.
func KindOf(name string) (Kind, error) {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if ending == "jpeg" {
		ending = "jpg"
	}
	if kinds()[Kind(ending)] == "" {
		return "", ErrKind
	}
	return Kind(ending), nil
}

// MediaType is the type to serve the file as, always with "nosniff". Text comes
// without a character set: older offices still write GB 18030.
func (k Kind) MediaType() string {
	if t := kinds()[k]; t != "" {
		return t
	}
	return "application/octet-stream"
}

// Image answers whether a page may show the file as a picture.
func (k Kind) Image() bool { return k == PNG || k == JPG || k == GIF }

// nameLimit is the longest file name kept, in characters.
const nameLimit = 120

// CleanName makes an uploaded name fit to be shown and offered for download: the
// last part of any path, without control, invisible and direction-changing
// characters (which can make "fdp.exe" read as "exe.pdf"), at most 120
// characters with the ending kept. A name of which nothing remains becomes
// "file".
func CleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar || unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if r := []rune(name); len(r) > nameLimit {
		ending := []rune(path.Ext(name))
		if len(ending) > 10 {
			ending = nil
		}
		name = strings.Trim(string(r[:nameLimit-len(ending)])+string(ending), " .")
	}
	if name == "" {
		return "file"
	}
	return name
}
