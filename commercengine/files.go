package commercengine

import (
	"io"
	"strings"

	"github.com/souk-go/souk/internal/transport"
)

// File is a file to upload. It is streamed: no more than a small part of it is in
// memory at a time. The vendor documents no limits of size and type.
type File struct {
	// Name is the file's name, such as "pan.pdf".
	Name string
	// ContentType is the media type, "" for application/octet-stream.
	ContentType string
	// Reader is read to its end. When it is an io.Seeker, the call can be
	// repeated after a refusal; otherwise it is sent once.
	Reader io.Reader
	// Size is the number of bytes that Reader must deliver; a file that ends
	// early or goes on is souk.ErrInvalid then. 0 means that it is not known.
	Size int64
}

// addTo makes f a part of an upload, and notes what is wrong with it.
func (f File) addTo(upload *transport.Upload, part, field string, problems *transport.Problems) {
	problems.Require(f.Reader != nil, field, "must have a Reader")
	problems.Require(f.Name != "" && !strings.ContainsAny(f.Name, "\r\n\x00"), field, "must have a Name, without line breaks")
	problems.Require(f.Size >= 0, field, "must have a Size that is not negative")
	if f.Reader == nil || f.Name == "" {
		return
	}
	upload.Files = append(upload.Files, transport.File{
		Field:       part,
		Name:        f.Name,
		ContentType: f.ContentType,
		Reader:      f.Reader,
		Size:        f.Size,
	})
}
