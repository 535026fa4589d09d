package auth

import "slices"

// nonces are those of own marks whose tokens the vendor has not received. Any of them
// can stand in the store: an Update that fails may have saved what it was to save.
type nonces []string

// maxNonces is how many are remembered. The one in the store is looked at, and so added
// again, before every other.
const maxNonces = 64

func (n *nonces) add(nonce string) {
	n.remove(nonce)
	if len(*n) == maxNonces {
		*n = slices.Delete(*n, 0, 1)
	}
	*n = append(*n, nonce)
}

func (n *nonces) remove(nonce string) {
	*n = slices.DeleteFunc(*n, func(other string) bool { return other == nonce })
}

// seen reports whether the nonce is one of them.
func (n *nonces) seen(nonce string) bool {
	if !slices.Contains(*n, nonce) {
		return false
	}
	n.add(nonce)
	return true
}
