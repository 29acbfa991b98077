package organization_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

const good = "Green-Tea-4711"

func instant(t *testing.T, text string) (i store.Time) {
	t.Helper()
	if err := i.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return i
}

func peek[T any](t *testing.T, h *testkit.House, q string, args ...any) []T {
	t.Helper()
	list, err := look(t, h, access.Actor{}, func(l *app.Look) ([]T, error) {
		return store.List(l.Ctx(), l.Tx(), store.Column[T], q, args...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func look[T any](t *testing.T, h *testkit.House, who access.Actor, f func(*app.Look) (T, error)) (T, error) {
	t.Helper()
	ask := app.Ask("test.look", func(access.Actor) access.Scope { return access.Nothing() },
		func(l *app.Look, _ access.Scope, _ struct{}) (T, error) { return f(l) })
	return ask.Do(t.Context(), h.App, who, struct{}{})
}

func key(err error, field string) string {
	if err == nil {
		return ""
	}
	for _, f := range fault.From(err).All() {
		if f.Field == field {
			return f.Key
		}
	}
	return "?" + fault.From(err).Key
}

func resolve(t *testing.T, h *testkit.House, token string) access.Actor {
	t.Helper()
	f, err := organization.Resolve(t.Context(), h.App, token, access.Via{})
	if err != nil {
		t.Fatal(err)
	}
	return f.Who
}

func foundIn(t *testing.T, code string) organization.FoundIn {
	t.Helper()
	return organization.FoundIn{Code: code, Name: "政协云州市委员会", ShortName: "云州政协", Level: "city", Term: 14, TermStartsOn: "2023-01-01",
		SessionTimes: organization.SessionTimes{Number: 3, CollectFrom: instant(t, "2025-10-28T00:00"), OpensOn: "2026-01-27", ClosesOn: "2026-01-30", CutoffAt: instant(t, "2026-01-29T18:30")},
		AdminName:    "系统员", Login: "xitong", Password: good, Again: good, SecurityName: "安全员", AuditorName: "审计员"}
}

func TestFoundingACommitteeFromNothing(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		code, err := identity.EnsureBootstrap(t.Context(), h.App)
		if err != nil {
			t.Fatal(err)
		}
		nobody := access.Nobody(access.Via{})
		for _, x := range []struct {
			change     func(*organization.FoundIn)
			field, key string
		}{
			{func(in *organization.FoundIn) { *in = organization.FoundIn{} }, "code", "identity.code.needed"},
			{func(in *organization.FoundIn) { in.Code = "0000-0000-0000" }, "code", "identity.code.wrong"},
			{func(in *organization.FoundIn) { in.Name = "  " }, "name", "organization.needed"},
			{func(in *organization.FoundIn) { in.Level = "moon" }, "level", "organization.choose"},
			{func(in *organization.FoundIn) { in.Term = 0 }, "term", "organization.number"},
			{func(in *organization.FoundIn) { in.OpensOn = "2026-02-30" }, "opens_on", "web.not-a-date"},
			{func(in *organization.FoundIn) { in.ClosesOn = "2026-01-01" }, "closes_on", "organization.session.closes-before"},
			{func(in *organization.FoundIn) { in.CutoffAt = in.CollectFrom }, "cutoff_at", "organization.session.cutoff-early"},
			{func(in *organization.FoundIn) { in.Password, in.Again = "政协Abc12345", "政协Abc12345" }, "password", "identity.password.word"},
			{func(in *organization.FoundIn) { in.AuditorName = "" }, "auditor_name", "organization.needed"},
			{func(in *organization.FoundIn) { in.Login = "a b" }, "login", "identity.login.signs"},
		} {
			in := foundIn(t, code)
			x.change(&in)
			if _, err := organization.Found.Do(t.Context(), h.App, nobody, in); key(err, x.field) != x.key {
				t.Errorf("%s: %v, want %s", x.field, err, x.key)
			}
		}
		out, err := organization.Found.Do(t.Context(), h.App, nobody, foundIn(t, strings.ToLower(code)))
		if err != nil {
			t.Fatal(err)
		}
		admin := resolve(t, h, out.SignedIn.Token)
		if !admin.Is(access.SystemAdmin) || admin.CommitteeID != out.CommitteeID || len(out.Slips) != 2 {
			t.Errorf("%+v %+v", admin, out)
		}
		for i, kind := range []access.PostKind{access.SecurityAdmin, access.Auditor} {
			s, err := identity.Claim.Do(t.Context(), h.App, nobody, identity.ClaimIn{Code: out.Slips[i].Code, Password: good, Again: good})
			if err != nil || !resolve(t, h, s.Token).Is(kind) {
				t.Errorf("%s: %v", kind, err)
			}
		}
		sessions, err := look(t, h, admin, organization.Sessions)
		if err != nil || len(sessions) != 1 || sessions[0].Title != "十四届三次会议" {
			t.Errorf("%+v %v", sessions, err)
		}
		if _, err := organization.Found.Do(t.Context(), h.App, nobody, foundIn(t, code)); !fault.Is(err, fault.Closed) {
			t.Errorf("founded twice: %v", err)
		}
		if code, err := identity.EnsureBootstrap(t.Context(), h.App); code != "" || err != nil {
			t.Errorf("another code: %v", err)
		}
		row := peek[string](t, h, "SELECT person_id || committee_id FROM audit_entry WHERE action = 'organization.found' AND result = 'done'")
		if len(row) != 1 || row[0] != admin.PersonID+out.CommitteeID {
			t.Errorf("the record says %v", row)
		}
	})
}

func TestFoundingManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		code, err := identity.EnsureBootstrap(t.Context(), h.App)
		if err != nil {
			t.Fatal(err)
		}
		var ok atomic.Int32
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := organization.Found.Do(context.Background(), h.App, access.Nobody(access.Via{}), foundIn(t, code)); err == nil {
					ok.Add(1)
				}
			})
		}
		wg.Wait()
		if n := len(peek[string](t, h, "SELECT id FROM committee")); ok.Load() != 1 || n != 1 {
			t.Errorf("%d succeeded and there are %d committees", ok.Load(), n)
		}
	})
}

func TestTheThreeAdministratorsExcludeEachOther(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		give := func(person access.Actor, kind access.PostKind, from, to string) (organization.SetOut, error) {
			return organization.GivePost.Do(t.Context(), h.App, w.SysAdmin, organization.GivePostIn{PersonID: person.PersonID, BodyID: w.Bodies["committee"], Kind: string(kind), ValidFrom: from, ValidTo: to})
		}
		kinds := []access.PostKind{access.SystemAdmin, access.SecurityAdmin, access.Auditor}
		for _, who := range []access.Actor{w.SysAdmin, w.SecAdmin, w.Auditor} {
			for _, k := range kinds {
				want := "organization.post.three-administrators"
				for _, span := range [][2]string{{"", ""}, {"2026-03-01", "2026-03-31"}} {
					if _, err := give(who, k, span[0], span[1]); key(err, "kind") != want {
						t.Errorf("%s as %s: %v", who.Name, k, err)
					}
				}
			}
		}
		// One after the other is fine, at the same time is not.
		if _, err := give(w.Members[0], access.Auditor, "2026-02-01", "2026-02-28"); err != nil {
			t.Fatal(err)
		}
		if _, err := give(w.Members[0], access.SecurityAdmin, "2026-02-28", ""); key(err, "kind") != "organization.post.three-administrators" {
			t.Errorf("one day in common: %v", err)
		}
		if _, err := give(w.Members[0], access.SecurityAdmin, "2026-03-01", ""); err != nil {
			t.Error(err)
		}
		var ok atomic.Int32
		var wg sync.WaitGroup
		for i := range 30 {
			wg.Go(func() {
				if _, err := give(w.Members[1], kinds[i%3], "", ""); err == nil {
					ok.Add(1)
				}
			})
		}
		wg.Wait()
		if ok.Load() != 1 {
			t.Errorf("one person got %d of the three posts", ok.Load())
		}
	})
}

func TestGivingAndEndingPosts(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		base := organization.GivePostIn{PersonID: w.Members[0].PersonID, BodyID: w.Bodies["unitA"], Kind: "handler", Title: "科员"}
		for _, x := range []struct {
			change     func(*organization.GivePostIn)
			field, key string
		}{
			{func(in *organization.GivePostIn) { in.Kind = "system" }, "kind", "organization.choose"},
			{func(in *organization.GivePostIn) { in.Kind = "'; DROP TABLE post" }, "kind", "organization.choose"},
			{func(in *organization.GivePostIn) { in.BodyID = "nowhere" }, "body_id", "organization.choose"},
			{func(in *organization.GivePostIn) { in.BodyID = w.Bodies["elsewhere"] }, "body_id", "organization.choose"},
			{func(in *organization.GivePostIn) { in.BodyID = w.Bodies["sector1"] }, "body_id", "organization.post.wrong-body"},
			{func(in *organization.GivePostIn) { in.ValidFrom = "gestern" }, "valid_from", "web.not-a-date"},
			{func(in *organization.GivePostIn) { in.ValidFrom, in.ValidTo = "2026-02-02", "2026-02-01" }, "valid_to", "organization.ends-before"},
			{func(in *organization.GivePostIn) { in.Title = strings.Repeat("长", 41) }, "title", "organization.too-long"},
		} {
			in := base
			x.change(&in)
			if _, err := organization.GivePost.Do(t.Context(), h.App, w.SysAdmin, in); key(err, x.field) != x.key {
				t.Errorf("%+v: %v, want %s", in, err, x.key)
			}
		}
		in := base
		in.PersonID = w.Stranger.PersonID
		if _, err := organization.GivePost.Do(t.Context(), h.App, w.SysAdmin, in); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger got a post: %v", err)
		}
		for _, who := range []access.Actor{w.Office, w.SecAdmin, w.Auditor, w.Members[0]} {
			if _, err := organization.GivePost.Do(t.Context(), h.App, who, base); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s gave a post: %v", who.Name, err)
			}
		}
		out, err := organization.GivePost.Do(t.Context(), h.App, w.SysAdmin, base)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := organization.GivePost.Do(t.Context(), h.App, w.SysAdmin, base); key(err, "kind") != "organization.post.twice" {
			t.Errorf("the same post twice: %v", err)
		}
		holders := func() []organization.Holder {
			list, err := look(t, h, w.Office, func(l *app.Look) ([]organization.Holder, error) {
				return organization.Holders(l, w.CommitteeID, w.Bodies["unitA"], access.Handler, access.Signer)
			})
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		if n := len(holders()); n != 3 {
			t.Errorf("%d holders", n)
		}
		if _, err := organization.EndPost.Do(t.Context(), h.App, w.SysAdmin, organization.EndPostIn{ID: out.ID}); err != nil {
			t.Fatal(err)
		}
		if n := len(holders()); n != 2 {
			t.Errorf("%d holders although one ended at once", n)
		}
		if _, err := organization.EndPost.Do(t.Context(), h.App, w.SysAdmin, organization.EndPostIn{ID: out.ID}); !fault.Is(err, fault.Closed) {
			t.Errorf("ended twice: %v", err)
		}
		if _, err := organization.EndPost.Do(t.Context(), h.App, w.SysAdmin, organization.EndPostIn{ID: w.Stranger.Post.ID}); !fault.Is(err, fault.NotFound) {
			t.Errorf("ended a stranger's post: %v", err)
		}
		// To end a post later than it was given for would get around what excludes
		// each other: here a system administrator until June and an auditor after.
		admin := organization.GivePostIn{PersonID: w.Members[1].PersonID, BodyID: w.Bodies["committee"], Kind: "system_admin", ValidTo: "2026-06-30"}
		first, err := organization.GivePost.Do(t.Context(), h.App, w.SysAdmin, admin)
		if err != nil {
			t.Fatal(err)
		}
		admin.Kind, admin.ValidFrom, admin.ValidTo = "auditor", "2026-07-01", ""
		if _, err := organization.GivePost.Do(t.Context(), h.App, w.SysAdmin, admin); err != nil {
			t.Fatal(err)
		}
		if _, err := organization.EndPost.Do(t.Context(), h.App, w.SysAdmin, organization.EndPostIn{ID: first.ID, ValidTo: "2026-12-31"}); key(err, "valid_to") != "organization.post.no-longer" {
			t.Errorf("two administrators in one by ending a post later: %v", err)
		}
	})
}

func TestTheLastSystemAdministratorStays(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		end := organization.EndPostIn{ID: w.SysAdmin.Post.ID}
		if _, err := organization.EndPost.Do(t.Context(), h.App, w.SysAdmin, end); !fault.Is(err, fault.Closed) {
			t.Errorf("the last one ended himself: %v", err)
		}
		if _, err := organization.ClosePerson.Do(t.Context(), h.App, w.SysAdmin, organization.PersonID{PersonID: w.SysAdmin.PersonID}); !fault.Is(err, fault.Closed) {
			t.Errorf("the last one left: %v", err)
		}
		in := organization.GivePostIn{PersonID: w.Office.PersonID, BodyID: w.Bodies["committee"], Kind: "system_admin"}
		if _, err := organization.GivePost.Do(t.Context(), h.App, w.SysAdmin, in); err != nil {
			t.Fatal(err)
		}
		if _, err := organization.EndPost.Do(t.Context(), h.App, w.SysAdmin, end); !fault.Is(err, fault.Closed) {
			t.Errorf("the other one cannot sign in yet: %v", err)
		}
		codes, err := identity.IssueCodes.Do(t.Context(), h.App, w.SysAdmin, identity.IssueCodesIn{People: []string{w.Office.PersonID}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := identity.Claim.Do(t.Context(), h.App, access.Actor{}, identity.ClaimIn{Code: codes.Slips[0].Code, Password: good, Again: good}); err != nil {
			t.Fatal(err)
		}
		if _, err := organization.EndPost.Do(t.Context(), h.App, w.SysAdmin, end); err != nil {
			t.Error(err)
		}
	})
}

func TestSessionsDoNotOverlap(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		base := organization.SetSessionIn{TermID: w.Bodies["term"], SessionTimes: organization.SessionTimes{Number: 4,
			CollectFrom: instant(t, "2026-10-20T00:00"), OpensOn: "2027-01-12", ClosesOn: "2027-01-15", CutoffAt: instant(t, "2027-01-14T18:30")}}
		for _, x := range []struct {
			change     func(*organization.SetSessionIn)
			field, key string
		}{
			{func(in *organization.SetSessionIn) { in.Number = 3 }, "number", "organization.session.exists"},
			{func(in *organization.SetSessionIn) { in.CollectFrom = instant(t, "2026-01-29T18:30") }, "collect_from", "organization.session.overlaps"},
			{func(in *organization.SetSessionIn) { in.OpensOn, in.ClosesOn = "2026-01-30", "2027-01-15" }, "opens_on", "organization.session.meets-overlap"},
			{func(in *organization.SetSessionIn) { in.CutoffAt = instant(t, "2027-01-16T00:00") }, "cutoff_at", "organization.session.cutoff-late"},
			{func(in *organization.SetSessionIn) { in.TermID = "nowhere" }, "term_id", "organization.choose"},
			{func(in *organization.SetSessionIn) { in.Number = 100 }, "number", "organization.number"},
		} {
			in := base
			x.change(&in)
			if _, err := organization.SetSession.Do(t.Context(), h.App, w.SysAdmin, in); key(err, x.field) != x.key {
				t.Errorf("%s: %v, want %s", x.field, err, x.key)
			}
		}
		out, err := organization.SetSession.Do(t.Context(), h.App, testkit.Keyed(w.SysAdmin, "once"), base)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := organization.SetSession.Do(t.Context(), h.App, testkit.Keyed(w.SysAdmin, "once"), base); err != nil || again != out {
			t.Errorf("the repetition: %v %v", again, err)
		}
		base.ID, base.Version, base.CutoffAt = out.ID, 1, instant(t, "2027-01-14T12:00")
		if _, err := organization.SetSession.Do(t.Context(), h.App, w.SysAdmin, base); err != nil {
			t.Error(err)
		}
		if _, err := organization.SetSession.Do(t.Context(), h.App, w.SysAdmin, base); !fault.Is(err, fault.Stale) {
			t.Errorf("a stale form: %v", err)
		}
		if _, err := organization.SetTerm.Do(t.Context(), h.App, w.SysAdmin, organization.SetTermIn{Number: 14, StartsOn: "2028-01-01"}); key(err, "number") != "organization.term.exists" {
			t.Errorf("a second fourteenth term: %v", err)
		}
		if _, err := organization.SetTerm.Do(t.Context(), h.App, w.SysAdmin, organization.SetTermIn{Number: 13, StartsOn: "2018-01-01", EndsOn: "2023-06-01"}); key(err, "starts_on") != "organization.term.overlaps" {
			t.Errorf("overlapping terms: %v", err)
		}
		if _, err := organization.SetTerm.Do(t.Context(), h.App, w.SysAdmin, organization.SetTermIn{Number: 15, StartsOn: "2028-01-01"}); err != nil {
			t.Error(err)
		}
	})
}

func TestBodies(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		add := func(in organization.BodyIn) error {
			_, err := organization.AddBody.Do(t.Context(), h.App, w.SysAdmin, in)
			return err
		}
		for _, x := range []struct {
			in         organization.BodyIn
			field, key string
		}{
			{organization.BodyIn{}, "name", "organization.needed"},
			{organization.BodyIn{Kind: "planet", Name: "x"}, "kind", "organization.choose"},
			{organization.BodyIn{Kind: "sector", Name: " 经济界\u200b "}, "name", "organization.body.exists"},
			{organization.BodyIn{Kind: "sector", Name: strings.Repeat("界", 61)}, "name", "organization.too-long"},
			{organization.BodyIn{Kind: "unit", Name: "市教育局"}, "channel", "organization.choose"},
			{organization.BodyIn{Kind: "unit", Name: "市教育局", Channel: "government", Sort: -1}, "sort", "organization.sort"},
		} {
			if err := add(x.in); key(err, x.field) != x.key {
				t.Errorf("%+v: %v, want %s", x.in, err, x.key)
			}
		}
		lines := organization.AddBodiesIn{Kind: "unit", Channel: "government", Lines: "市教育局，教育局\n\n市公安局\t公安局\r\n市财政局"}
		if _, err := organization.AddBodies.Do(t.Context(), h.App, w.SysAdmin, lines); key(err, "lines") != "organization.line.exists" {
			t.Errorf("a line that exists: %v", err)
		}
		lines.Lines = "市教育局\n市公安局\n市教育局"
		if _, err := organization.AddBodies.Do(t.Context(), h.App, w.SysAdmin, lines); key(err, "lines") != "organization.line.twice" {
			t.Errorf("a line twice: %v", err)
		}
		lines.Lines = "市教育局，教育局\n\n市公安局\t公安局\r\n<script>alert(1)</script>"
		if out, err := organization.AddBodies.Do(t.Context(), h.App, w.SysAdmin, lines); err != nil || out.Added != 3 {
			t.Fatalf("%+v %v", out, err)
		}
		list, err := organization.BodyList.Do(t.Context(), h.App, w.Office, organization.BodiesIn{Kind: "unit", Q: "教育"})
		if err != nil || len(list) != 1 || list[0].ShortName != "教育局" {
			t.Fatalf("%+v %v", list, err)
		}
		b := list[0]
		change := organization.ChangeBodyIn{ID: b.ID, Name: "市教育体育局", Channel: "party", Version: b.Version}
		if _, err := organization.ChangeBody.Do(t.Context(), h.App, w.SysAdmin, change); err != nil {
			t.Error(err)
		}
		if _, err := organization.ChangeBody.Do(t.Context(), h.App, w.SysAdmin, change); !fault.Is(err, fault.Stale) {
			t.Errorf("a stale form: %v", err)
		}
		closing := organization.CloseBodyIn{ID: w.Bodies["unitA"], Version: 1}
		if _, err := organization.CloseBody.Do(t.Context(), h.App, w.SysAdmin, closing); !fault.Is(err, fault.Closed) {
			t.Errorf("closed although people are in it: %v", err)
		}
		if _, err := organization.CloseBody.Do(t.Context(), h.App, w.SysAdmin, organization.CloseBodyIn{ID: w.Bodies["sector1"], Version: 1}); !fault.Is(err, fault.Closed) {
			t.Errorf("closed although members belong to it: %v", err)
		}
		for _, on := range []string{"2030-01-01", "2000-01-01", "x"} {
			if _, err := organization.CloseBody.Do(t.Context(), h.App, w.SysAdmin, organization.CloseBodyIn{ID: b.ID, On: on, Version: b.Version + 1}); key(err, "on") == "" {
				t.Errorf("closed on %s: %v", on, err)
			}
		}
		if _, err := organization.CloseBody.Do(t.Context(), h.App, w.SysAdmin, organization.CloseBodyIn{ID: b.ID, Version: b.Version + 1}); err != nil {
			t.Error(err)
		}
		if list, _ := organization.BodyList.Do(t.Context(), h.App, w.Office, organization.BodiesIn{Kind: "unit", Q: "教育"}); len(list) != 0 {
			t.Error("a closed body is still listed")
		}
		if list, _ := organization.BodyList.Do(t.Context(), h.App, w.Stranger, organization.BodiesIn{}); len(list) != 1 {
			t.Errorf("a stranger sees %d bodies", len(list))
		}
		if _, err := organization.CloseBody.Do(t.Context(), h.App, w.SysAdmin, organization.CloseBodyIn{ID: w.Bodies["elsewhere"], Version: 1}); !fault.Is(err, fault.NotFound) {
			t.Errorf("closed another committee's body: %v", err)
		}
	})
}

func TestPeopleComeAndGo(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		out, err := organization.AddPerson.Do(t.Context(), h.App, w.SysAdmin, organization.AddPersonIn{Name: " 白 露 ", Phone: "100 1234 5678", Mail: "bai@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := organization.AddPerson.Do(t.Context(), h.App, w.SysAdmin, organization.AddPersonIn{Name: "另一人", Phone: "１００１２３４５６７８"}); key(err, "phone") != "identity.phone.taken" {
			t.Errorf("the same phone: %v", err)
		}
		page, err := organization.ThePerson.Do(t.Context(), h.App, w.Office, organization.PersonID{PersonID: out.ID})
		if err != nil || page.Phone != "100****5678" || strings.Contains(page.Mail, "bai@") {
			t.Errorf("%+v %v", page, err)
		}
		change := organization.ChangePersonIn{PersonID: out.ID, Name: "白露", Clear: []string{"mail"}, Version: page.Version}
		if _, err := organization.ChangePerson.Do(t.Context(), h.App, w.SysAdmin, change); err != nil {
			t.Fatal(err)
		}
		if page, _ = organization.ThePerson.Do(t.Context(), h.App, w.SysAdmin, organization.PersonID{PersonID: out.ID}); page.Phone != "100****5678" || page.Mail != "" || page.Name != "白露" {
			t.Errorf("%+v", page)
		}
		for _, who := range []access.Actor{w.Members[0], w.HandlerA, w.Auditor, w.Leader} {
			if _, err := organization.ThePerson.Do(t.Context(), h.App, who, organization.PersonID{PersonID: out.ID}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s sees a person: %v", who.Name, err)
			}
			if _, err := organization.People.Do(t.Context(), h.App, who, organization.PeopleIn{}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s sees the list: %v", who.Name, err)
			}
		}
		in := organization.EnrollIn{PersonID: out.ID, TermID: w.Bodies["term"], SectorID: w.Bodies["sector1"], Workplace: "市一中 教师"}
		if _, err := organization.Enroll.Do(t.Context(), h.App, w.SysAdmin, organization.EnrollIn{PersonID: out.ID, TermID: w.Bodies["term"], SectorID: w.Bodies["unitA"]}); key(err, "sector_id") != "organization.choose" {
			t.Errorf("a unit as sector: %v", err)
		}
		m, err := organization.Enroll.Do(t.Context(), h.App, w.SysAdmin, in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := organization.Enroll.Do(t.Context(), h.App, w.SysAdmin, in); key(err, "term_id") != "organization.membership.twice" {
			t.Errorf("enrolled twice: %v", err)
		}
		in.ID, in.Version, in.SectorID = m.ID, 1, w.Bodies["sector2"]
		moved, err := organization.Enroll.Do(t.Context(), h.App, w.SysAdmin, in)
		if err != nil || moved.ID == m.ID {
			t.Errorf("what was is not kept: %v %v", moved, err)
		}
		if n := len(peek[string](t, h, "SELECT id FROM membership WHERE person_id = ?", out.ID)); n != 2 {
			t.Errorf("%d memberships", n)
		}
		found := func(who access.Actor, q string) []organization.MemberChoice {
			list, err := organization.MemberList.Do(t.Context(), h.App, who, organization.MembersIn{Q: q})
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		if list := found(w.Members[1], "bailu"); len(list) != 1 || list[0].Sector != "教育界" {
			t.Errorf("%+v", list)
		}
		if _, err := organization.MemberList.Do(t.Context(), h.App, w.HandlerA, organization.MembersIn{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a unit lists members: %v", err)
		}
		if _, err := organization.EndMembership.Do(t.Context(), h.App, w.SysAdmin, organization.EndMembershipIn{ID: moved.ID}); err != nil {
			t.Fatal(err)
		}
		if list := found(w.Members[1], "bailu"); len(list) != 0 {
			t.Errorf("still a member: %+v", list)
		}
		if _, err := organization.ClosePerson.Do(t.Context(), h.App, w.SysAdmin, organization.PersonID{PersonID: w.Members[0].PersonID}); err != nil {
			t.Fatal(err)
		}
		left, err := organization.People.Do(t.Context(), h.App, w.Office, organization.PeopleIn{Left: true})
		if err != nil || left.Total != 1 || len(left.Rows[0].Posts) != 0 {
			t.Errorf("%+v %v", left, err)
		}
		if _, err := organization.ReturnPerson.Do(t.Context(), h.App, w.SysAdmin, organization.PersonID{PersonID: w.Members[0].PersonID}); err != nil {
			t.Error(err)
		}
	})
}

func TestThePeoplePagesJoinWithoutGaps(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		var b strings.Builder
		b.WriteString("姓名,界别,届次\n")
		for i := range 120 {
			fmt.Fprintf(&b, "同名%d号,经济界,14\n", i%60) // half of them share a name
			_ = i
		}
		content := strings.Replace(b.String(), "经济界", "教育界", 60)
		if _, err := organization.ImportRoster.Do(t.Context(), h.App, w.SysAdmin, organization.ImportRosterIn{Content: content}); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		var order []string
		in := organization.PeopleIn{Kind: "member"}
		total := 0
		for {
			page, err := organization.People.Do(t.Context(), h.App, w.Office, in)
			if err != nil {
				t.Fatal(err)
			}
			total = page.Total
			for _, p := range page.Rows {
				if seen[p.ID] {
					t.Fatalf("%s stands on two pages", p.Name)
				}
				seen[p.ID] = true
				order = append(order, identity.Pinyin(p.Name))
			}
			if in.After = page.Next; page.Next == "" {
				break
			}
		}
		if len(seen) != 125 || total != 125 || !slices.IsSorted(order) {
			t.Errorf("%d of %d people, sorted %v", len(seen), total, slices.IsSorted(order))
		}
	})
}

const roster = "姓名,手机号,界别,专委会,单位及职务,届次,备注\n"
