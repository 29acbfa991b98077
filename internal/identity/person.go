package identity

import (
	"fmt"
	"strings"

	"github.com/mozillazg/go-pinyin"

	"tongxin/internal/app"
	"tongxin/internal/id"
	"tongxin/internal/seal"
)

// Person is somebody the committee knows. Phone, mail and address are clear
// here and sealed in the database.
type Person struct {
	ID          string
	CommitteeID string
	Name        string
	Phone       string
	Mail        string
	Address     string
}

// Add writes a new person, for acts of this package and of organization.
func Add(c *app.Call, p Person) (Person, error) {
	k := app.Part[*seal.Keeper](&c.Look)
	p.ID = id.New()
	phone, err := k.Seal(p.Phone, "person.phone/"+p.ID)
	if err != nil {
		return p, fmt.Errorf("add person: %w", err)
	}
	mail, err := k.Seal(p.Mail, "person.mail/"+p.ID)
	if err != nil {
		return p, fmt.Errorf("add person: %w", err)
	}
	lookup := ""
	if p.Phone != "" {
		lookup = k.Lookup(seal.NormalizePhone(p.Phone))
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO person (id, committee_id, name, pinyin, phone_sealed, phone_lookup, mail_sealed, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, p.ID, p.CommitteeID, p.Name, Pinyin(p.Name), phone, lookup, mail, c.Now())
	if err != nil {
		return p, fmt.Errorf("add person: %w", err)
	}
	return p, nil
}

// Pinyin is the key by which names are found and sorted: syllables without
// tones, letters of other scripts in lower case.
func Pinyin(name string) string {
	a := pinyin.NewArgs()
	a.Fallback = func(r rune, _ pinyin.Args) []string { return []string{strings.ToLower(string(r))} }
	var b strings.Builder
	for _, s := range pinyin.Pinyin(name, a) {
		b.WriteString(s[0])
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

// Name is a person's name, "" when there is no such person.
func Name(l *app.Look, personID string) (string, error) {
	names, err := Names(l, personID)
	return names[personID], err
}
