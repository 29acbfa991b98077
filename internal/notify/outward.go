package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Outward speaks HTTP with the providers that the settings name, and with
// nobody else: after the name was resolved, private addresses are refused
// unless the settings name their network; redirects are not followed; answers
// are cut (trust.md WEB-11).
type Outward struct {
	client  *http.Client
	private []netip.Prefix
	now     func() time.Time
}

// errPrivate ends a connection into a network that nobody named.
var errPrivate = errors.New("the address lies in a private network")

const (
	answerWithin = 10 * time.Second
	answerAtMost = 64 << 10 // bytes
)

// NewOutward makes the client; private are networks such as 10.1.0.0/16,
// separated by commas, that messages may be sent into. now is the time that
// goes into signatures.
func NewOutward(private string, now func() time.Time) (*Outward, error) {
	o := &Outward{now: now}
	for one := range strings.SplitSeq(private, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		p, err := netip.ParsePrefix(one)
		if err != nil {
			return nil, fmt.Errorf("private network %q: %w", one, err)
		}
		o.private = append(o.private, p.Masked())
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !o.allowed(at.Addr()) {
			return errPrivate
		}
		return nil
	}}
	o.client = &http.Client{
		Timeout:       answerWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		// No proxy: behind one we could not see where a name leads.
		Transport: &http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: sendAtOnce,
			IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 16 << 10,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}},
	}
	return o, nil
}

// reserved are the networks that are neither private by name nor public: they
// lead to this machine, to nobody, or through a translation to a private one.
func reserved() []string {
	return []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10"}
}

// allowed tells whether a message may go to an address.
func (o *Outward) allowed(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	for _, p := range o.private {
		if p.Contains(ip) {
			return true
		}
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, r := range reserved() {
		if netip.MustParsePrefix(r).Contains(ip) {
			return false
		}
	}
	return true
}

// addressOf checks an address of the settings: https, or http to this machine.
// The text itself stays out of the error, it may hold a key.
func addressOf(what, text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("%s: not an address of the form https://host/path", what)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("%s: the way to %s must be encrypted (https)", what, u.Host)
	}
	return u, nil
}

// answer is what a provider said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request and reads the answer whatever its status.
func (o *Outward) ask(ctx context.Context, method, address string, header http.Header, body []byte) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return answer{}, &Refusal{Class: Broken, Lasting: true}
	}
	if header != nil {
		r.Header = header
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	r.Header.Set("User-Agent", "tongxin")
	got, err := o.client.Do(r)
	if err != nil {
		return answer{}, failed(err)
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(got.Body, answerAtMost+1))
	if err != nil {
		return answer{}, failed(err)
	}
	if len(text) > answerAtMost {
		return answer{}, &Refusal{Class: Broken}
	}
	return answer{got.StatusCode, got.Header, text}, nil
}

// failed sorts what went wrong without an answer. The texts of net/http name
// the whole address, in which keys may stand: they end here.
func failed(err error) *Refusal {
	certificate, timeout := (*tls.CertificateVerificationError)(nil), net.Error(nil)
	switch {
	case errors.Is(err, errPrivate):
		return &Refusal{Class: Private}
	case errors.As(err, &certificate):
		return &Refusal{Class: NoTLS}
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return &Refusal{Class: Slow}
	default:
		return &Refusal{Class: Unreachable}
	}
}

// refused is what a status without a readable answer means; nil for a yes.
func (a answer) refused() error {
	code := strconv.Itoa(a.status)
	switch {
	case a.status >= 200 && a.status < 300:
		return nil
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return &Refusal{Class: SignIn, Code: code}
	case a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable:
		return &Refusal{Class: Busy, Code: code, After: a.after()}
	case a.status == http.StatusBadRequest || a.status == http.StatusRequestEntityTooLarge || a.status == http.StatusUnprocessableEntity:
		return &Refusal{Class: Content, Code: code, Lasting: true}
	default: // a redirect too: the settings name the address that answers
		return &Refusal{Class: Broken, Code: code}
	}
}

// longestWait bounds what a provider may ask us to wait.
const longestWait = 24 * time.Hour

// after is how long the provider asks to wait (RFC 9110, 10.2.3, in seconds).
func (a answer) after() time.Duration {
	for _, name := range []string{"Retry-After", "X-Ogw-Ratelimit-Reset"} {
		if n, err := strconv.Atoi(a.header.Get(name)); err == nil && n > 0 && n <= int(longestWait/time.Second) {
			return time.Duration(n) * time.Second
		}
	}
	return 0
}
