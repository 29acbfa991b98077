// Package blob keeps uploaded and generated files, and judges uploads by what
// they contain.
//
// A file is written once under a random name, never changed, and removed. The
// caller keeps the Ref in its own table: name, size and SHA-256. Two stores do
// the same: Folder on a local disk, Memory for tests.
//
// An upload goes through four gates before Put: the allow-list by ending and
// content (Sniff), the size of images in pixels (ImageSize, part of Sniff), the
// removal of what a camera writes beside the picture (CleanImage), and the
// virus scanner the committee has, if any (Scanner). A scanner that is absent answers
// NotScanned, never Clean.
//
// What does not live here: who may read a file, its title and its security
// label (document), and encryption of whole files, which is the disk's.
package blob
