package mask

import "errors"

// hiding is an error that comes of an answer, with what the answer must not be shown
// to repeat. It is used by pointer, which is all that fmt prints of what is in it.
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
