package archive

import (
	"encoding/json"
	"fmt"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/audit"
	"tongxin/internal/i18n"
	"tongxin/internal/identity"
	"tongxin/internal/store"
)

// Process is the record of who did what when (process.json).
type Process struct {
	Committee string  `json:"committee_id"`
	Events    []Event `json:"events"` // what happened to the case, in order
	Acts      []Act   `json:"acts"`   // the audit record of its things, in order
}

// Event is something that happened to the case.
type Event struct {
	ID    string     `json:"id"`
	Kind  string     `json:"kind"`
	Words string     `json:"words"` // in Chinese
	By    string     `json:"by"`
	At    store.Time `json:"at"`
}

// Act is one entry of the audit record. Its content hash and its place in the
// chain of the committee let an auditor find it again; address and session are
// left out.
type Act struct {
	ID          string          `json:"id"`
	At          store.Time      `json:"at"`
	Action      string          `json:"action"`
	ObjectKind  string          `json:"object_kind"`
	ObjectID    string          `json:"object_id"`
	PersonID    string          `json:"person_id"`
	Name        string          `json:"name"`
	Post        string          `json:"post"` // kind of the acting post
	OnBehalfOf  string          `json:"on_behalf_of,omitempty"`
	Detail      json.RawMessage `json:"detail"`
	ContentHash string          `json:"content_hash"`
	Seq         int64           `json:"seq"` // 0: not sealed when the file was made
	ChainHash   string          `json:"chain_hash"`

	wrong string
}

// processOf reads the process of a case.
func processOf(l *app.Look, d *Dossier, words i18n.Words) (*Process, error) {
	p := &Process{Committee: l.Who().CommitteeID, Events: []Event{}, Acts: []Act{}}
	facts, err := eventsOf(l, d.Objects...)
	if err != nil {
		return nil, err
	}
	proofs, err := audit.Segment(l.Ctx(), l.Tx(), p.Committee, d.Objects...)
	if err != nil {
		return nil, err
	}
	people := map[string]bool{}
	for _, f := range facts {
		people[f.By] = true
	}
	for _, a := range proofs {
		people[a.PersonID], people[a.OnBehalfOf] = true, true
	}
	var ids []string
	for x := range people {
		ids = append(ids, x)
	}
	names, err := identity.Names(l, ids...)
	if err != nil {
		return nil, err
	}
	for _, f := range facts {
		f.Words, f.By = eventWord(words, f.Kind), named(names, f.By, words)
		p.Events = append(p.Events, f)
	}
	for _, a := range proofs {
		p.Acts = append(p.Acts, Act{ID: a.ID, At: a.At, Action: a.Action, ObjectKind: a.ObjectKind, ObjectID: a.ObjectID, PersonID: a.PersonID, Name: named(names, a.PersonID, words), Post: a.PostKind,
			OnBehalfOf: a.OnBehalfOf, Detail: json.RawMessage(a.Detail), ContentHash: a.ContentHash, Seq: a.Seq, ChainHash: a.ChainHash, wrong: a.Wrong})
	}
	return p, nil
}

// named is the name of a person; the clockwork acts as the system.
func named(names map[string]string, id string, words i18n.Words) string {
	if n := names[id]; n != "" {
		return n
	}
	if strings.HasPrefix(id, "system:") {
		return words.T("post.system")
	}
	return id
}

func eventWord(words i18n.Words, kind string) string {
	_, last, _ := strings.Cut(kind, ".")
	for _, k := range []string{"archive.event." + kind, "proposal.timeline." + last} {
		if words.Has(k) {
			return words.T(k)
		}
	}
	return kind
}

// eventsOf reads what happened to things of a case, in order.
func eventsOf(l *app.Look, objects ...string) ([]Event, error) {
	q := store.Join(store.F("SELECT id, kind, person_id, at FROM fact WHERE"), store.And(store.F("committee_id = ?", l.Who().CommitteeID), store.In("object_id", objects...)), store.F("ORDER BY position, id"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, e *Event) error { return r.Scan(&e.ID, &e.Kind, &e.By, &e.At) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read what happened to %d things: %w", len(objects), err)
	}
	return list, nil
}

// factsOf counts what happened to things of a case, by kind.
func factsOf(l *app.Look, objects ...string) (map[string]int, error) {
	list, err := eventsOf(l, objects...)
	if err != nil {
		return nil, err
	}
	n := map[string]int{}
	for _, e := range list {
		n[e.Kind]++
	}
	return n, nil
}

// paper is the process as a paper to read.
func (p *Process) paper() Paper {
	var rows, acts [][]string
	x := Paper{Code: PaperProcess, Title: "办理过程记录", By: "系统记录"}
	for _, e := range p.Events {
		rows = append(rows, []string{moment(e.At), e.Words, e.By})
		x.At = e.At
	}
	for _, a := range p.Acts {
		acts = append(acts, []string{moment(a.At), a.Action, a.Name, itoa(int(a.Seq)), a.ContentHash})
	}
	x.N = len(rows)
	x.Blocks = []Block{table([]string{"时间", "事项", "办理人"}, rows), {Kind: Heading, Text: "审计记录"}, table([]string{"时间", "操作", "操作人", "链上序号", "内容摘要值"}, acts)}
	return x
}
