package longway_test

import (
	"os"
	"path/filepath"
	"strings"

	"tongxin/e2e/product"
	"tongxin/e2e/town"
)

// kept is the first promise, reported with evidence and confirmed by the member.
func (c *story) kept() {
	c.t.Helper()
	p := c.At(handler)
	p.Expect("要落实的承诺", firstPromise)
	town.Look(p, "80-owed")
	p.Open("/promises")
	p.Expect(firstPromise, secondPromise)
	town.Look(p, "81-register")
	c.report(firstPromise, "2026-05-05", "人行通道五月五日开放，长三百米、宽四米，两侧路灯已亮，现场照片可在局网站查看。", "82-keep")

	c.confirm(firstPromise, "83-confirm")
}

// report says on the page of a promise that it is kept.
func (c *story) report(promise, on, evidence, picture string) {
	c.t.Helper()
	p := c.At(handler)
	p.Open("/promises")
	p.Click(promise)
	p.ExpectPath(`^/promises/`)
	file := filepath.Join(c.t.TempDir(), "现场记录.txt")
	if err := os.WriteFile(file, []byte(evidence), 0o600); err != nil {
		c.t.Fatal(err)
	}
	p.Attach("选择文件", file)
	p.Click("上传")
	p.Expect("附件已上传", "现场记录.txt")
	form := p.Within("form[action$='/keep']", "")
	form.Fill("落实日期", on)
	form.Fill("落实情况", evidence)
	town.Look(p, picture)
	form.Click("提交报告")
	p.Expect("已报告落实", evidence)
}

// confirm is the member's word that a promise was kept, on the phone.
func (c *story) confirm(promise, picture string) {
	c.t.Helper()
	p := c.At(author)
	p.Open("/")
	p.Expect("请您确认的承诺")
	p.OpenFirst("main a[href^='/promises/']")
	p.Expect(promise)
	form := p.Within("form[action$='/confirm']", "")
	form.Choose("这项承诺落实了吗", "已经落实")
	town.Look(p, picture)
	form.Click("提交")
	p.Expect("谢谢您的确认")
}

// late is the second promise: the unit is chased by text message, once, and everybody
// concerned sees that it is late.
func (c *story) late() {
	c.t.Helper()
	c.oneText(handlerPhone, "承诺")
	c.Move("2026-05-18T09:45") // the reminder comes once, however often the clock looks
	c.oneText(handlerPhone, "承诺")
	for _, x := range c.Texts() {
		if x.Phone == handlerPhone {
			c.t.Logf("the text message: %s", x.Text)
		}
	}

	p := c.At(handler)
	p.Expect("承诺逾期未落实")
	town.Look(p, "84-late-home")
	p = c.At(desk)
	p.Expect("逾期未落实的承诺")
	town.Look(p, "85-late-desk")
	p.Open("/promises?state=late")
	p.Expect(secondPromise, "逾期")
	town.Look(p, "86-late-register")
	c.look(author, "87-late-author", "逾期未落实")
}

// keptAfterAll is the late promise, kept and confirmed.
func (c *story) keptAfterAll() {
	c.t.Helper()
	c.report(secondPromise, "2026-05-18", "两条专线五月十八日首班发车，站牌和时刻表已公布。", "88-keep-late")
	c.confirm(secondPromise, "89-confirm-late")
}

// risen is the follow-up reply: the case is A now, its first reply stays B.
func (c *story) risen() {
	c.t.Helper()
	p := c.look(handler, "90-follow-up", "承诺已经全部落实")
	p.Click("开始写续复")
	p.Expect("续复已开始拟稿")
	c.write(p, "江交函〔2026〕37 号", "A 类", "两项承诺均已落实：人行通道已开放，两条学生专线已开行，车行道按期推进。")
	town.Look(p, "91-follow-up-draft")
	p.Click("送领导签发")
	p.Expect("已送领导签发")
	c.sign("92-follow-up-sign")
	c.pass("93-follow-up-read")

	p = c.look(author, "94-author-at-the-end", "的续复", "A 类", "B 类")
	p.Open("/proposals")
	p.Expect(title, "A 类")
	town.Look(p, "95-list")
	p = c.At(office)
	p.Open("/promises/look-back?year=2026")
	p.Expect(transport)
	town.Look(p, "96-look-back")
	p.Open("/supervision")
	town.Look(p, "97-overview-office")
}

// appraised is the unit's score of the year.
func (c *story) appraised() {
	c.t.Helper()
	p := c.At(office)
	p.Open("/appraisal/new")
	p.Fill("年度", "2026")
	p.Choose("从哪里开始", "范例：百分制（")
	p.Click("开始起草")
	p.Expect("已开始起草")
	town.Look(p, "a0-scheme")
	p.Click("模拟测算")
	p.Expect("已按现有记录测算", transport)
	p.Within("tr", education).Expect("较差") // its opinion was late when it was waived
	town.Look(p, "a1-simulated")
	p.Within("form[action$='/publish']", "").Click("公布")
	p.Expect("已公布，各单位会收到通知")

	p = c.At(handler)
	p.Open("/appraisal")
	p.Expect("2026")
	town.Look(p, "a2-unit")
	p.OpenFirst("main a[href*='/units/']")
	p.Expect(transport)
	town.Look(p, "a3-sheet")
}

// archived is the file of the case, and its check without the house.
func (c *story) archived() {
	c.t.Helper()
	p := c.At(office)
	p.Open("/archive")
	p.Expect(title)
	town.Look(p, "b0-archive")
	p.Click(title)
	p.ExpectPath(`^/archive/`)
	town.Look(p, "b1-contents")
	p.Within("form[action^='/archive/proposal/']", "归档").Click("归档")
	p.Expect("已归档")
	town.Look(p, "b2-archived")

	file := filepath.Join(c.t.TempDir(), "case.zip")
	if err := os.WriteFile(file, p.Fetch("下载"), 0o600); err != nil {
		c.t.Fatal(err)
	}
	said, err := product.Run(c.t, nil, "archive", "verify", file)
	if err != nil || !strings.Contains(said, title) {
		c.t.Errorf("the file is not accepted: %v\n%s", err, said)
	}
}
