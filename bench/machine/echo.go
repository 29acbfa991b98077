package machine

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Echo serves an HTTP server that reads a request and answers "ok", until its process ends:
// the least any Go server spends on a request. ready hears its address.
func Echo(ready func(address string)) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	ready(l.Addr().String())
	s := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "ok")
	})}
	return s.Serve(l)
}
