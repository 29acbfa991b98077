package proposalweb

import (
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// writingRoutes registers what proposers do: writing, handing in, signing.
func writingRoutes(k *web.Kit, j *api.Kit) {
	k.Page("GET /proposals/new", newPage, "proposal.draft-of")
	k.Page("GET /proposals/{id}/edit", editPage)
	k.Page("GET /proposals/{id}/preview", previewPage)
	k.Page("GET /proposals/{id}/submitted", receiptPage, "proposal.receipt")
	k.Page("GET /proposals/{id}/signers", signersPage, "proposal.candidates")
	k.Page("GET /proposals/{id}/cosign", cosignPage, "proposal.invitation")
	k.Page("GET /proposals/invitations", invitationsPage, "proposal.invitations")
	k.Page("GET /proposals/{id}/amendment", amendmentPage, "proposal.amendment")
	k.Page("GET /proposals/enter", enterPage)
	k.Menu(
		web.MenuItem{Key: "proposal.menu.cosign", Path: "/proposals/invitations", Icon: "people", Order: 32, For: []access.PostKind{access.Member, access.Convener}},
		web.MenuItem{Key: "proposal.menu.enter", Path: "/proposals/enter", Icon: "pen", Order: 70, For: []access.PostKind{access.Office}},
	)
	writingForms(k)
	writingAPI(j)
}

func writingForms(k *web.Kit) {
	web.Form(k, "POST /proposals/{id}/draft", proposal.SaveDraft, afterSaving, web.Again[proposal.DraftIn](editPage))
	web.Form(k, "POST /proposals/{id}/submit", proposal.Submit, afterSubmitting, web.Again[proposal.SubmitIn](editPage))
	web.Form(k, "POST /proposals/enter", proposal.Enter, afterSubmitting, web.Again[proposal.EnterIn](enterPage))
	web.Form(k, "POST /proposals/{id}/discard", proposal.Discard, func(*web.Request, proposal.Done) string { return "/proposals" })
	web.Form(k, "POST /proposals/{id}/withdraw", proposal.Withdraw, toCase, web.Again[proposal.WithdrawIn](showPage))
	web.Form(k, "POST /proposals/{id}/invite", proposal.Invite, func(_ *web.Request, out proposal.InviteOut) string {
		return "/proposals/" + out.ID + "/signers"
	}, web.Again[proposal.InviteIn](signersPage))
	web.Form(k, "POST /proposals/{id}/remove-signer", proposal.RemoveSigner, func(_ *web.Request, out proposal.Done) string {
		return "/proposals/" + out.ID + "/signers"
	}, web.Again[proposal.RemoveSignerIn](signersPage))
	toInvitations := func(*web.Request, proposal.Done) string { return "/proposals/invitations" }
	web.Form(k, "POST /proposals/{id}/cosign", proposal.Cosign, toInvitations, web.Again[proposal.CosignIn](cosignPage))
	web.Form(k, "POST /proposals/{id}/refuse-cosign", proposal.RefuseCosign, toInvitations, web.Again[proposal.RefuseIn](cosignPage))
	web.Form(k, "POST /proposals/{id}/confirm-amendment", proposal.ConfirmAmendment, toCase, web.Again[proposal.AmendmentIn](amendmentPage))
	web.Form(k, "POST /proposals/{id}/refuse-amendment", proposal.RefuseAmendment, toCase, web.Again[proposal.AmendmentIn](amendmentPage))
}

func writingAPI(j *api.Kit) {
	api.Get(j, "/api/v1/proposals/draft", proposal.DraftOf)
	api.Post(j, "/api/v1/proposals/draft", proposal.SaveDraft)
	api.Post(j, "/api/v1/proposals/submit", proposal.Submit)
	api.Post(j, "/api/v1/proposals/enter", proposal.Enter)
	api.Get(j, "/api/v1/proposals/invitations", proposal.Invitations)
	api.Get(j, "/api/v1/proposals/candidates", proposal.Candidates)
	api.Get(j, "/api/v1/proposals/{id}/receipt", proposal.Receipt)
	api.Get(j, "/api/v1/proposals/{id}/invitation", proposal.Invitation)
	api.Get(j, "/api/v1/proposals/{id}/amendment", proposal.PendingAmendment)
	api.Post(j, "/api/v1/proposals/{id}/withdraw", proposal.Withdraw)
	api.Post(j, "/api/v1/proposals/{id}/discard", proposal.Discard)
	api.Post(j, "/api/v1/proposals/{id}/invite", proposal.Invite)
	api.Post(j, "/api/v1/proposals/{id}/remove-signer", proposal.RemoveSigner)
	api.Post(j, "/api/v1/proposals/{id}/cosign", proposal.Cosign)
	api.Post(j, "/api/v1/proposals/{id}/refuse-cosign", proposal.RefuseCosign)
	api.Post(j, "/api/v1/proposals/{id}/confirm-amendment", proposal.ConfirmAmendment)
	api.Post(j, "/api/v1/proposals/{id}/refuse-amendment", proposal.RefuseAmendment)
	api.Post(j, "/api/v1/proposals/{id}/lapse", proposal.Lapse) // the clockwork's; everybody else is refused
}

func toCase(_ *web.Request, out proposal.Done) string { return "/proposals/" + out.ID }

// afterSaving goes where the pressed button says.
func afterSaving(r *web.Request, out proposal.DraftOut) string {
	path := "/proposals/" + out.ID
	switch r.PostForm.Get("_next") {
	case "signers":
		path += "/signers"
	case "preview":
		path += "/preview"
	default:
		path += "/edit"
	}
	if r.PostForm.Get("_from") == "new" {
		path += "?new=1"
	}
	return path
}

func afterSubmitting(r *web.Request, out proposal.SubmitOut) string {
	path := "/proposals/" + out.ID
	if r.URL.Path == "/proposals/enter" {
		return path
	}
	path += "/submitted"
	if r.PostForm.Get("_from") == "new" {
		path += "?new=1"
	}
	return path
}

// sheetOf is what the writing page shows.
type sheetOf struct {
	proposal.DraftOfOut
	New   bool // nothing is stored yet
	For   string
	Files *document.List
}

func newPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, proposal.DraftOf, proposal.DraftOfIn{})
	if err != nil {
		return web.Page{}, err
	}
	if !proposal.Writes(r.Who) {
		return web.Page{}, fault.New(fault.Forbidden, "proposal.members-only")
	}
	return web.Page{Title: r.View.T("proposal.edit.new"), Body: editBodyOf(r.View, sheetOf{DraftOfOut: out, New: true}), Keeps: true}, nil
}

// editPage is /proposals/{id}/edit, and the page shown again when saving or
// handing in was refused; then nothing may be stored yet.
func editPage(r *web.Request) (web.Page, error) {
	key := r.PathValue("id")
	out, err := web.Ask(r, proposal.DraftOf, proposal.DraftOfIn{ID: key})
	s := sheetOf{DraftOfOut: out}
	if fault.Is(err, fault.NotFound) && r.View.Fault != nil {
		s.DraftOfOut, err = web.Ask(r, proposal.DraftOf, proposal.DraftOfIn{})
		s.ID, s.New, s.Unfinished = key, true, nil
	}
	if err != nil {
		return web.Page{}, err
	}
	if s.State != proposal.Draft && s.State != proposal.Returned {
		if r.View.Fault != nil {
			return web.Page{}, r.View.Fault
		}
		return web.See("/proposals/" + key), nil
	}
	if !s.New {
		if s.Files, err = filesOf(r, key); err != nil {
			return web.Page{}, err
		}
	}
	return web.Page{Title: r.View.T("proposal.edit.title"), Body: editBodyOf(r.View, s), Keeps: true}, nil
}

// filesOf are the attachments, nil where the installation keeps none.
func filesOf(r *web.Request, id string) (*document.List, error) {
	list, err := web.Ask(r, document.Listing, document.ListIn{Kind: "proposal", ID: id})
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &list, err
}

func previewPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, proposal.DraftOf, proposal.DraftOfIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.edit.preview"), Body: previewBody(r.View, out), Keeps: true}, nil
}

func receiptPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, proposal.Receipt, proposal.ReceiptIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.edit.submitted"), Body: receiptBody(r.View, out), Keeps: true}, nil
}

// stale reports that what is typed stands against something newer; it is then
// kept in the browser and never saved without being asked for.
func stale(v web.View) bool { return v.Fault != nil && v.Fault.Kind == fault.Stale }

// rowsOf are the suggestions as typed or stored, with an empty row to go on.
func rowsOf(v web.View, s sheetOf) []string {
	items := s.Writing.Items
	if v.Typed != nil {
		items = nil
		for _, x := range v.Typed["items"] {
			if strings.TrimSpace(x) != "" {
				items = append(items, x)
			}
		}
	}
	rows := append(append([]string{}, items...), "")
	for len(rows) < max(2, s.Rules.ItemsMin) {
		rows = append(rows, "")
	}
	return rows
}

// chosenUnits are the suggested units, first those that are chosen.
func chosenUnits(v web.View, s sheetOf) (chosen, others []proposal.Named) {
	picked := s.Writing.Units
	if v.Typed != nil {
		picked = v.Typed["units"]
	}
	is := map[string]bool{}
	for _, x := range picked {
		is[x] = true
	}
	for _, u := range s.Units {
		if is[u.ID] {
			chosen = append(chosen, u)
		} else {
			others = append(others, u)
		}
	}
	return chosen, others
}

// unitNames are the chosen units in one line, for the closed list.
func unitNames(v web.View, s sheetOf) string {
	chosen, _ := chosenUnits(v, s)
	names := make([]string, len(chosen))
	for i, u := range chosen {
		names[i] = u.Name
	}
	return strings.Join(names, "、")
}

// three reports whether the text is shown in three parts: by the rules, or
// because it was written so.
func three(s sheetOf) bool {
	return s.Rules.BodyMode == profile.ThreeParts || s.Writing.Analysis != "" || s.Writing.Measures != ""
}

func categoryOptions(s sheetOf) []web.Option {
	list := make([]web.Option, 0, len(s.Rules.Categories))
	for _, c := range s.Rules.Categories {
		list = append(list, web.Option{Value: c.Code, Text: c.Name})
	}
	return list
}

func categoryName(s proposal.DraftOfOut) string {
	return profile.NameOf(s.Rules.Categories, s.Writing.Category)
}

// draftKey names the copy that the browser keeps.
func draftKey(s sheetOf) string {
	switch {
	case s.For != "":
		return "enter:" + s.For
	case s.New:
		return "new"
	default:
		return s.ID
	}
}

// autosaveTo is where the page saves by itself; "" keeps a copy in the browser
// only.
func autosaveTo(v web.View, s sheetOf) string {
	if stale(v) || s.For != "" {
		return ""
	}
	return "/proposals/" + s.ID + "/draft"
}

func itemID(i int) string { return "item-" + strconv.Itoa(i+1) }

// todo is one line of the completeness list.
type todo struct {
	field, key string
	min        int
}

func todos(s sheetOf) []todo {
	list := []todo{{"title", "proposal.edit.todo.title", 1}, {"category", "proposal.edit.todo.category", 1}}
	if three(s) {
		list = append(list, todo{"background", "proposal.edit.todo.background", 1}, todo{"analysis", "proposal.edit.todo.analysis", 1}, todo{"measures", "proposal.edit.todo.measures", 1})
	} else {
		list = append(list, todo{"background", "proposal.edit.todo.body", max(1, s.Rules.BodyMin)})
	}
	if s.Rules.BasisRequired {
		list = append(list, todo{"basis", "proposal.edit.todo.basis", 1})
	}
	if s.Rules.ItemsMin > 0 {
		list = append(list, todo{"items", "proposal.edit.todo.items", 1})
	}
	return append(list, todo{"publish", "proposal.edit.todo.publish", 1})
}

// has reports whether what is stored or typed fulfils a line of the list.
func (t todo) has(v web.View, s sheetOf) bool {
	n := 0
	switch t.field {
	case "items":
		for _, x := range rowsOf(v, s) {
			n += len([]rune(strings.TrimSpace(x)))
		}
	default:
		stored := map[string]string{"title": s.Writing.Title, "category": s.Writing.Category, "background": s.Writing.Background, "analysis": s.Writing.Analysis,
			"measures": s.Writing.Measures, "basis": s.Writing.Basis, "publish": s.Writing.Publish}[t.field]
		n = len([]rune(strings.TrimSpace(v.Value(t.field, stored))))
	}
	return n >= t.min || t.min > 1 && t.field != "background" && n > 0
}

// secretIn tells whether the text bears the mark of a state secret.
func secretIn(s proposal.DraftOfOut) bool { return len(s.Secrets) > 0 }
