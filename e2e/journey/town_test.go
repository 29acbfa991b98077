package journey_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"tongxin/e2e/browser"
	"tongxin/e2e/product"
)

func TestMain(m *testing.M) {
	os.Exit(browser.Main(func() int { return product.Main(m.Run) }))
}

// password is everybody's here; it satisfies the strictest rule.
const password = "Lantian-2031-qiao"

// The committee of the journey. Nobody and nothing in it exists.
const (
	committeeName = "政协江城市委员会"
	specialName   = "提案委员会"
	deskName      = "江城市政府督查室"
	leadUnit      = "江城市交通运输局"
	assistUnit    = "江城市教育局"

	author   = "周知远" // member A
	cosigner = "林若溪" // member B
	office   = "沈听雨"
	chief    = "顾长风"
	desk     = "唐守正"
	handler  = "苏文博" // of the leading unit
	signer   = "陆承平" // of the leading unit
	assist   = "白晓岚" // handler of the assisting unit
)

// post is what somebody of the staff is given.
type post struct{ name, kind, body string }

func staff() []post {
	return []post{
		{office, "提案委办公室", specialName},
		{chief, "提案委主任", specialName},
		{desk, "督查室", deskName},
		{handler, "经办人", leadUnit},
		{signer, "签发领导", leadUnit},
		{assist, "经办人", assistUnit},
	}
}

// screens says who sits at a desk and who holds a phone.
type screens struct{ members, staff browser.Screen }

func (s screens) of(name string) browser.Screen {
	if name == author || name == cosigner {
		return s.members
	}
	return s.staff
}

// town is a committee founded on an empty machine, and the browsers of its people.
type town struct {
	t       *testing.T
	browser *browser.Browser
	screens screens
	address string
	codes   map[string]string // one-time codes by name
}

// look is what every page met must stand.
func look(p *browser.Page, picture string) {
	p.Absent("⟦")
	p.FitsWidth()
	p.Axe()
	p.Screenshot(picture)
}

func (w *town) visitor(name string) *browser.Page {
	w.t.Helper()
	return w.browser.Visit(browser.Visitor{Name: name, Address: w.address, Screen: w.screens.of(name)})
}

// found starts the product on nothing and sets a committee up, as README tells.
func found(t *testing.T, s screens) *town {
	t.Helper()
	folder := t.TempDir()
	served := product.Start(t, nil, "serve", "--database", filepath.Join(folder, "tongxin.db"),
		"--data", filepath.Join(folder, "data"), "--listen", "127.0.0.1:0")
	w := &town{t: t, browser: browser.Start(t), screens: s, address: served.Address(), codes: map[string]string{}}
	code := served.Line(`^\s+([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})$`)[1]

	p := w.visitor("系统管理员")
	w.enable(p, code)
	w.addBodies(p)
	w.importRoster(p)
	for _, x := range staff() {
		w.hire(p, x)
	}
	look(p, "05-person")
	w.issueCodes(p)
	return w
}

// day is the day so many days from today, as a date field keeps it.
func day(days int) string {
	return time.Now().In(time.FixedZone("Beijing", 8*3600)).AddDate(0, 0, days).Format(time.DateOnly)
}

// enable founds the committee; its plenary takes proposals now.
func (w *town) enable(p *browser.Page, code string) {
	w.t.Helper()
	p.Open("/setup")
	look(p, "01-found")
	p.Fill("启用码", code)
	p.Fill("全称", committeeName)
	p.Fill("简称", "江城市政协")
	p.Choose("层级", "地市级")
	p.Fill("第几届", "14")
	p.Fill("任期开始", day(-300))
	p.Fill("第几次", "3")
	p.Fill("开幕", day(5))
	p.Fill("闭幕", day(12))
	p.Fill("提案征集开始", day(-30)+"T09:00")
	p.Fill("大会提案截止", day(8)+"T18:00")
	p.Fill("系统管理员姓名", "秦思齐")
	p.Fill("系统管理员登录名", "qinsiqi")
	p.Fill("设定密码", password)
	p.Fill("再填一次密码", password)
	p.Fill("安全管理员姓名", "严格己")
	p.Fill("审计管理员姓名", "方正明")
	p.Click("启用")
	p.Expect("启用成功", "严格己", "方正明")
	look(p, "02-founded")
	p.Click("继续设置")
	p.Expect("工作日历")
	look(p, "03-setup")
}

// addBodies pastes every list, line by line.
func (w *town) addBodies(p *browser.Page) {
	w.t.Helper()
	for _, list := range []struct{ kind, lines string }{
		{"界别", "教育界\n经济界"},
		{"专委会", specialName + ",提案委"},
		{"承办单位", leadUnit + ",市交通局\n" + assistUnit + ",市教育局"},
		{"市政府督查室", deskName},
	} {
		p.Open("/setup/bodies")
		p.Within("main nav", "承办单位").Click(list.kind)
		p.Click("批量新增")
		form := p.Within("form[action='/setup/bodies/paste']", "")
		form.Fill("名称列表", list.lines)
		form.Click("批量新增")
		p.Expect("机构已批量新增")
		look(p, "04-bodies-"+list.kind)
	}
}

// importRoster tries a wrong file first, then a right one in GBK.
func (w *town) importRoster(p *browser.Page) {
	w.t.Helper()
	p.Open("/setup/roster")
	look(p, "04-roster")
	p.Attach("名册文件", "testdata/roster-wrong.csv")
	p.Click("预检")
	p.Expect("请在文件中改正后重新预检", "请填写这一项", "手机号“12”不正确", "还没有建立")
	look(p, "04-roster-wrong")
	p.Click("重新选择文件")
	p.Attach("名册文件", "testdata/roster-gbk.csv")
	p.Click("预检")
	p.Expect("没有发现问题")
	look(p, "04-roster-fine")
	p.Click("导入")
	p.Expect("名册已导入", "共 3 人")
	look(p, "04-roster-done")
}

// hire enters somebody of the staff and gives him his post.
func (w *town) hire(p *browser.Page, x post) {
	w.t.Helper()
	p.Open("/setup/people/new")
	p.Fill("姓名", x.name)
	p.Click("保存，接着登记职务")
	form := p.Within("form[action$='/posts']", "")
	form.Choose("职务种类", x.kind)
	form.Choose("所在机构", x.body)
	form.Click("登记职务")
	p.Expect("职务已登记", "在任")
}

var slip = regexp.MustCompile(`(\S+) 领取码 (\S+) 登录名 (\S+) `)

// issueCodes issues them to all at once and reads the slips.
func (w *town) issueCodes(p *browser.Page) {
	w.t.Helper()
	p.Open("/setup/people")
	look(p, "05-people")
	p.Open("/accounts")
	look(p, "06-accounts")
	p.Click("为所有没有账号的人员发码")
	p.Expect("领取码通知单")
	look(p, "06-slips")
	for _, m := range slip.FindAllStringSubmatch(p.Words(), -1) {
		w.codes[m[1]] = m[2]
	}
	for _, name := range []string{author, cosigner, office, chief, desk, handler, signer, assist} {
		if w.codes[name] == "" {
			w.t.Fatalf("no slip for %s among %s", name, p.Words())
		}
	}
}

// claim opens somebody's own browser and takes the account there.
func (w *town) claim(name string) *browser.Page {
	w.t.Helper()
	p := w.visitor(name)
	p.Open("/sign-in")
	p.Click("第一次使用？凭领取码领取账号")
	p.Fill("领取码", w.codes[name])
	p.Fill("设定密码", password)
	p.Fill("再填一次密码", password)
	p.Click("领取并登录")
	p.ExpectPath(`^/(\?.*)?$`)
	p.Expect("工作台")
	return p
}
