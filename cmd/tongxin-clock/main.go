//go:build e2e

// Command tongxin-clock is the server for journeys through a whole year: the
// same house with the same settings as `tongxin serve`, but with a clock that is
// moved from outside, and with a gateway for text messages that sends nothing
// on. The build tag keeps it out of every ordinary build; the product itself has
// no way to move its clock.
//
// It prints three addresses, all on the loopback interface: the house's own, the
// gateway's (GET lists the texts it took), and the clock's:
//
//	POST /2026-04-07T09:30   moves the clock forward to then, Beijing time
//	POST /                   leaves it where it is
//
// Both answer once everything is done that is due by then: tasks have run,
// listeners have heard, messages have left.
//
// What does not live here: anything that the product itself uses.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/config"
	"tongxin/internal/notify/notifytest"
	"tongxin/internal/site"
)

// command are the settings of a server, and when its story begins.
type command struct {
	config.Config
	Start string `help:"When the clock starts, Beijing time, as in 2026-03-02T09:00." required:""`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c command
	k := kong.Parse(&c, kong.Name("tongxin-clock"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	k.FatalIfErrorf(c.run(ctx))
}

func (c *command) run(ctx context.Context) (err error) {
	start, err := parse(c.Start)
	if err != nil {
		return err
	}
	hand := &shifted{}
	hand.set(start)
	texts, err := c.gateway(ctx, hand)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, texts()) }()
	set := site.Settings{Config: c.Config, Clock: hand, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if err := site.Migrate(ctx, set); err != nil {
		return err
	}
	s, err := site.Open(ctx, set)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.App.Close()) }()
	end, err := serveClock(ctx, s.App, hand)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	return s.Serve(ctx, set, func(address string) error {
		fmt.Printf("Tongxin listens on %s\n", set.Address(address))
		return s.PrintBootstrap(ctx, os.Stdout, set.Address(address))
	})
}

// gateway takes the house's text messages; its key is the one in the settings.
func (c *command) gateway(ctx context.Context, hand *shifted) (stop func() error, err error) {
	var key []byte
	if c.SMSSecret != "" {
		if key, err = os.ReadFile(c.SMSSecret); err != nil {
			return nil, err
		}
	}
	address, stop, err := notifytest.Listen(ctx, notifytest.New([]byte(strings.TrimSpace(string(key))), hand.Now))
	if err != nil {
		return nil, err
	}
	c.SMSURL = address
	fmt.Printf("Texts at %s\n", address)
	return stop, nil
}

// serveClock lets the journey move the clock.
func serveClock(ctx context.Context, a *app.App, hand *shifted) (stop func() error, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the clock: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{at...}", func(w http.ResponseWriter, r *http.Request) {
		if at := r.PathValue("at"); at != "" {
			t, err := parse(at)
			if err != nil || t.Before(hand.Now()) {
				http.Error(w, "not a time to come: "+at, http.StatusBadRequest)
				return
			}
			hand.set(t)
		}
		if err := settle(r.Context(), a); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = fmt.Fprintln(w, hand.Now().In(clock.Beijing).Format(time.RFC3339))
	})
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }()
	fmt.Printf("Clock at http://%s\n", l.Addr())
	return s.Close, nil
}

// settle does what is due: what tasks record listeners hear, and what they
// write other tasks send.
func settle(ctx context.Context, a *app.App) error {
	for range 2 {
		if err := errors.Join(a.CatchUp(ctx), a.RunTasks(ctx)); err != nil {
			return err
		}
	}
	return a.CatchUp(ctx)
}

// shifted is a clock that runs as fast as the machine's, but elsewhere.
type shifted struct{ by atomic.Int64 }

// Now implements clock.Clock.
func (s *shifted) Now() time.Time { return time.Now().Add(time.Duration(s.by.Load())) }

func (s *shifted) set(t time.Time) { s.by.Store(int64(time.Until(t))) }

func parse(text string) (time.Time, error) {
	return time.ParseInLocation("2006-01-02T15:04", text, clock.Beijing)
}
