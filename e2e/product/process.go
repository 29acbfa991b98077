package product

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	patience     = 60 * time.Second // for a line of output; the demo fills a whole city first
	stopPatience = 15 * time.Second // for the end after SIGTERM
)

// Process is the product, running.
type Process struct {
	t   testing.TB
	cmd *exec.Cmd

	mu      sync.Mutex
	lines   []string      // what it said so far
	changed chan struct{} // closed and made anew at each line and at the end
	ended   bool
	err     error // how it ended
}

// Start runs the product with these arguments; it ends with the test. Settings of the
// tests' own surroundings (TONGXIN_…) are kept from it; env adds its own, as NAME=VALUE.
func Start(t testing.TB, env []string, args ...string) *Process {
	t.Helper()
	return start(t, binaryVariable, env, args)
}

// start runs the binary that a variable names.
func start(t testing.TB, variable string, env, args []string) *Process {
	t.Helper()
	binary := os.Getenv(variable)
	if binary == "" {
		t.Fatalf("no binary: call product.Main or product.WithClock in TestMain, or set %s", variable)
	}
	p := &Process{t: t, cmd: exec.Command(binary, args...), changed: make(chan struct{})}
	p.cmd.Dir = t.TempDir()
	p.cmd.Env = append(surroundings(), env...)
	output, input := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = input, input
	p.cmd.WaitDelay = time.Second // a child left behind must not hold the output open
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s %s: %v", binary, strings.Join(args, " "), err)
	}
	go p.read(output)
	go p.wait(input)
	t.Cleanup(p.cleanUp)
	return p
}

// Run runs the product until it ends and answers what it said.
func Run(t testing.TB, env []string, args ...string) (string, error) {
	t.Helper()
	p := Start(t, env, args...)
	err := p.Wait()
	return p.Output(), err
}

// surroundings are the variables of the tests without those that steer the product.
func surroundings() []string {
	var kept []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "TONGXIN_") {
			kept = append(kept, pair)
		}
	}
	return kept
}

// Line waits for a line of output that matches and answers the match and its groups.
func (p *Process) Line(pattern string) []string {
	p.t.Helper()
	want := regexp.MustCompile(pattern)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		p.mu.Lock()
		lines, changed, ended := p.lines, p.changed, p.ended
		p.mu.Unlock()
		for _, line := range lines {
			if groups := want.FindStringSubmatch(line); groups != nil {
				return groups
			}
		}
		if ended {
			p.t.Fatalf("the product ended (%v) before it said %s:\n%s", p.err, pattern, p.Output())
		}
		select {
		case <-changed:
		case <-ctx.Done():
			p.t.Fatalf("the product did not say %s within %s:\n%s", pattern, patience, p.Output())
		}
	}
}

// Address waits until the product says where it answers: http://127.0.0.1:PORT.
func (p *Process) Address() string {
	p.t.Helper()
	return p.Line(`https?://(?:127\.0\.0\.1|localhost|\[::1\]):\d+`)[0]
}

// Output is what the product said so far, errors included.
func (p *Process) Output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.lines, "\n")
}

// Wait waits until the product ends by itself and answers how.
func (p *Process) Wait() error {
	p.t.Helper()
	if !p.waitEnd(patience) {
		p.t.Fatalf("the product did not end within %s:\n%s", patience, p.Output())
	}
	return p.err
}

// ID is the process id, for tools that change its surroundings while it runs.
func (p *Process) ID() int { return p.cmd.Process.Pid }

// Stop asks the product to end, as a service manager does, and fails when it does not end
// well within 15 s.
func (p *Process) Stop() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if !p.waitEnd(stopPatience) {
		p.t.Fatalf("the product did not end within %s of SIGTERM:\n%s", stopPatience, p.Output())
	}
	if p.err != nil {
		p.t.Errorf("the product ended badly: %v\n%s", p.err, p.Output())
	}
}

// Kill ends the product without a warning, as a power cut does.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	p.waitEnd(stopPatience)
}

// read takes the output line by line.
func (p *Process) read(output io.Reader) {
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		// A progress bar writes over its line; only the last state is read.
		line = strings.TrimRight(line, "\r\n")
		line = line[strings.LastIndexByte(line, '\r')+1:]
		p.mu.Lock()
		if line != "" {
			p.lines = append(p.lines, line)
		}
		p.tell()
		p.mu.Unlock()
		if err != nil {
			break
		}
	}
	// Only now is the end told: whoever waits for a last line has seen it.
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	p.tell()
}

// wait learns how the product ended, then ends the output that read reads.
func (p *Process) wait(input *io.PipeWriter) {
	err := p.cmd.Wait()
	p.mu.Lock()
	p.err = err
	p.mu.Unlock()
	_ = input.Close()
}

// tell wakes those who wait; the caller holds the lock.
func (p *Process) tell() {
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *Process) waitEnd(limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for {
		p.mu.Lock()
		ended, changed := p.ended, p.changed
		p.mu.Unlock()
		if ended {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// cleanUp ends what still runs and, after a failure, shows what the product said.
func (p *Process) cleanUp() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if !p.waitEnd(stopPatience) {
		p.Kill()
	}
	if p.t.Failed() {
		p.t.Logf("the product said:\n%s", p.Output())
	}
	var exit *exec.ExitError
	if p.err != nil && !errors.As(p.err, &exit) {
		p.t.Log(fmt.Errorf("the product's end: %w", p.err))
	}
}
