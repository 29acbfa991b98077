package product

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"tongxin/e2e/module"
)

// binaryVariable names the binary under test. Set by hand it spares building; Main sets it
// for the tests otherwise.
const binaryVariable = "TONGXIN_E2E_BINARY"

// Main runs the tests of a package that starts the product; TestMain calls it. The binary
// is built once, from the module above this one, unless TONGXIN_E2E_BINARY gives one.
func Main(run func() int) int {
	if os.Getenv(binaryVariable) != "" {
		return run()
	}
	return mainOf(run, "./cmd/tongxin")
}

// mainOf builds a command, named last, with the flags before it, and runs the tests.
func mainOf(run func() int, command ...string) int {
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
	return with(binary, run)
}

// with runs the tests with a binary.
func with(binary string, run func() int) int {
	if err := os.Setenv(binaryVariable, binary); err != nil {
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
