package transport

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/souk-go/souk"
)

// Upsert is Ensure, and changes who was there already. differences returns the update
// that makes them what the request describes, nil where nothing differs, and an error
// where what differs cannot be changed.
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

// Changed returns what a request sets if it differs from what is there, and nil
// otherwise. The zero value sets nothing.
func Changed[T comparable](want, there T) *T {
	if want == there {
		return nil
	}
	return NonZero(want)
}

// NonZero returns what a request sets, nil for the zero value, which sets nothing.
func NonZero[T comparable](want T) *T {
	var unset T
	if want == unset {
		return nil
	}
	return &want
}

// ChangedText is [Changed] for a text whose vendor keeps no spaces around it.
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

// ChangedTags is [Changed] for tags, whose order is no difference. An empty list sets
// nothing.
func ChangedTags[T ~[]string](want, there T) T {
	if len(want) == 0 || slices.Equal(sortedTags(want), sortedTags(there)) {
		return nil
	}
	return want
}

// sortedTags returns each tag once, in an order that does not depend on the server.
func sortedTags(tags []string) []string {
	var sorted []string
	for _, tag := range tags {
		sorted = append(sorted, strings.TrimSpace(tag))
	}
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
