package testkit

import (
	"crypto/rand"
	"strings"
)

// Unique returns a name of letters and digits that no other test has, and no other run
// of the same test: what a process knows of a host or of a credential, such as a gate that
// a 429 has closed, is of one run only.
func Unique() string { return "t" + strings.ToLower(rand.Text()) }
