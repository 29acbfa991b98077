package handling

import (
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/notify"
)

// yearNotices says who is told what of what goes sideways.
func yearNotices() []notify.Rule {
	return slices.Concat(betweenUnits(), afterwards(), promiseNotices())
}

// betweenUnits are told to units and to those who dispatched the case.
func betweenUnits() []notify.Rule {
	return []notify.Rule{
		on("objection.filed", func(n *news, f WasObjected) error { return n.body(f.UnitID, "handling.notice.consent", access.Signer) }),
		on("objection.consented", func(n *news, f WasConsented) error {
			n.with("day", f.RuleBy)
			return n.keepers(f.DeskID, "handling.notice.rule")
		}),
		on("objection.ruled", func(n *news, f WasRuled) error {
			n.with("to", f.To)
			switch f.Ruling {
			case Accepted:
				return n.body(f.UnitID, "handling.notice.ruled-accepted", access.Handler, access.Signer)
			case Rejected:
				return n.body(f.UnitID, "handling.notice.ruled-rejected", access.Handler, access.Signer)
			}
			return nil
		}),
		on("assignment.bound", func(n *news, f WasBound) error {
			return n.body(f.UnitID, "handling.notice.bound", access.Handler, access.Signer)
		}),
		on("assignment.hastened", func(n *news, f WasHastened) error {
			n.with("day", f.DueOn, "was", f.Was)
			return n.body(f.UnitID, "handling.notice.hastened", access.Handler, access.Signer)
		}),
		on("extension.asked", func(n *news, f WasExtendAsked) error {
			n.with("day", f.Until)
			if f.Approver == "office" {
				return n.keepers("", "handling.notice.extend-asked")
			}
			return n.keepers(f.DeskID, "handling.notice.extend-asked")
		}),
		on("extension.endorsed", func(n *news, f WasEndorsed) error {
			n.with("day", f.Until)
			return n.keepers("", "handling.notice.extend-asked")
		}),
		on("assignment.waived", func(n *news, f WasWaived) error {
			return n.body(f.UnitID, "handling.notice.waived", access.Handler, access.Signer)
		}),
		on("reply.countersign-asked", func(n *news, f WasAskedToAgree) error {
			n.page = letterAt(f.ReplyID)
			n.with("day", f.DueOn)
			return n.units(f.Units, "handling.notice.countersign")
		}),
		on("reply.countersigned", countersignedBy),
		on("reply.decided", func(n *news, f WasDecided) error {
			if err := n.body(f.UnitID, "handling.notice.decided", access.Handler, access.Signer); err != nil {
				return err
			}
			return n.units(f.Units, "handling.notice.decided")
		}),
		on("reply.signed-off", func(n *news, f WasSignedOff) error {
			n.page = letterAt(f.ReplyID)
			n.with("day", f.ReadBy)
			return n.keepers(f.DeskID, "handling.notice.to-read")
		}),
		on("reply.pre-read", func(n *news, f WasRead) error {
			key := "handling.notice.passed"
			switch {
			case f.Result == SentBack:
				key = "handling.notice.sent-back"
			case f.ClassWas != f.ClassIs:
				n.with("was", f.ClassWas, "class", f.ClassIs)
				key = "handling.notice.class-changed"
			}
			return n.body(f.UnitID, key, access.Handler, access.Signer)
		}),
	}
}

// afterwards are told to the proposers too.
func afterwards() []notify.Rule {
	return []notify.Rule{
		on("assignment.extended", func(n *news, f WasExtended) error {
			n.with("day", f.Until, "was", f.Was)
			if f.Decision == Refused {
				return n.body(f.UnitID, "handling.notice.extend-refused", access.Handler, access.Signer)
			}
			if err := n.body(f.UnitID, "handling.notice.extend-granted", access.Handler, access.Signer); err != nil {
				return err
			}
			return n.people(f.About, "handling.notice.put-off")
		}),
		on("case.reopened", func(n *news, f WasReopened) error {
			n.with("day", f.DueOn)
			if err := n.body(f.UnitID, "handling.notice.again", access.Handler, access.Signer); err != nil {
				return err
			}
			return n.people(f.About, "handling.notice.again-told")
		}),
		on("case.exhausted", func(n *news, f WasExhausted) error { return n.body("", "handling.notice.last-word", access.Chief) }),
		on("case.last-word", func(n *news, f WasLastWord) error {
			if f.Decision == LastAgain {
				return nil // the second handling is told of
			}
			return n.people(f.About, "handling.notice.last-word-said")
		}),
	}
}

// countersignedBy tells the lead what an assisting unit said, and who decides
// when the units disagree.
func countersignedBy(n *news, f WasCountersigned) error {
	n.page = letterAt(f.ReplyID)
	key := "handling.notice.agreed"
	if f.Answer == Disagreed {
		key = "handling.notice.disagreed"
	}
	if err := n.body(f.LeadUnit, key, access.Handler, access.Signer); err != nil || !f.Disputed {
		return err
	}
	return n.keepers(f.LeadDesk, "handling.notice.dispute")
}

// keepers tells a supervision office, or the committee's office for what it
// dispatched itself.
func (n *news) keepers(deskID, key string) error {
	if deskID == "" {
		return n.body("", key, access.Office, access.Chief)
	}
	return n.body(deskID, key, access.Dispatcher)
}

func (n *news) units(list []string, key string) error {
	for _, id := range list {
		if err := n.body(id, key, access.Handler, access.Signer); err != nil {
			return err
		}
	}
	return nil
}
