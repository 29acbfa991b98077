package store

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"tongxin/internal/fault"
)

// ErrUnique says that a row with the same unique key exists. Domains turn it
// into a sentence about what exists already.
var ErrUnique = errors.New("a row with this key exists")

// Codes of the engines' own documentation.
const (
	sqliteBusy       = 5
	sqliteFull       = 13
	sqliteReadonly   = 8
	sqliteIOError    = 10
	sqliteFsync      = 1034 // of a file
	sqliteDirFsync   = 1290 // of its folder
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555

	pgUnique        = "23505"
	pgSerialization = "40001"
	pgDeadlock      = "40P01"
	pgDiskFull      = "53100"
)

// translate gives the driver's errors our own meaning and leaves others alone.
func translate(err error) error {
	if err == nil || errors.Is(err, ErrNone) || errors.Is(err, context.Canceled) {
		return err
	}
	var known *fault.Error
	if errors.As(err, &known) || errors.Is(err, ErrUnique) {
		return err
	}
	if errors.Is(err, errUnsynced) {
		return fault.New(fault.Unavailable, "fault.unavailable").Because(err)
	}
	if se := (*sqlite.Error)(nil); errors.As(err, &se) {
		switch code := se.Code(); {
		case code == sqliteUnique || code == sqlitePrimaryKey:
			return errors.Join(ErrUnique, err)
		case code&0xff == sqliteBusy || code&0xff == sqliteFull || code&0xff == sqliteReadonly || code&0xff == sqliteIOError:
			return fault.New(fault.Unavailable, "fault.unavailable").Because(err)
		}
	}
	if pe := (*pgconn.PgError)(nil); errors.As(err, &pe) {
		switch {
		case pe.Code == pgUnique:
			return errors.Join(ErrUnique, err)
		case pe.Code == pgDiskFull || strings.HasPrefix(pe.Code, "57"):
			return fault.New(fault.Unavailable, "fault.unavailable").Because(err)
		}
	}
	return err
}

// retryable: the engine asks to run the transaction again.
func retryable(err error) bool {
	pe := (*pgconn.PgError)(nil)
	return errors.As(err, &pe) && (pe.Code == pgSerialization || pe.Code == pgDeadlock)
}

// isUnsynced: the disk did not confirm what was written to it.
func isUnsynced(err error) bool {
	se := (*sqlite.Error)(nil)
	return errors.Is(err, errUnsynced) || errors.As(err, &se) && (se.Code() == sqliteFsync || se.Code() == sqliteDirFsync)
}
