package fiction

import "time"

// MemberCount is the number of members of the fictional committee.
const MemberCount = 335

// UnitCount is the number of undertaking units of the fictional city.
const UnitCount = 85

// standingSeats is the size of the Standing Committee, officers included.
const standingSeats = 65

// groupCount is the number of member groups (委员小组).
const groupCount = 12

// City is everything the demonstration needs to know about the fictional city.
// The slices are owned by the City; callers read them and do not change them.
type City struct {
	// Seed is the number the city was made from.
	Seed uint64
	// Name is the city's name, for example 云川市.
	Name string
	// Committee and CommitteeShort are the committee's full and short names.
	Committee, CommitteeShort string
	// Term is the number of the current term (届).
	Term int
	// Sessions are the plenary sessions (次) held so far, oldest first.
	Sessions []Session
	// Areas are the districts, counties and the county-level city.
	Areas []Area
	// Sectors are the 界别 of the committee.
	Sectors []Sector
	// Organisations are the parties and people's organisations taking part.
	Organisations []Organisation
	// Committees are the special committees (专门委员会); every member is in exactly one.
	Committees []Committee
	// Groups are the member groups (小组); every member is in exactly one.
	Groups []Group
	// Offices are the two supervision offices (督查室).
	Offices []Office
	// Units are the undertaking units (承办单位).
	Units []Unit
	// Members are the members; Member.No is the index plus one.
	Members []Member
	// Staff are the people who are neither members nor staff of a unit.
	Staff []Staff

	texts *texts
}

// Session is one plenary session of the term. Opens and Closes are days at
// midnight Beijing time; CutOff is the instant after which a proposal counts as
// intersession.
type Session struct {
	No                    int
	Name                  string
	Opens, Closes, CutOff time.Time
}

// Area is a district, county or county-level city with its river and towns.
type Area struct {
	Name  string
	Urban bool
	River string
	Towns []string
}

// Sector is a 界别. Convener is the number of the member who calls it together.
type Sector struct {
	Name     string
	Seats    int
	Convener int

	committees []int
}

// Organisation is a democratic party's city committee, the federation of
// industry and commerce, or a people's organisation. Kind is "party" or "group".
// Head is a member's number; Contact is the clerk who operates its account.
type Organisation struct {
	Name, Short, Kind, Sector string
	Head                      int
	Contact                   Staff
}

// Committee is a special committee. Director and Vices are members' numbers.
type Committee struct {
	Name     string
	Director int
	Vices    []int
}

// Group is a member group. Leader and Deputy are members' numbers.
type Group struct {
	Name           string
	Leader, Deputy int
}

// Office is a supervision office that dispatches through its Channel.
type Office struct {
	Name, Short, Channel string
}

// Channels of dispatch.
const (
	ChannelParty      = "party"
	ChannelGovernment = "government"
	ChannelDirect     = "direct"
)

// Unit is an undertaking unit. Address is how others call it in a letter (贵局),
// Self how it calls itself (我局), DocCode the characters in front of its
// document numbers (云教). Area is set for county governments only.
type Unit struct {
	No                         int
	Short, Name, Channel, Kind string
	Address, Self, DocCode     string
	Area, Phone                string
	Handler, SectionHead       Staff
	Leader                     Staff
}

// Member is one member of the committee. Phone and IDNumber are invalid by
// construction.
type Member struct {
	// No is the member's number, starting at 1.
	No   int
	Name string
	// Gender is 男 or 女; Ethnicity and Party are the usual short Chinese names.
	Gender, Ethnicity, Party string
	Birth                    time.Time
	Sector, Committee, Group string
	Workplace, Title         string
	Phone, Email, IDNumber   string
	// Standing marks members of the Standing Committee.
	Standing bool
	// Post is 主席, 副主席, 秘书长 or empty.
	Post string
	// CommitteePost is 主任, 副主任 or empty; GroupPost is 组长, 副组长 or empty.
	CommitteePost, GroupPost string
	// Unit is the short name of the undertaking unit the member works in, if any:
	// such a member must not rate that unit's reply.
	Unit string
}

// Roles of staff.
const (
	RoleProposalOffice        = "proposal_office"
	RoleReview                = "review"
	RoleSupervisionParty      = "supervision_party"
	RoleSupervisionGovernment = "supervision_government"
	RoleUnitHandler           = "unit_handler"
	RoleUnitSection           = "unit_section"
	RoleUnitLeader            = "unit_leader"
	RoleOrganisation          = "organisation"
	RoleLeader                = "leader"
	RoleAdminSystem           = "admin_system"
	RoleAdminSecurity         = "admin_security"
	RoleAdminAudit            = "admin_audit"
)

// Staff is a person who is not a member. Office is the short name of the unit,
// supervision office or organisation the person belongs to.
type Staff struct {
	Name, Gender string
	Role, Post   string
	Office       string
	Phone        string
}

// Unit returns the unit with the given short name.
func (c *City) Unit(short string) (Unit, bool) {
	for _, u := range c.Units {
		if u.Short == short {
			return u, true
		}
	}
	return Unit{}, false
}

// Member returns the member with the given number, counted from 1.
func (c *City) Member(no int) (Member, bool) {
	if no < 1 || no > len(c.Members) {
		return Member{}, false
	}
	return c.Members[no-1], true
}

// StaffIn returns the staff with the given role, in their order of rank. It does
// not include the staff of units, who are found on the Unit.
func (c *City) StaffIn(role string) []Staff {
	var found []Staff
	for _, s := range c.Staff {
		if s.Role == role {
			found = append(found, s)
		}
	}
	return found
}
