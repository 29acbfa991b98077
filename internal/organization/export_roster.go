package organization

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/identity"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// ExportRosterIn names the term.
type ExportRosterIn struct {
	TermID string `json:"term_id"`
}

// ExportRosterOut is the roster as a file that ImportRoster reads.
type ExportRosterOut struct {
	Name string `json:"name"`
	CSV  string `json:"csv"`
}

// ExportRoster writes the roster of a term with phones in clear (导出名册). It is
// an act and not a query, so that nobody gets the phones without a record.
var ExportRoster = app.Define("organization.export-roster", anew[ExportRosterIn]("roster"), func(who access.Actor, s thing) access.Verdict {
	if who.CommitteeID == "" || s.committeeID != who.CommitteeID {
		return access.Hide()
	}
	return access.When(who.Is(access.SystemAdmin, access.Office), "organization.only-office")
}, exportRoster).Unkept()

func exportRoster(c *app.Call, _ thing, in ExportRosterIn) (ExportRosterOut, error) {
	term, err := termOf(&c.Look, in.TermID)
	if err != nil {
		return ExportRosterOut{}, err
	}
	k := app.Part[*seal.Keeper](&c.Look)
	sitting := Sitting{Term: term.Number}.String()
	list, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, row *[]string) error {
		var personID, name, phone, sector, special, work, remark string
		if err := r.Scan(&personID, &name, &phone, &sector, &special, &work, &remark); err != nil {
			return err
		}
		clear, err := k.Open(phone, "person.phone/"+personID)
		*row = []string{name, clear, sector, special, work, sitting, remark}
		return err
	}, `SELECT p.id, p.name, p.phone_sealed, COALESCE(bs.name, ''), COALESCE(bc.name, ''), m.workplace, m.remark FROM membership m JOIN person p ON p.id = m.person_id
		LEFT JOIN body bs ON bs.id = m.sector_id LEFT JOIN body bc ON bc.id = m.special_committee_id
		WHERE m.committee_id = ? AND m.term_id = ? AND m.valid_to IS NULL ORDER BY COALESCE(bs.sort, 0), COALESCE(bs.name, ''), p.pinyin, p.id`, c.Who().CommitteeID, in.TermID)
	if err != nil {
		return ExportRosterOut{}, fmt.Errorf("read the roster: %w", err)
	}
	c.Detail(map[string]any{"term": term.Number, "people": len(list)})
	return ExportRosterOut{Name: sitting + "委员名册.csv", CSV: identity.Sheet(append([][]string{RosterColumns()}, list...))}, nil
}
