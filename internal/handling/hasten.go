package handling

import (
	"tongxin/internal/app"
)

// Hasten brings the reply deadlines of a case forward after its domain gave it
// an earlier one (Case.Due): of assignments in their first round that are not
// answered and were not put off. A date that has passed already moves nothing.
// The domain calls it within its own act; the units are told.
func Hasten(c *app.Call, kind, id string) error {
	m, err := matterOf(&c.Look, kind, id)
	if err != nil || m.Due == nil {
		return err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return err
	}
	for _, a := range m.live() {
		if !a.Role.Main() || !a.Owes() || a.Round > 1 || len(a.Due.Extensions) > 0 {
			continue
		}
		sooner, err := k.dueBy(m, a, *m.Due)
		if err != nil {
			return err
		}
		if sooner.On.IsZero() || !a.Due.On.After(sooner.On) || !sooner.On.After(k.today) {
			continue
		}
		was := a.DueOn
		a.Due = sooner
		if err := a.keepDue(c); err != nil {
			return err
		}
		if err := m.record(c, WasHastened{m.about().ofUnit(a), a.ID, was, a.DueOn}); err != nil {
			return err
		}
	}
	return settle(c, m)
}
