// Package fault is the one error that a person may see: what kind it is, which
// sentence tells it, beside which field, and what caused it.
//
// What does not live here: turning a kind into an HTTP status (packages web
// and api), and errors that only an engineer can act on (plain wrapped errors).
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what the person can do about it.
type Kind int

// The kinds, each with the status that web and api give it.
const (
	Internal        Kind = iota // 500: nothing a person can do; shows a request number only
	Invalid                     // 422: something typed must be changed
	Unauthenticated             // 401: sign in first
	Forbidden                   // 403: may be seen, may not be done
	NotFound                    // 404: does not exist, or may not be seen
	Closed                      // 409: the step is over or not open yet
	Stale                       // 409: somebody else changed it meanwhile
	Conflict                    // 409: it exists already
	TooLarge                    // 413: the upload or text is too large
	TooMany                     // 429: too often; wait
	Unavailable                 // 503: try again; nothing was written
)

// Error is one fault, or the first of several.
type Error struct {
	Kind  Kind
	Key   string // message key
	Args  []any  // pairs of placeholder and value
	Field string // name of the form field, "" for the whole form
	Also  []*Error
	cause error
}

// New makes a fault of a kind; args are pairs of placeholder and value.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Field makes an Invalid fault that is shown beside a form field.
func Field(field, key string, args ...any) *Error {
	return &Error{Kind: Invalid, Key: key, Args: args, Field: field}
}

// Because remembers the cause for the log; people never see it.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// Error is the text for the log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key)
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	for _, a := range e.Also {
		fmt.Fprintf(&b, "; %s (%s)", a.Key, a.Field)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// All lists the fault and those that came with it.
func (e *Error) All() []*Error { return append([]*Error{e}, e.Also...) }

// From finds the fault in an error; an error without one is Internal.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Key: "fault.internal", cause: err}
}

// Is reports whether err is a fault of that kind.
func Is(err error, kind Kind) bool { return err != nil && From(err).Kind == kind }

// Problems gathers what is wrong with a form, so that a person is told
// everything at once.
type Problems struct{ list []*Error }

// Add notes that a field is wrong.
func (p *Problems) Add(field, key string, args ...any) {
	p.list = append(p.list, Field(field, key, args...))
}

// Check notes the problem unless ok.
func (p *Problems) Check(ok bool, field, key string, args ...any) {
	if !ok {
		p.Add(field, key, args...)
	}
}

// Err is nil when nothing is wrong, else one fault that carries them all.
func (p *Problems) Err() error {
	if len(p.list) == 0 {
		return nil
	}
	first := *p.list[0]
	first.Also = p.list[1:]
	return &first
}
