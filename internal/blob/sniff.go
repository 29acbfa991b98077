package blob

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // registers the format with image.DecodeConfig
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"io"
	"unicode/utf16"
)

// MaxPixels is the largest picture Sniff takes: width times height.
const MaxPixels = 64_000_000

// headSize is how much of a file's beginning is looked at.
const headSize = 4096

// Sniff judges an upload by its name and by its content, which must agree, and
// answers its kind. The name's ending chooses what to look for; head is the
// beginning of the content and may be empty, r reads all of it, size is its
// length in bytes. Errors: ErrKind when such files are not taken, ErrMismatch
// when the content is something else or broken, ErrBomb when it is built to do
// harm; any other error is a failure to read.
func Sniff(name string, head []byte, r io.ReaderAt, size int64) (Kind, error) {
	kind, err := KindOf(name)
	if err != nil {
		return "", err
	}
	if size <= 0 {
		return "", fmt.Errorf("%w: empty", ErrMismatch)
	}
	in := &source{r: r, size: size}
	if len(head) < headSize && int64(len(head)) < size {
		head = in.at(0, headSize)
	}
	err = check(kind, head, in)
	if in.err != nil {
		// What failed to be read cannot be judged.
		return "", fmt.Errorf("read upload: %w", in.err)
	}
	if err != nil {
		return "", err
	}
	return kind, nil
}

// check looks for what kind must contain.
func check(kind Kind, head []byte, in *source) error {
	switch kind {
	case PDF:
		return checkStart(head, "%PDF-")
	case DOCX, XLSX, PPTX:
		return checkOffice(kind, head, in)
	case OFD:
		return checkOFD(head, in)
	case DOC, XLS, PPT, WPS:
		return checkOLE(kind, head, in)
	case PNG, JPG, GIF:
		_, _, err := ImageSize(kind, in.reader(), MaxPixels)
		return err
	case TXT:
		return checkText(head, in)
	}
	return ErrKind
}

func checkStart(head []byte, magic string) error {
	if !bytes.HasPrefix(head, []byte(magic)) {
		return ErrMismatch
	}
	return nil
}

// ImageSize reads width and height from the header of a png, jpg or gif without
// unpacking the picture. Errors: ErrMismatch when it is not such a picture,
// ErrBomb when width times height exceeds maxPixels.
func ImageSize(kind Kind, r io.Reader, maxPixels int64) (width, height int, err error) {
	c, format, err := image.DecodeConfig(r)
	if err != nil {
		return 0, 0, fmt.Errorf("%w: no picture header", ErrMismatch)
	}
	if format == "jpeg" {
		format = string(JPG)
	}
	if format != string(kind) || c.Width < 1 || c.Height < 1 {
		return 0, 0, ErrMismatch
	}
	if int64(c.Width) > maxPixels/int64(c.Height) {
		return 0, 0, fmt.Errorf("%w: more than %d pixels", ErrBomb, maxPixels)
	}
	return c.Width, c.Height, nil
}

// checkText takes text in UTF-8, GB 18030 or UTF-16 with a byte order mark: in
// none of them does plain text contain control characters other than tabs and
// line or page ends.
func checkText(head []byte, in *source) error {
	wide := bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff})
	if wide && in.size%2 != 0 {
		return ErrMismatch
	}
	const step = 64 * 1024
	for at := int64(0); at < in.size; at += step {
		part := in.at(at, step)
		if len(part) == 0 {
			return ErrMismatch
		}
		if wide && wideControl(part, head[0] == 0xfe) || !wide && bytes.ContainsFunc(part, controlByte) {
			return ErrMismatch
		}
	}
	return nil
}

// controlByte answers for single bytes; bytes above 0x7f read as U+FFFD or as
// letters and pass.
func controlByte(r rune) bool {
	return r == 0x7f || r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f'
}

func wideControl(part []byte, bigEndian bool) bool {
	for i := 0; i+1 < len(part); i += 2 {
		unit := rune(part[i]) | rune(part[i+1])<<8
		if bigEndian {
			unit = rune(part[i])<<8 | rune(part[i+1])
		}
		if !utf16.IsSurrogate(unit) && controlByte(unit) {
			return true
		}
	}
	return false
}

// source reads the upload and remembers the first failure that is not simply the
// end, so that a bad disk is not mistaken for a bad file.
type source struct {
	r    io.ReaderAt
	size int64
	err  error
}

// ReadAt implements io.ReaderAt. A crafted archive can make its reader ask for
// places outside the file; that is the file's fault and not remembered.
func (s *source) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 {
		return 0, io.ErrUnexpectedEOF
	}
	if s.r == nil {
		s.err = errors.New("no content given")
		return 0, s.err
	}
	n, err := s.r.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) && s.err == nil {
		s.err = err
	}
	return n, err
}

// at reads up to n bytes from an offset; fewer at the end or after a failure.
func (s *source) at(offset int64, n int) []byte {
	if offset < 0 || offset >= s.size {
		return nil
	}
	b := make([]byte, min(int64(n), s.size-offset))
	got, _ := s.ReadAt(b, offset)
	return b[:got]
}

// reader reads the upload from its beginning.
func (s *source) reader() io.Reader { return io.NewSectionReader(s, 0, s.size) }
