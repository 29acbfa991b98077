package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/notify"
)

// promiseNotices says who is told what of promises.
func promiseNotices() []notify.Rule {
	return []notify.Rule{
		on("promise.kept", func(n *news, f WasPromiseKept) error {
			n.page = promiseAt(f.PromiseID)
			n.with("day", f.KeptOn)
			key := "handling.notice.promise-kept"
			if f.Confirm {
				key = "handling.notice.promise-confirm"
			}
			if err := n.people(f.About, key); err != nil || !f.All {
				return err
			}
			n.page = ""
			return n.ofUnit("handling.notice.promise-all-kept")
		}),
		on("promise.cancel-asked", func(n *news, f WasCancelAsked) error {
			n.page = promiseAt(f.PromiseID)
			return n.keepers(f.DeskID, "handling.notice.promise-cancel-asked")
		}),
		on("promise.cancel-refused", func(n *news, f WasCancelRefused) error {
			n.page = promiseAt(f.PromiseID)
			return n.ofUnit("handling.notice.promise-cancel-refused")
		}),
		on("promise.cancelled", func(n *news, f WasPromiseCancelled) error {
			n.page = promiseAt(f.PromiseID)
			if err := n.ofUnit("handling.notice.promise-cancelled-unit"); err != nil {
				return err
			}
			return n.people(f.About, "handling.notice.promise-cancelled")
		}),
		on("promise.confirmed", func(n *news, f WasPromiseConfirmed) error {
			n.page = promiseAt(f.PromiseID)
			if f.Answer == ConfirmYes {
				return n.ofUnit("handling.notice.promise-confirmed")
			}
			if err := n.ofUnit("handling.notice.promise-denied"); err != nil {
				return err
			}
			return n.keepers(f.DeskID, "handling.notice.promise-denied-watch")
		}),
		on("promise.near", func(n *news, f WasPromiseNear) error {
			n.page = promiseAt(f.PromiseID)
			n.with("day", f.DueOn)
			return n.ofUnit("handling.notice.promise-near")
		}),
		on("promise.late", promiseLate),
	}
}

// promiseLate tells the unit, by text message too, who dispatched the case and
// the committee's office; the proposers once.
func promiseLate(n *news, f WasPromiseLate) error {
	n.page = promiseAt(f.PromiseID)
	n.with("day", f.DueOn)
	if len(f.People)+len(f.Bodies) > 0 {
		if err := n.people(f.About, "handling.notice.promise-late-told"); err != nil {
			return err
		}
	}
	n.late = true
	if err := n.ofUnit("handling.notice.promise-late"); err != nil {
		return err
	}
	n.list[len(n.list)-1].By = []string{notify.BySMS}
	if f.DeskID != "" {
		if err := n.body(f.DeskID, "handling.notice.promise-late-watch", access.Dispatcher); err != nil {
			return err
		}
	}
	return n.body("", "handling.notice.promise-late-watch", access.Office)
}

// ofUnit tells the unit of the fact.
func (n *news) ofUnit(key string) error {
	return n.body(n.f.UnitID, key, access.Handler, access.Signer)
}

// promiseAt is the path of the page of a promise.
func promiseAt(id string) string { return "/promises/" + id }
