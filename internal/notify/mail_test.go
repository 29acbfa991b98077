package notify_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/i18n"
	"tongxin/internal/identity"
	"tongxin/internal/notify"
	"tongxin/internal/testkit"
)

// post is a small SMTP server on the loopback interface. answer decides what it
// says to RCPT and at the end of a letter; "" means that all is well.
type post struct {
	address string
	mu      sync.Mutex
	answer  func(step string, n int) string
	letters []string
	to      []string
	calls   int
}

func startPost(t testing.TB) *post {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{address: l.Addr().String(), answer: func(string, int) string { return "" }}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

func (p *post) says(f func(step string, n int) string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = f
}

// took lists the letters that the server took, and tells how often it was called.
func (p *post) took() (letters, to []string, calls int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.letters...), append([]string(nil), p.to...), p.calls
}

func (p *post) reply(step, well string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.answer(step, p.calls); a != "" {
		return a, a != "drop"
	}
	return well, true
}

func (p *post) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	p.mu.Lock()
	p.calls++
	p.mu.Unlock()
	in, to := bufio.NewReader(c), ""
	say := func(step, well string) bool {
		a, on := p.reply(step, well)
		if on {
			_, _ = fmt.Fprintf(c, "%s\r\n", a)
		}
		return on
	}
	if !say("hello", "220 post.test") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		on := true
		switch strings.ToUpper(word) {
		case "RCPT":
			to = strings.TrimSpace(line)
			on = say("rcpt", "250 ok")
		case "DATA":
			_, _ = io.WriteString(c, "354 go on\r\n")
			on = p.letter(in, to, say)
		case "QUIT":
			on = say("quit", "221 bye")
		default:
			_, _ = io.WriteString(c, "250 ok\r\n")
		}
		if !on {
			return
		}
	}
}

func (p *post) letter(in *bufio.Reader, to string, say func(step, well string) bool) bool {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(line)
	}
	if a, _ := p.reply("letter", ""); a == "" {
		p.mu.Lock()
		p.letters, p.to = append(p.letters, b.String()), append(p.to, to)
		p.mu.Unlock()
	}
	return say("letter", "250 taken")
}

// mailed is a world with a mail server and three people who have an address;
// the third reads English.
type mailed struct {
	*testkit.World
	post    *post
	a, b, e access.Actor
}

func withMail(t *testing.T, f func(t *testing.T, w mailed)) {
	t.Helper()
	for _, e := range testkit.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			p := startPost(t)
			sender, err := notify.NewSMTP(notify.Server{Address: p.address, From: "tongxin@committee.example"})
			if err != nil {
				t.Fatal(err)
			}
			part := &notify.Channels{Ways: []notify.Channel{sender}, Site: "https://committee.example"}
			h := testkit.Open(t, e, modules(), []any{part})
			part.Words = h.Words
			w := mailed{World: testkit.NewWorld(t, h), post: p}
			w.a, w.b, w.e = newcomer(t, w, "甲", ""), newcomer(t, w, "乙", ""), newcomer(t, w, "丙", "en")
			f(t, w)
		})
	}
}

type person struct{ Name, Lang string }

func (person) Object() (string, string) { return "test", "person" }

func newcomer(t testing.TB, w mailed, name, lang string) access.Actor {
	t.Helper()
	who := access.Actor{CommitteeID: w.CommitteeID, Name: name}
	act := app.Define("test.person", func(_ *app.Call, in person) (person, error) { return in, nil }, access.Public[person],
		func(c *app.Call, in person, _ person) (struct{}, error) {
			p, err := identity.Add(c, identity.Person{CommitteeID: w.CommitteeID, Name: in.Name, Mail: fmt.Sprintf("p%d@mail.example", len(in.Name)+int(in.Name[0])*7+int(in.Name[2]))})
			if err != nil {
				return struct{}{}, err
			}
			who.PersonID = p.ID
			_, err = c.Tx().Exec(c.Ctx(), "UPDATE person SET lang = ? WHERE id = ?", in.Lang, p.ID)
			return struct{}{}, err
		})
	if _, err := act.Do(t.Context(), w.App, access.Actor{CommitteeID: w.CommitteeID}, person{name, lang}); err != nil {
		t.Fatal(err)
	}
	return who
}

func tasks(t testing.TB, w mailed) {
	t.Helper()
	if err := w.App.RunTasks(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// row is a delivery as the outbox has it.
type row struct {
	State, Error string
	Tries        int64
}

var outbox = app.Ask("test.outbox", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) (r row, err error) {
		err = l.Tx().Row(l.Ctx(), "SELECT state, error, tries FROM delivery ORDER BY id LIMIT 1").Scan(&r.State, &r.Error, &r.Tries)
		return r, err
	})

func first(t testing.TB, w mailed) row {
	t.Helper()
	r, err := outbox.Do(t.Context(), w.App, access.Actor{}, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestALetterSaysNothingOfTheCase(t *testing.T) {
	t.Parallel()
	withMail(t, func(t *testing.T, w mailed) {
		occur(t, w.World, w.Office, happened{Name: "test.happened", Title: "SECRET-TITLE", To: []string{w.a.PersonID, w.e.PersonID, w.Members[0].PersonID}})
		w.CaughtUp(t)
		for range 3 { // the second and third run find nothing to do
			tasks(t, w)
		}
		letters, to, calls := w.post.took()
		if len(letters) != 2 || calls != 2 {
			t.Fatalf("%d letters in %d calls", len(letters), calls)
		}
		for i, l := range letters {
			if strings.Contains(l, "SECRET") || strings.Contains(l, "cases/1") || strings.Contains(l, w.a.PersonID) {
				t.Errorf("the letter tells of the case:\n%s", l)
			}
			for _, want := range []string{"committee.example/inbox", "From: <tongxin@committee.example>", "Auto-Submitted: auto-generated", "Message-ID: <"} {
				if !strings.Contains(l, want) {
					t.Errorf("letter to %s lacks %q:\n%s", to[i], want, l)
				}
			}
		}
		if !strings.Contains(letters[0]+letters[1], "You have a new message") {
			t.Error("nobody got an English letter")
		}
		// A member of the small committee has no mail address: that is told by class.
		if n := count(t, w, "failed", notify.NoAddress); n != 1 {
			t.Errorf("%d failed for want of an address", n)
		}
		if n := count(t, w, "sent", ""); n != 2 {
			t.Errorf("%d sent", n)
		}
	})
}

type stateAndClass struct{ State, Class string }

var counted = app.Ask("test.counted", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, in stateAndClass) (n int, err error) {
		err = l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM delivery WHERE state = ? AND error = ?", in.State, in.Class).Scan(&n)
		return n, err
	})

func count(t testing.TB, w mailed, state, class string) int {
	t.Helper()
	n, err := counted.Do(t.Context(), w.App, access.Actor{}, stateAndClass{state, class})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAServerThatIsBusyIsTriedAgain(t *testing.T) {
	t.Parallel()
	withMail(t, func(t *testing.T, w mailed) {
		w.post.says(func(step string, n int) string {
			switch {
			case n == 1 && step == "hello":
				return "421 too busy"
			case n == 2 && step == "rcpt":
				return "451 later"
			case n == 3 && step == "letter":
				return "drop"
			}
			return ""
		})
		occur(t, w.World, w.Office, happened{Name: "test.happened", To: []string{w.a.PersonID}})
		w.CaughtUp(t)
		for i, pause := range []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute} {
			tasks(t, w)
			if r := first(t, w); r.State != "waiting" || r.Tries != int64(i+1) || r.Error == "" {
				t.Fatalf("after try %d: %+v", i+1, r)
			}
			w.Clock.Advance(pause - time.Second)
			tasks(t, w)
			if _, _, calls := w.post.took(); calls != i+1 {
				t.Fatalf("tried again before %v: %d calls", pause, calls)
			}
			w.Clock.Advance(time.Second)
		}
		tasks(t, w)
		tasks(t, w)
		letters, _, calls := w.post.took()
		if r := first(t, w); r.State != "sent" || r.Error != "" || r.Tries != 4 || len(letters) != 1 || calls != 4 {
			t.Errorf("at the end %+v, %d letters in %d calls", r, len(letters), calls)
		}
	})
}

func TestAServerThatNeverAnswersIsGivenUp(t *testing.T) {
	t.Parallel()
	withMail(t, func(t *testing.T, w mailed) {
		w.post.says(func(step string, _ int) string { return map[string]string{"hello": "drop"}[step] })
		occur(t, w.World, w.Office, happened{Name: "test.happened", To: []string{w.a.PersonID}})
		w.CaughtUp(t)
		for range 20 {
			tasks(t, w)
			w.Clock.Advance(24 * time.Hour)
		}
		_, _, calls := w.post.took()
		if r := first(t, w); r.State != "failed" || r.Error != notify.Unreachable || r.Tries != 8 || calls != 8 {
			t.Errorf("%+v after %d calls", r, calls)
		}
	})
}

func TestARefusedRecipientIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	withMail(t, func(t *testing.T, w mailed) {
		w.post.says(func(step string, _ int) string { return map[string]string{"rcpt": "550 no such person"}[step] })
		occur(t, w.World, w.Office, happened{Name: "test.happened", To: []string{w.a.PersonID}})
		w.CaughtUp(t)
		for range 3 {
			tasks(t, w)
			w.Clock.Advance(24 * time.Hour)
		}
		_, _, calls := w.post.took()
		if r := first(t, w); r.State != "failed" || r.Error != notify.Recipient || calls != 1 {
			t.Errorf("%+v after %d calls", r, calls)
		}
	})
}

func TestAConnectionThatBreaksAfterTheLetterCountsAsSent(t *testing.T) {
	t.Parallel()
	withMail(t, func(t *testing.T, w mailed) {
		w.post.says(func(step string, _ int) string { return map[string]string{"quit": "drop"}[step] })
		occur(t, w.World, w.Office, happened{Name: "test.happened", To: []string{w.a.PersonID}})
		w.CaughtUp(t)
		for range 3 {
			tasks(t, w)
			w.Clock.Advance(24 * time.Hour)
		}
		letters, _, _ := w.post.took()
		if r := first(t, w); r.State != "sent" || len(letters) != 1 {
			t.Errorf("%+v, %d letters", r, len(letters))
		}
	})
}

// dying is a sender whose node stops after the letter is out and before the
// record of it.
type dying struct {
	mu   sync.Mutex
	ids  []string
	stop bool
}

func (*dying) Name() string { return notify.ByMail }
func (*dying) Host() string { return "mail.example" }

func (d *dying) Send(_ context.Context, l notify.Letter) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids = append(d.ids, l.ID)
	if d.stop {
		panic("the power fails")
	}
	return "", nil
}

func TestANodeThatDiesSendsAgainWithTheSameID(t *testing.T) {
	t.Parallel()
	for _, e := range testkit.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			d := &dying{stop: true}
			part := &notify.Channels{Ways: []notify.Channel{d}, Site: "https://committee.example"}
			h := testkit.Open(t, e, modules(), []any{part})
			part.Words = h.Words
			w := mailed{World: testkit.NewWorld(t, h)}
			w.a = newcomer(t, w, "甲", "")
			occur(t, w.World, w.Office, happened{Name: "test.happened", To: []string{w.a.PersonID}})
			w.CaughtUp(t)
			tasks(t, w)
			d.stop = false
			tasks(t, w) // the claim still holds
			if len(d.ids) != 1 {
				t.Fatalf("sent %d times while claimed", len(d.ids))
			}
			w.Clock.Advance(5 * time.Minute)
			tasks(t, w)
			tasks(t, w)
			if len(d.ids) != 2 || d.ids[0] != d.ids[1] {
				t.Errorf("sent as %v", d.ids)
			}
		})
	}
}

func TestTwoNodesSendOnce(t *testing.T) {
	t.Parallel()
	withMail(t, func(t *testing.T, w mailed) {
		for range 30 {
			occur(t, w.World, w.Office, happened{Name: "test.happened", To: []string{w.a.PersonID, w.b.PersonID}})
		}
		w.CaughtUp(t)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := w.App.RunTasks(context.WithoutCancel(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if letters, _, _ := w.post.took(); len(letters) != 60 || count(t, w, "sent", "") != 60 {
			t.Errorf("%d letters for 60 messages", len(letters))
		}
	})
}

func TestWithoutAMailServerNothingWaits(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := mailed{World: testkit.NewWorld(t, h)}
		w.a = newcomer(t, w, "甲", "")
		occur(t, w.World, w.Office, happened{Name: "test.happened", To: []string{w.a.PersonID}})
		w.CaughtUp(t)
		tasks(t, w)
		if n := count(t, w, "waiting", ""); n != 0 {
			t.Errorf("%d wait for a server that is not there", n)
		}
	})
}

func TestWrongMailSettings(t *testing.T) {
	t.Parallel()
	for _, s := range []notify.Server{{}, {Address: "mail.example"}, {Address: "mail.example:smtp", From: "a@b.example"}, {Address: "mail.example:25"}, {Address: "mail.example:25", From: "no address"}} {
		if _, err := notify.NewSMTP(s); err == nil {
			t.Errorf("%+v was taken", s)
		}
	}
}

func TestAServerElsewhereMustEncrypt(t *testing.T) {
	t.Parallel()
	// The name leads to loopback, but is not known to: so it must encrypt.
	p := startPost(t)
	_, port, _ := net.SplitHostPort(p.address)
	s, err := notify.NewSMTP(notify.Server{Address: "localhost.localdomain:" + port, From: "a@committee.example"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Send(t.Context(), notify.Letter{ID: "1", To: "b@mail.example", Subject: "x", Text: "y"})
	r := (*notify.Refusal)(nil)
	if !errors.As(err, &r) || r.Lasting {
		t.Errorf("sent in the clear: %v", err)
	}
	if letters, _, _ := p.took(); len(letters) != 0 {
		t.Error("a letter went in the clear")
	}
}

func TestEveryWordIsThere(t *testing.T) {
	t.Parallel()
	words, err := i18n.Load(notify.Module().Messages)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		if s := words.In(lang).T("notify.inbox.below", "total", 3, "unread", 1); !strings.Contains(s, "3") || !strings.Contains(s, "1") {
			t.Errorf("%s: %s", lang, s)
		}
	}
}
