package proposal

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// Holders of what was filed and not routed yet: as filing writes it, and as
// handling names it (heldByOffice) once it knows the case.
const (
	heldForDispatch = "proposal.holder.dispatch"
	heldByOffice    = "handling.holder.office"
)

// waits are the queues of the workbench up to dispatch. A queue asks for the
// acting post; its condition is its scope.
func waits() []app.Waits {
	writers := []access.PostKind{access.Member, access.Convener}
	return []app.Waits{
		{Name: "proposal.waits.invited", For: writers, All: "/proposals/invitations", Find: invitedTo},
		{Name: "proposal.waits.returned", For: writers, All: "/proposals?state=returned&mine=1", Find: mine("proposal.wait.revise", "/edit", "p.state = 'returned'")},
		{Name: "proposal.waits.amended", For: writers, Find: mine("proposal.wait.confirm", "/amendment", "p.state = 'submitted' AND p.pending > 0")},
		{Name: "proposal.waits.drafts", For: writers, All: "/proposals?state=draft&mine=1", Find: mine("proposal.wait.finish", "/edit", "p.state = 'draft'")},
		{Name: "proposal.waits.review", For: []access.PostKind{access.Reviewer}, All: "/proposals?state=submitted&sort=due", Find: held("proposal.wait.review", HeldByReviewer)},
		{Name: "proposal.waits.review", For: []access.PostKind{access.Office}, All: "/proposals?state=submitted&sort=due", Find: held("proposal.wait.review", HeldByOffice)},
		{Name: "proposal.waits.final", For: []access.PostKind{access.Chief}, All: "/proposals/filing", Find: held("proposal.wait.decide", HeldByChief)},
		{Name: "proposal.waits.dispatch", For: []access.PostKind{access.Office}, All: "/dispatch", Find: held("proposal.wait.dispatch", heldForDispatch, handling.HeldByOffice)},
		{Name: "proposal.waits.mine", For: writers, All: "/proposals?mine=1", Follows: true, Find: follow},
	}
}

// authoredBy is the part of table proposal (alias p) that somebody writes in
// his acting post; it says the same as the rule authored.
func authoredBy(who access.Actor) store.Fragment {
	if who.Is(access.Convener) {
		return store.F(`p.committee_id = ? AND p.id IN (SELECT s.proposal_id FROM proposal_signer s
			WHERE s.committee_id = ? AND s.signer_id = ? AND s.state = 'signed' AND s.is_body = TRUE AND s.position = 0)`,
			who.CommitteeID, who.CommitteeID, who.Post.BodyID)
	}
	return store.F("p.committee_id = ? AND p.author_id = ? AND p.kind IN ('individual', 'joint')", who.CommitteeID, who.PersonID)
}

// mine is a queue of one's own proposals; page is where it is done, below the
// proposal's own, and where a condition of our source.
func mine(key, page, where string) func(*app.Look, int) ([]app.Waiting, int, error) {
	return func(l *app.Look, limit int) ([]app.Waiting, int, error) {
		return queue(l, store.And(authoredBy(l.Who()), store.F(where)), "p.due_on, p.holder_since DESC, p.id DESC", limit, func(w *app.Waiting, x *Line) { w.Key, w.Link = key, w.Link+page })
	}
}

// held is a queue of what stands with one of the holders, the most urgent first.
func held(key string, holders ...string) func(*app.Look, int) ([]app.Waiting, int, error) {
	return func(l *app.Look, limit int) ([]app.Waiting, int, error) {
		// The condition on the state is the index's own, so that it is used.
		where := store.And(store.F("p.committee_id = ?", l.Who().CommitteeID), store.F("p.state IN ('submitted', 'filed')"), store.In("p.holder", holders...))
		return queue(l, where, "p.due_on, p.id", limit, func(w *app.Waiting, x *Line) { w.Key, w.Args = key, []string{"lead", x.LeadName} })
	}
}

// follow are one's own proposals on their way, the newest first.
func follow(l *app.Look, limit int) ([]app.Waiting, int, error) {
	where := store.And(authoredBy(l.Who()), store.F("p.state NOT IN ('draft', 'returned') AND p.submitted_at IS NOT NULL"))
	return queue(l, where, "p.id DESC", limit, func(w *app.Waiting, x *Line) {
		w.State, w.Tone, w.DueOn = "proposal.state."+string(x.State), toneOf(x.State), ""
		if x.Holder != "" {
			w.Key, w.Args = "proposal.wait.held", []string{"name", x.HolderName}
			if x.HolderName == "" {
				w.Key, w.Args = x.Holder, nil
			}
		}
	})
}

// toneOf is the colour of a state's tag.
func toneOf(s State) string {
	switch s {
	case Closed:
		return "ok"
	case Replied:
		return "warn"
	case NotFiled, Withdrawn, ConvertedOpinion, ConvertedLetter, TransferredUp:
		return "mute"
	default:
		return "info"
	}
}

// queue reads the first lines of a condition and counts all of it.
func queue(l *app.Look, where store.Fragment, order string, limit int, dress func(*app.Waiting, *Line)) ([]app.Waiting, int, error) {
	var total int
	count := store.Join(store.F("SELECT COUNT(*) FROM proposal p WHERE"), where)
	if err := l.Tx().Row(l.Ctx(), count.SQL, count.Args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count proposals that wait: %w", err)
	}
	if total == 0 {
		return nil, 0, nil
	}
	q := store.Join(store.F("SELECT "+lineColumns+" FROM proposal p WHERE"), where, store.F("ORDER BY "+order+" LIMIT ?", limit))
	lines, err := store.List(l.Ctx(), l.Tx(), scanLine(today(l).String()), q.SQL, q.Args...)
	if err != nil {
		return nil, 0, fmt.Errorf("list proposals that wait: %w", err)
	}
	list := make([]app.Waiting, len(lines))
	for i := range lines {
		x := &lines[i]
		list[i] = app.Waiting{Title: x.Title, Link: "/proposals/" + x.ID, Since: x.HolderSince, DueOn: x.DueOn}
		if x.HolderSince.IsZero() {
			list[i].Since = x.SavedAt
		}
		dress(&list[i], x)
	}
	return list, total, nil
}

// invitedTo are the proposals somebody is asked to sign, the oldest first.
func invitedTo(l *app.Look, limit int) ([]app.Waiting, int, error) {
	who := l.Who()
	signer, body := who.PersonID, false
	if who.Is(access.Convener) {
		signer, body = who.Post.BodyID, true
	}
	from := store.F(`FROM proposal_signer g JOIN proposal p ON p.id = g.proposal_id
		WHERE g.committee_id = ? AND g.signer_id = ? AND g.state = 'invited' AND g.is_body = ? AND p.state IN ('draft', 'submitted', 'returned')`, who.CommitteeID, signer, body)
	var total int
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) "+from.SQL, from.Args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count invitations: %w", err)
	}
	q := store.Join(store.F("SELECT p.id, p.title, p.lead_name, g.invited_at"), from, store.F("ORDER BY g.invited_at, p.id LIMIT ?", limit))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, w *app.Waiting) error {
		var id, lead string
		err := r.Scan(&id, &w.Title, &lead, &w.Since)
		w.Key, w.Args, w.Link = "proposal.wait.sign", []string{"lead", lead}, "/proposals/"+id+"/cosign"
		return err
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, 0, fmt.Errorf("list invitations: %w", err)
	}
	return list, total, nil
}

// figuresOf are the totals of the current session, for those who steer.
func figuresOf() app.Figures {
	return app.Figures{For: []access.PostKind{access.Office, access.Chief, access.Leader}, Find: func(l *app.Look) ([]app.Figure, error) {
		f := &finder{l: l, scope: scopeOf(l.Who()), today: today(l).String()}
		if err := f.prepare(); err != nil {
			return nil, err
		}
		var err error
		if f.cells, err = cellsOf(l, f.in.Session); err != nil {
			return nil, err
		}
		if err := f.figures(); err != nil {
			return nil, err
		}
		x := f.out.Figures
		list := []app.Figure{
			{Key: "proposal.list.figure.filed", N: x.Filed, Link: "/proposals?state=" + AllFiled},
			{Key: "proposal.list.figure.open", N: x.Open, Link: "/proposals?state=" + Open},
			{Key: "proposal.list.figure.closed", N: x.Closed, Link: "/proposals?state=" + string(Closed)},
			{Key: "proposal.list.figure.late", N: x.Late, Link: "/proposals?late=1&sort=due", Late: true},
		}
		if l.Who().Is(access.Leader) {
			return list, nil
		}
		return append([]app.Figure{{Key: "proposal.list.figure.submitted", N: x.Submitted, Link: "/proposals"}}, list...), nil
	}}
}

// duesOf are the days on which something of the current session is due, for
// those who see the whole of it.
func duesOf() app.Dues {
	return app.Dues{For: []access.PostKind{access.Office, access.Chief}, Find: func(l *app.Look, from, to string) ([]app.DueDay, error) {
		s, err := organization.SessionAt(l, l.Now())
		if errors.Is(err, organization.ErrNoSession) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, d *app.DueDay) error { return r.Scan(&d.On, &d.N) },
			`SELECT due_on, SUM(n) FROM proposal_due_tally WHERE committee_id = ? AND session_id = ? AND due_on BETWEEN ? AND ?
			GROUP BY due_on HAVING SUM(n) > 0 ORDER BY due_on`, l.Who().CommitteeID, s.ID, from, to)
		if err != nil {
			return nil, fmt.Errorf("count proposals by due date: %w", err)
		}
		for i := range list {
			list[i].Link = "/proposals?sort=due"
		}
		return list, nil
	}}
}

// begins are what a member begins from his workbench.
func begins() []app.Begin {
	return []app.Begin{{Key: "proposal.menu.write", Path: "/proposals/new", For: []access.PostKind{access.Member, access.Convener}}}
}
