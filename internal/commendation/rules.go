package commendation

import (
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
)

// By says in which capacity somebody nominates.
type By string

// The capacities.
const (
	ByMember       By = "member"
	ByParty        By = "party"
	ByOrganization By = "peoples_organization"
	BySpecial      By = "special_committee"
	BySector       By = "sector"
	ByGroup        By = "group"
	ByUnit         By = "unit"
	ByDesk         By = "desk" // 督查室
)

// Bys lists the capacities in the order of the form.
func Bys() []By {
	return []By{ByMember, BySpecial, BySector, ByParty, ByOrganization, ByGroup, ByUnit, ByDesk}
}

// How far a proposal must have come.
const (
	ReachFiled   = "filed"
	ReachReplied = "replied"
	ReachClosed  = "closed"
)

// What the proposers must have said of it.
const (
	AnyRating       = "any"
	NotDissatisfied = "not_dissatisfied" // nobody, in the last round
	AllSatisfied    = "satisfied"        // everybody who rated, and somebody did
)

// How reviewers judge.
const (
	ByVote  = "vote"  // yes or no
	ByScore = "score" // 0 to 100
)

// Quota is how many one nominator of a capacity may nominate.
type Quota struct {
	By      By   `json:"by"`
	Number  int  `json:"number"`   // 0: does not nominate
	OwnMost int  `json:"own_most"` // of which his own at most
	Percent int  `json:"percent"`  // of those linked to him, when there are more than Over; 0: Number holds always
	Over    int  `json:"over"`
	Linked  bool `json:"linked"` // only those linked to him: that the unit handles, that members of the body proposed
}

// Allowed is how many may be nominated when linked proposals are linked to the
// nominator.
func (q Quota) Allowed(linked int) int {
	if q.Number > 0 && q.Percent > 0 && linked > q.Over {
		return max(q.Number, linked*q.Percent/100)
	}
	return q.Number
}

// Rules are how one campaign works, as data.
type Rules struct {
	Number            int     `json:"number"`             // winners; 0: PerMille holds
	PerMille          int     `json:"per_mille"`          // of the filed proposals, or of the units with cases
	CollectivePercent int     `json:"collective_percent"` // of the winners at least, of proposals
	Quotas            []Quota `json:"quotas"`

	Reach            string `json:"reach"`             // of a proposal: filed, replied, closed
	Rating           string `json:"rating"`            // of a proposal: any, not_dissatisfied, satisfied
	CasesLeast       int    `json:"cases_least"`       // of a unit
	LateMost         int    `json:"late_most"`         // of a unit; -1: any
	DissatisfiedMost int    `json:"dissatisfied_most"` // cases of a unit; -1: any
	ScoreLeast       int    `json:"score_least"`       // a unit's yearly score, whole points; 0: any, and none is needed

	Criteria       string `json:"criteria"`        // checklist of the first reading, one per line
	Method         string `json:"method"`          // vote, score
	Mark           int    `json:"mark"`            // vote: more than so many per cent yes; score: at least so many points
	QuorumPercent  int    `json:"quorum_percent"`  // of the reviewers must have taken part; below it the close needs a reason
	ReviewBody     string `json:"review_body"`     // special committee whose members review beside the review group; "" for none
	NoticeWorkdays int    `json:"notice_workdays"` // public notice
}

// DefaultRules are what a campaign starts from.
func DefaultRules(k Kind) Rules {
	r := Rules{Reach: ReachFiled, Rating: AnyRating, LateMost: -1, DissatisfiedMost: -1, Method: ByVote, Mark: 50, QuorumPercent: 67, NoticeWorkdays: 5}
	switch k {
	case OfUnits:
		r.PerMille, r.CasesLeast, r.LateMost, r.DissatisfiedMost = 200, 3, 0, 0
		r.Criteria = "组织领导有力\n办理制度健全\n按时办结\n办理有实效\n提案者评价好"
		r.Quotas = []Quota{{By: ByMember, Number: 1}, {By: BySpecial, Number: 1}, {By: ByDesk, Number: 5}}
	case OfPeople:
		r.Number, r.CasesLeast, r.LateMost, r.DissatisfiedMost = 10, 1, 0, 0
		r.Criteria = "熟悉办理工作\n沟通主动\n答复质量好"
		r.Quotas = []Quota{{By: ByMember, Number: 1}, {By: ByUnit, Number: 1}, {By: ByDesk, Number: 3}}
	default:
		r.PerMille, r.CollectivePercent, r.Reach, r.Rating = 100, 20, ReachReplied, NotDissatisfied
		r.Criteria = "选题重要，调研充分\n建议具体可行\n办理有成效\n兼顾领域和界别"
		r.Quotas = []Quota{{By: ByMember, Number: 5, OwnMost: 1}, {By: BySpecial, Number: 3, OwnMost: 3, Percent: 20, Over: 20, Linked: true},
			{By: BySector, Number: 1, OwnMost: 1, Linked: true}, {By: ByParty, Number: 3, OwnMost: 3}, {By: ByOrganization, Number: 2, OwnMost: 2},
			{By: ByUnit, Number: 1, Percent: 20, Over: 5, Linked: true}}
	}
	return r
}

// Checklist are the criteria of the first reading.
func (r Rules) Checklist() []string {
	var list []string
	for line := range strings.Lines(r.Criteria) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// most is how many may win, of a base.
func (r Rules) most(base int) int {
	if r.Number > 0 {
		return r.Number
	}
	return max(1, base*r.PerMille/1000)
}

// quota is the quota of a capacity; without one it is zero.
func (r Rules) quota(by By) Quota {
	for _, q := range r.Quotas {
		if q.By == by {
			return q
		}
	}
	return Quota{By: by}
}

// check tells everything that is wrong with the rules of a kind, and leaves out
// what does not belong to the kind.
func (r *Rules) check(p *fault.Problems, k Kind) {
	within(p, "number", r.Number, 0, 500)
	within(p, "per_mille", r.PerMille, 0, 1000)
	p.Check(r.Number > 0 || r.PerMille > 0, "number", "commendation.rules.limit")
	within(p, "collective_percent", r.CollectivePercent, 0, 100)
	within(p, "cases_least", r.CasesLeast, 0, 10000)
	within(p, "late_most", r.LateMost, -1, 10000)
	within(p, "dissatisfied_most", r.DissatisfiedMost, -1, 10000)
	within(p, "score_least", r.ScoreLeast, 0, 200)
	p.Check(slices.Contains([]string{ByVote, ByScore}, r.Method), "method", "commendation.choose")
	within(p, "mark", r.Mark, 0, 100)
	within(p, "quorum_percent", r.QuorumPercent, 0, 100)
	within(p, "notice_workdays", r.NoticeWorkdays, 1, 60)
	r.Criteria = words(p, "criteria", r.Criteria, wordsAtMost, true)
	p.Check(len(r.Checklist()) <= 12, "criteria", "commendation.rules.criteria", "most", 12)
	if k == OfProposals {
		p.Check(slices.Contains([]string{ReachFiled, ReachReplied, ReachClosed}, r.Reach), "reach", "commendation.choose")
		p.Check(slices.Contains([]string{AnyRating, NotDissatisfied, AllSatisfied}, r.Rating), "rating", "commendation.choose")
		r.CasesLeast, r.LateMost, r.DissatisfiedMost, r.ScoreLeast = 0, -1, -1, 0
	} else {
		r.CollectivePercent, r.Reach, r.Rating = 0, ReachFiled, AnyRating
	}
	r.checkQuotas(p, k)
}

func (r *Rules) checkQuotas(p *fault.Problems, k Kind) {
	seen := map[By]bool{}
	some := false
	var kept []Quota
	for i, q := range r.Quotas {
		if q == (Quota{}) {
			continue // a spare row
		}
		field := "quotas." + strconv.Itoa(i)
		if !slices.Contains(Bys(), q.By) || seen[q.By] {
			p.Add(field+".by", "commendation.choose")
			continue
		}
		seen[q.By] = true
		within(p, field+".number", q.Number, 0, 200)
		within(p, field+".own_most", q.OwnMost, 0, 200)
		within(p, field+".percent", q.Percent, 0, 100)
		within(p, field+".over", q.Over, 0, 10000)
		if k != OfProposals {
			q.Percent, q.Over, q.Linked, q.OwnMost = 0, 0, false, 0
		}
		if q.By == ByMember || q.By == ByDesk {
			q.Percent, q.Over, q.Linked = 0, 0, false
		}
		if q.Number > 0 {
			some = true
			kept = append(kept, q)
		}
	}
	p.Check(some, "quotas", "commendation.rules.nobody-nominates")
	r.Quotas = kept
}

// Nominator is who nominates: a member himself, or the body for which somebody
// acts.
type Nominator struct {
	By   By     `json:"by"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

// nominatorOf tells for whom an acting post nominates; false for posts that
// nominate nothing.
func nominatorOf(who access.Actor) (Nominator, bool) {
	body := Nominator{ID: who.Post.BodyID, Name: who.Post.BodyName}
	switch {
	case who.Is(access.Member):
		return Nominator{By: ByMember, ID: who.PersonID, Name: who.Name}, true
	case who.Is(access.Handler, access.Signer):
		body.By = ByUnit
	case who.Is(access.Dispatcher):
		body.By = ByDesk
	case who.Is(access.Convener) && slices.Contains(ofConveners(), organization.BodyKind(who.Post.BodyKind)):
		body.By = By(who.Post.BodyKind)
	default:
		return Nominator{}, false
	}
	return body, body.ID != ""
}

// ofConveners are the bodies for which conveners nominate; the capacities have
// their names.
func ofConveners() []organization.BodyKind {
	return []organization.BodyKind{organization.Party, organization.PeoplesOrganization, organization.SpecialCommittee, organization.Sector, organization.Group}
}
