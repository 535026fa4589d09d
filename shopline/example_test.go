package shopline_test

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
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
)

func Example() {
	ctx := context.Background()
	server := shoplinetest.NewServer() // in place of a store
	defer server.Close()

	client, err := shopline.NewClient(server.Config()) // shopline.Config{Handle: "open001", Token: os.Getenv("SHOPLINE_TOKEN")}
	if err != nil {
		log.Fatal(err)
	}
	customer, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{
		Email:     "sara@example.com",
		FirstName: "Sara",
	})
	if err != nil {
		log.Fatal(err)
	}
	customer, err = client.Customers.Update(ctx, customer.ID, shopline.UpdateCustomerRequest{Note: new("likes tea")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer.FirstName, customer.Note)
	// Output: Sara likes tea
}

func ExampleCustomersService_All() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"Sara", "Omar", "Mei"} {
		if _, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: name + "@example.com", FirstName: name}); err != nil {
			log.Fatal(err)
		}
	}

	for customer, err := range client.Customers.All(ctx, shopline.ListCustomersRequest{Limit: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(customer.FirstName)
	}
	// Output:
	// Mei
	// Omar
	// Sara
}

func ExampleCustomersService_Ensure() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	server.Inject(souktest.Fault{Drop: true, Processed: true}) // the answer gets lost

	customer, _, err := client.Customers.Ensure(ctx, shopline.CreateCustomerRequest{Email: "sara@example.com"})
	if err != nil {
		log.Fatal(err)
	}
	count, err := client.Customers.Count(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer.Email, count)
	// Output: sara@example.com 1
}

// The rows of a CSV become customers: who is missing is created, who differs is changed.
// Started again, it goes over all rows again and sends what is not so yet.
func ExampleCustomersService_Upsert() {
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config()) // in production: shopline.Config{Handle: …, Token: …}
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
		customer, change, err := client.Customers.Upsert(context.Background(), shopline.CreateCustomerRequest{Email: row[0], Phone: row[1], FirstName: row[2]})
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
	// shopline: POST /customers.json: invalid; Email: must be an e-mail address
}

func ExampleCustomersService_Search() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"Sara", "Omar"} {
		if _, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: name + "@example.com", FirstName: name}); err != nil {
			log.Fatal(err)
		}
	}

	list, err := client.Customers.Search(ctx, shopline.SearchCustomersRequest{Query: "orders_count:0", Text: "sar"})
	if err != nil {
		log.Fatal(err)
	}
	for _, customer := range list.Customers {
		fmt.Println(customer.FirstName)
	}
	// Output: Sara
}

func ExampleUpdateCustomerRequest() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	customer, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{
		Email: "sara@example.com", Note: "likes tea",
		EmailMarketingConsent: &shopline.MarketingConsentRequest{State: shopline.ConsentSubscribed},
	})
	if err != nil {
		log.Fatal(err)
	}

	// Clear the note and unsubscribe: both are zero values, and both are sent.
	customer, err = client.Customers.Update(ctx, customer.ID, shopline.UpdateCustomerRequest{
		Note:                  new(""),
		EmailMarketingConsent: &shopline.MarketingConsentRequest{State: shopline.ConsentUnsubscribed},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q %v\n", customer.Note, customer.EmailMarketingConsent.State == shopline.ConsentUnsubscribed)
	// Output: "" true
}

func Example_errors() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Customers.Get(ctx, "42", shopline.GetCustomerRequest{})
	if errors.Is(err, souk.ErrNotFound) {
		fmt.Println("there is no such customer")
	}
	if e, ok := errors.AsType[*souk.Error](err); ok {
		fmt.Println(e.StatusCode, e.Message, len(e.RequestID))
	}
	// Output:
	// there is no such customer
	// 404 The customer does not exist. 32
}

func ExampleOAuth() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	oauth := server.OAuth() // shopline.OAuth{ClientID: …, ClientSecret: …, RedirectURL: …, Scopes: …}
	tokens := souk.NewMemoryTokenStore()

	// SHOPLINE sends a merchant who has agreed to RedirectURL.
	callback, err := oauth.ParseCallback(server.Authorize("the session's state"), "the session's state")
	if err != nil {
		log.Fatal(err)
	}
	token, err := oauth.Exchange(ctx, callback.Store, callback.Code)
	if err != nil {
		log.Fatal(err)
	}
	if err := oauth.SaveToken(ctx, callback.Store, tokens, token); err != nil {
		log.Fatal(err)
	}

	// From then on the client renews the token by itself.
	source, err := oauth.TokenSource(callback.Store, tokens)
	if err != nil {
		log.Fatal(err)
	}
	client, err := shopline.NewClient(shopline.Config{Handle: callback.Store, TokenSource: source, BaseURL: server.BaseURL(), Options: souk.Options{HTTPClient: server.Client()}})
	if err != nil {
		log.Fatal(err)
	}
	count, err := client.Customers.Count(ctx)
	fmt.Println(count, err)
	// Output: 0 <nil>
}

func ExampleNewWebhookHandler() {
	server := shoplinetest.NewServer()
	defer server.Close()
	config := server.WebhookConfig() // in production: shopline.WebhookConfig{Secrets: …}
	handler, err := shopline.NewWebhookHandler(config, souk.NewMemorySeen(), func(_ context.Context, d *souk.Delivery) error {
		switch event := d.Event.(type) {
		case *shopline.Customer:
			fmt.Println(d.Topic, d.Store, event.FirstName)
		case *shopline.CustomersRedactEvent:
			fmt.Println(d.Topic, d.Store, event.Customer.ID)
		case nil: // a topic of no use here, or not readable; d.Body has it in any case
			fmt.Println(d.Topic, d.EventErr)
		}
		return nil // an error makes SHOPLINE deliver it again
	})
	if err != nil {
		log.Fatal(err)
	}

	deliver := func(r *http.Request) {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		fmt.Println(answer.Code)
	}
	body := []byte(`{"id":"42","first_name":"Sara","state":"3"}`)
	delivery := server.NewDelivery(shopline.TopicCustomersCreate, body)
	deliver(delivery.Clone(context.Background()))
	delivery.Body, _ = delivery.GetBody()
	deliver(delivery) // once more: it is not handled again
	forged := server.NewDelivery(shopline.TopicCustomersCreate, body)
	forged.Body = http.NoBody
	deliver(forged)
	// Output:
	// customers/create demo Sara
	// 200
	// 200
	// 401
}

// A delivery may also come by way of a queue, as header and bytes.
func ExampleParseDelivery() {
	header := http.Header{
		"X-Shopline-Topic":       {"customers/update"},
		"X-Shopline-Shop-Domain": {"open001.myshopline.com"},
		"X-Shopline-Webhook-Id":  {"d3f1c2"},
		"X-Shopline-Hmac-Sha256": {"b978efb9b468cf10b2d7ec69e80520b7e8fa2c81b9a18092b44829b352702a94"},
	}
	// Two secrets while the app's is being changed.
	config := shopline.WebhookConfig{Secrets: []string{"newsecret", "topsecret"}}

	delivery, err := shopline.ParseDelivery(header, []byte(`{"id":"1"}`), config)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(delivery.ID, delivery.Topic, delivery.Store)

	_, err = shopline.ParseDelivery(header, []byte(`{"id":"2"}`), config)
	fmt.Println(err)
	// Output:
	// d3f1c2 customers/update open001
	// shopline: unauthorized: the delivery's signature does not match the secret
}
