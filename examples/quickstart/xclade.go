package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"os"
	"strings"

	"github.com/souk-go/souk/examples/internal/shops"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// xcladeTour speaks to the stand-in, or to the server that XCLADE_BASE_URL or
// XCLADE_TENANT names.
func xcladeTour(ctx context.Context, r *report) error {
	config := xclade.Config{
		Tenant:   os.Getenv("XCLADE_TENANT"),
		BaseURL:  os.Getenv("XCLADE_BASE_URL"),
		Email:    os.Getenv("XCLADE_EMAIL"),
		Password: os.Getenv("XCLADE_PASSWORD"),
		Token:    os.Getenv("XCLADE_TOKEN"),
		APIKey:   os.Getenv("XCLADE_API_KEY"),
	}
	r.at(config.BaseURL + config.Tenant)
	if !r.real {
		server := xcladetest.NewServer()
		defer server.Close()
		config = server.Config()
		r.at("stand-in")
	}
	client, err := xclade.NewClient(config)
	if err != nil {
		return shops.Missing("xclade", err)
	}

	run := strings.ToLower(rand.Text()[:8]) // sets the customers of this run apart
	email := func(name string) string {
		return fmt.Sprintf("%s.%s@quickstart.example", strings.ToLower(name), run)
	}
	return life{
		create: func(ctx context.Context, name string) (string, error) {
			customer, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{
				Email: email(name), FirstName: name, CompanyName: run,
			})
			if err != nil {
				return "", err
			}
			return customer.ID, nil
		},
		get: func(ctx context.Context, id string) (string, error) {
			customer, err := client.Customers.Get(ctx, id, xclade.GetCustomerRequest{})
			if err != nil {
				return "", err
			}
			return customer.Email, nil
		},
		names: func(ctx context.Context) iter.Seq2[string, error] {
			mine := xclade.CustomerFilter{CompanyName: []string{run}}
			return firstNames(client.Customers.All(ctx, xclade.ListCustomersRequest{CustomerFilter: mine, Limit: 2}),
				func(c *xclade.Customer) string { return c.FirstName })
		},
		update: func(ctx context.Context, id string) (string, error) {
			customer, err := client.Customers.Update(ctx, id, xclade.UpdateCustomerRequest{
				Phone: new("+49 30 123456"), CompanyName: new(""),
			})
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("phone set to %q, company cleared to %q", customer.Phone, customer.CompanyName), nil
		},
		again: func(ctx context.Context) (string, error) {
			customer, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: email("Ada")})
			if err != nil {
				return "", err
			}
			return customer.ID, nil
		},
		remove: client.Customers.Delete,
	}.live(ctx, r)
}
