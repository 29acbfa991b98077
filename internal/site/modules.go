package site

import (
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/web"
)

// Modules lists what the house is made of. Adding a domain is one line here
// and one in routes.go.
func Modules() []app.Module {
	return []app.Module{
		app.Core(), web.Module(), Words(),
		identity.Module(), organization.Module(), profile.Module(), calendar.Module(),
	}
}
