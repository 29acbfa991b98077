package demo

import (
	"fmt"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/calendar"
	"tongxin/internal/clock"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/seal"
)

// found sets the committee up with the bootstrap code, as the page /setup does.
func (b *builder) found() error {
	code, err := identity.EnsureBootstrap(b.ctx, b.app)
	if err != nil {
		return err
	}
	secret := "Demo7-" + seal.Code(3) // three kinds of signs, whatever the code is
	admins := b.city.StaffIn(fiction.RoleAdminSystem)[0]
	out, err := organization.Found.Do(b.ctx, b.app, access.Nobody(access.Via{RequestID: "demo"}), organization.FoundIn{
		Code: code, Name: b.city.Committee, ShortName: b.city.CommitteeShort, Level: "city", Term: int64(b.city.Term),
		TermStartsOn: calendar.DateOf(b.sessions[0].opens, calendar.Beijing).String(), SessionTimes: times(1, b.sessions[0]),
		AdminName: admins.Name, Login: "system_admin_at_founding", Password: secret, Again: secret,
		SecurityName: b.city.StaffIn(fiction.RoleAdminSecurity)[0].Name, AuditorName: b.city.StaffIn(fiction.RoleAdminAudit)[0].Name,
	})
	if err != nil {
		return err
	}
	b.committee, b.codes = out.CommitteeID, out.Slips
	resolved, err := organization.Resolve(b.ctx, b.app, out.SignedIn.Token, access.Via{RequestID: "demo"})
	if err != nil {
		return err
	}
	b.admin = resolved.Who
	b.admin.Via = access.Via{RequestID: "demo"}
	b.people["system_admin"] = b.admin
	home := b.admin.Post
	b.bodies["committee"] = body{home.BodyID, home.BodyKind, home.BodyName, ""}
	for i, kind := range []access.PostKind{access.SecurityAdmin, access.Auditor} {
		b.people[string(kind)] = access.Actor{CommitteeID: b.committee, PersonID: out.Slips[i].PersonID, Name: out.Slips[i].Name,
			Post: access.Post{Kind: kind, BodyID: home.BodyID, BodyName: home.BodyName}}
	}
	return nil
}

func times(n int64, s session) organization.SessionTimes {
	return organization.SessionTimes{Number: n, CollectFrom: clock.InstantOf(s.collect), OpensOn: day(s.opens), ClosesOn: day(s.closes), CutoffAt: clock.InstantOf(s.cutoff)}
}

// furnish adds the later sessions, bodies and people.
func (b *builder) furnish() error {
	b.total = len(b.city.Members) + len(b.city.Units)*3 + b.o.Proposals*8 + 200
	for _, f := range []func() error{b.addSessions, b.addBodies, b.addMembers, b.addUnits, b.addStaff} {
		if err := f(); err != nil {
			return err
		}
	}
	for _, login := range []access.PostKind{access.Office, access.Dispatcher} {
		if err := b.open(string(login)); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) addSessions() error {
	terms, err := organization.Terms.Do(b.ctx, b.app, b.admin, struct{}{})
	if err != nil {
		return err
	}
	b.sessions[0].id = terms[0].Sessions[0].ID
	for i := 1; i < len(b.sessions); i++ {
		out, err := organization.SetSession.Do(b.ctx, b.app, b.admin, organization.SetSessionIn{TermID: terms[0].ID, SessionTimes: times(int64(i+1), b.sessions[i])})
		if err != nil {
			return fmt.Errorf("session %d: %w", i+1, err)
		}
		b.sessions[i].id = out.ID
	}
	return nil
}

func (b *builder) addBody(kind organization.BodyKind, key, name, short, channel string, sort int) error {
	out, err := organization.AddBody.Do(b.ctx, b.app, b.admin, organization.BodyIn{Kind: string(kind), Name: name, ShortName: short, Channel: channel, Sort: int64(sort)})
	if err != nil {
		return fmt.Errorf("add %s: %w", name, err)
	}
	b.bodies[key] = body{out.ID, string(kind), name, channel}
	b.step()
	return nil
}

func (b *builder) addBodies() error {
	for i, s := range b.city.Sectors {
		if err := b.addBody(organization.Sector, "sector:"+s.Name, s.Name+"界", "", "", i); err != nil {
			return err
		}
	}
	for i, o := range b.city.Organisations {
		kind := organization.Party
		if o.Kind != "party" {
			kind = organization.PeoplesOrganization
		}
		if err := b.addBody(kind, "org:"+o.Short, o.Name, o.Short, "", i); err != nil {
			return err
		}
	}
	for i, c := range b.city.Committees {
		if err := b.addBody(organization.SpecialCommittee, "special:"+c.Name, c.Name, "", "", i); err != nil {
			return err
		}
	}
	for i, g := range b.city.Groups {
		if err := b.addBody(organization.Group, "group:"+g.Name, g.Name, "", "", i); err != nil {
			return err
		}
	}
	for _, o := range b.city.Offices {
		kind := organization.SupervisionGovernment
		if o.Channel == fiction.ChannelParty {
			kind = organization.SupervisionParty
		}
		if err := b.addBody(kind, "desk:"+o.Channel, o.Name, o.Short, "", 0); err != nil {
			return err
		}
	}
	for i, u := range b.city.Units {
		if err := b.addBody(organization.Unit, "unit:"+u.Short, u.Name, u.Short, u.Channel, i); err != nil {
			return err
		}
		b.unitOf[b.bodies["unit:"+u.Short].id] = u.Short
	}
	return nil
}

// addPerson adds somebody; roles may share a name, so keys carry the role.
func (b *builder) addPerson(name, phone string) (access.Actor, error) {
	out, err := organization.AddPerson.Do(b.ctx, b.app, b.admin, organization.AddPersonIn{Name: name, Phone: phone})
	if err != nil {
		return access.Actor{}, fmt.Errorf("add %s: %w", name, err)
	}
	b.step()
	return access.Actor{CommitteeID: b.committee, PersonID: out.ID, Name: name, Via: access.Via{RequestID: "demo"}}, nil
}

// give gives somebody a post and returns him acting in it.
func (b *builder) give(who access.Actor, kind access.PostKind, in body, title string) (access.Actor, error) {
	out, err := organization.GivePost.Do(b.ctx, b.app, b.admin, organization.GivePostIn{PersonID: who.PersonID, BodyID: in.id, Kind: string(kind), Title: title})
	if err != nil {
		return who, fmt.Errorf("make %s %s of %s: %w", who.Name, kind, in.name, err)
	}
	p := access.Post{ID: out.ID, Kind: kind, BodyID: in.id, BodyKind: in.kind, BodyName: in.name, Title: title}
	who.Post = p
	who.Posts = append(append([]access.Post(nil), who.Posts...), p)
	return who, nil
}

func member(no int) string { return "member:" + strconv.Itoa(no) }

func (b *builder) addMembers() error {
	terms, err := organization.Terms.Do(b.ctx, b.app, b.admin, struct{}{})
	if err != nil {
		return err
	}
	for _, m := range b.city.Members {
		who, err := b.addPerson(m.Name, m.Phone)
		if err != nil {
			return err
		}
		title := "委员"
		if m.Standing {
			title = "常务委员"
		}
		if who, err = b.give(who, access.Member, b.bodies["committee"], title); err != nil {
			return err
		}
		in := organization.EnrollIn{PersonID: who.PersonID, TermID: terms[0].ID, SectorID: b.bodies["sector:"+m.Sector].id,
			SpecialCommitteeID: b.bodies["special:"+m.Committee].id, GroupID: b.bodies["group:"+m.Group].id,
			Workplace: m.Workplace + m.Title, Standing: m.Standing}
		if _, err := organization.Enroll.Do(b.ctx, b.app, b.admin, in); err != nil {
			return fmt.Errorf("enroll %s: %w", m.Name, err)
		}
		// Somebody who works in a unit signs there too, and must not rate its replies.
		if u := b.bodies["unit:"+m.Unit]; m.Unit != "" && u.id != "" {
			if who, err = b.give(who, access.Signer, u, m.Title); err != nil {
				return err
			}
			who.Post = who.Posts[0]
		}
		if m.Post != "" {
			if who, err = b.give(who, access.Leader, b.bodies["committee"], m.Post); err != nil {
				return err
			}
			b.all[access.Leader] = append(b.all[access.Leader], who)
			if _, ok := b.people["leader"]; !ok {
				b.people["leader"] = who
			}
			who.Post = who.Posts[0]
		}
		b.people[member(m.No)] = who
	}
	return b.addConveners()
}

// addConveners lets members write for sectors, special committees and groups.
func (b *builder) addConveners() error {
	add := func(key string, no int, title string) error {
		who, err := b.give(b.people[member(no)], access.Convener, b.bodies[key], title)
		if err != nil {
			return err
		}
		b.people["convener:"+key] = who
		who.Post = who.Posts[0]
		b.people[member(no)] = who
		return nil
	}
	for _, s := range b.city.Sectors {
		if err := add("sector:"+s.Name, s.Convener, "召集人"); err != nil {
			return err
		}
	}
	for _, c := range b.city.Committees {
		if err := add("special:"+c.Name, c.Director, "主任"); err != nil {
			return err
		}
	}
	for _, g := range b.city.Groups {
		if err := add("group:"+g.Name, g.Leader, "组长"); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) addUnits() error {
	for _, u := range b.city.Units {
		for _, x := range []struct {
			s    fiction.Staff
			kind access.PostKind
		}{{u.Handler, access.Handler}, {u.SectionHead, access.Handler}, {u.Leader, access.Signer}} {
			who, err := b.addPerson(x.s.Name, x.s.Phone)
			if err != nil {
				return err
			}
			if who, err = b.give(who, x.kind, b.bodies["unit:"+u.Short], x.s.Post); err != nil {
				return err
			}
			key := string(x.kind) + ":" + u.Short
			if _, ok := b.people[key]; !ok {
				b.people[key] = who
			}
		}
	}
	return nil
}

func (b *builder) addStaff() error {
	for i, s := range b.city.StaffIn(fiction.RoleProposalOffice) {
		kind := access.Office
		if i == 0 {
			kind = access.Chief
		}
		if err := b.staff(s, kind, b.bodies["committee"]); err != nil {
			return err
		}
	}
	for _, x := range []struct {
		role string
		kind access.PostKind
		body string
	}{
		{fiction.RoleReview, access.Reviewer, "committee"},
		{fiction.RoleSupervisionParty, access.Dispatcher, "desk:party"}, {fiction.RoleSupervisionGovernment, access.Dispatcher, "desk:government"},
		{fiction.RoleLeader, access.Leader, "committee"},
	} {
		for _, s := range b.city.StaffIn(x.role) {
			if err := b.staff(s, x.kind, b.bodies[x.body]); err != nil {
				return err
			}
		}
	}
	for _, o := range b.city.Organisations {
		if err := b.staff(o.Contact, access.Convener, b.bodies["org:"+o.Short]); err != nil {
			return err
		}
	}
	return nil
}

// staff adds somebody of the staff; the first of a kind, and of a kind in a
// body, is the one who acts in the story.
func (b *builder) staff(s fiction.Staff, kind access.PostKind, in body) error {
	who, err := b.addPerson(s.Name, s.Phone)
	if err != nil {
		return err
	}
	if who, err = b.give(who, kind, in, s.Post); err != nil {
		return err
	}
	b.all[kind] = append(b.all[kind], who)
	for _, key := range []string{string(kind), string(kind) + "@" + in.id} {
		if _, ok := b.people[key]; !ok || kind == access.Dispatcher && key == string(kind) && in.kind == string(organization.SupervisionGovernment) {
			b.people[key] = who
		}
	}
	return nil
}
