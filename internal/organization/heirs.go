package organization

import (
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// How a body came to have heirs.
const (
	HowMerged = "merged" // 合并
	HowSplit  = "split"  // 拆分
	HowEnded  = "ended"  // 撤销
)

// Burden is work that another domain keeps for a body. Site hands the list
// over (Burdens); a body with open work does not end without an heir.
type Burden interface {
	// Open counts what waits with a body. key is the message key of the
	// sentence that says so, with {n}; link is the page where those who look
	// after that work find it, "" without one.
	Open(l *app.Look, bodyID string) (n int, key, link string, err error)
}

// Burdens are the burdens of all domains, as a part of the house.
type Burdens []Burden

// Load is the work that one domain keeps for a body.
type Load struct {
	Key  string `json:"key"` // message key, with {n}
	N    int    `json:"n"`
	Link string `json:"link,omitempty"`
}

// LoadsOf tells what waits with a body, and with those whose heir it is: their
// work may still be on its way.
func LoadsOf(l *app.Look, bodyID string) ([]Load, error) {
	burdens, ok := app.PartOf[Burdens](l.App())
	if !ok {
		return nil, nil
	}
	ids, err := Forebears(l, bodyID)
	if err != nil {
		return nil, err
	}
	var list []Load
	for _, b := range burdens {
		sum := Load{}
		for _, id := range append([]string{bodyID}, ids...) {
			n, key, link, err := b.Open(l, id)
			if err != nil {
				return nil, fmt.Errorf("look for open work of body %s: %w", id, err)
			}
			sum.Key, sum.Link, sum.N = key, link, sum.N+n
		}
		if sum.N > 0 {
			list = append(list, sum)
		}
	}
	return list, nil
}

// generations bounds the way from a body to its heirs; nobody is merged that often.
const generations = 100

// HeirOf gives the body that stands for another today: itself while it exists,
// else its heir, or the heir's heir. Without any it is the ended body itself
// (ValidTo is not ""). fault.NotFound without such a body.
func HeirOf(l *app.Look, bodyID string) (Body, error) {
	for range generations {
		b, err := BodyOf(l, bodyID)
		if err != nil || b.ValidTo == "" {
			return b, err
		}
		var heir string
		err = l.Tx().Row(l.Ctx(), "SELECT heir_id FROM body_heir WHERE committee_id = ? AND body_id = ? AND is_default ORDER BY id DESC LIMIT 1",
			l.Who().CommitteeID, bodyID).Scan(&heir)
		if errors.Is(err, store.ErrNone) {
			return b, nil
		}
		if err != nil {
			return b, fmt.Errorf("find the heir of body %s: %w", bodyID, err)
		}
		bodyID = heir
	}
	return Body{}, fmt.Errorf("find the heir of body %s: there is no end", bodyID)
}

// Forebears are the ids of the ended bodies for which a body stands today, the
// nearest first.
func Forebears(l *app.Look, bodyID string) ([]string, error) {
	var all []string
	for next := []string{bodyID}; len(next) > 0; {
		q := store.Join(store.F("SELECT x.body_id FROM body_heir x JOIN body b ON b.id = x.body_id WHERE"),
			store.And(store.F("x.committee_id = ?", l.Who().CommitteeID), store.In("x.heir_id", next...), store.F("x.is_default AND b.valid_to IS NOT NULL")), store.F("ORDER BY x.id"))
		list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], q.SQL, q.Args...)
		if err != nil {
			return nil, fmt.Errorf("find the forebears of body %s: %w", bodyID, err)
		}
		next = nil
		for _, id := range list {
			if id != bodyID && !slices.Contains(all, id) {
				all, next = append(all, id), append(next, id)
			}
		}
	}
	return all, nil
}

// FormerName is a name that a body had.
type FormerName struct {
	Name      string `json:"name"`
	ShortName string `json:"short_name,omitempty"`
	From      string `json:"from"`
	To        string `json:"to"` // its last day
	Becomes   string `json:"becomes"`
	Reference string `json:"reference,omitempty"`
}

// FormerNames lists the names that a body had, the latest first.
func FormerNames(l *app.Look, bodyID string) ([]FormerName, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, n *FormerName) error {
		return r.Scan(&n.Name, &n.ShortName, &n.From, &n.To, &n.Becomes, &n.Reference)
	}, "SELECT name, short_name, valid_from, valid_to, becomes, reference FROM body_named WHERE committee_id = ? AND body_id = ? ORDER BY valid_to DESC, id DESC",
		l.Who().CommitteeID, bodyID)
	if err != nil {
		return nil, fmt.Errorf("read the former names of body %s: %w", bodyID, err)
	}
	return list, nil
}

// NameOn is the name that a body had on a day (2026-03-31).
func NameOn(l *app.Look, bodyID, day string) (string, error) {
	b, err := BodyOf(l, bodyID)
	if err != nil {
		return "", err
	}
	former, err := FormerNames(l, bodyID)
	if err != nil {
		return "", err
	}
	name := b.Name
	for _, f := range former { // the latest first
		if day <= f.To {
			name = f.Name
		}
	}
	return name, nil
}

// Kin is a body that came before or after another.
type Kin struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	How       string `json:"how"` // merged, split, ended
	On        string `json:"on"`
	Default   bool   `json:"default,omitempty"` // takes over what nobody decided about
	Reference string `json:"reference,omitempty"`
}

// Story is how a body became what it is.
type Story struct {
	Body
	Former []FormerName `json:"former"` // names, the latest first
	Before []Kin        `json:"before"` // bodies from which it came
	After  []Kin        `json:"after"`  // bodies that came after it
}

// TheStory is the query of a body with its former names and kin.
var TheStory = app.Ask("organization.body-story", everybody("committee_id"), storyOf)

func storyOf(l *app.Look, _ access.Scope, in BodyID) (Story, error) {
	b, err := BodyOf(l, in.ID)
	if err != nil {
		return Story{}, err
	}
	s := Story{Body: b}
	if s.Former, err = FormerNames(l, b.ID); err != nil {
		return s, err
	}
	if s.Before, err = store.List(l.Ctx(), l.Tx(), scanKin, kinColumns+"x.body_id WHERE x.committee_id = ? AND x.heir_id = ? ORDER BY x.id", l.Who().CommitteeID, b.ID); err != nil {
		return s, fmt.Errorf("read from what body %s came: %w", b.ID, err)
	}
	if s.After, err = store.List(l.Ctx(), l.Tx(), scanKin, kinColumns+"x.heir_id WHERE x.committee_id = ? AND x.body_id = ? ORDER BY x.id", l.Who().CommitteeID, b.ID); err != nil {
		return s, fmt.Errorf("read what came of body %s: %w", b.ID, err)
	}
	return s, nil
}

const kinColumns = "SELECT b.id, b.name, x.how, x.on_date, x.is_default, x.reference FROM body_heir x JOIN body b ON b.id = "

func scanKin(r store.Row, k *Kin) error {
	return r.Scan(&k.ID, &k.Name, &k.How, &k.On, &k.Default, &k.Reference)
}
