package module_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"tongxin/e2e/module"
)

// Other people's files are what the list says they are, and none is missing from it.
func TestVendoredFilesAreAsListed(t *testing.T) {
	t.Parallel()
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(root, "testdata")
	text, err := os.ReadFile(filepath.Join(folder, "VENDORED.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct{ Name, Version, Licence, File, SHA256, Use string }
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"VENDORED.json": true}
	for _, entry := range list {
		listed[entry.File] = true
		if entry.Name == "" || entry.Version == "" || entry.Licence == "" || entry.Use == "" {
			t.Errorf("%s: the entry is incomplete", entry.File)
		}
		content, err := os.ReadFile(filepath.Join(folder, entry.File))
		if err != nil {
			t.Error(err)
			continue
		}
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); got != entry.SHA256 {
			t.Errorf("%s: sha256 is %s, the list says %s", entry.File, got, entry.SHA256)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !listed[file.Name()] {
			t.Errorf("%s is not in VENDORED.json", file.Name())
		}
	}
}
