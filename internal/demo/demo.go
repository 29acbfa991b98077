package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/identity"
	"tongxin/internal/seal"
)

// Seed is the city that everybody sees.
const Seed = 20260113

// Account is a sign-in of the demo.
type Account struct {
	Role     access.PostKind
	Name     string
	Post     string
	Login    string
	Password string
}

// Options say how much is made.
type Options struct {
	Proposals int       // how many; the demo has 300
	Today     time.Time // the instant at which the story ends
	// Progress hears how far the making has come; it may be nil.
	Progress func(done, total int)
}

// Build makes the city and returns one sign-in per role; only these accounts
// have passwords. c is the clock that the App was opened with.
func Build(ctx context.Context, a *app.App, c *Clock, o Options) ([]Account, error) {
	b := &builder{ctx: ctx, app: a, clock: c, o: o, city: fiction.New(Seed), dice: rand.New(rand.NewPCG(Seed, 1)),
		bodies: map[string]body{}, people: map[string]access.Actor{}, all: map[access.PostKind][]access.Actor{}, unitOf: map[string]string{},
		numbers: map[string]int{}, wrote: map[string]int{}, held: map[string]int{}, opened: map[string]bool{}, password: "Demo7-" + seal.Code(2)}
	b.dates()
	if err := b.found(); err != nil {
		return nil, fmt.Errorf("found the committee: %w", err)
	}
	if err := b.furnish(); err != nil {
		return nil, fmt.Errorf("set up the committee: %w", err)
	}
	if err := b.tell(); err != nil {
		return nil, fmt.Errorf("tell the city's story: %w", err)
	}
	c.hand.Set(o.Today)
	accounts, err := b.accounts()
	if err != nil {
		return nil, fmt.Errorf("make the sign-ins: %w", err)
	}
	return accounts, a.CatchUp(ctx)
}

// Founding is the instant at which the story of a city begins that ends today.
func Founding(today time.Time) time.Time {
	return time.Date(firstYear(today)-1, 9, 1, 9, 0, 0, 0, calendar.Beijing)
}

// firstYear is the year of the first of the three sessions. From October on
// the committee already collects for the coming January.
func firstYear(today time.Time) int {
	if today.Month() >= time.October {
		return today.Year() - 1
	}
	return today.Year() - 2
}

type builder struct {
	ctx      context.Context
	app      *app.App
	clock    *Clock
	o        Options
	city     *fiction.City
	dice     *rand.Rand
	sessions []session

	committee string
	admin     access.Actor
	bodies    map[string]body                    // by name
	people    map[string]access.Actor            // by role and name
	all       map[access.PostKind][]access.Actor // leaders and reviewers
	unitOf    map[string]string                  // short name by id
	codes     []identity.Slip
	numbers   map[string]int  // last document number of each unit
	wrote     map[string]int  // proposals of each author
	held      map[string]int  // cases of each unit
	opened    map[string]bool // sign-ins that have their password
	password  string

	done, total int
}

type body struct{ id, kind, name, channel string }

// session is a yearly session in the story's own time.
type session struct {
	id                   string
	opens, closes        time.Time
	collect, cutoff      time.Time
	filing, handing, end time.Time // when cases are filed and handed to the supervision offices; when the next one collects
}

// dates moves the city's three sessions so that the story ends today.
func (b *builder) dates() {
	for i, s := range b.city.Sessions {
		move := func(t time.Time) time.Time { return t.AddDate(firstYear(b.o.Today)+i-t.Year(), 0, 0) }
		x := session{opens: move(s.Opens), closes: move(s.Closes), cutoff: move(s.CutOff)}
		x.collect = x.opens.AddDate(0, 0, -80)
		x.filing, x.handing = x.closes.AddDate(0, 0, 12), x.closes.AddDate(0, 0, 26)
		x.end = x.collect.AddDate(1, 0, 0)
		b.sessions = append(b.sessions, x)
	}
}

// step shows progress.
func (b *builder) step() {
	b.done++
	if b.o.Progress != nil && (b.done%20 == 0 || b.done >= b.total) {
		b.o.Progress(min(b.done, b.total), b.total)
	}
}

// accounts gives one person of each role a password; everybody else has none.
func (b *builder) accounts() ([]Account, error) {
	b.choose()
	if _, ok := b.people["system_admin"]; !ok {
		return nil, fmt.Errorf("no system administrator")
	}
	var list []Account
	for _, login := range logins() {
		who, ok := b.people[login]
		if !ok {
			continue
		}
		if err := b.open(login); err != nil {
			return nil, err
		}
		list = append(list, Account{who.Post.Kind, who.Name, who.Post.BodyName + " " + who.Post.Title, login, b.password})
		b.step()
	}
	return list, nil
}

// open gives somebody a password, once. Those who ask for jobs in the story have
// theirs before it begins: a job acts for nobody who cannot sign in.
func (b *builder) open(login string) error {
	if b.opened[login] {
		return nil
	}
	b.opened[login] = true
	who := b.people[login]
	out, err := identity.IssueCodes.Do(b.ctx, b.app, b.people["system_admin"], identity.IssueCodesIn{People: []string{who.PersonID}})
	if err != nil {
		return fmt.Errorf("issue a code for the %s: %w", who.Post.Kind, err)
	}
	if _, err := identity.Claim.Do(b.ctx, b.app, access.Nobody(access.Via{RequestID: "demo"}),
		identity.ClaimIn{Code: out.Slips[0].Code, Login: login, Password: b.password, Again: b.password}); err != nil {
		return fmt.Errorf("claim the account of the %s: %w", who.Post.Kind, err)
	}
	return nil
}

// twoHats is a member who also signs for the unit in which he works.
const twoHats = "member_and_signer"

func logins() []string {
	var list []string
	for _, k := range access.PostKinds() {
		list = append(list, string(k))
	}
	return append(list, twoHats)
}

// choose picks who signs in as member, convener, handler and signer: those who
// have most to show.
func (b *builder) choose() {
	most := 0
	for _, m := range b.city.Members {
		who := b.people[member(m.No)]
		if n := b.wrote[who.PersonID]; n > most && len(who.Posts) == 1 {
			most, b.people[string(access.Member)] = n, who
		}
		if _, ok := b.people[twoHats]; !ok && len(who.Posts) == 2 && who.Posts[1].Kind == access.Signer && b.wrote[who.PersonID] > 0 {
			b.people[twoHats] = who
		}
	}
	most = 0
	for _, u := range b.city.Units {
		if n := b.held[u.Short]; n > most {
			most = n
			b.people[string(access.Handler)], b.people[string(access.Signer)] = b.people["handler:"+u.Short], b.people["signer:"+u.Short]
		}
	}
}
