// Package webhook reads the body of a webhook delivery and verifies who sent
// it: by an HMAC-SHA256 over the raw body, or by a token sent along as it is.
//
// All comparisons take the same time wherever the values differ, and no error
// holds a secret, a body or a digest.
package webhook
