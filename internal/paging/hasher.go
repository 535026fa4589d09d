package paging

import (
	"crypto/sha256"
	"encoding/binary"
)

// hasher makes numbers of ids. It is the hash of what names the list, so that one
// id has other numbers in other lists.
type hasher [8]byte

func newHasher(name string) hasher {
	sum := sha256.Sum256([]byte(name))
	return hasher(sum[:8])
}

// sum returns the number of a text, and 0 for the empty one.
func (h hasher) sum(text string) uint64 {
	if text == "" {
		return 0
	}
	sum := sha256.Sum256(append(h[:], text...))
	return max(1, binary.BigEndian.Uint64(sum[:]))
}

// An anchor is what a position holds of a row: the first five bytes of its number.
const (
	anchorBytes = 5
	anchorShift = 64 - 8*anchorBytes
	maxAnchors  = 100
)
