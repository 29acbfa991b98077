// Package handling is what every case that somebody must answer shares (办理):
// dispatch, assignment, sign-for, contact, assisting opinion, reply, rating and
// closing. It knows a case by kind and id only; a domain lends its rules (Kind).
//
// How far a case has come after filing is derived from these records, never
// set by hand:
//
//	filed ─dispatch▶ dispatched ─sign▶ handling ─issue▶ replied ─rate▶ closed
//
// Words: 交办 dispatch, 督查室 supervision office (dispatcher), 承办单位 unit,
// 主办 lead, 会办 assist, 分办 separate, 独办 sole, 签收 sign for, 会办意见 assisting
// opinion, 答复 reply, 签发 sign off, 征询意见 rating, 结案 closing.
//
// What does not live here: what a case is about and how it came to be filed.
package handling
