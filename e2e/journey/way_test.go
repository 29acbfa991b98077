package journey_test

import (
	"testing"

	"tongxin/e2e/browser"
)

const (
	title = "关于在老城区学校门口设置限时停车带的提案"
	text  = "我市老城区有中小学二十三所，校门口道路多为双向两车道，上下学时段接送车辆集中停放，行人与车辆混行，" +
		"公交车经常受阻。去年以来，校门口发生轻微交通事故十七起，家长和居民反映强烈。目前各校门口没有划定接送区域，" +
		"交警只能临时疏导，缺少长期办法。应当按照路宽和学生人数分类设置限时停车带，明确时段，加强引导。"
	firstItem  = "在路宽超过九米的校门口划定限时停车带，上下学时段允许停放十分钟。"
	secondItem = "由学校组织错峰放学，相邻年级间隔一刻钟。"
)

// The way of one proposal, in the roles of "Done when", with every page looked at.
func TestOneProposalFromAnEmptyMachineToAClosedCase(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]screens{
		"members on the phone": {members: browser.Phone(), staff: browser.Desktop()},
		"staff on the phone":   {members: browser.Desktop(), staff: browser.Phone()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := found(t, s)
			a := w.claim(author)
			c := &journey{town: w, author: a, path: write(w, a)}
			c.review()
			c.dispatch()
			c.handle()
			c.reply()
			c.rate()
		})
	}
}

// journey is the case on its way.
type journey struct {
	*town
	author, cosigner   *browser.Page
	office, desk       *browser.Page
	handler, assistant *browser.Page
	path               string // of the case
}

// write is the member's part, up to the receipt; it answers the path of the case.
func write(w *town, a *browser.Page) string {
	w.t.Helper()
	look(a, "10-home")
	a.Click("写提案")
	a.ExpectPath(`^/proposals/new`)
	a.Fill("案由", title)
	a.Choose("类别", "社会建设")
	a.Fill("正文", text)
	a.Fill("调研依据", "三月至五月走访学校九所，访谈家长四十六人，现场计数七次。")
	a.Within("[data-row]", "建议 1").Fill("建议内容", firstItem)
	a.Within("[data-row]", "建议 2").Fill("建议内容", secondItem)
	a.Click("建议承办单位")
	a.Tick(leadUnit)
	a.Choose("公开意愿", "同意公开")
	a.Expect("已保存")
	look(a, "11-write")
	a.Click("预览")
	a.Expect(firstItem)
	look(a, "12-preview")
	a.Click("返回修改")
	a.ExpectValue("案由", title)

	path := invite(w, a)
	sign(w, path)
	a.Open(path + "/edit")
	a.Expect("已确认")
	look(a, "15-signed")
	a.Click("提交")
	a.Expect("提案回执", "大会提案", "委员联名提案", cosigner)
	look(a, "16-receipt")
	a.Click("查看提案")
	a.Expect("审查中", firstItem, secondItem)
	look(a, "17-submitted")
	return path
}

// invite asks the co-signer.
func invite(w *town, a *browser.Page) string {
	w.t.Helper()
	a.Click("保存并邀请联名")
	path := a.ExpectPath(`^(/proposals/[^/?]+)/signers`)[1]
	look(a, "13-invite")
	a.Fill("查找", "林")
	a.Click("查询")
	a.Expect("找到 1 个", cosigner)
	look(a, "13-found")
	a.Click("发出邀请")
	a.Expect("邀请已发出", "待确认")
	look(a, "13-invited")
	return path
}

// sign is the co-signer's part before submission.
func sign(w *town, path string) {
	w.t.Helper()
	b := w.claim(cosigner)
	b.Expect("请您联名")
	look(b, "14-asked")
	b.Click(title)
	b.ExpectPath("^" + path + "/cosign")
	b.Expect(text)
	look(b, "14-cosign")
	b.Click("同意联名")
	b.Expect("您已确认联名")
	look(b, "14-cosigned")
	w.codes[cosigner] = "" // used
}

// review is the office's and the chief's part.
func (c *journey) review() {
	c.t.Helper()
	c.office = c.claim(office)
	c.office.Expect("等您审查")
	look(c.office, "20-office")
	c.office.Click(title)
	c.office.Expect("初审")
	look(c.office, "21-review")
	c.office.Within("form[action$='/review']", "").Fill("审查意见", "事实清楚，建议具体，拟同意立案。")
	c.office.Click("审查通过")
	c.office.Expect("审查意见已记录")
	look(c.office, "22-reviewed")

	p := c.claim(chief)
	p.Expect("等您终审")
	look(p, "23-chief")
	p.Click(title)
	look(p, "24-file")
	p.Within("form[action$='/file']", "").Click("立案编号")
	p.Expect("已立案编号", "第 001 号")
	look(p, "25-filed")
}

// dispatch is the office's routing and the desk's dispatch to two units.
func (c *journey) dispatch() {
	c.t.Helper()
	c.office.Open("/")
	c.office.Expect("等您交办")
	c.office.Open("/dispatch")
	look(c.office, "30-queue")
	c.office.Click(title)
	look(c.office, "31-route")
	route := c.office.Within("form[action='/dispatch/route']", "")
	route.Choose("交办去向", deskName)
	route.Click("送出")
	c.office.Expect("已送出", "等待交办")
	look(c.office, "32-routed")

	c.desk = c.claim(desk)
	c.desk.Expect("等您交办")
	look(c.desk, "33-desk")
	c.desk.Open("/dispatch")
	look(c.desk, "34-desk-queue")
	c.desk.Open(c.path)
	look(c.desk, "35-dispatch")
	form := c.desk.Within("form[action='/dispatch']", "")
	form.Within(".form-grid", "单位 1").Fill("单位 1", leadUnit)
	form.Within(".form-grid", "单位 1").Choose("办理方式", "主办")
	form.Within(".form-grid", "单位 2").Fill("单位 2", assistUnit)
	form.Within(".form-grid", "单位 2").Choose("办理方式", "会办")
	form.Click("交办")
	c.desk.Expect("已交办，承办单位会收到通知", leadUnit, assistUnit)
	look(c.desk, "36-dispatched")
}

// handle is signing for the case, the contact, and the assisting opinion.
func (c *journey) handle() {
	c.t.Helper()
	c.handler = c.claim(handler)
	c.signFor(c.handler, handler, "40-handler")
	c.handler.Click("登记沟通记录")
	contact := c.handler.Within("form[action$='/contact']", "")
	contact.Choose("沟通方式", "面商")
	contact.Fill("沟通日期", day(0))
	contact.Fill("沟通情况", "在市交通局会议室当面听取意见，一同到两所学校门口察看。")
	contact.Click("登记")
	c.handler.Expect("沟通记录已登记", "当面听取意见")
	look(c.handler, "42-contact")

	c.assistant = c.claim(assist)
	c.signFor(c.assistant, assist, "43-assist")
	opinion := c.assistant.Within("form[action$='/opinion']", "")
	opinion.Fill("文号", "江教函〔2031〕7 号")
	opinion.Fill("会办意见", "我局将指导学校分年级错峰放学，下学期开始实行。")
	opinion.Click("提交会办意见")
	c.assistant.Expect("会办意见已交主办单位", "已办复")
	look(c.assistant, "44-opinion")
}

// signFor opens what waits and signs for it.
func (c *journey) signFor(p *browser.Page, name, picture string) {
	c.t.Helper()
	p.Expect("等您签收")
	look(p, picture+"-home")
	p.Open("/assignments")
	look(p, picture+"-list")
	p.Click(title)
	look(p, picture+"-case")
	form := p.Within("form[action$='/sign']", "")
	form.Fill("承办科室", "综合科")
	form.Fill("经办人", name)
	form.Fill("联系电话", "010-0000-0000")
	form.Click("签收")
	p.Expect("已签收", "办理中")
	look(p, picture+"-signed")
}

// reply is written by the handler and issued by the unit's leader.
func (c *journey) reply() {
	c.t.Helper()
	h := c.handler
	h.Open(c.path)
	h.Expect("会办意见")
	h.Click("拟写答复")
	h.ExpectPath(`/reply$`)
	h.Fill("文号", "江交函〔2031〕12 号")
	h.Choose("办理结果分类", "A 类")
	h.Fill("答复正文", "您提出的提案收悉。我局会同市教育局现场踏勘，已在十一所学校门口完成划线，其余学校列入本年计划。")
	for i, answer := range []string{"已在十一所学校门口划定限时停车带。", "市教育局已下发通知，下学期起分年级放学。"} {
		item := h.Within("fieldset", []string{firstItem, secondItem}[i])
		item.Choose("采纳情况", "已采纳")
		item.Fill("答复", answer)
	}
	h.Choose("公开属性", "全文公开")
	h.Expect("已保存")
	look(h, "50-reply")
	h.Click("送领导签发")
	h.Expect("已送领导签发", "待签发")
	look(h, "51-submitted")

	p := c.claim(signer)
	p.Expect("等您签发")
	look(p, "52-signer")
	p.Absent("现在在" + handler)
	p.Click(title)
	p.ExpectPath(`^/replies/`)
	p.Expect("签发后立即送达：" + author + "、" + cosigner)
	look(p, "54-letter")
	p.Click("签发并印发")
	p.Expect("已签发，答复已送达每位提案者", "已送达，未阅")
	look(p, "55-issued")
	p.Click("打印版")
	look(p, "56-print")
}

// rate is what both proposers say; with the last the case is closed.
func (c *journey) rate() {
	c.t.Helper()
	c.cosigner = c.signIn(cosigner)
	for _, p := range []*browser.Page{c.author, c.cosigner} {
		p.Open("/")
		p.Expect("等您评价")
		look(p, "60-home")
		p.Open(c.path)
		p.Expect("已答复，待评价")
		look(p, "61-case")
		p.Click("去评价")
		look(p, "62-rate")
		p.Choose("对办理工作", "满意")
		p.Choose("对办理结果", "基本满意")
		p.Choose("承办单位是否与您沟通", "是")
		p.Fill("意见和建议", "希望其余学校年内完成。")
		p.Click("提交评价")
		p.Expect("评价已提交", "本人评价")
		look(p, "63-rated")
	}
	for _, p := range []*browser.Page{c.author, c.cosigner, c.office, c.desk, c.handler, c.assistant} {
		p.Open(c.path)
		p.Expect("已办结", "本案已于", "评价中最低的结果：基本满意")
		look(p, "70-closed")
	}
	c.author.Open("/inbox")
	c.author.Expect("已经办结")
	look(c.author, "71-inbox")
	c.author.Open("/help")
	look(c.author, "72-help")
}

// signIn opens another browser of somebody who has his account.
func (w *town) signIn(name string) *browser.Page {
	w.t.Helper()
	p := w.visitor(name)
	p.Open("/sign-in")
	look(p, "59-sign-in")
	p.Fill("登录名或手机号", phones()[name])
	p.Fill("密码", password)
	p.Click("登录")
	p.Expect("工作台")
	return p
}

// phones are those of the roster; members sign in by them.
func phones() map[string]string {
	return map[string]string{author: "10000000101", cosigner: "10000000102"}
}
