package testkit

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-querystring/query"
)

// Queries fails the test for every field of the given request structs that
// go-querystring would encode wrongly without an error: as Go syntax, as an
// empty value, under the field's Go name, or as a year 1.
func Queries(t testing.TB, requests ...any) {
	t.Helper()
	for _, request := range requests {
		typ := reflect.TypeOf(request)
		if typ == nil || typ.Kind() != reflect.Struct {
			t.Errorf("%T is no struct", request)
			continue
		}
		for _, fault := range queryFaults(typ, typ.Name()) {
			t.Errorf("%s", fault)
		}
	}
}

var (
	encoderType = reflect.TypeFor[query.Encoder]()
	timeType    = reflect.TypeFor[time.Time]()
)

// queryOptions are those that go-querystring knows; it ignores all others.
var queryOptions = []string{
	"omitempty", "int", "unix", "unixmilli", "unixnano", "comma", "space", "semicolon", "brackets",
}

func queryFaults(typ reflect.Type, path string) []string {
	var faults []string
	for field := range typ.Fields() {
		tag, tagged := field.Tag.Lookup("url")
		if tag == "-" || (!field.IsExported() && !field.Anonymous) {
			continue
		}
		where := path + "." + field.Name
		name, options, _ := strings.Cut(tag, ",")
		if field.Anonymous && name == "" {
			if field.Type.Kind() != reflect.Struct {
				faults = append(faults, where+": an embedded field must be a struct; a nil pointer is sent as a parameter of its own")
				continue
			}
			faults = append(faults, queryFaults(field.Type, where)...)
			continue
		}
		if !tagged || name == "" {
			faults = append(faults, where+": has no url tag, so its Go name would be sent")
		}
		omit := false
		for option := range strings.SplitSeq(options, ",") {
			omit = omit || option == "omitempty"
			if option != "" && !slices.Contains(queryOptions, option) {
				faults = append(faults, fmt.Sprintf("%s: the url tag's option %s is ignored or misspelled", where, option))
			}
		}
		faults = append(faults, queryTypeFaults(field.Type, where, omit)...)
	}
	return faults
}

func queryTypeFaults(typ reflect.Type, where string, omit bool) []string {
	if typ.Implements(encoderType) {
		return nil
	}
	if typ.Kind() == reflect.Pointer {
		if typ.Elem().Kind() == reflect.Pointer {
			return []string{where + ": a pointer to a pointer"}
		}
		if !omit {
			return []string{where + ": a pointer without omitempty is sent empty when it is nil"}
		}
		typ = typ.Elem()
	} else if reflect.PointerTo(typ).Implements(encoderType) {
		return []string{where + ": its EncodeValues has a pointer receiver and is not called"}
	}
	if typ == timeType {
		if !omit {
			return []string{where + ": a time without omitempty is sent as year 1 when it is zero"}
		}
		return nil
	}
	switch typ.Kind() {
	case reflect.Struct:
		return queryFaults(typ, where)
	case reflect.Slice, reflect.Array:
		if elem := typ.Elem(); elem != timeType && !isScalar(elem.Kind()) {
			return []string{fmt.Sprintf("%s: elements of type %s are sent in Go syntax or empty", where, elem)}
		}
		if typ.Elem().Kind() == reflect.Uint8 {
			return []string{where + ": bytes are sent as one number each"}
		}
		return nil
	}
	if !isScalar(typ.Kind()) {
		return []string{fmt.Sprintf("%s: type %s is sent in Go syntax", where, typ)}
	}
	return nil
}

// isScalar leaves out floats, because a million of them is sent as 1e+06.
func isScalar(kind reflect.Kind) bool {
	switch kind {
	case reflect.Bool, reflect.String,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	}
	return false
}
