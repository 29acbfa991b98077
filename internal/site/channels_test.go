package site_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tongxin/internal/config"
	"tongxin/internal/i18n"
	"tongxin/internal/notify"
	"tongxin/internal/notify/notifytest"
	"tongxin/internal/site"
)

// opened is a site with these settings on an empty database.
func opened(t *testing.T, c config.Config) (*site.Site, site.Settings) {
	t.Helper()
	dir := t.TempDir()
	c.Database, c.Data, c.Listen = filepath.Join(dir, "t.db"), filepath.Join(dir, "data"), "127.0.0.1:0"
	set := site.Settings{Config: c, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if err := site.Migrate(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	s, err := site.Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.App.Close() })
	return s, set
}

// TestEveryNoticeFitsATextMessage: 70 characters with the sign, one part; an
// English one two. And none holds a place for particulars.
func TestEveryNoticeFitsATextMessage(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, config.Config{PublicURL: "https://zhengxie.xinchuan.gov.cn", SMSSign: "【新川市政协】"})
	seen := 0
	for _, k := range s.Texts.Keys() {
		kind, ok := strings.CutSuffix(k, ".mail")
		if short, isShort := strings.CutSuffix(k, ".sms"); isShort {
			kind, ok = short, true
			zh, _ := s.Texts.Text(i18n.Chinese, k)
			if m := regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(zh, -1); len(m) > 0 {
				for _, x := range m {
					if !strings.Contains(" number day due n ", " "+x[1]+" ") {
						t.Errorf("%s holds {%s}, which does not leave the house", k, x[1])
					}
				}
			}
		}
		if !ok || strings.HasPrefix(k, "notify.") {
			continue
		}
		seen++
		for lang, limit := range map[i18n.Lang]int{i18n.Chinese: 70, i18n.English: 134} {
			text := s.Channels.Preview(lang, kind, "title", "关于加强老旧小区电动自行车充电设施建设的提案", "number", "0123", "unit", "市住房和城乡建设局", "day", "2026-03-31", "due", "2026-04-10", "n", "12")
			if n := utf8.RuneCountInString(text); n > limit || strings.ContainsAny(text, "{}⟦《") || strings.Contains(text, "电动") || strings.Contains(text, "住房") {
				t.Errorf("%s in %s, %d characters: %s", kind, lang, n, text)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d notices were looked at", seen)
	}
	long, _ := opened(t, config.Config{PublicURL: "https://" + strings.Repeat("long.", 12) + "example.cn", SMSSign: "【新川市政协】"})
	if text := long.Channels.Preview(i18n.Chinese, "handling.notice.late.reply", "number", "0123"); utf8.RuneCountInString(text) > 70 || !strings.Contains(text, "第0123号") {
		t.Errorf("with a long address: %s", text)
	}
}

// secretFile is a file with a secret.
func secretFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheDoctorShowsTheChannels(t *testing.T) {
	t.Parallel()
	s, set := opened(t, config.Config{})
	if lines := doctor(t, s, set); !strings.Contains(lines, "messages stay in the inbox") {
		t.Errorf("%s", lines)
	}
	secret := secretFile(t, "CANARY-0123456789abcdef")
	s, set = opened(t, config.Config{MailServer: "mail.example.cn:465", MailFrom: "a@example.cn", MailSecret: secret, SMSURL: "https://sms.example.cn/send?k=CANARY", SMSSecret: secret, SMSReceiptSecret: secret,
		WeComCorp: "CANARY-corp", WeComAgent: "1", WeComSecret: secret, DingTalkRobot: secretFile(t, "https://oapi.dingtalk.com/robot/send?access_token=CANARY"), DingTalkRobotSecret: secret,
		FeishuApp: "cli_1", FeishuSecret: secret, WebhookURL: "https://oa.example.cn/told", WebhookSecret: secret})
	lines := doctor(t, s, set)
	for _, want := range []string{"mail.example.cn:465", "sms.example.cn", "qyapi.weixin.qq.com", "oapi.dingtalk.com (robot)", "open.feishu.cn", "oa.example.cn", "/receipts/sms"} {
		if !strings.Contains(lines, want) {
			t.Errorf("%q is missing:\n%s", want, lines)
		}
	}
	if strings.Contains(lines, "CANARY") {
		t.Errorf("a secret is shown:\n%s", lines)
	}
}

func doctor(t *testing.T, s *site.Site, set site.Settings) string {
	t.Helper()
	var b strings.Builder
	for _, c := range s.Doctor(t.Context(), set) {
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

func TestSettingsOfChannelsThatCannotWork(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]config.Config{
		"no such file":        {SMSURL: "https://sms.example.cn", SMSSecret: "/nowhere"},
		"an empty file":       {SMSURL: "https://sms.example.cn", SMSSecret: secretFile(t, "")},
		"in clear":            {SMSURL: "http://sms.example.cn"},
		"no network":          {OutboundPrivate: "10.0.0.1/99"},
		"no secret":           {WeComCorp: "ww1", WeComAgent: "1"},
		"no agent":            {DingTalkApp: "d", DingTalkSecret: secretFile(t, "s")},
		"an unsigned webhook": {WebhookURL: "https://oa.example.cn"},
	} {
		dir := t.TempDir()
		c.Database, c.Data = filepath.Join(dir, "t.db"), filepath.Join(dir, "data")
		set := site.Settings{Config: c, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
		if err := site.Migrate(t.Context(), set); err != nil {
			t.Fatal(err)
		}
		if s, err := site.Open(t.Context(), set); err == nil {
			_ = s.App.Close()
			t.Errorf("%s was taken", name)
		}
	}
}

// TestASiteTextsTheGatewayAndHearsFromIt: the settings of a real server, over
// real HTTP on the loopback interface.
func TestASiteTextsTheGatewayAndHearsFromIt(t *testing.T) {
	t.Parallel()
	key := "a key of the gateway 0123456789"
	g := notifytest.New([]byte(key), time.Now)
	address, stop, err := notifytest.Listen(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop() })
	s, _ := opened(t, config.Config{PublicURL: "https://zx.example.cn", SMSURL: address, SMSAccept: "code=0", SMSSecret: secretFile(t, key), SMSReceiptSecret: secretFile(t, key), OutboundPrivate: "127.0.0.0/8"})
	if len(s.Channels.Ways) != 1 {
		t.Fatalf("%d channels", len(s.Channels.Ways))
	}
	id, err := s.Channels.Ways[0].Send(context.WithoutCancel(t.Context()), notify.Letter{ID: "d1", To: "13800000001", Text: "您有一条新消息。"})
	if texts := g.Texts(); err != nil || id != "gw-1" || len(texts) != 1 || !texts[0].Signed || texts[0].Text != "您有一条新消息。" {
		t.Errorf("%q %v %+v", id, err, texts)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	r, err := notifytest.Receipt(t.Context(), server.URL, []byte(key), time.Now(), notify.Receipt{ID: "d1", State: notify.Delivered})
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusNoContent {
		t.Errorf("the receipt: %d", got.StatusCode)
	}
}
