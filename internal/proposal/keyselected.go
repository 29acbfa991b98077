package proposal

import (
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
)

// KeySelectionShown is a selection as its page shows it.
type KeySelectionShown struct {
	Session    organization.Session   `json:"session"`
	Selection  *KeySelection          `json:"selection,omitempty"` // none when it was not opened
	Most       int                    `json:"most"`                // the limit; -1 for none
	InAll      int                    `json:"in_all"`              // key proposals of the session so far
	MayApprove bool                   `json:"may_approve"`
	Rules      *profile.KeyRules      `json:"-"`
	Width      int                    `json:"-"`
	Sessions   []organization.Session `json:"-"`
	Leaders    []KeyLeader            `json:"-"`
	Committees []Unit                 `json:"-"`
}

// staffScope is the committee for those who run key proposals.
func staffScope(who access.Actor) access.Scope {
	if !staff(who) {
		return access.Nothing()
	}
	return access.Committee("p.committee_id", who.CommitteeID)
}

// KeySelect shows the selection of a session; "" is the current one.
var KeySelect = app.Ask("key.selection", staffScope, func(l *app.Look, scope access.Scope, in SessionIn) (*KeySelectionShown, error) {
	in.Session = strings.TrimSpace(in.Session)
	out := &KeySelectionShown{}
	var err error
	if out.Session, out.Sessions, err = sessionOf(l, scope, in.Session); err != nil {
		return nil, err
	}
	rules, _, err := profile.Current(l)
	if err != nil {
		return nil, err
	}
	out.Rules, out.Width = &rules.Key, rules.Proposal.NumberWidth
	if out.Most, err = keyLimit(l, out.Session.ID, &rules.Key); err != nil {
		return nil, err
	}
	if out.InAll, err = keysIn(l, out.Session.ID); err != nil {
		return nil, err
	}
	if out.Selection, err = selectionOf(l, out.Session.ID); err != nil || out.Selection == nil {
		return out, err
	}
	out.MayApprove = KeyApprove.May(l.Who(), out.Selection)
	out.Leaders, out.Committees, err = keyChoices(l)
	return out, err
})
