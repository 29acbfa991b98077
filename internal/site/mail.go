package site

import (
	"fmt"
	"os"
	"strings"

	"tongxin/internal/i18n"
	"tongxin/internal/notify"
)

// mailer makes the sender of mail from the settings.
func mailer(s Settings, texts *i18n.Catalogue) (*notify.Mail, error) {
	password := ""
	if s.MailSecret != "" {
		raw, err := os.ReadFile(s.MailSecret)
		if err != nil {
			return nil, fmt.Errorf("read the password of the mail account: %w", err)
		}
		password = strings.TrimSpace(string(raw))
	}
	sender, err := notify.NewSMTP(notify.Server{Address: s.MailServer, From: s.MailFrom, User: s.MailUser, Password: password})
	if err != nil {
		return nil, err
	}
	return &notify.Mail{Sender: sender, Words: texts, Site: s.Address(s.Listen)}, nil
}
