// Package api is the JSON kit: one operation per action and query, problem
// bodies, and the OpenAPI 3.1 document written from the same types.
//
// What does not live here: pages (package web), any rule, any SQL. It comes in
// by web's front door, so that sessions, headers and limits exist once.
package api
