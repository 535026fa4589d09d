package souk_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// One handler serves the errors of all vendors.
func Example_errors() {
	advice := func(err error) string {
		switch {
		case err == nil:
			return "done"
		case errors.Is(err, souk.ErrNotFound):
			return "create the customer"
		case errors.Is(err, souk.ErrOutcomeUnknown):
			return "look before you send it again"
		case errors.Is(err, souk.ErrReauthorize):
			return "install the app again"
		case errors.Is(err, souk.ErrRateLimited), errors.Is(err, souk.ErrUnavailable):
			return "try again later"
		}
		return "give up"
	}
	ctx := context.Background()

	medusa := xcladetest.NewServer()
	defer medusa.Close()
	first, err := xclade.NewClient(medusa.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = first.Customers.Get(ctx, "cus_unknown", xclade.GetCustomerRequest{})
	fmt.Println("xclade:", advice(err))

	store := shoplinetest.NewServer()
	defer store.Close()
	store.Inject(souktest.Fault{Operation: "Customers.Create", Processed: true, Drop: true}) // the answer is lost
	second, err := shopline.NewClient(store.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = second.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "ada@example.com"})
	fmt.Println("shopline:", advice(err))
	if e, ok := errors.AsType[*souk.Error](err); ok {
		fmt.Println(e.Vendor, e.Method, e.Route, e.Attempts)
	}
	// Output:
	// xclade: create the customer
	// shopline: look before you send it again
	// shopline POST /customers.json 1
}

// One value of Options serves the clients of all vendors.
func ExampleOptions() {
	options := souk.Options{UserAgent: "erp-sync/1.4", MaxAttempts: 6}

	_, errSalla := salla.NewClient(salla.Config{Token: "t", Options: options})
	_, errEngine := commercengine.NewClient(commercengine.Config{StoreID: "s", APIKey: "k", Options: options})
	_, errShopline := shopline.NewClient(shopline.Config{Handle: "open001", Token: "t", Options: options})
	_, errShoplazza := shoplazza.NewClient(shoplazza.Config{Shop: "demo", Token: "t", Options: options})
	_, errXclade := xclade.NewClient(xclade.Config{Tenant: "1a2b3c4d", Token: "t", Options: options})

	err := errors.Join(errSalla, errEngine, errShopline, errShoplazza, errXclade)
	if e, ok := errors.AsType[*souk.Error](err); ok {
		log.Fatalf("%s: %v", e.Vendor, e.Fields)
	}
	fmt.Println("five clients")
	// Output: five clients
}

// An Observer counts what calls do.
func ExampleObserver() {
	server := xcladetest.NewServer()
	defer server.Close()
	server.Inject(souktest.Fault{Operation: "Customers.Get", Status: http.StatusServiceUnavailable})

	var calls, attempts, waits int // in a real program: metrics, which may be used from many goroutines
	cfg := server.Config()
	cfg.Observer = &souk.Observer{
		CallEnd: func(context.Context, souk.Call, error) { calls++ },
		Attempt: func(context.Context, souk.Attempt) { attempts++ },
		Wait:    func(context.Context, souk.Wait) { waits++ },
	}
	client, err := xclade.NewClient(cfg)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Customers.Get(context.Background(), "cus_unknown", xclade.GetCustomerRequest{})
	fmt.Println(errors.Is(err, souk.ErrNotFound))
	fmt.Println(calls, "calls,", attempts, "attempts,", waits, "wait") // a log-in is a call, too
	// Output:
	// true
	// 2 calls, 3 attempts, 1 wait
}

// WithResponse captures what the vendor's support and a dashboard ask for.
func ExampleWithResponse() {
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	var response souk.Response
	ctx := souk.WithResponse(context.Background(), &response)
	_, err = client.Customers.Get(ctx, "4201057495", shopline.GetCustomerRequest{})

	fmt.Println(errors.Is(err, souk.ErrNotFound))
	fmt.Println(response.StatusCode, response.Attempts, response.RequestID != "", response.Header.Get("Content-Type"))
	// Output:
	// true
	// 404 1 true application/json; charset=utf-8
}
