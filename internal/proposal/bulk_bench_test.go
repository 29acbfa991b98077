package proposal_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/jobs"
	"tongxin/internal/notify"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// What a supervision office dispatches after a session: 409 cases to 1,150
// assignments, in a city of sixty units.
const (
	benchCases = 409
	benchPairs = 77 // of them go to two units, the others to three
	benchUnits = 60
)

// dispatchTown is a committee whose cases wait at the government's desk.
type dispatchTown struct {
	*testkit.World
	rows []handling.CaseRow
}

// sow is an act of a benchmark that writes below the actions.
type sow struct{}

func (sow) Object() (string, string) { return "bench", "" }

func waitingTown(b *testing.B, h *testkit.House) *dispatchTown {
	b.Helper()
	w := &dispatchTown{World: testkit.NewWorld(b, h)}
	var units []string
	add := app.Define("bench.units", func(*app.Call, struct{}) (sow, error) { return sow{}, nil }, access.Public[sow],
		func(c *app.Call, _ sow, _ struct{}) (struct{}, error) {
			for i := range benchUnits {
				unit := id.New()
				_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO body (id, committee_id, kind, name, channel, valid_from) VALUES (?, ?, 'unit', ?, 'government', '2021-01-01')",
					unit, w.CommitteeID, fmt.Sprintf("市第%d局", i+1))
				if err != nil {
					return struct{}{}, err
				}
				units = append(units, unit)
			}
			return struct{}{}, nil
		})
	_, err := add.Do(b.Context(), w.App, access.Actor{}, struct{}{})
	must(b, err)
	for i := range benchCases {
		p := filed(b, w.World, w.Members[i%len(w.Members)])
		roles := []handling.Role{handling.Lead, handling.Assist, handling.Assist}
		if i < benchPairs {
			roles = roles[:2]
		}
		row := handling.CaseRow{Kind: "proposal", ID: p}
		for k, role := range roles {
			row.Units = append(row.Units, handling.UnitRole{Unit: units[(i*3+k*7)%benchUnits], Role: role})
		}
		w.rows = append(w.rows, row)
	}
	h.CaughtUp(b)
	for from := 0; from < benchCases; from += 200 {
		_, err := handling.RouteCases.Do(b.Context(), w.App, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: w.rows[from:min(from+200, benchCases)]})
		must(b, err)
	}
	h.CaughtUp(b)
	return w
}

// used is the processor time of this process so far.
func used() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkBulkDispatch dispatches 409 cases to 1,150 assignments: in acts of
// two hundred at most, all or none, and as a job. Run it once per city:
//
//	go test -run - -bench BulkDispatch -benchtime 1x -count 5 ./internal/proposal
func BenchmarkBulkDispatch(b *testing.B) {
	for _, e := range testkit.Engines() {
		b.Run(string(e)+"/acts", func(b *testing.B) {
			benchDispatch(b, func() *testkit.House { return dispatchHouse(b, string(e)) }, func(w *dispatchTown) {
				for from := 0; from < benchCases; from += 200 {
					_, err := handling.Dispatch.Do(b.Context(), w.App, w.GovDesk, handling.DispatchIn{Rows: w.rows[from:min(from+200, benchCases)]})
					must(b, err)
				}
			})
		})
		b.Run(string(e)+"/job", func(b *testing.B) {
			benchDispatch(b, func() *testkit.House { return dispatchHouse(b, string(e)) }, func(w *dispatchTown) {
				plan, err := handling.DispatchPlan.Do(b.Context(), w.App, w.GovDesk, struct{}{})
				must(b, err)
				out, err := handling.DispatchAll.Do(b.Context(), w.App, w.GovDesk, handling.DispatchAllIn{Digest: plan.Digest})
				must(b, err)
				must(b, jobs.Work(b.Context(), w.App))
				j, err := jobs.Show.Do(b.Context(), w.App, w.GovDesk, jobs.ShowIn{ID: out.Job})
				if must(b, err); j.Done != benchCases || j.State != jobs.Done {
					b.Fatalf("the job did %+v", j.Job)
				}
			})
		})
	}
}

func dispatchHouse(b *testing.B, engine string) *testkit.House {
	b.Helper()
	modules := []app.Module{proposal.Module(), handling.Module("proposal.filed", "proposal.corrected"), jobs.Module(),
		notify.Module(append(handling.Notices(), jobs.Notices()...)...)}
	return testkit.Open(b, store.Engine(engine), modules, []any{handling.Kinds{"proposal": proposal.Cases{}}, jobs.Register(handling.Bulk()...)})
}

func benchDispatch(b *testing.B, open func() *testkit.House, dispatch func(*dispatchTown)) {
	for b.Loop() {
		b.StopTimer()
		w := waitingTown(b, open())
		b.StartTimer()
		cpu, start := used(), time.Now()
		dispatch(w)
		took := time.Since(start)
		b.ReportMetric(float64(benchCases)/took.Seconds(), "cases/s")
		b.ReportMetric(float64((used()-cpu).Microseconds())/benchCases, "cpu-µs/case")
		b.StopTimer()
		cpu = used()
		w.CaughtUp(b)
		b.ReportMetric(float64((used()-cpu).Microseconds())/benchCases, "behind-µs/case")
		if n := number(b, w.World, "SELECT COUNT(*) FROM assignment"); n != 3*benchCases-benchPairs {
			b.Fatalf("%d assignments were made", n)
		}
		b.StartTimer()
	}
}
