package site

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"
)

// Serve answers requests and does the work behind the commit until ctx ends;
// then it lets running requests finish and seals what waits. ready is called
// with the address once connections are accepted; its error ends the server.
func (s *Site) Serve(ctx context.Context, set Settings, ready func(address string) error) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", set.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", set.Listen, err)
	}
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute, // a phone on a bad network sends a 32 MB file
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	// The live heap is a few tens of MB: collecting it less often costs little
	// memory and saves a tenth of the processor.
	debug.SetGCPercent(300)
	behind, stop := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { s.App.Behind(behind) })
	failed := make(chan error, 1)
	go func() {
		if set.Secure() {
			failed <- server.ServeTLS(listener, set.TLSCert, set.TLSKey)
			return
		}
		failed <- server.Serve(listener)
	}()
	if err = ready(listener.Addr().String()); err == nil {
		select {
		case err = <-failed:
		case <-ctx.Done():
		}
	}
	err = errors.Join(err, shutdown(server))
	stop()
	wg.Wait()
	last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(err, s.App.CatchUp(last))
}

// shutdown lets running requests finish (trust.md F03: exit within 10 s).
func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}
