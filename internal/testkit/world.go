package testkit

import (
	"io/fs"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/id"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// World is a small committee: two sectors, a party, a special committee, three
// units (two of the government's channel, one of the Party's), both
// supervision offices, and people in every post.
type World struct {
	*House
	CommitteeID string
	Session     string // id of the third session of the fourteenth term
	Bodies      map[string]string

	Members                     []access.Actor // five members
	Convener                    access.Actor   // writes for the party
	Office, Chief, Reviewer     access.Actor
	PartyDesk, GovDesk          access.Actor // dispatchers of the two supervision offices
	HandlerA, SignerA           access.Actor // 市住建局
	HandlerB, SignerB           access.Actor // 市财政局
	HandlerC, SignerC           access.Actor // 市委宣传部, Party's channel
	Leader                      access.Actor
	SysAdmin, SecAdmin, Auditor access.Actor
	Stranger                    access.Actor // a member of another committee
}

type seedIn struct{}
type nowhere struct{}

// Object names nothing.
func (nowhere) Object() (string, string) { return "test", "" }

// NewWorld fills a House with a small committee, in one transaction.
func NewWorld(t testing.TB, h *House) *World {
	t.Helper()
	w := &World{House: h, Bodies: map[string]string{}}
	seed := app.Define("test.seed", func(*app.Call, seedIn) (nowhere, error) { return nowhere{}, nil }, access.Public[nowhere],
		func(c *app.Call, _ nowhere, _ seedIn) (struct{}, error) {
			w.Members = nil
			b := &builder{t: t, c: c, w: w}
			b.build()
			return struct{}{}, nil
		})
	_, err := seed.Do(t.Context(), h.App, access.Actor{}, seedIn{})
	must(t, err)
	return w
}

type builder struct {
	t testing.TB
	c *app.Call
	w *World
}

func (b *builder) exec(q string, args ...any) {
	b.t.Helper()
	_, err := b.c.Tx().Exec(b.c.Ctx(), q, args...)
	must(b.t, err)
}

func (b *builder) build() {
	b.t.Helper()
	w := b.w
	w.CommitteeID = b.committee("政协云州市委员会")
	for _, x := range []struct {
		key     string
		kind    organization.BodyKind
		name    string
		channel string
	}{
		{"committee", organization.CommitteeBody, "政协云州市委员会", ""},
		{"sector1", organization.Sector, "经济界", ""}, {"sector2", organization.Sector, "教育界", ""},
		{"party", organization.Party, "民建云州市委会", ""}, {"women", organization.PeoplesOrganization, "市妇联", ""},
		{"special", organization.SpecialCommittee, "经济委员会", ""}, {"group", organization.Group, "第一小组", ""},
		{"unitA", organization.Unit, "市住房和城乡建设局", organization.ByGovernment},
		{"unitB", organization.Unit, "市财政局", organization.ByGovernment},
		{"unitC", organization.Unit, "市委宣传部", organization.ByParty},
		{"deskP", organization.SupervisionParty, "市委督查室", ""}, {"deskG", organization.SupervisionGovernment, "市政府督查室", ""},
	} {
		w.Bodies[x.key] = b.body(w.CommitteeID, x.kind, x.name, x.channel)
	}
	for i, name := range []string{"林知远", "周若水", "沈一鸣", "欧阳清", "苏合"} {
		m := b.person(w.CommitteeID, name, access.Member, "committee", "委员")
		b.membership(m, []string{"sector1", "sector2"}[i%2])
		w.Members = append(w.Members, m)
	}
	w.Convener = b.person(w.CommitteeID, "贺兰舟", access.Convener, "party", "专职副主委")
	w.Office = b.person(w.CommitteeID, "叶小棠", access.Office, "committee", "提案委办公室")
	w.Chief = b.person(w.CommitteeID, "郑观澜", access.Chief, "committee", "提案委主任")
	w.Reviewer = b.person(w.CommitteeID, "宋怀瑾", access.Reviewer, "committee", "审查小组成员")
	w.PartyDesk = b.person(w.CommitteeID, "顾长风", access.Dispatcher, "deskP", "科长")
	w.GovDesk = b.person(w.CommitteeID, "江望舒", access.Dispatcher, "deskG", "科长")
	w.HandlerA = b.person(w.CommitteeID, "石砚秋", access.Handler, "unitA", "经办人")
	w.SignerA = b.person(w.CommitteeID, "何承宇", access.Signer, "unitA", "分管局长")
	w.HandlerB = b.person(w.CommitteeID, "陶以安", access.Handler, "unitB", "经办人")
	w.SignerB = b.person(w.CommitteeID, "魏景行", access.Signer, "unitB", "分管局长")
	w.HandlerC = b.person(w.CommitteeID, "唐采薇", access.Handler, "unitC", "经办人")
	w.SignerC = b.person(w.CommitteeID, "程砺之", access.Signer, "unitC", "副部长")
	w.Leader = b.person(w.CommitteeID, "陆行简", access.Leader, "committee", "副主席")
	w.SysAdmin = b.person(w.CommitteeID, "系统员", access.SystemAdmin, "committee", "系统管理员")
	w.SecAdmin = b.person(w.CommitteeID, "安全员", access.SecurityAdmin, "committee", "安全管理员")
	w.Auditor = b.person(w.CommitteeID, "审计员", access.Auditor, "committee", "审计管理员")
	b.sessions()
	other := b.committee("政协临县委员会")
	w.Bodies["elsewhere"] = b.body(other, organization.CommitteeBody, "政协临县委员会", "")
	w.Stranger = b.person(other, "外来人", access.Member, "elsewhere", "委员")
}

func (b *builder) committee(name string) string {
	k := id.New()
	b.exec("INSERT INTO committee (id, name, short_name, created_at) VALUES (?, ?, ?, ?)", k, name, name, b.c.Now())
	return k
}

func (b *builder) body(committee string, kind organization.BodyKind, name, channel string) string {
	k := id.New()
	b.exec("INSERT INTO body (id, committee_id, kind, name, channel, valid_from) VALUES (?, ?, ?, ?, ?, '2021-01-01')", k, committee, string(kind), name, channel)
	return k
}

func (b *builder) person(committee, name string, kind access.PostKind, body, title string) access.Actor {
	p, err := identity.Add(b.c, identity.Person{CommitteeID: committee, Name: name})
	must(b.t, err)
	b.exec("INSERT INTO account (person_id, committee_id, login) VALUES (?, ?, ?)", p.ID, committee, "u"+p.ID)
	a := access.Actor{CommitteeID: committee, PersonID: p.ID, Name: name}
	return b.w.post(b, a, kind, body, title)
}

func (w *World) post(b *builder, a access.Actor, kind access.PostKind, body, title string) access.Actor {
	k := id.New()
	b.exec("INSERT INTO post (id, committee_id, person_id, body_id, kind, title, valid_from) VALUES (?, ?, ?, ?, ?, ?, '2021-01-01')",
		k, a.CommitteeID, a.PersonID, w.Bodies[body], string(kind), title)
	post := access.Post{ID: k, Kind: kind, BodyID: w.Bodies[body], Title: title}
	if err := b.c.Tx().Row(b.c.Ctx(), "SELECT kind, name FROM body WHERE id = ?", post.BodyID).Scan(&post.BodyKind, &post.BodyName); err != nil {
		b.t.Fatal(err)
	}
	a.Post = post
	a.Posts = append(append([]access.Post(nil), a.Posts...), post)
	return a
}

func (b *builder) membership(a access.Actor, sector string) {
	if b.w.Bodies["term"] == "" {
		b.w.Bodies["term"] = id.New()
		b.exec("INSERT INTO term (id, committee_id, number, starts_on) VALUES (?, ?, 14, '2023-01-01')", b.w.Bodies["term"], b.w.CommitteeID)
	}
	b.exec("INSERT INTO membership (id, committee_id, person_id, term_id, sector_id, valid_from) VALUES (?, ?, ?, ?, ?, '2023-01-01')",
		id.New(), b.w.CommitteeID, a.PersonID, b.w.Bodies["term"], b.w.Bodies[sector])
}

// sessions: the second session of January 2025 and the third, collected from
// 28 October 2025, held 27–30 January 2026, cut off on the 29th at 18:30.
func (b *builder) sessions() {
	b.session(2, "十四届二次会议", "2024-10-20T00:00", "2025-01-14", "2025-01-17", "2025-01-16T18:30")
	b.w.Session = b.session(3, "十四届三次会议", "2025-10-28T00:00", "2026-01-27", "2026-01-30", "2026-01-29T18:30")
}

func (b *builder) session(n int, title, from, opens, closes, cutoff string) string {
	var f, c store.Time
	must(b.t, f.UnmarshalText([]byte(from)))
	must(b.t, c.UnmarshalText([]byte(cutoff)))
	k := id.New()
	b.exec(`INSERT INTO term_session (id, committee_id, term_id, number, title, collect_from, opens_on, closes_on, cutoff_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, k, b.w.CommitteeID, b.w.Bodies["term"], n, title, f, opens, closes, c)
	return k
}

// Also gives somebody a second post and returns him acting in the first.
func (w *World) Also(t testing.TB, a access.Actor, kind access.PostKind, body, title string) access.Actor {
	t.Helper()
	var both access.Actor
	give := app.Define("test.give", func(*app.Call, seedIn) (nowhere, error) { return nowhere{}, nil }, access.Public[nowhere],
		func(c *app.Call, _ nowhere, _ seedIn) (struct{}, error) {
			both = w.post(&builder{t: t, c: c, w: w}, a, kind, body, title)
			return struct{}{}, nil
		})
	_, err := give.Do(t.Context(), w.App, access.Actor{}, seedIn{})
	must(t, err)
	both.Post = a.Post
	return both
}

// At moves the clock to an instant of Beijing time, 2006-01-02T15:04.
func (w *World) At(t testing.TB, text string) {
	t.Helper()
	var i clock.Instant
	must(t, i.UnmarshalText([]byte(text)))
	w.Clock.Set(i.Time)
}

// Acting returns somebody in another of his posts.
func Acting(a access.Actor, kind access.PostKind) access.Actor {
	for _, p := range a.Posts {
		if p.Kind == kind {
			a.Post = p
		}
	}
	return a
}

// Keyed returns somebody whose next act carries an idempotency key.
func Keyed(a access.Actor, key string) access.Actor {
	a.Via.Key = key
	return a
}

func messageFolders(modules []app.Module) []fs.FS {
	var list []fs.FS
	for _, m := range modules {
		if m.Messages != nil {
			list = append(list, m.Messages)
		}
	}
	return list
}
