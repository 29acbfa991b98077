package commendation

import (
	"errors"
	"fmt"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/identity"
	"tongxin/internal/store"
)

// Rulings on an objection.
const (
	Upheld    = "upheld"
	Dismissed = "dismissed"
)

// Objection is what somebody said against a candidate in public notice.
type Objection struct {
	ID          string     `json:"id"`
	CandidateID string     `json:"candidate_id"`
	Candidate   string     `json:"candidate"` // its name
	Objector    string     `json:"objector"`
	Words       string     `json:"words"`
	ReceivedOn  string     `json:"received_on"`
	EnteredBy   string     `json:"entered_by"`
	Ruling      string     `json:"ruling,omitempty"`
	RulingWords string     `json:"ruling_words,omitempty"`
	RuledBy     string     `json:"ruled_by,omitempty"`
	RuledAt     store.Time `json:"ruled_at"`

	personID string
}

const objectionColumns = "o.id, o.candidate_id, d.name, o.objector, o.words, o.received_on, o.person_id, o.ruling, o.ruling_words, o.ruled_by, o.ruled_at"

func scanObjection(r store.Row, o *Objection) error {
	return r.Scan(&o.ID, &o.CandidateID, &o.Candidate, &o.Objector, &o.Words, &o.ReceivedOn, &o.personID, &o.Ruling, &o.RulingWords, &o.RuledBy, &o.RuledAt)
}

// objectionsOf are the objections in a campaign, the first one first.
func objectionsOf(l *app.Look, campaign string) ([]Objection, error) {
	list, err := store.List(l.Ctx(), l.Tx(), scanObjection, "SELECT "+objectionColumns+` FROM commendation_objection o JOIN commendation_candidate d ON d.id = o.candidate_id
		WHERE o.committee_id = ? AND o.campaign_id = ? ORDER BY o.id`, l.Who().CommitteeID, campaign)
	if err != nil {
		return nil, fmt.Errorf("read the objections of campaign %s: %w", campaign, err)
	}
	ids := make([]string, 0, 2*len(list))
	for _, o := range list {
		ids = append(ids, o.personID, o.RuledBy)
	}
	names, err := identity.Names(l, ids...)
	for i := range list {
		list[i].EnteredBy, list[i].RuledBy = names[list[i].personID], names[list[i].RuledBy]
	}
	return list, err
}

// ObjectIn is an objection. Objector and ReceivedOn are typed by staff who enter
// one that came by letter or telephone; others object themselves, today.
type ObjectIn struct {
	ID         string `json:"id"` // candidate
	Words      string `json:"words"`
	Objector   string `json:"objector,omitempty"`
	ReceivedOn string `json:"received_on,omitempty"`
}

// Object objects to a candidate during public notice (提出异议).
var Object = app.Define("commendation.object", func(c *app.Call, in ObjectIn) (*entry, error) { return loadEntry(&c.Look, in.ID) },
	func(who access.Actor, x *entry) access.Verdict { return x.guard(who, true, "") }, object)

func object(c *app.Call, x *entry, in ObjectIn) (EntryOut, error) {
	if err := x.g.at(Noticed); err != nil {
		return EntryOut{}, err
	}
	if !x.d.in() {
		return EntryOut{}, fault.New(fault.Closed, "commendation.dropped")
	}
	var p fault.Problems
	text := words(&p, "words", in.Words, wordsAtMost, true)
	name, on := c.Who().Name, today(&c.Look).String()
	if staff(c.Who()) {
		if in.Objector = words(&p, "objector", in.Objector, nameAtMost, false); in.Objector != "" {
			name = in.Objector
		}
		if strings.TrimSpace(in.ReceivedOn) != "" {
			d := day(&p, "received_on", in.ReceivedOn)
			p.Check(!d.After(today(&c.Look)) && d.String() >= x.g.Notice.From.String(), "received_on", "commendation.object.when", "from", x.g.Notice.From.String())
			on = d.String()
		}
	}
	if err := p.Err(); err != nil {
		return EntryOut{}, err
	}
	if on > x.g.NoticeUntil {
		return EntryOut{}, fault.New(fault.Closed, "commendation.object.late", "to", x.g.NoticeUntil)
	}
	o := id.New()
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO commendation_objection (id, committee_id, campaign_id, candidate_id, objector, words, received_on, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		o, x.g.CommitteeID, x.g.ID, x.d.ID, name, text, on, c.Who().PersonID, c.Now())
	if err != nil {
		return EntryOut{}, fmt.Errorf("object to %s: %w", x.d.ID, err)
	}
	c.Detail(map[string]any{"objection": o})
	return x.out(), c.Record(WasObjected{x.g.Kind, x.g.Year}, "commendation", x.g.ID)
}

// RuleIn rules on an objection.
type RuleIn struct {
	ID     string `json:"id"`     // objection
	Ruling string `json:"ruling"` // upheld, dismissed
	Words  string `json:"words"`
}

// dispute is an objection with its candidate.
type dispute struct {
	*entry
	o Objection
}

// Object names the objection.
func (x *dispute) Object() (kind, id string) { return "commendation-objection", x.o.ID }

// Rule rules on an objection, once (异议处理). An upheld one drops the candidate.
var Rule = app.Define("commendation.rule", func(c *app.Call, in RuleIn) (*dispute, error) {
	x := &dispute{}
	err := scanObjection(c.Tx().Row(c.Ctx(), "SELECT "+objectionColumns+` FROM commendation_objection o JOIN commendation_candidate d ON d.id = o.candidate_id
		WHERE o.committee_id = ? AND o.id = ?`, c.Who().CommitteeID, in.ID), &x.o)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("read objection %s: %w", in.ID, err)
	}
	if x.entry, err = loadEntry(&c.Look, x.o.CandidateID); err != nil {
		return nil, err
	}
	// Who ruled a moment ago holds the campaign: read again behind him.
	err = c.Tx().Row(c.Ctx(), "SELECT ruling FROM commendation_objection WHERE id = ?", in.ID).Scan(&x.o.Ruling)
	return x, err
}, mayRule, rule)

// mayRule: the director rules, or the office where the director is too near; nobody
// on his own objection. Who may not know of objections is told nothing.
func mayRule(who access.Actor, x *dispute) access.Verdict {
	switch {
	case !staff(who) || !x.known(who):
		return access.Hide()
	case Granted(ToRule, x.g.Kind, x.tie) != Free:
		return access.Deny("commendation.own.rule")
	default:
		return access.When(x.o.personID != who.PersonID || x.o.Objector != who.Name, "commendation.own.objection")
	}
}

func rule(c *app.Call, x *dispute, in RuleIn) (EntryOut, error) {
	if err := x.g.at(Noticed); err != nil {
		return EntryOut{}, err
	}
	if x.o.Ruling != "" {
		return EntryOut{}, fault.New(fault.Closed, "commendation.rule.done")
	}
	var p fault.Problems
	text := words(&p, "words", in.Words, wordsAtMost, true)
	p.Check(in.Ruling == Upheld || in.Ruling == Dismissed, "ruling", "commendation.choose")
	if err := p.Err(); err != nil {
		return EntryOut{}, err
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE commendation_objection SET ruling = ?, ruling_words = ?, ruled_by = ?, ruled_at = ? WHERE id = ?",
		in.Ruling, text, c.Who().PersonID, c.Now(), x.o.ID)
	if err != nil {
		return EntryOut{}, fmt.Errorf("rule on objection %s: %w", x.o.ID, err)
	}
	c.Detail(map[string]any{"ruling": in.Ruling})
	if in.Ruling == Upheld && x.d.in() {
		return x.out(), x.g.drop(c, x.d, Noticed, Why{Words: text})
	}
	return x.out(), x.g.note(c, x.d.ID, Noticed, "dismissed", Why{Words: text})
}
