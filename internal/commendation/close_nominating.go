package commendation

import (
	"database/sql"
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// CloseNominating ends nominating after its last day (推荐截止): what was nominated
// becomes a candidate, what may no longer be commended is dropped with the
// reasons, and the number of winners is settled.
var CloseNominating = app.Define("commendation.close-nominating", loadStage, byStaff, func(c *app.Call, g *Campaign, _ StageIn) (CampaignOut, error) {
	if err := g.move(c, Reading); err != nil {
		return CampaignOut{}, err
	}
	if today(&c.Look).String() <= g.ClosesOn {
		return CampaignOut{}, fault.New(fault.Closed, "commendation.window.still-open", "to", g.ClosesOn)
	}
	u, err := universeOf(&c.Look, g)
	if err != nil {
		return CampaignOut{}, err
	}
	in, err := u.gather(c)
	if err != nil {
		return CampaignOut{}, err
	}
	if in == 0 {
		return CampaignOut{}, fault.New(fault.Closed, "commendation.none-nominated")
	}
	if g.Base, err = u.base(); err != nil {
		return CampaignOut{}, err
	}
	g.Most = g.Rules.most(g.Base)
	if err := g.save(c); err != nil {
		return CampaignOut{}, err
	}
	c.Detail(map[string]any{"candidates": in, "base": g.Base, "most": g.Most})
	if err := g.note(c, "", Nominating, "closed-nominating", because("commendation.why.limit", "base", g.Base, "most", g.Most)); err != nil {
		return CampaignOut{}, err
	}
	return g.out(), c.Record(WasAdvanced{g.Kind, g.Year, Reading}, "commendation", g.ID)
})

// counted is a subject and how often it was nominated.
type counted struct {
	subject string
	n       int
}

// gather makes candidates of the nominations that count, and tells how many of
// them are in.
func (u *universe) gather(c *app.Call) (in int, err error) {
	list, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, x *counted) error { return r.Scan(&x.subject, &x.n) },
		"SELECT subject_id, COUNT(*) FROM commendation_nomination WHERE campaign_id = ? AND withdrawn_at IS NULL GROUP BY subject_id ORDER BY subject_id", u.g.ID)
	if err != nil {
		return 0, fmt.Errorf("count the nominations of campaign %s: %w", u.g.ID, err)
	}
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.subject
	}
	if len(ids) == 0 {
		return 0, nil
	}
	records, err := u.all(ids)
	if err != nil {
		return 0, err
	}
	for _, x := range list {
		i := slices.IndexFunc(records, func(r Record) bool { return r.ID == x.subject })
		d := &Candidate{ID: id.New(), SubjectID: x.subject, Nominations: x.n, Version: 1}
		var against []Why
		if i < 0 { // the unit was closed, the person left
			d.Name, against = u.nameOfGone(x.subject), []Why{because("commendation.why.gone")}
		} else {
			d.take(records[i])
			against = u.g.Rules.refusals(u.g.Kind, records[i])
		}
		if err := u.g.insert(c, d); err != nil {
			return 0, err
		}
		if len(against) == 0 {
			in++
		} else if err := u.g.drop(c, d, Nominating, against[0]); err != nil {
			return 0, err
		}
	}
	return in, nil
}

// take copies what is known of the subject.
func (d *Candidate) take(x Record) {
	d.Number, d.Name, d.Lead, d.unitID, d.Collective, d.refused = x.Number, x.Name, x.Lead, x.unitID, x.Collective, x.refused
	d.score = sql.NullInt64{Int64: x.score, Valid: x.scored}
}

// nameOfGone is the name of a body or person that is no longer listed.
func (u *universe) nameOfGone(id string) string {
	var name string
	err := u.l.Tx().Row(u.l.Ctx(), "SELECT name FROM body WHERE committee_id = ? AND id = ? UNION ALL SELECT name FROM person WHERE committee_id = ? AND id = ?",
		u.g.CommitteeID, id, u.g.CommitteeID, id).Scan(&name)
	if err != nil {
		return id
	}
	return name
}

func (g *Campaign) insert(c *app.Call, d *Candidate) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO commendation_candidate (id, committee_id, campaign_id, subject_id, number, name, lead_name, unit_id, collective, refused, nominations, score)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.ID, g.CommitteeID, g.ID, d.SubjectID, d.Number, d.Name, d.Lead, d.unitID, d.Collective, d.refused, d.Nominations, d.score)
	if err != nil {
		return fmt.Errorf("write candidate %s: %w", d.SubjectID, err)
	}
	return nil
}
