// Package profile holds the committee's rules as versioned data: windows,
// classes, reasons, forms, review levels. Every change is audited and every
// computed value remembers the version it was computed with. The defaults
// (domain.md 12) work untouched. A version is stored whole; what an older one
// does not have yet reads as its default.
//
// A Setting is one rule; settings stand in Sections, which are changed and put
// back together, and Sections in Groups, the headings of the page. FormOf gives
// the rules as the forms show them, ChangeRules takes one section back.
//
// What does not live here: settings of the machine (package config), and what
// the rules are applied to (the domains).
package profile
