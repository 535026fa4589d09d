package loosejson_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

const (
	evenCustomer = `{"id":"cus_01J","number":4201825054,"name":"Ann Other","store_id":"s1","sum":7000.5,"points":12,"active":true,
		"verified":false,"birthday":"1990-01-02T00:00:00Z","last_visit":"2026-01-05T10:00:00Z","tags":["a","b"],"groups":[1,2],"state":3,
		"stats":{"orders":3},"addresses":[{"id":"a1","city":"Riyadh","default":true},{"id":"a2","city":"Berlin"}],
		"default_address":{"id":"a1","city":"Riyadh","default":true},"labels":{"a":"b"},"metadata":{"a":1,"b":"x"},"extra":{"a":[1,2,3]},
		"unknown":"https://example.com/a/page/about/the/customer","deleted_at":null}`
	oddCustomer = `{"id":"cus_01J","number":"4201825054","name":"Ann Other","store_id":"s1","sum":"7000.5","points":12,"active":1,
		"verified":0,"birthday":"1990-01-02","last_visit":"2026-01-05 10:00:00","tags":["a","b"],"groups":[{"id":1},2],"state":"3",
		"stats":{"orders":3},"addresses":[{"id":"a1","city":"Riyadh","default":1},{"id":"a2","city":"Berlin"}],
		"default_address":[],"labels":{"a":"b"},"metadata":{"a":1,"b":"x"},"extra":{"a":[1,2,3]},
		"unknown":"https://example.com/a/page/about/the/customer","deleted_at":null}`
	evenPerson = `{"id":5,"name":{"first":"Ann","last":"Other"},"mobile":501806978,"brithday":"1990-01-02T00:00:00Z","groups":[1,2],
		"address":{"id":"a1","city":"Riyadh","default":true},"state":3,"avatar":"https://example.com/an/image.png"}`
	oddPerson = `{"id":"5","name":{"first":"Ann","last":"Other"},"mobile":501806978,"brithday":"1990-01-02T00:00:00Z","groups":[{"id":1},2],
		"address":{"id":"a1","city":"Riyadh","default":1},"state":"3","avatar":"https://example.com/an/image.png"}`
)

// BenchmarkOddPage reads a page of 100 rows of which every one is odd. Its ratio
// is that to a page without odd rows.
func BenchmarkOddPage(b *testing.B) {
	b.Run("one odd value", func(b *testing.B) {
		compare[customer](b, strings.Replace(evenCustomer, `"id":"cus_01J"`, `"id":5`, 1), evenCustomer)
	})
	b.Run("many", func(b *testing.B) { compare[customer](b, oddCustomer, evenCustomer) })
	b.Run("one for an own decoder", func(b *testing.B) {
		compare[person](b, strings.Replace(evenPerson, `"id":5`, `"id":"5"`, 1), evenPerson)
	})
	b.Run("many for it", func(b *testing.B) { compare[person](b, oddPerson, evenPerson) })
}

func compare[T any](b *testing.B, odd, even string) {
	oddPage, evenPage := []byte(`{"rows":`+repeated(odd, 100)+`}`), []byte(`{"rows":`+repeated(even, 100)+`}`)
	require.Error(b, json.Unmarshal(oddPage, new(list[T])))
	require.NoError(b, json.Unmarshal(evenPage, new(list[T])))
	var ratios, costs []float64
	for b.Loop() {
		even, odd := timeOf(func() { readPage[T](b, evenPage) }), timeOf(func() { readPage[T](b, oddPage) })
		ratios, costs = append(ratios, odd/even), append(costs, odd)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(costs)/1e3/100, "µs/row")
}

// timeOf returns nanoseconds.
func timeOf(work func()) float64 {
	started := time.Now()
	work()
	return float64(time.Since(started).Nanoseconds())
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// readPage does as the transport does.
func readPage[T any](b *testing.B, data []byte) {
	var page list[T]
	options := loosejson.Options{Row: reflect.TypeFor[T](), ID: "id", Asked: 100, Drift: func(loosejson.Drift) {}}
	if bad, err := loosejson.Decode(data, &page, options); err != nil || len(bad) > 0 {
		b.Fatal(bad, err)
	}
	if len(page.Rows) != 100 {
		b.Fatal(len(page.Rows))
	}
}

// BenchmarkEvenPage reads a page of 100 rows of which none is odd. Its ratio is
// that to encoding/json, in the same words.
func BenchmarkEvenPage(b *testing.B) {
	data, page := []byte(`{"rows":`+repeated(evenCustomer, 100)+`}`), new(list[customer])
	options := loosejson.Options{Row: reflect.TypeFor[customer](), ID: "id", Asked: 100}
	require.NoError(b, json.Unmarshal(data, page))
	var ratios []float64
	for b.Loop() {
		decoding := timeOf(func() { _ = loosejson.DecodePlainly(data, new(list[customer])) })
		checks := timeOf(func() {
			if loosejson.Check(data, page, options) != nil || !loosejson.Complete(page, options) {
				b.Fatal("refused")
			}
		})
		ratios = append(ratios, (decoding+checks)/decoding)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ratios), "ratio")
}
