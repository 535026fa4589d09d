package shopline_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// SHOPLINE's own SDK for Go (f73904c) has 28 known defects. The tests of this file
// show some of them absent here; the others are shown beside their feature:
//
//	 1 rows of one page mixed with those of another   TestPagesAreNotMixed
//	 2 ids of customer and address swapped            TestOperations
//	 3 the right signature told to a forger           TestParseWebhookRefuses
//	 4 missing headers of deliveries not noticed      TestDeliveriesOfAnyContent
//	 5 the caller's http.Client changed, timeout dead TestHTTPClientIsShared, TestAttemptTimeout
//	 6 traceId and pages not handed on                TestErrorBodies, TestPagesAreNotMixed
//	 7 zero values cannot be sent, empty objects are  TestUpdateSetsZeroValuesAndNothingElse
//	 8 the token sent to another host                 TestNewClientRefuses
//	 9 a null among errors panics                     TestErrorBodies
//	10 201 and 202 are errors                         TestEverySuccessIsASuccess
//	11 creations repeated at once, 429 never          TestRepeats, TestRateLimitIsWaitedFor
//	12 ids leave their path                           TestWrongInputIsRefusedBeforeItIsSent
//	13 URLs logged by default                         TestLogHoldsNamedFactsOnly
//	14 tokens and bodies logged                       TestNothingPlantedIsTold
//	15 numeric codes and web pages not read           TestErrorBodies
//	16 a failure with status 200 is a success         TestOAuthFailures
//	17 errors of any size kept                        TestErrorBodyIsCapped, TestParseWebhookRefuses
//	18 a comma in a Link header fails the call        TestLinkHeaders
//	19 address_types sent as objects                  TestOperations
//	20 versions of types and paths differ             TestOperations, TestVersionIsPartOfThePath
//	21 one client changes another                     TestClientsDoNotChangeEachOther
//	22 an empty secret verifies                       TestWebhookConfigIsChecked, TestEmptySecretVerifiesNothing
//	23 the handle of a refresh ignored                TestRefreshGoesToItsStore
//	24 authorize URL not escaped                      TestAuthorizeURLIsEscaped
//	25 the program ended by the library               TestOAuthRefusesWrongSettings
//	26 the example ignores the verification           ExampleNewWebhookHandler
//	27 one value typed in several ways                TestCustomerOddities
//	28 nulls in events                                TestEventsWithNulls

func TestPagesAreNotMixed(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250"}).
		JSON(200, `{"customers":[{"id":"1","email":"one@b.example","addresses":[{"id":"SL1","city":"City-1"}],"default_address":{"id":"SL1"}}]}`).
		Header("link", next("/v2/customers.json"))
	g.Expect(testkit.Request{URL: base + "/v2/customers.json?limit=250&page_info=" + strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(cursor)}).
		JSON(200, `{"customers":[{"id":"2","email":null,"addresses":[{"id":"SL2","city":"City-2"}]}]}`)
	var got []*shopline.Customer

	for customer, err := range client.Customers.All(t.Context(), shopline.ListCustomersRequest{}) {
		require.NoError(t, err)
		got = append(got, customer)
	}

	assert.Equal(t, []*shopline.Customer{
		{
			ID: "1", Email: "one@b.example", Addresses: []shopline.CustomerAddress{{ID: "SL1", City: "City-1"}},
			DefaultAddress: &shopline.CustomerAddress{ID: "SL1"},
		},
		{ID: "2", Addresses: []shopline.CustomerAddress{{ID: "SL2", City: "City-2"}}},
	}, got)
}

func TestHTTPClientIsShared(t *testing.T) {
	t.Parallel()
	own := &http.Client{Timeout: time.Hour, Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return answer(http.StatusOK, `{"count":1}`), nil
	})}
	client, err := shopline.NewClient(shopline.Config{Handle: "open001", Token: tokenOf(t), Enterprise: true, Options: souk.Options{HTTPClient: own}})
	require.NoError(t, err)

	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			_, err := client.Customers.Count(t.Context())
			assert.NoError(t, err)
		})
	}
	group.Wait()

	assert.Equal(t, time.Hour, own.Timeout)
	assert.Nil(t, own.CheckRedirect)
}

func TestAttemptTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, err := shopline.NewClient(shopline.Config{
			Handle: handleOf(t),
			Token:  "t",
			Options: souk.Options{
				AttemptTimeout: 50 * time.Millisecond,
				MaxAttempts:    1,
				HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				})},
			},
		})
		require.NoError(t, err)
		started := time.Now()

		_, err = client.Customers.Count(t.Context())

		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, 50*time.Millisecond, time.Since(started))
	})
}

func TestLogHoldsNamedFactsOnly(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	g := testkit.NewGock(t)
	client, err := shopline.NewClient(shopline.Config{Handle: "open001", Token: tokenOf(t), Options: souk.Options{HTTPClient: g.Client(), Logger: log.Logger()}})
	require.NoError(t, err)
	g.Expect(testkit.Request{URL: base + "/customers/v2/search.json?query_param=jerry%40example.com"}).
		Fixture(200, "customers_search.json").Header("traceid", "6a98")

	_, err = client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{Text: "jerry@example.com"})

	require.NoError(t, err)
	require.Len(t, log.Records(), 1)
	record := log.Records()[0]
	delete(record, "time")
	delete(record, "duration")
	assert.Equal(t, map[string]any{
		"level": "DEBUG", "msg": "request", "vendor": "shopline", "method": "GET", "route": "/customers/v2/search.json",
		"status": 200.0, "attempt": 1.0, "request_id": "6a98",
	}, record)
}

func TestErrorBodyIsCapped(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customers/v2/count.json"}).
		JSON(http.StatusBadRequest, `{"errors":"`+strings.Repeat("x", 3<<20)+`"}`)

	_, err := client.Customers.Count(t.Context())

	var e *souk.Error
	require.ErrorAs(t, err, &e)
	assert.Len(t, e.Body, 1<<20)
}

func TestClientsDoNotChangeEachOther(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	first := newClient(t, g)
	second, err := shopline.NewClient(shopline.Config{Handle: "open002", Version: "v20260301", Token: "other", Options: souk.Options{HTTPClient: g.Client()}})
	require.NoError(t, err)
	g.Expect(testkit.Request{URL: base + "/customers/v2/count.json", Header: headers(t)}).Fixture(200, "count.json")
	g.Expect(testkit.Request{
		URL:    "https://open002.myshopline.com/admin/openapi/v20260301/customers/v2/count.json",
		Header: map[string]string{"Authorization": "Bearer other"},
	}).Fixture(200, "count.json")

	_, errFirst := first.Customers.Count(t.Context())
	_, errSecond := second.Customers.Count(t.Context())

	assert.NoError(t, errFirst)
	assert.NoError(t, errSecond)
}

func TestRefreshGoesToItsStore(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	oauth := newOAuth(t, g)
	for _, handle := range []string{"open001", "open002"} {
		g.Expect(testkit.Request{Method: "POST", URL: "https://" + handle + ".myshopline.com/admin/oauth/token/refresh"}).
			Fixture(200, "oauth_token.json")

		_, err := oauth.Refresh(t.Context(), handle)

		require.NoError(t, err)
	}
}

func TestAuthorizeURLIsEscaped(t *testing.T) {
	t.Parallel()
	oauth := newOAuth(t, testkit.NewGock(t))
	oauth.ClientID = "a&scope=everything#x"
	oauth.Scopes = []string{"read_customers&x=y"}

	address, err := oauth.AuthCodeURL("open001", "s")

	require.NoError(t, err)
	assert.Contains(t, address, "appKey=a%26scope%3Deverything%23x&responseType=code&scope=read_customers%26x%3Dy&")
}

func TestEventsWithNulls(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"1","email":null,"state":null,"default_address":null,"addresses":null,"email_marketing_consent":null,` +
		`"orders_count":null,"mobile_subscribe_flag":null,"social_customer":null,"created_at":null,"tags":null,"subscribeActionType":null}`)

	got, err := shopline.ParseWebhook(delivery(shopline.TopicMarketingConsentUpdate, body), webhookConfig)

	require.NoError(t, err)
	assert.Equal(t, &shopline.MarketingConsentEvent{Customer: shopline.Customer{ID: "1", SocialCustomer: []byte("null")}}, got.Event)
}
