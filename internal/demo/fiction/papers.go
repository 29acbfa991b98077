package fiction

import (
	"slices"
	"strconv"
	"strings"
)

// Reason is a coded reason with its explanation to the proposer.
type Reason struct{ Code, Text string }

// Review levels with their own wording.
const (
	LevelPre    = "pre"
	LevelFirst  = "first"
	LevelSecond = "second"
	LevelFinal  = "final"
)

// chance is the source for one kind of paper about this proposal.
func (p Proposal) chance(words ...string) dice {
	return p.city.dice(append([]string{"paper", strconv.Itoa(p.No)}, words...)...)
}

// Review is the opinion of a reviewer at a level: pre, first, second or final.
func (p Proposal) Review(level string) string {
	d := p.chance("review", level)
	return d.fill(d.one(p.city.texts.review.Opinions[level]), p.values)
}

// ReturnReason says why the office returns the proposal for revision. Codes:
// multi_matter, no_suggestion, no_research, facts, too_long, title, cosigner, format.
func (p Proposal) ReturnReason() Reason {
	var fit []Reason
	for _, r := range p.city.texts.review.Returns {
		joint, collective := p.Kind == KindJoint, p.Kind != KindJoint && p.Kind != KindIndividual
		if (r.Code == "cosigner" && !joint) || (r.Code == "format" && !collective) {
			continue
		}
		fit = append(fit, r)
	}
	return fit[p.chance("return").IntN(len(fit))]
}

// NotFiledReason says why the proposal is not filed. Codes: personal, litigation,
// promotion, academic, empty, party_internal, organisation_internal, secret,
// prohibited, accusation; the first five are what the demonstration meets.
func (p Proposal) NotFiledReason() Reason {
	return p.city.texts.review.NotFiled[p.chance("notfiled").IntN(5)]
}

// NotFiledReasons are all the reasons for not filing, one per code.
func (c *City) NotFiledReasons() []Reason { return slices.Clone(c.texts.review.NotFiled) }

// ReturnReasons are all the reasons for returning a proposal, one per code.
func (c *City) ReturnReasons() []Reason { return slices.Clone(c.texts.review.Returns) }

// Conversion says why the proposal becomes an opinion report (code opinion) or
// a member's letter (code letter).
func (p Proposal) Conversion() Reason {
	list := p.city.texts.review.Conversions
	return list[p.chance("conversion").IntN(len(list))]
}

// TransferUp says why the proposal goes to the committee above.
func (p Proposal) TransferUp() string { return p.pick("up", p.city.texts.review.TransferUp) }

// Withdrawal says why the proposer withdraws.
func (p Proposal) Withdrawal() string {
	return p.pick("withdraw", p.city.texts.review.Withdrawals)
}

// Correction says why the office corrects a clerical error.
func (p Proposal) Correction() string {
	return p.pick("correct", p.city.texts.review.Corrections)
}

func (p Proposal) pick(purpose string, from []string) string {
	d := p.chance(purpose)
	return d.fill(d.one(from), p.values)
}

// Amendment is the office's edit of a proposal, with a note to the proposer.
type Amendment struct {
	Title, Research, Background, Analysis string
	Suggestions                           []string
	Note                                  string
}

// OfficeAmendment edits the wording and leaves the sense: a firmer title, an
// analysis without its opening phrase, a last suggestion that asks for a report.
func (p Proposal) OfficeAmendment() Amendment {
	a := Amendment{
		Title: p.Title, Research: p.Research, Background: plainer(p.Background),
		Analysis: plainer(p.Analysis), Suggestions: slices.Clone(p.Suggestions),
		Note: p.pick("amend", p.city.texts.review.Amendments),
	}
	if !strings.Contains(p.Title, "进一步") {
		a.Title = strengthen(p.Title, "进一步")
	}
	if first, rest, ok := strings.Cut(a.Analysis, "\n"); ok && strings.HasSuffix(first, "：") {
		a.Analysis = rest
	}
	for i, s := range a.Suggestions {
		a.Suggestions[i] = plainer(s)
	}
	last := len(a.Suggestions) - 1
	a.Suggestions[last] = strings.TrimSuffix(a.Suggestions[last], "。") + "，并于年底前向市政协通报落实情况。"
	return a
}

// plainer replaces everyday words by the ones official papers use.
func plainer(s string) string {
	return strings.NewReplacer(
		"老百姓", "群众", "一哄而起", "盲目推开", "走过场", "流于形式", "没人管", "无人管理", "算账", "测算",
	).Replace(s)
}

// Phases of contact between unit and proposer.
const (
	PhaseBefore = "before"
	PhaseDuring = "during"
	PhaseAfter  = "after"
)

// Contact is a record of one contact. Mode is phone, visit, meeting, site or
// online; phone and online need the proposer's consent.
type Contact struct {
	Phase, Mode, Place, People, Notes string
}

// Contact records a contact of the unit in a phase: before, during or after.
func (p Proposal) Contact(unit, phase string) Contact {
	d := p.chance("contact", unit, phase)
	t := p.city.texts.papers
	values := p.unitValues(unit)
	values["要点"] = d.fill(p.picks[d.IntN(len(p.picks))].Gist, values)
	values["主办"] = unit
	var fit []int
	for i, k := range t.Contacts {
		if k.Phase == phase {
			fit = append(fit, i)
		}
	}
	k := t.Contacts[fit[d.IntN(len(fit))]]
	out := Contact{Phase: phase, Mode: k.Mode, Notes: d.fill(d.one(k.Notes), values)}
	switch k.Mode {
	case "visit":
		out.Place = "提案者所在单位"
	case "site":
		out.Place = p.Area + p.Town
	case "meeting":
		out.Place = d.fill(d.one(t.Places), values)
	}
	people := []string{p.city.Members[p.Lead-1].Name}
	if u, ok := p.city.Unit(unit); ok {
		people = append(people, u.SectionHead.Name, u.Handler.Name)
	}
	out.People = strings.Join(people, "、")
	return out
}

// UnitReturn is a unit's request to give an assignment back. Suggest is the
// short name of the unit it proposes instead.
type UnitReturn struct{ Reason, Suggest string }

// UnitReturn asks to be relieved of the proposal in favour of another
// suggested unit, or of the government office when there is none.
func (p Proposal) UnitReturn(unit string) UnitReturn {
	suggest := "市政府办"
	for _, u := range p.Units {
		if u != unit {
			suggest = u
			break
		}
	}
	d := p.chance("unitreturn", unit)
	values := p.unitValues(unit)
	values["建议单位"] = suggest
	return UnitReturn{d.fill(d.one(p.city.texts.papers.UnitReturns), values), suggest}
}

// UnitReturnRuling is the dispatcher's sentence granting or refusing a return.
func (p Proposal) UnitReturnRuling(granted bool) string {
	if granted {
		return p.pick("grant", p.city.texts.papers.UnitReturnGrants)
	}
	return p.pick("refuse", p.city.texts.papers.UnitReturnRefusals)
}

// Extension is a unit's reason for asking for more time.
func (p Proposal) Extension(unit string) string {
	return p.pick("extension"+unit, p.city.texts.papers.Extensions)
}

// Values of a rating.
const (
	Satisfied    = "satisfied"
	Basically    = "basically_satisfied"
	Dissatisfied = "dissatisfied"
)

// Rating is a proposer's judgement in two dimensions, with a comment that may
// be empty when both are satisfied.
type Rating struct{ Attitude, Result, Comment string }

// Rating is what the member with that number says about the unit's reply in a
// round. About one in thirty is dissatisfied; a second round never is.
func (p Proposal) Rating(member int, unit string, round int) Rating {
	d := p.chance("rating", strconv.Itoa(member), unit, strconv.Itoa(round))
	t := p.city.texts.ratings
	say := func(attitude, result string, from []string) Rating {
		return Rating{attitude, result, d.fill(d.one(from), p.values)}
	}
	if round > 1 {
		return say(Satisfied, [...]string{Satisfied, Basically}[d.IntN(2)], t.Second)
	}
	switch d.weighted(70, 17, 9, 3, 1) {
	case 0:
		return say(Satisfied, Satisfied, t.Satisfied)
	case 1:
		return Rating{Attitude: Satisfied, Result: Satisfied}
	case 2:
		return say(Satisfied, Basically, t.Basically)
	case 3:
		return say(Basically, Dissatisfied, t.Dissatisfied)
	default:
		return say(Dissatisfied, Dissatisfied, t.DissatisfiedAttitude)
	}
}
