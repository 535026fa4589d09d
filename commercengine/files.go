package commercengine

import (
	"io"

	"github.com/souk-go/souk/internal/transport"
)

// File is a file to upload. It is streamed: only a small part of it is in memory at a
// time. The vendor documents no limits of size and type.
type File struct {
	// Name is the file's name, such as "pan.pdf", without control characters.
	Name string
	// ContentType is the media type, "" for application/octet-stream.
	ContentType string
	// Reader is required, and read to its end. If it is an io.Seeker, the call can be
	// repeated after a refusal; otherwise it is sent once. Options.AttemptTimeout does
	// not end an upload that makes progress. If a Read does not return within it, the
	// call ends, but the Read cannot be stopped.
	Reader io.Reader
	// Size is the number of bytes that Reader must deliver; a shorter or longer file is
	// souk.ErrInvalid. 0 means that the size is not known.
	Size int64
}

// addTo adds f as a part to an upload. field is the name of f in the request.
func (f File) addTo(upload *transport.Upload, part, field string) {
	upload.Files = append(upload.Files, transport.File{
		Field:       part,
		Param:       field,
		Name:        f.Name,
		ContentType: f.ContentType,
		Reader:      f.Reader,
		Size:        f.Size,
	})
}
