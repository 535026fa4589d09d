// Package standin is what the stand-ins of the vendors have in common: a server
// on loopback that records what it is asked and fails on demand. What it answers
// is the vendor package's business. It needs no test framework.
package standin
