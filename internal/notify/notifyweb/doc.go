// Package notifyweb is the inbox, how people want to be told, and how the
// channels do, as pages and as JSON.
package notifyweb
