// Program is what a user of SHOPLINE has written: it copies the customers of a store into
// a directory, keeps them up to date, and writes back what the directory changed.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
)

func main() {
	ctx := context.Background()
	app, err := newApp()
	if err != nil {
		log.Fatal(err)
	}
	if err := app.export(ctx); err != nil {
		log.Fatal(explain(err))
	}
	if err := app.begin(ctx, "newsletter"); err != nil {
		log.Fatal(explain(err))
	}
	if err := app.subscribe(ctx, "https://app.example/shopline"); err != nil {
		log.Fatal(explain(err))
	}
	if err := app.serve(); err != nil {
		log.Fatal(err)
	}
}

type app struct {
	client   *shopline.Client
	position string
}

// newApp makes a client that logs and gives up early.
func newApp() (*app, error) {
	client, err := shopline.NewClient(shopline.Config{
		Handle: os.Getenv("SHOPLINE_HANDLE"),
		Token:  os.Getenv("SHOPLINE_TOKEN"),
		Options: souk.Options{
			Logger:         slog.Default(),
			AttemptTimeout: 20 * time.Second,
			MaxAttempts:    5,
		},
	})
	if err != nil {
		return nil, err
	}
	return &app{client: client}, nil
}

// export goes through all customers, and on where it was.
func (a *app) export(ctx context.Context) error {
	total, err := a.client.Customers.Count(ctx)
	if err != nil {
		return err
	}
	walk := a.client.Customers.Walk(shopline.ListCustomersRequest{}, a.position)
	rows := 0
	for customer, err := range walk.All(ctx) {
		var odd *souk.RowError
		if errors.As(err, &odd) {
			log.Printf("customer %s cannot be read: %v", odd.ID, err)
			continue
		}
		if err != nil {
			return err
		}
		rows++
		fmt.Printf("%d of %d: %s\n", rows, total, line(customer))
		a.position = walk.Position()
	}
	return nil
}

func line(c *shopline.Customer) string {
	return strings.Join([]string{fmt.Sprint(c.ID), c.Email, c.Phone, c.FirstName, c.LastName, c.CreatedAt.Format(time.DateOnly)}, ",")
}

// firstPages shows the newest customers, page by page.
func (a *app) firstPages(ctx context.Context, pages int) error {
	req := shopline.ListCustomersRequest{Limit: 50}
	for range pages {
		page, err := a.client.Customers.List(ctx, req)
		if err != nil {
			return err
		}
		for i := range page.Customers {
			fmt.Println(line(&page.Customers[i]))
		}
		next, more := page.Next()
		if !more {
			return nil
		}
		req = next
	}
	return nil
}

// begin makes the group that the customers of the directory are shown in.
func (a *app) begin(ctx context.Context, name string) error {
	group, err := a.client.CustomerGroups.Create(ctx, shopline.CreateCustomerGroupRequest{Name: name})
	if errors.Is(err, souk.ErrAlreadyExists) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Println("group", group.ID, group.Name)
	return nil
}

// person is somebody in the directory.
type person struct {
	email, phone, first, last string
}

// save makes a person a customer, as the directory has them.
func (a *app) save(ctx context.Context, p person) error {
	customer, change, err := a.client.Customers.Upsert(ctx, shopline.CreateCustomerRequest{
		Email:     p.email,
		Phone:     p.phone,
		FirstName: p.first,
		LastName:  p.last,
	})
	switch {
	case errors.Is(err, souk.ErrAlreadyExists):
		return fmt.Errorf("somebody else has the phone number: %w", err)
	case err != nil:
		return err
	case change != souk.Unchanged:
		fmt.Println(change, line(customer))
	}
	return nil
}

// register makes a customer who must be new.
func (a *app) register(ctx context.Context, p person) (*shopline.Customer, error) {
	customer, err := a.client.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: p.email, FirstName: p.first, LastName: p.last})
	if errors.Is(err, souk.ErrOutcomeUnknown) {
		customer, _, err = a.client.Customers.Ensure(ctx, shopline.CreateCustomerRequest{Email: p.email, FirstName: p.first, LastName: p.last})
	}
	return customer, err
}

// rename changes a name, if the person is a customer.
func (a *app) rename(ctx context.Context, email, first string) error {
	customer, err := a.client.Customers.GetByEmail(ctx, email)
	if errors.Is(err, souk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	changed, err := a.client.Customers.Update(ctx, customer.ID, shopline.UpdateCustomerRequest{FirstName: &first})
	if err != nil {
		return err
	}
	again, err := a.client.Customers.Get(ctx, changed.ID, shopline.GetCustomerRequest{})
	if err != nil {
		return err
	}
	fmt.Println(line(again))
	return nil
}

// move adds an address.
func (a *app) move(ctx context.Context, c *shopline.Customer, street, city, country string) error {
	address, err := a.client.Addresses.Create(ctx, c.ID, shopline.CreateAddressRequest{
		FirstName: c.FirstName, LastName: c.LastName, Address1: street, City: city, CountryCode: country,
	})
	if err != nil {
		return err
	}
	fmt.Println("lives at", address.Address1, address.City)
	return nil
}

// forget deletes whoever has left the directory.
func (a *app) forget(ctx context.Context, phone string) error {
	customer, err := a.client.Customers.GetByPhone(ctx, phone)
	if err != nil {
		return err
	}
	return a.client.Customers.Delete(ctx, customer.ID)
}

// subscribe has the store deliver what changes.
func (a *app) subscribe(ctx context.Context, address string) error {
	_, err := a.client.Webhooks.Create(ctx, shopline.CreateWebhookRequest{Topic: shopline.TopicCustomersUpdate, Address: address})
	return err
}

// serve takes deliveries.
func (a *app) serve() error {
	handler, err := shopline.NewWebhookHandler(
		shopline.WebhookConfig{Secrets: []string{os.Getenv("SHOPLINE_SECRET")}},
		souk.NewMemorySeen(),
		func(_ context.Context, d *souk.Delivery) error {
			switch event := d.Event.(type) {
			case *shopline.Customer:
				fmt.Println(d.Store, d.Topic, d.CreatedAt, line(event))
			case nil:
				log.Print(d.Topic, d.EventErr)
			}
			return nil
		},
	)
	if err != nil {
		return err
	}
	return http.ListenAndServe(":8080", handler)
}

// explain says what a person at the console can do.
func explain(err error) error {
	var refusal *souk.Error
	switch {
	case errors.Is(err, souk.ErrReauthorize):
		return fmt.Errorf("install the app again: %w", err)
	case errors.Is(err, souk.ErrUnauthorized), errors.Is(err, souk.ErrForbidden):
		return fmt.Errorf("the token does not do: %w", err)
	case errors.Is(err, souk.ErrRateLimited) && errors.As(err, &refusal):
		return fmt.Errorf("wait %s: %w", refusal.RetryAfter, err)
	case errors.Is(err, souk.ErrUnavailable):
		return fmt.Errorf("try again later: %w", err)
	}
	return err
}
