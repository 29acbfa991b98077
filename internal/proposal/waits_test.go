package proposal_test

import (
	"fmt"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

type found struct {
	list  []app.Waiting
	total int
}

// waiting asks the queues of the acting post, by name; empty ones are left out.
func waiting(t testing.TB, w *testkit.World, who access.Actor) map[string]found {
	t.Helper()
	q := app.Ask("test.waiting", func(access.Actor) access.Scope { return access.Nothing() },
		func(l *app.Look, _ access.Scope, _ struct{}) (map[string]found, error) {
			all := map[string]found{}
			for _, x := range proposal.Module().Waits {
				if !who.Is(x.For...) {
					continue
				}
				list, total, err := x.Find(l, 2)
				if err != nil {
					return nil, err
				}
				if total > 0 {
					all[strings.TrimPrefix(x.Name, "proposal.waits.")] = found{list, total}
				}
			}
			return all, nil
		})
	all, err := q.Do(t.Context(), w.App, who, struct{}{})
	must(t, err)
	return all
}

// totals writes queues as text.
func totals(all map[string]found) string {
	s := ""
	for _, k := range []string{"invited", "returned", "amended", "drafts", "review", "final", "dispatch", "mine"} {
		if f, ok := all[k]; ok {
			s += fmt.Sprintf("%s %d ", k, f.total)
		}
	}
	return strings.TrimSpace(s)
}

func TestWhatWaitsForWhom(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		a, b := w.Members[0], w.Members[1]
		say := func(step string, want map[string]string) {
			t.Helper()
			for name, who := range map[string]access.Actor{"a": a, "b": b, "convener": w.Convener, "office": w.Office, "chief": w.Chief, "reviewer": w.Reviewer,
				"leader": w.Leader, "stranger": w.Stranger, "admin": w.SysAdmin, "auditor": w.Auditor, "handler": w.HandlerA} {
				if got := totals(waiting(t, w, who)); got != want[name] {
					t.Errorf("%s: %s has %q, want %q", step, name, got, want[name])
				}
			}
		}
		say("at first", nil)

		d := draft(t, w, a)
		_, err := proposal.Invite.Do(t.Context(), w.App, a, proposal.InviteIn{ID: d.ID, Signers: []string{b.PersonID}})
		must(t, err)
		say("invited", map[string]string{"a": "drafts 1", "b": "invited 1"})
		if x := waiting(t, w, b)["invited"].list[0]; x.Title == "" || !strings.Contains(x.Link, d.ID) || x.Since.IsZero() {
			t.Errorf("an invitation shows %+v", x)
		}
		_, err = proposal.Cosign.Do(t.Context(), w.App, b, proposal.CosignIn{ID: d.ID, Version: version(t, w, d.ID)})
		must(t, err)
		say("signed", map[string]string{"a": "drafts 1"})

		_, err = proposal.Submit.Do(t.Context(), w.App, a, proposal.SubmitIn{ID: d.ID, Version: version(t, w, d.ID), Writing: whole()})
		must(t, err)
		party := submitted(t, w, w.Convener)
		say("submitted", map[string]string{"a": "mine 1", "convener": "mine 1", "office": "review 2"})
		if x := waiting(t, w, w.Office)["review"].list[0]; x.DueOn == "" || x.Args[1] == "" {
			t.Errorf("a proposal under review shows %+v", x)
		}

		_, err = proposal.Return.Do(t.Context(), w.App, w.Office, proposal.ReturnIn{ID: party.ID, Reason: "unclear", Words: "请补充数据。"})
		must(t, err)
		_, err = proposal.Review.Do(t.Context(), w.App, w.Office, proposal.ReviewIn{ID: d.ID})
		must(t, err)
		say("returned, passed", map[string]string{"a": "mine 1", "convener": "returned 1", "chief": "final 1"})

		changed := proposal.Edited{Title: "关于老旧小区加装电梯的提案", Background: whole().Background, Basis: whole().Basis, Items: whole().Items}
		_, err = proposal.Amend.Do(t.Context(), w.App, w.Office, proposal.AmendIn{ID: d.ID, Reason: "精简标题", Edited: changed})
		must(t, err)
		say("amended", map[string]string{"a": "amended 1 mine 1", "convener": "returned 1"})
		p := proposal.Module().Waits
		if len(p) < 8 {
			t.Errorf("%d queues", len(p))
		}
	})
}

func TestFiledProposalsWaitForDispatch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for range 3 {
			p := submitted(t, w, w.Members[0])
			_, err := proposal.Review.Do(t.Context(), w.App, w.Office, proposal.ReviewIn{ID: p.ID})
			must(t, err)
			_, err = proposal.File.Do(t.Context(), w.App, w.Chief, proposal.FileIn{ID: p.ID})
			must(t, err)
		}
		all := waiting(t, w, w.Office)
		if totals(all) != "dispatch 3" || len(all["dispatch"].list) != 2 {
			t.Errorf("the office has %q: %+v", totals(all), all)
		}
		if got := totals(waiting(t, w, w.Members[0])); got != "mine 3" {
			t.Errorf("the member follows %q", got)
		}
	})
}

// plan is how SQLite answers a statement.
func plan(t testing.TB, w *testkit.World, sql string, args ...any) string {
	t.Helper()
	return look(t, w, func(l *app.Look) (string, error) {
		list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, s *string) error {
			var a, b, c any
			return r.Scan(&a, &b, &c, s)
		}, "EXPLAIN QUERY PLAN "+sql, args...)
		return strings.Join(list, "\n"), err
	})
}

func TestTheCountOfAQueueReadsAnIndexOnly(t *testing.T) {
	t.Parallel()
	h := testkit.Open(t, store.SQLite, []app.Module{proposal.Module()}, nil)
	w := testkit.NewWorld(t, h)
	got := plan(t, w, "SELECT COUNT(*) FROM proposal p WHERE (p.committee_id = ?) AND (p.state IN ('submitted', 'filed')) AND (p.holder IN (?))", w.CommitteeID, proposal.HeldByOffice)
	if !strings.Contains(got, "proposal_waiting") || strings.Contains(got, "SCAN") {
		t.Errorf("the queue is counted by:\n%s", got)
	}
}

// told lists what somebody was told, oldest first, as keys.
func told(t testing.TB, w *testkit.World, who access.Actor) string {
	t.Helper()
	w.CaughtUp(t)
	out, err := notify.Inbox.Do(t.Context(), w.App, who, notify.InboxIn{})
	must(t, err)
	var keys []string
	for i := len(out.Messages) - 1; i >= 0; i-- {
		m := out.Messages[i]
		if !strings.HasPrefix(m.Link, "/proposals/") || len(m.Args) < 4 || m.Args[1] == "" {
			t.Errorf("a message says %+v", m)
		}
		for _, k := range []string{m.Key, m.Key + ".mail"} {
			if s := w.Words.In("zh-CN").T(k, "title", "T", "lead", "L", "number", 1, "signer", "S"); strings.ContainsAny(s, "⟦{") {
				t.Errorf("%s says %s", k, s)
			}
		}
		keys = append(keys, strings.TrimPrefix(m.Key, "proposal.notice."))
	}
	return strings.Join(keys, " ")
}

func TestWhoIsToldWhat(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{proposal.Module(), notify.Module(proposal.Notices()...)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		a, b, c := w.Members[0], w.Members[1], w.Members[2]
		d := draft(t, w, a)
		_, err := proposal.Invite.Do(t.Context(), w.App, a, proposal.InviteIn{ID: d.ID, Signers: []string{b.PersonID, c.PersonID}})
		must(t, err)
		_, err = proposal.Cosign.Do(t.Context(), w.App, b, proposal.CosignIn{ID: d.ID, Version: version(t, w, d.ID)})
		must(t, err)
		_, err = proposal.Submit.Do(t.Context(), w.App, a, proposal.SubmitIn{ID: d.ID, Version: version(t, w, d.ID), Writing: whole()})
		must(t, err)
		_, err = proposal.Return.Do(t.Context(), w.App, w.Office, proposal.ReturnIn{ID: d.ID, Reason: "unclear", Words: "请补充数据。"})
		must(t, err)
		_, err = proposal.Submit.Do(t.Context(), w.App, a, proposal.SubmitIn{ID: d.ID, Version: version(t, w, d.ID), Writing: whole()})
		must(t, err)
		_, err = proposal.Review.Do(t.Context(), w.App, w.Office, proposal.ReviewIn{ID: d.ID})
		must(t, err)
		_, err = proposal.File.Do(t.Context(), w.App, w.Chief, proposal.FileIn{ID: d.ID})
		must(t, err)
		party := submitted(t, w, w.Convener)
		_, err = proposal.Review.Do(t.Context(), w.App, w.Office, proposal.ReviewIn{ID: party.ID})
		must(t, err)
		_, err = proposal.Decline.Do(t.Context(), w.App, w.Chief, proposal.DeclineIn{ID: party.ID, Reason: "academic", Words: "属于学术研讨。"})
		must(t, err)
		gone := draft(t, w, b)
		_, err = proposal.Discard.Do(t.Context(), w.App, b, proposal.DiscardIn{ID: gone.ID})
		must(t, err)
		for _, x := range []struct {
			name string
			who  access.Actor
			want string
		}{
			{"the author", a, "signed returned filed"},
			{"the co-signer", b, "invited returned filed"},
			{"who never answered", c, "invited lapsed"},
			{"the office", w.Office, "submitted resubmitted submitted"},
			{"the chief", w.Chief, "to-review to-review"},
			{"the convener", w.Convener, "declined"},
			{"the review group", w.Reviewer, ""},
			{"a unit", w.HandlerA, ""},
			{"the administrator", w.SysAdmin, ""},
			{"a stranger", w.Stranger, ""},
		} {
			if got := told(t, w, x.who); got != x.want {
				t.Errorf("%s was told %q, want %q", x.name, got, x.want)
			}
		}
	})
}
