// Package profileweb shows the committee's rules in plain words and lets those
// who may change them, section by section.
//
// What does not live here: what a rule may be (package profile).
package profileweb
