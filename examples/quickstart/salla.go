package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"os"
	"strconv"
	"strings"

	"github.com/souk-go/souk/examples/internal/shops"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

// sallaTour speaks to the store that SALLA_TOKEN belongs to, or else to the
// stand-in.
func sallaTour(ctx context.Context, r *report) error {
	config := salla.Config{Token: os.Getenv("SALLA_TOKEN"), BaseURL: os.Getenv("SALLA_BASE_URL"), Language: "en"}
	r.at("the store of SALLA_TOKEN")
	if !r.real {
		server := sallatest.NewServer()
		defer server.Close()
		config = server.Config()
		r.at("stand-in")
	}
	client, err := salla.NewClient(config)
	if err != nil {
		return shops.Missing("salla", err)
	}

	run := strings.ToLower(rand.Text()[:8]) // sets the customers of this run apart
	email := func(name string) string {
		return fmt.Sprintf("%s.%s@quickstart.example", strings.ToLower(name), run)
	}
	return life{
		create: func(ctx context.Context, name string) (string, error) {
			customer, err := client.Customers.Create(ctx, salla.CreateCustomerRequest{
				FirstName: name, LastName: run, Email: email(name),
			})
			if err != nil {
				return "", err
			}
			return strconv.FormatInt(customer.ID, 10), nil
		},
		get: func(ctx context.Context, id string) (string, error) {
			customer, err := client.Customers.Get(ctx, number(id), salla.GetCustomerRequest{})
			if err != nil {
				return "", err
			}
			return customer.Email, nil
		},
		names: func(ctx context.Context) iter.Seq2[string, error] {
			return firstNames(client.Customers.All(ctx, salla.ListCustomersRequest{Keyword: run, Limit: 2}),
				func(c *salla.Customer) string { return c.FirstName })
		},
		update: func(ctx context.Context, id string) (string, error) {
			customer, err := client.Customers.Update(ctx, number(id), salla.UpdateCustomerRequest{
				Birthday: new("1815-12-10"), Gender: new(salla.GenderFemale),
			})
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("birthday set to %s, gender to %s", customer.Birthday.Format("2 January 2006"), customer.Gender), nil
		},
		again: func(ctx context.Context) (string, error) {
			customer, err := client.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: "Ada", LastName: run, Email: email("Ada")})
			if err != nil {
				return "", err
			}
			return strconv.FormatInt(customer.ID, 10), nil
		},
		remove: func(ctx context.Context, id string) error { return client.Customers.Delete(ctx, number(id)) },
	}.live(ctx, r)
}

// number returns an id as Salla has it; what create returned is one.
func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}
