package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	latency = 25 * time.Millisecond
	working = 20 * time.Millisecond
)

// bestListing is the least that who is one page ahead can take: he waits for the server
// alone, and works on the last page.
func bestListing(pages int) time.Duration { return time.Duration(pages)*latency + working }

// listing reads a list of so many pages and works on each.
func listing(tb testing.TB, c client, v vendor, pages int) func() error {
	tb.Helper()
	size := v.listed()
	return func() error {
		rows := 0
		err := c.all(tb.Context(), size, func() {
			if rows%size == 0 {
				time.Sleep(working)
			}
			rows++
		})
		if err != nil {
			return err
		}
		return complete(rows, pages*size)
	}
}

// listed is the number of rows of the pages that lists are read in: those of some 112
// kilobytes, or as many as the vendor serves.
func (v vendor) listed() int {
	if v.name == sallaShop.name {
		return v.rows
	}
	one := len(v.serve(pageRequest(1), stock{1}).body)
	return min(112_000/one, 250)
}

// pageRequest asks any vendor for so many rows.
func pageRequest(rows int) *http.Request {
	return httptest.NewRequest(http.MethodGet, fmt.Sprintf("/?limit=%[1]d&per_page=%[1]d&page_size=%[1]d", rows), nil)
}

// A walk asks for the next page while the rows of one come, and waits for nothing but
// the server. The clock is that of synctest, in which computing takes no time.
func TestListingTakesNoLongerThanOnePageAheadMust(t *testing.T) {
	t.Parallel()
	const pages = 20
	for _, v := range vendors {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				base := "http://127.0.0.1"
				api := inMemory{&shopServer{vendor: v, sleep: func(until time.Time) { time.Sleep(time.Until(until)) }}, pages * v.listed()}
				for name, c := range map[string]client{"souk": v.souk(t, base, api), "twin": v.twin(base, api)} {
					began := time.Now()

					require.NoError(t, listing(t, c, v, pages)(), name)

					assert.Equal(t, bestListing(pages), time.Since(began), name)
				}
			})
		})
	}
}

// inMemory is the API without a network.
type inMemory struct {
	server *shopServer
	rows   int
}

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := r.Clone(context.WithoutCancel(r.Context()))
	asked.SetPathValue("rows", strconv.Itoa(m.rows))
	asked.SetPathValue("delay", latency.String())
	if asked.Body == nil {
		asked.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	m.server.ServeHTTP(w, asked)
	return w.Result(), r.Context().Err()
}

// Salla lists no more than 10,000 rows, and others by runs of days: so does the SDK.
func TestServersOfAllVendorsListAllRows(t *testing.T) {
	t.Parallel()
	for _, v := range vendors {
		all := 321
		if v.name == sallaShop.name {
			all += sallaListed
		}
		api := inMemory{&shopServer{vendor: v, sleep: func(time.Time) {}}, all}
		for name, c := range map[string]client{"souk": v.souk(t, "http://127.0.0.1", api), "twin": v.twin("http://127.0.0.1", api)} {
			rows := 0
			err := c.all(t.Context(), 60, func() { rows++ })

			require.NoError(t, err, v.name)
			if v.name == sallaShop.name && name == "twin" {
				rows += 321 // which it does not see
			}
			assert.Equal(t, all, rows, "%s, %s", v.name, name)
		}
	}
}
