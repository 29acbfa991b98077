// Package notifyweb is the inbox as pages and as JSON.
package notifyweb
