// Package helpweb shows the pages of help. They are open to everybody: they
// hold nothing but how the product works.
package helpweb
