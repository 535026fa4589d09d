package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"strings"

	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
)

// shoplazzaTour speaks to the stand-in only: Shoplazza has no way to delete a
// customer, so that it would leave some behind in a real store.
func shoplazzaTour(ctx context.Context, r *report) error {
	server := shoplazzatest.NewServer()
	defer server.Close()
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		return err
	}

	run := strings.ToLower(rand.Text()[:8])
	email := func(name string) string {
		return fmt.Sprintf("%s.%s@quickstart.example", strings.ToLower(name), run)
	}
	return life{
		create: func(ctx context.Context, name string) (string, error) {
			customer, err := client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{
				Email: email(name), FirstName: name, AcceptsMarketing: new(false),
			})
			if err != nil {
				return "", err
			}
			return customer.ID, nil
		},
		get: func(ctx context.Context, id string) (string, error) {
			customer, err := client.Customers.Get(ctx, id, shoplazza.GetCustomerRequest{})
			if err != nil {
				return "", err
			}
			return customer.Email, nil
		},
		names: func(ctx context.Context) iter.Seq2[string, error] {
			return firstNames(client.Customers.All(ctx, shoplazza.ListCustomersRequest{Limit: 2}),
				func(c *shoplazza.Customer) string { return c.FirstName })
		},
		update: func(ctx context.Context, id string) (string, error) {
			customer, err := client.Customers.Update(ctx, id, shoplazza.UpdateCustomerRequest{
				LastName: new("Lovelace"), Tags: []string{"mathematician", "programmer"},
			})
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("name set to %q, tags to %q", customer.Name, customer.Tags), nil
		},
		again: func(ctx context.Context) (string, error) {
			customer, err := client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{Email: email("Ada")})
			if err != nil {
				return "", err
			}
			return customer.ID, nil
		},
	}.live(ctx, r)
}
