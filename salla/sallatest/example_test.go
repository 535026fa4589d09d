package sallatest_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/souktest"
)

// A program under test loses the answer to a creation.
func ExampleServer_Inject() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	server.Inject(souktest.Fault{Method: "POST", Drop: true, Processed: true})

	_, err = client.Customers.Create(context.Background(), salla.CreateCustomerRequest{FirstName: "Sara"})

	fmt.Println(errors.Is(err, souk.ErrOutcomeUnknown))
	for _, request := range server.Requests() {
		fmt.Println(request.Method, request.Path, string(request.Body))
	}
	// Output:
	// true
	// POST /admin/v2/customers {"first_name":"Sara"}
}
