package supervision

import (
	"fmt"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

const answerMax = 1000

// AnswerIn is a unit's answer to a chase.
type AnswerIn struct {
	ID    string `json:"id"`
	Words string `json:"words"`
}

// AnswerOut tells how it stands.
type AnswerOut struct {
	ID   string `json:"id"`
	Late bool   `json:"late"`
}

// Answer answers a chase in words (回复): what is done about it, and until when.
var Answer = app.Define("chase.answer",
	func(c *app.Call, in AnswerIn) (*Chase, error) { return loadChase(c, in.ID) }, byUnit,
	func(c *app.Call, x *Chase, in AnswerIn) (AnswerOut, error) {
		if err := x.unanswered(); err != nil {
			return AnswerOut{}, err
		}
		in.Words = strings.TrimSpace(in.Words)
		var p fault.Problems
		text(&p, "words", in.Words, answerMax)
		if err := p.Err(); err != nil {
			return AnswerOut{}, err
		}
		if x.ReceivedAt.IsZero() { // who answers has it
			if err := x.receive(c); err != nil {
				return AnswerOut{}, err
			}
		}
		return AnswerOut{x.ID, x.Overdue}, x.end(c, ByWords, in.Words)
	})

// unanswered says what became of a chase that was answered.
func (x *Chase) unanswered() error {
	switch {
	case x.AnsweredAt.IsZero():
		return nil
	case x.How == ByReply:
		return fault.New(fault.Closed, "supervision.chase.settled")
	default:
		return fault.New(fault.Closed, "supervision.chase.answered-already")
	}
}

// end writes the answer of a chase that had none.
func (x *Chase) end(c *app.Call, how, words string) error {
	who := c.Who()
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE chase SET answered_at = ?, answered_by = ?, answered_name = ?, how = ?, answer = ?, late = ? WHERE id = ? AND answered_at IS NULL",
		c.Now(), who.PersonID, answerer(x, who.Name, how), how, words, x.Overdue, x.ID)
	if err != nil {
		return fmt.Errorf("answer chase %s: %w", x.ID, err)
	}
	c.Detail(map[string]any{"how": how, "late": x.Overdue})
	return c.Record(WasAnswered{x.about(), how, x.Overdue}, "chase", x.ID)
}

// answerer names who answered; what came by itself has no name but the unit's.
func answerer(x *Chase, name, how string) string {
	if how == ByReply {
		return x.UnitName
	}
	return name
}
