package handling

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// FollowUpIn begins a further reply of a case that is answered.
type FollowUpIn struct {
	ID string `json:"id"` // assignment
}

// BeginFollowUp begins a further reply after the case was answered (续复): what
// was promised is done, or the class rises from B to A. The first reply stays
// as it is, in the case and in the figures of its year. What is still promised
// stands in the draft: a promise gets another date here and nowhere else.
var BeginFollowUp = app.Define("reply.follow-up",
	func(c *app.Call, in FollowUpIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayReply,
	func(c *app.Call, e *Errand, _ FollowUpIn) (ReplySaved, error) {
		last := e.issuedOf(e.A.ID)
		switch {
		case e.A.State != Answered || last == nil:
			return ReplySaved{}, fault.New(fault.Closed, "handling.follow-up.early")
		case e.workOn(e.A.ID) != nil:
			return ReplySaved{}, fault.New(fault.Closed, "handling.follow-up.begun")
		}
		text := ReplyText{Class: last.Class, Publicity: last.Publicity, PublicityReason: last.PublicityReason}
		for _, x := range last.Items {
			text.Items = append(text.Items, ItemAnswer{No: x.No, Outcome: x.Outcome})
		}
		text.Promises = e.openPromises()
		r, err := e.begin(c, text, Drafted, "", FollowUp)
		if err != nil {
			return ReplySaved{}, err
		}
		return r.saved(e.Matter), settle(c, e.Matter)
	})

// DropFollowUp throws the draft of a further reply away, unless it was read
// before and sent back: then it is part of the record.
var DropFollowUp = app.Define("reply.drop",
	func(c *app.Call, in RecallIn) (*Letter, error) { return loadLetter(c, in.ID) },
	mayTakeBack,
	func(c *app.Call, l *Letter, _ RecallIn) (Progress, error) {
		if l.R.Purpose != FollowUp || l.R.State != Drafted {
			return Progress{}, fault.New(fault.Closed, "handling.reply.closed."+string(l.R.State))
		}
		if l.wasRead() {
			return Progress{}, fault.New(fault.Closed, "handling.follow-up.read")
		}
		for _, q := range []string{"DELETE FROM reply_item WHERE reply_id = ?", "DELETE FROM reply_promise WHERE reply_id = ?", "DELETE FROM reply WHERE id = ?"} {
			if _, err := c.Tx().Exec(c.Ctx(), q, l.R.ID); err != nil {
				return Progress{}, err
			}
		}
		return (&Errand{l.Matter, l.A}).progress(), settle(c, l.Matter)
	})

// wasRead reports whether a reply came back from a reading, which stays on record.
func (l *Letter) wasRead() bool {
	return slices.ContainsFunc(l.Readings, func(x ReadingOf) bool { return x.ReplyID == l.R.ID })
}
