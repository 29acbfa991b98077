package proposal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// KeyPath is the path of the page of a key proposal.
func KeyPath(id string) string { return "/key/" + id }

// keyWaits are the queues of the workbench about key proposals.
func keyWaits() []app.Waits {
	bodies := []access.PostKind{access.Handler, access.Signer, access.Dispatcher}
	office := []access.PostKind{access.Office}
	leader := []access.PostKind{access.Leader}
	return []app.Waits{
		{Name: "proposal.waits.key", For: bodies, All: "/key", Find: owedBy},
		{Name: "proposal.waits.key-select", For: office, Find: selecting(KeyShortlisting, KeyConsulting)},
		{Name: "proposal.waits.key-approve", For: []access.PostKind{access.Chief}, Find: selecting(KeyApproving)},
		{Name: "proposal.waits.key-plans", For: office, All: "/key", Find: plansToJudge},
		{Name: "proposal.waits.key-supervise", For: office, All: "/key", Find: tasksIn("proposal.wait.key.supervision", store.F("t.kind = 'supervision'"))},
		{Name: "proposal.waits.key-late", For: office, All: "/key", Follows: true, Find: lateTasks},
		{Name: "proposal.waits.key-late", For: leader, All: "/key", Find: lateOfLeader},
		{Name: "proposal.waits.key-led", For: leader, All: "/key", Follows: true, Find: keysFollowed},
		{Name: "proposal.waits.key-own", For: []access.PostKind{access.Member, access.Convener}, All: "/key", Follows: true, Find: keysFollowed},
	}
}

// taskFrom joins what is due with its proposal.
const taskFrom = "FROM key_task t JOIN proposal p ON p.id = t.proposal_id WHERE"

// tasks reads the first rows of a condition on what is due and counts all of it.
func tasks(l *app.Look, key string, where store.Fragment, limit int) ([]app.Waiting, int, error) {
	var total int
	where = store.And(store.F("t.committee_id = ? AND t.state = 'open'", l.Who().CommitteeID), where)
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM key_task t WHERE "+where.SQL, where.Args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count what is due about key proposals: %w", err)
	}
	if total == 0 {
		return nil, 0, nil
	}
	q := store.Join(store.F("SELECT p.id, p.title, t.kind, t.body_name, t.body, t.due_on, t.at "+taskFrom), where, store.F("ORDER BY t.due_on, t.id LIMIT ?", limit))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, w *app.Waiting) error {
		var id, kind, body, text string
		err := r.Scan(&id, &w.Title, &kind, &body, &text, &w.DueOn, &w.Since)
		w.Key, w.Link = key, KeyPath(id)
		if key == "" {
			w.Key = "proposal.wait.key." + kind
		}
		w.Args = []string{"body", body, "text", shortened(text)}
		return err
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, 0, fmt.Errorf("list what is due about key proposals: %w", err)
	}
	return list, total, nil
}

// lineOf is how much of a text a line of the workbench shows, in characters.
const lineOf = 40

func shortened(text string) string {
	if r := []rune(cleanLine(text)); len(r) > lineOf {
		return string(r[:lineOf]) + "…"
	}
	return cleanLine(text)
}

// owedBy is what one's own unit or supervision office owes.
func owedBy(l *app.Look, limit int) ([]app.Waiting, int, error) {
	if l.Who().Post.BodyID == "" {
		return nil, 0, nil
	}
	return tasks(l, "", store.F("t.body_id = ?", l.Who().Post.BodyID), limit)
}

func tasksIn(key string, where store.Fragment) func(*app.Look, int) ([]app.Waiting, int, error) {
	return func(l *app.Look, limit int) ([]app.Waiting, int, error) { return tasks(l, key, where, limit) }
}

// lateTasks is what units and supervision offices did not do in time.
func lateTasks(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return tasks(l, "proposal.wait.key.late", store.F("t.body_id <> '' AND t.due_on < ?", today(l).String()), limit)
}

// ledByOne is what is due about the key proposals that somebody leads.
func ledByOne(l *app.Look) store.Fragment {
	return store.F("t.proposal_id IN (SELECT x.proposal_id FROM key_leader x WHERE x.committee_id = ? AND x.person_id = ? AND x.person_id <> '')", l.Who().CommitteeID, l.Who().PersonID)
}

func lateOfLeader(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return tasks(l, "proposal.wait.key.late", store.And(ledByOne(l), store.F("t.body_id <> '' AND t.due_on < ?", today(l).String())), limit)
}

// selecting are selections that stand at some steps.
func selecting(states ...KeyState) func(*app.Look, int) ([]app.Waiting, int, error) {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = string(s)
	}
	return func(l *app.Look, limit int) ([]app.Waiting, int, error) {
		w := store.And(store.F("s.committee_id = ?", l.Who().CommitteeID), store.In("s.state", names...))
		list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, w *app.Waiting) error {
			var session, state string
			err := r.Scan(&session, &w.Title, &state, &w.Since)
			w.Key, w.Link = "proposal.wait.key."+state, "/key/selection/"+session
			return err
		}, "SELECT s.session_id, e.title, s.state, s.since FROM key_selection s JOIN term_session e ON e.id = s.session_id WHERE "+w.SQL+" ORDER BY s.since, s.id", w.Args...)
		if err != nil {
			return nil, 0, fmt.Errorf("list selections that wait: %w", err)
		}
		return list[:min(limit, len(list))], len(list), nil
	}
}

// plansToJudge are plans that wait for the office.
func plansToJudge(l *app.Look, limit int) ([]app.Waiting, int, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, w *app.Waiting) error {
		var id, unit string
		err := r.Scan(&id, &w.Title, &unit, &w.Since)
		w.Key, w.Args, w.Link = "proposal.wait.key.judge-plan", []string{"unit", unit}, KeyPath(id)
		return err
	}, `SELECT p.id, p.title, n.unit_name, n.at FROM key_proposal k JOIN proposal p ON p.id = k.proposal_id
		JOIN key_plan n ON n.committee_id = k.committee_id AND n.proposal_id = k.proposal_id AND n.verdict = ''
		WHERE k.committee_id = ? AND k.plan = 'plan_submitted' AND k.state <> 'released' ORDER BY n.at, n.id`, l.Who().CommitteeID)
	if err != nil {
		return nil, 0, fmt.Errorf("list plans that wait: %w", err)
	}
	return list[:min(limit, len(list))], len(list), nil
}

// keysFollowed are the key proposals that somebody leads, or proposes himself.
func keysFollowed(l *app.Look, limit int) ([]app.Waiting, int, error) {
	where := authoredBy(l.Who())
	if l.Who().Is(access.Leader) {
		where = store.F("p.committee_id = ? AND p.id IN (SELECT x.proposal_id FROM key_leader x WHERE x.committee_id = ? AND x.person_id = ? AND x.person_id <> '')",
			l.Who().CommitteeID, l.Who().CommitteeID, l.Who().PersonID)
	}
	return queue(l, store.And(where, store.F("p.key_year > 0")), "p.due_on, p.id", limit, func(w *app.Waiting, x *Line) {
		w.Link, w.State, w.Tone = KeyPath(x.ID), "proposal.state."+string(x.State), toneOf(x.State)
		w.Key, w.Args = "proposal.wait.held", []string{"name", x.HolderName}
		switch {
		case x.State == Closed:
			w.Key, w.Args, w.DueOn = "proposal.wait.key.closed", nil, ""
		case x.HolderName == "" && x.Holder != "":
			w.Key, w.Args = x.Holder, nil
		}
	})
}

// keyDues are the days on which something about key proposals is due: a body's
// own, a leader's own key proposals, and everything for the office.
func keyDues() app.Dues {
	return app.Dues{For: []access.PostKind{access.Handler, access.Signer, access.Dispatcher, access.Leader, access.Office, access.Chief}, Find: func(l *app.Look, from, to string) ([]app.DueDay, error) {
		where := store.F("t.committee_id = ? AND t.state = 'open' AND t.due_on BETWEEN ? AND ?", l.Who().CommitteeID, from, to)
		switch {
		case l.Who().Is(access.Leader):
			where = store.And(where, ledByOne(l))
		case !staff(l.Who()):
			where = store.And(where, store.F("t.body_id = ? AND t.body_id <> ''", l.Who().Post.BodyID))
		}
		list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, d *app.DueDay) error {
			d.Link = "/key"
			return r.Scan(&d.On, &d.N)
		}, "SELECT t.due_on, COUNT(*) FROM key_task t WHERE "+where.SQL+" GROUP BY t.due_on ORDER BY t.due_on", where.Args...)
		if err != nil {
			return nil, fmt.Errorf("count what is due about key proposals by day: %w", err)
		}
		return list, nil
	}}
}
