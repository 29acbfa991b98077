// Package jobs does one act to many things (批量办理): a supervision office
// dispatches 409 cases, the office chases every late unit. A job outlives the
// request that asked for it; its page shows how far it has come and what became
// of each thing, and who asked is told at the end.
//
// A job moves by arrows:
//
//	waiting ─▶ running ─▶ done
//	   └─────────┴──stop─▶ stopped
//
// and so does each row of it:
//
//	waiting ─claim─▶ running ─▶ done | failed
//	   │                └─node went away─▶ waiting, or again running elsewhere
//	   └─stop─▶ unrun
//
// Always: done + failed + unrun + those waiting and running = total.
//
// # One effect per row
//
// Each row performs the action's ordinary Do, with the rule, the audit entry and
// the facts of any act, as the person who asked in the post in which he asked.
// Both are looked up again for every batch: when the post has ended, what is
// left is refused with that reason. The idempotency key is job/row. A worker
// claims rows for half a minute before it runs them and records what became of
// them afterwards; a node that dies in between leaves rows whose claim runs out,
// somebody runs them again under the same key, and the first answer stands. The
// answers to keys are kept for a week, so a job that is not finished after five
// days (nobody ran the product) is stopped rather than taken up.
//
// The order of rows is not promised: several run at once.
//
// # How a domain gets a bulk act
//
// Declare the kind beside the action; the name is also the message key of its
// word, is kept with each job, and never changes once published:
//
//	var BulkDispatch = jobs.Of(Dispatch, "handling.bulk.dispatch") // "批量交办"
//
// Let package site know it: one line in site.lent, jobs.Register(…). Start a job
// in the run of an action of your own, which judges who may, is audited and
// repeats with its key, and go to its page:
//
//	job, err := BulkDispatch.Start(c, jobs.Order[DispatchIn]{Title: "督查室队列", Rows: rows})
//	…
//	web.Form(k, "POST /dispatch/all", handling.DispatchAll, func(_ *web.Request, o handling.Started) string { return jobs.PathOf(o.Job) })
//
// A page that shows first what would happen keeps what stands against a row with
// FaultsOf and renders it with View.Say, as the page of a job does.
//
// Each row has its own input, which passes through JSON, a label for people
// (第 014 号 标题) and the path of the thing. Keep a single row's act small: it is
// its own commit. An action whose input or answer is secret (Unkept) cannot be
// a kind: nothing would keep it from happening twice.
//
// In tests, Work does what waits, as the server does behind the commit.
//
// Words: 批量办理 job, 项 row, 未执行 unrun.
//
// What does not live here: the acts themselves, and work that nobody waits for
// (a Task of the domain).
package jobs
