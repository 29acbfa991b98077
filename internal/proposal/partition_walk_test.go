package proposal_test

import (
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// TestThePartitionAlwaysAddsUp lets members and the office do whatever comes to
// their minds, in any order, allowed or not. After every step totals, rows and
// dispositions say the same.
func TestThePartitionAlwaysAddsUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		rapid.Check(t, func(r *rapid.T) {
			walk := &wanderer{t: t, w: w}
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				walk.step(r)
			}
			sums(t, w)
		})
	})
}

type wanderer struct {
	t   *testing.T
	w   *testkit.World
	ids []string
}

func (x *wanderer) step(r *rapid.T) {
	w, ctx := x.w, x.t.Context()
	who := rapid.SampledFrom([]access.Actor{w.Members[0], w.Members[1], w.Convener, w.Office}).Draw(r, "who")
	id := ""
	if len(x.ids) > 0 && rapid.IntRange(0, 3).Draw(r, "old") > 0 {
		id = rapid.SampledFrom(x.ids).Draw(r, "which")
	}
	text := whole()
	text.Category = rapid.SampledFrom([]string{"economy", "society", ""}).Draw(r, "category")
	var v int64
	if id != "" {
		v = number(x.t, w, "SELECT COALESCE(MAX(version), 0) FROM proposal WHERE id = ?", id)
	}
	switch rapid.IntRange(0, 6).Draw(r, "act") {
	case 0:
		if out, err := proposal.SaveDraft.Do(ctx, w.App, who, proposal.DraftIn{ID: id, Version: v, Writing: text}); err == nil {
			x.ids = append(x.ids, out.ID)
		}
	case 1, 2:
		if out, err := proposal.Submit.Do(ctx, w.App, who, proposal.SubmitIn{ID: id, Version: v, Writing: text}); err == nil {
			x.ids = append(x.ids, out.ID)
		}
	case 3:
		_, _ = proposal.Withdraw.Do(ctx, w.App, who, proposal.WithdrawIn{ID: id, Reason: "撤回"})
	case 4:
		_, _ = proposal.Discard.Do(ctx, w.App, who, proposal.DiscardIn{ID: id})
	case 5:
		_, _ = proposal.Return.Do(ctx, w.App, w.Office, proposal.ReturnIn{ID: id, Version: v, Reason: "unclear", Words: "请修改"})
	case 6:
		_, _ = proposal.Invite.Do(ctx, w.App, who, proposal.InviteIn{ID: id, Signers: []string{w.Members[2].PersonID}})
	}
}
