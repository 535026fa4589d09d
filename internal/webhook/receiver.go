package webhook

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// Receiver proves and reads the deliveries of one vendor.
type Receiver struct {
	// Vendor is the name of its package.
	Vendor string
	// Secrets, MaxBody and Logger are taken from the user's configuration.
	Secrets []string
	MaxBody int64
	Logger  *slog.Logger

	Proof Proof
	// Hint completes the message about a delivery without the header of Proof. It may
	// be nil.
	Hint func(header http.Header) string
	// Read reads a proven delivery, except for its Body. It leaves ID empty if the
	// vendor sends none.
	Read func(header http.Header, body []byte) *souk.Delivery

	// Problems holds what is wrong with the rest of the configuration.
	Problems transport.Problems
}

// Parse returns the delivery in header and body, if they are proven to come from the
// vendor. It copies the body, whose memory some servers use again.
func (r *Receiver) Parse(header http.Header, body []byte) (*souk.Delivery, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if int64(len(body)) > r.maxBody() {
		return nil, r.failure(souk.ErrInvalid, errTooLong.Error())
	}
	return r.parse(header, bytes.Clone(body))
}

// ParseRequest is Parse for a request, whose body it reads.
func (r *Receiver) ParseRequest(request *http.Request) (*souk.Delivery, error) {
	r.Problems.Require(request != nil, "r", "must not be nil")
	if err := r.check(); err != nil {
		return nil, err
	}
	body, err := r.read(request)
	if err != nil {
		return nil, r.failure(souk.ErrInvalid, err.Error())
	}
	return r.parse(request.Header, body)
}

// read reads the body of a request, byte for byte as it was signed.
func (r *Receiver) read(request *http.Request) ([]byte, error) {
	switch {
	case request.Body == nil:
		return nil, nil
	case request.ContentLength > r.maxBody():
		return nil, errTooLong
	}
	body, err := io.ReadAll(&transport.Guarded{From: http.MaxBytesReader(nil, request.Body, r.maxBody())})
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, errTooLong
	}
	if err != nil {
		return nil, errBrokenOff
	}
	return body, nil
}

var (
	errTooLong   = errors.New("the delivery is longer than MaxBody")
	errBrokenOff = errors.New("the delivery broke off")
)

func (r *Receiver) parse(header http.Header, body []byte) (*souk.Delivery, error) {
	header = canonical(header)
	if err := r.Proof.verify(header, body, r.Secrets); err != nil {
		text := r.Proof.text(err)
		if r.Hint != nil && errors.Is(err, ErrNoSignature) {
			text += r.Hint(header)
		}
		return nil, r.failure(souk.ErrUnauthorized, text)
	}
	d := r.Read(header, loosejson.TrimMark(body))
	d.Body = body
	if d.ID == "" {
		sum := sha256.Sum256(body)
		d.ID = hex.EncodeToString(sum[:])
	}
	return d, nil
}

// check reports everything that is wrong with the configuration.
func (r *Receiver) check() error {
	problems := transport.Problems{}
	problems.Require(len(r.Secrets) > 0, "Secrets", "must not be empty")
	for _, secret := range r.Secrets {
		switch {
		case secret == "":
			problems.Add("Secrets", "must not hold an empty secret: everybody could sign with it")
		case strings.TrimSpace(secret) != secret, strings.ContainsFunc(secret, unicode.IsControl):
			problems.Add("Secrets", "must not hold a secret with blanks around it, or with line breaks in it")
		default:
			continue
		}
		break
	}
	problems.Require(r.MaxBody >= 0, "MaxBody", "must not be negative")
	problems.Merge(r.Problems)
	return problems.Err(r.Vendor)
}

func (r *Receiver) maxBody() int64 {
	return cmp.Or(r.MaxBody, 1<<20)
}

func (r *Receiver) failure(class error, message string) error {
	return &souk.Error{Vendor: r.Vendor, Message: message, Err: class}
}

// canonical returns a header with names in net/http's form, which other servers and
// queues may not use.
func canonical(header http.Header) http.Header {
	c := make(http.Header, len(header))
	for name, values := range header {
		name = http.CanonicalHeaderKey(name)
		c[name] = append(c[name], values...)
	}
	return c
}

// One returns the value of a header that occurs once, "" otherwise.
func One(header http.Header, name string) string {
	if values := header.Values(name); len(values) == 1 {
		return strings.TrimSpace(values[0])
	}
	return ""
}
