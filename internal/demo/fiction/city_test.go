package fiction

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestCityHasItsNumbers(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{0, 1, 42, 20260113} {
		c := New(seed)
		for _, x := range []struct {
			what       string
			got, least int
			most       int
		}{
			{"members", len(c.Members), MemberCount, MemberCount},
			{"units", len(c.Units), UnitCount, UnitCount},
			{"areas", len(c.Areas), 6, 6},
			{"sectors", len(c.Sectors), 24, 30},
			{"special committees", len(c.Committees), 9, 9},
			{"groups", len(c.Groups), 12, 12},
			{"offices", len(c.Offices), 2, 2},
			{"sessions", len(c.Sessions), 3, 3},
			{"organisations", len(c.Organisations), 15, 20},
			{"standing members", count(c, func(m Member) bool { return m.Standing }), standingSeats, standingSeats},
			{"chairs", count(c, func(m Member) bool { return m.Post == "主席" }), 1, 1},
			{"vice-chairs", count(c, func(m Member) bool { return m.Post == "副主席" }), 6, 6},
			{"secretaries-general", count(c, func(m Member) bool { return m.Post == "秘书长" }), 1, 1},
			{"directors", count(c, func(m Member) bool { return m.CommitteePost == "主任" }), 9, 9},
			{"vice-directors", count(c, func(m Member) bool { return m.CommitteePost == "副主任" }), 18, 18},
			{"Communists", count(c, func(m Member) bool { return m.Party == "中共" }), 60, 134},
			{"women", count(c, func(m Member) bool { return m.Gender == Female }), 80, 140},
			{"members working in units", count(c, func(m Member) bool { return m.Unit != "" }), 5, 60},
			{"proposal office", len(c.StaffIn(RoleProposalOffice)), 3, 8},
			{"system administrators", len(c.StaffIn(RoleAdminSystem)), 1, 1},
			{"security administrators", len(c.StaffIn(RoleAdminSecurity)), 1, 1},
			{"audit administrators", len(c.StaffIn(RoleAdminAudit)), 1, 1},
		} {
			if x.got < x.least || x.got > x.most {
				t.Errorf("seed %d: %d %s, want %d to %d", seed, x.got, x.what, x.least, x.most)
			}
		}
	}
}

func count(c *City, fits func(Member) bool) int {
	n := 0
	for _, m := range c.Members {
		if fits(m) {
			n++
		}
	}
	return n
}

func TestEveryMemberHasOnePlace(t *testing.T) {
	t.Parallel()
	c := New(1)
	committees, groups, sectors := map[string]int{}, map[string]int{}, map[string]int{}
	for i, m := range c.Members {
		if m.No != i+1 || m.Name == "" || m.Workplace == "" || m.Title == "" || m.Party == "" {
			t.Errorf("member %d is incomplete: %+v", i+1, m)
		}
		committees[m.Committee]++
		groups[m.Group]++
		sectors[m.Sector]++
	}
	for _, k := range c.Committees {
		if n := committees[k.Name]; n < 20 || n > 60 {
			t.Errorf("%s has %d members", k.Name, n)
		}
		if d, _ := c.Member(k.Director); d.Committee != k.Name || d.CommitteePost != "主任" {
			t.Errorf("director of %s is %+v", k.Name, d)
		}
	}
	for _, g := range c.Groups {
		if n := groups[g.Name]; n < 27 || n > 28 {
			t.Errorf("%s has %d members", g.Name, n)
		}
		l, _ := c.Member(g.Leader)
		d, _ := c.Member(g.Deputy)
		if l.GroupPost != "组长" || d.GroupPost != "副组长" || l.Group != g.Name || d.Group != g.Name {
			t.Errorf("%s is led by %s and %s", g.Name, l.Name, d.Name)
		}
	}
	for _, s := range c.Sectors {
		if sectors[s.Name] != s.Seats {
			t.Errorf("%s has %d members, want %d", s.Name, sectors[s.Name], s.Seats)
		}
		if m, _ := c.Member(s.Convener); m.Sector != s.Name || !m.Standing {
			t.Errorf("convener of %s is %+v", s.Name, m)
		}
	}
}

// everybody lists the name and phone of every invented person.
func everybody(c *City) (names, phones []string) {
	add := func(list ...Staff) {
		for _, s := range list {
			names, phones = append(names, s.Name), append(phones, s.Phone)
		}
	}
	for _, m := range c.Members {
		names, phones = append(names, m.Name), append(phones, m.Phone)
	}
	add(c.Staff...)
	for _, o := range c.Organisations {
		add(o.Contact)
	}
	for _, u := range c.Units {
		add(u.Handler, u.SectionHead, u.Leader)
	}
	return names, phones
}

func TestNamesAreUniqueAndNobodysOwn(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		c := New(seed)
		denied := map[string]bool{}
		for _, d := range c.texts.names.Denied {
			denied[d] = true
		}
		names, _ := everybody(c)
		seen := map[string]bool{}
		for _, n := range names {
			if seen[n] || n == "" {
				t.Errorf("seed %d: name %q is empty or given twice", seed, n)
			}
			seen[n] = true
			if denied[Fingerprint(n)] {
				t.Errorf("seed %d: %s is a well-known name", seed, n)
			}
		}
		for _, rare := range []string{"林㛃", "陈𬱖", "阿依努尔·赛力克", "欧阳若溪"} {
			if !seen[rare] {
				t.Errorf("seed %d: the roster lacks %s", seed, rare)
			}
		}
	}
}

func TestDeniedNamesAreNotFree(t *testing.T) {
	t.Parallel()
	c := New(1)
	n := newNamer(c.dice("test"), c.texts.names)
	if n.free("孙中山") {
		t.Error("a name on the list of fingerprints counts as free")
	}
	if !n.free("云川某某") {
		t.Error("an unlisted name does not count as free")
	}
}

func TestContactDataIsInvalid(t *testing.T) {
	t.Parallel()
	c := New(1)
	valid := regexp.MustCompile(`^1[3-9]\d{9}$`)
	shape := regexp.MustCompile(`^000[12]\d{7}$`)
	_, phones := everybody(c)
	seen := map[string]bool{}
	for _, p := range phones {
		if valid.MatchString(p) || !shape.MatchString(p) || seen[p] {
			t.Errorf("phone %q is valid, badly shaped or given twice", p)
		}
		seen[p] = true
	}
	for _, u := range c.Units {
		if !strings.HasPrefix(u.Phone, "000-") {
			t.Errorf("phone of %s is %s", u.Short, u.Phone)
		}
	}
	ids := map[string]bool{}
	for _, m := range c.Members {
		if len(m.IDNumber) != 18 || ids[m.IDNumber] || validID(m.IDNumber) || !strings.HasPrefix(m.IDNumber, "000000") {
			t.Errorf("identity number %s of member %d", m.IDNumber, m.No)
		}
		ids[m.IDNumber] = true
		if !strings.HasSuffix(m.Email, ".example") {
			t.Errorf("mail address %s could exist", m.Email)
		}
	}
}

// validID checks the last character by the published table of weights.
func validID(id string) bool {
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(id[i]-'0') * w
	}
	return "10X98765432"[sum%11] == id[17]
}

func TestValidIDKnowsAValidNumber(t *testing.T) {
	t.Parallel()
	// The example number of the published standard.
	if !validID("11010519491231002X") {
		t.Error("the check of identity numbers is wrong")
	}
}

func TestUnitsAreComplete(t *testing.T) {
	t.Parallel()
	c := New(1)
	channels, shorts, codes := map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, u := range c.Units {
		channels[u.Channel]++
		if shorts[u.Short] || codes[u.DocCode] {
			t.Errorf("unit %s repeats a name or code", u.Short)
		}
		shorts[u.Short], codes[u.DocCode] = true, true
		if !strings.HasPrefix(u.Address, "贵") || !strings.HasPrefix(u.Self, "我") || u.Leader.Post == "" {
			t.Errorf("unit %+v lacks an address word or a leader's post", u)
		}
	}
	if channels[ChannelParty] < 10 || channels[ChannelGovernment] < 40 || channels[ChannelDirect] < 5 || len(channels) != 3 {
		t.Errorf("units by channel: %v", channels)
	}
	for _, a := range c.Areas {
		if u, ok := c.Unit(a.Name + "政府"); !ok || u.Area != a.Name {
			t.Errorf("%s has no government", a.Name)
		}
	}
}

func TestSeedDecides(t *testing.T) {
	t.Parallel()
	a, b, other := New(7), New(7), New(8)
	if !reflect.DeepEqual(a, b) {
		t.Error("one seed made two different cities")
	}
	if reflect.DeepEqual(a.Members, other.Members) {
		t.Error("two seeds made the same members")
	}
	when := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	pa, pb := a.Proposals(80), b.Proposals(80)
	for i := range pa {
		if pa[i].Title != pb[i].Title || pa[i].Body() != pb[i].Body() {
			t.Fatalf("proposal %d differs between two runs of one seed", i+1)
		}
		unit := pa[i].Units[0]
		if pa[i].Reply(unit, 1, when).Body() != pb[i].Reply(unit, 1, when).Body() {
			t.Fatalf("reply to proposal %d differs between two runs of one seed", i+1)
		}
	}
}
