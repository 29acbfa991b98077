package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/identity"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// history fills what was decided and what happened. The words of reviewers are
// for those who review (trust.md ACC-05); proposers read why it came back and
// what was decided, not who said what at which level.
func (s *Shown) history(l *app.Look) error {
	reviews, err := reviewsOf(l, s.ID)
	if err != nil {
		return err
	}
	events, err := eventsOf(l, s.ID)
	if err != nil {
		return err
	}
	var people []string
	for _, r := range reviews {
		people = append(people, r.By)
	}
	for _, e := range events {
		people = append(people, e.By)
	}
	slices.Sort(people)
	names, err := identity.Names(l, slices.Compact(people)...)
	if err != nil {
		return err
	}
	s.reviewed(l.Who(), reviews, names)
	s.happened(l.Who(), events, names)
	return s.disposed(l)
}

func reviewsOf(l *app.Look, id string) ([]Reviewed, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Reviewed) error {
		return r.Scan(&x.Level, &x.Verdict, &x.Reason, &x.Opinion, &x.By, &x.At)
	}, "SELECT level, verdict, reason, opinion, person_id, at FROM proposal_review WHERE committee_id = ? AND proposal_id = ? ORDER BY id", l.Who().CommitteeID, id)
	if err != nil {
		return nil, fmt.Errorf("read the reviews: %w", err)
	}
	return list, nil
}

func (s *Shown) reviewed(who access.Actor, list []Reviewed, names map[string]string) {
	rules := s.Rules.Proposal
	for i := range list {
		r := &list[i]
		r.By = names[r.By]
		switch r.Verdict {
		case SentBack:
			r.Reason = profile.NameOf(rules.ReturnReasons, r.Reason)
		case VerdictNot:
			r.Reason = profile.NameOf(rules.NotFiledReasons, r.Reason)
		}
		if r.Verdict == SentBack && proposes(who, s.Proposal) {
			back := *r
			back.By, back.Level = "", ""
			s.Returned = &back
		}
	}
	if reviews(who, "") {
		s.Reviews = list
	}
	if s.State != Returned {
		s.Returned = nil
	}
}

// eventsOf reads the facts of a proposal's own life; those of handling are
// handling's to show.
func eventsOf(l *app.Look, id string) ([]Event, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, e *Event) error { return r.Scan(&e.Kind, &e.By, &e.At) },
		"SELECT kind, person_id, at FROM fact WHERE committee_id = ? AND object_id = ? AND object_kind = ? ORDER BY position, id", l.Who().CommitteeID, id, caseKind)
	if err != nil {
		return nil, fmt.Errorf("read what happened: %w", err)
	}
	return list, nil
}

// open are the facts that everybody who may see the proposal may know of.
func open() []string {
	return []string{"proposal.submitted", "proposal.filed", "proposal.declined", "proposal.converted", "proposal.transferred-up", "proposal.withdrawn", "proposal.corrected",
		"key.approved", "key.supervised", "key.reported"}
}

func (s *Shown) happened(who access.Actor, list []Event, names map[string]string) {
	desk, own := reviews(who, ""), proposes(who, s.Proposal)
	for _, e := range list {
		if !desk && !own && !slices.Contains(open(), e.Kind) {
			continue
		}
		e.By = names[e.By]
		if own && !desk && slices.Contains([]string{"proposal.reviewed", "proposal.returned"}, e.Kind) {
			e.By = ""
		}
		s.Timeline = append(s.Timeline, e)
	}
}

func (s *Shown) disposed(l *app.Look) error {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, d *Disposed) error {
		return r.Scan(&d.Disposition, &d.Reason, &d.Note, &d.From, &d.To)
	},
		"SELECT disposition, reason, note, valid_from, valid_to FROM proposal_disposition WHERE proposal_id = ? ORDER BY valid_from, id", s.ID)
	if err != nil {
		return fmt.Errorf("read the dispositions: %w", err)
	}
	inside := reviews(l.Who(), "") || proposes(l.Who(), s.Proposal)
	for _, d := range list {
		if d.Disposition == string(NotFiled) {
			d.Reason = profile.NameOf(s.Rules.Proposal.NotFiledReasons, d.Reason)
		}
		if d.Disposition == string(Filed) && !reviews(l.Who(), "") || !inside {
			d.Note = "" // the opinion of the last level
		}
		s.Dispositions = append(s.Dispositions, d)
	}
	return nil
}
