package keyyear_test

import (
	"fmt"
	"strings"

	"tongxin/e2e/browser"
)

// The people of the journey.
const (
	admin  = "秦思齐"
	office = "沈听雨"
	chief  = "顾长风"
	desk   = "唐守正" // of the government's supervision office
	party  = "贺明川" // of the Party's

	chair = "陆行简" // leaders
	vice  = "温如初"
	mayor = "韩致远"

	zhou  = "周知远" // members
	lin   = "林若溪"
	jiang = "江一帆"
)

// The units.
const (
	transport = "江城市交通运输局"
	education = "江城市教育局"
	health    = "江城市卫生健康委员会"
	housing   = "江城市住房和城乡建设局"
	ecology   = "江城市生态环境局"
	social    = "中共江城市委社会工作部"
)

const (
	governmentDesk = "江城市政府督查室"
	partyDesk      = "中共江城市委督查室"
	proposals      = "提案委员会"
	livelihood     = "社会和法制委员会"
	economy        = "经济和科技委员会"
)

// person is somebody with a post; login is by what he signs in.
type person struct{ name, login, kind, body, title string }

func people() []person {
	const home = ""
	return []person{
		{zhou, "zhouzhiyuan", "member", home, "委员"}, {lin, "linruoxi", "member", home, "委员"}, {jiang, "jiangyifan", "member", home, "常务委员"},
		{chair, "luxingjian", "leader", home, "主席"}, {vice, "wenruchu", "leader", home, "副主席"}, {mayor, "hanzhiyuan", "leader", home, "副市长"},
		{office, "shentingyu", "office", proposals, "办公室主任科员"}, {chief, "guchangfeng", "chief", proposals, "主任"},
		{desk, "tangshouzheng", "dispatcher", governmentDesk, "督查专员"}, {party, "hemingchuan", "dispatcher", partyDesk, "督查专员"},
		{"苏文博", "suwenbo", "handler", transport, ""}, {"陆承平", "luchengping", "signer", transport, ""},
		{"白晓岚", "baixiaolan", "handler", education, ""}, {"石砚秋", "shiyanqiu", "signer", education, ""},
		{"叶知秋", "yezhiqiu", "handler", health, ""}, {"纪怀远", "jihuaiyuan", "signer", health, ""},
		{"方亦然", "fangyiran", "handler", housing, ""}, {"孟繁星", "mengfanxing", "signer", housing, ""},
		{"何清越", "heqingyue", "handler", ecology, ""}, {"宋望舒", "songwangshu", "signer", ecology, ""},
		{"许安澜", "xuanlan", "handler", social, ""}, {"邵景行", "shaojingxing", "signer", social, ""},
	}
}

func login(name string) string {
	if name == admin {
		return "qinsiqi"
	}
	for _, x := range people() {
		if x.name == name {
			return x.login
		}
	}
	return name
}

// in is who holds a kind of post in a body.
func in(body, kind string) string {
	for _, x := range people() {
		if x.body == body && x.kind == kind {
			return x.name
		}
	}
	return ""
}

// screenOf says who holds a phone: members, leaders, and the handler who is on the road.
func screenOf(name string) browser.Screen {
	for _, x := range people() {
		if x.name == name && (x.kind == "member" || x.kind == "leader") {
			return browser.Phone()
		}
	}
	return browser.Desktop()
}

// furnish founds the committee and gives it its bodies and people.
func (w *town) furnish(code string) {
	w.t.Helper()
	nobody := &clerk{town: w}
	out := post[struct {
		CommitteeID string `json:"committee_id"`
		SignedIn    struct{ Token string }
	}](nobody, "/api/v1/found", fields{"code": code, "name": "政协江城市委员会", "short_name": "江城市政协", "level": "city", "term": 14, "term_starts_on": "2024-01-10",
		"number": 3, "opens_on": "2026-01-13", "closes_on": "2026-01-17", "collect_from": "2025-11-01T09:00:00+08:00", "cutoff_at": "2026-01-16T18:00:00+08:00",
		"admin_name": admin, "login": login(admin), "password": password, "again": password, "security_name": "严格己", "auditor_name": "方正明"})
	w.bodies[""] = out.CommitteeID
	w.addBodies()
	w.addPeople()
}

func (w *town) addBodies() {
	w.t.Helper()
	a := w.as(admin)
	for kind, names := range map[string][]string{
		"special_committee": {proposals, livelihood, economy}, "sector": {"教育界", "经济界", "医药卫生界"},
		"supervision_government": {governmentDesk}, "supervision_party": {partyDesk},
		"unit": {transport, education, health, housing, ecology, social},
	} {
		for i, name := range names {
			x := fields{"kind": kind, "name": name, "sort": i}
			if kind == "unit" {
				x["channel"] = channel(name)
			}
			w.bodies[name] = post[made](a, "/api/v1/bodies", x).ID
		}
	}
	for _, b := range get[[]struct{ ID, Kind string }](a, "/api/v1/bodies") {
		if b.Kind == "committee" {
			w.bodies[""] = b.ID
		}
	}
}

func channel(unit string) string {
	if unit == social {
		return "party"
	}
	return "government"
}

func (w *town) addPeople() {
	w.t.Helper()
	a := w.as(admin)
	term := get[[]made](a, "/api/v1/terms")[0].ID
	var ids []string
	names := map[string]string{}
	for i, x := range people() {
		id := post[made](a, "/api/v1/people", fields{"name": x.name, "phone": fmt.Sprintf("10000000%03d", 201+i)}).ID
		post[made](a, "/api/v1/people/"+id+"/posts", fields{"body_id": w.bodies[x.body], "kind": x.kind, "title": x.title})
		if x.kind == "member" {
			sector := []string{"教育界", "经济界", "医药卫生界"}[i%3]
			post[made](a, "/api/v1/memberships", fields{"person_id": id, "term_id": term, "sector_id": w.bodies[sector]})
		}
		ids, names[id], w.people[x.name] = append(ids, id), x.name, id
	}
	slips := post[struct {
		Slips []struct {
			PersonID string `json:"person_id"`
			Code     string
		}
	}](a, "/api/v1/accounts/codes", fields{"people": ids}).Slips
	for _, s := range slips {
		name := names[s.PersonID]
		in := post[struct{ Token string }](&clerk{town: w}, "/api/v1/claim", fields{"code": s.Code, "login": login(name), "password": password, "again": password})
		w.clerks[name] = &clerk{w, in.Token}
	}
}

// paper is a proposal: what it is about, who wrote it, who handles it, and what became of
// it as a key proposal.
type paper struct {
	title, category, author, unit, assist string

	id         string // of the proposal
	assignment string // of the unit
}

// papers are the twenty proposals of the session. The first fifteen are recommended, the
// fifteenth is not chosen, the fourteenth dropped, and there is no room for the thirteenth.
func papers() []*paper {
	list := []*paper{
		{title: "关于打通断头路畅通城市微循环的提案", category: "society", author: zhou, unit: transport, assist: housing},
		{title: "关于扩大普惠托育服务供给的提案", category: "society", author: lin, unit: education, assist: health},
		{title: "关于推进分级诊疗做强社区医院的提案", category: "society", author: jiang, unit: health},
		{title: "关于老旧小区加装电梯提速的提案", category: "society", author: zhou, unit: housing},
		{title: "关于南湖水系综合治理的提案", category: "ecology", author: lin, unit: ecology, assist: housing},
		{title: "关于夜间公交延时服务园区职工的提案", category: "economy", author: jiang, unit: transport},
		{title: "关于中小学体育场地向社会开放的提案", category: "culture", author: zhou, unit: education},
		{title: "关于健全家庭病床服务的提案", category: "society", author: lin, unit: health},
		{title: "关于整治小区高空抛物隐患的提案", category: "society", author: jiang, unit: housing},
		{title: "关于建设近零碳产业园区的提案", category: "ecology", author: zhou, unit: ecology},
		{title: "关于发展社区社会组织的提案", category: "politics", author: lin, unit: social},
		{title: "关于完善货运停车区规划的提案", category: "economy", author: jiang, unit: transport},
		{title: "关于加强校园周边噪声治理的提案", category: "ecology", author: zhou, unit: ecology},
		{title: "关于设立城市公共自行车驿站的提案", category: "society", author: lin, unit: transport},
		{title: "关于增设社区图书角的提案", category: "culture", author: jiang, unit: education},
	}
	for _, about := range []string{"公园饮水点布设", "老年食堂运营", "无障碍坡道改造", "窨井盖巡查", "路名牌更新"} {
		list = append(list, &paper{title: "关于做好" + about + "的提案", category: "society", author: zhou, unit: housing})
	}
	return list
}

// hand hands all papers in, in the days of the plenary.
func (w *town) hand(list []*paper) {
	w.t.Helper()
	for _, p := range list {
		about := strings.TrimSuffix(strings.TrimPrefix(p.title, "关于"), "的提案")
		p.id = post[made](w.as(p.author), "/api/v1/proposals/submit", fields{"title": p.title, "category": p.category, "publish": "agreed",
			"background": strings.Repeat("委员在调研中了解到，群众对"+about+"呼声较高，现有做法部门分散、进度不一，缺少统一的标准和时间表。", 3),
			"basis":      "实地走访六处，访谈居民和企业四十余人次。",
			"items":      []string{"制定" + about + "的三年工作方案，明确牵头单位。", "每半年向社会公布进展。"}}).ID
	}
}

// file has them reviewed, filed, dispatched and signed for.
func (w *town) file(list []*paper) {
	w.t.Helper()
	var ids []string
	rows := map[string][]fields{}
	for _, p := range list {
		post[done](w.as(office), "/api/v1/proposals/"+p.id+"/review", fields{"opinion": "情况清楚，建议具体，拟同意立案。"})
		ids = append(ids, p.id)
		units := []fields{{"unit": w.bodies[p.unit], "role": "sole"}}
		if p.assist != "" {
			units = []fields{{"unit": w.bodies[p.unit], "role": "lead"}, {"unit": w.bodies[p.assist], "role": "assist"}}
		}
		to := governmentDesk
		if channel(p.unit) == "party" {
			to = partyDesk
		}
		rows[to] = append(rows[to], fields{"kind": "proposal", "id": p.id, "units": units})
	}
	post[done](w.as(chief), "/api/v1/proposals/filing", fields{"ids": ids})
	for to, list := range rows {
		bare := make([]fields, len(list))
		for i, x := range list {
			bare[i] = fields{"kind": "proposal", "id": x["id"]}
		}
		post[done](w.as(office), "/api/v1/cases/route", fields{"desk": w.bodies[to], "rows": bare})
		post[done](w.as(in(to, "dispatcher")), "/api/v1/cases/dispatch", fields{"rows": list})
	}
	for _, p := range list {
		w.signFor(p)
	}
}

// signFor signs for a case in each of its units.
func (w *town) signFor(p *paper) {
	w.t.Helper()
	type assignment struct {
		ID     string
		UnitID string `json:"unit_id"`
	}
	view := get[struct {
		Assignments []assignment
	}](w.as(office), "/api/v1/cases/proposal/"+p.id)
	for _, a := range view.Assignments {
		for _, unit := range []string{p.unit, p.assist} {
			if w.bodies[unit] != a.UnitID {
				continue
			}
			handler := in(unit, "handler")
			post[done](w.as(handler), "/api/v1/assignments/"+a.ID+"/sign", fields{"handler": handler, "phone": "010-0000-0000", "section": "综合科"})
			if unit == p.unit {
				p.assignment = a.ID
			} else {
				post[done](w.as(handler), "/api/v1/assignments/"+a.ID+"/opinion", fields{"number": "江会〔2026〕1 号", "text": "我单位将配合主办单位落实有关工作。"})
			}
		}
	}
}
