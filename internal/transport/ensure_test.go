package transport_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

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
		{"taken", []error{transport.ErrAlreadyExists}, []any{"old"}, "old", false, nil},
		{"lost and done", []error{transport.ErrOutcomeUnknown}, []any{"old"}, "old", false, nil},
		{"lost and not done", []error{transport.ErrOutcomeUnknown, nil}, []any{""}, "new", true, nil},
		{"taken and gone", []error{transport.ErrAlreadyExists, nil}, []any{""}, "new", true, nil},
		{"may be taken, and is", []error{transport.ErrInvalid}, []any{"old"}, "old", false, nil},
		{"may be taken, and is not", []error{transport.ErrInvalid}, []any{""}, "", false, transport.ErrInvalid},
		{"lost, then may be taken, and is not", []error{transport.ErrOutcomeUnknown, transport.ErrInvalid}, []any{"", ""}, "", false, transport.ErrOutcomeUnknown},
		{"refused", []error{transport.ErrForbidden}, nil, "", false, transport.ErrForbidden},
		{"look-up fails", []error{transport.ErrOutcomeUnknown}, []any{failed}, "", false, failed},
		{"never settled", []error{transport.ErrOutcomeUnknown, transport.ErrOutcomeUnknown, transport.ErrOutcomeUnknown}, []any{"", "", ""}, "", false, transport.ErrOutcomeUnknown},
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

			there, created, err := transport.Ensure(t.Context(), create, find, func(err error) bool { return errors.Is(err, transport.ErrInvalid) })

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
