package notify_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tongxin/internal/notify"
)

func outward(t testing.TB, private string) *notify.Outward {
	t.Helper()
	o, err := notify.NewOutward(private, func() time.Time { return time.Unix(1_768_190_400, 0) })
	must(t, err)
	return o
}

// sms makes a channel that posts to an address.
func sms(t testing.TB, address, private string) notify.Channel {
	t.Helper()
	c, err := notify.NewSMS(notify.Gateway{URL: address, Secret: gatewayKey}, outward(t, private))
	must(t, err)
	return c
}

func refusal(t testing.TB, c notify.Channel) notify.Refusal {
	t.Helper()
	_, err := c.Send(t.Context(), notify.Letter{ID: "1", To: "13800000001", Text: "您有一条新消息"})
	r := (*notify.Refusal)(nil)
	if !errors.As(err, &r) {
		t.Fatalf("no refusal: %v", err)
	}
	return *r
}

// TestNothingGoesIntoANetworkThatNobodyNamed (trust.md WEB-11).
func TestNothingGoesIntoANetworkThatNobodyNamed(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		for _, private := range []string{"", "10.0.0.0/8", "192.168.0.0/16, 172.16.0.0/12"} {
			r := refusal(t, sms(t, "http://"+host+port+"/send", private))
			if r.Class != notify.Private && (host != "[::1]" || r.Class != notify.Unreachable) {
				t.Errorf("%s with %q: %+v", host, private, r)
			}
		}
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
	if _, err := sms(t, "http://127.0.0.1"+port, "127.0.0.0/8").Send(t.Context(), notify.Letter{ID: "1", To: "13800000001"}); err != nil || calls.Load() != 1 {
		t.Errorf("a network that was named: %v", err)
	}
}

func TestWhichAddressesArePublic(t *testing.T) {
	t.Parallel()
	o := outward(t, "10.1.0.0/16, fd00:1::/32")
	for address, want := range map[string]bool{
		"1.1.1.1": true, "114.114.114.114": true, "2400:3200::1": true, "10.1.2.3": true, "fd00:1::5": true, "::ffff:10.1.2.3": true, "::ffff:1.1.1.1": true,
		"10.2.0.1": false, "127.0.0.1": false, "0.0.0.0": false, "169.254.169.254": false, "192.168.1.1": false, "172.16.0.1": false, "100.64.0.1": false, "198.18.0.1": false,
		"224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false, "::": false, "::1": false, "fe80::1": false, "fc00::1": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.2.0.1": false, "64:ff9b::a02:1": false, "2002:7f00:1::": false, "2001:db8::1": false,
	} {
		if got := notify.Allowed(o, address); got != want {
			t.Errorf("%s: allowed %v", address, got)
		}
	}
	if _, err := notify.NewOutward("10.1.0.0", time.Now); err == nil {
		t.Error("an address was taken for a network")
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var there atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { there.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		if r := refusal(t, sms(t, server.URL, "127.0.0.0/8")); r.Class != notify.Broken || r.Lasting || r.Code != fmt.Sprint(status) {
			t.Errorf("%d: %+v", status, r)
		}
		server.Close()
	}
	if there.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestAnswersAreSorted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		want notify.Refusal
	}{
		"401":             {status(401, nil), notify.Refusal{Class: notify.SignIn, Code: "401"}},
		"403":             {status(403, nil), notify.Refusal{Class: notify.SignIn, Code: "403"}},
		"404":             {status(404, nil), notify.Refusal{Class: notify.Broken, Code: "404"}},
		"422":             {status(422, nil), notify.Refusal{Class: notify.Content, Code: "422", Lasting: true}},
		"429":             {status(429, http.Header{"Retry-After": {"7"}}), notify.Refusal{Class: notify.Busy, Code: "429", After: 7 * time.Second}},
		"503, for ever":   {status(503, http.Header{"Retry-After": {"99999999999"}}), notify.Refusal{Class: notify.Busy, Code: "503"}},
		"429, by a date":  {status(429, http.Header{"Retry-After": {"Wed, 21 Oct 2026 07:28:00 GMT"}}), notify.Refusal{Class: notify.Busy, Code: "429"}},
		"500":             {status(500, nil), notify.Refusal{Class: notify.Broken, Code: "500"}},
		"breaks off":      {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, notify.Refusal{Class: notify.Unreachable}},
		"a flood":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1<<20)) }, notify.Refusal{Class: notify.Broken}},
		"endless headers": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) }, notify.Refusal{Class: notify.Unreachable}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.h)
			defer server.Close()
			if r := refusal(t, sms(t, server.URL, "127.0.0.0/8")); r != c.want {
				t.Errorf("%+v, want %+v", r, c.want)
			}
		})
	}
	t.Run("silence", func(t *testing.T) {
		t.Parallel()
		gone := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-gone }))
		defer server.Close()
		defer close(gone)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := sms(t, server.URL, "127.0.0.0/8").Send(ctx, notify.Letter{ID: "1", To: "13800000001"})
		if r := (*notify.Refusal)(nil); !errors.As(err, &r) || r.Class != notify.Slow || r.Lasting {
			t.Errorf("%v", err)
		}
	})
	t.Run("another certificate", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewTLSServer(status(200, nil))
		defer server.Close()
		if r := refusal(t, sms(t, server.URL, "127.0.0.0/8")); r.Class != notify.NoTLS || r.Lasting {
			t.Errorf("%+v", r)
		}
	})
}

func status(code int, h http.Header) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range h {
			w.Header()[k] = v
		}
		w.WriteHeader(code)
	}
}

func TestWrongSettingsStopTheStart(t *testing.T) {
	t.Parallel()
	o := outward(t, "")
	for _, g := range []notify.Gateway{{}, {URL: "sms.example.cn"}, {URL: "http://sms.example.cn/send"}, {URL: "https://u:CANARY@sms.example.cn/"}, {URL: "https://sms.example.cn/{phone}"}, {URL: "https://{phone}.example.cn/"},
		{URL: "ftp://sms.example.cn"}, {URL: "https://sms.example.cn/#x"}, {URL: "https://sms.example.cn", Accept: "code"}, {URL: "https://sms.example.cn", Fields: "phone"}, {URL: "https://sms.example.cn", Fields: "a=1,a=2"},
		{URL: "https://sms.example.cn", Fields: "a=1,a.b=2"}, {URL: "https://sms.example.cn", Fields: "a..b=2"}, {URL: "https://sms.example.cn/%zz?k=CANARY"}} {
		if _, err := notify.NewSMS(g, o); err == nil || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%+v: %v", g, err)
		}
	}
	for name, p := range map[string]notify.Platform{"no number": {App: "ww1", Agent: "x", Secret: "s"}, "in clear": {App: "ww1", Agent: "1", Secret: "s", URL: "http://qyapi.example"}, "robot in clear": {Robot: "http://qyapi.example/?key=CANARY"}} {
		for _, open := range []func(notify.Platform, *notify.Outward) (notify.Channel, error){notify.NewWeCom, notify.NewDingTalk} {
			if _, err := open(p, o); err == nil || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := notify.NewFeishu(notify.Platform{App: "cli_1", URL: "http://open.example"}, o); err == nil {
		t.Error("Feishu in clear")
	}
	if _, err := notify.NewWebhook("https://oa.example.cn/told", []byte("short"), o); err == nil {
		t.Error("a webhook with a short key")
	}
	if _, err := notify.NewWebhook("http://oa.example.cn/told", []byte(gatewayKey), o); err == nil {
		t.Error("a webhook in clear")
	}
}

// TestTheSignatureIsThatOfTheDocument: the example of the Standard Webhooks
// libraries.
func TestTheSignatureIsThatOfTheDocument(t *testing.T) {
	t.Parallel()
	key := notify.KeyOf(" whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
	body, at := []byte(`{"test": 2432232314}`), time.Unix(1614265330, 0)
	h := http.Header{}
	notify.Signed(h, key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
	if got := h.Get("Webhook-Signature"); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signed %q", got)
	}
	h.Set("Webhook-Signature", "v1,AAAA v2,xx "+h.Get("Webhook-Signature"))
	if !notify.Genuine(h, key, at.Add(4*time.Minute), body) || notify.Genuine(h, key, at.Add(6*time.Minute), body) || notify.Genuine(h, key, at, append(body, ' ')) || notify.Genuine(h, nil, at, body) {
		t.Error("the signature is judged wrongly")
	}
	h.Set("Webhook-Id", "another")
	if notify.Genuine(h, key, at, body) {
		t.Error("another id under the same signature")
	}
}
