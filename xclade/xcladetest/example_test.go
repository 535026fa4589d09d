package xcladetest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

func ExampleServer() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		fmt.Println(err)
		return
	}

	ada := xclade.CreateCustomerRequest{Email: "ada@example.test", FirstName: "Ada"}
	if _, err := client.Customers.Create(context.Background(), ada); err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Customers.Create(context.Background(), ada)

	fmt.Println(errors.Is(err, souk.ErrAlreadyExists))
	for _, request := range server.Requests() {
		fmt.Println(request.Method, request.Path)
	}
	// Output:
	// true
	// POST /auth/user/emailpass
	// POST /admin/customers
	// POST /admin/customers
}

func ExampleServer_Inject() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	server.Inject(souktest.Fault{
		Operation: "Customers.Create",
		Processed: true, // the customer is made,
		Drop:      true, // but nobody is told
	})

	_, err = client.Customers.Create(context.Background(), xclade.CreateCustomerRequest{Email: "ada@example.test"})

	fmt.Println(errors.Is(err, souk.ErrOutcomeUnknown))
	// Output: true
}
