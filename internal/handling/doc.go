// Package handling is what every case that somebody must answer shares (办理):
// dispatch, assignment, sign-for, contact, assisting opinion, reply, rating and
// closing. It knows a case by kind and id only; a domain lends its rules (Kind).
//
// How far a case has come after filing is derived from these records (see
// derive.go), never set by hand:
//
//	filed ─dispatch▶ dispatched ─sign▶ handling ─issue▶ replied ─rate▶ closed
//
// An assignment and a reply move by arrows (see states.go):
//
//	assignment  dispatched ─sign▶ signed ─issue, opine▶ answered
//	            dispatched ─change-unit▶ changed
//	reply       draft ─submit▶ signing ─issue▶ issued
//	            draft ◀─return─ signing
//	promise     open ─keep▶ kept ─confirm: no▶ open
//	            open ─cancel▶ cancelled, open ─a later reply▶ replaced
//
// A promise is registered when the reply that makes it goes out, and stays in
// the register for good. Its date never moves: where the unit needs another it
// says so to the proposers in a further reply, whose promise renews the earlier
// one. The register shows both dates, and figures go by the first.
//
// A case closes by the committee's rule that held when it was dispatched: when
// every reply is issued (replied), when everybody who is asked has rated or has
// let the time pass (rated), or when the committee confirms it (confirmed). A
// dissatisfied rating is recorded and stays with the closed case as its
// outcome; a second handling is not part of this version.
//
// Words: 交办 dispatch, 督查室 supervision office (dispatcher, "desk"), 承办单位
// unit, 主办 lead, 会办 assist, 分办 separate, 独办 sole, 签收 sign for, 改办 change
// the unit, 会办意见 assisting opinion, 答复 reply, 签发 sign off, 征询意见 rating,
// 承诺 promise, 续复 further reply, 结案 closing.
//
// What does not live here: what a case is about and how it came to be filed.
package handling
