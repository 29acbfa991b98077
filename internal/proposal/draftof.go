package proposal

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// DraftOfIn names a draft; "" asks for an empty page.
type DraftOfIn struct {
	ID  string `json:"id" doc:"Empty for a new draft"`
	For string `json:"for" doc:"For staff: the member or organisation for whom they enter one"`
}

// DraftOfOut is everything the writing page shows.
type DraftOfOut struct {
	ID         string       `json:"id"`
	Version    int64        `json:"version" doc:"0 while nothing is stored"`
	State      State        `json:"state"`
	Kind       Kind         `json:"kind"`
	LeadName   string       `json:"lead_name"`
	SavedAt    store.Time   `json:"saved_at"`
	Writing    Writing      `json:"writing"`
	Signers    []Signer     `json:"signers"`
	Returned   string       `json:"returned,omitempty" doc:"What the office asks to change"`
	Secrets    []string     `json:"secrets,omitempty" doc:"Fields that bear the mark of a state secret; they cannot be handed in"`
	Session    string       `json:"session" doc:"Title of the session it would belong to"`
	Timing     string       `json:"timing" doc:"What it would be if it were handed in now"`
	CutoffAt   store.Time   `json:"cutoff_at" doc:"Until when it belongs to the session"`
	Rules      FormRules    `json:"rules"`
	Units      []Named      `json:"units" doc:"Units that may be suggested"`
	Members    []Named      `json:"members,omitempty" doc:"For staff who enter a member's proposal: who may co-sign"`
	Unfinished []Unfinished `json:"unfinished,omitempty" doc:"Other drafts of the person, for a new page"`
}

// FormRules are the committee's rules that the writing page follows.
type FormRules struct {
	BodyMode      profile.BodyMode `json:"body_mode"`
	TitleMax      int              `json:"title_max"`
	BodyMin       int              `json:"body_min"`
	BodyMax       int              `json:"body_max"`
	BasisRequired bool             `json:"basis_required"`
	ItemsMin      int              `json:"items_min"`
	ItemsMax      int              `json:"items_max"`
	Categories    []profile.Coded  `json:"categories"`
}

// Named is somebody or something to choose.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Note string `json:"note,omitempty"`
}

// Unfinished is a draft that waits to be continued.
type Unfinished struct {
	ID      string     `json:"id"`
	Title   string     `json:"title"`
	State   State      `json:"state"`
	SavedAt store.Time `json:"saved_at"`
}

// DraftOf gives what the writing page needs: the text as it stands, the
// committee's rules, and what may be chosen.
var DraftOf = app.Ask("proposal.draft-of", scopeOf, func(l *app.Look, scope access.Scope, in DraftOfIn) (DraftOfOut, error) {
	p, w := begin(l.Who(), id.New(), l.Now()), Writing{}
	var err error
	if in.ID != "" {
		if p, err = writable(l, scope, in.ID); err != nil {
			return DraftOfOut{}, err
		}
		if w, err = writingOf(l, p); err != nil {
			return DraftOfOut{}, err
		}
	} else if v := mayStart(l.Who(), p); !v.Allowed() && !mayEnterNew(l.Who()) {
		return DraftOfOut{}, fault.New(fault.Forbidden, v.Key())
	}
	out := DraftOfOut{ID: p.ID, Version: p.Version, State: p.State, Kind: p.Kind, LeadName: p.LeadName, Writing: w, Signers: cosigners(p)}
	if p.Version > 0 {
		out.SavedAt = p.SavedAt
	} else if out.Unfinished, err = unfinished(l, scope); err != nil {
		return out, err
	}
	if in.For != "" && mayEnterNew(l.Who()) {
		if err = out.speakFor(l, in.For); err != nil {
			return out, err
		}
	}
	if p.State == Returned {
		if out.Returned, err = lastOpinion(l, p.ID); err != nil {
			return out, err
		}
	}
	if f := fault.From(w.secrets()); f != nil {
		for _, x := range f.All() {
			out.Secrets = append(out.Secrets, x.Field)
		}
	}
	return out, out.fill(l, p)
})

// speakFor names for whom staff enters a proposal, and who may sign with him.
func (out *DraftOfOut) speakFor(l *app.Look, key string) error {
	names, err := members(l, key)
	if err != nil {
		return err
	}
	if name, ok := names[key]; ok {
		out.Kind, out.LeadName = Individual, name
		out.Members, err = everyMember(l)
		return err
	}
	b, err := organization.BodyOf(l, key)
	if err != nil {
		return err
	}
	kind, ok := collectiveKind(b.Kind)
	if !ok {
		return fault.New(fault.NotFound, "fault.not-found")
	}
	out.Kind, out.LeadName = kind, b.Name
	return nil
}

// fill adds the rules, the session and the units.
func (out *DraftOfOut) fill(l *app.Look, p *Proposal) error {
	rules, _, err := profile.Current(l)
	if err != nil {
		return err
	}
	out.Rules = formRules(&rules.Proposal, p.Category)
	s, err := organization.SessionAt(l, l.Now())
	if err != nil && !errors.Is(err, organization.ErrNoSession) {
		return err
	}
	out.Session, out.CutoffAt, out.Timing = s.Title, s.CutoffAt, p.Timing
	if p.Timing == "" && s.ID != "" {
		out.Timing = s.TimingAt(l.Now())
	}
	out.Units, err = units(l)
	return err
}

// formRules leaves out what is no longer offered, but for what was chosen then.
func formRules(r *profile.ProposalRules, chosen string) FormRules {
	f := FormRules{r.BodyMode, r.TitleMax, r.BodyMin, r.BodyMax, r.BasisRequired, r.ItemsMin, r.ItemsMax, []profile.Coded{}}
	for _, c := range r.Categories {
		if !c.Off || c.Code == chosen {
			f.Categories = append(f.Categories, c)
		}
	}
	return f
}

// units are those that may be suggested.
func units(l *app.Look) ([]Named, error) {
	bodies, err := organization.Bodies(l, organization.Unit)
	list := make([]Named, 0, len(bodies))
	for _, b := range bodies {
		list = append(list, Named{ID: b.ID, Name: b.Name})
	}
	return list, err
}

// seen loads a proposal that the scope shows; fault.NotFound otherwise.
func seen(l *app.Look, scope access.Scope, key string) (*Proposal, error) {
	w := store.And(store.F("p.id = ?", key), store.F(scope.SQL(), scope.Args()...))
	var one int
	err := l.Tx().Row(l.Ctx(), "SELECT 1 FROM proposal p WHERE "+w.SQL, w.Args...).Scan(&one)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("look for proposal %s: %w", key, err)
	}
	return load(l, key)
}

// writable is seen for the proposer's own pages.
func writable(l *app.Look, scope access.Scope, key string) (*Proposal, error) {
	p, err := seen(l, scope, key)
	if err != nil {
		return nil, err
	}
	if v := mayWrite(l.Who(), p); !v.Allowed() {
		return nil, fault.New(fault.Forbidden, v.Key())
	}
	return p, nil
}

// cosigners are the co-signers, without those taken off and without the
// organisation that proposes.
func cosigners(p *Proposal) []Signer {
	list := []Signer{}
	for i := range p.Signers {
		if s := &p.Signers[i]; s.State != Removed && s != p.leadBody() {
			list = append(list, *s)
		}
	}
	return list
}

// unfinished lists the drafts and returned proposals of the person.
func unfinished(l *app.Look, scope access.Scope) ([]Unfinished, error) {
	w := store.And(store.F("p.author_id = ?", l.Who().PersonID), store.F(scope.SQL(), scope.Args()...), store.F("p.state IN ('draft', 'returned')"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, u *Unfinished) error { return r.Scan(&u.ID, &u.Title, &u.State, &u.SavedAt) },
		"SELECT p.id, p.title, p.state, p.saved_at FROM proposal p WHERE "+w.SQL+" ORDER BY p.saved_at DESC, p.id DESC LIMIT 5", w.Args...)
	if err != nil {
		return nil, fmt.Errorf("list unfinished drafts: %w", err)
	}
	return list, nil
}

// lastOpinion is what the last review said.
func lastOpinion(l *app.Look, key string) (string, error) {
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT opinion FROM proposal_review WHERE committee_id = ? AND proposal_id = ? ORDER BY id DESC LIMIT 1",
		l.Who().CommitteeID, key)
	if err != nil {
		return "", fmt.Errorf("read the opinion on %s: %w", key, err)
	}
	if len(list) == 0 {
		return "", nil
	}
	return list[0], nil
}
