package handling_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// upheaval does random work on a few cases while units are renamed, merged,
// split, ended, and hand work over.
type upheaval struct {
	*city
	rt    *rapid.T
	cases []handling.Case
	units []string // that exist
	n     int
	words map[string][]string // case → words that were drafted and are not issued
}

// upheavals bounds the walks per engine: each waits several times until facts
// are heard, which takes long where many tests share a server.
const upheavals = 40

// TestNothingIsLostWhateverBecomesOfUnits: no clock is lost, no word of a draft;
// every open case is held, and by units that exist; one unit has the last word
// on each part of it, and nobody holds two sorts of parts.
func TestNothingIsLostWhateverBecomesOfUnits(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		w.rules(1, `{"contact_required":false,"again":{"on":"either","due":{"base":"rating","days":20},"rounds":2},"promise":{"classes":[],"outcomes":[],"months_max":12}}`)
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			if round++; round > upheavals {
				return
			}
			x := &upheaval{city: w, rt: rt, n: round * 10000, words: map[string][]string{}}
			for range 4 {
				x.units = append(x.units, act(w, organization.AddBody, w.SysAdmin, organization.BodyIn{Kind: "unit", Name: x.name("局"), Channel: "government"}).ID)
			}
			x.begin()
			for range rapid.IntRange(5, 16).Draw(rt, "acts") {
				if rapid.IntRange(0, 4).Draw(rt, "what") > 0 {
					x.work()
					continue
				}
				before := x.clocks()
				x.change()
				w.CaughtUp(t)
				x.kept(before)
			}
			x.holds()
			w.tallied()
		})
	})
}

func (x *upheaval) name(end string) string {
	x.n++
	return fmt.Sprintf("市%d%s", x.n, end)
}

// begin dispatches a new case to random units in roles that fit together.
func (x *upheaval) begin() {
	c := x.petition(func(c *handling.Case) { c.Proposers = c.Proposers[:1] })
	roles := rapid.SampledFrom([][]handling.Role{{handling.Sole}, {handling.Lead, handling.Assist}, {handling.Lead, handling.Assist, handling.Assist},
		{handling.Separate, handling.Separate}, {handling.Separate, handling.Separate, handling.Assist}, {handling.Separate, handling.Separate, handling.Separate}}).Draw(x.rt, "roles")
	units := rapid.Permutation(slices.Clone(x.units)).Draw(x.rt, "units")
	var list []handling.UnitRole
	for i, r := range roles {
		if i < len(units) {
			list = append(list, handling.UnitRole{Unit: units[i], Role: r})
		}
	}
	x.dispatch(c, list...)
	x.cases = append(x.cases, c)
}

// someone is a unit's handler or signing leader.
func (x *upheaval) someone(unit string, kind access.PostKind) access.Actor {
	p := access.Post{ID: "p" + unit, Kind: kind, BodyID: unit, BodyKind: "unit"}
	return access.Actor{CommitteeID: x.CommitteeID, PersonID: x.HandlerA.PersonID, Name: "某人", Post: p, Posts: []access.Post{p}}
}

// allowed fails on anything but a refusal that a person can act on.
func (x *upheaval) allowed(err error) bool {
	if f := (*fault.Error)(nil); err != nil && (!errors.As(err, &f) || f.Kind == fault.Internal || f.Kind == fault.Unavailable) {
		x.rt.Fatalf("an act broke: %v", err)
	}
	return err == nil
}

// work does a random step of a unit in a case.
func (x *upheaval) work() {
	c := x.cases[0]
	v := x.view(x.Office, c)
	a := v.Assignments[rapid.IntRange(0, len(v.Assignments)-1).Draw(x.rt, "assignment")]
	unit := a.UnitID
	if a.SuccessorID != "" {
		unit = a.SuccessorID
	}
	handler, signer := x.someone(unit, access.Handler), x.someone(unit, access.Signer)
	var reply handling.Reply
	for _, r := range x.view(handler, c).Replies {
		if r.AssignmentID == a.ID {
			reply = r
		}
	}
	x.n++
	word := fmt.Sprintf("词%d。", x.n)
	text := handling.ReplyText{Number: fmt.Sprint("号", x.n), Class: "A", Body: reply.Body + word, Publicity: "full", Items: []handling.ItemAnswer{{No: 1, Outcome: "adopted", Answer: "一"}, {No: 2, Outcome: "adopted", Answer: "二"}}}
	version := int64(0)
	if reply.State != handling.Issued {
		version = reply.Version
	} else {
		text.Body = word
	}
	switch x.step(a, reply) {
	case 0, 1:
		x.allowed(try(x.city, handling.Sign, handler, handling.SignIn{ID: a.ID, Handler: "甲", Phone: "0000-1234567"}))
	case 2:
		x.allowed(try(x.city, handling.Opine, handler, handling.OpineIn{ID: a.ID, Number: fmt.Sprint(x.n), Text: "意见"}))
	case 3:
		if x.allowed(try(x.city, handling.Draft, handler, handling.DraftIn{ID: a.ID, Version: version, ReplyText: text})) {
			x.words[c.ID] = append(x.words[c.ID], word)
		}
	case 4:
		if x.allowed(try(x.city, handling.Submit, handler, handling.SubmitIn{ID: a.ID, Version: version, ReplyText: text})) {
			x.words[c.ID] = append(x.words[c.ID], word)
		}
	case 5, 6:
		if reply.State == handling.Signing {
			x.allowed(try(x.city, handling.Issue, signer, handling.IssueIn{ID: reply.ID, Version: reply.Version}))
		}
	default:
		for _, r := range v.Replies {
			grade := rapid.SampledFrom([]string{"satisfied", "dissatisfied"}).Draw(x.rt, "grade")
			x.allowed(try(x.city, handling.Rate, x.Members[0], handling.RateIn{ID: r.ID, Attitude: "satisfied", Result: grade, Reason: "理由"}))
		}
	}
}

// step is what comes next for an assignment, or at times anything.
func (x *upheaval) step(a handling.Assigned, reply handling.Reply) int {
	switch {
	case rapid.IntRange(0, 5).Draw(x.rt, "anything") == 0:
		return rapid.IntRange(0, 7).Draw(x.rt, "step")
	case a.State == handling.Sent:
		return 0
	case a.State == handling.Answered:
		return 7
	case a.Role == handling.Assist:
		return 2
	case reply.State == handling.Signing:
		return 5
	}
	return rapid.SampledFrom([]int{3, 3, 4}).Draw(x.rt, "write")
}

// change is what becomes of a unit.
func (x *upheaval) change() {
	one := rapid.SampledFrom(x.units).Draw(x.rt, "one")
	other := rapid.SampledFrom(x.units).Draw(x.rt, "other")
	admin := x.SysAdmin
	gone := func(ids ...string) {
		x.units = slices.DeleteFunc(x.units, func(u string) bool { return slices.Contains(ids, u) })
	}
	switch rapid.IntRange(0, 6).Draw(x.rt, "change") {
	case 0:
		x.allowed(try(x.city, organization.RenameBody, admin, organization.RenameBodyIn{ID: one, Name: x.name("委"), Reference: "1", Version: x.version(one)}))
	case 1:
		out, err := organization.MergeBodies.Do(x.t.Context(), x.App, admin, organization.MergeBodiesIn{IDs: []string{one, other}, Name: x.name("厅"), Reference: "1"})
		if x.allowed(err) {
			gone(one, other)
			x.units = append(x.units, out.ID)
		}
	case 2:
		if x.allowed(try(x.city, organization.MergeBodies, admin, organization.MergeBodiesIn{IDs: []string{one}, Into: other, Reference: "1"})) {
			gone(one)
		}
	case 3:
		parts := []organization.PartIn{{Name: x.name("甲")}, {Name: x.name("乙")}}
		if rapid.Bool().Draw(x.rt, "goes on") {
			parts[0] = organization.PartIn{ID: one}
		}
		out, err := organization.SplitBody.Do(x.t.Context(), x.App, admin, organization.SplitBodyIn{ID: one, Parts: parts, Default: rapid.Int64Range(0, 1).Draw(x.rt, "default"), Reference: "1", Version: x.version(one)})
		if x.allowed(err) {
			gone(one)
			x.units = append(x.units, out.Parts...)
		}
	case 4:
		heir := rapid.SampledFrom([]string{other, ""}).Draw(x.rt, "heir")
		if len(x.units) > 1 && x.allowed(try(x.city, organization.EndBody, admin, organization.EndBodyIn{ID: one, Heir: heir, Reference: "1", Version: x.version(one)})) {
			gone(one)
		}
	default:
		x.allowed(try(x.city, handling.HandOver, x.GovDesk, handling.HandOverIn{From: one, To: other, All: true, Reason: "调整"}))
	}
}

// clocks are the open due dates of the cases, and those that ended in a merger.
func (x *upheaval) clocks() map[string]int {
	all := map[string]int{}
	for _, c := range x.cases {
		for _, key := range x.texts(`SELECT case_id || ' ' || due_on FROM assignment WHERE case_id = ? AND state IN ('dispatched', 'signed')
			UNION ALL SELECT case_id || ' ' || due_on FROM assignment_handed WHERE case_id = ? AND outcome = 'merged' AND due_on <> ''`, c.ID, c.ID) {
			all[key]++
		}
	}
	return all
}

// kept wants every clock that ran before to run, or to be written down as ended
// in another; and what must always hold.
func (x *upheaval) kept(before map[string]int) {
	if now := x.clocks(); !maps.Equal(before, now) {
		x.rt.Fatalf("the clocks were %v and are %v", before, now)
	}
	x.holds()
}

func (x *upheaval) holds() {
	if lost := x.texts("SELECT x.id FROM assignment x JOIN body b ON b.id = x.unit_id WHERE x.state IN ('dispatched', 'signed') AND (b.valid_to IS NOT NULL OR b.name <> x.unit_name)"); len(lost) > 0 {
		x.rt.Fatalf("held by units that ended, or under old names: %v", lost)
	}
	if n := x.ask("SELECT COUNT(*) FROM hand_over WHERE done_at IS NULL"); n > 0 {
		x.rt.Fatalf("%d hand-overs are not done", n)
	}
	if lost := x.texts("SELECT r.id FROM reply r JOIN assignment x ON x.id = r.assignment_id WHERE r.state <> 'issued' AND x.state <> 'changed' AND r.unit_id <> x.unit_id AND r.unit_id <> x.successor_id"); len(lost) > 0 {
		x.rt.Fatalf("drafts that stayed behind: %v", lost)
	}
	for _, c := range x.cases {
		x.caseHolds(c)
	}
}

func (x *upheaval) caseHolds(c handling.Case) {
	v := x.view(x.Office, c)
	x.standing(c)
	if v.Stage != handling.Closed && (v.Holder == "" || v.HolderSince.IsZero() || v.HolderName == "" && v.Holder != handling.HeldToConfirm && v.Holder != handling.HeldForLastWord) {
		x.rt.Fatalf("nobody holds the case: %s %s %q since %v", v.Stage, v.Holder, v.HolderName, v.HolderSince)
	}
	n := map[handling.Role]int{}
	parts := map[string]map[bool]int{} // unit → answers → open ones
	for _, a := range v.Assignments {
		n[a.Role]++
		if a.Owes() {
			if parts[a.UnitID] == nil {
				parts[a.UnitID] = map[bool]int{}
			}
			parts[a.UnitID][a.Role.Main()]++
			if a.Due.On.String() != a.DueOn || len(a.Due.Steps) == 0 {
				x.rt.Fatalf("a clock that does not explain itself: %q %+v", a.DueOn, a.Due)
			}
			if !x.involved(c, a.UnitID) {
				x.rt.Fatalf("%s does not see its own case", a.UnitName)
			}
		}
	}
	if n[handling.Lead]+n[handling.Sole] > 1 || n[handling.Lead]+n[handling.Sole] > 0 && n[handling.Separate] > 0 || n[handling.Lead]+n[handling.Sole]+n[handling.Separate] == 0 ||
		n[handling.Separate] == 1 || n[handling.Sole] > 0 && n[handling.Assist] > 0 {
		x.rt.Fatalf("the roles do not fit together: %v", n)
	}
	for unit, p := range parts {
		if p[true]+p[false] > 1 && !(p[false] == 0 && v.Replies != nil) {
			x.rt.Fatalf("%s has %d parts to answer and %d to assist", unit, p[true], p[false])
		}
	}
	x.wordsKept(c)
}

// involved tells whether a unit sees a case, by scope and by rule.
func (x *upheaval) involved(c handling.Case, unit string) bool {
	_, err := handling.Show.Do(x.t.Context(), x.App, x.someone(unit, access.Handler), handling.ViewIn{Kind: c.Kind, ID: c.ID})
	return err == nil && x.ask("SELECT COUNT(*) FROM handling_involved WHERE case_id = ? AND body_id = ?", c.ID, unit) == 1
}

// wordsKept wants every word that was drafted to stand in a letter that goes on.
func (x *upheaval) wordsKept(c handling.Case) {
	if len(x.words[c.ID]) == 0 {
		return
	}
	var all string
	x.inside(x.Chief, func(k *app.Call) error {
		list, err := store.List(k.Ctx(), k.Tx(), store.Column[string], "SELECT r.body FROM reply r JOIN assignment a ON a.id = r.assignment_id WHERE r.case_id = ? AND a.state <> 'changed'", c.ID)
		all = strings.Join(list, "")
		return err
	})
	for _, word := range x.words[c.ID] {
		if !strings.Contains(all, word) {
			x.rt.Fatalf("%s is lost: %s", word, all)
		}
	}
}
