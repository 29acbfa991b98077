package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"tongxin/internal/config"
	"tongxin/internal/site"
)

type serveCommand struct {
	config.Config
	File kong.ConfigFlag `name:"config" help:"JSON file with settings."`
}

// Run migrates the database and serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context) (err error) {
	set := settings(c.Config)
	if (set.TLSCert == "") != (set.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key belong together")
	}
	if err := site.Migrate(ctx, set); err != nil {
		return err
	}
	s, err := site.Open(ctx, set)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.App.Close()) }()
	return s.Serve(ctx, set, func(address string) error {
		fmt.Printf("Tongxin listens on %s\n", set.Address(address))
		return s.PrintBootstrap(ctx, os.Stdout, set.Address(address))
	})
}

type migrateCommand struct{ config.Config }

// Run migrates the database.
func (c migrateCommand) Run(ctx context.Context) error {
	if err := site.Migrate(ctx, settings(c.Config)); err != nil {
		return err
	}
	fmt.Println("The database has the newest schema.")
	return nil
}
