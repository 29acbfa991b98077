package commendation

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
)

// refusals tells why something may not be nominated; nothing when it may.
func (r Rules) refusals(k Kind, x Record) []Why {
	if k == OfProposals {
		return r.ofProposal(x)
	}
	return r.ofUnit(x)
}

func (r Rules) ofProposal(x Record) []Why {
	var list []Why
	switch replied := x.state == proposal.Replied || x.state == proposal.Closed; {
	case !x.state.IsFiled():
		list = append(list, because("commendation.why.not-filed"))
	case r.Reach == ReachReplied && !replied:
		list = append(list, because("commendation.why.not-replied"))
	case r.Reach == ReachClosed && x.state != proposal.Closed:
		list = append(list, because("commendation.why.not-closed"))
	}
	switch {
	case r.Rating == NotDissatisfied && x.dissatisfied > 0:
		list = append(list, because("commendation.why.dissatisfied", "n", x.dissatisfied))
	case r.Rating == AllSatisfied && x.rated == 0:
		list = append(list, because("commendation.why.unrated"))
	case r.Rating == AllSatisfied && x.best < x.rated:
		list = append(list, because("commendation.why.not-satisfied", "n", x.rated-x.best))
	}
	return list
}

func (r Rules) ofUnit(x Record) []Why {
	var list []Why
	if x.cases < r.CasesLeast {
		list = append(list, because("commendation.why.few-cases", "n", x.cases, "least", r.CasesLeast))
	}
	if r.LateMost >= 0 && x.late > r.LateMost {
		list = append(list, because("commendation.why.late", "n", x.late, "most", r.LateMost))
	}
	if r.DissatisfiedMost >= 0 && x.dissatisfied > r.DissatisfiedMost {
		list = append(list, because("commendation.why.unit-dissatisfied", "n", x.dissatisfied, "most", r.DissatisfiedMost))
	}
	if x.scored && x.score < int64(r.ScoreLeast)*100 {
		list = append(list, because("commendation.why.score", "score", SayHundredths(x.score), "least", r.ScoreLeast))
	}
	return list
}

// Share is how much of his quota a nominator has used.
type Share struct {
	Nominator
	Quota   Quota `json:"quota"`
	Base    int   `json:"base"` // proposals linked to him, where the quota is a ratio of them
	Allowed int   `json:"allowed"`
	Used    int   `json:"used"`
	OwnUsed int   `json:"own_used"`
}

// Left is what he may still nominate.
func (s Share) Left() int { return max(0, s.Allowed-s.Used) }

// OwnLeft is what of it may be his own.
func (s Share) OwnLeft() int { return max(0, min(s.Quota.OwnMost-s.OwnUsed, s.Left())) }

// share reads how much of his quota the one who asks has used; false when his
// post nominates nothing in this campaign.
func (u *universe) share() (Share, bool, error) {
	s := Share{Nominator: u.as, Quota: u.g.Rules.quota(u.as.By)}
	if s.ID == "" || s.Quota.Number == 0 {
		return s, false, nil
	}
	if s.Quota.Percent > 0 {
		var err error
		if s.Base, err = u.count(filed(), linked(u.as, u.g.CommitteeID)); err != nil {
			return s, false, err
		}
	}
	s.Allowed = s.Quota.Allowed(s.Base)
	err := u.l.Tx().Row(u.l.Ctx(), `SELECT COUNT(*), COALESCE(SUM(CASE WHEN own THEN 1 ELSE 0 END), 0) FROM commendation_nomination
		WHERE campaign_id = ? AND nominator_id = ? AND withdrawn_at IS NULL`, u.g.ID, s.ID).Scan(&s.Used, &s.OwnUsed)
	if err != nil {
		return s, false, fmt.Errorf("count the nominations of %s: %w", s.ID, err)
	}
	return s, true, nil
}

// open reports whether today lies in the window of nominating.
func (g *Campaign) open(l *app.Look) bool {
	on := today(l).String()
	return g.Stage == Nominating && g.OpensOn <= on && on <= g.ClosesOn
}

// EligibleIn asks what may be nominated. Own lists one's own proposals, All
// everything of the session; both with the reasons against each. All is the
// staff's.
type EligibleIn struct {
	ID    string `json:"id"` // campaign
	Q     string `json:"q,omitempty"`
	Own   bool   `json:"own,omitempty"`
	All   bool   `json:"all,omitempty"`
	After string `json:"after,omitempty"`
}

// EligibleLine is one of them.
type EligibleLine struct {
	Record
	Sees       bool   `json:"sees"` // the one who asks may open the proposal itself
	Nomination string `json:"nomination,omitempty"`
	Against    []Why  `json:"against"` // why it may not be nominated
	May        bool   `json:"may"`     // the one who asks may nominate it now
}

// EligibleOut is one page of them, with the quota of the one who asks.
type EligibleOut struct {
	Campaign  *Campaign      `json:"campaign"`
	Open      bool           `json:"open"` // the window is open
	Nominates bool           `json:"nominates"`
	Share     Share          `json:"share"`
	Left      int            `json:"left"`
	Lines     []EligibleLine `json:"lines"`
	Total     int            `json:"total"`
	Next      string         `json:"next,omitempty"`
	Mine      []Nomination   `json:"mine"` // nominations of the one who asks, or of his body
}

// pageSize is the number of lines of a page.
const pageSize = 30

// Eligible lists what may be nominated, for those who nominate and for the staff.
var Eligible = app.Ask("commendation.eligible", scope, func(l *app.Look, _ access.Scope, in EligibleIn) (EligibleOut, error) {
	g, err := seen(l, in.ID)
	if err != nil {
		return EligibleOut{}, err
	}
	u, err := universeOf(l, g)
	if err != nil {
		return EligibleOut{}, err
	}
	out := EligibleOut{Campaign: g, Open: g.open(l)}
	if out.Share, out.Nominates, err = u.share(); err != nil {
		return out, err
	}
	if !out.Nominates && !staff(l.Who()) {
		return out, fault.New(fault.NotFound, "fault.not-found")
	}
	out.Left = out.Share.Left()
	in.Q = strings.TrimSpace(in.Q)
	if utf8.RuneCountInString(in.Q) > wordsAtMost {
		return out, fault.Field("q", "commendation.too-long", "max", wordsAtMost)
	}
	in.All = in.All && staff(l.Who())
	if out.Mine, err = nominationsBy(u); err != nil {
		return out, err
	}
	return out, u.list(in, &out)
})

func (u *universe) list(in EligibleIn, out *EligibleOut) error {
	var list []Record
	var err error
	if u.g.Kind == OfProposals {
		list, err = u.pageOfProposals(in, out)
	} else {
		list, err = u.matching(in, out)
	}
	if err != nil {
		return err
	}
	out.Lines = make([]EligibleLine, len(list))
	for i, x := range list {
		line := EligibleLine{Record: x, Sees: x.Sees && u.g.Kind == OfProposals, Against: u.g.Rules.refusals(u.g.Kind, x)}
		if j := slices.IndexFunc(out.Mine, func(n Nomination) bool { return n.SubjectID == x.ID }); j >= 0 {
			line.Nomination = out.Mine[j].ID
		}
		b := &bid{g: u.g, share: out.Share, nominates: out.Nominates, record: x, mine: line.Nomination != ""}
		line.May = out.Open && len(line.Against) == 0 && mayNominate(u.who, b).Allowed() && b.allowed() == nil
		out.Lines[i] = line
	}
	return nil
}

// pageOfProposals reads one page.
func (u *universe) pageOfProposals(in EligibleIn, out *EligibleOut) ([]Record, error) {
	list := []store.Fragment{u.shown()}
	switch {
	case in.All:
	case in.Own:
		list = append(list, proposes(u.who))
	default:
		list = append(list, eligible(u.g.Rules, u.best))
		if out.Nominates && out.Share.Quota.Linked {
			list = append(list, linked(u.as, u.g.CommitteeID))
		}
	}
	if in.Q != "" {
		list = append(list, searched(in.Q))
	}
	after := int64(-1)
	if in.After != "" {
		n, err := strconv.ParseInt(in.After, 10, 64)
		if err != nil || n < 0 {
			return nil, fault.Field("after", "commendation.bad-cursor")
		}
		after = n
	}
	var err error
	if out.Total, err = u.count(list...); err != nil {
		return nil, err
	}
	found, err := u.proposals(store.And(list...), after, pageSize+1)
	// What has no number comes first and has no cursor: it stays on one page.
	if len(found) > pageSize && found[pageSize-1].Number > 0 {
		found = found[:pageSize]
		out.Next = strconv.FormatInt(found[pageSize-1].Number, 10)
	}
	return found, err
}

// matching are the units or people that fit the search.
func (u *universe) matching(in EligibleIn, out *EligibleOut) ([]Record, error) {
	list, err := u.others()
	list = slices.DeleteFunc(list, func(x Record) bool {
		hit := strings.Contains(strings.ToLower(x.Name+"\n"+x.Lead), strings.ToLower(in.Q))
		own := in.Own && x.Tie == Stranger
		return !hit || own || !in.All && !in.Own && len(u.g.Rules.refusals(u.g.Kind, x)) > 0
	})
	out.Total = len(list)
	return list, err
}

// Nomination is who nominated what.
type Nomination struct {
	ID        string     `json:"id"`
	SubjectID string     `json:"subject_id"`
	By        By         `json:"by"`
	ByName    string     `json:"by_name"`
	Own       bool       `json:"own"`
	Reason    string     `json:"reason"`
	At        store.Time `json:"at"`
	Withdrawn store.Time `json:"withdrawn_at"`
	Name      string     `json:"name,omitempty"` // of what was nominated, where it is not on the page anyway
	Digits    string     `json:"digits,omitempty"`

	nominatorID, personID string
}

const nominationColumns = "n.id, n.subject_id, n.nominator_kind, n.nominator_id, n.nominator_name, n.own, n.reason, n.person_id, n.at, n.withdrawn_at"

func scanNomination(r store.Row, n *Nomination) error {
	return r.Scan(&n.ID, &n.SubjectID, &n.By, &n.nominatorID, &n.ByName, &n.Own, &n.Reason, &n.personID, &n.At, &n.Withdrawn)
}

// nominationsBy are the nominations of the one who asks that count, with the
// names of what he nominated.
func nominationsBy(u *universe) ([]Nomination, error) {
	list, err := store.List(u.l.Ctx(), u.l.Tx(), scanNomination, "SELECT "+nominationColumns+` FROM commendation_nomination n
		WHERE n.campaign_id = ? AND n.nominator_id = ? AND n.withdrawn_at IS NULL ORDER BY n.id`, u.g.ID, cmp.Or(u.as.ID, "nobody"))
	if err != nil {
		return nil, fmt.Errorf("read the nominations of %s: %w", u.as.ID, err)
	}
	ids := make([]string, len(list))
	for i, n := range list {
		ids[i] = n.SubjectID
	}
	if len(ids) == 0 {
		return list, nil
	}
	records, err := u.all(ids)
	for i := range list {
		for _, x := range records {
			if x.ID == list[i].SubjectID {
				list[i].Name, list[i].Digits = x.Name, x.Digits
			}
		}
	}
	return list, err
}
