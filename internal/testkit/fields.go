package testkit

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
)

// FieldsVariable names the directory into which [Fields] writes its report as JSON.
const FieldsVariable = "SOUK_FIELDS"

// Fields compares what a server sends with what the vendor's types hold. Its report
// has no value of an answer, only names of members. With [Fields.Observer] in its
// Config, a client shows it all answers that succeed.
type Fields struct {
	vendor string
	mu     sync.Mutex
	came   map[Field]bool // of the members that a field has: did it come?
	found  map[Field]bool // all else
}

// Field is a line of the report.
type Field struct {
	Vendor string `json:"vendor"`
	Method string `json:"method"`
	Route  string `json:"route"`
	Path   string `json:"path"` // "customers[].email"; "(the whole)" for the answer itself
	// Seen is "unknown" for a member that no field has, "other kind" for a value that
	// came in another kind than its field has, and "never came" for a field whose member
	// was in no answer.
	Seen string `json:"seen"`
	Want string `json:"want,omitempty"` // of another kind
	Got  string `json:"got,omitempty"`
}

// NewFields reports what it saw when the test ends: as a table in the log of the test,
// and as JSON into VENDOR.json of the directory that SOUK_FIELDS names, if it does.
func NewFields(t testing.TB, vendor string) *Fields {
	t.Helper()
	f := &Fields{vendor: vendor, came: make(map[Field]bool), found: make(map[Field]bool)}
	t.Cleanup(func() {
		report := f.Report()
		t.Logf("%s", table(vendor, report))
		if dir := os.Getenv(FieldsVariable); dir != "" {
			if err := write(filepath.Join(dir, vendor+".json"), report); err != nil {
				t.Errorf("%s: %v", FieldsVariable, err)
			}
		}
	})
	return f
}

// Observer is told of answers and of values of another kind.
func (f *Fields) Observer() *souk.Observer {
	return &souk.Observer{
		CallStart: func(ctx context.Context, c souk.Call) context.Context {
			if c.Route == "" { // Do, whose types are the test's
				return ctx
			}
			return percall.WithReader(ctx, func(body []byte, out any) { f.read(c, body, out) })
		},
		Drift: func(_ context.Context, d souk.Drift) {
			f.add(Field{Method: d.Method, Route: d.Route, Path: anyIndex(d.Path), Seen: "other kind", Want: d.Want, Got: d.Got})
		},
	}
}

// Report returns the lines, in the order of the routes.
func (f *Fields) Report() []Field {
	f.mu.Lock()
	defer f.mu.Unlock()
	report := []Field{}
	for field := range f.found {
		report = append(report, field)
	}
	for field, came := range f.came {
		if !came {
			report = append(report, field)
		}
	}
	slices.SortFunc(report, func(a, b Field) int {
		return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Seen, b.Seen),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Got, b.Got))
	})
	return report
}

func (f *Fields) add(field Field) {
	field.Vendor = f.vendor
	f.mu.Lock()
	defer f.mu.Unlock()
	f.found[field] = true
}

func (f *Fields) read(c souk.Call, body []byte, out any) {
	raw, err := decodeJSON(body)
	if err != nil {
		return // an end point that does not answer in JSON
	}
	lost := &lostKeys{}
	lost.compare("", raw, reflect.ValueOf(out))
	for _, path := range lost.lost {
		f.add(Field{Method: c.Method, Route: c.Route, Path: path, Seen: "unknown"})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.arrived(Field{Vendor: f.vendor, Method: c.Method, Route: c.Route, Seen: "never came"}, raw, reflect.TypeOf(out))
}

// arrived notes which members of typ are in raw. at is the line of raw itself.
func (f *Fields) arrived(at Field, raw any, typ reflect.Type) {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch raw := raw.(type) {
	case []any:
		if typ.Kind() == reflect.Slice {
			at.Path += "[]"
			for _, value := range raw {
				f.arrived(at, value, typ.Elem())
			}
		}
	case map[string]any:
		switch {
		case typ.Kind() == reflect.Map:
			at.Path += ".*"
			for _, value := range raw {
				f.arrived(at, value, typ.Elem())
			}
		case typ.Kind() == reflect.Struct && (!decodesItself(typ) || isTagged(typ)):
			for name, field := range jsonFields(reflect.New(typ).Elem()) {
				below := at
				below.Path = strings.TrimPrefix(at.Path+"."+name, ".")
				value, ok := raw[name]
				f.came[below] = f.came[below] || ok
				if ok {
					f.arrived(below, value, field.Type())
				}
			}
		}
	}
}

var index = regexp.MustCompile(`\[\d+\]`)

func anyIndex(path string) string { return index.ReplaceAllString(path, "[]") }

func table(vendor string, report []Field) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d differences between what came and what the types hold\n", vendor, len(report))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, field := range report {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s", field.Method, field.Route, field.Path, field.Seen)
		if field.Want != "" {
			fmt.Fprintf(w, ": %s for %s", field.Got, field.Want)
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush() // a Builder takes everything
	return b.String()
}

func write(file string, report []Field) error {
	data, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}
