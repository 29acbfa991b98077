// Package documentweb shows attachments and takes uploads. Pages of other
// domains put Attachments among their own cards.
//
// What does not live here: who may attach or read (the owner of the thing).
package documentweb
