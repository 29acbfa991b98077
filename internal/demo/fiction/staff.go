package fiction

import "strings"

// hiring gives out staff with running phone numbers.
type hiring struct {
	dice
	names *namer
	count int
}

func (h *hiring) person(role, post, office string) Staff {
	h.count++
	gender, born := Male, 1966+h.IntN(32)
	if h.chance(38) {
		gender = Female
	}
	return Staff{
		Name: h.names.name(gender, born), Gender: gender,
		Role: role, Post: post, Office: office, Phone: staffPhone(h.count),
	}
}

func (c *City) addStaff(names *namer) {
	h := &hiring{dice: c.dice("staff"), names: names}
	t := c.texts.city
	hire := func(role, office string, list ...string) {
		for _, post := range list {
			c.Staff = append(c.Staff, h.person(role, post, office))
		}
	}
	hire(RoleProposalOffice, "提案委员会办公室", t.OfficePosts...)
	hire(RoleReview, "提案审查小组", t.ReviewPosts...)
	hire(RoleSupervisionParty, c.Offices[0].Short, t.SupervisionPosts...)
	hire(RoleSupervisionGovernment, c.Offices[1].Short, t.SupervisionPosts...)
	hire(RoleLeader, c.Name, t.Leaders...)
	hire(RoleAdminSystem, "信息中心", "系统管理员")
	hire(RoleAdminSecurity, "信息中心", "安全管理员")
	hire(RoleAdminAudit, "信息中心", "审计管理员")
	for i := range c.Organisations {
		o := &c.Organisations[i]
		o.Contact = h.person(RoleOrganisation, "参政议政联络员", o.Short)
	}
	for i := range c.Units {
		u := &c.Units[i]
		section, handler := postsOf(u.Kind)
		u.Leader = h.person(RoleUnitLeader, leaderPost(u.Short, u.Address), u.Short)
		u.SectionHead = h.person(RoleUnitSection, section, u.Short)
		u.Handler = h.person(RoleUnitHandler, handler, u.Short)
	}
}

// leaderPost names the deputy head who signs for a unit, from the word by which
// the unit is addressed; a few bodies have heads of another title.
func leaderPost(short, address string) string {
	switch short {
	case "市纪委监委", "市委政法委", "团市委":
		return "副书记"
	case "市供销社":
		return "副主任"
	case "市贸促会", "市红十字会":
		return "副会长"
	case "市检察院":
		return "副检察长"
	case "市消防救援支队":
		return "副支队长"
	}
	head := map[string]string{
		"局": "副局长", "委": "副主任", "办": "副主任", "部": "副部长", "校": "副校长", "馆": "副馆长",
		"室": "副主任", "社": "副社长", "台": "副台长", "中心": "副主任", "区": "副区长", "县": "副县长",
		"市": "副市长", "院": "副院长", "会": "副主席", "公司": "副总经理",
	}
	return head[strings.TrimPrefix(address, "贵")]
}

// postsOf names the section head and the handler in a unit of that kind.
func postsOf(kind string) (section, handler string) {
	switch kind {
	case "county":
		return "督查室主任", "督查室科员"
	case "zone":
		return "综合办公室主任", "综合办公室科员"
	case "utility":
		return "综合管理部主任", "综合管理部专员"
	case "court", "procuratorate":
		return "办公室主任", "办公室科员"
	case "people":
		return "办公室主任", "办公室干事"
	case "institution":
		return "综合科科长", "综合科科员"
	default:
		return "办公室主任", "提案承办人员"
	}
}
