package commercenginetest_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
	"github.com/souk-go/souk/souktest"
)

// A program under test meets a server that fails once.
func ExampleServer_fault() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	server.Inject(souktest.Fault{Operation: "Auth.LoginWithPhone", Drop: true, Processed: true})

	_, err = client.Auth.LoginWithPhone(context.Background(), commercengine.LoginWithPhoneRequest{Phone: "9876543210"})

	fmt.Println(errors.Is(err, souk.ErrOutcomeUnknown))
	for _, request := range server.Requests() {
		fmt.Println(request.Method, request.Path)
	}
	// Output:
	// true
	// POST /api/v1/x2yh61zw4k/storefront/auth/anonymous
	// POST /api/v1/x2yh61zw4k/storefront/auth/login/phone
}
