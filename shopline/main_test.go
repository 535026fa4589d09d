package shopline_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// base is where the operations of the store open001 are.
const base = "https://open001.myshopline.com/admin/openapi/v20260601"

// newClient returns a client whose requests are answered by g. Its token is the
// test's own, so that tests do not share a quota.
func newClient(t *testing.T, g *testkit.Gock) *shopline.Client {
	t.Helper()
	client, err := shopline.NewClient(shopline.Config{Handle: "open001", Token: tokenOf(t), Options: souk.Options{HTTPClient: g.Client()}})
	require.NoError(t, err)
	return client
}

// serials number tests, so that each has a quota of its own: what waits in a
// bubble of fake time must not meet what waits outside.
var (
	serials sync.Map // of *testing.T
	serial  atomic.Int64
)

func serialOf(t *testing.T) string {
	n, ok := serials.Load(t)
	if !ok {
		n, _ = serials.LoadOrStore(t, serial.Add(1))
	}
	return strconv.FormatInt(n.(int64), 10)
}

// tokenOf is the token of the test's client.
func tokenOf(t *testing.T) string { return "token-" + serialOf(t) }

// handleOf is a store that no other test speaks to.
func handleOf(t *testing.T) string { return "store" + serialOf(t) }

// appKeyOf is an app that no other test has.
func appKeyOf(t *testing.T) string { return "4c951e966557c8374d9a61753dfe3c52441aba3b" + serialOf(t) }

// headers are those that every call carries.
func headers(t *testing.T) map[string]string {
	return map[string]string{
		"Authorization": "Bearer " + tokenOf(t),
		"Content-Type":  "application/json; charset=utf-8",
		"Accept":        "application/json",
	}
}

// at is a time as the decoder makes it of the same text.
func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// roundTripper answers requests without a socket.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// nanTest is the customer of customer_create.json.
func nanTest() *shopline.Customer {
	return &shopline.Customer{
		ID:                     "2791748138",
		Email:                  "create-test@example.com",
		FirstName:              "Nan",
		LastName:               "Test",
		State:                  shopline.CustomerStateNotInvited,
		Gender:                 shopline.GenderOthers,
		EmailSubscribeFlag:     shopline.SubscribeFlagNotSubscribed,
		MobileSubscribeFlag:    shopline.SubscribeFlagNotSubscribed,
		AcceptsMobileMarketing: new(false),
		TotalSpent:             "0",
		Currency:               "USD",
		SocialCustomer:         []byte("null"),
		CreatedAt:              at("2026-09-02T21:58:35+08:00"),
		UpdatedAt:              at("2026-09-02T21:58:35+08:00"),
		Addresses:              []shopline.CustomerAddress{},
	}
}

// jerryFrank is the customer of customer_get.json.
func jerryFrank() *shopline.Customer {
	address := shopline.CustomerAddress{
		ID: "SL201UA7683107423792406419", CustomerID: "2791641345",
		FirstName: "Jerry", LastName: "Frank", Company: "Sunny Ltd.",
		Address1: "Australia", Address2: "Australia apartment",
		Province: "Australian Capital Territory", ProvinceCode: "1500001", ProvinceCodeV2: "ACT",
		Country: "Australia", CountryCode: "AU", Zip: "1246768", Default: true,
	}
	return &shopline.Customer{
		ID: "2791641345", Email: "jerry@example.com", Phone: "0085253657436",
		FirstName: "Jerry", LastName: "Frank", NickName: "Jerry Frank",
		State: shopline.CustomerStateNotInvited, Gender: shopline.GenderUnknown,
		Birthday: "19930426", Note: "Test note", Tags: shopline.Tags{"New Customer", "Repeat Customer"},
		Language: "en", ASID: "456542342", MultipassIdentifier: "mp-1", VerifiedEmail: true,
		EmailSubscribeFlag: shopline.SubscribeFlagSubscribed, MobileSubscribeFlag: shopline.SubscribeFlagSubscribed,
		EmailMarketingConsent: &shopline.MarketingConsent{
			State: shopline.ConsentSubscribed, OptInLevel: shopline.OptInSingle, UpdatedAt: at("2026-09-01T23:36:38+08:00"),
		},
		SMSMarketingConsent: &shopline.MarketingConsent{
			State: shopline.ConsentUnsubscribed, OptInLevel: shopline.OptInUnknown, CollectedFrom: "checkout",
			UpdatedAt: at("2026-09-01T23:36:38+08:00"),
		},
		AcceptsMarketing: true, AcceptsMarketingUpdatedAt: at("2026-09-01T23:36:38+08:00"),
		AcceptsMobileMarketing: new(true), AcceptsMobileMarketingUpdatedAt: at("2026-09-01T23:36:38+08:00"),
		OrdersCount: 11, TotalSpent: "7000021.00", Currency: "AUD",
		LastOrderID: "21076844576373085746324631", LastOrderName: "1026",
		SocialCustomer: []byte(`[["6612384242394395"]]`),
		CreatedAt:      at("2026-08-30T10:00:00+08:00"), UpdatedAt: at("2026-09-02T22:00:12+08:00"),
		DefaultAddress: &address, Addresses: []shopline.CustomerAddress{address},
	}
}

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
}
