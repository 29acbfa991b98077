package keyyear_test

import (
	"strings"

	"tongxin/e2e/browser"
)

// shown is what the JSON operation tells of a key proposal.
type shown struct {
	Key struct {
		Version int64
		Tasks   []struct {
			ID, Kind, State string
			BodyID          string `json:"body_id"`
		}
	}
}

// plans: three units write theirs on the page, one of them twice; the others by JSON.
func (y *year) plans() {
	y.t.Helper()
	first := y.approved[0]
	h := y.at(in(first.unit, "handler"))
	h.Open("/")
	h.Expect("请提交办理方案")
	look(h, "21-unit-home")
	h.Open("/key")
	h.Expect(first.title)
	look(h, "22-unit-list")
	h.Open("/key/" + first.id)
	inspect(h, "23-unit-page")
	y.plan(first, "加快推进。", []string{"完成摸底"}, []string{"2026-04-15"})
	inspect(h, "24-planned")

	o := y.at(office)
	o.Open("/")
	o.Expect(transport + "提交了办理方案")
	look(o, "25-office-home")
	o.Open("/key/" + first.id)
	form := o.Within("form[action$='/judge']", "")
	form.Choose("审核结果", "退回修改")
	form.Click("确定")
	o.Expect("请填写")
	look(o, "26-judge-wrong")
	form.Fill("审核意见", "只有一步，没有完工时间，请分步写明。")
	form.Fill("重新提交时限", "2026-03-31")
	form.Click("确定")
	o.Expect("审核意见已记录", "办理方案已退回")
	inspect(o, "27-returned")

	h.Open("/key/" + first.id)
	h.Expect("只有一步，没有完工时间", "办理方案已退回")
	inspect(h, "28-unit-again")
	y.plan(first, "成立专班，分两段打通三条断头路。", []string{"完成征收和设计", "两条道路通车"}, []string{"2026-04-15", "2026-10-31"})
	y.accept(first, "29-accepted")
	for _, x := range y.approved[1:3] {
		y.at(in(x.unit, "handler")).Open("/key/" + x.id)
		y.plan(x, "明确牵头科室，列入年度考核。", []string{"出台实施方案", "建成首批点位"}, []string{"2026-04-15", "2026-09-30"})
		y.accept(x, "")
	}
	for _, x := range y.approved[3:] {
		post[done](y.as(in(x.unit, "handler")), "/api/v1/key/"+x.id+"/plan", fields{"text": "明确牵头科室，列入年度考核。", "milestones": []fields{
			{"text": "出台实施方案", "due_on": "2026-04-15"}, {"text": "完成年度任务", "due_on": "2026-10-31"}}})
		post[done](y.as(office), "/api/v1/key/"+x.id+"/judge", fields{"verdict": "accepted"})
	}
}

// plan is handed in on the page that the unit has open.
func (y *year) plan(x *paper, text string, steps, days []string) {
	y.t.Helper()
	h := y.at(in(x.unit, "handler"))
	form := h.Within("form[action$='/plan']", "")
	form.Fill("方案内容", text)
	for i, s := range steps {
		fillNth(form, "做什么", i, s)
		fillNth(form, "完成时限", i, days[i])
	}
	form.Click("提交方案")
	h.Expect("办理方案已提交", "办理方案待审核")
}

// fillNth fills the field of a row that is told by its place only.
func fillNth(form *browser.Page, label string, i int, value string) {
	form.Within(nthRow(i), "").Fill(label, value)
}

// nthRow is the row of that place among those of a list, from 0.
func nthRow(i int) string {
	return ".row:nth-of-type(" + string(rune('1'+i)) + ")"
}

func (y *year) accept(x *paper, picture string) {
	y.t.Helper()
	o := y.at(office)
	o.Open("/key/" + x.id)
	form := o.Within("form[action$='/judge']", "")
	form.Choose("审核结果", "通过")
	form.Click("确定")
	o.Expect("审核意见已记录", "办理方案已通过")
	if picture != "" {
		look(o, picture)
	}
}

// supervision is what a record on the page says.
type supervision struct {
	form, on, problems, report, next string
	text, body, due                  string // what is required
}

// supervise records a supervision on the page.
func (y *year) supervise(x *paper, s supervision, picture string) {
	y.t.Helper()
	o := y.at(office)
	o.Open("/key/" + x.id)
	o.Click("记录督办")
	form := o.Within("form[action$='/supervise']", "")
	form.ExpectValue("领衔领导", chair)
	form.Choose("督办形式", s.form)
	form.Fill("督办日期", s.on)
	form.Fill("参加人员", "提案者、"+x.unit+"、市政府督查室")
	form.Fill("发现的问题", s.problems)
	row := form.Within(nthRow(0), "")
	row.Fill("要求", s.text)
	row.Choose("责任单位", s.body)
	row.Fill("完成时限", s.due)
	form.Fill("下次督办日期", s.next)
	form.Fill("督办报告", s.report)
	if picture != "" {
		look(o, picture+"-typed")
	}
	form.Click("保存督办记录")
	o.Expect("督办记录已保存", s.problems, s.text, "下次督办")
	if picture != "" {
		inspect(o, picture)
	}
}

// first supervises three by pages and the others by JSON.
func (y *year) first() {
	y.t.Helper()
	for i, x := range y.approved {
		if i < 3 {
			y.supervise(x, supervision{"实地视察", "2026-03-24", "两个路口征收进度偏慢，部门之间衔接不够。", "实地察看两处，听取汇报后当场研究。", "2026-05-20",
				"四月底前拿出征收补偿方案", x.unit, "2026-04-30"}, map[int]string{0: "30-supervised"}[i])
			continue
		}
		post[done](y.as(office), "/api/v1/key/"+x.id+"/supervise", fields{"form": "symposium", "held_on": "2026-03-24", "leader": "专委会负责同志", "participants": "提案者、" + x.unit,
			"problems": "工作台账不全。", "report": "召开座谈会一次。", "next_on": "2026-05-27",
			"requirements": []fields{{"text": "建立工作台账，按月报送", "body": y.bodies[x.unit], "due_on": "2026-04-30"}}})
	}
}

// answered tells by JSON what became of everything due by a day, but of some proposals.
func (y *year) answered(kinds string, but ...*paper) {
	y.t.Helper()
	skip := map[*paper]bool{}
	for _, x := range but {
		skip[x] = true
	}
	for _, x := range y.approved {
		if skip[x] {
			continue
		}
		h := y.as(in(x.unit, "handler"))
		told := map[string]bool{}
		for _, t := range get[shown](h, "/api/v1/key/"+x.id).Key.Tasks {
			if t.State != "open" || !strings.Contains(kinds, t.Kind) || told[t.Kind] {
				continue
			}
			told[t.Kind] = true // the later one of a kind is for later
			post[done](h, "/api/v1/key/tasks/"+t.ID+"/answer", fields{"outcome": "已按要求完成，材料已报送。"})
		}
	}
}

// replied has all but some answered to their proposers, by JSON.
func (y *year) replied(but ...*paper) {
	y.t.Helper()
	skip := map[*paper]bool{}
	for _, x := range but {
		skip[x] = true
	}
	for _, x := range y.approved {
		if !skip[x] {
			y.reply(x)
		}
	}
}

func (y *year) reply(x *paper) {
	y.t.Helper()
	h, s := y.as(in(x.unit, "handler")), y.as(in(x.unit, "signer"))
	today := y.today
	post[done](h, "/api/v1/assignments/"+x.assignment+"/contact", fields{"form": "meeting", "held_on": today, "notes": "当面听取意见，逐条商量办理办法。"})
	type sent struct {
		ID      string
		Version int64
	}
	r := post[sent](h, "/api/v1/assignments/"+x.assignment+"/submit", fields{"number": "江函〔2026〕" + y.place(x) + " 号", "class": "A", "publicity": "full",
		"body":  "您提出的提案收悉。我单位会同有关部门逐条研究，已制定工作方案并组织实施，现将办理情况答复如下。工作方案已经印发，首批任务已经完成。",
		"items": []fields{{"no": 1, "outcome": "adopted", "answer": "已印发三年工作方案。"}, {"no": 2, "outcome": "adopted", "answer": "已在门户网站公布首期进展。"}}})
	post[done](s, "/api/v1/replies/"+r.ID+"/issue", fields{"version": r.Version})
}
