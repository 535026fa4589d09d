package shoplazza_test

import (
	"context"
	"fmt"
	"log"

	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
)

func ExampleAddressesService() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	customer, err := client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: "ada@example.com", FirstName: "Ada"})
	if err != nil {
		log.Fatal(err)
	}

	address, err := client.Addresses.Create(ctx, customer.ID, shoplazza.CreateAddressRequest{
		FirstName: "Ada", LastName: "Lovelace", Address1: "12 Rue de la Paix", City: "Paris", Country: "France", CountryCode: "FR",
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Addresses.SetDefault(ctx, customer.ID, address.ID); err != nil {
		log.Fatal(err)
	}
	for address, err := range client.Addresses.All(ctx, customer.ID, shoplazza.ListAddressesRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(address.City, address.Default)
	}
	// Output: Paris true
}

func ExampleWebhooksService() {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	webhook, err := client.Webhooks.Create(ctx, shoplazza.CreateWebhookRequest{
		Topic: shoplazza.TopicCustomersUpdate, Address: "https://app.example/hooks",
	})
	if err != nil {
		log.Fatal(err)
	}
	count, err := client.Webhooks.Count(ctx, shoplazza.CountWebhooksRequest{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(webhook.Topic, count)
	if err := client.Webhooks.Delete(ctx, webhook.ID); err != nil {
		log.Fatal(err)
	}
	// Output: customers/update 1
}
