package testkit_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/testkit"
)

func TestFieldsReportsWhatCameOtherwise(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(testkit.FieldsVariable, dir)
	type address struct {
		City string `json:"city"`
		Zip  string `json:"zip"`
	}
	type customer struct {
		ID        string            `json:"id"`
		Name      *string           `json:"name"`
		Born      time.Time         `json:"born"`
		Addresses []address         `json:"addresses"`
		Words     map[string]string `json:"words"`
	}
	type list struct {
		Customers []customer `json:"customers"`
		Total     int        `json:"total"`
	}
	call := souk.Call{Method: "GET", Route: "/customers"}
	tb := &fakeT{TB: t}
	fields := testkit.NewFields(tb, "acme")
	observer := fields.Observer()
	ctx := observer.CallStart(t.Context(), call)
	for _, body := range []string{
		`{"customers":[{"id":"1","addresses":[{"city":"Riyadh"}],"words":{"a":"b"}}]}`,
		`{"customers":[{"id":"2","born":"2001-01-01T00:00:00Z","age":7}],"links":{"next":"x"}}`,
	} {
		var out list
		require.NoError(t, json.Unmarshal([]byte(body), &out))
		percall.Read(ctx, []byte(body), &out)
	}
	percall.Read(ctx, []byte(`<html>`), &list{})
	percall.Read(observer.CallStart(t.Context(), souk.Call{Method: "GET"}), []byte(`{"own":1}`), &list{})
	observer.Drift(context.Background(), souk.Drift{Method: "GET", Route: "/customers", Path: "customers[17].id", Want: "text", Got: "number"})
	observer.Drift(context.Background(), souk.Drift{Method: "GET", Route: "/customers", Path: "customers[3].id", Want: "text", Got: "number"})
	require.Empty(t, tb.text(true))

	line := func(path, seen string) testkit.Field {
		return testkit.Field{Vendor: "acme", Method: "GET", Route: "/customers", Path: path, Seen: seen}
	}
	drift := line("customers[].id", "other kind")
	drift.Want, drift.Got = "text", "number"
	want := []testkit.Field{
		line("customers[].addresses[].zip", "never came"),
		line("customers[].name", "never came"),
		line("total", "never came"),
		drift,
		line("customers[].age", "unknown"),
		line("links", "unknown"),
	}
	assert.Equal(t, want, fields.Report())
	data, err := os.ReadFile(filepath.Join(dir, "acme.json"))
	require.NoError(t, err)
	var written []testkit.Field
	require.NoError(t, json.Unmarshal(data, &written))
	assert.Equal(t, want, written)
	assert.Equal(t, []string{`acme: 6 differences between what came and what the types hold
GET  /customers  customers[].addresses[].zip  never came
GET  /customers  customers[].name             never came
GET  /customers  total                        never came
GET  /customers  customers[].id               other kind: number for text
GET  /customers  customers[].age              unknown
GET  /customers  links                        unknown
`}, tb.logs)
}
