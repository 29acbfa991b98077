package longway_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongxin/e2e/browser"
	"tongxin/e2e/product"
	"tongxin/e2e/town"
)

func TestMain(m *testing.M) {
	os.Exit(browser.Main(func() int {
		return product.Main(func() int { return product.WithClock(m.Run) })
	}))
}

// The people and the units of the case. Nobody and nothing of them exists.
const (
	author = "周知远"
	office = "沈听雨"
	chief  = "顾长风"
	desk   = "唐守正"

	water     = "江城市水利局" // the wrong unit
	transport = "江城市交通运输局"
	education = "江城市教育局"

	stray, strayLead = "罗青山", "冯远帆" // of the wrong unit
	handler, signer  = "苏文博", "陆承平"
	assistant        = "白晓岚"

	deskName  = "江城市政府督查室"
	committee = "提案委员会"
	sector    = "教育界"
)

const (
	handlerPhone   = "10000000201"
	assistantPhone = "10000000202"
)

const gatewayKey = "a key that only this gateway knows"

// found sets the committee up, on a Monday in March.
func found(t *testing.T) *town.Town {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "gateway-key")
	if err := os.WriteFile(secret, []byte(gatewayKey), 0o600); err != nil {
		t.Fatal(err)
	}
	return town.Found(t, town.Plan{
		At: "2026-03-02T09:00",
		Bodies: []town.Body{
			{Kind: "special_committee", Name: committee}, {Kind: "sector", Name: sector}, {Kind: "supervision_government", Name: deskName},
			{Kind: "unit", Name: water, Channel: "government"}, {Kind: "unit", Name: transport, Channel: "government"}, {Kind: "unit", Name: education, Channel: "government"},
		},
		People: []town.Person{
			{Name: author, Login: "zhouzhiyuan", Kind: "member", Sector: sector, Phone: "10000000101", Screen: browser.Phone()},
			{Name: office, Login: "shentingyu", Kind: "office", Body: committee},
			{Name: chief, Login: "guchangfeng", Kind: "chief", Body: committee},
			{Name: desk, Login: "tangshouzheng", Kind: "dispatcher", Body: deskName},
			{Name: stray, Login: "luoqingshan", Kind: "handler", Body: water},
			{Name: strayLead, Login: "fengyuanfan", Kind: "signer", Body: water},
			{Name: handler, Login: "suwenbo", Kind: "handler", Body: transport, Phone: handlerPhone},
			{Name: signer, Login: "luchengping", Kind: "signer", Body: transport},
			{Name: assistant, Login: "baixiaolan", Kind: "handler", Body: education, Phone: assistantPhone},
		},
		Args: []string{"--sms-secret-file", secret, "--sms-sign", "【江城政协】", "--outbound-private", "127.0.0.0/8"},
	})
}

// The case.
const (
	title = "关于打通滨江路断头路方便两岸学生上学的提案"
	text  = "滨江路在二桥桥头中断，两岸六千余名学生每天绕行三公里，上下学时段桥头拥堵，去年发生轻微事故九起。"

	firstItem  = "打通滨江路二桥段三百米断头路，同步建设人行过街设施。"
	secondItem = "在桥头增设学生专线公交，上下学时段每十分钟一班。"
)

// file has the proposal submitted, reviewed and filed; it answers its path.
func file(w *town.Town) string {
	id := town.Post[town.Made](w.As(author), "/api/v1/proposals/submit", town.Fields{"title": title, "category": "society", "publish": "agreed",
		"background": strings.Repeat(text, 3), "basis": "一月至二月走访学校四所、社区三个，桥头现场计数六次。", "items": []string{firstItem, secondItem}}).ID
	town.Post[town.Done](w.As(office), "/api/v1/proposals/"+id+"/review", town.Fields{"opinion": "事实清楚，建议具体，拟同意立案。"})
	town.Post[town.Done](w.As(chief), "/api/v1/proposals/filing", town.Fields{"ids": []string{id}})
	return "/proposals/" + id
}
