package commercengine

import (
	"io"

	"github.com/souk-go/souk/internal/transport"
)

// File is a file to upload. It is streamed: no more than a small part of it is in
// memory at a time. The vendor documents no limits of size and type.
type File struct {
	// Name is the file's name, such as "pan.pdf", without control characters.
	Name string
	// ContentType is the media type, "" for application/octet-stream.
	ContentType string
	// Reader is required, and read to its end. When it is an io.Seeker, the call can
	// be repeated after a refusal; otherwise it is sent once. Options.AttemptTimeout
	// does not cut a file that moves. Where a Read does not return within it, the
	// call ends without it; nothing can end the Read.
	Reader io.Reader
	// Size is the number of bytes that Reader must deliver; a file that ends
	// early or goes on is souk.ErrInvalid then. 0 means that it is not known.
	Size int64
}

// addTo makes f, which a request has in field, a part of an upload.
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
