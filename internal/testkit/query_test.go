package testkit_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/testkit"
)

type filter struct{ value string }

func (f filter) EncodeValues(key string, v *url.Values) error {
	v.Set(key, f.value)
	return nil
}

type pointerFilter struct{}

func (*pointerFilter) EncodeValues(string, *url.Values) error { return nil }

type paging struct {
	Page int `url:"page,omitempty"`
}

func TestQueriesAcceptsWhatIsEncodedRightly(t *testing.T) {
	t.Parallel()
	testkit.Queries(t, struct {
		paging
		ID       string      `url:"-"`
		Unsent   map[int]int `url:"-"`
		private  map[int]int
		Name     string         `url:"name,omitempty"`
		Active   *bool          `url:"active,omitempty"`
		IDs      []int64        `url:"ids,comma,omitempty"`
		Since    time.Time      `url:"since,omitempty" layout:"2006-01-02"`
		Until    *time.Time     `url:"until,omitempty"`
		Days     []time.Time    `url:"days,brackets"`
		Nested   paging         `url:"nested"`
		Filter   filter         `url:"filter"`
		Optional *filter        `url:"optional,omitempty"`
		ByRef    *pointerFilter `url:"by_ref,omitempty"`
	}{private: nil})
}

func TestQueriesFindsWhatIsEncodedWrongly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		request any
		want    string
	}{
		"map": {struct {
			F map[string]string `url:"f"`
		}{}, ".F: type map[string]string is sent in Go syntax"},
		"any": {struct {
			F any `url:"f"`
		}{}, ".F: type interface {} is sent in Go syntax"},
		"float": {struct {
			F float64 `url:"f"`
		}{}, ".F: type float64 is sent in Go syntax"},
		"func": {struct {
			F func() `url:"f"`
		}{}, ".F: type func() is sent in Go syntax"},
		"structs": {struct {
			F []paging `url:"f"`
		}{}, ".F: elements of type testkit_test.paging are sent in Go syntax or empty"},
		"encoders": {struct {
			F []filter `url:"f"`
		}{}, ".F: elements of type testkit_test.filter are sent in Go syntax or empty"},
		"pointers": {struct {
			F []*int `url:"f"`
		}{}, ".F: elements of type *int are sent in Go syntax or empty"},
		"bytes": {struct {
			F []byte `url:"f"`
		}{}, ".F: bytes are sent as one number each"},
		"untagged": {struct{ F string }{}, ".F: has no url tag, so its Go name would be sent"},
		"unnamed": {struct {
			F string `url:",omitempty"`
		}{}, ".F: has no url tag, so its Go name would be sent"},
		"omitzero": {struct {
			F string `url:"f,omitzero"`
		}{}, ".F: the url tag's option omitzero is ignored or misspelled"},
		"nil pointer": {struct {
			F *int `url:"f"`
		}{}, ".F: a pointer without omitempty is sent empty when it is nil"},
		"pointers twice": {struct {
			F **int `url:"f,omitempty"`
		}{}, ".F: a pointer to a pointer"},
		"year 1": {struct {
			F time.Time `url:"f"`
		}{}, ".F: a time without omitempty is sent as year 1 when it is zero"},
		"pointer receiver": {struct {
			F pointerFilter `url:"f"`
		}{}, ".F: its EncodeValues has a pointer receiver and is not called"},
		"nested": {struct {
			F struct {
				G any `url:"g"`
			} `url:"f"`
		}{}, ".F.G: type interface {} is sent in Go syntax"},
		"embedded pointer": {struct{ *paging }{}, ".paging: an embedded field must be a struct; a nil pointer is sent as a parameter of its own"},
		"no struct":        {1, "int is no struct"},
		"nil":              {nil, "<nil> is no struct"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := new(fakeT)
			testkit.Queries(fake, test.request)
			assert.Equal(t, test.want, fake.text(false))
		})
	}
}
