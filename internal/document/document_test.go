package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/blob"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/testkit"
)

// folderOwner is a thing of the test: the author attaches until it is closed,
// the office reads, nobody else knows of it.
type folderOwner struct {
	mu     sync.Mutex
	author string
	closed bool
	files  int
	bytes  int64
}

func (o *folderOwner) MayAttach(l *app.Look, id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case id != "F1":
		return fault.New(fault.NotFound, "fault.not-found")
	case l.Who().Is(access.Office):
		return fault.New(fault.Forbidden, "access.denied")
	case l.Who().PersonID != o.author:
		return fault.New(fault.NotFound, "fault.not-found")
	case o.closed:
		return fault.New(fault.Closed, "fault.stale")
	}
	return nil
}

func (o *folderOwner) MayRead(l *app.Look, id string) error {
	if id == "F1" && (l.Who().PersonID == o.author || l.Who().Is(access.Office)) {
		return nil
	}
	return fault.New(fault.NotFound, "fault.not-found")
}

func (o *folderOwner) Limits(*app.Look) (int, int64, error) { return o.files, o.bytes, nil }

func each(t *testing.T, f func(t *testing.T, w *testkit.World, o *folderOwner)) {
	t.Helper()
	shared := &switchOwner{}
	testkit.EachDB(t, []app.Module{document.Module()}, []any{document.Owners{"folder": shared}}, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		o := &folderOwner{author: w.Members[0].PersonID, files: 3, bytes: 1 << 20}
		shared.add(w.CommitteeID, o)
		f(t, w, o)
	})
}

// switchOwner finds the owner of the world that asks: both engines share parts.
type switchOwner struct{ of sync.Map }

func (s *switchOwner) add(committee string, o *folderOwner) { s.of.Store(committee, o) }

func (s *switchOwner) get(l *app.Look) document.Owner {
	o, ok := s.of.Load(l.Who().CommitteeID)
	if !ok {
		return &folderOwner{}
	}
	return o.(document.Owner)
}
func (s *switchOwner) MayAttach(l *app.Look, id string) error { return s.get(l).MayAttach(l, id) }
func (s *switchOwner) MayRead(l *app.Look, id string) error   { return s.get(l).MayRead(l, id) }
func (s *switchOwner) Limits(l *app.Look) (int, int64, error) { return s.get(l).Limits(l) }

func upload(t *testing.T, w *testkit.World, who access.Actor, name, content string) (document.AttachOut, error) {
	t.Helper()
	got, err := document.Receive(t.Context(), w.App, name, strings.NewReader(content), document.MostBytes)
	if err != nil {
		return document.AttachOut{}, err
	}
	out, err := document.Attach.Do(t.Context(), w.App, who, document.AttachIn{Kind: "folder", ID: "F1", Sums: []string{got.Sum()}, Files: []document.Received{got}})
	if e := document.Abandon(t.Context(), w.App, got); e != nil {
		t.Fatal(e)
	}
	return out, err
}

func blobs(t *testing.T, w *testkit.World) (n int) {
	t.Helper()
	if err := w.Blobs.Each(t.Context(), countInto(&n)); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFileIsAttachedListedReadAndRemoved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World, _ *folderOwner) {
		author := w.Members[0]
		out, err := upload(t, w, author, `C:\材料\调研报告.txt`, "城区停车难的调研情况")
		if err != nil {
			t.Fatal(err)
		}
		f := out.Files[0]
		if f.Name != "调研报告.txt" || f.Type != "text/plain" || f.Scan != "not-scanned" {
			t.Errorf("kept as %+v", f)
		}
		for _, who := range []access.Actor{author, w.Office} {
			l, err := document.Listing.Do(t.Context(), w.App, who, document.ListIn{Kind: "folder", ID: "F1"})
			if err != nil || len(l.Files) != 1 || l.Files[0].ByName != author.Name || l.MayAttach != (who.PersonID == author.PersonID) {
				t.Errorf("%s sees %+v, %v", who.Name, l, err)
			}
		}
		got, err := document.Show.Do(t.Context(), w.App, w.Office, document.FileIn{ID: f.ID})
		if err != nil {
			t.Fatal(err)
		}
		body, err := w.Blobs.Get(t.Context(), got.Ref())
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := io.ReadAll(body); string(text) != "城区停车难的调研情况" {
			t.Errorf("read %q", text)
		}
		for _, who := range []access.Actor{w.Members[1], w.SysAdmin, w.Auditor, w.Stranger, {}} {
			if _, err := document.Show.Do(t.Context(), w.App, who, document.FileIn{ID: f.ID}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s may read: %v", who.Name, err)
			}
			if _, err := document.Remove.Do(t.Context(), w.App, who, document.RemoveIn{ID: f.ID}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s may remove: %v", who.Name, err)
			}
		}
		if _, err := document.Remove.Do(t.Context(), w.App, w.Office, document.RemoveIn{ID: f.ID}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a reader removes: %v", err)
		}
		if _, err := document.Remove.Do(t.Context(), w.App, author, document.RemoveIn{ID: f.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := document.Remove.Do(t.Context(), w.App, author, document.RemoveIn{ID: f.ID}); !fault.Is(err, fault.NotFound) {
			t.Errorf("removed twice: %v", err)
		}
		if _, err := document.Show.Do(t.Context(), w.App, author, document.FileIn{ID: f.ID}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a removed file is still shown: %v", err)
		}
		if _, err := upload(t, w, author, "again.txt", "城区停车难的调研情况"); err != nil {
			t.Errorf("what was removed may be added again: %v", err)
		}
	})
}

func TestWhatIsRefusedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World, o *folderOwner) {
		author := w.Members[0]
		cases := []struct {
			name, file, content, key string
			kind                     fault.Kind
			who                      access.Actor
		}{
			{"a web page", "页面.html", "<script>1</script>", "document.kind", fault.Invalid, author},
			{"a program under another name", "报告.pdf", "MZ\x90\x00", "document.mismatch", fault.Invalid, author},
			{"nothing", "空.txt", "", "document.mismatch", fault.Invalid, author},
			{"over the limit", "大.txt", strings.Repeat("字", 1<<20), "document.too-large", fault.Invalid, author},
			{"a marked text", "情况.txt", "关于某事的报告\n机密★5年\n正文", "document.marked", fault.Invalid, author},
			{"a marked name", "绝密-方案.txt", "正文", "document.marked", fault.Invalid, author},
			{"an archive of nothing", "报告.docx", "PK\x03\x04", "document.mismatch", fault.Invalid, author},
			{"a reader", "好.txt", "正文", "access.denied", fault.Forbidden, w.Office},
			{"a stranger", "好.txt", "正文", "fault.not-found", fault.NotFound, w.Stranger},
			{"an administrator", "好.txt", "正文", "fault.not-found", fault.NotFound, w.SysAdmin},
		}
		for _, c := range cases {
			_, err := upload(t, w, c.who, c.file, c.content)
			if f := fault.From(err); err == nil || f.Key != c.key || f.Kind != c.kind {
				t.Errorf("%s: %v", c.name, err)
			}
			if n := blobs(t, w); n != 0 {
				t.Fatalf("%s: %d files stay in the store", c.name, n)
			}
		}
		o.mu.Lock()
		o.closed = true
		o.mu.Unlock()
		if _, err := upload(t, w, author, "晚.txt", "正文"); !fault.Is(err, fault.Closed) {
			t.Errorf("after the end: %v", err)
		}
		l, err := document.Listing.Do(t.Context(), w.App, author, document.ListIn{Kind: "folder", ID: "F1"})
		if err != nil || l.MayAttach {
			t.Errorf("a closed thing is still read: %+v, %v", l, err)
		}
		for _, in := range []document.ListIn{{Kind: "folder", ID: "F2"}, {Kind: "nothing", ID: "F1"}, {}, {Kind: "folder", ID: strings.Repeat("x", 5000)}} {
			if _, err := document.Listing.Do(t.Context(), w.App, author, in); !fault.Is(err, fault.NotFound) {
				t.Errorf("%.20v: %v", in, err)
			}
		}
	})
}

func TestNotMoreFilesThanAllowedAndNoneTwice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World, _ *folderOwner) {
		author := w.Members[0]
		if _, err := upload(t, w, author, "一.txt", "一"); err != nil {
			t.Fatal(err)
		}
		if _, err := upload(t, w, author, "又一.txt", "一"); fault.From(err).Key != "document.twice" {
			t.Errorf("the same content: %v", err)
		}
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() { _, _ = upload(t, w, author, fmt.Sprint(i, ".txt"), fmt.Sprint("内容", i)) })
		}
		wg.Wait()
		l, err := document.Listing.Do(t.Context(), w.App, author, document.ListIn{Kind: "folder", ID: "F1"})
		if err != nil || len(l.Files) > 3 || len(l.Files) < 2 {
			t.Fatalf("%d files, %v", len(l.Files), err)
		}
		if n := blobs(t, w); n != len(l.Files) {
			t.Errorf("%d files in the store for %d attachments", n, len(l.Files))
		}
		if _, err := document.Attach.Do(t.Context(), w.App, author, document.AttachIn{Kind: "folder", ID: "F1"}); fault.From(err).Key != "document.none" {
			t.Errorf("no file: %v", err)
		}
	})
}

func TestARepetitionHasOneEffect(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World, _ *folderOwner) {
		author := testkit.Keyed(w.Members[0], "k1")
		first, err := upload(t, w, author, "一.txt", "一")
		if err != nil {
			t.Fatal(err)
		}
		again, err := upload(t, w, author, "一.txt", "一")
		if err != nil || again.Files[0].ID != first.Files[0].ID {
			t.Errorf("a repetition answered %+v, %v", again, err)
		}
		if _, err := upload(t, w, author, "二.txt", "二"); !fault.Is(err, fault.Conflict) {
			t.Errorf("another file under the same key: %v", err)
		}
		if n := blobs(t, w); n != 1 {
			t.Errorf("%d files in the store", n)
		}
	})
}

func TestAPictureLosesItsPlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World, _ *folderOwner) {
		out, err := upload(t, w, w.Members[0], "现场.jpg", photo(t, "GPS 39.9 116.4"))
		if err != nil {
			t.Fatal(err)
		}
		f, err := document.Show.Do(t.Context(), w.App, w.Members[0], document.FileIn{ID: out.Files[0].ID})
		if err != nil {
			t.Fatal(err)
		}
		body, err := w.Blobs.Get(t.Context(), f.Ref())
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(body)
		if bytes.Contains(b, []byte("GPS")) || int64(len(b)) != f.Size {
			t.Error("the place is still in the picture, or the size is another")
		}
	})
}

// photo is a small JPEG with a note in an APP1 segment.
func photo(t *testing.T, note string) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	segment := append([]byte("Exif\x00\x00"), note...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(segment)+2))
	return string(append(append(head, segment...), b.Bytes()[2:]...))
}

func TestAScannerIsAskedAndObeyed(t *testing.T) {
	t.Parallel()
	scanner := blob.Scanner(func(_ context.Context, r io.Reader) (blob.Verdict, error) {
		b, err := io.ReadAll(r)
		switch {
		case bytes.Contains(b, []byte("坏")):
			return blob.Verdict{Finding: blob.Infected, Engine: "test", Threat: "X"}, err
		case bytes.Contains(b, []byte("聋")):
			return blob.Verdict{}, errors.New("no answer")
		}
		return blob.Verdict{Finding: blob.Clean, Engine: "test"}, err
	})
	testkit.EachDB(t, []app.Module{document.Module()}, []any{document.Owners{}, scanner}, func(t *testing.T, h *testkit.House) {
		good, err := document.Receive(t.Context(), h.App, "好.txt", strings.NewReader("好"), 0)
		if err != nil || good.Scan != "clean" {
			t.Errorf("%+v, %v", good, err)
		}
		if _, err := document.Receive(t.Context(), h.App, "坏.txt", strings.NewReader("坏"), 0); fault.From(err).Key != "document.infected" {
			t.Errorf("infected: %v", err)
		}
		if _, err := document.Receive(t.Context(), h.App, "聋.txt", strings.NewReader("聋"), 0); !fault.Is(err, fault.Unavailable) {
			t.Errorf("no answer: %v", err)
		}
	})
}

// docx packs parts into a Word document good enough for Sniff.
func docx(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>`,
		"word/document.xml":   `<w:document xmlns:w="w"><w:body/></w:document>`,
	}
	for n, p := range parts {
		all[n] = p
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, p := range all {
		f, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func paragraph(runs ...string) string {
	var b strings.Builder
	b.WriteString(`<w:document xmlns:w="w"><w:body><w:p>`)
	for _, r := range runs {
		b.WriteString("<w:r><w:t>" + r + "</w:t></w:r>")
	}
	return b.String() + "</w:p></w:body></w:document>"
}

func TestAMarkIsFoundWhereverWordKeepsIt(t *testing.T) {
	t.Parallel()
	places := map[string]string{
		"word/document.xml":  paragraph("机", "密", "★", "5年"),
		"word/header1.xml":   paragraph("秘密★"),
		"word/footer2.xml":   paragraph("绝密"),
		"word/footnotes.xml": paragraph("密级：机密"),
		"word/comments.xml":  paragraph("此件为机密件"),
		"docProps/core.xml":  `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>绝密★方案</dc:title></cp:coreProperties>`,
	}
	testkit.EachDB(t, []app.Module{document.Module()}, []any{document.Owners{}}, func(t *testing.T, h *testkit.House) {
		for part, content := range places {
			_, err := document.Receive(t.Context(), h.App, "报告.docx", bytes.NewReader(docx(t, map[string]string{part: content})), 0)
			if fault.From(err).Key != "document.marked" {
				t.Errorf("%s: %v", part, err)
			}
		}
		got, err := document.Receive(t.Context(), h.App, "报告.docx", bytes.NewReader(docx(t, map[string]string{"word/document.xml": paragraph("保守国家秘密，保护商业秘密")})), 0)
		if err != nil || got.Type == "" {
			t.Errorf("an ordinary document: %v", err)
		}
	})
}
