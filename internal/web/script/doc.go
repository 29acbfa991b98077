// Package script holds the TypeScript of the pages. It has no Go code of its own: `go generate` runs ./build, which
// bundles index.ts and the style sheet into ../static, where the program embeds them. The sources are the .ts files
// beside this one, one comfort per file, put together in index.ts.
//
// What does not live here: anything a page needs to work. Every form is usable without script; what the script reads
// (addresses, texts, keys) is written into data attributes by the templates, as ../style/README.md lists.
package script
