package proposal

// Facts of writing. None holds a text or a title: who hears of one reads the
// proposal, so that an erased draft is gone.

// WasSubmitted says that a proposal was handed in, again after a return.
type WasSubmitted struct {
	Registration int64  `json:"registration"`
	Revision     int64  `json:"revision"`
	SessionID    string `json:"session_id"`
	Timing       string `json:"timing"`
	Kind         Kind   `json:"kind"`
	Level        string `json:"level"`
	Holder       string `json:"holder"`
	DueOn        string `json:"due_on"`
	Again        bool   `json:"again"`
}

// FactName names the fact.
func (WasSubmitted) FactName() string { return "proposal.submitted" }

// WasEntered says that staff entered a proposal for somebody, who is told.
type WasEntered struct {
	AuthorID string `json:"author_id"`
	By       string `json:"by"`
	OnPaper  bool   `json:"on_paper"`
}

// FactName names the fact.
func (WasEntered) FactName() string { return "proposal.entered" }

// WasWithdrawn says that the proposer took it back before filing.
type WasWithdrawn struct {
	From   State  `json:"from"`
	Holder string `json:"holder"`
}

// FactName names the fact.
func (WasWithdrawn) FactName() string { return "proposal.withdrawn" }

// SignersInvited says who was asked to propose together with the author.
type SignersInvited struct {
	People []string `json:"people,omitempty"`
	Bodies []string `json:"bodies,omitempty"`
}

// FactName names the fact.
func (SignersInvited) FactName() string { return "proposal.invited" }

// SignerAnswered says that somebody signed or declined.
type SignerAnswered struct {
	Signer string `json:"signer"`
	Signed bool   `json:"signed"`
}

// FactName names the fact.
func (SignerAnswered) FactName() string { return "proposal.invitation-answered" }

// SignerRemoved says that the author no longer proposes with somebody.
type SignerRemoved struct {
	Signer string `json:"signer"`
}

// FactName names the fact.
func (SignerRemoved) FactName() string { return "proposal.signer-removed" }

// SignaturesReset says that the text changed after these had signed, so that
// they are asked again.
type SignaturesReset struct {
	Signers []string `json:"signers"`
}

// FactName names the fact.
func (SignaturesReset) FactName() string { return "proposal.signatures-reset" }

// InvitationsLapsed says whose invitation ended without an answer.
type InvitationsLapsed struct {
	Signers []string `json:"signers"`
}

// FactName names the fact.
func (InvitationsLapsed) FactName() string { return "proposal.invitations-lapsed" }

// AmendmentAnswered says what the proposer answered to the office's edits.
type AmendmentAnswered struct {
	Revision  int64  `json:"revision"`
	Confirmed bool   `json:"confirmed"`
	By        string `json:"by"` // who had edited
}

// FactName names the fact.
func (AmendmentAnswered) FactName() string { return "proposal.amendment-answered" }
