package proposalweb

import (
	"net/url"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/organization"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// filingPage is /proposals/filing: what has reached the last level, in an order
// that can be changed, each with the number it would get.
func filingPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, proposal.Filing, proposal.SessionIn{Session: r.Arg("session")})
	if err != nil {
		return web.Page{}, err
	}
	out.Waiting = inOrder(out.Waiting, r.View.Typed)
	return web.Page{Title: r.View.T("proposal.filing.title"), Body: filingBody(r.View, out)}, nil
}

// inOrder puts the proposals into the order in which they were sent, those
// that were not ticked last.
func inOrder(list []proposal.Waiting, typed url.Values) []proposal.Waiting {
	if typed == nil {
		return list
	}
	place := func(x proposal.Waiting) int {
		if i := slices.Index(typed["ids"], x.ID); i >= 0 {
			return i
		}
		return len(list)
	}
	slices.SortStableFunc(list, func(a, b proposal.Waiting) int { return place(a) - place(b) })
	return list
}

// previews are the numbers that the fileable ones would get in this order; 0
// for the others.
func previews(out proposal.FilingOut) []int64 {
	numbers, next := make([]int64, len(out.Waiting)), out.Next
	for i, x := range out.Waiting {
		if x.Why == "" {
			numbers[i] = next
			next++
		}
	}
	return numbers
}

// numbersPage is /proposals/numbers: the series of a session with its gaps, and
// what became of its submissions.
func numbersPage(r *web.Request) (web.Page, error) {
	in := proposal.SessionIn{Session: r.Arg("session")}
	n, err := web.Ask(r, proposal.Numbers, in)
	if err != nil {
		return web.Page{}, err
	}
	p, err := web.Ask(r, proposal.Partition, proposal.PartitionIn{Session: in.Session})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.numbers.title"), Body: numbersBody(r.View, n, p)}, nil
}

// row is one line of the partition.
type row struct {
	key string
	n   int64
}

func partition(p proposal.PartitionOut) []row {
	return []row{
		{"filed", p.Filed}, {"not_filed", p.NotFiled}, {"converted_opinion", p.ConvertedOpinion}, {"converted_letter", p.ConvertedLetter},
		{"transferred_up", p.TransferredUp}, {"withdrawn", p.Withdrawn}, {"pending", p.Pending},
	}
}

func mayFileNow(v web.View) bool { return v.Who.Is(access.Chief) }

// sessionsOnly are the sessions to choose from.
func sessionsOnly(list []organization.Session) []web.Option {
	var options []web.Option
	for _, s := range list {
		options = append(options, web.Option{Value: s.ID, Text: s.Title})
	}
	return options
}
