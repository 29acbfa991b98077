package handlingweb

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tongxin/internal/handling"
	"tongxin/internal/web"
)

// event is one line of the course of a case.
type event struct {
	at        time.Time
	who, text string
}

// eventsOf are what the records tell of the course, the oldest first. Contacts
// and drafts have their own places.
func eventsOf(v web.View, x handling.View) []event {
	list := dispatches(v, x)
	for _, a := range x.Assignments {
		if !a.SignedAt.IsZero() {
			list = append(list, event{a.SignedAt.Time, a.UnitName, v.T("handling.event.signed")})
		}
	}
	for _, o := range x.Opinions {
		list = append(list, event{o.At.Time, o.UnitName, v.T("handling.event.opined", "number", o.Number)})
	}
	for _, r := range x.Replies {
		if r.State != handling.Issued {
			continue
		}
		list = append(list, event{r.IssuedAt.Time, r.UnitName, v.T("handling.event.issued", "number", r.Number)})
		for _, g := range r.Ratings {
			key := "handling.event.rated"
			if g.Channel == handling.RatedLapsed {
				key = "handling.event.lapsed"
			}
			list = append(list, event{g.At.Time, g.RaterName, v.T(key, "unit", r.UnitName)})
		}
	}
	list = append(list, sideways(v, x)...)
	list = append(list, handedEvents(v, x)...)
	if !x.ClosedAt.IsZero() {
		list = append(list, event{x.ClosedAt.Time, v.T("handling.event.case"), v.T("handling.event.closed")})
	}
	slices.SortStableFunc(list, func(a, b event) int { return cmp.Compare(a.at.UnixMilli(), b.at.UnixMilli()) })
	return list
}

// dispatches are the acts of dispatch: the units that got the case at one
// instant stand in one line.
func dispatches(v web.View, x handling.View) []event {
	var list []event
	units := map[int64][]string{}
	for _, a := range x.Assignments {
		at := a.DispatchedAt.UnixMilli()
		if units[at] == nil {
			from := a.DeskName
			if from == "" {
				from = v.T("handling.event.office")
			}
			list = append(list, event{at: a.DispatchedAt.Time, who: from})
		}
		units[at] = append(units[at], v.T("handling.unit-role", "unit", a.UnitName, "role", v.T("handling.role."+string(a.Role))))
	}
	for i := range list {
		list[i].text = v.T("handling.event.dispatched", "units", strings.Join(units[list[i].at.UnixMilli()], "、"))
	}
	return list
}
