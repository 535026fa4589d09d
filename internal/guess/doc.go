// Package guess has no code: its tests hold that who knows one vendor's package can guess
// the others.
package guess
