package site_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/config"
	"tongxin/internal/demo"
	"tongxin/internal/document"
	"tongxin/internal/site"
	"tongxin/internal/store"
	"tongxin/internal/web"
)

// The walk: people of every post, of another committee, and nobody at all try
// every door behind which one thing stands, over real HTTP, and open every list.
// Who may see what is said here a second time, from the rows alone; the answers
// must agree with it, and no list may hold the title of what must not be seen
// (trust.md ACC-03, ACC-04, ACC-07).

// city is what the walk knows of the demo's city.
type city struct {
	s           *site.Site
	proposals   []paper
	signers     map[string][]signer // by proposal
	assignments map[string][]work   // by proposal
	desks       map[string]string   // proposal → the supervision office where it waits
	replies     []letter
	files       map[string]string // attachment → proposal
	people      []access.Actor
	bodies      []string
	year        map[string][]thing // of the handling year, see doors_test.go
}

type paper struct{ id, state, author, enteredBy, kind string }

type signer struct {
	proposal, id, state string
	body                bool
}

type work struct{ id, proposal, unit, desk, state, role string }

type letter struct{ id, proposal, assignment, unit, state string }

// thing is what stands behind a door.
type thing struct{ kind, id, proposal, unit, state, role string }

// ask reads rows past every scope.
func ask[T any](t *testing.T, s *site.Site, scan func(store.Row, *T) error, q string) []T {
	t.Helper()
	list, err := app.Ask("test.rows", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]T, error) {
		return store.List(l.Ctx(), l.Tx(), scan, q)
	}).Do(t.Context(), s.App, access.Actor{}, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// built makes the demo's city with a mark in every title that no other text has.
func built(t *testing.T) *city {
	t.Helper()
	dir := t.TempDir()
	today := time.Date(2026, 5, 6, 10, 0, 0, 0, clock.Beijing)
	c := demo.NewClock(demo.Founding(today))
	set := site.Settings{Config: config.Config{Database: filepath.Join(dir, "t.db"), Data: filepath.Join(dir, "data")}, Clock: c, Unsafe: true,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if err := site.Migrate(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	s, err := site.Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.App.Close() })
	if _, err := demo.Build(t.Context(), s.App, c, demo.Options{Proposals: 40, Today: today}); err != nil {
		t.Fatal(err)
	}
	mark(t, set.Database)
	w := &city{s: s, signers: map[string][]signer{}, assignments: map[string][]work{}, desks: map[string]string{}, files: map[string]string{}}
	w.read(t)
	w.readYear(t)
	w.attach(t)
	return w
}

// mark writes a mark into the titles, past every action.
func mark(t *testing.T, address string) {
	t.Helper()
	db, err := store.Open(t.Context(), address, store.Options{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		for _, q := range []string{"UPDATE proposal SET title = title || ' canary-' || id", "UPDATE proposal_text SET title = title || ' canary-' || proposal_id",
			"UPDATE handling_case SET title = title || ' canary-' || case_id"} {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (w *city) read(t *testing.T) {
	t.Helper()
	w.proposals = ask(t, w.s, func(r store.Row, p *paper) error { return r.Scan(&p.id, &p.state, &p.author, &p.enteredBy, &p.kind) },
		"SELECT id, state, author_id, entered_by, kind FROM proposal ORDER BY id")
	for _, x := range ask(t, w.s, func(r store.Row, x *signer) error { return r.Scan(&x.proposal, &x.id, &x.state, &x.body) },
		"SELECT proposal_id, signer_id, state, is_body FROM proposal_signer") {
		w.signers[x.proposal] = append(w.signers[x.proposal], x)
	}
	for _, x := range ask(t, w.s, func(r store.Row, x *work) error {
		return r.Scan(&x.id, &x.proposal, &x.unit, &x.desk, &x.state, &x.role)
	},
		"SELECT id, case_id, unit_id, desk_id, state, role FROM assignment ORDER BY id") {
		w.assignments[x.proposal] = append(w.assignments[x.proposal], x)
	}
	for _, x := range ask(t, w.s, func(r store.Row, x *[2]string) error { return r.Scan(&x[0], &x[1]) },
		"SELECT case_id, desk_id FROM handling_route WHERE done_at IS NULL") {
		w.desks[x[0]] = x[1]
	}
	w.replies = ask(t, w.s, func(r store.Row, x *letter) error {
		return r.Scan(&x.id, &x.proposal, &x.assignment, &x.unit, &x.state)
	},
		"SELECT id, case_id, assignment_id, unit_id, state FROM reply ORDER BY id")
	w.bodies = ask(t, w.s, store.Column[string], "SELECT id FROM body ORDER BY id LIMIT 3")
	w.choose(ask(t, w.s, func(r store.Row, a *access.Actor) error {
		if err := r.Scan(&a.CommitteeID, &a.PersonID, &a.Name, &a.Post.ID, &a.Post.Kind, &a.Post.BodyID, &a.Post.BodyKind, &a.Post.BodyName); err != nil {
			return err
		}
		a.Posts = []access.Post{a.Post}
		return nil
	}, "SELECT p.committee_id, p.id, p.name, o.id, o.kind, o.body_id, b.kind, b.name FROM post o JOIN person p ON p.id = o.person_id JOIN body b ON b.id = o.body_id WHERE o.valid_to IS NULL ORDER BY o.id"))
}

// choose takes, of every kind of post, those two who see most and one who sees
// least, and for each kind somebody who is the same in another committee.
func (w *city) choose(all []access.Actor) {
	seen := map[string]int{}
	for _, a := range all {
		for _, p := range w.proposals {
			if w.sees(a, p.id) {
				seen[a.Post.ID]++
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return seen[all[i].Post.ID] > seen[all[j].Post.ID] })
	for _, k := range access.PostKinds() {
		of := slices.DeleteFunc(slices.Clone(all), func(a access.Actor) bool { return a.Post.Kind != k })
		if len(of) == 0 {
			continue
		}
		if len(of) > 3 {
			of = append(of[:2:2], of[len(of)-1])
		}
		stranger := of[0]
		stranger.CommitteeID = "elsewhere"
		w.people = append(append(w.people, of...), stranger)
	}
}

// attach puts a file to a draft, which almost nobody may see.
func (w *city) attach(t *testing.T) {
	t.Helper()
	for _, p := range w.proposals {
		i := slices.IndexFunc(w.people, func(a access.Actor) bool {
			return a.PersonID == p.author && a.Post.Kind == access.Member && a.CommitteeID != "elsewhere"
		})
		if p.state != "draft" && p.state != "returned" || i < 0 || p.kind != "individual" && p.kind != "joint" {
			continue
		}
		got, err := document.Receive(t.Context(), w.s.App, "调研.txt", strings.NewReader("走访三个小区，访谈四十二户。 "+p.id), 0)
		if err != nil {
			t.Fatal(err)
		}
		out, err := document.Attach.Do(t.Context(), w.s.App, w.people[i], document.AttachIn{Kind: "proposal", ID: p.id, Files: []document.Received{got}})
		if err != nil {
			t.Fatal(err)
		}
		w.files[out.Files[0].ID] = p.id
	}
	if len(w.files) == 0 {
		t.Fatal("nobody of the walk has a draft")
	}
}

func (w *city) paper(id string) paper {
	return w.proposals[slices.IndexFunc(w.proposals, func(p paper) bool { return p.id == id })]
}

func isFiled(state string) bool {
	return slices.Contains([]string{"filed", "dispatched", "handling", "replied", "closed"}, state)
}

// sees says who may see a proposal.
func (w *city) sees(who access.Actor, id string) bool {
	p := w.paper(id)
	switch who.Post.Kind {
	case access.Office, access.Chief:
		return who.CommitteeID != "elsewhere" && (p.state != "draft" || p.enteredBy == who.PersonID)
	case access.Reviewer:
		return who.CommitteeID != "elsewhere" && p.state != "draft"
	case access.Member, access.Convener:
		return who.CommitteeID != "elsewhere" && (p.author == who.PersonID || w.signs(who, id, "invited", "signed"))
	}
	return w.handles(who, id)
}

func (w *city) signs(who access.Actor, id string, states ...string) bool {
	return slices.ContainsFunc(w.signers[id], func(x signer) bool {
		return slices.Contains(states, x.state) && (!x.body && x.id == who.PersonID || x.body && who.Post.Kind == access.Convener && x.id == who.Post.BodyID)
	})
}

// handles says who may see how a case is handled.
func (w *city) handles(who access.Actor, id string) bool {
	p := w.paper(id)
	if who.CommitteeID == "elsewhere" || !isFiled(p.state) {
		return false
	}
	switch who.Post.Kind {
	case access.Office, access.Chief, access.Reviewer, access.Leader:
		return true
	case access.Dispatcher:
		return w.desks[id] == who.Post.BodyID || slices.ContainsFunc(w.assignments[id], func(x work) bool { return x.desk == who.Post.BodyID })
	case access.Handler, access.Signer:
		return slices.ContainsFunc(w.assignments[id], func(x work) bool { return x.unit == who.Post.BodyID && x.state != "changed" })
	case access.Member:
		own := p.author == who.PersonID && (p.kind == "individual" || p.kind == "joint")
		return own || w.signs(who, id, "signed")
	case access.Convener:
		return slices.ContainsFunc(w.signers[id], func(x signer) bool { return x.state == "signed" && x.body && x.id == who.Post.BodyID })
	}
	return false
}

func (w *city) proposes(who access.Actor, id string) bool {
	return (who.Post.Kind == access.Member || who.Post.Kind == access.Convener) && w.handles(who, id)
}

// reads says who may read a reply: before it is issued its unit alone.
func (w *city) reads(who access.Actor, x thing) bool {
	if x.state == "issued" {
		return w.handles(who, x.proposal)
	}
	return (who.Post.Kind == access.Handler || who.Post.Kind == access.Signer) && who.Post.BodyID == x.unit && w.handles(who, x.proposal)
}

// door is what stands behind a route with an id: which things, and who may see
// them. exact: whoever may see them gets them, else he may be told why not.
type door struct {
	of    string
	exact bool
	sees  func(w *city, who access.Actor, x thing) bool
}

func seesProposal(w *city, who access.Actor, x thing) bool { return w.sees(who, x.proposal) }
func seesCase(w *city, who access.Actor, x thing) bool     { return w.handles(who, x.proposal) }
func readsReply(w *city, who access.Actor, x thing) bool   { return w.reads(who, x) }

func ofKinds(kinds ...access.PostKind) func(*city, access.Actor, thing) bool {
	return func(_ *city, who access.Actor, _ thing) bool {
		return who.CommitteeID != "elsewhere" && (len(kinds) == 0 || slices.Contains(kinds, who.Post.Kind))
	}
}

// seesFiles: opinions are between units, scans of paper forms the desk's.
func seesFiles(w *city, who access.Actor, x thing) bool {
	switch x.kind {
	case "proposal":
		return w.sees(who, x.proposal)
	case "opinion":
		return w.handles(who, x.proposal) && !w.proposes(who, x.proposal)
	case "reply":
		return w.reads(who, x)
	default:
		return w.reads(who, x) && slices.Contains([]access.PostKind{access.Office, access.Chief, access.Leader}, who.Post.Kind)
	}
}

// doors are all of them. A new route with an id needs a line here.
func doors() map[string]door {
	admins := []access.PostKind{access.SystemAdmin, access.SecurityAdmin}
	readers := []access.PostKind{access.SystemAdmin, access.SecurityAdmin, access.Office, access.Chief}
	all := map[string]door{
		"GET /proposals/{id}":                       {"proposals", true, seesProposal},
		"GET /api/v1/proposals/{id}":                {"proposals", true, seesProposal},
		"GET /cases/{kind}/{id}":                    {"proposals", true, seesCase},
		"GET /api/v1/cases/{kind}/{id}":             {"proposals", true, seesCase},
		"GET /proposals/{id}/word":                  {"some proposals", true, seesProposal},
		"GET /cases/{kind}/{id}/reply":              {"some proposals", false, seesCase},
		"GET /replies/{id}":                         {"replies", true, readsReply},
		"GET /replies/{id}/print":                   {"replies", true, readsReply},
		"GET /replies/{id}/rate":                    {"replies", false, readsReply},
		"GET /api/v1/replies/{id}":                  {"replies", true, readsReply},
		"GET /attachments/{kind}/{id}":              {"places of files", true, seesFiles},
		"GET /api/v1/attachments/{kind}/{id}":       {"places of files", true, seesFiles},
		"GET /attachments/{id}":                     {"files", true, seesProposal},
		"GET /api/v1/attachments/{id}":              {"files", true, seesProposal},
		"GET /api/v1/attachments/{id}/content":      {"files", true, seesProposal},
		"GET /setup/bodies/{id}":                    {"bodies", false, ofKinds()},
		"GET /api/v1/bodies/{id}":                   {"bodies", true, ofKinds()},
		"GET /setup/people/{person_id}":             {"people", false, ofKinds()},
		"GET /api/v1/people/{person_id}":            {"people", true, ofKinds(readers...)},
		"GET /accounts/{person_id}":                 {"people", true, ofKinds(admins...)},
		"GET /api/v1/accounts/{person_id}/sessions": {"people", true, ofKinds(admins...)},
	}
	for pattern, d := range yearDoors() {
		all[pattern] = d
	}
	for _, page := range []string{"amend", "correct", "edit", "preview", "submitted", "signers", "cosign", "amendment"} {
		all["GET /proposals/{id}/"+page] = door{"some proposals", false, seesProposal}
	}
	for _, operation := range []string{"receipt", "invitation", "amendment"} {
		all["GET /api/v1/proposals/{id}/"+operation] = door{"some proposals", false, seesProposal}
	}
	return all
}

// named are routes whose part in braces names no thing of the committee's work.
var named = regexp.MustCompile(`^GET /(setup/rules/\{section\}|setup/calendar/\{year\}|help/\{\w+\})$`)

// behind lists the things of a door that the n-th of the walkers tries.
func (w *city) behind(d door, n int) []thing {
	var list []thing
	switch d.of {
	case "proposals", "some proposals":
		for i, p := range w.proposals {
			if d.of == "proposals" || i%8 == n%8 {
				list = append(list, thing{kind: "proposal", id: p.id, proposal: p.id})
			}
		}
	case "replies":
		for _, x := range w.replies {
			list = append(list, thing{"reply", x.id, x.proposal, x.unit, x.state, ""})
		}
	case "places of files":
		for i, x := range w.replies {
			if i%4 == n%4 {
				list = append(list, thing{"reply", x.id, x.proposal, x.unit, x.state, ""}, thing{"rating", x.id, x.proposal, x.unit, x.state, ""},
					thing{kind: "opinion", id: x.assignment, proposal: x.proposal}, thing{kind: "proposal", id: x.proposal, proposal: x.proposal})
			}
		}
	case "files":
		for f, p := range w.files {
			list = append(list, thing{id: f, proposal: p})
		}
	case "bodies":
		for _, b := range w.bodies {
			list = append(list, thing{id: b})
		}
	case "people":
		for _, p := range w.people[:2] {
			list = append(list, thing{id: p.PersonID})
		}
	default:
		list = w.year[d.of]
	}
	return list
}

// tokens stand for sessions: the number of a walker.
type tokens []access.Actor

// Resolve implements web.Sessions.
func (k tokens) Resolve(_ context.Context, token string, via access.Via) (access.Actor, web.Prefs, error) {
	for i, a := range k {
		if token == fmt.Sprint("walker", i) {
			a.Via = via
			return a, web.Prefs{Lang: "zh-CN", Committee: "政协"}, nil
		}
	}
	return access.Nobody(via), web.Prefs{}, nil
}

// walker is one of them, with a browser.
type walker struct {
	t      *testing.T
	w      *city
	n      int
	who    access.Actor
	client *http.Client
	url    string
	probes *atomic.Int64
}

func (x *walker) get(path string) (int, string) {
	x.t.Helper()
	x.probes.Add(1)
	r, err := http.NewRequestWithContext(x.t.Context(), http.MethodGet, x.url+path, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	r.Header.Set("Authorization", fmt.Sprint("Bearer walker", x.n))
	a, err := x.client.Do(r)
	if err != nil {
		x.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return a.StatusCode, string(body)
}

var canary = regexp.MustCompile(`canary-([0-9a-z-]+)`)

// clean reports titles that the walker must not read.
func (x *walker) clean(path, body string) {
	x.t.Helper()
	for _, m := range canary.FindAllStringSubmatch(body, -1) {
		known := slices.ContainsFunc(x.w.proposals, func(p paper) bool { return p.id == m[1] })
		if !known || !x.w.sees(x.who, m[1]) && !(mayNominate(path) && isFiled(x.w.paper(m[1]).state)) {
			x.t.Errorf("%s (%s) reads the title of %s on %s", x.who.Name, x.who.Post.Kind, m[1], path)
		}
	}
}

func (x *walker) try(pattern string, d door, it thing) {
	x.t.Helper()
	path := strings.NewReplacer("GET ", "", "{id}", it.id, "{kind}", it.kind, "{person_id}", it.id,
		"{session}", it.id, "{unit}", x.w.bodies[0], "{code}", "on_time", "{edition}", "1").Replace(pattern)
	status, body := x.get(path)
	x.clean(path, body)
	sees := d.sees(x.w, x.who, it)
	switch {
	case !sees && d.of != "bodies" && d.of != "people" && status != http.StatusNotFound,
		!sees && status != http.StatusNotFound && status != http.StatusForbidden:
		x.t.Errorf("%s (%s) of %.9s may not see %s and is answered %d", x.who.Name, x.who.Post.Kind, x.who.CommitteeID, path, status)
	case sees && d.exact && status != http.StatusOK:
		x.t.Errorf("%s (%s) may see %s and is answered %d", x.who.Name, x.who.Post.Kind, path, status)
	case status >= http.StatusInternalServerError:
		x.t.Errorf("%s answers %d to %s (%s)", path, status, x.who.Name, x.who.Post.Kind)
	}
}

// lists opens every page and operation without an id, some of them filtered so
// that what is hidden would be found.
func (x *walker) lists(paths []string) {
	x.t.Helper()
	paths = slices.Clone(paths) // the others walk through the same list
	hidden := slices.IndexFunc(x.w.proposals, func(p paper) bool { return !x.w.sees(x.who, p.id) })
	for _, p := range []string{"/proposals", "/api/v1/proposals"} {
		for _, q := range []string{"state=draft", "state=submitted", "state=all_filed", "state=withdrawn", "late=1&sort=due", "sort=number", "mine=1", "timing=session"} {
			paths = append(paths, p+"?"+q)
		}
		if hidden >= 0 {
			paths = append(paths, p+"?q="+x.w.proposals[hidden].id)
		}
	}
	paths = append(paths, "/assignments?all=1", "/assignments?state=late", "/dispatch?at_desks=1", "/api/v1/cases/waiting?at_desks=1", "/api/v1/assignments?all=1",
		"/proposals?after=%00", "/proposals?state=%00", "/assignments?q=%00%ff", "/proposals/%00", "/replies/%ff", "/proposals?sort=due&after=eyJzIjoiZHVlIn0")
	for _, p := range paths {
		status, body := x.get(p)
		x.clean(p, body)
		if status >= http.StatusInternalServerError {
			x.t.Errorf("%s answers %d to %s (%s)", p, status, x.who.Name, x.who.Post.Kind)
		}
		if hidden >= 0 && strings.Contains(p, "/api/v1/proposals?q=") && total(body) > 0 {
			x.t.Errorf("%s (%s) is told that there is one of %s: %.300s", x.who.Name, x.who.Post.Kind, p, body)
		}
	}
}

func TestNobodyReadsWhatHeMayNotSee(t *testing.T) {
	t.Parallel()
	w := built(t)
	w.s.Pages.Sessions = tokens(w.people)
	server := httptest.NewServer(w.s.Handler())
	t.Cleanup(server.Close)
	all, lists, opened := doors(), []string{}, map[string]bool{}
	for _, r := range w.s.Pages.Routes() {
		switch _, known := all[r.Pattern]; {
		case !strings.HasPrefix(r.Pattern, "GET ") || known || named.MatchString(r.Pattern):
		case strings.Contains(strings.ReplaceAll(r.Pattern, "{$}", ""), "{"):
			t.Errorf("nobody walks through %s: add it to doors", r.Pattern)
		case !r.Open && !opened[r.Pattern]:
			lists = append(lists, strings.TrimPrefix(strings.TrimSuffix(r.Pattern, "{$}"), "GET "))
		}
		opened[r.Pattern] = true
	}
	for pattern := range all {
		if !opened[pattern] {
			t.Errorf("there is no %s any more", pattern)
		}
	}
	var probes atomic.Int64
	var wg sync.WaitGroup
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	turn := make(chan struct{}, 4)
	for n, who := range w.people {
		x := &walker{t, w, n, who, client, server.URL, &probes}
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			for pattern, d := range all {
				for _, it := range w.behind(d, n) {
					x.try(pattern, d, it)
				}
			}
			x.lists(lists)
		})
	}
	wg.Wait()
	w.nobody(t, &walker{t, w, -1, access.Actor{}, client, server.URL, &probes}, all, lists)
	if n := probes.Load(); n < 5000 { // trust.md ACC-03
		t.Errorf("only %d probes by %d people", n, len(w.people))
	}
}

// nobody is sent to the sign-in page, or told by the API to sign in.
func (w *city) nobody(t *testing.T, x *walker, all map[string]door, lists []string) {
	t.Helper()
	paths := slices.Clone(lists)
	for pattern, d := range all {
		for _, it := range slices.Concat(w.behind(d, 0), []thing{{kind: "proposal", id: "nothing"}})[:1] {
			paths = append(paths, strings.NewReplacer("GET ", "", "{id}", it.id, "{kind}", it.kind, "{person_id}", it.id,
				"{session}", it.id, "{unit}", x.w.bodies[0], "{code}", "on_time", "{edition}", "1").Replace(pattern))
		}
	}
	for _, p := range paths {
		want := http.StatusSeeOther
		if strings.HasPrefix(p, "/api/") {
			want = http.StatusUnauthorized
		}
		if status, body := x.get(p); status != want || canary.MatchString(body) {
			t.Errorf("nobody is answered %d on %s, want %d", status, p, want)
		}
	}
}
