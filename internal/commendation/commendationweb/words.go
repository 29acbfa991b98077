package commendationweb

import (
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/commendation"
	"tongxin/internal/organization"
	"tongxin/internal/web"
)

func itoa(n int) string { return strconv.Itoa(n) }

// form is one of several forms on a page: only the one that was refused shows
// what was typed and what is wrong, and ids do not meet.
type form struct {
	v    web.View
	mark string // prefix of the ids of a form that was not refused
}

func formAt(v web.View, path, mark string) form {
	if v.Failed == path {
		return form{v, ""}
	}
	v.Typed, v.Fault = nil, nil
	return form{v, mark + "-"}
}

// field is a field of the form; label is a message key.
func (f form) field(name, label string) web.Field {
	x := web.Field{Name: name, Label: f.v.T(label), ID: f.mark + name}
	if f.mark == "" {
		x.ID = name // so that the list of problems finds it
	}
	return x
}

func (f form) required(name, label string) web.Field {
	x := f.field(name, label)
	x.Required = true
	return x
}

func (f form) optional(name, label string) web.Field {
	x := f.field(name, label)
	x.Optional = true
	return x
}

// valued gives a field its stored value.
func valued(f web.Field, value string) web.Field {
	f.Value = value
	return f
}

// dated is a field for a day.
func dated(f web.Field, value string) web.Field {
	f.Type, f.Value = "date", value
	return f
}

func hinted(f web.Field, hint string) web.Field {
	f.Hint = hint
	return f
}

// sayWhy writes a reason.
func sayWhy(v web.View, w commendation.Why) string {
	var parts []string
	if w.Key != "" {
		args := make([]any, len(w.Args))
		for i, a := range w.Args {
			args[i] = a
		}
		parts = append(parts, v.T(w.Key, args...))
	}
	if w.Words != "" {
		parts = append(parts, w.Words)
	}
	return strings.Join(parts, " ")
}

// nameOf is a candidate's name, or that it is withheld.
func nameOf(v web.View, d commendation.Candidate) string {
	if d.Withheld {
		return v.T("commendation.withheld")
	}
	return d.Name
}

func number(v web.View, digits string) string {
	if digits == "" {
		return ""
	}
	return v.T("commendation.number", "digits", digits)
}

// sayTally is what the review said.
func sayTally(v web.View, g *commendation.Campaign, d commendation.Candidate) string {
	if d.Votes == 0 {
		return ""
	}
	if g.Rules.Method == commendation.ByVote {
		return v.T("commendation.tally.vote", "points", d.Points, "votes", d.Votes)
	}
	return v.T("commendation.tally.score", "average", commendation.Tally{Votes: d.Votes, Points: d.Points}.Say(), "votes", d.Votes)
}

// toneOf is the colour of a stage's tag.
func toneOf(s commendation.Stage) string {
	switch s {
	case commendation.Announced:
		return "ok"
	case commendation.Nominating, commendation.Noticed:
		return "warn"
	case commendation.Draft, commendation.Cancelled:
		return "mute"
	default:
		return "info"
	}
}

// step is one step of the way of a campaign.
type step struct{ key, class string }

func stepsOf(now commendation.Stage) []step {
	order := commendation.Stages()
	here := slices.Index(order, now)
	var list []step
	for _, s := range []commendation.Stage{commendation.Nominating, commendation.Reading, commendation.Reviewing, commendation.Approval, commendation.Noticed, commendation.Announced} {
		x := step{key: "commendation.step." + string(s)}
		i := slices.Index(order, s)
		switch {
		case now == commendation.Cancelled || here < i:
		case here == i && now != commendation.Announced:
			x.class = "now"
		case now == commendation.Approved && s == commendation.Approval, here > i, now == commendation.Announced:
			x.class = "done"
		}
		list = append(list, x)
	}
	return list
}

// listKey is the title of the list in public notice, or of the final one.
func listKey(g *commendation.Campaign) string {
	if g.Stage == commendation.Announced {
		return "commendation.winners.title"
	}
	return "commendation.winners.notice"
}

// sayLimit is how many may win.
func sayLimit(v web.View, g *commendation.Campaign) string {
	switch {
	case g.Most > 0:
		return v.T("commendation.limit.settled", "most", g.Most, "base", g.Base)
	case g.Rules.Number > 0:
		return v.T("commendation.limit.number", "n", g.Rules.Number)
	default:
		return v.T("commendation.limit.ratio."+string(g.Kind), "permille", g.Rules.PerMille)
	}
}

// sayQuota is a quota in words.
func sayQuota(v web.View, q commendation.Quota) string {
	s := v.T("commendation.quota.of", "who", v.T("commendation.by."+string(q.By)), "n", q.Number)
	if q.Percent > 0 {
		s += v.T("commendation.quota.percent", "percent", q.Percent, "over", q.Over)
	}
	if q.OwnMost > 0 && q.OwnMost < q.Number {
		s += v.T("commendation.quota.own-most", "n", q.OwnMost)
	}
	if q.Linked {
		s += v.T("commendation.quota.linked." + linkOf(q.By))
	}
	return s
}

func linkOf(b commendation.By) string {
	if b == commendation.ByUnit {
		return "unit"
	}
	return "body"
}

// conditions are what the rules ask of candidates, in words.
func conditions(v web.View, g *commendation.Campaign) []string {
	r := g.Rules
	var list []string
	if g.Kind == commendation.OfProposals {
		list = append(list, v.T("commendation.reach."+r.Reach))
		if r.Rating != commendation.AnyRating {
			list = append(list, v.T("commendation.rating."+r.Rating))
		}
		if r.CollectivePercent > 0 {
			list = append(list, v.T("commendation.condition.collective", "percent", r.CollectivePercent))
		}
		return list
	}
	if r.CasesLeast > 0 {
		list = append(list, v.T("commendation.condition.cases", "n", r.CasesLeast))
	}
	if r.LateMost >= 0 {
		list = append(list, v.T("commendation.condition.late", "n", r.LateMost))
	}
	if r.DissatisfiedMost >= 0 {
		list = append(list, v.T("commendation.condition.dissatisfied", "n", r.DissatisfiedMost))
	}
	if r.ScoreLeast > 0 {
		list = append(list, v.T("commendation.condition.score", "n", r.ScoreLeast))
	}
	return list
}

func sessionOptions(list []organization.Session) []web.Option {
	var out []web.Option
	for _, s := range list {
		out = append(out, web.Option{Value: s.ID, Text: s.Title})
	}
	return out
}

func bodyOptions(v web.View, list []organization.Body) []web.Option {
	out := []web.Option{{Text: v.T("commendation.rules.review-body.none")}}
	for _, b := range list {
		out = append(out, web.Option{Value: b.ID, Text: b.Name})
	}
	return out
}

func optionsOf(v web.View, prefix string, values ...string) []web.Option {
	var out []web.Option
	for _, x := range values {
		out = append(out, web.Option{Value: x, Text: v.T(prefix + x)})
	}
	return out
}

// quotaOf is the stored quota of a capacity, for the form.
func quotaOf(r commendation.Rules, by commendation.By) commendation.Quota {
	for _, q := range r.Quotas {
		if q.By == by {
			return q
		}
	}
	return commendation.Quota{By: by}
}

// toJudge are the candidates that wait for the reviewer who looks.
func toJudge(out commendation.ShowOut) (waiting, rest []commendation.Candidate) {
	for _, d := range out.Candidates {
		switch {
		case d.DroppedAt != "":
		case d.Mine || commendation.Granted(commendation.ToReview, out.Campaign.Kind, d.Tie) != commendation.Free:
			rest = append(rest, d)
		default:
			waiting = append(waiting, d)
		}
	}
	return waiting, rest
}

// remaining are the candidates that are in.
func remaining(list []commendation.Candidate) []commendation.Candidate {
	return slices.DeleteFunc(slices.Clone(list), func(d commendation.Candidate) bool { return d.DroppedAt != "" })
}

// decision is what the form proposes: who is tied must be decided by hand.
func decision(d commendation.Candidate) string {
	if d.Tied {
		return ""
	}
	return commendation.Keep
}
