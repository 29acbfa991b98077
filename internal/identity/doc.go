// Package identity knows people, how they sign in, their sessions and their
// API tokens. Personal fields go through package seal.
//
// Words: a person (人员) is somebody the committee knows; an account (账号) is
// how he signs in; a one-time code (一次性领取码) lets him take the account over
// and choose a password that nobody else ever learns; a session (会话) is one
// browser that signed in, a token (令牌) one program; the acting post
// (当前身份) is kept with both. The very first code, made when no account
// exists, founds the committee (启用码).
//
// A secret (password, code, token) is stored as a hash only, and never in the
// kept answers for repetitions: acts that take or give one are Unkept, and hash
// passwords ahead of their transaction.
//
// What does not live here: who serves where and in which post (package
// organization).
package identity
