package organization_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/testkit"
)

// sacks is a burden of our own: bodies and how much waits with them.
type sacks map[string]int

func (s sacks) Open(_ *app.Look, bodyID string) (int, string, string, error) {
	return s[bodyID], "organization.end.burdened", "/sacks", nil
}

// history runs a test in a small committee in which bodies may have work.
func history(t *testing.T, f func(t *testing.T, w *testkit.World, open sacks)) {
	t.Helper()
	for _, e := range testkit.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			open := sacks{}
			f(t, testkit.NewWorld(t, testkit.Open(t, e, nil, []any{organization.Burdens{open}})), open)
		})
	}
}

func act[In any, S app.Subject, Out any](t *testing.T, h *testkit.House, a *app.Action[In, S, Out], who access.Actor, in In) Out {
	t.Helper()
	out, err := a.Do(t.Context(), h.App, who, in)
	if err != nil {
		t.Fatalf("%s: %v", a.Name(), err)
	}
	return out
}

func story(t *testing.T, w *testkit.World, id string) organization.Story {
	t.Helper()
	s, err := organization.TheStory.Do(t.Context(), w.App, w.Office, organization.BodyID{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func heir(t *testing.T, w *testkit.World, id string) organization.Body {
	t.Helper()
	b, err := look(t, w.House, w.Office, func(l *app.Look) (organization.Body, error) { return organization.HeirOf(l, id) })
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestABodyIsRenamed(t *testing.T) {
	t.Parallel()
	history(t, func(t *testing.T, w *testkit.World, _ sacks) {
		unit := w.Bodies["unitA"]
		good := organization.RenameBodyIn{ID: unit, Name: "市住房和城乡建设委员会", ShortName: "市住建委", On: "2026-01-10", Reference: "云编办〔2026〕3号", Version: 1}
		for _, x := range []struct {
			what   string
			who    access.Actor
			change func(*organization.RenameBodyIn)
			field  string
			key    string
		}{
			{"by the office", w.Office, func(*organization.RenameBodyIn) {}, "", "organization.only-system-admin"},
			{"by the security administrator", w.SecAdmin, func(*organization.RenameBodyIn) {}, "", "organization.only-system-admin"},
			{"by a stranger", w.Stranger, func(*organization.RenameBodyIn) {}, "", "fault.not-found"},
			{"nothing", w.SysAdmin, func(in *organization.RenameBodyIn) { in.Name = " \t" }, "name", "organization.needed"},
			{"no document", w.SysAdmin, func(in *organization.RenameBodyIn) { in.Reference = "" }, "reference", "organization.needed"},
			{"the same", w.SysAdmin, func(in *organization.RenameBodyIn) { in.Name = "市住房和城乡建设局" }, "name", "organization.rename.same"},
			{"another's", w.SysAdmin, func(in *organization.RenameBodyIn) { in.Name = "市财政局" }, "name", "organization.body.exists"},
			{"tomorrow", w.SysAdmin, func(in *organization.RenameBodyIn) { in.On = "2026-01-13" }, "on", "organization.change.when"},
			{"before it began", w.SysAdmin, func(in *organization.RenameBodyIn) { in.On = "2020-12-31" }, "on", "organization.change.when"},
			{"no day at all", w.SysAdmin, func(in *organization.RenameBodyIn) { in.On = "2026-02-30" }, "on", "web.not-a-date"},
			{"stale", w.SysAdmin, func(in *organization.RenameBodyIn) { in.Version = 9 }, "", "fault.stale"},
			{"nowhere", w.SysAdmin, func(in *organization.RenameBodyIn) { in.ID = "x" }, "", "fault.not-found"},
		} {
			in := good
			x.change(&in)
			if _, err := organization.RenameBody.Do(t.Context(), w.App, x.who, in); key(err, x.field) != x.key {
				t.Errorf("%s: %v, want %s", x.what, err, x.key)
			}
		}
		act(t, w.House, organization.RenameBody, w.SysAdmin, good)
		act(t, w.House, organization.RenameBody, w.SysAdmin, organization.RenameBodyIn{ID: unit, Name: "市住建城管委", Reference: "2号", Version: 2})
		s := story(t, w, unit)
		if s.Name != "市住建城管委" || len(s.Former) != 2 || s.Former[0].Name != good.Name || s.Former[1].Name != "市住房和城乡建设局" || s.Former[1].To != "2026-01-09" || s.Former[1].Reference != good.Reference {
			t.Errorf("the story: %+v", s)
		}
		for day, want := range map[string]string{"2025-12-31": "市住房和城乡建设局", "2026-01-09": "市住房和城乡建设局", "2026-01-10": good.Name, "2026-01-11": good.Name, "2026-01-12": "市住建城管委", "2027-01-01": "市住建城管委"} {
			name, err := look(t, w.House, w.Office, func(l *app.Look) (string, error) { return organization.NameOn(l, unit, day) })
			if err != nil || name != want {
				t.Errorf("on %s it is called %s (%v), want %s", day, name, err, want)
			}
		}
		for _, q := range []string{"住房和城乡建设局", "住建委", "城管"} {
			list, err := organization.BodyList.Do(t.Context(), w.App, w.Office, organization.BodiesIn{Kind: "unit", Q: q})
			if err != nil || len(list) != 1 || list[0].ID != unit {
				t.Errorf("looking for %s: %+v %v", q, list, err)
			}
		}
		if list, err := organization.BodyList.Do(t.Context(), w.App, w.Office, organization.BodiesIn{Kind: "unit", Q: "%"}); err != nil || len(list) != 0 {
			t.Errorf("looking for a per cent sign: %+v %v", list, err)
		}
		facts := peek[string](t, w.House, "SELECT body FROM fact WHERE kind = 'body.renamed' ORDER BY position")
		if len(facts) != 2 {
			t.Errorf("facts: %v", facts)
		}
		// A slip of the pen leaves no former name, but those who copied the name hear of it.
		act(t, w.House, organization.ChangeBody, w.SysAdmin, organization.ChangeBodyIn{ID: unit, Name: "市住建城管局", Channel: "government", Version: 3})
		act(t, w.House, organization.ChangeBody, w.SysAdmin, organization.ChangeBodyIn{ID: unit, Name: "市住建城管局", Channel: "party", Version: 4})
		if s := story(t, w, unit); len(s.Former) != 2 {
			t.Errorf("a correction is kept as a name: %+v", s.Former)
		}
		if n := peek[int](t, w.House, "SELECT COUNT(*) FROM fact WHERE kind = 'body.renamed'"); n[0] != 3 {
			t.Errorf("%d facts", n[0])
		}
	})
}

func TestBodiesAreMerged(t *testing.T) {
	t.Parallel()
	history(t, func(t *testing.T, w *testkit.World, open sacks) {
		a, b, c := w.Bodies["unitA"], w.Bodies["unitB"], w.Bodies["unitC"]
		open[a] = 3
		for what, x := range map[string]struct {
			in         organization.MergeBodiesIn
			field, key string
		}{
			"nothing":            {organization.MergeBodiesIn{Reference: "1"}, "ids", "organization.merge.few"},
			"one into a new one": {organization.MergeBodiesIn{IDs: []string{a, a}, Name: "新局", Reference: "1"}, "ids", "organization.merge.few"},
			"one into itself":    {organization.MergeBodiesIn{IDs: []string{a}, Into: a, Reference: "1"}, "ids", "organization.merge.few"},
			"unit and sector":    {organization.MergeBodiesIn{IDs: []string{a, w.Bodies["sector1"]}, Name: "新局", Reference: "1"}, "ids", "organization.merge.kinds"},
			"into a sector":      {organization.MergeBodiesIn{IDs: []string{a, b}, Into: w.Bodies["sector1"], Reference: "1"}, "into", "organization.choose"},
			"into nothing":       {organization.MergeBodiesIn{IDs: []string{a, b}, Into: "x", Reference: "1"}, "into", "organization.choose"},
			"a third's name":     {organization.MergeBodiesIn{IDs: []string{a, b}, Name: "市委宣传部", Reference: "1"}, "name", "organization.body.exists"},
			"without a name":     {organization.MergeBodiesIn{IDs: []string{a, b}, Reference: "1"}, "name", "organization.needed"},
			"without a document": {organization.MergeBodiesIn{IDs: []string{a, b}, Name: "新局"}, "reference", "organization.needed"},
			"tomorrow":           {organization.MergeBodiesIn{IDs: []string{a, b}, Name: "新局", On: "2026-02-01", Reference: "1"}, "on", "organization.change.when"},
			"a goal of its own":  {organization.MergeBodiesIn{IDs: []string{a, b}, Name: "新局", Reference: "1", People: []organization.Move{{ID: w.HandlerA.Post.ID, To: c}}}, "people.0.to", "organization.choose"},
			"the committee":      {organization.MergeBodiesIn{IDs: []string{w.Bodies["committee"]}, Into: a, Reference: "1"}, "", "?organization.change.committee"},
			"elsewhere":          {organization.MergeBodiesIn{IDs: []string{a, w.Bodies["elsewhere"]}, Name: "新局", Reference: "1"}, "", "?fault.not-found"},
		} {
			_, err := organization.MergeBodies.Do(t.Context(), w.App, w.SysAdmin, x.in)
			if got := key(err, x.field); got != x.key && "?"+got != x.key {
				t.Errorf("%s: %v, want %s", what, err, x.key)
			}
		}
		if _, err := organization.MergeBodies.Do(t.Context(), w.App, w.Chief, organization.MergeBodiesIn{IDs: []string{a, b}, Name: "新局", Reference: "1"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the chief merges: %v", err)
		}
		// The new one takes the name of one that ends.
		out := act(t, w.House, organization.MergeBodies, testkit.Keyed(w.SysAdmin, "k"), organization.MergeBodiesIn{IDs: []string{a, b}, Name: "市财政局", On: "2026-01-05", Reference: "云编办〔2026〕5号",
			People: []organization.Move{{ID: w.SignerB.Post.ID, To: organization.ToNobody}, {ID: w.HandlerC.Post.ID, To: organization.ToNobody}}})
		again := act(t, w.House, organization.MergeBodies, testkit.Keyed(w.SysAdmin, "k"), organization.MergeBodiesIn{IDs: []string{a, b}, Name: "市财政局", On: "2026-01-05", Reference: "云编办〔2026〕5号",
			People: []organization.Move{{ID: w.SignerB.Post.ID, To: organization.ToNobody}, {ID: w.HandlerC.Post.ID, To: organization.ToNobody}}})
		if again != out || out.Moved != 2 {
			t.Errorf("twice: %+v %+v", out, again)
		}
		if heir(t, w, a).ID != out.ID || heir(t, w, b).ID != out.ID || heir(t, w, c).ID != c {
			t.Errorf("the heirs: %+v %+v", heir(t, w, a), heir(t, w, b))
		}
		holders, err := look(t, w.House, w.SysAdmin, func(l *app.Look) ([]organization.Holder, error) {
			return organization.Holders(l, w.CommitteeID, out.ID, access.Handler, access.Signer)
		})
		var people []string
		for _, h := range holders {
			people = append(people, h.PersonID)
		}
		if want := []string{w.HandlerA.PersonID, w.SignerA.PersonID, w.HandlerB.PersonID}; err != nil || len(people) != 3 || slices.ContainsFunc(want, func(x string) bool { return !slices.Contains(people, x) }) {
			t.Errorf("who serves there: %v %v", people, err)
		}
		if s := story(t, w, a); s.ValidTo != "2026-01-04" || len(s.After) != 1 || s.After[0].How != organization.HowMerged || !s.After[0].Default {
			t.Errorf("the old one: %+v", s)
		}
		if s := story(t, w, out.ID); s.ValidFrom != "2026-01-05" || s.Channel != "government" || len(s.Before) != 2 {
			t.Errorf("the new one: %+v", s)
		}
		// The handler of the Party's unit was no part of it.
		if n := peek[int](t, w.House, "SELECT COUNT(*) FROM post WHERE id = ? AND valid_to IS NULL", w.HandlerC.Post.ID); n[0] != 1 {
			t.Error("a post elsewhere was ended")
		}
		if n := peek[int](t, w.House, "SELECT COUNT(*) FROM account WHERE state = 'active' AND person_id IN (?, ?)", w.SignerB.PersonID, w.HandlerA.PersonID); n[0] != 2 {
			t.Error("an account was touched")
		}
		// What waited with a forebear waits with the heir: it does not end without another.
		_, err = organization.EndBody.Do(t.Context(), w.App, w.SysAdmin, organization.EndBodyIn{ID: out.ID, Reference: "1", Version: 1})
		if key(err, "heir") != "organization.end.burdened" {
			t.Errorf("the heir ends: %v", err)
		}
		// Into one of them: it goes on.
		last := act(t, w.House, organization.MergeBodies, w.SysAdmin, organization.MergeBodiesIn{IDs: []string{out.ID, c}, Into: c, Reference: "1"})
		if last.ID != c || heir(t, w, a).ID != c || story(t, w, c).ValidTo != "" {
			t.Errorf("into one of them: %+v", heir(t, w, a))
		}
		if _, err := organization.MergeBodies.Do(t.Context(), w.App, w.SysAdmin, organization.MergeBodiesIn{IDs: []string{a}, Into: c, Reference: "1"}); !fault.Is(err, fault.Closed) {
			t.Errorf("merged twice: %v", err)
		}
	})
}

func TestABodyIsSplitAndEnded(t *testing.T) {
	t.Parallel()
	history(t, func(t *testing.T, w *testkit.World, open sacks) {
		a, s1, s2 := w.Bodies["unitA"], w.Bodies["sector1"], w.Bodies["sector2"]
		two := []organization.PartIn{{Name: "市住房局"}, {}, {Name: "市城建局", Channel: "party"}}
		for what, x := range map[string]struct {
			in         organization.SplitBodyIn
			field, key string
		}{
			"into one":           {organization.SplitBodyIn{ID: a, Parts: two[:2], Reference: "1", Version: 1}, "parts", "organization.split.few"},
			"default is empty":   {organization.SplitBodyIn{ID: a, Parts: two, Default: 1, Reference: "1", Version: 1}, "default", "organization.split.default"},
			"default is nowhere": {organization.SplitBodyIn{ID: a, Parts: two, Default: -4, Reference: "1", Version: 1}, "default", "organization.split.default"},
			"twice the same":     {organization.SplitBodyIn{ID: a, Parts: []organization.PartIn{{Name: "市住房局"}, {Name: "市住房局"}}, Reference: "1", Version: 1}, "parts.1.name", "organization.split.twice"},
			"another's name":     {organization.SplitBodyIn{ID: a, Parts: []organization.PartIn{{Name: "市住房局"}, {Name: "市财政局"}}, Reference: "1", Version: 1}, "parts.1.name", "organization.body.exists"},
			"its own name, too":  {organization.SplitBodyIn{ID: a, Parts: []organization.PartIn{{ID: a}, {Name: "市住房和城乡建设局"}}, Reference: "1", Version: 1}, "parts.1.name", "organization.body.exists"},
			"a sector":           {organization.SplitBodyIn{ID: a, Parts: []organization.PartIn{{ID: s1}, {Name: "市住房局"}}, Reference: "1", Version: 1}, "parts.0.id", "organization.choose"},
			"stale":              {organization.SplitBodyIn{ID: a, Parts: two, Reference: "1"}, "", "fault.stale"},
		} {
			_, err := organization.SplitBody.Do(t.Context(), w.App, w.SysAdmin, x.in)
			if key(err, x.field) != x.key {
				t.Errorf("%s: %v, want %s", what, err, x.key)
			}
		}
		out := act(t, w.House, organization.SplitBody, w.SysAdmin, organization.SplitBodyIn{ID: a, Parts: two, Default: 2, Reference: "云编办6号", Version: 1,
			People: []organization.Move{{ID: w.HandlerA.Post.ID, To: "0"}, {ID: w.SignerA.Post.ID}}})
		if len(out.Parts) != 2 || heir(t, w, a).ID != out.Parts[1] || heir(t, w, a).Channel != "party" {
			t.Fatalf("the parts: %+v %+v", out, heir(t, w, a))
		}
		for i, person := range []string{w.HandlerA.PersonID, w.SignerA.PersonID} {
			if got := peek[string](t, w.House, "SELECT body_id FROM post WHERE person_id = ? AND valid_to IS NULL", person); len(got) != 1 || got[0] != out.Parts[i] {
				t.Errorf("%d serves in %v, want %s", i, got, out.Parts[i])
			}
		}
		// A sector that goes on gives some of its members away.
		members := peek[string](t, w.House, "SELECT id FROM membership WHERE sector_id = ? ORDER BY id", s1)
		parted := act(t, w.House, organization.SplitBody, w.SysAdmin, organization.SplitBodyIn{ID: s1, Parts: []organization.PartIn{{ID: s1}, {Name: "环境资源界"}}, Reference: "7号", Version: 1,
			People: []organization.Move{{ID: members[0], To: "1"}}})
		if n := peek[int](t, w.House, "SELECT COUNT(*) FROM membership WHERE sector_id = ? AND valid_to IS NULL", s1); n[0] != len(members)-1 || heir(t, w, s1).ID != s1 {
			t.Errorf("%d stayed", n[0])
		}
		if n := peek[int](t, w.House, "SELECT COUNT(*) FROM membership WHERE sector_id = ? AND valid_to = '2026-01-11'", s1); n[0] != 1 {
			t.Errorf("%d memberships kept as they were", n[0])
		}
		if k := story(t, w, parted.Parts[1]).Before; len(k) != 1 || k[0].ID != s1 || k[0].Default {
			t.Errorf("the new sector came from %+v", k)
		}
		// A sector with members does not end without another.
		_, err := organization.EndBody.Do(t.Context(), w.App, w.SysAdmin, organization.EndBodyIn{ID: s2, Reference: "1", Version: 1})
		if key(err, "people") != "organization.change.sector-needed" {
			t.Errorf("a sector with members ended: %v", err)
		}
		act(t, w.House, organization.EndBody, w.SysAdmin, organization.EndBodyIn{ID: s2, Heir: s1, Reference: "1", Version: 1})
		if n := peek[int](t, w.House, "SELECT COUNT(*) FROM membership WHERE sector_id = ? AND valid_to IS NULL", s2); n[0] != 0 {
			t.Errorf("%d are left", n[0])
		}
		// Work holds a body, by both ways of ending it.
		b := w.Bodies["unitB"]
		open[b] = 2
		for who, want := range map[string]string{b: "organization.end.itself", "x": "organization.choose", "": "organization.end.burdened"} {
			_, err := organization.EndBody.Do(t.Context(), w.App, w.SysAdmin, organization.EndBodyIn{ID: b, Heir: who, Reference: "1", Version: 1})
			if key(err, "heir") != want {
				t.Errorf("heir %q: %v", who, err)
			}
		}
		for _, post := range []string{w.HandlerB.Post.ID, w.SignerB.Post.ID} {
			act(t, w.House, organization.EndPost, w.SysAdmin, organization.EndPostIn{ID: post})
		}
		if _, err := organization.CloseBody.Do(t.Context(), w.App, w.SysAdmin, organization.CloseBodyIn{ID: b, Version: 1}); key(err, "on") != "organization.end.burdened" {
			t.Errorf("closed with work: %v", err)
		}
		if x, err := organization.BodiesChanging.Do(t.Context(), w.App, w.SysAdmin, organization.ChangingIn{IDs: []string{b}}); err != nil || len(x.Loads) != 1 || x.Loads[0].N != 2 || len(x.People) != 0 {
			t.Errorf("what holds it: %+v %v", x, err)
		}
		if _, err := organization.BodiesChanging.Do(t.Context(), w.App, w.Members[0], organization.ChangingIn{IDs: []string{b}}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a member asks: %v", err)
		}
		open[b] = 0
		act(t, w.House, organization.EndBody, w.SysAdmin, organization.EndBodyIn{ID: b, Reference: "1", Version: 1})
		if heir(t, w, b).ValidTo == "" {
			t.Error("it goes on")
		}
		if n := peek[int](t, w.House, "SELECT COUNT(*) FROM fact WHERE kind = 'body.ended'"); n[0] != 2 {
			t.Errorf("%d facts", n[0])
		}
	})
}

// TestNobodyIsLostInAnyHistory renames, merges, splits and ends units in any
// order: everybody keeps one post in a body that exists, everything that ever
// was has one that stands for it, and yesterday's names stay yesterday's.
func TestNobodyIsLostInAnyHistory(t *testing.T) {
	t.Parallel()
	history(t, func(t *testing.T, w *testkit.World, _ sacks) {
		round := 0
		rapid.Check(t, func(r *rapid.T) {
			round++
			units := map[string]string{} // id → name now
			var ever []string
			for i := range rapid.IntRange(2, 4).Draw(r, "units") {
				name := fmt.Sprintf("甲%d-%d", round, i)
				out := act(t, w.House, organization.AddBody, w.SysAdmin, organization.BodyIn{Kind: "unit", Name: name, Channel: "government"})
				units[out.ID], ever = name, append(ever, out.ID)
			}
			n := 0
			var people []string
			for _, id := range slices.Clone(ever) {
				p := act(t, w.House, organization.AddPerson, w.SysAdmin, organization.AddPersonIn{Name: "某人"})
				act(t, w.House, organization.GivePost, w.SysAdmin, organization.GivePostIn{PersonID: p.ID, BodyID: id, Kind: "handler"})
				people = append(people, p.ID)
			}
			for range rapid.IntRange(1, 5).Draw(r, "acts") {
				n++
				ever = append(ever, upheaval(t, r, w, units, fmt.Sprintf("乙%d-%d", round, n))...)
			}
			for _, id := range ever {
				b := heir(t, w, id)
				if b.ValidTo != "" || units[b.ID] != b.Name {
					r.Fatalf("%s has the heir %+v", id, b)
				}
			}
			for _, p := range people {
				got := peek[string](t, w.House, "SELECT b.id FROM post x JOIN body b ON b.id = x.body_id WHERE x.person_id = ? AND x.valid_to IS NULL AND b.valid_to IS NULL", p)
				if len(got) != 1 || units[got[0]] == "" {
					r.Fatalf("%s serves in %v", p, got)
				}
			}
		})
	})
}

// upheaval changes the units in one way and gives those that are new.
func upheaval(t *testing.T, r *rapid.T, w *testkit.World, units map[string]string, name string) []string {
	ids := make([]string, 0, len(units))
	for id := range units {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	one := rapid.SampledFrom(ids).Draw(r, "one")
	other := rapid.SampledFrom(ids).Draw(r, "other")
	version := peek[int64](t, w.House, "SELECT version FROM body WHERE id = ?", one)[0]
	var err error
	switch rapid.IntRange(0, 4).Draw(r, "what") {
	case 0:
		_, err = organization.RenameBody.Do(t.Context(), w.App, w.SysAdmin, organization.RenameBodyIn{ID: one, Name: name, Reference: "1", Version: version})
		if err == nil {
			units[one] = name
		}
	case 1:
		var out organization.SplitOut
		parts := []organization.PartIn{{Name: name + "一"}, {Name: name + "二"}}
		if rapid.Bool().Draw(r, "goes on") {
			parts[0] = organization.PartIn{ID: one}
		}
		out, err = organization.SplitBody.Do(t.Context(), w.App, w.SysAdmin, organization.SplitBodyIn{ID: one, Parts: parts, Default: rapid.Int64Range(0, 1).Draw(r, "default"), Reference: "1", Version: version})
		if err == nil {
			if parts[0].ID == "" {
				delete(units, one)
				units[out.Parts[0]] = name + "一"
			}
			units[out.Parts[1]] = name + "二"
			return out.Parts
		}
	case 2:
		var out organization.MergedOut
		out, err = organization.MergeBodies.Do(t.Context(), w.App, w.SysAdmin, organization.MergeBodiesIn{IDs: []string{one, other}, Name: name, Reference: "1"})
		if err == nil {
			delete(units, one)
			delete(units, other)
			units[out.ID] = name
			return []string{out.ID}
		}
	case 3:
		_, err = organization.MergeBodies.Do(t.Context(), w.App, w.SysAdmin, organization.MergeBodiesIn{IDs: []string{one}, Into: other, Reference: "1"})
		if err == nil {
			delete(units, one)
		}
	default:
		_, err = organization.EndBody.Do(t.Context(), w.App, w.SysAdmin, organization.EndBodyIn{ID: one, Heir: other, Reference: "1", Version: version})
		if err == nil {
			delete(units, one)
		}
	}
	if f := (*fault.Error)(nil); err != nil && (!errors.As(err, &f) || f.Kind != fault.Invalid) {
		r.Fatalf("refused: %v", err)
	}
	return nil
}
