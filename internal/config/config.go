// Package config is the one documented list of settings. The command line
// fills it from flags, TONGXIN_… environment variables and a JSON file; `config doc`
// prints the manual from the same declarations.
//
// What does not live here: the committee's rules (package profile). A setting
// belongs to the machine, a rule to the committee.
package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Config holds the settings of a server. Every setting works when absent.
type Config struct {
	Database         string `help:"SQLite file path, or a postgres:// address." default:"tongxin.db" env:"TONGXIN_DATABASE"`
	Data             string `help:"Folder for uploads, keys and audit checkpoints." default:"tongxin-data" env:"TONGXIN_DATA"`
	Listen           string `help:"Address and port to serve on." default:"127.0.0.1:8080" env:"TONGXIN_LISTEN"`
	TLSCert          string `name:"tls-cert" help:"Certificate file (PEM). With tls-key the server speaks HTTPS." env:"TONGXIN_TLS_CERT"`
	TLSKey           string `name:"tls-key" help:"Private key file (PEM)." env:"TONGXIN_TLS_KEY"`
	PublicURL        string `name:"public-url" help:"Address people type, for links in mail. Empty: taken from listen." env:"TONGXIN_PUBLIC_URL"`
	MailServer       string `name:"mail-server" help:"host:port of the mail server. Empty: no mail is sent." env:"TONGXIN_MAIL_SERVER"`
	MailFrom         string `name:"mail-from" help:"Sender of mail." env:"TONGXIN_MAIL_FROM"`
	MailUser         string `name:"mail-user" help:"Account at the mail server." env:"TONGXIN_MAIL_USER"`
	MailSecret       string `name:"mail-secret-file" help:"File that holds the password of the mail account." env:"TONGXIN_MAIL_SECRET_FILE"`
	SMSURL           string `name:"sms-url" help:"Address of the SMS gateway; {phone}, {text} and {id} may stand after its question mark. Empty: no text messages." env:"TONGXIN_SMS_URL"`
	SMSFields        string `name:"sms-fields" help:"Fields of the JSON body as name=value, separated by commas; {phone}, {text}, {id} and {secret} are filled in; a dot makes a field within another. Empty: phone, text and id." env:"TONGXIN_SMS_FIELDS"`
	SMSAccept        string `name:"sms-accept" help:"What a yes looks like in the gateway's answer, such as code=0. Empty: any status 2xx." env:"TONGXIN_SMS_ACCEPT"`
	SMSIDField       string `name:"sms-id-field" help:"Field of the answer with the gateway's own id of the message." default:"id" env:"TONGXIN_SMS_ID_FIELD"`
	SMSSign          string `name:"sms-sign" help:"Sign before each text message, such as 【市政协】. Empty: the gateway puts its own." env:"TONGXIN_SMS_SIGN"`
	SMSSecret        string `name:"sms-secret-file" help:"File with the key of the gateway: it signs each request (HMAC-SHA256, headers webhook-id, -timestamp, -signature) and fills {secret}." env:"TONGXIN_SMS_SECRET_FILE"`
	SMSReceiptSecret string `name:"sms-receipt-secret-file" help:"File with the key the gateway signs its receipts with, sent to /receipts/sms. Empty: no receipts are taken." env:"TONGXIN_SMS_RECEIPT_SECRET_FILE"`

	WeComCorp   string `name:"wecom-corp" help:"Enterprise id (corpid) at WeCom 企业微信, to write to people as an application." env:"TONGXIN_WECOM_CORP"`
	WeComAgent  string `name:"wecom-agent" help:"Number (agentid) of the application." env:"TONGXIN_WECOM_AGENT"`
	WeComSecret string `name:"wecom-secret-file" help:"File with the secret of the application." env:"TONGXIN_WECOM_SECRET_FILE"`
	WeComRobot  string `name:"wecom-robot-file" help:"File with the address of a group's robot, used without wecom-corp." env:"TONGXIN_WECOM_ROBOT_FILE"`
	WeComURL    string `name:"wecom-url" help:"Another installation of the platform, such as 政务微信. Empty: https://qyapi.weixin.qq.com." env:"TONGXIN_WECOM_URL"`

	DingTalkApp         string `name:"dingtalk-app" help:"AppKey of the application at DingTalk 钉钉, to send work notices." env:"TONGXIN_DINGTALK_APP"`
	DingTalkAgent       string `name:"dingtalk-agent" help:"Number (AgentId) of the application." env:"TONGXIN_DINGTALK_AGENT"`
	DingTalkSecret      string `name:"dingtalk-secret-file" help:"File with the AppSecret of the application." env:"TONGXIN_DINGTALK_SECRET_FILE"`
	DingTalkRobot       string `name:"dingtalk-robot-file" help:"File with the address of a group's robot, used without dingtalk-app." env:"TONGXIN_DINGTALK_ROBOT_FILE"`
	DingTalkRobotSecret string `name:"dingtalk-robot-secret-file" help:"File with the key the robot's requests are signed with (加签)." env:"TONGXIN_DINGTALK_ROBOT_SECRET_FILE"`
	DingTalkURL         string `name:"dingtalk-url" help:"Another installation of the platform. Empty: https://oapi.dingtalk.com." env:"TONGXIN_DINGTALK_URL"`

	FeishuApp         string `name:"feishu-app" help:"app_id of the application at Feishu 飞书, to write to people." env:"TONGXIN_FEISHU_APP"`
	FeishuSecret      string `name:"feishu-secret-file" help:"File with the app_secret of the application." env:"TONGXIN_FEISHU_SECRET_FILE"`
	FeishuRobot       string `name:"feishu-robot-file" help:"File with the address of a group's robot, used without feishu-app." env:"TONGXIN_FEISHU_ROBOT_FILE"`
	FeishuRobotSecret string `name:"feishu-robot-secret-file" help:"File with the key the robot's requests are signed with." env:"TONGXIN_FEISHU_ROBOT_SECRET_FILE"`
	FeishuURL         string `name:"feishu-url" help:"Another installation of the platform. Empty: https://open.feishu.cn." env:"TONGXIN_FEISHU_URL"`

	WebhookURL      string `name:"webhook-url" help:"Address of another system that is told of every message, signed as the Standard Webhooks document says. Empty: none." env:"TONGXIN_WEBHOOK_URL"`
	WebhookSecret   string `name:"webhook-secret-file" help:"File with the key that signs it, 16 bytes at least." env:"TONGXIN_WEBHOOK_SECRET_FILE"`
	OutboundPrivate string `name:"outbound-private" help:"Private networks that gateways may stand in, such as 10.1.0.0/16, separated by commas. Empty: messages go to public addresses only. Mail is not held to it." env:"TONGXIN_OUTBOUND_PRIVATE"`

	LogFormat  string `name:"log-format" help:"text or json." default:"text" enum:"text,json" env:"TONGXIN_LOG_FORMAT"`
	SQLitePool int    `name:"sqlite-readers" help:"Reading connections to SQLite." default:"8" env:"TONGXIN_SQLITE_READERS"`
	PGPool     int    `name:"postgres-connections" help:"Connections to PostgreSQL." default:"32" env:"TONGXIN_POSTGRES_CONNECTIONS"`
}

// Doc is the manual of all settings as a Markdown table.
func Doc() string {
	var b strings.Builder
	b.WriteString("# Settings\n\nEach is a flag of `tongxin serve`, an environment variable, or a key of the JSON file given with `--config`.\n\n")
	b.WriteString("| flag | environment | default | meaning |\n| --- | --- | --- | --- |\n")
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("name")
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", name, f.Tag.Get("env"), code(f.Tag.Get("default")), f.Tag.Get("help"))
	}
	return b.String()
}

func code(s string) string {
	if s == "" {
		return "–"
	}
	return "`" + s + "`"
}
