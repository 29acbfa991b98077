package proposal

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// What a proposal may be turned into.
const (
	ToOpinion = "opinion" // 社情民意
	ToLetter  = "letter"  // 委员来信
)

// ConvertIn turns a proposal into something else.
type ConvertIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	To      string `json:"to"`    // opinion or letter
	Words   string `json:"words"` // why; told to the proposer
}

// Convert ends a proposal that is worth more as an opinion report or a letter
// (转为社情民意或委员来信).
var Convert = app.Define("proposal.convert", func(c *app.Call, in ConvertIn) (*Proposal, error) { return claim(c, in.ID) }, mayDecide, convert)

// WasConverted is the fact that a proposal became something else.
type WasConverted struct {
	To string `json:"to"`
}

// FactName implements app.Fact.
func (WasConverted) FactName() string { return "proposal.converted" }

func convert(c *app.Call, p *Proposal, in ConvertIn) (Moved, error) {
	if err := underReview(p, in.Version); err != nil {
		return Moved{}, err
	}
	in.Words = clean(in.Words)
	var problems fault.Problems
	problems.Check(in.To == ToOpinion || in.To == ToLetter, "to", "proposal.review.choose")
	words(&problems, "words", in.Words, true)
	if err := problems.Err(); err != nil {
		return Moved{}, err
	}
	to := ConvertedOpinion
	if in.To == ToLetter {
		to = ConvertedLetter
	}
	return end(c, p, ending{to, VerdictTo + in.To, "", in.Words, WasConverted{in.To}})
}
