package transport

import (
	"bytes"
	"context"
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
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// Upload is a multipart/form-data body whose files are streamed: at most a read buffer
// of them is in memory. It is for one call.
type Upload struct {
	// Fields are the plain parts.
	Fields map[string]string
	// Files are the streamed parts.
	Files []File

	boundary string
	body     *stream // of the last attempt
}

// File is one streamed part.
type File struct {
	// Field is the name of the part.
	Field string
	// Param is the field of the SDK's request that holds Name, ContentType, Reader and
	// Size, for problems with them. "" means that they are fields of the request
	// itself, with Reader called File.
	Param string
	// Name is the file's name.
	Name string
	// ContentType is the media type, "" for application/octet-stream.
	ContentType string
	// Reader is read to its end. If it is an io.Seeker, the call can be repeated after
	// a refusal; otherwise it is sent once.
	Reader io.Reader
	// Size is the number of bytes that Reader must deliver, 0 if not known.
	Size int64

	start int64
	used  bool
}

// The failures of a file while it is sent. The server then got no complete request.
var (
	errUploadShort  = errors.New("the file ended before its size was reached")
	errUploadLong   = errors.New("the file is longer than its size")
	errUploadFailed = errors.New("the file cannot be read")
	errUploadStuck  = errors.New("the file's Reader delivered nothing more within the attempt's timeout")
	errNotSeekable  = errors.New("the file cannot be read a second time; pass an io.ReadSeeker to allow a repeat")
)

func (u *Upload) check(problems *Problems) {
	u.boundary = rand.Text()
	for i := range u.Files {
		u.Files[i].check(problems)
	}
}

func (f *File) check(problems *Problems) {
	reader, within := "File", ""
	if f.Param != "" {
		reader, within = f.Param+".Reader", f.Param+"."
	}
	problems.Require(!isNil(f.Reader), reader, "must not be nil")
	problems.Require(f.Name != "" && headerValue(f.Name) && utf8.ValidString(f.Name), within+"Name",
		`must be the name of the file in UTF-8, without control characters`)
	problems.Require(headerValue(f.ContentType) && utf8.ValidString(f.ContentType), within+"ContentType",
		"must be a media type in UTF-8, without control characters")
	problems.Require(f.Size >= 0, within+"Size", "must not be negative; 0 means that it is not known")
	if problems.Empty() {
		f.locate()
	}
}

// isNil reports whether held is nil, or a nil pointer in an interface, such as the
// Reader of a file that could not be opened.
func isNil(held any) bool {
	if held == nil {
		return true
	}
	v := reflect.ValueOf(held)
	switch v.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Chan:
		return v.IsNil()
	}
	return false
}

// locate notes the position of a seekable reader and how much is left of it.
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

// open returns the body from its beginning, for the next attempt. It waits until the
// last body no longer reads the user's files, at most until ctx ends and for patience.
func (u *Upload) open(ctx context.Context, patience time.Duration) (io.Reader, error) {
	if u.body != nil && !u.body.left(ctx, patience) {
		return nil, errUploadStuck
	}
	u.body = newStream()
	sized, err := u.fill(u.body)
	if err != nil {
		return nil, err
	}
	if sized >= 0 {
		return sizedStream{u.body, sized}, nil
	}
	return u.body, nil
}

// fill sets the parts of the body, and returns its size, -1 if not known.
func (u *Upload) fill(body *stream) (size int, err error) {
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if err := form.SetBoundary(u.boundary); err != nil {
		return 0, err
	}
	for _, name := range slices.Sorted(maps.Keys(u.Fields)) {
		if err := form.WriteField(name, u.Fields[name]); err != nil {
			return 0, err
		}
	}
	var parts []io.Reader
	sized := true
	flush := func() {
		size += head.Len()
		parts = append(parts, bytes.NewReader(bytes.Clone(head.Bytes())))
		head.Reset()
	}
	for i := range u.Files {
		f := &u.Files[i]
		if err := f.rewind(); err != nil {
			return 0, err
		}
		if _, err := form.CreatePart(f.header()); err != nil {
			return 0, err
		}
		flush()
		parts = append(parts, &exactReader{file: f, bytes: Guarded{From: f.Reader}, left: f.Size, reading: &body.reading})
		size += int(f.Size)
		sized = sized && f.Size > 0
	}
	if err := form.Close(); err != nil {
		return 0, err
	}
	flush()
	body.source = io.MultiReader(parts...)
	if !sized {
		return -1, nil
	}
	return size, nil
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

// exactReader fails if a file is shorter or longer than its size or cannot be read, so
// that a part of a file is never taken for the whole.
type exactReader struct {
	file    *File
	bytes   Guarded // of the file
	left    int64
	reading *atomic.Bool
}

func (r *exactReader) Read(p []byte) (int, error) {
	r.file.used = true
	r.reading.Store(true)
	n, err := r.bytes.Read(p)
	r.reading.Store(false)
	r.left -= int64(n)
	sized := r.file.Size > 0
	switch {
	case sized && r.left < 0:
		return 0, errUploadLong
	case err == io.EOF && sized && r.left > 0: //nolint:errorlint // as io.Reader wants it
		return n, errUploadShort
	case err != nil && err != io.EOF: //nolint:errorlint // as io.Reader wants it
		return n, fmt.Errorf("%w: %w", errUploadFailed, err)
	}
	return n, err
}
