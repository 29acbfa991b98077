package proposal

import (
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// FileManyIn files several proposals in the order in which they are named.
type FileManyIn struct {
	IDs []string `json:"ids"`
}

// FileManyOut tells which number each got.
type FileManyOut struct {
	Filed []Moved `json:"filed"`
}

// Batch are the proposals that somebody chose together, in his order.
type Batch struct {
	committee string
	proposals []*Proposal
}

// Object names the batch in the audit record; each proposal has a row of its own.
func (b Batch) Object() (string, string) { return "committee", b.committee }

// mostAtOnce bounds a batch.
const mostAtOnce = 500

// FileMany files several proposals, numbered in the chosen order: all of them,
// or none with what stands in the way of each (批量立案).
var FileMany = app.Define("proposal.file-many", func(c *app.Call, in FileManyIn) (Batch, error) { return claimAll(c, in.IDs) },
	func(who access.Actor, b Batch) access.Verdict {
		for _, p := range b.proposals {
			if !maySee(who, p) {
				return access.Hide()
			}
		}
		return access.When(who.Is(access.Chief), "proposal.review.chief-only")
	}, fileMany)

// claimAll reads a batch. The rows are claimed in one order whatever order was
// chosen, so that two batches never wait for each other.
func claimAll(c *app.Call, ids []string) (Batch, error) {
	b := Batch{committee: c.Who().CommitteeID}
	if len(ids) > mostAtOnce {
		return b, fault.Field("ids", "proposal.file.too-many", "max", mostAtOnce)
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(sorted) < len(ids) {
		return b, fault.Field("ids", "proposal.file.twice")
	}
	found := map[string]*Proposal{}
	for _, id := range sorted {
		p, err := claim(c, id)
		if err != nil {
			return b, err
		}
		found[id] = p
	}
	for _, id := range ids {
		b.proposals = append(b.proposals, found[id])
	}
	return b, nil
}

func fileMany(c *app.Call, b Batch, in FileManyIn) (FileManyOut, error) {
	out := FileManyOut{Filed: []Moved{}}
	if len(b.proposals) == 0 {
		return out, fault.Field("ids", "proposal.file.none")
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return out, err
	}
	var problems fault.Problems
	for _, p := range b.proposals {
		if why := obstacle(p, &rules.Proposal); why != "" {
			problems.Add("row-"+p.ID, why+".of", "title", p.Title)
		}
	}
	if err := problems.Err(); err != nil {
		return out, err
	}
	for _, p := range b.proposals {
		m, err := File.Within(c, FileIn{ID: p.ID})
		if err != nil {
			return out, err
		}
		out.Filed = append(out.Filed, m)
	}
	c.Detail(map[string]any{"n": len(out.Filed), "first": out.Filed[0].Number, "last": out.Filed[len(out.Filed)-1].Number})
	return out, nil
}
