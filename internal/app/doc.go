// Package app runs actions and queries. An action is something a person does
// in the committee's own words (提交提案, 立案, 答复); it is declared once, with
// Define, and served everywhere: page, JSON, command line, timed job. Do opens
// the transaction, loads the subject, asks the rule, runs, writes the audit
// row and the facts, and commits. Nothing else reaches a writable transaction.
//
// What does not live here: any action. Each domain declares its own.
package app
