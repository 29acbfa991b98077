package site

import (
	"context"
	"fmt"
	"io"

	"tongxin/internal/identity"
)

// PrintBootstrap prints the one-time code by which the committee is founded,
// as long as there is no account. It goes to the terminal only, never to the
// log.
func (s *Site) PrintBootstrap(ctx context.Context, w io.Writer, address string) error {
	code, err := identity.EnsureBootstrap(ctx, s.App)
	if err != nil || code == "" {
		return err
	}
	_, err = fmt.Fprintf(w, `
There is no committee yet. Open %s/setup and enter this code:

    %s

It can be used once, within 24 hours. A new start makes a new one.

`, address, code)
	return err
}
