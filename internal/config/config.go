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
	Database   string `help:"SQLite file path, or a postgres:// address." default:"tongxin.db" env:"TONGXIN_DATABASE"`
	Data       string `help:"Folder for uploads, keys and audit checkpoints." default:"tongxin-data" env:"TONGXIN_DATA"`
	Listen     string `help:"Address and port to serve on." default:"127.0.0.1:8080" env:"TONGXIN_LISTEN"`
	TLSCert    string `name:"tls-cert" help:"Certificate file (PEM). With tls-key the server speaks HTTPS." env:"TONGXIN_TLS_CERT"`
	TLSKey     string `name:"tls-key" help:"Private key file (PEM)." env:"TONGXIN_TLS_KEY"`
	PublicURL  string `name:"public-url" help:"Address people type, for links in mail. Empty: taken from listen." env:"TONGXIN_PUBLIC_URL"`
	MailServer string `name:"mail-server" help:"host:port of the mail server. Empty: no mail is sent." env:"TONGXIN_MAIL_SERVER"`
	MailFrom   string `name:"mail-from" help:"Sender of mail." env:"TONGXIN_MAIL_FROM"`
	MailUser   string `name:"mail-user" help:"Account at the mail server." env:"TONGXIN_MAIL_USER"`
	MailSecret string `name:"mail-secret-file" help:"File that holds the password of the mail account." env:"TONGXIN_MAIL_SECRET_FILE"`
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
