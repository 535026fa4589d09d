package walks

import (
	"context"
	"iter"
	"reflect"
	"slices"
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

var clients = map[string]reflect.Type{
	"salla":         reflect.TypeFor[salla.Client](),
	"commercengine": reflect.TypeFor[commercengine.Client](),
	"shopline":      reflect.TypeFor[shopline.Client](),
	"shoplazza":     reflect.TypeFor[shoplazza.Client](),
	"xclade":        reflect.TypeFor[xclade.Client](),
}

// service is a service of a client.
type service struct {
	name string
	reflect.Type
}

func services(client reflect.Type) (all []service) {
	for i := range client.NumField() {
		if f := client.Field(i); f.IsExported() && f.Type.NumMethod() > 0 {
			all = append(all, service{f.Name, f.Type})
		}
	}
	return all
}

// Each method that returns a page stands beside one that walks through all of them,
// and beside one that does so from the beginning, with the same parameters. What comes
// in one answer has neither.
func TestEveryListHasAWalk(t *testing.T) {
	t.Parallel()
	for vendor, client := range clients {
		var walked, paged []string
		for _, s := range services(client) {
			for i := range s.NumMethod() {
				m := s.Method(i)
				if strings.Contains(m.Name, "Walk") {
					walked = append(walked, s.name+"."+m.Name)
				}
				if page := pageOf(m.Type); page != nil {
					walk, all := beside(m.Name)
					paged = append(paged, s.name+"."+walk)
					requireWalk(t, s, m, page, walk)
					requireAll(t, s, m, page, all)
				}
			}
		}
		require.GreaterOrEqual(t, len(paged), 3, vendor)
		assert.ElementsMatch(t, paged, walked, vendor)
		var tested []string
		for _, l := range lists {
			if name, _, _ := strings.Cut(l.vendor, " "); name == vendor && !slices.Contains(tested, l.method) {
				tested = append(tested, l.method)
			}
		}
		assert.ElementsMatch(t, walked, tested, vendor+": what the other tests know")
	}
}

// pageOf returns the page that a method returns, nil for none.
func pageOf(method reflect.Type) reflect.Type {
	if method.NumOut() != 2 || method.Out(0).Kind() != reflect.Pointer {
		return nil
	}
	if next, ok := method.Out(0).MethodByName("Next"); !ok || next.Type.NumOut() != 2 {
		return nil
	}
	return method.Out(0).Elem()
}

// beside returns the names of the methods that belong to one that returns a page.
func beside(page string) (walk, all string) {
	if name, ok := strings.CutPrefix(page, "List"); ok {
		return "Walk" + name, "All" + name
	}
	return page + "Walk", page + "All"
}

// rowOf returns the type of a page's rows.
func rowOf(page reflect.Type) reflect.Type {
	for i := range page.NumField() {
		if f := page.Field(i); f.IsExported() && f.Type.Kind() == reflect.Slice {
			return f.Type.Elem()
		}
	}
	return nil
}

// requireWalk checks Walk(ids…, req, position string) *souk.Walk[T].
func requireWalk(t *testing.T, s service, list reflect.Method, page reflect.Type, name string) {
	t.Helper()
	m, ok := s.MethodByName(name)
	require.True(t, ok, "%s.%s", s.name, name)
	var in []reflect.Type
	for i := 2; i < list.Type.NumIn(); i++ { // behind receiver and context
		in = append(in, list.Type.In(i))
	}
	in = append(in, reflect.TypeFor[string]())
	var got []reflect.Type
	for i := 1; i < m.Type.NumIn(); i++ {
		got = append(got, m.Type.In(i))
	}
	assert.Equal(t, in, got, "%s.%s", s.name, name)
	require.Equal(t, 1, m.Type.NumOut(), "%s.%s", s.name, name)
	out := m.Type.Out(0)
	require.Equal(t, reflect.TypeFor[*souk.Walk[int]]().Elem().PkgPath(), out.Elem().PkgPath(), "%s.%s", s.name, name)
	rows, _ := out.MethodByName("All")
	assert.Equal(t, rowOf(page), rowsOf(rows.Type.Out(0)), "%s.%s", s.name, name)
}

// requireAll checks All(ctx, ids…, req) iter.Seq2[*T, error].
func requireAll(t *testing.T, s service, list reflect.Method, page reflect.Type, name string) {
	t.Helper()
	m, ok := s.MethodByName(name)
	require.True(t, ok, "%s.%s", s.name, name)
	require.Equal(t, list.Type.NumIn(), m.Type.NumIn(), "%s.%s", s.name, name)
	for i := range m.Type.NumIn() {
		assert.Equal(t, list.Type.In(i), m.Type.In(i), "%s.%s", s.name, name)
	}
	require.Equal(t, reflect.TypeFor[context.Context](), m.Type.In(1))
	require.Equal(t, 1, m.Type.NumOut(), "%s.%s", s.name, name)
	assert.Equal(t, rowOf(page), rowsOf(m.Type.Out(0)), "%s.%s", s.name, name)
}

// rowsOf returns the T of iter.Seq2[*T, error].
func rowsOf(seq reflect.Type) reflect.Type {
	yield := reflect.TypeFor[iter.Seq2[*int, error]]().In(0)
	if seq.Kind() != reflect.Func || seq.NumIn() != 1 || seq.In(0).NumIn() != yield.NumIn() || seq.In(0).In(1) != yield.In(1) {
		return nil
	}
	return seq.In(0).In(0).Elem()
}
