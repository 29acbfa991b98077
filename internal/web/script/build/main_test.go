package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The committed outputs are what the sources give.
func TestOutputsAreFresh(t *testing.T) {
	t.Parallel()
	if err := run("..", true); err != nil {
		t.Fatal(err)
	}
}

// A stale output is told apart from a fresh one, with the command that mends it.
func TestStaleOutputIsNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tongxin.js")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := settle(path, []byte("new"), true)
	if err == nil || !strings.Contains(err.Error(), "go generate") {
		t.Fatalf("settle = %v, want a sentence that names go generate", err)
	}
	if err := settle(path, []byte("old"), true); err != nil {
		t.Fatalf("settle of a fresh output = %v", err)
	}
}

// A mistake in a source is an error with its place, not an empty file.
func TestBundleNamesTheMistake(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "index.ts")
	if err := os.WriteFile(path, []byte("const = ;"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bundle(path); err == nil || !strings.Contains(err.Error(), "index.ts") {
		t.Fatalf("bundle = %v, want an error that names index.ts", err)
	}
}
