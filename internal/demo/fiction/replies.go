package fiction

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Outcomes of a suggestion item in a reply.
const (
	OutcomeAdopted = "adopted"
	OutcomePartly  = "partly"
	OutcomePlanned = "planned"
	OutcomeNot     = "not"
)

// Publicity of a reply.
const (
	PublicFull    = "full"
	PublicSummary = "summary"
	PublicNone    = "none"
)

// ItemReply answers one suggestion of the proposal. Item counts from 1. Due is
// set when the outcome is planned: the last day of the month promised.
type ItemReply struct {
	Item          int
	Outcome, Text string
	Due           time.Time
}

// Reply is the text of a reply letter without letterhead, number and seal.
// Class is A, B, C or D and fits the outcomes.
type Reply struct {
	Class, Salutation, Opening string
	Items                      []ItemReply
	Closing                    string
	// Publicity is full, summary or none; PublicityReason is set for the last two.
	Publicity, PublicityReason string
}

// Body is the letter's text: salutation, opening, numbered answers, closing.
func (r Reply) Body() string {
	lines := []string{r.Salutation + "：", "　　" + r.Opening}
	for i, it := range r.Items {
		lines = append(lines, "　　"+chineseNumber(i+1)+"、"+it.Text)
	}
	return strings.Join(append(lines, "　　"+r.Closing), "\n")
}

// mood is how far a unit got, with the class it claims and the chances in
// percent of adopted, partly, planned and not.
type mood struct {
	class  string
	weight int
	odds   [4]int
}

func moods() []mood {
	return []mood{
		{"A", 55, [4]int{88, 12, 0, 0}},
		{"B", 32, [4]int{45, 25, 28, 2}},
		{"C", 10, [4]int{25, 15, 20, 40}},
		{"D", 3, [4]int{0, 20, 10, 70}},
	}
}

// Reply writes the reply of the unit in the given round (1, or 2 after a
// dissatisfied rating, which turns out better). Promised dates lie 2 to 11
// months after issued.
func (p Proposal) Reply(unit string, round int, issued time.Time) Reply {
	d := p.city.dice("reply", strconv.Itoa(p.No), unit, strconv.Itoa(round))
	t := p.city.texts.reply
	values := p.unitValues(unit)
	m := chooseMood(d, round)
	r := Reply{Class: m.class, Salutation: p.Proposer(), Publicity: PublicFull}
	opening := t.Openings
	if round > 1 {
		opening = t.Second
	}
	r.Opening = d.fill(d.one(opening), values)
	for i, s := range p.picks {
		r.Items = append(r.Items, p.answer(d, s, i, m, values, issued))
	}
	closings := t.Closings
	if r.Class == "A" {
		closings = t.ClosingsDone
	}
	r.Closing = d.fill(d.one(closings), values)
	p.polite(&r)
	switch d.weighted(86, 9, 5) {
	case 1:
		r.Publicity = PublicSummary
		r.PublicityReason = p.city.texts.papers.NotPublic[1]
	case 2:
		r.Publicity = PublicNone
		r.PublicityReason = d.one(p.city.texts.papers.NotPublic)
	}
	return r
}

// polite addresses a collective proposer as a body instead of as a person.
func (p Proposal) polite(r *Reply) {
	you, collective := map[string]string{
		KindParty: "贵会", KindGroup: "贵会", KindCommittee: "贵委", KindSector: "贵界别", KindPanel: "贵组",
	}[p.Kind]
	if !collective {
		return
	}
	r.Opening = strings.ReplaceAll(r.Opening, "您", you)
	r.Closing = strings.ReplaceAll(r.Closing, "您", you)
	for i := range r.Items {
		r.Items[i].Text = strings.ReplaceAll(r.Items[i].Text, "您", you)
	}
}

func chooseMood(d dice, round int) mood {
	all := moods()
	if round > 1 {
		all = all[:2]
	}
	weights := make([]int, len(all))
	for i, m := range all {
		weights[i] = m.weight
	}
	return all[d.weighted(weights...)]
}

// answer writes what happened to one suggestion. The first item settles the
// class: without it a B might have everything adopted.
func (p Proposal) answer(d dice, s suggestion, i int, m mood, values map[string]string, issued time.Time) ItemReply {
	t := p.city.texts.reply
	outcome := [...]string{OutcomeAdopted, OutcomePartly, OutcomePlanned, OutcomeNot}[d.weighted(m.odds[:]...)]
	last := i == len(p.picks)-1
	if last && m.class == "B" {
		outcome = OutcomePlanned
	}
	if last && (m.class == "C" || m.class == "D") {
		outcome = OutcomeNot
	}
	it := ItemReply{Item: i + 1, Outcome: outcome}
	frames := map[string][]string{
		OutcomeAdopted: t.Adopted, OutcomePartly: t.Partly, OutcomePlanned: t.Planned, OutcomeNot: t.Not,
	}[outcome]
	if outcome == OutcomePlanned {
		it.Due = monthEnd(issued, 2+d.IntN(10))
		values["期限"] = fmt.Sprintf("%d年%d月底", it.Due.Year(), it.Due.Month())
	}
	values["要点"], values["已办"] = d.fill(s.Gist, values), d.fill(s.Done, values)
	// Walking on from a chosen frame keeps neighbours from starting alike.
	it.Text = d.fill(frames[(i+p.No)%len(frames)], values)
	return it
}

// monthEnd is the last day of the month that lies months after t.
func monthEnd(t time.Time, months int) time.Time {
	t = t.In(beijing())
	return time.Date(t.Year(), t.Month()+time.Month(months)+1, 0, 0, 0, 0, 0, beijing())
}

// unitValues are the proposal's fillings as a unit's letter needs them.
func (p Proposal) unitValues(unit string) map[string]string {
	values := map[string]string{}
	for k, v := range p.values {
		values[k] = v
	}
	values["案由"], values["我局"] = p.Title, "我单位"
	if u, ok := p.city.Unit(unit); ok {
		values["我局"] = u.Self
	}
	return values
}

// Assist is the opinion an assisting unit sends to the lead unit.
func (p Proposal) Assist(unit, lead string) string {
	d := p.city.dice("assist", strconv.Itoa(p.No), unit, lead)
	t := p.city.texts.reply
	values := p.unitValues(unit)
	values["主办"] = lead
	if u, ok := p.city.Unit(lead); ok {
		values["主办"] = u.Name
	}
	lines := []string{d.fill(d.one(t.Assist), values)}
	frames := t.AssistItems
	start := d.IntN(len(p.picks))
	for i, s := range window(p.picks, start, 2) {
		values["要点"] = d.fill(s.Gist, values)
		lines = append(lines, "　　"+chineseNumber(i+1)+"、"+d.fill(frames[(start+i*3+p.No)%len(frames)], values))
	}
	return strings.Join(append(lines, "　　"+d.fill(d.one(t.AssistClosings), values)), "\n")
}
