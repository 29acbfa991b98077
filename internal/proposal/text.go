package proposal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Kinds of texts.
const (
	DraftText      = "draft"      // revision 0, written over while it is a draft
	SubmittedText  = "submitted"  // as the proposer handed it in
	OfficeText     = "office"     // edited by the office, for the proposer to confirm
	CorrectionText = "correction" // a clerical error put right
)

// What a proposer says about publishing the text (公开意愿).
const (
	PublishAgreed  = "agreed"
	PublishRefused = "refused" // with a reason
)

// Text is one revision of a proposal's text. From submitting on a revision
// never changes.
type Text struct {
	Revision   int64      `json:"revision"`
	Kind       string     `json:"kind"`
	Title      string     `json:"title"`
	Background string     `json:"background"` // the whole text when the committee asks for one part
	Analysis   string     `json:"analysis"`
	Measures   string     `json:"measures"`
	Basis      string     `json:"basis"`            // research basis (调研依据)
	Items      []string   `json:"items"`            // numbered suggestions (建议), the first is number 1
	Reason     string     `json:"reason,omitempty"` // why the office changed it
	PersonID   string     `json:"-"`
	At         store.Time `json:"at"`
	Answer     string     `json:"answer,omitempty"` // of the proposer to an office revision: confirmed, refused
	AnswerNote string     `json:"answer_note,omitempty"`
	AnsweredAt store.Time `json:"answered_at"`
}

// Characters is the length of the body as people count it.
func (t Text) Characters() int {
	return utf8.RuneCountInString(t.Background) + utf8.RuneCountInString(t.Analysis) + utf8.RuneCountInString(t.Measures)
}

// same reports whether two texts say the same.
func (t Text) same(o Text) bool {
	return t.Title == o.Title && t.Background == o.Background && t.Analysis == o.Analysis && t.Measures == o.Measures && t.Basis == o.Basis &&
		slices.Equal(t.Items, o.Items)
}

const textColumns = "revision, kind, title, background, analysis, measures, basis, items, reason, person_id, at, answer, answer_note, answered_at"

func scanText(r store.Row, t *Text) error {
	var items string
	if err := r.Scan(&t.Revision, &t.Kind, &t.Title, &t.Background, &t.Analysis, &t.Measures, &t.Basis, &items, &t.Reason,
		&t.PersonID, &t.At, &t.Answer, &t.AnswerNote, &t.AnsweredAt); err != nil {
		return err
	}
	return json.Unmarshal([]byte(items), &t.Items)
}

// textOf reads one revision; fault.NotFound without it.
func textOf(l *app.Look, id string, revision int64) (Text, error) {
	var t Text
	err := scanText(l.Tx().Row(l.Ctx(), "SELECT "+textColumns+" FROM proposal_text WHERE proposal_id = ? AND revision = ?", id, revision), &t)
	if errors.Is(err, store.ErrNone) {
		return t, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return t, fmt.Errorf("read text %d of proposal %s: %w", revision, id, err)
	}
	return t, nil
}

// textsOf reads every revision, the draft first.
func textsOf(l *app.Look, id string) ([]Text, error) {
	list, err := store.List(l.Ctx(), l.Tx(), scanText, "SELECT "+textColumns+" FROM proposal_text WHERE proposal_id = ? ORDER BY revision", id)
	if err != nil {
		return nil, fmt.Errorf("read the texts of proposal %s: %w", id, err)
	}
	return list, nil
}

// newest is the text the proposer works on: the draft where there is one, else
// the text in force.
func newest(l *app.Look, p *Proposal) (Text, error) {
	t, err := textOf(l, p.ID, 0)
	if fault.Is(err, fault.NotFound) && p.Revision > 0 {
		return textOf(l, p.ID, p.Revision)
	}
	return t, err
}

// nextRevision is the number of a new text of a proposal that has some.
func nextRevision(l *app.Look, id string) (int64, error) {
	var n int64
	if err := l.Tx().Row(l.Ctx(), "SELECT COALESCE(MAX(revision), 0) + 1 FROM proposal_text WHERE proposal_id = ?", id).Scan(&n); err != nil {
		return 0, fmt.Errorf("number a text of proposal %s: %w", id, err)
	}
	return n, nil
}

// writeText writes a revision; the draft (0) is written over.
func writeText(c *app.Call, id string, t Text) error {
	items, err := json.Marshal(append([]string{}, t.Items...))
	if err != nil {
		return fmt.Errorf("write text %d of proposal %s: %w", t.Revision, id, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO proposal_text (proposal_id, revision, kind, title, background, analysis, measures, basis, items, reason, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (proposal_id, revision) DO UPDATE SET title = excluded.title, background = excluded.background, analysis = excluded.analysis,
			measures = excluded.measures, basis = excluded.basis, items = excluded.items, person_id = excluded.person_id, at = excluded.at
			WHERE proposal_text.revision = 0`,
		id, t.Revision, t.Kind, t.Title, t.Background, t.Analysis, t.Measures, t.Basis, string(items), t.Reason, t.PersonID, t.At)
	if err != nil {
		return fmt.Errorf("write text %d of proposal %s: %w", t.Revision, id, err)
	}
	return nil
}

// clean puts line ends in order and takes away what no keyboard types and a
// database may refuse: control characters and broken encoding.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// cleanLine is clean for a text of one line.
func cleanLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// characters counts as people do.
func characters(text string) int { return utf8.RuneCountInString(text) }
