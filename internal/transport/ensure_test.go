package transport_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

func TestEnsure(t *testing.T) {
	t.Parallel()
	failed := errors.New("no")
	tests := []struct {
		name    string
		creates []error // one per attempt, nil for a creation
		finds   []any   // one per look-up: "" for nothing, a name, or an error
		want    string
		created bool
		err     error
	}{
		{"created", []error{nil}, nil, "new", true, nil},
		{"taken", []error{souk.ErrAlreadyExists}, []any{"old"}, "old", false, nil},
		{"lost and done", []error{souk.ErrOutcomeUnknown}, []any{"old"}, "old", false, nil},
		{"lost and not done", []error{souk.ErrOutcomeUnknown, nil}, []any{""}, "new", true, nil},
		{"taken and gone", []error{souk.ErrAlreadyExists, nil}, []any{""}, "new", true, nil},
		{"may be taken, and is", []error{souk.ErrInvalid}, []any{"old"}, "old", false, nil},
		{"may be taken, and is not", []error{souk.ErrInvalid}, []any{""}, "", false, souk.ErrInvalid},
		{"lost, then may be taken, and is not", []error{souk.ErrOutcomeUnknown, souk.ErrInvalid}, []any{"", ""}, "", false, souk.ErrOutcomeUnknown},
		{"refused", []error{souk.ErrForbidden}, nil, "", false, souk.ErrForbidden},
		{"look-up fails", []error{souk.ErrOutcomeUnknown}, []any{failed}, "", false, failed},
		{"taken, and look-up fails", []error{souk.ErrAlreadyExists}, []any{failed}, "", false, failed},
		{"never settled", []error{souk.ErrOutcomeUnknown, souk.ErrOutcomeUnknown, souk.ErrOutcomeUnknown}, []any{"", "", ""}, "", false, souk.ErrOutcomeUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			create := func(context.Context) (*string, error) {
				err := tt.creates[0]
				tt.creates = tt.creates[1:]
				if err != nil {
					return nil, err
				}
				return new("new"), nil
			}
			find := func(context.Context) (*string, error) {
				found := tt.finds[0]
				tt.finds = tt.finds[1:]
				if err, ok := found.(error); ok {
					return nil, err
				}
				if found == "" {
					return nil, nil
				}
				return new(found.(string)), nil
			}

			there, created, err := transport.Ensure(t.Context(), create, find, func(err error) bool { return errors.Is(err, souk.ErrInvalid) })

			assert.Empty(t, tt.creates)
			assert.Empty(t, tt.finds)
			assert.Equal(t, tt.created, created)
			if tt.err != nil {
				assert.ErrorIs(t, err, tt.err)
				assert.Nil(t, there)
				return
			}
			assert.NoError(t, err)
			assert.Equal(t, tt.want, *there)
		})
	}
}

// A look-up that fails says why, and the refusal before it no more. That a
// creation may have happened is not forgotten.
func TestEnsureSaysWhatIsOpen(t *testing.T) {
	t.Parallel()
	down := &souk.Error{Vendor: "acme", StatusCode: 503, Err: souk.ErrUnavailable}
	for _, tt := range []struct {
		name    string
		creates []error
		want    []error
		not     []error
	}{
		{"taken", []error{souk.ErrAlreadyExists}, []error{souk.ErrUnavailable}, []error{souk.ErrAlreadyExists, souk.ErrOutcomeUnknown}},
		{"may be taken", []error{souk.ErrInvalid}, []error{souk.ErrUnavailable}, []error{souk.ErrInvalid, souk.ErrOutcomeUnknown}},
		{"lost", []error{souk.ErrOutcomeUnknown}, []error{souk.ErrUnavailable, souk.ErrOutcomeUnknown}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			create := func(context.Context) (*string, error) { return nil, tt.creates[0] }
			find := func(context.Context) (*string, error) { return nil, down }

			_, created, err := transport.Ensure(t.Context(), create, find, func(err error) bool { return errors.Is(err, souk.ErrInvalid) })

			assert.False(t, created)
			for _, class := range tt.want {
				assert.ErrorIs(t, err, class)
			}
			for _, class := range tt.not {
				assert.NotErrorIs(t, err, class)
			}
			e, ok := errors.AsType[*souk.Error](err)
			assert.True(t, ok)
			assert.Equal(t, 503, e.StatusCode)
		})
	}
}
