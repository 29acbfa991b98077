package commendation

import (
	"fmt"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// waits are the queues of the workbench: one line per campaign.
func waits() []app.Waits {
	nominators := []access.PostKind{access.Member, access.Convener, access.Handler, access.Signer, access.Dispatcher}
	return []app.Waits{
		{Name: "commendation.waits.nominate", For: nominators, All: "/commendations", Find: each(toNominate, Nominating)},
		{Name: "commendation.waits.run", For: []access.PostKind{access.Office, access.Chief}, All: "/commendations", Find: each(toRun, Nominating, Reading, Approval, Approved, Noticed)},
		{Name: "commendation.waits.review", For: []access.PostKind{access.Reviewer, access.Chief, access.Member, access.Convener}, All: "/commendations", Find: each(toReview, Reviewing)},
	}
}

// each asks about every campaign at some stages what waits in it.
func each(find func(*app.Look, *Campaign) (*app.Waiting, error), stages ...Stage) func(*app.Look, int) ([]app.Waiting, int, error) {
	names := make([]string, len(stages))
	for i, s := range stages {
		names[i] = string(s)
	}
	return func(l *app.Look, limit int) (list []app.Waiting, total int, err error) {
		s := scope(l.Who())
		w := store.And(store.F(s.SQL(), s.Args()...), store.In("g.stage", names...))
		open, err := store.List(l.Ctx(), l.Tx(), scanCampaign, "SELECT "+campaignColumns+" FROM commendation_campaign g WHERE "+w.SQL+" ORDER BY g.id", w.Args...)
		if err != nil {
			return nil, 0, fmt.Errorf("find campaigns that wait: %w", err)
		}
		for i := range open {
			g := &open[i]
			if g.seat, err = sits(l, g.Rules.ReviewBody); err != nil {
				return nil, 0, err
			}
			x, err := find(l, g)
			if err != nil {
				return nil, 0, err
			}
			if x == nil {
				continue
			}
			if x.Title, x.Since = g.Title, g.StageSince; len(list) < limit {
				list = append(list, *x)
			}
			total++
		}
		return list, total, nil
	}
}

func waiting(key string, g *Campaign, page string, n int) *app.Waiting {
	return &app.Waiting{Key: key, Args: []string{"n", strconv.Itoa(n)}, Link: "/commendations/" + g.ID + page}
}

// toNominate: the window is open and something of the quota is left.
func toNominate(l *app.Look, g *Campaign) (*app.Waiting, error) {
	if !g.open(l) {
		return nil, nil
	}
	u, err := universeOf(l, g)
	if err != nil {
		return nil, err
	}
	s, ok, err := u.share()
	if err != nil || !ok || s.Left() == 0 {
		return nil, err
	}
	x := waiting("commendation.wait.nominate", g, "/nominate", s.Left())
	x.DueOn = g.ClosesOn
	return x, nil
}

// toReview: candidates that the reviewer has not judged and may.
func toReview(l *app.Look, g *Campaign) (*app.Waiting, error) {
	if !g.reviews(l.Who()) {
		return nil, nil
	}
	list, err := candidatesSeen(l, candidateScope(l.Who()), g)
	n := 0
	for i := range list {
		if d := &list[i]; d.in() && !d.Mine && Granted(ToReview, g.Kind, d.Tie) == Free {
			n++
		}
	}
	if n == 0 {
		return nil, err
	}
	return waiting("commendation.wait.review", g, "/review", n), err
}

// toRun: what the office or its director does next.
func toRun(l *app.Look, g *Campaign) (*app.Waiting, error) {
	chief := l.Who().Is(access.Chief)
	switch g.Stage {
	case Nominating:
		if today(l).String() > g.ClosesOn {
			return waiting("commendation.wait.close-nominating", g, "", 0), nil
		}
	case Reading:
		return toRead(l, g)
	case Approval:
		if chief {
			return waiting("commendation.wait.approve", g, "/approve", 0), nil
		}
	case Approved:
		return waiting("commendation.wait.publish", g, "", 0), nil
	case Noticed:
		list, err := objectionsOf(l, g.ID)
		n := 0
		for _, o := range list {
			if o.Ruling == "" {
				n++
			}
		}
		if err != nil || n > 0 {
			return waiting("commendation.wait.rule", g, "", n), err
		}
		if chief && g.Notice.Late(l.Now().Time) {
			return waiting("commendation.wait.announce", g, "", 0), nil
		}
	}
	return nil, nil
}

// toRead: candidates without a first reading that the one who asks may read.
func toRead(l *app.Look, g *Campaign) (*app.Waiting, error) {
	list, err := candidatesSeen(l, candidateScope(l.Who()), g)
	if err != nil {
		return nil, err
	}
	unread, mine := 0, 0
	for i := range list {
		if d := &list[i]; d.in() && d.Verdict == "" {
			unread++
			if Granted(ToRead, g.Kind, d.Tie) == Free {
				mine++
			}
		}
	}
	switch {
	case mine > 0:
		return waiting("commendation.wait.read", g, "", mine), nil
	case unread == 0:
		return waiting("commendation.wait.close-reading", g, "", 0), nil
	default:
		return nil, nil
	}
}
