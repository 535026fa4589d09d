package transport_test

import (
	"net/url"
	pathpkg "path"
	"regexp"
	"strconv"
	"strings"
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
		{"all that an id can hold", transport.Call{Route: "/a/{x}", IDs: []any{"aA-zZ_0.9~"}}, "/api/a/aA-zZ_0.9~", nil},
		{"word and number", transport.Call{Route: "/a/{x}", IDs: []any{"count_1"}}, "/api/a/count_1", nil},
		{"no number, but no word's beginning", transport.Call{Route: "/a/{x}", IDs: []any{"acm_x"}}, "/api/a/acm_x", nil},
		{"letter and number", transport.Call{Route: "/a/{x}", IDs: []any{"c2"}}, "/api/a/c2", nil},
		{"country", transport.Call{Route: "/a/{x}/b", IDs: []any{transport.CountryCode("IN")}}, "/api/a/IN/b", nil},
		{"struct query", transport.Call{Route: "/a", Query: query{Page: 2, Email: "a+b@c.d"}}, "/api/a", url.Values{"page": {"2"}, "email": {"a+b@c.d"}}},
		{"empty query", transport.Call{Route: "/a", Query: query{}}, "/api/a", nil},
		{"values", transport.Call{Route: "/a", Query: url.Values{"k[]": {"1", "2"}}}, "/api/a", url.Values{"k[]": {"1", "2"}}},
		{"own path", transport.Call{Path: "/other/%2Fx/y"}, "/api/other/%2Fx/y", nil},
		{"own path with dots", transport.Call{Path: "/a.b/.c/...;d/100%25/"}, "/api/a.b/.c/...;d/100%25/", nil},
		{"own path that is not escaped", transport.Call{Path: "/ä b"}, "/api/%C3%A4%20b", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: baseURL(t) + tt.path, Query: tt.query})
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
			tt.call.Method, tt.call.Repeat = "GET", transport.Safe

			err := client.Do(t.Context(), &tt.call)

			assert.NoError(t, err)
		})
	}
}

func TestTargetRefuses(t *testing.T) {
	t.Parallel()
	const straying = `path: must not contain "\", empty segments or the segments "." and "..", in any spelling`
	const notEscaped = "path: must be an escaped path without query and fragment"
	tests := []struct {
		name string
		call transport.Call
		want string
	}{
		{"no country", transport.Call{Route: "/a/{code}", IDs: []any{transport.CountryCode("")}}, "code: must be a country's code of two or three letters"},
		{"word for a country", transport.Call{Route: "/a/{code}", IDs: []any{transport.CountryCode("list")}}, "code: must be a country's code of two or three letters"},
		{"number for a country", transport.Call{Route: "/a/{code}", IDs: []any{transport.CountryCode("I1")}}, "code: must be a country's code of two or three letters"},
		{"dots for a country", transport.Call{Route: "/a/{code}", IDs: []any{transport.CountryCode("..")}}, "code: must be a country's code of two or three letters"},
		{"zero", transport.Call{Route: "/a/{group}", IDs: []any{int64(0)}}, "group: must be a positive id"},
		{"negative", transport.Call{Route: "/a/{group}", IDs: []any{int64(-1)}}, "group: must be a positive id"},
		{"path without slash", transport.Call{Path: "a"}, "path: must begin with a slash"},
		{"path of a host", transport.Call{Path: "//host/x"}, straying},
		{"URL", transport.Call{Path: "https://host/x"}, "path: must begin with a slash"},
		{"URL behind a slash", transport.Call{Path: "/https://host/x"}, straying},
		{"host behind a user", transport.Call{Path: "@host/x"}, "path: must begin with a slash"},
		{"path upwards", transport.Call{Path: "/a/../b"}, straying},
		{"path upwards at the end", transport.Call{Path: "/a/.."}, straying},
		{"path upwards, escaped", transport.Call{Path: "/a/%2e%2E/b"}, straying},
		{"path upwards, half escaped", transport.Call{Path: "/a/.%2e/b"}, straying},
		{"path upwards, escaped twice", transport.Call{Path: "/a/%252e%252e/b"}, straying},
		{"path upwards, escaped five times", transport.Call{Path: "/a/%252525252e%252525252e/b"}, straying},
		{"path upwards, the percent sign escaped by parts", transport.Call{Path: "/a/%25%32e%25%32e/b"}, straying},
		{"path upwards, slashes escaped", transport.Call{Path: "/a%2f..%2Fb"}, straying},
		{"path upwards, slashes escaped twice", transport.Call{Path: "/a%252f..%252Fb"}, straying},
		{"path upwards with a parameter", transport.Call{Path: "/a/..;/b"}, straying},
		{"path upwards with a parameter and its value", transport.Call{Path: "/a/..;x=y/b"}, straying},
		{"path upwards with an escaped parameter", transport.Call{Path: "/a/..%3bx/b"}, straying},
		{"path upwards with a blank", transport.Call{Path: "/a/..%20/b"}, straying},
		{"path that stays", transport.Call{Path: "/a/./b"}, straying},
		{"path with backslashes", transport.Call{Path: `/a\..\b`}, straying},
		{"path with escaped backslashes", transport.Call{Path: "/a%5C..%5cb"}, straying},
		{"path with backslashes escaped twice", transport.Call{Path: "/a%255cb"}, straying},
		{"path with empty segments", transport.Call{Path: "/a//b"}, straying},
		{"path with fragment", transport.Call{Path: "/a#b"}, notEscaped},
		{"path with a line break", transport.Call{Path: "/a%0d%0ab"}, notEscaped},
		{"path with NUL", transport.Call{Path: "/a%00"}, notEscaped},
		{"path with dots in too many bytes", transport.Call{Path: "/%c0%ae%c0%ae/b"}, notEscaped},
		{"path with query", transport.Call{Path: "/a?b"}, notEscaped},
		{"path badly escaped", transport.Call{Path: "/a%zz"}, notEscaped},
		{"query of no struct", transport.Call{Route: "/a", Query: 7}, "query: cannot be encoded"},
		{"body without JSON", transport.Call{Route: "/a", Body: make(chan int)}, "body: cannot be encoded: values of type chan int have no JSON form"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t) // nothing is expected
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
			tt.call.Method = "POST"

			err := client.Do(t.Context(), &tt.call)

			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.Contains(t, err.Error(), tt.want)
			assert.Zero(t, requireError(t, err).Attempts)
		})
	}
}

// No id is a word of a path, however a server reads it.
func TestIDsThatAreNone(t *testing.T) {
	t.Parallel()
	const (
		empty = "must not be empty"
		oneID = `must be one id: letters, digits, "-", "_", "." and "~"`
		word  = "must be an id, which holds a digit, and not a word of a path"
		none  = "must be an id: 0, a number below it and the UUID of zeros are none"
	)
	for id, want := range map[string]string{
		"":      empty,
		"count": word, "set": word, "COUNT": word, "query_user_by_email": word, "credit-line-balance": word, "count.json": word,
		"v2": word, "V20260601": word, "v2.json": word, "count.1": word, "v2.1": word,
		".": word, "..": word, "...": word, "..1": word, "_": word, "acm_": word, "acm": word, "ACM_x": word, "~": word,
		"0": none, "00": none, "-1": none, "-": none, "00000000-0000-0000-0000-000000000000": none,
		" ": oneID, "\t\n": oneID, "\u00a0": oneID, " 1": oneID, "1 ": oneID, "count ": oneID,
		"1/2": oneID, "../orders/1": oneID, `..\1`: oneID, "..%2F1": oneID, "%2e%2e1": oneID, "1?x=y": oneID, "1#f": oneID, "1;x": oneID, "set;1": oneID,
		"1,2": oneID, "1&2": oneID, "1:2": oneID, "a@1": oneID, "1\x00": oneID, "1\x7f": oneID, "1\xff": oneID,
		"ä1": oneID, "١": oneID, "１": oneID, "count\u20281": oneID,
	} {
		t.Run(strconv.Quote(id), func(t *testing.T) {
			t.Parallel()
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: testkit.NewGock(t).Client()}})

			err := client.Do(t.Context(), &transport.Call{Method: "GET", Route: "/a/{thing}.json", IDs: []any{id}})

			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.Equal(t, map[string][]string{"thing": {want}}, requireError(t, err).Fields)
			assert.Zero(t, requireError(t, err).Attempts)
		})
	}
}

// The host never changes, whatever the id: the URL's path starts with the
// client's, and decodes to the same segments.
func FuzzIDsStayInTheirSegment(f *testing.F) {
	for _, seed := range []string{"cus_1", "..", "a/b", "%2e%2e", "é", "@evil.example", "\x00", "?", ";", "a b", "count", "v2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		var got *url.URL
		client := newClient(t, transport.Config{BaseURL: "https://acme.example", Options: souk.Options{HTTPClient: recorder(&got)}})

		err := client.Do(t.Context(), &transport.Call{
			Method: "GET", Route: "/things/{id}/parts", IDs: []any{id}, Repeat: transport.Safe,
		})
		if err != nil {
			assert.ErrorIs(t, err, souk.ErrInvalid)
			return
		}

		assert.Equal(t, "acme.example", got.Host)
		assert.True(t, strings.ContainsAny(id, "0123456789"), id)
		assert.Equal(t, "/api/things/"+id+"/parts", got.Path)
		parsed, err := url.Parse(got.String())
		require.NoError(t, err)
		assert.Equal(t, got.Path, parsed.Path)
		assert.Empty(t, parsed.RawQuery)
	})
}

// A path of the user's own leaves the prefix by no spelling that a server may undo.
func FuzzPathsStayBelowThePrefix(f *testing.F) {
	for _, seed := range []string{"/a", "/..;/x", "/%252e%252e/x", `/\x`, "//host/x", "/a%2f..%2fb", "/%25%32e%25%32e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		var got *url.URL
		client := newClient(t, transport.Config{BaseURL: "https://acme.example", Options: souk.Options{HTTPClient: recorder(&got)}})

		err := client.Free(t.Context(), nil, "GET", path, nil, nil, nil)
		if err != nil {
			assert.ErrorIs(t, err, souk.ErrInvalid)
			return
		}

		assert.Equal(t, "acme.example", got.Host)
		for text, before := got.EscapedPath(), ""; text != before; {
			before = text
			cleaned := pathpkg.Clean(strings.ReplaceAll(withoutParameters.ReplaceAllString(text, ""), `\`, "/"))
			assert.True(t, strings.HasPrefix(cleaned+"/", "/api/"), "%q", text)
			if unescaped, err := url.PathUnescape(text); err == nil {
				text = unescaped
			}
		}
	})
}

var withoutParameters = regexp.MustCompile(`;[^/\\]*`)
