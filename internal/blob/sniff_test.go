package blob

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
)

// entry is one file of a test archive.
type entry struct{ name, content string }

func zipOf(t testing.TB, list ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range list {
		w, err := z.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// office builds the entries of a smallest package of a kind.
func office(kind Kind, main string) []entry {
	return []entry{
		{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?>` +
			`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/` + main + `" ContentType="` + kind.MediaType() + `.main+xml"/></Types>`},
		{"_rels/.rels", "<Relationships/>"},
		{main, "<document/>"},
	}
}

func docx(t testing.TB, more ...entry) []byte {
	return zipOf(t, append(office(DOCX, "word/document.xml"), more...)...)
}

func ofd(t testing.TB, root string) []byte {
	return zipOf(t, entry{"OFD.xml", root}, entry{"Doc_0/Document.xml", "<x/>"})
}

// oleOf builds a compound file whose root holds the named streams.
func oleOf(names ...string) []byte {
	b := make([]byte, 4*512)
	copy(b, oleMagic)
	le := binary.LittleEndian
	le.PutUint16(b[26:], 3)
	le.PutUint16(b[28:], 0xfffe)
	le.PutUint16(b[30:], 9)
	le.PutUint32(b[44:], 1)
	le.PutUint32(b[48:], 1) // directory begins in sector 1
	le.PutUint32(b[68:], oleEnd)
	for i := range oleInHeader {
		le.PutUint32(b[76+4*i:], 0xffffffff)
	}
	le.PutUint32(b[76:], 0) // table in sector 0
	table, dir := b[512:1024], b[1024:]
	le.PutUint32(table, 0xfffffffd)
	le.PutUint32(table[4:], 2) // the directory takes two sectors
	le.PutUint32(table[8:], oleEnd)
	put := func(i int, kind byte, name string, right, child uint32) {
		e := dir[128*i:]
		units := utf16.Encode([]rune(name))
		for j, u := range units {
			le.PutUint16(e[2*j:], u)
		}
		le.PutUint16(e[64:], uint16(2*len(units)+2))
		e[66] = kind
		le.PutUint32(e[68:], 0xffffffff)
		le.PutUint32(e[72:], right)
		le.PutUint32(e[76:], child)
	}
	put(0, 5, "Root Entry", 0xffffffff, 1)
	for i, name := range names {
		right := uint32(0xffffffff)
		if i+1 < len(names) {
			right = uint32(i + 2)
		}
		put(i+1, 2, name, right, 0xffffffff)
	}
	return b
}

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		for y := range 30 {
			m.Set(x, y, color.RGBA{uint8(x * 6), uint8(y * 8), 99, 255})
		}
	}
	return m
}

func encoded(t testing.TB, kind Kind) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case JPG:
		err = jpeg.Encode(&b, picture(), nil)
	case PNG:
		err = png.Encode(&b, picture())
	case GIF:
		err = gif.Encode(&b, picture(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sniff(name string, content []byte) (Kind, error) {
	return Sniff(name, content[:min(len(content), 512)], bytes.NewReader(content), int64(len(content)))
}

func utf16Text(text string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// good lists a sound file for every kind.
func good(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"提案.pdf":    []byte("%PDF-1.7\n%…"),
		"提案.docx":   docx(t),
		"提案2.docx":  zipOf(t, office(DOCX, "word/document2.xml")...),
		"名单.XLSX":   zipOf(t, office(XLSX, "xl/workbook.xml")...),
		"汇报.pptx":   zipOf(t, office(PPTX, "ppt/presentation.xml")...),
		"提案.doc":    oleOf("1Table", "WordDocument"),
		"名单.xls":    oleOf("Workbook"),
		"老名单.xls":   oleOf("Book"),
		"汇报.ppt":    oleOf("PowerPoint Document"),
		"提案.wps":    oleOf("WordDocument", "0Table"),
		"公文.ofd":    ofd(t, `<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>`),
		"照片.png":    encoded(t, PNG),
		"照片.jpg":    encoded(t, JPG),
		"照片2.JPEG":  encoded(t, JPG),
		"图.gif":     encoded(t, GIF),
		"说明.txt":    []byte("第一行\r\n\t第二行\f"),
		"gbk.txt":   {0xd5, 0xc5, 0xd2, 0xb4, '\n'},
		"utf16.txt": utf16Text("张掖\r\n😀"),
	}
}

func TestSniffTakesSoundFiles(t *testing.T) {
	t.Parallel()
	for name, content := range good(t) {
		want, _ := KindOf(name)
		got, err := sniff(name, content)
		if got != want || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		// Without a head it reads for itself.
		if got, err := Sniff(name, nil, bytes.NewReader(content), int64(len(content))); got != want || err != nil {
			t.Errorf("%s without head: %q, %v", name, got, err)
		}
		if want.MediaType() == "application/octet-stream" {
			t.Errorf("%s: no media type", name)
		}
	}
}

// Every sound file under every other kind's name must be refused.
func TestSniffRefusesOtherNames(t *testing.T) {
	t.Parallel()
	same := map[[2]Kind]bool{{DOC, WPS}: true, {WPS, DOC}: true}
	for name, content := range good(t) {
		is, _ := KindOf(name)
		for as := range kinds() {
			if as == is || same[[2]Kind{is, as}] || as == TXT && is == PDF {
				continue // a PDF of printable signs alone is also text
			}
			if got, err := sniff("x."+string(as), content); !errors.Is(err, ErrMismatch) || got != "" {
				t.Errorf("%s as %s: %q, %v", name, as, got, err)
			}
		}
	}
}

func TestSniffRefusesKinds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"a.zip", "a.svg", "a.html", "a.htm", "a.exe", "a.pdf.exe", "a.docm", "a.webp", "a.js", "a", "", ".", "a.", "a.pdf ", "a.pdf\x00", "a.rar", "a.xml",
	} {
		if got, err := sniff(name, []byte("%PDF-1.7")); !errors.Is(err, ErrKind) || got != "" {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	if Kind("x").MediaType() != "application/octet-stream" || DOCX.Image() || !GIF.Image() {
		t.Error("kinds")
	}
	if err := check("x", nil, nil); !errors.Is(err, ErrKind) {
		t.Error(err)
	}
}

func TestSniffRefusesBrokenAndHostile(t *testing.T) {
	t.Parallel()
	sound := docx(t)
	damaged := bytes.Clone(sound)
	damaged[bytes.Index(damaged, []byte("_rels/.rels"))+14] ^= 0xff
	symlink := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, e := range office(DOCX, "word/document.xml") {
			w, _ := z.Create(e.name)
			_, _ = io.WriteString(w, e.content)
		}
		h := &zip.FileHeader{Name: "word/link"}
		h.SetMode(0o120777) // overwritten below with a link's own bits
		h.ExternalAttrs = 0o120777 << 16
		h.CreatorVersion = 3 << 8
		w, _ := z.CreateHeader(h)
		_, _ = io.WriteString(w, "/etc/passwd")
		_ = z.Close()
		return b.Bytes()
	}()
	locked := bytes.Clone(sound)
	locked[bytes.Index(locked, []byte("PK\x01\x02"))+8] |= 1
	var many []entry
	for i := range maxEntries {
		many = append(many, entry{fmt.Sprintf("e/%d", i), ""})
	}
	lying := bytes.Clone(sound) // says it packs more bytes than the file has
	binary.LittleEndian.PutUint32(lying[bytes.Index(lying, []byte("PK\x01\x02"))+20:], 1<<30)
	cyclic := oleOf("WordDocument")
	binary.LittleEndian.PutUint32(cyclic[512+8:], 1) // the directory's chain bites its tail
	far := oleOf("WordDocument")
	binary.LittleEndian.PutUint32(far[48:], 1<<31)
	shift := oleOf("WordDocument")
	shift[30] = 30
	cases := []struct {
		name    string
		content []byte
		want    error
	}{
		{"empty.txt", nil, ErrMismatch},
		{"nul.txt", []byte("a\x00b"), ErrMismatch},
		{"escape.txt", []byte("a\x1b[31m"), ErrMismatch},
		{"late.txt", append(bytes.Repeat([]byte("x"), 70_000), 0), ErrMismatch},
		{"odd.txt", []byte{0xff, 0xfe, 'a'}, ErrMismatch},
		{"nulwide.txt", []byte{0xff, 0xfe, 0, 0}, ErrMismatch},
		{"big.txt", []byte{0xfe, 0xff, 0, 7}, ErrMismatch},
		{"late.pdf", []byte("<html>%PDF-1.7"), ErrMismatch},
		{"cut.docx", sound[:len(sound)-30], ErrMismatch},
		{"front.docx", append([]byte("MZ"), sound...), ErrMismatch},
		{"damaged.docx", damaged, ErrMismatch},
		{"locked.docx", locked, ErrMismatch},
		{"macro.docx", docx(t, entry{"word/vbaProject.bin", "x"}), ErrMismatch},
		{"noindex.docx", zipOf(t, entry{"word/document.xml", "x"}), ErrMismatch},
		{"norels.docx", zipOf(t, office(DOCX, "d.xml")[0], office(DOCX, "d.xml")[2]), ErrMismatch},
		{"nomain.docx", zipOf(t, office(DOCX, "d.xml")[:2]...), ErrMismatch},
		{"badindex.docx", zipOf(t, entry{"[Content_Types].xml", "<no"}, entry{"_rels/.rels", ""}), ErrMismatch},
		{"plainzip.docx", zipOf(t, entry{"a.txt", "x"}), ErrMismatch},
		{"root.ofd", ofd(t, "<Other/>"), ErrMismatch},
		{"bad.ofd", ofd(t, "not xml"), ErrMismatch},
		{"none.ofd", zipOf(t, entry{"a.xml", "<OFD/>"}), ErrMismatch},
		{"up.docx", docx(t, entry{"../evil", "x"}), ErrBomb},
		{"deepup.docx", docx(t, entry{"word/../../evil", "x"}), ErrBomb},
		{"root.docx", docx(t, entry{"/evil", "x"}), ErrBomb},
		{"back.docx", docx(t, entry{`word\..\evil`, "x"}), ErrBomb},
		{"drive.docx", docx(t, entry{"C:evil", "x"}), ErrBomb},
		{"twice.docx", docx(t, entry{"WORD/document.xml", "x"}), ErrBomb},
		{"symlink.docx", symlink, ErrBomb},
		{"many.docx", docx(t, many...), ErrBomb},
		{"lying.docx", lying, ErrBomb},
		{"bomb.docx", docx(t, entry{"a", strings.Repeat("\x00", freeUnpacked)}), ErrBomb},
		{"cut.doc", oleOf("WordDocument")[:700], ErrMismatch},
		{"short.doc", oleOf("WordDocument")[:100], ErrMismatch},
		{"msi.doc", oleOf("䡀㼿䕷䑬"), ErrMismatch},
		{"cyclic.doc", cyclic, ErrMismatch},
		{"far.doc", far, ErrMismatch},
		{"shift.doc", shift, ErrMismatch},
		{"locked2.docx", oleOf("EncryptedPackage"), ErrMismatch},
		{"cut.png", encoded(t, PNG)[:20], ErrMismatch},
		{"huge.png", hugePNG(), ErrBomb},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := sniff(c.name, c.content)
			if !errors.Is(err, c.want) || got != "" {
				t.Fatalf("%q, %v; want %v", got, err, c.want)
			}
		})
	}
}

// More records than an honest directory holds are counted before loading.
func TestCountEntries(t *testing.T) {
	t.Parallel()
	// Marks of four bytes at every fifth place also fall across borders.
	content := bytes.Repeat([]byte("PK\x01\x02-"), 2*maxEntries)
	in := &source{r: bytes.NewReader(content), size: int64(len(content))}
	if err := countEntries(in); err != nil {
		t.Errorf("%d records: %v", 2*maxEntries, err)
	}
	content = append(content, "PK\x01\x02"...)
	in = &source{r: bytes.NewReader(content), size: int64(len(content))}
	if err := countEntries(in); !errors.Is(err, ErrBomb) {
		t.Errorf("one more: %v", err)
	}
}

func TestEmptyTablesMayPackWell(t *testing.T) {
	t.Parallel()
	content := docx(t, entry{"word/x.xml", strings.Repeat("<c/>", 1<<20)})
	if _, err := sniff("a.docx", content); err != nil {
		t.Fatal(err)
	}
}

// A directory in the second list of the table, as large presentations have it.
func TestOLEFarTable(t *testing.T) {
	t.Parallel()
	le := binary.LittleEndian
	small := oleOf("WordDocument")
	const dirAt = oleInHeader*128 + 5 // a sector the 110th table sector describes
	b := make([]byte, (dirAt+4)<<9)
	copy(b, small[:512])
	le.PutUint32(b[48:], dirAt)
	le.PutUint32(b[68:], 10)                       // list of table sectors in sector 10
	le.PutUint32(b[11<<9:], 11)                    // whose first names sector 11
	le.PutUint32(b[12<<9+4*5:], dirAt+1)           // the directory's chain
	le.PutUint32(b[12<<9+4*6:], oleEnd)            //
	copy(b[(dirAt+1)<<9:], small[1024:1024+2*512]) // the directory itself
	if got, err := sniff("a.doc", b); got != DOC || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	le.PutUint32(b[68:], oleEnd)
	if _, err := sniff("a.doc", b); !errors.Is(err, ErrMismatch) {
		t.Fatal(err)
	}
}

// hugePNG is a header that promises 100,000 by 100,000 pixels.
func hugePNG() []byte {
	b := []byte(pngMagic + "\x00\x00\x00\x0dIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00")
	return binary.BigEndian.AppendUint32(b, crcOf(b[12:]))
}

func TestImageSize(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{PNG, JPG, GIF} {
		w, h, err := ImageSize(kind, bytes.NewReader(encoded(t, kind)), 1200)
		if w != 40 || h != 30 || err != nil {
			t.Errorf("%s: %d×%d, %v", kind, w, h, err)
		}
		if _, _, err := ImageSize(kind, bytes.NewReader(encoded(t, kind)), 1199); !errors.Is(err, ErrBomb) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, _, err := ImageSize(PNG, bytes.NewReader(encoded(t, GIF)), 9999); !errors.Is(err, ErrMismatch) {
		t.Error(err)
	}
}

// A disk that fails is not the sender's fault.
func TestSniffTellsFailureToRead(t *testing.T) {
	t.Parallel()
	disk := errors.New("disk failure")
	for _, name := range []string{"a.docx", "a.doc", "a.png", "a.txt", "a.ofd"} {
		_, err := Sniff(name, good(t)["提案"+name[1:]], failing{disk}, 1<<20)
		if !errors.Is(err, disk) || errors.Is(err, ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Sniff(name, nil, nil, 100); err == nil || errors.Is(err, ErrMismatch) {
			t.Errorf("%s without content: %v", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func TestCleanName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"提案.docx":                         "提案.docx",
		`C:\Users\张三\提案.docx`:             "提案.docx",
		"../../etc/passwd":                "passwd",
		"a\u202efdp.exe":                  "afdp.exe",
		"a\x00b\r\nc.txt":                 "abc.txt",
		"a\u200bb\u3000c.txt":             "ab c.txt",
		`a<b>:"c|?*.txt`:                  "a_b___c___.txt",
		" .hidden. ":                      "hidden",
		"":                                "file",
		"///":                             "file",
		"\u202e":                          "file",
		strings.Repeat("长", 200) + ".pdf": strings.Repeat("长", nameLimit-4) + ".pdf",
	} {
		if got := CleanName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzSniff(f *testing.F) {
	for name, content := range good(f) {
		f.Add(name, content)
	}
	f.Add("a.png", hugePNG())
	f.Add("a.doc", oleOf())
	f.Add("a.docx", docx(f, entry{"../evil", "x"}))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		kind, err := sniff(name, content)
		if (err == nil) == (kind == "") {
			t.Fatalf("%q, %v", kind, err)
		}
		if err != nil && !errors.Is(err, ErrKind) && !errors.Is(err, ErrMismatch) && !errors.Is(err, ErrBomb) {
			t.Fatalf("no reason a person can act on: %v", err)
		}
		if got := CleanName(name); CleanName(got) != got || strings.ContainsAny(got, "/\\\x00") {
			t.Fatalf("name %q cleaned to %q", name, got)
		}
	})
}
