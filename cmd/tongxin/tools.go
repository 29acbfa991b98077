package main

import (
	"context"
	"errors"
	"fmt"

	"tongxin/internal/config"
	"tongxin/internal/fault"
	"tongxin/internal/i18n"
	"tongxin/internal/site"
)

// open opens the site for a tool, runs f and closes it.
func open(ctx context.Context, c config.Config, f func(*site.Site) error) (err error) {
	s, err := site.Open(ctx, settings(c))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.App.Close()) }()
	return f(s)
}

type auditCommands struct {
	Verify auditVerify `cmd:"" help:"Check the audit chains against their checkpoints."`
}

type auditVerify struct{ config.Config }

// Run verifies and fails when something was found.
func (c auditVerify) Run(ctx context.Context) error {
	return open(ctx, c.Config, func(s *site.Site) error {
		report, err := s.VerifyAudit(ctx)
		fmt.Print(report.String())
		if err == nil && len(report.Findings) > 0 {
			err = errors.New("the audit record was tampered with")
		}
		return err
	})
}

type doctorCommand struct{ config.Config }

// Run checks the installation and fails when something is wrong.
func (c doctorCommand) Run(ctx context.Context) error {
	return open(ctx, c.Config, func(s *site.Site) error {
		checks := s.Doctor(ctx, settings(c.Config))
		bad := 0
		for _, k := range checks {
			fmt.Println(k)
			if !k.OK {
				bad++
			}
		}
		if bad > 0 {
			return fmt.Errorf("%d checks failed", bad)
		}
		return nil
	})
}

// told turns a fault into the sentence that a person at the terminal can act on.
func told(s *site.Site, err error) error {
	f := fault.From(err)
	if f.Kind == fault.Internal {
		return err
	}
	return errors.New(s.Texts.In(i18n.English).T(f.Key, f.Args...))
}
