package app

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/store"
)

// Module is what a domain brings into the house.
type Module struct {
	Name       string
	Schema     fs.FS // holds schema/*.sql; nil when the domain has no tables
	Messages   fs.FS // holds messages/zh-CN.json and en.json
	Actions    []Definition
	Queries    []Question
	Relations  []Relation // the rows of the permission table
	Listeners  []Listener
	Tasks      []Task
	AppendOnly []string // tables whose rows nobody may change
	Personal   []Personal

	// What the workbench shows, see waiting.go.
	Waits   []Waits
	Figures []Figures
	Dues    []Dues
	Begins  []Begin
}

// Relation is how an actor stands to the subject of an action (its author, its
// lead unit, a stranger …), with a sample subject for the permission table.
type Relation struct {
	Action  string
	Name    string
	Subject func(who access.Actor) any
}

// Personal is a column that holds personal data (trust.md PII-02).
type Personal struct {
	Table, Column string
	Sealed        bool   // encrypted by package seal
	Purpose       string // why it is kept
	Retention     string // how long
}

// Listener reacts to facts behind the commit. It may hear a fact twice and
// must then do nothing the second time.
type Listener struct {
	Name  string
	Kinds []string
	Hear  func(ctx context.Context, a *App, f Heard) error
}

// Heard is a fact as a listener hears it.
type Heard struct {
	Position    int64
	ID          string
	CommitteeID string
	At          store.Time
	Kind        string
	ObjectKind  string
	ObjectID    string
	PersonID    string
	Body        json.RawMessage
}

// Task is clockwork: it looks for what is due.
type Task struct {
	Name  string
	Every time.Duration
	Wake  <-chan struct{} // runs it at once, too; nil for none
	Run   func(ctx context.Context, a *App) error
}

//go:embed schema/*.sql
var schema embed.FS
