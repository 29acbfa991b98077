package organization

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/identity"
	"tongxin/internal/store"
)

// FoundIn is everything the first page asks for.
type FoundIn struct {
	Code         string `json:"code"` // the bootstrap code of the terminal
	Name         string `json:"name"`
	ShortName    string `json:"short_name"`
	Level        string `json:"level"`
	Term         int64  `json:"term"`           // 届
	TermStartsOn string `json:"term_starts_on"` // "" the opening of the session
	SessionTimes
	AdminName    string `json:"admin_name"` // 系统管理员, who signs in at once
	Login        string `json:"login"`
	Password     string `json:"password"`
	Again        string `json:"again"`
	SecurityName string `json:"security_name"` // 安全管理员
	AuditorName  string `json:"auditor_name"`  // 审计管理员

	hash string
}

// FoundOut is the new committee: the session of its system administrator, and
// the codes of the two other administrators, shown once.
type FoundOut struct {
	CommitteeID string            `json:"committee_id"`
	SignedIn    identity.SignedIn `json:"signed_in"`
	Slips       []identity.Slip   `json:"slips"`
}

// Found sets up the committee on an empty installation (启用): its names, first
// term and session, and the three administrators, who are three people.
var Found = app.Define("organization.found", func(*app.Call, FoundIn) (thing, error) { return thing{kind: "committee"}, nil },
	access.Public[thing], found).Ahead(checkFound).Unkept()

func checkFound(ctx context.Context, a *app.App, who access.Actor, in FoundIn) (FoundIn, error) {
	if done, err := Founded(ctx, a); err != nil || done {
		return in, errors.Join(err, fault.New(fault.Closed, "identity.founded-already"))
	}
	if in.Code == "" {
		return in, fault.Field("code", "identity.code.needed")
	}
	if err := identity.CheckBootstrap(ctx, a, who, "organization.found", in.Code); err != nil {
		return in, err
	}
	var p fault.Problems
	in.check(&p, identity.PolicyOf(a))
	if err := p.Err(); err != nil {
		return in, err
	}
	var err error
	in.hash, err = identity.PreparePassword(in.Password)
	return in, err
}

func (in *FoundIn) check(p *fault.Problems, policy identity.Policy) {
	names := ChangeCommitteeIn{Name: in.Name, ShortName: in.ShortName, Level: in.Level}
	names.check(p)
	in.Name, in.ShortName = names.Name, names.ShortName
	p.Check(in.Term >= 1 && in.Term <= maxNumber, "term", "organization.number", "max", maxNumber)
	checkDate(p, "term_starts_on", in.TermStartsOn, false)
	if in.TermStartsOn == "" {
		in.TermStartsOn = in.OpensOn
	}
	in.SessionTimes.check(p)
	for field, name := range map[string]*string{"admin_name": &in.AdminName, "security_name": &in.SecurityName, "auditor_name": &in.AuditorName} {
		*name = identity.CleanName(*name)
		checkText(p, field, *name, true, 50)
	}
	in.Login = identity.FoldLogin(in.Login)
	if key := identity.CheckLogin(in.Login); key != "" {
		p.Add("login", key)
	}
	identity.CheckPassword(p, policy, in.Password, in.Again, in.AdminName, in.Login)
}

func found(c *app.Call, _ thing, in FoundIn) (FoundOut, error) {
	out := FoundOut{CommitteeID: id.New()}
	if in.hash == "" {
		return out, fault.Field("password", "identity.password.needed")
	}
	if err := identity.UseBootstrap(c, in.Code); err != nil {
		return out, err
	}
	c.InCommittee(out.CommitteeID)
	c.Made(out.CommitteeID)
	c.As(access.Actor{CommitteeID: out.CommitteeID, Via: c.Who().Via})
	body, err := foundBodies(c, in)
	if err != nil {
		return out, err
	}
	admin, err := appoint(c, in.AdminName, access.SystemAdmin, body)
	if err != nil {
		return out, err
	}
	if err := identity.OpenAccount(c, admin.PersonID, out.CommitteeID, in.Login, in.hash); err != nil {
		return out, err
	}
	for _, x := range []struct {
		name string
		kind access.PostKind
	}{{in.SecurityName, access.SecurityAdmin}, {in.AuditorName, access.Auditor}} {
		other, err := appoint(c, x.name, x.kind, body)
		if err != nil {
			return out, err
		}
		slip, err := identity.IssueCode(c, other.PersonID)
		if err != nil {
			return out, err
		}
		out.Slips = append(out.Slips, slip)
	}
	out.SignedIn, err = identity.StartSession(c, admin.PersonID, out.CommitteeID)
	c.As(admin)
	return out, err
}

// foundBodies writes the committee, its own body, and the first session.
func foundBodies(c *app.Call, in FoundIn) (bodyID string, err error) {
	committee, term := c.Who().CommitteeID, id.New()
	bodyID = id.New()
	for _, x := range []store.Fragment{
		store.F("INSERT INTO committee (id, name, short_name, level, created_at) VALUES (?, ?, ?, ?, ?)", committee, in.Name, in.ShortName, in.Level, c.Now()),
		store.F("INSERT INTO body (id, committee_id, kind, name, short_name, valid_from) VALUES (?, ?, ?, ?, ?, ?)",
			bodyID, committee, string(CommitteeBody), in.Name, in.ShortName, min(in.TermStartsOn, today(&c.Look).String())),
		store.F("INSERT INTO term (id, committee_id, number, starts_on) VALUES (?, ?, ?, ?)", term, committee, in.Term, in.TermStartsOn),
	} {
		if _, err := c.Tx().Exec(c.Ctx(), x.SQL, x.Args...); err != nil {
			return "", fmt.Errorf("found the committee: %w", err)
		}
	}
	_, err = writeSession(c, Session{TermID: term, Term: in.Term, Number: in.Number, Title: strings.TrimSpace(in.Title),
		CollectFrom: in.CollectFrom, OpensOn: in.OpensOn, ClosesOn: in.ClosesOn, CutoffAt: in.CutoffAt})
	return bodyID, err
}

// appoint adds a person with one post in the committee's own body from today.
func appoint(c *app.Call, name string, kind access.PostKind, bodyID string) (access.Actor, error) {
	p, err := identity.Add(c, identity.Person{CommitteeID: c.Who().CommitteeID, Name: name})
	if err != nil {
		return access.Actor{}, err
	}
	post, err := insertPost(c, GivePostIn{PersonID: p.ID, BodyID: bodyID, Kind: string(kind)}, today(&c.Look), calendar.Date{})
	return access.Actor{CommitteeID: p.CommitteeID, PersonID: p.ID, Name: p.Name, Via: c.Who().Via,
		Post: access.Post{ID: post, Kind: kind, BodyID: bodyID}}, err
}
