package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"tongxin/internal/blob"
	"tongxin/internal/clock"
	"tongxin/internal/i18n"
	"tongxin/internal/profile"
	"tongxin/internal/seal"
)

// binder puts one file together. It reads and writes no database.
type binder struct {
	d         *Dossier
	process   *Process
	words     i18n.Words
	rules     *profile.ArchiveRules
	committee string
	number    number
	edition   int64
	cause     string
	reason    string
	by        string // who archives
	at        clock.Instant
	blobs     blob.Store
	scanner   blob.Scanner
	keys      *seal.Keeper

	parts   []part
	members []Member
	found   findings
}

// bind makes every member, checks them, and signs the list. What is wrong stands
// in found; an error is a mistake of ours or of the disk.
func (b *binder) bind(look func(*binder) error) error {
	b.d.Papers = append(b.d.Papers, b.process.paper())
	for i, p := range b.d.Papers {
		name := fmt.Sprintf("papers/%03d-%s", i+1, p.Code)
		b.put(name+".html", p.Title, p.Code, sheet(p.Title, b.foot(p), p.Blocks))
		b.put(name+".txt", p.Title, p.Code, text(p.Title, b.foot(p), p.Blocks))
	}
	if err := b.putJSON(processName, "办理过程（可核验）", b.process); err != nil {
		return err
	}
	if err := look(b); err != nil { // attachments, and every check
		return err
	}
	b.put(metadataName, "元数据", "", b.metadata())
	return b.close()
}

// foot is the line below a paper: where it belongs.
func (b *binder) foot(p Paper) string {
	parts := []string{"档号 " + b.number.String(), b.d.Reference}
	if p.Number != "" {
		parts = append(parts, "文号 "+p.Number)
	}
	if p.By != "" {
		parts = append(parts, "责任者 "+p.By)
	}
	if !p.At.IsZero() {
		parts = append(parts, "形成时间 "+moment(p.At))
	}
	return strings.Join(parts, "　")
}

// close writes report, manifest and signature.
func (b *binder) close() error {
	if err := b.putJSON(reportJSON, "自检报告（数据）", b.report()); err != nil {
		return err
	}
	b.put(reportHTML, "自检报告", "", sheet("归档自检报告", b.foot(Paper{At: b.at}), b.reportBlocks()))
	sortMembers(b.members)
	m := Manifest{Format: format, ArchiveNumber: b.number.String(), Edition: b.edition, Committee: b.committee, CommitteeID: b.d.CommitteeID, Kind: b.d.Kind, CaseID: b.d.ID,
		Reference: plain(b.d.Reference), Title: plain(b.d.Title), Retention: b.number.Retention, At: b.at, Members: b.members}
	manifest, err := m.bytes()
	if err != nil {
		return err
	}
	_, signed, err := sign(b.keys, manifest)
	if err != nil {
		return err
	}
	b.add(manifestName, manifest)
	b.add(signatureName, signed)
	return nil
}

// put adds a member that we made and lists it.
func (b *binder) put(name, title, code string, content []byte) {
	b.add(name, content)
	sum := sha256.Sum256(content)
	b.members = append(b.members, Member{name, plain(title), code, mediaOf(name), int64(len(content)), hex.EncodeToString(sum[:])})
}

func (b *binder) putJSON(name, title string, v any) error {
	content, err := pretty(v)
	if err == nil {
		b.put(name, title, "", content)
	}
	return err
}

// add adds a member to the package.
func (b *binder) add(name string, content []byte) {
	b.parts = append(b.parts, part{name, int64(len(content)), crc32.ChecksumIEEE(content), func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}})
}

// mediaOf is the media type of a member that we made.
func mediaOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".xml":
		return "application/xml"
	default:
		return "application/json"
	}
}

// nameAtMost is the longest name of an attachment in the file, in bytes, so that
// every file system can unpack it.
const nameAtMost = 120

// memberName is the name of an attachment within the file: our own beginning,
// then what is left of the uploaded name when everything that could lead
// somewhere else is taken away.
func memberName(paper, no int, uploaded string) string {
	name := blob.CleanName(plain(uploaded))
	ending := path.Ext(name)
	if len(ending) > 10 {
		ending = ""
	}
	stem := strings.TrimSuffix(name, ending)
	for len(stem) > nameAtMost {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	return fmt.Sprintf("attachments/%03d-%02d-%s%s", paper+1, no, stem, ending)
}

// digest says what papers and attachments of a case are, so that a change
// between looking and writing is seen, and whether there is anything new.
func (d *Dossier) digest() (string, error) {
	type fileMark struct{ ID, SHA256 string }
	marks := []fileMark{}
	for _, f := range d.Files {
		marks = append(marks, fileMark{f.ID, f.SHA256})
	}
	b, err := json.Marshal([]any{d.Header, d.Papers, marks})
	if err != nil {
		return "", fmt.Errorf("read the papers of %s: %w", d.ID, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
