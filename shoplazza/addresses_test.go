package shoplazza_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/shoplazza"
)

const (
	customerID = "0f1c1ac8-5a3e-4d6b-8d6f-2a0b53a0a1f0"
	addressID  = "db4469f3-5e56-4c69-a2b6-03e81d24d5b5"
	addresses  = "/customers/" + customerID + "/addresses"
)

// wrapped returns a body as a version has it.
func wrapped(version, name string, body object) object {
	if version == shoplazza.Version202201 {
		return body
	}
	return object{name: body}
}

func TestAddressesCreateSendsEveryField(t *testing.T) {
	t.Parallel()
	request := everything().Addresses[0]
	body := everythingBody("")["customer"].(object)["addresses"].([]object)[0]
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, version)
			s.expect(http.MethodPost, addresses, wrapped(version, "address", body)).Fixture(http.StatusOK, "address_2022-01.json")
			got, err := s.client.Addresses.Create(t.Context(), customerID, request)
			require.NoError(t, err)
			assert.Equal(t, wantAddress(), got)
		})
	}
}

func wantAddress() *shoplazza.Address {
	return &shoplazza.Address{
		ID:            addressID,
		CustomerID:    customerID,
		FirstName:     "Lee",
		LastName:      "Le",
		Name:          "Lee Le",
		Gender:        shoplazza.GenderMale,
		Email:         "person@example.com",
		Phone:         "+86555-625-1199",
		PhoneAreaCode: "+86",
		Company:       "abc company",
		Address1:      "Chestnut Street 92",
		Address2:      "Suite 1234",
		City:          "Louisville",
		Province:      "Kentucky",
		ProvinceCode:  "KY",
		Country:       "United States",
		CountryCode:   "US",
		CountryName:   "United States",
		Zip:           "40204",
		Default:       true,
	}
}

func TestAddressesCreateSendsNothingThatIsNotSet(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		s := newStore(t, version)
		s.expect(http.MethodPost, addresses, wrapped(version, "address", object{"country": "Finland", "country_code": "FI"})).
			JSON(http.StatusOK, `{"address":{"id":"1"}}`)
		got, err := s.client.Addresses.Create(t.Context(), customerID, shoplazza.CreateAddressRequest{Country: "Finland", CountryCode: "FI"})
		require.NoError(t, err)
		assert.Equal(t, &shoplazza.Address{ID: "1"}, got)
	}
}

func TestAddressesCreateNeedsTheCountry(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	_, err := s.client.Addresses.Create(t.Context(), customerID, shoplazza.CreateAddressRequest{FirstName: "A", LastName: "B", City: "Turku"})
	requireInvalid(t, err, "shoplazza: POST /customers/{customer_id}/addresses: invalid; "+
		"Country: is required: the name of the country; CountryCode: is required: the ISO 3166-1 alpha-2 code of the country")
	assert.Empty(t, s.Requests())
}

func TestAddressesGetReturnsAnAddress(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"address_2022-01.json", "address_2026-01.json"} {
		s := newStore(t, shoplazza.Version202601)
		s.expect(http.MethodGet, addresses+"/"+addressID, nil).Fixture(http.StatusOK, file)
		got, err := s.client.Addresses.Get(t.Context(), customerID, addressID)
		require.NoError(t, err)
		assert.Equal(t, wantAddress(), got)
	}
}

func TestAddressesUpdateSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request shoplazza.UpdateAddressRequest
		body    object
	}{
		"everything": {
			shoplazza.UpdateAddressRequest{
				FirstName: new("a"), LastName: new("b"), Country: new("c"), CountryCode: new("d"), Gender: new(shoplazza.GenderFemale),
				Email: new("e"), Phone: new("f"), PhoneAreaCode: new("g"), Company: new("h"), Address1: new("i"), Address2: new("j"),
				Area: new("k"), City: new("l"), Province: new("m"), ProvinceCode: new("n"), Zip: new("o"), Default: new(true),
			},
			object{
				"first_name": "a", "last_name": "b", "country": "c", "country_code": "d", "gender": "female",
				"email": "e", "phone": "f", "phone_area_code": "g", "company": "h", "address1": "i", "address2": "j",
				"area": "k", "city": "l", "province": "m", "province_code": "n", "zip": "o", "default": true,
			},
		},
		"zero values": {
			shoplazza.UpdateAddressRequest{
				FirstName: new(""), LastName: new(""), Gender: new(shoplazza.Gender("")), Email: new(""), Phone: new(""), PhoneAreaCode: new(""),
				Company: new(""), Address1: new(""), Address2: new(""), Area: new(""), City: new(""), Province: new(""), ProvinceCode: new(""),
				Zip: new(""), Default: new(false),
			},
			object{
				"first_name": "", "last_name": "", "gender": "", "email": "", "phone": "", "phone_area_code": "",
				"company": "", "address1": "", "address2": "", "area": "", "city": "", "province": "", "province_code": "",
				"zip": "", "default": false,
			},
		},
		"one field":     {shoplazza.UpdateAddressRequest{City: new("Turku")}, object{"city": "Turku"}},
		"another field": {shoplazza.UpdateAddressRequest{Default: new(true)}, object{"default": true}},
	}
	for name, c := range cases {
		for _, version := range versions {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				s := newStore(t, version)
				s.expect(http.MethodPut, addresses+"/"+addressID, wrapped(version, "address", c.body)).Fixture(http.StatusOK, "address_2026-01.json")
				got, err := s.client.Addresses.Update(t.Context(), customerID, addressID, c.request)
				require.NoError(t, err)
				assert.Equal(t, wantAddress(), got)
			})
		}
	}
}

func TestAddressesUpdateRefusesWhatTheServerWouldRefuse(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	const prefix = "shoplazza: PUT /customers/{customer_id}/addresses/{address_id}: invalid; "
	_, err := s.client.Addresses.Update(t.Context(), customerID, addressID, shoplazza.UpdateAddressRequest{})
	requireInvalid(t, err, prefix+"UpdateAddressRequest: must change at least one field")
	_, err = s.client.Addresses.Update(t.Context(), customerID, addressID, shoplazza.UpdateAddressRequest{Country: new(""), CountryCode: new("")})
	requireInvalid(t, err, prefix+"Country: must not be empty; CountryCode: must not be empty")
	assert.Empty(t, s.Requests())
}

func TestAddressesDeleteAndSetDefaultTakeAnEmptyObject(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"empty_2022-01.json", "empty_2025-06.json"} {
		s := newStore(t, shoplazza.Version202506)
		s.expect(http.MethodPut, addresses+"/"+addressID+"/default", nil).Fixture(http.StatusOK, file)
		s.expect(http.MethodDelete, addresses+"/"+addressID, nil).Fixture(http.StatusOK, file)
		require.NoError(t, s.client.Addresses.SetDefault(t.Context(), customerID, addressID))
		require.NoError(t, s.client.Addresses.Delete(t.Context(), customerID, addressID))
	}
}

func TestAddressesListReturnsAPageAndTheRequestOfTheNext(t *testing.T) {
	t.Parallel()
	classic := newStore(t, shoplazza.Version202201)
	classic.expect(http.MethodGet, addresses+"?limit=2&page=3", nil).Fixture(http.StatusOK, "addresses_list_2022-01.json")
	got, err := classic.client.Addresses.List(t.Context(), customerID, shoplazza.ListAddressesRequest{Limit: 2, Page: 3})
	require.NoError(t, err)
	assert.Equal(t, []shoplazza.Address{*wantAddress(), secondAddress()}, got.Addresses)
	next, ok := got.Next()
	assert.True(t, ok)
	assert.Equal(t, shoplazza.ListAddressesRequest{Limit: 2, Page: 4}, next)

	later := newStore(t, shoplazza.Version202506)
	later.expect(http.MethodGet, addresses+"?page_size=1", nil).Fixture(http.StatusOK, "addresses_list_2025-06.json")
	got, err = later.client.Addresses.List(t.Context(), customerID, shoplazza.ListAddressesRequest{Limit: 1})
	require.NoError(t, err)
	next, ok = got.Next()
	assert.True(t, ok)
	assert.Equal(t, shoplazza.ListAddressesRequest{Limit: 1, Cursor: "cursor_123"}, next)
}

func secondAddress() shoplazza.Address {
	a := *wantAddress()
	a.ID, a.Default, a.Gender, a.PhoneAreaCode = "2490dc6a-d511-4e5e-bbcb-d58e913243ad", false, "", ""
	return a
}

func TestAddressesListRefusesALimitOf251(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	_, err := s.client.Addresses.List(t.Context(), customerID, shoplazza.ListAddressesRequest{Limit: 251, Cursor: "c"})
	requireInvalid(t, err, "shoplazza: GET /customers/{customer_id}/addresses: invalid; "+
		"Cursor: is for versions from 2025-06 on; 2022-01 is paged with Page; Limit: must be between 1 and 250, or 0 for the server's default")
}
