// Package child runs the servers that are measured, each as a process of its own, and ends
// exactly those.
//
// What does not live here: what the servers are.
package child

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a running server.
type Process struct {
	cmd  *exec.Cmd
	mu   sync.Mutex
	said []string // its last lines, for the error of one that ends too early
	line chan string
	end  chan error
}

const kept = 40

// Start runs a program; what it says on its standard output can be waited for with Line.
// Its error output is a log and goes to the file log.
func Start(log io.Writer, binary string, args ...string) (*Process, error) {
	p := &Process{cmd: exec.Command(binary, args...), line: make(chan string, 1024), end: make(chan error, 1)}
	p.cmd.Stderr = log
	p.cmd.Env = environment(os.Environ())
	// The server must not outlive the benchmark.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	go p.read(out)
	return p, nil
}

// environment leaves out settings of the product that the surroundings may carry.
func environment(all []string) []string {
	var list []string
	for _, pair := range all {
		if !strings.HasPrefix(pair, "TONGXIN_") {
			list = append(list, pair)
		}
	}
	return list
}

func (p *Process) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p.mu.Lock()
		if p.said = append(p.said, lines.Text()); len(p.said) > kept {
			p.said = p.said[1:]
		}
		p.mu.Unlock()
		select {
		case p.line <- lines.Text():
		default: // nobody listens any more
		}
	}
	p.end <- p.cmd.Wait()
	close(p.line)
}

// PID is the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Line waits for a line that matches and gives the match and its groups. Lines before it
// are lost.
func (p *Process) Line(pattern string, most time.Duration) ([]string, error) {
	want := regexp.MustCompile(pattern)
	timer := time.NewTimer(most)
	defer timer.Stop()
	for {
		select {
		case line, ok := <-p.line:
			if !ok {
				return nil, fmt.Errorf("the server ended before it said %s:\n%s", pattern, p.words())
			}
			if found := want.FindStringSubmatch(line); found != nil {
				return found, nil
			}
		case <-timer.C:
			return nil, fmt.Errorf("the server did not say %s within %s:\n%s", pattern, most, p.words())
		}
	}
}

func (p *Process) words() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.said, "\n")
}

// Stop asks the server to end, and ends it when it does not.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	select {
	case err := <-p.end:
		if e := (*exec.ExitError)(nil); errors.As(err, &e) && !e.Exited() {
			return nil // it ended by our signal
		}
		return err
	case <-time.After(20 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.end
		return errors.New("the server did not end within 20 s of SIGTERM")
	}
}
