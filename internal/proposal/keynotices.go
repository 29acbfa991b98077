package proposal

import (
	"slices"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
)

// keyNews is what is told of one fact about one key proposal.
type keyNews struct {
	*news
	key *Key
}

// keyNotices says who is told what about key proposals. Proposers are not told
// of instructions, which they may not read.
func keyNotices() []notify.Rule {
	return []notify.Rule{
		aboutKey("key.approved", func(n *keyNews, f KeyWasApproved) error {
			return n.proposers("proposal.notice.key.approved", "year", strconv.FormatInt(f.Year, 10))
		}),
		aboutKey("key.arranged", func(n *keyNews, f KeyWasArranged) error {
			if err := n.tell(f.New, nil, "proposal.notice.key.led"); err != nil {
				return err
			}
			if f.Assist == "" {
				return nil
			}
			return n.tell(nil, []string{f.Assist}, "proposal.notice.key.assist")
		}),
		aboutKey("key.noticed", func(n *keyNews, f KeyWasNoticed) error {
			if f.DueOn == "" {
				return n.bodies(f.Units, "proposal.notice.key.unit-no-plan")
			}
			return n.bodies(f.Units, "proposal.notice.key.unit", "day", f.DueOn)
		}),
		aboutKey("key.plan-submitted", func(n *keyNews, _ KeyPlanSubmitted) error { return n.office("proposal.notice.key.plan") }),
		aboutKey("key.plan-judged", func(n *keyNews, f KeyPlanJudged) error {
			if !f.Accepted {
				return n.bodies([]string{f.Unit}, "proposal.notice.key.plan-returned")
			}
			if err := n.leaders("proposal.notice.key.plan-leader"); err != nil {
				return err
			}
			return n.bodies([]string{f.Unit}, "proposal.notice.key.plan-accepted")
		}),
		aboutKey("key.supervised", func(n *keyNews, f KeyWasSupervised) error {
			if err := n.bodies(f.Bodies, "proposal.notice.key.required"); err != nil {
				return err
			}
			return n.proposers("proposal.notice.key.supervised", "day", f.HeldOn)
		}),
		aboutKey("key.instructed", func(n *keyNews, f KeyWasInstructed) error {
			if err := n.office("proposal.notice.key.instructed"); err != nil || f.Body == "" {
				return err
			}
			return n.bodies([]string{f.Body}, "proposal.notice.key.follow-up", "day", f.DueOn)
		}),
		aboutKey("key.answered", func(n *keyNews, f KeyWasAnswered) error {
			if err := n.office("proposal.notice.key.answered"); err != nil || f.Kind != DueFollowUp {
				return err
			}
			return n.author(f.Task)
		}),
		aboutKey("key.due-changed", func(n *keyNews, f KeyDueChanged) error {
			if f.State == TaskEnded {
				return n.bodies([]string{f.Body}, "proposal.notice.key.ended")
			}
			return n.bodies([]string{f.Body}, "proposal.notice.key.changed", "day", f.DueOn)
		}),
		aboutKey("key.reminded", (*keyNews).reminded),
		aboutKey("key.released", func(n *keyNews, _ KeyWasReleased) error {
			if err := n.leaders("proposal.notice.key.released"); err != nil {
				return err
			}
			return n.proposers("proposal.notice.key.released")
		}),
	}
}

// aboutKey is about for key proposals: the link leads to the key proposal's
// own page.
func aboutKey[F any](fact string, say func(*keyNews, F) error) notify.Rule {
	return about(fact, func(n *news, f F) error {
		key, err := KeyOf(n.l, n.p.ID)
		if err != nil || key == nil {
			return err
		}
		err = say(&keyNews{n, key}, f)
		for i := range n.list {
			n.list[i].Link = KeyPath(n.p.ID)
		}
		return err
	})
}

// bodies tells those who work in units and supervision offices.
func (n *keyNews) bodies(ids []string, key string, args ...string) error {
	var to []string
	for _, id := range ids {
		if id == "" {
			continue
		}
		list, err := notify.Holders(n.l, id, access.Handler, access.Signer, access.Dispatcher)
		if err != nil {
			return err
		}
		to = append(to, list...)
	}
	return n.tell(to, nil, key, args...)
}

func (n *keyNews) office(key string, args ...string) error {
	to, err := notify.Holders(n.l, "", access.Office)
	if err != nil {
		return err
	}
	return n.tell(to, nil, key, args...)
}

// leaders tells the leaders who lead it and have an account.
func (n *keyNews) leaders(key string, args ...string) error {
	var to []string
	for _, x := range n.key.Leaders {
		if x.PersonID != "" {
			to = append(to, x.PersonID)
		}
	}
	return n.tell(to, nil, key, args...)
}

// author tells the leader whose instruction was followed up.
func (n *keyNews) author(task string) error {
	t := n.key.task(task)
	if t == nil {
		return nil
	}
	list, err := instructionsOf(n.l, n.p.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(x KeyInstruction) bool { return x.ID == t.SourceID })
	if i < 0 || list[i].LeaderID == "" {
		return nil
	}
	return n.tell([]string{list[i].LeaderID}, nil, "proposal.notice.key.followed", "body", t.BodyName)
}

// reminded tells the body that owes something; when it is late the office and
// the leaders who lead too. What follows an instruction is told only to the
// leader who leads, as they read instructions.
func (n *keyNews) reminded(f KeyWasReminded) error {
	key := "proposal.notice.key." + f.Step + "." + f.Kind
	if f.Body == "" {
		return n.office(key, "day", f.DueOn)
	}
	if err := n.bodies([]string{f.Body}, key, "day", f.DueOn); err != nil || f.Step != RemindLate {
		return err
	}
	name := ""
	if t := n.key.task(f.Task); t != nil {
		name = t.BodyName
	}
	if err := n.office("proposal.notice.key.watch", "body", name, "day", f.DueOn); err != nil {
		return err
	}
	return n.leaders("proposal.notice.key.watch", "body", name, "day", f.DueOn)
}

// keyPersonal is the register of personal fields about key proposals.
func keyPersonal() []app.Personal {
	return []app.Personal{
		{Table: "key_recommendation", Column: "by_name", Purpose: "names who recommended a key proposal", Retention: "as the case"},
		{Table: "key_consultation", Column: "people", Purpose: "names who took part in a consultation", Retention: "as the case"},
		{Table: "key_leader", Column: "name", Purpose: "names who leads a key proposal", Retention: "permanent"},
		{Table: "key_record", Column: "leader", Purpose: "names who led a supervision", Retention: "permanent"},
		{Table: "key_record", Column: "participants", Purpose: "names who took part in a supervision", Retention: "as the case"},
		{Table: "key_instruction", Column: "leader_name", Purpose: "names who wrote an instruction", Retention: "permanent"},
	}
}
