package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
)

// KeyArrangeIn says who leads a key proposal and who assists. It is said
// whole: who is left out leads it no more.
type KeyArrangeIn struct {
	ID       string      `json:"id"`
	Version  int64       `json:"version,omitempty"`
	Leaders  []KeyLeader `json:"leaders"`
	Assist   string      `json:"assist,omitempty" doc:"Special committee that assists"`
	Criteria []string    `json:"criteria,omitempty"`
}

// KeyDone is the answer of every act on a key proposal.
type KeyDone struct {
	ID      string `json:"id"` // of the proposal
	Version int64  `json:"version"`
	Made    string `json:"made,omitempty"` // id of what the act made
}

// KeyArrange names the leaders who lead a key proposal and the special
// committee that assists (确定领衔领导). Who is new is told.
var KeyArrange = app.Define("key.arrange", func(c *app.Call, in KeyArrangeIn) (*KeyCase, error) { return claimKey(c, in.ID) }, staffOnly, keyArrange)

func keyArrange(c *app.Call, k *KeyCase, in KeyArrangeIn) (KeyDone, error) {
	if err := k.fresh(in.Version); err != nil {
		return KeyDone{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return KeyDone{}, err
	}
	var p fault.Problems
	var fields []string
	for i := range in.Leaders {
		fields = append(fields, fmt.Sprintf("leaders.%d.", i))
	}
	n := named{}
	if n.leaders, err = leadersOf(&c.Look, &p, fields, in.Leaders); err != nil {
		return KeyDone{}, err
	}
	if n.assist, err = assisting(&c.Look, &p, "assist", in.Assist); err != nil {
		return KeyDone{}, err
	}
	if len(in.Criteria) > 0 {
		k.Key.Criteria = ticked(&p, "criteria", in.Criteria, &rules.Key)
	}
	p.Check(len(n.leaders) > 0, "leaders", "proposal.key.arrange.no-leader")
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	n.before, n.assisted = k.Key.Leaders, k.Key.AssistID
	k.Key.AssistID, k.Key.AssistName = n.assist.ID, n.assist.Name
	if err := saveKey(c, k.Key); err != nil {
		return KeyDone{}, err
	}
	c.Detail(map[string]any{"leaders": len(n.leaders), "assist": n.assist.ID})
	return KeyDone{ID: k.ID, Version: k.Key.Version}, n.arrange(c, k.ID)
}

// arrange writes the leaders anew and tells who is new. Without leaders and
// without a special committee it does nothing.
func (n *named) arrange(c *app.Call, id string) error {
	f := KeyWasArranged{Leaders: len(n.leaders)}
	if n.assist.ID != n.assisted {
		f.Assist = n.assist.ID
	}
	if _, err := c.Tx().Exec(c.Ctx(), "DELETE FROM key_leader WHERE proposal_id = ?", id); err != nil {
		return fmt.Errorf("arrange the leaders of %s: %w", id, err)
	}
	for i, x := range n.leaders {
		_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO key_leader (proposal_id, position, committee_id, person_id, name, organ, role) VALUES (?, ?, ?, ?, ?, ?, ?)",
			id, i, c.Who().CommitteeID, x.PersonID, x.Name, x.Organ, x.Role)
		if err != nil {
			return fmt.Errorf("arrange the leaders of %s: %w", id, err)
		}
		led := slices.ContainsFunc(n.before, func(o KeyLeader) bool { return o.PersonID == x.PersonID })
		if x.PersonID != "" && !led {
			f.New = append(f.New, x.PersonID)
		}
	}
	if f.Leaders == 0 && f.Assist == "" {
		return nil
	}
	return c.Record(f, caseKind, id)
}

// mostLeaders of one key proposal.
const mostLeaders = 8

// leadersOf checks leaders that were typed; fields are the prefixes of their
// fields. Empty lines are left out.
func leadersOf(l *app.Look, p *fault.Problems, fields []string, list []KeyLeader) ([]KeyLeader, error) {
	var out []KeyLeader
	holders, err := organization.Holders(l, l.Who().CommitteeID, "", access.Leader)
	if err != nil {
		return nil, err
	}
	for i, x := range list {
		field := fields[i]
		x.Name = cleanLine(x.Name)
		if x.PersonID == "" && x.Name == "" {
			continue
		}
		if x.PersonID != "" {
			at := slices.IndexFunc(holders, func(h organization.Holder) bool { return h.PersonID == x.PersonID })
			p.Check(at >= 0, field+"person_id", "proposal.key.leader.unknown")
			if at >= 0 {
				x.Name = holders[at].Name
			}
		} else {
			x.Name = line(p, field+"name", x.Name, true)
		}
		p.Check(slices.Contains(Organs(), x.Organ), field+"organ", "proposal.key.leader.organ")
		p.Check(slices.Contains(LeaderRoles(), x.Role), field+"role", "proposal.key.leader.role")
		p.Check(!slices.ContainsFunc(out, func(o KeyLeader) bool { return o.PersonID == x.PersonID && o.Name == x.Name }), field+"name", "proposal.key.leader.twice")
		out = append(out, x)
	}
	p.Check(len(out) <= mostLeaders, "leaders", "proposal.key.leader.many", "max", mostLeaders)
	return out, nil
}

// Organs are those to which leaders belong.
func Organs() []string { return []string{OrganParty, OrganGovernment, OrganCPPCC} }

// LeaderRoles are what leaders do with a key proposal.
func LeaderRoles() []string { return []string{LeaderHandles, LeaderSupervises} }

// assisting finds the special committee that assists; none for "".
func assisting(l *app.Look, p *fault.Problems, field, id string) (Unit, error) {
	if id == "" {
		return Unit{}, nil
	}
	b, err := organization.BodyOf(l, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Unit{}, err
	}
	p.Check(err == nil && b.Kind == organization.SpecialCommittee && b.ValidTo == "", field, "proposal.key.assist.unknown")
	return Unit{b.ID, b.Name}, nil
}
