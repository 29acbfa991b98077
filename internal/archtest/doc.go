// Package archtest keeps the house true: import floors as ARCHITECTURE.md draws
// them, a page and an operation for every action, the permission table, the
// words, the schema, the open doors, the API document. It holds tests only.
//
// What does not live here: tests of what the product does (each domain's own).
package archtest
