package souk_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
)

// In a test of yours it is synctest.Test(t, …): waits of hours take no time, and still
// show on the clock.
func Example_synctest() {
	var took time.Duration
	test := func(t *testing.T) {
		synctest.Test(t, func(*testing.T) {
			server := shoplinetest.NewServer()
			defer server.Close()
			server.Inject(souktest.Fault{
				Operation: "Customers.Count",
				Status:    http.StatusTooManyRequests,
				Header:    http.Header{"Retry-After": {"30"}},
			})
			client, err := shopline.NewClient(server.Config())
			if err != nil {
				log.Fatal(err)
			}
			start := time.Now()
			if _, err = client.Customers.Count(context.Background()); err != nil {
				log.Fatal(err)
			}
			took = time.Since(start).Round(time.Second)
		})
	}

	testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "wait", F: test}})
	fmt.Println(took)
	// Output: 30s
}
