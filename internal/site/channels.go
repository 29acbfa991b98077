package site

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"tongxin/internal/clock"
	"tongxin/internal/i18n"
	"tongxin/internal/notify"
)

// channels makes the ways on which messages leave the house from the settings;
// without any, nothing is ever sent.
func channels(s Settings, texts *i18n.Catalogue) (*notify.Channels, error) {
	now := clock.System().Now
	if s.Clock != nil {
		now = s.Clock.Now
	}
	out, err := notify.NewOutward(s.OutboundPrivate, now)
	if err != nil {
		return nil, fmt.Errorf("outbound-private: %w", err)
	}
	receipts, err := secret(s.SMSReceiptSecret)
	if err != nil {
		return nil, err
	}
	ways := &notify.Channels{Words: texts, Site: strings.TrimSuffix(s.Address(s.Listen), "/"), Sign: s.SMSSign, ReceiptKey: notify.KeyOf(receipts)}
	for _, open := range []func(Settings, *notify.Outward) (notify.Channel, error){mailer, texter, weCom, dingTalk, feishu, webhook} {
		way, err := open(s, out)
		if err != nil {
			return nil, err
		}
		if way != nil {
			ways.Ways = append(ways.Ways, way)
		}
	}
	return ways, nil
}

// secret reads a file of the settings, "" for none.
func secret(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read a secret: %w", err)
	}
	text := strings.TrimSpace(string(raw))
	if text == "" {
		return "", fmt.Errorf("read a secret: %s is empty", path)
	}
	return text, nil
}

func mailer(s Settings, _ *notify.Outward) (notify.Channel, error) {
	if s.MailServer == "" {
		return nil, nil //nolint:nilnil // no channel, and nothing wrong
	}
	password, err := secret(s.MailSecret)
	if err != nil {
		return nil, err
	}
	return notify.NewSMTP(notify.Server{Address: s.MailServer, From: s.MailFrom, User: s.MailUser, Password: password})
}

func texter(s Settings, out *notify.Outward) (notify.Channel, error) {
	if s.SMSURL == "" {
		return nil, nil //nolint:nilnil // no channel, and nothing wrong
	}
	key, err := secret(s.SMSSecret)
	if err != nil {
		return nil, err
	}
	return notify.NewSMS(notify.Gateway{URL: s.SMSURL, Fields: s.SMSFields, Accept: s.SMSAccept, IDField: s.SMSIDField, Secret: key}, out)
}

// platform reads the secrets of an account at WeCom, DingTalk or Feishu.
func platform(p notify.Platform, secretFile, robotFile, robotSecretFile string) (notify.Platform, error) {
	var errs [3]error
	p.Secret, errs[0] = secret(secretFile)
	p.Robot, errs[1] = secret(robotFile)
	p.RobotSecret, errs[2] = secret(robotSecretFile)
	if p.App != "" && p.Secret == "" && errs[0] == nil {
		errs[0] = errors.New("an application at a platform needs its secret file")
	}
	return p, errors.Join(errs[:]...)
}

func weCom(s Settings, out *notify.Outward) (notify.Channel, error) {
	p, err := platform(notify.Platform{URL: s.WeComURL, App: s.WeComCorp, Agent: s.WeComAgent}, s.WeComSecret, s.WeComRobot, "")
	if err != nil || p.App == "" && p.Robot == "" {
		return nil, err
	}
	return notify.NewWeCom(p, out)
}

func dingTalk(s Settings, out *notify.Outward) (notify.Channel, error) {
	p, err := platform(notify.Platform{URL: s.DingTalkURL, App: s.DingTalkApp, Agent: s.DingTalkAgent}, s.DingTalkSecret, s.DingTalkRobot, s.DingTalkRobotSecret)
	if err != nil || p.App == "" && p.Robot == "" {
		return nil, err
	}
	return notify.NewDingTalk(p, out)
}

func feishu(s Settings, out *notify.Outward) (notify.Channel, error) {
	p, err := platform(notify.Platform{URL: s.FeishuURL, App: s.FeishuApp}, s.FeishuSecret, s.FeishuRobot, s.FeishuRobotSecret)
	if err != nil || p.App == "" && p.Robot == "" {
		return nil, err
	}
	return notify.NewFeishu(p, out)
}

func webhook(s Settings, out *notify.Outward) (notify.Channel, error) {
	if s.WebhookURL == "" {
		return nil, nil //nolint:nilnil // no channel, and nothing wrong
	}
	key, err := secret(s.WebhookSecret)
	if err != nil {
		return nil, err
	}
	return notify.NewWebhook(s.WebhookURL, notify.KeyOf(key), out)
}

// checkChannels are the lines of the doctor: each channel and where it leads.
// Signing in is not tried: that would be a message to somebody.
func (s *Site) checkChannels() []Check {
	var list []Check
	for _, w := range s.Channels.Ways {
		list = append(list, Check{w.Name(), true, w.Host()})
	}
	if len(list) == 0 {
		list = append(list, Check{"channels", true, "none is set; messages stay in the inbox"})
	}
	if s.Channels.Has(notify.BySMS) {
		note := "signed receipts are taken at " + s.Channels.Site + "/receipts/sms"
		if len(s.Channels.ReceiptKey) == 0 {
			note = "no receipts: --sms-receipt-secret-file is not set"
		}
		list = append(list, Check{"sms receipts", true, note})
	}
	return list
}
