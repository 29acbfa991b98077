package longway_test

import (
	"fmt"
	"strings"

	"tongxin/e2e/browser"
	"tongxin/e2e/product"
	"tongxin/e2e/town"
)

// The promises of the reply.
const (
	firstPromise  = "打通滨江路二桥段人行通道并设置照明"
	secondPromise = "开通两条学生专线公交"
)

// chased is the formal letter to the assisting unit, which is late.
func (c *story) chased() {
	c.t.Helper()
	p := c.At(desk)
	p.Expect("单位逾期未办", title)
	town.Look(p, "40-desk-late")
	p.Open("/supervision")
	p.Expect(education, "逾期")
	town.Look(p, "41-overview")
	p.Open("/supervision/chases/new?what=late")
	p.Expect(education)
	town.Look(p, "42-chase")
	p.Click("发出催办")
	p.Expect("催办已发出")
	town.Look(p, "43-letter")
	c.oneText(assistantPhone, "催办单")

	p = c.At(assistant)
	p.Expect("催办待回复")
	town.Look(p, "44-chased-home")
	p.OpenFirst("main a[href^='/supervision/chases/']")
	p.Click("确认签收")
	p.Expect("已签收")
	town.Look(p, "45-chased")
}

// oneText makes sure that the last message to a phone came once, is signed, says what it
// is about, and does not name the case.
func (c *story) oneText(phone, about string) {
	c.t.Helper()
	c.Settle()
	var mine []product.Text
	for _, x := range c.Texts() {
		if x.Phone == phone && strings.Contains(x.Text, about) {
			mine = append(mine, x)
		}
	}
	if len(mine) != 1 || mine[0].Times != 1 || !mine[0].Signed {
		c.t.Fatalf("%s should have one message about %s: %+v of %+v", phone, about, mine, c.Texts())
	}
	if strings.Contains(mine[0].Text, title) || strings.Contains(mine[0].Text, "滨江路") {
		c.t.Errorf("the message names the case: %s", mine[0].Text)
	}
}

// waived is the lead going on without the opinion.
func (c *story) waived() {
	c.t.Helper()
	p := c.look(handler, "46-opinion-late", education, "已逾期")
	p.Click("免予" + education + "会办")
	form := p.Within("form[action$='/waive']", "")
	form.Fill("免予会办的理由", "会办意见已逾期，学校接送安排已与该局电话商定。")
	form.Click("免予会办")
	p.Expect("已免予会办")
	town.Look(p, "47-waived")
}

// prolonged is the wish for more time, granted, and the proposer seeing it.
func (c *story) prolonged() {
	c.t.Helper()
	p := c.At(handler)
	p.Click("申请延期")
	form := p.Within("form[action$='/extend']", "")
	form.Fill("延长到", "2026-06-30")
	form.Fill("延期的理由", "管线迁改方案四月下旬才能批复。")
	town.Look(p, "48-extend")
	form.Click("提交延期申请")
	p.Expect("延期申请已提交")

	p = c.At(desk)
	p.Open("/")
	p.Expect("延期申请等您审批")
	p = c.look(desk, "49-decide", "审批"+transport+"的延期申请")
	form = p.Within("form[action$='/decide']", "")
	form.Choose("审批意见", "同意延期")
	form.Click("提交审批意见")
	p.Expect("延期申请已处理")
	c.look(author, "50-author-extended", "2026年6月30日", "延期")
}

// promised is a reply of class B with two promises, up to the signature.
func (c *story) promised() {
	c.t.Helper()
	p := c.At(handler)
	p.Open(c.path)
	p.Click("拟写答复")
	c.write(p, "江交函〔2026〕18 号", "B 类", "您提出的提案收悉。打通断头路涉及管线迁改，计划分两步实施。")
	c.promise(p, 1, "第 1 条", firstPromise, "道路科 苏文博", "2026-05-08")
	c.promise(p, 2, "第 2 条", secondPromise, "公交科 江一帆", "2026-05-15")
	p.Expect("已保存")
	town.Look(p, "51-reply")
	p.Click("送领导签发")
	p.Expect("已送领导签发")
	c.sign("52-to-sign")
}

// write fills the reply but for its promises.
func (c *story) write(p *browser.Page, number, class, body string) {
	c.t.Helper()
	p.ExpectPath(`/reply(\?.*)?$`)
	p.Fill("文号", number)
	p.Choose("办理结果分类", class)
	p.Fill("答复正文", body)
	for i, answer := range []string{"五月先打通人行通道，年底前完成车行道。", "五月中旬开通两条专线，上下学各运行一小时。"} {
		item := p.Within("fieldset", []string{firstItem, secondItem}[i])
		outcome := "列入计划"
		if strings.HasPrefix(class, "A") {
			outcome = "已采纳"
		}
		item.Choose("采纳情况", outcome)
		item.Fill("答复", answer)
	}
	p.Choose("公开属性", "全文公开")
}

// promise fills one line of the promises.
func (c *story) promise(p *browser.Page, line int, about, text, owner, due string) {
	c.t.Helper()
	form := p.Within("#promises fieldset", fmt.Sprintf("承诺 %d", line))
	form.Choose("针对", about)
	form.Fill("承诺事项", text)
	form.Fill("责任人", owner)
	form.Fill("完成时间", due)
}

// sign is the signature of the unit's leader.
func (c *story) sign(picture string) {
	c.t.Helper()
	p := c.At(signer)
	p.Open("/")
	p.Expect("等您签发")
	p.OpenFirst("main a[href^='/replies/']")
	p.ExpectPath(`^/replies/`)
	town.Look(p, picture)
	p.Click("签发并")
	p.Expect("送交预审")
}

// readTwice is the reading: sent back with words, mended, and passed.
func (c *story) readTwice() {
	c.t.Helper()
	p := c.At(desk)
	p.Open("/")
	p.Expect("答复等您预审")
	p.OpenFirst("main a[href^='/replies/']")
	p.ExpectPath(`^/replies/`)
	p.Expect(firstPromise, secondPromise)
	town.Look(p, "53-reader")
	p.Click("退回单位修改")
	form := p.Within("form[action$='/send-back']", "")
	form.Fill("需要修改的地方", "车行道的完成时间没有写明，请补充。")
	form.Click("退回修改")
	p.Expect("答复已退回承办单位修改")
	town.Look(p, "54-sent-back")

	p = c.At(handler)
	p.Open("/")
	p.Expect("答复退回")
	p = c.look(handler, "55-returned", "车行道的完成时间没有写明")
	p.Click("拟写答复")
	p.Expect("车行道的完成时间没有写明")
	town.Look(p, "56-revise")
	p.Fill("答复正文", "您提出的提案收悉。打通断头路涉及管线迁改，人行通道五月打通，车行道十二月底前完工。")
	p.Click("送领导签发")
	p.Expect("已送领导签发")
	c.sign("57-to-sign-again")
	c.pass("58-read-again")
}

// pass lets the reply go out as it is.
func (c *story) pass(picture string) {
	c.t.Helper()
	p := c.At(desk)
	p.Open("/")
	p.OpenFirst("main a[href^='/replies/']")
	p.ExpectPath(`^/replies/`)
	town.Look(p, picture)
	p.Click("通过并印发")
	p.Expect("预审通过，答复已经印发")
}

// dissatisfied is what the member says, on the phone, and what follows.
func (c *story) dissatisfied() {
	c.t.Helper()
	p := c.At(author)
	p.Open("/")
	p.Expect("等您评价")
	p = c.look(author, "60-replied", "B 类", firstPromise)
	p.Click("查看答复函")
	town.Look(p, "61-letter")
	p.Click("去评价")
	p.Choose("对办理工作", "基本满意")
	p.Choose("对办理结果", "不满意")
	p.Choose("承办单位是否与您沟通", "是")
	town.Look(p, "62-rate")
	p.Click("提交评价")
	p.Expect("请写明理由")
	town.Look(p, "63-reason-asked")
	p.Fill("意见和建议", "只说计划，没有说清楚施工期间孩子怎么走。")
	p.Click("提交评价")
	p.Expect("评价已提交")
	p = c.look(author, "64-second-handling", "二次办理", "2026年5月8日")
	p.Absent("已办结")
}

// again is the second handling: a contact and a second reply.
func (c *story) again() {
	c.t.Helper()
	p := c.At(handler)
	p.Expect(title)
	town.Look(p, "65-again-home")
	p = c.look(handler, "66-again", "第 2 轮", "只说计划，没有说清楚施工期间孩子怎么走")
	p.Click("登记沟通记录")
	contact := p.Within("form[action$='/contact']", "")
	contact.Choose("沟通方式", "面商")
	contact.Fill("沟通日期", "2026-04-13")
	contact.Fill("沟通情况", "当面说明施工期间的便道和护学岗安排，委员表示认可。")
	contact.Click("登记")
	p.Expect("沟通记录已登记")
	p.Click("拟写答复")
	c.write(p, "江交函〔2026〕26 号", "B 类", "施工期间在桥西设便道，上下学时段由交警和志愿者值守；人行通道五月打通，车行道十二月底前完工。")
	for i, promise := range []string{firstPromise, secondPromise} { // they are not forgotten
		p.Within("#promises fieldset", fmt.Sprintf("承诺 %d", i+1)).ExpectValue("承诺事项", promise)
	}
	town.Look(p, "67-second-reply")
	p.Click("送领导签发")
	p.Expect("已送领导签发")
	c.sign("68-second-to-sign")
	c.pass("69-second-read")
}

// satisfied closes the case.
func (c *story) satisfied() {
	c.t.Helper()
	p := c.At(author)
	p.Open(c.path)
	p.Click("去评价")
	p.Choose("对办理工作", "满意")
	p.Choose("对办理结果", "满意")
	p.Choose("承办单位是否与您沟通", "是")
	p.Click("提交评价")
	p.Expect("评价已提交")
	c.look(author, "70-closed-author", "已办结", "评价中最低的结果：满意")
	c.look(handler, "71-closed-unit", "已办结", firstPromise)
	p = c.look(desk, "72-closed-desk", "已办结", "退办")
	p.Click(transport + "的答复 · B 类")
	p.Expect("预审退回", "车行道的完成时间没有写明")
}
