package handling

import (
	"slices"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

func actorAs(k access.PostKind) access.Actor {
	p := access.Post{ID: "post", Kind: k, BodyID: "body"}
	return access.Actor{CommitteeID: "committee", PersonID: "person", Post: p, Posts: []access.Post{p}}
}

// TestWhoMayDoWhat is the rule table: for each act and relation the posts that
// are allowed, and those that may know why not. Everybody else finds nothing.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	office := []access.PostKind{access.Office, access.Chief}
	unit := []access.PostKind{access.Handler, access.Signer}
	look := []access.PostKind{access.Office, access.Chief, access.Reviewer, access.Leader, access.System}
	rows := []struct {
		action   app.Definition
		relation string
		allow    []access.PostKind
		deny     []access.PostKind
	}{
		{RouteCases, "stranger", office, look},
		{RouteCases, "proposer", office, append([]access.PostKind{access.Member, access.Convener}, look...)},
		{Dispatch, "dispatched-by-own-desk", append([]access.PostKind{access.Dispatcher}, office...), look},
		{Dispatch, "stranger", office, look},
		{ChangeUnit, "dispatched-by-own-desk", []access.PostKind{access.Dispatcher}, look},
		{ChangeUnit, "direct", office, look},
		{ChangeUnit, "lead-unit", nil, append(unit, look...)},
		{Sign, "lead-unit", unit, look},
		{Sign, "assisting-unit", unit, look},
		{Sign, "dispatched-by-own-desk", nil, append([]access.PostKind{access.Dispatcher}, look...)},
		{Sign, "unit-without-account", append([]access.PostKind{access.Dispatcher}, office...), look},
		{RecordContact, "proposer", nil, append([]access.PostKind{access.Member, access.Convener}, look...)},
		{Opine, "assisting-unit", unit, look},
		{Opine, "lead-unit", nil, append(unit, look...)},
		{Draft, "lead-unit", unit, look},
		{Draft, "assisting-unit", nil, append(unit, look...)},
		{Draft, "unit-without-account", nil, append([]access.PostKind{access.Dispatcher}, look...)},
		{Submit, "lead-unit", unit, look},
		{Enter, "unit-without-account", append([]access.PostKind{access.Dispatcher}, office...), look},
		{Enter, "direct-without-account", office, look},
		{Enter, "lead-unit", nil, append(unit, look...)},
		{Issue, "lead-unit-draft", []access.PostKind{access.Signer}, []access.PostKind{access.Handler}},
		{Issue, "stranger-draft", nil, nil},
		{Return, "lead-unit-draft", []access.PostKind{access.Signer}, []access.PostKind{access.Handler}},
		{Read, "proposer", []access.PostKind{access.Member, access.Convener}, look},
		{Rate, "proposer", []access.PostKind{access.Member, access.Convener}, look},
		{Rate, "proposer-in-the-unit", nil, append(append([]access.PostKind{access.Member, access.Convener}, unit...), look...)},
		{Rate, "lead-unit", nil, append(unit, look...)},
		{RateOnPaper, "proposer", office, append([]access.PostKind{access.Member, access.Convener}, look...)},
		{CloseCase, "stranger", office, look},
		{lapse, "anybody", []access.PostKind{access.System}, nil},
		{remind, "anybody", []access.PostKind{access.System}, nil},
		{recompute, "anybody", []access.PostKind{access.System}, nil},
		{open, "anybody", []access.PostKind{access.System}, nil},
	}
	all := relations()
	for _, row := range rows {
		i := slices.IndexFunc(all, func(r app.Relation) bool { return r.Action == row.action.Name() && r.Name == row.relation })
		if i < 0 {
			t.Fatalf("%s has no relation %s", row.action.Name(), row.relation)
		}
		for _, k := range access.PostKinds() {
			who := actorAs(k)
			want := "hide"
			switch {
			case slices.Contains(row.allow, k):
				want = "allow"
			case slices.Contains(row.deny, k):
				want = "deny"
			}
			if got := row.action.Judge(who, all[i].Subject(who)).String(); got != want {
				t.Errorf("%s as %s by %s: %s, want %s", row.action.Name(), row.relation, k, got, want)
			}
		}
	}
	for _, r := range all {
		d := slices.IndexFunc(Module().Actions, func(d app.Definition) bool { return d.Name() == r.Action })
		for _, k := range access.PostKinds() {
			who := actorAs(k)
			if r.Name == "other-committee" && !Module().Actions[d].Judge(who, r.Subject(who)).Hidden() {
				t.Errorf("%s tells %s of another committee's case", r.Action, k)
			}
			if slices.Contains([]access.PostKind{access.SystemAdmin, access.SecurityAdmin, access.Auditor}, k) && !Module().Actions[d].Judge(who, r.Subject(who)).Hidden() {
				t.Errorf("%s as %s shows a case to %s", r.Action, r.Name, k)
			}
		}
		nobody := access.Nobody(access.Via{})
		if !Module().Actions[d].Judge(nobody, r.Subject(nobody)).Hidden() {
			t.Errorf("%s as %s lets a visitor in", r.Action, r.Name)
		}
	}
}

// TestEveryPairOfStates walks the arrow tables: what is no arrow is refused
// with a sentence that both languages have.
func TestEveryPairOfStates(t *testing.T) {
	t.Parallel()
	arrows := map[string]bool{"dispatched>signed": true, "dispatched>changed": true, "dispatched>waived": true,
		"signed>answered": true, "signed>changed": true, "signed>waived": true, "answered>signed": true}
	for _, from := range States() {
		for _, to := range States() {
			a := &Assignment{State: from}
			err := a.move(to)
			if ok := err == nil; ok != arrows[string(from)+">"+string(to)] || ok && a.State != to || !ok && a.State != from {
				t.Errorf("assignment %s to %s: %v", from, to, err)
			}
			if err != nil && (!fault.Is(err, fault.Closed) || !says(t, fault.From(err).Key)) {
				t.Errorf("assignment %s to %s: %v", from, to, err)
			}
		}
	}
	for _, h := range Holders() {
		if !says(t, h) {
			t.Errorf("%s has no text", h)
		}
	}
	replies := map[string]bool{"draft>countersigning": true, "draft>signing": true, "countersigning>draft": true, "countersigning>signing": true,
		"signing>draft": true, "signing>reading": true, "signing>issued": true, "reading>draft": true, "reading>issued": true}
	for _, from := range ReplyStates() {
		for _, to := range ReplyStates() {
			r := &Reply{State: from}
			err := r.move(to)
			if ok := err == nil; ok != replies[string(from)+">"+string(to)] {
				t.Errorf("reply %s to %s: %v", from, to, err)
			}
			if err != nil && !says(t, fault.From(err).Key) {
				t.Errorf("reply %s to %s says nothing", from, to)
			}
		}
	}
}

func TestRolesFitTogether(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		roles string
		want  string
	}{
		{"", "handling.roles.none"}, {"L", ""}, {"S", ""}, {"LA", ""}, {"LAAA", ""}, {"PP", ""}, {"PPA", ""}, {"A", "handling.roles.assist"}, {"AA", "handling.roles.assist"},
		{"LL", "handling.roles.lead"}, {"LPP", "handling.roles.lead"}, {"P", "handling.roles.separate"}, {"PA", "handling.roles.separate"}, {"SA", "handling.roles.sole"}, {"SL", "handling.roles.sole"}, {"SS", "handling.roles.sole"},
	} {
		var list []UnitRole
		for _, r := range x.roles {
			list = append(list, UnitRole{Role: map[rune]Role{'L': Lead, 'A': Assist, 'P': Separate, 'S': Sole}[r]})
		}
		if got := checkRoles(list); got != x.want {
			t.Errorf("%s: %q, want %q", x.roles, got, x.want)
		}
	}
}
