// Package contact says which e-mail addresses and which phone numbers are the same,
// by one rule for all vendors.
package contact
