package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/go-rod/rod/lib/utils"
)

// patience is how long a helper waits for what it needs. Two slow cores with a race
// detector on them need more than a person would grant.
const patience = 20 * time.Second

// Visitor is one person at one screen.
type Visitor struct {
	Name     string // who it is, for messages: 提案人, 提案委 …
	Address  string // where the product answers: http://127.0.0.1:8080
	Screen   Screen // Desktop() when left empty
	Language string // what the browser prefers: zh-CN when left empty
	NoScript bool   // the browser runs no script; Axe and Paste need one
}

// Page is a tab of a visitor, or a part of one (see Within).
type Page struct {
	t        T
	visitor  Visitor
	patience time.Duration
	home     *url.URL
	rod      *rod.Page
	watch    *watch
	scope    []place
}

// place is one step of narrowing down: an element that matches and contains the text.
type place struct {
	CSS  string `json:"css"`
	Text string `json:"text"`
}

// Visit opens an empty tab for a visitor who shares nothing with the others: no cookie,
// no storage, no cache. It ends with the test.
func (b *Browser) Visit(v Visitor) *Page {
	b.t.Helper()
	if v.Screen.Width == 0 {
		v.Screen = Desktop()
	}
	if v.Language == "" {
		v.Language = "zh-CN"
	}
	home, err := url.Parse(v.Address)
	if err != nil || home.Host == "" {
		b.t.Fatalf("%s: %q is not an address", v.Name, v.Address)
	}
	private, err := b.rod.Incognito()
	if err != nil {
		b.t.Fatalf("%s: open a private window: %v", v.Name, err)
	}
	b.t.Cleanup(func() {
		_ = proto.TargetDisposeBrowserContext{BrowserContextID: private.BrowserContextID}.Call(b.rod)
	})
	return openTab(b.t, private, v, home)
}

// NewTab opens a second tab of the same visitor: same cookies, same storage.
func (p *Page) NewTab() *Page {
	p.t.Helper()
	return openTab(p.t, p.rod.Browser(), p.visitor, p.home)
}

func openTab(t T, window *rod.Browser, v Visitor, home *url.URL) *Page {
	t.Helper()
	tab, err := window.Page(proto.TargetCreateTarget{URL: "about:blank"})
	if err != nil {
		t.Fatalf("%s: open a tab: %v", v.Name, err)
	}
	p := &Page{t: t, visitor: v, home: home, rod: tab, patience: patience}
	if err := v.Screen.emulate(tab, v.Language); err != nil {
		t.Fatalf("%s: %v", v.Name, err)
	}
	if v.NoScript {
		if err := (proto.EmulationSetScriptExecutionDisabled{Value: true}).Call(tab); err != nil {
			t.Fatalf("%s: switch scripts off: %v", v.Name, err)
		}
	}
	p.watch, err = startWatch(tab, home.Host)
	if err != nil {
		t.Fatalf("%s: listen to the tab: %v", v.Name, err)
	}
	t.Cleanup(func() {
		p.report()
		p.watch.stop()
	})
	return p
}

// Open goes to a path of the product and waits until the page is there.
func (p *Page) Open(path string) {
	p.t.Helper()
	target, err := p.home.Parse(path)
	if err != nil {
		p.fail("open %q: not a path", path)
	}
	p.step(func(tab *rod.Page) error { return tab.Navigate(target.String()) }, "open "+path)
}

// Reload loads the page again, as the browser's button does.
func (p *Page) Reload() {
	p.t.Helper()
	p.step(func(tab *rod.Page) error { return tab.Reload() }, "reload")
}

// Back goes back one page, as the browser's button does.
func (p *Page) Back() {
	p.t.Helper()
	p.step(func(tab *rod.Page) error { return tab.NavigateBack() }, "go back")
}

// Offline cuts the tab off from the network, or connects it again. What fails to load
// meanwhile is no problem of the page.
func (p *Page) Offline(off bool) {
	p.t.Helper()
	conditions := proto.NetworkEmulateNetworkConditions{
		Offline: off, DownloadThroughput: -1, UploadThroughput: -1,
	}
	p.step(func(tab *rod.Page) error { return conditions.Call(tab) }, "change the network")
}

// Within answers the same page narrowed down to one element: the innermost one that
// matches the selector and contains the text ("" for any). Helpers called on it look only
// inside. The element is looked for anew each time.
func (p *Page) Within(css, text string) *Page {
	part := *p
	part.scope = append(part.scope[:len(part.scope):len(part.scope)], place{CSS: css, Text: text})
	return &part
}

// Patience changes how long this page's helpers wait, 20 s otherwise. For what is known
// to be quick, or slow.
func (p *Page) Patience(limit time.Duration) { p.patience = limit }

// Turn gives the visitor another screen, as who turns his phone or drags the window
// smaller; the page stays as it is.
func (p *Page) Turn(s Screen) {
	p.t.Helper()
	p.visitor.Screen = s
	p.step(func(tab *rod.Page) error { return s.emulate(tab, p.visitor.Language) }, "turn to "+s.Name)
}

// Screen is what the visitor holds or sits at now.
func (p *Page) Screen() Screen { return p.visitor.Screen }

// Paper shows the page as it would be printed, or as on the screen again.
func (p *Page) Paper(on bool) {
	p.t.Helper()
	media := proto.EmulationSetEmulatedMedia{}
	if on {
		media.Media = "print"
	}
	p.step(func(tab *rod.Page) error { return media.Call(tab) }, "turn to paper and back")
}

// Path tells where the page is: path and query, without the host.
func (p *Page) Path() string {
	p.t.Helper()
	var path string
	p.until("read the address", func(tab *rod.Page) error {
		result, err := tab.Eval(`() => location.pathname + location.search`)
		if err == nil {
			path = result.Value.Str()
		}
		return err
	})
	return path
}

// Status tells the HTTP status of the page shown, 0 when none was loaded.
func (p *Page) Status() int { return p.watch.documentStatus() }

// Tolerate lets problems pass whose text contains the words. For tests that provoke them.
func (p *Page) Tolerate(words string) { p.watch.tolerate(words) }

// Dialogs tells the texts of the confirmations the page asked for so far. Each was
// answered with yes at once.
func (p *Page) Dialogs() []string { return p.watch.dialogTexts() }

// step does one thing to the tab, then waits until the page has come to rest.
func (p *Page) step(do func(*rod.Page) error, what string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.rod.GetContext(), p.patience)
	defer cancel()
	if err := do(p.rod.Context(ctx)); err != nil {
		p.fail("%s: %v", what, err)
	}
	p.settle(what)
}

// settle waits until no request is under way and the document is complete, so that the
// next helper does not work on a page about to go. Then it tells what went wrong so far.
func (p *Page) settle(what string) {
	p.t.Helper()
	p.until(what+", then wait for the page", func(tab *rod.Page) error {
		// What a click set off has started its request two frames later; and two frames
		// after the answer the page has drawn it.
		if err := p.frames(tab); err != nil {
			return err
		}
		if err := p.watch.idle(tab.GetContext()); err != nil {
			return err
		}
		if err := p.frames(tab); err != nil {
			return err
		}
		if !p.watch.isIdle() {
			return errors.New("it has asked for more")
		}
		return nil
	})
	p.report()
}

// frames lets the page draw twice. A tab in the background draws nothing, so a timer
// answers for it. Where no script runs, neither calls back, and the test itself has to
// expect what comes next.
func (p *Page) frames(tab *rod.Page) error {
	question := `() => new Promise(done => {
		const answer = () => done(document.readyState === 'complete')
		requestAnimationFrame(() => requestAnimationFrame(answer))
		setTimeout(answer, 200)
	})`
	if p.visitor.NoScript {
		question = `() => document.readyState === 'complete'`
	}
	result, err := tab.Eval(question)
	if err == nil && !result.Value.Bool() {
		err = errors.New("the document is not complete")
	}
	return err
}

// report fails the test with the problems heard since the last report.
func (p *Page) report() {
	p.t.Helper()
	if problems := p.watch.take(); len(problems) > 0 {
		p.t.Errorf("%s: the page has problems:\n  %s", p.where(), strings.Join(problems, "\n  "))
	}
}

// until repeats a try until it succeeds or patience ends.
func (p *Page) until(what string, try func(*rod.Page) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.rod.GetContext(), p.patience)
	defer cancel()
	err := retry(ctx, func(ctx context.Context) error { return try(p.rod.Context(ctx)) })
	if err != nil {
		p.report()
		p.fail("%s: %v", what, err)
	}
}

// retry repeats a try, a little less often each time, and answers its last own error.
func retry(ctx context.Context, try func(context.Context) error) error {
	pause := utils.BackoffSleeper(10*time.Millisecond, 100*time.Millisecond, nil)
	var last error
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		if pause(ctx) != nil {
			return last
		}
	}
}

// fail ends the test, with a picture and the words of the page as it was.
func (p *Page) fail(format string, args ...any) {
	p.t.Helper()
	p.shoot("failed-" + p.t.Name())
	p.t.Fatalf("%s: %s\npage reads: %s", p.where(), fmt.Sprintf(format, args...), p.excerpt())
}

// where names the visitor, the screen and the address, for messages.
func (p *Page) where() string {
	place := "?"
	if info, err := p.rod.Info(); err == nil {
		place = strings.TrimPrefix(info.URL, p.home.Scheme+"://"+p.home.Host)
	}
	return fmt.Sprintf("%s (%s) at %s", p.visitor.Name, p.visitor.Screen.Name, place)
}

// excerpt is the beginning of what the page says, best effort.
func (p *Page) excerpt() string {
	const most = 600
	result, err := p.rod.Timeout(2 * time.Second).Eval(`() => document.body.innerText.replace(/\s+/g, ' ')`)
	if err != nil {
		return "(unreadable: " + err.Error() + ")"
	}
	words := []rune(result.Value.Str())
	if len(words) > most {
		return string(words[:most]) + " …"
	}
	return string(words)
}
