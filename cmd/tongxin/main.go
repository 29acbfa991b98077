// Command tongxin is the whole product: server, demo, and the tools of its
// administrator.
//
// What does not live here: anything but reading the command line.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"tongxin/internal/config"
	"tongxin/internal/site"
)

// Version is set when a release is built.
var version = "dev" //nolint:gochecknoglobals // set by the linker

type commands struct {
	Serve   serveCommand    `cmd:"" help:"Run the server."`
	Demo    demoCommand     `cmd:"" help:"Run a fictional city on this machine."`
	Migrate migrateCommand  `cmd:"" help:"Bring the database to the newest schema."`
	Admin   adminCommands   `cmd:"" help:"Tools of the system administrator."`
	Config  configCommands  `cmd:"" help:"Settings."`
	Doctor  doctorCommand   `cmd:"" help:"Check the installation."`
	Audit   auditCommands   `cmd:"" help:"The audit record."`
	Archive archiveCommands `cmd:"" help:"Files of archived cases."`
	Version versionCommand  `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	k := kong.Parse(&c, kong.Name("tongxin"), kong.Description("Tongxin 同心: the working platform of a CPPCC committee."),
		kong.UsageOnError(), kong.Configuration(kong.JSON), kong.BindTo(ctx, (*context.Context)(nil)))
	k.FatalIfErrorf(k.Run())
}

// settings turns a Config into the settings of a site.
func settings(c config.Config) site.Settings {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	var h slog.Handler = slog.NewTextHandler(os.Stderr, options)
	if c.LogFormat == "json" {
		h = slog.NewJSONHandler(os.Stderr, options)
	}
	return site.Settings{Config: c, Log: slog.New(h)}
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("tongxin " + version)
	return nil
}

type configCommands struct {
	Doc configDoc `cmd:"" help:"Print the manual of all settings."`
}

type configDoc struct{}

// Run prints the manual.
func (configDoc) Run() error {
	fmt.Print(config.Doc())
	return nil
}
