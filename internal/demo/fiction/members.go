package fiction

import (
	"fmt"
	"strings"
	"time"
)

// partySectors are the sectors that are a party themselves, with the party's
// name as the roster writes it.
func partySectors() map[string]string {
	return map[string]string{
		"中国共产党": "中共", "民革": "民革", "民盟": "民盟", "民建": "民建", "民进": "民进",
		"农工党": "农工党", "致公党": "致公党", "九三学社": "九三学社", "台盟": "台盟", "无党派人士": "无党派",
	}
}

// posts says which seat of which sector holds which office of the committee.
func posts() map[string][]string {
	return map[string][]string{
		"中国共产党": {"主席", "副主席", "副主席", "秘书长"},
		"民盟":    {"副主席"}, "农工党": {"副主席"}, "工商联": {"副主席"}, "无党派人士": {"副主席"},
	}
}

// enrolment carries what must stay unique or balanced while members are added.
type enrolment struct {
	dice
	names   *namer
	jobs    map[string]bool
	special map[string][]int
	sizes   []int
	work    map[string]int
}

func (c *City) addMembers(names *namer) {
	e := &enrolment{
		dice: c.dice("members"), names: names, jobs: map[string]bool{},
		special: map[string][]int{}, sizes: make([]int, len(c.Committees)), work: map[string]int{},
	}
	for i, s := range c.texts.names.Special {
		e.special[s.Sector] = append(e.special[s.Sector], i)
	}
	for _, s := range c.Sectors {
		for seat := range s.Seats {
			c.Members = append(c.Members, c.member(e, s, seat))
		}
	}
	// Neighbours on the roster share a sector; dealing them out in turn mixes the groups.
	for i := range c.Members {
		c.Members[i].Group = c.Groups[i%len(c.Groups)].Name
	}
}

func (c *City) member(e *enrolment, s Sector, seat int) Member {
	m := Member{No: len(c.Members) + 1, Sector: s.Name, Ethnicity: "汉族", Gender: Male}
	m.Birth = e.birth(s.Name == "中国共产党" || seat < len(posts()[s.Name]))
	if e.chance(31) {
		m.Gender = Female
	}
	if e.chance(6) {
		m.Ethnicity = e.one(c.texts.names.Minorities)
	}
	c.appoint(&m, s, seat)
	if list := e.special[s.Name]; m.Post == "" && m.CommitteePost == "" && len(list) > 0 {
		p := c.texts.names.Special[list[0]]
		e.special[s.Name] = list[1:]
		m.Name, m.Gender, m.Ethnicity = p.Name, p.Gender, p.Ethnicity
	} else {
		m.Name = e.names.name(m.Gender, m.Birth.Year())
	}
	m.Party = e.party(s.Name)
	if m.Workplace == "" {
		c.employ(e, &m)
	}
	if m.Committee == "" {
		m.Committee = c.assign(e, s)
	}
	m.Phone, m.IDNumber = memberPhone(m.No), invalidID(m)
	m.Email = fmt.Sprintf("m%03d@yunchuan.example", m.No)
	return m
}

// appoint gives the first seats of some sectors the offices of the committee,
// and the following seats of the first sector the special committees.
func (c *City) appoint(m *Member, s Sector, seat int) {
	offices := posts()[s.Name]
	switch {
	case seat < len(offices):
		m.Post, m.Standing = offices[seat], true
		m.Workplace, m.Title = c.CommitteeShort, m.Post
	case s.Name == "中国共产党" && seat-len(offices) < len(c.Committees):
		k := &c.Committees[seat-len(offices)]
		k.Director = m.No
		m.Committee, m.CommitteePost, m.Standing = k.Name, "主任", true
		m.Workplace, m.Title = c.CommitteeShort+k.Name, "主任"
	}
}

// birth is a day between 1962 and 1995, most often around 1979; officers of the
// committee are of the older years.
func (e *enrolment) birth(officer bool) time.Time {
	year := 1962 + e.IntN(17) + e.IntN(18)
	if officer {
		year = 1966 + e.IntN(9)
	}
	return time.Date(year, time.Month(1+e.IntN(12)), 1+e.IntN(28), 0, 0, 0, 0, beijing())
}

func (e *enrolment) party(sector string) string {
	if p, ok := partySectors()[sector]; ok {
		return p
	}
	if sector == "宗教" {
		return "群众"
	}
	small := []string{"民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社"}
	return [...]string{"中共", e.one(small), "无党派", "群众"}[e.weighted(33, 20, 8, 39)]
}

// employ finds the member a workplace and a title that nobody else has.
func (c *City) employ(e *enrolment, m *Member) {
	places := c.texts.work[m.Sector]
	for {
		p := places[e.work[m.Sector]%len(places)]
		e.work[m.Sector]++
		area := c.Areas[e.IntN(len(c.Areas))]
		m.Workplace = e.fill(p[0], map[string]string{
			"县": area.Name, "镇": e.one(area.Towns),
			"街": e.one(c.area(e, true).Towns), "乡": e.one(c.area(e, false).Towns),
			"企": e.brand(c.texts.names.Brands),
		})
		m.Title = e.one(strings.Split(p[1], "|"))
		if key := m.Workplace + m.Title; !e.jobs[key] {
			e.jobs[key] = true
			break
		}
	}
	if strings.Contains(m.Workplace, "伊斯兰教") {
		m.Ethnicity = "回族"
	}
	for _, u := range c.Units {
		if m.Workplace == u.Name {
			m.Unit = u.Short
		}
	}
}

// area picks an area that is urban, or one that is not.
func (c *City) area(e *enrolment, urban bool) Area {
	for {
		if a := c.Areas[e.IntN(len(c.Areas))]; a.Urban == urban {
			return a
		}
	}
}

// brand joins two characters to a company's name.
func (e *enrolment) brand(chars string) string {
	all := []rune(chars)
	i := e.IntN(len(all))
	j := (i + 1 + e.IntN(len(all)-1)) % len(all)
	return string([]rune{all[i], all[j]})
}

// assign puts the member into the smaller of the special committees that suit
// the sector, or into the smallest of all when those are crowded.
func (c *City) assign(e *enrolment, s Sector) string {
	best := s.committees[0]
	for _, k := range s.committees {
		if e.sizes[k] < e.sizes[best] {
			best = k
		}
	}
	if e.sizes[best] > MemberCount/len(c.Committees)+4 {
		for k := range e.sizes {
			if e.sizes[k] < e.sizes[best] {
				best = k
			}
		}
	}
	e.sizes[best]++
	return c.Committees[best].Name
}

// invalidID has the shape of an identity number, but a region that does not
// exist and a check character that is wrong.
func invalidID(m Member) string {
	body := "000000" + m.Birth.Format("20060102") + fmt.Sprintf("%03d", m.No)
	sum := 0
	for i, d := range body {
		// The weight of a place is 2 to the power of its distance from the end, modulo 11.
		sum += int(d-'0') * (1 << (17 - i) % 11)
	}
	right := (12 - sum%11) % 11
	return body + fmt.Sprint((right+1)%10)
}
