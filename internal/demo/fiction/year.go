package fiction

import "strconv"

// yearText is the wording of what fills the handling year beside handling
// itself: key proposals, promises, chases, appraisal and commendation.
type yearText struct {
	Recommendations, Shortlisted, Dropped, Consulted                       []string
	Plans, PlanReturns                                                     []string
	Milestones                                                             [][]string
	Supervisions, Requirements, Participants, Outcomes                     []string
	DeskRequirement                                                        string
	Instructions, FollowUps, Results, Presses                              []string
	Evidence, Cancellations, CancelRefusals                                []string
	Confirmations, Denials                                                 []string
	Chases, ChaseReasons, ChaseAnswers                                     []string
	LateInstructions, LateReports                                          []string
	Nominations, Readings, ReadOut, Objections                             []string
	ObjectionRulings, Appeals, AppealRulings                               []string
	ProposalWords, HandlingWords, Accounts                                 []string
	MeetingReports, Demands, Mendings, HandOvers, Further, UnitNominations []string
}

// Occasion is something that is written about a proposal in the course of its
// year, beside reviews, replies and ratings.
type Occasion string

// The occasions.
const (
	Recommending   Occasion = "recommendation" // as a key proposal
	Shortlisting   Occasion = "shortlist"
	Dropping       Occasion = "drop" // from the shortlist
	Planning       Occasion = "plan"
	PlanReturning  Occasion = "plan-return"
	Supervising    Occasion = "supervision" // what was found
	Requiring      Occasion = "requirement"
	Attending      Occasion = "participants"
	Fulfilling     Occasion = "outcome" // of a requirement or milestone
	Instructing    Occasion = "instruction"
	FollowingUp    Occasion = "follow-up"
	Reporting      Occasion = "result" // to Party and government
	Proving        Occasion = "evidence"
	Cancelling     Occasion = "cancel"
	CancelRefusing Occasion = "cancel-refusal"
	Confirming     Occasion = "confirmation" // may be empty
	Denying        Occasion = "denial"
	Nominating     Occasion = "nomination"
	Reading        Occasion = "reading"
	ReadingOut     Occasion = "read-out"
)

// Say is what is written on an occasion; unit is the short name of the unit
// whose paper it is, or "", and n tells several of one occasion apart.
func (p Proposal) Say(on Occasion, unit string, n int) string {
	t := p.city.texts.year
	from := map[Occasion][]string{
		Recommending: t.Recommendations, Shortlisting: t.Shortlisted, Dropping: t.Dropped, Planning: t.Plans, PlanReturning: t.PlanReturns,
		Supervising: t.Supervisions, Requiring: t.Requirements, Attending: t.Participants, Fulfilling: t.Outcomes, Instructing: t.Instructions,
		FollowingUp: t.FollowUps, Reporting: t.Results, Proving: t.Evidence, Cancelling: t.Cancellations, CancelRefusing: t.CancelRefusals,
		Confirming: t.Confirmations, Denying: t.Denials, Nominating: t.Nominations, Reading: t.Readings, ReadingOut: t.ReadOut,
	}[on]
	d := p.chance(string(on), unit, strconv.Itoa(n))
	return d.fill(from[(d.IntN(len(from))+n)%len(from)], p.gist(d, unit))
}

// gist are the fillings of a paper about one of the suggestions.
func (p Proposal) gist(d dice, unit string) map[string]string {
	values := p.unitValues(unit)
	values["要点"] = d.fill(p.picks[d.IntN(len(p.picks))].Gist, values)
	return values
}

// Steps are the three steps of a unit's plan for a key proposal.
func (p Proposal) Steps(unit string) []string {
	d := p.chance("steps", unit)
	values := p.gist(d, unit)
	all := p.city.texts.year.Milestones
	var list []string
	for _, s := range all[d.IntN(len(all))] {
		list = append(list, d.fill(s, values))
	}
	return list
}

// Phrase is what is written about no single proposal.
type Phrase string

// The phrases.
const (
	Consulted       Phrase = "consulted" // who took part
	DeskRequirement Phrase = "desk"      // what a supervision requires of a supervision office
	Press           Phrase = "press"
	Chasing         Phrase = "chase"
	ChasingAgain    Phrase = "chase-again"
	ChaseAnswer     Phrase = "chase-answer"
	LateInstruction Phrase = "late-instruction"
	LateReport      Phrase = "late-report"
	NominatingUnit  Phrase = "nominate-unit"
	Objecting       Phrase = "objection" // to a commendation
	ObjectionRuling Phrase = "objection-ruling"
	Appealing       Phrase = "appeal" // against a score
	AppealRuling    Phrase = "appeal-ruling"
	OfProposal      Phrase = "of-proposal" // in the two-way appraisal; may be empty
	OfHandling      Phrase = "of-handling" // the same
	Accounting      Phrase = "account"     // of a unit before an appraisal meeting
	MeetingReport   Phrase = "meeting-report"
	Demanding       Phrase = "demand"
	Mending         Phrase = "mending"
	HandingOver     Phrase = "hand-over"
	Furthering      Phrase = "further" // opening of a further reply
)

// Phrase is the n-th wording of a phrase, counted round the end.
func (c *City) Phrase(of Phrase, n int) string {
	t := c.texts.year
	from := map[Phrase][]string{
		Consulted: t.Consulted, DeskRequirement: {t.DeskRequirement}, Press: t.Presses, Chasing: t.Chases, ChasingAgain: t.ChaseReasons, ChaseAnswer: t.ChaseAnswers,
		LateInstruction: t.LateInstructions, LateReport: t.LateReports, Objecting: t.Objections, ObjectionRuling: t.ObjectionRulings,
		Appealing: t.Appeals, AppealRuling: t.AppealRulings, OfProposal: t.ProposalWords, OfHandling: t.HandlingWords, Accounting: t.Accounts,
		MeetingReport: t.MeetingReports, Demanding: t.Demands, Mending: t.Mendings, HandingOver: t.HandOvers, Furthering: t.Further, NominatingUnit: t.UnitNominations,
	}[of]
	return from[n%len(from)]
}
