package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/shopline"
)

var shoplineShop = vendor{
	name:  "shopline",
	rows:  100,
	serve: serveShopline,
	souk:  soukAtShopline,
	twin:  twinAtShopline,
}

const shoplineAddress = `{"id":"SL201UA$","customer_id":"$","first_name":"Jerry","last_name":"Frank",
	"company":"Sunny Ltd.","address1":"Australia","address2":"Australia apartment","city":"Sydney",
	"province":"Australian Capital Territory","province_code":"1500001","province_code_v2":"ACT",
	"country":"Australia","country_code":"AU","zip":"1246768","phone":null,"default":true}`

var shoplineRow = newTemplate(`{"id":"$","email":"jerry.$@example.com","first_name":"Jerry","last_name":"Frank",
	"phone":"0085253657436","state":1,"gender":"unknown","birthday":"19930426","note":"Test note",
	"tags":"New Customer,Repeat Customer","language":"en","currency":"AUD","orders_count":11,
	"total_spent":"7000021.00","last_order_id":"21076844576373085746324631","last_order_name":"1026",
	"verified_email":true,"email_subscribe_flag":1,"mobile_subscribe_flag":1,
	"email_marketing_consent":{"consent_collected_from":null,"consent_updated_at":"2026-09-01T23:36:38+08:00",
	"opt_in_level":1,"state":1},
	"sms_marketing_consent":{"consent_collected_from":"checkout","consent_updated_at":"2026-09-01T23:36:38+08:00",
	"opt_in_level":0,"state":0},
	"accepts_marketing":true,"accepts_marketing_updated_at":"2026-09-01T23:36:38+08:00",
	"accepts_mobile_marketing":true,"accepts_mobile_marketing_updated_at":"2026-09-01T23:36:38+08:00",
	"asid":"456542342","social_customer":[["6612384242394395"]],"multipass_identifier":"mp-1",
	"default_address":` + shoplineAddress + `,"addresses":[` + shoplineAddress + `],
	"created_at":"2026-08-30T10:00:00+08:00","updated_at":"2026-09-02T22:00:12+08:00","nick_name":"Jerry Frank"}`)

func appendShoplineRow(body []byte, place int) []byte {
	return shoplineRow.append(body, digits(place))
}

// serveShopline names the next page in a header.
func serveShopline(r *http.Request, s stock) answer {
	if r.Method == http.MethodPost {
		return answer{body: append(appendShoplineRow([]byte(`{"customer":`), 0), '}')}
	}
	from, to := s.between(parameter(r, "page_info", 0), parameter(r, "limit", 50))
	a := answer{body: append(listed([]byte(`{"customers":[`), from, to, appendShoplineRow), "]}"...)}
	if to < s.rows {
		a.header = http.Header{"Link": {fmt.Sprintf(`<https://shop.example.test/v2/customers.json?limit=%d&page_info=%d>; rel="next"`, to-from, to)}}
	}
	return a
}

func soukAtShopline(tb testing.TB, base string, transport http.RoundTripper) client {
	tb.Helper()
	options := optionsOf(transport)
	options.Limiter = unlimited()
	c, err := shopline.NewClient(shopline.Config{BaseURL: base, Handle: "shop", Token: "token", Options: options})
	require.NoError(tb, err)
	return client{
		create: func(ctx context.Context) error {
			_, err := c.Customers.Create(ctx, shopline.CreateCustomerRequest{
				Email: "jerry@example.com", Phone: "0085253657436", FirstName: "Jerry", LastName: "Frank",
				Birthday: "19930426", Note: "Test note", Tags: shopline.Tags{"New Customer", "Repeat Customer"},
				EmailMarketingConsent: &shopline.MarketingConsentRequest{State: shopline.ConsentSubscribed},
				Addresses: []shopline.CreateCustomerAddress{{
					FirstName: "Jerry", LastName: "Frank", Company: "Sunny Ltd.", Address1: "Australia",
					Address2: "Australia apartment", City: "Sydney", Province: "Australian Capital Territory",
					Country: "Australia", CountryCode: "AU", Zip: "1246768", Default: true,
				}},
			})
			return err
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := c.Customers.List(ctx, shopline.ListCustomersRequest{Limit: rows})
			if err != nil {
				return 0, err
			}
			return len(page.Customers), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return rowsOf(c.Customers.All(ctx, shopline.ListCustomersRequest{Limit: rows}), each)
		},
	}
}

type shoplineTwinCustomer struct {
	ID                              string                `json:"id"`
	Email                           string                `json:"email"`
	Phone                           string                `json:"phone"`
	FirstName                       string                `json:"first_name"`
	LastName                        string                `json:"last_name"`
	NickName                        string                `json:"nick_name"`
	State                           int                   `json:"state"`
	Gender                          string                `json:"gender"`
	Birthday                        string                `json:"birthday"`
	Note                            string                `json:"note"`
	Tags                            string                `json:"tags"`
	Language                        string                `json:"language"`
	ASID                            string                `json:"asid"`
	MultipassIdentifier             string                `json:"multipass_identifier"`
	VerifiedEmail                   bool                  `json:"verified_email"`
	EmailSubscribeFlag              int                   `json:"email_subscribe_flag"`
	MobileSubscribeFlag             int                   `json:"mobile_subscribe_flag"`
	EmailMarketingConsent           *shoplineTwinConsent  `json:"email_marketing_consent"`
	SMSMarketingConsent             *shoplineTwinConsent  `json:"sms_marketing_consent"`
	AcceptsMarketing                bool                  `json:"accepts_marketing"`
	AcceptsMarketingUpdatedAt       time.Time             `json:"accepts_marketing_updated_at"`
	AcceptsMobileMarketing          *bool                 `json:"accepts_mobile_marketing"`
	AcceptsMobileMarketingUpdatedAt time.Time             `json:"accepts_mobile_marketing_updated_at"`
	OrdersCount                     int                   `json:"orders_count"`
	TotalSpent                      string                `json:"total_spent"`
	Currency                        string                `json:"currency"`
	LastOrderID                     string                `json:"last_order_id"`
	LastOrderName                   string                `json:"last_order_name"`
	SocialCustomer                  json.RawMessage       `json:"social_customer"`
	CreatedAt                       time.Time             `json:"created_at"`
	UpdatedAt                       time.Time             `json:"updated_at"`
	DefaultAddress                  *shoplineTwinAddress  `json:"default_address"`
	Addresses                       []shoplineTwinAddress `json:"addresses"`
}

type shoplineTwinConsent struct {
	State         int       `json:"state"`
	OptInLevel    int       `json:"opt_in_level"`
	CollectedFrom string    `json:"consent_collected_from"`
	UpdatedAt     time.Time `json:"consent_updated_at"`
}

type shoplineTwinAddress struct {
	ID             string `json:"id"`
	CustomerID     string `json:"customer_id"`
	FirstName      string `json:"first_name"`
	LastName       string `json:"last_name"`
	Company        string `json:"company"`
	Address1       string `json:"address1"`
	Address2       string `json:"address2"`
	City           string `json:"city"`
	Province       string `json:"province"`
	ProvinceCode   string `json:"province_code"`
	ProvinceCodeV2 string `json:"province_code_v2"`
	Country        string `json:"country"`
	CountryCode    string `json:"country_code"`
	Zip            string `json:"zip"`
	Phone          string `json:"phone"`
	Default        bool   `json:"default"`
}

type shoplineTwinCreate struct {
	Email                 string                      `json:"email,omitempty"`
	Phone                 string                      `json:"phone,omitempty"`
	FirstName             string                      `json:"first_name,omitempty"`
	LastName              string                      `json:"last_name,omitempty"`
	Birthday              string                      `json:"birthday,omitempty"`
	Note                  string                      `json:"note,omitempty"`
	Tags                  string                      `json:"tags,omitempty"`
	EmailMarketingConsent *shoplineTwinNewConsent     `json:"email_marketing_consent,omitempty"`
	Addresses             []shoplineTwinCreateAddress `json:"addresses,omitempty"`
}

type shoplineTwinNewConsent struct {
	State int `json:"state"`
}

type shoplineTwinCreateAddress struct {
	FirstName   string `json:"first_name,omitempty"`
	LastName    string `json:"last_name,omitempty"`
	Company     string `json:"company,omitempty"`
	Address1    string `json:"address1,omitempty"`
	Address2    string `json:"address2,omitempty"`
	City        string `json:"city,omitempty"`
	Province    string `json:"province,omitempty"`
	Country     string `json:"country,omitempty"`
	CountryCode string `json:"country_code,omitempty"`
	Zip         string `json:"zip,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

func twinAtShopline(base string, transport http.RoundTripper) client {
	t := newTwin(base+"/admin/openapi/v20260901", "Authorization", "Bearer token", transport)
	list := func(ctx context.Context, limit int, cursor string) ([]shoplineTwinCustomer, string, error) {
		query := url.Values{"limit": {strconv.Itoa(limit)}}
		if cursor != "" {
			query.Set("page_info", cursor)
		}
		var page struct {
			Customers []shoplineTwinCustomer `json:"customers"`
		}
		header, err := t.get(ctx, "/v2/customers.json", query, &page)
		if err != nil {
			return nil, "", err
		}
		return page.Customers, shoplineTwinNext(header), nil
	}
	return client{
		create: func(ctx context.Context) error {
			var out struct {
				Customer *shoplineTwinCustomer `json:"customer"`
			}
			return t.post(ctx, "/customers.json", map[string]any{"customer": shoplineTwinCreate{
				Email: "jerry@example.com", Phone: "0085253657436", FirstName: "Jerry", LastName: "Frank",
				Birthday: "19930426", Note: "Test note", Tags: "New Customer,Repeat Customer",
				EmailMarketingConsent: &shoplineTwinNewConsent{State: 1},
				Addresses: []shoplineTwinCreateAddress{{
					FirstName: "Jerry", LastName: "Frank", Company: "Sunny Ltd.", Address1: "Australia",
					Address2: "Australia apartment", City: "Sydney", Province: "Australian Capital Territory",
					Country: "Australia", CountryCode: "AU", Zip: "1246768", Default: true,
				}},
			}}, &out)
		},
		page: func(ctx context.Context, rows int) (int, error) {
			customers, _, err := list(ctx, rows, "")
			return len(customers), err
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return twinPages(func(cursor string) (int, string, error) {
				customers, next, err := list(ctx, rows, cursor)
				return len(customers), next, err
			}, each)
		},
	}
}

// shoplineTwinNext is the cursor of the only link.
func shoplineTwinNext(header http.Header) string {
	link, _, ok := strings.Cut(header.Get("Link"), `>; rel="next"`)
	if !ok {
		return ""
	}
	_, cursor, _ := strings.Cut(link, "page_info=")
	return cursor
}
