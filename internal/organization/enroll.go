package organization

import (
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// EnrollIn is somebody's membership of the committee in a term: a new one, or
// what is new about the one of ID.
type EnrollIn struct {
	ID                 string `json:"id"`
	PersonID           string `json:"person_id"`
	TermID             string `json:"term_id"`
	SectorID           string `json:"sector_id"`            // 界别
	PartyID            string `json:"party_id"`             // 党派
	SpecialCommitteeID string `json:"special_committee_id"` // 专委会
	GroupID            string `json:"group_id"`             // 小组
	Workplace          string `json:"workplace"`            // 单位及职务
	Standing           bool   `json:"standing"`             // 常委
	Remark             string `json:"remark"`
	Version            int64  `json:"version"`
}

// MembershipRow is a membership with its words.
type MembershipRow struct {
	EnrollIn
	Term             int64  `json:"term"`
	Sector           string `json:"sector"`
	Party            string `json:"party"`
	SpecialCommittee string `json:"special_committee"`
	Group            string `json:"group"`
	ValidFrom        string `json:"valid_from"`
	ValidTo          string `json:"valid_to"`
}

const membershipColumns = `m.id, m.person_id, m.term_id, m.sector_id, m.party_id, m.special_committee_id, m.group_id, m.workplace, m.standing, m.remark, m.version,
	m.valid_from, COALESCE(m.valid_to, ''), t.number, COALESCE(bs.name, ''), COALESCE(bp.name, ''), COALESCE(bc.name, ''), COALESCE(bg.name, '')
	FROM membership m JOIN term t ON t.id = m.term_id LEFT JOIN body bs ON bs.id = m.sector_id LEFT JOIN body bp ON bp.id = m.party_id
	LEFT JOIN body bc ON bc.id = m.special_committee_id LEFT JOIN body bg ON bg.id = m.group_id`

func scanMembership(r store.Row, m *MembershipRow) error {
	return r.Scan(&m.ID, &m.PersonID, &m.TermID, &m.SectorID, &m.PartyID, &m.SpecialCommitteeID, &m.GroupID, &m.Workplace, &m.Standing, &m.Remark, &m.Version,
		&m.ValidFrom, &m.ValidTo, &m.Term, &m.Sector, &m.Party, &m.SpecialCommittee, &m.Group)
}

func membershipRows(l *app.Look, personID string) ([]MembershipRow, error) {
	list, err := store.List(l.Ctx(), l.Tx(), scanMembership, "SELECT "+membershipColumns+" WHERE m.person_id = ? AND m.committee_id = ? ORDER BY t.number DESC, m.valid_from DESC, m.id DESC",
		personID, l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("read the memberships of %s: %w", personID, err)
	}
	return list, nil
}

// enrollSubject is a person and, when one is changed, the membership.
type enrollSubject struct {
	personSubject
	old MembershipRow
}

// Enroll makes somebody a member of the committee in a term, or changes the
// sector, party, special committee or group of one (委员登记). What he was until
// yesterday stays for figures of that time. A new member gets the post of a
// member.
var Enroll = app.Define("organization.enroll", loadEnroll, bySystemAdmin[enrollSubject], enroll)

func loadEnroll(c *app.Call, in EnrollIn) (s enrollSubject, err error) {
	if in.ID != "" {
		if s.old, err = membershipOf(&c.Look, in.ID); err != nil {
			return s, err
		}
		in.PersonID = s.old.PersonID
	}
	if s.personSubject, err = loadPerson(c, in.PersonID); err != nil || in.ID == "" {
		return s, err
	}
	s.old, err = membershipOf(&c.Look, in.ID) // as it is now that others wait
	return s, err
}

func membershipOf(l *app.Look, membershipID string) (m MembershipRow, err error) {
	err = scanMembership(l.Tx().Row(l.Ctx(), "SELECT "+membershipColumns+" WHERE m.id = ? AND m.committee_id = ?", membershipID, l.Who().CommitteeID), &m)
	if errors.Is(err, store.ErrNone) {
		return m, notFound()
	}
	if err != nil {
		return m, fmt.Errorf("read membership %s: %w", membershipID, err)
	}
	return m, nil
}

func enroll(c *app.Call, s enrollSubject, in EnrollIn) (SetOut, error) {
	if s.person.LeftOn != "" {
		return SetOut{}, fault.New(fault.Closed, "organization.person.left")
	}
	if in.ID != "" {
		if s.old.ValidTo != "" {
			return SetOut{}, fault.New(fault.Closed, "organization.membership.ended")
		}
		if s.old.Version != in.Version {
			return SetOut{}, stale()
		}
		in.PersonID, in.TermID = s.old.PersonID, s.old.TermID
	}
	term, err := in.check(&c.Look)
	if err != nil {
		return SetOut{}, err
	}
	c.Detail(map[string]string{"term": in.TermID, "sector": in.SectorID, "party": in.PartyID, "special_committee": in.SpecialCommitteeID, "group": in.GroupID})
	from := begins(term, today(&c.Look))
	if in.ID == "" {
		in.ID, err = insertMembership(c, in, from)
		if err != nil {
			return SetOut{}, err
		}
		return SetOut{in.ID}, becomeMember(c, in.PersonID, from)
	}
	return changeMembership(c, s.old, in)
}

// begins is the day from which a membership of a term counts: the term's first
// day, or today for a term that has not begun, so that the member can write.
func begins(term Term, now calendar.Date) calendar.Date {
	starts, err := calendar.ParseDate(term.StartsOn)
	if err != nil || starts.After(now) {
		return now
	}
	return starts
}

func (in *EnrollIn) check(l *app.Look) (Term, error) {
	var p fault.Problems
	in.Workplace, in.Remark = clean(in.Workplace), clean(in.Remark)
	checkText(&p, "workplace", in.Workplace, false, maxWorkplace)
	checkText(&p, "remark", in.Remark, false, maxRemark)
	term, err := termOf(l, in.TermID)
	p.Check(err == nil, "term_id", "organization.choose")
	p.Check(in.SectorID != "", "sector_id", "organization.choose")
	for _, x := range []struct {
		field, id string
		kind      BodyKind
	}{{"sector_id", in.SectorID, Sector}, {"party_id", in.PartyID, Party}, {"special_committee_id", in.SpecialCommitteeID, SpecialCommittee}, {"group_id", in.GroupID, Group}} {
		if x.id == "" {
			continue
		}
		b, err := BodyOf(l, x.id)
		p.Check(err == nil && b.Kind == x.kind && b.ValidTo == "", x.field, "organization.choose")
	}
	return term, p.Err()
}

const (
	maxWorkplace = 100
	maxRemark    = 200
)

func insertMembership(c *app.Call, in EnrollIn, from calendar.Date) (string, error) {
	in.ID = id.New()
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO membership (id, committee_id, person_id, term_id, sector_id, party_id, special_committee_id, group_id, workplace, standing, remark, valid_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, in.ID, c.Who().CommitteeID, in.PersonID, in.TermID, in.SectorID, in.PartyID, in.SpecialCommitteeID, in.GroupID,
		in.Workplace, in.Standing, in.Remark, from.String())
	if errors.Is(err, store.ErrUnique) {
		return "", fault.Field("term_id", "organization.membership.twice").Because(err)
	}
	if err != nil {
		return "", fmt.Errorf("enroll %s: %w", in.PersonID, err)
	}
	return in.ID, nil
}

// changeMembership keeps what was until yesterday when a body changed, so that
// figures of an earlier day stay what they were.
func changeMembership(c *app.Call, old MembershipRow, in EnrollIn) (SetOut, error) {
	now := today(&c.Look)
	moved := old.SectorID != in.SectorID || old.PartyID != in.PartyID || old.SpecialCommitteeID != in.SpecialCommitteeID || old.GroupID != in.GroupID || old.Standing != in.Standing
	if moved && old.ValidFrom < now.String() {
		if err := stopMembership(c, old.ID, now.Add(-1)); err != nil {
			return SetOut{}, err
		}
		newID, err := insertMembership(c, in, now)
		return SetOut{newID}, err
	}
	_, err := c.Tx().Exec(c.Ctx(), `UPDATE membership SET sector_id = ?, party_id = ?, special_committee_id = ?, group_id = ?, workplace = ?, standing = ?, remark = ?,
		version = version + 1 WHERE id = ?`, in.SectorID, in.PartyID, in.SpecialCommitteeID, in.GroupID, in.Workplace, in.Standing, in.Remark, old.ID)
	if err != nil {
		return SetOut{}, fmt.Errorf("change membership %s: %w", old.ID, err)
	}
	return SetOut{old.ID}, nil
}

func stopMembership(c *app.Call, membershipID string, last calendar.Date) error {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE membership SET valid_to = ?, version = version + 1 WHERE id = ?", last.String(), membershipID)
	if err != nil {
		return fmt.Errorf("end membership %s: %w", membershipID, err)
	}
	return nil
}

// becomeMember gives a person the post of a member unless he holds it.
func becomeMember(c *app.Call, personID string, from calendar.Date) error {
	rows, err := postRows(&c.Look, personID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(rows, func(p PostRow) bool { return p.Kind == access.Member && p.ValidTo == "" }) {
		return nil
	}
	main, err := mainBody(&c.Look)
	if err != nil {
		return err
	}
	_, err = insertPost(c, GivePostIn{PersonID: personID, BodyID: main, Kind: string(access.Member)}, from, calendar.Date{})
	return err
}

// mainBody is the committee's own body: the oldest of its kind.
func mainBody(l *app.Look) (bodyID string, err error) {
	err = l.Tx().Row(l.Ctx(), "SELECT id FROM body WHERE committee_id = ? AND kind = ? AND valid_to IS NULL ORDER BY id LIMIT 1", l.Who().CommitteeID, string(CommitteeBody)).Scan(&bodyID)
	if err != nil {
		return "", fmt.Errorf("find the committee's own body: %w", err)
	}
	return bodyID, nil
}

// membershipSubject is a membership to be ended.
type membershipSubject struct {
	thing
	MembershipRow
}

// Object names the membership.
func (m membershipSubject) Object() (string, string) { return "membership", m.thing.id }

// EndMembershipIn ends a membership; ValidTo is its last day, "" at once.
type EndMembershipIn struct {
	ID      string `json:"id"`
	ValidTo string `json:"valid_to"`
}

// EndMembership ends a membership (委员资格终止) and the post of a member with
// the last of them.
var EndMembership = app.Define("organization.end-membership", func(c *app.Call, in EndMembershipIn) (membershipSubject, error) {
	m, err := membershipOf(&c.Look, in.ID)
	return membershipSubject{thing{c.Who().CommitteeID, "membership", in.ID}, m}, err
}, bySystemAdmin[membershipSubject], endMembership)

func endMembership(c *app.Call, s membershipSubject, in EndMembershipIn) (SetOut, error) {
	if s.ValidTo != "" {
		return SetOut{}, fault.New(fault.Closed, "organization.membership.ended")
	}
	last := today(&c.Look).Add(-1)
	if in.ValidTo != "" {
		var p fault.Problems
		last = checkDate(&p, "valid_to", in.ValidTo, true)
		p.Check(in.ValidTo >= s.ValidFrom, "valid_to", "organization.ends-before")
		if err := p.Err(); err != nil {
			return SetOut{}, err
		}
	}
	if err := stopMembership(c, in.ID, last); err != nil {
		return SetOut{}, err
	}
	rows, err := membershipRows(&c.Look, s.PersonID)
	if err != nil {
		return SetOut{}, err
	}
	if slices.ContainsFunc(rows, func(m MembershipRow) bool { return m.ValidTo == "" }) {
		return SetOut{in.ID}, nil
	}
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE post SET valid_to = ?, version = version + 1 WHERE person_id = ? AND committee_id = ? AND kind = ? AND valid_to IS NULL",
		last.String(), s.PersonID, c.Who().CommitteeID, string(access.Member))
	return SetOut{in.ID}, err
}
