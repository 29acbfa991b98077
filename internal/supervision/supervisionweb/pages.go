package supervisionweb

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/identity"
	"tongxin/internal/supervision"
	"tongxin/internal/web"
)

// overviewIn are the filters of the overview's address. What is no number is
// no year.
func overviewIn(q url.Values) supervision.OverviewIn {
	year, err := strconv.Atoi(q.Get("year"))
	if err != nil && q.Get("year") != "" {
		year = -1 // refused with a sentence
	}
	return supervision.OverviewIn{Year: year, Role: q.Get("role"), Desk: q.Get("desk"), Detail: q.Get("detail") != ""}
}

// overviewPage is /supervision. A unit has its own page instead.
func overviewPage(r *web.Request) (web.Page, error) {
	if r.Who.Is(access.Handler, access.Signer) {
		return web.See("/supervision/units/" + r.Who.Post.BodyID), nil
	}
	s := sheet{in: overviewIn(r.View.Query)}
	var err error
	if s.Overview, err = web.Ask(r, supervision.See, s.in); err != nil {
		return web.Page{}, err
	}
	s.in.Year = s.Year
	if r.Who.Is(access.Leader, access.Chief) {
		a, err := web.Ask(r, supervision.ForLeader, struct{}{})
		if err != nil {
			return web.Page{}, err
		}
		s.attention = &a
	}
	return web.Page{Title: r.View.T("supervision.title"), Body: overviewBody(r.View, s)}, nil
}

// sheet is what the page of the overview shows.
type sheet struct {
	supervision.Overview
	in        supervision.OverviewIn
	attention *supervision.Attention
}

// base is the address of the lists behind the numbers, but unit and what.
func (s sheet) base() string {
	q := url.Values{"year": {strconv.Itoa(s.Year)}}
	if s.in.Role != "" {
		q.Set("role", s.in.Role)
	}
	if s.in.Desk != "" {
		q.Set("desk", s.in.Desk)
	}
	return "/supervision/assignments?" + q.Encode()
}

// overviewSheet is /supervision/overview.csv: the same numbers for a spreadsheet.
func overviewSheet(r *web.Request) (web.Page, error) {
	in := overviewIn(r.View.Query)
	in.Detail = true
	o, err := web.Ask(r, supervision.See, in)
	if err != nil {
		return web.Page{}, err
	}
	v := r.View
	head := []string{v.T("supervision.col.unit"), v.T("supervision.col.all"), v.T("supervision.what.late"), v.T("supervision.what.near"), v.T("supervision.what.green"), v.T("supervision.what.open"),
		v.T("supervision.what.done"), v.T("supervision.what.done-late")}
	for _, f := range o.Details.Facets() {
		head = append(head, v.T("supervision.what."+f.Name))
	}
	rows := [][]string{head}
	for _, u := range o.Units {
		rows = append(rows, sheetRow(u.UnitName, u.Counts, u.Detail))
	}
	rows = append(rows, sheetRow(v.T("supervision.total"), o.Total, o.Details))
	text := identity.Sheet(rows)
	return web.Page{File: &web.File{Name: v.T("supervision.csv", "year", o.Year, "day", o.Today) + ".csv", Type: "text/csv; charset=utf-8",
		Body: io.NopCloser(strings.NewReader(text)), Size: int64(len(text))}}, nil
}

func sheetRow(name string, c supervision.Counts, d *supervision.Detail) []string {
	row := []string{name}
	for _, n := range []int{c.All(), c.Late, c.Near, c.Green(), c.Open, c.Done, c.DoneLate} {
		row = append(row, strconv.Itoa(n))
	}
	for _, f := range d.Facets() {
		row = append(row, strconv.Itoa(f.N))
	}
	return row
}

// listPage is /supervision/assignments: what is behind a number.
func listPage(r *web.Request) (web.Page, error) {
	q := r.View.Query
	o := overviewIn(q)
	in := supervision.ListIn{What: q.Get("what"), Year: o.Year, Unit: q.Get("unit"), Role: o.Role, Desk: o.Desk, Q: q.Get("q"), After: q.Get("after")}
	out, err := web.Ask(r, supervision.Assignments, in)
	if err != nil {
		return web.Page{}, err
	}
	if in.What == "" {
		in.What = supervision.LateOnes
	}
	return web.Page{Title: r.View.T("supervision.list.title"), Body: listBody(r.View, in, out)}, nil
}

// unitPage is /supervision/units/{id}.
func unitPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, supervision.OfUnit, supervision.UnitIn{ID: r.PathValue("id"), After: r.View.Query.Get("after")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: out.Name, Body: unitBody(r.View, out)}, nil
}

// itemPage is /supervision/assignments/{id}: where a leader writes an
// instruction.
func itemPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, supervision.ShowItem, supervision.ItemIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: out.Title, Body: itemBody(r.View, out)}, nil
}

func instructionPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, supervision.ShowInstruction, supervision.ReceiveIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("supervision.instruction.title"), Body: instructionBody(r.View, out)}, nil
}

// chasesPage is /supervision/chases.
func chasesPage(r *web.Request) (web.Page, error) {
	q := r.View.Query
	in := supervision.ChasesIn{State: q.Get("state"), Unit: q.Get("unit"), After: q.Get("after")}
	out, err := web.Ask(r, supervision.Chases, in)
	if err != nil {
		return web.Page{}, err
	}
	if in.State == "" {
		in.State = supervision.Unanswered
	}
	return web.Page{Title: r.View.T("supervision.chases.title"), Body: chasesBody(r.View, in, out)}, nil
}

// newPage is /supervision/chases/new: what may be chased, ticked, and the words.
func newPage(r *web.Request) (web.Page, error) {
	q := r.View.Query
	return newOf(r, supervision.CandidatesIn{Unit: q.Get("unit"), What: q.Get("what"), IDs: q["ids"]})
}

// newAgain is the form again with what was typed.
func newAgain(r *web.Request) (web.Page, error) {
	f := r.PostForm
	r.View.Path = "/supervision/chases/new"
	return newOf(r, supervision.CandidatesIn{Unit: f.Get("_unit"), What: f.Get("_what"), IDs: f["_ids"]})
}

func newOf(r *web.Request, in supervision.CandidatesIn) (web.Page, error) {
	out, err := web.Ask(r, supervision.Prepare, in)
	if err != nil {
		return web.Page{}, err
	}
	form := r.View.Query.Get("form")
	if form == "" {
		form = supervision.Letter
	}
	return web.Page{Title: r.View.T("supervision.new.title"), Body: newBody(r.View, in, form, out)}, nil
}

// sentPage opens the chase that went out, or tells what of several did.
func sentPage(r *web.Request, out supervision.SendOut) (web.Page, error) {
	if len(out.Sent) == 1 && len(out.LeftOut) == 0 {
		return web.See(supervision.ChaseAt(out.Sent[0].ID) + "?done=" + supervision.Send.Name()), nil
	}
	return web.Page{Title: r.View.T("supervision.sent.title"), Body: sentBody(r.View, out)}, nil
}

func chaseFor(r *web.Request) (supervision.Shown, error) {
	return web.Ask(r, supervision.ShowChase, supervision.ReceiveIn{ID: r.PathValue("id")})
}

// chasePage is /supervision/chases/{id}.
func chasePage(r *web.Request) (web.Page, error) {
	out, err := chaseFor(r)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: chaseTitle(r.View, out.Chase), Body: chaseBody(r.View, out)}, nil
}

// printPage is the letter alone.
func printPage(r *web.Request) (web.Page, error) {
	out, err := chaseFor(r)
	if err != nil {
		return web.Page{}, err
	}
	title := chaseTitle(r.View, out.Chase)
	return web.Page{Title: title, Body: web.Bare(r.View, title, printBody(r.View, out)), Bare: true}, nil
}

// chaseTitle names a chase: by its number, or as a chase of a day.
func chaseTitle(v web.View, x supervision.Chase) string {
	if x.Form == supervision.Letter {
		return numberOf(v, x.Year, x.No)
	}
	return v.T("supervision.note.title", "on", v.Date(x.SentAt.Time))
}

// numberOf is the number of a letter: 催办〔2026〕3 号.
func numberOf(v web.View, year, no int) string {
	return v.T("supervision.number", "year", fmt.Sprint(year), "no", no)
}
