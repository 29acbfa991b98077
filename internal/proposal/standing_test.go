package proposal_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/clock"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// TestWhoMayDoWhat is the rule table of the proposer's acts.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	who := func(k access.PostKind, body string) access.Actor {
		return access.Actor{CommitteeID: "c", PersonID: "me", Post: access.Post{Kind: k, BodyID: body, BodyKind: "party"}}
	}
	handed := clock.InstantOf(testkit.Start)
	mine := proposal.Proposal{CommitteeID: "c", State: proposal.Draft, Kind: proposal.Individual, AuthorID: "me", Version: 1}
	others, party, asked, foreign, paper, lapsed := mine, mine, mine, mine, mine, mine
	others.AuthorID = "other"
	party.AuthorID, party.Kind, party.Signers = "other", proposal.OfParty, []proposal.Signer{{ID: "party", IsBody: true, State: proposal.Signed}}
	asked.AuthorID, asked.Signers = "other", []proposal.Signer{{ID: "me", State: proposal.Invited}}
	lapsed.AuthorID, lapsed.Signers = "other", []proposal.Signer{{ID: "me", State: proposal.Lapsed}}
	foreign.CommitteeID = "elsewhere"
	paper.AuthorID, paper.EnteredBy, paper.OnPaper, paper.SubmittedAt, paper.State = "other", "colleague", true, handed, proposal.Submitted
	submitted := others
	submitted.SubmittedAt, submitted.State = handed, proposal.Submitted
	for _, c := range []struct {
		name  string
		who   access.Actor
		p     proposal.Proposal
		write string
		sign  string
	}{
		{"author", who(access.Member, ""), mine, "allow", "deny"},
		{"author in another post", who(access.Handler, "unit"), mine, "deny", "hide"},
		{"another member", who(access.Member, ""), others, "hide", "hide"},
		{"invited member", who(access.Member, ""), asked, "deny", "allow"},
		{"member whose invitation lapsed", who(access.Member, ""), lapsed, "hide", "allow"},
		{"invited, but acting for his unit", who(access.Handler, "unit"), asked, "hide", "hide"},
		{"convener of the organisation", who(access.Convener, "party"), party, "allow", "deny"},
		{"convener of another", who(access.Convener, "women"), party, "hide", "hide"},
		{"member of the party", who(access.Member, "party"), party, "hide", "hide"},
		{"office, a draft", who(access.Office, ""), others, "hide", "hide"},
		{"office, submitted", who(access.Office, ""), submitted, "deny", "deny"},
		{"office, entered from paper", who(access.Office, ""), paper, "allow", "deny"},
		{"chief, entered from paper", who(access.Chief, ""), paper, "deny", "deny"},
		{"system administrator", who(access.SystemAdmin, ""), submitted, "hide", "hide"},
		{"auditor", who(access.Auditor, ""), submitted, "hide", "hide"},
		{"another committee", who(access.Member, ""), foreign, "hide", "hide"},
		{"nobody", access.Actor{}, mine, "hide", "hide"},
	} {
		if got := proposal.Withdraw.Judge(c.who, &c.p).String(); got != c.write {
			t.Errorf("%s writes: %s, want %s", c.name, got, c.write)
		}
		if got := proposal.Cosign.Judge(c.who, &c.p).String(); got != c.sign {
			t.Errorf("%s signs: %s, want %s", c.name, got, c.sign)
		}
	}
}
