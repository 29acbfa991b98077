package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"tongxin/internal/seal"
)

// Examined is what the examination of a file found.
type Examined struct {
	Manifest    Manifest
	Process     *Process // nil when it cannot be read
	Findings    []Finding
	Key         seal.PublicKey // with which it was signed
	Fingerprint string
	Known       bool // the key is one of those given
}

// Sound reports whether nothing severe was found.
func (e *Examined) Sound() bool { return findings(e.Findings).count(Severe) == 0 }

// Examine checks a file without any installation: that it is a package of ours,
// that every member is the one that was listed and signed, and that not one byte
// differs from what the package would be if it were made again. keys are the
// public keys that are trusted; without any, the key inside says only that
// nothing was changed since somebody signed it, and its fingerprint must be
// compared.
func Examine(r io.ReaderAt, size int64, keys []seal.PublicKey) *Examined {
	x := &examiner{r: r, size: size, members: map[string]*zip.File{}, out: &Examined{}}
	x.run(keys)
	x.out.Findings = x.found
	return x.out
}

type examiner struct {
	r       io.ReaderAt
	size    int64
	files   []*zip.File
	members map[string]*zip.File
	found   findings
	out     *Examined
}

// mostListed bounds the members of ours that are read into memory, in bytes.
const mostListed = 64 << 20

func (x *examiner) run(keys []seal.PublicKey) {
	if !x.open() {
		return
	}
	manifest, ok := x.read(manifestName)
	signed, ok2 := x.read(signatureName)
	if !ok || !ok2 {
		x.found.add(Authenticity, Severe, "archive.verify.no-manifest")
		return
	}
	x.signature(manifest, signed, keys)
	if err := json.Unmarshal(manifest, &x.out.Manifest); err != nil || x.out.Manifest.Format != format {
		x.found.add(Usability, Severe, "archive.verify.format")
		return
	}
	if again, err := x.out.Manifest.bytes(); err != nil || !bytes.Equal(again, manifest) {
		x.found.add(Authenticity, Severe, "archive.verify.manifest-form")
	}
	x.listed()
	x.same()
	x.readable()
}

// open reads the directory of the package; names that lead elsewhere are never
// used.
func (x *examiner) open() bool {
	z, err := zip.NewReader(x.r, x.size)
	if err != nil || len(z.File) > mostMembers {
		x.found.add(Usability, Severe, "archive.verify.unreadable")
		return false
	}
	for _, f := range z.File {
		if !safeName(f.Name) || x.members[f.Name] != nil {
			x.found.add(Safety, Severe, "archive.verify.name", "name", plain(f.Name))
			return false
		}
		if f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 || f.UncompressedSize64 > uint64(x.size) {
			x.found.add(Usability, Severe, "archive.verify.packed", "name", f.Name)
			return false
		}
		x.members[f.Name], x.files = f, append(x.files, f)
	}
	return true
}

// safeName: our own names lead nowhere.
func safeName(name string) bool {
	if name == "" || len(name) > 400 || !utf8.ValidString(name) || plain(name) != name || strings.ContainsAny(name, "\\:\n\t") || strings.HasPrefix(name, "/") {
		return false
	}
	for p := range strings.SplitSeq(name, "/") {
		if p == "" || p == "." || p == ".." {
			return false
		}
	}
	return true
}

// read reads a member of ours whole.
func (x *examiner) read(name string) ([]byte, bool) {
	f := x.members[name]
	if f == nil || f.UncompressedSize64 > mostListed {
		return nil, false
	}
	in, err := f.Open()
	if err != nil {
		return nil, false
	}
	b, err := io.ReadAll(io.LimitReader(in, mostListed+1))
	return b, errors.Join(err, in.Close()) == nil
}

// signature checks who signed the list of members.
func (x *examiner) signature(manifest, signed []byte, keys []seal.PublicKey) {
	var s signature
	err := json.Unmarshal(signed, &s)
	again, err2 := pretty(s)
	inside, err3 := s.public()
	if errors.Join(err, err2, err3) != nil || !bytes.Equal(again, signed) {
		x.found.add(Authenticity, Severe, "archive.verify.signature-form")
		return
	}
	x.out.Key, x.out.Fingerprint = inside, Fingerprint(inside)
	if !s.holds(inside, manifest) {
		x.found.add(Authenticity, Severe, "archive.verify.signature")
		return
	}
	for _, k := range keys {
		if k.Suite == inside.Suite && k.KeyID == inside.KeyID && bytes.Equal(k.Key, inside.Key) {
			x.out.Known = true
		}
	}
	switch {
	case x.out.Known:
		x.found.add(Authenticity, Passed, "archive.verify.signed", "key", s.Key)
	case len(keys) > 0:
		x.found.add(Authenticity, Severe, "archive.verify.stranger", "key", s.Key)
	default:
		x.found.add(Authenticity, Note, "archive.verify.own-key", "fingerprint", x.out.Fingerprint)
	}
}

// listed compares every member with the list, and the list with the members.
func (x *examiner) listed() {
	seen := map[string]bool{manifestName: true, signatureName: true}
	wrong := 0
	for _, m := range x.out.Manifest.Members {
		seen[m.Name] = true
		switch f := x.members[m.Name]; {
		case f == nil:
			wrong++
			x.found.add(Integrity, Severe, "archive.verify.gone", "name", plain(m.Name))
		case !x.matches(f, m):
			wrong++
			x.found.add(Authenticity, Severe, "archive.verify.changed", "name", plain(m.Name))
		}
	}
	for _, f := range x.files {
		if !seen[f.Name] {
			wrong++
			x.found.add(Integrity, Severe, "archive.verify.added", "name", f.Name)
		}
	}
	if wrong == 0 {
		x.found.add(Integrity, Passed, "archive.verify.members", "n", len(x.out.Manifest.Members))
	}
}

func (x *examiner) matches(f *zip.File, m Member) bool {
	in, err := f.Open()
	if err != nil {
		return false
	}
	sum := sha256.New()
	n, err := io.Copy(sum, in)
	return errors.Join(err, in.Close()) == nil && n == m.Size && hex.EncodeToString(sum.Sum(nil)) == m.SHA256
}

// same packs the members again and compares byte by byte, so that nothing hides
// between them.
func (x *examiner) same() {
	parts := make([]part, len(x.files))
	for i, f := range x.files {
		parts[i] = part{f.Name, int64(f.UncompressedSize64), f.CRC32, f.Open}
	}
	c := &comparer{r: x.r}
	if err := pack(c, parts, x.out.Manifest.At.Time); err != nil || c.at != x.size {
		x.found.add(Authenticity, Severe, "archive.verify.bytes", "at", c.at)
		return
	}
	x.found.add(Authenticity, Passed, "archive.verify.same", "n", x.size)
}

// comparer compares what is written to it with what is there.
type comparer struct {
	r   io.ReaderAt
	at  int64
	buf [64 << 10]byte
}

// Write fails at the first difference.
func (c *comparer) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		part := p[done:min(done+len(c.buf), len(p))]
		n, err := c.r.ReadAt(c.buf[:len(part)], c.at)
		if n < len(part) || !bytes.Equal(part, c.buf[:len(part)]) {
			return done, errors.Join(errChanged, err)
		}
		c.at += int64(len(part))
		done += len(part)
	}
	return done, nil
}

// readable opens what programs and people have to read.
func (x *examiner) readable() {
	wrong := 0
	for _, f := range x.files {
		switch {
		case strings.HasPrefix(f.Name, "attachments/"):
			continue
		case !x.parses(f.Name):
			wrong++
			x.found.add(Usability, Severe, "archive.verify.broken", "name", f.Name)
		}
	}
	if wrong == 0 {
		x.found.add(Usability, Passed, "archive.verify.readable", "n", len(x.files))
	}
	b, ok := x.read(processName)
	p := &Process{}
	if ok && json.Unmarshal(b, p) == nil {
		x.out.Process = p
	}
}

func (x *examiner) parses(name string) bool {
	b, ok := x.read(name)
	switch {
	case !ok || !utf8.Valid(b):
		return false
	case strings.HasSuffix(name, ".json"):
		return json.Valid(b)
	case strings.HasSuffix(name, ".html"):
		readable, harmless := harmlessPage(b)
		return readable && harmless
	case strings.HasSuffix(name, ".xml"):
		return wellFormed(b)
	}
	return true
}

func wellFormed(b []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return true
		} else if err != nil {
			return false
		}
	}
}
