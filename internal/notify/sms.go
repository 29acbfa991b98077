package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"tongxin/internal/seal"
)

// Gateway is an HTTP gateway for text messages. Gateways differ, so the
// settings name the fields; our own signature stands in the headers (Signed).
type Gateway struct {
	// URL is where texts are posted; its query may hold {phone}, {text}, {id}.
	URL string
	// Fields are the fields of the JSON body, as name=value separated by commas;
	// a name with dots is a field within another. Values may hold {phone},
	// {text}, {id} and {secret}. "" means phone, text and id.
	Fields string
	// Accept is what a yes looks like in the answer: code=0. "": any 2xx.
	Accept string
	// IDField is the field of the answer with the gateway's own id; id without it.
	IDField string
	Secret  string
}

// sms posts texts to a gateway.
type sms struct {
	out    *Outward
	at     *url.URL
	fields [][2]string // path and value
	accept [2]string
	idPath string
	secret string
	key    []byte
}

// NewSMS makes the channel of text messages.
func NewSMS(g Gateway, out *Outward) (Channel, error) {
	at, err := addressOf("sms-url", strings.NewReplacer("{", "%7B", "}", "%7D").Replace(g.URL))
	if err != nil {
		return nil, err
	}
	if strings.Contains(at.Host+at.Path, "{") {
		return nil, errors.New("sms-url: {phone}, {text} and {id} may stand after the question mark only")
	}
	s := &sms{out: out, at: at, idPath: g.IDField, secret: strings.TrimSpace(g.Secret), key: KeyOf(g.Secret)}
	if s.idPath == "" {
		s.idPath = "id"
	}
	if g.Accept != "" {
		name, value, ok := strings.Cut(g.Accept, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("sms-accept: %q is not of the form name=value", g.Accept)
		}
		s.accept = [2]string{strings.TrimSpace(name), strings.TrimSpace(value)}
	}
	s.fields, err = fieldsOf(g.Fields)
	return s, err
}

// fieldsOf reads the fields of the body.
func fieldsOf(text string) ([][2]string, error) {
	if strings.TrimSpace(text) == "" {
		text = "phone={phone},text={text},id={id}"
	}
	var list [][2]string
	for one := range strings.SplitSeq(text, ",") {
		name, value, ok := strings.Cut(one, "=")
		if name = strings.TrimSpace(name); !ok || name == "" || strings.Contains("."+name+".", "..") {
			return nil, fmt.Errorf("sms-fields: %q is not of the form name=value", one)
		}
		if set(map[string]any{}, name, "") != nil || set(tree(list), name, "") != nil {
			return nil, fmt.Errorf("sms-fields: %q stands twice", name)
		}
		list = append(list, [2]string{name, strings.TrimSpace(value)})
	}
	return list, nil
}

func tree(list [][2]string) map[string]any {
	m := map[string]any{}
	for _, f := range list {
		_ = set(m, f[0], f[1]) // was tried when the fields were read
	}
	return m
}

// set puts a value under a dotted name, and fails where something stands already.
func set(m map[string]any, path, value string) error {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		if m[name] != nil {
			return errors.New("taken")
		}
		m[name] = value
		return nil
	}
	if m[name] == nil {
		m[name] = map[string]any{}
	}
	inner, ok := m[name].(map[string]any)
	if !ok {
		return errors.New("taken")
	}
	return set(inner, rest, value)
}

// Name is sms.
func (s *sms) Name() string { return BySMS }

// Host is where the gateway stands.
func (s *sms) Host() string { return s.at.Host }

// Send posts one text.
func (s *sms) Send(ctx context.Context, l Letter) (string, error) {
	filled := make([][2]string, len(s.fields))
	in := strings.NewReplacer("{phone}", l.To, "{text}", l.Text, "{id}", l.ID, "{secret}", s.secret)
	for i, f := range s.fields {
		filled[i] = [2]string{f[0], in.Replace(f[1])}
	}
	body, err := plainJSON(tree(filled))
	if err != nil {
		return "", &Refusal{Class: Content, Lasting: true}
	}
	header := http.Header{}
	if len(s.key) > 0 {
		Signed(header, s.key, l.ID, s.out.now(), body)
	}
	a, err := s.out.ask(ctx, "POST", s.address(l), header, body)
	if err != nil {
		return "", err
	}
	return s.judge(a)
}

// address fills the query in, each value escaped.
func (s *sms) address(l Letter) string {
	at := *s.at
	in := strings.NewReplacer("%7Bphone%7D", url.QueryEscape(l.To), "%7Btext%7D", url.QueryEscape(l.Text), "%7Bid%7D", url.QueryEscape(l.ID))
	at.RawQuery = in.Replace(at.RawQuery)
	return at.String()
}

// judge reads the answer: a yes gives the gateway's id.
func (s *sms) judge(a answer) (string, error) {
	if no := a.refused(); no != nil {
		return "", no
	}
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.UseNumber() // ids may be longer than a float holds
	err := d.Decode(&out)
	if s.accept[0] != "" {
		if err != nil {
			return "", &Refusal{Class: Broken}
		}
		if got := valueAt(out, s.accept[0]); got != s.accept[1] {
			return "", &Refusal{Class: Provider, Code: short(got)}
		}
	}
	return short(valueAt(out, s.idPath)), nil
}

// valueAt is a value of the answer under a dotted name, "" for none.
func valueAt(m map[string]any, path string) string {
	name, rest, deeper := strings.Cut(path, ".")
	if deeper {
		inner, _ := m[name].(map[string]any)
		return valueAt(inner, rest)
	}
	switch v := m[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	default:
		return ""
	}
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// short keeps of a provider's word only what cannot be a text.
func short(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return ""
}

var mobileNumber = regexp.MustCompile(`^(1[0-9]{10}|\+[1-9][0-9]{6,14})$`)

// mobile is a phone number that takes text messages, "" for another.
func mobile(phone string) string {
	n := seal.NormalizePhone(phone)
	if !mobileNumber.MatchString(n) {
		return ""
	}
	return n
}
