// Package browser drives a real Chromium the way a person uses it: by the words on the
// page. A test fills the field labelled 标题 and clicks 提交; it never names an element
// by its id or class, so a page may be rebuilt as long as it still reads the same.
//
// Every helper waits until what it needs is there and gives up after a fixed patience;
// no test sleeps. While a page is open the package listens: an error on the console, a
// violated Content Security Policy, a request to another host, a broken stylesheet or
// script and an answer of 5xx fail the test that caused them.
//
// What does not live here: starting the product (package product) and the journeys
// themselves (the tests of the module's root).
package browser
