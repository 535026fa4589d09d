package loosejson_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loosejson"
)

// roleVariable makes the test binary decode a hostile answer, by its name.
const roleVariable = "SOUK_LOOSEJSON_HOSTILE"

func TestMain(m *testing.M) {
	if name := os.Getenv(roleVariable); name != "" {
		json.NewEncoder(os.Stdout).Encode(decodeHostile(hostile[name]()))
		return
	}
	os.Exit(m.Run())
}

// outcome is what a hostile answer has come to in its own process.
type outcome struct {
	Size    int    // of the answer
	Kept    uint64 // bytes of the heap that decoding it keeps
	Peak    uint64 // bytes of the heap at most
	Rows    int
	Bad     int
	Err     string
	Seconds float64
}

// fill is a list of so many bytes, or somewhat less.
func fill(size int, element string) string { return repeated(element, (size-100)/(len(element)+1)) }

const mib = 1 << 20

func rowWith(member string) string { return `{"rows":[{"id":"a"},{"id":"b",` + member + `}]}` }

// hostile are answers that no vendor sends.
var hostile = map[string]func() string{
	"empty rows":             func() string { return `{"rows":` + repeated(`{}`, 1_400_000) + `}` },
	"rows of nothing":        func() string { return `{"rows":` + fill(8*mib, `0`) + `}` },
	"10,000 rows":            func() string { return `{"rows":` + repeated(`{"id":true}`, 10_000) + `}` },
	"10,000 odd rows":        func() string { return `{"rows":` + repeated(`{"id":5,"tags":{"0":{}}}`, 10_000) + `}` },
	"addresses":              func() string { return rowWith(`"addresses":` + fill(mib/2, `{}`)) },
	"odd addresses":          func() string { return rowWith(`"addresses":` + fill(mib/2, `[]`)) },
	"texts":                  func() string { return rowWith(`"tags":` + fill(mib/2, `""`)) },
	"odd texts":              func() string { return rowWith(`"tags":` + fill(mib/2, `0`)) },
	"odd numbers":            func() string { return rowWith(`"groups":` + fill(mib/2, `"1"`)) },
	"long numbers":           func() string { return rowWith(`"groups":` + fill(mib/2, `1e18`)) },
	"ids":                    func() string { return rowWith(`"groups":` + fill(mib/2, `{"id":1}`)) },
	"labels":                 func() string { return rowWith(`"labels":` + distinctKeys(`0`)) },
	"metadata of objects":    func() string { return rowWith(`"metadata":{"a":` + fill(4*mib, `{"":0}`) + `}`) },
	"metadata of empty ones": func() string { return rowWith(`"name":1,"metadata":{"a":` + fill(mib/2, `{}`) + `}`) },
	"metadata of numbers":    func() string { return rowWith(`"name":1,"metadata":{"a":` + fill(mib/2, `0`) + `}`) },
	"metadata of keys":       func() string { return rowWith(`"name":1,"metadata":` + distinctKeys(`0`)) },
	"numbered tags":          func() string { return rowWith(`"tags":` + distinctKeys(`""`)) },
	"dates":                  func() string { return rowWith(`"dates":` + fill(mib/2, `{"date":"2026-01-05","timezone":"+0430"}`)) },
	"duplicate keys":         func() string { return `{"rows":[{` + strings.Repeat(`"id":5,`, 100_000) + `"id":6}]}` },
	"unknown keys":           func() string { return rowWith(`"name":5,"x":` + distinctKeys(`{}`)) },
	"name of 2 MiB":          func() string { return rowWith(`"` + strings.Repeat("\u212a", 700_000) + `":0,"name":5`) },
	"escaped name of 2 MiB":  func() string { return rowWith(`"` + strings.Repeat(`\u006e`, 350_000) + `":0,"name":5`) },
	"nesting of 100,000": func() string {
		return rowWith(`"name":5,"metadata":` + strings.Repeat(`{"a":`, 100_000) + `0` + strings.Repeat(`}`, 100_000))
	},
	"nesting of 9,000": func() string {
		return rowWith(`"name":5,"metadata":` + strings.Repeat(`{"a":`, 9_000) + `0` + strings.Repeat(`}`, 9_000))
	},
	"nesting where text is": func() string {
		return rowWith(`"name":` + strings.Repeat(`{"id":`, 9_000) + `0` + strings.Repeat(`}`, 9_000))
	},
	"nesting of children": func() string {
		return rowWith(`"name":5,"children":` + strings.Repeat(`[{"children":`, 4_000) + repeated(`{}`, 200_000) + strings.Repeat(`}]`, 4_000))
	},
	"places":     func() string { return rowWith(`"places":` + fill(mib/2, `{}`)) },
	"odd places": func() string { return rowWith(`"places":` + fill(mib/2, `[]`)) },
	"children of themselves": func() string {
		return rowWith(`"name":5,"chain":` + strings.Repeat(`{"id":"1","child":`, 100) + `{}` + strings.Repeat(`}`, 100))
	},
	"numbers of 400 digits": func() string {
		return rowWith(`"name":` + strings.Repeat("7", 400) + `,"number":` + strings.Repeat("7", 400))
	},
	"fractions of 400 digits": func() string {
		return rowWith(`"name":5,"number":7.` + strings.Repeat("0", 400) + `,"sum":0.` + strings.Repeat("7", 400))
	},
	"a number of 1 MiB":      func() string { return rowWith(`"number":` + strings.Repeat("7", mib)) },
	"a text number of 1 MiB": func() string { return rowWith(`"sum":"0.` + strings.Repeat("7", mib) + `"`) },
	"an exponent of 1 MiB":   func() string { return rowWith(`"number":1e` + strings.Repeat("7", mib)) },
	"invalid UTF-8":          func() string { return rowWith("\"name\":\"\xff\xfe\",\"labels\":{\"\xff\":5},\"\xff\":0") },
	"half a surrogate":       func() string { return rowWith(`"name":"\ud800","labels":{"\ud800":5}`) },
	"cut off":                func() string { return strings.TrimSuffix(`{"rows":`+fill(mib/2, `{}`), `]`) },
	"members asked one by one": func() string {
		return rowWith(`"own":{` + strings.Repeat(`"groups":[{"id":1}],`, 30_000) + `"id":"5"}`)
	},
}

// distinctKeys is an object of almost half a MiB.
func distinctKeys(value string) string {
	var b strings.Builder
	for i := 0; b.Len() < mib/2-200; i++ {
		fmt.Fprintf(&b, `,"%d":%s`, i, value)
	}
	return "{" + b.String()[1:] + "}"
}

// victim has a field of every kind that takes memory.
type victim struct {
	customer
	Dates    []time.Time      `json:"dates"`
	Children []node           `json:"children"`
	Chain    *own             `json:"chain"`
	Own      *person          `json:"own"`
	Places   []place          `json:"places"`
	Pointers []*place         `json:"pointers"`
	ByName   map[string]place `json:"by_name"`
	_        [512]byte
}

// place is larger than its shortest spelling by far.
type place struct {
	address
	_ [256]byte
}

func decodeHostile(body string) outcome {
	data, started := []byte(body), time.Now()
	page, options := new(list[victim]), loosejson.Options{Row: reflect.TypeFor[victim](), ID: "id", Drift: func(loosejson.Drift) {}}
	before := heap()
	o := outcome{Size: len(data)}
	bad, err := loosejson.Decode(data, page, options)
	if err != nil {
		o.Err = err.Error()
	}
	o.Seconds = time.Since(started).Seconds()
	o.Kept = max(heap(), before) - before
	o.Rows, o.Bad = len(page.Rows), len(bad)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	o.Peak = stats.HeapSys
	runtime.KeepAlive(data)
	return o
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// Each has a process of its own, so that what it takes is what is measured.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	refused := map[string]string{
		"empty rows":          tooManyRows,
		"rows of nothing":     tooManyRows,
		"places":              tooDense,
		"odd places":          tooDense,
		"metadata of objects": tooDense,
		"nesting of 100,000":  notJSON,
		"cut off":             notJSON,
	}
	for name := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			child := exec.CommandContext(t.Context(), os.Args[0])
			child.Env = append(os.Environ(), roleVariable+"="+name)
			child.Stderr = os.Stderr
			answer, err := child.Output()
			require.NoError(t, err)
			var got outcome
			require.NoError(t, json.Unmarshal(answer, &got))
			t.Logf("%.1f MiB: kept %.1f, at most %.0f MiB, %.1f s, %d rows and %d unreadable, %s", float64(got.Size)/(1<<20),
				float64(got.Kept)/(1<<20), float64(got.Peak)/(1<<20), got.Seconds, got.Rows, got.Bad, got.Err)

			assert.Equal(t, refused[name], got.Err)
			assert.LessOrEqual(t, got.Kept, uint64(64<<20+32*got.Size))
			if got.Err == "" {
				assert.Positive(t, got.Rows+got.Bad)
			}
		})
	}
}
