package loosejson

import (
	"bytes"
	"encoding/json"
	"reflect"
	"sync/atomic"
)

var slow atomic.Uint64

// Slow returns how many answers [Decode] could not decode with encoding/json, or found
// to have rows without ids. It is for tests: a type that encoding/json or its successor
// refuses would take the slow path with every answer unnoticed.
func Slow() uint64 { return slow.Load() }

// Decode decodes data, an answer, into out, a pointer, like encoding/json. If that
// fails, or a row lacks its id, it works like [Unmarshal].
//
// An answer with rows is at most 8 MiB, of at most 10,000 rows and at most ten
// times the rows asked for. Decoding an answer keeps at most 64 MiB and 32 bytes
// for each of its bytes. More is an error, found before anything is decoded.
func Decode(data []byte, out any, o Options) ([]Row, error) {
	r, err := rootOfOut(out)
	if err != nil {
		return nil, err
	}
	if err := check(data, r, o); err != nil {
		return nil, err
	}
	if o.Plain {
		return nil, json.Unmarshal(data, out)
	}
	if decodePlainly(data, out) == nil && r.complete(out, o) {
		return nil, nil
	}
	slow.Add(1)
	return unmarshal(data, reflect.ValueOf(out), o)
}

// TrimMark returns data without the byte order mark that precedes the JSON of some
// servers and proxies. It has no meaning.
func TrimMark(data []byte) []byte { return bytes.TrimPrefix(data, byteOrderMark) }

var byteOrderMark = []byte("\ufeff")
