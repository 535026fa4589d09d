package souktest_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/souktest"
)

// A server that runs for days remembers the last requests only.
func TestOldRequestsAreForgotten(t *testing.T) {
	t.Parallel()
	e := souktest.New(souktest.Vendor{
		Name:   "quiettest",
		Answer: func(*http.Request, []byte) souktest.Answer { return souktest.Answer{Status: http.StatusNoContent} },
	})
	t.Cleanup(e.Close)
	for i := range 25_000 {
		e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+strconv.Itoa(i), nil))
	}

	requests := e.Requests()

	require.Len(t, requests, 10_000)
	assert.Equal(t, "/15000", requests[0].Path)
	assert.Equal(t, "/24999", requests[9_999].Path)
}
