package identity

import (
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/i18n"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// Reach is where and in which language somebody can be told something.
type Reach struct {
	Mail  string // "" for somebody without mail
	Phone string // as it was typed, "" for somebody without
	Lang  i18n.Lang
}

// ReachOf reads how a person of the actor's committee is reached, at the moment
// of sending; nothing for somebody unknown.
func ReachOf(l *app.Look, personID string) (Reach, error) {
	var s sealed
	var lang string
	err := l.Tx().Row(l.Ctx(), "SELECT mail_sealed, phone_sealed, lang FROM person WHERE committee_id = ? AND id = ?", l.Who().CommitteeID, personID).Scan(&s.mail, &s.phone, &lang)
	if errors.Is(err, store.ErrNone) {
		return Reach{}, nil
	}
	if err != nil {
		return Reach{}, fmt.Errorf("find how to reach %s: %w", personID, err)
	}
	p := Person{ID: personID}
	if err := unseal(app.Part[*seal.Keeper](l), &p, s); err != nil {
		return Reach{}, fmt.Errorf("find how to reach %s: %w", personID, err)
	}
	return Reach{Mail: p.Mail, Phone: p.Phone, Lang: i18n.Parse(lang)}, nil
}
