// Package product builds the product once and runs it as a user would: one binary, its
// command line, its output, its signals. It knows nothing of what happens inside.
//
// What does not live here: looking at pages (package browser) and the journeys (the tests
// of the module's root).
package product
