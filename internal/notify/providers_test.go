package notify_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/notify"
)

// said is a request as a platform got it.
type said struct {
	path   string
	query  url.Values
	header http.Header
	body   string
}

// platform plays a platform: answers maps a path to its answers, one after the
// other, the last one for ever.
type platform struct {
	*httptest.Server
	mu      sync.Mutex
	got     []said
	answers map[string][]string
}

func play(t testing.TB, answers map[string][]string) *platform {
	t.Helper()
	p := &platform{answers: answers}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.got = append(p.got, said{r.URL.Path, r.URL.Query(), r.Header, string(body)})
		list := p.answers[r.URL.Path]
		if len(list) == 0 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if len(list) > 1 {
			p.answers[r.URL.Path] = list[1:]
		}
		if code, rest, ok := strings.Cut(list[0], " "); ok && len(code) == 3 { // "400 {…}"
			var n int
			_, _ = fmt.Sscan(code, &n)
			w.WriteHeader(n)
			list[0] = rest
		}
		_, _ = io.WriteString(w, list[0])
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *platform) said() []said {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

func letter(id string) notify.Letter {
	return notify.Letter{ID: id, To: "zhang.san", Text: "有一件提案逾期未答复（第014号）。请登录 https://zx.example.cn 查看。", PersonID: "p1", Kind: "handling.notice.late.reply",
		Urgency: notify.Pressing, At: time.Unix(1_768_190_400, 0), Link: "https://zx.example.cn/proposals/1"}
}

func send(t testing.TB, c notify.Channel, err error, l notify.Letter) (string, notify.Refusal) {
	t.Helper()
	must(t, err)
	id, err := c.Send(t.Context(), l)
	r := (*notify.Refusal)(nil)
	if err == nil {
		return id, notify.Refusal{}
	}
	if !errors.As(err, &r) {
		t.Fatalf("a bare error leaves the channel: %v", err)
	}
	return id, *r
}

func decode(t testing.TB, body string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return m
}

func TestWeComApplication(t *testing.T) {
	t.Parallel()
	const token, sendPath = "/cgi-bin/gettoken", "/cgi-bin/message/send"
	p := play(t, map[string][]string{
		token:    {`{"errcode": 0, "errmsg": "ok", "access_token": "T1", "expires_in": 7200}`, `{"errcode": 0, "errmsg": "ok", "access_token": "T2", "expires_in": 7200}`},
		sendPath: {`{"errcode": 0, "msgid": "M1"}`, `{"errcode": 42001, "errmsg": "access_token expired"}`, `{"errcode": 0, "msgid": "M2"}`},
	})
	c, err := notify.NewWeCom(notify.Platform{URL: p.URL, App: "ww1234", Agent: "1000002", Secret: "S"}, outward(t, "127.0.0.0/8"))
	if id, no := send(t, c, err, letter("abcdef12345")); id != "M1" || no != (notify.Refusal{}) {
		t.Fatalf("%q %+v", id, no)
	}
	if id, no := send(t, c, nil, letter("abcdef12345.1")); id != "M2" || no != (notify.Refusal{}) { // the token ended early
		t.Fatalf("%q %+v", id, no)
	}
	got := p.said()
	var paths []string
	for _, s := range got {
		paths = append(paths, s.path)
	}
	if !slices.Equal(paths, []string{token, sendPath, sendPath, token, sendPath}) {
		t.Fatalf("%v", paths)
	}
	if q := got[0].query; q.Get("corpid") != "ww1234" || q.Get("corpsecret") != "S" || got[1].query.Get("access_token") != "T1" || got[4].query.Get("access_token") != "T2" {
		t.Errorf("%+v", got)
	}
	b := decode(t, got[1].body)
	text := b["text"].(map[string]any)["content"].(string)
	if b["touser"] != "zhang.san" || b["msgtype"] != "text" || b["agentid"] != float64(1000002) || b["enable_duplicate_check"] != float64(1) || b["duplicate_check_interval"] != float64(14400) {
		t.Errorf("%v", b)
	}
	if !strings.HasSuffix(text, "\n#12345") || !strings.HasSuffix(decode(t, got[4].body)["text"].(map[string]any)["content"].(string), "\n#12345.1") || strings.Contains(got[1].body, `\u`) {
		t.Errorf("%q", got[1].body)
	}
	for answer, want := range map[string]notify.Refusal{
		`{"errcode": 81013, "errmsg": "user all invalid"}`: {Class: notify.Recipient, Code: "81013", Lasting: true},
		`{"errcode": 0, "invaliduser": "zhang.san"}`:       {Class: notify.Recipient, Lasting: true},
		`{"errcode": -1}`:    {Class: notify.Busy, Code: "-1"},
		`{"errcode": 45009}`: {Class: notify.Busy, Code: "45009", After: time.Minute},
		`{"errcode": 60020}`: {Class: notify.SignIn, Code: "60020"},
		`{"errcode": 777}`:   {Class: notify.Provider, Code: "777"},
		`{"errcode": 40014}`: {Class: notify.SignIn}, // twice in a row
		`<html>`:             {Class: notify.Broken},
		`502 <html>`:         {Class: notify.Broken, Code: "502"},
	} {
		p := play(t, map[string][]string{token: {`{"errcode": 0, "access_token": "T", "expires_in": 7200}`}, sendPath: {answer}})
		c, err := notify.NewWeCom(notify.Platform{URL: p.URL, App: "ww1234", Agent: "1", Secret: "S"}, outward(t, "127.0.0.0/8"))
		if _, no := send(t, c, err, letter("1")); no != want {
			t.Errorf("%s: %+v, want %+v", answer, no, want)
		}
	}
	for _, answer := range []string{`{"errcode": 40001}`, `{"errcode": 40013}`, `{"errcode": 0}`, ``, `403 no`} {
		p := play(t, map[string][]string{token: {answer}})
		c, err := notify.NewWeCom(notify.Platform{URL: p.URL, App: "ww1234", Agent: "1", Secret: "S"}, outward(t, "127.0.0.0/8"))
		if _, no := send(t, c, err, letter("1")); no.Class != notify.SignIn && no.Class != notify.Broken || no.Lasting {
			t.Errorf("no token for %q: %+v", answer, no)
		}
	}
}

func TestDingTalkWorkNotice(t *testing.T) {
	t.Parallel()
	const token, sendPath = "/gettoken", "/topapi/message/corpconversation/asyncsend_v2"
	p := play(t, map[string][]string{
		token:    {`{"errcode": 0, "access_token": "D1", "expires_in": 7200}`},
		sendPath: {`{"errcode": 88, "sub_code": "40014", "sub_msg": "x"}`, `{"errcode": 0, "task_id": 9007199254740993, "request_id": "r"}`},
	})
	c, err := notify.NewDingTalk(notify.Platform{URL: p.URL, App: "ding1", Agent: "42", Secret: "S"}, outward(t, "127.0.0.0/8"))
	if id, no := send(t, c, err, letter("abcdef12345")); id != "9007199254740993" || no != (notify.Refusal{}) {
		t.Fatalf("%q %+v", id, no)
	}
	got := p.said()
	if q := got[0].query; q.Get("appkey") != "ding1" || q.Get("appsecret") != "S" || len(got) != 4 {
		t.Fatalf("%+v", got)
	}
	b := decode(t, got[3].body)
	if b["agent_id"] != float64(42) || b["userid_list"] != "zhang.san" || b["msg"].(map[string]any)["msgtype"] != "text" || !strings.Contains(got[3].body, `#12345`) || got[3].query.Get("access_token") != "D1" {
		t.Errorf("%s", got[3].body)
	}
	for answer, want := range map[string]notify.Refusal{
		`{"errcode": 33012}`:                    {Class: notify.Recipient, Code: "33012", Lasting: true},
		`{"errcode": 88, "sub_code": "60011"}`:  {Class: notify.SignIn, Code: "60011"},
		`{"errcode": 88, "sub_code": "143103"}`: {Class: notify.Busy, Code: "143103", After: time.Minute},
		`{"errcode": 34016}`:                    {Class: notify.Content, Code: "34016", Lasting: true},
	} {
		p := play(t, map[string][]string{token: {`{"errcode": 0, "access_token": "T", "expires_in": 7200}`}, sendPath: {answer}})
		c, err := notify.NewDingTalk(notify.Platform{URL: p.URL, App: "ding1", Agent: "1", Secret: "S"}, outward(t, "127.0.0.0/8"))
		if _, no := send(t, c, err, letter("1")); no != want {
			t.Errorf("%s: %+v, want %+v", answer, no, want)
		}
	}
}

func TestFeishuApplication(t *testing.T) {
	t.Parallel()
	const token, sendPath = "/open-apis/auth/v3/tenant_access_token/internal", "/open-apis/im/v1/messages"
	for to, kind := range map[string]string{"ou_1": "open_id", "on_1": "union_id", "a@b.example": "email", "zhang": "user_id"} {
		p := play(t, map[string][]string{token: {`{"code": 0, "tenant_access_token": "t-1", "expire": 7200}`},
			sendPath: {`400 {"code": 99991663, "msg": "x"}`, `{"code": 0, "data": {"message_id": "om_1"}}`}})
		c, err := notify.NewFeishu(notify.Platform{URL: p.URL, App: "cli_1", Secret: "S"}, outward(t, "127.0.0.0/8"))
		l := letter("abcdef12345.2")
		l.To = to
		if id, no := send(t, c, err, l); id != "om_1" || no != (notify.Refusal{}) {
			t.Fatalf("%q %+v", id, no)
		}
		got := p.said()
		b := decode(t, got[3].body)
		if got[3].query.Get("receive_id_type") != kind || got[3].header.Get("Authorization") != "Bearer t-1" || b["uuid"] != "abcdef12345.2" || b["receive_id"] != to || b["msg_type"] != "text" {
			t.Errorf("%s: %+v", to, got[3])
		}
		if text := decode(t, b["content"].(string))["text"]; text != l.Text {
			t.Errorf("%q", text)
		}
		if in := decode(t, got[0].body); in["app_id"] != "cli_1" || in["app_secret"] != "S" {
			t.Errorf("%v", in)
		}
	}
	for answer, want := range map[string]notify.Refusal{
		`400 {"code": 230013}`:   {Class: notify.Recipient, Code: "230013", Lasting: true},
		`400 {"code": 230001}`:   {Class: notify.Provider, Code: "230001", Lasting: true},
		`400 {"code": 99991400}`: {Class: notify.Busy, Code: "99991400", After: time.Minute},
		`429 {"code": 99991400}`: {Class: notify.Busy, Code: "429"},
	} {
		p := play(t, map[string][]string{token: {`{"code": 0, "tenant_access_token": "t-1", "expire": 7200}`}, sendPath: {answer}})
		c, err := notify.NewFeishu(notify.Platform{URL: p.URL, App: "cli_1", Secret: "S"}, outward(t, "127.0.0.0/8"))
		if _, no := send(t, c, err, letter("1")); no != want {
			t.Errorf("%s: %+v, want %+v", answer, no, want)
		}
	}
}

// TestRobots: the signatures were computed with openssl from the documents'
// words for the second 1768190400.
func TestRobots(t *testing.T) {
	t.Parallel()
	const path = "/robot/send"
	p := play(t, map[string][]string{path: {`{"errcode": 0, "errmsg": "ok"}`}})
	at := notify.Platform{Robot: p.URL + path + "?access_token=A", RobotSecret: "SECabc"}
	c, err := notify.NewDingTalk(at, outward(t, "127.0.0.0/8"))
	if _, no := send(t, c, err, letter("1")); no != (notify.Refusal{}) {
		t.Fatalf("%+v", no)
	}
	got := p.said()[0]
	if got.query.Get("access_token") != "A" || got.query.Get("timestamp") != "1768190400000" || got.query.Get("sign") != dingTalkSign {
		t.Errorf("%v", got.query)
	}
	if b := decode(t, got.body); fmt.Sprint(b["at"]) != "map[atUserIds:[zhang.san] isAtAll:false]" {
		t.Errorf("%s", got.body)
	}

	p = play(t, map[string][]string{path: {`{"code": 0, "msg": "success"}`}})
	c, err = notify.NewFeishu(notify.Platform{Robot: p.URL + path, RobotSecret: "SECabc"}, outward(t, "127.0.0.0/8"))
	if _, no := send(t, c, err, letter("1")); no != (notify.Refusal{}) {
		t.Fatalf("%+v", no)
	}
	if b := decode(t, p.said()[0].body); b["timestamp"] != "1768190400" || b["sign"] != feishuSign || !strings.HasPrefix(b["content"].(map[string]any)["text"].(string), `<at user_id="zhang.san"></at> `) {
		t.Errorf("%s", p.said()[0].body)
	}

	p = play(t, map[string][]string{path: {`{"errcode": 0}`}})
	c, err = notify.NewWeCom(notify.Platform{Robot: p.URL + path + "?key=K"}, outward(t, "127.0.0.0/8"))
	if _, no := send(t, c, err, letter("1")); no != (notify.Refusal{}) {
		t.Fatalf("%+v", no)
	}
	if b := decode(t, p.said()[0].body); p.said()[0].query.Get("key") != "K" || fmt.Sprint(b["text"].(map[string]any)["mentioned_list"]) != "[zhang.san]" {
		t.Errorf("%+v", p.said()[0])
	}
	if o, ok := c.(interface{ Overheard() bool }); !ok || !o.Overheard() {
		t.Error("a group reads along, and nobody says so")
	}
	for answer, want := range map[string]notify.Refusal{
		`{"errcode": 310000}`: {Class: notify.SignIn, Code: "310000"},
		`{"errcode": 130101}`: {Class: notify.Busy, Code: "130101", After: 10 * time.Minute},
		`{"errcode": 5}`:      {Class: notify.Provider, Code: "5"},
		`[]`:                  {Class: notify.Broken},
		`500 no`:              {Class: notify.Broken, Code: "500"},
	} {
		p := play(t, map[string][]string{path: {answer}})
		c, err := notify.NewDingTalk(notify.Platform{Robot: p.URL + path}, outward(t, "127.0.0.0/8"))
		if _, no := send(t, c, err, letter("1")); no != want {
			t.Errorf("%s: %+v, want %+v", answer, no, want)
		}
	}
}

func TestTheWebhookIsSigned(t *testing.T) {
	t.Parallel()
	p := play(t, map[string][]string{"/told": {""}})
	key := []byte(gatewayKey)
	c, err := notify.NewWebhook(p.URL+"/told", key, outward(t, "127.0.0.0/8"))
	for range 2 {
		if _, no := send(t, c, err, letter("d1")); no != (notify.Refusal{}) {
			t.Fatalf("%+v", no)
		}
	}
	for _, got := range p.said() {
		if !notify.Genuine(got.header, key, time.Unix(1_768_190_400, 0), []byte(got.body)) || got.header.Get("Webhook-Id") != "d1" {
			t.Errorf("%+v", got)
		}
		var told notify.Told
		if err := json.Unmarshal([]byte(got.body), &told); err != nil || told.Person != "p1" || told.Urgency != "pressing" || told.ID != "d1" || told.Link == "" {
			t.Errorf("%s %v", got.body, err)
		}
	}
}

// TestAGatewayOfItsOwnForm: fields within fields, query, another word for yes.
func TestAGatewayOfItsOwnForm(t *testing.T) {
	t.Parallel()
	p := play(t, map[string][]string{"/v1/send": {`{"result": {"status": "OK", "sid": 12345678901234567890}}`, `{"result": {"status": "余额不足"}}`}})
	c, err := notify.NewSMS(notify.Gateway{URL: p.URL + "/v1/send?to={phone}&no={id}", Fields: "app.key={secret},msg.text={text},msg.ref={id}", Accept: "result.status=OK", IDField: "result.sid", Secret: "S\n"}, outward(t, "127.0.0.0/8"))
	l := letter("d1")
	l.To = "+44 20&x=1"
	if id, no := send(t, c, err, l); id != "12345678901234567890" || no != (notify.Refusal{}) {
		t.Fatalf("%q %+v", id, no)
	}
	if _, no := send(t, c, nil, l); no != (notify.Refusal{Class: notify.Provider}) { // the text of the gateway is dropped
		t.Errorf("%+v", no)
	}
	got := p.said()[0]
	b := decode(t, got.body)
	if got.query.Get("to") != l.To || got.query.Get("no") != "d1" || got.query.Get("x") != "" || b["app"].(map[string]any)["key"] != "S" || b["msg"].(map[string]any)["text"] != l.Text {
		t.Errorf("%+v", got)
	}
}

const (
	dingTalkSign = "GFDnrMIUeXOqVc6qFZbprx1KS/DNAty+lZTWglgwhwQ="
	feishuSign   = "AgGdN8xKcuqljTqxNRz5LPekVdEXK+4wpiqi3yVgUB0="
)
