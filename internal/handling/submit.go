package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// SubmitIn sends a reply to the signing leader, with what was written last.
type SubmitIn struct {
	ID      string `json:"id"`                // assignment
	Version int64  `json:"version,omitempty"` // of the reply
	ReplyText
}

// Submit sends a reply to the signing leader of the unit (送签), or first to the
// assisting units where the committee wants them to countersign.
var Submit = app.Define("reply.submit",
	func(c *app.Call, in SubmitIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayReply,
	func(c *app.Call, e *Errand, in SubmitIn) (ReplySaved, error) {
		k, err := clockNow(&c.Look)
		if err != nil {
			return ReplySaved{}, err
		}
		r, err := e.save(c, k, in.Version, in.ReplyText)
		if err != nil {
			return ReplySaved{}, err
		}
		if err := e.complete(k, e.A, r.ReplyText, r.Purpose); err != nil {
			return ReplySaved{}, err
		}
		l := &Letter{e.Matter, e.A, r}
		c.Detail(map[string]any{"reply": r.ID, "class": r.Class})
		asked, err := e.askToCountersign(c, k, r)
		if err != nil {
			return ReplySaved{}, err
		}
		if !asked {
			if err := l.toSigning(c); err != nil {
				return ReplySaved{}, err
			}
			return r.saved(e.Matter), settle(c, e.Matter)
		}
		if err := r.move(Countersigning); err != nil {
			return ReplySaved{}, err
		}
		n, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET state = ?, returned_note = '', version = version + 1 WHERE id = ? AND version = ?", string(r.State), r.ID, r.Version)
		if err := written(n, err, "reply "+r.ID); err != nil {
			return ReplySaved{}, err
		}
		r.Version++
		return r.saved(e.Matter), settle(c, e.Matter)
	})

// ReturnIn gives a reply back to the handler.
type ReturnIn struct {
	ID      string `json:"id"` // reply
	Version int64  `json:"version"`
	Words   string `json:"words"` // what is to be changed
}

// Return gives a reply back to the handler with words of the leader (退回修改).
var Return = app.Define("reply.return",
	func(c *app.Call, in ReturnIn) (*Letter, error) { return loadLetter(c, in.ID) },
	maySignOff, giveBack)

// IssueIn signs a reply off.
type IssueIn struct {
	ID      string `json:"id"` // reply
	Version int64  `json:"version"`
}

// Issue signs a reply off (签发). It goes to every proposer, or first to who
// dispatched the case where the committee wants replies to be read beforehand.
var Issue = app.Define("reply.issue",
	func(c *app.Call, in IssueIn) (*Letter, error) { return loadLetter(c, in.ID) },
	maySignOff,
	func(c *app.Call, l *Letter, in IssueIn) (ReplySaved, error) {
		if err := l.fresh(in.Version); err != nil {
			return ReplySaved{}, err
		}
		return l.issue(c, signature{c.Who().PersonID, c.Who().Name})
	})

// EnterIn is a reply that came on paper from a unit without an account.
type EnterIn struct {
	ID      string `json:"id"`                // assignment
	Version int64  `json:"version,omitempty"` // of the assignment
	Signer  string `json:"signer"`            // who signed it on paper
	ReplyText
}

// Enter enters a reply for a unit in which nobody has an account; the record
// names both who signed it and who entered it.
var Enter = app.Define("reply.enter",
	func(c *app.Call, in EnterIn) (*Errand, error) { return loadErrand(c, in.ID) },
	func(who access.Actor, e *Errand) access.Verdict {
		v := mayWork(who, e)
		switch {
		case v.Allowed() && e.ownUnit(who):
			return access.Deny("handling.enter.own-unit")
		case v.Allowed() && !e.A.Role.Main():
			return access.Deny("handling.reply.assist")
		}
		return v
	}, enter)
