package transport

import (
	"context"
	"errors"

	"github.com/souk-go/souk"
)

// ensureAttempts bounds how often Ensure tries to create. More than one is
// needed only when answers are lost, or others delete meanwhile.
const ensureAttempts = 3

// Ensure makes sure that something with a unique key exists exactly once. It
// creates, and looks for what is there when the answer was lost or the key is
// taken; created is true if the server confirmed this call's creation. Find
// returns nil if there is nothing. MayBeTaken tells of refusals that do not say
// for sure that the key is taken, and may be nil.
func Ensure[T any](
	ctx context.Context, create, find func(context.Context) (*T, error), mayBeTaken func(error) bool,
) (there *T, created bool, err error) {
	var lost error // an answer that never came: it may have been that attempt which took the key
	for range ensureAttempts {
		there, err = create(ctx)
		if err == nil {
			return there, true, nil
		}
		open := errors.Is(err, souk.ErrOutcomeUnknown) || errors.Is(err, souk.ErrAlreadyExists)
		if ctx != nil && ctx.Err() != nil || !open && (mayBeTaken == nil || !mayBeTaken(err)) {
			return nil, false, err
		}
		there, lookup := find(ctx)
		if lookup != nil {
			return nil, false, errors.Join(err, lookup)
		}
		if there != nil {
			return there, false, nil
		}
		if !open {
			return nil, false, withLost(err, lost)
		}
		if errors.Is(err, souk.ErrOutcomeUnknown) {
			lost = err
		}
	}
	return nil, false, err
}

func withLost(err, lost error) error {
	if lost == nil {
		return err
	}
	return errors.Join(err, lost)
}
