package xcladetest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/souktest"
)

const newCustomer = `{"first_name":"Ada"}`

func TestFailAnswersTheNextRequestsOnly(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Fail(2, http.StatusServiceUnavailable, `{"message":"busy"}`)
	server.Fail(0, http.StatusTeapot, "")

	var statuses []int
	for range 3 {
		r := admin(t, server, http.MethodPost, "/admin/customers", newCustomer)
		statuses = append(statuses, r.status)
		if r.status != http.StatusOK {
			assert.JSONEq(t, `{"message":"busy"}`, r.body)
			assert.Equal(t, "application/json; charset=utf-8", r.header.Get("Content-Type"))
		}
	}

	assert.Equal(t, []int{503, 503, 200}, statuses)
	assert.Equal(t, 1, count(t, server))
}

func TestAFaultMeetsOnlyWhatItIsMeantFor(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault souktest.Fault
		met   bool
	}{
		"any":               {souktest.Fault{}, true},
		"method":            {souktest.Fault{Method: http.MethodGet}, true},
		"other method":      {souktest.Fault{Method: http.MethodPost}, false},
		"path":              {souktest.Fault{Path: "/admin/customers/1"}, true},
		"pattern":           {souktest.Fault{Path: "/admin/customers/*"}, true},
		"pattern too short": {souktest.Fault{Path: "/admin/*"}, false},
		"operation":         {souktest.Fault{Operation: "Customers.Get"}, true},
		"other operation":   {souktest.Fault{Operation: "Customers.List"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t)
			test.fault.Status = http.StatusTeapot
			server.Inject(test.fault)

			r := admin(t, server, http.MethodGet, "/admin/customers/1", "")

			assert.Equal(t, test.met, r.status == http.StatusTeapot)
		})
	}
}

func TestAFaultOfAnOperationMeetsAllSpellingsOfItsRequest(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Inject(souktest.Fault{Times: -1, Operation: "Customers.Get", Status: http.StatusTeapot})

	for _, c := range []struct {
		method, path string
		met          bool
	}{
		{http.MethodGet, "/admin/customers/1", true},
		{http.MethodHead, "/admin/customers/1", true},
		{http.MethodGet, "/Admin/CUSTOMERS/a%2Fb/", true},
		{http.MethodGet, "/%61dmin/customers/1", true},
		{http.MethodPost, "/admin/customers/1", false},
		{http.MethodGet, "/admin/customers", false},
		{http.MethodGet, "/admin/customers/", false},
		{http.MethodGet, "/admin/customers/1/addresses", false},
		{http.MethodGet, "/admin/no-such-place", false},
	} {
		got := admin(t, server, c.method, c.path, "").status
		assert.Equal(t, c.met, got == http.StatusTeapot, "%s %s: %d", c.method, c.path, got)
	}
}

func TestEveryMethodOfTheSDKIsAnOperation(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, testkit.OperationNames(t, ".."), start(t).Operations())
}

func TestFaultsAreMetInTheirOrder(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Inject(souktest.Fault{Method: http.MethodDelete, Status: 418})
	server.Inject(souktest.Fault{Status: 502})
	server.Inject(souktest.Fault{Times: -1, Status: 504})

	var statuses []int
	for _, method := range []string{http.MethodGet, http.MethodGet, http.MethodDelete, http.MethodDelete} {
		statuses = append(statuses, admin(t, server, method, "/admin/customers/1", "").status)
	}

	assert.Equal(t, []int{502, 504, 418, 504}, statuses)
}

func TestAFaultAddsItsHeader(t *testing.T) {
	t.Parallel()
	server := start(t)
	header := http.Header{"Retry-After": {"7"}, "Content-Type": {"text/html"}}
	server.Inject(souktest.Fault{Status: http.StatusTooManyRequests, Header: header, Body: "<html>"})
	header.Set("Retry-After", "changed later")

	r := admin(t, server, http.MethodGet, "/admin/customers", "")

	assert.Equal(t, "7", r.header.Get("Retry-After"))
	assert.Equal(t, "text/html", r.header.Get("Content-Type"))
	assert.Equal(t, "Express", r.header.Get("X-Powered-By"))
	assert.Equal(t, "<html>", r.body)
}

func TestARequestMayTakeEffectBeforeItFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault   souktest.Fault
		created int
	}{
		"answered instead":         {souktest.Fault{Status: 502}, 0},
		"processed, then answered": {souktest.Fault{Status: 502, Processed: true}, 1},
		"dropped before":           {souktest.Fault{Drop: true}, 0},
		"dropped after":            {souktest.Fault{Drop: true, Processed: true}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t)
			server.Inject(test.fault)

			r, err := try(t, server, http.MethodPost, "/admin/customers", newCustomer,
				http.Header{"Authorization": {"Bearer " + server.NewToken()}})

			if test.fault.Drop {
				require.Error(t, err)
			} else {
				assert.Equal(t, 502, r.status)
			}
			assert.Equal(t, test.created, count(t, server))
		})
	}
}

func TestAnAnswerCutShort(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Inject(souktest.Fault{Truncate: 10})

	r, err := try(t, server, http.MethodPost, "/admin/customers", newCustomer,
		http.Header{"Authorization": {"Bearer " + server.NewToken()}})

	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, http.StatusOK, r.status)
	assert.Len(t, r.body, 10)
	assert.Equal(t, 1, count(t, server))
}

func TestADelayPassesBeforeTheRequestIsLookedAt(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Inject(souktest.Fault{Delay: time.Hour})
	gone, leave := context.WithCancel(t.Context())
	leave()
	request := httptest.NewRequestWithContext(gone, http.MethodPost, "/admin/customers", strings.NewReader(newCustomer))
	request.Header.Set("Authorization", "Bearer "+server.NewToken())

	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { server.ServeHTTP(httptest.NewRecorder(), request) })

	assert.Equal(t, 0, count(t, server))
}

func TestADelayedRequestIsAnsweredInTheEnd(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Inject(souktest.Fault{Delay: time.Millisecond})

	r := admin(t, server, http.MethodPost, "/admin/customers", newCustomer)

	assert.Equal(t, http.StatusOK, r.status)
}
