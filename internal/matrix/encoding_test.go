package matrix

import (
	"context"
	"errors"
	"net/http"
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
	o := souk.Options{HTTPClient: &http.Client{Transport: nowhere{}}, MaxAttempts: 1}
	ofSalla := must(salla.NewClient(salla.Config{Token: "t", Options: o}))(t)
	ofEngine := must(commercengine.NewClient(commercengine.Config{StoreID: "s", Token: "t", Options: o}))(t)
	ofShopline := must(shopline.NewClient(shopline.Config{Handle: "h", Token: "t", Options: o}))(t)
	ofShoplazza := must(shoplazza.NewClient(shoplazza.Config{Shop: "s", Token: "t", Options: o}))(t)
	modern := must(shoplazza.NewClient(shoplazza.Config{Shop: "s", Token: "t", Version: shoplazza.Version202506, Options: o}))(t)
	ofXclade := must(xclade.NewClient(xclade.Config{Tenant: "t", APIKey: "k", Options: o}))(t)
	for what, call := range map[string]func(ctx context.Context) error{
		"salla": func(ctx context.Context) error {
			return failure(ofSalla.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"salla Ensure": func(ctx context.Context) error {
			_, _, err := ofSalla.Customers.Ensure(ctx, salla.CreateCustomerRequest{FirstName: name, Email: "a@b.example"})
			return err
		},
		"commercengine": func(ctx context.Context) error {
			return failure(ofEngine.Auth.RegisterWithEmail(ctx, commercengine.RegisterWithEmailRequest{FirstName: name, Email: "a@b.example"}))
		},
		"shopline": func(ctx context.Context) error {
			return failure(ofShopline.Customers.Create(ctx, shopline.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"shopline Upsert": func(ctx context.Context) error {
			_, _, err := ofShopline.Customers.Upsert(ctx, shopline.CreateCustomerRequest{FirstName: name, Email: "a@b.example"})
			return err
		},
		"shoplazza": func(ctx context.Context) error {
			return failure(ofShoplazza.Customers.Create(ctx, shoplazza.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"shoplazza 2025-06": func(ctx context.Context) error {
			return failure(modern.Customers.Create(ctx, shoplazza.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"xclade": func(ctx context.Context) error {
			return failure(ofXclade.Customers.Create(ctx, xclade.CreateCustomerRequest{FirstName: name, Email: "a@b.example"}))
		},
		"xclade Update": func(ctx context.Context) error {
			return failure(ofXclade.Customers.Update(ctx, "cus_1", xclade.UpdateCustomerRequest{FirstName: new(name)}))
		},
		"xclade Ensure": func(ctx context.Context) error {
			_, _, err := ofXclade.Customers.Ensure(ctx, xclade.CreateCustomerRequest{FirstName: name, Email: "a@b.example"})
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

// nowhere is a network that nothing is to be sent to.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("sent") }

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		require.NoError(t, err)
		return value
	}
}
