package matrix

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

// noIDs are no ids at any vendor: words of paths, and what a server may take for one.
var noIDs = []string{
	"", " ", "\t", "count", "COUNT", "set", "search", "groups", "verify", "v2", ".", "..", "...", "../1", "1/2", `1\2`, "1/../count",
	"%2e%2e", "1%2f2", "..;", "count;1", "1?x=1", "1#x", "count.json", "1\x00", "1 ", " 1", "١", "count%201",
}

// inNoPath are methods that send no text of their callers in the path.
var inNoPath = map[string]bool{
	"GetByEmail": true, "GetByPhone": true, "AddToBlacklist": true, "RemoveFromBlacklist": true, "RemoveTags": true,
	"DeleteByAddress": true,
}

// Each text and number that a method of a service takes before its request is an id,
// and none leads to another operation.
func TestNoIDLeadsElsewhere(t *testing.T) {
	t.Parallel()
	for name, client := range clientsThatMustNotSend(t) {
		tried := 0
		services := reflect.ValueOf(client).Elem()
		for i := range services.NumField() {
			if service := services.Type().Field(i); service.IsExported() {
				tried += triesIDs(t, name+"."+service.Name, services.Field(i))
			}
		}
		assert.Greater(t, tried, 5, name)
	}
}

func clientsThatMustNotSend(t *testing.T) map[string]any {
	options := souk.Options{HTTPClient: &http.Client{Transport: sends(func(r *http.Request) {
		assert.Fail(t, "sent", "%s %s", r.Method, r.URL)
	})}, MaxAttempts: 1}
	made := map[string]any{}
	must := func(name string, client any, err error) {
		assert.NoError(t, err)
		made[name] = client
	}
	theSalla, err := salla.NewClient(salla.Config{Token: "t", Options: options})
	must("salla", theSalla, err)
	theShopline, err := shopline.NewClient(shopline.Config{Handle: "h", Token: "t", Options: options})
	must("shopline", theShopline, err)
	theShoplazza, err := shoplazza.NewClient(shoplazza.Config{Shop: "s", Token: "t", Options: options})
	must("shoplazza", theShoplazza, err)
	theEngine, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", Token: "t", APIKey: "k", Options: options})
	must("commercengine", theEngine, err)
	theXclade, err := xclade.NewClient(xclade.Config{Tenant: "t", Token: "t", Options: options})
	must("xclade", theXclade, err)
	return made
}

type sends func(*http.Request)

func (f sends) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return nil, errors.New("not sent")
}

// triesIDs gives each method of a service what is no id, in each place of one.
func triesIDs(t *testing.T, name string, service reflect.Value) (tried int) {
	for i := range service.NumMethod() {
		method := service.Type().Method(i)
		places := idsOf(method)
		for _, place := range places {
			tried++
			for _, id := range noIDs {
				if id == "set" && ofCountry(method.Name) {
					continue
				}
				err := give(service.Method(i), places, place, id)
				assert.ErrorIs(t, err, souk.ErrInvalid, "%s.%s(%q)", name, method.Name, id)
				assert.True(t, namesID(err), "%s.%s(%q): %v", name, method.Name, id, err)
			}
		}
	}
	return tried
}

// ofCountry reports methods that take the code of a country, which no operation has
// a word in the place of.
func ofCountry(method string) bool {
	return strings.HasSuffix(method, "States") || strings.HasSuffix(method, "Pincodes")
}

// idsOf returns the places of the ids among a method's parameters, the receiver not
// counted.
func idsOf(method reflect.Method) (places []int) {
	if inNoPath[method.Name] {
		return nil
	}
	last := method.Type.NumIn()
	if strings.Contains(method.Name, "Walk") { // the last one is a position
		last--
	}
	for i := 1; i < last; i++ {
		if kind := method.Type.In(i).Kind(); kind == reflect.String || kind == reflect.Int64 {
			places = append(places, i-1)
		}
	}
	return places
}

// give calls a method with id in one place, ids that are right in the others, and an
// empty request. It returns the error, the first one of a list.
func give(method reflect.Value, places []int, place int, id string) error {
	in := make([]reflect.Value, method.Type().NumIn())
	for i := range in {
		in[i] = reflect.Zero(method.Type().In(i))
		if method.Type().In(i) == reflect.TypeFor[context.Context]() {
			in[i] = reflect.ValueOf(context.Background())
		}
	}
	for _, i := range places {
		set := reflect.New(in[i].Type()).Elem()
		switch {
		case set.Kind() == reflect.String && i == place:
			set.SetString(id)
		case set.Kind() == reflect.String:
			set.SetString("1")
		case i != place:
			set.SetInt(1)
		}
		in[i] = set
	}
	return firstError(method.Call(in))
}

func firstError(out []reflect.Value) error {
	last := out[len(out)-1]
	if err, ok := last.Interface().(error); ok {
		return err
	}
	if walks := last.MethodByName("All"); walks.IsValid() {
		last = walks.Call([]reflect.Value{reflect.ValueOf(context.Background())})[0]
	}
	if last.Kind() != reflect.Func {
		return nil
	}
	for _, err := range last.Seq2() {
		failed, _ := err.Interface().(error)
		return failed
	}
	return nil
}

// namesID reports whether a field of the error is an id's.
func namesID(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok {
		return false
	}
	for field, texts := range e.Fields {
		if field == strings.ToLower(field) && len(texts) == 1 {
			return true
		}
	}
	return false
}
