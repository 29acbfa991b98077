package archive

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// ShowIn names a case.
type ShowIn struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Shown is the sheet of a file.
type Shown struct {
	File
	Header        Header          `json:"header"`
	Usual         string          `json:"usual"` // class that it gets without another
	Papers        []Contents      `json:"papers"`
	Expected      []Expected      `json:"expected"`
	Open          []Open          `json:"open"`
	New           bool            `json:"new"` // the papers say something else than the newest edition
	Editions      []Edition       `json:"editions"`
	May           May             `json:"may"`
	Classes       []profile.Coded `json:"-"`
	FondsIsMissed bool            `json:"fonds_missing,omitempty"`
}

// Contents is a line of the list of contents.
type Contents struct {
	Code   string     `json:"code"`
	Title  string     `json:"title"`
	Number string     `json:"number,omitempty"`
	By     string     `json:"by"`
	At     store.Time `json:"at"`
	Files  []string   `json:"files,omitempty"`
}

// May is what the one who asks may do now.
type May struct {
	Archive    bool `json:"archive"`
	Supplement bool `json:"supplement"`
	Reopen     bool `json:"reopen"`
	Retention  bool `json:"retention"`
	Verify     bool `json:"verify"`
	Download   bool `json:"download"`
}

// Show shows the file of a case: what would be in it, or what is.
var Show = app.Ask("archive.show", scopeOf, func(l *app.Look, s access.Scope, in ShowIn) (*Shown, error) {
	if s.SQL() == access.Nothing().SQL() {
		return nil, missing()
	}
	f, err := folderOf(l, in.Kind, in.ID)
	if err != nil {
		return nil, err
	}
	if f.committeeID != l.Who().CommitteeID {
		return nil, missing()
	}
	rules, _, err := profile.Current(l)
	if err != nil {
		return nil, err
	}
	out := &Shown{File: *f.File, Header: f.Dossier.Header, Usual: usual(f, &rules.Archive), Papers: f.Dossier.contents(), Expected: f.Dossier.Expect, Open: append([]Open{}, f.Dossier.Open...),
		Classes: rules.Archive.Retention, Editions: []Edition{}, FondsIsMissed: rules.Archive.Fonds == ""}
	if f.ID != "" {
		if out.Editions, err = editionsOf(l, f.ID); err != nil {
			return nil, err
		}
	}
	if len(out.Editions) > 0 && mayKeep(l.Who(), f).Allowed() { // others may not read every paper
		now, err := f.Dossier.digest()
		if err != nil {
			return nil, err
		}
		out.New = now != out.Editions[0].papers
	}
	out.May = f.may(l.Who(), len(out.Editions) > 0)
	return out, nil
})

// may asks the rule, and whether each step is open.
func (f *Folder) may(who access.Actor, edition bool) May {
	keeps := Case.May(who, f)
	blocked := slices.ContainsFunc(f.Dossier.Open, func(o Open) bool { return !o.Tracking })
	return May{Archive: keeps && f.State == Waiting && !blocked, Supplement: keeps && f.State != Waiting && !blocked, Reopen: keeps && f.State == Archived,
		Retention: keeps && (f.State == Waiting || !blocked), Verify: keeps && edition, Download: edition}
}

func (d *Dossier) contents() []Contents {
	list := []Contents{}
	for _, p := range d.Papers {
		list = append(list, Contents{Code: p.Code, Title: p.Title, Number: p.Number, By: p.By, At: p.At})
	}
	for _, f := range d.Files {
		list[f.Paper].Files = append(list[f.Paper].Files, f.Name)
	}
	return list
}

// ListIn filters the list of files.
type ListIn struct {
	Session string `json:"session,omitempty"` // "" for the newest session that has files
	State   string `json:"state,omitempty"`   // waiting (without it), archived, supplement, broken
	After   string `json:"after,omitempty"`
}

// The filters of the list beside the states.
const (
	Due    = "supplement" // reopened, or something came later
	Broken = "broken"
)

// Listed is a page of the list, with the totals of its filters.
type Listed struct {
	Session    string                 `json:"session"`
	Lines      []ListLine             `json:"files"`
	Total      int                    `json:"total"`
	Next       string                 `json:"next,omitempty"`
	Waiting    int                    `json:"waiting"`
	Archived   int                    `json:"archived"`
	Supplement int                    `json:"supplement"`
	Broken     int                    `json:"broken"`
	May        bool                   `json:"may_archive"`
	Sessions   []organization.Session `json:"-"`
	Classes    []profile.Coded        `json:"-"`
}

// ListLine is a file in the list; Open says why a waiting one is not ready.
type ListLine struct {
	File
	Open  []Open `json:"open,omitempty"`
	Ready bool   `json:"ready"`
}

const pageSize = 30

// List lists the files of a session.
var List = app.Ask("archive.list", scopeOf, func(l *app.Look, s access.Scope, in ListIn) (Listed, error) {
	out := Listed{Lines: []ListLine{}, May: mayKeepMany(l.Who(), shelf{l.Who().CommitteeID}).Allowed()}
	if s.SQL() == access.Nothing().SQL() {
		return out, missing()
	}
	var err error
	if out.Sessions, err = organization.Sessions(l); err != nil {
		return out, err
	}
	if out.Session = in.Session; out.Session == "" {
		if out.Session, err = newestOf(l, out.Sessions); err != nil {
			return out, err
		}
	}
	rules, _, err := profile.Current(l)
	if err != nil {
		return out, err
	}
	out.Classes = rules.Archive.Retention
	return out, out.find(l, s, in)
})

// newestOf is the newest session that has files, or else the newest of all.
func newestOf(l *app.Look, sessions []organization.Session) (string, error) {
	have, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT DISTINCT session_id FROM archive_case WHERE committee_id = ?", l.Who().CommitteeID)
	if err != nil {
		return "", fmt.Errorf("look for sessions with files: %w", err)
	}
	for _, s := range sessions {
		if slices.Contains(have, s.ID) {
			return s.ID, nil
		}
	}
	if len(sessions) > 0 {
		return sessions[0].ID, nil
	}
	return "", nil
}

func (out *Listed) find(l *app.Look, s access.Scope, in ListIn) error {
	mine := store.And(store.F(s.SQL(), s.Args()...), store.F("f.session_id = ?", out.Session))
	total := store.Join(store.F(`SELECT COUNT(*) FILTER (WHERE f.state = 'waiting'), COUNT(*) FILTER (WHERE f.state <> 'waiting'),
		COUNT(*) FILTER (WHERE f.state = 'reopened' OR f.later), COUNT(*) FILTER (WHERE f.broken) FROM archive_case f WHERE`), mine)
	if err := l.Tx().Row(l.Ctx(), total.SQL, total.Args...).Scan(&out.Waiting, &out.Archived, &out.Supplement, &out.Broken); err != nil {
		return fmt.Errorf("count the files: %w", err)
	}
	kind := store.F("f.state = 'waiting'")
	out.Total = out.Waiting
	switch in.State {
	case string(Archived):
		kind, out.Total = store.F("f.state <> 'waiting'"), out.Archived
	case Due:
		kind, out.Total = store.F("f.state = 'reopened' OR f.later"), out.Supplement
	case Broken:
		kind, out.Total = store.F("f.broken"), out.Broken
	}
	q := store.Join(store.F("SELECT "+fileColumns+" FROM archive_case f WHERE"), store.And(mine, kind, store.F("f.id > ?", in.After)), store.F("ORDER BY f.id LIMIT ?", pageSize+1))
	list, err := store.List(l.Ctx(), l.Tx(), scanFile, q.SQL, q.Args...)
	if err != nil {
		return fmt.Errorf("list the files: %w", err)
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		out.Next = list[pageSize-1].ID
	}
	for _, f := range list {
		x := ListLine{File: f}
		if f.State == Waiting {
			if x.Open, err = openOf(l, f); err != nil {
				return err
			}
			x.Ready = len(x.Open) == 0
		}
		out.Lines = append(out.Lines, x)
	}
	return nil
}

// openOf says why a waiting case is not ready.
func openOf(l *app.Look, f File) ([]Open, error) {
	k, ok := app.Part[Kinds](l)[f.Kind]
	if !ok {
		return []Open{{Key: "archive.open.kind"}}, nil
	}
	return k.Open(l, f.CaseID)
}

// FileIn names a stored edition; 0 is the newest.
type FileIn struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Edition int64  `json:"edition,omitempty"`
}

// Download finds a stored edition that somebody may read; its bytes are fetched
// by its Ref, outside the transaction.
var Download = app.Ask("archive.download", scopeOf, func(l *app.Look, s access.Scope, in FileIn) (*Edition, error) {
	if s.SQL() == access.Nothing().SQL() {
		return nil, missing()
	}
	x, err := storedOf(l, VerifyIn{Kind: in.Kind, ID: in.ID, Edition: in.Edition})
	if err != nil {
		return nil, err
	}
	return &x.e, nil
})

// MarkOf tells how the file of a case stands, for the page of the case; nil for
// those who see no files, and before the case is closed.
func MarkOf(l *app.Look, kind, id string) (*File, error) {
	if scopeOf(l.Who()).SQL() == access.Nothing().SQL() {
		return nil, nil
	}
	return fileOf(l, kind, id)
}
