package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"os"
	"strings"

	"github.com/souk-go/souk/examples/internal/shops"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

// shoplineTour speaks to the stand-in, or to the store that SHOPLINE_HANDLE names.
func shoplineTour(ctx context.Context, r *report) error {
	config := shopline.Config{Handle: os.Getenv("SHOPLINE_HANDLE"), Token: os.Getenv("SHOPLINE_TOKEN"), BaseURL: os.Getenv("SHOPLINE_BASE_URL")}
	r.at(cmp.Or(config.BaseURL, config.Handle))
	if !r.real {
		server := shoplinetest.NewServer()
		defer server.Close()
		config = server.Config()
		r.at("stand-in")
	}
	client, err := shopline.NewClient(config)
	if err != nil {
		return shops.Missing("shopline", err)
	}

	run := strings.ToLower(rand.Text()[:8]) // sets the customers of this run apart
	email := func(name string) string {
		return fmt.Sprintf("%s.%s@quickstart.example", strings.ToLower(name), run)
	}
	return life{
		create: func(ctx context.Context, name string) (string, error) {
			customer, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{
				Email: email(name), FirstName: name, LastName: run,
			})
			if err != nil {
				return "", err
			}
			return customer.ID, nil
		},
		get: func(ctx context.Context, id string) (string, error) {
			customer, err := client.Customers.Get(ctx, id, shopline.GetCustomerRequest{})
			if err != nil {
				return "", err
			}
			return customer.Email, nil
		},
		names: func(ctx context.Context) iter.Seq2[string, error] {
			return firstNames(client.Customers.SearchAll(ctx, shopline.SearchCustomersRequest{Text: run, Limit: 2}),
				func(c *shopline.Customer) string { return c.FirstName })
		},
		update: func(ctx context.Context, id string) (string, error) {
			customer, err := client.Customers.Update(ctx, id, shopline.UpdateCustomerRequest{
				Note: new("likes tea"), VerifiedEmail: new(true),
			})
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("note set to %q, e-mail verified: %t", customer.Note, customer.VerifiedEmail), nil
		},
		again: func(ctx context.Context) (string, error) {
			customer, err := client.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: email("Ada")})
			if err != nil {
				return "", err
			}
			return customer.ID, nil
		},
		remove: client.Customers.Delete,
	}.live(ctx, r)
}
