// Package static embeds the files that browsers fetch once and keep: style sheet, script, htmx, mark and icons.
//
// A page asks Path for an address that carries the content's hash, so that the answer may be kept for ever and a new
// version is fetched at once. Handler answers those addresses, already compressed.
//
// tongxin.css and tongxin.js are made by `go generate ./internal/web/script`. What others wrote is listed with name,
// version, licence and sha256 in VENDORED.json. What does not live here: anything a person uploaded.
package static
