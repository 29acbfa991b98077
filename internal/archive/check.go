package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tongxin/internal/blob"
	"tongxin/internal/document"
)

// inspect returns what binder.bind asks between making papers and closing:
// it adds the attachments and runs every check.
func inspect(ctx context.Context) func(*binder) error {
	return func(b *binder) error {
		b.checkRecord()
		if err := b.attach(ctx); err != nil {
			return err
		}
		b.checkPapers()
		b.checkMembers()
		b.checkMetadata()
		return nil
	}
}

// checkRecord: is the record of acts what was written, and linked?
func (b *binder) checkRecord() {
	wrong, waiting := 0, 0
	for _, a := range b.process.Acts {
		switch a.wrong {
		case "":
		case "unsealed":
			waiting++
		default:
			wrong++
		}
	}
	n := len(b.process.Acts)
	b.found.check(n > 0, Authenticity, Severe, "archive.check.acts", "archive.check.acts.none", "n", n)
	b.found.check(wrong == 0, Authenticity, Severe, "archive.check.chain", "archive.check.chain.wrong", "n", n-wrong-waiting, "wrong", wrong)
	if waiting > 0 {
		b.found.add(Authenticity, Note, "archive.check.unsealed", "n", waiting)
	}
	nobody := 0
	for _, p := range b.d.Papers {
		if p.By == "" {
			nobody++
		}
	}
	b.found.check(nobody == 0, Authenticity, Warning, "archive.check.authors", "archive.check.authors.missing", "n", nobody)
}

// checkPapers: is every paper there that the record speaks of?
func (b *binder) checkPapers() {
	for _, e := range b.d.Expect {
		if e.Want == 0 && e.Have == 0 {
			continue
		}
		word := b.words.T("archive.paper." + e.Code)
		switch {
		case e.Have < e.Want:
			b.found.add(Integrity, Severe, "archive.check.paper.missing", "paper", word, "want", e.Want, "have", e.Have)
		case e.Have > e.Want:
			b.found.add(Integrity, Warning, "archive.check.paper.more", "paper", word, "want", e.Want, "have", e.Have)
		default:
			b.found.add(Integrity, Passed, "archive.check.paper", "paper", word, "have", e.Have)
		}
	}
	have := map[string]bool{}
	for _, p := range b.d.Papers {
		have[p.Code] = true
	}
	for _, code := range []string{PaperReview, PaperDispatch, PaperReply} {
		if !have[code] {
			b.found.add(Integrity, Severe, "archive.check.paper.none", "paper", b.words.T("archive.paper."+code))
		}
	}
	for _, o := range b.d.Open {
		b.found.add(Integrity, Warning, "archive.check.open", "what", b.words.T(o.Key, o.Pairs()...))
	}
}

// checkMembers: can what we wrote be read, and is it harmless?
func (b *binder) checkMembers() {
	unreadable, active, marked := 0, 0, 0
	for _, p := range b.parts {
		if !strings.HasPrefix(p.name, "papers/") {
			continue
		}
		content, err := contentOf(p)
		if err != nil || !utf8.Valid(content) {
			unreadable++
			continue
		}
		if strings.HasSuffix(p.name, ".html") {
			if readable, harmless := harmlessPage(content); !readable || !harmless {
				active++
			}
		}
	}
	for _, p := range b.d.Papers {
		for _, m := range document.Marks(p.said()) {
			marked++
			b.found.add(Safety, Severe, "archive.check.marked", "paper", p.Title, "mark", m.Text)
		}
	}
	n := len(b.d.Papers)
	b.found.check(unreadable == 0, Usability, Severe, "archive.check.text", "archive.check.text.wrong", "n", n, "wrong", unreadable)
	b.found.check(active == 0, Safety, Severe, "archive.check.pages", "archive.check.pages.wrong", "n", n, "wrong", active)
	if marked == 0 {
		b.found.add(Safety, Passed, "archive.check.unmarked", "n", n)
	}
}

// checkMetadata: is what every file must say about itself known?
func (b *binder) checkMetadata() {
	b.found.check(b.number.Fonds != "", Integrity, Warning, "archive.check.fonds", "archive.check.fonds.missing", "fonds", b.number.Fonds)
	d := b.d
	complete := d.Title != "" && d.Reference != "" && len(d.Proposers) > 0 && len(d.Units) > 0 && !d.FiledAt.IsZero() && !d.ClosedAt.IsZero() && b.committee != ""
	b.found.check(complete, Integrity, Severe, "archive.check.metadata", "archive.check.metadata.missing")
}

// attach adds the attachments, each looked at as an upload is.
func (b *binder) attach(ctx context.Context) error {
	no := map[int]int{}
	sound := 0
	for _, f := range b.d.Files {
		no[f.Paper]++
		ok, err := b.attachOne(ctx, f, memberName(f.Paper, no[f.Paper], f.Name))
		if err != nil {
			return err
		}
		if ok {
			sound++
		}
	}
	if len(b.d.Files) > 0 {
		b.found.check(sound == len(b.d.Files), Integrity, Severe, "archive.check.attachments", "archive.check.attachments.wrong", "n", len(b.d.Files), "sound", sound)
	}
	return nil
}

// attachOne adds one attachment and tells whether it is there as recorded.
func (b *binder) attachOne(ctx context.Context, f Attached, name string) (bool, error) {
	in, err := b.blobs.Get(ctx, f.Ref())
	if errors.Is(err, blob.ErrNotFound) {
		b.found.add(Integrity, Severe, "archive.check.attachment.gone", "name", f.Name)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("open attachment %s: %w", f.ID, err)
	}
	defer func() { _ = in.Close() }()
	sum, crc := sha256.New(), crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(sum, crc), in)
	if err != nil {
		return false, fmt.Errorf("read attachment %s: %w", f.ID, err)
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	sound := digest == f.SHA256 && n == f.Size
	if !sound {
		b.found.add(Integrity, Severe, "archive.check.attachment.changed", "name", f.Name)
	}
	b.parts = append(b.parts, part{name, n, crc.Sum32(), func() (io.ReadCloser, error) { return b.blobs.Get(ctx, f.Ref()) }})
	b.members = append(b.members, Member{name, plain(f.Name), b.d.Papers[f.Paper].Code, f.Type, n, digest})
	return sound, b.judge(ctx, f, in, n)
}

// judge looks at the content of an attachment: kind, marks, malicious code.
func (b *binder) judge(ctx context.Context, f Attached, in io.ReadSeeker, size int64) error {
	at, ok := in.(io.ReaderAt)
	if !ok {
		at = seeker{in}
	}
	kind, err := blob.Sniff(f.Name, nil, at, size)
	switch {
	case errors.Is(err, blob.ErrBomb):
		b.found.add(Safety, Severe, "archive.check.attachment.harmful", "name", f.Name)
	case err != nil:
		b.found.add(Usability, Severe, "archive.check.attachment.kind", "name", f.Name)
	default:
		b.found.check(slices.Contains(lasting(), kind), Usability, Note, "archive.check.attachment.format", "archive.check.attachment.fleeting", "name", f.Name)
	}
	marks := document.MarksInName(f.Name)
	if said, err := document.TextOf(kind, at, size); err == nil {
		marks = append(marks, document.Marks(said)...)
	}
	if len(marks) > 0 {
		b.found.add(Safety, Severe, "archive.check.marked", "paper", f.Name, "mark", marks[0].Text)
	}
	if hasTestVirus(at, size) {
		b.found.add(Safety, Severe, "archive.check.infected", "name", f.Name)
		return nil
	}
	v, err := b.scanner(ctx, io.NewSectionReader(at, 0, size))
	switch {
	case err != nil:
		b.found.add(Safety, Warning, "archive.check.scan-failed", "name", f.Name)
	case v.Finding == blob.Infected:
		b.found.add(Safety, Severe, "archive.check.infected", "name", f.Name)
	case v.Finding == blob.NotScanned:
		b.found.add(Safety, Note, "archive.check.not-scanned", "name", f.Name)
	default:
		b.found.add(Safety, Passed, "archive.check.scanned", "name", f.Name)
	}
	return nil
}

// lasting are the formats that are fit to be kept; others are taken and marked.
func lasting() []blob.Kind {
	return []blob.Kind{blob.PDF, blob.OFD, blob.DOCX, blob.XLSX, blob.WPS, blob.DOC, blob.XLS, blob.TXT, blob.JPG, blob.PNG}
}

// testVirus is the name in the harmless file with which scanners are tested.
const testVirus = "EICAR-STANDARD-ANTIVIRUS" + "-TEST-FILE"

func hasTestVirus(in io.ReaderAt, size int64) bool {
	head := make([]byte, min(size, 4096))
	n, _ := in.ReadAt(head, 0)
	return bytes.Contains(head[:n], []byte(testVirus))
}

// seeker reads at offsets where only seeking is offered.
type seeker struct{ io.ReadSeeker }

// ReadAt implements io.ReaderAt for one reader at a time.
func (s seeker) ReadAt(p []byte, at int64) (int, error) {
	if _, err := s.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.ReadSeeker, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

func contentOf(p part) ([]byte, error) {
	in, err := p.open()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(in)
	return b, errors.Join(err, in.Close())
}

// harmlessPage reads one of our pages as XML: it must be well-formed, and hold
// nothing that runs or loads.
func harmlessPage(content []byte) (readable, harmless bool) {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.Entity = xml.HTMLEntity
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return true, true
		}
		if err != nil {
			return false, false
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if slices.Contains([]string{"script", "iframe", "object", "embed", "link", "form", "img", "svg", "base"}, strings.ToLower(e.Name.Local)) {
			return true, false
		}
		for _, a := range e.Attr {
			name := strings.ToLower(a.Name.Local)
			if strings.HasPrefix(name, "on") || name == "href" || name == "src" || name == "style" {
				return true, false
			}
		}
	}
}
