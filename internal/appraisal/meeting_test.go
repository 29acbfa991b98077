package appraisal_test

import (
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/appraisal"
	"tongxin/internal/fault"
)

func (w *city) meeting() appraisal.MeetingOut {
	w.t.Helper()
	return act(w, appraisal.DraftMeeting, w.Office, appraisal.DraftMeetingIn{Title: "重点提案办理民主评议", HeldOn: "2027-01-15"})
}

func prepared(m appraisal.MeetingOut, units []appraisal.UnitRow, people ...string) appraisal.SetMeetingIn {
	in := appraisal.SetMeetingIn{ID: m.ID, Version: m.Version, Title: "重点提案办理民主评议", HeldOn: "2027-01-15", Units: units, People: strings.Join(people, "\r\n"),
		Levels: []appraisal.LevelRow{{"优秀", "90"}, {"良好", "75"}, {"一般", "0"}}}
	for _, name := range []string{"组织领导", "办理机制", "沟通面商", "办理成效", "规范答复"} {
		in.Items = append(in.Items, appraisal.ItemRow{Name: name, Full: "20"})
	}
	return in
}

func scored(x appraisal.MeetingShown, marks map[string]string) []appraisal.ScoreRow {
	var rows []appraisal.ScoreRow
	for _, u := range x.Units {
		for _, i := range x.Items {
			rows = append(rows, appraisal.ScoreRow{Unit: u.UnitID, Item: i.Code, Mark: marks[u.UnitID]})
		}
	}
	return rows
}

// TestAnAppraisalMeeting from the settings to the look-back, sheets on the
// phone and on paper together.
func TestAnAppraisalMeeting(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.did("unitA", work{main: 2})
		m := w.meeting()
		refused(t, try(w, appraisal.OpenMeeting, w.Office, appraisal.NameIn{ID: m.ID}), fault.Closed, "appraisal.meeting.no-units")
		in := prepared(m, []appraisal.UnitRow{{"市住房和城乡建设局", "第 002 号"}, {}, {w.Bodies["unitC"], ""}}, w.Members[0].Name, "", w.Members[1].Name+"（教育界）", w.Leader.Name)
		for key, change := range map[string]func(*appraisal.SetMeetingIn){
			"appraisal.meeting.unit-unknown":   func(i *appraisal.SetMeetingIn) { i.Units = []appraisal.UnitRow{{"市魔法局", ""}} },
			"appraisal.meeting.unit-twice":     func(i *appraisal.SetMeetingIn) { i.Units = append(i.Units, i.Units[0]) },
			"appraisal.meeting.case-unknown":   func(i *appraisal.SetMeetingIn) { i.Units = []appraisal.UnitRow{{"市住房和城乡建设局", "999"}} },
			"appraisal.meeting.person-unknown": func(i *appraisal.SetMeetingIn) { i.People = "系统员" },
			"appraisal.two.aspects":            func(i *appraisal.SetMeetingIn) { i.Items = nil },
		} {
			bad := in
			bad.Units = append([]appraisal.UnitRow(nil), in.Units...)
			change(&bad)
			refused(t, try(w, appraisal.SetMeeting, w.Office, bad), fault.Invalid, key)
		}
		m = act(w, appraisal.SetMeeting, w.Office, in)
		refused(t, try(w, appraisal.SetMeeting, w.Office, in), fault.Stale, "fault.stale")
		for _, who := range []access.Actor{w.HandlerA, w.Members[0], w.GovDesk} {
			refused(t, tryAsk(w, appraisal.ShowMeeting, who, appraisal.SchemeAsk{ID: m.ID}), fault.NotFound, "fault.not-found")
		}
		m = act(w, appraisal.OpenMeeting, w.Office, appraisal.NameIn{ID: m.ID, Version: m.Version})
		if w.told(w.Members[0])["appraisal.notice.to-score"] != 1 || w.told(w.SignerC)["appraisal.notice.to-account"] != 1 || w.waiting(w.Members[1])["appraisal.waits.score"] != 1 {
			t.Error("nobody was told")
		}
		w.scoring(m)
		w.mending(m)
	})
}

// scoring: accounts, sheets on the phone, totals of paper sheets, the result.
func (w *city) scoring(m appraisal.MeetingOut) {
	t, a, c := w.t, w.Bodies["unitA"], w.Bodies["unitC"]
	act(w, appraisal.GiveAccount, w.HandlerA, appraisal.AccountIn{ID: m.ID, Unit: a, Words: "主要领导领办。"})
	refused(t, try(w, appraisal.GiveAccount, w.HandlerA, appraisal.AccountIn{ID: m.ID, Unit: c, Words: "x"}), fault.NotFound, "fault.not-found")
	refused(t, try(w, appraisal.GiveAccount, w.HandlerB, appraisal.AccountIn{ID: m.ID, Unit: w.Bodies["unitB"], Words: "x"}), fault.NotFound, "fault.not-found")
	x := ask(w, appraisal.ShowMeeting, w.Members[0], appraisal.SchemeAsk{ID: m.ID})
	if !x.May.Score || len(x.Units) != 2 || x.Units[0].CaseName == "" || x.Units[0].Account == "" || len(x.People) != 0 || x.Units[0].Total != nil {
		t.Fatalf("a participant sees %+v", x)
	}
	sheet := appraisal.ScoreIn{ID: m.ID, Rows: scored(x, map[string]string{a: "18", c: "15"})}
	refused(t, try(w, appraisal.ScoreUnits, w.Members[2], sheet), fault.NotFound, "fault.not-found")
	refused(t, try(w, appraisal.ScoreUnits, w.Office, sheet), fault.Forbidden, "appraisal.meeting.participants-only")
	refused(t, try(w, appraisal.ScoreUnits, w.Members[0], appraisal.ScoreIn{ID: m.ID, Rows: scored(x, map[string]string{a: "21"})}), fault.Invalid, "appraisal.meeting.mark")
	refused(t, try(w, appraisal.ScoreUnits, w.Members[0], appraisal.ScoreIn{ID: m.ID}), fault.Invalid, "appraisal.meeting.nothing")
	half := scored(x, map[string]string{a: "18"})
	half[1].Mark = ""
	refused(t, try(w, appraisal.ScoreUnits, w.Members[0], appraisal.ScoreIn{ID: m.ID, Rows: half}), fault.Invalid, "appraisal.two.each")
	refused(t, try(w, appraisal.ScoreUnits, w.Members[0], appraisal.ScoreIn{ID: m.ID, Rows: half[:1]}), fault.Invalid, "appraisal.meeting.whole")
	refused(t, try(w, appraisal.ScoreUnits, w.Members[0], appraisal.ScoreIn{ID: m.ID, Rows: []appraisal.ScoreRow{{"nobody", "x", "1"}}}), fault.Invalid, "appraisal.choose")
	insider := w.Also(t, w.Members[0], access.Leader, "unitC", "副部长")
	refused(t, try(w, appraisal.ScoreUnits, insider, sheet), fault.Invalid, "appraisal.two.own-unit")
	refused(t, try(w, appraisal.Announce, w.Office, appraisal.NameIn{ID: m.ID}), fault.Closed, "appraisal.meeting.unscored")
	act(w, appraisal.ScoreUnits, w.Members[0], sheet)
	refused(t, try(w, appraisal.ScoreUnits, w.Members[0], sheet), fault.Closed, "appraisal.meeting.twice")
	act(w, appraisal.ScoreUnits, w.Leader, appraisal.ScoreIn{ID: m.ID, Rows: scored(x, map[string]string{a: "20"})}) // leaves unit C out

	paper := appraisal.PaperIn{ID: m.ID, Unit: a, Sheets: 2, Counted: "叶小棠", Checked: "叶小棠"}
	for _, i := range x.Items {
		paper.Sums = append(paper.Sums, appraisal.PaperSum{Item: i.Code, Sum: 41})
	}
	refused(t, try(w, appraisal.CountPaper, w.Office, paper), fault.Invalid, "appraisal.meeting.two-persons")
	refused(t, try(w, appraisal.CountPaper, w.Office, paper), fault.Invalid, "appraisal.meeting.sum")
	refused(t, try(w, appraisal.CountPaper, w.Leader, paper), fault.Forbidden, "appraisal.office-only")
	paper.Checked = "郑观澜"
	for i := range paper.Sums {
		paper.Sums[i].Sum = 30
	}
	act(w, appraisal.CountPaper, w.Office, paper)
	for i := range paper.Sums {
		paper.Sums[i].Sum = 31
	}
	act(w, appraisal.CountPaper, w.Office, paper) // the newest counts
	act(w, appraisal.Announce, w.Office, appraisal.NameIn{ID: m.ID})
	refused(t, try(w, appraisal.ScoreUnits, w.Members[1], sheet), fault.Closed, "appraisal.meeting.closed.announced")
	refused(t, try(w, appraisal.CountPaper, w.Office, paper), fault.Closed, "appraisal.meeting.closed.announced")
	x = ask(w, appraisal.ShowMeeting, w.Members[1], appraisal.SchemeAsk{ID: m.ID})
	// Unit A: 18, 20 and two papers of 31 together: 69/4 = 17.25 on each of five.
	for _, u := range x.Units {
		want := map[string]string{a: "86.25", c: "75"}[u.UnitID]
		if u.Total.String() != want || u.Level != "良好" || (u.Rank == 1) != (u.UnitID == a) {
			t.Errorf("%s has %s, rank %d, %s", u.UnitName, u.Total, u.Rank, u.Level)
		}
	}
	if x := ask(w, appraisal.ShowMeeting, w.HandlerA, appraisal.SchemeAsk{ID: m.ID}); len(x.Units) != 1 || x.Units[0].UnitID != a || x.Units[0].Sheets != 4 || x.Units[0].Papers != 2 {
		t.Errorf("the unit sees %+v", x.Units)
	}
	if x := ask(w, appraisal.ShowMeeting, w.PartyDesk, appraisal.SchemeAsk{ID: m.ID}); len(x.Units) != 1 || x.Units[0].UnitID != c {
		t.Errorf("the Party's desk sees %+v", x.Units)
	}
	if w.told(w.SignerA)["appraisal.notice.meeting-result"] != 1 {
		t.Error("the unit was not told the result")
	}
}

// mending: a report, a demand with a date, what was mended, looked at twice.
func (w *city) mending(m appraisal.MeetingOut) {
	t, a := w.t, w.Bodies["unitA"]
	report := appraisal.ReportIn{ID: m.ID, Report: "总体较好。", Rows: []appraisal.DemandRow{{a, "完善办理台账", "2026-12-01"}}}
	refused(t, try(w, appraisal.ReportMeeting, w.Office, report), fault.Invalid, "appraisal.meeting.past")
	refused(t, try(w, appraisal.Mend, w.HandlerA, appraisal.AccountIn{ID: m.ID, Unit: a, Words: "x"}), fault.Closed, "appraisal.meeting.closed.announced")
	report.Rows[0].MendBy = "2027-03-31"
	act(w, appraisal.ReportMeeting, w.Chief, report)
	if w.told(w.HandlerA)["appraisal.notice.to-mend"] != 1 || w.waiting(w.HandlerA)["appraisal.waits.mend"] != 1 || w.waiting(w.HandlerC)["appraisal.waits.mend"] != 0 {
		t.Error("who is asked to mend")
	}
	if x := ask(w, appraisal.ShowMeeting, w.Members[0], appraisal.SchemeAsk{ID: m.ID}); x.Report != "" || x.Units[0].Demand != "" {
		t.Errorf("a participant reads what follows: %+v", x.Units[0])
	}
	refused(t, try(w, appraisal.CloseMeeting, w.Office, appraisal.NameIn{ID: m.ID}), fault.Closed, "appraisal.meeting.unmended")
	refused(t, try(w, appraisal.Mend, w.HandlerC, appraisal.AccountIn{ID: m.ID, Unit: w.Bodies["unitC"], Words: "x"}), fault.Closed, "appraisal.meeting.nothing-to-mend")
	act(w, appraisal.Mend, w.HandlerA, appraisal.AccountIn{ID: m.ID, Unit: a, Words: "台账已建。"})
	if w.waiting(w.Office)["appraisal.waits.look-back"] != 1 || w.waiting(w.HandlerA)["appraisal.waits.mend"] != 0 {
		t.Errorf("waits: %v", w.waiting(w.Office))
	}
	look := appraisal.LookIn{ID: m.ID, Unit: a, Words: "台账不全。"}
	refused(t, try(w, appraisal.LookBack, w.HandlerA, look), fault.Forbidden, "appraisal.office-only")
	refused(t, try(w, appraisal.LookBack, w.Office, look), fault.Invalid, "web.not-a-date")
	look.MendBy = "2027-04-30"
	act(w, appraisal.LookBack, w.Office, look)
	if w.waiting(w.HandlerA)["appraisal.waits.mend"] != 1 || w.waiting(w.Office)["appraisal.waits.look-back"] != 0 || w.told(w.HandlerA)["appraisal.notice.looked-again"] != 1 {
		t.Error("it waits for the unit once more")
	}
	act(w, appraisal.Mend, w.SignerA, appraisal.AccountIn{ID: m.ID, Unit: a, Words: "台账已补全。"})
	act(w, appraisal.LookBack, w.Office, appraisal.LookIn{ID: m.ID, Unit: a, Words: "到位。", OK: true})
	refused(t, try(w, appraisal.LookBack, w.Office, look), fault.Closed, "appraisal.meeting.looked")
	refused(t, try(w, appraisal.Mend, w.SignerA, appraisal.AccountIn{ID: m.ID, Unit: a, Words: "x"}), fault.Closed, "appraisal.meeting.looked")
	act(w, appraisal.CloseMeeting, w.Office, appraisal.NameIn{ID: m.ID})
	refused(t, try(w, appraisal.CloseMeeting, w.Office, appraisal.NameIn{ID: m.ID}), fault.Closed, "appraisal.meeting.closed.closed")
	for _, who := range []access.Actor{w.HandlerB, w.Members[3], w.SysAdmin, w.Auditor, w.Stranger, access.Nobody(access.Via{})} {
		refused(t, tryAsk(w, appraisal.ShowMeeting, who, appraisal.SchemeAsk{ID: m.ID}), fault.NotFound, "fault.not-found")
		if list := ask(w, appraisal.Meetings, who, struct{}{}); len(list) != 0 {
			t.Errorf("%s lists %+v", who.Name, list)
		}
	}
}

// TestMeetingArrows walks every pair of states: the acts go where they may and
// nowhere else.
func TestMeetingArrows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		m := w.meeting()
		act(w, appraisal.SetMeeting, w.Office, prepared(m, []appraisal.UnitRow{{w.Bodies["unitA"], ""}}))
		allowed := map[appraisal.MeetingState]string{appraisal.MeetingDraft: "set open drop", appraisal.MeetingOpen: "announce drop", appraisal.MeetingAnnounced: "report", appraisal.MeetingReported: "close"}
		for _, s := range appraisal.MeetingStates() {
			for name, do := range map[string]func() error{
				"set":      func() error { return try(w, appraisal.SetMeeting, w.Office, appraisal.SetMeetingIn{ID: m.ID}) },
				"open":     func() error { return try(w, appraisal.OpenMeeting, w.Office, appraisal.NameIn{ID: m.ID}) },
				"drop":     func() error { return try(w, appraisal.DropMeeting, w.Office, appraisal.NameIn{ID: m.ID}) },
				"announce": func() error { return try(w, appraisal.Announce, w.Office, appraisal.NameIn{ID: m.ID}) },
				"report": func() error {
					return try(w, appraisal.ReportMeeting, w.Office, appraisal.ReportIn{ID: m.ID, Report: "报告"})
				},
				"close": func() error { return try(w, appraisal.CloseMeeting, w.Office, appraisal.NameIn{ID: m.ID}) },
			} {
				w.inside(w.Office, func(c *app.Call) error {
					_, err := c.Tx().Exec(c.Ctx(), "UPDATE appraisal_meeting SET state = ? WHERE id = ?", string(s), m.ID)
					return err
				})
				err := do()
				over := fault.Is(err, fault.Closed) && strings.HasPrefix(fault.From(err).Key, "appraisal.meeting.closed.")
				if over == strings.Contains(allowed[s], name) {
					t.Errorf("%s when %s: %v", name, s, err)
				}
			}
		}
	})
}
