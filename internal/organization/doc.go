// Package organization knows the committee and what it is made of: sectors
// (界别), parties, people's organisations, special committees (专委会), groups
// (小组), undertaking units (承办单位), supervision offices (督查室), terms (届)
// and sessions (次), and who serves where, in which post, from when to when.
//
// What does not live here: how people sign in (package identity) and the
// committee's rules (package profile).
package organization
