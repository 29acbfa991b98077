package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// KeyInstructIn is an instruction of a leader. Body and DueOn belong together:
// who follows it up, and until when.
type KeyInstructIn struct {
	ID      string `json:"id"`
	Leader  string `json:"leader,omitempty" doc:"Staff only: the leader's person; a leader writes his own"`
	Name    string `json:"name,omitempty" doc:"Staff only: the name of a leader without an account"`
	Level   string `json:"level,omitempty" doc:"city, county, province or national; city when left out"`
	GivenOn string `json:"given_on,omitempty" doc:"Today when left out"`
	Text    string `json:"text"`
	Body    string `json:"body,omitempty" doc:"Unit or supervision office that follows it up, by id or exact name"`
	DueOn   string `json:"due_on,omitempty"`
}

// KeyInstruction is an instruction of a leader (批示).
type KeyInstruction struct {
	ID         string     `json:"id"`
	LeaderID   string     `json:"leader_id,omitempty"`
	LeaderName string     `json:"leader_name"`
	Level      string     `json:"level"`
	GivenOn    string     `json:"given_on"`
	Text       string     `json:"text"`
	Entered    bool       `json:"entered"` // by staff
	At         store.Time `json:"at"`
	FollowUp   *KeyTask   `json:"follow_up,omitempty"`
}

// KeyInstruct keeps an instruction (批示): a leader writes his own, staff
// enters what came on paper.
var KeyInstruct = app.Define("key.instruct", func(c *app.Call, in KeyInstructIn) (*KeyCase, error) { return claimKey(c, in.ID) }, mayInstruct, keyInstruct)

func mayInstruct(who access.Actor, k *KeyCase) access.Verdict {
	if !k.sees(who) {
		return access.Hide()
	}
	return access.When(staff(who) || who.Is(access.Leader), "proposal.key.instruct.leader-only")
}

func keyInstruct(c *app.Call, k *KeyCase, in KeyInstructIn) (KeyDone, error) {
	if err := k.fresh(0); err != nil {
		return KeyDone{}, err
	}
	if in.GivenOn == "" {
		in.GivenOn = today(&c.Look).String()
	}
	if in.Level == "" {
		in.Level = organization.Levels()[0]
	}
	var p fault.Problems
	x := KeyInstruction{ID: id.New(), Level: in.Level, GivenOn: pastDay(&c.Look, &p, "given_on", in.GivenOn), Text: said(&p, "text", in.Text, true, keyLong)}
	p.Check(slices.Contains(organization.Levels(), in.Level), "level", "proposal.review.not-offered")
	if err := x.by(c, &p, in); err != nil {
		return KeyDone{}, err
	}
	t, err := followUp(&c.Look, &p, in)
	if err != nil {
		return KeyDone{}, err
	}
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	if err := x.save(c, k); err != nil {
		return KeyDone{}, err
	}
	f := KeyWasInstructed{Instruction: x.ID, Leader: x.LeaderID}
	if t != nil {
		t.SourceID, f.Body, f.DueOn = x.ID, t.BodyID, t.DueOn
		if _, err := owe(c, k.ID, *t); err != nil {
			return KeyDone{}, err
		}
	}
	c.Detail(map[string]any{"instruction": x.ID, "leader": x.LeaderID, "body": f.Body, "due_on": f.DueOn})
	return KeyDone{k.ID, k.Key.Version, x.ID}, c.Record(f, caseKind, k.ID)
}

// by fills whose instruction it is.
func (x *KeyInstruction) by(c *app.Call, p *fault.Problems, in KeyInstructIn) error {
	who := c.Who()
	if who.Is(access.Leader) {
		x.LeaderID, x.LeaderName = who.PersonID, who.Name
		return nil
	}
	x.Entered = true
	list, err := leadersOf(&c.Look, p, []string{""}, []KeyLeader{{in.Leader, in.Name, OrganParty, LeaderHandles}})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		p.Add("name", "proposal.key.instruct.who")
		return nil
	}
	x.LeaderID, x.LeaderName = list[0].PersonID, list[0].Name
	c.OnBehalf(x.LeaderID)
	return nil
}

// followUp checks who shall follow an instruction up, and until when; nil when
// nobody has to.
func followUp(l *app.Look, p *fault.Problems, in KeyInstructIn) (*KeyTask, error) {
	if cleanLine(in.Body) == "" && in.DueOn == "" {
		return nil, nil
	}
	b, err := responsible(l, p, "body", in.Body)
	if err != nil {
		return nil, err
	}
	return &KeyTask{Kind: DueFollowUp, BodyID: b.ID, BodyName: b.Name, DueOn: coming(l, p, "due_on", in.DueOn, true)}, nil
}

func (x *KeyInstruction) save(c *app.Call, k *KeyCase) error {
	by := ""
	if x.Entered {
		by = c.Who().PersonID
	}
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO key_instruction (id, committee_id, proposal_id, leader_id, leader_name, level, given_on, body, entered_by, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, x.ID, k.CommitteeID, k.ID, x.LeaderID, x.LeaderName, x.Level, x.GivenOn, x.Text, by, c.Now())
	if err != nil {
		return fmt.Errorf("keep an instruction about %s: %w", k.ID, err)
	}
	return nil
}

// instructionsOf lists the instructions about a key proposal, newest first.
func instructionsOf(l *app.Look, proposal string) ([]KeyInstruction, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *KeyInstruction) error {
		return r.Scan(&x.ID, &x.LeaderID, &x.LeaderName, &x.Level, &x.GivenOn, &x.Text, &x.Entered, &x.At)
	}, `SELECT id, leader_id, leader_name, level, given_on, body, entered_by <> '', at FROM key_instruction
		WHERE committee_id = ? AND proposal_id = ? ORDER BY given_on DESC, id DESC`, l.Who().CommitteeID, proposal)
	if err != nil {
		return nil, fmt.Errorf("read the instructions about %s: %w", proposal, err)
	}
	return list, nil
}
