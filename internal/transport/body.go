package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/souk-go/souk/internal/mask"
)

// The caps on what is read of an answer.
const (
	maxBody      = 32 << 20
	maxErrorBody = 1 << 20
)

// encodeBody marshals the body once. All attempts send the same bytes, except those of
// an *Upload, which is returned unchanged.
func encodeBody(call *Call, problems *Problems) (body any, contentType []string) {
	switch b := call.Body.(type) {
	case nil:
		return nil, nil
	case Raw:
		return b.Bytes, valueOf(b.ContentType)
	case *Upload:
		b.check(problems)
		return b, valueOf(b.contentType())
	case In:
		return within(b.Member, encodeJSON(b.Value, problems)), typeJSON
	}
	return encodeJSON(call.Body, problems), typeJSON
}

// encodeJSON returns nothing if there is a problem.
func encodeJSON(value any, problems *Problems) []byte {
	if !problems.Empty() { // what is wrong with the input may be what has no JSON form
		problems.UTF8(value, "body")
		return nil
	}
	encoded, err := JSON(value, problems)
	if err != nil {
		problems.Add("body", "cannot be encoded: %s", describeMarshal(err))
	}
	return encoded
}

// within returns an object with one member. A map's encoding takes longer.
func within(member string, value []byte) []byte {
	object := make([]byte, 0, len(member)+len(value)+len(`{"":}`))
	object = append(object, `{"`...)
	object = append(object, member...)
	object = append(object, `":`...)
	object = append(object, value...)
	return append(object, '}')
}

// valueOf returns the values of a header with one value, or none.
func valueOf(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// describeMarshal says why json.Marshal failed, without a value.
func describeMarshal(err error) string {
	if e, ok := errors.AsType[*json.UnsupportedTypeError](err); ok {
		return "values of type " + e.Type.String() + " have no JSON form"
	}
	if e, ok := errors.AsType[*json.MarshalerError](err); ok {
		return mask.Text(e.Err.Error())
	}
	return "it holds a value that has no JSON form, such as NaN"
}

// buffers holds buffers for the bodies of answers. One of them is kept outside the pool
// for all processors: a pool keeps one per processor, and a walk, which reads one body
// at a time, would fill them all.
var buffers struct {
	spare atomic.Pointer[bytes.Buffer]
	pool  sync.Pool
}

// maxPooled is the largest buffer that is kept for the next call.
const maxPooled = 1 << 20

func takeBuffer() *bytes.Buffer {
	if b := buffers.spare.Swap(nil); b != nil {
		return b
	}
	if b, ok := buffers.pool.Get().(*bytes.Buffer); ok {
		return b
	}
	return new(bytes.Buffer)
}

func releaseBuffer(b *bytes.Buffer) {
	if b == nil || b.Cap() > maxPooled {
		return
	}
	if !buffers.spare.CompareAndSwap(nil, b) {
		buffers.pool.Put(b)
	}
}

var errTooLarge = errors.New("the answer is larger than 32 MiB")

// readBody reads the whole body up to a limit. The rest of a failure's body is dropped.
func (x *exchange) readBody(resp *http.Response) error {
	limit := int64(maxBody)
	failed := resp.StatusCode >= 300
	if failed {
		limit = maxErrorBody
	}
	x.buf.Grow(int(min(max(resp.ContentLength, 0), maxPooled)) + bytes.MinRead) // nobody need believe more
	x.body = Guarded{From: resp.Body}
	x.capped = io.LimitedReader{R: &x.body, N: limit + 1}
	n, err := x.buf.ReadFrom(&x.capped)
	if err != nil {
		return err
	}
	if n <= limit {
		return nil
	}
	if failed {
		x.buf.Truncate(int(limit))
		return nil
	}
	return errTooLarge
}

func mediaType(header http.Header) string {
	return mask.Text(orDefault(header.Get("Content-Type"), "no content type"))
}
