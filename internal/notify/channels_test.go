package notify_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/identity"
	"tongxin/internal/notify"
	"tongxin/internal/notify/notifytest"
	"tongxin/internal/profile"
	"tongxin/internal/seal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

const (
	gatewayKey = "CANARY-gateway-key-0123456789"
	receiptKey = "CANARY-receipt-key-0123456789"
)

// pressed is a notice that a test makes, with everything a notice can say.
type pressed struct {
	To      []string       `json:"to"`
	Urgency notify.Urgency `json:"urgency"`
	By      []string       `json:"by"`
	Number  string         `json:"number"`
}

func (pressed) FactName() string         { return "test.pressed" }
func (pressed) Object() (string, string) { return "test", "case-1" }

func pressRules() []notify.Rule {
	return append(rules(), notify.Rule{Fact: "test.pressed", Notices: func(_ *app.Look, f app.Heard) ([]notify.Notice, error) {
		p, err := notify.Body[pressed](f)
		return []notify.Notice{{To: p.To, Key: "test.notice", Args: []string{"title", "SECRET-TITLE 关于路灯的提案", "number", p.Number, "unit", "SECRET-UNIT"},
			Link: "/cases/1", Urgency: p.Urgency, By: p.By}}, err
	}})
}

// quiet is a channel that keeps what it is given.
type recorder struct {
	name string
	mu   sync.Mutex
	got  []notify.Letter
	fail func(n int) error
}

func (r *recorder) Name() string { return r.name }
func (*recorder) Host() string   { return "recorder.example" }
func (r *recorder) Send(_ context.Context, l notify.Letter) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, l)
	if r.fail != nil {
		return "", r.fail(len(r.got))
	}
	return "at-" + l.ID, nil
}

func (r *recorder) letters() []notify.Letter {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]notify.Letter(nil), r.got...)
}

// texted is a world with an SMS gateway, a mail recorder and a WeCom recorder.
// a has phone, mail and a WeCom name; b a phone only; e reads English.
type texted struct {
	*testkit.World
	gateway *notifytest.Gateway
	ways    *notify.Channels
	mail    *recorder
	wecom   *recorder
	log     *bytes.Buffer
	a, b, e access.Actor
}

func withTexts(t *testing.T, f func(t *testing.T, w *texted)) {
	t.Helper()
	for _, engine := range testkit.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			w := &texted{mail: &recorder{name: notify.ByMail}, wecom: &recorder{name: notify.ByWeCom}, log: &bytes.Buffer{}}
			now := func() time.Time { return w.Clock.Now() }
			w.gateway = notifytest.New([]byte(gatewayKey), now)
			server := httptest.NewServer(w.gateway)
			t.Cleanup(server.Close)
			out, err := notify.NewOutward("127.0.0.0/8", now)
			must(t, err)
			sms, err := notify.NewSMS(notify.Gateway{URL: server.URL, Accept: "code=0", Secret: gatewayKey}, out)
			must(t, err)
			w.ways = &notify.Channels{Site: "https://zx.example.cn", Sign: "【市政协】", ReceiptKey: []byte(receiptKey), Ways: []notify.Channel{w.mail, sms, w.wecom}}
			h := testkit.Open(t, engine, []app.Module{notify.Module(pressRules()...)}, []any{w.ways})
			w.ways.Words = h.Words
			w.World = testkit.NewWorld(t, h)
			w.a = w.person(t, identity.Person{Name: "甲", Phone: "138 0000 0001", Mail: "a@mail.example"}, "")
			w.b = w.person(t, identity.Person{Name: "乙", Phone: "13800000002"}, "")
			w.e = w.person(t, identity.Person{Name: "丙", Phone: "+44 20 7946 0000"}, "en")
			_, err = notify.SetAddress.Do(t.Context(), w.App, w.a, notify.AddressIn{Channel: notify.ByWeCom, Address: "jia"})
			must(t, err)
			f(t, w)
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type newPerson struct {
	identity.Person
	Lang string
}

func (newPerson) Object() (string, string) { return "test", "person" }

func (w *texted) person(t testing.TB, p identity.Person, lang string) access.Actor {
	t.Helper()
	p.CommitteeID = w.CommitteeID
	who := access.Actor{CommitteeID: w.CommitteeID, Name: p.Name}
	act := app.Define("test.person", func(_ *app.Call, in newPerson) (newPerson, error) { return in, nil }, access.Public[newPerson],
		func(c *app.Call, in newPerson, _ newPerson) (struct{}, error) {
			made, err := identity.Add(c, in.Person)
			if err != nil {
				return struct{}{}, err
			}
			who.PersonID = made.ID
			_, err = c.Tx().Exec(c.Ctx(), "UPDATE person SET lang = ? WHERE id = ?", in.Lang, made.ID)
			return struct{}{}, err
		})
	_, err := act.Do(t.Context(), w.App, access.Actor{CommitteeID: w.CommitteeID}, newPerson{p, lang})
	must(t, err)
	return who
}

// press tells people something and lets everybody hear.
func (w *texted) press(t testing.TB, p pressed) {
	t.Helper()
	act := app.Define("test.press", func(_ *app.Call, in pressed) (pressed, error) { return in, nil }, access.Public[pressed],
		func(c *app.Call, s pressed, _ pressed) (struct{}, error) {
			return struct{}{}, c.Record(s, "test", "case-1")
		})
	_, err := act.Do(t.Context(), w.App, w.Office, p)
	must(t, err)
	w.CaughtUp(t)
}

func (w *texted) run(t testing.TB) {
	t.Helper()
	must(t, w.App.RunTasks(t.Context()))
}

// entry is a delivery as the outbox has it.
type entry struct {
	ID, Person, Channel, State, Error, Provider, Receipt string
	Tries, Round                                         int64
}

var entries = app.Ask("test.entries", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) ([]entry, error) {
		return store.List(l.Ctx(), l.Tx(), func(r store.Row, e *entry) error {
			return r.Scan(&e.ID, &e.Person, &e.Channel, &e.State, &e.Error, &e.Provider, &e.Receipt, &e.Tries, &e.Round)
		}, `SELECT d.id, m.person_id, d.channel, d.state, d.error, d.provider_id, d.receipt, d.tries, d.round FROM delivery d JOIN message m ON m.id = d.message_id ORDER BY d.id`)
	})

func (w *texted) entries(t testing.TB) []entry {
	t.Helper()
	list, err := entries.Do(t.Context(), w.App, access.Actor{}, struct{}{})
	must(t, err)
	return list
}

// by counts what was sent on each channel.
func (w *texted) by() [3]int {
	return [3]int{len(w.mail.letters()), len(w.gateway.Texts()), len(w.wecom.letters())}
}

func (w *texted) choose(t testing.TB, who access.Actor, in notify.ChooseIn) {
	t.Helper()
	_, err := notify.Choose.Do(t.Context(), w.App, who, in)
	must(t, err)
}

func TestUrgencyAndChoiceFindTheChannels(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		choice *notify.ChooseIn
		p      pressed
		want   [3]int // mail, sms, wecom
	}{
		"ordinary, by default":         {nil, pressed{}, [3]int{1, 0, 1}},
		"pressing, by default":         {nil, pressed{Urgency: notify.Pressing}, [3]int{1, 1, 1}},
		"urgent, by default":           {nil, pressed{Urgency: notify.Urgent}, [3]int{1, 1, 1}},
		"ordinary by text too":         {&notify.ChooseIn{SMS: notify.All}, pressed{}, [3]int{1, 1, 1}},
		"nothing wanted":               {&notify.ChooseIn{Mail: notify.Nothing, SMS: notify.Nothing, WeCom: notify.Nothing}, pressed{Urgency: notify.Urgent}, [3]int{0, 0, 0}},
		"a formal letter all the same": {&notify.ChooseIn{Mail: notify.Nothing, SMS: notify.Nothing, WeCom: notify.Nothing}, pressed{By: []string{notify.BySMS}}, [3]int{0, 1, 0}},
		"a channel nobody set up":      {nil, pressed{By: []string{notify.ByFeishu, "pigeon"}}, [3]int{1, 0, 1}},
		"only what presses":            {&notify.ChooseIn{Mail: notify.UrgentOnly, WeCom: notify.UrgentOnly}, pressed{}, [3]int{0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withTexts(t, func(t *testing.T, w *texted) {
				if c.choice != nil {
					w.choose(t, w.a, *c.choice)
				}
				c.p.To = []string{w.a.PersonID}
				w.press(t, c.p)
				for range 3 {
					deaf(t, w.World)
					w.CaughtUp(t)
					w.run(t)
				}
				if got := w.by(); got != c.want {
					t.Errorf("mail, sms, wecom: %v, want %v", got, c.want)
				}
			})
		})
	}
}

func TestWhoCannotBeReachedIsSeenOnce(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		nobody := w.person(t, identity.Person{Name: "丁", Phone: "0571-88880000"}, "") // no texts to a desk
		w.press(t, pressed{To: []string{nobody.PersonID, w.b.PersonID}, Urgency: notify.Pressing, By: []string{notify.BySMS}})
		w.run(t)
		got := w.entries(t)
		// b has a phone and is told; the other cannot be told by the channel that must be.
		if len(got) != 3 || len(w.gateway.Texts()) != 1 || w.gateway.Texts()[0].Phone != "13800000002" {
			t.Fatalf("%+v\n%+v", got, w.gateway.Texts())
		}
		failed := 0
		for _, e := range got {
			if e.Person == nobody.PersonID && e.State == "failed" && e.Error == notify.NoAddress {
				failed++
			}
		}
		if failed != 2 { // the forced text, and the mail he would have wanted
			t.Errorf("%d deliveries failed for want of an address: %+v", failed, got)
		}
	})
}

func TestATextSaysNothingOfTheCase(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.press(t, pressed{To: []string{w.a.PersonID, w.b.PersonID, w.e.PersonID}, Urgency: notify.Pressing, Number: "014"})
		w.run(t)
		texts := w.gateway.Texts()
		if len(texts) != 3 {
			t.Fatalf("%+v", texts)
		}
		all := ""
		for _, x := range texts {
			if !x.Signed || x.ID == "" {
				t.Errorf("not signed: %+v", x)
			}
			all += x.Text + "\n"
		}
		for _, l := range append(w.mail.letters(), w.wecom.letters()...) {
			all += l.Subject + l.Text
		}
		if strings.Contains(all, "SECRET") || strings.Contains(all, "cases/1") || strings.Contains(all, w.a.PersonID) {
			t.Errorf("particulars left the house:\n%s", all)
		}
		if !strings.Contains(all, "【市政协】履职平台有一条新消息给您（第014号）。请登录 https://zx.example.cn 查看。") {
			t.Errorf("the Chinese text is not there:\n%s", all)
		}
		if !strings.Contains(all, "There is a new message for you on the committee's platform (No. 014). Sign in at https://zx.example.cn") {
			t.Errorf("the English text is not there:\n%s", all)
		}
	})
}

func TestANumberThatIsNoNumberStaysInside(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		for _, odd := range []string{"张三的提案", strings.Repeat("9", 60), "<b>1</b>", "1\n2", "http://evil.example", "{title}"} {
			if text := w.ways.Preview("zh-CN", "test.notice", "number", odd); strings.Contains(text, odd) {
				t.Errorf("%q went into %q", odd, text)
			}
		}
	})
}

func TestANodeThatDiesTextsAgainWithTheSameID(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		// The gateway takes the text; the node dies before it hears so.
		w.gateway.Says(func(call int, rw http.ResponseWriter) bool {
			if call > 1 {
				return false
			}
			panic(http.ErrAbortHandler)
		})
		w.press(t, pressed{To: []string{w.b.PersonID}, Urgency: notify.Pressing})
		w.run(t)
		w.Clock.Advance(time.Minute)
		w.run(t)
		w.run(t)
		got := w.entries(t)
		texts := w.gateway.Texts()
		if len(got) != 1 || got[0].State != "sent" || got[0].Tries != 2 || got[0].Provider != "gw-1" || w.gateway.Calls() != 2 || len(texts) != 1 || texts[0].ID != got[0].ID {
			t.Errorf("%+v\n%+v after %d calls", got, texts, w.gateway.Calls())
		}
	})
}

// TestTwoNodesTextOnce: two programs on one database.
func TestTwoNodesTextOnce(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		other := w.secondNode(t)
		for range 30 {
			w.press(t, pressed{To: []string{w.a.PersonID, w.b.PersonID}, Urgency: notify.Pressing})
		}
		var wg sync.WaitGroup
		for _, node := range []*app.App{w.App, other, w.App, other} {
			wg.Go(func() {
				if err := node.RunTasks(context.WithoutCancel(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.run(t)
		texts := w.gateway.Texts()
		if len(texts) != 60 || w.gateway.Calls() != 60 || len(w.mail.letters()) != 30 || len(w.wecom.letters()) != 30 {
			t.Errorf("%d texts in %d calls, %d mails, %d by WeCom", len(texts), w.gateway.Calls(), len(w.mail.letters()), len(w.wecom.letters()))
		}
	})
}

// secondNode opens the same database once more, with the same channels.
func (w *texted) secondNode(t testing.TB) *app.App {
	t.Helper()
	keeper, _ := app.PartOf[*seal.Keeper](w.App)
	node, err := app.Open(t.Context(), w.Address, store.Options{Readers: 2, Pool: 4}, app.Options{Clock: w.Clock, Log: slog.New(slog.NewTextHandler(w.log, nil)),
		Modules: w.App.Modules(), Parts: []any{keeper, profile.NewBook(), w.ways}})
	must(t, err)
	t.Cleanup(func() { _ = node.Close() })
	return node
}

func TestAGatewayInTroubleIsTriedAgain(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.gateway.Says(func(call int, rw http.ResponseWriter) bool {
			switch call {
			case 1:
				rw.WriteHeader(http.StatusInternalServerError)
			case 2:
				rw.Header().Set("Retry-After", "600")
				rw.WriteHeader(http.StatusTooManyRequests)
			case 3:
				_, _ = rw.Write([]byte("<html>welcome</html>"))
			case 4:
				_, _ = rw.Write([]byte(`{"code": 1007}`))
			default:
				return false
			}
			return true
		})
		w.press(t, pressed{To: []string{w.b.PersonID}, Urgency: notify.Urgent})
		for i, c := range []struct {
			class string
			pause time.Duration
		}{{"broken:500", time.Minute}, {"busy:429", 10 * time.Minute}, {"broken", 30 * time.Minute}, {"provider:1007", 2 * time.Hour}} {
			w.run(t)
			if e := w.entries(t)[0]; e.State != "waiting" || e.Error != c.class || e.Tries != int64(i+1) {
				t.Fatalf("after try %d: %+v, want %s", i+1, e, c.class)
			}
			w.Clock.Advance(c.pause - time.Second)
			w.run(t)
			if w.gateway.Calls() != i+1 {
				t.Fatalf("tried again before %v", c.pause)
			}
			w.Clock.Advance(time.Second)
		}
		w.run(t)
		if e := w.entries(t)[0]; e.State != "sent" || e.Error != "" || len(w.gateway.Texts()) != 1 {
			t.Errorf("at the end: %+v", e)
		}
	})
}

func TestABusyProviderIsLeftAlone(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.wecom.fail = func(n int) error {
			if n <= 4 {
				return &notify.Refusal{Class: notify.Busy, After: time.Minute}
			}
			return nil
		}
		for range 50 {
			w.press(t, pressed{To: []string{w.a.PersonID}})
		}
		w.run(t)
		first := len(w.wecom.letters())
		w.run(t)
		if n := len(w.wecom.letters()); n != first || first > 20 {
			t.Errorf("%d tries, then %d: the provider asked for a minute", first, n)
		}
		if n := len(w.mail.letters()); n != 50 {
			t.Errorf("%d mails: one channel holds up another", n)
		}
		for range 30 {
			w.Clock.Advance(time.Minute)
			w.run(t)
		}
		for _, e := range w.entries(t) {
			if e.State != "sent" {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func TestAChannelThatWasTakenOut(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.press(t, pressed{To: []string{w.a.PersonID}})
		w.ways.Ways = w.ways.Ways[:2] // mail and texts; WeCom is gone
		w.run(t)
		w.run(t)
		for _, e := range w.entries(t) {
			if e.Channel == notify.ByWeCom && (e.State != "failed" || e.Error != notify.Off) {
				t.Errorf("%+v", e)
			}
		}
	})
}

func TestWhatWasReadNeedsNoLetter(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.At(t, "2026-01-12T22:00")
		w.press(t, pressed{To: []string{w.a.PersonID}})
		w.press(t, pressed{To: []string{w.a.PersonID}, By: []string{notify.BySMS}})
		w.run(t)
		_, err := notify.ReadAll.Do(t.Context(), w.App, w.a, notify.ReadAllIn{})
		must(t, err)
		w.At(t, "2026-01-13T07:30")
		w.run(t)
		// The formal letter goes out all the same.
		if got := w.by(); got != [3]int{0, 1, 0} {
			t.Errorf("mail, sms, wecom: %v", got)
		}
	})
}

// TestSecretsAreNeverLogged: not the keys, not an address, whatever goes wrong.
func TestSecretsAreNeverLogged(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		node := w.secondNode(t)
		dead := httptest.NewServer(http.NotFoundHandler())
		out, err := notify.NewOutward("127.0.0.0/8", w.Clock.Now)
		must(t, err)
		sms, err := notify.NewSMS(notify.Gateway{URL: dead.URL + "/send?key=CANARY-in-query&to={phone}", Fields: "p={phone},t={text},k={secret}", Secret: gatewayKey}, out)
		must(t, err)
		robot, err := notify.NewWeCom(notify.Platform{Robot: dead.URL + "/cgi-bin/webhook/send?key=CANARY-robot"}, out)
		must(t, err)
		w.ways.Ways = []notify.Channel{sms, robot}
		dead.Close()
		w.press(t, pressed{To: []string{w.a.PersonID, w.b.PersonID}, Urgency: notify.Pressing})
		for range 3 {
			must(t, node.RunTasks(t.Context()))
			w.Clock.Advance(time.Hour)
		}
		logged := w.log.String()
		for _, e := range w.entries(t) {
			logged += e.Error + e.Provider
		}
		if !strings.Contains(logged, notify.Unreachable) {
			t.Fatalf("nothing was tried: %s", logged)
		}
		for _, canary := range []string{"CANARY", "13800000001", "13800000002", "jia", "127.0.0.1"} {
			if strings.Contains(logged, canary) {
				t.Errorf("%s stands in the log:\n%s", canary, logged)
			}
		}
	})
}
