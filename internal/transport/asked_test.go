package transport_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// recording notes the headers of the requests and answers 200.
func recording(got *[]http.Header) *http.Client {
	return scripted(func(r *http.Request) (*http.Response, error) {
		*got = append(*got, r.Header)
		return says(200, "", "{}")(r)
	})
}

// A header of one call can be any that is not the SDK's own.
func TestHeadersOfACall(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"X-Trace":       "",
		"!#$%&'*+-.^`|": "",
		"~0aZ":          "",
		"":              "must have names of headers",
		"X Trace":       "must have names of headers",
		"X\x7f":         "must have names of headers",
		"Ö":             "must have names of headers",
		"X/Y":           "must have names of headers",
		"authorization": "must not set Authorization, which is the SDK's own",
		"x-api-key":     "must not set X-Api-Key, which is the SDK's own",
	} {
		var got []http.Header
		client := newClient(t, transport.Config{
			Authorizer: transport.Static("X-Api-Key", "k"), Options: souk.Options{HTTPClient: recording(&got)},
		})

		err := client.Do(souk.WithHeader(t.Context(), http.Header{name: {"value"}}), classCall(transport.Safe))

		if want == "" {
			require.NoError(t, err)
			assert.Equal(t, []string{"value"}, got[0][http.CanonicalHeaderKey(name)], name)
			continue
		}
		require.ErrorIs(t, err, souk.ErrInvalid)
		assert.Equal(t, map[string][]string{"WithHeader": {want}}, requireError(t, err).Fields, name)
		assert.Empty(t, got)
	}
	client := newClient(t, transport.Config{})
	err := client.Do(souk.WithHeader(t.Context(), http.Header{"X-Trace": {"a\nb"}}), classCall(transport.Safe))
	assert.Equal(t, map[string][]string{"WithHeader": {"must not contain control characters"}}, requireError(t, err).Fields)
}

// What somebody asks of a call is not meant for the log-in that it needs, and an attempt
// that is over holds nothing up.
func TestALogInDoesNotInheritWhatIsAskedOfACall(t *testing.T) {
	t.Parallel()
	var attempt context.Context
	client := newClient(t, transport.Config{
		Authorizer: transport.Sourced(sourceFunc(func(ctx context.Context) (*oauth2.Token, error) {
			assert.Equal(t, percall.Options{}, *percall.From(ctx))
			return &oauth2.Token{AccessToken: "t"}, nil
		}), "Authorization", "Bearer "),
		Options: souk.Options{HTTPClient: scripted(func(r *http.Request) (*http.Response, error) {
			attempt = r.Context()
			return says(200, "", "{}")(r)
		})},
	})

	err := client.Do(souk.WithMaxAttempts(t.Context(), 1), classCall(transport.Safe))

	require.NoError(t, err)
	require.Error(t, attempt.Err())
}

// Another end point of the vendor has quotas of its own, and nothing else.
func TestBeside(t *testing.T) {
	t.Parallel()
	var got []http.Header
	client := newClient(t, transport.Config{
		Quotas:  []transport.Quota{{Limit: &ratelimit.Limit{Burst: 5, Rate: 1}}},
		Options: souk.Options{HTTPClient: recording(&got), UserAgent: "test/1"},
	})
	login := acme
	login.Prefix = "/login"

	beside := client.Beside(&login, "https://login.example:443", nil)

	assert.Equal(t, "login.example", beside.Host())
	assert.Equal(t, souk.Quota{}, beside.Quota())
	err := beside.Do(t.Context(), classCall(transport.Safe))
	require.NoError(t, err)
	assert.Equal(t, "test/1", got[0].Get("User-Agent"))
	assert.Equal(t, 5, client.Quota().Limit)
}

// Check finds what Do would, and sends nothing.
func TestCheck(t *testing.T) {
	t.Parallel()
	var got []http.Header
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: recording(&got)}})
	response := souk.Response{StatusCode: 200}
	ctx := souk.WithResponse(t.Context(), &response)
	call := func(id string) *transport.Call {
		return &transport.Call{Method: "GET", Route: "/things/{thing}", IDs: []any{id}}
	}

	require.NoError(t, client.Check(ctx, call("7")))
	require.EqualError(t, client.Check(ctx, call("")), "acme: GET /things/{thing}: invalid; thing: must not be empty")
	assert.Zero(t, response.StatusCode, "that of an earlier call is not taken for its own")
	var none context.Context
	require.ErrorIs(t, client.Check(none, call("7")), souk.ErrInvalid)
	assert.Empty(t, got)
}
