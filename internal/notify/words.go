package notify

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"tongxin/internal/i18n"
)

// harmless are the values of a message that may leave the house: the number of
// the case, a date, a count. Titles, names and units stay inside.
var harmless = map[string]*regexp.Regexp{ //nolint:gochecknoglobals // never changed
	"number": regexp.MustCompile(`^[0-9A-Za-z〔〕\[\]号第 -]{1,20}$`),
	"day":    regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`),
	"due":    regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`),
	"n":      regexp.MustCompile(`^\d{1,6}$`),
}

// outside are the values of a message that may leave the house.
func outside(w i18n.Words, args []string) []any {
	var pairs []any
	for i := 0; i+1 < len(args); i += 2 {
		form := harmless[args[i]]
		if form == nil || !form.MatchString(args[i+1]) {
			continue
		}
		value := args[i+1]
		if args[i] == "day" || args[i] == "due" {
			value = w.Day(value)
		}
		pairs = append(pairs, args[i], value)
	}
	return pairs
}

// sentence says what a message is about without particulars: its own text for
// small screens, that of mail, or the general one.
func sentence(w i18n.Words, d delivery, suffixes ...string) string {
	for _, s := range suffixes {
		if w.Has(d.Kind + s) {
			return w.T(d.Kind+s, outside(w, d.Args)...)
		}
	}
	return w.T("notify.mail.general")
}

// numbered adds the number of the case to a sentence that does not name it.
func numbered(w i18n.Words, text string, args []string) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "number" && harmless["number"].MatchString(args[i+1]) && !strings.Contains(text, args[i+1]) {
			return bare(text) + w.T("notify.short.number", "number", args[i+1])
		}
	}
	return bare(text)
}

func bare(text string) string { return strings.TrimRight(text, "。.! ！") }

// Longest text messages, with the sign before them: one part in Chinese. An
// English one may have two parts of 67 characters: on the mainland every
// character counts as one.
const (
	smsChinese = 70
	smsEnglish = 134
	noteLimit  = 400 // of WeCom, DingTalk and Feishu: far below their 2,048 bytes
)

// fits is the first of the texts that is short enough, else the last one.
func fits(limit int, texts ...string) string {
	for _, t := range texts {
		if utf8.RuneCountInString(t) <= limit {
			return t
		}
	}
	return texts[len(texts)-1]
}

// short is the text for small screens: what is asked, the number of the case,
// and where to go.
func (ch *Channels) short(w i18n.Words, d delivery, sign string, limit int) string {
	at, inside := w.T("notify.short.go", "site", ch.Site), w.T("notify.short.go-plain")
	if d.Joined > 0 {
		many := sign + bare(w.T("notify.digest.line", "n", d.Joined+1)) + w.T("notify.short.end")
		return fits(limit, many+at, many+inside)
	}
	what := sentence(w, d, ".sms", ".mail")
	end := w.T("notify.short.end")
	full, less, least := sign+numbered(w, what, d.Args)+end, sign+bare(what)+end, sign+bare(w.T("notify.mail.general"))+end
	return fits(limit, full+at, full+inside, less+inside, least+inside)
}

// mail is the text of a letter: that there is a message, of which sort, and
// where to read it.
func (ch *Channels) mail(w i18n.Words, d delivery, bundle []counted) (subject, text string) {
	lines := []string{w.T("notify.mail.greeting"), ""}
	subject = w.T("notify.mail.subject")
	if d.Joined > 0 {
		subject = w.T("notify.digest.subject", "n", d.Joined+1)
		lines = append(lines, w.T("notify.digest.line", "n", d.Joined+1), "")
		for _, b := range bundle {
			lines = append(lines, "· "+sentence(w, delivery{Kind: b.Kind}, ".mail")+times(b.N))
		}
	} else {
		lines = append(lines, sentence(w, d, ".mail"))
	}
	lines = append(lines, "", w.T("notify.mail.link"), ch.Site+"/inbox", "", w.T("notify.mail.foot"), "")
	return subject, strings.Join(lines, "\n")
}

func times(n int64) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" × %d", n)
}

// letter writes what a channel sends of a delivery.
func (ch *Channels) letter(way Channel, d delivery, to reached) Letter {
	w := ch.Words.In(to.Lang)
	l := Letter{ID: d.providerID(), To: to.Address, PersonID: d.PersonID, Kind: d.Kind, Urgency: d.Urgency, At: d.At.Time, Link: ch.Site + "/inbox"}
	if o, ok := way.(overheard); ok && o.Overheard() {
		l.Text = bare(w.T("notify.mail.general")) + w.T("notify.short.end") + w.T("notify.short.go", "site", ch.Site)
		return l
	}
	switch way.Name() {
	case ByMail:
		l.Subject, l.Text = ch.mail(w, d, to.Bundle)
	case BySMS:
		l.Text = ch.texted(to.Lang, d)
	case ByWebhook:
		l.Link = ch.Site + d.Link
		l.Text = numbered(w, sentence(w, d, ".sms", ".mail"), d.Args) + w.T("notify.short.end")
	default:
		l.Text = ch.short(w, d, "", noteLimit)
	}
	return l
}

// Preview is the text message of a notice, for a page that shows what will be
// sent and for tests of its length.
func (ch *Channels) Preview(lang i18n.Lang, key string, args ...string) string {
	return ch.texted(lang, delivery{Kind: key, Args: args})
}

// texted is a text message: the sign, the sentence, the address.
func (ch *Channels) texted(lang i18n.Lang, d delivery) string {
	limit := smsChinese
	if lang == i18n.English {
		limit = smsEnglish
	}
	return ch.short(ch.Words.In(lang), d, ch.Sign, limit)
}
