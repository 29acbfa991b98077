package notify

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// ReadAllIn says how far; what came in the meantime stays unread.
type ReadAllIn struct {
	UpTo string `json:"up_to"` // id of the newest message that was shown; all without it
}

// ReadAllOut is how many were marked.
type ReadAllOut struct {
	Marked int64 `json:"marked"`
}

// reader is whose inbox an act is about.
type reader struct{ personID string }

// Object names the inbox.
func (r reader) Object() (string, string) { return "inbox", r.personID }

// ReadAll marks all one's own messages as read, like Read for each.
var ReadAll = app.Define("notify.read-all",
	func(c *app.Call, _ ReadAllIn) (reader, error) { return reader{c.Who().PersonID}, nil },
	access.Anyone[reader], readAll).Quietly()

func readAll(c *app.Call, _ reader, in ReadAllIn) (ReadAllOut, error) {
	who := c.Who()
	q, args := "UPDATE message SET read_at = ? WHERE committee_id = ? AND person_id = ? AND read_at IS NULL", []any{c.Now(), who.CommitteeID, who.PersonID}
	if in.UpTo != "" {
		q, args = q+" AND id <= ?", append(args, in.UpTo)
	}
	n, err := c.Tx().Exec(c.Ctx(), q, args...)
	if err != nil {
		return ReadAllOut{}, fmt.Errorf("mark the messages of %s: %w", who.PersonID, err)
	}
	return ReadAllOut{Marked: n}, nil
}
