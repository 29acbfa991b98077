package keyyear_test

import (
	"strings"
	"testing"

	"tongxin/e2e/browser"
)

// Twelve key proposals from recommendation to results told, in the roles of "Done when",
// with every page looked at on both screens.
func TestTwelveKeyProposalsThroughALeadersYear(t *testing.T) {
	t.Parallel()
	y := &year{town: found(t), papers: papers()}
	y.hand(y.papers)
	y.season("2026-02-03")
	y.file(y.papers)
	y.limit()
	y.recommend()

	y.season("2026-03-10")
	y.shortlist()
	y.consult()
	y.approve()
	y.arrange()

	y.season("2026-03-24")
	y.plans()
	y.first()

	y.season("2026-04-02")
	y.replied(y.approved[0]) // whose unit does not keep up
	y.answered("milestone requirement", y.approved[0], y.approved[5])

	y.season("2026-05-20")
	y.late()
	y.instruct()
	y.answer()
	y.second()

	y.season("2026-11-12")
	y.settle()
	y.results()
	y.list()
	y.inOtherWords()
}

// late is what the leader sees on the phone, and the office at its desk.
func (y *year) late() {
	y.t.Helper()
	p := y.at(chair)
	p.Open("/")
	look(p, "40-leader-home")
	p.Open("/key")
	p.Expect("我领衔的 3 件", "本年度其他 9 件", "项逾期", "四月底前拿出征收补偿方案", "已逾期", transport)
	p.Absent("⟦")
	inspect(p, "41-leader-list")
	p.Open("/key/" + y.approved[0].id)
	p.Expect("2 项逾期", "两个路口征收进度偏慢")
	inspect(p, "42-leader-case")

	o := y.at(office)
	o.Open("/")
	o.Expect("逾期未反馈")
	look(o, "43-office-home")
	o.Open("/key")
	look(o, "44-office-list")
}

const order = "断头路事关群众出行，请交通运输局限期拿出补偿方案，一周内报我。"

// instruct: the leader writes, and names who follows it up.
func (y *year) instruct() {
	y.t.Helper()
	p := y.at(chair)
	p.Open("/key")
	p.Within("section", y.approved[0].title).Click("写批示")
	p.ExpectPath("^/key/" + y.approved[0].id)
	form := p.Within("form[action$='/instruct']", "")
	form.Fill("批示内容", order)
	form.Choose("由谁落实", transport)
	form.Click("保存批示")
	p.Expect("请填写日期")
	look(p, "50-instruct-wrong")
	form.Fill("落实时限", "2026-05-27")
	form.Click("保存批示")
	p.Expect("批示已记录", order, "由"+transport+"落实")
	inspect(p, "51-instructed")
}

// answer: the unit tells what became of the instruction and of what is late.
func (y *year) answer() {
	y.t.Helper()
	x := y.approved[0]
	h := y.at(in(x.unit, "handler"))
	h.Open("/")
	h.Expect("请反馈批示落实情况")
	look(h, "52-unit-home")
	h.Open("/key/" + x.id)
	h.Expect(order)
	inspect(h, "53-unit-case")
	for _, a := range []struct{ task, outcome string }{
		{"落实批示", "补偿方案已于五月二十日报市政府，六月上旬开工。"},
		{"四月底前拿出征收补偿方案", "补偿方案已经报批，晚于要求二十天，已向督查室说明。"},
		{"完成征收和设计", "设计完成，征收余三户。"},
	} {
		item := h.Within("li:has(form[action$='/answer'])", a.task)
		item.Click("反馈落实情况")
		item.Fill("落实情况", a.outcome)
		item.Click("提交反馈")
		h.Expect("落实情况已反馈", a.outcome)
	}
	look(h, "54-answered")

	p := y.at(chair)
	p.Open("/inbox")
	p.Expect("您关于《"+x.title+"》的批示", "已反馈落实情况")
	look(p, "55-leader-told")
	p.Open("/key/" + x.id)
	p.Expect("六月上旬开工")
	look(p, "56-leader-sees")
}

// second supervises again: three by pages, the others by JSON.
func (y *year) second() {
	y.t.Helper()
	for i, x := range y.approved {
		if i < 3 {
			y.supervise(x, supervision{"督办会", "2026-05-20", "征收余三户，开工时间需要锁定。", "召开督办会，议定六月十日前开工。", "2026-11-25",
				"六月十日前开工并报送照片", x.unit, "2026-06-10"}, map[int]string{0: "57-supervised-again"}[i])
			continue
		}
		post[done](y.as(office), "/api/v1/key/"+x.id+"/supervise", fields{"form": "research", "held_on": "2026-05-20", "leader": "专委会负责同志",
			"report": "调研两处点位，进展正常。", "next_on": "2026-11-25"})
	}
}

// settle lets the units finish by JSON what is due until November, all but one milestone.
func (y *year) settle() {
	y.t.Helper()
	y.reply(y.approved[0])
	y.answered("milestone requirement", y.approved[7])
}

// results are told to Party and government: three by pages, the others by JSON.
func (y *year) results() {
	y.t.Helper()
	o := y.at(office)
	for i, x := range y.approved {
		if i >= 3 {
			post[done](y.as(office), "/api/v1/key/"+x.id+"/report", fields{"kind": "result", "receiver": "both", "on": "2026-11-12", "reference": "江协〔2026〕" + y.place(x) + " 号", "text": "年度任务完成。"})
			continue
		}
		o.Open("/key/" + x.id)
		o.Click("报送督办结果")
		form := o.Within("form[action$='/report']", "")
		form.Choose("报送对象", "市委、市政府")
		form.Fill("报送日期", "2026-11-12")
		form.Fill("文号", "江协〔2026〕"+y.place(x)+" 号")
		form.Fill("结果摘要", "三条断头路打通两条，第三条十二月通车；建立季度通报制度。")
		form.Click("保存")
		o.Expect("报送市委、市政府", "三条断头路打通两条")
	}
	o.Open("/key/" + y.approved[0].id)
	o.Click("记录新闻报道")
	form := o.Within("form[action$='/press']", "")
	form.Fill("媒体", "江城日报")
	form.Fill("刊发日期", "2026-11-10")
	form.Fill("版面或网址", "第二版")
	form.Click("保存")
	o.Expect("江城日报")
	inspect(o, "61-told")
}

// list is the year's list, on paper and as a table.
func (y *year) list() {
	y.t.Helper()
	o := y.at(office)
	o.Open("/key")
	o.Expect("2026年度，共 12 件", "督办 2 次")
	inspect(o, "70-list")
	o.Paper(true)
	o.Expect(y.approved[11].title)
	o.Screenshot("71-paper")
	o.Paper(false)
	f := o.Download("导出表格")
	lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(f.Text, "\ufeff")), "\n")
	if !strings.HasPrefix(f.Type, "text/csv") || len(lines) != 13 || !strings.Contains(f.Name, "2026") {
		y.t.Errorf("the table has %d lines and is %s %s", len(lines), f.Type, f.Name)
	}
	for i, x := range y.approved {
		if !strings.Contains(lines[i+1], x.title) || !strings.Contains(lines[i+1], x.unit) {
			y.t.Errorf("line %d of the table: %s", i+1, lines[i+1])
		}
	}
	for _, name := range []string{chair, mayor} {
		p := y.at(name)
		p.Open("/key")
		p.Expect("我领衔的")
		look(p, "72-"+login(name))
	}
	for _, name := range []string{desk, in(health, "handler")} {
		p := y.at(name)
		p.Open("/key")
		look(p, "73-"+login(name))
	}
}

// inOtherWords looks at the main pages in English and in large text.
func (y *year) inOtherWords() {
	y.t.Helper()
	for _, name := range []string{chair, office} {
		p := y.browser.Visit(browser.Visitor{Name: name, Address: y.address, Screen: screenOf(name), Language: "en"})
		p.Open("/sign-in")
		p.Fill("Login or phone number", login(name))
		p.Fill("Password", password)
		p.Click("Sign in")
		p.ExpectPath(`^/(\?.*)?$`)
		for _, stop := range []struct{ path, picture string }{{"/key", "80-list-en"}, {"/key/" + y.approved[0].id, "81-case-en"}} {
			p.Open(stop.path)
			look(p, stop.picture+"-"+login(name))
		}
		p = y.at(name)
		p.Click("大字版")
		for _, stop := range []struct{ path, picture string }{{"/key", "82-list-large"}, {"/key/" + y.approved[0].id, "83-case-large"}} {
			p.Open(stop.path)
			look(p, stop.picture+"-"+login(name))
		}
	}
	o := y.at(office)
	o.Open("/key/selection")
	look(o, "84-selection-large")
}
