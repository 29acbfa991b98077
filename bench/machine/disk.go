package machine

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // registers "sqlite"
)

// Durable is what the disk can do at most.
type Durable struct {
	Sync       []time.Duration // sorted: 4 KiB written and made durable (fdatasync)
	Commits    []time.Duration // sorted: one row of 800 characters, bare SQLite, WAL, synchronous=FULL
	PerSecond  float64         // of such commits, one after another
	GroupedPer float64         // rows per second when 64 rows share a commit
}

// MeasureDurable spends about three times the time given, in files of a folder that it
// leaves empty.
func MeasureDurable(ctx context.Context, folder string, each time.Duration) (Durable, error) {
	var d Durable
	var err error
	if d.Sync, err = syncs(filepath.Join(folder, "sync.bin"), each); err != nil {
		return d, err
	}
	path := filepath.Join(folder, "bare.db")
	defer func() {
		for _, end := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(path + end)
		}
	}()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return d, fmt.Errorf("open bare SQLite: %w", err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "CREATE TABLE line (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"); err != nil {
		return d, fmt.Errorf("make a table: %w", err)
	}
	start := time.Now()
	if d.Commits, err = commits(ctx, db, 1, each); err != nil {
		return d, err
	}
	d.PerSecond = float64(len(d.Commits)) / time.Since(start).Seconds()
	start = time.Now()
	grouped, err := commits(ctx, db, group, each)
	d.GroupedPer = float64(group*len(grouped)) / time.Since(start).Seconds()
	return d, err
}

const group = 64

// syncs appends to a file as a write-ahead log does.
func syncs(path string, each time.Duration) ([]time.Duration, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("make a file: %w", err)
	}
	defer func() { _, _ = f.Close(), os.Remove(path) }()
	const room = 16 << 20
	if err := f.Truncate(room); err != nil {
		return nil, fmt.Errorf("make room: %w", err)
	}
	block := make([]byte, 4<<10)
	var took []time.Duration
	for start := time.Now(); time.Since(start) < each; {
		before := time.Now()
		if _, err := f.WriteAt(block, int64(len(took)*len(block)%room)); err != nil {
			return nil, fmt.Errorf("write a block: %w", err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return nil, fmt.Errorf("sync: %w", err)
		}
		took = append(took, time.Since(before))
	}
	slices.Sort(took)
	return took, nil
}

// commits makes transactions of some rows each, one after another.
func commits(ctx context.Context, db *sql.DB, rows int, each time.Duration) ([]time.Duration, error) {
	body := strings.Repeat("案", 800)
	var took []time.Duration
	for start := time.Now(); time.Since(start) < each; {
		before := time.Now()
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return nil, fmt.Errorf("begin: %w", err)
		}
		for range rows {
			if _, err := tx.ExecContext(ctx, "INSERT INTO line (body) VALUES (?)", body); err != nil {
				return nil, fmt.Errorf("insert: %w", err)
			}
		}
		if err := tx.Commit(); err != nil {
			return nil, fmt.Errorf("commit: %w", err)
		}
		took = append(took, time.Since(before))
	}
	slices.Sort(took)
	return took, nil
}
