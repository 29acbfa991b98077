package peer

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // registers its tables, as package pocketbase does
)

// The one user, made anew in each temporary database.
const (
	Login    = "writer@peer.example"
	Password = "only-for-this-measurement"
)

// Settings of one peer.
type Settings struct {
	Folder string // for its databases
	Full   bool   // synchronous=FULL; else as PocketBase ships (NORMAL: a power cut may lose acknowledged writes)
	From   string // SQLite file of the product whose proposals it takes over; "" for none
	Bare   bool   // without indexes, as a collection is made
}

// Serve runs PocketBase until its process is told to end. ready hears its address and the
// id of the user.
func Serve(s Settings, ready func(address, user string)) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: s.Folder, DBConnect: connect(s.Full)})
	if err := app.Bootstrap(); err != nil {
		return fmt.Errorf("start PocketBase: %w", err)
	}
	if err := app.RunAllMigrations(); err != nil {
		return fmt.Errorf("migrate PocketBase: %w", err)
	}
	user, err := build(app, s)
	if err != nil {
		return err
	}
	if s.From != "" {
		if err := takeOver(s, user); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Listener, e.InstallerFunc = listener, nil // it would open a browser
		return e.Next()
	})
	go untilTold(app)
	ready(listener.Addr().String(), user)
	return apis.Serve(app, apis.ServeConfig{HttpAddr: listener.Addr().String()})
}

// untilTold ends PocketBase as its own command does.
func untilTold(app core.App) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, os.Interrupt)
	<-told
	event := &core.TerminateEvent{App: app}
	_ = app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() })
	os.Exit(0)
}

// connect opens a database as PocketBase does, but for the one setting.
func connect(full bool) core.DBConnectFunc {
	if !full {
		return core.DefaultDBConnect
	}
	return func(path string) (*dbx.DB, error) {
		// The data and the settings of core.DefaultDBConnect with FULL for NORMAL. The
		// request log's database stays as it is shipped.
		level := "FULL"
		if strings.Contains(path, "auxiliary") {
			level = "NORMAL"
		}
		return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
			"&_pragma=synchronous("+level+")&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
	}
}
