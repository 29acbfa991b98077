package organization

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/store"
)

// Holder is somebody who holds a post today.
type Holder struct {
	PersonID string          `json:"person_id"`
	Name     string          `json:"name"`
	PostID   string          `json:"post_id"`
	Kind     access.PostKind `json:"kind"`
	Title    string          `json:"title"`
	BodyID   string          `json:"body_id"`
}

// Holders lists who holds posts of some kinds today, of one body or, with
// bodyID "", of every body of the committee, by name. It is for acts and
// listeners that tell people something; who may read the list is their rule.
func Holders(l *app.Look, committeeID, bodyID string, kinds ...access.PostKind) ([]Holder, error) {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	on := calendar.DateOf(l.Now().Time, calendar.Beijing).String()
	where := []store.Fragment{store.F("t.committee_id = ?", committeeID), store.In("t.kind", names...),
		store.F("t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to >= ?)", on, on)}
	if bodyID != "" {
		where = append(where, store.F("t.body_id = ?", bodyID))
	}
	q := store.Join(store.F("SELECT p.id, p.name, t.id, t.kind, t.title, t.body_id FROM post t JOIN person p ON p.id = t.person_id WHERE"),
		store.And(where...), store.F("ORDER BY p.pinyin, p.id, t.id"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, h *Holder) error {
		return r.Scan(&h.PersonID, &h.Name, &h.PostID, &h.Kind, &h.Title, &h.BodyID)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list holders of posts: %w", err)
	}
	return list, nil
}

// MemberChoice is a member (委员) as somebody to choose.
type MemberChoice struct {
	PersonID string `json:"person_id"`
	Name     string `json:"name"`
	Sector   string `json:"sector"`
}

// membersAtMost bounds the list to choose from.
const membersAtMost = 50

// Members lists members of the actor's committee who serve today and whom
// somebody means by what he typed (name, pinyin, initials), by name. limit is
// at most 50; 0 is 20.
func Members(l *app.Look, typed string, limit int) ([]MemberChoice, error) {
	if limit <= 0 {
		limit = 20
	}
	on := calendar.DateOf(l.Now().Time, calendar.Beijing).String()
	q := store.Join(store.F(`SELECT p.id, p.name, COALESCE((SELECT b.name FROM membership m JOIN body b ON b.id = m.sector_id
			WHERE m.person_id = p.id AND m.valid_to IS NULL ORDER BY m.valid_from DESC, m.id DESC LIMIT 1), '') FROM person p WHERE`),
		store.And(store.F("p.committee_id = ?", l.Who().CommitteeID), identity.Matching(typed),
			store.F(`EXISTS (SELECT 1 FROM post t WHERE t.person_id = p.id AND t.committee_id = p.committee_id AND t.kind = ?
				AND t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to >= ?))`, string(access.Member), on, on)),
		store.F("ORDER BY p.pinyin, p.id LIMIT ?", min(limit, membersAtMost)))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, m *MemberChoice) error { return r.Scan(&m.PersonID, &m.Name, &m.Sector) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return list, nil
}

// MembersIn is what somebody typed to find a member.
type MembersIn struct {
	Q     string `json:"q"`
	Limit int64  `json:"limit"`
}

// mayChooseMembers: who writes proposals or looks after them.
func mayChooseMembers(who access.Actor) bool {
	return who.CommitteeID != "" && who.Is(access.Member, access.Convener, access.Office, access.Chief, access.Reviewer, access.SystemAdmin)
}

// MemberList is the query of members to choose co-signers from.
var MemberList = app.Ask("organization.members", func(who access.Actor) access.Scope {
	if !mayChooseMembers(who) {
		return access.Nothing()
	}
	return access.Committee("p.committee_id", who.CommitteeID)
}, func(l *app.Look, _ access.Scope, in MembersIn) ([]MemberChoice, error) {
	if !mayChooseMembers(l.Who()) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	return Members(l, in.Q, int(in.Limit))
})
