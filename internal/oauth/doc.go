// Package oauth has what the OAuth flows of the vendors share: where a token is
// kept, the source that hands it out, and the check of a state.
package oauth
