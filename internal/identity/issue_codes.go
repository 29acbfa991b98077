package identity

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// codesAtOnce bounds one act.
const codesAtOnce = 5000

// IssueCodesIn names the people who get a code; All is everybody who has no
// account yet and has not left.
type IssueCodesIn struct {
	People []string `json:"people"`
	All    bool     `json:"all"`
}

// Slip is what a person is handed: the code is shown once and kept as a hash.
type Slip struct {
	PersonID string     `json:"person_id"`
	Name     string     `json:"name"`
	Login    string     `json:"login"`
	Code     string     `json:"code"`
	EndsAt   store.Time `json:"ends_at"`
}

// IssueCodesOut are the slips, in the order of names.
type IssueCodesOut struct {
	Slips []Slip `json:"slips"`
}

// committee is a committee as the subject of administration.
type committee struct{ id string }

// Object names the committee.
func (c committee) Object() (string, string) { return "committee", c.id }

func loadCommittee[In any](c *app.Call, _ In) (committee, error) {
	return committee{c.Who().CommitteeID}, nil
}

func bySystemAdmin(who access.Actor, c committee) access.Verdict {
	if who.CommitteeID != c.id {
		return access.Hide()
	}
	return access.When(who.Is(access.SystemAdmin), "identity.only-system-admin")
}

// IssueCodes makes one-time codes by which people take over their accounts or
// choose a new password (发放领取码). The administrator never learns a password.
// A new code voids the earlier one of the same person.
var IssueCodes = app.Define("identity.issue-codes", loadCommittee[IssueCodesIn], func(who access.Actor, c committee) access.Verdict {
	if who.Is(access.System) {
		return access.Allow()
	}
	return bySystemAdmin(who, c)
}, issueCodes).Unkept()

func issueCodes(c *app.Call, _ committee, in IssueCodesIn) (IssueCodesOut, error) {
	people, err := receivers(c, in)
	if err != nil {
		return IssueCodesOut{}, err
	}
	if len(people) == 0 {
		return IssueCodesOut{}, fault.New(fault.Invalid, "identity.codes.nobody")
	}
	out := IssueCodesOut{Slips: make([]Slip, 0, len(people))}
	for _, p := range people {
		s, err := IssueCode(c, p.id)
		if err != nil {
			return out, err
		}
		out.Slips = append(out.Slips, s)
	}
	c.Detail(map[string]int{"codes": len(out.Slips)})
	return out, nil
}

func receivers(c *app.Call, in IssueCodesIn) ([]named, error) {
	where := store.And(store.F("p.committee_id = ?", c.Who().CommitteeID), store.F("p.left_on = ''"))
	switch {
	case c.Who().Is(access.System):
		where = store.In("p.id", in.People...)
	case in.All:
		where = store.And(where, store.F("NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id)"))
	case len(in.People) > codesAtOnce:
		return nil, fault.New(fault.TooLarge, "identity.codes.too-many", "max", codesAtOnce)
	default:
		where = store.And(where, store.In("p.id", in.People...))
	}
	q := store.Join(store.F("SELECT p.id, p.name FROM person p WHERE"), where, store.F("ORDER BY p.pinyin, p.id LIMIT ?", codesAtOnce))
	list, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, n *named) error { return r.Scan(&n.id, &n.name) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list the people who get codes: %w", err)
	}
	return list, nil
}

// IssueCode makes a code for one person, inside an act whose rule allows it,
// and the account when he has none yet. A suspended account gets none.
func IssueCode(c *app.Call, personID string) (Slip, error) {
	s := Slip{PersonID: personID, EndsAt: store.Time{Time: c.Now().Add(ClaimLife)}}
	var committeeID string
	err := c.Tx().Row(c.Ctx(), "SELECT committee_id, name FROM person WHERE id = ?", personID).Scan(&committeeID, &s.Name)
	if errors.Is(err, store.ErrNone) {
		return s, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return s, fmt.Errorf("read person %s: %w", personID, err)
	}
	a, ok, err := accountOf(&c.Look, personID)
	if err != nil {
		return s, err
	}
	if s.Login = a.login; !ok {
		if s.Login, err = offerLogin(&c.Look, s.Name); err != nil {
			return s, err
		}
		if err := OpenAccount(c, personID, committeeID, s.Login, ""); err != nil {
			return s, err
		}
	} else if a.state != stateActive {
		return s, fault.New(fault.Closed, "identity.codes.suspended", "name", s.Name)
	}
	if err := dropCodes(c, personID); err != nil {
		return s, err
	}
	s.Code, err = makeCode(c, forClaim, committeeID, personID, ClaimLife)
	return s, err
}
