package transport_test

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// part is an answer about a part of a thing.
type part struct {
	Part struct {
		ID    string `json:"id"`
		Thing string `json:"thing_id"`
		Alias string `json:"alias"`
		Size  int    `json:"size"`
	} `json:"part"`
}

func (p *part) Missing() string {
	if p.Part.ID == "" {
		return "part.id"
	}
	return ""
}

func (p *part) Row() (reflect.Type, int) { return reflect.TypeOf(p.Part), 0 }

func (p *part) Names(n *transport.Names) {
	n.Parent("part.thing_id", p.Part.Thing)
	n.Object(1, "part.id", p.Part.ID, p.Part.Alias)
}

// partCall is a call for a part, of a thing if there are two ids.
func partCall(repeat transport.Repeat, ids ...any) *transport.Call {
	route := "/things/{thing}/parts" + strings.Repeat("/{part}", len(ids)-1)
	return &transport.Call{Method: http.MethodPost, Route: route, IDs: ids, Repeat: repeat, Out: &part{}}
}

func TestNames(t *testing.T) {
	t.Parallel()
	const uuid = "2dd957e3-2051-4cdf-8584-9c0046b4d1ae"
	tests := []struct {
		name, body string
		thing, id  any
		lack       string
	}{
		{"its own", `{"part":{"id":"p2","thing_id":"t1"}}`, "t1", "p2", ""},
		{"another", `{"part":{"id":"p3","thing_id":"t1"}}`, "t1", "p2", "part.id"},
		{"another's", `{"part":{"id":"p2","thing_id":"t3"}}`, "t1", "p2", "part.thing_id"},
		{"nobody's", `{"part":{"id":"p2"}}`, "t1", "p2", ""},
		{"of null", `{"part":{"id":"p2","thing_id":null}}`, "t1", "p2", ""},
		{"a beginning", `{"part":{"id":"p","thing_id":"t1"}}`, "t1", "p2", "part.id"},
		{"a number", `{"part":{"id":2,"thing_id":1}}`, int64(1), int64(2), ""},
		{"another number", `{"part":{"id":20,"thing_id":1}}`, int64(1), int64(2), "part.id"},
		{"a number for a text", `{"part":{"id":2,"thing_id":1}}`, "1", "2", ""},
		{"zeros before it", `{"part":{"id":"0002","thing_id":"1"}}`, "001", "2", ""},
		{"zeros behind it", `{"part":{"id":"200","thing_id":"1"}}`, "1", "2", "part.id"},
		{"a fraction of zero", `{"part":{"id":2.0,"thing_id":1}}`, "1", "2", ""},
		{"a fraction", `{"part":{"id":2.5,"thing_id":1}}`, "1", "2", "part.id"},
		{"an exponent", `{"part":{"id":4.201825054e9}}`, "1", "4201825054", ""},
		{"another exponent", `{"part":{"id":4.201825055e9}}`, "1", "4201825054", "part.id"},
		{"beyond 64 bits", `{"part":{"id":"21076844576373085746324631"}}`, "1", "21076844576373085746324631", ""},
		{"another beyond 64 bits", `{"part":{"id":"21076844576373085746324632"}}`, "1", "21076844576373085746324631", "part.id"},
		{"letters in another case", `{"part":{"id":"CUS_01j9"}}`, "1", "cus_01J9", ""},
		{"blanks around", `{"part":{"id":" p2 "}}`, "1", "p2", ""},
		{"a UUID", `{"part":{"id":"` + uuid + `"}}`, "1", strings.ToUpper(strings.ReplaceAll(uuid, "-", "")), ""},
		{"hyphens of no UUID", `{"part":{"id":"1-2"}}`, "1", "12", "part.id"},
		{"one of two ids", `{"part":{"id":"p2","alias":"p7"}}`, "1", "p7", ""},
		{"none of two ids", `{"part":{"id":"p2","alias":"p7"}}`, "1", "p3", "part.id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, transport.Config{BaseURL: testkit.NewServer(t, testkit.Answer(200, tt.body)).URL, Options: souk.Options{MaxAttempts: 1}})
			call := partCall(transport.Safe, tt.thing, tt.id)

			err := client.Do(t.Context(), call)

			if tt.lack == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, souk.ErrUnreadable)
			assert.Contains(t, err.Error(), "JSON without the "+tt.lack+" that was asked for came instead of the API's answer")
		})
	}
}

// What is new has an id that nobody has asked for.
func TestNamesOfWhatIsNew(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t, testkit.Answer(201, `{"part":{"id":"p9","thing_id":"t1"}}`))
	call := partCall(transport.Write, "t1")

	err := newClient(t, transport.Config{BaseURL: server.URL}).Do(t.Context(), call)

	require.NoError(t, err)
	assert.Equal(t, "p9", call.Out.(*part).Part.ID)
}

func TestAnAnswerAboutAnotherIsAskedForAgain(t *testing.T) {
	t.Parallel()
	const own, others = `{"part":{"id":"p2","thing_id":"t1"}}`, `{"part":{"id":"p3","thing_id":"t3","alias":"x"}}`
	for class, want := range map[transport.Repeat]int{transport.Safe: 2, transport.Idempotent: 2, transport.Write: 1} {
		synctest.Test(t, func(t *testing.T) {
			answers := []string{others, own}
			sent := 0
			client := newClient(t, transport.Config{BaseURL: baseURL(t), Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				sent++
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(answers[sent-1])), Request: r}, nil
			})}}})
			call := partCall(class, "t1", "p2")

			err := client.Do(t.Context(), call)

			assert.Equal(t, want, sent)
			if class == transport.Write {
				require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
				require.ErrorIs(t, err, souk.ErrUnreadable)
				return
			}
			require.NoError(t, err)
			assert.Empty(t, call.Out.(*part).Part.Alias, "left of another's")
		})
	}
}

// An object of which no more than its id can be read is the one that was asked for, or
// somebody else's.
func TestNamesOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for id, own := range map[string]bool{"p2": true, "P2": true, "p3": false} {
		server := testkit.NewServer(t, testkit.Answer(200, `{"part":{"id":"`+id+`","thing_id":"t1","size":"large"}}`))

		err := newClient(t, transport.Config{BaseURL: server.URL, Options: souk.Options{MaxAttempts: 1}}).Do(t.Context(), partCall(transport.Safe, "t1", "p2"))

		require.ErrorIs(t, err, souk.ErrUnreadable, id)
		_, isRow := errors.AsType[*souk.RowError](err)
		assert.Equal(t, own, isRow, "%s: %v", id, err)
	}
}
