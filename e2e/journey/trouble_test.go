package journey_test

import (
	"testing"

	"tongxin/e2e/browser"
	"tongxin/e2e/product"
)

// city is a running demo, for what goes wrong in it.
type city struct{ address, password string }

func openCity(t *testing.T) city {
	t.Helper()
	p := product.Start(t, nil, "demo", "--listen", "127.0.0.1:0", "--proposals", "20")
	return city{address: p.Address(), password: p.Line(`the password is (\S+) for all`)[1]}
}

func (c city) visit(t *testing.T, login string, v browser.Visitor) *browser.Page {
	t.Helper()
	v.Name, v.Address = login, c.address
	p := browser.Start(t).Visit(v)
	c.enter(p, login)
	return p
}

// enter signs in.
func (c city) enter(p *browser.Page, login string) {
	p.Open("/sign-in")
	p.Fill("登录名或手机号", login)
	p.Fill("密码", c.password)
	p.Click("登录")
	p.ExpectPath(`^/$`)
}

// compose fills a new proposal in, ready to submit.
func compose(p *browser.Page, title string) {
	p.Open("/proposals/new")
	p.Fill("案由", title)
	p.Choose("类别", "社会建设")
	p.Fill("正文", text)
	p.Fill("调研依据", "走访学校九所，访谈家长四十六人。")
	p.Within("[data-row]", "建议 1").Fill("建议内容", firstItem)
	p.Choose("公开意愿", "同意公开")
}

// begin starts a draft and answers its path.
func begin(p *browser.Page, title string) string {
	p.Open("/proposals/new")
	p.Fill("案由", title)
	p.Click("保存草稿")
	p.Expect("草稿已保存")
	return p.ExpectPath(`^(/proposals/[^/?]+)/edit`)[1]
}

// only makes sure that exactly one proposal has the title.
func only(p *browser.Page, title string) {
	p.Open("/proposals?q=" + title)
	p.Expect("共 1 件", title)
}

func TestWhatGoesWrongIsAnsweredAndNothingIsLost(t *testing.T) {
	t.Parallel()
	c := openCity(t)
	for name, test := range map[string]func(*testing.T, city){
		"the session ends while typing":     sessionEnds,
		"the network goes away":             networkGoes,
		"submit is clicked twice":           clickedTwice,
		"back after submitting":             backAfterwards,
		"two tabs write the same draft":     twoTabs,
		"no script runs":                    withoutScript,
		"what you may not see is not there": notYours,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, c)
		})
	}
}

func sessionEnds(t *testing.T, c city) {
	t.Helper()
	const was, typed = "会话结束前的案由", "会话结束后输入的案由"
	p := c.visit(t, "member", browser.Visitor{Screen: browser.Phone()})
	path := begin(p, was)

	other := p.NewTab()
	other.Open("/account")
	other.Click("退出登录")
	other.ExpectPath(`^/sign-in`)
	p.Fill("案由", typed)
	p.Expect("登录已失效，内容已保存在本机", "重新登录")
	look(p, "80-signed-out")

	c.enter(other, "member")
	p.Reload()
	p.ExpectValue("案由", was)
	p.Expect("尚未上传的内容")
	look(p, "80-restore")
	p.Click("恢复这些内容")
	p.ExpectValue("案由", typed)
	p.Expect("已保存")
	p.Absent("尚未上传的内容")
	other.Open(path + "/edit")
	other.ExpectValue("案由", typed)
}

func networkGoes(t *testing.T, c city) {
	t.Helper()
	const typed = "断网时输入的案由"
	p := c.visit(t, "member", browser.Visitor{Screen: browser.Phone()})
	path := begin(p, "断网前的案由")
	p.Tolerate("/draft")
	p.Offline(true)
	p.Fill("案由", typed)
	p.Expect("网络不通，已保存在本机")
	p.Offline(false)
	p.Expect("已保存 ")

	desk := c.visit(t, "member", browser.Visitor{}) // goes on at another device
	desk.Open(path + "/edit")
	desk.ExpectValue("案由", typed)
}

func clickedTwice(t *testing.T, c city) {
	t.Helper()
	for _, s := range []browser.Screen{browser.Phone(), browser.Desktop()} {
		title := "连点两次提交的提案" + s.Name
		p := c.visit(t, "member", browser.Visitor{Screen: s})
		compose(p, title)
		p.ClickTwice("提交")
		p.Expect("提案回执", title)
		only(p, title)
	}
}

func backAfterwards(t *testing.T, c city) {
	t.Helper()
	const title = "提交以后按返回的提案"
	p := c.visit(t, "member", browser.Visitor{})
	compose(p, title)
	p.Expect("已保存")
	p.Click("保存草稿")
	p.Expect("草稿已保存")
	p.Click("提交")
	p.Expect("提案回执", title)
	p.Back()
	p.Expect("审查中", title) // the case as it is, not a form to submit again
	look(p, "81-back")
	only(p, title)
}

func twoTabs(t *testing.T, c city) {
	t.Helper()
	const first, second = "第一个窗口改的案由", "第二个窗口改的案由"
	p := c.visit(t, "member", browser.Visitor{})
	path := begin(p, "两个窗口都打开的草稿")
	other := p.NewTab()
	other.Open(path + "/edit")
	p.Fill("案由", first)
	p.Expect("已保存")
	p.Click("保存草稿")
	p.Expect("草稿已保存")

	other.Fill("案由", second)
	other.Expect("另一台设备上有更新的版本，本机内容已保留", "查看最新版本")
	other.Click("保存草稿")
	other.Expect("别人已经改动了这一项")
	other.ExpectStatus(409)
	other.ExpectValue("案由", second)
	look(other, "82-stale")
	other.Click("查看系统中保存的最新内容")
	other.Expect(first)
	other.Click("保存草稿") // now knowingly
	other.Expect("草稿已保存")
	p.Open(path + "/edit")
	p.ExpectValue("案由", second)
}

func withoutScript(t *testing.T, c city) {
	t.Helper()
	const title = "没有脚本也能提交的提案"
	p := c.visit(t, "member", browser.Visitor{NoScript: true})
	p.Open("/proposals/new")
	p.FitsWidth()
	p.Fill("案由", title)
	p.Click("提交")
	p.Expect("请改正以下", "请填写正文", "请写明调研依据", "至少写 1 条建议", "请选择是否同意公开")
	p.ExpectStatus(422)
	p.ExpectValue("案由", title)
	p.Choose("类别", "社会建设")
	p.Fill("正文", text)
	p.Fill("调研依据", "走访学校九所，访谈家长四十六人。")
	p.Within("[data-row]", "建议 1").Fill("建议内容", firstItem)
	p.Within("[data-row]", "建议 2").Fill("建议内容", secondItem)
	p.Choose("公开意愿", "同意公开")
	p.Screenshot("83-no-script")
	p.ClickTwice("提交")
	p.Expect("提案回执", title)
	p.Click("查看提案")
	p.Expect(firstItem, secondItem)
	only(p, title)
}

func notYours(t *testing.T, c city) {
	t.Helper()
	const title = "别人看不到的草稿"
	member := c.visit(t, "member", browser.Visitor{})
	path := begin(member, title)
	for _, login := range []string{"office", "handler", "system_admin"} {
		p := c.visit(t, login, browser.Visitor{})
		for _, page := range []string{path, path + "/edit", path + "/signers", path + "/word", "/replies/none", "/cases/proposal/none/reply"} {
			p.Open(page)
			p.ExpectStatus(404)
			p.Expect("没有找到")
			p.Absent(title)
		}
		look(p, "84-not-found")
		p.Open("/proposals?q=" + title)
		p.Absent("共 1 件")
	}
	for _, page := range []string{"/setup/people", "/setup/terms", "/accounts", "/dispatch", "/proposals/filing", "/setup/roster"} {
		member.Open(page)
		if s := member.Status(); s != 404 && s != 403 {
			t.Errorf("%s answered a member with %d", page, s)
		}
	}
}
