package handling

import (
	"cmp"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
)

// Notices says who is told what of the handling of a case.
func Notices() []notify.Rule {
	return append([]notify.Rule{
		on("assignment.routed", func(n *news, f WasRouted) error { return n.body(f.DeskID, "handling.notice.routed", access.Dispatcher) }),
		on("assignment.dispatched", func(n *news, f WasDispatched) error {
			if err := n.body(f.UnitID, "handling.notice.dispatched", access.Handler, access.Signer); err != nil || !f.Role.Main() {
				return err
			}
			return n.proposers("handling.notice.given")
		}),
		on("assignment.changed", func(n *news, f WasChanged) error {
			return n.body(f.UnitID, "handling.notice.changed", access.Handler, access.Signer)
		}),
		on("contact.recorded", func(n *news, f WasContacted) error {
			n.with("day", f.On)
			return n.people(f.About, "handling.notice.contacted")
		}),
		on("assignment.opined", func(n *news, f WasOpined) error {
			for _, unit := range f.Leads {
				if err := n.body(unit, "handling.notice.opined", access.Handler); err != nil {
					return err
				}
			}
			return nil
		}),
		on("reply.submitted", func(n *news, f WasSubmitted) error {
			n.page = letterAt(f.ReplyID)
			return n.body(f.UnitID, "handling.notice.to-sign-off", access.Signer)
		}),
		on("reply.returned", func(n *news, f WasReturned) error {
			return n.body(f.UnitID, "handling.notice.reply-returned", access.Handler)
		}),
		on("reply.issued", func(n *news, f WasIssued) error {
			n.page = letterAt(f.ReplyID)
			n.with("day", f.RateBy)
			if f.RateBy == "" {
				return n.people(f.About, "handling.notice.followed-up")
			}
			return n.people(f.About, "handling.notice.issued")
		}),
		on("reply.rated", ratedBy),
		on("case.closed", func(n *news, f WasClosed) error { return n.people(f.About, "handling.notice.closed") }),
		on("assignment.reminded", reminded),
	}, append(yearNotices(), handOverNotices()...)...)
}

// ratedBy tells the unit of a rating. Who is told that he rated on paper, or
// that his time passed, can object when that is not so.
func ratedBy(n *news, f WasRated) error {
	n.page = letterAt(f.ReplyID)
	switch f.Channel {
	case RatedLapsed:
		return n.people(f.About, "handling.notice.lapsed")
	case RatedPaper:
		if err := n.people(f.About, "handling.notice.rated-on-paper"); err != nil {
			return err
		}
	}
	if f.Hidden {
		return nil
	}
	return n.body(f.UnitID, "handling.notice.rated", access.Handler, access.Signer)
}

// reminded tells who owes something that it is due, and when it is late those
// who dispatched it too. What and step are part of the key and of the fact, so
// each reminder is told once.
func reminded(n *news, f WasReminded) error {
	n.with("day", f.DueOn)
	keys := remindKeys()[f.What]
	key := keys.near
	if f.Left < 0 {
		key, n.late = keys.late, true
	}
	if f.What == ToRate {
		return n.people(f.About, key)
	}
	if err := n.body(f.UnitID, key, access.Handler, access.Signer); err != nil || f.Left >= 0 {
		return err
	}
	if f.Up {
		if err := n.body("", keys.watch, access.Leader); err != nil {
			return err
		}
	}
	if f.DeskID != "" {
		return n.body(f.DeskID, keys.watch, access.Dispatcher)
	}
	return n.body("", keys.watch, access.Office)
}

// remindKey are the sentences of one sort of reminder: before the date, after
// it, and to those who watch.
type remindKey struct{ near, late, watch string }

func remindKeys() map[string]remindKey {
	return map[string]remindKey{
		ToSign:  {"handling.notice.remind.sign", "handling.notice.late.sign", "handling.notice.watch.sign"},
		ToReply: {"handling.notice.remind.reply", "handling.notice.late.reply", "handling.notice.watch.reply"},
		ToOpine: {"handling.notice.remind.opinion", "handling.notice.late.opinion", "handling.notice.watch.opinion"},
		ToRate:  {"handling.notice.remind.rating", "handling.notice.late.rating", ""},
	}
}

// news is what is told of one fact about one case.
type news struct {
	l    *app.Look
	f    About
	page string // of the case when ""
	late bool   // something is late: it does not wait for a digest
	args []string
	list []notify.Notice
}

// told lets a rule read what every fact of handling says.
func (b About) told() About { return b }

// on makes a rule of what to tell when a fact of a type happened.
func on[F interface{ told() About }](fact string, say func(*news, F) error) notify.Rule {
	return notify.Rule{Fact: fact, Notices: func(l *app.Look, h app.Heard) ([]notify.Notice, error) {
		f, err := notify.Body[F](h)
		if err != nil {
			return nil, err
		}
		b := f.told()
		n := &news{l: l, f: b, args: []string{"title", b.Title, "number", bare(b.Number), "unit", b.UnitName}}
		if err := say(n, f); err != nil {
			return nil, err
		}
		return n.list, nil
	}}
}

// bare is a number without the words around it, which each language has of its
// own: 014 of 第 014 号.
func bare(number string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(number, "第"), "号"))
}

func (n *news) with(pairs ...string) { n.args = append(n.args, pairs...) }

func (n *news) say(to []string, key string) {
	x := notify.Notice{To: to, Key: key, Args: n.args, Link: cmp.Or(n.page, PathOf(n.f.CaseKind, n.f.CaseID))}
	if n.late {
		x.Urgency = notify.Pressing
	}
	n.list = append(n.list, x)
}

// body tells the holders of posts in a body; "" is every body.
func (n *news) body(bodyID, key string, kinds ...access.PostKind) error {
	to, err := notify.Holders(n.l, bodyID, kinds...)
	if err != nil {
		return err
	}
	n.say(to, key)
	return nil
}

// people tells the persons and organisations that the fact names.
func (n *news) people(b About, key string) error {
	to, err := notify.People(n.l, b.People, b.Bodies)
	if err != nil {
		return err
	}
	n.say(to, key)
	return nil
}

// proposers tells everybody who proposes the case, as the domain knows them now.
func (n *news) proposers(key string) error {
	c, err := CaseOf(n.l, n.f.CaseKind, n.f.CaseID)
	if err != nil {
		return err
	}
	return n.people(About{}.forProposers(c.Proposers), key)
}
