package calendarweb

import (
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of the calendar.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /calendar", year, calendar.Show.Name())
	k.Page("GET /setup/calendar", year, calendar.Show.Name())
	k.Page("GET /setup/calendar/{year}", edit, calendar.Show.Name())
	web.Form(k, "POST /setup/calendar/{year}", calendar.Change, func(_ *web.Request, out calendar.ChangeOut) string {
		return "/setup/calendar?year=" + strconv.Itoa(out.Year)
	}, web.Again[calendar.ChangeIn](edit))

	api.Get(j, "/api/v1/calendar", calendar.Show)
	api.Post(j, "/api/v1/calendar/{year}", calendar.Change)

	k.Menu(web.MenuItem{Key: "calendar.menu", Path: "/setup/calendar", Icon: "calendar", For: []access.PostKind{access.Office, access.SystemAdmin}, Order: 84})
}

func mayChange(who access.Actor) bool { return who.Is(access.Office, access.Chief, access.SystemAdmin) }

func year(r *web.Request) (web.Page, error) {
	in := calendar.ShowIn{}
	if text := strings.TrimSpace(r.URL.Query().Get("year")); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return web.Page{}, fault.Field("year", "calendar.notice.year")
		}
		in.Year = n
	}
	s, err := web.Ask(r, calendar.Show, in)
	if err != nil {
		return web.Page{}, err
	}
	title := r.View.T("calendar.title", "year", strconv.Itoa(s.Year))
	return web.Page{Title: title, Body: Year(r.View, s, title)}, nil
}

func edit(r *web.Request) (web.Page, error) {
	if !mayChange(r.Who) {
		return web.Page{}, fault.New(fault.Forbidden, "calendar.not-yours")
	}
	n, err := strconv.Atoi(r.PathValue("year"))
	if err != nil {
		return web.Page{}, fault.New(fault.NotFound, "fault.not-found")
	}
	s, err := web.Ask(r, calendar.Show, calendar.ShowIn{Year: n})
	if err != nil {
		return web.Page{}, err
	}
	title := r.View.T("calendar.edit-title", "year", strconv.Itoa(s.Year))
	return web.Page{Title: title, Body: Edit(r.View, s, title)}, nil
}
