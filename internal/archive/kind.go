package archive

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Kinds are the kinds of cases that are archived, by name. Package site hands
// them over as a part.
type Kinds map[string]Kind

// Kind gives the papers of a case. Inside an act it makes other acts on the case
// wait. A case that the one who acts may not see is fault.NotFound.
type Kind interface {
	Papers(l *app.Look, id string) (*Dossier, error)
	// Open says what of a case is not finished, as Papers does, at less cost: lists
	// ask it of every line.
	Open(l *app.Look, id string) ([]Open, error)
}

// Dossier is a case with all its papers, as the records stand.
type Dossier struct {
	Header
	Papers  []Paper
	Expect  []Expected
	Open    []Open
	Objects []string // ids of the things whose acts belong to the case
	Files   []Attached
}

// Header says which case it is.
type Header struct {
	Kind        string     `json:"kind"`
	ID          string     `json:"id"`
	Number      string     `json:"number"`    // 第 014 号
	Reference   string     `json:"reference"` // 政协十四届三次会议第 014 号提案
	Title       string     `json:"title"`
	SessionID   string     `json:"session_id"`
	Session     string     `json:"session"`
	Category    string     `json:"category"`
	Proposers   []string   `json:"proposers"`
	Units       []string   `json:"units"` // that answered
	FiledAt     store.Time `json:"filed_at"`
	ClosedAt    store.Time `json:"closed_at"`
	Closed      bool       `json:"closed"`
	Key         bool       `json:"key"` // a key proposal, kept longer
	Outcome     string     `json:"outcome"`
	CommitteeID string     `json:"-"`
}

// Paper is one document of a case.
type Paper struct {
	Code   string     `json:"code"`   // what it is: text, review, reply …, see papers.go
	Title  string     `json:"title"`  // in Chinese, as it stands in the list of contents
	Number string     `json:"number"` // 发文字号, "" without one
	By     string     `json:"by"`     // who answers for it
	At     store.Time `json:"at"`     // its date, from the record
	Blocks []Block    `json:"blocks"`
	N      int        `json:"n"`     // how many records it shows
	Owner  [2]string  `json:"owner"` // kind and id of the thing whose attachments belong to it
}

// BlockKind says how a piece of a paper is set.
type BlockKind string

// The kinds of blocks.
const (
	Heading BlockKind = "heading"
	Text    BlockKind = "text"  // line ends begin new paragraphs
	Facts   BlockKind = "facts" // rows of label and value
	Table   BlockKind = "table" // the first row are the heads
)

// Block is one piece of a paper.
type Block struct {
	Kind BlockKind  `json:"kind"`
	Text string     `json:"text,omitempty"`
	Rows [][]string `json:"rows,omitempty"`
}

// Expected compares what happened with what the papers show. Want is counted
// from what was recorded when it happened, not from the papers' own tables.
type Expected struct {
	Code string // of the papers
	Want int
	Have int
}

// Open is something of the case that is not finished. What is Tracking may stay
// open when the file is forced with a reason; anything else may not.
type Open struct {
	Key      string   `json:"key"`
	Args     []string `json:"args,omitempty"`
	Tracking bool     `json:"tracking"`
}

// Attached is an attachment of one of the papers.
type Attached struct {
	Paper int // its place among the papers
	document.File
}

// papersOf reads a case of a kind with its attachments.
func papersOf(l *app.Look, kind, id string) (*Dossier, error) {
	k, ok := app.Part[Kinds](l)[kind]
	if !ok {
		return nil, missing()
	}
	d, err := k.Papers(l, id)
	if err != nil {
		return nil, fmt.Errorf("read the papers of %s %s: %w", kind, id, err)
	}
	if err := d.more(l); err != nil {
		return nil, fmt.Errorf("read further papers of %s %s: %w", kind, id, err)
	}
	return d, d.attach(l)
}

// attach lists the attachments of the papers, in their order.
func (d *Dossier) attach(l *app.Look) error {
	owners, ok := app.PartOf[document.Owners](l.App())
	if !ok {
		return nil
	}
	for i, p := range d.Papers {
		if p.Owner[0] == "" || owners[p.Owner[0]] == nil {
			continue
		}
		list, err := document.Listing.In(l, document.ListIn{Kind: p.Owner[0], ID: p.Owner[1]})
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		for _, f := range list.Files {
			d.Files = append(d.Files, Attached{i, f})
		}
	}
	return nil
}

// missing is the answer to those who may not know of a thing.
func missing() error { return fault.New(fault.NotFound, "fault.not-found") }
