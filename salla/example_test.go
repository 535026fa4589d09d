package salla_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

func Example() {
	server := sallatest.NewServer() // in production: salla.Config{Token: os.Getenv("SALLA_TOKEN")}
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	customer, err := client.Customers.Create(ctx, salla.CreateCustomerRequest{
		FirstName: "Sara", LastName: "Ali", Mobile: "555555555", MobileCodeCountry: "+966",
	})
	if err != nil {
		log.Fatal(err)
	}
	customer, err = client.Customers.Update(ctx, customer.ID, salla.UpdateCustomerRequest{Email: new("sara@example.com")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer.FirstName, customer.MobileCode+customer.Mobile, customer.Email)
	// Output: Sara +966555555555 sara@example.com
}

func ExampleCustomersService_All() {
	server := sallatest.NewServer()
	defer server.Close()
	server.Seed(12_345) // more than Salla lists at once
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	count := 0
	for customer, err := range client.Customers.All(context.Background(), salla.ListCustomersRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		if count == 0 {
			fmt.Println("newest:", customer.Email)
		}
		count++
	}
	fmt.Println(count, "customers")
	// Output:
	// newest: customer12345@example.test
	// 12345 customers
}

// An export that was killed goes on behind the last position that it saved.
func ExampleCustomersService_Walk() {
	server := sallatest.NewServer()
	defer server.Close()
	server.Seed(130)
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	saved, exported := "", map[int64]string{} // in production: in files or a database

	export := func(most int) {
		walk := client.Customers.Walk(salla.ListCustomersRequest{}, saved)
		rows := 0
		for customer, err := range walk.All(context.Background()) {
			if _, ok := errors.AsType[*souk.RowError](err); ok {
				log.Print(err) // one customer cannot be read; the others come
				continue
			}
			if err != nil {
				log.Fatal(err) // go on later
			}
			if rows == most {
				return // killed
			}
			exported[customer.ID] = customer.Email // a customer may come again
			if rows++; rows%50 == 0 {
				saved = walk.Position() // behind the customer before this one
			}
		}
	}
	export(75)
	fmt.Println(len(exported), "customers when it was killed")
	export(-1)
	fmt.Println(len(exported), "customers")
	// Output:
	// 75 customers when it was killed
	// 130 customers
}

func ExampleListCustomersResponse_Next() {
	server := sallatest.NewServer()
	defer server.Close()
	server.Seed(3)
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	request, more := salla.ListCustomersRequest{Limit: 2}, true
	for more {
		page, err := client.Customers.List(context.Background(), request)
		if err != nil {
			log.Fatal(err)
		}
		for _, customer := range page.Customers {
			fmt.Println(customer.Email)
		}
		request, more = page.Next() // Walk is for lists that change meanwhile
	}
	// Output:
	// customer3@example.test
	// customer2@example.test
	// customer1@example.test
}

func ExampleCustomersService_Ensure() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	request := salla.CreateCustomerRequest{FirstName: "Sara", Email: "sara@example.com"}

	for range 2 {
		customer, created, err := client.Customers.Ensure(context.Background(), request)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(customer.Email, created)
	}
	// Output:
	// sara@example.com true
	// sara@example.com false
}

// The rows of a CSV become customers: who is missing is created, who differs is changed.
// Started again, it goes over all rows again and sends what is not so yet.
func ExampleCustomersService_Upsert() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config()) // in production: salla.Config{Token: …}
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
		customer, change, err := client.Customers.Upsert(context.Background(), salla.CreateCustomerRequest{Email: row[0], Mobile: row[1], FirstName: row[2]})
		switch {
		case errors.Is(err, souk.ErrAlreadyExists):
			fmt.Println("somebody else has", row[1])
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
	// somebody else has 00966555555555
	// salla: POST /customers: invalid; Email: must be an e-mail address
}

func ExampleCustomersService_Import() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	receipt, err := client.Customers.Import(context.Background(), salla.ImportCustomersRequest{
		Name: "customers.csv", File: strings.NewReader("First name,Email\nSara,sara@example.com\n"), // an *os.File is streamed
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Code)
	// Output: 200
}

func Example_errors() {
	server := sallatest.NewServer()
	defer server.Close()
	server.SetScopes("customers.read")
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Customers.Create(context.Background(), salla.CreateCustomerRequest{FirstName: "Sara"})

	fmt.Println(errors.Is(err, souk.ErrForbidden), errors.Is(err, salla.ErrScopeMissing))
	if e, ok := errors.AsType[*souk.Error](err); ok {
		fmt.Println(e.StatusCode, e.Message)
	}
	_, err = client.Customers.Create(context.Background(), salla.CreateCustomerRequest{FirstName: "Sara", MobileCodeCountry: "SA"})
	fmt.Println(err)
	// Output:
	// true true
	// 401 The access token should have access to one of those scopes: customers.read_write
	// salla: POST /customers: invalid; MobileCodeCountry: must be a dial code such as "+966", not an ISO code
}

// The tokens of a store live in a TokenStore, which all processes share.
func ExampleOAuth_TokenSource() {
	server := sallatest.NewServer()
	defer server.Close()
	ctx := context.Background()
	oauth := server.OAuth() // in production: salla.OAuth{ClientID: …, ClientSecret: …, RedirectURL: …}
	store := souk.NewMemoryTokenStore()

	// The merchant has come back from oauth.AuthCodeURL(state) with a code, which
	// oauth.ParseCallback has found in the query.
	merchant, err := oauth.Install(ctx, server.Authorize("state").Get("code"), store)
	if err != nil {
		log.Fatal(err)
	}

	tokens, err := oauth.TokenSource(merchant, store)
	if err != nil {
		log.Fatal(err)
	}
	config := server.Config()
	config.Token, config.TokenSource = "", tokens // in production: salla.Config{TokenSource: tokens}
	client, err := salla.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	user, err := client.Users.Info(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Merchant.Name, fmt.Sprint(user.Merchant.ID) == merchant)
	// Output: My Store true
}

// In easy mode Salla delivers the token of a store that installs the app.
func ExampleNewWebhookHandler() {
	server := sallatest.NewServer()
	defer server.Close()
	tokens := souk.NewMemoryTokenStore()
	config := server.WebhookConfig() // in production: salla.WebhookConfig{Secrets: …, Strategy: …}
	handler, err := salla.NewWebhookHandler(config, souk.NewMemorySeen(), func(ctx context.Context, d *souk.Delivery) error {
		switch event := d.Event.(type) {
		case *oauth2.Token:
			fmt.Println(d.Topic)
			return server.OAuth().SaveToken(ctx, d.Store, tokens, event)
		case *salla.Customer:
			fmt.Println(d.Topic, event.FirstName)
		case nil: // a topic of no use here, or not readable; d.Body has it in any case
			fmt.Println(d.Topic, d.EventErr)
		}
		return nil // an error makes Salla deliver it again
	})
	if err != nil {
		log.Fatal(err)
	}

	deliver := func(r *http.Request) {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		fmt.Println(answer.Code)
	}
	deliver(server.NewDelivery(salla.TopicAppStoreAuthorize, server.Authorization()))
	deliver(server.NewDelivery(salla.TopicCustomersCreate, []byte(`{"id":7,"birthday":"20/10/1950"}`)))
	// Output:
	// app.store.authorize
	// 200
	// customer.created salla: unreadable: birthday: expected date, got text
	// 200
}

// A delivery may also come by way of a queue, as header and bytes.
func ExampleParseDelivery() {
	header := http.Header{"X-Salla-Signature": {"36c59ed2910e6810539f703caa5e4a57bba963d9d4a4a02f3acf1b6625910b32"}}
	body := []byte(`{"event":"customer.otp.request","merchant":1029864349,"created_at":"Wed Jun 30 2021 12:09:11 GMT+0300",` +
		`"data":{"code":"5331","contact":"+966500000003"}}`)
	config := salla.WebhookConfig{Secrets: []string{"test-secret"}, Strategy: salla.StrategySignature}

	delivery, err := salla.ParseDelivery(header, body, config)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(delivery.Topic, delivery.Store, delivery.CreatedAt.UTC())
	if otp, ok := delivery.Event.(*salla.OTPRequest); ok {
		fmt.Println(otp.Code, otp.Contact)
	}

	_, err = salla.ParseDelivery(header, append(body, ' '), config)
	fmt.Println(err)
	// Output:
	// customer.otp.request 1029864349 2021-06-30 09:09:11 +0000 UTC
	// 5331 +966500000003
	// salla: unauthorized: the delivery's signature does not match the secret
}
