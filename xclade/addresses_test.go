package xclade_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

const (
	addressID    = "cuaddr_01M80X7B64AEKPJKJQT51BK94N"
	addressesURL = host + "/admin/customers/" + customerID + "/addresses"
)

var complete = url.Values{"fields": {"+address_name,+is_default_shipping,+is_default_billing,+deleted_at"}}

// home is the address of testdata/address.json.
func home(t *testing.T) *xclade.Address {
	var fixture struct {
		Address *xclade.Address `json:"address"`
	}
	testkit.DecodeStrict(t, testkit.Fixture(t, "address.json"), &fixture)
	require.Equal(t, addressID, fixture.Address.ID)
	return fixture.Address
}

func TestAddressesGet(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: addressesURL + "/" + addressID, Query: complete}).Fixture(200, "address.json")

	address, err := newClient(t, gock).Addresses.Get(t.Context(), customerID, addressID)

	require.NoError(t, err)
	assert.Equal(t, home(t), address)
}

func TestAddressesList(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: addressesURL, Query: url.Values{
		"fields": complete["fields"], "q": {"x"}, "company": {"A, B"}, "city[]": {"Berlin", "Bonn"}, "country_code": {"de"},
		"province": {"de-be"}, "postal_code": {"10115"}, "order": {"city"}, "limit": {"50"},
	}}).Fixture(200, "addresses.json")

	list, err := newClient(t, gock).Addresses.List(t.Context(), customerID, xclade.ListAddressesRequest{
		Q: "x", Company: []string{"A, B"}, City: []string{"Berlin", "Bonn"}, CountryCode: []string{"de"},
		Province: []string{"de-be"}, PostalCode: []string{"10115"}, Order: "city", Limit: 50,
	})

	require.NoError(t, err)
	require.NotEmpty(t, list.Addresses)
	assert.Equal(t, addressID, list.Addresses[0].ID)
	assert.Equal(t, 50, list.Limit)
}

func TestAddressesListNext(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: addressesURL, Query: url.Values{"fields": complete["fields"], "limit": {"1"}, "offset": {"10"}}}).
		JSON(200, `{"addresses":[{"id":"cuaddr_1"}],"count":12,"offset":10,"limit":1}`)
	gock.Expect(testkit.Request{URL: addressesURL, Query: url.Values{"fields": complete["fields"], "limit": {"1"}, "offset": {"11"}}}).
		JSON(200, `{"addresses":[{"id":"cuaddr_2"}],"count":12,"offset":11,"limit":1}`)
	client := newClient(t, gock)

	first, err := client.Addresses.List(t.Context(), customerID, xclade.ListAddressesRequest{Limit: 1, Offset: 10})
	require.NoError(t, err)
	next, more := first.Next()
	require.True(t, more)
	second, err := client.Addresses.List(t.Context(), customerID, next)
	require.NoError(t, err)
	_, more = second.Next()

	assert.Equal(t, []xclade.Address{{ID: "cuaddr_2"}}, second.Addresses)
	assert.False(t, more)
}

// The server answers with the customer; the new address is among all others.
func TestAddressesCreate(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", URL: addressesURL, Query: url.Values{"fields": {"*addresses"}},
		Body: json.RawMessage(`{"address_name":"Work","city":"Berlin","is_default_shipping":true}`),
	}).JSON(200, `{"customer":{"id":"`+customerID+`","addresses":[
		{"id":"cuaddr_3","address_name":"Work","city":"Berlin","is_default_shipping":true},
		{"id":"cuaddr_1","address_name":"Work","city":"Berlin"},
		{"id":"cuaddr_4","address_name":"Home","city":"Berlin"},
		{"id":"cuaddr_2","address_name":"Work","city":"Berlin"}]}}`)

	address, err := newClient(t, gock).Addresses.Create(t.Context(), customerID, xclade.CreateAddressRequest{
		AddressName: "Work", City: "Berlin", IsDefaultShipping: true,
	})

	require.NoError(t, err)
	assert.Equal(t, &xclade.Address{ID: "cuaddr_3", AddressName: "Work", City: "Berlin", IsDefaultShipping: true}, address)
}

// A server may write texts in its own way.
func TestAddressesCreateFindsWhatTheServerHasSpelledAnew(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", URL: addressesURL, Query: url.Values{"fields": {"*addresses"}},
		Body: json.RawMessage(`{"first_name":" Ada ","address_1":"Main  Street 1","city":"KÖLN","country_code":"DE","phone":"+49 221 1","postal_code":"50667"}`),
	}).JSON(200, `{"customer":{"id":"`+customerID+`","addresses":[
		{"id":"cuaddr_1","first_name":"Ada","address_1":"Main Street 2","city":"Köln","country_code":"de","phone":"+492211","postal_code":"50667"},
		{"id":"cuaddr_2","first_name":"Ada","address_1":"Main Street 1","city":"Köln","country_code":"de","phone":"+492211","postal_code":"50667"}]}}`)

	address, err := newClient(t, gock).Addresses.Create(t.Context(), customerID, xclade.CreateAddressRequest{
		FirstName: " Ada ", Address1: "Main  Street 1", City: "KÖLN", CountryCode: "DE", Phone: "+49 221 1", PostalCode: "50667",
	})

	require.NoError(t, err)
	assert.Equal(t, "cuaddr_2", address.ID)
}

func TestAddressesUpdate(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", URL: addressesURL + "/cuaddr_2", Query: url.Values{"fields": {"*addresses"}},
		Body: json.RawMessage(`{"city":null,"phone":"1","is_default_billing":false,"metadata":{"a":""}}`),
	}).JSON(200, `{"customer":{"id":"`+customerID+`","addresses":[{"id":"cuaddr_1"},{"id":"cuaddr_2","phone":"1"}]}}`)

	address, err := newClient(t, gock).Addresses.Update(t.Context(), customerID, "cuaddr_2", xclade.UpdateAddressRequest{
		City: new(""), Phone: new("1"), IsDefaultBilling: new(false), Metadata: xclade.Value(map[string]any{"a": ""}),
	})

	require.NoError(t, err)
	assert.Equal(t, &xclade.Address{ID: "cuaddr_2", Phone: "1"}, address)
}

func TestAddressesDelete(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	const id = "cuaddr_01M80X7B7AEW9ZG8E5QH3057JG"
	gock.Expect(testkit.Request{Method: "DELETE", URL: addressesURL + "/" + id}).Fixture(200, "address_deleted.json")

	assert.NoError(t, newClient(t, gock).Addresses.Delete(t.Context(), customerID, id))
}

// What the server answers with 200 and did not do is an error.
func TestAddressesNotDone(t *testing.T) {
	t.Parallel()
	const (
		noCustomer = "there is no customer with this id"
		noAddress  = "this customer has no address with this id"
	)
	create := func(t *testing.T, client *xclade.Client) error {
		_, err := client.Addresses.Create(t.Context(), customerID, xclade.CreateAddressRequest{})
		return err
	}
	update := func(t *testing.T, client *xclade.Client) error {
		_, err := client.Addresses.Update(t.Context(), customerID, addressID, xclade.UpdateAddressRequest{City: new("Bonn")})
		return err
	}
	get := func(t *testing.T, client *xclade.Client) error {
		_, err := client.Addresses.Get(t.Context(), customerID, addressID)
		return err
	}
	tests := []struct {
		name    string
		call    func(*testing.T, *xclade.Client) error
		request testkit.Request
		answer  string
		want    string
	}{
		{"create for a deleted customer", create, testkit.Request{Method: "POST", URL: addressesURL, Query: url.Values{"fields": {"*addresses"}}, Body: json.RawMessage(`{}`)}, `{}`, noCustomer},
		{"update of another's address", update, testkit.Request{Method: "POST", URL: addressesURL + "/" + addressID, Query: url.Values{"fields": {"*addresses"}}, Body: json.RawMessage(`{"city":"Bonn"}`)}, `{"customer":{"id":"` + customerID + `","addresses":[{"id":"cuaddr_9"}]}}`, noAddress},
		{"update for a deleted customer", update, testkit.Request{Method: "POST", URL: addressesURL + "/" + addressID, Query: url.Values{"fields": {"*addresses"}}, Body: json.RawMessage(`{"city":"Bonn"}`)}, `{}`, noCustomer},
		{"update of the only address of nobody", update, testkit.Request{Method: "POST", URL: addressesURL + "/" + addressID, Query: url.Values{"fields": {"*addresses"}}, Body: json.RawMessage(`{"city":"Bonn"}`)}, `{"customer":{"id":"` + customerID + `","addresses":[]}}`, noAddress},
		{"get of another's address", get, testkit.Request{URL: addressesURL + "/" + addressID, Query: complete}, `{}`, noAddress},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(tt.request).JSON(200, tt.answer)

			err := tt.call(t, newClient(t, gock))

			assert.ErrorIs(t, err, souk.ErrNotFound)
			assert.Equal(t, tt.want, requireError(t, err).Message)
		})
	}
}
