// Package webhook receives webhook deliveries: it proves who sent one, by an
// HMAC-SHA256 over the raw body or by a token sent along as it is, and passes each on
// once. What the vendors' headers are, and what an event says, they hand down.
//
// All comparisons take the same time wherever the values differ, and no error
// holds a secret, a body or a digest.
package webhook
