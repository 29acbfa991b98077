package child_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"tongxin/bench/child"
)

func TestLineAndStop(t *testing.T) {
	t.Parallel()
	p, err := child.Start(io.Discard, "/bin/sh", "-c", "echo noise; echo listens on 127.0.0.1:99; exec sleep 60")
	if err != nil {
		t.Fatal(err)
	}
	found, err := p.Line(`on (\S+)`, 5*time.Second)
	if err != nil || found[1] != "127.0.0.1:99" {
		t.Errorf("got %v %v", found, err)
	}
	if err := p.Stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestEarlyEndTellsWhatWasSaid(t *testing.T) {
	t.Parallel()
	p, err := child.Start(io.Discard, "/bin/sh", "-c", "echo something went wrong; exit 3")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Line("ready", 5*time.Second); err == nil || !strings.Contains(err.Error(), "something went wrong") {
		t.Errorf("got %v", err)
	}
	if err := p.Stop(); err != nil && !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("stop: %v", err)
	}
}
