// Package journey walks the product as its users do, from the bootstrap code on an empty
// machine to a closed case: every role in a browser of its own, on the desk and on the phone.
//
// What does not live here: the helpers (packages browser and product), and the look at every
// page of a full city (package tour).
package journey
