// Package workbenchweb is the home page, and the same as JSON.
package workbenchweb
