package shoplazza_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/souktest"
)

func Example() {
	server := shoplazzatest.NewServer() // or shoplazza.Config{Shop: "demo", Token: os.Getenv("SHOPLAZZA_TOKEN")}
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	customer, err := client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{
		Email:            "ryan@example.com",
		FirstName:        "Ryan",
		AcceptsMarketing: new(false), // true unless it is set
		Tags:             []string{"New Customer", "Repeat Customer"},
		Addresses: []shoplazza.CreateAddressRequest{{
			FirstName: "Ryan", LastName: "Zhang", Country: "Aland Islands", CountryCode: "AX", City: "Mariehamn",
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer.Email, customer.ContactType, customer.Tags, customer.DefaultAddress.City)

	customer, err = client.Customers.Update(ctx, customer.ID, shoplazza.UpdateCustomerRequest{
		LastName: new("Zhang"),
		Tags:     []string{}, // removes them
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer.Name, len(customer.Tags))

	_, err = client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: "ryan@example.com"})
	fmt.Println(errors.Is(err, souk.ErrAlreadyExists))
	// Output:
	// ryan@example.com email [New Customer Repeat Customer] Mariehamn
	// Ryan Zhang 0
	// true
}

// The same code reads all pages of all versions.
func ExampleCustomersService_All() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	for _, version := range []string{shoplazza.Version202201, shoplazza.Version202601} {
		config := server.Config()
		config.Version = version
		client, err := shoplazza.NewClient(config)
		if err != nil {
			log.Fatal(err)
		}
		ctx := context.Background()
		if _, err := client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: "in." + version + "@example.com"}); err != nil {
			log.Fatal(err)
		}
		for customer, err := range client.Customers.All(ctx, shoplazza.ListCustomersRequest{Limit: 1}) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(version, customer.Email)
		}
	}
	// Output:
	// 2022-01 in.2022-01@example.com
	// 2026-01 in.2026-01@example.com
	// 2026-01 in.2022-01@example.com
}

// A list can be read page by page, and the walk go on later.
func ExampleListCustomersResponse_Next() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for _, name := range []string{"ada", "grace", "hedy"} {
		if _, err := client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: name + "@example.com"}); err != nil {
			log.Fatal(err)
		}
	}

	request, more := shoplazza.ListCustomersRequest{Limit: 2}, true
	for more {
		page, err := client.Customers.List(ctx, request)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Customers))
		request, more = page.Next()
	}
	// Output:
	// 2
	// 1
	// 0
}

func ExampleCustomersService_Ensure() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	// The server does the work, and the connection drops before it says so.
	server.Inject(souktest.Fault{Method: http.MethodPost, Processed: true, Drop: true})

	customer, created, err := client.Customers.Ensure(context.Background(), shoplazza.CreateCustomerRequest{Email: "ryan@example.com"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer.Email, created)
	// Output: ryan@example.com false
}

// The rows of a CSV become customers: who is missing is created, who differs is changed.
// Started again, it goes over all rows again and sends what is not so yet.
func ExampleCustomersService_Upsert() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config()) // in production: shoplazza.Config{Shop: …, Token: …}
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
		customer, change, err := client.Customers.Upsert(context.Background(), shoplazza.CreateCustomerRequest{Email: row[0], Phone: row[1], FirstName: row[2]})
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
	// shoplazza: POST /customers: invalid; Email: must be an e-mail address
}

func Example_errors() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Customers.Get(context.Background(), "00000000-0000-4000-8000-000000000000", shoplazza.GetCustomerRequest{})
	if e, ok := errors.AsType[*souk.Error](err); ok {
		fmt.Println(e.StatusCode, e.Message, e.Route, errors.Is(err, souk.ErrNotFound))
	}
	_, err = client.Customers.Create(context.Background(), shoplazza.CreateCustomerRequest{FirstName: "Ryan"})
	fmt.Println(err)
	// Output:
	// 404 record not found /customers/{id} true
	// shoplazza: POST /customers: invalid; Email: Email or Phone is required
}

// A public app sends the merchant to the store, takes the code that comes back
// and keeps the token where its clients find and renew it.
func ExampleOAuth() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	app := server.OAuth() // or shoplazza.OAuth{ClientID: "…", ClientSecret: "…", RedirectURL: "…", Scopes: …}
	tokens := souk.NewMemoryTokenStore()
	ctx := context.Background()

	_, err := app.AuthCodeURL("demo", "state-1") // send the merchant there
	if err != nil {
		log.Fatal(err)
	}
	query := server.Authorize("state-1") // r.URL.Query() of the callback

	callback, err := app.ParseCallback(query, "state-1")
	if err != nil {
		log.Fatal(err)
	}
	token, err := app.Exchange(ctx, callback.Store, callback.Code)
	if err != nil {
		log.Fatal(err)
	}
	if err := app.SaveToken(ctx, callback.Store, tokens, token); err != nil {
		log.Fatal(err)
	}

	source, err := app.TokenSource(callback.Store, tokens)
	if err != nil {
		log.Fatal(err)
	}
	config := server.Config() // or shoplazza.Config{Shop: callback.Store}
	config.Token, config.TokenSource = "", source
	client, err := shoplazza.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	n, err := client.Customers.Count(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(callback.Store, token.Extra("store_name"), n)
	// Output: demo Demo 0
}

func ExampleNewWebhookHandler() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	config := server.WebhookConfig() // in production: shoplazza.WebhookConfig{Secrets: …}
	handler, err := shoplazza.NewWebhookHandler(config, souk.NewMemorySeen(), func(_ context.Context, d *souk.Delivery) error {
		switch event := d.Event.(type) {
		case *shoplazza.Customer:
			fmt.Println(d.Topic, d.Store, event.FirstName)
		case nil: // a topic of no use here, or not readable; d.Body has it in any case
			fmt.Println(d.Topic, d.EventErr)
		}
		return nil // an error makes Shoplazza deliver it again
	})
	if err != nil {
		log.Fatal(err)
	}

	deliver := func(r *http.Request) {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		fmt.Println(answer.Code)
	}
	body := []byte(`{"customer":{"id":"1","first_name":"Ryan"}}`)
	deliver(server.NewDelivery(shoplazza.TopicCustomersCreate, body))
	deliver(server.NewDelivery(shoplazza.TopicOrdersCreate, []byte(`{"order":{"id":"2"}}`)))
	forged := server.NewDelivery(shoplazza.TopicCustomersCreate, body)
	forged.Body = http.NoBody
	deliver(forged)
	// Output:
	// customers/create demo Ryan
	// 200
	// orders/create <nil>
	// 200
	// 401
}

// A delivery may also come by way of a queue, as header and bytes.
func ExampleParseDelivery() {
	header := http.Header{
		"X-Shoplazza-Topic":            {"customers/update"},
		"X-Shoplazza-Shop-Domain":      {"demo.myshoplaza.com"},
		"X-Shoplazza-Deduplication-Id": {"d3f1c2"},
		"X-Shoplazza-Hmac-Sha256":      {"uXjvubRozxCy1+xp6AUgt+j6LIG5oYCStEgps1JwKpQ="},
	}
	// Two secrets while the app's is being changed.
	config := shoplazza.WebhookConfig{Secrets: []string{"newsecret", "topsecret"}}

	delivery, err := shoplazza.ParseDelivery(header, []byte(`{"id":"1"}`), config)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(delivery.ID, delivery.Topic, delivery.Store)

	_, err = shoplazza.ParseDelivery(header, []byte(`{"id":"2"}`), config)
	fmt.Println(err)
	// Output:
	// d3f1c2 customers/update demo
	// shoplazza: unauthorized: the delivery's signature does not match the secret
}

// Do reaches the end points that have no method of their own.
func ExampleClient_Do() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	var answer struct {
		Count int `json:"count"`
	}
	err = client.Do(context.Background(), http.MethodGet, "/customers/count", nil, nil, &answer)
	fmt.Println(answer.Count, err)
	// Output: 0 <nil>
}
