package archive

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Property is one of the four properties of an electronic archive (四性).
type Property string

// The properties, in the order of the report.
const (
	Authenticity Property = "authenticity" // 真实性
	Integrity    Property = "integrity"    // 完整性
	Usability    Property = "usability"    // 可用性
	Safety       Property = "safety"       // 安全性
)

// Properties lists them.
func Properties() []Property { return []Property{Authenticity, Integrity, Usability, Safety} }

// Severity says how much a finding weighs.
type Severity string

// The severities.
const (
	Severe  Severity = "severe"  // the case is archived only with a written reason
	Warning Severity = "warning" // somebody should look
	Note    Severity = "note"    // to be known
	Passed  Severity = "passed"  // checked and found right
)

// Finding is one line of a self-check. Key and Args are its sentence.
type Finding struct {
	Property Property `json:"property"`
	Severity Severity `json:"severity"`
	Key      string   `json:"key"`
	Args     []string `json:"args,omitempty"`
}

// Pairs are the arguments of the sentence.
func (f Finding) Pairs() []any { return pairs(f.Args) }

// Pairs are the arguments of the sentence.
func (o Open) Pairs() []any { return pairs(o.Args) }

func pairs(list []string) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = x
	}
	return out
}

// findings gathers the lines of a check.
type findings []Finding

func (f *findings) add(p Property, s Severity, key string, args ...any) {
	x := Finding{Property: p, Severity: s, Key: key}
	for _, a := range args {
		x.Args = append(x.Args, fmt.Sprint(a))
	}
	*f = append(*f, x)
}

// check adds a line that passed, or one that did not.
func (f *findings) check(ok bool, p Property, s Severity, passed, failed string, args ...any) {
	if ok {
		f.add(p, Passed, passed, args...)
		return
	}
	f.add(p, s, failed, args...)
}

// count tells how many lines weigh so much.
func (f findings) count(s Severity) int {
	n := 0
	for _, x := range f {
		if x.Severity == s {
			n++
		}
	}
	return n
}

// text is how findings are kept.
func (f findings) text() (string, error) {
	b, err := json.Marshal(append([]Finding{}, f...))
	if err != nil {
		return "", fmt.Errorf("write findings: %w", err)
	}
	return string(b), nil
}

func itoa(n int) string { return strconv.Itoa(n) }
