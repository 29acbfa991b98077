// Command build bundles the script and the style sheet of the pages into internal/web/static.
//
// It runs from internal/web/script by `go generate`; with -check it writes nothing and exits with status 1 when a
// committed output is not what the sources give. The output is the same on every machine.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// A target is one source file and the file made of it, both relative to internal/web/script.
type target struct{ source, output string }

// targets lists everything this command makes.
func targets() []target {
	return []target{
		{source: "index.ts", output: "../static/tongxin.js"},
		{source: "../style/tongxin.css", output: "../static/tongxin.css"},
	}
}

func main() {
	check := flag.Bool("check", false, "write nothing; fail when a committed output is stale")
	dir := flag.String("dir", ".", "the folder internal/web/script")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// run makes every target below dir, or compares it with what is there.
func run(dir string, check bool) error {
	var all error
	for _, t := range targets() {
		made, err := bundle(filepath.Join(dir, t.source))
		if err != nil {
			return err
		}
		all = errors.Join(all, settle(filepath.Join(dir, t.output), made, check))
	}
	return all
}

// settle writes the output, or says that the one on disk is stale.
func settle(path string, made []byte, check bool) error {
	if !check {
		return os.WriteFile(path, made, 0o644)
	}
	have, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("compare %s: %w", path, err)
	}
	if !bytes.Equal(have, made) {
		return fmt.Errorf("%s is stale: run go generate ./internal/web/script", path)
	}
	return nil
}

// bundle gives one file with all that source needs, small, for the oldest browser we promise.
func bundle(source string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{source},
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		Format:            api.FormatIIFE,
		Engines:           []api.Engine{{Name: api.EngineChrome, Version: "80"}},
		LogLevel:          api.LogLevelSilent,
		Outfile:           "out" + strings.Replace(filepath.Ext(source), ".ts", ".js", 1),
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("bundle %s: %s", source, strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("bundle %s: %d files came out instead of one", source, len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}
