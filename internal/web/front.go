package web

import (
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/id"
)

// The strictest policy under which the pages work: nothing inline, nothing
// from elsewhere (trust.md WEB-03).
const contentPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// front sets the headers, names the request and writes its one log line.
func (k *Kit) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if k.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		request := id.New()
		h.Set("X-Request-Id", request)
		r.Header.Set("X-Request-Id", request) // the only one we trust is our own
		r.Header.Del(whoHeader)
		seen := &seen{ResponseWriter: w, status: http.StatusOK}
		start := time.Now()
		k.caught(next).ServeHTTP(seen, r)
		if strings.HasPrefix(r.URL.Path, "/static/") {
			return
		}
		k.App.Log().LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("route", r.Pattern),
			slog.Int("status", seen.status), slog.Duration("took", time.Since(start)), slog.String("request", request), slog.String("who", r.Header.Get(whoHeader)))
	})
}

// caught turns a panic outside of every transaction into an answer, so that a
// mistake of ours costs one request and tells nothing.
func (k *Kit) caught(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p) // the server's own way to break off
			default:
				k.App.Log().Error("request panicked", "route", r.Pattern, "request", r.Header.Get("X-Request-Id"), "panic", p, "stack", string(debug.Stack()))
				http.Error(w, "500", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// whoHeader carries the actor's id from the handler to the log line.
const whoHeader = "X-Tongxin-Who"

// Known notes for the log line who stands behind the request.
func Known(r *http.Request, who access.Actor) { r.Header.Set(whoHeader, who.PersonID) }

// seen remembers the status for the log line.
type seen struct {
	http.ResponseWriter
	status int
}

func (s *seen) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// ViaOf tells how a request came.
func ViaOf(r *http.Request) access.Via {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return access.Via{RequestID: r.Header.Get("X-Request-Id"), Key: r.Header.Get("Idempotency-Key"), Address: host}
}

// CookieName is the session cookie; __Host- demands HTTPS, so a plain-HTTP
// loopback server uses another name.
func (k *Kit) CookieName() string {
	if k.Secure {
		return "__Host-tongxin"
	}
	return "tongxin"
}

// TokenOf is the bearer token or the session cookie of a request.
func (k *Kit) TokenOf(r *http.Request) string {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return t
	}
	c, err := r.Cookie(k.CookieName())
	if err != nil {
		return ""
	}
	return c.Value
}

// SetSession gives the browser its session token; "" takes it away.
func (k *Kit) SetSession(w http.ResponseWriter, token string) {
	c := &http.Cookie{Name: k.CookieName(), Value: token, Path: "/", HttpOnly: true, Secure: k.Secure, SameSite: http.SameSiteLaxMode}
	if token == "" {
		c.MaxAge = -1
		w.Header().Set("Clear-Site-Data", `"cache"`)
	}
	http.SetCookie(w, c)
}
