package blob

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Limits on packed documents. A long booklet with pictures stays far below them.
const (
	maxEntries  = 10_000
	maxUnpacked = 512 << 20 // bytes, all entries together
	maxRatio    = 150       // unpacked to packed, once freeUnpacked is passed
	// freeUnpacked may be reached at any ratio: empty tables pack very well.
	freeUnpacked = 32 << 20
	// maxIndex is how much of a list of contents is read.
	maxIndex = 4 << 20
)

// checkOffice takes a package of Office Open XML whose list of contents names the
// main part of the right sort, which exists, and which carries no macros: the
// endings we take promise that.
func checkOffice(kind Kind, head []byte, in *source) error {
	files, err := openArchive(head, in)
	if err != nil {
		return err
	}
	index := files["[content_types].xml"]
	if index == nil || files["_rels/.rels"] == nil {
		return ErrMismatch
	}
	for name := range files {
		if strings.HasSuffix(name, "vbaproject.bin") {
			return fmt.Errorf("%w: contains macros", ErrMismatch)
		}
	}
	main, err := mainPart(kind, index)
	if err != nil {
		return err
	}
	if files[strings.ToLower(strings.TrimPrefix(main, "/"))] == nil {
		return fmt.Errorf("%w: main part is missing", ErrMismatch)
	}
	return nil
}

// mainPart finds the part whose content type makes the package a document, a
// workbook or a presentation. Its name is not fixed; some programs write
// document2.xml.
func mainPart(kind Kind, index *zip.File) (string, error) {
	want := kind.MediaType() + ".main+xml"
	var list struct {
		XMLName  xml.Name `xml:"Types"`
		Override []struct {
			PartName    string `xml:"PartName,attr"`
			ContentType string `xml:"ContentType,attr"`
		}
	}
	if err := readXML(index, func(d *xml.Decoder) error { return d.Decode(&list) }); err != nil {
		return "", err
	}
	for _, o := range list.Override {
		if strings.EqualFold(o.ContentType, want) {
			return o.PartName, nil
		}
	}
	return "", fmt.Errorf("%w: no main part of this kind", ErrMismatch)
}

// checkOFD takes a package whose OFD.xml has the root element OFD (GB/T 33190).
func checkOFD(head []byte, in *source) error {
	files, err := openArchive(head, in)
	if err != nil {
		return err
	}
	if files["ofd.xml"] == nil {
		return ErrMismatch
	}
	var root struct{ XMLName xml.Name }
	if err := readXML(files["ofd.xml"], func(d *xml.Decoder) error { return d.Decode(&root) }); err != nil {
		return err
	}
	if root.XMLName.Local != "OFD" {
		return ErrMismatch
	}
	return nil
}

func readXML(f *zip.File, read func(*xml.Decoder) error) error {
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: entry cannot be read", ErrMismatch)
	}
	err = read(xml.NewDecoder(io.LimitReader(in, maxIndex)))
	if errors.Join(err, in.Close()) != nil {
		return fmt.Errorf("%w: entry cannot be read", ErrMismatch)
	}
	return nil
}

// openArchive checks a zip file whole, entry by entry, and answers its files by
// name in lower case.
func openArchive(head []byte, in *source) (map[string]*zip.File, error) {
	if err := checkStart(head, "PK\x03\x04"); err != nil {
		return nil, err
	}
	if err := countEntries(in); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(in, in.size)
	if errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("%w: unsafe entry name", ErrBomb)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: not a whole archive", ErrMismatch)
	}
	files, err := checkEntries(z.File, in.size)
	if err != nil {
		return nil, err
	}
	return files, unpackAll(z.File, in.size)
}

// countEntries counts directory records before the directory is loaded, because
// loading millions of them is itself the attack. Nested documents add a few.
func countEntries(in *source) error {
	mark := []byte("PK\x01\x02")
	const step = 64 * 1024
	count := 0
	for at := int64(0); at < in.size; at += step {
		// Three bytes of overlap find a mark that lies across the border.
		part := in.at(at, step+len(mark)-1)
		count += bytes.Count(part, mark)
		if count > 2*maxEntries {
			return fmt.Errorf("%w: too many entries", ErrBomb)
		}
	}
	return nil
}

// checkEntries judges names and declared sizes.
func checkEntries(list []*zip.File, size int64) (map[string]*zip.File, error) {
	if len(list) > maxEntries {
		return nil, fmt.Errorf("%w: too many entries", ErrBomb)
	}
	files := make(map[string]*zip.File, len(list))
	var packed uint64
	for _, f := range list {
		if err := checkEntry(f); err != nil {
			return nil, err
		}
		name := strings.ToLower(f.Name)
		if files[name] != nil {
			// Programs differ in which of the two they open.
			return nil, fmt.Errorf("%w: two entries of one name", ErrBomb)
		}
		files[name] = f
		packed += f.CompressedSize64
		if f.CompressedSize64 > uint64(size) || packed > uint64(size) {
			return nil, fmt.Errorf("%w: entries overlap", ErrBomb)
		}
	}
	return files, nil
}

func checkEntry(f *zip.File) error {
	// A name in an old Chinese encoding is not unsafe for that.
	name := strings.TrimSuffix(strings.ToValidUTF8(f.Name, "_"), "/")
	unsafe := func(r rune) bool { return r < ' ' || r == '\\' || r == ':' || r == 0x7f }
	if !fs.ValidPath(name) || name == "." || strings.ContainsFunc(name, unsafe) {
		return fmt.Errorf("%w: unsafe entry name", ErrBomb)
	}
	if mode := f.Mode(); !mode.IsRegular() && !mode.IsDir() {
		return fmt.Errorf("%w: entry is neither file nor folder", ErrBomb)
	}
	const encrypted = 1
	if f.Flags&encrypted != 0 || f.Method != zip.Store && f.Method != zip.Deflate {
		return fmt.Errorf("%w: entry cannot be read", ErrMismatch)
	}
	return nil
}

// unpackAll unpacks every entry into nothing, counting: declared sizes can lie,
// and a broken checksum shows a damaged upload while its sender is still there.
func unpackAll(list []*zip.File, size int64) error {
	allowed := min(int64(maxUnpacked), max(freeUnpacked, size*maxRatio))
	for _, f := range list {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return fmt.Errorf("%w: entry cannot be read", ErrMismatch)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(in, allowed+1))
		_ = in.Close() // nothing was written; a failure shows in err
		allowed -= n
		if allowed < 0 {
			return fmt.Errorf("%w: unpacks to too much", ErrBomb)
		}
		if err != nil {
			return fmt.Errorf("%w: entry is damaged", ErrMismatch)
		}
	}
	return nil
}
