// Package fiction invents the city that the demonstration runs in: 云川市, its
// municipal committee with 335 members, 85 undertaking units, both supervision
// offices, and as many proposals with their replies, contacts and ratings as
// asked for.
//
// Everything is a pure function of a seed, so two runs with one seed agree to
// the last character. The wording lives in data/*.json and may be edited there
// without touching Go; this package only chooses and fills in.
//
// Nothing here is real: places and companies are made up, names are composed
// from common characters and checked against fingerprints of well-known people,
// and every phone and ID number is invalid by construction. What is not here:
// time, storage, accounts, and the acting out of a case. The demonstration does
// that with the same actions people use.
package fiction
