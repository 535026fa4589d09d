package salla_test

import (
	"context"
	"fmt"
	"log"

	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

func ExampleCustomerGroupsService() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	customer, err := client.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: "Sara", Email: "sara@example.com"})
	if err != nil {
		log.Fatal(err)
	}

	group, err := client.CustomerGroups.Create(ctx, salla.CreateCustomerGroupRequest{Name: "Tea drinkers"})
	if err != nil {
		log.Fatal(err)
	}
	err = client.CustomerGroups.AddCustomers(ctx, salla.AddCustomersRequest{GroupID: group.ID, Customers: []int64{customer.ID}})
	if err != nil {
		log.Fatal(err)
	}
	for group, err := range client.CustomerGroups.All(ctx, salla.ListCustomerGroupsRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(group.Name)
	}
	// Output: Tea drinkers
}

func ExampleLoyaltyPointsService() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	customer, err := client.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: "Sara", Email: "sara@example.com"})
	if err != nil {
		log.Fatal(err)
	}

	err = client.LoyaltyPoints.Update(ctx, salla.UpdateLoyaltyPointsRequest{
		Customers: []int64{customer.ID}, Type: salla.PointsPlus, Points: 50, Reason: "welcome",
		ChannelSend: []salla.LoyaltyChannel{salla.ChannelEmail},
	})
	if err != nil {
		log.Fatal(err) // souk.ErrOutcomeUnknown: read the points before giving them again
	}
	for points, err := range client.LoyaltyPoints.All(ctx, salla.ListLoyaltyPointsRequest{CustomerID: customer.ID}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(points.Points)
	}
	// Output: 50
}

func ExampleWalletsService() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	customer, err := client.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: "Sara", Email: "sara@example.com"})
	if err != nil {
		log.Fatal(err)
	}

	// Money is text: no amount is rounded on the way.
	transaction, err := client.Wallets.Deposit(ctx, salla.WalletRequest{CustomerID: customer.ID, Amount: "12.50"})
	if err != nil {
		log.Fatal(err) // souk.ErrOutcomeUnknown: the money may have gone; look before you pay again
	}
	fmt.Println(transaction.Amount, transaction.Wallet.Balance)
	// Output: 12.5 12.5
}

func ExampleExportsService() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	// Salla makes the file and sends it by mail; the log has it when it is there.
	if _, err := client.Exports.Customers(ctx, salla.ExportCustomersRequest{}); err != nil {
		log.Fatal(err)
	}
	logs, err := client.Exports.Logs(ctx, salla.ListExportLogsRequest{})
	if err != nil {
		log.Fatal(err)
	}
	for _, export := range logs {
		fmt.Println(export.Type)
	}
	// Output: customers
}

func ExampleUsersService() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	user, err := client.Users.Info(context.Background()) // whose token is it?
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Merchant.Name)
	// Output: My Store
}

func ExampleWebhooksService() {
	server := sallatest.NewServer()
	defer server.Close()
	client, err := salla.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	webhook, err := client.Webhooks.Create(ctx, salla.CreateWebhookRequest{
		Name: "customers", Topic: salla.TopicCustomersCreate, Address: "https://app.example/hooks",
	})
	if err != nil {
		log.Fatal(err)
	}
	for webhook, err := range client.Webhooks.All(ctx, salla.ListWebhooksRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(webhook.Topic, webhook.Address)
	}
	if err := client.Webhooks.Delete(ctx, webhook.ID); err != nil {
		log.Fatal(err)
	}
	// Output: customer.created https://app.example/hooks
}
