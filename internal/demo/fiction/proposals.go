package fiction

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// minBody is the least length of a proposal's body in characters.
const minBody = 520

// Kinds of proposer.
const (
	KindIndividual = "individual"
	KindJoint      = "joint"
	KindParty      = "party"
	KindGroup      = "group"
	KindCommittee  = "committee"
	KindSector     = "sector"
	KindPanel      = "panel"
)

// Proposal is one invented proposal. Its methods give the papers that a case
// about it collects; they too are functions of the seed and their arguments.
type Proposal struct {
	// No counts from 1; Session is the session it belongs to, later ones having more.
	No, Session int
	// Topic names the matter. Proposals of one topic resemble each other.
	Topic string
	// Title is the 案由, at most 50 characters.
	Title string
	// Category is economic, political, cultural, social or ecology.
	Category string
	// Units are the short names of the suggested units, the lead first.
	Units []string
	// Area and Town are the place it speaks of.
	Area, Town string
	// Research is the research basis; Background, Analysis and Suggestions are
	// the three parts of the body. Suggestions carry no numbers.
	Research, Background, Analysis string
	Suggestions                    []string
	// Kind is the kind of proposer. Lead is the number of the first proposer, or of
	// the member who answers for the organisation; CoSigners are members' numbers.
	// Organisation is the name of the collective proposer: an organisation's Short,
	// or the Name of a committee, sector or group.
	Kind         string
	Lead         int
	CoSigners    []int
	Organisation string
	// Publish is the consent to publication; PublishRefusal the reason when refused.
	Publish        bool
	PublishRefusal string

	city   *City
	picks  []suggestion
	values map[string]string
}

// Body is the proposal as one text, with headings and numbered suggestions.
func (p Proposal) Body() string {
	var b strings.Builder
	b.WriteString("一、背景情况\n" + p.Research + p.Background)
	b.WriteString("\n二、问题及分析\n" + p.Analysis + "\n三、具体建议")
	for i, s := range p.Suggestions {
		b.WriteString("\n" + strconv.Itoa(i+1) + ". " + s)
	}
	return b.String()
}

// Length is the number of characters of the parts together, headings left out.
func (p Proposal) Length() int {
	n := utf8.RuneCountInString(p.Research + p.Background + p.Analysis)
	for _, s := range p.Suggestions {
		n += utf8.RuneCountInString(s)
	}
	return n
}

// authorship remembers what earlier proposals used up.
type authorship struct {
	titles map[string]bool
	load   map[int]int
}

// Proposals makes n proposals with different titles and bodies. A smaller n
// gives the same proposals as the beginning of a larger one, except for the
// session they are counted to. The wording lasts for about 600.
func (c *City) Proposals(n int) []Proposal {
	a := &authorship{titles: map[string]bool{}, load: map[int]int{}}
	list := make([]Proposal, 0, n)
	topics := c.texts.topics
	var order []int
	for i := range n {
		round := i / len(topics)
		if i%len(topics) == 0 {
			order = c.dice("topics", strconv.Itoa(round)).Perm(len(topics))
		}
		p := c.proposal(a, topics[order[i%len(topics)]], i+1, round)
		p.Session = sessionOf(i, n, len(c.Sessions))
		list = append(list, p)
	}
	return list
}

// sessionOf gives each of the earlier sessions a fifth, and the last the rest.
func sessionOf(i, n, sessions int) int {
	return min(i*5/max(n, 1)+1, sessions)
}

// proposal writes the round-th proposal on a topic.
func (c *City) proposal(a *authorship, t topic, no, round int) Proposal {
	d := c.dice("proposal", strconv.Itoa(no))
	p := Proposal{No: no, Topic: t.ID, Category: t.Sphere, city: c, Publish: true}
	c.place(d, &p, t, round)
	c.propose(d, a, &p, t)
	p.values["我"] = p.voice()
	p.values["主办"], p.values["协办"] = p.Units[0], p.Units[min(1, len(p.Units)-1)]
	p.Title = c.title(d, a, p, t, round)
	// The three indices move at different speeds, so that no two of the first four
	// rounds share the same beginning.
	p.Background = d.fill(t.Backgrounds[round%len(t.Backgrounds)], p.values) + "\n" +
		d.fill(t.Cases[(round/2+round)%len(t.Cases)], p.values)
	p.Research = d.fill(t.Research[(round/2)%len(t.Research)], p.values) + "。"
	c.argue(d, &p, t, round)
	if d.chance(9) {
		p.Publish, p.PublishRefusal = false, d.one(c.texts.review.PublishRefusals)
	}
	return p
}

// place chooses where the proposal plays and names the units accordingly.
func (c *City) place(d dice, p *Proposal, t topic, round int) {
	var fit []Area
	for _, a := range c.Areas {
		if (t.Where == "urban" && !a.Urban) || (t.Where == "rural" && a.Urban) {
			continue
		}
		fit = append(fit, a)
	}
	// Rounds start at different areas, so that one topic wanders through the city.
	start := c.dice("area", t.ID).IntN(len(fit))
	area := fit[(start+round)%len(fit)]
	p.Area, p.Town = area.Name, area.Towns[d.IntN(len(area.Towns))]
	p.values = map[string]string{"县": p.Area, "镇": p.Town, "河": area.River}
	for _, u := range t.Units {
		p.Units = append(p.Units, d.fill(u, p.values))
	}
}

// title takes the topic's titles in turn. When they have all been used, the
// other ending or a stronger verb makes a new one.
func (c *City) title(d dice, a *authorship, p Proposal, t topic, round int) string {
	// Topics begin at different titles, or all the first would have one form.
	first := c.dice("title", t.ID).IntN(len(t.Titles))
	for try := range 6 * len(t.Titles) {
		title := d.fill(t.Titles[(first+round+try)%len(t.Titles)], p.values)
		switch try / len(t.Titles) {
		case 1, 3:
			title = otherEnding(title)
		case 2:
			title = strengthen(title, "进一步")
		}
		switch try / len(t.Titles) {
		case 3, 4:
			title = strengthen(title, "持续")
		case 5:
			title = strengthen(title, "在"+p.Area+"率先")
		}
		if !a.titles[title] && utf8.RuneCountInString(title) <= 50 {
			a.titles[title] = true
			return title
		}
	}
	title := p.Area + t.Titles[0] + "（" + chineseNumber(round%90+1) + "）"
	a.titles[title] = true
	return title
}

func otherEnding(title string) string {
	if s, ok := strings.CutSuffix(title, "提案"); ok {
		return s + "建议"
	}
	return strings.TrimSuffix(title, "建议") + "提案"
}

// strengthen puts an adverb before the verb of a title; titles that begin with
// something else are left alone.
func strengthen(title, adverb string) string {
	rest, ok := strings.CutPrefix(title, "关于")
	if !ok {
		return title
	}
	verbs := []string{
		"加强", "完善", "推动", "推进", "提升", "规范", "建立", "加快", "优化", "支持", "解决", "改善",
		"提高", "发展", "扩大", "做实", "稳定", "缓解", "健全", "增加", "整治", "畅通", "培育", "深化", "落实",
		"促进", "拓展", "引导", "建设", "开展", "组建", "发挥", "打造", "推广",
	}
	if slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(rest, v) }) {
		return "关于" + adverb + rest
	}
	return title
}

// outline is how much of the topic's material a proposal uses.
type outline struct {
	problems, picks int
	general         []string
	asked           []suggestion
	aim             string
	moreCase, wrap  bool
}

// grow makes the outline one step larger: first what is peculiar to this
// proposal, last what it then shares with others on the topic. No proposal has
// more than five suggestions. It reports false when nothing is left to add.
func (o *outline) grow(d dice, common commonText) bool {
	const most = 5
	room := o.picks+len(o.asked) < most
	switch {
	case room && o.picks < 4:
		o.picks++
	case o.problems < 4:
		o.problems++
	case len(o.general) == 0:
		o.general = []string{d.one(common.Problems)}
	case !o.moreCase:
		o.moreCase = true
	case room:
		o.picks++
	case o.problems < most:
		o.problems++
	case !o.wrap:
		o.wrap = true
	default:
		return false
	}
	return true
}

// argue writes the analysis and the suggestions: a window over the topic's own
// material that moves with each round, what is closest to the title in front, and
// mostly one thing of general nature each. What is too short grows.
func (c *City) argue(d dice, p *Proposal, t topic, round int) {
	common := c.texts.common
	o := outline{problems: 3, picks: 3 + d.IntN(2), aim: t.Aims[(round/2+round+1)%len(t.Aims)]}
	if d.chance(50) {
		o.general = []string{d.one(common.Problems)}
	}
	if d.chance(60) {
		// In turn and not by chance, as all topics share these few.
		o.asked = []suggestion{common.Suggestions[(p.No*5+round)%len(common.Suggestions)]}
	}
	problems := closestFirst(p.Title, window(t.Problems, round*3, len(t.Problems)), func(s string) string { return s })
	asks := closestFirst(p.Title, window(t.Suggestions, round*3, len(t.Suggestions)),
		func(s suggestion) string { return s.Gist + s.Ask })
	scene := d.fill(t.Cases[(round/2+round+1)%len(t.Cases)], p.values)
	for {
		p.picks = slices.Concat(asks[:min(o.picks, len(asks))], o.asked)
		c.word(p, d, slices.Concat(problems[:min(o.problems, len(problems))], o.general), o.aim)
		if o.moreCase && !strings.Contains(p.Background, scene) {
			p.Background += "\n" + scene
		}
		if o.wrap {
			p.Analysis += "\n" + d.fill(t.Aims[(round/2+round)%len(t.Aims)], p.values)
		}
		if p.Length() >= minBody || !o.grow(d, common) {
			return
		}
	}
}

// word turns the chosen material into the proposal's text.
func (c *City) word(p *Proposal, d dice, problems []string, aim string) {
	style := p.No % 3
	lines := make([]string, 0, len(problems)+2)
	if o := c.texts.common.Openings[p.No%len(c.texts.common.Openings)]; o != "" {
		lines = append(lines, d.fill(o, p.values))
	}
	for i, s := range problems {
		number := [...]string{
			chineseNumber(i+1) + "是", "（" + chineseNumber(i+1) + "）", strconv.Itoa(i+1) + ". ",
		}[style]
		lines = append(lines, number+d.fill(s, p.values))
	}
	p.Analysis = strings.Join(append(lines, d.fill(aim, p.values)), "\n")
	p.Suggestions = nil
	for _, s := range p.picks {
		p.Suggestions = append(p.Suggestions, d.fill(s.Ask, p.values))
	}
}

// window returns n consecutive elements, counted round the end.
func window[T any](from []T, start, n int) []T {
	out := make([]T, 0, n)
	for i := range min(n, len(from)) {
		out = append(out, from[(start+i)%len(from)])
	}
	return out
}

// closestFirst moves the element that shares most with the title to the front,
// so that a proposal begins with what its title announces.
func closestFirst[T any](title string, list []T, text func(T) string) []T {
	best, most := 0, 0
	for i, e := range list {
		if n := shared(title, text(e)); n > most {
			best, most = i, n
		}
	}
	front := list[best]
	return slices.Insert(slices.Delete(slices.Clone(list), best, best+1), 0, front)
}

// shared counts the pairs of neighbouring characters of a title that a text
// contains too, leaving out those that every title has.
func shared(title, text string) int {
	title = strings.NewReplacer("关于", "", "提案", "", "建议", "", "加强", "", "完善", "", "推动", "",
		"推进", "", "提升", "", "建立", "", "规范", "").Replace(title)
	runes := []rune(title)
	n := 0
	for i := range len(runes) - 1 {
		if strings.Contains(text, string(runes[i:i+2])) {
			n++
		}
	}
	return n
}
