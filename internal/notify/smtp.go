package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"

	"github.com/wneessen/go-mail"
)

// Server is a mail server and our account at it.
type Server struct {
	Address  string // host:port; port 465 means TLS from the start
	From     string // sender of every letter
	User     string // "" for a server that asks for no account
	Password string
}

// smtpServer sends by SMTP, each letter over a connection of its own: letters
// are few, and a connection kept open is one more thing that can be stale.
type smtpServer struct {
	server Server
	host   string
	domain string
	option []mail.Option
}

// Name is mail.
func (s *smtpServer) Name() string { return ByMail }

// Host is the mail server.
func (s *smtpServer) Host() string { return s.server.Address }

// NewSMTP makes the channel of mail. The way there is always encrypted,
// except to this very machine.
func NewSMTP(s Server) (Channel, error) {
	host, portText, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, fmt.Errorf("mail server %q: %w", s.Address, err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("mail server %q: %w", s.Address, err)
	}
	probe := mail.NewMsg()
	if err := probe.From(s.From); err != nil {
		return nil, fmt.Errorf("mail sender %q: %w", s.From, err)
	}
	m := &smtpServer{server: s, host: host, domain: domainOf(probe), option: []mail.Option{mail.WithPort(port), mail.WithTimeout(sendWithin)}}
	switch {
	case port == 465:
		m.option = append(m.option, mail.WithSSL())
	case loopback(host):
		m.option = append(m.option, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		m.option = append(m.option, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.User != "" {
		m.option = append(m.option, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return m, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// domainOf is the part after the @ of the sender, for Message-IDs.
func domainOf(m *mail.Msg) string {
	for _, a := range m.GetFrom() {
		for i := len(a.Address) - 1; i >= 0; i-- {
			if a.Address[i] == '@' {
				return a.Address[i+1:]
			}
		}
	}
	return "localhost"
}

// Send hands one letter to the server, which gives no id of its own.
func (s *smtpServer) Send(ctx context.Context, l Letter) (string, error) { return "", s.send(ctx, l) }

func (s *smtpServer) send(ctx context.Context, l Letter) error {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := m.From(s.server.From); err != nil {
		return &Refusal{Class: Content, Lasting: true}
	}
	if err := m.To(l.To); err != nil {
		return &Refusal{Class: Recipient, Lasting: true}
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.ID + "@" + s.domain)
	m.SetDate()
	// Nobody should answer a notice with "I am on leave" (RFC 3834).
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	c, err := mail.NewClient(s.host, s.option...)
	if err != nil {
		return fmt.Errorf("prepare the connection to the mail server: %w", err)
	}
	err = c.DialAndSendWithContext(ctx, m)
	if m.IsDelivered() {
		return nil // the server took it; how the connection ended is of no matter
	}
	return smtpNo(err)
}

// smtpNo sorts the library's errors; their text is dropped, it may repeat
// the address.
func smtpNo(err error) error {
	if err == nil {
		return nil
	}
	se := (*mail.SendError)(nil)
	if !errors.As(err, &se) {
		return &Refusal{Class: classOfDial(err)}
	}
	lasting := !se.IsTemp() && se.ErrorCode() >= 500
	switch se.Reason {
	case mail.ErrSMTPRcptTo, mail.ErrGetRcpts:
		return &Refusal{Class: Recipient, Lasting: lasting}
	case mail.ErrSMTPMailFrom, mail.ErrSMTPData, mail.ErrSMTPDataClose, mail.ErrWriteContent, mail.ErrGetSender, mail.ErrNoUnencoded:
		return &Refusal{Class: Content, Lasting: lasting}
	default:
		return &Refusal{Class: Unreachable}
	}
}

// classOfDial sorts what went wrong before the server saw a letter. None of it
// lasts: somebody corrects the settings.
func classOfDial(err error) string {
	certificate, reply := (*tls.CertificateVerificationError)(nil), (*textproto.Error)(nil)
	switch {
	case errors.As(err, &certificate):
		return NoTLS
	case errors.As(err, &reply) && reply.Code >= 530 && reply.Code < 540:
		return SignIn
	default:
		return Unreachable
	}
}
