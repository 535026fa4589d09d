package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/xclade"
)

var xcladeShop = vendor{
	name:  "xclade",
	rows:  100,
	serve: serveXclade,
	souk:  soukAtXclade,
	twin:  twinAtXclade,
}

// Every third customer has metadata.
var (
	xcladeRow = newTemplate(`{"id":"cus_$","company_name":"Acme GmbH","first_name":"Ada","last_name":"Lovelace",
		"email":"ada.$@example.test","phone":"+49 30 123456","metadata":null,"has_account":false,
		"created_by":"user_01M80X74HS4460S0YD4K125HT5","created_at":"2026-11-22T05:56:17.965Z",
		"updated_at":"2026-11-22T05:56:17.965Z","deleted_at":null}`)
	xcladeRowWithMetadata = newTemplate(strings.Replace(strings.Join(xcladeRow, "$"),
		`"metadata":null`, `"metadata":{"tier":"gold","newsletter":true}`, 1))
)

func appendXcladeRow(body []byte, place int) []byte {
	if place%3 == 0 {
		return xcladeRowWithMetadata.append(body, digits(place))
	}
	return xcladeRow.append(body, digits(place))
}

// serveXclade lists by id: limit rows behind id[$gt], and the number of all that come
// behind it.
func serveXclade(r *http.Request, s stock) answer {
	if r.Method == http.MethodPost {
		return answer{body: append(appendXcladeRow([]byte(`{"customer":`), 0), '}')}
	}
	limit, after := parameter(r, "limit", 50), 0
	if id, ok := strings.CutPrefix(r.URL.Query().Get("id[$gt]"), "cus_"); ok {
		last, _ := strconv.Atoi(id)
		after = last - 1_000_000_000 + 1
	}
	from, to := s.between(after, limit)
	body := listed([]byte(`{"customers":[`), from, to, appendXcladeRow)
	return answer{body: fmt.Appendf(body, `],"count":%d,"offset":0,"limit":%d}`, s.rows-after, limit)}
}

var xcladeMetadata = map[string]any{"tier": "gold", "newsletter": true}

func soukAtXclade(tb testing.TB, base string, transport http.RoundTripper) client {
	tb.Helper()
	c, err := xclade.NewClient(xclade.Config{BaseURL: base, Token: "token", Options: optionsOf(transport)})
	require.NoError(tb, err)
	return client{
		create: func(ctx context.Context) error {
			_, err := c.Customers.Create(ctx, xclade.CreateCustomerRequest{
				Email: "ada@example.test", FirstName: "Ada", LastName: "Lovelace",
				CompanyName: "Acme GmbH", Phone: "+49 30 123456", Metadata: xcladeMetadata,
			})
			return err
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := c.Customers.List(ctx, xclade.ListCustomersRequest{Limit: rows})
			if err != nil {
				return 0, err
			}
			return len(page.Customers), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return rowsOf(c.Customers.All(ctx, xclade.ListCustomersRequest{Limit: rows}), each)
		},
	}
}

type xcladeTwinCustomer struct {
	ID          string         `json:"id"`
	Email       string         `json:"email"`
	CompanyName string         `json:"company_name"`
	FirstName   string         `json:"first_name"`
	LastName    string         `json:"last_name"`
	Phone       string         `json:"phone"`
	Metadata    map[string]any `json:"metadata"`
	HasAccount  bool           `json:"has_account"`
	CreatedBy   string         `json:"created_by"`
	CreatedAt   time.Time      `json:"created_at"`
	UpdatedAt   time.Time      `json:"updated_at"`
	DeletedAt   *time.Time     `json:"deleted_at"`
}

type xcladeTwinCreate struct {
	Email       string         `json:"email"`
	CompanyName string         `json:"company_name,omitempty"`
	FirstName   string         `json:"first_name,omitempty"`
	LastName    string         `json:"last_name,omitempty"`
	Phone       string         `json:"phone,omitempty"`
	Metadata    map[string]any `json:"metadata,omitempty"`
}

type xcladeTwinPage struct {
	Customers []xcladeTwinCustomer `json:"customers"`
	Count     int                  `json:"count"`
	Offset    int                  `json:"offset"`
	Limit     int                  `json:"limit"`
}

func twinAtXclade(base string, transport http.RoundTripper) client {
	t := newTwin(base+"/admin", "Authorization", "Bearer token", transport)
	list := func(ctx context.Context, limit int, after string) (*xcladeTwinPage, error) {
		query := url.Values{"limit": {strconv.Itoa(limit)}}
		if after != "" {
			query.Set("id[$gt]", after)
			query.Set("order", "id")
		}
		var page xcladeTwinPage
		if _, err := t.get(ctx, "/customers", query, &page); err != nil {
			return nil, err
		}
		return &page, nil
	}
	return client{
		create: func(ctx context.Context) error {
			var out struct {
				Customer *xcladeTwinCustomer `json:"customer"`
			}
			return t.post(ctx, "/customers", xcladeTwinCreate{
				Email: "ada@example.test", FirstName: "Ada", LastName: "Lovelace",
				CompanyName: "Acme GmbH", Phone: "+49 30 123456", Metadata: xcladeMetadata,
			}, &out)
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := list(ctx, rows, "")
			if err != nil {
				return 0, err
			}
			return len(page.Customers), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return twinPages(func(after string) (int, string, error) {
				page, err := list(ctx, rows, after)
				if err != nil {
					return 0, "", err
				}
				n := len(page.Customers)
				if n == 0 || n >= page.Count {
					return n, "", nil
				}
				return n, page.Customers[n-1].ID, nil
			}, each)
		},
	}
}
