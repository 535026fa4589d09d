package transport

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/textproto"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Upload is a multipart/form-data body whose files are streamed: no more than
// a read buffer of them is ever in memory.
type Upload struct {
	// Fields are the plain parts.
	Fields map[string]string
	// Files are the streamed parts.
	Files []File

	boundary string
	current  *stream
}

// File is one streamed part.
type File struct {
	// Field is the name of the part.
	Field string
	// Param is what the SDK's request calls it, for what is wrong with it; "" for
	// Field.
	Param string
	// Name is the file's name.
	Name string
	// ContentType is the media type, "" for application/octet-stream.
	ContentType string
	// Reader is read to its end. When it is an io.Seeker, the call can be
	// repeated after a refusal; otherwise it is sent once.
	Reader io.Reader
	// Size is the number of bytes that Reader must deliver, 0 when not known.
	Size int64

	start int64
	used  bool
}

// What can go wrong with a file while it is sent. The server got no complete
// request then.
var (
	errUploadShort  = errors.New("the file ended before its size was reached")
	errUploadLong   = errors.New("the file is longer than its size")
	errUploadFailed = errors.New("the file cannot be read")
	errNotSeekable  = errors.New("the file cannot be read a second time; pass an io.ReadSeeker to allow a repeat")
	errClosed       = errors.New("the body is closed")
)

func (u *Upload) check(problems *Problems) {
	u.boundary = rand.Text()
	for i := range u.Files {
		u.Files[i].check(problems)
	}
}

func (f *File) check(problems *Problems) {
	param := orDefault(f.Param, f.Field)
	problems.Require(!isNil(f.Reader), param, "must have a Reader that is not nil")
	problems.Require(f.Name != "" && headerValue(f.Name), param, "must have a Name, without control characters")
	problems.Require(headerValue(f.ContentType), param, "must have a ContentType without control characters")
	problems.Require(f.Size >= 0, param, "must have a Size that is not negative")
	if problems.Empty() {
		f.locate()
	}
}

// isNil reports a reader that is nil, also one of a type of its own, such as that
// of a file that could not be opened.
func isNil(r io.Reader) bool {
	if r == nil {
		return true
	}
	v := reflect.ValueOf(r)
	return (v.Kind() == reflect.Pointer || v.Kind() == reflect.Func) && v.IsNil()
}

// locate notes where a seekable reader stands and how much is left of it.
func (f *File) locate() {
	f.start = -1
	seeker, ok := f.Reader.(io.Seeker)
	if !ok {
		return
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return
	}
	end, err := seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return
	}
	if f.Size == 0 {
		f.Size = end - start
	}
	f.start = start
}

func (u *Upload) contentType() string { return "multipart/form-data; boundary=" + u.boundary }

// open returns the body from its beginning. It ends the body of the attempt
// before, which the HTTP transport may still be reading.
func (u *Upload) open() (io.Reader, error) {
	if u.current != nil {
		_ = u.current.Close()
	}
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if err := form.SetBoundary(u.boundary); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(u.Fields)) {
		if err := form.WriteField(name, u.Fields[name]); err != nil {
			return nil, err
		}
	}
	var parts []io.Reader
	size, sized := 0, true
	flush := func() {
		size += head.Len()
		parts = append(parts, bytes.NewReader(bytes.Clone(head.Bytes())))
		head.Reset()
	}
	for i := range u.Files {
		f := &u.Files[i]
		if err := f.rewind(); err != nil {
			return nil, err
		}
		if _, err := form.CreatePart(f.header()); err != nil {
			return nil, err
		}
		flush()
		parts = append(parts, &exactReader{file: f, left: f.Size})
		size += int(f.Size)
		sized = sized && f.Size > 0
	}
	if err := form.Close(); err != nil {
		return nil, err
	}
	flush()
	u.current = &stream{source: io.MultiReader(parts...)}
	if sized {
		return sizedStream{u.current, size}, nil
	}
	return u.current, nil
}

func (f *File) rewind() error {
	if f.start < 0 {
		if f.used {
			return errNotSeekable
		}
		return nil
	}
	if _, err := f.Reader.(io.Seeker).Seek(f.start, io.SeekStart); err != nil {
		return fmt.Errorf("%w: %w", errUploadFailed, err)
	}
	return nil
}

func (f *File) header() textproto.MIMEHeader {
	return textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, quote(f.Field), quote(f.Name))},
		"Content-Type":        {orDefault(f.ContentType, "application/octet-stream")},
	}
}

var quote = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace

// stream is the body of one attempt. Once it is closed, nothing reads from the
// user's file any more.
type stream struct {
	mu     sync.Mutex
	source io.Reader
	closed bool
}

func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, errClosed
	}
	return s.source.Read(p)
}

func (s *stream) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// moving is the body of an upload. Whenever it moves, the attempt's clock begins
// again: that is for files that stand still. It is read in small pieces, since a
// slow connection can take long for a large one.
type moving struct {
	io.ReadCloser
	wire *wire
}

const pieceSize = 4 << 10

func (m moving) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p[:min(len(p), pieceSize)])
	if n > 0 {
		m.wire.moved()
	}
	return n, err
}

// sizedStream is a stream whose length is known beforehand.
type sizedStream struct {
	*stream
	size int
}

func (s sizedStream) Len() int { return s.size }

// exactReader fails when a file ends before its size, goes on after it, or
// cannot be read, so that half a file is never taken for a whole one.
type exactReader struct {
	file *File
	left int64
}

func (r *exactReader) Read(p []byte) (int, error) {
	r.file.used = true
	n, err := r.file.Reader.Read(p)
	r.left -= int64(n)
	sized := r.file.Size > 0
	switch {
	case sized && r.left < 0:
		return 0, errUploadLong
	case err == io.EOF && sized && r.left > 0:
		return n, errUploadShort
	case err != nil && err != io.EOF:
		return n, fmt.Errorf("%w: %w", errUploadFailed, err)
	}
	return n, err
}
