package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// KeyUnit is a unit that handles a key proposal now.
type KeyUnit struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Main bool   `json:"main"` // it answers the proposers itself
}

// KeyCase is a key proposal with who stands how to it: what the rules look at.
type KeyCase struct {
	*Proposal
	Key   *Key
	Units []KeyUnit

	about    *KeyTask        // what the act is about, when it is about something due
	unmanned map[string]bool // bodies in which nobody has an account; loaded for staff
}

// Object names the proposal in the audit record.
func (k *KeyCase) Object() (string, string) { return k.Proposal.Object() }

// keyCase reads a key proposal; fault.NotFound when the proposal is none.
func keyCase(l *app.Look, id string) (*KeyCase, error) {
	p, err := load(l, id)
	if err != nil {
		return nil, err
	}
	key, err := KeyOf(l, id)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	k := &KeyCase{Proposal: p, Key: key}
	if k.Units, err = handledBy(l, id); err != nil {
		return nil, err
	}
	return k, k.count(l)
}

// claimKey is keyCase inside an act, which others on the proposal wait for.
func claimKey(c *app.Call, id string) (*KeyCase, error) {
	if err := c.Tx().Claim(c.Ctx(), "proposal", "id", id); err != nil {
		return nil, fmt.Errorf("claim proposal %s: %w", id, err)
	}
	return keyCase(&c.Look, id)
}

// claimTask is claimKey for something that is due.
func claimTask(c *app.Call, task string) (*KeyCase, error) {
	proposal, err := taskPlace(&c.Look, task)
	if err != nil {
		return nil, err
	}
	k, err := claimKey(c, proposal)
	if err != nil {
		return nil, err
	}
	if k.about = k.Key.task(task); k.about == nil {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	return k, nil
}

// handledBy are the units that handle a proposal now.
func handledBy(l *app.Look, id string) ([]KeyUnit, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, u *KeyUnit) error { return r.Scan(&u.ID, &u.Name, &u.Main) },
		`SELECT unit_id, unit_name, role <> 'assist' FROM assignment WHERE case_kind = ? AND case_id = ? AND valid_to IS NULL ORDER BY position, id`, caseKind, id)
	if err != nil {
		return nil, fmt.Errorf("read who handles %s: %w", id, err)
	}
	return list, nil
}

// count finds the bodies in which nobody has an account, for whom staff enters
// what came on paper.
func (k *KeyCase) count(l *app.Look) error {
	if !staff(l.Who()) {
		return nil
	}
	holders, err := organization.Holders(l, l.Who().CommitteeID, "", access.Handler, access.Signer, access.Dispatcher)
	if err != nil {
		return err
	}
	manned := map[string]bool{}
	for _, h := range holders {
		manned[h.BodyID] = true
	}
	k.unmanned = map[string]bool{}
	for _, u := range k.Units {
		k.unmanned[u.ID] = !manned[u.ID]
	}
	for _, t := range k.Key.Tasks {
		k.unmanned[t.BodyID] = t.BodyID != "" && !manned[t.BodyID]
	}
	return nil
}

// staff are those who run key proposals: the proposal office and its director.
func staff(who access.Actor) bool { return who.Is(access.Office, access.Chief) }

// leads reports whether somebody is a leader who leads this key proposal.
func (k *KeyCase) leads(who access.Actor) bool {
	return who.Is(access.Leader) && who.CommitteeID == k.CommitteeID &&
		slices.ContainsFunc(k.Key.Leaders, func(x KeyLeader) bool { return x.PersonID != "" && x.PersonID == who.PersonID })
}

// unit is the handling unit for which somebody works, nil when there is none.
func (k *KeyCase) unit(who access.Actor) *KeyUnit {
	if !who.Is(access.Handler, access.Signer) || who.CommitteeID != k.CommitteeID {
		return nil
	}
	i := slices.IndexFunc(k.Units, func(u KeyUnit) bool { return who.In(u.ID) })
	if i < 0 {
		return nil
	}
	return &k.Units[i]
}

// assists reports whether somebody speaks for the special committee that assists.
func (k *KeyCase) assists(who access.Actor) bool {
	return who.Is(access.Convener) && who.CommitteeID == k.CommitteeID && who.In(k.Key.AssistID)
}

// named reports whether somebody's unit or supervision office owes or owed
// something to this key proposal.
func (k *KeyCase) named(who access.Actor) bool {
	return who.Is(access.Handler, access.Signer, access.Dispatcher) && who.CommitteeID == k.CommitteeID &&
		slices.ContainsFunc(k.Key.Tasks, func(t KeyTask) bool { return who.In(t.BodyID) && t.State != TaskEnded })
}

// sees says whether somebody may know of the key proposal: whoever sees the
// proposal, the special committee that assists, and bodies that owe something.
// It says the same as keyScope; a property test holds the two together.
func (k *KeyCase) sees(who access.Actor) bool {
	return k.wholly(who) || k.named(who)
}

// wholly is sees without those who are merely named: they read what concerns
// them and nothing else.
func (k *KeyCase) wholly(who access.Actor) bool {
	return maySee(who, k.Proposal) && who.CommitteeID != "" || k.assists(who)
}

// meets says who reads the names of those who took part in a supervision.
func (k *KeyCase) meets(who access.Actor) bool {
	return k.wholly(who) && (staff(who) || who.Is(access.System) || k.leads(who) || k.unit(who) != nil || k.assists(who) || proposes(who, k.Proposal))
}

// instructed says who reads the instructions of leaders that do not concern
// his own body: staff, the leaders who lead, and the supervision office that
// the case was routed to.
func (k *KeyCase) instructed(who access.Actor) bool {
	return staff(who) && who.CommitteeID == k.CommitteeID || k.leads(who) || who.Is(access.Dispatcher) && maySee(who, k.Proposal)
}

// plans says who reads a plan that is not accepted yet.
func (k *KeyCase) plans(who access.Actor) bool { return k.instructed(who) || k.unit(who) != nil }

// keyScope is the part of table proposal (alias p) whose key proposals
// somebody may see; see sees.
func keyScope(who access.Actor) access.Scope {
	whole := scopeOf(who)
	body, assist := "-", "-"
	switch {
	case who.Is(access.Handler, access.Signer, access.Dispatcher):
		body = who.Post.BodyID
	case who.Is(access.Convener):
		assist = who.Post.BodyID
	}
	args := append(append([]any{}, whole.Args()...), body, assist)
	return access.Committee("p.committee_id", who.CommitteeID).And("("+whole.SQL()+`) OR p.id IN (SELECT t.proposal_id FROM key_task t WHERE t.body_id = ? AND t.body_id <> '' AND t.state <> 'ended')
		OR p.id IN (SELECT a.proposal_id FROM key_proposal a WHERE a.assist_id = ? AND a.assist_id <> '')`, args...)
}

// staffOnly is the rule of what the office does with a key proposal.
func staffOnly(who access.Actor, k *KeyCase) access.Verdict {
	switch {
	case !k.sees(who):
		return access.Hide()
	default:
		return access.When(staff(who), "proposal.key.office-only")
	}
}

// chiefOnly is the rule of what only the director does.
func chiefOnly(who access.Actor, k *KeyCase) access.Verdict {
	if !k.sees(who) {
		return access.Hide()
	}
	return access.When(who.Is(access.Chief), "proposal.key.chief-only")
}

// clockOnly is the rule of what only the clockwork does.
func clockOnly[S any](who access.Actor, _ S) access.Verdict {
	if who.Is(access.System) {
		return access.Allow()
	}
	return access.Hide()
}

// fresh refuses what was released, and what somebody else changed since the
// form was shown (version 0: no form was shown).
func (k *KeyCase) fresh(version int64) error {
	if !k.Key.InForce() {
		return fault.New(fault.Closed, "proposal.key.closed.released")
	}
	if version != 0 && version != k.Key.Version {
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}
