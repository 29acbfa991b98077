package jobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
)

// Order is what a job is to do.
type Order[In any] struct {
	Title string // a few words for people beside the kind's, such as the name of a list; may be empty
	Rows  []Row[In]
}

// Row is the act on one thing.
type Row[In any] struct {
	Label string // for people: 第 014 号 标题
	Link  string // path of the thing's page, "" for none
	In    In     // of the action; it passes through JSON
}

// errNobody: jobs are run in somebody's name and post.
var errNobody = errors.New("a job needs a person who acts in a post")

// Start asks for a job in the name of who acts, within a running act, and
// gives its id. It begins once the act is committed. fault.Invalid for no row or
// more than RowsAtMost, fault.TooLarge for inputs beyond BytesAtMost,
// fault.TooMany while too many jobs of the person are not ended.
func (b *Bulk[In]) Start(c *app.Call, o Order[In]) (string, error) {
	rows := make([]written, len(o.Rows))
	for i, r := range o.Rows {
		input, err := json.Marshal(r.In)
		if err != nil {
			return "", fmt.Errorf("write row %d of a job: %w", i+1, err)
		}
		rows[i] = written{cut(r.Label), r.Link, string(input)}
	}
	return start(c, job{kind: b.name, title: cut(o.Title)}, rows)
}

// written is a row as the database keeps it.
type written struct{ label, link, input string }

// job is what a new job is about.
type job struct{ kind, title, againOf, againWhat string }

// start writes a job with its rows and tells the workers.
func start(c *app.Call, j job, rows []written) (string, error) {
	who := c.Who()
	if !who.SignedIn() || who.CommitteeID == "" || who.Post.ID == "" || who.Is(access.System) {
		return "", fmt.Errorf("start %s: %w", j.kind, errNobody)
	}
	if err := errors.Join(bounded(rows), fewLive(c)); err != nil {
		return "", err
	}
	made := id.New()
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO job (id, committee_id, person_id, post_id, post_kind, body_id, kind, title, again_of, again_what, state, total, asked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, made, who.CommitteeID, who.PersonID, who.Post.ID, string(who.Post.Kind), who.Post.BodyID,
		j.kind, j.title, j.againOf, j.againWhat, string(Waiting), len(rows), c.Now())
	if err != nil {
		return "", fmt.Errorf("start %s: %w", j.kind, err)
	}
	if err := writeRows(c, made, rows); err != nil {
		return "", err
	}
	return made, c.Record(WasAsked{j.kind, len(rows)}, "job", made)
}

func bounded(rows []written) error {
	if len(rows) == 0 {
		return fault.New(fault.Invalid, "jobs.rows.none")
	}
	if len(rows) > RowsAtMost {
		return fault.New(fault.Invalid, "jobs.rows.many", "max", RowsAtMost)
	}
	sum := 0
	for _, r := range rows {
		if sum += len(r.input); len(r.input) > rowBytes || sum > BytesAtMost {
			return fault.New(fault.TooLarge, "jobs.rows.large")
		}
	}
	return nil
}

// fewLive bounds how many jobs of one person wait or run.
func fewLive(c *app.Call) error {
	var n int
	err := c.Tx().Row(c.Ctx(), "SELECT COUNT(*) FROM job WHERE committee_id = ? AND person_id = ? AND ended_at IS NULL", c.Who().CommitteeID, c.Who().PersonID).Scan(&n)
	if err != nil {
		return fmt.Errorf("count jobs under way: %w", err)
	}
	if n >= liveAtMost {
		return fault.New(fault.TooMany, "jobs.live.many", "max", liveAtMost)
	}
	return nil
}

// atOnce is how many rows one statement writes; what is left is written one by
// one, so that there are two statements and not one per length.
const atOnce = 50

func writeRows(c *app.Call, job string, rows []written) error {
	const row = "(?, ?, ?, ?, ?, ?, ?)"
	const insert = "INSERT INTO job_row (job_id, no, committee_id, label, link, input, state) VALUES "
	many := insert + strings.Repeat(row+", ", atOnce-1) + row
	for no := 1; len(rows) > 0; {
		n, q := 1, insert+row
		if len(rows) >= atOnce {
			n, q = atOnce, many
		}
		args := make([]any, 0, 7*n)
		for _, r := range rows[:n] {
			args = append(args, job, no, c.Who().CommitteeID, r.label, r.link, r.input, string(RowWaiting))
			no++
		}
		if _, err := c.Tx().Exec(c.Ctx(), q, args...); err != nil {
			return fmt.Errorf("write rows of job %s: %w", job, err)
		}
		rows = rows[n:]
	}
	return nil
}

// cut shortens a text to what a line can show.
func cut(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > textAtMost {
		return string([]rune(text)[:textAtMost-1]) + "…"
	}
	return text
}
