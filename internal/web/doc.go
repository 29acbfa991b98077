// Package web is the page kit: it turns a request into an Actor and an input,
// runs one action or query, and shows a page. Cross-origin protection, body
// limits, security headers, the error page, the layout and the components that
// every page is made of live here.
//
// What does not live here: any page of a domain (its …web package), any SQL,
// any rule.
package web
