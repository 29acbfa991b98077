package product_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tongxin/e2e/product"
)

// The product itself is not needed here: a small stand-in says and does the same.
func TestMain(m *testing.M) {
	os.Exit(withStandIn(m.Run))
}

func withStandIn(run func() int) int {
	folder, err := os.MkdirTemp("", "tongxin-standin-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary := filepath.Join(folder, "standin")
	output, err := exec.Command("go", "build", "-o", binary, "./testdata/standin").CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "build the stand-in: %v\n%s", err, output)
		return 1
	}
	if err := os.Setenv("TONGXIN_E2E_BINARY", binary); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return product.Main(run)
}

func TestProductSaysWhereItAnswersAndStops(t *testing.T) {
	t.Parallel()
	p := product.Start(t, nil, "serve")
	if got := p.Address(); got != "http://127.0.0.1:12345" {
		t.Errorf("address %q", got)
	}
	if got := p.Line(`code ([A-Z0-9-]+)`)[1]; got != "AB-12" {
		t.Errorf("code %q", got)
	}
	p.Stop()
	if !strings.HasSuffix(p.Output(), "good-bye") {
		t.Errorf("last words missing: %q", p.Output())
	}
	if strings.Contains(p.Output(), "10%") {
		t.Errorf("an overwritten progress line was kept: %q", p.Output())
	}
}

func TestProductSeesOnlySettingsMeantForIt(t *testing.T) {
	t.Parallel()
	output, err := product.Run(t, []string{"TONGXIN_LISTEN=127.0.0.1:0"}, "end")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(output, "sees TONGXIN_LISTEN=127.0.0.1:0") || strings.Contains(output, "TONGXIN_E2E") {
		t.Errorf("wrong settings: %q", output)
	}
}

func TestProductThatEndsBadlyIsNoticed(t *testing.T) {
	t.Parallel()
	output, err := product.Run(t, nil, "fail")
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("ended with %v", err)
	}
	if !strings.Contains(output, "cannot go on") {
		t.Errorf("its words are missing: %q", output)
	}
}

func TestProductKilledIsGone(t *testing.T) {
	t.Parallel()
	p := product.Start(t, nil, "serve")
	p.Address()
	p.Kill()
	if err := p.Wait(); err == nil {
		t.Error("a killed product ended well")
	}
}
