package transport

import (
	"context"
	"errors"

	"github.com/souk-go/souk"
)

// ensureAttempts bounds how often Ensure tries to create. More than one is
// needed only when answers are lost, or others delete meanwhile.
const ensureAttempts = 3

// Ensure makes sure that the person exists exactly once, and returns them; created
// reports whether the server confirmed this call's creation.
//
// If a look-up fails, its error is returned, not the refusal before it. If a creation
// may have been carried out, the error says so, too.
func (p *Person[T]) Ensure(ctx context.Context) (there *T, created bool, err error) {
	if there, err = p.find(ctx); there != nil || err != nil {
		return there, false, err
	}
	var lost error // the answer to a creation that never came: they may be there
	for range ensureAttempts {
		if there, err = p.create(ctx); err == nil {
			return there, true, nil
		}
		if errors.Is(err, souk.ErrOutcomeUnknown) {
			lost = err
		}
		var again bool
		if there, again, err = p.look(ctx, err); there != nil {
			return there, false, nil
		}
		if !again {
			break
		}
	}
	return nil, false, unlessKnown(err, lost)
}

// create creates the person, and rejects an answer about somebody else.
func (p *Person[T]) create(ctx context.Context) (*T, error) {
	created, err := p.Create(ctx)
	if err != nil {
		return nil, err
	}
	return created, p.unlessAnother(created)
}

// look returns the person after a failed creation, or the reason why they do not exist.
// again reports whether the creation can be repeated.
func (p *Person[T]) look(ctx context.Context, failure error) (there *T, again bool, err error) {
	unknown := errors.Is(failure, souk.ErrOutcomeUnknown)
	if !unknown && !p.isTaken(failure) {
		return nil, false, failure
	}
	there, err = p.find(ctx)
	switch {
	case there != nil || err != nil:
		return there, false, err
	case unknown:
		return nil, !p.Twins, failure
	}
	if reason := p.reason(ctx, failure); reason != nil {
		return nil, false, reason
	}
	return nil, errors.Is(failure, souk.ErrAlreadyExists), failure
}

// isTaken reports whether a taken value is, or may be, the reason of a refusal.
func (p *Person[T]) isTaken(refusal error) bool {
	return errors.Is(refusal, souk.ErrAlreadyExists) || p.MayBeTaken != nil && p.MayBeTaken(refusal)
}

// reason returns the reason of a refusal if that is a rival, or the error of looking
// for one; nil otherwise.
func (p *Person[T]) reason(ctx context.Context, refusal error) error {
	rival, err := p.rival(ctx)
	if rival == nil {
		return err
	}
	e, ok := errors.AsType[*souk.Error](refusal)
	if !ok {
		return refusal
	}
	clash := *e
	clash.Message, clash.Err = "a customer with another e-mail address has the phone number", souk.ErrAlreadyExists
	return &clash
}

// unlessKnown adds to err that a creation whose answer was lost may have been carried
// out.
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
