package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// Owners are the things of handling that have attachments: "opinion" by the id
// of the assignment, "reply" and "rating" (scans of paper forms) by the id of
// the reply, "promise" (evidence) by the id of the promise.
func Owners() document.Owners {
	return document.Owners{"opinion": opinionFiles{}, "reply": replyFiles{}, "rating": ratingFiles{}, "promise": promiseFiles{}}
}

// missing is the answer to those who may not know of a thing.
func missing() error { return fault.New(fault.NotFound, "fault.not-found") }

// fileLimits are those of the profile for attachments.
type fileLimits struct{}

// Limits are the files and bytes that a thing may have.
func (fileLimits) Limits(l *app.Look) (files int, bytes int64, err error) {
	rules, _, err := profile.Current(l)
	if err != nil {
		return 0, 0, err
	}
	return rules.Proposal.AttachmentsMax, rules.Proposal.AttachmentBytes, nil
}

type opinionFiles struct{ fileLimits }

// MayAttach: the assisting unit, from signing on until the case is closed.
func (opinionFiles) MayAttach(l *app.Look, id string) error {
	e, err := errandOf(l, id)
	if err != nil {
		return err
	}
	switch {
	case !mayOpine(l.Who(), e).Allowed():
		return refusal(e.sees(l.Who()) && e.proposer(l.Who()) == nil)
	case e.A.State == Sent:
		return fault.New(fault.Closed, "handling.sign-first")
	case !e.Row.ClosedAt.IsZero():
		return fault.New(fault.Closed, "handling.close.done")
	}
	return nil
}

// MayRead: everybody who may read the opinion, which proposers may not.
func (opinionFiles) MayRead(l *app.Look, id string) error {
	e, err := errandOf(l, id)
	if err != nil {
		return err
	}
	if !e.sees(l.Who()) || e.proposer(l.Who()) != nil {
		return missing()
	}
	return nil
}

type replyFiles struct{ fileLimits }

// MayAttach: the unit, while the reply is being drafted.
func (replyFiles) MayAttach(l *app.Look, id string) error {
	t, err := letterOf(l, id)
	switch {
	case err != nil:
		return err
	case !mayReply(l.Who(), &Errand{t.Matter, t.A}).Allowed():
		return refusal(t.reads(l.Who()))
	case t.R.State != Drafted:
		return fault.New(fault.Closed, "handling.reply.closed."+string(t.R.State))
	}
	return nil
}

// MayRead: everybody who may read the reply.
func (replyFiles) MayRead(l *app.Look, id string) error {
	t, err := letterOf(l, id)
	if err != nil {
		return err
	}
	if !t.reads(l.Who()) {
		return missing()
	}
	return nil
}

type ratingFiles struct{ fileLimits }

// MayAttach: the office, which enters paper forms.
func (ratingFiles) MayAttach(l *app.Look, id string) error {
	t, err := letterOf(l, id)
	if err != nil {
		return err
	}
	if !office(l.Who()) || t.R.State != Issued || !t.sees(l.Who()) {
		return refusal(l.Who().Is(access.Leader) && t.reads(l.Who()))
	}
	return nil
}

// MayRead: the office and who looks on; a paper form names its rater.
func (ratingFiles) MayRead(l *app.Look, id string) error {
	t, err := letterOf(l, id)
	if err != nil {
		return err
	}
	if !t.reads(l.Who()) || !office(l.Who()) && !l.Who().Is(access.Leader) {
		return missing()
	}
	return nil
}

// refusal is the no to those who may know of the thing, and to the others.
func refusal(known bool) error {
	if known {
		return fault.New(fault.Forbidden, "access.denied")
	}
	return missing()
}
