package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// yearWaits are the queues of the workbench of what goes sideways.
func yearWaits() []app.Waits {
	keepers := []access.PostKind{access.Dispatcher, access.Office, access.Chief}
	unit := []access.PostKind{access.Handler, access.Signer}
	return []app.Waits{
		{Name: "handling.waits.rule", For: keepers, Find: toRule},
		{Name: "handling.waits.extend", For: keepers, Find: toDecide},
		{Name: "handling.waits.dispute", For: keepers, Find: toSettle},
		{Name: "handling.waits.read", For: keepers, Find: toPreRead},
		{Name: "handling.waits.consent", For: []access.PostKind{access.Signer}, Find: toConsent},
		{Name: "handling.waits.countersign", For: unit, Find: toCountersign},
		{Name: "handling.waits.last-word", For: []access.PostKind{access.Chief}, Find: toSayLastWord},
	}
}

// atDesk is the condition on rows x that wait at somebody's desk: the committee's
// office for what it dispatched itself.
func atDesk(who access.Actor, column string) store.Fragment {
	desk := ""
	if who.Is(access.Dispatcher) {
		desk = who.Post.BodyID
	}
	return store.And(store.F("x.committee_id = ?", who.CommitteeID), store.F(column+" = ?", desk))
}

// toRule: objections that wait for a ruling.
func toRule(l *app.Look, limit int) ([]app.Waiting, int, error) {
	where := store.And(atDesk(l.Who(), "x.desk_id"), store.F("x.ruling = '' AND x.rule_by <> ''"))
	return asked{
		columns: caseColumns + ", x.consented_at, x.rule_by, x.unit_name", order: "x.rule_by, x.id",
		from: store.Join(store.F("FROM objection x"+theCase+"WHERE"), where),
		scan: func(r store.Row, w *app.Waiting) error { return ofUnit(r, w, "handling.wait.rule") },
	}.find(l, limit)
}

// ofUnit reads a row that names the unit that waits.
func ofUnit(r store.Row, w *app.Waiting, key string) error {
	var unit string
	err := dressed(r, w, key, &w.Since, &w.DueOn, &unit)
	w.Args = append(w.Args, "unit", unit)
	return err
}

// toConsent: objections that wait for the leader of the unit; after a hand-over
// for that of the unit which has the case now.
func toConsent(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + ", x.filed_at, a.object_by, x.unit_name", order: "x.filed_at, x.id",
		from: store.F("FROM objection x"+theCase+`JOIN assignment a ON a.id = x.assignment_id
			WHERE x.committee_id = ? AND a.unit_id = ? AND x.ruling = '' AND x.consented_at IS NULL`, l.Who().CommitteeID, l.Who().Post.BodyID),
		scan: func(r store.Row, w *app.Waiting) error { return ofUnit(r, w, "handling.wait.consent") },
	}.find(l, limit)
}

// toDecide: wishes for more time that wait for the one who asks.
func toDecide(l *app.Look, limit int) ([]app.Waiting, int, error) {
	who := l.Who()
	where := store.And(store.F("x.committee_id = ?", who.CommitteeID), store.F("x.decision IN ('', 'endorsed') AND x.decision = '' AND x.approver <> 'office' AND x.desk_id = ?", who.Post.BodyID))
	if office(who) {
		where = store.And(store.F("x.committee_id = ?", who.CommitteeID),
			store.F("x.decision IN ('', 'endorsed') AND (x.decision = 'endorsed' OR x.approver = 'office' OR x.desk_id = '')"))
	}
	return asked{
		columns: caseColumns + ", x.asked_at, x.was, x.unit_name", order: "x.asked_at, x.id",
		from: store.Join(store.F("FROM extension x"+theCase+"WHERE"), where),
		scan: func(r store.Row, w *app.Waiting) error { return ofUnit(r, w, "handling.wait.extend") },
	}.find(l, limit)
}

// toPreRead: replies that were signed off and wait to be read.
func toPreRead(l *app.Look, limit int) ([]app.Waiting, int, error) {
	where := store.And(atDesk(l.Who(), "a.desk_id"), store.F("x.state = 'reading'"))
	return letters(l, limit, where, "x.signed_off_at, x.read_by_on", "x.read_by_on, x.id", "handling.wait.read")
}

// toSettle: drafts about which units disagree and all have spoken.
func toSettle(l *app.Look, limit int) ([]app.Waiting, int, error) {
	where := store.And(atDesk(l.Who(), "a.desk_id"), store.F("x.state = 'countersigning'"),
		store.F("EXISTS (SELECT 1 FROM countersign s WHERE s.reply_id = x.id AND s.answer = 'disagreed')"),
		store.F("NOT EXISTS (SELECT 1 FROM countersign s WHERE s.reply_id = x.id AND s.answer = '')"))
	return letters(l, limit, where, "x.saved_at, a.due_on", "a.due_on, x.id", "handling.wait.dispute")
}

// letters are replies x of assignments a that wait for somebody.
func letters(l *app.Look, limit int, where store.Fragment, times, order, key string) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + ", " + times + ", x.unit_name, x.id", order: order,
		from: store.Join(store.F("FROM reply x"+theCase+"JOIN assignment a ON a.id = x.assignment_id WHERE"), where),
		scan: func(r store.Row, w *app.Waiting) error {
			var unit, reply string
			err := dressed(r, w, key, &w.Since, &w.DueOn, &unit, &reply)
			w.Args, w.Link = append(w.Args, "unit", unit), letterAt(reply)
			return err
		},
	}.find(l, limit)
}

// toCountersign: drafts that the unit is asked to countersign.
func toCountersign(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + ", x.asked_at, x.due_on, r.unit_name, r.id", order: "x.due_on, x.id",
		from: store.F("FROM countersign x"+theCase+`JOIN reply r ON r.id = x.reply_id
			WHERE x.committee_id = ? AND x.unit_id = ? AND x.answer = '' AND r.state = 'countersigning'`, l.Who().CommitteeID, l.Who().Post.BodyID),
		scan: func(r store.Row, w *app.Waiting) error {
			var unit, reply string
			err := dressed(r, w, "handling.wait.countersign", &w.Since, &w.DueOn, &unit, &reply)
			w.Args, w.Link = append(w.Args, "unit", unit), letterAt(reply)
			return err
		},
	}.find(l, limit)
}

// toSayLastWord: cases whose rounds are used up.
func toSayLastWord(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + ", x.asked_at", order: "x.asked_at, x.id",
		from: store.F("FROM last_word x"+theCase+"WHERE x.committee_id = ? AND x.decision = ''", l.Who().CommitteeID),
		scan: func(r store.Row, w *app.Waiting) error { return dressed(r, w, "handling.wait.last-word", &w.Since) },
	}.find(l, limit)
}
