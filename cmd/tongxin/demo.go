package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"tongxin/internal/config"
	"tongxin/internal/demo"
	"tongxin/internal/site"
)

type demoCommand struct {
	Data      string `help:"Folder to keep the city in. Without it the city is gone when the demo stops." type:"path"`
	Empty     bool   `help:"Start without a city, to set one up by hand."`
	Listen    string `help:"Address and port to serve on." default:"127.0.0.1:8080" env:"TONGXIN_LISTEN"`
	Proposals int    `help:"How many proposals the city has." default:"300"`
	Log       bool   `help:"Log each request."`
}

// Run makes the city unless it is there, and serves it. Nothing leaves the
// machine: no mail server is ever set.
func (c demoCommand) Run(ctx context.Context) (err error) {
	folder := c.Data
	if folder == "" {
		if folder, err = os.MkdirTemp("", "tongxin-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	}
	database := filepath.Join(folder, "tongxin.db")
	_, missing := os.Stat(database)
	begin := errors.Is(missing, fs.ErrNotExist) && !c.Empty
	set := site.Settings{Config: config.Config{Database: database, Data: filepath.Join(folder, "data"), Listen: c.Listen, SQLitePool: 8}, Unsafe: begin, Log: c.log()}
	today := time.Now()
	clock := demo.NewClock(demo.Founding(today))
	if begin {
		set.Clock = clock
	}
	if err := site.Migrate(ctx, set); err != nil {
		return err
	}
	s, err := site.Open(ctx, set)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.App.Close()) }()
	var accounts []demo.Account
	if begin {
		if accounts, err = c.build(ctx, s, clock, today); err != nil {
			return err
		}
	}
	return s.Serve(ctx, set, func(address string) error {
		fmt.Printf("\nTongxin demo: %s\n", set.Address(address))
		printAccounts(accounts)
		fmt.Println("Press Ctrl+C to stop.")
		return s.PrintBootstrap(ctx, os.Stdout, set.Address(address))
	})
}

func (c demoCommand) log() *slog.Logger {
	level := slog.LevelWarn
	if c.Log {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// build makes the city with a progress bar and waits for the disk once, at the
// end.
func (c demoCommand) build(ctx context.Context, s *site.Site, clock *demo.Clock, today time.Time) ([]demo.Account, error) {
	start := time.Now()
	accounts, err := demo.Build(ctx, s.App, clock, demo.Options{Proposals: c.Proposals, Today: today, Progress: bar})
	if err != nil {
		return nil, err
	}
	clock.Release()
	fmt.Fprintf(os.Stderr, "\r%s\rThe city is ready after %.1f s.\n", strings.Repeat(" ", 70), time.Since(start).Seconds())
	return accounts, s.App.Settle(ctx)
}

// bar draws a progress bar on the terminal.
func bar(done, total int) {
	const width = 40
	filled := done * width / total
	fmt.Fprintf(os.Stderr, "\rMaking the city [%s%s] %3d%%", strings.Repeat("█", filled), strings.Repeat("·", width-filled), done*100/total)
}

func printAccounts(list []demo.Account) {
	if len(list) == 0 {
		return
	}
	fmt.Printf("\nSign in with one of these; the password is %s for all.\n\n", list[0].Password)
	w := tabwriter.NewWriter(os.Stdout, 2, 0, 3, ' ', 0)
	for _, a := range list {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", a.Login, a.Name, a.Post)
	}
	_ = w.Flush()
	fmt.Println()
}
