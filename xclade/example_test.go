package xclade_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

func Example() {
	server := xcladetest.NewServer() // or xclade.Config{Tenant: "…", Token: os.Getenv("XCLADE_TOKEN")}
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	customer, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: "ada@example.com", FirstName: "Ada"})
	if err != nil {
		log.Fatal(err)
	}
	customer, err = client.Customers.Update(ctx, customer.ID, xclade.UpdateCustomerRequest{
		Phone:     new("+49 30 123456"),
		FirstName: new(""), // clears it
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %q %q\n", customer.Email, customer.FirstName, customer.Phone)

	_, err = client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: "ada@example.com"})
	fmt.Println(errors.Is(err, souk.ErrAlreadyExists))
	// Output:
	// ada@example.com "" "+49 30 123456"
	// true
}

func ExampleCustomersService_All() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for _, name := range []string{"Ada", "Grace", "Hedy"} {
		if _, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: name + "@example.com", FirstName: name}); err != nil {
			log.Fatal(err)
		}
	}

	for customer, err := range client.Customers.All(ctx, xclade.ListCustomersRequest{Limit: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(customer.FirstName)
	}
	// Output:
	// Ada
	// Grace
	// Hedy
}

func ExampleCustomersService_Ensure() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	// The server does the work, and the connection drops before it says so.
	server.Inject(souktest.Fault{Operation: "Customers.Create", Processed: true, Drop: true})

	customer, created, err := client.Customers.Ensure(context.Background(), xclade.CreateCustomerRequest{Email: "ada@example.com"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer.Email, created)
	// Output: ada@example.com false
}

// The rows of a CSV become customers: who is missing is created, who differs is changed.
// Started again, it goes over all rows again and sends what is not so yet.
func ExampleCustomersService_Upsert() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config()) // in production: xclade.Config{Tenant: …, APIKey: …}
	if err != nil {
		log.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(`sara@example.com,+966555555555,Sara
omar@example.com,,Omar
Sara@Example.com,,Sarah
Omar@Example.com,,Omar
mei@example.com,00966555555555,Mei
nobody,,Nobody
`)).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range rows {
		customer, change, err := client.Customers.Upsert(context.Background(), xclade.CreateCustomerRequest{Email: row[0], Phone: row[1], FirstName: row[2]})
		switch {
		case errors.Is(err, souk.ErrInvalid):
			fmt.Println(err)
		case err != nil: // the server or the network
			log.Fatal(err)
		default:
			fmt.Println(change, customer.Email, customer.FirstName)
		}
	}
	// Output:
	// created sara@example.com Sara
	// created omar@example.com Omar
	// updated sara@example.com Sarah
	// unchanged omar@example.com Omar
	// created mei@example.com Mei
	// xclade: POST /admin/customers: invalid; Email: must be an e-mail address
}

func ExampleError() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Customers.Get(context.Background(), "cus_01NOSUCH", xclade.GetCustomerRequest{})
	if e, ok := errors.AsType[*souk.Error](err); ok {
		fmt.Println(e.StatusCode, e.Code, e.Route, errors.Is(err, souk.ErrNotFound))
	}
	fmt.Println(err)
	// Output:
	// 404 not_found /admin/customers/{id} true
	// xclade: GET /admin/customers/{id}: 404 not found: Customer with id: [masked] not found
}
