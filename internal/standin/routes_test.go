package standin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/standin"
)

var routes = standin.Routes[int]{
	{Operation: "Things.Count", Method: http.MethodGet, Pattern: "things/count.json", Handle: 1},
	{Operation: "Things.Get Things.GetByName", Method: http.MethodGet, Pattern: "things/*.json", Handle: 2},
	{Operation: "Parts.Delete", Method: http.MethodDelete, Pattern: "things/*/parts/*", Handle: 3},
}

func TestRoutesAreFoundByMethodAndPath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, path string
		handle       int
		ids          []string
		known        bool
	}{
		{"GET", "things/count.json", 1, nil, true},
		{"GET", "things/7.json", 2, []string{"7"}, true},
		{"GET", "things/.json", 0, nil, false},
		{"GET", "things/7", 0, nil, false},
		{"DELETE", "things/7/parts/8", 3, []string{"7", "8"}, true},
		{"DELETE", "things//parts/8", 0, nil, false},
		{"POST", "things/7/parts/8", 0, nil, true},
		{"POST", "things/7.json", 0, nil, true},
		{"DELETE", "things/7/PARTS/8", 0, nil, false},
		{"GET", "things/7.json/more", 0, nil, false},
	} {
		route, ids, known := routes.Find(c.method, c.path, nil)
		assert.Equal(t, c.known, known, c.path)
		if c.handle == 0 {
			assert.Nil(t, route, c.path)
			continue
		}
		assert.Equal(t, c.handle, route.Handle, c.path)
		assert.Equal(t, c.ids, ids, c.path)
	}
	route, _, _ := routes.Find("DELETE", "things/7/PARTS/8", strings.EqualFold)
	assert.Equal(t, 3, route.Handle)
}

func TestRoutesNameTheirOperations(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"Things.Count", "Things.Get", "Things.GetByName", "Parts.Delete"}, routes.Operations())
	assert.Equal(t, "Things.Get Things.GetByName", routes.Operation("GET", "things/7.json"))
	assert.Empty(t, routes.Operation("PUT", "things/7.json"))
}

func TestTheOperationIsFoundByThePathAsSent(t *testing.T) {
	t.Parallel()
	operation := routes.OperationOf(func(path string) string { return strings.TrimPrefix(path, "/v1/") })
	for path, want := range map[string]string{
		"/v1/things/a%2Fb.json": "Things.Get Things.GetByName",
		"/v1/things/a/b.json":   "",
		"/v2/things/7.json":     "",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://acme.test"+path, nil)
		assert.NoError(t, err)
		assert.Equal(t, want, operation(request), path)
	}
}
