package testkit_test

import (
	"testing"

	"tongxin/internal/testkit"
)

func TestAWorldStandsOnBothEngines(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		if len(w.Members) != 5 || w.Members[0].Post.BodyName == "" {
			t.Errorf("members %+v", w.Members)
		}
		if err := h.App.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		n, found, err := h.App.Verify(t.Context(), h.Checkpoints())
		if err != nil || len(found) > 0 || n == 0 {
			t.Errorf("verified %d entries: %v %v", n, found, err)
		}
	})
}
