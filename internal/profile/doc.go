// Package profile holds the committee's rules as versioned data: windows,
// classes, reasons, forms, review levels. Every change is audited and every
// computed value remembers the version it was computed with. The defaults
// (domain.md 12) work untouched.
//
// What does not live here: settings of the machine (package config), and what
// the rules are applied to (the domains).
package profile
