// Package seal is the crypto provider of the house: it seals personal fields,
// finds them again by equality, stamps important rows, signs checkpoints, and
// hashes passwords, session tokens and one-time codes.
//
// All keys live in one file outside the database, the repository and the
// backups, opened once as a Keeper. Two suites do the same work:
//
//	purpose   intl          gm
//	field     AES-256-GCM   SM4-GCM       Seal, Open
//	lookup    HMAC-SHA256   HMAC-SM3      Lookup, Lookups
//	row       HMAC-SHA256   HMAC-SM3      Stamp, CheckStamp
//	sign      Ed25519       SM2-SM3       Sign, Verify
//	(hash)    SHA-256       SM3           Hash, HashHex
//
// Every text the package writes names its suite and its key, so that a key may
// be rotated, or the suite switched, while everything written earlier stays
// readable. The last key of a purpose in the file is the current one; the
// others only read.
//
// The gm suite is software. It gives the algorithms an assessment asks for, not
// the certified module: where one is required, a certified device takes the
// place of the Keeper behind the interfaces its users declare.
//
// What does not live here: which columns are personal, who may read them, and
// how passwords are chosen (identity); the audit chain (audit); secret ballots
// and their keys, which never touch the key file (ballot).
package seal
