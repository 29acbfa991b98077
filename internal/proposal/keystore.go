package proposal

import (
	"encoding/json"
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

const keyColumns = `k.proposal_id, k.session_id, k.year, k.decision_id, d.decided_on, d.reference, k.state, k.criteria, k.assist_id, k.assist_name,
	k.plan, k.plan_due_on, k.plan_due, k.noticed_at, k.approved_at, k.released_why, k.version, (SELECT COUNT(*) FROM key_record r WHERE r.committee_id = k.committee_id AND r.proposal_id = k.proposal_id)`

const keyFrom = " FROM key_proposal k JOIN key_decision d ON d.id = k.decision_id WHERE "

func scanKey(r store.Row, k *Key) error {
	var criteria, due string
	if err := r.Scan(&k.ProposalID, &k.SessionID, &k.Year, &k.DecisionID, &k.DecidedOn, &k.Reference, &k.State, &criteria, &k.AssistID, &k.AssistName,
		&k.Plan, &k.PlanDueOn, &due, &k.NoticedAt, &k.ApprovedAt, &k.Released, &k.Version, &k.Records); err != nil {
		return err
	}
	k.Leaders, k.Tasks = []KeyLeader{}, []KeyTask{}
	if due != "" {
		if err := json.Unmarshal([]byte(due), &k.PlanDue); err != nil {
			return fmt.Errorf("read the deadline of the plan of %s: %w", k.ProposalID, err)
		}
	}
	return json.Unmarshal([]byte(criteria), &k.Criteria)
}

const taskColumns = `t.id, t.proposal_id, t.kind, t.source_id, t.body_id, t.body_name, t.body, t.due_on, t.state, t.outcome, t.reason, t.answered_at, t.at, t.version`

// scanTask reads what is due as it stands on a day.
func (d dayOfKeys) scanTask(r store.Row, t *KeyTask) error {
	if err := r.Scan(&t.ID, &t.ProposalID, &t.Kind, &t.SourceID, &t.BodyID, &t.BodyName, &t.Text, &t.DueOn, &t.State, &t.Outcome, &t.Reason, &t.AnsweredAt, &t.At, &t.Version); err != nil {
		return err
	}
	on, err := calendar.ParseDate(t.DueOn)
	if err != nil {
		return fmt.Errorf("read the day of %s: %w", t.ID, err)
	}
	if t.State == TaskOpen {
		t.Left, t.Late = calendar.Left(d.today, on, d.days), d.today.After(on)
	}
	return nil
}

// dayOfKeys is the day on which what is due is looked at.
type dayOfKeys struct {
	today calendar.Date
	days  *calendar.Workdays
}

// keyDay is today in the actor's committee.
func keyDay(l *app.Look) (dayOfKeys, error) {
	days, err := calendar.Current(l)
	return dayOfKeys{today(l), days}, err
}

// keysWhere reads key proposals by a condition on alias k, with their leaders
// and what is due, by number.
func keysWhere(l *app.Look, where store.Fragment) ([]Key, error) {
	keys, err := store.List(l.Ctx(), l.Tx(), scanKey, "SELECT "+keyColumns+keyFrom+where.SQL+" ORDER BY k.year DESC, k.approved_at, k.proposal_id", where.Args...)
	if err != nil || len(keys) == 0 {
		return keys, err
	}
	d, err := keyDay(l)
	if err != nil {
		return nil, err
	}
	at := make(map[string]*Key, len(keys))
	for i := range keys {
		at[keys[i].ProposalID] = &keys[i]
	}
	leaders, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *ledBy) error {
		return r.Scan(&x.id, &x.PersonID, &x.Name, &x.Organ, &x.Role)
	}, "SELECT x.proposal_id, x.person_id, x.name, x.organ, x.role FROM key_leader x JOIN key_proposal k ON k.proposal_id = x.proposal_id WHERE "+where.SQL+" ORDER BY x.proposal_id, x.position", where.Args...)
	if err != nil {
		return nil, fmt.Errorf("read the leaders: %w", err)
	}
	for _, x := range leaders {
		if k := at[x.id]; k != nil {
			k.Leaders = append(k.Leaders, x.KeyLeader)
		}
	}
	tasks, err := store.List(l.Ctx(), l.Tx(), d.scanTask, "SELECT "+taskColumns+" FROM key_task t JOIN key_proposal k ON k.proposal_id = t.proposal_id WHERE "+where.SQL+" ORDER BY t.due_on, t.id", where.Args...)
	if err != nil {
		return nil, fmt.Errorf("read what is due: %w", err)
	}
	for _, t := range tasks {
		if k := at[t.ProposalID]; k != nil {
			k.Tasks = append(k.Tasks, t)
		}
	}
	return keys, nil
}

type ledBy struct {
	id string
	KeyLeader
}

// KeyOf reads what makes a proposal of the actor's committee a key proposal;
// nil when it is none and never was. It asks no rule: for other domains' own
// queries, which have scopes of their own.
func KeyOf(l *app.Look, proposalID string) (*Key, error) {
	list, err := keysWhere(l, store.F("k.committee_id = ? AND k.proposal_id = ?", l.Who().CommitteeID, proposalID))
	if err != nil {
		return nil, fmt.Errorf("read key proposal %s: %w", proposalID, err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return &list[0], nil
}

// KeysOf reads the key proposals of a year, without those released. Like KeyOf
// it asks no rule.
func KeysOf(l *app.Look, year int64) ([]Key, error) {
	list, err := keysWhere(l, store.F("k.committee_id = ? AND k.year = ? AND k.state <> 'released'", l.Who().CommitteeID, year))
	if err != nil {
		return nil, fmt.Errorf("read the key proposals of %d: %w", year, err)
	}
	return list, nil
}

// saveKey writes the row of a key proposal; its version goes up by one.
func saveKey(c *app.Call, k *Key) error {
	due := ""
	if !k.PlanDue.On.IsZero() {
		text, err := json.Marshal(k.PlanDue)
		if err != nil {
			return fmt.Errorf("keep the deadline of the plan of %s: %w", k.ProposalID, err)
		}
		due = string(text)
	}
	criteria, err := json.Marshal(k.Criteria)
	if err != nil {
		return fmt.Errorf("keep the criteria of %s: %w", k.ProposalID, err)
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE key_proposal SET state = ?, criteria = ?, assist_id = ?, assist_name = ?, plan = ?, plan_due_on = ?, plan_due = ?, noticed_at = ?,
		released_why = ?, version = version + 1 WHERE proposal_id = ? AND version = ?`,
		string(k.State), string(criteria), k.AssistID, k.AssistName, string(k.Plan), k.PlanDueOn, due, k.NoticedAt, k.Released, k.ProposalID, k.Version)
	if err != nil {
		return fmt.Errorf("save key proposal %s: %w", k.ProposalID, err)
	}
	if n != 1 {
		return fault.New(fault.Stale, "fault.stale")
	}
	k.Version++
	return nil
}

// owe adds something that is due.
func owe(c *app.Call, proposalID string, t KeyTask) (KeyTask, error) {
	t.ID, t.ProposalID, t.State, t.At, t.Version = id.New(), proposalID, TaskOpen, c.Now(), 1
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO key_task (id, committee_id, proposal_id, kind, source_id, body_id, body_name, body, due_on, state, at, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, t.ID, c.Who().CommitteeID, t.ProposalID, t.Kind, t.SourceID, t.BodyID, t.BodyName, t.Text, t.DueOn, string(t.State), t.At, t.Version)
	if err != nil {
		return t, fmt.Errorf("note what %s owes %s: %w", t.BodyID, proposalID, err)
	}
	return t, nil
}

// saveTask writes what became of something that was due.
func saveTask(c *app.Call, t *KeyTask) error {
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE key_task SET body_id = ?, body_name = ?, due_on = ?, state = ?, outcome = ?, reason = ?, answered_by = ?, answered_at = ?,
		version = version + 1 WHERE id = ? AND version = ?`,
		t.BodyID, t.BodyName, t.DueOn, string(t.State), t.Outcome, t.Reason, c.Who().PersonID, t.AnsweredAt, t.ID, t.Version)
	if err != nil {
		return fmt.Errorf("save what is due %s: %w", t.ID, err)
	}
	if n != 1 {
		return fault.New(fault.Stale, "fault.stale")
	}
	t.Version++
	return nil
}

// taskPlace tells to which proposal something that is due belongs.
func taskPlace(l *app.Look, task string) (string, error) {
	var proposal string
	err := l.Tx().Row(l.Ctx(), "SELECT proposal_id FROM key_task WHERE id = ? AND committee_id = ?", task, l.Who().CommitteeID).Scan(&proposal)
	if errors.Is(err, store.ErrNone) {
		return "", fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return "", fmt.Errorf("find what is due %s: %w", task, err)
	}
	return proposal, nil
}
