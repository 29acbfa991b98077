package identity

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/i18n"
	"tongxin/internal/store"
)

// Account is somebody's own page.
type Account struct {
	PersonID    string     `json:"person_id"`
	Name        string     `json:"name"`
	Login       string     `json:"login"`
	Phone       string     `json:"phone"`
	Mail        string     `json:"mail"`
	Address     string     `json:"address"`
	Lang        string     `json:"lang"`
	Elder       bool       `json:"elder"`
	Version     int64      `json:"version"`
	PasswordAt  store.Time `json:"password_at"`
	PasswordOld bool       `json:"password_old"` // the rules ask for a new one
	Sessions    []Session  `json:"sessions"`
	Tokens      []Session  `json:"tokens"`
}

// Own is the actor's own account with his data in clear.
var own = app.Ask("identity.account", func(who access.Actor) access.Scope { return access.Committee("committee_id", who.CommitteeID) },
	func(l *app.Look, _ access.Scope, _ struct{}) (Account, error) {
		p, err := PersonOf(l, l.Who().PersonID)
		if err != nil {
			return Account{}, err
		}
		out := Account{PersonID: p.ID, Name: p.Name, Phone: p.Phone, Mail: p.Mail, Address: p.Address, Version: p.Version}
		a, _, err := accountOf(l, p.ID)
		if err != nil {
			return out, err
		}
		out.Login, out.PasswordAt, out.PasswordOld = a.login, a.passwordAt, PolicyOf(l.App()).old(a.passwordAt, l.Now())
		if err := l.Tx().Row(l.Ctx(), "SELECT lang, elder FROM person WHERE id = ?", p.ID).Scan(&out.Lang, &out.Elder); err != nil {
			return out, fmt.Errorf("read the preferences of %s: %w", p.ID, err)
		}
		list, err := sessions(l, p.ID)
		for _, s := range list {
			if s.Kind == Token {
				out.Tokens = append(out.Tokens, s)
			} else {
				out.Sessions = append(out.Sessions, s)
			}
		}
		return out, err
	})

// Own is the query of one's own account.
func Own() *app.Query[struct{}, Account] { return own }

// ContactIn is one's own data, as one wants to be reached.
type ContactIn struct {
	Phone   string `json:"phone"`
	Mail    string `json:"mail"`
	Address string `json:"address"`
	Version int64  `json:"version"`
}

// ChangeContact changes one's own phone, mail and address (修改联系方式).
var ChangeContact = app.Define("identity.change-contact", loadOwn[ContactIn], mayOwn, func(c *app.Call, a account, in ContactIn) (struct{}, error) {
	p, err := PersonOf(&c.Look, a.personID)
	if err != nil {
		return struct{}{}, err
	}
	if p.Version != in.Version {
		return struct{}{}, fault.New(fault.Stale, "fault.stale")
	}
	p.Phone, p.Mail, p.Address = in.Phone, in.Mail, in.Address
	var wrong fault.Problems
	CheckPerson(&wrong, p)
	if err := wrong.Err(); err != nil {
		return struct{}{}, err
	}
	return struct{}{}, Change(c, p)
}).Unkept()

// PreferencesIn is how somebody wants to see the pages.
type PreferencesIn struct {
	Lang  string `json:"lang"`
	Elder bool   `json:"elder"`
}

// SetPreferences keeps language and 大字版 with the person.
var SetPreferences = app.Define("identity.set-preferences", loadOwn[PreferencesIn], mayOwn, func(c *app.Call, a account, in PreferencesIn) (struct{}, error) {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE person SET lang = ?, elder = ? WHERE id = ?", string(i18n.Parse(in.Lang)), in.Elder, a.personID)
	return struct{}{}, err
})

// ActAsIn names one of the posts that one holds today.
type ActAsIn struct {
	PostID string `json:"post_id"`
}

// ActAs chooses the post in which somebody acts from now on, in this session
// (切换身份).
var ActAs = app.Define("identity.act-as", loadOwn[ActAsIn], mayOwn, func(c *app.Call, a account, in ActAsIn) (struct{}, error) {
	if !holds(c.Who(), in.PostID) {
		return struct{}{}, fault.Field("post_id", "identity.post.not-yours")
	}
	c.Detail(map[string]string{"post": in.PostID})
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE session SET post_id = ? WHERE "+mine+" AND ended_at IS NULL", in.PostID, a.personID, c.Who().Via.Session)
	return struct{}{}, err
})
