package identity

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCellsOfASheetComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.String().Draw(t, "cell")
		guarded := guard(cell)
		if guarded != "" && guarded != cell && guarded[0] != '\'' {
			t.Fatalf("%q is guarded as %q", cell, guarded)
		}
		if guarded != "" && (guarded[0] == '=' || guarded[0] == '+' || guarded[0] == '-' || guarded[0] == '@') {
			t.Fatalf("%q begins a formula", guarded)
		}
		if back := Unguard(guarded); back != cell {
			t.Fatalf("%q comes back as %q", cell, back)
		}
	})
}
