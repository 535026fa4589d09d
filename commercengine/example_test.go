package commercengine_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
)

// A shopper logs in by a one-time password and adds an address.
func Example() {
	server := commercenginetest.NewServer() // or commercengine.Config{StoreID: "…", APIKey: os.Getenv("COMMERCENGINE_API_KEY")}
	defer server.Close()
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	otp, err := client.Auth.LoginWithPhone(ctx, commercengine.LoginWithPhoneRequest{Phone: "9876543210", RegisterIfNotExists: true})
	if err != nil {
		log.Fatal(err)
	}
	typed := server.OTP // what the shopper read on the phone
	tokens, err := client.Auth.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: typed, Token: otp.Token, Action: otp.Action})
	if err != nil {
		log.Fatal(err)
	}

	address, err := client.Addresses.Create(ctx, tokens.User.CustomerID, commercengine.CreateAddressRequest{
		FirstName: "Asha", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
		AddressLine1: "12 MG Road", Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(otp.Action, address.City)
	// Output: register Bengaluru
}

// A session is kept in a store, so that the shopper is still logged in after a
// restart.
func ExampleConfig_tokenStore() {
	server := commercenginetest.NewServer()
	defer server.Close()
	server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Password: "s3cret"})
	store := souk.NewMemoryTokenStore() // or NewFileTokenStore("/var/lib/shop/sessions")
	ctx := context.Background()
	start := func() *commercengine.Client {
		config := server.Config()
		config.TokenStore, config.SessionKey = store, "browser-17"
		client, err := commercengine.NewClient(config)
		if err != nil {
			log.Fatal(err)
		}
		return client
	}
	_, err := start().Auth.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	if err != nil {
		log.Fatal(err)
	}

	claims, err := start().Session.Claims(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims.FirstName, claims.IsLoggedIn)
	// Output: Asha true
}

// Nobody is logged in, and the error says so.
func ExampleSession() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Session.CustomerID(context.Background())

	fmt.Println(err)
	fmt.Println(errors.Is(err, souk.ErrUnauthorized))
	// Output:
	// commercengine: unauthorized: the session is anonymous; log in with a method of AuthService first
	// true
}

// The server ends the session, and the program is told: by OnLogout, and by the
// error of the call that was meant for the shopper.
func ExampleSession_OnLogout() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, customerID := exampleShopper(server)
	client.Session.OnLogout(func(was commercengine.Claims) {
		fmt.Println(was.FirstName, "has to log in again")
	})
	server.RevokeTokens()

	err := client.Addresses.Delete(context.Background(), customerID, "home-1")

	fmt.Println(errors.Is(err, souk.ErrReauthorize))
	// Output:
	// Asha has to log in again
	// true
}

// A shopper's address book: what a page of a shop does with it.
func ExampleAddressesService() {
	server := commercenginetest.NewServer() // or commercengine.Config{StoreID: "…", APIKey: os.Getenv("COMMERCENGINE_API_KEY")}
	defer server.Close()
	server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Password: "s3cret"})
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	shopper, err := client.Auth.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	if err != nil {
		log.Fatal(err)
	}
	id, book := shopper.User.CustomerID, map[string]*commercengine.Address{}
	for _, name := range []string{"Home", "Work", "Parents"} {
		book[name], err = client.Addresses.Create(ctx, id, commercengine.CreateAddressRequest{
			Nickname: name, FirstName: "Asha", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
			AddressLine1: "12 MG Road", Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India",
		})
		if err != nil {
			log.Fatal(err)
		}
	}

	moved := book["Work"].UpdateRequest() // an update sends the whole address
	moved.AddressLine1, moved.IsDefaultShipping = "1 Residency Road", new(true)
	if _, err := client.Addresses.Update(ctx, id, book["Work"].ID, moved); err != nil {
		log.Fatal(err)
	}
	if err := client.Addresses.Delete(ctx, id, book["Parents"].ID); err != nil {
		log.Fatal(err)
	}
	for address, err := range client.Addresses.All(ctx, id, commercengine.ListAddressesRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(address.Nickname, address.AddressLine1, address.IsDefaultShipping)
	}
	_, err = client.Addresses.Get(ctx, id, book["Parents"].ID)
	fmt.Println(errors.Is(err, souk.ErrNotFound))
	// Output:
	// Home 12 MG Road false
	// Work 1 Residency Road true
	// true
}

func ExampleAddressesService_All() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, customerID := exampleShopper(server)
	ctx := context.Background()
	for _, name := range []string{"Home", "Work", "Parents"} {
		_, err := client.Addresses.Create(ctx, customerID, commercengine.CreateAddressRequest{
			Nickname: name, FirstName: "Asha", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
			AddressLine1: "12 MG Road", Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India",
		})
		if err != nil {
			log.Fatal(err)
		}
	}

	for address, err := range client.Addresses.All(ctx, customerID, commercengine.ListAddressesRequest{Limit: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(address.Nickname)
	}
	// Output:
	// Home
	// Work
	// Parents
}

func ExampleAddressesService_Update() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, customerID := exampleShopper(server)
	ctx := context.Background()
	address, err := client.Addresses.Create(ctx, customerID, commercengine.CreateAddressRequest{
		FirstName: "Asha", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com", Landmark: "Opp. Metro",
		AddressLine1: "12 MG Road", Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India",
	})
	if err != nil {
		log.Fatal(err)
	}

	change := address.UpdateRequest() // an update sends the whole address
	change.Landmark = ""              // which clears it
	change.IsDefaultShipping = new(true)
	address, err = client.Addresses.Update(ctx, customerID, address.ID, change)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q %t\n", address.Landmark, address.IsDefaultShipping)
	// Output: "" true
}

func ExampleKYCService_Create() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, customerID := exampleShopper(server)
	ctx := context.Background()
	types, err := client.KYC.ListDocumentTypes(ctx)
	if err != nil {
		log.Fatal(err)
	}

	document, err := client.KYC.Create(ctx, customerID, commercengine.CreateDocumentRequest{
		DocumentNumber: "27AAPFU0939F1ZV",
		DocumentTypeID: types.DocumentTypes[0].ID,
		File:           commercengine.File{Name: "gst.pdf", ContentType: "application/pdf", Reader: strings.NewReader("%PDF-1.7 …")},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(document.Title, document.Status)
	// Output: GST certificate submitted
}

// What is wrong with a request is told by field, before anything is sent.
func Example_errors() {
	client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", Token: "…"})
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Auth.LoginWithPhone(context.Background(), commercengine.LoginWithPhoneRequest{Phone: "+91 98765 43210"})

	if e, ok := errors.AsType[*souk.Error](err); ok {
		fmt.Println(errors.Is(err, souk.ErrInvalid), e.StatusCode, e.Fields["Phone"])
	}
	// Output: true 0 [must be the 10 digits of the national number, without country code]
}

// exampleShopper returns a client of somebody who is logged in.
func exampleShopper(server *commercenginetest.Server) (*commercengine.Client, string) {
	_, customerID := server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Password: "s3cret"})
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Auth.LoginWithPassword(context.Background(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	if err != nil {
		log.Fatal(err)
	}
	return client, customerID
}
