package shopline_test

import (
	"context"
	"fmt"
	"log"

	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

func ExampleAddressesService() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	customer, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "sara@example.com"})
	if err != nil {
		log.Fatal(err)
	}

	address, err := client.Addresses.Create(ctx, customer.ID, shopline.CreateAddressRequest{
		FirstName: "Sara", Address1: "1 Market Street", City: "Singapore", CountryCode: "SG", Zip: "048948",
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Addresses.SetDefault(ctx, customer.ID, address.ID); err != nil {
		log.Fatal(err)
	}
	address, err = client.Addresses.Update(ctx, customer.ID, address.ID, shopline.UpdateAddressRequest{City: new("Kuala Lumpur")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(address.City, address.Default)
	// Output: Kuala Lumpur true
}

func ExampleCustomerGroupsService() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "sara@example.com"}); err != nil {
		log.Fatal(err)
	}

	// A group is a query. Its members are those who match it.
	group, err := client.CustomerGroups.Create(ctx, shopline.CreateCustomerGroupRequest{Name: "New", Query: "orders_count:0"})
	if err != nil {
		log.Fatal(err)
	}
	for customer, err := range client.CustomerGroups.AllMembers(ctx, group.ID, shopline.ListMembersRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(group.Name, customer.Email)
	}
	// Output: New sara@example.com
}

func ExampleSocialLoginsService() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	err = client.SocialLogins.Set(ctx, shopline.SetSocialLoginRequest{
		Channel: shopline.LoginChannelGoogle, Platform: shopline.LoginPlatformWeb, AppID: "my-app", Key: "secret",
	})
	if err != nil {
		log.Fatal(err)
	}
	list, err := client.SocialLogins.List(ctx, shopline.ListSocialLoginsRequest{})
	if err != nil {
		log.Fatal(err)
	}
	for _, login := range list.SocialLogins {
		fmt.Println(login.Channel, login.Platform, login.AppID)
	}
	// Output: google web my-app
}

func ExampleWebhooksService() {
	ctx := context.Background()
	server := shoplinetest.NewServer()
	defer server.Close()
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	webhook, err := client.Webhooks.Create(ctx, shopline.CreateWebhookRequest{
		Topic: shopline.TopicCustomersUpdate, Address: "https://app.example/hooks",
	})
	if err != nil {
		log.Fatal(err)
	}
	for webhook, err := range client.Webhooks.All(ctx, shopline.ListWebhooksRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(webhook.Topic, webhook.Address)
	}
	if err := client.Webhooks.Delete(ctx, webhook.ID); err != nil {
		log.Fatal(err)
	}
	// Output: customers/update https://app.example/hooks
}
