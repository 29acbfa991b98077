package commendation_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/commendation"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/notify"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// city is a small committee with a session of proposals.
type city struct {
	*testkit.World
	t         testing.TB
	proposals map[int]string // by number
}

func modules() []app.Module {
	return []app.Module{handling.Module(), proposal.Module(), notify.Module(commendation.Notices()...), commendation.Module()}
}

// each runs a test in a fresh city on both engines.
func each(t *testing.T, f func(w *city), parts ...any) {
	t.Helper()
	testkit.EachDB(t, modules(), append([]any{handling.Kinds{"proposal": proposal.Cases{}}}, parts...), func(t *testing.T, h *testkit.House) {
		w := &city{testkit.NewWorld(t, h), t, map[int]string{}}
		w.At(t, "2026-11-02T09:00")
		f(w)
	})
}

type nothing struct{}

// Object names nothing.
func (nothing) Object() (kind, id string) { return "test", "" }

// exec writes to the tables of other domains, as they would.
func (w *city) exec(sql string, args ...any) {
	w.t.Helper()
	a := app.Define("test.exec", func(*app.Call, struct{}) (nothing, error) { return nothing{}, nil }, access.Public[nothing],
		func(c *app.Call, _ nothing, _ struct{}) (struct{}, error) {
			_, err := c.Tx().Exec(c.Ctx(), sql, args...)
			return struct{}{}, err
		})
	_, err := a.Do(w.t.Context(), w.App, w.Office, struct{}{})
	w.must(err)
}

// look reads the database.
func look[T any](w *city, f func(l *app.Look) (T, error)) T {
	w.t.Helper()
	q := app.Ask("test.look", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (T, error) { return f(l) })
	out, err := q.Do(w.t.Context(), w.App, w.Office, struct{}{})
	w.must(err)
	return out
}

func (w *city) number(sql string, args ...any) int {
	w.t.Helper()
	return look(w, func(l *app.Look) (n int, err error) { return n, l.Tx().Row(l.Ctx(), sql, args...).Scan(&n) })
}

func (w *city) texts(sql string, args ...any) []string {
	w.t.Helper()
	return look(w, func(l *app.Look) ([]string, error) {
		return store.List(l.Ctx(), l.Tx(), store.Column[string], sql, args...)
	})
}

func (w *city) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// petition is a proposal of the session with a number, by default individual,
// closed and to be published.
type petition struct {
	author  access.Actor
	state   string
	body    string // key of the organisation that proposes, "" for the author himself
	refused bool
	unit    string // key of the unit that answers
	late    bool
	ratings []string
}

func (w *city) petition(n int, p petition) string {
	w.t.Helper()
	key := id.New()
	kind, publish, lead := "individual", "agreed", p.author.Name
	if p.body != "" {
		kind, lead = "party", p.body
	}
	if p.refused {
		publish = "refused"
	}
	if p.state == "" {
		p.state = "closed"
	}
	var number any = n
	if p.state == "submitted" || p.state == "draft" {
		number = nil
	}
	w.exec(`INSERT INTO proposal (id, committee_id, session_id, state, number, title, category, timing, kind, author_id, lead_name, publish, revision, created_at, saved_at, submitted_at)
		VALUES (?, ?, ?, ?, ?, ?, 'society', 'session', ?, ?, ?, ?, 1, 1, 1, 1)`, key, w.CommitteeID, w.Session, p.state, number, fmt.Sprintf("关于事项%d的提案", n), kind, p.author.PersonID, lead, publish)
	w.exec("INSERT INTO proposal_text (proposal_id, revision, kind, title, background, items, person_id, at) VALUES (?, 1, 'submitted', 't', '老旧小区上下楼难。', '[\"加装电梯\"]', ?, 1)", key, p.author.PersonID)
	if p.body != "" {
		w.exec("INSERT INTO proposal_signer (proposal_id, signer_id, committee_id, is_body, name, position, state, invited_at) VALUES (?, ?, ?, TRUE, ?, 0, 'signed', 1)", key, w.Bodies[p.body], w.CommitteeID, p.body)
	}
	if p.unit != "" {
		w.answered(key, p)
	}
	w.proposals[n] = key
	return key
}

// answered writes the unit's work on a proposal.
func (w *city) answered(key string, p petition) {
	w.t.Helper()
	a, r := id.New(), id.New()
	w.exec("INSERT INTO handling_involved (committee_id, case_kind, case_id, body_id) VALUES (?, 'proposal', ?, ?)", w.CommitteeID, key, w.Bodies[p.unit])
	w.exec(`INSERT INTO assignment (id, committee_id, case_kind, case_id, unit_id, unit_name, role, position, channel, dispatched_by, dispatched_at, state, sign_by, sign_due, due_on, answered_at, late, valid_from)
		VALUES (?, ?, 'proposal', ?, ?, 'u', 'sole', 0, 'government', 'x', 1, 'answered', '2026-03-01', '', '2026-06-01', 1, ?, 1)`, a, w.CommitteeID, key, w.Bodies[p.unit], p.late)
	w.exec(`INSERT INTO reply (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, state, number, year, drafted_by, saved_at) VALUES (?, ?, 'proposal', ?, ?, ?, 'u', 1, 'issued', ?, 2026, 'x', 1)`,
		r, w.CommitteeID, key, a, w.Bodies[p.unit], id.New())
	for i, grade := range p.ratings {
		w.rate(key, r, fmt.Sprint("rater", i), grade)
	}
}

func (w *city) rate(key, reply, rater, grade string) {
	w.t.Helper()
	w.exec(`INSERT INTO rating (id, committee_id, case_kind, case_id, reply_id, rater_id, is_body, rater_name, attitude, result, channel, person_id, at)
		VALUES (?, ?, 'proposal', ?, ?, ?, FALSE, 'r', ?, ?, 'self', 'x', 1)`, id.New(), w.CommitteeID, key, reply, rater, grade, grade)
}

// act does what must succeed.
func act[In any, S app.Subject, Out any](w *city, a *app.Action[In, S, Out], who access.Actor, in In) Out {
	w.t.Helper()
	out, err := a.Do(w.t.Context(), w.App, who, in)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", a.Name(), who.Post.Kind, err)
	}
	return out
}

func try[In any, S app.Subject, Out any](w *city, a *app.Action[In, S, Out], who access.Actor, in In) error {
	_, err := a.Do(w.t.Context(), w.App, who, in)
	return err
}

func ask[In, Out any](w *city, q *app.Query[In, Out], who access.Actor, in In) Out {
	w.t.Helper()
	out, err := q.Do(w.t.Context(), w.App, who, in)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", q.Name(), who.Post.Kind, err)
	}
	return out
}

// refused checks kind and sentence of a refusal.
func refused(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	f := fault.From(err)
	if f == nil {
		t.Fatalf("nothing was refused, want %s", key)
	}
	if f.Kind != kind || f.Key != key {
		t.Fatalf("refused with kind %d and %q, want %d and %q: %v", f.Kind, f.Key, kind, key, err)
	}
}

// plan is a campaign that is open today.
func plan(k commendation.Kind, change ...func(*commendation.CreateIn)) commendation.CreateIn {
	in := commendation.CreateIn{Kind: string(k), Plan: commendation.Plan{Year: 2026, Title: "2026 年度评选", OpensOn: "2026-11-02", ClosesOn: "2026-11-06", Rules: commendation.DefaultRules(k)}}
	for _, f := range change {
		f(&in)
	}
	return in
}

// opened is a campaign in which nominating is open.
func (w *city) opened(k commendation.Kind, change ...func(*commendation.CreateIn)) string {
	w.t.Helper()
	out := act(w, commendation.Create, w.Office, plan(k, append([]func(*commendation.CreateIn){func(in *commendation.CreateIn) { in.Session = w.Session }}, change...)...))
	act(w, commendation.Open, w.Chief, commendation.StageIn{ID: out.ID})
	return out.ID
}

func (w *city) nominate(who access.Actor, campaign, subject string) commendation.NominateOut {
	w.t.Helper()
	return act(w, commendation.Nominate, who, commendation.NominateIn{ID: campaign, Subject: subject, Reason: "选题好，办得实。"})
}

// closed closes nominating after its last day.
func (w *city) closed(campaign string) {
	w.t.Helper()
	w.At(w.t.(*testing.T), "2026-11-09T09:00")
	act(w, commendation.CloseNominating, w.Office, commendation.StageIn{ID: campaign})
}

func (w *city) shown(campaign string) commendation.ShowOut {
	w.t.Helper()
	return ask(w, commendation.Show, w.Office, commendation.ID{ID: campaign})
}

// candidate finds a candidate by its subject.
func (w *city) candidate(campaign, subject string) commendation.Candidate {
	w.t.Helper()
	for _, d := range w.shown(campaign).Candidates {
		if d.SubjectID == subject {
			return d
		}
	}
	w.t.Fatalf("%s is no candidate", subject)
	return commendation.Candidate{}
}

// readAll passes every candidate that is in but those given, which are read out.
func (w *city) readAll(campaign string, out ...string) {
	w.t.Helper()
	for _, d := range w.shown(campaign).Candidates {
		if d.DroppedAt != "" {
			continue
		}
		in := commendation.ReadIn{ID: d.ID, Words: "质量好。", Verdict: commendation.PassReading, Version: d.Version}
		for _, x := range out {
			if d.SubjectID == x {
				in.Verdict, in.Words = commendation.DropReading, "建议不够具体。"
			}
		}
		act(w, commendation.Read, w.Office, in)
	}
	act(w, commendation.CloseReading, w.Office, commendation.StageIn{ID: campaign})
}

// approve keeps everybody but those given.
func (w *city) approve(campaign string, drop ...string) commendation.ApproveIn {
	w.t.Helper()
	s := w.shown(campaign)
	in := commendation.ApproveIn{ID: campaign, DecidedOn: "2026-11-09", Reference: "十四届第31次主席会议", Version: s.Campaign.Version}
	for _, d := range s.Candidates {
		if d.DroppedAt != "" {
			continue
		}
		row := commendation.Ruled{ID: d.ID, Decision: commendation.Keep}
		for _, x := range drop {
			if d.SubjectID == x {
				row.Decision, row.Reason = commendation.Leave, "与另一件内容相近。"
			}
		}
		in.Rows = append(in.Rows, row)
	}
	return in
}

// with is the JSON of rules with two settings changed.
func with(rules, reach, rating string) string {
	var m map[string]any
	_ = json.Unmarshal([]byte(rules), &m)
	m["reach"], m["rating"] = reach, rating
	b, _ := json.Marshal(m)
	return string(b)
}
