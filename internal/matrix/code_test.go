package matrix

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
)

// A country's code alone is nobody's number, at any vendor: customers whose number is not
// known have one, too, and one of them would be taken for who is looked for.
func TestACodeAloneFindsNobody(t *testing.T) {
	t.Parallel()
	c := clientsAt(t, always200(`{"status":200,"success":true,
		"data":[{"id":1,"mobile":"","mobile_code":"+966"}],"pagination":{"count":1,"total":1,"perPage":60,"currentPage":1,"totalPages":1},
		"customers":[{"id":"1","phone":"","phone_area_code":"966"},{"id":"2","phone":"966"}],"has_more":false,"count":2,"offset":0,"limit":100}`))
	for what, call := range map[string]func(ctx context.Context, phone string) error{
		"salla": func(ctx context.Context, phone string) error {
			return failure(c.salla.Customers.GetByPhone(ctx, phone))
		},
		"shopline": func(ctx context.Context, phone string) error {
			return failure(c.shopline.Customers.GetByPhone(ctx, phone))
		},
		"shoplazza": func(ctx context.Context, phone string) error {
			return failure(c.shoplazza.Customers.GetByPhone(ctx, phone))
		},
		"xclade": func(ctx context.Context, phone string) error {
			return failure(c.xclade.Customers.GetByPhone(ctx, phone))
		},
		"salla Ensure": func(ctx context.Context, phone string) error {
			_, _, err := c.salla.Customers.Ensure(ctx, salla.CreateCustomerRequest{FirstName: "Ada", Mobile: phone})
			return err
		},
		"shopline Ensure": func(ctx context.Context, phone string) error {
			_, _, err := c.shopline.Customers.Ensure(ctx, shopline.CreateCustomerRequest{FirstName: "Ada", Phone: phone})
			return err
		},
		"shoplazza Upsert": func(ctx context.Context, phone string) error {
			_, _, err := c.shoplazza.Customers.Upsert(ctx, shoplazza.CreateCustomerRequest{FirstName: "Ada", Phone: phone})
			return err
		},
	} {
		for _, phone := range []string{"+966", "00966", "+966 (0)", "٠٠٩٦٦"} {
			err := call(t.Context(), phone)
			e, ok := errors.AsType[*souk.Error](err)
			require.True(t, ok, "%s %s: %v", what, phone, err)
			assert.ErrorIs(t, err, souk.ErrInvalid, what)
			assert.Zero(t, e.StatusCode, what)
			assert.ErrorContains(t, err, "must have a number behind the country's code", what)
		}
	}
}

// always200 is a server that answers everything with one text.
type always200 string

func (a always200) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(a))), Request: r,
	}, nil
}
