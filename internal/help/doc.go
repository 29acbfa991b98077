// Package help holds a page of help for each kind of post, and one for people
// who have not signed in, in plain Chinese and English (帮助).
//
// The texts are plain files, text/<language>/<kind>.txt, written like an
// official document: the first line is the title, "一、" or "I. " opens a
// section, "1. " is a step, "· word: meaning" explains a word, every other line
// is a paragraph. They are embedded and read once, at start.
//
// What does not live here: sentences of single pages (each domain's messages).
package help
