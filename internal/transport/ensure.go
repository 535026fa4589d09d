package transport

import (
	"context"
	"errors"

	"github.com/souk-go/souk"
)

// ensureAttempts bounds how often Ensure tries to create. More than one is
// needed only when answers are lost, or others delete meanwhile.
const ensureAttempts = 3

// Ensure makes sure that the person exists exactly once, and returns who is there;
// created is true if the server confirmed this call's creation.
//
// A look-up that fails says why the call fails: the refusal before it says
// nothing more. Where a creation may have happened that is said, too.
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

// create creates them, and believes no answer that is about somebody else.
func (p *Person[T]) create(ctx context.Context) (*T, error) {
	created, err := p.Create(ctx)
	if err != nil {
		return nil, err
	}
	return created, p.unlessAnother(created)
}

// look returns who is there after a creation that failed, or why nobody is. again
// says that they can be created again.
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

// isTaken reports a refusal that a taken value is, or may be, the reason of.
func (p *Person[T]) isTaken(refusal error) bool {
	return errors.Is(refusal, souk.ErrAlreadyExists) || p.MayBeTaken != nil && p.MayBeTaken(refusal)
}

// reason returns the reason of a refusal if that is a rival, or why it cannot be found
// out; nil otherwise.
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
