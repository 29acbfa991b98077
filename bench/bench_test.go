package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tongxin/bench/load"
	"tongxin/bench/peer"
	"tongxin/bench/product"
	"tongxin/bench/product/producttest"
	"tongxin/bench/report"
)

// TestMain lets this binary be its own child, as the benchmark is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if run, ok := children()[os.Args[1]]; ok {
			fail(run(os.Args[2:]))
			return
		}
	}
	os.Exit(m.Run())
}

func TestOptions(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"-rounds", "7", "-sizes", "10,20", "-only", "list"})
	if err != nil || o.rounds != 7 || !slices.Equal(o.sizes, []int{10, 20}) || !o.wants("list") || o.wants("submit") {
		t.Errorf("got %+v %v", o, err)
	}
	if want := "make bench BENCH='-rounds 7 -sizes 10,20 -only list'"; o.args != want {
		t.Errorf("the report would say %q, want %q", o.args, want)
	}
	if o, err = parse(nil); err != nil || o.args != "make bench" || !o.wants("submit") || o.rounds < 5 {
		t.Errorf("got %+v %v", o, err)
	}
	for _, bad := range [][]string{{"-sizes", "many"}, {"-sizes", "0"}, {"-rounds", "0"}, {"-each", "0s"}, {"-proposals", "-1"}} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

func TestLettersAreWholeAndDiffer(t *testing.T) {
	t.Parallel()
	l := newLetters(`{"title":"TITLE","background":"BODY"}`)
	seen := map[string]bool{}
	for n := range uint64(3 * variants) {
		var in struct{ Title, Background string }
		if err := json.Unmarshal(l.write(n, nil), &in); err != nil {
			t.Fatal(err)
		}
		if got := utf8.RuneCountInString(in.Background); got != bodyLength {
			t.Fatalf("letter %d has %d characters", n, got)
		}
		if utf8.RuneCountInString(in.Title) > 50 || seen[in.Title] {
			t.Fatalf("title %q", in.Title)
		}
		seen[in.Title] = true
	}
}

func TestQuestionsSayTheSameToBoth(t *testing.T) {
	t.Parallel()
	q := question{"closed", "society", "due"}
	if got := q.product("s1"); got != "?category=society&session=s1&sort=due&state=closed" {
		t.Error(got)
	}
	if got := q.peer("s1"); got != "?filter=session+%3D+%27s1%27+%26%26+state+%3D+%27closed%27+%26%26+category+%3D+%27society%27&perPage=30&sort=due_on" {
		t.Error(got)
	}
	all := questions(product.Shape{Categories: []string{"a", "b"}, Numbered: []string{"closed"}, Cells: []product.Cell{{State: "closed", Category: "a"}}})
	if len(all) != 5 {
		t.Errorf("%d questions: %v", len(all), all)
	}
}

func TestGetsVisitsEveryPath(t *testing.T) {
	t.Parallel()
	next, seen := gets([]string{"/a", "/b", "/c"}, load.Head{Host: "h"}), map[string]bool{}
	for n := range uint64(3) {
		seen[strings.Fields(string(next(n, nil)))[1]] = true
	}
	if len(seen) != 3 {
		t.Errorf("visited %v", seen)
	}
}

// A turn against the real peer, with proposals taken over from the product's tables.
func TestPeer(t *testing.T) {
	t.Parallel()
	path := producttest.City(t)
	if _, err := product.Multiply(t.Context(), path, product.Size{Proposals: 200}); err != nil {
		t.Fatal(err)
	}
	shape, err := product.Look(t.Context(), path)
	if err != nil || shape.Session != "s1" || !slices.Equal(shape.Numbered, []string{"closed", "filed"}) || len(shape.Cells) != 2 || len(shape.Cases) != 1 {
		t.Fatalf("shape %+v %v", shape, err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{options: options{rounds: 1}, ctx: t.Context(), folder: t.TempDir(), log: log, self: self}
	mine := &running{Installation: product.Installation{Database: path}, shape: shape}
	r, err := b.startPeer("peer", mine, "-full")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
	}()
	if ids, err := r.ids(); err != nil || len(ids) != 201 {
		t.Errorf("took over %d of 201 proposals that were handed in: %v", len(ids), err)
	}
	var listed struct {
		Total int `json:"totalItems"`
	}
	if err := r.ask("GET", "/api/collections/"+peer.Collection+"/records"+question{"closed", "livelihood", "newest"}.peer("s1"), nil, &listed); err != nil || listed.Total != 67 {
		t.Errorf("lists %d closed proposals, want 67: %v", listed.Total, err)
	}
	rows, err := b.compare(2, 100*time.Millisecond, r.submitter("writes"), r.lister("reads"))
	if err != nil || rows[0].PerSecond <= 0 || rows[1].Bytes < 1000 {
		t.Errorf("rows %+v %v", rows, err)
	}
}

func TestEveryTargetCanBeExplained(t *testing.T) {
	t.Parallel()
	row := report.Row{PerSecond: 1, P50: time.Second, P99: time.Second, CPU: 9, Ratio: 0.1}
	rows := []report.Row{row, row, row}
	mine := &running{proposals: 10, shape: product.Shape{Session: "s", Categories: []string{"a"}}}
	for _, m := range []report.Measure{submissionMeasure(rows), aloneMeasure(rows), listMeasure(mine, rows), pageMeasure(mine, rows)} {
		for _, target := range m.Targets {
			if target.Miss == "" || reasons()[target.Key] == "" {
				t.Errorf("%s is met by a server that does nothing well, or nobody says why it is missed", target.Key)
			}
		}
	}
	slow := report.Round{P50: 9 * time.Second}
	for _, target := range dispatchMeasure([]report.Round{slow}, []report.Round{slow}).Targets {
		if target.Miss == "" || reasons()[target.Key] == "" {
			t.Errorf("nine seconds are %+v", target)
		}
	}
	slower := []report.Row{{P99: time.Second}, {P99: 2 * time.Second}}
	if target := sizesMeasure(slower).Targets[0]; target.Miss == "" || reasons()[target.Key] == "" {
		t.Errorf("twice the time is %+v", target)
	}
}
