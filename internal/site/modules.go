package site

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/appraisal"
	"tongxin/internal/archive"
	"tongxin/internal/calendar"
	"tongxin/internal/commendation"
	"tongxin/internal/document"
	"tongxin/internal/handling"
	"tongxin/internal/help"
	"tongxin/internal/identity"
	"tongxin/internal/jobs"
	"tongxin/internal/notify"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/supervision"
	"tongxin/internal/web"
	"tongxin/internal/workbench"
)

// Modules lists what the house is made of. Adding a domain is one line here
// and one in routes.go.
func Modules() []app.Module {
	return []app.Module{
		app.Core(), web.Module(), Words(),
		identity.Module(), organization.Module(), profile.Module(), calendar.Module(), document.Module(),
		notify.Module(slices.Concat(proposal.Notices(), handling.Notices(), jobs.Notices(), supervision.Notices(), appraisal.Notices(), commendation.Notices())...),
		jobs.Module(),
		handling.Module("proposal.filed", "proposal.corrected"),
		proposal.Module(),
		supervision.Module(),
		appraisal.Module(), commendation.Module(),
		archive.Module(),
		workbench.Module(), help.Module(),
	}
}

// lent are the values that one domain lends another.
func lent() []any {
	return []any{
		handling.Kinds{"proposal": proposal.Cases{}},
		owners(),
		supervision.Chased{},
		append(handling.Burdens(), proposal.KeyBurden{}, supervision.Burden{}),
		jobs.Register(slices.Concat(handling.Bulk(), archive.Bulk())...),
		archive.Kinds{"proposal": archive.Proposals{}}, archive.More{archive.Supervised},
		scores{},
	}
}

// owners are the things that have attachments.
func owners() document.Owners {
	all := handling.Owners()
	all["proposal"], all[proposal.KeyFilesKind] = proposal.Attachments{}, proposal.KeyFiles{}
	return all
}
