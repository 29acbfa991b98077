package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// Look is what a query sees: one state of the database, as somebody, at one
// instant.
type Look struct {
	ctx context.Context //nolint:containedctx // lives as long as the transaction it belongs to
	tx  *store.Tx
	app *App
	who access.Actor
	now store.Time
}

// Ctx carries time and cancellation.
func (l *Look) Ctx() context.Context { return l.ctx }

// Tx is the running transaction.
func (l *Look) Tx() *store.Tx { return l.tx }

// Who acts or asks.
func (l *Look) Who() access.Actor { return l.who }

// Now is the instant of the act, the same for everything it writes.
func (l *Look) Now() store.Time { return l.now }

// App gives access to parts (see Part).
func (l *Look) App() *App { return l.app }

// Call is a running act.
type Call struct {
	Look
	action    string
	inner     bool
	detail    any
	object    string
	committee string
	onBehalf  string
	position  int64
}

// Detail keeps what changed for the audit record, as digests and short values;
// never texts or personal data.
func (c *Call) Detail(detail any) { c.detail = detail }

// Made names the thing that the act made, for the audit record.
func (c *Call) Made(id string) { c.object = id }

// OnBehalf names the person for whom the actor enters something.
func (c *Call) OnBehalf(personID string) { c.onBehalf = personID }

// InCommittee names the committee of the audit record where the actor has none
// yet: at set-up and sign-in.
func (c *Call) InCommittee(id string) { c.committee = id }

// As returns a call of the same act in which another actor acts: only for acts
// in which somebody becomes somebody, such as claiming an account.
func (c *Call) As(who access.Actor) { c.who = who }

// Fact is something that happened and that others may react to. Its JSON is
// kept; the name never changes once published.
type Fact interface{ FactName() string }

// Record writes a fact into the commit of the act; listeners hear of it behind
// the commit.
func (c *Call) Record(f Fact, objectKind, objectID string) error {
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("record %s: %w", f.FactName(), err)
	}
	if c.position == 0 {
		if c.position, err = c.tx.Position(c.ctx); err != nil {
			return err
		}
	}
	committee := c.who.CommitteeID
	if c.committee != "" {
		committee = c.committee
	}
	_, err = c.tx.Exec(c.ctx, `INSERT INTO fact (position, id, committee_id, at, kind, object_kind, object_id, person_id, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.position, id.New(), committee, c.now, f.FactName(), objectKind, objectID, c.who.PersonID, string(body))
	if err != nil {
		return fmt.Errorf("record %s: %w", f.FactName(), err)
	}
	return nil
}

// digestsOf tell whether a repetition asks for the same thing: the first is
// kept, the others are those under older keys. They are keyed, because an input
// may hold a phone number, which a bare hash does not hide.
func digestsOf(a *App, action string, in any) ([]string, error) {
	b, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("%s: read the input: %w", action, err)
	}
	sum := sha256.Sum256(b)
	bare := hex.EncodeToString(sum[:])
	if k, ok := PartOf[*seal.Keeper](a); ok {
		return k.Lookups("repetition/" + action + "/" + bare), nil
	}
	return []string{bare}, nil
}

// keyAtMost is the longest idempotency key, in bytes.
const keyAtMost = 200

// refusal is a rule's no; it rolls back and is recorded on its own.
type refusal struct {
	action, kind, id string
	verdict          access.Verdict
}

func (r *refusal) Error() string { return r.action + " refused: " + r.verdict.Key() }

func (r *refusal) fault() error {
	if r.verdict.Hidden() {
		return fault.New(fault.NotFound, "fault.not-found").Because(r)
	}
	return fault.New(fault.Forbidden, r.verdict.Key()).Because(r)
}
