package transport_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// itself is a type that encodes its unexported field.
type itself struct{ text string }

func (i itself) MarshalJSON() ([]byte, error) { return json.Marshal(i.text) }

type base struct{ Zip string }

// Base is an exported type that others embed.
type Base struct{ Country string }

type place struct {
	base
	Base
	Street string
}

type whoever struct {
	Name     string
	Tags     []string
	Pair     [2]string
	Nickname *string
	Places   []place
	Home     *place
	Other    map[string]any
	Own      itself
	Raw      json.RawMessage
	Born     time.Time
	Left     string `json:"-"`
	hidden   string
}

type node struct {
	Text string
	Next *node
}

const latin1 = "Ren\xe9"

// A text in another encoding would be stored with other characters than it has.
func TestTextsThatAreNotUTF8AreNotSent(t *testing.T) {
	t.Parallel()
	text := latin1
	tags := []string{"a", latin1}
	home := &place{base{"1"}, Base{latin1}, "a"}
	for field, body := range map[string]any{
		"Name":             whoever{Name: latin1},
		"Tags":             whoever{Tags: []string{"a", latin1, latin1}},
		"Pair":             whoever{Pair: [2]string{"a", latin1}},
		"Nickname":         &whoever{Nickname: &text},
		"Places[1].Street": map[string]any{"person": whoever{Places: []place{{}, {Street: latin1}}}},
		"Home.Zip":         whoever{Home: &place{base: base{Zip: latin1}}},
		"Home.Country":     []any{&home.base, whoever{Home: home}}, // where that base stands
		"Later":            struct{ Sooner, Later []string }{tags[:1], tags},
		"Other":            whoever{Other: map[string]any{"a": []any{1, map[string]any{latin1: true}}}},
		"Own":              whoever{Own: itself{latin1}},
		"Raw":              whoever{Raw: json.RawMessage(`"` + latin1 + `"`)},
		"body":             map[string]string{"name": latin1},
	} {
		var sent []http.Header
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: recording(&sent)}})

		err := client.Do(t.Context(), &transport.Call{Method: "POST", Route: "/x", Body: body})

		require.ErrorIs(t, err, souk.ErrInvalid, field)
		assert.Equal(t, map[string][]string{field: {notUTF8}}, requireError(t, err).Fields)
		assert.Empty(t, sent, field)
	}
	for field, query := range map[string]any{
		"query": url.Values{"a": {"b"}, "name": {latin1}},
		"Name": struct {
			Name string
			Left string `url:"-"`
		}{latin1, latin1},
	} {
		err := newClient(t, transport.Config{}).Check(t.Context(), &transport.Call{Method: "GET", Route: "/x", Query: query})
		assert.Equal(t, map[string][]string{field: {notUTF8}}, requireError(t, err).Fields)
	}
}

const notUTF8 = "must be UTF-8: convert a text in another encoding first"

// All that is wrong is said at once.
func TestTextsThatAreNotUTF8AreNamedBesideOtherProblems(t *testing.T) {
	t.Parallel()
	endless := map[string]any{"name": latin1}
	endless["self"], endless["twin"] = endless, []any{endless, endless}
	list := []any{latin1, nil}
	list[1] = list
	loop := &node{Text: latin1}
	loop.Next = loop
	call := &transport.Call{Method: "POST", Route: "/x", Body: struct{ Name, Note, List, Loop any }{latin1, endless, list, loop}}
	call.Problems.Add("Age", "must not be negative")

	err := newClient(t, transport.Config{}).Check(t.Context(), call)

	assert.Equal(t, map[string][]string{"Age": {"must not be negative"}, "Name": {notUTF8}, "Note": {notUTF8}, "List": {notUTF8}, "Loop.Text": {notUTF8}}, requireError(t, err).Fields)

	said := &transport.Call{Method: "GET", Route: "/x", Query: url.Values{"q": {latin1}}}
	said.Problems.Add("Filter", notUTF8)
	err = newClient(t, transport.Config{}).Check(t.Context(), said)
	assert.Equal(t, map[string][]string{"Filter": {notUTF8}}, requireError(t, err).Fields, "not twice")
}

// What is UTF-8 is sent, also the sign that stands for a lost character.
func TestTextsOfAnyScriptAreSent(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"René", "محمد", "\ufffd", "\x00", `\ufffd`} {
		born := time.Now().In(time.FixedZone(latin1, 3600)) // whose name is not sent
		body := whoever{Name: text, Born: born, Raw: json.RawMessage(`"\ufffd"`), Left: latin1, hidden: latin1, Other: map[string]any{"bytes": []byte(latin1)}}
		err := newClient(t, transport.Config{}).Check(t.Context(), &transport.Call{Method: "POST", Route: "/x", Body: body, Query: url.Values{"q": {text}}})
		assert.NoError(t, err, text)
	}
}
