package transport_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

func TestTarget(t *testing.T) {
	t.Parallel()
	type query struct {
		Page  int       `url:"page,omitempty"`
		Email string    `url:"email,omitempty"`
		Since time.Time `url:"since,omitempty"`
	}
	tests := []struct {
		name  string
		call  transport.Call
		path  string
		query url.Values
	}{
		{"no ids", transport.Call{Route: "/things"}, "/api/things", nil},
		{"string id", transport.Call{Route: "/things/{id}", IDs: []any{"cus_01"}}, "/api/things/cus_01", nil},
		{"number id", transport.Call{Route: "/things/{id}", IDs: []any{int64(2075683582)}}, "/api/things/2075683582", nil},
		{"two ids", transport.Call{Route: "/a/{x}/b/{y}.json", IDs: []any{"1", "2"}}, "/api/a/1/b/2.json", nil},
		{"space and umlaut", transport.Call{Route: "/a/{x}", IDs: []any{"ä b"}}, "/api/a/%C3%A4%20b", nil},
		{"dots within", transport.Call{Route: "/a/{x}", IDs: []any{"..."}}, "/api/a/...", nil},
		{"struct query", transport.Call{Route: "/a", Query: query{Page: 2, Email: "a+b@c.d"}}, "/api/a", url.Values{"page": {"2"}, "email": {"a+b@c.d"}}},
		{"empty query", transport.Call{Route: "/a", Query: query{}}, "/api/a", nil},
		{"values", transport.Call{Route: "/a", Query: url.Values{"k[]": {"1", "2"}}}, "/api/a", url.Values{"k[]": {"1", "2"}}},
		{"own path", transport.Call{Path: "/other/%2Fx/y"}, "/api/other/%2Fx/y", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: baseURL(t) + tt.path, Query: tt.query})
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
			tt.call.Method, tt.call.Repeat = "GET", transport.Safe

			_, err := client.Do(t.Context(), &tt.call)

			assert.NoError(t, err)
		})
	}
}

func TestTargetRefuses(t *testing.T) {
	t.Parallel()
	const oneID = `must be one id: no "/", "\", "?", "#", "%" or control characters`
	tests := []struct {
		name string
		call transport.Call
		want string
	}{
		{"empty id", transport.Call{Route: "/a/{id}", IDs: []any{""}}, "id: must not be empty"},
		{"dot", transport.Call{Route: "/a/{id}", IDs: []any{"."}}, "id: must be an id, not a relative path"},
		{"dot dot", transport.Call{Route: "/a/{id}", IDs: []any{".."}}, "id: must be an id, not a relative path"},
		{"slash", transport.Call{Route: "/a/{id}", IDs: []any{"../orders/1"}}, "id: " + oneID},
		{"backslash", transport.Call{Route: "/a/{id}", IDs: []any{`..\orders`}}, "id: " + oneID},
		{"escaped slash", transport.Call{Route: "/a/{id}", IDs: []any{"..%2Forders"}}, "id: " + oneID},
		{"query", transport.Call{Route: "/a/{id}", IDs: []any{"1?x=y"}}, "id: " + oneID},
		{"fragment", transport.Call{Route: "/a/{id}", IDs: []any{"1#f"}}, "id: " + oneID},
		{"NUL", transport.Call{Route: "/a/{id}", IDs: []any{"1\x00"}}, "id: " + oneID},
		{"zero", transport.Call{Route: "/a/{group}", IDs: []any{int64(0)}}, "group: must be a positive id"},
		{"negative", transport.Call{Route: "/a/{group}", IDs: []any{int64(-1)}}, "group: must be a positive id"},
		{"path without slash", transport.Call{Path: "a"}, "path: must begin with a slash"},
		{"path upwards", transport.Call{Path: "/a/../b"}, `path: must not contain the segments "." and ".."`},
		{"path upwards, escaped", transport.Call{Path: "/a/%2e%2E/b"}, `path: must not contain the segments "." and ".."`},
		{"path with query", transport.Call{Path: "/a?b"}, "path: must be an escaped path without query and fragment"},
		{"path badly escaped", transport.Call{Path: "/a%zz"}, "path: must be an escaped path without query and fragment"},
		{"query of no struct", transport.Call{Route: "/a", Query: 7}, "query: cannot be encoded"},
		{"body without JSON", transport.Call{Route: "/a", Body: make(chan int)}, "body: cannot be encoded: values of type chan int have no JSON form"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t) // nothing is expected
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
			tt.call.Method = "POST"

			_, err := client.Do(t.Context(), &tt.call)

			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.Contains(t, err.Error(), tt.want)
			assert.Zero(t, requireError(t, err).Attempts)
		})
	}
}

// The host never changes, whatever the id: the URL's path starts with the
// client's, and decodes to the same segments.
func FuzzIDsStayInTheirSegment(f *testing.F) {
	for _, seed := range []string{"cus_1", "..", "a/b", "%2e%2e", "é", "@evil.example", "\x00", "?", ";", "a b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		var got *url.URL
		client := newClient(t, transport.Config{BaseURL: "https://acme.example", Options: souk.Options{HTTPClient: recorder(&got)}})

		_, err := client.Do(t.Context(), &transport.Call{
			Method: "GET", Route: "/things/{id}/parts", IDs: []any{id}, Repeat: transport.Safe,
		})
		if err != nil {
			assert.ErrorIs(t, err, souk.ErrInvalid)
			return
		}

		assert.Equal(t, "acme.example", got.Host)
		assert.Equal(t, "/api/things/"+id+"/parts", got.Path)
		parsed, err := url.Parse(got.String())
		require.NoError(t, err)
		assert.Equal(t, got.Path, parsed.Path)
		assert.Empty(t, parsed.RawQuery)
	})
}
