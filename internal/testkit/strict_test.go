package testkit_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/testkit"
)

type base struct {
	ID int `json:"id"`
}

type item struct {
	base
	Name string `json:"name,omitempty"`
}

// lenient decodes itself, and would hide lost keys from DisallowUnknownFields.
type lenient struct {
	City string `json:"city"`
}

func (l *lenient) UnmarshalJSON(data []byte) error {
	type plain lenient
	return json.Unmarshal(data, (*plain)(l))
}

// wrapper has no tags: what it encodes to shows what it took.
type wrapper struct{ value item }

func (w *wrapper) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &w.value) }
func (w wrapper) MarshalJSON() ([]byte, error)     { return json.Marshal(w.value) }

// date takes an object and encodes to a string.
type date struct{ time.Time }

func (d *date) UnmarshalJSON([]byte) error { d.Time = time.Unix(0, 0); return nil }

// one takes a list or a single item.
type one []item

func (o *one) UnmarshalJSON(data []byte) error {
	var list []item
	if json.Unmarshal(data, &list) == nil {
		*o = list
		return nil
	}
	var single item
	err := json.Unmarshal(data, &single)
	*o = one{single}
	return err
}

type document struct {
	Items   []item            `json:"items"`
	Pointer *item             `json:"pointer"`
	ByName  map[string]item   `json:"by_name"`
	ByID    map[int]item      `json:"by_id"`
	Any     any               `json:"any"`
	Raw     json.RawMessage   `json:"raw"`
	Lenient lenient           `json:"lenient"`
	Wrapper wrapper           `json:"wrapper"`
	Date    date              `json:"date"`
	One     one               `json:"one"`
	Labels  map[string]string `json:"labels"`
	Hidden  string            `json:"-"`
	Plain   string
}

func TestDecodeStrictFindsLostKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data   string
		ignore []string
		lost   string // empty: nothing
	}{
		"all known": {data: `{"items":[{"id":1,"name":"a"}],"pointer":{"id":1},"by_name":{"a":{"id":1}},"by_id":{"7":{"id":1}},
			"any":{"x":{"y":1}},"raw":{"x":1},"lenient":{"city":"c"},"wrapper":{"id":1,"name":""},"date":{"date":"d","zone":"z"},
			"one":{"id":1},"labels":{"x":"y"},"Plain":"p"}`},
		"null and empty":             {data: `{"pointer":null,"items":[],"lenient":{}}`},
		"unknown on top":             {data: `{"x":1}`, lost: "x"},
		"another case":               {data: `{"ITEMS":[]}`, lost: "ITEMS"},
		"another case of a Go name":  {data: `{"plain":"p"}`, lost: "plain"},
		"a field that is left out":   {data: `{"Hidden":"p"}`, lost: "Hidden"},
		"a dash":                     {data: `{"-":"p"}`, lost: "-"},
		"in a list, once":            {data: `{"items":[{"id":1},{"x":1},{"x":2}]}`, lost: "items[].x"},
		"behind a pointer":           {data: `{"pointer":{"x":1}}`, lost: "pointer.x"},
		"in a map":                   {data: `{"by_name":{"a":{"x":1}}}`, lost: "by_name.a.x"},
		"in a map of numbers":        {data: `{"by_id":{"7":{"x":1}}}`, lost: "by_id.7.x"},
		"in a type that decodes":     {data: `{"lenient":{"city":"c","x":1}}`, lost: "lenient.x"},
		"in a type without tags":     {data: `{"wrapper":{"id":1,"x":1}}`, lost: "wrapper.x"},
		"in a single value":          {data: `{"one":{"x":1}}`, lost: "one.x"},
		"an object in two elements":  {data: `{"one":[{"id":1},{"x":1}]}`, lost: "one[].x"},
		"ignored":                    {data: `{"items":[{"x":1}],"y":{"z":1}}`, ignore: []string{"items[].x", "y"}},
		"ignored with all below":     {data: `{"lenient":{"x":{"y":1}}}`, ignore: []string{"lenient"}},
		"not ignored by a beginning": {data: `{"items2":1}`, ignore: []string{"items"}, lost: "items2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := new(fakeT)

			testkit.DecodeStrict(fake, []byte(test.data), new(document), test.ignore...)

			if test.lost == "" {
				assert.Empty(t, fake.text(false))
				return
			}
			assert.Equal(t, "*testkit_test.document loses 1 keys:\n  "+test.lost, fake.text(false))
		})
	}
}

func TestDecodeStrictReportsEveryKey(t *testing.T) {
	t.Parallel()
	fake := new(fakeT)

	testkit.DecodeStrict(fake, []byte(`{"b":1,"a":{"c":1},"pointer":{"d":1}}`), new(document))

	assert.Equal(t, "*testkit_test.document loses 3 keys:\n  a\n  b\n  pointer.d", fake.text(false))
}

func TestDecodeStrictReportsWhatCannotBeDecoded(t *testing.T) {
	t.Parallel()
	for _, data := range []string{`{"items":1}`, `{`, `{}{}`, ``} {
		fake := new(fakeT)
		testkit.DecodeStrict(fake, []byte(data), new(document))
		assert.Contains(t, fake.text(false), "decode")
	}
}

func TestDecodeStrictReportsATypeThatDropsAnObject(t *testing.T) {
	t.Parallel()
	fake := new(fakeT)
	var into struct {
		Dropped *dropper `json:"dropped"`
		Kept    dropper  `json:"kept"`
	}

	testkit.DecodeStrict(fake, []byte(`{"dropped":{"x":1},"kept":{"x":1}}`), &into)

	assert.Contains(t, fake.text(false), "dropped")
	assert.Contains(t, fake.text(false), "kept")
}

// dropper takes nothing and encodes to null.
type dropper struct{}

func (*dropper) UnmarshalJSON([]byte) error  { return nil }
func (dropper) MarshalJSON() ([]byte, error) { return []byte("null"), nil }
