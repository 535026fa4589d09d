package transport_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// A look-up refuses what is no address or number before anything is sent, and says so
// where nobody has it.
func TestLookup(t *testing.T) {
	t.Parallel()
	asked := ""
	answer := func(found *citizen, err error) transport.Lookup[citizen] {
		return transport.Lookup[citizen]{Method: "GET", Route: "/people", Find: func(_ context.Context, contact string) (*citizen, error) {
			asked = contact
			return found, err
		}}
	}
	client, ada := newClient(t, transport.Config{}), &citizen{name: "Ada"}

	found, err := answer(ada, nil).ByEmail(t.Context(), client, " Ada@example.com ")
	require.NoError(t, err)
	assert.Same(t, ada, found)
	assert.Equal(t, "Ada@example.com", asked)
	found, err = answer(ada, nil).ByPhone(t.Context(), client, "+49 30 123456")
	require.NoError(t, err)
	assert.Same(t, ada, found)
	assert.Equal(t, "4930123456", asked)

	_, err = answer(nil, nil).ByEmail(t.Context(), client, "ada@example.com")
	require.ErrorIs(t, err, souk.ErrNotFound)
	assert.EqualError(t, err, "acme: GET /people: 200 not found: no customer has this e-mail address")
	_, err = answer(nil, nil).ByPhone(t.Context(), client, "4930123456")
	assert.EqualError(t, err, "acme: GET /people: 200 not found: no customer has this phone number")
	_, err = answer(nil, down).ByPhone(t.Context(), client, "4930123456")
	require.ErrorIs(t, err, souk.ErrUnavailable)
	found, err = answer(ada, down).ByEmail(t.Context(), client, "ada@example.com")
	require.ErrorIs(t, err, souk.ErrUnavailable)
	assert.Same(t, ada, found)

	asked = ""
	for _, text := range []string{"", "ada"} {
		_, err = answer(ada, nil).ByEmail(t.Context(), client, text)
		require.EqualError(t, err, "acme: GET /people: invalid; email: must be an e-mail address")
		_, err = answer(ada, nil).ByPhone(t.Context(), client, text)
		require.EqualError(t, err, "acme: GET /people: invalid; phone: must be a phone number")
	}
	assert.Empty(t, asked)
}

// Only a server's own word that something is wrong may mean that a value is taken.
func TestRefusedAsInvalid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want bool
	}{
		{&souk.Error{StatusCode: 422, Err: souk.ErrInvalid}, true},
		{&souk.Error{Err: souk.ErrInvalid}, false}, // before anything was sent
		{&souk.Error{StatusCode: 400, Err: errors.Join(souk.ErrInvalid, souk.ErrUnreadable)}, false},
		{&souk.Error{StatusCode: 403, Err: souk.ErrForbidden}, false},
		{souk.ErrInvalid, false},
	} {
		assert.Equal(t, c.want, transport.RefusedAsInvalid(c.err), c.err)
	}
}

func TestProblemsOfFields(t *testing.T) {
	t.Parallel()
	var none *citizen
	var problems transport.Problems
	assert.Equal(t, "ada@example.com", problems.Email("Email", "ada@example.com"))
	assert.Equal(t, "4930123456", problems.Phone("Phone", "+49 30 123456"))
	problems.Email("Email", "")
	problems.Phone("Phone", "")
	problems.Held("Source", nil)
	problems.Held("Source", &citizen{})
	problems.NotNil("Seen", &citizen{})
	one := transport.Part{Problems: &problems, List: "Addresses", Index: 3}
	one.Require(true, "Zip", "must not be empty")
	require.True(t, problems.Empty(), problems.String())

	problems.Email("Email", "ada")
	problems.Phone("Phone", "n/a")
	problems.Held("Source", none)
	problems.NotNil("Seen", none)
	problems.NotNil("Handle", nil)
	one.Require(false, "Zip", "must not be empty")
	transport.Part{Problems: &problems}.Add("Name", "must be short")

	assert.Equal(t, "Email: must be an e-mail address; Phone: must be a phone number; "+
		"Source: must not hold a nil pointer; Seen: must not be nil; Handle: must not be nil; "+
		"Addresses[3].Zip: must not be empty; Name: must be short", problems.String())
}
