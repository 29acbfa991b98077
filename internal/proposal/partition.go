package proposal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// PartitionIn asks for the dispositions of a session as they stood at an
// instant; now without one.
type PartitionIn struct {
	Session string     `json:"session,omitempty"`
	AsOf    store.Time `json:"as_of"`
}

// PartitionOut tells what became of the submissions of a session. Submitted is
// counted on its own; it is the sum of the others.
type PartitionOut struct {
	Session          organization.Session   `json:"session"`
	AsOf             store.Time             `json:"as_of"`
	Submitted        int64                  `json:"submitted"`
	Pending          int64                  `json:"pending"`
	Filed            int64                  `json:"filed"`
	NotFiled         int64                  `json:"not_filed"`
	ConvertedOpinion int64                  `json:"converted_opinion"`
	ConvertedLetter  int64                  `json:"converted_letter"`
	TransferredUp    int64                  `json:"transferred_up"`
	Withdrawn        int64                  `json:"withdrawn"`
	Sessions         []organization.Session `json:"-"`
}

// Partition counts the dispositions of a session: every submission has exactly
// one at any instant (domain.md 10).
var Partition = app.Ask("proposal.partition", deskScope, func(l *app.Look, scope access.Scope, in PartitionIn) (PartitionOut, error) {
	out := PartitionOut{AsOf: in.AsOf}
	if out.AsOf.IsZero() {
		out.AsOf = l.Now()
	}
	var err error
	if out.Session, out.Sessions, err = sessionOf(l, scope, in.Session); err != nil {
		return out, err
	}
	err = l.Tx().Row(l.Ctx(), "SELECT COUNT(DISTINCT proposal_id) FROM proposal_disposition WHERE committee_id = ? AND session_id = ? AND valid_from <= ?",
		l.Who().CommitteeID, out.Session.ID, out.AsOf).Scan(&out.Submitted)
	if err != nil {
		return out, fmt.Errorf("count the submissions of %s: %w", out.Session.ID, err)
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *disposed) error { return r.Scan(&x.as, &x.n) },
		`SELECT disposition, COUNT(*) FROM proposal_disposition WHERE committee_id = ? AND session_id = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)
			GROUP BY disposition`, l.Who().CommitteeID, out.Session.ID, out.AsOf, out.AsOf)
	if err != nil {
		return out, fmt.Errorf("count the dispositions of %s: %w", out.Session.ID, err)
	}
	parts := map[string]*int64{Pending: &out.Pending, string(Filed): &out.Filed, string(NotFiled): &out.NotFiled, string(ConvertedOpinion): &out.ConvertedOpinion,
		string(ConvertedLetter): &out.ConvertedLetter, string(TransferredUp): &out.TransferredUp, string(Withdrawn): &out.Withdrawn}
	for _, x := range list {
		n, ok := parts[x.as]
		if !ok {
			return out, fmt.Errorf("count the dispositions of %s: %q is none", out.Session.ID, x.as)
		}
		*n = x.n
	}
	return out, nil
})

type disposed struct {
	as string
	n  int64
}
