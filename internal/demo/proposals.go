package demo

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/calendar"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/proposal"
)

func day(t time.Time) string { return calendar.DateOf(t, calendar.Beijing).String() }

// paper is one proposal on its way.
type paper struct {
	fiction.Proposal
	id      string
	author  access.Actor
	others  []access.Actor
	session *session
	fate    string // "" is filed
	key     bool   // it becomes a key proposal
}

// plan gives each proposal its place in time: two fifths to the first session,
// a third to the second, the rest between sessions and to the third.
func (t *teller) plan() {
	texts := t.city.Proposals(t.o.Proposals)
	for i, text := range texts {
		text = t.starring(i, text)
		p := &paper{Proposal: text}
		if p.author = t.proposer(text); p.author.PersonID == "" {
			continue
		}
		if text.Kind == fiction.KindJoint {
			for _, no := range text.CoSigners {
				p.others = append(p.others, t.people[member(no)])
			}
		}
		p.fate = t.fate()
		when := t.written(i, len(texts), p)
		if fresh := i - (len(texts) - 40); fresh >= 0 {
			when = t.fresh(p, fresh)
		}
		t.at(when, func() error { return t.write(p) })
	}
}

// starring gives the member who signs in as member a share of the individual
// proposals, so that his pages have something in every state.
func (t *teller) starring(i int, text fiction.Proposal) fiction.Proposal {
	if text.Kind != fiction.KindIndividual && text.Kind != fiction.KindJoint || i%6 != 0 && i < t.o.Proposals-40 {
		return text
	}
	for _, m := range t.city.Members {
		if m.Post == "" && m.Unit == "" && len(t.people[member(m.No)].Posts) == 1 {
			if !slices.Contains(text.CoSigners, m.No) {
				text.Lead = m.No
			}
			return text
		}
	}
	return text
}

// fresh are the last proposals: they stand in the early states today, on
// whatever day the demo is started.
func (t *teller) fresh(p *paper, i int) time.Time {
	states := []struct {
		fate string
		days int
	}{{"unsigned", 42}, {"unrouted", 34}, {"stays-returned", 22}, {"unanswered", 22}, {"", 3}, {"draft", 9}, {"unrated", 76}, {"unfiled", 20}, {"undispatched", 40}, {"bulk", 38}}
	x := states[i%len(states)]
	p.fate = x.fate
	p.session = &t.sessions[0]
	for k := range t.sessions {
		if t.sessions[k].filing.Before(t.o.Today.AddDate(0, 0, -80)) {
			p.session = &t.sessions[k]
		}
	}
	if p.Kind == fiction.KindSector || p.Kind == fiction.KindPanel {
		return t.o.Today.Add(time.Hour) // may not propose between sessions
	}
	return t.o.Today.AddDate(0, 0, -x.days).Add(-time.Duration(t.dice.IntN(5)) * time.Hour)
}

// written is when a proposal is written, spread over collecting and the year.
func (t *teller) written(i, n int, p *paper) time.Time {
	within := func(from, to time.Time) time.Time {
		if to.After(t.o.Today) {
			to = t.o.Today
		}
		span := to.Sub(from)
		if span <= 0 {
			return t.o.Today.Add(time.Hour) // never
		}
		return from.Add(time.Duration(t.dice.Int64N(int64(span))))
	}
	sector := p.Kind == fiction.KindSector || p.Kind == fiction.KindPanel
	share := i * 100 / n
	switch {
	case share < 30:
		p.session = &t.sessions[0]
	case share < 60:
		p.session = &t.sessions[1]
	default:
		p.session = &t.sessions[2]
		if t.o.Today.Before(p.session.closes) && share < 84 { // still collecting: most of the rest lies between sessions
			p.session = &t.sessions[1]
			if !sector {
				return within(p.session.closes.AddDate(0, 0, 20), t.o.Today)
			}
		}
	}
	if !sector && t.chance(12) {
		return within(p.session.closes.AddDate(0, 0, 20), p.session.end)
	}
	return within(p.session.collect.AddDate(0, 0, 3), p.session.cutoff.Add(-time.Hour))
}

// fate is how a proposal ends; most are filed.
func (t *teller) fate() string {
	switch x := t.dice.IntN(1000); {
	case x < 35:
		return "decline"
	case x < 60:
		return "opinion"
	case x < 70:
		return "letter"
	case x < 77:
		return "up"
	case x < 92:
		return "withdraw"
	case x < 122:
		return "return"
	case x < 152:
		return "amend"
	case x < 170:
		return "draft"
	default:
		return ""
	}
}

// proposer is who writes: the member, or who acts for the organisation.
func (t *teller) proposer(p fiction.Proposal) access.Actor {
	switch p.Kind {
	case fiction.KindParty, fiction.KindGroup:
		return t.people["convener@"+t.bodies["org:"+p.Organisation].id]
	case fiction.KindCommittee:
		return t.people["convener:special:"+p.Organisation]
	case fiction.KindSector:
		return t.people["convener:sector:"+p.Organisation]
	case fiction.KindPanel:
		return t.people["convener:group:"+p.Organisation]
	default:
		return t.people[member(p.Lead)]
	}
}

// categories are the five spheres under the names of the committee's rules.
func category(of string) string {
	return map[string]string{"economic": "economy", "political": "politics", "cultural": "culture", "social": "society", "ecology": "ecology"}[of]
}

func (t *teller) writing(p *paper) proposal.Writing {
	w := proposal.Writing{Title: p.Title, Category: category(p.Category), Background: p.Background + "\n" + p.Analysis, Basis: p.Research,
		Items: p.Suggestions, Publish: proposal.PublishAgreed}
	if !p.Publish {
		w.Publish, w.PublishReason = proposal.PublishRefused, p.PublishRefusal
	}
	for _, u := range p.Units {
		if x := t.bodies["unit:"+u]; x.id != "" {
			w.Units = append(w.Units, x.id)
		}
	}
	return w
}

// write begins with a draft; others are invited, then it is handed in.
func (t *teller) write(p *paper) error {
	t.step()
	out, err := proposal.SaveDraft.Do(t.ctx, t.app, p.author, proposal.DraftIn{Writing: t.writing(p)})
	if err != nil {
		return fmt.Errorf("draft %s: %w", p.Title, err)
	}
	p.id = out.ID
	t.papers[p.id] = p
	if p.fate == "draft" && t.o.Today.Sub(t.clock.hand.Now()) < 90*24*time.Hour {
		return nil
	}
	if len(p.others) > 0 {
		if err := t.invite(p); err != nil {
			return err
		}
	}
	t.after(t.between(0, 2), func() error { return t.submit(p) })
	return nil
}

func (t *teller) invite(p *paper) error {
	var ids []string
	for _, o := range p.others {
		ids = append(ids, o.PersonID)
	}
	if _, err := proposal.Invite.Do(t.ctx, t.app, p.author, proposal.InviteIn{ID: p.id, Signers: ids}); err != nil {
		return fmt.Errorf("invite to %s: %w", p.Title, err)
	}
	for _, o := range p.others {
		if t.chance(85) {
			t.at(t.clock.hand.Now().Add(time.Duration(1+t.dice.IntN(20))*time.Minute), func() error { return t.cosign(p, o) })
		}
	}
	return nil
}

func (t *teller) cosign(p *paper, who access.Actor) error {
	x, err := proposal.Show.Do(t.ctx, t.app, who, proposal.ShowIn{ID: p.id})
	if err != nil {
		return fmt.Errorf("read %s before signing: %w", p.Title, err)
	}
	_, err = proposal.Cosign.Do(t.ctx, t.app, who, proposal.CosignIn{ID: p.id, Version: x.Proposal.Version})
	return err
}

func (t *teller) submit(p *paper) error {
	x, err := proposal.Show.Do(t.ctx, t.app, p.author, proposal.ShowIn{ID: p.id})
	if err != nil {
		return fmt.Errorf("read %s before handing it in: %w", p.Title, err)
	}
	if _, err := proposal.Submit.Do(t.ctx, t.app, p.author, proposal.SubmitIn{ID: p.id, Version: x.Proposal.Version}); err != nil {
		return fmt.Errorf("submit %s: %w", p.Title, err)
	}
	t.step()
	t.wrote[p.author.PersonID]++
	if p.fate == "withdraw" {
		t.after(t.between(2, 6), func() error {
			_, err := proposal.Withdraw.Do(t.ctx, t.app, p.author, proposal.WithdrawIn{ID: p.id, Reason: p.Withdrawal()})
			return err
		})
		return nil
	}
	t.after(t.between(2, 9), func() error { return t.first(p) })
	return nil
}

// first is the office's review (初审).
func (t *teller) first(p *paper) error {
	office := t.people["office"]
	switch p.fate {
	case "return":
		p.fate = ""
		r := p.ReturnReason()
		if _, err := proposal.Return.Do(t.ctx, t.app, office, proposal.ReturnIn{ID: p.id, Reason: returnCode(r.Code), Words: r.Text}); err != nil {
			return fmt.Errorf("return %s: %w", p.Title, err)
		}
		t.after(t.between(2, 8), func() error { return t.submit(p) })
		return nil
	case "stays-returned":
		r := p.ReturnReason()
		_, err := proposal.Return.Do(t.ctx, t.app, office, proposal.ReturnIn{ID: p.id, Reason: returnCode(r.Code), Words: r.Text})
		return err
	case "amend", "unanswered":
		return t.amend(p, office)
	}
	if _, err := proposal.Review.Do(t.ctx, t.app, office, proposal.ReviewIn{ID: p.id, Opinion: p.Review(fiction.LevelFirst)}); err != nil {
		return fmt.Errorf("review %s: %w", p.Title, err)
	}
	t.step()
	t.after(t.between(1, 6), func() error { return t.final(p) })
	return nil
}

// returnCode brings the text's reason under a code of the rules.
func returnCode(of string) string {
	switch of {
	case "multi_matter":
		return "several"
	case "no_research":
		return "basis"
	case "format", "cosigner":
		return "format"
	case "too_long":
		return "long"
	default:
		return "unclear"
	}
}

// amend is the office's edit, which the proposer confirms some days later.
func (t *teller) amend(p *paper, office access.Actor) error {
	a := p.OfficeAmendment()
	in := proposal.AmendIn{ID: p.id, Reason: a.Note}
	in.Title, in.Background, in.Basis, in.Items = a.Title, a.Background+"\n"+a.Analysis, a.Research, a.Suggestions
	if _, err := proposal.Amend.Do(t.ctx, t.app, office, in); err != nil {
		return fmt.Errorf("amend %s: %w", p.Title, err)
	}
	if p.fate == "unanswered" {
		return nil
	}
	p.fate = ""
	t.after(t.between(2, 9), func() error {
		x, err := proposal.Show.Do(t.ctx, t.app, p.author, proposal.ShowIn{ID: p.id})
		if err != nil {
			return fmt.Errorf("read the edit of %s: %w", p.Title, err)
		}
		if _, err := proposal.ConfirmAmendment.Do(t.ctx, t.app, p.author, proposal.AmendmentIn{ID: p.id, Revision: x.Proposal.Pending}); err != nil {
			return fmt.Errorf("confirm the edit of %s: %w", p.Title, err)
		}
		return t.first(p)
	})
	return nil
}

// final is the director's decision (终审). Of the session they are filed
// together afterwards; between sessions each by itself.
func (t *teller) final(p *paper) error {
	chief := t.people["chief"]
	var err error
	switch p.fate {
	case "unfiled":
		return nil
	case "decline":
		r := p.NotFiledReason()
		_, err = proposal.Decline.Do(t.ctx, t.app, chief, proposal.DeclineIn{ID: p.id, Reason: declineCode(r.Code), Words: r.Text})
	case "opinion", "letter":
		_, err = proposal.Convert.Do(t.ctx, t.app, chief, proposal.ConvertIn{ID: p.id, To: p.fate, Words: p.Conversion().Text})
	case "up":
		_, err = proposal.TransferUp.Do(t.ctx, t.app, chief, proposal.TransferUpIn{ID: p.id, Words: p.TransferUp()})
	default:
		if t.clock.hand.Now().Before(p.session.filing) {
			t.ready = append(t.ready, p)
			return nil
		}
		return t.file(p)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", p.fate, p.Title, err)
	}
	return nil
}

// declineCode brings the text's reason under a code of the rules.
func declineCode(of string) string {
	switch of {
	case "personal":
		return "private"
	case "litigation", "promotion", "academic", "empty":
		return of
	default:
		return "empty"
	}
}

func (t *teller) file(p *paper) error {
	if _, err := proposal.File.Do(t.ctx, t.app, t.people["chief"], proposal.FileIn{ID: p.id, Opinion: p.Review(fiction.LevelFinal)}); err != nil {
		return fmt.Errorf("file %s: %w", p.Title, err)
	}
	t.step()
	if p.fate != "unrouted" {
		t.after(t.between(2, 6), func() error { return t.route([]*paper{p}) })
	}
	return nil
}

// fileSession files what the session brought, in the order of categories, and
// has it handed to the supervision offices together.
func (t *teller) fileSession(s *session) error {
	var mine []*paper
	var rest []*paper
	for _, p := range t.ready {
		if p.session == s {
			mine = append(mine, p)
		} else {
			rest = append(rest, p)
		}
	}
	t.ready = rest
	if len(mine) == 0 {
		return nil
	}
	sort.SliceStable(mine, func(i, j int) bool { return mine[i].Category < mine[j].Category })
	in := proposal.FileManyIn{}
	for _, p := range mine {
		in.IDs = append(in.IDs, p.id)
	}
	if _, err := proposal.FileMany.Do(t.ctx, t.app, t.people["chief"], in); err != nil {
		return fmt.Errorf("file the proposals of the session: %w", err)
	}
	t.at(s.handing, func() error { return t.route(mine) })
	t.choosing(s, mine)
	return nil
}
