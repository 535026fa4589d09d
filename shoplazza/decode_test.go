package shoplazza_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

// These are the answers as they stand on the wire.
type (
	wireCustomer struct {
		Customer shoplazza.CustomerWire `json:"customer"`
	}
	wireAddress struct {
		Address shoplazza.Address `json:"address"`
	}
	wireWebhook struct {
		Webhook shoplazza.Webhook `json:"webhook"`
	}
	wireCount struct {
		Count int `json:"count"`
	}
	wirePage struct {
		Cursor  string `json:"cursor"`
		HasMore bool   `json:"has_more"`
	}
	wireCustomers struct {
		wirePage
		Customers []shoplazza.CustomerWire `json:"customers"`
	}
	wireAddresses struct {
		wirePage
		Addresses []shoplazza.Address `json:"addresses"`
	}
	wireWebhooks struct {
		wirePage
		Webhooks []shoplazza.Webhook `json:"webhooks"`
	}
	wireEnvelope[T any] struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Data    T      `json:"data"`
	}
)

func TestEveryPayloadDecodesWithoutLosingAKey(t *testing.T) {
	t.Parallel()
	payloads := map[string]any{
		"customer_create_2022-01.json":        new(wireCustomer),
		"customer_create_offset_2022-01.json": new(wireCustomer),
		"customer_create_2026-01.json":        new(wireCustomer),
		"customer_get_2022-01.json":           new(wireCustomer),
		"customer_get_2026-01.json":           new(wireEnvelope[wireCustomer]),
		"customer_update_2022-01.json":        new(wireCustomer),
		"customers_list_2022-01.json":         new(wireCustomers),
		"customers_list_2025-06.json":         new(wireEnvelope[wireCustomers]),
		"customers_list_2026-01.json":         new(wireCustomers),
		"customers_count_2022-01.json":        new(wireCount),
		"customers_count_2025-06.json":        new(wireEnvelope[wireCount]),
		"address_2022-01.json":                new(wireAddress),
		"address_2026-01.json":                new(wireEnvelope[wireAddress]),
		"addresses_list_2022-01.json":         new(wireAddresses),
		"addresses_list_2025-06.json":         new(wireEnvelope[wireAddresses]),
		"webhook_2022-01.json":                new(wireWebhook),
		"webhook_2026-01.json":                new(wireEnvelope[wireWebhook]),
		"webhooks_list_2022-01.json":          new(wireWebhooks),
		"webhooks_list_2026-01.json":          new(wireEnvelope[wireWebhooks]),
		"webhooks_count_2022-01.json":         new(wireCount),
		"empty_2022-01.json":                  new(struct{}),
		"empty_2025-06.json":                  new(wireEnvelope[struct{}]),
		"delivery_customer.json":              new(wireCustomer),
		"oauth_token.json":                    nil, // its members are checked in TestExchange…
	}
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.Len(t, payloads, len(files))
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			into, known := payloads[filepath.Base(file)]
			require.True(t, known, "no type is given for this file")
			if into == nil {
				return
			}
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			testkit.DecodeStrict(t, data, into)
		})
	}
}

// documentedCustomer is the answer that the page of 2022-01 shows, field by field.
func documentedCustomer() *shoplazza.Customer {
	address := shoplazza.Address{
		ID:          "9ffa8dc0-25b8-4424-832e-bab46fcfeb20",
		CustomerID:  "2dd957e3-2051-4cdf-8584-9c0046b4d1ae",
		FirstName:   "Test",
		LastName:    "Test",
		Name:        "Test Test",
		Email:       "a@example.com",
		Phone:       "+86 150 1447 1143",
		Address1:    "6 三聖街",
		Address2:    "1111",
		City:        "深圳",
		Country:     "Aland Islands",
		CountryCode: "AX",
		CountryName: "Aland Islands",
		Zip:         "515300",
		Default:     true,
	}
	return &shoplazza.Customer{
		ID:                  "2dd957e3-2051-4cdf-8584-9c0046b4d1ae",
		FirstName:           "Ryan",
		LastName:            "Zhang",
		Name:                "Ryan Zhang",
		Email:               "a@example.com",
		Phone:               "+8615014471143",
		ContactType:         shoplazza.ContactTypeEmail,
		AcceptsMarketing:    true,
		AcceptsSMSMarketing: true,
		TotalSpent:          "0.00",
		Tags:                []string{"New Customer"},
		CreatedAt:           time.Date(2024, 4, 17, 11, 10, 33, 0, time.UTC),
		UpdatedAt:           time.Date(2024, 4, 17, 11, 10, 33, 0, time.UTC),
		SubscribedFlag:      5,
		SMSSubscribedFlag:   5,
		DefaultAddress:      new(address),
		Addresses:           []shoplazza.Address{address},
	}
}

// plainly decodes a fixture as encoding/json does.
func plainly[T any](t *testing.T, name string) T {
	t.Helper()
	var into T
	require.NoError(t, json.Unmarshal(testkit.Fixture(t, name), &into))
	return into
}

// decoded returns the customer of an answer.
func decoded(t *testing.T, version, body string) *shoplazza.Customer {
	t.Helper()
	s := newStore(t, version)
	id := regexp.MustCompile(`"id":\s*"([^"]*)"`).FindStringSubmatch(body)
	require.NotNil(t, id)
	s.expect("GET", "/customers/"+id[1], nil).JSON(200, body)
	customer, err := s.client.Customers.Get(t.Context(), id[1], shoplazza.GetCustomerRequest{})
	require.NoError(t, err)
	return customer
}

func decodedFixture(t *testing.T, version, name string) *shoplazza.Customer {
	t.Helper()
	return decoded(t, version, string(testkit.Fixture(t, name)))
}

func TestACustomerOf202201DecodesWhole(t *testing.T) {
	t.Parallel()
	assert.Equal(t, documentedCustomer(), decodedFixture(t, shoplazza.Version202201, "customer_create_2022-01.json"))
}

func TestACustomerOfALaterVersionHasTheSameFields(t *testing.T) {
	t.Parallel()
	got := decodedFixture(t, shoplazza.Version202601, "customer_get_2026-01.json")
	want := documentedCustomer()
	want.Tags = []string{"New Customer", "Repeat Customer"}
	want.FirstOrderAt = new(time.Date(2024, 4, 18, 0, 0, 0, 0, time.UTC))
	want.LastOrderAt = new(time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC))
	want.OrdersCount, want.TotalSpent, want.Source = 2, "52.30", "import"
	assert.Equal(t, want, got, "the default address comes from the marked one")
}

func TestMembersThatAreMissingOrOddDecode(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		json string
		want shoplazza.Customer
	}{
		"nothing":                 {`{"id":"1"}`, shoplazza.Customer{ID: "1"}},
		"all null":                {`{"id":"1","tags":null,"created_at":null,"last_order_at":null,"default_address":null,"addresses":null,"orders_count":null,"total_spent":null,"subscribed_flag":null}`, shoplazza.Customer{ID: "1"}},
		"empty texts for times":   {`{"id":"1","created_at":"","updated_at":"","first_order_at":"","last_order_at":""}`, shoplazza.Customer{ID: "1"}},
		"tags with spaces":        {`{"id":"1","tags":"a, b"}`, shoplazza.Customer{ID: "1", Tags: []string{"a", "b"}}},
		"tags as a list":          {`{"id":"1","tags":["a","b"]}`, shoplazza.Customer{ID: "1", Tags: []string{"a", "b"}}},
		"no tags":                 {`{"id":"1","tags":""}`, shoplazza.Customer{ID: "1"}},
		"money as a number":       {`{"id":"1","total_spent":100.10}`, shoplazza.Customer{ID: "1", TotalSpent: "100.10"}},
		"unknown flag and gender": {`{"id":"1","subscribed_flag":99,"addresses":[{"gender":"x"}]}`, shoplazza.Customer{ID: "1", SubscribedFlag: 99, Addresses: []shoplazza.Address{{Gender: "x"}}}},
		"unknown contact type":    {`{"id":"1","contact_type":"fax"}`, shoplazza.Customer{ID: "1", ContactType: "fax"}},
		"unknown members":         {`{"id":"1","loyalty":{"points":3}}`, shoplazza.Customer{ID: "1"}},
		"no address is default":   {`{"id":"1","addresses":[{"id":"1"},{"id":"2"}]}`, shoplazza.Customer{ID: "1", Addresses: []shoplazza.Address{{ID: "1"}, {ID: "2"}}}},
		"the second is default": {`{"id":"1","addresses":[{"id":"1"},{"id":"2","default":true}]}`, shoplazza.Customer{
			ID:        "1",
			Addresses: []shoplazza.Address{{ID: "1"}, {ID: "2", Default: true}}, DefaultAddress: &shoplazza.Address{ID: "2", Default: true},
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := decoded(t, shoplazza.Version202201, `{"customer":`+c.json+`}`)
			assert.Equal(t, &c.want, got)
		})
	}
}

func TestTheDefaultAddressIsACopy(t *testing.T) {
	t.Parallel()
	got := decoded(t, shoplazza.Version202201, `{"customer":{"id":"1","addresses":[{"city":"Turku","default":true}]}}`)
	got.Addresses[0].City = "Oulu"
	assert.Equal(t, "Turku", got.DefaultAddress.City)
}

func TestACustomerSurvivesEncodingAndDecoding(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"customer_create_2022-01.json", "customer_create_offset_2022-01.json", "customer_create_2026-01.json"} {
		first := decodedFixture(t, shoplazza.Version202201, file)
		data, err := json.Marshal(first)
		require.NoError(t, err)
		var second shoplazza.Customer
		require.NoError(t, json.Unmarshal(data, &second))
		assert.Equal(t, first, &second)
	}
}

func TestAnOffsetOfTheTimeIsKept(t *testing.T) {
	t.Parallel()
	got := decodedFixture(t, shoplazza.Version202201, "customer_create_offset_2022-01.json")
	assert.True(t, got.CreatedAt.Equal(time.Date(2014, 4, 25, 20, 15, 47, 0, time.UTC)), got.CreatedAt)
}

func TestAMalformedTimeIsAnError(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202201)
	s.expect("GET", "/customers/1", nil).JSON(200, `{"customer":{"id":"1","created_at":"yesterday"}}`)

	_, err := s.client.Customers.Get(t.Context(), "1", shoplazza.GetCustomerRequest{})

	var row *souk.RowError
	require.ErrorAs(t, err, &row)
	assert.Equal(t, "1", row.ID)
}

// What comes reaches the customer, field by field.
func TestTheWireHasAllFieldsOfACustomer(t *testing.T) {
	t.Parallel()
	wire := reflect.TypeFor[shoplazza.CustomerWire]()
	customer := reflect.TypeFor[shoplazza.Customer]()
	require.Equal(t, customer.NumField(), wire.NumField())
	for i := range customer.NumField() {
		field := customer.Field(i)
		spelled, ok := wire.FieldByName(field.Name)
		require.True(t, ok, field.Name)
		assert.Equal(t, field.Tag, spelled.Tag, field.Name)

		var w shoplazza.CustomerWire
		reflect.ValueOf(&w).Elem().FieldByIndex(spelled.Index).Set(something(spelled.Type))
		c := shoplazza.FromWire(w)[0]

		assert.False(t, reflect.ValueOf(c).Field(i).IsZero(), field.Name)
	}
}

// something is a value that is not zero.
func something(t reflect.Type) reflect.Value {
	switch t.Kind() {
	case reflect.String:
		return reflect.ValueOf("1").Convert(t)
	case reflect.Int:
		return reflect.ValueOf(1).Convert(t)
	case reflect.Bool:
		return reflect.ValueOf(true)
	case reflect.Pointer:
		return reflect.New(t.Elem())
	case reflect.Slice:
		return reflect.MakeSlice(t, 1, 1)
	}
	return reflect.ValueOf(time.Unix(1, 0)).Convert(t)
}
