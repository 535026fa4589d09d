package shoplazza_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

func TestEveryOperationHasAMethod(t *testing.T) {
	t.Parallel()
	testkit.Operations(t, ".", "")
}

func TestAWrongConfigurationIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	const (
		shop    = "Shop: must be the store's part of its domain, such as demo for demo.myshoplaza.com: letters, digits and hyphens only"
		version = "Version: must be 2022-01, 2025-06 or a later version of the form YYYY-MM"
	)
	cases := map[string]struct {
		cfg  shoplazza.Config
		want string
	}{
		"nothing at all": {shoplazza.Config{}, shop + "; Token: exactly one credential is required: Token or TokenSource (none is set)"},
		"two credentials": {
			shoplazza.Config{Shop: "demo", Token: "x", TokenSource: noTokens{}},
			"Token: exactly one credential is required: Token or TokenSource (2 are set)",
		},
		"a whole domain":               {shoplazza.Config{Shop: "demo.myshoplaza.com", Token: "x"}, shop},
		"a wrong shop with a base URL": {shoplazza.Config{Shop: "a.b", BaseURL: "https://shop.example", Token: "x"}, shop},
		"a path in shop":               {shoplazza.Config{Shop: "evil.example/?", Token: "x"}, shop},
		"a user in shop":               {shoplazza.Config{Shop: "demo@evil", Token: "x"}, shop},
		"a port in shop":               {shoplazza.Config{Shop: "demo:80", Token: "x"}, shop},
		"a hyphen in front":            {shoplazza.Config{Shop: "-demo", Token: "x"}, shop},
		"too old a version":            {shoplazza.Config{Shop: "demo", Token: "x", Version: "2020-07"}, version},
		"between versions":             {shoplazza.Config{Shop: "demo", Token: "x", Version: "2023-01"}, version},
		"a version that never was":     {shoplazza.Config{Shop: "demo", Token: "x", Version: "2022-07"}, version},
		"no version":                   {shoplazza.Config{Shop: "demo", Token: "x", Version: "latest/../2022-01"}, version},
		"a month too many":             {shoplazza.Config{Shop: "demo", Token: "x", Version: "2026-13"}, version},
		"a line in a token":            {shoplazza.Config{Shop: "demo", Token: "x\r\ny"}, "Token: must be the credential alone: no \"Bearer\", no white space and no line ends"},
		"plain http":                   {shoplazza.Config{BaseURL: "http://shop.example", Token: "x"}, "BaseURL: must use https; plain http is for loopback addresses only"},
		"no absolute URL":              {shoplazza.Config{BaseURL: "shop.example", Token: "x"}, "BaseURL: must be an absolute URL such as https://shop.example"},
		"negative numbers": {
			shoplazza.Config{Shop: "demo", Token: "x", Options: souk.Options{AttemptTimeout: -1, MaxAttempts: -1, MaxRetryWait: -1}},
			"AttemptTimeout: must not be negative; 0 means 30s; MaxAttempts: must not be negative; 0 means 4, 1 no repeats; MaxRetryWait: must not be negative; 0 means 1m0s",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := shoplazza.NewClient(c.cfg)
			assert.Nil(t, client)
			requireError(t, err, souk.ErrInvalid)
			for problem := range strings.SplitSeq(c.want, "; ") {
				assert.Contains(t, err.Error(), problem)
			}
			assert.NotContains(t, err.Error(), "evil")
		})
	}
}

// noTokens is a source of nothing.
type noTokens struct{}

func (noTokens) Token(context.Context) (*oauth2.Token, error) { return nil, nil }

func TestASourceWithoutATokenIsAnError(t *testing.T) {
	t.Parallel()
	s := newStoreWith(t, shoplazza.Config{TokenSource: noTokens{}})
	_, err := s.client.Customers.Count(t.Context())
	assert.ErrorContains(t, err, "no credential could be obtained")
	assert.Empty(t, s.Requests())
}

func TestEveryVersionHasItsPath(t *testing.T) {
	t.Parallel()
	for _, version := range append([]string{"", "2027-01"}, versions...) {
		t.Run("version "+version, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, version)
			s.expect(http.MethodGet, "/customers/count", nil).JSON(http.StatusOK, `{"count":3}`)
			n, err := s.client.Customers.Count(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 3, n)
		})
	}
}

func TestTheDefaultVersionIsTheOldestThatIsServed(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "2022-01", shoplazza.DefaultVersion)
}

func TestTheHostIsWrittenInSmallLetters(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	shop := uniqueShop()
	client, err := shoplazza.NewClient(shoplazza.Config{Shop: strings.ToUpper(shop), Token: token, Options: souk.Options{HTTPClient: g.Client()}})
	require.NoError(t, err)
	g.Expect(testkit.Request{URL: "https://" + shop + ".myshoplaza.com/openapi/2022-01/customers/count"}).JSON(http.StatusOK, `{"count":0}`)
	_, err = client.Customers.Count(t.Context())
	assert.NoError(t, err)
}

func TestABaseURLKeepsThePathOfTheVersion(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	host := uniqueShop() + ".example"
	client, err := shoplazza.NewClient(shoplazza.Config{
		BaseURL: "https://" + host + "/stand-in/",
		Token:   token,
		Version: shoplazza.Version202601,
		Options: souk.Options{
			UserAgent:  "importer/1",
			HTTPClient: g.Client(),
		},
	})
	require.NoError(t, err)
	g.Expect(testkit.Request{
		URL:    "https://" + host + "/stand-in/openapi/2026-01/customers/count",
		Header: map[string]string{"User-Agent": "importer/1", "Access-Token": token},
	}).JSON(http.StatusOK, `{"count":0}`)
	_, err = client.Customers.Count(t.Context())
	assert.NoError(t, err)
}

func TestDoReachesOtherEndPoints(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, "/orders?status=open", nil).JSON(http.StatusOK, `{"orders":[{"id":"7"}]}`)
	s.expect(http.MethodPost, "/orders/7/cancel", object{"reason": "stock"}).JSON(http.StatusOK, `{}`)

	var out struct {
		Orders []struct {
			ID string `json:"id"`
		} `json:"orders"`
	}
	require.NoError(t, s.client.Do(t.Context(), http.MethodGet, "/orders", url.Values{"status": {"open"}}, nil, &out))
	assert.Equal(t, "7", out.Orders[0].ID)
	require.NoError(t, s.client.Do(t.Context(), http.MethodPost, "/orders/7/cancel", nil, object{"reason": "stock"}, nil))
}

func TestDoTakesAMemberCalledCodeForWhatItIs(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, "/discounts/by-code/SUMMER", nil).JSON(http.StatusOK, `{"code":"SUMMER","id":"1"}`)
	var out struct{ Code string }
	require.NoError(t, s.client.Do(t.Context(), http.MethodGet, "/discounts/by-code/SUMMER", nil, nil, &out))
	assert.Equal(t, "SUMMER", out.Code)
}

func TestAConfigurationPrintsWithoutSecrets(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	cfg := shoplazza.Config{Shop: "demo", Token: canary.Token}
	oauth := shoplazza.OAuth{ClientID: "app", ClientSecret: canary.ClientSecret, RedirectURL: "https://app.example/callback", Scopes: []string{"read_customer"}}
	cfg.BaseURL = "https://user:" + canary.Password + "@shop.example"
	oauth.BaseURL = cfg.BaseURL
	var log testkit.Log
	log.Logger().Info("settings", "config", cfg, "oauth", oauth)
	printed := fmt.Sprintf("%v %+v %#v %s %v %+v %#v %s", cfg, cfg, cfg, cfg, oauth, oauth, oauth, log.Text())
	canary.Check(t, printed)
	assert.Contains(t, printed, `Shop:"demo" Version:"2022-01"`)
	assert.Contains(t, printed, "Credential:Token")
	assert.Contains(t, printed, `ClientID:"app"`)
	assert.Contains(t, shoplazza.Config{TokenSource: noTokens{}}.String(), "Credential:TokenSource")
	assert.Contains(t, shoplazza.Config{}.String(), "Credential:none")
	assert.Equal(t, slog.KindGroup, cfg.LogValue().Kind())
}

func TestErrorsAndLogsHoldNoSecretAndNoPersonalData(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	var log testkit.Log
	g := testkit.NewGock(t)
	client, err := shoplazza.NewClient(shoplazza.Config{
		Shop:  uniqueShop(),
		Token: canary.Token,
		Options: souk.Options{
			HTTPClient:  g.Client(),
			Logger:      log.Logger(),
			MaxAttempts: 1,
		},
	})
	require.NoError(t, err)
	request := shoplazza.CreateCustomerRequest{
		Email: canary.Email, Phone: canary.Phone, FirstName: canary.FirstName, LastName: canary.LastName,
		Password: canary.Password, Tags: []string{canary.Note},
		Addresses: []shoplazza.CreateAddressRequest{{
			FirstName: canary.FirstName, LastName: canary.LastName, Country: "Aland Islands", CountryCode: "AX", Address1: canary.Street,
		}},
	}
	path := "/openapi/2022-01/customers"
	whatever := func([]byte) error { return nil }
	echo := fmt.Sprintf(`{"errors":["%s is already taken","%s is already taken"]}`, canary.Email, canary.Phone)
	g.Expect(testkit.Request{Method: http.MethodPost, Path: path, Body: whatever}).JSON(http.StatusUnprocessableEntity, echo)
	g.Expect(testkit.Request{Method: http.MethodPost, Path: path, Body: whatever}).Drop()
	g.Expect(testkit.Request{Path: path, Query: url.Values{"email": {canary.Email}}}).Cut(http.StatusOK, "application/json", `{"customers":[{"email":"`+canary.Email)
	g.Expect(testkit.Request{Path: path, Query: url.Values{"email": {canary.Email}}}).JSON(http.StatusOK, `{"customers":[{"created_at":"`+canary.Email+`"}]}`)

	var errs []error
	_, err = client.Customers.Create(t.Context(), request)
	errs = append(errs, err)
	_, err = client.Customers.Create(t.Context(), request)
	errs = append(errs, err)
	for range 2 {
		_, err = client.Customers.List(t.Context(), shoplazza.ListCustomersRequest{Email: canary.Email})
		errs = append(errs, err)
	}
	invalid := request
	invalid.ContactType, invalid.PasswordConfirmation, invalid.Tags = shoplazza.ContactType(canary.Note), canary.Password+"x", []string{canary.Note + ","}
	_, err = client.Customers.Create(t.Context(), invalid)
	errs = append(errs, err)
	_, err = client.Customers.Get(t.Context(), canary.Email+"/x", shoplazza.GetCustomerRequest{})
	errs = append(errs, err)
	for _, err := range errs {
		require.Error(t, err)
		canary.CheckError(t, err)
		log.Logger().Error("failed", "err", err)
	}
	canary.Check(t, log.Text())
}

func TestAnErrorLogsItsRoute(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	s := newStoreWith(t, shoplazza.Config{Options: souk.Options{Logger: log.Logger()}})
	s.expect(http.MethodGet, "/customers/71b6", nil).Fixture(http.StatusNotFound, "errors/not_found.json").Header("Request-Id", "r-1")
	_, err := s.client.Customers.Get(t.Context(), "71b6", shoplazza.GetCustomerRequest{})
	e := requireError(t, err, souk.ErrNotFound)
	assert.Equal(t, "shoplazza: GET /customers/{id}: 404 not found: record not found; request id r-1", err.Error())
	assert.Equal(t, "r-1", e.RequestID)
	records := log.Records()
	require.Len(t, records, 1)
	delete(records[0], "time")
	delete(records[0], "duration")
	assert.Equal(t, object{
		"level": "DEBUG", "msg": "request", "vendor": "shoplazza", "method": "GET", "route": "/customers/{id}",
		"status": 404.0, "attempt": 1.0, "request_id": "r-1",
	}, records[0])
	log.Logger().Error("failed", "err", e)
	assert.Contains(t, log.Text(), `"route":"/customers/{id}","status":404`)
}

func TestIdsCannotLeaveTheirPlace(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	for _, id := range []string{"", ".", "..", "../orders/1", "1?x=y", "1#f", "a%2Fb", `a\b`, "a\x00", " ", "count", "set"} {
		_, err := s.client.Customers.Get(t.Context(), id, shoplazza.GetCustomerRequest{})
		requireError(t, err, souk.ErrInvalid)
		err = s.client.Addresses.Delete(t.Context(), "2dd957e3", id)
		e := requireError(t, err, souk.ErrInvalid)
		assert.Contains(t, e.Fields, "address_id")
	}
	assert.Empty(t, s.Requests())
}

func TestTimesAreSentInUTC(t *testing.T) {
	t.Parallel()
	riyadh := time.FixedZone("", 3*60*60)
	s := newStore(t, "")
	query := url.Values{"created_at_min": {"2024-03-11T00:32:00Z"}}
	want := s.request(http.MethodGet, "/customers", nil)
	want.Query = query
	s.Expect(want).JSON(http.StatusOK, `{"customers":[]}`)
	_, err := s.client.Customers.List(t.Context(), shoplazza.ListCustomersRequest{
		CreatedAtMin: time.Date(2024, 3, 11, 3, 32, 0, 999, riyadh),
	})
	assert.NoError(t, err)
}
