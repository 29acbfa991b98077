package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// Results of an act.
const (
	Done    = "done"
	Refused = "refused" // the rule said no
	Hidden  = "hidden"  // the rule said that it does not exist
	Failed  = "failed"  // sign-in with a wrong secret
	Read    = "read"    // a sensitive thing was read
)

// Entry is one recorded act.
type Entry struct {
	ID          string     `json:"id"`
	CommitteeID string     `json:"committee_id"`
	At          store.Time `json:"at"`
	PersonID    string     `json:"person_id"`
	PostID      string     `json:"post_id"`
	PostKind    string     `json:"post_kind"`
	OnBehalfOf  string     `json:"on_behalf_of"`
	Action      string     `json:"action"`
	ObjectKind  string     `json:"object_kind"`
	ObjectID    string     `json:"object_id"`
	Result      string     `json:"result"`
	Reason      string     `json:"reason"` // message key of a refusal
	Address     string     `json:"address"`
	Session     string     `json:"session"`
	RequestID   string     `json:"request_id"`
	Detail      string     `json:"detail"` // JSON: what changed, as digests and short values; never texts or personal data
	ContentHash string     `json:"content_hash"`
}

// Of fills who, when and how from the actor.
func Of(who access.Actor, at store.Time, action, objectKind, objectID, result string) Entry {
	return Entry{
		CommitteeID: who.CommitteeID, At: at, PersonID: who.PersonID, PostID: who.Post.ID, PostKind: string(who.Post.Kind),
		OnBehalfOf: who.OnBehalf, Action: action, ObjectKind: objectKind, ObjectID: objectID, Result: result,
		Address: who.Via.Address, Session: who.Via.Session, RequestID: who.Via.RequestID, Detail: "{}",
	}
}

// With puts the details as JSON.
func (e Entry) With(detail any) (Entry, error) {
	if detail == nil {
		return e, nil
	}
	b, err := json.Marshal(detail)
	if err != nil {
		return e, fmt.Errorf("write audit detail of %s: %w", e.Action, err)
	}
	e.Detail = string(b)
	return e, nil
}

// Append writes the entry in the transaction of the act.
func Append(ctx context.Context, t *store.Tx, e Entry) error {
	e.ID = id.New()
	e.ContentHash = e.hash()
	_, err := t.Exec(ctx, `INSERT INTO audit_entry (id, committee_id, at, person_id, post_id, post_kind, on_behalf_of, action,
		object_kind, object_id, result, reason, address, session, request_id, detail, content_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.CommitteeID, e.At, e.PersonID, e.PostID, e.PostKind, e.OnBehalfOf, e.Action,
		e.ObjectKind, e.ObjectID, e.Result, e.Reason, e.Address, e.Session, e.RequestID, e.Detail, e.ContentHash)
	if err == nil {
		_, err = t.Exec(ctx, "INSERT INTO audit_unsealed (entry_id, committee_id) VALUES (?, ?)", e.ID, e.CommitteeID)
	}
	if err != nil {
		return fmt.Errorf("append audit entry of %s: %w", e.Action, err)
	}
	return nil
}

// hash is the digest of everything an entry says. Each part carries its length,
// so that no two different entries have one text.
func (e Entry) hash() string {
	h := sha256.New()
	buf := make([]byte, 0, 512)
	for _, s := range []string{e.ID, e.CommitteeID, strconv.FormatInt(e.At.UnixMilli(), 10), e.PersonID, e.PostID, e.PostKind, e.OnBehalfOf,
		e.Action, e.ObjectKind, e.ObjectID, e.Result, e.Reason, e.Address, e.Session, e.RequestID, e.Detail} {
		buf = strconv.AppendInt(buf, int64(len(s)), 10)
		buf = append(buf, ':')
		buf = append(buf, s...)
	}
	_, _ = h.Write(buf)
	return hex.EncodeToString(h.Sum(nil))
}

const columns = `e.id, e.committee_id, e.at, e.person_id, e.post_id, e.post_kind, e.on_behalf_of, e.action, e.object_kind, e.object_id,
	e.result, e.reason, e.address, e.session, e.request_id, e.detail, e.content_hash`

func scan(r store.Row, e *Entry) error {
	return r.Scan(&e.ID, &e.CommitteeID, &e.At, &e.PersonID, &e.PostID, &e.PostKind, &e.OnBehalfOf, &e.Action, &e.ObjectKind, &e.ObjectID,
		&e.Result, &e.Reason, &e.Address, &e.Session, &e.RequestID, &e.Detail, &e.ContentHash)
}

// List gives the newest entries before one (keyset; "" from the newest) that
// the scope (columns of audit_entry e) lets somebody see.
func List(ctx context.Context, t *store.Tx, scope access.Scope, where store.Fragment, before string, n int) ([]Entry, error) {
	if before == "" {
		before = "~"
	}
	q := store.Join(store.F("SELECT "+columns+" FROM audit_entry e WHERE"),
		store.And(store.F(scope.SQL(), scope.Args()...), where, store.F("e.id < ?", before)), store.F("ORDER BY e.id DESC LIMIT ?", n))
	return store.List(ctx, t, scan, q.SQL, q.Args...)
}
