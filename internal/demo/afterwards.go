package demo

import (
	"fmt"
	"slices"
	"time"

	"tongxin/internal/appraisal"
	"tongxin/internal/archive"
	"tongxin/internal/calendar"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/fault"
	"tongxin/internal/jobs"
	"tongxin/internal/profile"
)

// afterwards plans what follows a year of handling: the score of the units, the
// commendation, and the archive.
func (t *teller) afterwards() {
	year := t.o.Today.Year()
	if t.o.Today.Before(time.Date(year, time.February, 20, 0, 0, 0, 0, calendar.Beijing)) {
		year-- // the year before the last is scored; the last one is not over for the office yet
	}
	on := func(month time.Month, day int, do func() error) {
		t.at(time.Date(year, month, day, 10, 0, 0, 0, calendar.Beijing), do)
	}
	s := &scoring{year: year - 1}
	on(time.January, 8, func() error { return t.draftScheme(s) })
	on(time.January, 20, func() error { return t.publishScheme(s) })
	on(time.January, 26, func() error { return t.appeal(s) })
	on(time.February, 3, func() error { return t.ruleAppeal(s) })
	on(time.February, 18, func() error { return t.nextScheme(s) })
	t.commendations()
	t.meetings()
	t.at(t.sessions[1].opens.AddDate(0, 0, 40), t.archive)
	t.daysAgo(9, t.archive)
}

// scoring is the appraisal of one year.
type scoring struct {
	year             int
	id, unit, appeal string // id: "" when there was nothing to score
}

func (t *teller) draftScheme(s *scoring) error {
	out, err := appraisal.DraftScheme.Do(t.ctx, t.app, t.people["office"], appraisal.DraftIn{Year: s.year, Copy: "sample:hundred"})
	if err != nil {
		return fmt.Errorf("draft the scheme of %d: %w", s.year, err)
	}
	s.id = out.ID
	return nil
}

// publishScheme tries the scheme out and publishes what it gave.
func (t *teller) publishScheme(s *scoring) error {
	out, err := appraisal.Simulate.Do(t.ctx, t.app, t.people["office"], appraisal.NameIn{ID: s.id})
	if err != nil {
		return fmt.Errorf("try out the scheme of %d: %w", s.year, err)
	}
	_, err = appraisal.Publish.Do(t.ctx, t.app, t.people["chief"], appraisal.NameIn{ID: s.id, Version: out.Version})
	if fault.Is(err, fault.Closed) { // a very small city, in which no unit had a case
		s.id = ""
		return nil
	}
	if err != nil {
		return fmt.Errorf("publish the scores of %d: %w", s.year, err)
	}
	return nil
}

// appeal is the word of the unit with the fewest points among those with cases
// of their own.
func (t *teller) appeal(s *scoring) error {
	if s.id == "" {
		return nil
	}
	x, err := appraisal.Show.Do(t.ctx, t.app, t.people["office"], appraisal.SchemeAsk{ID: s.id})
	if err != nil {
		return fmt.Errorf("look at the scores of %d: %w", s.year, err)
	}
	for _, r := range slices.Backward(x.Rows) {
		if r.Main == 0 {
			continue
		}
		s.unit = r.UnitID
		in := appraisal.AppealIn{ID: s.id, Unit: r.UnitID, Code: "k2", Reason: t.city.Phrase(fiction.Appealing, 0)}
		out, err := appraisal.MakeAppeal.Do(t.ctx, t.app, t.people["handler:"+t.unitOf[r.UnitID]], in)
		if err != nil {
			return fmt.Errorf("appeal against the score: %w", err)
		}
		s.appeal = out.ID
		return nil
	}
	return nil
}

func (t *teller) ruleAppeal(s *scoring) error {
	if s.appeal == "" {
		return nil
	}
	in := appraisal.RuleIn{ID: s.appeal, Ruling: appraisal.Upheld, Points: "2.5", Code: "k2", Words: t.city.Phrase(fiction.AppealRuling, 0)}
	if _, err := appraisal.RuleAppeal.Do(t.ctx, t.app, t.people["office"], in); err != nil {
		return fmt.Errorf("answer the appeal: %w", err)
	}
	return nil
}

// nextScheme begins the scheme of the year that runs.
func (t *teller) nextScheme(s *scoring) error {
	if _, err := appraisal.DraftScheme.Do(t.ctx, t.app, t.people["office"], appraisal.DraftIn{Year: s.year + 1, Copy: s.id}); err != nil {
		return fmt.Errorf("draft the scheme of %d: %w", s.year+1, err)
	}
	return nil
}

// filesAtOnce is how many cases are archived together; a file costs more than
// any other act.
const filesAtOnce = 6

// archive archives closed cases of the first session, as a job.
func (t *teller) archive() error {
	office := t.people["office"]
	if err := t.fonds(); err != nil {
		return err
	}
	list, err := archive.List.Do(t.ctx, t.app, office, archive.ListIn{Session: t.sessions[0].id, State: string(archive.Waiting)})
	if err != nil {
		return fmt.Errorf("look for cases to archive: %w", err)
	}
	in := archive.ManyIn{Session: t.sessions[0].id}
	for _, x := range list.Lines {
		if x.Ready && len(in.Cases) < filesAtOnce {
			in.Cases = append(in.Cases, x.Kind+"/"+x.CaseID)
		}
	}
	if len(in.Cases) == 0 {
		return nil
	}
	if err := t.app.CatchUp(t.ctx); err != nil { // the file says that the record is sealed
		return err
	}
	if _, err := archive.Many.Do(t.ctx, t.app, office, in); err != nil {
		return fmt.Errorf("archive the first session: %w", err)
	}
	return jobs.Work(t.ctx, t.app)
}

// fonds enters the number of the committee's fonds once.
func (t *teller) fonds() error {
	chief := t.people["chief"]
	shown, err := profile.Show.Do(t.ctx, t.app, chief, profile.ShowIn{})
	if err != nil || shown.Rules.Archive.Fonds != "" {
		return err
	}
	in := profile.FormOf(&shown.Rules)
	in.Section, in.Version, in.Reason, in.Archive.Fonds = profile.Archive, shown.Version, "市档案馆核定全宗号", "J058"
	if _, err := profile.ChangeRules.Do(t.ctx, t.app, chief, in); err != nil {
		return fmt.Errorf("enter the number of the fonds: %w", err)
	}
	return nil
}
