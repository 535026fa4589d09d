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
//
// A look-up that fails says why the call fails: the refusal before it says
// nothing more. Where a creation may have happened that is said, too.
func Ensure[T any](
	ctx context.Context, create, find func(context.Context) (*T, error), mayBeTaken func(error) bool,
) (there *T, created bool, err error) {
	var lost error // the answer to a creation that never came: it may have taken the key
	for range ensureAttempts {
		there, err = create(ctx)
		if err == nil {
			return there, true, nil
		}
		if errors.Is(err, souk.ErrOutcomeUnknown) {
			lost = err
		}
		taken := errors.Is(err, souk.ErrAlreadyExists) || mayBeTaken != nil && mayBeTaken(err)
		if !taken && !errors.Is(err, souk.ErrOutcomeUnknown) {
			return nil, false, unlessKnown(err, lost)
		}
		there, lookup := find(ctx)
		switch {
		case lookup != nil:
			return nil, false, unlessKnown(lookup, lost)
		case there != nil:
			return there, false, nil
		case !errors.Is(err, souk.ErrOutcomeUnknown) && !errors.Is(err, souk.ErrAlreadyExists):
			return nil, false, unlessKnown(err, lost)
		}
	}
	return nil, false, unlessKnown(err, lost)
}

// unlessKnown adds to err that a creation may have happened whose answer was lost.
func unlessKnown(err, lost error) error {
	if lost == nil || errors.Is(err, souk.ErrOutcomeUnknown) {
		return err
	}
	e, ok := err.(*souk.Error) //nolint:errorlint // a *souk.RowError around one stays
	if !ok {
		return errors.Join(err, souk.ErrOutcomeUnknown)
	}
	open := *e
	open.Err = joinClasses(e.Err, souk.ErrOutcomeUnknown)
	return &open
}
