// Package product builds the product, runs it as a user would, and multiplies the proposals
// of its demo city until a database holds as many as the measurement wants.
//
// Multiplying writes rows below the product's actions. It is done here and nowhere else, to
// a copy that is thrown away, because a million proposals by actions over HTTP would take
// longer than the measurement. What is multiplied was made by actions; a copy takes over
// all rows that belong to a proposal, with new ids and new numbers.
//
// What does not live here: what is measured (package main).
package product
