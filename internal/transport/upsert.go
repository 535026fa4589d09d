package transport

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/souk-go/souk"
)

// Upsert is like Ensure, and also changes an existing person. differences returns the
// update that makes them match the request, nil if nothing differs, or an error if a
// difference cannot be changed.
func (p *Person[T]) Upsert(
	ctx context.Context, differences func(there *T) (update func(context.Context) (*T, error), err error),
) (*T, souk.Change, error) {
	there, created, err := p.Ensure(ctx)
	switch {
	case err != nil:
		return nil, "", err
	case created:
		return there, souk.Created, nil
	}
	update, err := differences(there)
	switch {
	case err != nil:
		return nil, "", err
	case update == nil:
		return there, souk.Unchanged, nil
	}
	if there, err = update(ctx); err == nil {
		err = p.unlessAnother(there)
	}
	if err == nil {
		return there, souk.Updated, nil
	}
	if p.isTaken(err) {
		err = orDefault(p.reason(ctx, err), err)
	}
	return nil, "", err
}

// Update returns the update that makes these changes, nil if there are none.
func Update[T, U any](changes U, update func(context.Context, U) (*T, error)) func(context.Context) (*T, error) {
	if reflect.ValueOf(&changes).Elem().IsZero() {
		return nil
	}
	return func(ctx context.Context) (*T, error) { return update(ctx, changes) }
}

// Changed returns want if it differs from there, nil otherwise. The zero value sets
// nothing.
func Changed[T comparable](want, there T) *T {
	if want == there {
		return nil
	}
	return NonZero(want)
}

// NonZero returns want, nil for the zero value, which sets nothing.
func NonZero[T comparable](want T) *T {
	var unset T
	if want == unset {
		return nil
	}
	return &want
}

// ChangedText is [Changed] for a text of a vendor that trims spaces.
func ChangedText(want, there string) *string {
	return Changed(strings.TrimSpace(want), strings.TrimSpace(there))
}

// ChangedFlag is [Changed] for a flag, which nil does not set.
func ChangedFlag(want *bool, there bool) *bool {
	if want == nil || *want == there {
		return nil
	}
	return want
}

// ChangedTags is [Changed] for tags, ignoring their order. An empty list sets nothing.
func ChangedTags[T ~[]string](want, there T) T {
	if len(want) == 0 || slices.Equal(sortedTags(want), sortedTags(there)) {
		return nil
	}
	return want
}

// sortedTags returns the tags sorted and without duplicates.
func sortedTags(tags []string) []string {
	var sorted []string
	for _, tag := range tags {
		sorted = append(sorted, strings.TrimSpace(tag))
	}
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
