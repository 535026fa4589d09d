package walks

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

// sent records the address of the last request, and answers none.
type sent struct{ url string }

func (s *sent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.url = r.URL.String()
	return nil, errors.New("no answer")
}

// clientsOf returns a client of each vendor, whose requests go to s.
func clientsOf(t *testing.T, s *sent) map[string]any {
	t.Helper()
	o := souk.Options{HTTPClient: &http.Client{Transport: s}, MaxAttempts: 1}
	of := func(client any, err error) any {
		require.NoError(t, err)
		return client
	}
	return map[string]any{
		"salla":         of(salla.NewClient(salla.Config{Token: "t", Options: o})),
		"commercengine": of(commercengine.NewClient(commercengine.Config{StoreID: "store", APIKey: "k", Token: "t", Options: o})),
		"shopline":      of(shopline.NewClient(shopline.Config{Handle: "demo", Token: "t", Options: o})),
		"shoplazza":     of(shoplazza.NewClient(shoplazza.Config{Shop: "demo", Token: "t", Options: o})),
		"xclade":        of(xclade.NewClient(xclade.Config{Tenant: "demo", Token: "t", Options: o})),
	}
}

// shared is a value that a request only refers to.
type shared struct {
	name string
	set  func(request reflect.Value, text string) // gives the request one that holds text
	get  func(request reflect.Value) reflect.Value
}

// sharedOf returns the texts and truths that values of a type only refer to.
func sharedOf(t reflect.Type, depth int) (all []shared) {
	for i := range t.NumField() {
		field, name := t.Field(i).Type, t.Field(i).Name
		switch {
		case depth == 0:
		case field.Kind() == reflect.Struct:
			for _, s := range sharedOf(field, depth-1) {
				all = append(all, s.within(name, func(v reflect.Value) reflect.Value { return v.Field(i) }))
			}
		case field.Kind() == reflect.Pointer && field.Elem().Kind() == reflect.Bool:
			all = append(all, shared{
				name: name,
				set: func(v reflect.Value, text string) {
					v.Field(i).Set(reflect.New(field.Elem()))
					v.Field(i).Elem().SetBool(text == first)
				},
				get: func(v reflect.Value) reflect.Value { return v.Field(i).Elem() },
			})
		case field.Kind() == reflect.Slice && field.Elem().Kind() == reflect.String:
			all = append(all, shared{
				name: name,
				set: func(v reflect.Value, text string) {
					v.Field(i).Set(reflect.MakeSlice(field, 1, 1))
					v.Field(i).Index(0).SetString(text)
				},
				get: func(v reflect.Value) reflect.Value { return v.Field(i).Index(0) },
			})
		case field.Kind() == reflect.Slice && field.Elem().Kind() == reflect.Struct:
			for _, s := range sharedOf(field.Elem(), depth-1) {
				all = append(all, s.within(name, func(v reflect.Value) reflect.Value {
					if v.Field(i).Len() == 0 {
						v.Field(i).Set(reflect.MakeSlice(field, 1, 1))
					}
					return v.Field(i).Index(0)
				}))
			}
		}
	}
	return all
}

// within returns the same for what holds the value.
func (s shared) within(name string, in func(reflect.Value) reflect.Value) shared {
	return shared{
		name: name + "." + s.name,
		set:  func(v reflect.Value, text string) { s.set(in(v), text) },
		get:  func(v reflect.Value) reflect.Value { return s.get(in(v)) },
	}
}

// A text that is an id or a field of every vendor, and another one.
const first, second = "orders", "groups"

// A walk is of the request as it was when the walk was made, even if the caller uses its
// lists and pointers for the next one.
func TestWalksOwnTheirRequests(t *testing.T) {
	t.Parallel()
	server := new(sent)
	for vendor, client := range clientsOf(t, server) {
		told := 0
		for _, s := range services(reflect.TypeOf(client).Elem()) {
			service := reflect.ValueOf(client).Elem().FieldByName(s.name)
			for i := range s.NumMethod() {
				m := s.Method(i)
				if !strings.Contains(m.Name, "Walk") && !strings.HasPrefix(m.Name, "All") && !strings.HasSuffix(m.Name, "All") {
					continue
				}
				at := requestAt(m.Type)
				for _, value := range sharedOf(m.Type.In(at), 4) {
					// begin returns what sends the first request of a list.
					begin := func(text string) (request reflect.Value, send func() string) {
						request = reflect.New(m.Type.In(at)).Elem()
						value.set(request, text)
						in := []reflect.Value{service}
						for i := 1; i < m.Type.NumIn(); i++ {
							in = append(in, argument(t, m.Type.In(i), i < at, request))
						}
						out := m.Func.Call(in)[0]
						return request, func() string {
							server.url = ""
							firstOf(t, out)
							return server.url
						}
					}
					_, send := begin(first)
					want := send()
					_, send = begin(second)
					if send() == want { // it is refused, or changes nothing
						continue
					}
					told++

					request, send := begin(first)
					value.get(request).Set(changed(value.get(request)))

					assert.Equal(t, want, send(), "%s: %s.%s: %s", vendor, s.name, m.Name, value.name)
				}
			}
		}
		if vendor != "commercengine" { // whose requests refer to nothing
			assert.GreaterOrEqual(t, told, 2, vendor)
		}
	}
}

// requestAt returns the place of the request among a method's parameters.
func requestAt(method reflect.Type) int {
	for i := range method.NumIn() {
		if i > 0 && method.In(i).Kind() == reflect.Struct {
			return i
		}
	}
	return 0
}

func argument(t *testing.T, of reflect.Type, isID bool, request reflect.Value) reflect.Value {
	t.Helper()
	switch {
	case of == request.Type():
		return request
	case of == reflect.TypeFor[context.Context]():
		return reflect.ValueOf(t.Context())
	case isID:
		return reflect.ValueOf("5")
	}
	return reflect.Zero(of) // the position
}

// firstOf asks a walk, or the rows of one, for the first row.
func firstOf(t *testing.T, of reflect.Value) {
	t.Helper()
	if of.Kind() == reflect.Pointer {
		of = of.MethodByName("All").Call([]reflect.Value{reflect.ValueOf(t.Context())})[0]
	}
	for range of.Seq2() {
		return
	}
}

// changed returns another value of the same kind.
func changed(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Bool {
		return reflect.ValueOf(!v.Bool()).Convert(v.Type())
	}
	return reflect.ValueOf(second).Convert(v.Type())
}
