package browser

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// watch listens to a tab: which requests are under way, and what went wrong.
type watch struct {
	host string // the only host a page may talk to
	main proto.PageFrameID
	stop context.CancelFunc

	mu        sync.Mutex
	pending   map[proto.NetworkRequestID]proto.NetworkLoaderID
	changed   chan struct{} // closed and made anew when a request starts or ends
	status    int
	problems  []string
	reported  map[string]bool
	tolerated []string
	dialogs   []string
}

// startWatch listens until stop is called or the tab closes.
func startWatch(tab *rod.Page, host string) (*watch, error) {
	listening, stop := tab.WithCancel()
	w := &watch{
		host: host, main: tab.FrameID, stop: stop,
		pending:  map[proto.NetworkRequestID]proto.NetworkLoaderID{},
		changed:  make(chan struct{}),
		reported: map[string]bool{},
	}
	for _, enable := range []interface{ Call(proto.Client) error }{
		proto.NetworkEnable{}, proto.LogEnable{}, proto.RuntimeEnable{}, proto.PageEnable{},
	} {
		if err := enable.Call(tab); err != nil {
			stop()
			return nil, fmt.Errorf("enable %T: %w", enable, err)
		}
	}
	wait := listening.EachEvent(
		w.requestStarts, w.responseComes, w.requestFails, w.socketOpens, w.pageChanges,
		w.consoleSpeaks, w.browserComplains, w.scriptThrows,
		func(e *proto.NetworkLoadingFinished) { w.requestEnds(e.RequestID) },
		func(e *proto.PageJavascriptDialogOpening) { w.dialogOpens(tab, e) },
	)
	go wait()
	return w, nil
}

// idle waits until no request is under way. Streams that never end do not count.
func (w *watch) idle(ctx context.Context) error {
	for {
		w.mu.Lock()
		count, changed := len(w.pending), w.changed
		w.mu.Unlock()
		if count == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%d requests still under way", count)
		}
	}
}

// isIdle tells whether no request is under way right now.
func (w *watch) isIdle() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.pending) == 0
}

// take answers the problems not told before.
func (w *watch) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var fresh []string
	for _, problem := range w.problems {
		known := w.reported[problem] || slices.ContainsFunc(w.tolerated, func(words string) bool {
			return strings.Contains(problem, words)
		})
		if !known {
			w.reported[problem] = true
			fresh = append(fresh, problem)
		}
	}
	w.problems = nil
	return fresh
}

func (w *watch) tolerate(words string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tolerated = append(w.tolerated, words)
}

func (w *watch) documentStatus() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

func (w *watch) dialogTexts() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.dialogs)
}

func (w *watch) problem(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

// tell wakes those who wait; the caller holds the lock.
func (w *watch) tell() {
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *watch) requestStarts(e *proto.NetworkRequestWillBeSent) {
	w.checkHost(e.Request.URL)
	switch e.Type {
	case proto.NetworkResourceTypeEventSource, proto.NetworkResourceTypeWebSocket, proto.NetworkResourceTypePing:
		return // open for as long as the page, or nobody's to wait for
	}
	if strings.HasPrefix(e.Request.URL, "data:") {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending[e.RequestID] = e.LoaderID
	w.tell()
}

func (w *watch) socketOpens(e *proto.NetworkWebSocketCreated) { w.checkHost(e.URL) }

func (w *watch) checkHost(address string) {
	u, err := url.Parse(address)
	if err != nil {
		w.problem("request to an unreadable address: %s", address)
		return
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
		if u.Host != w.host {
			w.problem("request to another host: %s", address)
		}
	}
}

func (w *watch) responseComes(e *proto.NetworkResponseReceived) {
	status := e.Response.Status
	if e.Type == proto.NetworkResourceTypeDocument && e.FrameID == w.main {
		w.mu.Lock()
		w.status = status
		w.mu.Unlock()
	}
	switch {
	case status >= 500:
		w.problem("answer %d from %s", status, e.Response.URL)
	case status >= 400 && isPartOfPage(e.Type):
		w.problem("part of the page is missing: %d from %s", status, e.Response.URL)
	}
}

// isPartOfPage tells what a page cannot do without; a form or fragment may well be
// answered with 4xx.
func isPartOfPage(kind proto.NetworkResourceType) bool {
	return slices.Contains([]proto.NetworkResourceType{
		proto.NetworkResourceTypeStylesheet, proto.NetworkResourceTypeScript,
		proto.NetworkResourceTypeImage, proto.NetworkResourceTypeFont,
		proto.NetworkResourceTypeMedia, proto.NetworkResourceTypeManifest,
	}, kind)
}

func (w *watch) requestFails(e *proto.NetworkLoadingFailed) {
	if e.BlockedReason != "" {
		w.problem("the browser blocked a request of kind %s: %s", e.Type, e.BlockedReason)
	}
	w.requestEnds(e.RequestID)
}

func (w *watch) requestEnds(id proto.NetworkRequestID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.pending, id)
	w.tell()
}

// pageChanges forgets requests of the page left behind: not all of them get an end.
func (w *watch) pageChanges(e *proto.PageFrameNavigated) {
	if e.Frame.ParentID != "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, loader := range w.pending {
		if loader != e.Frame.LoaderID {
			delete(w.pending, id)
		}
	}
	w.tell()
}

func (w *watch) consoleSpeaks(e *proto.RuntimeConsoleAPICalled) {
	if e.Type != proto.RuntimeConsoleAPICalledTypeError && e.Type != proto.RuntimeConsoleAPICalledTypeAssert {
		return
	}
	var words []string
	for _, arg := range e.Args {
		switch {
		case arg.Description != "":
			words = append(words, arg.Description)
		default:
			words = append(words, arg.Value.String())
		}
	}
	w.problem("console error: %s", strings.Join(words, " "))
}

// browserComplains hears what Chromium itself writes on the console. Failed requests are
// judged by their answers instead: a 404 or 422 may be just what the test wants to see.
func (w *watch) browserComplains(e *proto.LogEntryAdded) {
	policy := strings.Contains(e.Entry.Text, "Content Security Policy")
	if policy || e.Entry.Level == proto.LogLogEntryLevelError && e.Entry.Source != proto.LogLogEntrySourceNetwork {
		w.problem("browser error (%s): %s", e.Entry.Source, e.Entry.Text)
	}
}

func (w *watch) scriptThrows(e *proto.RuntimeExceptionThrown) {
	text := e.ExceptionDetails.Text
	if thrown := e.ExceptionDetails.Exception; thrown != nil {
		text += " " + thrown.Description
	}
	w.problem("script error: %s", text)
}

// dialogOpens says yes, in the background: the listener must not wait for an answer that
// arrives through itself.
func (w *watch) dialogOpens(tab *rod.Page, e *proto.PageJavascriptDialogOpening) {
	w.mu.Lock()
	w.dialogs = append(w.dialogs, e.Message)
	w.mu.Unlock()
	go func() { _ = proto.PageHandleJavaScriptDialog{Accept: true}.Call(tab) }()
}
