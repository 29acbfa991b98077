package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// Kinds of reports about a key proposal.
const (
	ReportResult = "result" // told to Party and government
	ReportPress  = "press"  // what the press wrote
)

// KeyReportIn notes that a result was told, or that the press wrote.
type KeyReportIn struct {
	ID        string `json:"id"`
	Version   int64  `json:"version,omitempty"`
	Kind      string `json:"kind" doc:"result or press"`
	Receiver  string `json:"receiver" doc:"party, government or both; the medium of a press item"`
	On        string `json:"on"`
	Reference string `json:"reference,omitempty" doc:"Document number, needed for a result; page or address of a press item"`
	Text      string `json:"text,omitempty" doc:"Needed for a result"`
}

// KeyReport is a result that was told, or a press item.
type KeyReport struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Receiver  string     `json:"receiver"`
	On        string     `json:"on"`
	Reference string     `json:"reference,omitempty"`
	Text      string     `json:"text,omitempty"`
	At        store.Time `json:"at"`
}

// KeyTell notes a report of the result to Party and government (报送督办结果),
// or a press item.
var KeyTell = app.Define("key.report", func(c *app.Call, in KeyReportIn) (*KeyCase, error) { return claimKey(c, in.ID) }, staffOnly, keyTell)

func keyTell(c *app.Call, k *KeyCase, in KeyReportIn) (KeyDone, error) {
	if err := k.fresh(in.Version); err != nil {
		return KeyDone{}, err
	}
	var p fault.Problems
	result := in.Kind == ReportResult
	p.Check(result || in.Kind == ReportPress, "kind", "proposal.review.choose")
	x := KeyReport{ID: id.New(), Kind: in.Kind, Receiver: line(&p, "receiver", in.Receiver, true), On: pastDay(&c.Look, &p, "on", in.On),
		Reference: line(&p, "reference", in.Reference, result), Text: said(&p, "text", in.Text, result, keyLong)}
	p.Check(!result || slices.Contains([]string{OrganParty, OrganGovernment, OrganBoth}, x.Receiver), "receiver", "proposal.review.not-offered")
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO key_report (id, committee_id, proposal_id, kind, receiver, on_day, reference, body, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		x.ID, k.CommitteeID, k.ID, x.Kind, x.Receiver, x.On, x.Reference, x.Text, c.Who().PersonID, c.Now())
	if err != nil {
		return KeyDone{}, fmt.Errorf("note a report about %s: %w", k.ID, err)
	}
	if result && k.Key.State == KeyUnderway {
		if err := k.Key.State.move(KeyReported); err != nil {
			return KeyDone{}, err
		}
	}
	if err := saveKey(c, k.Key); err != nil {
		return KeyDone{}, err
	}
	c.Detail(map[string]any{"report": x.ID, "kind": x.Kind, "on": x.On})
	return KeyDone{k.ID, k.Key.Version, x.ID}, c.Record(KeyWasReported{x.ID, x.Kind, x.Receiver}, caseKind, k.ID)
}

// reportsOf lists what was told of a key proposal, newest first.
func reportsOf(l *app.Look, proposal string) ([]KeyReport, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *KeyReport) error {
		return r.Scan(&x.ID, &x.Kind, &x.Receiver, &x.On, &x.Reference, &x.Text, &x.At)
	}, "SELECT id, kind, receiver, on_day, reference, body, at FROM key_report WHERE committee_id = ? AND proposal_id = ? ORDER BY on_day DESC, id DESC", l.Who().CommitteeID, proposal)
	if err != nil {
		return nil, fmt.Errorf("read the reports about %s: %w", proposal, err)
	}
	return list, nil
}
