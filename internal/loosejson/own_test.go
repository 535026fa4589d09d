package loosejson_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// A type's own decoder knows best: what it takes is no drift, and only what it
// refuses is spelled anew.
func TestOwnDecoderIsAskedFirst(t *testing.T) {
	t.Parallel()
	drift := func(path, want, got string) []loosejson.Drift {
		return []loosejson.Drift{{Path: "rows[0]." + path, Want: want, Got: got}}
	}
	tests := []struct {
		members string
		want    person
		drift   []loosejson.Drift
		refused string
	}{
		{members: `"id":"1"`, want: person{ID: 1}, drift: drift("id", "whole number", "text")},
		{members: `"id":"1","name":{"first":"A","last":"B"},"mobile":5`, want: person{ID: 1, Name: "A B", Mobile: "5"}, drift: drift("id", "whole number", "text")},
		{members: `"id":1,"groups":[{"id":2}],"mobile":5`, want: person{ID: 1, Groups: []int64{2}, Mobile: "5"}, drift: drift("groups[0]", "whole number", "object")},
		{members: `"id":"1","brithday":"2026-01-05T00:00:00Z"`, want: person{ID: 1, Birthday: day(2026, time.January, 5)}, drift: drift("id", "whole number", "text")},
		{members: `"id":1,"birthday":"2026-01-05"`, want: person{ID: 1, Birthday: day(2026, time.January, 5)}, drift: drift("birthday", "date", "text")},
		{members: `"id":1,"address":{"default":1}`, want: person{ID: 1, Address: address{Default: true}}, drift: drift("address.default", "boolean", "number")},
		{members: `"id":1,"address":[]`, want: person{ID: 1}, drift: drift("address", "object", "list")},
		{members: `"id":1,"state":"2"`, want: person{ID: 1, State: 2}, drift: drift("state", "whole number", "text")},
		{members: `"id":1,"mobile":"-"`, refused: "want object, got object of another form in rows[0]"},
		{members: `"id":1,"name":true`, refused: "want text, got boolean in rows[0].name"},
		{members: `"id":1,"name":5`, want: person{ID: 1, Name: "5"}, drift: drift("name", "text", "number")},
		{members: `"id":1,"brithday":"2026-01-05"`, refused: "want object, got object of another form in rows[0]"},
		{members: `"id":1,"address":{"city":true}`, refused: "want text, got boolean in rows[0].address.city"},
	}
	for _, tt := range tests {
		t.Run(tt.members, func(t *testing.T) {
			t.Parallel()
			body := `{"rows":[{` + tt.members + `}]}`
			require.Error(t, json.Unmarshal([]byte(body), new(list[person])))

			got := unmarshal[person](t, body)

			assert.Equal(t, tt.drift, got.drift)
			if tt.refused != "" {
				assert.Empty(t, got.Rows)
				require.Len(t, got.bad, 1)
				require.EqualError(t, got.bad[0].Err, "loosejson: "+tt.refused)
				return
			}
			assert.Equal(t, []person{tt.want}, got.Rows)
			assert.Empty(t, got.bad)
		})
	}
}

// contact decodes as a whole only: its value is that of its kind.
type contact struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Value int    `json:"value"`
}

func (c *contact) UnmarshalJSON(data []byte) error {
	type plain contact
	var wire struct {
		*plain
		Value json.RawMessage `json:"value"`
	}
	wire.plain = (*plain)(c)
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	switch c.Kind {
	case "number":
		return json.Unmarshal(wire.Value, &c.Value)
	case "text":
		c.Value = len(wire.Value)
		return nil
	}
	return assert.AnError
}

func TestOwnDecoderOfAWhole(t *testing.T) {
	t.Parallel()
	got := unmarshal[contact](t, `{"total":"4","rows":[
		{"id":"a","kind":"text","value":"12"},
		{"id":"b","kind":"number","value":"12"},
		{"id":3,"kind":"number","value":12}
	]}`)

	assert.Equal(t, []contact{{"a", "text", 4}, {"b", "number", 12}, {"3", "number", 12}}, got.Rows)
	assert.Equal(t, []loosejson.Drift{
		{Path: "total", Want: "whole number", Got: "text"},
		{Path: "rows[1].value", Want: "whole number", Got: "text"},
		{Path: "rows[2].id", Want: "text", Got: "number"},
	}, got.drift)

	got = unmarshal[contact](t, `{"rows":[{"id":"a","kind":"none","value":"12"}]}`)

	assert.Equal(t, []string{
		`0 "a" {"id":"a","kind":"none","value":"12"}: loosejson: want object, got object of another form in rows[0]`,
	}, report(got.bad))
}

// What the decoder refuses although its field takes it is found on a second look.
func TestOwnDecoderIsStricterThanItsFields(t *testing.T) {
	t.Parallel()
	type row struct {
		ID     string `json:"id"`
		Person person `json:"person"`
	}
	got := unmarshal[row](t, `{"rows":[{"id":"a","person":{"mobile":"-"}},{"id":2,"person":{"mobile":5}}]}`)

	assert.Equal(t, []row{{ID: "2", Person: person{Mobile: "5"}}}, got.Rows)
	assert.Equal(t, []string{
		`0 "a" {"id":"a","person":{"mobile":"-"}}: loosejson: want object, got object of another form in rows[0].person`,
	}, report(got.bad))
}

// refuser decodes from nothing, not even null.
type refuser struct{ Name string }

func (r *refuser) UnmarshalJSON([]byte) error { return assert.AnError }

func TestOwnDecoderHasTheLastWord(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`null`, `""`, `{}`, `{"Name":5}`, `[]`, `5`} {
		_, err := loosejson.Unmarshal([]byte(body), new(refuser), loosejson.Options{})
		require.ErrorContains(t, err, "loosejson: want object, got ", body)
	}
}

// envelope decodes what it holds by the rule, as those must that have a decoder
// of their own.
type envelope struct{ customer }

func (e *envelope) UnmarshalJSON(data []byte) error {
	var answer struct {
		Data customer `json:"data"`
	}
	if json.Unmarshal(data, &answer) != nil {
		if _, err := loosejson.Unmarshal(data, &answer, loosejson.Options{}); err != nil {
			return err
		}
	}
	e.customer = answer.Data
	return nil
}

func TestOwnDecoderOfAnEnvelopeUsesTheRule(t *testing.T) {
	t.Parallel()
	var got envelope
	require.NoError(t, json.Unmarshal([]byte(`{"data":{"id":5,"active":1}}`), &got))
	assert.Equal(t, customer{ID: "5", Active: true}, got.customer)
}

// part is an answer of which one member, by name, is wanted.
type part struct {
	name  string
	value *customer
}

func (p *part) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	if p.name == "" {
		return nil
	}
	p.value = new(customer)
	_, err := loosejson.Decode(members[p.name], p.value, loosejson.Options{})
	return err
}

func TestOwnDecoderOfTheWholeKeepsItsSettings(t *testing.T) {
	t.Parallel()
	got := part{name: "customer"}
	_, err := loosejson.Decode([]byte(`{"customer":{"id":5}}`), &got, loosejson.Options{})
	require.NoError(t, err)
	assert.Equal(t, part{"customer", &customer{ID: "5"}}, got)

	_, err = loosejson.Unmarshal([]byte(`{"customer":{"id":6}}`), &got, loosejson.Options{})
	require.NoError(t, err)
	assert.Equal(t, part{"customer", &customer{ID: "6"}}, got)

	_, err = loosejson.Unmarshal([]byte(`{"customer":{"id":true}}`), &got, loosejson.Options{})
	require.EqualError(t, err, "loosejson: want object, got object of another form")
}

// careless is an answer that decodes whatever rows come.
type careless struct {
	Rows  []customer `json:"rows"`
	Total int        `json:"total"`
}

func (c *careless) UnmarshalJSON(data []byte) error {
	var answer struct {
		Rows  []json.RawMessage `json:"rows"`
		Total int               `json:"total"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	c.Rows, c.Total = make([]customer, len(answer.Rows)), answer.Total
	return nil
}

// What the decoder takes is neither odd nor unreadable, whatever it looks like.
func TestOwnDecoderOfRows(t *testing.T) {
	t.Parallel()
	type answer struct {
		Data careless `json:"data"`
	}
	var got answer
	options := loosejson.Options{Row: reflect.TypeFor[customer](), ID: "id"}

	bad, err := loosejson.Unmarshal([]byte(`{"data":{"rows":[{"id":5},{"id":true}],"total":"2"}}`), &got, options)

	require.NoError(t, err)
	assert.Empty(t, bad)
	assert.Equal(t, answer{Data: careless{Rows: make([]customer, 2), Total: 2}}, got)
}

// node refers to itself.
type node struct {
	ID       int64  `json:"id"`
	Children []node `json:"children"`
}

// own is a node with a decoder of its own.
type own struct {
	ID    int64 `json:"id"`
	Child *own  `json:"child"`
}

func (o *own) UnmarshalJSON(data []byte) error {
	type plain own
	return json.Unmarshal(data, (*plain)(o))
}

func TestTypesThatReferToThemselves(t *testing.T) {
	t.Parallel()
	var tree node
	_, err := loosejson.Unmarshal([]byte(`{"id":"1","children":{"0":{"id":"2","children":[{"id":"3"}]}}}`), &tree, loosejson.Options{})
	require.NoError(t, err)
	assert.Equal(t, node{1, []node{{2, []node{{ID: 3}}}}}, tree)

	var chain own
	_, err = loosejson.Unmarshal([]byte(`{"id":"1","child":{"id":2,"child":{"id":"3"}}}`), &chain, loosejson.Options{})
	require.NoError(t, err)
	assert.Equal(t, own{1, &own{2, &own{ID: 3}}}, chain)
}

// Values are looked into a hundred levels deep. Deeper ones decode only as they
// are.
func TestTypesThatReferToThemselvesWithoutEnd(t *testing.T) {
	t.Parallel()
	nested := func(depth int, innermost string) string {
		return `{"id":"a","name":5,"metadata":{},"tree":` + strings.Repeat(`{"children":[`, depth) + innermost + strings.Repeat(`]}`, depth) + `}`
	}
	type row struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Tree node   `json:"tree"`
	}
	for _, tt := range []struct {
		depth     int
		innermost string
		readable  bool
	}{
		{40, `{"id":"1"}`, true},
		{60, `{"id":"1"}`, false},
		{60, `{"id":1}`, true},
		{4000, `{"id":1}`, true},
	} {
		got := unmarshal[row](t, `{"rows":[`+nested(tt.depth, tt.innermost)+`]}`)
		assert.Equal(t, tt.readable, len(got.Rows) == 1, tt.depth)
		assert.Equal(t, !tt.readable, len(got.bad) == 1, tt.depth)
	}
}

// encoding/json does not look at elements for which an array has no room.
func TestArraysWithoutRoom(t *testing.T) {
	t.Parallel()
	var got struct{ A [2]int }
	_, err := loosejson.Unmarshal([]byte(`{"A":[1,"2",true,{}]}`), &got, loosejson.Options{})
	require.NoError(t, err)
	assert.Equal(t, [2]int{1, 2}, got.A)
}
