package crash_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tongxin/e2e/product"
)

func TestMain(m *testing.M) { os.Exit(product.Main(m.Run)) }

const (
	readyWithin = 5 * time.Second  // after a crash (F01)
	endWithin   = 10 * time.Second // after SIGTERM (F03)
)

// city is a kept folder with a committee in it, and the people who write.
type city struct {
	t        *testing.T
	folder   string
	password string
	office   string // token
	writers  []*writer
	before   partition
}

// found makes the city, signs everybody in and ends the product in good order.
func found(t *testing.T) *city {
	t.Helper()
	c := &city{t: t, folder: t.TempDir()}
	p := product.Start(t, nil, "demo", "--data", c.folder, "--listen", "127.0.0.1:0", "--proposals", "40")
	address := p.Address()
	c.password = p.Line(`the password is (\S+) for all`)[1]
	c.office = signIn(t, address, "office", c.password)
	// One after another: tries that run at the same time count against the lockout.
	for i := range writers {
		c.writers = append(c.writers, &writer{name: i + 1, token: signIn(t, address, "member", c.password)})
	}
	office := newClient(address, c.office)
	defer office.close()
	c.before = partitionOf(t, office)
	p.Stop()
	return c
}

func (c *city) settings() []string {
	return []string{"--database", filepath.Join(c.folder, "tongxin.db"), "--data", filepath.Join(c.folder, "data")}
}

// serve starts the real server on the folder and waits until it is healthy.
func (c *city) serve() (p *product.Process, address string) {
	c.t.Helper()
	began := time.Now()
	p = product.Start(c.t, nil, append([]string{"serve", "--listen", "127.0.0.1:0"}, c.settings()...)...)
	address = p.Address()
	k := newClient(address, "")
	defer k.close()
	if a, err := k.send(c.t.Context(), http.MethodGet, "/healthz", "", nil); err != nil || a.status != http.StatusOK {
		c.t.Fatalf("the health page: %s %v", a, err)
	}
	if took := time.Since(began); took > readyWithin {
		c.t.Errorf("ready after %s, want %s at most", took, readyWithin)
	}
	return p, address
}

// storm lets the writers work, ends the product by end after count acknowledged answers,
// and waits until every writer has noticed.
func (c *city) storm(count int64, end func(*product.Process)) {
	c.t.Helper()
	p, address := c.serve()
	x := start(c.t.Context(), c.writers, address, count)
	select {
	case <-x.reached:
	case <-x.finished:
		c.t.Errorf("every writer stopped after %d answers, before the end was asked for at %d", x.acked.Load(), count)
	}
	end(p)
	<-x.finished
	for _, err := range x.wrong {
		c.t.Error(err)
	}
	c.t.Logf("ended after %d answers; %d were never answered", x.acked.Load(), len(unanswered(c.writers)))
}

// settle starts the product again, checks that what was not answered is there once or not
// at all, and hands it in again under the same keys. kept is how much was there.
func (c *city) settle() (p *product.Process, address string, kept int) {
	c.t.Helper()
	p, address = c.serve()
	reader := newClient(address, c.writers[0].token)
	defer reader.close()
	there := listed(c.t, reader)
	for _, e := range unanswered(c.writers) {
		kept += min(len(there[e.title]), 1)
		if len(there[e.title]) > 1 {
			c.t.Errorf("%s was not answered and is there %d times", e.key, len(there[e.title]))
		}
	}
	c.t.Logf("%d of %d without an answer had been done", kept, len(unanswered(c.writers)))
	for _, w := range c.writers {
		for len(unanswered([]*writer{w})) > 0 {
			refusal, lost, err := w.hand(c.t.Context(), reader, w.next())
			if err != nil || lost || refusal.status != 0 {
				c.t.Fatalf("the second try was not taken: lost %v, %s, %v", lost, refusal, err)
			}
		}
	}
	return p, address, kept
}

// check reads everything back through the API.
func (c *city) check(address string) {
	c.t.Helper()
	reader, office := newClient(address, c.writers[0].token), newClient(address, c.office)
	defer reader.close()
	defer office.close()
	there, all := listed(c.t, reader), entries(c.writers)
	numbers := map[int64]string{}
	for _, e := range all {
		if ids := there[e.title]; !slices.Equal(ids, []string{e.receipt.ID}) {
			c.t.Errorf("%s was acknowledged as %s, the list has %v", e.key, e.receipt.ID, ids)
			continue
		}
		delete(there, e.title)
		c.whole(reader, e)
		if other, ok := numbers[e.receipt.Registration]; ok {
			c.t.Errorf("%s and %s both have registration number %d", e.key, other, e.receipt.Registration)
		}
		numbers[e.receipt.Registration] = e.key
	}
	for title := range there {
		if strings.HasPrefix(title, "提案甲") {
			c.t.Errorf("%s is there and nobody sent it", title)
		}
	}
	now, n := partitionOf(c.t, office), int64(len(all))
	if now.Submitted != c.before.Submitted+n || now.Pending != c.before.Pending+n || now.sum() != now.Submitted {
		c.t.Errorf("after %d submissions the partition went from %+v to %+v", n, c.before, now)
	}
}

// whole checks one proposal: text, number and disposition came with it.
func (c *city) whole(reader *client, e *entry) {
	c.t.Helper()
	got := get[struct {
		State        string
		Registration int64
		Text         struct {
			Background string
			Items      []string
		}
		Dispositions []any
	}](c.t, reader, "/api/v1/proposals/"+e.receipt.ID)
	if got.State != "submitted" || got.Registration != e.receipt.Registration || got.Text.Background != background(e.title) ||
		!slices.Equal(got.Text.Items, items(e.title)) || len(got.Dispositions) != 1 {
		c.t.Errorf("%s, number %d, is not whole: %+v", e.key, e.receipt.Registration, got)
	}
}

// examine runs the administrator's tools over the folder.
func (c *city) examine() {
	c.t.Helper()
	for _, tool := range [][]string{{"audit", "verify"}, {"doctor"}} {
		if said, err := product.Run(c.t, nil, append(tool, c.settings()...)...); err != nil {
			c.t.Errorf("tongxin %s: %v\n%s", strings.Join(tool, " "), err, said)
		}
	}
}

// F01: kill -9 in the middle of the work, again and again.
func TestKilledWhilePeopleHandIn(t *testing.T) {
	c := found(t)
	for _, count := range []int64{1, 30, 75, 120, 45, 200} {
		c.storm(count, (*product.Process).Kill)
		c.examine() // the first to open the folder after the crash
		p, _, _ := c.settle()
		p.Kill()
	}
	p, address, _ := c.settle()
	c.check(address)
	p.Stop()
	c.examine()
}

// F03: SIGTERM under load. What is taken is answered, and answered well.
func TestStoppedWhilePeopleHandIn(t *testing.T) {
	c := found(t)
	for _, count := range []int64{1, 40, 90, 60, 150} {
		c.storm(count, func(p *product.Process) {
			began := time.Now()
			p.Stop()
			if took := time.Since(began); took > endWithin {
				t.Errorf("ended %s after SIGTERM, want %s at most", took, endWithin)
			}
		})
	}
	p, address, kept := c.settle()
	if kept > 0 {
		t.Errorf("%d submissions were done and not answered", kept)
	}
	c.check(address)
	p.Stop()
	c.examine()
}

// F05: the disk takes no more, then it does again. A limit on the size of files that is
// set on the running process stands for the full disk: it needs no rights of its own.
func TestDiskThatTakesNoMore(t *testing.T) {
	c := found(t)
	p, address := c.serve()
	reader := newClient(address, c.writers[0].token)
	defer reader.close()
	draft := saveDraft(t, reader)
	x := start(t.Context(), c.writers, address, 20)
	select {
	case <-x.reached:
	case <-x.finished:
		t.Fatalf("every writer stopped too early: %v", x.wrong)
	}
	limit(t, p, strconv.FormatInt(journalSize(t, c.folder), 10))
	<-x.finished // each writer stops at its first refusal
	if len(x.wrong) != writers {
		t.Errorf("%d of %d writers were refused", len(x.wrong), writers)
	}
	for _, w := range c.writers {
		refusal, lost, err := w.hand(t.Context(), reader, w.next())
		if lost || err != nil || refusal.status != http.StatusServiceUnavailable || refusal.kind != "application/problem+json" {
			t.Errorf("handing in on a full disk: lost %v, %s, %v", lost, refusal, err)
		}
	}
	reads(t, c, address)
	if a := upload(t, reader, draft, "full"); a.status != http.StatusServiceUnavailable || a.kind != "application/problem+json" {
		t.Errorf("a file for a full disk: %s", a)
	}
	if !strings.Contains(p.Output(), "disk I/O error") {
		t.Error("the log does not tell that the disk is in trouble")
	}

	limit(t, p, "unlimited")
	if a := upload(t, reader, draft, "room"); a.status != http.StatusOK {
		t.Errorf("a file when there is room again: %s", a)
	}
	for _, w := range c.writers {
		if refusal, lost, err := w.hand(t.Context(), reader, w.next()); lost || err != nil || refusal.status != 0 {
			t.Errorf("handing in when there is room again: lost %v, %s, %v", lost, refusal, err)
		}
	}
	c.check(address)
	p.Stop()
	c.examine()
}

// reads checks that people can still read, by page and by API.
func reads(t *testing.T, c *city, address string) {
	t.Helper()
	office := newClient(address, c.office)
	defer office.close()
	if now := partitionOf(t, office); now.sum() != now.Submitted {
		t.Errorf("on a full disk the partition is %+v", now)
	}
	for _, path := range []string{"/", "/proposals", "/inbox"} {
		if a, err := office.send(t.Context(), http.MethodGet, path, "", nil); err != nil || a.status != http.StatusOK {
			t.Errorf("reading %s on a full disk: %d %v", path, a.status, err)
		}
	}
}

// saveDraft begins a proposal that is never handed in.
func saveDraft(t *testing.T, c *client) string {
	t.Helper()
	a, err := c.send(t.Context(), http.MethodPost, "/api/v1/proposals/draft", "draft", map[string]any{"title": "未完成的草稿"})
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("save a draft: %s %v", a, err)
	}
	var out struct{ ID string }
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatal(err)
	}
	return out.ID
}

// upload attaches a text larger than any file may be while the disk is full.
func upload(t *testing.T, c *client, draft, key string) answer {
	t.Helper()
	a, err := c.post(t.Context(), "/api/v1/attachments/proposal/"+draft+"?name=long.txt", key, strings.NewReader(strings.Repeat("调研笔记。\n", 1<<19)))
	if err != nil {
		t.Fatalf("upload: %v", err)
	}
	return a
}

// journalSize is how far SQLite's journal has grown.
func journalSize(t *testing.T, folder string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(folder, "tongxin.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// limit sets how large a file the process may write.
func limit(t *testing.T, p *product.Process, bytes string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	said, err := exec.CommandContext(ctx, "prlimit", "--pid", strconv.Itoa(p.ID()), "--fsize="+bytes+":").CombinedOutput()
	if err != nil {
		t.Fatal(fmt.Errorf("limit the size of files: %w\n%s", err, said))
	}
}
