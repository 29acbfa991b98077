package web

import (
	"context"
	"io"
)

// raw is JSON that was encoded already, as the body of a page without layout.
type raw []byte

// Render writes the bytes.
func (b raw) Render(_ context.Context, w io.Writer) error {
	_, err := w.Write(b)
	return err
}
