package handlingweb

import (
	"time"

	"tongxin/internal/handling"
	"tongxin/internal/web"
)

// objectionOf is the objection of an assignment that waits.
func objectionOf(x handling.View, assignment string) handling.Objection {
	for _, o := range x.Objections {
		if o.AssignmentID == assignment && o.Open() {
			return o
		}
	}
	return handling.Objection{}
}

// extensionOf is the wish for more time of an assignment that waits.
func extensionOf(x handling.View, assignment string) handling.Extension {
	for _, e := range x.Extensions {
		if e.AssignmentID == assignment && e.Open() {
			return e
		}
	}
	return handling.Extension{}
}

func rulingTone(o handling.Objection) string {
	switch o.Ruling {
	case "":
		return "warn"
	case handling.Accepted:
		return "info"
	default:
		return "mute"
	}
}

// rulingWord says what became of an objection, with the unit that got the case.
func rulingWord(v web.View, o handling.Objection) string {
	switch {
	case o.Open() && o.ConsentedAt.IsZero():
		return v.T("handling.holder.consent")
	case o.Open():
		return v.T("handling.holder.ruling")
	case o.Ruling == handling.Accepted && o.ToName != "":
		return v.T("handling.ruling.to", "unit", o.ToName)
	default:
		return v.T("handling.ruling." + o.Ruling)
	}
}

func decisionTone(decision string) string {
	switch decision {
	case handling.Granted:
		return "ok"
	case handling.Refused:
		return "bad"
	case handling.Void:
		return "mute"
	default:
		return "warn"
	}
}

func decisionWord(v web.View, decision string) string {
	if decision == "" {
		return v.T("handling.extension.waits")
	}
	return v.T("handling.extension." + decision)
}

// until is the day that was granted, or the one that was asked for.
func until(e handling.Extension) string {
	if e.GrantedUntil != "" {
		return e.GrantedUntil
	}
	return e.Until
}

func answerTone(answer string) string {
	switch answer {
	case handling.Agreed:
		return "ok"
	case handling.Disagreed:
		return "bad"
	case "":
		return "warn"
	default:
		return "mute"
	}
}

func answerWord(v web.View, answer string) string {
	if answer == "" {
		return v.T("handling.countersign.awaited")
	}
	return v.T("handling.countersign." + answer)
}

func readingTone(result string) string {
	if result == handling.Passed {
		return "ok"
	}
	return "warn"
}

func promiseTone(p handling.Promise) string {
	switch {
	case p.State == handling.PromiseKept:
		return "ok"
	case p.State == handling.PromiseOpen && p.Late:
		return "bad"
	case p.State == handling.PromiseOpen && p.Near:
		return "warn"
	case p.State == handling.PromiseOpen:
		return "info"
	default:
		return "mute"
	}
}

func promiseWord(v web.View, p handling.Promise) string {
	if p.State == handling.PromiseOpen && p.Late {
		return v.T("handling.promise.late")
	}
	if p.State == handling.PromiseOpen && p.Near {
		return v.T("handling.promise.near")
	}
	return v.T("handling.promise." + p.State)
}

// sparePromises are the empty lines for promises on the form of a reply.
const sparePromises = 2

// promiseLines are what was promised so far, and some empty lines.
func (s draftSheet) promiseLines() []handling.PromiseText {
	list := append([]handling.PromiseText(nil), s.Text.Promises...)
	for range sparePromises {
		list = append(list, handling.PromiseText{})
	}
	return list
}

func itemOptions(v web.View, s draftSheet) []web.Option {
	list := []web.Option{{Value: "0", Text: v.T("handling.promise.whole")}}
	for _, it := range s.Items {
		list = append(list, web.Option{Value: itoa(it.No), Text: v.T("handling.item", "n", it.No)})
	}
	return list
}

// sideways are the events of a case beside the straight path.
func sideways(v web.View, x handling.View) []event {
	var list []event
	add := func(at time.Time, who, text string) {
		if !at.IsZero() {
			list = append(list, event{at, who, text})
		}
	}
	for _, e := range x.Extensions {
		add(e.AskedAt.Time, e.UnitName, v.T("handling.event.extend.asked", "until", v.Day(e.Until)))
		if e.Decision == handling.Granted || e.Decision == handling.Refused {
			add(e.DecidedAt.Time, e.DecidedName, v.T("handling.event.extend."+e.Decision, "unit", e.UnitName, "until", v.Day(until(e))))
		}
	}
	for _, a := range x.Assignments {
		add(a.WaivedAt.Time, a.WaivedName, v.T("handling.event.waived", "unit", a.UnitName))
	}
	list = append(list, bounds(v, x)...)
	for _, h := range x.Rehandlings {
		add(h.At.Time, h.UnitName, v.T("handling.event.again", "n", h.Round))
	}
	for _, w := range x.LastWords {
		add(w.RuledAt.Time, w.RuledName, v.T("handling.event.last-word"))
	}
	return append(list, promiseEvents(v, x)...)
}
