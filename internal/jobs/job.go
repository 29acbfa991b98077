package jobs

import (
	"errors"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// State is how far a job has come.
type State string

// The states of a job.
const (
	Waiting State = "waiting" // nobody took a row yet
	Running State = "running"
	Done    State = "done"    // every row has its outcome
	Stopped State = "stopped" // somebody stopped it; rows under way are finished
)

// RowState is what became of one row.
type RowState string

// The states of a row.
const (
	RowWaiting RowState = "waiting"
	RowRunning RowState = "running"
	RowDone    RowState = "done"
	RowFailed  RowState = "failed"
	RowUnrun   RowState = "unrun" // the job was stopped before
)

// Bounds of a job.
const (
	RowsAtMost  = 5000
	BytesAtMost = 16 << 20 // of all inputs as JSON
	rowBytes    = 64 << 10 // of one input
	liveAtMost  = 20       // jobs of one person that are not ended
	textAtMost  = 200      // characters of a title or label
	staleAfter  = 5 * 24 * time.Hour
	kept        = 90 * 24 * time.Hour
)

// Job is one act on many things.
type Job struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"` // message key of its word
	Title     string     `json:"title,omitempty"`
	State     State      `json:"state"`
	Total     int64      `json:"total"`
	Done      int64      `json:"done"`
	Failed    int64      `json:"failed"`
	Unrun     int64      `json:"unrun"` // after a stop
	AskedBy   string     `json:"asked_by"`
	AskedAt   store.Time `json:"asked_at"`
	StartedAt store.Time `json:"started_at"`
	StoppedAt store.Time `json:"stopped_at"`
	EndedAt   store.Time `json:"ended_at"`           // when the last row got its outcome
	AgainOf   string     `json:"again_of,omitempty"` // the job whose rows these were

	committeeID, personID, postID, postKind, bodyID, stoppedBy string
}

// Left counts the rows that have no outcome yet.
func (j *Job) Left() int64 { return j.Total - j.Done - j.Failed - j.Unrun }

// Over reports whether nothing of the job happens any more.
func (j *Job) Over() bool { return !j.EndedAt.IsZero() }

// StoppedByItself reports whether nobody stopped the job: it was found too late
// to be run.
func (j *Job) StoppedByItself() bool { return j.State == Stopped && j.stoppedBy == "" }

// Object names the job in the audit record.
func (j *Job) Object() (string, string) { return "job", j.ID }

// PathOf is the path of the page of a job.
func PathOf(id string) string { return "/jobs/" + id }

const jobColumns = `j.id, j.committee_id, j.person_id, j.post_id, j.post_kind, j.body_id, j.kind, j.title, j.state, j.total, j.done, j.failed, j.unrun,
	j.asked_at, j.started_at, j.stopped_at, j.stopped_by, j.ended_at, j.again_of, p.name`

const fromJob = " FROM job j LEFT JOIN person p ON p.id = j.person_id "

func scanJob(r store.Row, j *Job) error {
	var name *string
	if err := r.Scan(&j.ID, &j.committeeID, &j.personID, &j.postID, &j.postKind, &j.bodyID, &j.Kind, &j.Title, &j.State, &j.Total, &j.Done, &j.Failed, &j.Unrun,
		&j.AskedAt, &j.StartedAt, &j.StoppedAt, &j.stoppedBy, &j.EndedAt, &j.AgainOf, &name); err != nil {
		return err
	}
	if name != nil {
		j.AskedBy = *name
	}
	return nil
}

// load reads a job and, inside an act, makes other acts on it wait. Rules and
// scopes judge who may know of it.
func load(l *app.Look, id string) (*Job, error) {
	if err := l.Tx().Claim(l.Ctx(), "job", "id", id); err != nil {
		return nil, fmt.Errorf("claim job %s: %w", id, err)
	}
	var j Job
	err := scanJob(l.Tx().Row(l.Ctx(), "SELECT "+jobColumns+fromJob+"WHERE j.id = ?", id), &j)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("read job %s: %w", id, err)
	}
	return &j, nil
}

// scope is which jobs (alias j) somebody may see: his own; all of the office
// for those who work there; those of his desk for a dispatcher. It says the
// same as sees.
func scope(who access.Actor) access.Scope {
	all := access.Committee("j.committee_id", who.CommitteeID)
	switch {
	case !who.SignedIn():
		return access.Nothing()
	case who.Is(access.Office, access.Chief):
		return all.And("j.person_id = ? OR j.post_kind IN ('office', 'chief')", who.PersonID)
	case who.Is(access.Dispatcher):
		return all.And("j.person_id = ? OR j.post_kind = 'dispatcher' AND j.body_id = ?", who.PersonID, who.Post.BodyID)
	default:
		return all.And("j.person_id = ?", who.PersonID)
	}
}

func (j *Job) sees(who access.Actor) bool {
	switch {
	case !who.SignedIn() || who.CommitteeID == "" || who.CommitteeID != j.committeeID:
		return false
	case who.PersonID == j.personID:
		return true
	case who.Is(access.Office, access.Chief):
		return j.postKind == string(access.Office) || j.postKind == string(access.Chief)
	case who.Is(access.Dispatcher):
		return j.postKind == string(access.Dispatcher) && who.In(j.bodyID)
	default:
		return false
	}
}
