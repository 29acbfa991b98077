package supervision_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/supervision"
	"tongxin/internal/testkit"
)

// TestHeirsAnswer: what a unit or a supervision office was chased for goes to
// the one that stands for it.
func TestHeirsAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, done := w.toUnit("deskG", "unitA"), w.toUnit("deskG", "unitA")
		w.sign(done, "unitA")
		w.reply(done, "unitA", "1号")
		w.At(t, "2026-06-03T09:00")
		id := act(w, supervision.Send, w.GovDesk, letter(one.A)).Sent[0].ID
		for _, to := range []string{supervision.ForUnit, supervision.ForDesk} {
			act(w, supervision.Instruct, w.Leader, supervision.InstructIn{ID: one.A, To: to, Words: "请过问。", DueOn: "2026-06-30"})
		}
		owes := func(body string) (n int) {
			w.inside(w.Chief, func(c *app.Call) (err error) {
				n, _, _, err = supervision.Burden{}.Open(&c.Look, w.Bodies[body])
				return err
			})
			return n
		}
		if a, d := owes("unitA"), owes("deskG"); a != 2 || d != 1 {
			t.Errorf("the unit owes %d, the desk %d", a, d)
		}
		refused(t, asked(w, supervision.ShowChase, w.HandlerB, supervision.ReceiveIn{ID: id}), fault.NotFound, "fault.not-found")
		act(w, organization.MergeBodies, w.SysAdmin, organization.MergeBodiesIn{IDs: []string{w.Bodies["unitA"], w.Bodies["unitB"]}, Into: w.Bodies["unitB"], Reference: "云编〔2026〕1号"})
		w.Bodies["new"] = id + "x"
		w.exec("INSERT INTO body (id, committee_id, kind, name, channel, valid_from) VALUES (?, ?, 'supervision_government', '市政府督查局', '', '2021-01-01')", w.Bodies["new"], w.CommitteeID)
		desk := testkit.Acting(w.Also(t, w.Auditor, access.Dispatcher, "new", "科长"), access.Dispatcher)
		act(w, organization.MergeBodies, w.SysAdmin, organization.MergeBodiesIn{IDs: []string{w.Bodies["deskG"], w.Bodies["new"]}, Into: w.Bodies["new"], Reference: "云编〔2026〕2号"})
		w.CaughtUp(t)
		w.agrees(w.Office, "*", 2026, "")
		w.agrees(desk, w.Bodies["new"], 2026, "")
		if list := ask(w, supervision.Chases, w.HandlerB, supervision.ChasesIn{}); list.Total != 1 {
			t.Errorf("the heir sees %d chases", list.Total)
		}
		act(w, supervision.Receive, w.HandlerB, supervision.ReceiveIn{ID: id})
		act(w, supervision.Answer, w.SignerB, supervision.AnswerIn{ID: id, Words: "机构改革后由我单位办理。"})
		w.CaughtUp(t)
		if n := w.told(desk, "supervision.notice.answered"); n != 1 {
			t.Errorf("the desk's heir was told %d times", n)
		}
		for _, x := range ask(w, supervision.ForLeader, w.Leader, struct{}{}).Instructions {
			who := w.HandlerB
			if x.To == supervision.ForDesk {
				who = desk
			}
			act(w, supervision.Report, who, supervision.ReportIn{ID: x.ID, Words: "已办。"})
		}
	})
}
