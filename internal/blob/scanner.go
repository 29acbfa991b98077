package blob

import (
	"context"
	"io"
)

// Finding is what a scanner says. The zero value is NotScanned, so that
// forgetting to scan never reads as clean.
type Finding int

// The findings.
const (
	NotScanned Finding = iota // no scanner looked
	Clean                     // a scanner looked and found nothing
	Infected                  // a scanner found something
)

// String is the word stored beside the file.
func (f Finding) String() string {
	switch f {
	case Clean:
		return "clean"
	case Infected:
		return "infected"
	}
	return "not-scanned"
}

// Verdict is a scanner's answer.
type Verdict struct {
	Finding Finding
	Engine  string // name and version of the scanner and its database
	Threat  string // what was found, when Infected
}

// Scanner looks for malicious code. An error means that no answer was had; the
// caller decides whether that refuses the upload or leaves it NotScanned.
type Scanner func(ctx context.Context, r io.Reader) (Verdict, error)

// NoScanner is the Scanner of an installation without one.
func NoScanner(context.Context, io.Reader) (Verdict, error) {
	return Verdict{Engine: "none"}, nil
}
