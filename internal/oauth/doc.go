// Package oauth holds what the OAuth flows of the vendors share: where a token is kept,
// the source that returns it, the check of a callback, and the members of token
// answers.
package oauth
