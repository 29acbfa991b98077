package handling

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/store"
)

// Kinds are the kinds of cases that are handled, by name. Package site hands
// them over as a part; handling itself knows a case by kind and id only.
type Kinds map[string]Kind

// Kind is what a domain tells handling about its cases. When a case becomes
// ready, and when its number, title or proposers change, the domain calls Open
// in the same act, or site names the fact (see Module); handling then knows
// that the case waits for dispatch. The page of a case is at PathOf.
type Kind interface {
	// Case reads a case and, inside an act, makes other acts on it wait. A case
	// that does not exist in the actor's committee is fault.NotFound.
	Case(l *app.Look, id string) (Case, error)
	// Stood tells the domain how its case stands after an act of handling, in
	// the same transaction. The domain keeps it for its lists.
	Stood(c *app.Call, id string, s Standing) error
}

// Case is what handling must know of a case.
type Case struct {
	Kind          string
	ID            string
	CommitteeID   string
	Number        string // as people write it: 第 014 号
	Title         string
	Ready         bool       // filed, so that it may be dispatched
	Timing        string     // organization.InSession or Intersession
	Collective    bool       // of a party, organisation, committee, sector or group
	SessionClosed string     // date on which the plenary closed, base of some deadlines
	FiledAt       store.Time // when it became ready
	Proposers     []Proposer // those who are answered and may rate, lead first
	Items         []Item     // numbered suggestions, each answered
	Suggested     []string   // units that the proposer suggested
	PublishWish   string     // what the proposer agreed to: full, refused (with reason)
	Category      string     // word of the category, for lists
	Reference     string     // how letters name it: 政协十四届三次会议第 014 号提案
	Key           bool       // a key case (重点提案)
	// Due is by when its replies are due where that is earlier than usual, nil
	// for most cases.
	Due *calendar.Rule
}

// Proposer is somebody who is owed an answer: a member, or an organisation
// for which its convener acts.
type Proposer struct {
	PersonID string // "" for an organisation
	BodyID   string // "" for a person
	Name     string
	Lead     bool
}

// Item is one numbered suggestion (建议) of a case.
type Item struct {
	No   int
	Text string
}

// Stage is how far a case has come after it was filed. It is derived from
// assignments, replies and ratings (see derive.go), never set by hand.
type Stage string

// The stages.
const (
	Filed      Stage = "filed"      // waits for dispatch
	Dispatched Stage = "dispatched" // waits for a unit to sign for it
	Underway   Stage = "handling"   // signed for, being handled
	Replied    Stage = "replied"    // every reply issued, waits for ratings
	Closed     Stage = "closed"     // closed by the profile's rule
)

// Standing is how a case stands: who is holding it, since when, until when.
type Standing struct {
	Stage       Stage
	Holder      string     // message key of who holds it, see Holders
	HolderName  string     // the unit's or desk's name; several are joined by 、
	HolderSince store.Time // since when
	DueOn       string     // the day until which the holder must act, "" for none
	LeadUnit    string     // id of the main unit, for lists
	LeadName    string
	Class       string // class on the lead's reply, "" before
}

// PathOf is the path of the page of a case: /proposals/<id> for a proposal.
func PathOf(kind, id string) string { return "/" + kind + "s/" + id }

// CaseOf finds a case of a kind.
func CaseOf(l *app.Look, kind, id string) (Case, error) {
	k, ok := app.Part[Kinds](l)[kind]
	if !ok {
		return Case{}, fmt.Errorf("find case %s: no kind of case is called %q", id, kind)
	}
	return k.Case(l, id)
}
