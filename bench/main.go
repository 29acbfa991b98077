package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tongxin/bench/machine"
	"tongxin/bench/peer"
)

func main() {
	if len(os.Args) > 1 {
		if run, ok := children()[os.Args[1]]; ok {
			fail(run(os.Args[2:]))
			return
		}
	}
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	fail(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fail(run(ctx, o))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// children are the servers that this binary runs in a process of their own.
func children() map[string]func(args []string) error {
	return map[string]func([]string) error{
		"echo": func([]string) error {
			return machine.Echo(func(address string) { fmt.Println("ready", address) })
		},
		"peer": func(args []string) error {
			var s peer.Settings
			f := flag.NewFlagSet("peer", flag.ContinueOnError)
			f.StringVar(&s.Folder, "folder", "", "for its databases")
			f.BoolVar(&s.Full, "full", false, "synchronous=FULL")
			f.StringVar(&s.From, "from", "", "the product's SQLite file")
			f.BoolVar(&s.Bare, "bare", false, "without indexes")
			if err := f.Parse(args); err != nil {
				return err
			}
			return peer.Serve(s, func(address, user string) { fmt.Println("ready", address, user) })
		},
	}
}

// options of a run.
type options struct {
	rounds int
	each   time.Duration // of one side in one round
	sizes  []int         // of the product's list
	middle int           // proposals when the peer is beside it
	out    string
	folder string
	only   []string
	args   string // as typed, for the report
}

const usage = "which parts, comma separated: submit, list, page, sizes, dispatch, overview; empty for all"

func parse(args []string) (options, error) {
	o := options{args: strings.TrimSpace("make bench " + variable(args))}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	quick := f.Bool("quick", false, "about a minute: fewer rounds, smaller databases; says little")
	sizes := f.String("sizes", "10000,100000,1000000", "proposals in the product's list; the first and the last are compared")
	only := f.String("only", "", usage)
	f.IntVar(&o.rounds, "rounds", 5, "rounds in which the sides take turns")
	f.DurationVar(&o.each, "each", 3*time.Second, "time of one side in one round")
	f.IntVar(&o.middle, "proposals", 100_000, "proposals in product and peer for list and case page")
	f.StringVar(&o.out, "out", "../docs/performance.md", "file of the report; - for the screen")
	f.StringVar(&o.folder, "folder", "", "folder on the disk to measure, for databases that are thrown away; needs up to 6 GB")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if *quick {
		o.rounds, o.each, o.middle, *sizes = 3, 500*time.Millisecond, 10_000, "2000,10000"
	}
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return o, fmt.Errorf("-sizes: %q is not a number of proposals", text)
		}
		o.sizes = append(o.sizes, n)
	}
	if o.rounds < 1 || o.each <= 0 || o.middle < 1 {
		return o, errors.New("-rounds, -each and -proposals must be positive")
	}
	return o, nil
}

// variable is how the arguments are typed after make bench.
func variable(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return "BENCH='" + strings.Join(args, " ") + "'"
}

func (o options) wants(part string) bool { return len(o.only) == 0 || slices.Contains(o.only, part) }
