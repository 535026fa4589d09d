// Package testkit is what the tests of souk share: mocked requests without
// global state, a scripted server, strict decoding, and checks of a package's
// shape. Only test files import it.
package testkit
