package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/audit"
	"tongxin/internal/fault"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// What one-time codes are for.
const (
	forBootstrap = "bootstrap"
	forClaim     = "claim"
)

// How long codes can be used.
const (
	BootstrapLife = 24 * time.Hour
	ClaimLife     = 14 * 24 * time.Hour
)

const codeGroups = 4 // 80 bits

// nothing is the subject of acts of the machine.
type nothing struct{}

// Object names nothing.
func (nothing) Object() (string, string) { return "identity", "" }

func loadNothing[In any](*app.Call, In) (nothing, error) { return nothing{}, nil }

func machineOnly[S any](who access.Actor, _ S) access.Verdict {
	return access.When(who.Is(access.System), "access.denied")
}

// bootstrap makes the code by which the first people come in. It answers ""
// when there are accounts already.
var bootstrap = app.Define("identity.bootstrap", loadNothing[nothing], machineOnly[nothing],
	func(c *app.Call, _ nothing, _ nothing) (string, error) {
		founded, err := hasAccounts(&c.Look)
		if err != nil || founded {
			return "", err
		}
		if _, err := c.Tx().Exec(c.Ctx(), "DELETE FROM one_time_code WHERE purpose = ?", forBootstrap); err != nil {
			return "", fmt.Errorf("void the earlier bootstrap code: %w", err)
		}
		return makeCode(c, forBootstrap, "", "", BootstrapLife)
	}).Unkept()

func hasAccounts(l *app.Look) (bool, error) {
	var n int
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM (SELECT 1 FROM account LIMIT 1) AS x").Scan(&n); err != nil {
		return false, fmt.Errorf("look for accounts: %w", err)
	}
	return n > 0, nil
}

// EnsureBootstrap gives the code by which the committee is founded on the page
// /setup, for the operator's terminal alone: it is kept as a hash and can be
// used once, within BootstrapLife. Each call makes a new code and voids the
// earlier one. Once there are accounts it answers "".
func EnsureBootstrap(ctx context.Context, a *app.App) (code string, err error) {
	return bootstrap.Do(ctx, a, access.Machine("", "bootstrap"), nothing{})
}

func makeCode(c *app.Call, purpose, committeeID, personID string, life time.Duration) (string, error) {
	code := seal.Code(codeGroups)
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO one_time_code (code_hash, committee_id, purpose, person_id, made_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
		codeHash(code), committeeID, purpose, personID, c.Now(), store.Time{Time: c.Now().Add(life)})
	if err != nil {
		return "", fmt.Errorf("keep a one-time code: %w", err)
	}
	return code, nil
}

func codeHash(typed string) string { return seal.TokenHash(seal.NormalizeCode(typed)) }

// dropCodes voids the codes that a person has not used.
func dropCodes(c *app.Call, personID string) error {
	_, err := c.Tx().Exec(c.Ctx(), "DELETE FROM one_time_code WHERE person_id = ? AND purpose = ? AND used_at IS NULL", personID, forClaim)
	if err != nil {
		return fmt.Errorf("void the codes of %s: %w", personID, err)
	}
	return nil
}

// useCode takes a code out of use; of many who use it at once one succeeds. It
// answers whose code it was; fault.Invalid beside the field code when it is
// unknown, used or too old.
func useCode(c *app.Call, purpose, code string) (personID string, err error) {
	err = c.Tx().Row(c.Ctx(), `UPDATE one_time_code SET used_at = ? WHERE code_hash = ? AND purpose = ? AND used_at IS NULL AND ends_at > ?
		RETURNING person_id`, c.Now(), codeHash(code), purpose, c.Now()).Scan(&personID)
	if errors.Is(err, store.ErrNone) {
		return "", badCode()
	}
	if err != nil {
		return "", fmt.Errorf("use a one-time code: %w", err)
	}
	return personID, nil
}

func badCode() *fault.Error { return fault.Field("code", "identity.code.wrong") }

// UseBootstrap takes the bootstrap code out of use, in the act that founds the
// committee.
func UseBootstrap(c *app.Call, code string) error {
	founded, err := hasAccounts(&c.Look)
	if err != nil {
		return err
	}
	if founded {
		return fault.New(fault.Closed, "identity.founded-already")
	}
	_, err = useCode(c, forBootstrap, code)
	return err
}

// holder is whom a code belongs to.
type holder struct {
	OK                           bool
	CommitteeID, PersonID, Login string
	Name                         string
	Past                         []string // hashes of his passwords
}

// codeQuestion asks whose a code is.
type codeQuestion struct{ Purpose, Code string }

// claimable finds the holder of a code that can still be used.
var claimable = app.Ask("identity.code", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, in codeQuestion) (h holder, err error) {
		err = l.Tx().Row(l.Ctx(), `SELECT o.committee_id, o.person_id, COALESCE(a.login, ''), COALESCE(p.name, '') FROM one_time_code o
			LEFT JOIN person p ON p.id = o.person_id LEFT JOIN account a ON a.person_id = o.person_id
			WHERE o.code_hash = ? AND o.purpose = ? AND o.used_at IS NULL AND o.ends_at > ?`, codeHash(in.Code), in.Purpose, l.Now()).
			Scan(&h.CommitteeID, &h.PersonID, &h.Login, &h.Name)
		if errors.Is(err, store.ErrNone) {
			return h, nil
		}
		if err != nil {
			return h, fmt.Errorf("find a one-time code: %w", err)
		}
		h.OK = true
		h.Past, err = pastOf(l, h.PersonID)
		return h, err
	})

// CheckBootstrap tells ahead of the act whether a bootstrap code can be used,
// before time is spent on passwords. A wrong one is recorded.
func CheckBootstrap(ctx context.Context, a *app.App, who access.Actor, action, code string) error {
	_, err := checkCode(ctx, a, who, action, codeQuestion{forBootstrap, code})
	return err
}

func checkCode(ctx context.Context, a *app.App, who access.Actor, action string, q codeQuestion) (holder, error) {
	h, err := claimable.Do(ctx, a, who, q)
	if err != nil {
		return h, err
	}
	if !h.OK {
		if err := a.Note(ctx, who, action, "code", "", audit.Failed, "identity.code.wrong"); err != nil {
			return h, err
		}
		return h, badCode()
	}
	return h, nil
}
