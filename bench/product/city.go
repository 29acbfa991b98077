package product

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"tongxin/bench/child"
)

// Build makes the product's binary from the module in a folder, as it is released.
func Build(module, binary string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-o", binary, "./cmd/tongxin")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the product: %w\n%s", err, out)
	}
	return nil
}

// City is a demo city at rest, of which copies are made.
type City struct {
	binary string
	folder string
}

// patience bounds how long the product may need to be ready.
const patience = 3 * time.Minute

// Make lets the product make its demo city in a folder, waits until it has done what was
// due, and stops it.
func Make(log io.Writer, binary, folder string) (City, error) {
	p, err := child.Start(log, binary, "demo", "--data", folder, "--listen", "127.0.0.1:0")
	if err != nil {
		return City{}, err
	}
	_, err = p.Line(`https?://127\.0\.0\.1:\d+`, patience)
	if err == nil {
		// The clockwork looks at once for what is due today: reminders, lapses.
		time.Sleep(3 * time.Second)
	}
	if err = errors.Join(err, p.Stop()); err != nil {
		return City{}, fmt.Errorf("make the demo city: %w", err)
	}
	return City{binary, folder}, nil
}

// Installation is one database with its data folder.
type Installation struct {
	Database string
	Data     string
	binary   string
}

// Copy copies the city to a folder and multiplies its proposals; it gives how many there are.
func (c City) Copy(ctx context.Context, folder string, size Size) (Installation, int, error) {
	if err := os.CopyFS(folder, os.DirFS(c.folder)); err != nil {
		return Installation{}, 0, fmt.Errorf("copy the demo city: %w", err)
	}
	// os.CopyFS opens what it copies to everybody, and the product refuses keys like that.
	if err := os.Chmod(filepath.Join(folder, "data", "keys.json"), 0o600); err != nil {
		return Installation{}, 0, fmt.Errorf("copy the demo city: %w", err)
	}
	found, err := filepath.Glob(filepath.Join(folder, "*.db"))
	if err != nil || len(found) != 1 {
		return Installation{}, 0, fmt.Errorf("the demo city has %d databases, not one", len(found))
	}
	n, err := Multiply(ctx, found[0], size)
	return Installation{Database: found[0], Data: filepath.Join(folder, "data"), binary: c.binary}, n, err
}

// Tokens makes bearer tokens for some people who hold one post only, of this kind.
func (i Installation) Tokens(ctx context.Context, post string, n int) ([]string, error) {
	logins, err := i.logins(ctx, post, n)
	if err != nil {
		return nil, err
	}
	var tokens []string
	for _, login := range logins {
		token, err := i.token(ctx, login)
		if err != nil {
			return nil, fmt.Errorf("make a token for a %s: %w", post, err)
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

func (i Installation) token(ctx context.Context, login string) (string, error) {
	var said strings.Builder
	cmd := exec.CommandContext(ctx, i.binary, "admin", "token", "--database", i.Database, "--data", i.Data, login)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("make a token for %s: %w\n%s", login, err, said.String())
	}
	token, _, _ := strings.Cut(string(out), "\n")
	return token, nil
}

// Desk makes a token for somebody of the government's supervision office and gives the id
// of that office.
func (i Installation) Desk(ctx context.Context) (token, desk string, err error) {
	db, err := sql.Open("sqlite", "file:"+i.Database+"?mode=ro")
	if err != nil {
		return "", "", fmt.Errorf("look for a supervision office: %w", err)
	}
	defer func() { _ = db.Close() }()
	var login string
	err = db.QueryRowContext(ctx, `SELECT a.login, b.id FROM post p JOIN body b ON b.id = p.body_id JOIN account a ON a.person_id = p.person_id
		WHERE p.kind = 'dispatcher' AND p.valid_to IS NULL AND b.kind = 'supervision_government' AND a.state = 'active'
			AND (SELECT COUNT(*) FROM post o WHERE o.person_id = p.person_id) = 1 ORDER BY a.login LIMIT 1`).Scan(&login, &desk)
	if err != nil {
		return "", "", fmt.Errorf("look for a supervision office: %w", err)
	}
	token, err = i.token(ctx, login)
	return token, desk, err
}

func (i Installation) logins(ctx context.Context, post string, n int) ([]string, error) {
	db, err := sql.Open("sqlite", "file:"+i.Database+"?mode=ro")
	if err != nil {
		return nil, fmt.Errorf("look for a %s: %w", post, err)
	}
	defer func() { _ = db.Close() }()
	m := &multiplier{ctx: ctx, db: db}
	list, err := m.words(`SELECT a.login FROM account a JOIN post p ON p.person_id = a.person_id AND p.valid_to IS NULL
		WHERE a.state = 'active' GROUP BY a.login HAVING COUNT(*) = 1 AND MAX(p.kind) = ? ORDER BY a.login LIMIT ?`, post, n)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("nobody in the demo city is only a %s", post)
	}
	return list, err
}

// Serve runs the product on the installation and gives its address as host:port.
func (i Installation) Serve(log io.Writer) (*child.Process, string, error) {
	p, err := child.Start(log, i.binary, "serve", "--database", i.Database, "--data", i.Data, "--listen", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	found, err := p.Line(`https?://(127\.0\.0\.1:\d+)`, patience)
	if err != nil {
		return nil, "", errors.Join(err, p.Stop())
	}
	return p, found[1], nil
}
