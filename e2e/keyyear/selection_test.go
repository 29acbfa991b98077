package keyyear_test

import (
	"slices"
	"strconv"

	"tongxin/e2e/browser"
)

// year is a year of key proposals.
type year struct {
	*town
	papers   []*paper
	approved []*paper // the twelve
}

// limit lets the chief set how many key proposals a year may have.
func (y *year) limit() {
	y.t.Helper()
	p := y.at(chief)
	p.Open("/setup/rules/key")
	p.Fill("每年件数", "12")
	p.Fill("修改理由", "主席会议议定每年十二件")
	look(p, "01-rules")
	p.Click("保存")
	p.Expect("12")
}

// recommend opens the selection and lets everybody recommend.
func (y *year) recommend() {
	y.t.Helper()
	leader := y.at(chair)
	leader.Open("/key")
	leader.Expect("还没有重点提案")
	look(leader, "02-leader-empty")
	m := y.at(zhou)
	m.Open("/proposals/" + y.papers[0].id)
	m.Absent("推荐为重点提案")

	p := y.at(office)
	p.Open("/key")
	look(p, "03-list-empty")
	p.Click("重点提案遴选")
	p.Expect("启动遴选", "本次会议重点提案限 12 件，现有 0 件")
	p.ExpectValue("年度", "2026")
	inspect(p, "04-open")
	p.Click("启动")
	p.Expect("遴选已启动", "还没有推荐")
	look(p, "05-opened")

	y.recommendAs(zhou, y.papers[0], "", "群众普遍关注", "路网不通，居民上下班绕行，反映集中。", "06-member")
	y.recommendAs(desk, y.papers[4], "", "事关全市中心工作", "南湖治理列入市政府年度重点任务，宜统筹推进。", "06-desk")
	for i, x := range y.papers[1:15] {
		if x == y.papers[4] {
			continue
		}
		by := []string{"", livelihood, economy}[i%3]
		picture := ""
		if i == 1 {
			picture = "06-office"
		}
		y.recommendAs(office, x, by, "建议具体、能够办理", "建议切实可行，各方有共识，年内可见成效。", picture)
	}
	p.Open("/key/selection")
	p.Expect("候选提案 15 件", zhou+"推荐：群众普遍关注", livelihood+"推荐", governmentDesk+"推荐")
	inspect(p, "07-candidates")
}

// recommendAs recommends one proposal on its page; an empty picture takes none.
func (y *year) recommendAs(name string, x *paper, by, criterion, reason, picture string) {
	y.t.Helper()
	p := y.at(name)
	p.Open("/proposals/" + x.id)
	p.Click("推荐为重点提案")
	form := p.Within("form[action$='/recommend']", "")
	form.Fill("推荐理由", reason)
	if picture != "" {
		form.Click("提交推荐")
		p.Expect("请至少勾选一条标准")
		p.ExpectStatus(422)
		form.ExpectValue("推荐理由", reason)
	}
	form.Tick(criterion)
	if by != "" {
		form.Choose("代哪个组织推荐", by)
	}
	if picture != "" {
		look(p, picture+"-typed")
	}
	form.Click("提交推荐")
	p.Expect("推荐已记录")
	if picture != "" {
		look(p, picture+"-recommended")
	}
}

// moveOn takes the selection to its next step.
func moveOn(p *browser.Page, step string) {
	p.Within("form[action$='/move']", "进入").Click("进入“" + step + "”")
	p.Expect("已进入所选环节")
}

// shortlist chooses fourteen of the fifteen.
func (y *year) shortlist() {
	y.t.Helper()
	p := y.at(office)
	p.Open("/key/selection")
	moveOn(p, "初选")
	p.Expect("初选：15 件")
	form := p.Within("form[action$='/shortlist']", "")
	for i, x := range y.papers[:15] {
		row := form.Within(".row", x.title)
		if i == 14 {
			row.Fill("初选意见", "已列入部门年度计划，不再单列。")
			continue
		}
		row.Tick("初选入围")
		if i > 0 {
			row.Fill("初选意见", "事关民生，条件成熟。")
		}
	}
	form.Click("保存初选结果")
	p.Expect("请填写") // why the first one was chosen
	look(p, "08-shortlist-wrong")
	form.Within(".row", y.papers[0].title).Fill("初选意见", "群众反映集中，建议列入。")
	form.Click("保存初选结果")
	p.Expect("初选结果已保存")
	inspect(p, "09-shortlisted")
}

// consult keeps thirteen of the fourteen.
func (y *year) consult() {
	y.t.Helper()
	p := y.at(office)
	moveOn(p, "征求意见")
	p.Expect("协商会：14 件")
	form := p.Within("form[action$='/consult']", "")
	form.Fill("协商会日期", "2026-03-05")
	form.Fill("参加人员", "两办督查室、各专委会负责人、提案者代表")
	form.Fill("市委督查室意见", "同意，涉及社会工作的一件由市委社会工作部牵头。")
	form.Fill("市政府督查室意见", "自行车驿站已有专项规划，建议不再列入。")
	for i, x := range y.papers[:14] {
		row := form.Within(".row", x.title)
		if i == 13 {
			row.Choose("协商结果", "不列入")
			row.Fill("理由", "已有专项规划，按一般提案办理。")
			continue
		}
		row.Choose("协商结果", "保留")
	}
	look(p, "10-consult")
	form.Click("保存协商会记录")
	p.Expect("协商会情况已记录", "议定 14 件")
	inspect(p, "11-consulted")
	moveOn(p, "审定")
	p.Expect("候选提案等待主席会议审定")
	look(p, "12-office-waits")
}

// approve shows that a thirteenth needs a reason, and approves twelve.
func (y *year) approve() {
	y.t.Helper()
	p := y.at(chief)
	p.Open("/")
	p.Expect("请记录主席会议审定结果")
	look(p, "13-chief-home")
	p.Open("/key/selection")
	p.Expect("审定：13 件")
	form := p.Within("form[action$='/approve']", "")
	form.Fill("审定日期", "2026-03-10")
	form.Fill("会议名称或文号", "十四届市政协第三十八次主席会议")
	for _, x := range y.papers[:13] {
		form.Within(".row", x.title).Tick("定为重点提案")
	}
	first := form.Within(".row", y.papers[0].title)
	first.Click("确定领衔领导")
	lead(first, chair, "市政协", "领衔督办")
	first.Choose("协助专委会", livelihood)
	inspect(p, "14-approve")
	form.Click("记录审定结果并通知")
	p.Expect("共 13 件，超出 12 件的数量限制，请说明理由。")
	look(p, "15-too-many")
	form.Within(".row", y.papers[12].title).Untick("定为重点提案")
	form.Click("记录审定结果并通知")
	p.Expect("审定结果已记录", "定为重点提案 12 件，累计 12 件", "未列为重点提案")
	inspect(p, "16-approved")
	y.approved = y.papers[:12]
}

// lead names one leader in a row of a form.
func lead(row *browser.Page, name, organ, role string) {
	row.Choose("领导", name)
	row.Choose("所属", organ)
	row.Choose("方式", role)
}

// arrange names who leads each key proposal: the chair three, his deputy five, the mayor's
// deputy four.
func (y *year) arrange() {
	y.t.Helper()
	p := y.at(office)
	p.Open("/key")
	p.Expect("2026年度，共 12 件")
	look(p, "17-list")
	for i, x := range y.approved[1:] {
		p.Open("/key/" + x.id)
		p.Expect("尚未确定")
		if i == 0 {
			look(p, "18-no-leader")
		}
		form := p.Within("form[action$='/arrange']", "")
		switch row := form.Within(".row", ""); {
		case i < 2:
			lead(row, chair, "市政协", "领衔督办")
		case i < 7:
			lead(row, vice, "市政协", "领衔督办")
		default:
			lead(row, mayor, "市政府", "领办")
		}
		form.Choose("协助专委会", []string{livelihood, economy}[i%2])
		form.Click("保存")
		p.Expect("领衔领导和协助单位已保存")
		if i == 0 {
			look(p, "19-arranged")
		}
	}
	m := y.at(zhou)
	m.Open("/inbox")
	m.Expect("被定为2026年度重点提案")
	look(m, "20-member-told")
	m.Open("/proposals/" + y.papers[0].id)
	m.Expect("2026年度重点提案", chair)
	look(m, "20-member-case")
}

// place is that of a paper among the twelve.
func (y *year) place(x *paper) string { return strconv.Itoa(slices.Index(y.approved, x) + 1) }
