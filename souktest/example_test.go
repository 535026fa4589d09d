package souktest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// What does a program do when the store is down for a while?
func ExampleServer_ClearFaults() {
	server := xcladetest.NewServer()
	defer server.Close()
	server.Seed(3)
	cfg := server.Config()
	cfg.MaxAttempts = 1 // field by field: the Options hold the HTTP client that reaches the server
	client, err := xclade.NewClient(cfg)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	server.Inject(souktest.Fault{Times: -1, Operation: "Customers.List", Status: http.StatusServiceUnavailable})
	_, err = client.Customers.List(ctx, xclade.ListCustomersRequest{})
	fmt.Println(errors.Is(err, souk.ErrUnavailable))

	server.ClearFaults()
	page, err := client.Customers.List(ctx, xclade.ListCustomersRequest{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Customers), "customers")
	// Output:
	// true
	// 3 customers
}

// Did the customer come into being whose creation got no answer?
func ExampleServer_Inject() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	server.Inject(souktest.Fault{Operation: "Customers.Create", Processed: true, Drop: true})
	_, err = client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: "ada@example.com"})
	fmt.Println(errors.Is(err, souk.ErrOutcomeUnknown))

	_, created, err := client.Customers.Ensure(ctx, xclade.CreateCustomerRequest{Email: "ada@example.com"})
	fmt.Println(created, err)
	for _, request := range server.Requests() {
		fmt.Println(request.Method, request.Path)
	}
	// Output:
	// true
	// false <nil>
	// POST /auth/user/emailpass
	// POST /admin/customers
	// GET /admin/customers
}
