package proposal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// Record is everything that is kept of a proposal's own life up to filing, for
// the file of a closed case: every text it had, not only the one in force.
type Record struct {
	*Proposal
	Digits       string // the number as written: 014
	CategoryName string
	Session      organization.Session
	Texts        []Text            // oldest first, without the draft
	Reviews      []Reviewed        // with the names of those who reviewed
	Dispositions []Disposed        // oldest first
	Units        []Unit            // suggested
	Writers      map[string]string // names of those who wrote texts, by person id
}

// RecordOf reads the record of a proposal for the office, its chief, leaders who
// look on, and the clockwork; for all others it does not exist.
func RecordOf(l *app.Look, id string) (*Record, error) {
	if !l.Who().Is(access.System, access.Office, access.Chief, access.Leader) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	p, err := load(l, id)
	if err != nil {
		return nil, err
	}
	if !maySee(l.Who(), p) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	rules, _, err := profile.Current(l)
	if err != nil {
		return nil, err
	}
	r := &Record{Proposal: p, CategoryName: profile.NameOf(rules.Proposal.Categories, p.Category)}
	if p.Number > 0 {
		r.Digits = Digits(p.Number, rules.Proposal.NumberWidth)
	}
	if r.Session, err = sittingOf(l, p.SessionID); err != nil {
		return nil, err
	}
	return r, r.decided(l, rules)
}

// decided reads what was decided and which units were suggested, the same for
// everybody who may read the record.
func (r *Record) decided(l *app.Look, rules *profile.Rules) error {
	var err error
	r.Dispositions, err = store.List(l.Ctx(), l.Tx(), func(row store.Row, d *Disposed) error {
		return row.Scan(&d.Disposition, &d.Reason, &d.Note, &d.From, &d.To)
	}, "SELECT disposition, reason, note, valid_from, valid_to FROM proposal_disposition WHERE proposal_id = ? ORDER BY valid_from, id", r.ID)
	if err != nil {
		return fmt.Errorf("read the dispositions of %s: %w", r.ID, err)
	}
	for i := range r.Dispositions {
		if d := &r.Dispositions[i]; d.Disposition == string(NotFiled) {
			d.Reason = profile.NameOf(rules.Proposal.NotFiledReasons, d.Reason)
		}
	}
	if r.Units, err = store.List(l.Ctx(), l.Tx(), scanUnit,
		"SELECT b.id, b.name FROM proposal_unit u JOIN body b ON b.id = u.unit_id WHERE u.proposal_id = ? ORDER BY b.sort, b.id", r.ID); err != nil {
		return fmt.Errorf("read the suggested units of %s: %w", r.ID, err)
	}
	return r.written(l, rules)
}

// written reads texts and reviews, and who wrote them.
func (r *Record) written(l *app.Look, rules *profile.Rules) error {
	texts, err := textsOf(l, r.ID)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if t.Revision > 0 {
			r.Texts = append(r.Texts, t)
		}
	}
	if r.Reviews, err = reviewsOf(l, r.ID); err != nil {
		return err
	}
	var people []string
	for _, t := range r.Texts {
		people = append(people, t.PersonID)
	}
	for _, x := range r.Reviews {
		people = append(people, x.By)
	}
	if r.Writers, err = identity.Names(l, people...); err != nil {
		return fmt.Errorf("name who wrote proposal %s: %w", r.ID, err)
	}
	for i := range r.Reviews {
		x := &r.Reviews[i]
		x.By = r.Writers[x.By]
		switch x.Verdict {
		case SentBack:
			x.Reason = profile.NameOf(rules.Proposal.ReturnReasons, x.Reason)
		case VerdictNot:
			x.Reason = profile.NameOf(rules.Proposal.NotFiledReasons, x.Reason)
		}
	}
	return nil
}
