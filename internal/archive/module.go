package archive

import (
	"embed"
	"time"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings the archive into the house. more names facts of other domains
// about a case that make a supplement due, beside those of handling.
func Module(more ...string) app.Module {
	return app.Module{
		Name: "archive", Schema: schema, Messages: messages,
		Actions:    []app.Definition{Case, MakeSupplement, SetRetention, Reopen, Verify, Many, reserve, note, pend, forget},
		Queries:    []app.Question{Show, List, Numbers, Download},
		Relations:  relations(),
		Listeners:  []app.Listener{{Name: "archive.cases", Kinds: append(later(), more...), Hear: hear}},
		Tasks:      []app.Task{{Name: "archive.sweep", Every: 10 * time.Minute, Run: sweep}, {Name: "archive.recheck", Every: time.Hour, Run: recheck}},
		AppendOnly: []string{"archive_edition", "archive_check"},
		Personal: []app.Personal{
			{Table: "archive_edition", Column: "person_name", Purpose: "names who archived the case", Retention: "as the file"},
		},
	}
}
