package notify

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// Platform is an account at WeCom, DingTalk or Feishu: an application that
// writes to people, or the robot of a group that names them there. URL is ""
// for the public platform; 政务微信 and other installations have their own.
type Platform struct {
	URL    string
	App    string // WeCom: corpid, DingTalk: AppKey, Feishu: app_id
	Agent  string // number of the application; Feishu has none
	Secret string
	// Robot is the address of a group's robot, used when App is "". It holds a
	// key: it is a secret itself.
	Robot string
	// RobotSecret is the key of its signature (加签); WeCom has none.
	RobotSecret string
}

// agent is the number of the application.
func (p Platform) agent(what string) (int64, error) {
	n, err := strconv.ParseInt(p.Agent, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%s: %q is not the number of an application", what, p.Agent)
	}
	return n, nil
}

// mark makes texts of the same words different, because WeCom and DingTalk
// throw the second of two equal ones away; of the same letter it is the same.
func mark(l Letter) string {
	base, round, again := l.ID, "", false
	for i := range l.ID {
		if l.ID[i] == '.' {
			base, round, again = l.ID[:i], l.ID[i:], true
			break
		}
	}
	tail := base[max(0, len(base)-5):]
	if again {
		tail += round
	}
	return l.Text + "\n#" + tail
}

// weCom writes to people as an application of the enterprise, after
// developer.work.weixin.qq.com/document/path/91039 (token), /90236 (发送应用消息)
// and /90455 (全局错误码).
type weCom struct {
	out   *Outward
	base  *url.URL
	p     Platform
	agent int64
	token token
}

// weComAnswer is what every call answers.
type weComAnswer struct {
	Code        int    `json:"errcode"`
	Token       string `json:"access_token"`
	Expires     int    `json:"expires_in"`
	InvalidUser string `json:"invaliduser"`
	MessageID   string `json:"msgid"`
}

// NewWeCom makes the channel of 企业微信.
func NewWeCom(p Platform, out *Outward) (Channel, error) {
	if p.App == "" {
		return newRobot("wecom", p.Robot, out, weComRobot{})
	}
	base, err := addressOf("wecom-url", cmp.Or(p.URL, "https://qyapi.weixin.qq.com"))
	if err != nil {
		return nil, err
	}
	w := &weCom{out: out, base: base, p: p}
	if w.agent, err = p.agent("wecom-agent"); err != nil {
		return nil, err
	}
	w.token.fetch = w.fetch
	return w, nil
}

// Name is wecom.
func (w *weCom) Name() string { return ByWeCom }

// Host is where the platform stands.
func (w *weCom) Host() string { return w.base.Host }

func (w *weCom) fetch(ctx context.Context) (string, time.Duration, error) {
	q := url.Values{"corpid": {w.p.App}, "corpsecret": {w.p.Secret}}
	a, err := w.out.ask(ctx, "GET", w.base.JoinPath("cgi-bin/gettoken").String()+"?"+q.Encode(), nil, nil)
	if err != nil {
		return "", 0, err
	}
	var out weComAnswer
	if err := a.read(&out); err != nil {
		return "", 0, err
	}
	if out.Code != 0 {
		return "", 0, settled(weComNo(out.Code))
	}
	return out.Token, time.Duration(out.Expires) * time.Second, nil
}

// duplicateSeconds is how long WeCom looks for the same text again: 4 hours,
// the most it offers.
const duplicateSeconds = 4 * 60 * 60

// Send writes to one person.
func (w *weCom) Send(ctx context.Context, l Letter) (string, error) {
	body := map[string]any{"touser": l.To, "msgtype": "text", "agentid": w.agent, "text": map[string]string{"content": mark(l)},
		"enable_duplicate_check": 1, "duplicate_check_interval": duplicateSeconds}
	return w.token.with(ctx, func(token string) (string, error) {
		var out weComAnswer
		address := w.base.JoinPath("cgi-bin/message/send").String() + "?access_token=" + url.QueryEscape(token)
		if err := w.out.post(ctx, address, nil, body, &out); err != nil {
			return "", err
		}
		if out.Code == 0 && out.InvalidUser != "" {
			return "", &Refusal{Class: Recipient, Lasting: true}
		}
		if out.Code != 0 {
			return "", weComNo(out.Code)
		}
		return out.MessageID, nil
	})
}

// weComNo sorts the numbers of WeCom that we can do something about.
func weComNo(code int) error {
	r := &Refusal{Class: Provider, Code: strconv.Itoa(code)}
	switch code {
	case 40014, 42001, 41001: // not a token, an ended one, none
		return errStale{}
	case -1: // busy
		r.Class = Busy
	case 45009, 45033: // too often, too many at once
		r.Class, r.After = Busy, time.Minute
	case 40001, 40013, 40056, 60020, 48002, 301002: // secret, corpid, agent, our address, rights
		r.Class = SignIn
	case 81013, 60111, 40003, 40031, 46004: // nobody of this name, or not in sight of the application
		r.Class, r.Lasting = Recipient, true
	case 44004, 45002: // empty or too long
		r.Class, r.Lasting = Content, true
	}
	return r
}

// weComRobot speaks as the robot of a group (群机器人), after
// developer.work.weixin.qq.com/document/path/91770. At most 20 texts a minute.
type weComRobot struct{}

func (weComRobot) letter(l Letter, _ time.Time) (map[string]string, any) {
	return nil, map[string]any{"msgtype": "text", "text": map[string]any{"content": mark(l), "mentioned_list": []string{l.To}}}
}

func (weComRobot) judge(a answer) error {
	var out weComAnswer
	if err := a.read(&out); err != nil {
		return err
	}
	if out.Code == 93000 { // no such key
		return &Refusal{Class: SignIn, Code: "93000"}
	}
	if out.Code == 0 {
		return nil
	}
	return settled(weComNo(out.Code))
}
