package commendation_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/commendation"
	"tongxin/internal/fault"
)

// TestTheArrows walks every pair of stages: each act that moves a campaign moves
// it along an arrow or is refused, and nothing leaves the ends.
func TestTheArrows(t *testing.T) {
	t.Parallel()
	arrows := map[commendation.Stage][]commendation.Stage{
		commendation.Draft: {commendation.Nominating}, commendation.Nominating: {commendation.Reading}, commendation.Reading: {commendation.Reviewing},
		commendation.Reviewing: {commendation.Approval}, commendation.Approval: {commendation.Approved}, commendation.Approved: {commendation.Noticed}, commendation.Noticed: {commendation.Announced},
	}
	for _, from := range commendation.Stages() {
		for _, to := range commendation.Stages() {
			want := slices.Contains(arrows[from], to) || to == commendation.Cancelled && from != commendation.Announced && from != commendation.Cancelled
			if got := slices.Contains(commendation.Next(from), to); got != want {
				t.Errorf("from %s to %s: %v", from, to, got)
			}
		}
	}
	each(t, func(w *city) {
		id := w.inApproval(t)
		movers := map[commendation.Stage]func() error{
			commendation.Nominating: func() error { return try(w, commendation.Open, w.Chief, commendation.StageIn{ID: id}) },
			commendation.Reading: func() error {
				return try(w, commendation.CloseNominating, w.Office, commendation.StageIn{ID: id})
			},
			commendation.Reviewing: func() error { return try(w, commendation.CloseReading, w.Office, commendation.StageIn{ID: id}) },
			commendation.Approval:  func() error { return try(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id}) },
			commendation.Approved:  func() error { return try(w, commendation.Approve, w.Chief, w.approve(id)) },
			commendation.Noticed:   func() error { return try(w, commendation.Publish, w.Office, commendation.StageIn{ID: id}) },
			commendation.Announced: func() error {
				return try(w, commendation.Announce, w.Chief, commendation.AnnounceIn{ID: id, Occasion: "全会"})
			},
			commendation.Cancelled: func() error {
				return try(w, commendation.Cancel, w.Chief, commendation.CancelIn{ID: id, Reason: "停止"})
			},
		}
		for _, from := range commendation.Stages() {
			for to, move := range movers {
				if slices.Contains(commendation.Next(from), to) {
					continue
				}
				w.exec("UPDATE commendation_campaign SET stage = ? WHERE id = ?", string(from), id)
				if err := move(); !fault.Is(err, fault.Closed) {
					w.t.Errorf("from %s to %s: %v", from, to, err)
				}
				if at := w.texts("SELECT stage FROM commendation_campaign WHERE id = ?", id)[0]; at != string(from) {
					w.t.Errorf("from %s to %s it moved to %s", from, to, at)
				}
			}
		}
	})
}

// inApproval is a campaign of three, one collective, of which two may win, that
// awaits the Chair's Council; the second and third are level at the cut.
func (w *city) inApproval(t *testing.T) string {
	t.Helper()
	w.petition(1, petition{author: w.Members[1]})
	w.petition(2, petition{author: w.Members[2]})
	w.petition(3, petition{author: w.Convener, body: "party"})
	id := w.opened(commendation.OfProposals, func(in *commendation.CreateIn) { in.Number, in.CollectivePercent, in.Mark = 2, 30, 20 })
	for n := 1; n <= 3; n++ {
		w.nominate(w.Members[0], id, w.proposals[n])
	}
	w.closed(id)
	w.readAll(id)
	for n, yes := range map[int][2]string{1: {"yes", "yes"}, 2: {"yes", "no"}, 3: {"no", "yes"}} {
		d := w.candidate(id, w.proposals[n])
		act(w, commendation.Review, w.Reviewer, commendation.Judgement{ID: d.ID, Vote: yes[0]})
		act(w, commendation.Review, w.Chief, commendation.Judgement{ID: d.ID, Vote: yes[1]})
	}
	act(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id})
	return id
}

// TestNoMoreWithoutAReason draws decisions: more winners than the number, or
// fewer collective ones than their share, never pass without a written reason,
// nobody is dropped without one, and nobody is forgotten.
func TestNoMoreWithoutAReason(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		id := w.inApproval(t)
		tied := 0
		for _, d := range w.shown(id).Candidates {
			if d.Tied {
				tied++
			}
		}
		if tied != 2 {
			t.Fatalf("%d are tied", tied)
		}
		rapid.Check(t, func(r *rapid.T) {
			in := w.approve(id)
			kept, collective, ok := 0, 0, true
			for i := range in.Rows {
				row := &in.Rows[i]
				row.Decision = rapid.SampledFrom([]string{commendation.Keep, commendation.Keep, commendation.Leave, ""}).Draw(r, "decision")
				row.Reason = rapid.SampledFrom([]string{"", "内容相近"}).Draw(r, "reason")
				ok = ok && row.Decision != "" && (row.Decision == commendation.Keep || row.Reason != "")
				if row.Decision == commendation.Keep {
					kept++
					if row.ID == w.candidate(id, w.proposals[3]).ID {
						collective++
					}
				}
			}
			in.OverReason = rapid.SampledFrom([]string{"", " ", "并列，一并表彰"}).Draw(r, "over")
			in.ShareReason = rapid.SampledFrom([]string{"", "集体提案参评少"}).Draw(r, "share")
			if rapid.IntRange(0, 5).Draw(r, "forget") == 0 {
				in.Rows, ok = in.Rows[1:], false
			}
			ok = ok && kept > 0 && (kept <= 2 || in.OverReason == "并列，一并表彰") && (collective > 0 || in.ShareReason != "")
			err := try(w, commendation.Approve, w.Chief, in)
			if (err == nil) != ok {
				r.Fatalf("kept %d, %d collective, %+v: %v", kept, collective, in, err)
			}
			if err == nil {
				if n := w.number("SELECT COUNT(*) FROM commendation_candidate WHERE campaign_id = ? AND dropped_at = ''", id); n != kept {
					r.Fatalf("%d are in, want %d", n, kept)
				}
				w.exec("UPDATE commendation_candidate SET dropped_at = '', why = '' WHERE campaign_id = ?", id)
				w.exec("UPDATE commendation_campaign SET stage = 'approval' WHERE id = ?", id)
			}
		})
	})
}

// TestPlans: what is wrong with a plan is told beside its fields, all at once.
func TestPlans(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		fields := func(err error) (list []string) {
			if f := fault.From(err); f != nil {
				for _, x := range f.All() {
					list = append(list, x.Field)
				}
			}
			return list
		}
		for _, x := range []struct {
			name   string
			change func(*commendation.CreateIn)
			want   []string
		}{
			{"fine", func(*commendation.CreateIn) {}, nil},
			{"the same again", func(*commendation.CreateIn) {}, []string{"year"}},
			{"no kind", func(in *commendation.CreateIn) { in.Kind = "best" }, []string{"kind"}},
			{"empty", func(in *commendation.CreateIn) { in.Plan = commendation.Plan{Rules: commendation.Rules{Reach: "x"}} },
				[]string{"year", "title", "opens_on", "closes_on", "number", "method", "notice_workdays", "criteria", "reach", "rating", "quotas"}},
			{"the wrong way round", func(in *commendation.CreateIn) { in.ClosesOn = "2026-11-01" }, []string{"closes_on"}},
			{"another's session", func(in *commendation.CreateIn) { in.Session = "elsewhere" }, []string{"session"}},
			{"no such body", func(in *commendation.CreateIn) { in.ReviewBody = w.Bodies["unitA"] }, []string{"review_body"}},
			{"a quota twice", func(in *commendation.CreateIn) { in.Quotas = append(in.Quotas, in.Quotas[0]) }, []string{"quotas.6.by"}},
			{"absurd", func(in *commendation.CreateIn) {
				in.Number, in.Quotas = -1, []commendation.Quota{{By: commendation.ByMember, Number: 1 << 40}}
			}, []string{"number", "quotas.0.number"}},
		} {
			if got := fields(try(w, commendation.Create, w.Office, plan(commendation.OfProposals, x.change))); !slices.Equal(got, x.want) {
				t.Errorf("%s: %v, want %v", x.name, got, x.want)
			}
		}
		id := ask(w, commendation.List, w.Office, commendation.ListIn{}).Campaigns[0].ID
		if n := len(ask(w, commendation.List, w.Members[0], commendation.ListIn{}).Campaigns); n != 0 {
			t.Errorf("a member sees %d drafts", n)
		}
		in := commendation.ChangeIn{ID: id, Version: 1, Plan: plan(commendation.OfProposals).Plan}
		in.Title = "改过的方案"
		refused(t, try(w, commendation.Change, w.Members[0], in), fault.NotFound, "fault.not-found")
		act(w, commendation.Change, w.Office, in)
		refused(t, try(w, commendation.Change, w.Office, in), fault.Stale, "fault.stale")
		refused(t, try(w, commendation.Open, w.Office, commendation.StageIn{ID: id}), fault.Forbidden, "commendation.chief-only")
		act(w, commendation.Open, w.Chief, commendation.StageIn{ID: id})
		refused(t, try(w, commendation.Change, w.Office, in), fault.Closed, "commendation.not-at.draft")
		refused(t, try(w, commendation.Cancel, w.Chief, commendation.CancelIn{ID: id}), fault.Invalid, "commendation.required")
		act(w, commendation.Cancel, w.Chief, commendation.CancelIn{ID: id, Reason: "改期"})
		act(w, commendation.Create, w.Office, plan(commendation.OfProposals)) // the year is free again
		w.At(t, "2026-12-01T09:00")
		late := act(w, commendation.Create, w.Office, plan(commendation.OfUnits))
		refused(t, try(w, commendation.Open, w.Chief, commendation.StageIn{ID: late.ID}), fault.Closed, "commendation.window.past")
		for _, who := range []access.Actor{w.Members[0], w.Leader, w.Reviewer, w.HandlerA} {
			refused(t, try(w, commendation.Create, who, plan(commendation.OfPeople)), fault.NotFound, "fault.not-found")
		}
	})
}

// TestNothingIsNominated: a campaign without candidates cannot go on, and says so.
func TestNothingIsNominated(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		w.petition(1, petition{author: w.Members[1]})
		id := w.opened(commendation.OfProposals)
		w.nominate(w.Members[0], id, w.proposals[1])
		w.exec("UPDATE proposal SET state = 'withdrawn' WHERE id = ?", w.proposals[1])
		w.At(t, "2026-11-09T09:00")
		refused(t, try(w, commendation.CloseNominating, w.Office, commendation.StageIn{ID: id}), fault.Closed, "commendation.none-nominated")
		w.exec("UPDATE proposal SET state = 'closed' WHERE id = ?", w.proposals[1])
		w.closed(id)
		d := w.candidate(id, w.proposals[1])
		read := commendation.ReadIn{ID: d.ID, Words: "空泛", Verdict: commendation.DropReading, Version: d.Version, Checks: []string{"没有这一项"}}
		refused(t, try(w, commendation.Read, w.Office, read), fault.Invalid, "commendation.choose")
		read.Checks = []string{"建议具体可行"}
		act(w, commendation.Read, w.Office, read)
		refused(t, try(w, commendation.Read, w.Chief, read), fault.Stale, "fault.stale")
		refused(t, try(w, commendation.CloseReading, w.Office, commendation.StageIn{ID: id}), fault.Closed, "commendation.none-left")
		read.Verdict, read.Version = commendation.PassReading, 2
		act(w, commendation.Read, w.Chief, read)
		act(w, commendation.CloseReading, w.Office, commendation.StageIn{ID: id})
		out := ask(w, commendation.ShowCandidate, w.Office, commendation.ID{ID: d.ID})
		if len(out.Readings) != 2 || out.Readings[0].Verdict != commendation.DropReading || out.Readings[1].By != w.Chief.Name || out.Text == nil || len(out.Text.Items) != 1 {
			t.Errorf("the readings %+v", out)
		}
		refused(t, try(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id, Reason: "x"}), fault.Closed, "commendation.review.nobody")
		refused(t, try(w, commendation.ReviewMany, w.Reviewer, commendation.ReviewManyIn{ID: id}), fault.Invalid, "commendation.review.none")
		refused(t, try(w, commendation.Review, w.Members[4], commendation.Judgement{ID: d.ID, Vote: "yes"}), fault.NotFound, "fault.not-found")
	})
}
