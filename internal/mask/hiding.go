package mask

import "errors"

// hiding is an error with the texts that it must not show. It is held by pointer, so
// that fmt prints only an address if it prints fields.
type hiding struct {
	error
	sent *Sent
}

func (h *hiding) Unwrap() error { return h.error }

// Hiding returns err with what a text of it hides.
func Hiding(err error, sent *Sent) error {
	if err == nil {
		return nil
	}
	return &hiding{err, sent}
}

// HiddenBy returns what a text of err hides, nil for nothing.
func HiddenBy(err error) *Sent {
	if h, ok := errors.AsType[*hiding](err); ok {
		return h.sent
	}
	return nil
}
