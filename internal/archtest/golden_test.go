package archtest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Run `go test ./internal/archtest -update` after a change that was meant, and
// read the difference in the review.
var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file of testdata (or of the path given).
func golden(t *testing.T, path, got string) {
	t.Helper()
	if !strings.Contains(path, "/") {
		path = filepath.Join("testdata", path)
	}
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // a file of the repository
			t.Fatal(err)
		}
		return
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := string(raw)
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		a, b := line(g, i), line(w, i)
		if a != b {
			t.Fatalf("%s differs at line %d:\n  now  %s\n  file %s\nIf the change is meant: go test ./internal/archtest -update", path, i+1, a, b)
		}
	}
}

func line(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "(nothing)"
}
