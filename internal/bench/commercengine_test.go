package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/commercengine"
)

// commerceEngine lists no customers: its rows are the addresses of one.
var commerceEngine = vendor{
	name:  "commercengine",
	rows:  100,
	serve: serveCommerceEngine,
	souk:  soukAtCommerceEngine,
	twin:  twinAtCommerceEngine,
}

var commerceEngineRow = newTemplate(`{"id":"01JHS2ADDR000000$","first_name":"Asha","last_name":"Rao",
	"country_code":"+91","phone":"9876543210","email":"asha.$@example.com","address_line1":"12 MG Road",
	"address_line2":"Floor 2","landmark":"Opp. Metro","pincode":"560001","city":"Bengaluru","state":"Karnataka",
	"country":"India","tax_identification_number":"27AAPFU0939F1ZV","business_name":"Acme Traders",
	"is_default_billing":true,"is_default_shipping":true,"is_phone_verified":true,"is_email_verified":true,
	"nickname":"Home"}`)

func appendCommerceEngineRow(body []byte, place int) []byte {
	return commerceEngineRow.append(body, digits(place))
}

// serveCommerceEngine numbers its pages.
func serveCommerceEngine(r *http.Request, s stock) answer {
	if r.Method == http.MethodPost {
		return answer{body: append(appendCommerceEngineRow([]byte(`{"message":"ok","success":true,"content":{"address":`), 0), "}}"...)}
	}
	page, limit := parameter(r, "page", 1), parameter(r, "limit", 10)
	from, to := s.between((page-1)*limit, limit)
	body := listed([]byte(`{"message":"ok","success":true,"content":{"addresses":[`), from, to, appendCommerceEngineRow)
	number := func(page int, is bool) string {
		if !is {
			return "null"
		}
		return strconv.Itoa(page)
	}
	return answer{body: fmt.Appendf(body, `],"pagination":{"total_records":%d,"total_pages":%d,"previous_page":%s,"limit":%d,"next_page":%s}}}`,
		s.rows, (s.rows+limit-1)/limit, number(page-1, page > 1), limit, number(page+1, to < s.rows))}
}

const commerceEngineCustomer = "01JHS2CUST0000000000000001"

func soukAtCommerceEngine(tb testing.TB, base string, transport http.RoundTripper) client {
	tb.Helper()
	c, err := commercengine.NewClient(commercengine.Config{
		BaseURL: base, StoreID: "store", Token: "token", Options: optionsOf(transport),
	})
	require.NoError(tb, err)
	return client{
		create: func(ctx context.Context) error {
			_, err := c.Addresses.Create(ctx, commerceEngineCustomer, commercengine.CreateAddressRequest{
				FirstName: "Asha", LastName: "Rao", CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
				AddressLine1: "12 MG Road", AddressLine2: "Floor 2", Landmark: "Opp. Metro", Pincode: "560001",
				City: "Bengaluru", State: "Karnataka", Country: "India", TaxIdentificationNumber: "27AAPFU0939F1ZV",
				BusinessName: "Acme Traders", Nickname: "Home",
			})
			return err
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := c.Addresses.List(ctx, commerceEngineCustomer, commercengine.ListAddressesRequest{Limit: rows})
			if err != nil {
				return 0, err
			}
			return len(page.Addresses), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return rowsOf(c.Addresses.All(ctx, commerceEngineCustomer, commercengine.ListAddressesRequest{Limit: rows}), each)
		},
	}
}

type commerceEngineTwinAddress struct {
	ID                      string `json:"id"`
	FirstName               string `json:"first_name"`
	LastName                string `json:"last_name"`
	CountryCode             string `json:"country_code"`
	Phone                   string `json:"phone"`
	Email                   string `json:"email"`
	AddressLine1            string `json:"address_line1"`
	AddressLine2            string `json:"address_line2"`
	Landmark                string `json:"landmark"`
	Pincode                 string `json:"pincode"`
	City                    string `json:"city"`
	State                   string `json:"state"`
	Country                 string `json:"country"`
	TaxIdentificationNumber string `json:"tax_identification_number"`
	BusinessName            string `json:"business_name"`
	Nickname                string `json:"nickname"`
	IsDefaultBilling        bool   `json:"is_default_billing"`
	IsDefaultShipping       bool   `json:"is_default_shipping"`
	IsPhoneVerified         bool   `json:"is_phone_verified"`
	IsEmailVerified         bool   `json:"is_email_verified"`
}

// commerceEngineTwinCreate has pointers where the API wants null for nothing.
type commerceEngineTwinCreate struct {
	FirstName               string  `json:"first_name"`
	LastName                *string `json:"last_name"`
	CountryCode             string  `json:"country_code"`
	Phone                   string  `json:"phone"`
	Email                   string  `json:"email"`
	AddressLine1            string  `json:"address_line1"`
	AddressLine2            *string `json:"address_line2"`
	Landmark                *string `json:"landmark"`
	Pincode                 string  `json:"pincode"`
	City                    string  `json:"city"`
	State                   string  `json:"state"`
	Country                 string  `json:"country"`
	TaxIdentificationNumber *string `json:"tax_identification_number"`
	BusinessName            *string `json:"business_name"`
	Nickname                *string `json:"nickname"`
}

type commerceEngineTwinPage struct {
	Success bool `json:"success"`
	Content struct {
		Addresses  []commerceEngineTwinAddress `json:"addresses"`
		Pagination struct {
			TotalRecords int  `json:"total_records"`
			TotalPages   int  `json:"total_pages"`
			PreviousPage *int `json:"previous_page"`
			Limit        int  `json:"limit"`
			NextPage     *int `json:"next_page"`
		} `json:"pagination"`
	} `json:"content"`
}

func twinAtCommerceEngine(base string, transport http.RoundTripper) client {
	t := newTwin(base+"/api/v1/store/storefront", "Authorization", "Bearer token", transport)
	path := "/customers/" + commerceEngineCustomer + "/addresses"
	list := func(ctx context.Context, limit, number int) (*commerceEngineTwinPage, error) {
		query := url.Values{"limit": {strconv.Itoa(limit)}}
		if number > 1 {
			query.Set("page", strconv.Itoa(number))
		}
		var page commerceEngineTwinPage
		if _, err := t.get(ctx, path, query, &page); err != nil {
			return nil, err
		}
		return &page, nil
	}
	return client{
		create: func(ctx context.Context) error {
			var out struct {
				Success bool `json:"success"`
				Content struct {
					Address commerceEngineTwinAddress `json:"address"`
				} `json:"content"`
			}
			return t.post(ctx, path, commerceEngineTwinCreate{
				FirstName: "Asha", LastName: new("Rao"), CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com",
				AddressLine1: "12 MG Road", AddressLine2: new("Floor 2"), Landmark: new("Opp. Metro"), Pincode: "560001",
				City: "Bengaluru", State: "Karnataka", Country: "India", TaxIdentificationNumber: new("27AAPFU0939F1ZV"),
				BusinessName: new("Acme Traders"), Nickname: new("Home"),
			}, &out)
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := list(ctx, rows, 1)
			if err != nil {
				return 0, err
			}
			return len(page.Content.Addresses), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return twinPages(func(place string) (int, string, error) {
				number := pageOf(place)
				page, err := list(ctx, rows, number)
				if err != nil {
					return 0, "", err
				}
				return len(page.Content.Addresses), pageAfter(number, page.Content.Pagination.NextPage != nil), nil
			}, each)
		},
	}
}
