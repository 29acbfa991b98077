package workbench

import (
	"cmp"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
)

// Item is one thing that waits, with the time counted in working days.
type Item struct {
	app.Waiting
	Held int  `json:"held"` // working days since it came
	Left int  `json:"left"` // working days until the due date, 0 on the day itself
	Late bool `json:"late"` // the due date has passed
}

// Group is one queue: the most urgent of it, and the exact total.
type Group struct {
	Name  string `json:"name"` // message key of the heading
	All   string `json:"all,omitempty"`
	Total int    `json:"total"`
	Items []Item `json:"items"`
}

// Day is a day of the strip of due dates.
type Day struct {
	On      string `json:"on"`
	N       int    `json:"n"`
	Link    string `json:"link,omitempty"`
	Workday bool   `json:"workday"`
}

// Hat is another post of the person, with what waits for him there.
type Hat struct {
	Post    access.Post `json:"post"`
	Waiting int         `json:"waiting"`
}

// Begin is something that can be begun.
type Begin struct {
	Key  string `json:"key"`
	Path string `json:"path"`
}

// Page is the workbench of one post.
type Page struct {
	Today   string       `json:"today"`
	Waiting int          `json:"waiting"` // how much waits in all, over the groups
	Groups  []Group      `json:"groups"`  // what waits, most urgent first; no empty ones
	Follows []Group      `json:"follows"` // what one only wants to know
	Figures []app.Figure `json:"figures"`
	Days    []Day        `json:"days"` // the next thirty days, when anything is due
	Begins  []Begin      `json:"begins"`
	Hats    []Hat        `json:"hats"` // other posts in which something waits
}

const (
	perGroup  = 5  // items of a queue; the rest is behind "all"
	daysAhead = 30 // of the strip of due dates
)

// Show is the workbench of the acting post. The scope is unused: every queue
// asks for the one who looks and knows its own.
var Show = app.Ask("workbench.show", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) (Page, error) {
		if !l.Who().SignedIn() {
			return Page{}, nil
		}
		w, err := calendar.Current(l)
		if err != nil {
			return Page{}, err
		}
		b := &bench{l: l, days: w, today: calendar.DateOf(l.Now().Time, calendar.Beijing)}
		b.page.Today = b.today.String()
		for _, step := range []func() error{b.groups, b.figures, b.dues, b.hats} {
			if err := step(); err != nil {
				return Page{}, err
			}
		}
		b.begins()
		return b.page, nil
	})

// bench fills one page.
type bench struct {
	l     *app.Look
	days  *calendar.Workdays
	today calendar.Date
	page  Page
}

// groups asks every queue of the acting post.
func (b *bench) groups() error {
	for _, m := range b.l.App().Modules() {
		for _, q := range m.Waits {
			if !b.l.Who().Is(q.For...) {
				continue
			}
			list, total, err := q.Find(b.l, perGroup)
			if err != nil {
				return fmt.Errorf("ask %s: %w", q.Name, err)
			}
			if total == 0 {
				continue
			}
			g := Group{Name: q.Name, All: q.All, Total: total, Items: b.items(list)}
			if q.Follows {
				b.page.Follows = append(b.page.Follows, g)
				continue
			}
			b.page.Groups = append(b.page.Groups, g)
			b.page.Waiting += total
		}
	}
	slices.SortStableFunc(b.page.Groups, urgency)
	return nil
}

func (b *bench) items(list []app.Waiting) []Item {
	items := make([]Item, 0, len(list))
	for _, x := range list {
		i := Item{Waiting: x, Held: calendar.Elapsed(x.Since.Time, b.l.Now().Time, b.days)}
		if due, err := calendar.ParseDate(x.DueOn); err == nil {
			i.Left, i.Late = calendar.Left(b.today, due, b.days), due.Before(b.today)
		}
		items = append(items, i)
	}
	return items
}

// urgency orders queues by what is due first in them; queues without a date
// come after, the longest waiting first.
func urgency(a, b Group) int {
	x, y := first(a), first(b)
	return cmp.Or(cmp.Compare(dueOf(x), dueOf(y)), x.Since.Compare(y.Since.Time))
}

func first(g Group) app.Waiting {
	var w app.Waiting
	for i, x := range g.Items {
		if i == 0 || dueOf(x.Waiting) < dueOf(w) {
			w = x.Waiting
		}
	}
	return w
}

// dueOf sorts what has no date last.
func dueOf(w app.Waiting) string { return cmp.Or(w.DueOn, "9999-12-31") }

func (b *bench) figures() error {
	for _, m := range b.l.App().Modules() {
		for _, f := range m.Figures {
			if !b.l.Who().Is(f.For...) {
				continue
			}
			list, err := f.Find(b.l)
			if err != nil {
				return fmt.Errorf("ask the figures of %s: %w", m.Name, err)
			}
			b.page.Figures = append(b.page.Figures, list...)
		}
	}
	return nil
}

// dues fills the strip of the next thirty days; it stays empty when nothing is
// due in them.
func (b *bench) dues() error {
	found, any := map[string]app.DueDay{}, false
	last := b.today.Add(daysAhead - 1)
	for _, m := range b.l.App().Modules() {
		for _, d := range m.Dues {
			if !b.l.Who().Is(d.For...) {
				continue
			}
			list, err := d.Find(b.l, b.today.String(), last.String())
			if err != nil {
				return fmt.Errorf("ask the due dates of %s: %w", m.Name, err)
			}
			for _, x := range list {
				sum := found[x.On]
				found[x.On] = app.DueDay{On: x.On, N: sum.N + x.N, Link: cmp.Or(sum.Link, x.Link)}
				any = any || x.N > 0
			}
		}
	}
	if !any {
		return nil
	}
	for i := range daysAhead {
		d := b.today.Add(i)
		x := found[d.String()]
		b.page.Days = append(b.page.Days, Day{On: d.String(), N: x.N, Link: x.Link, Workday: b.days.IsWorkday(d)})
	}
	return nil
}

// hats counts what waits in the person's other posts, so that nothing is
// forgotten under a hat that hangs on the wall.
func (b *bench) hats() error {
	who := b.l.Who()
	for _, p := range who.Posts {
		if p.ID == who.Post.ID {
			continue
		}
		other, n := b.l.Acting(p.ID), 0
		for _, m := range b.l.App().Modules() {
			for _, q := range m.Waits {
				if q.Follows || !other.Who().Is(q.For...) {
					continue
				}
				_, total, err := q.Find(other, 1)
				if err != nil {
					return fmt.Errorf("ask %s as %s: %w", q.Name, p.Kind, err)
				}
				n += total
			}
		}
		if n > 0 {
			b.page.Hats = append(b.page.Hats, Hat{Post: p, Waiting: n})
		}
	}
	return nil
}

func (b *bench) begins() {
	for _, m := range b.l.App().Modules() {
		for _, x := range m.Begins {
			if b.l.Who().Is(x.For...) {
				b.page.Begins = append(b.page.Begins, Begin{x.Key, x.Path})
			}
		}
	}
}
