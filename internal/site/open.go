package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/blob"
	"tongxin/internal/calendar"
	"tongxin/internal/clock"
	"tongxin/internal/config"
	"tongxin/internal/help"
	"tongxin/internal/i18n"
	"tongxin/internal/notify"
	"tongxin/internal/profile"
	"tongxin/internal/seal"
	"tongxin/internal/store"
	"tongxin/internal/web"
)

// Site is the product, put together.
type Site struct {
	App   *app.App
	Pages *web.Kit
	API   *api.Kit
	Texts *i18n.Catalogue
	Keys  *seal.Keeper
	Marks *Checkpoints
	// Channels are the ways on which messages leave the house.
	Channels *notify.Channels
}

// Settings are a Config and what only the demo and tests set.
type Settings struct {
	config.Config
	Clock clock.Clock
	Log   *slog.Logger
	// Unsafe leaves synchronous off until App.Settle; only the demo's making of
	// its city may.
	Unsafe bool
}

// Secure reports whether people reach the server by HTTPS.
func (s Settings) Secure() bool { return s.TLSCert != "" }

// Migrate brings the database to the newest schema.
func Migrate(ctx context.Context, s Settings) error {
	if store.EngineOf(s.Database) == store.SQLite {
		if err := os.MkdirAll(filepath.Dir(s.Database), 0o700); err != nil {
			return fmt.Errorf("make the folder of the database: %w", err)
		}
	}
	return app.Migrate(ctx, s.Database, Modules())
}

// Open opens the database and the data folder and builds every page.
func Open(ctx context.Context, s Settings) (*Site, error) {
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	keys, err := openKeys(filepath.Join(s.Data, "keys.json"))
	if err != nil {
		return nil, err
	}
	blobs, err := blob.Folder(filepath.Join(s.Data, "files"))
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	modules := Modules()
	almanac, err := calendar.NewAlmanac()
	if err != nil {
		return nil, err
	}
	texts, err := i18n.Load(messages(modules)...)
	if err != nil {
		return nil, err
	}
	parts := append(lent(), keys, almanac, profile.NewBook(), blob.Store(blobs), texts)
	ways, err := channels(s, texts)
	if err != nil {
		return nil, err
	}
	parts = append(parts, ways)
	marks := &Checkpoints{Path: filepath.Join(s.Data, "audit-checkpoints.jsonl"), keys: keys}
	a, err := app.Open(ctx, s.Database, store.Options{Readers: s.SQLitePool, Pool: s.PGPool, Unsafe: s.Unsafe}, app.Options{
		Clock: s.Clock, Log: s.Log, Modules: modules, Checkpoint: marks.Keep,
		Parts: parts,
	})
	if err != nil {
		return nil, err
	}
	site := &Site{App: a, Texts: texts, Keys: keys, Marks: marks, Channels: ways}
	book, err := help.Open()
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	site.Pages = web.NewKit(a, texts, doors{app: a}, s.Secure())
	site.API = api.NewKit(site.Pages)
	routes(site.Pages, site.API, book)
	return site, nil
}

// openKeys opens the key file, or makes one at the very first start.
func openKeys(path string) (*seal.Keeper, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return seal.Create(path)
	}
	return seal.Open(path)
}

func messages(modules []app.Module) []fs.FS {
	var list []fs.FS
	for _, m := range modules {
		if m.Messages != nil {
			list = append(list, m.Messages)
		}
	}
	return list
}

// Handler answers every request.
func (s *Site) Handler() http.Handler { return s.Pages.Handler() }
