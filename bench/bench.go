package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"tongxin/bench/machine"
	"tongxin/bench/product"
	"tongxin/bench/report"
)

// bench is one run.
type bench struct {
	options
	ctx    context.Context
	folder string   // thrown away
	log    *os.File // what the servers write
	self   string
	city   product.City
	report report.Report
}

// run measures everything that is wanted and writes the report.
func run(ctx context.Context, o options) (err error) {
	start := time.Now()
	b := &bench{options: o, ctx: ctx}
	if b.folder, err = os.MkdirTemp(o.folder, "tongxin-bench-"); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.folder)) }()
	if b.log, err = os.Create(filepath.Join(b.folder, "servers.log")); err != nil {
		return fmt.Errorf("make a log: %w", err)
	}
	defer func() { _ = b.log.Close() }()
	if b.self, err = os.Executable(); err != nil {
		return fmt.Errorf("find this binary: %w", err)
	}
	b.report = report.Report{Machine: machine.Describe(b.folder), Command: o.args, Rounds: o.rounds, Day: start.Format(time.DateOnly)}
	for _, step := range []func() error{b.prepare, b.ceilings, b.submissions, b.reading, b.sizesOfList, b.dispatches, b.overviews} {
		if err := errors.Join(ctx.Err(), step()); err != nil {
			return fmt.Errorf("%w\nlast lines of the servers:\n%s", err, b.tail())
		}
	}
	b.report.Took = time.Since(start)
	return b.write()
}

// fileOf is a path below the run's folder.
func (b *bench) fileOf(name string) string { return filepath.Join(b.folder, name) }

// tell says on the screen what is going on.
func (b *bench) tell(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}

// tail is the end of the servers' log.
func (b *bench) tail() string {
	const most = 4000
	text, err := os.ReadFile(b.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}

// prepare builds the product and makes its demo city, of which every database is a copy.
func (b *bench) prepare() error {
	b.tell("build the product")
	binary := b.fileOf("tongxin")
	if err := product.Build("..", binary); err != nil {
		return err
	}
	b.tell("make the demo city")
	var err error
	b.city, err = product.Make(b.log, binary, b.fileOf("city"))
	if err != nil {
		return err
	}
	b.report.Versions = append(b.report.Versions, report.Version{Name: "Tongxin", Version: commit()}, report.Version{Name: "PocketBase", Version: moduleVersion("github.com/pocketbase/pocketbase")},
		report.Version{Name: "SQLite of PocketBase and of the ceiling", Version: "modernc.org/sqlite " + moduleVersion("modernc.org/sqlite")})
	return nil
}

// commit names the state of the source.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	name := strings.TrimSpace(string(out))
	if out, err = exec.Command("git", "status", "--porcelain", "--", "../cmd", "../internal", "../go.mod").Output(); err != nil || len(out) > 0 {
		name += " and changes not committed"
	}
	return name
}

// moduleVersion is the version of a module in this binary.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range info.Deps {
		if m.Path == path {
			return m.Version
		}
	}
	return "unknown"
}

// write puts the report where it belongs.
func (b *bench) write() error {
	page := b.report.Page(reasons())
	if b.out == "-" {
		fmt.Print(page)
		return nil
	}
	if err := os.WriteFile(b.out, []byte(page), 0o644); err != nil { //nolint:gosec // a page of the documentation
		return fmt.Errorf("write the report: %w", err)
	}
	b.tell("written: %s", b.out)
	return nil
}
