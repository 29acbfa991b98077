package handlingweb

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/identity"
	"tongxin/internal/web"
)

// promises registers the pages and operations of the register of promises.
func promises(k *web.Kit, j *api.Kit) {
	k.Page("GET /promises", registerPage, handling.ListPromises.Name())
	k.Page("GET /promises/export", registerFile, handling.ExportPromises.Name())
	k.Page("GET /promises/look-back", lookBackPage, handling.LookBack.Name())
	k.Page("GET /promises/look-back/print", lookBackPrint)
	k.Page("GET /promises/{id}", promisePage, handling.ShowPromise.Name())
	web.Form(k, "POST /promises/{id}/keep", handling.KeepPromise, afterPromise, web.Again[handling.KeepIn](promiseAgain))
	web.Form(k, "POST /promises/{id}/cancel", handling.CancelPromise, afterPromise, web.Again[handling.CancelIn](promiseAgain))
	web.Form(k, "POST /promises/{id}/decide", handling.DecidePromise, afterPromise, web.Again[handling.DecidePromiseIn](promiseAgain))
	web.Form(k, "POST /promises/{id}/confirm", handling.ConfirmPromise, afterPromise, web.Again[handling.ConfirmIn](promiseAgain))
	api.Get(j, "/api/v1/promises", handling.ListPromises)
	api.Get(j, "/api/v1/promises/export", handling.ExportPromises)
	api.Get(j, "/api/v1/promises/look-back", handling.LookBack)
	api.Get(j, "/api/v1/promises/{id}", handling.ShowPromise)
	api.Post(j, "/api/v1/promises/{id}/keep", handling.KeepPromise)
	api.Post(j, "/api/v1/promises/{id}/cancel", handling.CancelPromise)
	api.Post(j, "/api/v1/promises/{id}/decide", handling.DecidePromise)
	api.Post(j, "/api/v1/promises/{id}/confirm", handling.ConfirmPromise)
	k.Menu(web.MenuItem{Key: "handling.menu.promises", Path: "/promises", Icon: "clip", Order: 42, For: registrars()})
}

// registrars are those for whom there is a register.
func registrars() []access.PostKind {
	return []access.PostKind{access.Handler, access.Signer, access.Dispatcher, access.Office, access.Chief, access.Leader, access.Member, access.Convener}
}

// registered refuses those to whom nothing is promised and who watch over nothing.
func registered(r *web.Request) error {
	if !r.Who.Is(append(registrars(), access.Reviewer)...) {
		return fault.New(fault.NotFound, "fault.not-found")
	}
	return nil
}

// afterPromise leads back to where the form stood.
func afterPromise(r *web.Request, o handling.PromiseOut) string {
	if r.PostForm.Get("_case") != "" {
		return handling.PathOf(o.CaseKind, o.CaseID)
	}
	return promiseAt(o.ID)
}

// promiseAgain shows the page again on which the form stood.
func promiseAgain(r *web.Request) (web.Page, error) {
	if r.PostForm.Get("_case") != "" {
		return caseAgain(r)
	}
	r.View.Path = promiseAt(r.PathValue("id"))
	return promisePage(r)
}

func promiseAt(id string) string { return "/promises/" + id }

// promisePage is one promise with its evidence and its story.
func promisePage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, handling.ShowPromise, handling.ReadIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	files, err := filesOf(r, "promise", out.Promise.ID)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.promise.of", "number", out.Number), Body: promiseBody(r.View, out, files)}, nil
}

// registerIn reads the filters of the address; what is no year is none.
func registerIn(r *web.Request) handling.PromisesIn {
	q := r.View.Query
	year, _ := strconv.Atoi(q.Get("year"))
	return handling.PromisesIn{State: q.Get("state"), Unit: q.Get("unit"), Year: year, Desk: q.Get("desk"), Q: q.Get("q"), After: q.Get("after")}
}

// registerPage is /promises.
func registerPage(r *web.Request) (web.Page, error) {
	if err := registered(r); err != nil {
		return web.Page{}, err
	}
	in, status := registerIn(r), 0
	out, err := web.Ask(r, handling.ListPromises, in)
	if fault.Is(err, fault.Invalid) { // a strange filter: say so above the whole list
		r.View.Fault, status = fault.From(err), web.StatusOf(fault.Invalid)
		in = handling.PromisesIn{}
		out, err = web.Ask(r, handling.ListPromises, in)
	}
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.promises.title"), Body: registerBody(r.View, in, out), Status: status}, nil
}

// registerFile is the same list for a spreadsheet.
func registerFile(r *web.Request) (web.Page, error) {
	if err := registered(r); err != nil {
		return web.Page{}, err
	}
	out, err := web.Ask(r, handling.ExportPromises, registerIn(r))
	if err != nil {
		return web.Page{}, err
	}
	v := r.View
	rows := [][]string{{v.T("handling.col.number"), v.T("handling.col.title"), v.T("handling.promise.text"), v.T("handling.col.unit"), v.T("handling.promise.owner"), v.T("handling.promise.made"),
		v.T("handling.promise.due"), v.T("handling.promise.first-due"), v.T("handling.col.state"), v.T("handling.promise.kept-on"), v.T("handling.promise.evidence"), v.T("handling.promise.reason"),
		v.T("handling.promise.confirmed-by"), v.T("handling.promise.desk")}}
	for _, x := range out.Lines {
		rows = append(rows, []string{x.Number, x.Title, x.Text, x.UnitName, x.Owner, day(x.MadeAt.Time), x.DueOn, x.FirstDueOn, promiseWord(v, x.Promise), x.KeptOn, x.Evidence, x.Reason,
			confirmedWord(v, x.Promise), x.DeskName})
	}
	text := identity.Sheet(rows)
	return web.Page{File: &web.File{Name: v.T("handling.promises.file") + ".csv", Type: "text/csv; charset=utf-8", Size: int64(len(text)), Body: io.NopCloser(strings.NewReader(text))}}, nil
}

// day is the date of an instant in a file.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02")
}

func lookedBack(r *web.Request) (handling.LookBackOut, handling.LookBackIn, error) {
	if err := registered(r); err != nil {
		return handling.LookBackOut{}, handling.LookBackIn{}, err
	}
	in := registerIn(r)
	ask := handling.LookBackIn{Year: in.Year, Desk: in.Desk}
	out, err := web.Ask(r, handling.LookBack, ask)
	return out, ask, err
}

// lookBackPage is /promises/look-back.
func lookBackPage(r *web.Request) (web.Page, error) {
	out, in, err := lookedBack(r)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: lookBackTitle(r.View, out), Body: lookBackBody(r.View, in, out)}, nil
}

// lookBackPrint is the same on paper, with every promise of the year below.
func lookBackPrint(r *web.Request) (web.Page, error) {
	out, in, err := lookedBack(r)
	if err != nil {
		return web.Page{}, err
	}
	rows, err := web.Ask(r, handling.ExportPromises, handling.PromisesIn{State: handling.PromiseEvery, Year: out.Year, Desk: in.Desk})
	if err != nil {
		return web.Page{}, err
	}
	title := lookBackTitle(r.View, out)
	return web.Page{Title: title, Bare: true, Body: web.Bare(r.View, title, lookBackPaper(r.View, in, out, rows.Lines))}, nil
}

func lookBackTitle(v web.View, out handling.LookBackOut) string {
	return v.T("handling.look-back.title", "year", strconv.Itoa(out.Year))
}

// promisesAt is the address of the register with filters.
func promisesAt(in handling.PromisesIn) string { return address("/promises", in) }

func address(path string, in handling.PromisesIn) string {
	q := url.Values{}
	for name, value := range map[string]string{"state": in.State, "unit": in.Unit, "desk": in.Desk, "q": in.Q} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if in.Year != 0 {
		q.Set("year", strconv.Itoa(in.Year))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// promiseTab is one tab of the register with its exact total.
type promiseTab struct {
	key, state string
	n          int
	late       bool
}

func promiseTabs(t handling.PromiseTally) []promiseTab {
	return []promiseTab{{"handling.promise.open", handling.PromiseOpen, t.Open, false}, {"handling.promise.near", handling.PromiseNear, t.Near, false},
		{"handling.promise.late", handling.PromiseLate, t.Late, t.Late > 0}, {"handling.promise.awaiting", handling.PromiseAwaited, t.Awaiting, false},
		{"handling.promise.kept", handling.PromiseKept, t.Kept, false}, {"handling.promise.cancelled", handling.PromiseCancelled, t.Cancelled, false},
		{"handling.promise.replaced", handling.PromiseReplaced, t.Replaced, false}}
}

// tabbed are the filters of a tab: the others stay.
func tabbed(in handling.PromisesIn, state string) handling.PromisesIn {
	in.State, in.After = state, ""
	return in
}

func shownTab(in handling.PromisesIn) string {
	if in.State == "" {
		return handling.PromiseOpen
	}
	return in.State
}

// beyondTabs is the word of a filter that has no tab, "" for one that has.
func beyondTabs(v web.View, in handling.PromisesIn) string {
	for _, t := range promiseTabs(handling.PromiseTally{}) {
		if t.state == shownTab(in) {
			return ""
		}
	}
	return v.T("handling.promise.filter." + shownTab(in))
}

// filtered counts the filters beside state and words.
func filtered(in handling.PromisesIn) int {
	n := 0
	for _, set := range []bool{in.Unit != "", in.Year != 0, in.Desk != ""} {
		if set {
			n++
		}
	}
	return n
}

func bodyOptions(v web.View, list []handling.BodyName, more ...web.Option) []web.Option {
	options := []web.Option{{Text: v.T("handling.promises.every")}}
	for _, b := range list {
		options = append(options, web.Option{Value: b.ID, Text: b.Name})
	}
	return append(options, more...)
}

func deskChoices(v web.View, list []handling.BodyName) []web.Option {
	return bodyOptions(v, list, web.Option{Value: handling.DeskDirect, Text: v.T("handling.channel.direct")})
}

func yearOptions(v web.View, years []int, every bool) []web.Option {
	var options []web.Option
	if every {
		options = append(options, web.Option{Text: v.T("handling.promises.every")})
	}
	for _, y := range years {
		options = append(options, web.Option{Value: strconv.Itoa(y), Text: v.T("handling.promises.year", "year", strconv.Itoa(y))})
	}
	return options
}

func yearValue(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// watches reports whether somebody sees the promises of several units.
func watches(v web.View) bool {
	return v.Who.Is(access.Office, access.Chief, access.Leader, access.Reviewer, access.Dispatcher)
}

// confirmedWord is what the proposers say of a promise.
func confirmedWord(v web.View, p handling.Promise) string {
	switch {
	case p.Confirmed != "":
		return v.T("handling.promise.confirmed."+p.Confirmed, "name", p.ConfirmedName)
	case p.Awaited():
		return v.T("handling.promise.awaiting")
	default:
		return ""
	}
}

// stepWord is one line of the story of a promise.
func stepWord(v web.View, s handling.PromiseStep) string {
	return v.T("handling.promise.step."+s.What, "on", v.Day(s.KeptOn))
}

// promiseEvents are what was done with the promises of a case. That a reply made
// them anew is told by the line of that reply.
func promiseEvents(v web.View, x handling.View) []event {
	texts := map[string]string{}
	for _, p := range x.Promises {
		texts[p.ID] = p.Text
	}
	var list []event
	for _, s := range x.PromiseSteps {
		if s.What == handling.StepReplaced {
			continue
		}
		list = append(list, event{s.At.Time, s.PersonName, v.T("handling.event.promise", "what", stepWord(v, s), "text", texts[s.PromiseID])})
	}
	return list
}

// inForce parts the promises of a case from those that a later reply made anew.
func inForce(list []handling.Promise) (now, before []handling.Promise) {
	for _, p := range list {
		if p.State == handling.PromiseReplaced {
			before = append(before, p)
		} else {
			now = append(now, p)
		}
	}
	return now, before
}

// standing are the promises that a second reply finds, to be kept or changed in
// it: what was promised is not forgotten by answering anew.
func (s draftSheet) standing() []handling.PromiseText {
	var list []handling.PromiseText
	for _, p := range s.renewable() {
		list = append(list, handling.PromiseText{No: p.No, Text: p.Text, Owner: p.Owner, DueOn: p.DueOn, Renews: p.ID})
	}
	return list
}

// renewable are the promises that a line of a reply may make anew.
func (s draftSheet) renewable() []handling.Promise {
	var list []handling.Promise
	for _, p := range s.Promises {
		if p.AssignmentID == s.A.ID && p.State == handling.PromiseOpen {
			list = append(list, p)
		}
	}
	return list
}

func renewOptions(v web.View, s draftSheet) []web.Option {
	list := []web.Option{{Text: v.T("handling.promise.renews.none")}}
	for _, p := range s.renewable() {
		list = append(list, web.Option{Value: p.ID, Text: v.T("handling.promise.renews.one", "text", p.Text, "on", v.Day(p.DueOn))})
	}
	return list
}
