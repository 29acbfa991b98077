package notify

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// feishu writes to people as an application, after
// open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
// and open.feishu.cn/document/server-docs/im-v1/message/create, whose uuid keeps
// a repetition within an hour from being sent again.
type feishu struct {
	out   *Outward
	base  *url.URL
	p     Platform
	token token
}

type feishuAnswer struct {
	Code   int    `json:"code"`
	Token  string `json:"tenant_access_token"`
	Expire int    `json:"expire"`
	Data   struct {
		MessageID string `json:"message_id"`
	} `json:"data"`
}

// NewFeishu makes the channel of 飞书.
func NewFeishu(p Platform, out *Outward) (Channel, error) {
	if p.App == "" {
		return newRobot("feishu", p.Robot, out, feishuRobot{p.RobotSecret})
	}
	base, err := addressOf("feishu-url", cmp.Or(p.URL, "https://open.feishu.cn"))
	if err != nil {
		return nil, err
	}
	f := &feishu{out: out, base: base, p: p}
	f.token.fetch = f.fetch
	return f, nil
}

// Name is feishu.
func (f *feishu) Name() string { return ByFeishu }

// Host is where the platform stands.
func (f *feishu) Host() string { return f.base.Host }

func (f *feishu) fetch(ctx context.Context) (string, time.Duration, error) {
	var out feishuAnswer
	err := f.out.post(ctx, f.base.JoinPath("open-apis/auth/v3/tenant_access_token/internal").String(), nil,
		map[string]string{"app_id": f.p.App, "app_secret": f.p.Secret}, &out)
	if err != nil {
		return "", 0, err
	}
	if out.Code != 0 {
		return "", 0, &Refusal{Class: SignIn, Code: strconv.Itoa(out.Code)}
	}
	return out.Token, time.Duration(out.Expire) * time.Second, nil
}

// idKind is the sort of a name, which its beginning tells.
func idKind(to string) string {
	switch {
	case strings.HasPrefix(to, "ou_"):
		return "open_id"
	case strings.HasPrefix(to, "on_"):
		return "union_id"
	case strings.Contains(to, "@"):
		return "email"
	default:
		return "user_id"
	}
}

// Send writes to one person.
func (f *feishu) Send(ctx context.Context, l Letter) (string, error) {
	content, err := plainJSON(map[string]string{"text": l.Text})
	if err != nil {
		return "", &Refusal{Class: Content, Lasting: true}
	}
	body := map[string]string{"receive_id": l.To, "msg_type": "text", "content": string(content), "uuid": l.ID}
	address := f.base.JoinPath("open-apis/im/v1/messages").String() + "?receive_id_type=" + idKind(l.To)
	return f.token.with(ctx, func(token string) (string, error) {
		var out feishuAnswer
		if err := f.out.post(ctx, address, map[string]string{"Authorization": "Bearer " + token}, body, &out); err != nil {
			return "", err
		}
		if out.Code != 0 {
			return "", feishuNo(out.Code)
		}
		return out.Data.MessageID, nil
	})
}

// feishuNo sorts the numbers of Feishu that we can do something about.
func feishuNo(code int) error {
	r := &Refusal{Class: Provider, Code: strconv.Itoa(code)}
	switch code {
	case 99991661, 99991663, 99991664, 99991665, 99991668, 99991671: // no token, an ended or wrong one
		return errStale{}
	case 99991400, 230020, 11232: // too often
		r.Class, r.After = Busy, time.Minute
	case 99991672, 99991679, 230006, 230027: // rights of the application, no robot in it
		r.Class = SignIn
	case 230013, 230034, 230053: // not in sight of the application, nobody of this name, or he stopped it
		r.Class, r.Lasting = Recipient, true
	case 230001: // a part of the request is wrong, mostly the name
		r.Lasting = true
	case 230025, 230028: // too long, or words that the platform forbids
		r.Class, r.Lasting = Content, true
	}
	return r
}

// feishuRobot speaks as the robot of a group, after
// open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: the signature is
// HMAC-SHA256 over nothing, with the seconds, a line end and the secret as key.
type feishuRobot struct{ secret string }

func (f feishuRobot) letter(l Letter, now time.Time) (map[string]string, any) {
	body := map[string]any{"msg_type": "text", "content": map[string]string{"text": `<at user_id="` + l.To + `"></at> ` + l.Text}}
	if f.secret != "" {
		stamp := strconv.FormatInt(now.Unix(), 10)
		m := hmac.New(sha256.New, []byte(stamp+"\n"+f.secret))
		body["timestamp"], body["sign"] = stamp, base64.StdEncoding.EncodeToString(m.Sum(nil))
	}
	return nil, body
}

func (feishuRobot) judge(a answer) error {
	var out feishuAnswer
	if err := a.read(&out); err != nil {
		return err
	}
	code := strconv.Itoa(out.Code)
	switch out.Code {
	case 0:
		return nil
	case 9499, 19001, 19021, 19022: // no such robot, signature, our address
		return &Refusal{Class: SignIn, Code: code}
	case 19024: // the group asks for a key word
		return &Refusal{Class: Content, Code: code, Lasting: true}
	case 11232, 99991400:
		return &Refusal{Class: Busy, Code: code, After: time.Minute}
	default:
		return &Refusal{Class: Provider, Code: code}
	}
}
