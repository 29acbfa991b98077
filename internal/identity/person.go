package identity

import (
	"errors"
	"fmt"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/seal"
	"tongxin/internal/store"
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
	LeftOn      string // day on which he left, "" while he works with the committee
	Version     int64
}

// sealed are the personal fields as the database keeps them.
type sealed struct{ phone, lookup, mail, address string }

func sealFields(k *seal.Keeper, p Person) (s sealed, err error) {
	if s.phone, err = k.Seal(p.Phone, "person.phone/"+p.ID); err != nil {
		return s, fmt.Errorf("seal the phone of %s: %w", p.ID, err)
	}
	if s.mail, err = k.Seal(p.Mail, "person.mail/"+p.ID); err != nil {
		return s, fmt.Errorf("seal the mail of %s: %w", p.ID, err)
	}
	if s.address, err = k.Seal(p.Address, "person.address/"+p.ID); err != nil {
		return s, fmt.Errorf("seal the address of %s: %w", p.ID, err)
	}
	if p.Phone != "" {
		s.lookup = k.Lookup(seal.NormalizePhone(p.Phone))
	}
	return s, nil
}

// Add writes a new person, for acts of this package and of organization. A
// phone that somebody of the committee has already is fault.Invalid beside the
// field phone.
func Add(c *app.Call, p Person) (Person, error) {
	p.ID, p.Version = id.New(), 1
	p.Name = CleanName(p.Name)
	s, err := sealFields(app.Part[*seal.Keeper](&c.Look), p)
	if err != nil {
		return p, fmt.Errorf("add person: %w", err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO person (id, committee_id, name, pinyin, initials, phone_sealed, phone_lookup, mail_sealed, address_sealed, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.ID, p.CommitteeID, p.Name, Pinyin(p.Name), Initials(p.Name), s.phone, s.lookup, s.mail, s.address, c.Now())
	if err != nil {
		return p, phoneTaken(fmt.Errorf("add person: %w", err))
	}
	return p, nil
}

func phoneTaken(err error) error {
	if errors.Is(err, store.ErrUnique) {
		return fault.Field("phone", "identity.phone.taken").Because(err)
	}
	return err
}

// Change writes name, phone, mail and address of a person whose form showed
// p.Version; fault.Stale when somebody changed them meanwhile.
func Change(c *app.Call, p Person) error {
	p.Name = CleanName(p.Name)
	s, err := sealFields(app.Part[*seal.Keeper](&c.Look), p)
	if err != nil {
		return fmt.Errorf("change person: %w", err)
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE person SET name = ?, pinyin = ?, initials = ?, phone_sealed = ?, phone_lookup = ?, mail_sealed = ?, address_sealed = ?,
		version = version + 1 WHERE id = ? AND committee_id = ? AND version = ?`,
		p.Name, Pinyin(p.Name), Initials(p.Name), s.phone, s.lookup, s.mail, s.address, p.ID, c.Who().CommitteeID, p.Version)
	if err != nil {
		return phoneTaken(fmt.Errorf("change person %s: %w", p.ID, err))
	}
	if n == 0 {
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

// Leave notes that a person stopped working with the committee on a day and
// ends his account and sessions; "" brings him back.
func Leave(c *app.Call, personID, on string) error {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE person SET left_on = ?, version = version + 1 WHERE id = ? AND committee_id = ?", on, personID, c.Who().CommitteeID)
	if err != nil {
		return fmt.Errorf("let %s leave: %w", personID, err)
	}
	if on == "" {
		return setState(c, personID, stateActive)
	}
	return setState(c, personID, stateSuspended)
}

// PersonOf reads a person of the actor's committee with his data in clear;
// fault.NotFound when there is none. Who may see the data is the caller's rule.
func PersonOf(l *app.Look, personID string) (Person, error) {
	p := Person{ID: personID, CommitteeID: l.Who().CommitteeID}
	var s sealed
	err := l.Tx().Row(l.Ctx(), "SELECT name, phone_sealed, mail_sealed, address_sealed, left_on, version FROM person WHERE id = ? AND committee_id = ?",
		personID, p.CommitteeID).Scan(&p.Name, &s.phone, &s.mail, &s.address, &p.LeftOn, &p.Version)
	if errors.Is(err, store.ErrNone) {
		return p, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return p, fmt.Errorf("read person %s: %w", personID, err)
	}
	return p, unseal(app.Part[*seal.Keeper](l), &p, s)
}

func unseal(k *seal.Keeper, p *Person, s sealed) (err error) {
	if p.Phone, err = k.Open(s.phone, "person.phone/"+p.ID); err != nil {
		return fmt.Errorf("open the phone of %s: %w", p.ID, err)
	}
	if p.Mail, err = k.Open(s.mail, "person.mail/"+p.ID); err != nil {
		return fmt.Errorf("open the mail of %s: %w", p.ID, err)
	}
	if p.Address, err = k.Open(s.address, "person.address/"+p.ID); err != nil {
		return fmt.Errorf("open the address of %s: %w", p.ID, err)
	}
	return nil
}

// ContactData is how a person is reached.
type ContactData struct{ Name, Phone, Mail, Address, Lang string }

// Contact gives the data by which a person of the actor's committee is
// reached, in clear: for package notify alone, which never shows them.
func Contact(l *app.Look, personID string) (ContactData, error) {
	p, err := PersonOf(l, personID)
	if err != nil {
		return ContactData{}, err
	}
	d := ContactData{Name: p.Name, Phone: p.Phone, Mail: p.Mail, Address: p.Address}
	if err := l.Tx().Row(l.Ctx(), "SELECT lang FROM person WHERE id = ?", personID).Scan(&d.Lang); err != nil {
		return d, fmt.Errorf("read the language of %s: %w", personID, err)
	}
	return d, nil
}

// ByPhone finds the person of the actor's committee who has a phone; "" when
// nobody has.
func ByPhone(l *app.Look, phone string) (personID, name string, err error) {
	if phone == "" {
		return "", "", nil
	}
	q := store.Join(store.F("SELECT id, name FROM person WHERE"), store.And(store.F("committee_id = ?", l.Who().CommitteeID),
		store.In("phone_lookup", app.Part[*seal.Keeper](l).Lookups(seal.NormalizePhone(phone))...)))
	err = l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&personID, &name)
	if errors.Is(err, store.ErrNone) {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("find a phone: %w", err)
	}
	return personID, name, nil
}

// CleanName drops the spaces and invisible signs that pasting brings along,
// and keeps one space between the parts of a name.
func CleanName(name string) string {
	return strings.Join(strings.Fields(strings.Map(printable, name)), " ")
}

// Name is a person's name, "" when there is no such person.
func Name(l *app.Look, personID string) (string, error) {
	names, err := Names(l, personID)
	return names[personID], err
}
