package appraisal

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// Simulate tries a version out on the records as they stand (模拟测算). Units
// see nothing of it.
var Simulate = app.Define("appraisal.simulate",
	func(c *app.Call, in NameIn) (*Scheme, error) { return schemeOf(&c.Look, in.ID) },
	manage,
	func(c *app.Call, s *Scheme, in NameIn) (SchemeOut, error) {
		if err := s.move(Simulated); err != nil {
			return SchemeOut{}, err
		}
		if err := s.fresh(in.Version); err != nil {
			return SchemeOut{}, err
		}
		if len(s.Indicators) == 0 {
			return SchemeOut{}, fault.New(fault.Closed, "appraisal.simulate.empty")
		}
		run, sheets, err := compute(&c.Look, s)
		if err != nil {
			return SchemeOut{}, err
		}
		run.Kind = simulation
		if err := run.keep(c, s, sheets); err != nil {
			return SchemeOut{}, err
		}
		c.Detail(map[string]any{"units": len(sheets), "digest": run.Digest})
		err = s.write(c)
		return s.out(), err
	})

// Publish puts a version in force as it was last simulated (公布) and keeps its
// snapshot. The version before it is superseded. When the records changed
// since the simulation, it must be looked at again first.
var Publish = app.Define("appraisal.publish",
	func(c *app.Call, in NameIn) (*Scheme, error) { return schemeOf(&c.Look, in.ID) },
	manage, publish)

func publish(c *app.Call, s *Scheme, in NameIn) (SchemeOut, error) {
	if err := s.move(Published); err != nil {
		return SchemeOut{}, err
	}
	if err := s.fresh(in.Version); err != nil {
		return SchemeOut{}, err
	}
	if s.Until > today(&c.Look).String() {
		return SchemeOut{}, fault.New(fault.Closed, "appraisal.publish.early", "day", s.Until)
	}
	seen, err := runOf(&c.Look, s)
	if err != nil {
		return SchemeOut{}, err
	}
	run, sheets, err := compute(&c.Look, s)
	if err != nil {
		return SchemeOut{}, err
	}
	switch {
	case len(sheets) == 0:
		return SchemeOut{}, fault.New(fault.Closed, "appraisal.publish.nobody")
	case seen == nil || seen.Digest != run.Digest:
		return SchemeOut{}, fault.New(fault.Stale, "appraisal.publish.moved")
	}
	if err := supersede(c, s); err != nil {
		return SchemeOut{}, err
	}
	run.Kind = publication
	if err := run.keep(c, s, sheets); err != nil {
		return SchemeOut{}, err
	}
	if err := s.announce(c); err != nil {
		return SchemeOut{}, err
	}
	units := make([]string, len(sheets))
	for i, x := range sheets {
		units[i] = x.UnitID
	}
	c.Detail(map[string]any{"units": len(sheets), "digest": run.Digest})
	return s.out(), c.Record(WasPublished{s.ID, s.Year, s.Title, s.AppealBy, units}, "appraisal-scheme", s.ID)
}

// supersede ends the version in force; its appeals must be ruled first.
func supersede(c *app.Call, s *Scheme) error {
	before, err := inForce(&c.Look, s.Year)
	if err != nil || before == nil {
		return err
	}
	if before, err = schemeOf(&c.Look, before.ID); err != nil {
		return err
	}
	if s.Reason == "" { // begun before another version was published
		return fault.New(fault.Closed, "appraisal.publish.reason")
	}
	if err := before.settled(c); err != nil {
		return err
	}
	if err := before.move(Superseded); err != nil {
		return err
	}
	return before.write(c)
}

// settled refuses while an appeal waits.
func (s *Scheme) settled(c *app.Call) error {
	var n int
	if err := c.Tx().Row(c.Ctx(), "SELECT COUNT(*) FROM appraisal_appeal WHERE scheme_id = ? AND ruling = ''", s.ID).Scan(&n); err != nil {
		return fmt.Errorf("count the appeals of %s: %w", s.ID, err)
	}
	if n > 0 {
		return fault.New(fault.Closed, "appraisal.appeals-open", "n", n)
	}
	return nil
}

// announce notes when and until when units may appeal.
func (s *Scheme) announce(c *app.Call) error {
	days, err := calendar.Current(&c.Look)
	if err != nil {
		return err
	}
	s.PublishedAt, s.PublishedName, s.AppealBy = c.Now(), c.Who().Name, ""
	if s.AppealWorkdays > 0 {
		s.AppealBy = days.AddWorkdays(today(&c.Look), s.AppealWorkdays).String()
	}
	return s.write(c)
}

// Close ends a year: nothing of it is corrected any more (办结).
var Close = app.Define("appraisal.close",
	func(c *app.Call, in NameIn) (*Scheme, error) { return schemeOf(&c.Look, in.ID) },
	manage,
	func(c *app.Call, s *Scheme, in NameIn) (SchemeOut, error) {
		if err := s.move(Closed); err != nil {
			return SchemeOut{}, err
		}
		if err := s.fresh(in.Version); err != nil {
			return SchemeOut{}, err
		}
		if s.AppealBy >= today(&c.Look).String() {
			return SchemeOut{}, fault.New(fault.Closed, "appraisal.close.early", "day", s.AppealBy)
		}
		if err := s.settled(c); err != nil {
			return SchemeOut{}, err
		}
		s.ClosedAt = c.Now()
		err := s.write(c)
		return s.out(), err
	})
