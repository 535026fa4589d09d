package xcladetest

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

// crockford is the alphabet of ULIDs; its bytes ascend, so that encoded ids sort
// like the numbers they stand for.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ids makes ULIDs: 48 bits of milliseconds and 80 random bits, in 26 letters.
// Ids of one maker always ascend, also within a millisecond and when the clock
// steps back. Callers hold the lock of the server.
type ids struct {
	now    func() time.Time
	last   int64
	random [10]byte
}

func (m *ids) next(prefix string) string {
	ms := m.now().UnixMilli()
	if ms > m.last {
		m.last = ms
		_, _ = rand.Read(m.random[:]) // never fails
		m.random[0] &= 0x7f           // room to count up
	} else {
		m.increment()
	}
	return prefix + "_" + m.encode()
}

func (m *ids) increment() {
	for i := len(m.random) - 1; i >= 0; i-- {
		m.random[i]++
		if m.random[i] != 0 {
			return
		}
	}
}

// encode spells the 128 bits in base 32, five bits a letter, the first letter
// having three.
func (m *ids) encode() string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(m.last)<<16)
	copy(raw[6:], m.random[:])
	high := binary.BigEndian.Uint64(raw[:8])
	low := binary.BigEndian.Uint64(raw[8:])
	var out [26]byte
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = crockford[low&31]
		low = low>>5 | high<<59
		high >>= 5
	}
	return string(out[:])
}
