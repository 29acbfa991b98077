// Package document keeps the files that belong to something: attachments of
// proposals, replies, contact records and paper ratings (附件). It also reads the
// text of uploads for secrecy marks (密级标志) and writes the Word form of a
// proposal.
//
// An upload is judged before any transaction: its size, its kind by ending and
// content, what a camera wrote into a picture, the virus scanner, and marks of
// state secrets. Only what passed is kept as a file, and only then does the
// act `document.attach` name it in the table. A removed attachment is no longer
// shown or served; its row and its file stay, because an earlier version of
// the case may have been reviewed with it.
//
// What does not live here: who may attach and read (each domain lends an
// [Owner] for its kind of thing), the files themselves (package blob), letters
// and forms of the handling side.
package document
