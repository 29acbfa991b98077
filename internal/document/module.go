package document

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings attachments into the house.
func Module() app.Module {
	return app.Module{Name: "document", Schema: schema, Messages: messages,
		Actions:   []app.Definition{Attach, Remove},
		Queries:   []app.Question{Listing, Show},
		Relations: relations(), Personal: personal()}
}

func personal() []app.Personal {
	return []app.Personal{
		{Table: "attachment", Column: "name", Purpose: "names the file as the person named it", Retention: "as the case"},
		{Table: "attachment", Column: "person_name", Purpose: "tells who added the file", Retention: "as the case"},
	}
}
