package id_test

import (
	"sort"
	"testing"

	"tongxin/internal/id"
)

func TestIdsMadeLaterSortLater(t *testing.T) {
	t.Parallel()
	var ids []string
	for range 10_000 {
		ids = append(ids, id.New())
	}
	if !sort.StringsAreSorted(ids) {
		t.Error("ids made one after another do not sort in that order")
	}
}

func TestRandomIdsHideTheirOrder(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	rising := 0
	last := ""
	for range 2000 {
		x := id.Random()
		if len(x) != 26 || seen[x] {
			t.Fatalf("id %q: want 26 letters, each id once", x)
		}
		if x > last {
			rising++
		}
		seen[x], last = true, x
	}
	if rising < 850 || rising > 1150 {
		t.Errorf("%d of 2000 ids rise: the order of making shows", rising)
	}
}
