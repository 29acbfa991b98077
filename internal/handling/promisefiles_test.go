package handling_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
)

// TestEvidenceOfAPromise: the unit attaches files while the promise is open, and
// everybody who sees the case reads them.
func TestEvidenceOfAPromise(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		_, list := w.promised("2026-06-30")
		id := list[0].ID
		owner := handling.Owners()["promise"]
		ask := func(who access.Actor, f func(*app.Look, string) error, id string) error {
			q := app.Ask("test.files", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (struct{}, error) { return struct{}{}, f(l, id) })
			_, err := q.Do(t.Context(), w.App, who, struct{}{})
			return err
		}
		w.ok(ask(w.HandlerA, owner.MayAttach, id))
		w.ok(ask(w.SignerA, owner.MayAttach, id))
		for _, who := range []access.Actor{w.HandlerA, w.GovDesk, w.Office, w.Leader, w.Members[0], w.Members[1]} {
			w.ok(ask(who, owner.MayRead, id))
		}
		refused(t, ask(w.Members[0], owner.MayAttach, id), fault.Forbidden, "access.denied")
		refused(t, ask(w.GovDesk, owner.MayAttach, id), fault.Forbidden, "access.denied")
		for _, who := range []access.Actor{w.HandlerB, w.Members[4], w.PartyDesk, w.SysAdmin, w.Stranger} {
			refused(t, ask(who, owner.MayAttach, id), fault.NotFound, "fault.not-found")
			refused(t, ask(who, owner.MayRead, id), fault.NotFound, "fault.not-found")
		}
		refused(t, ask(w.HandlerA, owner.MayRead, "nothing"), fault.NotFound, "fault.not-found")
		w.At(t, "2026-05-06T10:00")
		act(w, handling.KeepPromise, w.HandlerA, kept(id))
		refused(t, ask(w.HandlerA, owner.MayAttach, id), fault.Closed, "handling.promise.closed.kept")
		act(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: id, Answer: handling.ConfirmNo, Words: "没有"})
		w.ok(ask(w.HandlerA, owner.MayAttach, id))
	})
}
