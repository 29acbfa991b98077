package jobs

import (
	"context"
	"embed"
	"time"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// pace is how often the clockwork looks for what another node left.
const pace = 5 * time.Second

// Module brings jobs into the house.
func Module() app.Module {
	wake := make(chan struct{}, 1)
	return app.Module{
		Name: "jobs", Schema: schema, Messages: messages,
		Actions:   []app.Definition{Stop, Again, claim, settle, forget},
		Queries:   []app.Question{List, Show},
		Relations: relations(),
		Personal:  personal(),
		Waits:     waits(),
		Listeners: []app.Listener{{Name: "jobs.wake", Kinds: []string{WasAsked{}.FactName()}, Hear: func(context.Context, *app.App, app.Heard) error {
			select {
			case wake <- struct{}{}:
			default: // the worker will look anyway
			}
			return nil
		}}},
		Tasks: []app.Task{
			{Name: "job.work", Every: pace, Wake: wake, Run: Work},
			{Name: "job.forget", Every: time.Hour, Run: forgetAll},
		},
	}
}

// personal is the register of personal fields (trust.md PII-02).
func personal() []app.Personal {
	return []app.Personal{
		{Table: "job_row", Column: "input", Purpose: "what is to be done to one thing; may name people", Retention: "until the row is done, at most 90 days after the job"},
		{Table: "job_row", Column: "label", Purpose: "names the thing for who looks at the results; may name people", Retention: "90 days after the job"},
		{Table: "job_row", Column: "faults", Purpose: "why a row failed; its values may name people", Retention: "90 days after the job"},
	}
}
