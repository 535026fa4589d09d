package loosejson

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// fields are the fields of a struct, as encoding/json finds them.
type fields struct {
	byName  map[string]*field
	inOrder []*field
}

type field struct {
	place
	name   string
	index  []int
	isID   bool // its name says so
	quoted bool // by the option string of its tag, and left to encoding/json
}

// find returns the field that a member with this key, in quotes, decodes into,
// nil if there is none. Letter case matters only between names that differ in
// nothing else.
func (f *fields) find(key []byte) *field {
	name := content(key)
	if found := f.byName[name]; found != nil {
		return found
	}
	for _, one := range f.inOrder {
		if strings.EqualFold(one.name, name) {
			return one
		}
	}
	return nil
}

// fields goes by encoding/json's rule: of several fields with one name the least
// deeply embedded one counts. Of several of these it is the one whose tag has the
// name, and none if that does not decide either.
func (b builder) fields(t reflect.Type) *fields {
	found := &fields{byName: make(map[string]*field)}
	seen, settled := make(map[reflect.Type]bool), make(map[string]bool)
	for level := []embedded{{typ: t, times: 1}}; len(level) > 0; {
		var next []embedded
		here := make(map[string][]candidate)
		for _, e := range level {
			if !seen[e.typ] {
				seen[e.typ] = true
				next = e.collect(b, here, next)
			}
		}
		for name, candidates := range here {
			if winner := dominant(candidates); winner != nil && !settled[name] {
				found.byName[name] = winner
			}
			settled[name] = true
		}
		level = next
	}
	found.inOrder = slices.SortedFunc(maps.Values(found.byName), func(x, y *field) int {
		return slices.Compare(x.index, y.index)
	})
	return found
}

// embedded is a struct whose fields count as fields of the outer one.
type embedded struct {
	typ   reflect.Type
	index []int
	times int // that it is embedded at this depth
}

type candidate struct {
	*field
	tagged bool
}

// collect adds the fields of e to here and the structs embedded in it to next.
func (e embedded) collect(b builder, here map[string][]candidate, next []embedded) []embedded {
	for i := range e.typ.NumField() {
		f := e.typ.Field(i)
		tag := f.Tag.Get("json")
		inner := f.Type
		if inner.Name() == "" && inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		isStruct := f.Anonymous && inner.Kind() == reflect.Struct
		if tag == "-" || !f.IsExported() && !isStruct {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		index := append(slices.Clone(e.index), i)
		if isStruct && name == "" {
			next = embed(next, embedded{inner, index, e.times})
			continue
		}
		if !f.IsExported() {
			continue
		}
		c := candidate{&field{place: b.place(f.Type), name: name, index: index}, name != ""}
		if name == "" {
			c.name = f.Name
		}
		c.isID = c.name == "id" || strings.HasSuffix(c.name, "_id")
		c.quoted = slices.Contains(strings.Split(options, ","), "string")
		for range min(e.times, 2) {
			here[c.name] = append(here[c.name], c)
		}
	}
	return next
}

func embed(next []embedded, e embedded) []embedded {
	for i := range next {
		if next[i].typ == e.typ {
			next[i].times += e.times
			return next
		}
	}
	return append(next, e)
}

func dominant(candidates []candidate) *field {
	tagged := slices.DeleteFunc(slices.Clone(candidates), func(c candidate) bool { return !c.tagged })
	if len(tagged) > 0 {
		candidates = tagged
	}
	if len(candidates) > 1 {
		return nil
	}
	return candidates[0].field
}
