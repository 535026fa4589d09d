package xclade_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"os"

	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

func ExampleAuthService() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	// A client with Email and Password does this by itself. It is for programs that
	// hand the token on.
	token, err := client.Auth.Login(ctx, xclade.LoginRequest{Email: server.Email, Password: server.Password})
	if err != nil {
		log.Fatal(err)
	}
	renewed, err := client.Auth.Refresh(ctx, xclade.RefreshRequest{Token: token.Token})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(renewed.Token != "")
	// Output: true
}

func ExampleAddressesService() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	customer, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: "ada@example.com"})
	if err != nil {
		log.Fatal(err)
	}

	address, err := client.Addresses.Create(ctx, customer.ID, xclade.CreateAddressRequest{
		AddressName: "Home", Address1: "Torstrasse 1", PostalCode: "10119", City: "Berlin", CountryCode: "de",
		IsDefaultShipping: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Addresses.Update(ctx, customer.ID, address.ID, xclade.UpdateAddressRequest{AddressName: new("Office")}); err != nil {
		log.Fatal(err)
	}
	for address, err := range client.Addresses.All(ctx, customer.ID, xclade.ListAddressesRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(address.AddressName, address.City)
	}
	// Output: Office Berlin
}

func ExampleCustomerGroupsService() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	customer, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: "ada@example.com"})
	if err != nil {
		log.Fatal(err)
	}

	group, err := client.CustomerGroups.Create(ctx, xclade.CreateCustomerGroupRequest{Name: "VIP"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.CustomerGroups.UpdateCustomers(ctx, group.ID, xclade.UpdateMembersRequest{Add: []string{customer.ID}}); err != nil {
		log.Fatal(err)
	}
	members := xclade.ListCustomersRequest{CustomerFilter: xclade.CustomerFilter{Groups: xclade.GroupMatch{ID: []string{group.ID}}}}
	for customer, err := range client.Customers.All(ctx, members) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(group.Name, customer.Email)
	}
	// Output: VIP ada@example.com
}

// Do reaches what the package does not know, with the same credential, limits, repeats
// and errors.
func ExampleClient_Do() {
	server := xcladetest.NewServer()
	defer server.Close()
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	var answer struct {
		Count int `json:"count"`
	}
	err = client.Do(context.Background(), http.MethodGet, "/admin/customers", url.Values{"limit": {"1"}}, nil, &answer)
	fmt.Println(answer.Count, err)
	// Output: 0 <nil>
}

// A record for each attempt, and for each wait of over a second. Nothing in it is secret
// or personal.
func ExampleConfig_logger() {
	server := xcladetest.NewServer()
	defer server.Close()
	config := server.Config()
	config.Logger = slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug, // successes are at this level
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { // leaves out what differs from run to run
			if a.Key == slog.TimeKey || a.Key == "duration" {
				return slog.Attr{}
			}
			return a
		},
	}))
	config.Email, config.Password, config.Token = "", "", server.NewToken()
	client, err := xclade.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}

	if _, err := client.Customers.Count(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output: level=DEBUG msg=request vendor=xclade method=GET route=/admin/customers status=200 attempt=1 request_id=""
}
