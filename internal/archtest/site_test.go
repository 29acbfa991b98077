package archtest

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/config"
	"tongxin/internal/site"
)

// built is the whole product on an empty database.
func built(t *testing.T) *site.Site {
	t.Helper()
	dir := t.TempDir()
	set := site.Settings{Config: config.Config{Database: filepath.Join(dir, "t.db"), Data: filepath.Join(dir, "data")}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if err := site.Migrate(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	s, err := site.Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.App.Close() })
	return s
}

// inside are acts that no person does: the clockwork's and the session's own.
var inside = map[string]bool{
	"listener.advance": true,
}

func definitions(s *site.Site) []app.Definition {
	var list []app.Definition
	for _, m := range s.App.Modules() {
		list = append(list, m.Actions...)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name() < list[j].Name() })
	return list
}

// machineOnly reports whether the rule lets nobody but the clockwork act.
func machineOnly(s *site.Site, name string) bool {
	judged := false
	for _, d := range definitions(s) {
		if d.Name() != name {
			continue
		}
		for _, r := range relations(s, name) {
			judged = true
			for _, k := range access.PostKinds() {
				who := actor(k)
				if k != access.System && d.Judge(who, r.Subject(who)).Allowed() {
					return false
				}
			}
			if d.Judge(access.Nobody(access.Via{}), r.Subject(access.Nobody(access.Via{}))).Allowed() {
				return false
			}
		}
	}
	return judged
}

func TestEveryActionHasAPageAndAnOperation(t *testing.T) {
	t.Parallel()
	s := built(t)
	page, operation := map[string]bool{}, map[string]bool{}
	for _, r := range s.Pages.Routes() {
		if strings.Contains(r.Pattern, " /api/") {
			operation[r.Serves] = true
		} else {
			page[r.Serves] = true
		}
	}
	seen := map[string]bool{}
	for _, d := range definitions(s) {
		if seen[d.Name()] {
			t.Errorf("two actions are called %s", d.Name())
		}
		seen[d.Name()] = true
		if inside[d.Name()] || d.Quiet() || machineOnly(s, d.Name()) {
			continue
		}
		if !page[d.Name()] {
			t.Errorf("%s has no page", d.Name())
		}
		if !operation[d.Name()] {
			t.Errorf("%s has no operation in the API", d.Name())
		}
	}
}

func relations(s *site.Site, action string) []app.Relation {
	var list []app.Relation
	for _, m := range s.App.Modules() {
		for _, r := range m.Relations {
			if r.Action == action {
				list = append(list, r)
			}
		}
	}
	return list
}

// actor is somebody who holds one post.
func actor(k access.PostKind) access.Actor {
	p := access.Post{ID: "post", Kind: k, BodyID: "body", BodyKind: "committee", BodyName: "body"}
	return access.Actor{CommitteeID: "committee", PersonID: "person", Name: "person", Post: p, Posts: []access.Post{p}}
}

// TestPermissions computes the table action × post × relation by running every
// rule. A change of rights is a visible line in the review.
func TestPermissions(t *testing.T) {
	t.Parallel()
	s := built(t)
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s %-22s", "action", "relation")
	for _, k := range access.PostKinds() {
		fmt.Fprintf(&b, " %-14s", k)
	}
	b.WriteString(" nobody\n")
	for _, d := range definitions(s) {
		rs := relations(s, d.Name())
		if len(rs) == 0 {
			t.Errorf("%s has no row in the permission table", d.Name())
		}
		sort.SliceStable(rs, func(i, j int) bool { return rs[i].Name < rs[j].Name })
		for _, r := range rs {
			fmt.Fprintf(&b, "%-28s %-22s", d.Name(), r.Name)
			for _, k := range access.PostKinds() {
				who := actor(k)
				fmt.Fprintf(&b, " %-14s", d.Judge(who, r.Subject(who)))
			}
			nobody := access.Nobody(access.Via{})
			fmt.Fprintf(&b, " %s\n", d.Judge(nobody, r.Subject(nobody)))
		}
	}
	golden(t, "permissions.golden", b.String())
}

// TestOpenDoors lists every route that needs no sign-in, and every act without
// an audit row.
func TestOpenDoors(t *testing.T) {
	t.Parallel()
	s := built(t)
	var list []string
	for _, r := range s.Pages.Routes() {
		if r.Open {
			list = append(list, strings.TrimSpace(r.Pattern+"  "+r.Serves))
		}
	}
	for _, d := range definitions(s) {
		if d.Quiet() {
			list = append(list, "without audit row: "+d.Name())
		}
	}
	sort.Strings(list)
	golden(t, "open-doors.golden", strings.Join(list, "\n")+"\n")
}

func TestTheAPIDocumentIsFrozen(t *testing.T) {
	t.Parallel()
	doc, err := built(t).API.Document()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join(root, "docs", "openapi.json"), string(doc)+"\n")
}

func TestTheManualOfSettingsIsTrue(t *testing.T) {
	t.Parallel()
	golden(t, filepath.Join(root, "docs", "settings.md"), config.Doc())
}
