package peer

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Collection is the name of the collection of proposals.
const Collection = "proposals"

// build makes the collection and its user, whose id it gives.
func build(app core.App, s Settings) (user string, err error) {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return "", fmt.Errorf("find the collection of users: %w", err)
	}
	if err := app.Save(proposals(users.Id, s.Bare)); err != nil {
		return "", fmt.Errorf("make the collection: %w", err)
	}
	writer := core.NewRecord(users)
	writer.SetEmail(Login)
	writer.SetPassword(Password)
	writer.SetVerified(true)
	if err := app.Save(writer); err != nil {
		return "", fmt.Errorf("make the user: %w", err)
	}
	return writer.Id, nil
}

// proposals is what a list of the product shows and what a proposal says. Whoever is signed
// in reads all; everybody writes in his own name.
func proposals(users string, bare bool) *core.Collection {
	c := core.NewBaseCollection(Collection)
	signedIn := types.Pointer(`@request.auth.id != ""`)
	c.ListRule, c.ViewRule = signedIn, signedIn
	c.CreateRule = types.Pointer(`@request.auth.id != "" && author = @request.auth.id`)
	for _, name := range []string{"session", "state", "category", "kind", "timing", "lead_name", "holder", "holder_name", "lead_unit_name", "due_on"} {
		c.Fields.Add(&core.TextField{Name: name, Max: 200})
	}
	c.Fields.Add(
		&core.TextField{Name: "title", Required: true, Max: 200},
		&core.TextField{Name: "body", Required: true, Max: 10_000},
		&core.TextField{Name: "basis", Max: 5_000},
		&core.JSONField{Name: "items"},
		&core.NumberField{Name: "number", OnlyInt: true},
		&core.RelationField{Name: "author", CollectionId: users, MaxSelect: 1, Required: true},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	if bare {
		return c
	}
	// One for each shape of filter and order that is measured.
	c.AddIndex("proposals_cell", false, "session, category, state, created", "")
	c.AddIndex("proposals_due", false, "session, category, due_on", "")
	c.AddIndex("proposals_state_due", false, "session, state, due_on", "")
	c.AddIndex("proposals_number", false, "session, state, number", "")
	return c
}
