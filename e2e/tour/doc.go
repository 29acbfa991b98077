// Package tour walks through the demo's city as each role: every main page on
// the desk and on the phone, in Chinese and English, in normal and large text,
// with the accessibility rules run over each.
//
// What does not live here: carrying a case through (package journey).
package tour
