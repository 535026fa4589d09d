package oauth

import (
	"errors"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// ReadError is the Read of a [transport.Vendor].
type ReadError func(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict

// OfGrants returns read for a token end point. Nothing is looked up there and nothing can
// be taken, so what is called so is souk.ErrInvalid.
func OfGrants(read ReadError) ReadError {
	return func(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
		v := read(call, a, e)
		if v.Own {
			v.Class = grantClass(v.Class, a.StatusCode)
		}
		return v
	}
}

func grantClass(class error, status int) error {
	of := class
	if of == nil {
		of = transport.ClassOf(status)
	}
	if errors.Is(of, souk.ErrNotFound) || errors.Is(of, souk.ErrAlreadyExists) {
		return souk.ErrInvalid
	}
	return class
}
