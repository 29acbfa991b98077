package main

import (
	"context"
	"fmt"

	"tongxin/internal/config"
	"tongxin/internal/identity"
	"tongxin/internal/site"
)

type adminCommands struct {
	Token adminToken `cmd:"" help:"Make a bearer token for a program, acting as an account."`
	Reset adminReset `cmd:"" help:"Make a one-time code with which an account chooses a new password."`
}

type adminToken struct {
	config.Config
	Login string `arg:"" help:"Login of the account."`
	Label string `help:"What the token is for." default:"command line"`
	Days  int64  `help:"Days until it ends, 365 at most." default:"90"`
}

// Run prints the token once; only its hash is kept.
func (c adminToken) Run(ctx context.Context) error {
	return open(ctx, c.Config, func(s *site.Site) error {
		token, ends, err := identity.TokenFor(ctx, s.App, c.Login, c.Label, c.Days)
		if err != nil {
			return told(s, err)
		}
		fmt.Println(token)
		fmt.Printf("It ends on %s and is not shown again.\n", ends.Format("2006-01-02"))
		return nil
	})
}

type adminReset struct {
	config.Config
	Login string `arg:"" help:"Login of the account."`
}

// Run prints the code once; nobody but the person learns the new password.
func (c adminReset) Run(ctx context.Context) error {
	return open(ctx, c.Config, func(s *site.Site) error {
		slip, err := identity.CodeFor(ctx, s.App, c.Login)
		if err != nil {
			return told(s, err)
		}
		fmt.Printf("%s: %s (enter it at /claim)\n", slip.Name, slip.Code)
		return nil
	})
}
