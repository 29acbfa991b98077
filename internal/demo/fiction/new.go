package fiction

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// beijing is the zone every date of the city is meant in. It is fixed, so that
// the demonstration does not depend on a time zone database.
func beijing() *time.Location { return time.FixedZone("CST", 8*60*60) }

// New makes the fictional city of a seed. Equal seeds make equal cities.
func New(seed uint64) *City {
	t := load()
	c := &City{
		Seed: seed, Name: t.city.Name, Committee: t.city.Committee,
		CommitteeShort: t.city.CommitteeShort, Term: t.city.Term,
		Areas: t.city.Areas, Organisations: t.city.Organisations, Offices: t.city.Offices,
		texts: t,
	}
	c.addSessions()
	for _, s := range t.city.Sectors {
		c.Sectors = append(c.Sectors, Sector{Name: s.Name, Seats: s.Seats, committees: s.Committees})
	}
	for _, name := range t.city.Committees {
		c.Committees = append(c.Committees, Committee{Name: name})
	}
	for i := range groupCount {
		c.Groups = append(c.Groups, Group{Name: "第" + chineseNumber(i+1) + "小组"})
	}
	names := newNamer(c.dice("names"), t.names)
	c.addUnits()
	c.addMembers(names)
	c.addPosts()
	c.addStaff(names)
	return c
}

func (c *City) addSessions() {
	for _, s := range c.texts.city.Sessions {
		c.Sessions = append(c.Sessions, Session{
			No: s.No, Name: s.Name, Opens: day(s.Opens), Closes: day(s.Closes),
			CutOff: s.CutOff.In(beijing()),
		})
	}
}

func day(text string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, text, beijing())
	if err != nil {
		panic(fmt.Errorf("read day %q: %w", text, err))
	}
	return t
}

func (c *City) addUnits() {
	for i, u := range c.texts.units {
		unit := Unit{
			No: i + 1, Short: u.Short, Name: u.Name, Channel: u.Channel, Kind: u.Kind,
			Address: u.Address, Self: "我" + strings.TrimPrefix(u.Address, "贵"),
			DocCode: u.DocCode, Phone: officePhone(i + 1),
		}
		if u.Kind == "county" {
			unit.Area = strings.TrimSuffix(u.Short, "政府")
		}
		c.Units = append(c.Units, unit)
	}
}

// addPosts fills the posts that need all members to exist: the Standing
// Committee, conveners, group leaders and vice-directors.
func (c *City) addPosts() {
	for i := range c.Sectors {
		c.Sectors[i].Convener = c.firstMember(func(m Member) bool {
			return m.Sector == c.Sectors[i].Name && m.Post == "" && m.CommitteePost == ""
		})
		c.Members[c.Sectors[i].Convener-1].Standing = true
	}
	for i := range c.Committees {
		for range 2 {
			no := c.firstMember(func(m Member) bool {
				return m.Committee == c.Committees[i].Name && m.Post == "" && m.CommitteePost == ""
			})
			c.Members[no-1].CommitteePost = "副主任"
			c.Committees[i].Vices = append(c.Committees[i].Vices, no)
		}
	}
	c.addGroupPosts()
	c.fillStanding()
	c.addHeads()
}

func (c *City) addGroupPosts() {
	for i := range c.Groups {
		g := &c.Groups[i]
		in := func(m Member) bool { return m.Group == g.Name && m.Post == "" && m.GroupPost == "" }
		g.Leader = c.firstMember(func(m Member) bool { return in(m) && m.Standing })
		c.Members[g.Leader-1].GroupPost = "组长"
		g.Deputy = c.firstMember(in)
		c.Members[g.Deputy-1].GroupPost = "副组长"
	}
}

// fillStanding chooses further standing members until the seats are taken.
func (c *City) fillStanding() {
	taken := 0
	for _, m := range c.Members {
		if m.Standing {
			taken++
		}
	}
	for _, i := range c.dice("standing").Perm(len(c.Members)) {
		if taken == standingSeats {
			return
		}
		if m := &c.Members[i]; !m.Standing {
			m.Standing = true
			taken++
		}
	}
}

// addHeads makes one member of its sector the head of each organisation.
func (c *City) addHeads() {
	used := map[int]bool{}
	for i := range c.Organisations {
		o := &c.Organisations[i]
		o.Head = c.firstMember(func(m Member) bool { return m.Sector == o.Sector && !used[m.No] })
		used[o.Head] = true
	}
}

// firstMember returns the number of the first member who fits; somebody always
// does, the tests see to it.
func (c *City) firstMember(fits func(Member) bool) int {
	return slices.IndexFunc(c.Members, fits) + 1
}

// chineseNumber writes 1 to 99 as in 第十二小组.
func chineseNumber(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n-10]
	default:
		return digits[n/10] + "十" + digits[n%10]
	}
}
