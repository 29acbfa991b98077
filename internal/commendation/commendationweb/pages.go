package commendationweb

import (
	"cmp"
	"io"
	"net/url"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/commendation"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/web"
)

// listPage is /commendations.
func listPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, commendation.List, commendation.ListIn{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("commendation.title"), Body: listBody(r.View, out)}, nil
}

// newPage is /commendations/new, with a kind in the query.
func newPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, commendation.Form, commendation.FormIn{Kind: r.Arg("kind")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("commendation.new"), Body: planBody(r.View, "", out)}, nil
}

// editPage is /commendations/{id}/edit.
func editPage(r *web.Request) (web.Page, error) {
	id := r.PathValue("id")
	out, err := web.Ask(r, commendation.Form, commendation.FormIn{ID: id})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("commendation.edit"), Body: planBody(r.View, id, out)}, nil
}

// showPage is /commendations/{id}.
func showPage(r *web.Request) (web.Page, error) { return campaignPage(r, r.PathValue("id")) }

// showAgain shows the campaign that a form names which was sent to another path.
func showAgain(r *web.Request) (web.Page, error) {
	return campaignPage(r, r.PostForm.Get("_campaign"))
}

func campaignPage(r *web.Request, id string) (web.Page, error) {
	out, err := web.Ask(r, commendation.Show, commendation.ID{ID: id})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: out.Campaign.Title, Body: showBody(r.View, out)}, nil
}

// nominatePage is /commendations/{id}/nominate.
func nominatePage(r *web.Request) (web.Page, error) { return nominateOf(r, r.PathValue("id")) }

func nominateAgain(r *web.Request) (web.Page, error) {
	return nominateOf(r, r.PostForm.Get("_campaign"))
}

func nominateOf(r *web.Request, id string) (web.Page, error) {
	in := commendation.EligibleIn{ID: id, Q: cmp.Or(r.View.Query.Get("q"), r.PostForm.Get("_q")), After: r.View.Query.Get("after"),
		Own: r.View.Query.Get("own")+r.PostForm.Get("_own") != "", All: r.View.Query.Get("all") != ""}
	out, err := web.Ask(r, commendation.Eligible, in)
	status := 0
	if fault.Is(err, fault.Invalid) && r.View.Fault == nil { // a strange search: say so above the whole list
		r.View.Fault, status = fault.From(err), web.StatusOf(fault.Invalid)
		out, err = web.Ask(r, commendation.Eligible, commendation.EligibleIn{ID: id})
	}
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("commendation.nominate.title"), Body: nominateBody(r.View, in, out), Status: status}, nil
}

// nominating is the address of the list to nominate from.
func nominating(id, q string, own bool) string {
	x := url.Values{}
	if q != "" {
		x.Set("q", q)
	}
	if own {
		x.Set("own", "1")
	}
	if len(x) == 0 {
		return at(id) + "/nominate"
	}
	return at(id) + "/nominate?" + x.Encode()
}

// candidatePage is /commendation-candidates/{id}.
func candidatePage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, commendation.ShowCandidate, commendation.ID{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: nameOf(r.View, out.Candidate), Body: candidateBody(r.View, out)}, nil
}

// reviewPage is /commendations/{id}/review: every candidate that waits for the
// reviewer, in one form.
func reviewPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, commendation.Show, commendation.ID{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	if !out.May.Review {
		if r.View.Fault != nil {
			return web.Page{}, r.View.Fault
		}
		return web.See(at(out.Campaign.ID)), nil
	}
	return web.Page{Title: r.View.T("commendation.review.title"), Body: reviewBody(r.View, out)}, nil
}

// approvePage is /commendations/{id}/approve.
func approvePage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, commendation.Show, commendation.ID{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	if !out.May.Approve {
		if r.View.Fault != nil {
			return web.Page{}, r.View.Fault
		}
		return web.See(at(out.Campaign.ID)), nil
	}
	return web.Page{Title: r.View.T("commendation.approve.title"), Body: approveBody(r.View, out)}, nil
}

// winnersPage is /commendations/{id}/winners.
func winnersPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, commendation.Winners, commendation.ID{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T(listKey(out.Campaign)), Body: winnersBody(r.View, out)}, nil
}

// winnersFile is the same list for a spreadsheet.
func winnersFile(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, commendation.Winners, commendation.ID{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	v := r.View
	rows := [][]string{columns(v, out.Campaign.Kind)}
	for i, d := range out.Winners {
		row := []string{strconv.Itoa(i + 1)}
		if out.Campaign.Kind == commendation.OfProposals {
			row = append(row, d.Digits)
		}
		row = append(row, nameOf(v, d))
		if out.Campaign.Kind != commendation.OfUnits {
			row = append(row, d.Lead)
		}
		rows = append(rows, row)
	}
	text := identity.Sheet(rows)
	return web.Page{File: &web.File{Name: out.Campaign.Title + ".csv", Type: "text/csv; charset=utf-8", Body: io.NopCloser(strings.NewReader(text)), Size: int64(len(text))}}, nil
}

// columns are the headings of the list.
func columns(v web.View, k commendation.Kind) []string {
	switch k {
	case commendation.OfProposals:
		return []string{v.T("commendation.col.no"), v.T("commendation.col.number"), v.T("commendation.col.proposal"), v.T("commendation.col.proposer")}
	case commendation.OfUnits:
		return []string{v.T("commendation.col.no"), v.T("commendation.col.unit")}
	default:
		return []string{v.T("commendation.col.no"), v.T("commendation.col.person"), v.T("commendation.col.unit")}
	}
}

// certificatesPage prints the text of each certificate, for the staff, once the
// winners are announced; the place of the seal stays empty.
func certificatesPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, commendation.Winners, commendation.ID{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	if out.Campaign.Stage != commendation.Announced || !r.Who.Is(access.Office, access.Chief) {
		return web.Page{}, fault.New(fault.NotFound, "fault.not-found")
	}
	return web.Page{Title: r.View.T("commendation.certificates"), Body: certificatesBody(r.View, out)}, nil
}
