package notify

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"tongxin/internal/app"
)

// Rule says what is told when a fact happened. The domain that records the
// fact publishes it.
type Rule struct {
	// Fact is the name of the fact, such as proposal.filed.
	Fact string
	// Notices works out who is told what. It reads as the system actor of the
	// fact's committee and answers nothing when nobody needs to be told.
	Notices func(l *app.Look, f app.Heard) ([]Notice, error)
}

// Notice is one sentence for some people.
type Notice struct {
	// To are the ids of the people. Who did it himself is never told.
	To []string
	// Key is the message key of the sentence. Key with ".mail" is the same
	// without any particulars, for what leaves the house; without it a general
	// one is used. Key with ".sms" is a shorter one for small screens, in which
	// {number}, {day}, {due} and {n} are filled and nothing else.
	Key string
	// Args are pairs of placeholder and short value: a title, a number, a unit's
	// name, a date as 2026-03-31.
	Args []string
	// Link is the path of the page where the case stands; no fragment.
	Link string
	// Urgency is Normal when nothing is said.
	Urgency Urgency
	// By are channels (BySMS …) that this notice must go by whatever people
	// chose, as a formal letter does; still not in quiet hours unless it is
	// Urgent. A channel that the installation does not have is passed over.
	By []string
}

// Body reads what a fact says.
func Body[T any](f app.Heard) (T, error) {
	var body T
	if err := json.Unmarshal(f.Body, &body); err != nil {
		return body, fmt.Errorf("read fact %s %s: %w", f.Kind, f.ID, err)
	}
	return body, nil
}

// longest is the number of characters of a value that a message keeps.
const longest = 80

// packed is the JSON of the arguments, each cut to what a line can show.
func packed(args []string) (string, error) {
	if len(args)%2 == 1 {
		return "", fmt.Errorf("pack the values of a message: %d is no number of pairs", len(args))
	}
	short := make([]string, len(args))
	for i, a := range args {
		if utf8.RuneCountInString(a) > longest {
			a = string([]rune(a)[:longest-1]) + "…"
		}
		short[i] = a
	}
	b, err := json.Marshal(short)
	if err != nil {
		return "", fmt.Errorf("pack the values of a message: %w", err)
	}
	return string(b), nil
}
