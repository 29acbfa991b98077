package demo

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/jobs"
	"tongxin/internal/organization"
	"tongxin/internal/supervision"
)

// daysAgo plans something some days before the story ends.
func (t *teller) daysAgo(days int, do func() error) { t.at(t.o.Today.AddDate(0, 0, -days), do) }

// together dispatches at once what waits with the government's supervision
// office, as a job.
func (t *teller) together() {
	t.daysAgo(12, func() error { return t.dispatchAll(t.people["dispatcher"]) })
}

// dispatchAll leaves out what stays undispatched in the story.
func (t *teller) dispatchAll(desk access.Actor) error {
	plan, err := handling.DispatchPlan.Do(t.ctx, t.app, desk, struct{}{})
	if err != nil {
		return fmt.Errorf("plan to dispatch everything: %w", err)
	}
	in := handling.DispatchAllIn{Digest: plan.Digest}
	var mine []*paper
	for _, r := range plan.Rows {
		i := slices.IndexFunc(t.waits, func(p *paper) bool { return p.id == r.ID && p.fate == "bulk" })
		if i < 0 {
			in.Except = append(in.Except, r.ID)
			continue
		}
		t.waits[i].fate = ""
		mine = append(mine, t.waits[i])
	}
	if len(mine) == 0 {
		return nil
	}
	if _, err := handling.DispatchAll.Do(t.ctx, t.app, desk, in); err != nil {
		return fmt.Errorf("dispatch everything: %w", err)
	}
	if err := jobs.Work(t.ctx, t.app); err != nil {
		return fmt.Errorf("work on the job: %w", err)
	}
	return t.assigned(mine)
}

// changes: a unit gets another name, another officer takes over in a unit that
// has open work, and what a unit has not signed for goes to another unit.
func (t *teller) changes() {
	t.daysAgo(48, t.rename)
	t.daysAgo(26, t.appoint)
	t.daysAgo(16, t.handOver)
}

func (t *teller) rename() error {
	short := "市投资促进局"
	b, err := organization.TheBody.Do(t.ctx, t.app, t.admin, organization.BodyID{ID: t.bodies["unit:"+short].id})
	if err != nil {
		return fmt.Errorf("look at %s: %w", short, err)
	}
	in := organization.RenameBodyIn{ID: b.ID, Name: t.city.Name + "投资合作促进局", ShortName: "市投资合作局", Version: b.Version,
		Reference: fmt.Sprintf("云编发〔%d〕18号", t.clock.hand.Now().Year())}
	if _, err := organization.RenameBody.Do(t.ctx, t.app, t.admin, in); err != nil {
		return fmt.Errorf("rename %s: %w", short, err)
	}
	return nil
}

// appoint hands the open cases of the first unit that has some to its section head.
func (t *teller) appoint() error {
	for _, u := range t.city.Units {
		if t.held[u.Short] == 0 {
			continue
		}
		in := handling.AppointIn{All: true, Handler: u.SectionHead.Name, Phone: u.Phone, Section: u.SectionHead.Post, Reason: "原承办人员岗位调整"}
		_, err := handling.Appoint.Do(t.ctx, t.app, t.people["signer:"+u.Short], in)
		if err == nil {
			return nil
		}
		if !fault.Is(err, fault.Closed) { // it has nothing open
			return fmt.Errorf("appoint another officer in %s: %w", u.Short, err)
		}
	}
	return nil
}

// handOver gives what the first unit has not signed for to another one.
func (t *teller) handOver() error {
	office := t.people["office"]
	list, err := supervision.Assignments.Do(t.ctx, t.app, office, supervision.ListIn{What: supervision.OpenOnes})
	if err != nil {
		return fmt.Errorf("look for what is open: %w", err)
	}
	for _, x := range list.Items {
		if x.Awaits != supervision.ToSign {
			continue
		}
		in := handling.HandOverIn{From: x.UnitID, To: t.bodies["unit:市政府办"].id, IDs: []string{x.ID}, Reason: t.city.Phrase(fiction.HandingOver, 0)}
		if in.From == in.To {
			continue
		}
		if _, err := handling.HandOver.Do(t.ctx, t.app, office, in); err != nil {
			return fmt.Errorf("hand over what %s has not signed for: %w", x.UnitName, err)
		}
		return nil
	}
	return nil
}
