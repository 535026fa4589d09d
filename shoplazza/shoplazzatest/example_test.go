package shoplazzatest_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/souktest"
)

func ExampleServer() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	ada := shoplazza.CreateCustomerRequest{Email: "ada@example.com"}
	if _, err := client.Customers.Create(context.Background(), ada); err != nil {
		log.Fatal(err)
	}
	_, err = client.Customers.Create(context.Background(), ada)

	fmt.Println(errors.Is(err, souk.ErrAlreadyExists))
	for _, request := range server.Requests() {
		fmt.Println(request.Method, request.Path)
	}
	// Output:
	// true
	// POST /openapi/2022-01/customers
	// POST /openapi/2022-01/customers
}

func ExampleServer_Inject() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	server.Inject(souktest.Fault{
		Operation: "Customers.Create",
		Processed: true, // the customer is made,
		Drop:      true, // but nobody is told
	})

	_, err = client.Customers.Create(context.Background(), shoplazza.CreateCustomerRequest{Email: "ada@example.com"})

	fmt.Println(errors.Is(err, souk.ErrOutcomeUnknown))
	// Output: true
}
