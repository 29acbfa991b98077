package app

import (
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/store"
)

// Waiting is one thing that waits for somebody, or that he follows.
type Waiting struct {
	Key   string     `json:"key"` // message key of the sentence: what is to be done, or who is holding it
	Args  []string   `json:"args,omitempty"`
	Title string     `json:"title"`
	Link  string     `json:"link"` // path of the page where it is done
	Since store.Time `json:"since"`
	DueOn string     `json:"due_on,omitempty"` // 2026-03-31, "" without a date
	State string     `json:"state,omitempty"`  // message key of the word of the tag, "" for none
	Tone  string     `json:"tone,omitempty"`   // of the tag: ok, warn, bad, info, mute
}

// Waits is one kind of thing that may wait for somebody: a queue of the
// workbench. Find answers for the acting post of the one who looks: the most
// urgent first, at most limit of them, and the exact total, both by an index.
type Waits struct {
	Name    string            // message key of the heading
	For     []access.PostKind // whose workbench it stands on
	All     string            // path of the full list, "" without one
	Follows bool              // nothing is asked of the person; he wants to know how it stands
	Find    func(l *Look, limit int) (list []Waiting, total int, err error)
}

// Figure is one number of the workbench with the list behind it.
type Figure struct {
	Key  string `json:"key"` // message key of the word
	N    int    `json:"n"`
	Link string `json:"link,omitempty"`
	Late bool   `json:"late,omitempty"` // shown as overdue when N is not 0
}

// Figures are numbers of one domain, for those who steer.
type Figures struct {
	For  []access.PostKind
	Find func(l *Look) ([]Figure, error)
}

// DueDay tells how many cases are due on a day.
type DueDay struct {
	On   string `json:"on"` // 2026-03-31
	N    int    `json:"n"`
	Link string `json:"link,omitempty"`
}

// Dues are due dates of one domain between two days, both included.
type Dues struct {
	For  []access.PostKind
	Find func(l *Look, from, to string) ([]DueDay, error)
}

// Begin is something that can be begun from the workbench, such as a proposal.
type Begin struct {
	Key  string // message key of the button
	Path string
	For  []access.PostKind
}

// Acting is the same look, by the same person acting in another of his posts;
// without such a post it is a look by nobody.
func (l *Look) Acting(postID string) *Look {
	other := *l
	i := slices.IndexFunc(l.who.Posts, func(p access.Post) bool { return p.ID == postID })
	if i < 0 {
		other.who = access.Nobody(l.who.Via)
		return &other
	}
	other.who.Post = l.who.Posts[i]
	return &other
}
