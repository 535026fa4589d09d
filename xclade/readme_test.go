package xclade_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// The functions below hold the code of the README, so that it compiles.

func readmeFirstProgram(ctx context.Context) error {
	client, err := xclade.NewClient(xclade.Config{Tenant: "1a2b3c4d", Token: os.Getenv("XCLADE_TOKEN")})
	if err != nil {
		return err
	}
	customer, created, err := client.Customers.Ensure(ctx, xclade.CreateCustomerRequest{Email: "ada@example.com", FirstName: "Ada"})
	if err != nil {
		return err
	}
	slog.Info("ensured", "id", customer.ID, "created", created)
	customer, err = client.Customers.Update(ctx, customer.ID, xclade.UpdateCustomerRequest{
		Phone:     new("+49 30 123456"),
		FirstName: new(""), // clears it
	})
	if err != nil {
		return err
	}
	slog.Info("updated", "id", customer.ID, "at", customer.UpdatedAt)
	for customer, err := range client.Customers.All(ctx, xclade.ListCustomersRequest{}) {
		if err != nil {
			return err
		}
		slog.Info("listed", "id", customer.ID)
	}
	return nil
}

func readmeErrors(ctx context.Context, client *xclade.Client, req xclade.CreateCustomerRequest) {
	_, err := client.Customers.Create(ctx, req)
	switch {
	case errors.Is(err, souk.ErrAlreadyExists): // the e-mail address is taken
	case errors.Is(err, souk.ErrOutcomeUnknown): // it was sent, and the answer was lost: look before you repeat it
	case errors.Is(err, souk.ErrRateLimited): // more than the call may wait for: see RetryAfter
	}
	if e, ok := errors.AsType[*souk.Error](err); ok {
		slog.Error("create", "status", e.StatusCode, "code", e.Code, "fields", e.Fields, "request_id", e.RequestID)
	}
}

func readmeOptions(ctx context.Context, logger *slog.Logger, token string, count func(vendor, route string, d time.Duration, err error)) error {
	options := souk.Options{
		Logger:   logger,
		Observer: &souk.Observer{CallEnd: func(_ context.Context, c souk.Call, err error) { count(c.Vendor, c.Route, c.Duration, err) }},
	}
	client, err := shopline.NewClient(shopline.Config{Handle: "open001", Token: token, Options: options})
	if err != nil {
		return err
	}
	var response souk.Response // status, headers, request id and body of the answer
	ctx = souk.WithResponse(souk.WithMaxAttempts(ctx, 1), &response)
	_, err = client.Customers.Count(ctx)
	return err
}

func readmeLists(ctx context.Context, client *xclade.Client, saved string, export func(*xclade.Customer) error, save func(string)) error {
	walk := client.Customers.Walk(xclade.ListCustomersRequest{}, saved) // "" is the beginning
	for customer, err := range walk.All(ctx) {
		if err != nil {
			return err // start again later, from the position that was saved last
		}
		if err := export(customer); err != nil {
			return err
		}
		save(walk.Position()) // now and then
	}
	return nil
}

func readmeTesting() (*xclade.Client, error) {
	server := xcladetest.NewServer()
	defer server.Close()
	server.Inject(souktest.Fault{Operation: "Customers.Create", Processed: true, Drop: true}) // done, and the answer lost
	client, err := xclade.NewClient(server.Config())
	return client, err
}

func readmeWebhooks(config shopline.WebhookConfig, save func(context.Context, string, *shopline.Customer) error, keep func(context.Context, string, []byte) error) (http.Handler, error) {
	handler, err := shopline.NewWebhookHandler(config, souk.NewMemorySeen(), func(ctx context.Context, d *souk.Delivery) error {
		switch event := d.Event.(type) {
		case *shopline.Customer:
			return save(ctx, d.Store, event)
		case nil: // of a topic without a type, or not readable: d.EventErr says why, and d.Body has it
			return keep(ctx, d.Topic, d.Body)
		}
		return nil
	})
	return handler, err
}

var _ = []any{readmeWebhooks, readmeFirstProgram, readmeErrors, readmeOptions, readmeLists, readmeTesting}

// All Go code of the README stands in this file.
func TestReadmeCompiles(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	source, err := os.ReadFile("readme_test.go")
	require.NoError(t, err)

	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(readme, -1)

	require.NotEmpty(t, blocks)
	for _, block := range blocks {
		assert.Contains(t, unindented(source), unindented(block[1]))
	}
}

func unindented(text []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		b.WriteString(strings.TrimSpace(line) + "\n")
	}
	return b.String()
}
