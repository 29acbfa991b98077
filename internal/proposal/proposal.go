package proposal

import (
	"slices"

	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// State is how far a proposal has come.
type State string

// The states. Those from Dispatched on are handling's stages.
const (
	Draft            State = "draft"
	Submitted        State = "submitted" // under review
	Returned         State = "returned"  // back with the proposer for revision
	Withdrawn        State = "withdrawn"
	NotFiled         State = "not_filed"
	ConvertedOpinion State = "converted_opinion" // became a 社情民意 report
	ConvertedLetter  State = "converted_letter"  // became a letter (委员来信)
	TransferredUp    State = "transferred_up"    // became a proposal of the higher committee
	Filed                  = State(handling.Filed)
	Dispatched             = State(handling.Dispatched)
	Underway               = State(handling.Underway)
	Replied                = State(handling.Replied)
	Closed                 = State(handling.Closed)
)

// States lists every state in the order of the lists' filter.
func States() []State {
	return []State{Draft, Submitted, Returned, Filed, Dispatched, Underway, Replied, Closed, NotFiled, ConvertedOpinion, ConvertedLetter, TransferredUp, Withdrawn}
}

// next are the arrows of a proposal's own state. After Filed handling moves it.
var next = map[State][]State{ //nolint:gochecknoglobals // the arrow table
	Draft:            {Submitted}, // a draft is not withdrawn but discarded: it was never handed in
	Submitted:        {Returned, Withdrawn, Filed, NotFiled, ConvertedOpinion, ConvertedLetter, TransferredUp},
	Returned:         {Submitted, Withdrawn},
	Withdrawn:        {},
	NotFiled:         {},
	ConvertedOpinion: {},
	ConvertedLetter:  {},
	TransferredUp:    {},
	Filed:            {},
}

// IsFiled reports whether the state is filed or later.
func (s State) IsFiled() bool {
	return slices.Contains([]State{Filed, Dispatched, Underway, Replied, Closed}, s)
}

// Kind says who proposes (domain.md 1.1).
type Kind string

// The kinds.
const (
	Individual     Kind = "individual"           // 委员个人
	Joint          Kind = "joint"                // 委员联名
	OfParty        Kind = "party"                // 党派
	OfOrganization Kind = "peoples_organization" // 人民团体
	OfSector       Kind = "sector"               // 界别
	OfGroup        Kind = "group"                // 小组
	OfCommittee    Kind = "special_committee"    // 专委会
)

// Who holds a proposal before filing, as message keys of Proposal.Holder.
const (
	HeldByProposer = "proposal.holder.proposer"
	HeldByReviewer = "proposal.holder.reviewer"
	HeldByOffice   = "proposal.holder.office"
	HeldByChief    = "proposal.holder.chief"
)

// holderOf tells who holds a proposal at a level of review.
func holderOf(level string) string {
	switch level {
	case profile.Preliminary:
		return HeldByReviewer
	case profile.Final:
		return HeldByChief
	default:
		return HeldByOffice
	}
}

// Collective reports whether an organisation proposes (集体提案).
func (k Kind) Collective() bool { return k != Individual && k != Joint }

// Proposal is a proposal as lists, rules and acts see it; its text is apart.
type Proposal struct {
	ID            string     `json:"id"`
	CommitteeID   string     `json:"-"`
	SessionID     string     `json:"session_id"`
	State         State      `json:"state"`
	Level         string     `json:"level,omitempty"` // of review
	Number        int64      `json:"number,omitempty"`
	Registration  int64      `json:"registration,omitempty"`
	Title         string     `json:"title"`
	Category      string     `json:"category"`
	Timing        string     `json:"timing"`
	Kind          Kind       `json:"kind"`
	AuthorID      string     `json:"-"`
	LeadName      string     `json:"lead_name"`
	EnteredBy     string     `json:"-"`
	OnPaper       bool       `json:"on_paper"`
	Publish       string     `json:"publish"` // agreed, refused
	PublishReason string     `json:"publish_reason,omitempty"`
	Revision      int64      `json:"revision"`
	Pending       int64      `json:"pending,omitempty"` // office revision that waits for the proposer
	Holder        string     `json:"holder,omitempty"`  // message key
	HolderName    string     `json:"holder_name,omitempty"`
	HolderSince   store.Time `json:"holder_since"`
	DueOn         string     `json:"due_on,omitempty"` // 2026-03-31; Never for none
	LeadUnitID    string     `json:"lead_unit_id,omitempty"`
	LeadUnitName  string     `json:"lead_unit_name,omitempty"`
	ReplyClass    string     `json:"reply_class,omitempty"`
	KeyYear       int64      `json:"key_year,omitempty"` // for which it is a key proposal
	CreatedAt     store.Time `json:"created_at"`
	SavedAt       store.Time `json:"saved_at"`
	SubmittedAt   store.Time `json:"submitted_at"`
	FiledAt       store.Time `json:"filed_at"`
	Version       int64      `json:"version"`

	Signers  []Signer `json:"-"` // loaded for rules and pages, not for lists
	Involved []string `json:"-"` // bodies it was routed to; loaded for desks and units only
}

// Never is the due date of what has none; it sorts last on both engines.
const Never = "9999-12-31"

// Object names the proposal in the audit record.
func (p *Proposal) Object() (string, string) { return "proposal", p.ID }

// Signer is somebody invited to propose together with the author.
type Signer struct {
	ID         string     `json:"id"` // person or body
	IsBody     bool       `json:"is_body"`
	Name       string     `json:"name"`
	State      string     `json:"state"` // invited, signed, declined, removed, lapsed
	InvitedAt  store.Time `json:"invited_at"`
	AnsweredAt store.Time `json:"answered_at"`
}

// SignerOf finds the invitation of a person, nil without one.
func (p *Proposal) SignerOf(id string) *Signer {
	for i := range p.Signers {
		if p.Signers[i].ID == id && p.Signers[i].State != "removed" {
			return &p.Signers[i]
		}
	}
	return nil
}

// move follows an arrow, or says that the step is over.
func (p *Proposal) move(to State) error {
	if !slices.Contains(next[p.State], to) {
		return fault.New(fault.Closed, "proposal.closed."+string(to))
	}
	p.State = to
	return nil
}
