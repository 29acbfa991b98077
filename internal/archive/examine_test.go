package archive_test

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"tongxin/internal/app"
	"tongxin/internal/archive"
	"tongxin/internal/seal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

func examine(b []byte, keys ...seal.PublicKey) *archive.Examined {
	return archive.Examine(bytes.NewReader(b), int64(len(b)), keys)
}

// keysOf are the public keys of the city's installation.
func (w *city) keysOf() []seal.PublicKey {
	k, _ := app.PartOf[*seal.Keeper](w.App)
	return k.PublicKeys()
}

func severe(x *archive.Examined, key string) bool {
	for _, f := range x.Findings {
		if f.Severity == archive.Severe && f.Key == key {
			return true
		}
	}
	return false
}

func TestEveryFlippedByteIsFound(t *testing.T) {
	t.Parallel()
	h := testkit.Open(t, store.SQLite, modules(), parts()) // the bytes do not depend on the engine
	w := &city{World: testkit.NewWorld(t, h), t: t}
	id := w.closed("关于加装电梯的提案", [2]string{"数据.txt", "走访三个小区"})
	w.archived(id)
	whole := w.bytes(id, 1)
	if x := examine(whole, w.keysOf()...); !x.Sound() || !x.Known || x.Process == nil || x.Manifest.CaseID != id {
		t.Fatalf("the file itself does not hold: %v", x.Findings)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		at, bit := r.IntN(len(whole)), byte(1)<<r.IntN(8)
		whole[at] ^= bit
		if examine(whole).Sound() { // with trusted keys even more is asked
			t.Fatalf("bit %d of byte %d of %d was flipped and not found", bit, at, len(whole))
		}
		whole[at] ^= bit
	}
	for name, b := range map[string][]byte{"cut": whole[:len(whole)-1], "longer": append(bytes.Clone(whole), 0), "before": append([]byte{'x'}, whole...), "empty": {}, "other": []byte("PK\x03\x04 no package")} {
		if examine(b).Sound() {
			t.Errorf("%s: not found", name)
		}
	}
}

func TestWhoSignedMatters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案")
		w.archived(id)
		whole := w.bytes(id, 1)
		other, err := seal.Memory()
		must(t, err)
		x := examine(whole, other.PublicKey())
		if x.Sound() || x.Known || !severe(x, "archive.verify.stranger") {
			t.Errorf("signed by a stranger: %v", x.Findings)
		}
		x = examine(whole)
		if !x.Sound() || x.Known || x.Fingerprint != archive.Fingerprint(w.keysOf()[0]) || len(x.Fingerprint) != 79 {
			t.Errorf("without keys: %v %q", x.Findings, x.Fingerprint)
		}
	})
}

// TestHostilePackages: nothing outside the list is read, and no name leads
// anywhere.
func TestHostilePackages(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../../etc/passwd", "/etc/passwd", `..\x`, "a//b", "a/./b", "a/../b", "", "x\x00y", "x\ny", "c:evil", "a\u202eb", strings.Repeat("x", 500)} {
		if archive.Safe(name) {
			t.Errorf("%q passes as a member", name)
		}
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		must(t, err)
		_, err = f.Write([]byte("x"))
		must(t, err)
		must(t, z.Close())
		if examine(b.Bytes()).Sound() {
			t.Errorf("a package with %q holds", name)
		}
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range []string{"manifest.json", "signature.json"} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Store})
		must(t, err)
		_, err = f.Write([]byte("{}"))
		must(t, err)
	}
	must(t, z.Close())
	if x := examine(b.Bytes()); x.Sound() {
		t.Errorf("an empty manifest holds: %v", x.Findings)
	}
}

func TestNamesOfAttachmentsLeadNowhere(t *testing.T) {
	t.Parallel()
	for uploaded, want := range map[string]string{
		"调研报告.docx":                       "attachments/002-01-调研报告.docx",
		"../../../etc/passwd.txt":         "attachments/002-01-passwd.txt",
		`..\..\evil.txt`:                  "attachments/002-01-evil.txt",
		"a\x00b\n\u202efdp.txt":           "attachments/002-01-abfdp.txt",
		"<script>alert(1)</script>.txt":   "attachments/002-01-script_.txt",
		strings.Repeat("长", 100) + ".pdf": "attachments/002-01-" + strings.Repeat("长", 40) + ".pdf",
		"...":                             "attachments/002-01-file",
		"CON.txt":                         "attachments/002-01-CON.txt",
	} {
		if got := archive.MemberName(uploaded); got != want || !archive.Safe(got) {
			t.Errorf("%q becomes %q, want %q", uploaded, got, want)
		}
	}
}

func TestNumbersAreWrittenAsTheStandardSays(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		fonds, class string
		running      int64
		want         string
	}{{"A001", "y30", 1, "A001-WS·2026·D30-0001"}, {"A001", "permanent", 12345, "A001-WS·2026·Y-12345"}, {"", "y10", 7, "WS·2026·D10-0007"}, {"A001", "own", 7, "A001-WS·2026·OWN-0007"}} {
		if got := archive.NumberOf(x.fonds, 2026, x.class, x.running); got != x.want {
			t.Errorf("%+v is written %s", x, got)
		}
	}
}

// TestTheSameRecordsGiveTheSameBytes, whoever asks and however often.
func TestTheSameRecordsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案", [2]string{"数据.txt", "走访三个小区"}, [2]string{"说明.txt", "说明"})
		first, err := archive.Bytes(t.Context(), w.App, w.Office, "proposal", id)
		must(t, err)
		for range 3 {
			again, err := archive.Bytes(t.Context(), w.App, w.Office, "proposal", id)
			must(t, err)
			if !bytes.Equal(first, again) {
				t.Fatal("the same records gave other bytes")
			}
		}
		if !examine(first, w.keysOf()...).Sound() {
			t.Error("the bytes do not hold")
		}
	})
}
