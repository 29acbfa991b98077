package browser

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
	"syscall"
	"time"

	"github.com/go-rod/rod"
)

// T is what the helpers need of a *testing.T. It is an interface so that the package can
// test that its helpers fail when they should.
type T interface {
	Helper()
	Name() string
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
	Cleanup(func())
}

// Browser is a Chromium with nothing left of earlier runs.
type Browser struct {
	t   T
	rod *rod.Browser
}

// controlVariable names the control socket of the Chromium that Main started.
const controlVariable = "TONGXIN_E2E_CONTROL"

// Main runs the tests of a package with one Chromium for all of them; TestMain calls it.
// Starting one takes over a second of processor time. Without Main each Start starts its
// own. Visitors share nothing either way.
func Main(run func() int) int {
	program, err := findProgram()
	if err != nil {
		return run() // Start tells each test
	}
	address, end, err := launch(program)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer end()
	if err := os.Setenv(controlVariable, address); err != nil {
		fmt.Fprintln(os.Stderr, "name the browser:", err)
		return 1
	}
	return run()
}

// Start answers a Chromium for the test. Without one on the machine the test is skipped,
// or fails when TONGXIN_TEST_STRICT=1.
func Start(t T) *Browser {
	t.Helper()
	address := os.Getenv(controlVariable)
	if address == "" {
		address = startOwn(t)
	}
	ctx, hangUp := context.WithCancel(context.Background())
	b := rod.New().Context(ctx).ControlURL(address).NoDefaultDevice()
	if err := b.Connect(); err != nil {
		hangUp()
		t.Fatalf("connect to the browser: %v", err)
	}
	t.Cleanup(hangUp)
	return &Browser{t: t, rod: b}
}

func startOwn(t T) string {
	t.Helper()
	program, err := findProgram()
	if err != nil {
		if os.Getenv("TONGXIN_TEST_STRICT") == "1" {
			t.Fatalf("%v", err)
		}
		t.Skipf("%v", err)
	}
	address, end, err := launch(program)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(end)
	return address
}

func findProgram() (string, error) {
	if path := os.Getenv("TONGXIN_E2E_CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium: install Debian's package chromium or set TONGXIN_E2E_CHROMIUM")
}

// launch starts the program and answers the address of its control socket, and how to end it.
func launch(program string) (address string, end func(), err error) {
	profile, err := os.MkdirTemp("", "tongxin-chromium-")
	if err != nil {
		return "", nil, fmt.Errorf("make the browser's folder: %w", err)
	}
	// Without the flags about background and components, Chromium calls its maker's
	// hosts; with root's rights it runs only outside its sandbox.
	cmd := exec.Command(program,
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run", "--no-default-browser-check", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
		"--force-color-profile=srgb", "--hide-scrollbars",
		"--remote-debugging-port=0", "--user-data-dir="+profile, "about:blank")
	cmd.Env = append(os.Environ(), "LANGUAGE=zh_CN") // the words of its own pickers and messages
	// A group of its own: the end takes all of its processes and no other.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	end = func() {
		if cmd.Process != nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			_ = cmd.Wait()
		}
		removeProfile(profile)
	}
	output, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		address, err = controlAddress(output)
	}
	if err != nil {
		end()
		return "", nil, fmt.Errorf("start %s: %w", program, err)
	}
	return address, end, nil
}

// controlAddress waits for the line that names the socket and then reads on, so that
// Chromium never waits for a reader of its log.
func controlAddress(output io.Reader) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	found := make(chan string, 1)
	said := make(chan string, 1)
	go func() {
		listening := regexp.MustCompile(`DevTools listening on (ws://\S+)`)
		lines := bufio.NewScanner(output)
		var head strings.Builder
		for lines.Scan() {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
				_, _ = io.Copy(io.Discard, output)
				return
			}
			head.WriteString(lines.Text() + "\n")
		}
		said <- head.String()
	}()
	select {
	case address := <-found:
		return address, nil
	case text := <-said:
		return "", fmt.Errorf("it ended and said:\n%s", text)
	case <-ctx.Done():
		return "", errors.New("its control socket did not open within 30 s")
	}
}

// removeProfile tries again for a moment: a killed child may still be writing its last
// file. What stays after that lies in the system's folder for such things.
func removeProfile(folder string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = retry(ctx, func(context.Context) error { return os.RemoveAll(folder) })
}
