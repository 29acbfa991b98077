package proposalweb

import (
	"strings"

	"github.com/a-h/templ"

	"tongxin/internal/calendar"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// showPage is /proposals/{id}: the document on the left, what can be done on
// the right. It is also the page shown again when an act was refused.
func showPage(r *web.Request) (web.Page, error) {
	s, err := web.Ask(r, proposal.Show, proposal.ShowIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	h, err := handled(r, s)
	if err != nil {
		return web.Page{}, err
	}
	m, err := keyMarked(r, s)
	if err != nil {
		return web.Page{}, err
	}
	if m != nil {
		h.key = keyMarkCard(r.View, m)
	}
	return web.Page{Title: titleOf(r.View, s.Title), Body: showBody(r.View, s, h)}, nil
}

// around is what handling shows of the case: its records below the document,
// its acts in the column. key is what is said of it as a key proposal. acts
// tells whether handling has something to do for the one who looks.
type around struct {
	below, side, key templ.Component
	acts             bool
}

// toShow is where an act of review leads: back to the case.
func toShow(_ *web.Request, m proposal.Moved) string { return "/proposals/" + m.ID }

// act is the address of an act on a proposal.
func act(s *proposal.Shown, name string) string { return "/proposals/" + s.ID + "/" + name }

// of is the view for one panel: what was typed and what was wrong belong to the
// panel that was refused, not to the others with fields of the same name.
func of(v web.View, action string) web.View {
	if v.Failed != action {
		v.Fault, v.Typed = nil, nil
	}
	return v
}

// fieldID is the id of a field in a panel; ids are unique on the page, and
// those of the refused panel are the ones that its sentences point to.
func fieldID(v web.View, action, name string) string {
	if v.Failed == action {
		return name
	}
	return action[strings.LastIndexByte(action, '/')+1:] + "-" + name
}

// step is one step of the way of a proposal: done, now, or to come.
type step struct{ key, class string }

// stepsOf are the steps of a proposal's life, as far as it has come.
func stepsOf(state proposal.State) []step {
	keys := []string{"submit", "review", "dispatch", "handle", "reply", "rate"}
	at := len(keys)
	switch state {
	case proposal.Draft, proposal.Returned:
		at = 0
	case proposal.Submitted:
		at = 1
	case proposal.Filed:
		at = 2
	case proposal.Dispatched, proposal.Underway:
		at = 3
	case proposal.Replied:
		at = 5
	case proposal.Closed:
	default:
		return []step{{"proposal.case.step.submit", "done"}, {"proposal.case.step.review", "done"}, {"proposal.state." + string(state), "now"}}
	}
	var list []step
	for i, k := range keys {
		s := step{"proposal.case.step." + k, ""}
		if i < at {
			s.class = "done"
		}
		if i == at {
			s.class = "now"
		}
		list = append(list, s)
	}
	return list
}

// part is one part of the text under its heading, "" for a text in one part.
type part struct{ heading, text string }

func partsOf(v web.View, t proposal.Text) []part {
	if t.Analysis == "" && t.Measures == "" {
		return []part{{"", t.Background}}
	}
	return []part{{v.T("proposal.case.part.background"), t.Background}, {v.T("proposal.case.part.analysis"), t.Analysis}, {v.T("proposal.case.part.measures"), t.Measures}}
}

// near is how many working days before a deadline it is shown as near.
const near = 3

func dueClass(s *proposal.Shown) string {
	switch {
	case s.Late:
		return "due late"
	case s.Left <= near:
		return "due near"
	default:
		return "due"
	}
}

func say(v web.View, s calendar.Step) string { return s.Say(v) }

// eventText is the sentence of the timeline; facts without one are not shown.
func eventKey(e proposal.Event) string {
	return "proposal.timeline." + strings.TrimPrefix(e.Kind, "proposal.")
}

func reasons(v web.View, list []profile.Coded) []web.Option {
	return codedOptions(web.Option{Text: v.T("proposal.review.choose-one")}, list, "")
}

func keepCategory(v web.View, list []profile.Coded) []web.Option {
	return codedOptions(web.Option{Text: v.T("proposal.review.keep")}, list, "")
}

// signerTone is the colour of what became of an invitation.
func signerTone(state string) string {
	switch state {
	case proposal.Signed:
		return "ok"
	case proposal.Invited:
		return "warn"
	default:
		return "mute"
	}
}

func joinItems(t proposal.Text, extra int) []string {
	items := append([]string{}, t.Items...)
	for range extra {
		items = append(items, "")
	}
	return items
}

// crumb is what the page is called in the way back.
func crumb(v web.View, s *proposal.Shown) string {
	if s.Number > 0 {
		return v.T("proposal.case.number", "digits", s.Digits)
	}
	return titleOf(v, s.Title)
}

func unitLine(list []proposal.Unit) string {
	names := make([]string, len(list))
	for i, u := range list {
		names[i] = u.Name
	}
	return strings.Join(names, "、")
}
