package organizationweb

import (
	"net/url"
	"slices"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/web"
)

// changes registers what happens to bodies in the course of time: other names,
// mergers, splits, ends.
func changes(k *web.Kit, j *api.Kit) {
	k.Page("GET /setup/bodies/{id}", forReaders(bodyPage), organization.TheBody.Name(), organization.TheStory.Name())
	k.Page("GET /setup/bodies/merge", forAdmin(mergePage), organization.BodiesChanging.Name())
	k.Page("GET /setup/bodies/{id}/split", forAdmin(splitPage))
	k.Page("GET /setup/bodies/{id}/end", forAdmin(endPage))
	web.Form(k, "POST /setup/bodies/{id}/rename", organization.RenameBody, toBody, web.Again[organization.RenameBodyIn](forAdmin(bodyPage)))
	web.Form(k, "POST /setup/bodies/merge", organization.MergeBodies, func(_ *web.Request, out organization.MergedOut) string { return "/setup/bodies/" + out.ID },
		web.Again[organization.MergeBodiesIn](forAdmin(mergePage)))
	web.Form(k, "POST /setup/bodies/{id}/split", organization.SplitBody, func(_ *web.Request, out organization.SplitOut) string { return "/setup/bodies/" + out.ID },
		web.Again[organization.SplitBodyIn](forAdmin(splitPage)))
	web.Form(k, "POST /setup/bodies/{id}/end", organization.EndBody, toBody, web.Again[organization.EndBodyIn](forAdmin(endPage)))
	api.Get(j, "/api/v1/bodies/{id}/story", organization.TheStory)
	api.Get(j, "/api/v1/bodies/changing", organization.BodiesChanging)
	api.Post(j, "/api/v1/bodies/{id}/rename", organization.RenameBody)
	api.Post(j, "/api/v1/bodies/merge", organization.MergeBodies)
	api.Post(j, "/api/v1/bodies/{id}/split", organization.SplitBody)
	api.Post(j, "/api/v1/bodies/{id}/end", organization.EndBody)
}

func toBody(_ *web.Request, out organization.SetOut) string { return "/setup/bodies/" + out.ID }

// bodyPage is the page of one body: what it is, what it was called, from what
// it came, and what the system administrator may do with it.
func bodyPage(r *web.Request) (web.Page, error) {
	s, err := web.Ask(r, organization.TheStory, organization.BodyID{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: s.Name, Body: bodyForm(r.View, s)}, nil
}

// change is what the page of a merger, split or end shows.
type change struct {
	organization.Changing
	others []organization.Body // bodies of the kind that exist
}

// changing reads the bodies of a change and the others of their kind.
func changing(r *web.Request, ids ...string) (change, error) {
	var x change
	var err error
	if x.Changing, err = web.Ask(r, organization.BodiesChanging, organization.ChangingIn{IDs: ids}); err != nil {
		return x, err
	}
	kind := kindOf(r)
	if len(x.Bodies) > 0 {
		kind = string(x.Bodies[0].Kind)
	}
	list, err := web.Ask(r, organization.BodyList, organization.BodiesIn{Kind: kind})
	for _, b := range list {
		x.others = append(x.others, b.Body)
	}
	return x, err
}

// mergePage is /setup/bodies/merge: first the bodies are chosen, then it is
// said what becomes of them.
func mergePage(r *web.Request) (web.Page, error) {
	ids := r.View.Query["ids"]
	if r.View.Typed != nil {
		ids = r.View.Typed["ids"]
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	x, err := changing(r, ids...)
	if err != nil {
		return web.Page{}, err
	}
	chosen := len(ids) > 0 && r.View.Query.Get("choose") == ""
	return web.Page{Title: r.View.T("organization.merge.title"), Body: mergeForm(r.View, x, ids, chosen)}, nil
}

// chooseAgain is the way back to choosing the bodies of a merger.
func chooseAgain(x change, ids []string) string {
	q := url.Values{"choose": {"1"}, "ids": ids, "kind": {string(x.Bodies[0].Kind)}}
	return "/setup/bodies/merge?" + q.Encode()
}

func splitPage(r *web.Request) (web.Page, error) {
	x, err := oneChanging(r)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("organization.split.title"), Body: splitForm(r.View, x.Bodies[0], x)}, nil
}

func endPage(r *web.Request) (web.Page, error) {
	x, err := oneChanging(r)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("organization.end.title"), Body: endForm(r.View, x.Bodies[0], x)}, nil
}

// oneChanging is the change of the body in the path; one that ended or never
// ends is told so.
func oneChanging(r *web.Request) (change, error) {
	x, err := changing(r, r.PathValue("id"))
	switch {
	case err != nil:
		return x, err
	case x.Bodies[0].ValidTo != "":
		return x, fault.New(fault.Closed, "organization.body.closed")
	case x.Bodies[0].Kind == organization.CommitteeBody:
		return x, fault.New(fault.Closed, "organization.change.committee")
	}
	return x, nil
}

// mayChange: the system administrator, a body that exists.
func mayChange(v web.View, b organization.Body) bool {
	return v.Who.Is(access.SystemAdmin) && b.ValidTo == ""
}

// choices are the bodies to choose from but some, after a first line.
func (x change) choices(v web.View, first string, without ...string) []web.Option {
	list := []web.Option{{Text: first}}
	for _, b := range x.others {
		if !slices.Contains(without, b.ID) {
			list = append(list, web.Option{Value: b.ID, Text: b.Name})
		}
	}
	return list
}

// goals are where somebody may go: with the others, or nowhere; for a split
// also a single part by its place.
func goals(v web.View, parts int) []web.Option {
	list := []web.Option{{Text: v.T("organization.change.goes-along")}}
	for i := range parts {
		list = append(list, web.Option{Value: strconv.Itoa(i), Text: v.T("organization.split.to-part", "n", i+1)})
	}
	return append(list, web.Option{Value: organization.ToNobody, Text: v.T("organization.change.ends")})
}

// partRows is how many parts the form of a split offers.
const partRows = 4

func partPlaces(v web.View) []web.Option {
	var list []web.Option
	for i := range partRows {
		list = append(list, web.Option{Value: strconv.Itoa(i), Text: v.T("organization.split.part", "n", i+1)})
	}
	return list
}

// held says what somebody holds in a body.
func held(v web.View, x organization.Serving) string {
	switch {
	case x.Membership:
		return v.T("organization.change.membership")
	case x.Title != "":
		return x.Title
	}
	return v.T("post." + string(x.Kind))
}
