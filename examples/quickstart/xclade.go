package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// xcladeTour speaks to the server that XCLADE_BASE_URL or XCLADE_TENANT names, or
// else to the stand-in.
func xcladeTour(ctx context.Context, r *report) (err error) {
	config, done := xcladeConfig(r)
	defer done()
	client, err := xclade.NewClient(config)
	if err != nil {
		return err
	}
	run := strings.ToLower(rand.Text()[:8]) // sets this run's customers apart
	var created []string
	defer func() {
		for _, id := range created {
			err = errors.Join(err, client.Customers.Delete(context.WithoutCancel(ctx), id))
		}
	}()

	for _, name := range []string{"Ada", "Grace", "Hedy"} {
		customer, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{
			Email: fmt.Sprintf("%s.%s@quickstart.example", strings.ToLower(name), run), FirstName: name, CompanyName: run,
		})
		if err != nil {
			return err
		}
		created = append(created, customer.ID)
		r.step("create", "%s %s", customer.ID, customer.FirstName)
	}

	customer, err := client.Customers.Get(ctx, created[0], xclade.GetCustomerRequest{})
	if err != nil {
		return err
	}
	r.step("get", "%s %s", customer.ID, customer.Email)

	var names []string
	mine := xclade.CustomerFilter{CompanyName: []string{run}}
	for customer, err := range client.Customers.All(ctx, xclade.ListCustomersRequest{CustomerFilter: mine, Limit: 2}) {
		if err != nil {
			return err
		}
		names = append(names, customer.FirstName)
	}
	r.step("list, 2 per page", "%s", strings.Join(names, ", "))

	customer, err = client.Customers.Update(ctx, created[0], xclade.UpdateCustomerRequest{
		Phone: xclade.Value("+49 30 123456"), CompanyName: xclade.Null[string](),
	})
	if err != nil {
		return err
	}
	r.step("update", "phone set to %q, company cleared to %q", customer.Phone, customer.CompanyName)

	_, err = client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: customer.Email})
	if !errors.Is(err, xclade.ErrAlreadyExists) {
		return fmt.Errorf("a second customer with the same e-mail: %w", err)
	}
	r.step("create again", "%v", err)

	if err := client.Customers.Delete(ctx, customer.ID); err != nil {
		return err
	}
	_, err = client.Customers.Get(ctx, customer.ID, xclade.GetCustomerRequest{})
	if !errors.Is(err, xclade.ErrNotFound) {
		return fmt.Errorf("a deleted customer: %w", err)
	}
	r.step("delete", "%v", err)
	return nil
}

func xcladeConfig(r *report) (config xclade.Config, done func()) {
	config = xclade.Config{
		Tenant:   os.Getenv("XCLADE_TENANT"),
		BaseURL:  os.Getenv("XCLADE_BASE_URL"),
		Email:    os.Getenv("XCLADE_EMAIL"),
		Password: os.Getenv("XCLADE_PASSWORD"),
		Token:    os.Getenv("XCLADE_TOKEN"),
		APIKey:   os.Getenv("XCLADE_API_KEY"),
	}
	if config.BaseURL != "" || config.Tenant != "" {
		r.at(config.BaseURL + config.Tenant)
		return config, func() {}
	}
	server := xcladetest.NewServer()
	r.at("stand-in")
	return server.Config(), server.Close
}
