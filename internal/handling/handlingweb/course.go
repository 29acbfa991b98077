package handlingweb

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tongxin/internal/handling"
	"tongxin/internal/web"
)

// Event is one line of the course of a case: when, who, and what he did.
type Event struct {
	At        time.Time
	Who, Text string
}

// event is an Event of handling's own records.
type event struct {
	at        time.Time
	who, text string
}

// eventsOf are what the records tell of the course, the oldest first, with what
// the domain tells of the time before. Contacts and drafts have their own places.
func eventsOf(v web.View, x handling.View, before []Event) []event {
	var list []event
	for _, e := range before {
		list = append(list, event{e.At, e.Who, e.Text})
	}
	list = append(list, returns(v, x)...)
	list = append(list, dispatches(v, x)...)
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
	acts := together{}
	for _, f := range x.Former {
		acts.add(f.DispatchedAt.Time, senderWord(v, f.DeskName), unitRole(v, f.UnitName, f.Role))
	}
	for _, a := range x.Assignments {
		acts.add(a.DispatchedAt.Time, senderWord(v, a.DeskName), unitRole(v, a.UnitName, a.Role))
	}
	var list []event
	for _, f := range x.Former {
		handed := slices.ContainsFunc(x.Handed, func(h handling.Handed) bool { return h.At.Equal(f.ValidTo.Time) })
		if !handed && !f.ValidTo.IsZero() {
			list = append(list, event{f.ValidTo.Time, f.UnitName, v.T("handling.event.released")})
		}
	}
	return append(list, acts.events(func(_, units string) (string, string) { return "", v.T("handling.event.dispatched", "units", units) })...)
}

// returns are the objections and what became of them.
func returns(v web.View, x handling.View) []event {
	var list []event
	for _, o := range x.Objections {
		list = append(list, event{o.FiledAt.Time, o.UnitName, v.T("handling.event.objected", "unit", o.ProposedName)})
		switch {
		case o.RuledAt.IsZero():
		case o.Ruling == handling.Withdrawn:
			list = append(list, event{o.RuledAt.Time, o.UnitName, v.T("handling.ruling.withdrawn")})
		default:
			list = append(list, event{o.RuledAt.Time, o.RuledName, rulingWord(v, o)})
		}
	}
	return list
}

// bounds are the units whose silence was taken as consent, those of one instant
// in one line.
func bounds(v web.View, x handling.View) []event {
	acts := together{}
	for _, a := range x.Assignments {
		if !a.BoundAt.IsZero() {
			acts.add(a.BoundAt.Time, "", a.UnitName)
		}
	}
	return acts.events(func(_, units string) (string, string) { return units, v.T("handling.event.bound") })
}

// together gathers what happened to several units at one instant.
type together []gathered

type gathered struct {
	event
	units []string
}

func (t *together) add(at time.Time, who, unit string) {
	for i := range *t {
		if x := &(*t)[i]; x.at.Equal(at) && x.who == who {
			x.units = append(x.units, unit)
			return
		}
	}
	*t = append(*t, gathered{event{at: at, who: who}, []string{unit}})
}

// events makes one line of each instant; say gives who and what, an empty who
// leaves the one that was added.
func (t together) events(say func(who, units string) (string, string)) []event {
	var list []event
	for _, x := range t {
		who, text := say(x.who, strings.Join(x.units, "、"))
		list = append(list, event{x.at, cmp.Or(who, x.who), text})
	}
	return list
}

func senderWord(v web.View, desk string) string {
	if desk == "" {
		return v.T("handling.event.office")
	}
	return desk
}

func unitRole(v web.View, unit string, role handling.Role) string {
	return v.T("handling.unit-role", "unit", unit, "role", v.T("handling.role."+string(role)))
}
