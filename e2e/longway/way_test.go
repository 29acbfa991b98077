package longway_test

import (
	"testing"

	"tongxin/e2e/browser"
	"tongxin/e2e/town"
)

// The long way of one case, in the order of the year.
func TestOneCaseGoesTheLongWay(t *testing.T) {
	t.Parallel()
	w := found(t)
	c := &story{Town: w, t: t}
	c.rules()
	c.path = file(w)
	c.dispatch()

	w.Move("2026-03-04T09:30")
	c.givenBack()
	c.signedFor()

	w.Move("2026-04-08T09:30") // the assisting opinion was due on the first
	c.chased()
	c.waived()
	c.prolonged()
	c.promised()
	c.readTwice()
	c.dissatisfied()

	w.Move("2026-04-14T09:30")
	c.again()
	c.satisfied()

	w.Move("2026-05-06T09:30")
	c.kept()

	w.Move("2026-05-18T09:30") // the second promise was due on the fifteenth
	c.late()
	c.keptAfterAll()
	c.risen()

	w.Move("2027-01-11T09:30")
	c.appraised()
	c.archived()
}

// story is the case on its way.
type story struct {
	*town.Town
	t    *testing.T
	path string // of the case
}

// look is somebody at his screen, on the page of the case, as it must stand.
func (c *story) look(name, picture string, texts ...string) *browser.Page {
	c.t.Helper()
	p := c.At(name)
	p.Open(c.path)
	p.Expect(texts...)
	town.Look(p, picture)
	return p
}

// rules has replies read before they go out, and kept promises confirmed.
func (c *story) rules() {
	c.t.Helper()
	p := c.At(chief)
	p.Open("/setup/rules")
	p.Expect("复文预审", "承诺跟踪")
	town.Look(p, "01-rules")
	p.Open("/setup/rules/reading")
	p.Tick("答复印发前须经预审")
	p.Fill("修改理由", "主席会议决定，今年起答复印发前先由督查室预审。")
	town.Look(p, "02-reading")
	p.Click("保存修改")
	p.Expect("规则已修改，立即生效")
	p.Open("/setup/rules/promise")
	p.Tick("兑现后请提案者确认")
	town.Look(p, "03-promise")
}

// dispatch sends the case to the desk, and the desk sends it to the wrong unit.
func (c *story) dispatch() {
	c.t.Helper()
	p := c.look(office, "10-route")
	route := p.Within("form[action='/dispatch/route']", "")
	route.Choose("交办去向", deskName)
	route.Click("送出")
	p.Expect("已送出")

	p = c.look(desk, "11-dispatch")
	form := p.Within("form[action='/dispatch']", "")
	for i, unit := range []string{water, education} {
		line := form.Within(".form-grid", []string{"单位 1", "单位 2"}[i])
		line.Fill([]string{"单位 1", "单位 2"}[i], unit)
		line.Choose("办理方式", []string{"主办", "会办"}[i])
	}
	form.Click("交办")
	p.Expect("已交办，承办单位会收到通知", water, education)
}

// givenBack is the objection of the wrong unit, its leader's consent, and the ruling.
func (c *story) givenBack() {
	c.t.Helper()
	p := c.At(stray)
	p.Expect("等您签收")
	p = c.look(stray, "20-wrong-unit", "申请退办")
	p.Click("申请退办")
	object := p.Within("form[action$='/object']", "")
	object.Fill("不属于本单位职责的理由", "市政道路和公交线路由交通运输部门负责，我局只管堤防。")
	object.Fill("建议改由哪个单位承办", transport)
	town.Look(p, "21-object")
	object.Click("提出退办")
	p.Expect("退办申请已提交")
	town.Look(p, "22-objected")

	p = c.At(strayLead)
	p.Expect("退办")
	town.Look(p, "23-leader-home")
	p = c.look(strayLead, "24-consent", "退办申请等您同意")
	p.Click("同意并送交办单位")
	p.Expect("已同意退办申请")

	p = c.At(desk)
	town.Look(p, "25-desk-home")
	p = c.look(desk, "26-rule", "裁定"+water+"的退办申请", strayLead+"已同意")
	rule := p.Within("form[action$='/rule']", "")
	rule.Choose("裁定", "同意退办")
	rule.ExpectValue("改由哪个单位承办", transport)
	rule.Fill("裁定意见", "所涉事项以道路和公交为主，改由市交通运输局主办。")
	rule.Click("作出裁定")
	p.Expect("退办申请已裁定", "同意退办，改由"+transport+"承办")
	town.Look(p, "27-ruled")

	c.look(author, "28-author-after-ruling", transport)
	p = c.At(stray)
	p.Open(c.path)
	p.Absent("签收（" + water + "）")
	town.Look(p, "29-released")
}

// signedFor is the right unit's and the assisting unit's receipt, and the contact.
func (c *story) signedFor() {
	c.t.Helper()
	for _, name := range []string{handler, assistant} {
		p := c.look(name, "30-sign-"+name)
		form := p.Within("form[action$='/sign']", "")
		form.Fill("经办人", name)
		form.Fill("联系电话", "010-0000-0000")
		form.Click("签收")
		p.Expect("已签收", "办理中")
	}
	p := c.look(handler, "31-signed")
	p.Click("登记沟通记录")
	contact := p.Within("form[action$='/contact']", "")
	contact.Choose("沟通方式", "现场办理")
	contact.Fill("沟通日期", "2026-03-04")
	contact.Fill("沟通情况", "与委员一同到桥头察看，初步商定先打通人行通道。")
	contact.Click("登记")
	p.Expect("沟通记录已登记")
}
