package notify

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"time"
)

// dingTalk sends work notices (工作通知) as an application of the organisation,
// after open.dingtalk.com/document/orgapp/obtain-orgapp-token (gettoken) and
// open.dingtalk.com/document/orgapp/asynchronous-sending-of-enterprise-session-messages
// (asyncsend_v2). The same text reaches one person once a day only, hence mark.
type dingTalk struct {
	out   *Outward
	base  *url.URL
	p     Platform
	agent int64
	token token
}

type dingTalkAnswer struct {
	Code    int         `json:"errcode"`
	SubCode string      `json:"sub_code"`
	Token   string      `json:"access_token"`
	Expires int         `json:"expires_in"`
	Task    json.Number `json:"task_id"`
}

// NewDingTalk makes the channel of 钉钉.
func NewDingTalk(p Platform, out *Outward) (Channel, error) {
	if p.App == "" {
		return newRobot("dingtalk", p.Robot, out, dingTalkRobot{p.RobotSecret})
	}
	base, err := addressOf("dingtalk-url", cmp.Or(p.URL, "https://oapi.dingtalk.com"))
	if err != nil {
		return nil, err
	}
	d := &dingTalk{out: out, base: base, p: p}
	if d.agent, err = p.agent("dingtalk-agent"); err != nil {
		return nil, err
	}
	d.token.fetch = d.fetch
	return d, nil
}

// Name is dingtalk.
func (d *dingTalk) Name() string { return ByDingTalk }

// Host is where the platform stands.
func (d *dingTalk) Host() string { return d.base.Host }

func (d *dingTalk) fetch(ctx context.Context) (string, time.Duration, error) {
	q := url.Values{"appkey": {d.p.App}, "appsecret": {d.p.Secret}}
	a, err := d.out.ask(ctx, "GET", d.base.JoinPath("gettoken").String()+"?"+q.Encode(), nil, nil)
	if err != nil {
		return "", 0, err
	}
	var out dingTalkAnswer
	if err := a.read(&out); err != nil {
		return "", 0, err
	}
	if out.Code != 0 {
		return "", 0, settled(out.no())
	}
	return out.Token, time.Duration(out.Expires) * time.Second, nil
}

// Send writes to one person. The platform's yes means that it will try.
func (d *dingTalk) Send(ctx context.Context, l Letter) (string, error) {
	body := map[string]any{"agent_id": d.agent, "userid_list": l.To, "msg": map[string]any{"msgtype": "text", "text": map[string]string{"content": mark(l)}}}
	return d.token.with(ctx, func(token string) (string, error) {
		var out dingTalkAnswer
		address := d.base.JoinPath("topapi/message/corpconversation/asyncsend_v2").String() + "?access_token=" + url.QueryEscape(token)
		if err := d.out.post(ctx, address, nil, body, &out); err != nil {
			return "", err
		}
		if out.Code != 0 {
			return "", out.no()
		}
		return out.Task.String(), nil
	})
}

// no sorts the numbers of DingTalk that we can do something about
// (open.dingtalk.com/document/orgapp/server-api-error-codes-1). 88 only says
// that the number is in sub_code.
func (a dingTalkAnswer) no() error {
	code := a.Code
	if n, err := strconv.Atoi(a.SubCode); err == nil && code == 88 {
		code = n
	}
	r := &Refusal{Class: Provider, Code: strconv.Itoa(code)}
	switch code {
	case 40014, 42001: // not a token, an ended one
		return errStale{}
	case -1: // busy
		r.Class = Busy
	case 90018, 143103, 143104: // too often in a minute
		r.Class, r.After = Busy, time.Minute
	case 88, 40001, 40089, 60011, 60020: // secret, organisation, rights, our address
		r.Class = SignIn
	case 33012, 40003, 40031, 60121, 1430000: // nobody of this name
		r.Class, r.Lasting = Recipient, true
	case 143105, 143106: // too many, or the same one, for this person today
		r.Lasting = true
	case 34016, 1430002: // too long, or words that the platform forbids
		r.Class, r.Lasting = Content, true
	}
	return r
}

// dingTalkRobot speaks as the robot of a group, signed (加签) after
// open.dingtalk.com/document/robots/customize-robot-security-settings: HMAC-SHA256
// over the milliseconds, a line end and the secret, with the secret as key. More
// than 20 texts a minute silence the robot for ten minutes.
type dingTalkRobot struct{ secret string }

func (d dingTalkRobot) letter(l Letter, now time.Time) (map[string]string, any) {
	var query map[string]string
	if d.secret != "" {
		stamp := strconv.FormatInt(now.UnixMilli(), 10)
		m := hmac.New(sha256.New, []byte(d.secret))
		m.Write([]byte(stamp + "\n" + d.secret))
		query = map[string]string{"timestamp": stamp, "sign": base64.StdEncoding.EncodeToString(m.Sum(nil))}
	}
	return query, map[string]any{"msgtype": "text", "text": map[string]string{"content": mark(l)},
		"at": map[string]any{"atUserIds": []string{l.To}, "isAtAll": false}}
}

func (dingTalkRobot) judge(a answer) error {
	var out dingTalkAnswer
	if err := a.read(&out); err != nil {
		return err
	}
	code := strconv.Itoa(out.Code)
	switch out.Code {
	case 0:
		return nil
	case 130101: // silenced for ten minutes
		return &Refusal{Class: Busy, Code: code, After: 10 * time.Minute}
	case -1:
		return &Refusal{Class: Busy, Code: code}
	case 310000, 300001, 300005: // signature or key word, no such robot
		return &Refusal{Class: SignIn, Code: code}
	default:
		return &Refusal{Class: Provider, Code: code}
	}
}
