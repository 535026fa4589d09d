package paging

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// A position is base64 of a version, the hasher of the list, a mark, and a
// checksum of all that.
const (
	positionVersion = 1
	sumBytes        = 8
	maxPosition     = 4096 // with a cursor; without one it is shorter than 1024
	maxID           = 600
	maxCursor       = 2400
	maxFull         = 16
	maxNumber       = 1<<31 - 1
)

var encoding = base64.RawURLEncoding.Strict()

// encode returns the position of a mark, and false if there is none because an id
// or a cursor is too long.
func (m mark) encode(h hasher) (string, bool) {
	if len(m.key) > maxCursor || len(m.key) > maxID && m.way != byCursor {
		return "", false
	}
	b := append([]byte{positionVersion}, h[:]...)
	b = append(b, byte(m.way))
	for _, n := range []int{m.number, m.size, max(m.total, -1) + 1, m.count} {
		b = binary.AppendUvarint(b, uint64(min(max(n, 0), maxNumber)))
	}
	b = binary.BigEndian.AppendUint64(b, m.digest)
	b = appendTime(b, m.time)
	full := m.full[:min(len(m.full), maxFull)]
	b = append(b, byte(len(full)))
	for _, day := range full {
		b = appendTime(b, day)
	}
	b = binary.AppendUvarint(b, uint64(len(m.key)))
	b = append(b, m.key...)
	last := m.last[max(0, len(m.last)-maxAnchors):]
	b = append(b, byte(len(last)))
	for _, a := range last {
		b = append(b, byte(a>>32), byte(a>>24), byte(a>>16), byte(a>>8), byte(a))
	}
	return encoding.EncodeToString(append(b, checksum(b)...)), true
}

// decode reads a position of the list that h names.
func decode(h hasher, position string) (mark, *Error) {
	if len(position) > maxPosition {
		return mark{}, &Error{Problem: PositionChanged}
	}
	b, err := encoding.DecodeString(position)
	body := b[:max(0, len(b)-sumBytes)]
	if err != nil || len(body) < 1+len(h) || !bytes.Equal(checksum(body), b[len(body):]) {
		return mark{}, &Error{Problem: PositionChanged}
	}
	if body[0] != positionVersion {
		return mark{}, &Error{Problem: PositionVersion}
	}
	if hasher(body[1:1+len(h)]) != h {
		return mark{}, &Error{Problem: PositionElsewhere}
	}
	r := fields{rest: body[1+len(h):]}
	m := r.mark()
	if r.short || len(r.rest) > 0 {
		return mark{}, &Error{Problem: PositionChanged}
	}
	return m, nil
}

func checksum(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:sumBytes]
}

// appendTime appends microseconds since 1970, rounded up so that no row lies behind
// them, and 0 for the zero time.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendVarint(b, 0)
	}
	return binary.AppendVarint(b, t.Add(time.Microsecond-1).UnixMicro())
}

// fields reads what encode has written.
type fields struct {
	rest  []byte
	short bool // something was missing
}

func (f *fields) mark() mark {
	m := mark{
		way:    way(f.byte()),
		number: f.number(),
		size:   f.number(),
		total:  f.number() - 1,
		count:  f.number(),
	}
	if b := f.bytes(8); b != nil {
		m.digest = binary.BigEndian.Uint64(b)
	}
	m.time = f.time()
	for range f.byte() {
		m.full = append(m.full, f.time())
	}
	m.key = string(f.bytes(f.number()))
	for range f.byte() {
		var a uint64
		for _, c := range f.bytes(anchorBytes) {
			a = a<<8 | uint64(c)
		}
		m.last = append(m.last, a)
	}
	return m
}

func (f *fields) bytes(n int) []byte {
	if n > len(f.rest) {
		f.rest, f.short = nil, true
		return nil
	}
	b := f.rest[:n]
	f.rest = f.rest[n:]
	return b
}

func (f *fields) byte() byte {
	if b := f.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (f *fields) number() int {
	v, n := binary.Uvarint(f.rest)
	if n <= 0 || v > maxNumber {
		f.rest, f.short = nil, true
		return 0
	}
	f.rest = f.rest[n:]
	return int(v)
}

func (f *fields) time() time.Time {
	v, n := binary.Varint(f.rest)
	if n <= 0 {
		f.rest, f.short = nil, true
		return time.Time{}
	}
	f.rest = f.rest[n:]
	if v == 0 {
		return time.Time{}
	}
	return time.UnixMicro(v).UTC()
}
