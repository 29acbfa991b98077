package proposalweb

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// listPage is /proposals. A filter that cannot be read is told beside its
// field, above the list without filters.
func listPage(r *web.Request) (web.Page, error) {
	var in proposal.ListIn
	err := web.Bind(r.URL.Query(), nil, &in)
	var out proposal.Listed
	if err == nil {
		out, err = web.Ask(r, proposal.List, in)
	}
	status := 0
	if fault.Is(err, fault.Invalid) {
		r.View.Fault, r.View.Typed = fault.From(err), r.URL.Query()
		status = web.StatusOf(fault.Invalid)
		out, err = web.Ask(r, proposal.List, proposal.ListIn{})
	}
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.list.title"), Body: listBody(r.View, in, out), Status: status}, nil
}

// maySteer tells who works with whole sessions: their list has units to filter
// by and starts with the current session.
func maySteer(v web.View) bool {
	return v.Who.Is(access.Office, access.Chief, access.Reviewer, access.Leader)
}

func mayWrite(v web.View) bool { return v.Who.Is(access.Member, access.Convener) }

// chosen counts the filters in the fold that are set.
func chosen(in proposal.ListIn) int {
	n := 0
	for _, x := range []string{in.Category, in.State, in.Kind, in.Timing, in.Unit} {
		if x != "" {
			n++
		}
	}
	for _, x := range []bool{in.Late, in.Mine, in.Key} {
		if x {
			n++
		}
	}
	return n
}

func all(v web.View) web.Option { return web.Option{Text: v.T("web.all")} }

func stateOptions(v web.View) []web.Option {
	list := []web.Option{all(v), {Value: proposal.AllFiled, Text: v.T("proposal.list.state.all_filed")}, {Value: proposal.Open, Text: v.T("proposal.list.state.open")}}
	for _, s := range proposal.States() {
		if s == proposal.Draft && maySteer(v) && !v.Who.Is(access.Office, access.Chief) {
			continue
		}
		list = append(list, web.Option{Value: string(s), Text: v.T("proposal.state." + string(s))})
	}
	return list
}

func codedOptions(first web.Option, list []profile.Coded, kept string) []web.Option {
	options := []web.Option{first}
	for _, c := range list {
		if !c.Off || c.Code == kept {
			options = append(options, web.Option{Value: c.Code, Text: c.Name})
		}
	}
	return options
}

func sessionOptions(v web.View, list []organization.Session) []web.Option {
	var options []web.Option
	if !maySteer(v) {
		options = append(options, all(v))
	}
	for _, s := range list {
		options = append(options, web.Option{Value: s.ID, Text: s.Title})
	}
	return options
}

func kindOptions(v web.View) []web.Option {
	list := []web.Option{all(v)}
	for _, k := range []proposal.Kind{proposal.Individual, proposal.Joint, proposal.OfParty, proposal.OfOrganization, proposal.OfSector, proposal.OfGroup, proposal.OfCommittee} {
		list = append(list, web.Option{Value: string(k), Text: v.T("proposal.kind." + string(k))})
	}
	return list
}

func timingOptions(v web.View) []web.Option {
	return []web.Option{all(v), {Value: organization.InSession, Text: v.T("proposal.timing.session")}, {Value: organization.Intersession, Text: v.T("proposal.timing.intersession")}}
}

func unitOptions(v web.View, list []proposal.Unit) []web.Option {
	options := []web.Option{all(v)}
	for _, b := range list {
		options = append(options, web.Option{Value: b.ID, Text: b.Name})
	}
	return options
}

func sortOptions(v web.View) []web.Option {
	var list []web.Option
	for _, s := range []string{proposal.Newest, proposal.ByNumber, proposal.ByDue} {
		list = append(list, web.Option{Value: s, Text: v.T("proposal.list.sort." + s)})
	}
	return list
}

// tone is the colour of a state's tag.
func tone(s proposal.State) string {
	switch s {
	case proposal.Closed:
		return "ok"
	case proposal.Returned, proposal.Dispatched:
		return "warn"
	case proposal.Submitted, proposal.Filed, proposal.Underway, proposal.Replied:
		return "info"
	case proposal.NotFiled:
		return "bad"
	default:
		return "mute"
	}
}

// classHead is a class of replies in a word: A 类 of “A 类：已经解决或基本解决”.
func classHead(classes []profile.Coded, code string) string {
	name, _, _ := strings.Cut(profile.NameOf(classes, code), "：")
	return name
}

// number is a proposal's number as people write it, "" before filing.
func number(v web.View, n int64, width int) string {
	if n == 0 {
		return ""
	}
	return v.T("proposal.case.number", "digits", proposal.Digits(n, width))
}

// holder says who is holding a proposal: a desk by its word, a unit by name.
func holder(v web.View, key, name string) string {
	switch {
	case key == "":
		return ""
	case key == proposal.HeldByProposer:
		return v.T("proposal.case.holder.proposer", "name", name)
	case name == "":
		return v.T(key)
	default:
		return v.T("proposal.case.holder", "name", name, "what", v.T(key))
	}
}

func titleOf(v web.View, title string) string {
	if title == "" {
		return v.T("proposal.list.untitled")
	}
	return title
}

// sessionTitle is the title of the session that is shown, or of all.
func sessionTitle(v web.View, out proposal.Listed) string {
	i := slices.IndexFunc(out.Sessions, func(s organization.Session) bool { return s.ID == out.Session })
	if i < 0 {
		return v.T("proposal.list.every-session")
	}
	return out.Sessions[i].Title
}

func itoa(n int) string { return strconv.Itoa(n) }

// only is the address of the list with one filter and the session kept.
func only(v web.View, name, value string) string {
	q := url.Values{}
	if s := v.Query.Get("session"); s != "" {
		q.Set("session", s)
	}
	q.Set(name, value)
	return "/proposals?" + q.Encode()
}

func mayFile(v web.View) bool { return v.Who.Is(access.Office, access.Chief) }
