package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/shoplazza"
)

var shoplazzaShop = vendor{
	name:  "shoplazza",
	rows:  100,
	serve: serveShoplazza,
	souk:  soukAtShoplazza,
	twin:  twinAtShoplazza,
}

var shoplazzaRow = newTemplate(`{"id":"2dd957e3-2051-4cdf-8584-00$","first_name":"Ryan","last_name":"Zhang",
	"name":"Ryan Zhang","email":"ryan.$@example.com","phone":"+8615014471143","phone_area_code":null,
	"contact_type":"email","accepts_marketing":true,"source":"import","free_tax":false,"registered":false,
	"orders_count":2,"last_order_at":"2024-05-01T12:00:00Z","total_spent":"52.30",
	"tags":["New Customer","Repeat Customer"],"created_at":"2024-04-17T11:10:33Z","updated_at":"2024-04-17T11:10:33Z",
	"subscribed_flag":5,"sms_subscribed_flag":5,"accepts_sms_marketing":true,
	"addresses":[{"id":"9ffa8dc0-25b8-4424-832e-00$","customer_id":"2dd957e3-2051-4cdf-8584-00$",
	"first_name":"Test","last_name":"Test","company":"","city":"深圳","province":"","country":"Aland Islands",
	"zip":"515300","province_code":"","country_code":"AX","gender":"","phone":"+86 150 1447 1143","area":"",
	"email":"a@example.com","name":"Test Test","address1":"6 三聖街","address2":"1111",
	"country_name":"Aland Islands","default":true}],"first_order_at":"2024-04-18T00:00:00Z"}`)

func appendShoplazzaRow(body []byte, place int) []byte {
	return shoplazzaRow.append(body, digits(place))
}

// serveShoplazza names the next page behind its rows, as from version 2025-06 on.
func serveShoplazza(r *http.Request, s stock) answer {
	if r.Method == http.MethodPost {
		return answer{body: append(appendShoplazzaRow([]byte(`{"code":"Success","message":"","data":{"customer":`), 0), "}}"...)}
	}
	from, to := s.between(parameter(r, "cursor", 0), parameter(r, "page_size", 10))
	body := listed([]byte(`{"code":"success","message":"Customers retrieved","data":{"customers":[`), from, to, appendShoplazzaRow)
	return answer{body: fmt.Appendf(body, `],"cursor":"%d","has_more":%t}}`, to, to < s.rows)}
}

func soukAtShoplazza(tb testing.TB, base string, transport http.RoundTripper) client {
	tb.Helper()
	options := optionsOf(transport)
	options.Limiter = unlimited()
	c, err := shoplazza.NewClient(shoplazza.Config{
		BaseURL: base, Shop: "shop", Token: "token", Version: shoplazza.Version202506, Options: options,
	})
	require.NoError(tb, err)
	return client{
		create: func(ctx context.Context) error {
			_, err := c.Customers.Create(ctx, shoplazza.CreateCustomerRequest{
				Email: "ryan@example.com", FirstName: "Ryan", LastName: "Zhang", Tags: []string{"New Customer", "Repeat Customer"},
				Addresses: []shoplazza.CreateAddressRequest{{
					FirstName: "Test", LastName: "Test", Country: "Aland Islands", CountryCode: "AX",
					City: "深圳", Zip: "515300", Phone: "+86 150 1447 1143", Address1: "6 三聖街", Address2: "1111",
				}},
			})
			return err
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := c.Customers.List(ctx, shoplazza.ListCustomersRequest{Limit: rows})
			if err != nil {
				return 0, err
			}
			return len(page.Customers), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return rowsOf(c.Customers.All(ctx, shoplazza.ListCustomersRequest{Limit: rows}), each)
		},
	}
}

type shoplazzaTwinCustomer struct {
	ID                  string                 `json:"id"`
	FirstName           string                 `json:"first_name"`
	LastName            string                 `json:"last_name"`
	Name                string                 `json:"name"`
	Email               string                 `json:"email"`
	Phone               string                 `json:"phone"`
	PhoneAreaCode       string                 `json:"phone_area_code"`
	ContactType         string                 `json:"contact_type"`
	AcceptsMarketing    bool                   `json:"accepts_marketing"`
	AcceptsSMSMarketing bool                   `json:"accepts_sms_marketing"`
	Source              string                 `json:"source"`
	FreeTax             bool                   `json:"free_tax"`
	Registered          bool                   `json:"registered"`
	OrdersCount         int                    `json:"orders_count"`
	FirstOrderAt        shoplazzaTwinTime      `json:"first_order_at"`
	LastOrderAt         shoplazzaTwinTime      `json:"last_order_at"`
	TotalSpent          string                 `json:"total_spent"`
	Tags                []string               `json:"tags"`
	CreatedAt           time.Time              `json:"created_at"`
	UpdatedAt           time.Time              `json:"updated_at"`
	SubscribedFlag      int                    `json:"subscribed_flag"`
	SMSSubscribedFlag   int                    `json:"sms_subscribed_flag"`
	DefaultAddress      *shoplazzaTwinAddress  `json:"default_address"`
	Addresses           []shoplazzaTwinAddress `json:"addresses"`
}

// shoplazzaTwinTime is a time, or "" for none.
type shoplazzaTwinTime struct{ time.Time }

func (t *shoplazzaTwinTime) UnmarshalJSON(data []byte) error {
	if string(data) == `""` {
		return nil
	}
	return t.Time.UnmarshalJSON(data)
}

type shoplazzaTwinAddress struct {
	ID            string `json:"id"`
	CustomerID    string `json:"customer_id"`
	FirstName     string `json:"first_name"`
	LastName      string `json:"last_name"`
	Name          string `json:"name"`
	Gender        string `json:"gender"`
	Email         string `json:"email"`
	Phone         string `json:"phone"`
	PhoneAreaCode string `json:"phone_area_code"`
	Company       string `json:"company"`
	Address1      string `json:"address1"`
	Address2      string `json:"address2"`
	Area          string `json:"area"`
	City          string `json:"city"`
	Province      string `json:"province"`
	ProvinceCode  string `json:"province_code"`
	Country       string `json:"country"`
	CountryCode   string `json:"country_code"`
	CountryName   string `json:"country_name"`
	Zip           string `json:"zip"`
	Default       bool   `json:"default"`
}

type shoplazzaTwinCreate struct {
	ContactType string                       `json:"contact_type"`
	Email       string                       `json:"email,omitempty"`
	FirstName   string                       `json:"first_name,omitempty"`
	LastName    string                       `json:"last_name,omitempty"`
	Tags        []string                     `json:"tags,omitempty"`
	Addresses   []shoplazzaTwinCreateAddress `json:"addresses,omitempty"`
}

type shoplazzaTwinCreateAddress struct {
	FirstName   string `json:"first_name,omitempty"`
	LastName    string `json:"last_name,omitempty"`
	Country     string `json:"country"`
	CountryCode string `json:"country_code"`
	City        string `json:"city,omitempty"`
	Zip         string `json:"zip,omitempty"`
	Phone       string `json:"phone,omitempty"`
	Address1    string `json:"address1,omitempty"`
	Address2    string `json:"address2,omitempty"`
}

type shoplazzaTwinPage struct {
	Code string `json:"code"`
	Data struct {
		Customers []shoplazzaTwinCustomer `json:"customers"`
		Cursor    string                  `json:"cursor"`
		HasMore   bool                    `json:"has_more"`
	} `json:"data"`
}

func twinAtShoplazza(base string, transport http.RoundTripper) client {
	t := newTwin(base+"/openapi/2025-06", "Access-Token", "token", transport)
	list := func(ctx context.Context, limit int, cursor string) (*shoplazzaTwinPage, error) {
		query := url.Values{"page_size": {strconv.Itoa(limit)}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		var page shoplazzaTwinPage
		if _, err := t.get(ctx, "/customers", query, &page); err != nil {
			return nil, err
		}
		return &page, nil
	}
	return client{
		create: func(ctx context.Context) error {
			var out struct {
				Code string `json:"code"`
				Data struct {
					Customer *shoplazzaTwinCustomer `json:"customer"`
				} `json:"data"`
			}
			return t.post(ctx, "/customers", map[string]any{"customer": shoplazzaTwinCreate{
				ContactType: "email", Email: "ryan@example.com", FirstName: "Ryan", LastName: "Zhang",
				Tags: []string{"New Customer", "Repeat Customer"},
				Addresses: []shoplazzaTwinCreateAddress{{
					FirstName: "Test", LastName: "Test", Country: "Aland Islands", CountryCode: "AX",
					City: "深圳", Zip: "515300", Phone: "+86 150 1447 1143", Address1: "6 三聖街", Address2: "1111",
				}},
			}}, &out)
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := list(ctx, rows, "")
			if err != nil {
				return 0, err
			}
			return len(page.Data.Customers), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return twinPages(func(cursor string) (int, string, error) {
				page, err := list(ctx, rows, cursor)
				if err != nil {
					return 0, "", err
				}
				if !page.Data.HasMore {
					page.Data.Cursor = ""
				}
				return len(page.Data.Customers), page.Data.Cursor, nil
			}, each)
		},
	}
}
