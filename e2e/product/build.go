package product

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"tongxin/e2e/module"
)

// These name the binaries under test. Set by hand they spare building; Main and WithClock
// set them for the tests otherwise.
const (
	binaryVariable = "TONGXIN_E2E_BINARY"
	clockVariable  = "TONGXIN_E2E_CLOCK"
)

// Main runs the tests of a package that starts the product; TestMain calls it. The binary
// is built once, from the module above this one, unless TONGXIN_E2E_BINARY gives one.
func Main(run func() int) int {
	return mainOf(binaryVariable, run, "./cmd/tongxin")
}

// WithClock is Main for StartClock: it builds cmd/tongxin-clock, the house that is released
// with a clock that the test moves. Tests that run the product's other commands too call
// both, one within the other.
func WithClock(run func() int) int {
	return mainOf(clockVariable, run, "-tags", "e2e", "./cmd/tongxin-clock")
}

// mainOf builds a command, named last, with the flags before it, unless the variable names
// one already, and runs the tests.
func mainOf(variable string, run func() int, command ...string) int {
	if os.Getenv(variable) != "" {
		return run()
	}
	folder, err := os.MkdirTemp("", "tongxin-binary-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "make folder for the binary:", err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()

	binary := filepath.Join(folder, "tongxin")
	if err := build(binary, command...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := os.Setenv(variable, binary); err != nil {
		fmt.Fprintln(os.Stderr, "name the binary:", err)
		return 1
	}
	return run()
}

// build makes the binary the way it is released.
func build(binary string, command ...string) error {
	root, err := module.Root()
	if err != nil {
		return err
	}
	cmd := exec.Command("go", append([]string{"build", "-trimpath", "-o", binary}, command...)...)
	cmd.Dir = filepath.Dir(root)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the product: %w\n%s", err, output)
	}
	return nil
}
