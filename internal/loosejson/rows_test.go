package loosejson_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// report returns what was said of unreadable rows.
func report(rows []loosejson.Row) []string {
	var texts []string
	for _, row := range rows {
		texts = append(texts, fmt.Sprintf("%d %q %s: %v", row.Index, row.ID, row.Raw, row.Err))
	}
	return texts
}

func TestRowsWithoutIDs(t *testing.T) {
	t.Parallel()
	got := unmarshal[customer](t, `{"rows":[{"id":"a"},{},{"id":""},null,{"id":null},{"id":[]},{"id":7},5,"x",[],{"id":true},{"id":{"id":"z"}},{"id":"  "},{"id":0},{"id":"0"},{"id":-7},{"id":0.0},{"id":"00000000-0000-0000-0000-000000000000"},{"id":"-7a"}]}`)

	assert.Equal(t, []customer{{ID: "a"}, {ID: "7"}, {ID: "z"}, {ID: "-7a"}}, got.Rows)
	assert.Equal(t, []string{
		`1 "" {}: loosejson: want id, got none in rows[1]`,
		`2 "" {"id":""}: loosejson: want id, got none in rows[2]`,
		`3 "" null: loosejson: want id, got none in rows[3]`,
		`4 "" {"id":null}: loosejson: want id, got none in rows[4]`,
		`5 "" {"id":[]}: loosejson: want id, got none in rows[5]`,
		`7 "" 5: loosejson: want object, got number in rows[7]`,
		`8 "" "x": loosejson: want object, got text in rows[8]`,
		`9 "" []: loosejson: want id, got none in rows[9]`,
		`10 "" {"id":true}: loosejson: want text, got boolean in rows[10].id`,
		`12 "" {"id":"  "}: loosejson: want id, got none in rows[12]`,
		`13 "0" {"id":0}: loosejson: want id, got none in rows[13]`,
		`14 "0" {"id":"0"}: loosejson: want id, got none in rows[14]`,
		`15 "-7" {"id":-7}: loosejson: want id, got none in rows[15]`,
		`16 "0" {"id":0.0}: loosejson: want id, got none in rows[16]`,
		`17 "00000000-0000-0000-0000-000000000000" {"id":"00000000-0000-0000-0000-000000000000"}: loosejson: want id, got none in rows[17]`,
	}, report(got.bad))
	assert.Equal(t, []loosejson.Drift{
		{Path: "rows[6].id", Want: "text", Got: "number"},
		{Path: "rows[11].id", Want: "text", Got: "object"},
	}, got.drift)
}

func TestRowsWithNumbersForIDs(t *testing.T) {
	t.Parallel()
	got := unmarshal[person](t, `{"rows":[{"id":0},{"id":"0"},{"id":0.0},{"id":"12"},{"Id":13},{"id":1e30},{"id":1,"id":0},{"id":"-5"}]}`)

	assert.Equal(t, []person{{ID: 12}, {ID: 13}}, got.Rows)
	assert.Equal(t, []string{
		`0 "0" {"id":0}: loosejson: want id, got none in rows[0]`,
		`1 "0" {"id":"0"}: loosejson: want id, got none in rows[1]`,
		`2 "0" {"id":0.0}: loosejson: want id, got none in rows[2]`,
		`5 "1e30" {"id":1e30}: loosejson: want whole number, got number in rows[5].id`,
		`6 "0" {"id":1,"id":0}: loosejson: want id, got none in rows[6]`,
		`7 "-5" {"id":"-5"}: loosejson: want id, got none in rows[7]`,
	}, report(got.bad))
}

// An id that is a text is the same id however the server writes its number.
func TestRowsWithTextsForIDs(t *testing.T) {
	t.Parallel()
	got := unmarshal[customer](t, `{"rows":[{"id":1e3},{"id":1000.0},{"id":"1e3"},{"id":1.5},{"id":12e-1},{"id":[],"x":1}]}`)

	assert.Equal(t, []customer{{ID: "1000"}, {ID: "1000"}, {ID: "1e3"}, {ID: "1.5"}, {ID: "12e-1"}}, got.Rows)
	assert.Len(t, got.bad, 1)
}

// What encoding/json can decode as a whole may lack an id, too.
func TestIDsThatNameNothing(t *testing.T) {
	t.Parallel()
	var texts struct{ Rows []customer }
	for _, id := range []string{`"  "`, `"0"`, `"-7"`, `"00000000-0000-0000-0000-000000000000"`} {
		unread, err := loosejson.Decode([]byte(`{"rows":[{"id":`+id+`}]}`), &texts, loosejson.Options{Row: reflect.TypeFor[customer](), ID: "id"})
		require.NoError(t, err)
		assert.Len(t, unread, 1, id)
	}
	var numbers struct{ Rows []person }
	unread, err := loosejson.Decode([]byte(`{"rows":[{"id":-5}]}`), &numbers, loosejson.Options{Row: reflect.TypeFor[person](), ID: "id"})
	require.NoError(t, err)
	assert.Len(t, unread, 1)
}

func TestRowsThatNeedNoID(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		out  any
		id   string
	}{
		{"ID is empty", new(list[customer]), ""},
		{"no such field", new(list[stats]), "id"},
		{"no object", new(list[state]), "id"},
	}
	for _, tt := range tests {
		row := reflect.TypeOf(tt.out).Elem().Field(0).Type.Elem()
		options := loosejson.Options{Row: row, ID: tt.id}
		bad, err := loosejson.Unmarshal([]byte(`{"rows":[null,null],"total":"2"}`), tt.out, options)
		require.NoError(t, err, tt.name)
		assert.Empty(t, bad, tt.name)
		assert.Equal(t, 2, reflect.ValueOf(tt.out).Elem().Field(0).Len(), tt.name)
		assert.True(t, loosejson.Complete(tt.out, options), tt.name)
	}
}

func TestListsThatPHPWritesAsObjects(t *testing.T) {
	t.Parallel()
	got := unmarshal[customer](t, `{"rows":{"3":{"id":"a"},"1":{"id":true},"7":{"id":"b","name":5}},"total":3}`)

	assert.Equal(t, list[customer]{Rows: []customer{{ID: "a"}, {ID: "b", Name: "5"}}, Total: 3}, got.list)
	assert.Equal(t, []string{`1 "" {"id":true}: loosejson: want text, got boolean in rows[1].id`}, report(got.bad))
	assert.Equal(t, []loosejson.Drift{
		{Path: "rows", Want: "list", Got: "object"},
		{Path: "rows[2].name", Want: "text", Got: "number"},
	}, got.drift)
}

func TestListsThatPHPNumbersBeyondNine(t *testing.T) {
	t.Parallel()
	got := unmarshal[customer](t, `{"rows":{"0":{"id":"a"},"9":{"id":"b"},"10":{"id":"c"},"90":{"id":"d"}},"total":4}`)

	assert.Equal(t, list[customer]{Rows: []customer{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}}, Total: 4}, got.list)
	assert.Empty(t, got.bad)
}

// Rows that cannot be read count like others.
func TestTooManyRowsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	var page list[customer]
	_, err := loosejson.Unmarshal([]byte(`{"rows":[`+strings.Repeat(`5,`, 10)+`5]}`), &page, loosejson.Options{
		Row: reflect.TypeFor[customer](), ID: "id", Asked: 1,
	})
	assert.EqualError(t, err, "loosejson: far more rows than asked for, or more than 10,000")
}

func TestTextOfARow(t *testing.T) {
	t.Parallel()
	for want, row := range map[string]loosejson.Row{
		"the row cannot be read":                {},
		"the row: expected id, got none":        {Err: &loosejson.Error{Want: "id", Got: "none"}},
		"rows[1].name: expected text, got list": {Err: &loosejson.Error{Want: "text", Got: "list", Field: "rows[1].name"}},
	} {
		assert.Equal(t, want, row.Text("the row"))
	}
}

// Room for rows is new, wherever in an answer it is; what has rows stays as it is.
func TestRenewRoom(t *testing.T) {
	t.Parallel()
	type page struct {
		Rows []int
		own  []int
	}
	old := make([]int, 3)
	answer := struct {
		page

		Rows, Empty, Full []int
		Total             int
	}{page: page{old[:0], old[:0]}, Rows: old[:0], Full: old[:1], Total: 3}
	answer.page.Rows = old[:0]

	loosejson.RenewRoom(reflect.ValueOf(&answer).Elem())

	for i := range old {
		old[i] = 7
	}
	assert.Equal(t, []int{0, 0, 0}, answer.Rows[:3])
	assert.Equal(t, []int{0, 0, 0}, answer.page.Rows[:3])
	assert.Nil(t, answer.Empty)
	assert.Equal(t, []int{7}, answer.Full)
	assert.Equal(t, []int{7, 7, 7}, answer.own[:3], "nobody decodes into it")
	number := 5
	loosejson.RenewRoom(reflect.ValueOf(&number).Elem())
	assert.Equal(t, 5, number)
}

func TestAllRowsUnreadable(t *testing.T) {
	t.Parallel()
	got := unmarshal[customer](t, `{"rows":[{"id":true},{"id":false}]}`)
	assert.Equal(t, []customer{}, got.Rows)
	assert.Len(t, got.bad, 2)
}

// An object that is asked for alone is a row too.
func TestARowAlone(t *testing.T) {
	t.Parallel()
	type answer struct {
		Customer *customer `json:"customer"`
		Token    string    `json:"token"`
	}
	options := loosejson.Options{Row: reflect.TypeFor[customer](), ID: "id"}
	var got answer

	bad, err := loosejson.Unmarshal([]byte(`{"customer":{"id":5,"addresses":[{"id":"b"},{"id":true}]},"token":7}`), &got, options)
	require.NoError(t, err)
	assert.Equal(t, answer{Token: "7"}, got)
	assert.Equal(t, []string{
		`-1 "5" {"id":5,"addresses":[{"id":"b"},{"id":true}]}: loosejson: want text, got boolean in customer.addresses[1].id`,
	}, report(bad))

	bad, err = loosejson.Unmarshal([]byte(`{"customer":{"id":5,"addresses":[{"id":6}]}}`), &got, options)
	require.NoError(t, err)
	assert.Empty(t, bad)
	assert.Equal(t, answer{Customer: &customer{ID: "5", Addresses: []address{{ID: "6"}}}}, got)

	var alone customer
	bad, err = loosejson.Unmarshal([]byte(` {"id":5,"name":true} `), &alone, options)
	require.NoError(t, err)
	assert.Zero(t, alone)
	assert.Equal(t, []string{`-1 "5" {"id":5,"name":true}: loosejson: want text, got boolean in name`}, report(bad))
}

// Rows are found wherever they stand, but not in one another.
func TestRowsAnywhere(t *testing.T) {
	t.Parallel()
	type answer struct {
		Data *struct {
			list[*node]
		} `json:"data"`
		Groups map[string][]node `json:"groups"`
		Rows   [][]node          `json:"rows"`
	}
	var got answer
	options := loosejson.Options{Row: reflect.TypeFor[*node](), ID: "id"}

	bad, err := loosejson.Unmarshal([]byte(`{
		"data": {"rows": [{"id":1}, {"id":2,"children":[{"id":"x"}]}, {"id":3,"children":[{}]}]},
		"groups": {"secret": [{"id":"4"}, {}]},
		"rows": [[], [{"id":[]}, {"id":5}]]
	}`), &got, options)

	require.NoError(t, err)
	assert.Equal(t, []*node{{ID: 1}, {ID: 3, Children: []node{{}}}}, got.Data.Rows)
	assert.Equal(t, map[string][]node{"secret": {{ID: 4}}}, got.Groups)
	assert.Equal(t, [][]node{{}, {{ID: 5}}}, got.Rows)
	assert.Equal(t, []string{
		`1 "2" {"id":2,"children":[{"id":"x"}]}: loosejson: want whole number, got text in data.rows[1].children[0].id`,
		`1 "" {}: loosejson: want id, got none in groups.*[1]`,
		`0 "" {"id":[]}: loosejson: want id, got none in rows[1][0]`,
	}, report(bad))
}

// What the Go type refuses for a reason of its own is found row by row.
func TestRowsThatEncodingJSONRefuses(t *testing.T) {
	t.Parallel()
	type row struct {
		ID     string         `json:"id"`
		ByYear map[int]string `json:"by_year"`
		Quoted int            `json:"quoted,string"`
		Err    error          `json:"err"`
	}
	got := unmarshal[row](t, `{"rows":[
		{"id":"a","by_year":{"2026":"x"},"quoted":"7"},
		{"id":"b","by_year":{"secret":"x"}},
		{"id":3,"quoted":"12"},
		{"id":"d","quoted":12},
		{"id":"e","err":{}}
	]}`)

	assert.Equal(t, []row{{ID: "a", ByYear: map[int]string{2026: "x"}, Quoted: 7}, {ID: "3", Quoted: 12}}, got.Rows)
	assert.Equal(t, []string{
		`1 "b" {"id":"b","by_year":{"secret":"x"}}: loosejson: want object, got object of another form in rows[1]`,
		`3 "d" {"id":"d","quoted":12}: loosejson: want object, got object of another form in rows[3]`,
		`4 "e" {"id":"e","err":{}}: loosejson: want object, got object of another form in rows[4]`,
	}, report(got.bad))
	assert.Equal(t, []loosejson.Drift{{Path: "rows[2].id", Want: "text", Got: "number"}}, got.drift)
}

func TestAnswersThatEncodingJSONRefuses(t *testing.T) {
	t.Parallel()
	var got struct {
		ByYear map[int]string `json:"by_year"`
	}
	_, err := loosejson.Unmarshal([]byte(`{"by_year":{"secret":"x"}}`), &got, loosejson.Options{})
	require.EqualError(t, err, "loosejson: want object, got object of another form")
}

// The rows outlive the answer, whose bytes are used again.
func TestRowsShareNoBytesWithTheAnswer(t *testing.T) {
	t.Parallel()
	body := []byte(`{"rows":[{"id":"a","name":true}]}`)
	var got list[customer]
	bad, err := loosejson.Unmarshal(body, &got, loosejson.Options{Row: reflect.TypeFor[customer](), ID: "id"})
	require.NoError(t, err)
	clear(body)
	assert.Equal(t, []string{`0 "a" {"id":"a","name":true}: loosejson: want text, got boolean in rows[0].name`}, report(bad))
}

func TestDriftHasAnEnd(t *testing.T) {
	t.Parallel()
	got := unmarshal[customer](t, `{"rows":[{"id":"a","tags":[`+strings.Repeat("1,", 1500)+`1]}]}`)
	assert.Len(t, got.drift, 1000)
	assert.Len(t, got.Rows[0].Tags, 1501)
}

// Its drift is also forgotten beyond that end.
func TestOwnDecoderWithEndlessDrift(t *testing.T) {
	t.Parallel()
	got := unmarshal[person](t, `{"rows":[{"id":1,"groups":[`+strings.Repeat(`"1",`, 1500)+`"1"]},{"id":"2","mobile":3}]}`)
	assert.Len(t, got.drift, 1000)
	assert.Equal(t, person{ID: 2, Mobile: "3"}, got.Rows[1])
}

func TestComplete(t *testing.T) {
	t.Parallel()
	type reference struct {
		ID *int64 `json:"id"`
	}
	type base struct{ customer }
	type derived struct{ *base }
	tests := []struct {
		name string
		out  any
		want bool
	}{
		{"list", &list[customer]{Rows: []customer{{ID: "a"}, {ID: "b"}}}, true},
		{"empty", &list[customer]{}, true},
		{"one without", &list[customer]{Rows: []customer{{ID: "a"}, {}}}, false},
		{"pointers", &list[*customer]{Rows: []*customer{{ID: "a"}, {ID: "b"}}}, true},
		{"no pointer", &list[*customer]{Rows: []*customer{{ID: "a"}, nil}}, false},
		{"alone", &struct{ Customer *customer }{&customer{ID: "a"}}, true},
		{"alone without", &struct{ Customer *customer }{&customer{}}, false},
		{"none alone", &struct{ Customer *customer }{}, true},
		{"itself", &customer{ID: "a"}, true},
		{"itself without", &customer{}, false},
		{"lists in a list", &[][]customer{{{ID: "a"}}, {{}}}, false},
		{"inside another", &list[node]{Rows: []node{{ID: 1, Children: []node{{}}}}}, true},
		{"reference", &list[reference]{Rows: []reference{{new(int64(1))}}}, true},
		{"reference to nothing", &list[reference]{Rows: []reference{{new(int64(0))}}}, false},
		{"embedded", &list[derived]{Rows: []derived{{&base{customer{ID: "a"}}}}}, true},
		{"embedded nothing", &list[derived]{Rows: []derived{{}}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			row := reflect.TypeFor[customer]()
			switch tt.out.(type) {
			case *list[node]:
				row = reflect.TypeFor[node]()
			case *list[reference]:
				row = reflect.TypeFor[reference]()
			case *list[derived]:
				row = reflect.TypeFor[derived]()
			}
			assert.Equal(t, tt.want, loosejson.Complete(tt.out, loosejson.Options{Row: row, ID: "id"}))
			assert.True(t, loosejson.Complete(tt.out, loosejson.Options{Row: row}), "without ID")
			assert.True(t, loosejson.Complete(tt.out, loosejson.Options{ID: "id"}), "without Row")
		})
	}
}

// A page that decodes can lack an id, which only Unmarshal reports.
func TestUnmarshalOfAnIncompletePage(t *testing.T) {
	t.Parallel()
	body := `{"rows":[{"id":"a"},{"name":"b"}],"total":2}`
	var page list[customer]
	require.NoError(t, json.Unmarshal([]byte(body), &page))
	require.False(t, loosejson.Complete(&page, loosejson.Options{Row: reflect.TypeFor[customer](), ID: "id"}))

	got := unmarshal[customer](t, body)

	assert.Equal(t, list[customer]{Rows: []customer{{ID: "a"}}, Total: 2}, got.list)
	assert.Equal(t, []string{`1 "" {"name":"b"}: loosejson: want id, got none in rows[1]`}, report(got.bad))
}
