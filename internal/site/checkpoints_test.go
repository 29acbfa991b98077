package site

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tongxin/internal/audit"
	"tongxin/internal/seal"
)

// TestATornCheckpointSpoilsNoLaterOne: a power cut may leave the last line torn anywhere.
// It is told, and what is kept afterwards is read well.
func TestATornCheckpointSpoilsNoLaterOne(t *testing.T) {
	t.Parallel()
	keys, err := seal.Memory()
	if err != nil {
		t.Fatal(err)
	}
	c := &Checkpoints{Path: filepath.Join(t.TempDir(), "marks.jsonl"), keys: keys}
	keep := func(seq int64) {
		t.Helper()
		if err := c.Keep(audit.Head{CommitteeID: "c", Seq: seq, ChainHash: fmt.Sprintf("hash-%d", seq)}); err != nil {
			t.Fatal(err)
		}
	}
	size := func() int64 {
		t.Helper()
		info, err := os.Stat(c.Path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	keep(1)
	first := size()
	keep(2)
	whole := size()
	for _, at := range []int64{first + 1, (first + whole) / 2, whole - 1, 5} {
		if err := os.Truncate(c.Path, at); err != nil {
			t.Fatal(err)
		}
		kept := 1
		if at < first {
			kept = 0
		}
		heads, torn, err := c.Read()
		// Without its last sign alone a line is still whole.
		if err != nil || !torn && at != whole-1 || torn && len(heads) != kept {
			t.Errorf("torn at %d of %d: %d heads, torn %v, %v", at, whole, len(heads), torn, err)
		}
		keep(3)
		heads, torn, err = c.Read()
		if err != nil || torn || len(heads) != kept+1 || heads[kept].Seq != 3 {
			t.Errorf("kept after a tear at %d: %v, torn %v, %v", at, heads, torn, err)
		}
		if err := os.Remove(c.Path); err != nil {
			t.Fatal(err)
		}
		keep(1)
		keep(2)
	}
}
