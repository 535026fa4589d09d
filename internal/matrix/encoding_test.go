package matrix

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

// A name in another encoding is found before it is sent, at every vendor: the store would
// keep other characters.
func TestNamesInAnotherEncoding(t *testing.T) {
	t.Parallel()
	const name = "Ren\xe9"
	c := silent(t)
	for what, call := range map[string]func(ctx context.Context) error{
		"salla": func(ctx context.Context) error {
			return failure(c.salla.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"salla Ensure": func(ctx context.Context) error {
			_, _, err := c.salla.Customers.Ensure(ctx, salla.CreateCustomerRequest{FirstName: name, Email: "a@b.example"})
			return err
		},
		"commercengine": func(ctx context.Context) error {
			return failure(c.commercengine.Auth.RegisterWithEmail(ctx, commercengine.RegisterWithEmailRequest{FirstName: name, Email: "a@b.example"}))
		},
		"shopline": func(ctx context.Context) error {
			return failure(c.shopline.Customers.Create(ctx, shopline.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"shopline Upsert": func(ctx context.Context) error {
			_, _, err := c.shopline.Customers.Upsert(ctx, shopline.CreateCustomerRequest{FirstName: name, Email: "a@b.example"})
			return err
		},
		"shoplazza": func(ctx context.Context) error {
			return failure(c.classic.Customers.Create(ctx, shoplazza.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"shoplazza 2026-01": func(ctx context.Context) error {
			return failure(c.shoplazza.Customers.Create(ctx, shoplazza.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"xclade": func(ctx context.Context) error {
			return failure(c.xclade.Customers.Create(ctx, xclade.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"xclade Update": func(ctx context.Context) error {
			return failure(c.xclade.Customers.Update(ctx, "cus_1", xclade.UpdateCustomerRequest{FirstName: new(name)}))
		},
		"xclade Ensure": func(ctx context.Context) error {
			_, _, err := c.xclade.Customers.Ensure(ctx, xclade.CreateCustomerRequest{FirstName: name, Email: "a@b.example"})
			return err
		},
	} {
		err := call(t.Context())
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok, "%s: %v", what, err)
		assert.ErrorIs(t, err, souk.ErrInvalid, what)
		assert.Equal(t, map[string][]string{"FirstName": {"must be UTF-8: convert a text in another encoding first"}}, e.Fields, what)
	}
}
