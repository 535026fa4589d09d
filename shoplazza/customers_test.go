package shoplazza_test

import (
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
)

// everything is a request with all fields of the page of 2022-01.
func everything() shoplazza.CreateCustomerRequest {
	return shoplazza.CreateCustomerRequest{
		ContactType:          shoplazza.ContactTypePhone,
		Email:                "a@example.com",
		Phone:                "+8615014471143",
		FirstName:            "Ryan",
		LastName:             "Zhang",
		AcceptsMarketing:     new(true),
		AcceptsSMSMarketing:  new(false),
		Password:             "123456",
		PasswordConfirmation: "123456",
		Tags:                 []string{"New Customer", "Repeat Customer"},
		RegisteredAt:         time.Date(2024, 3, 11, 6, 32, 0, 0, time.FixedZone("", 3*60*60)),
		Addresses: []shoplazza.CreateAddressRequest{{
			FirstName:     "Test",
			LastName:      "Test",
			Country:       "Aland Islands",
			CountryCode:   "AX",
			Gender:        shoplazza.GenderMale,
			Email:         "a@example.com",
			Phone:         "+86 150 1447 1143",
			PhoneAreaCode: "+86",
			Company:       "ABC Limited",
			Address1:      "6",
			Address2:      "1111",
			Area:          "Bay Area",
			City:          "city",
			Province:      "Guangdong",
			ProvinceCode:  "GD",
			Zip:           "515300",
			Default:       new(false),
		}},
	}
}

func everythingBody(tags any) object {
	return object{"customer": object{
		"contact_type":          "phone",
		"email":                 "a@example.com",
		"phone":                 "+8615014471143",
		"first_name":            "Ryan",
		"last_name":             "Zhang",
		"accepts_marketing":     true,
		"accepts_sms_marketing": false,
		"password":              "123456",
		"password_confirmation": "123456",
		"tags":                  tags,
		"registered_at":         "2024-03-11T03:32:00Z",
		"addresses": []object{{
			"first_name":      "Test",
			"last_name":       "Test",
			"country":         "Aland Islands",
			"country_code":    "AX",
			"gender":          "male",
			"email":           "a@example.com",
			"phone":           "+86 150 1447 1143",
			"phone_area_code": "+86",
			"company":         "ABC Limited",
			"address1":        "6",
			"address2":        "1111",
			"area":            "Bay Area",
			"city":            "city",
			"province":        "Guangdong",
			"province_code":   "GD",
			"zip":             "515300",
			"default":         false,
		}},
	}}
}

func TestCreateSendsEveryDocumentedField(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202201)
	s.expect(http.MethodPost, "/customers", everythingBody("New Customer,Repeat Customer")).
		Fixture(http.StatusOK, "customer_create_2022-01.json")
	got, err := s.client.Customers.Create(t.Context(), everything())
	require.NoError(t, err)
	assert.Equal(t, documentedCustomer(), got)
}

func TestCreateSendsTagsAsAListInLaterVersions(t *testing.T) {
	t.Parallel()
	for _, version := range laterVersions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, version)
			s.expect(http.MethodPost, "/customers", everythingBody([]string{"New Customer", "Repeat Customer"})).
				Fixture(http.StatusOK, "customer_create_2026-01.json")
			got, err := s.client.Customers.Create(t.Context(), everything())
			require.NoError(t, err)
			assert.Equal(t, []string{"New Customer", "Repeat Customer"}, got.Tags)
			assert.Equal(t, documentedCustomer().DefaultAddress, got.DefaultAddress)
		})
	}
}

func TestCreateSendsNothingThatIsNotSet(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request shoplazza.CreateCustomerRequest
		body    object
	}{
		"e-mail address":       {shoplazza.CreateCustomerRequest{Email: "a@example.com"}, object{"contact_type": "email", "email": "a@example.com"}},
		"phone number":         {shoplazza.CreateCustomerRequest{Phone: "+15052814445"}, object{"contact_type": "phone", "phone": "+15052814445"}},
		"both":                 {shoplazza.CreateCustomerRequest{Email: "a@example.com", Phone: "+1505"}, object{"contact_type": "email", "email": "a@example.com", "phone": "+1505"}},
		"an empty list":        {shoplazza.CreateCustomerRequest{Email: "a@example.com", Tags: []string{}, Addresses: []shoplazza.CreateAddressRequest{}}, object{"contact_type": "email", "email": "a@example.com"}},
		"a password":           {shoplazza.CreateCustomerRequest{Email: "a@example.com", Password: "geheim"}, object{"contact_type": "email", "email": "a@example.com", "password": "geheim"}},
		"no marketing":         {shoplazza.CreateCustomerRequest{Email: "a@example.com", AcceptsMarketing: new(false), AcceptsSMSMarketing: new(false)}, object{"contact_type": "email", "email": "a@example.com", "accepts_marketing": false, "accepts_sms_marketing": false}},
		"six letters, 12 byte": {shoplazza.CreateCustomerRequest{Email: "a@example.com", Password: "пароль"}, object{"contact_type": "email", "email": "a@example.com", "password": "пароль"}},
	}
	for name, c := range cases {
		for _, version := range versions {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				s := newStore(t, version)
				s.expect(http.MethodPost, "/customers", object{"customer": c.body}).JSON(http.StatusOK, `{"customer":{"id":"1"}}`)
				got, err := s.client.Customers.Create(t.Context(), c.request)
				require.NoError(t, err)
				assert.Equal(t, &shoplazza.Customer{ID: "1"}, got)
			})
		}
	}
}

func TestCreateRefusesWhatTheServerWouldRefuse(t *testing.T) {
	t.Parallel()
	const prefix = "shoplazza: POST /customers: invalid; "
	whole := shoplazza.CreateAddressRequest{FirstName: "A", LastName: "B", Country: "Aland Islands", CountryCode: "AX"}
	with := func(change func(*shoplazza.CreateCustomerRequest)) shoplazza.CreateCustomerRequest {
		req := shoplazza.CreateCustomerRequest{Email: "a@example.com", Addresses: []shoplazza.CreateAddressRequest{whole}}
		change(&req)
		return req
	}
	cases := map[string]struct {
		request shoplazza.CreateCustomerRequest
		want    string
	}{
		"neither e-mail nor phone": {
			shoplazza.CreateCustomerRequest{FirstName: "Ryan"},
			"Email: Email or Phone is required",
		},
		"contact_type phone without phone": {
			with(func(r *shoplazza.CreateCustomerRequest) { r.ContactType = shoplazza.ContactTypePhone }),
			"Phone: must not be empty when ContactType is phone",
		},
		"contact_type email without e-mail": {
			with(func(r *shoplazza.CreateCustomerRequest) {
				r.ContactType, r.Email, r.Phone = shoplazza.ContactTypeEmail, "", "+1505"
			}),
			"Email: must not be empty when ContactType is email",
		},
		"unknown contact_type": {
			with(func(r *shoplazza.CreateCustomerRequest) { r.ContactType = "fax" }),
			"ContactType: must be email or phone, or empty to be filled in",
		},
		"a password of five characters": {
			with(func(r *shoplazza.CreateCustomerRequest) { r.Password, r.PasswordConfirmation = "12345", "12345" }),
			"Password: must have at least 6 characters",
		},
		"passwords that differ": {
			with(func(r *shoplazza.CreateCustomerRequest) { r.Password, r.PasswordConfirmation = "123456", "123457" }),
			"PasswordConfirmation: must be equal to Password",
		},
		"a confirmation alone": {
			with(func(r *shoplazza.CreateCustomerRequest) { r.PasswordConfirmation = "123456" }),
			"PasswordConfirmation: must be equal to Password",
		},
		"an address without country": {
			with(func(r *shoplazza.CreateCustomerRequest) { r.Addresses[0].Country = "" }),
			"Addresses[0].Country: is required: the name of the country",
		},
		"an address without country_code": {
			with(func(r *shoplazza.CreateCustomerRequest) { r.Addresses[0].CountryCode = "" }),
			"Addresses[0].CountryCode: is required: the ISO 3166-1 alpha-2 code of the country",
		},
		"an empty tag": {
			with(func(r *shoplazza.CreateCustomerRequest) { r.Tags = []string{" "} }),
			"Tags: must not be empty texts",
		},
	}
	for name, c := range cases {
		for _, version := range versions {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				s := newStore(t, version)
				_, err := s.client.Customers.Create(t.Context(), c.request)
				requireInvalid(t, err, prefix+c.want)
				assert.Empty(t, s.Requests())
			})
		}
	}
}

func TestNamesInAnAddressAreRequiredIn202201Only(t *testing.T) {
	t.Parallel()
	request := shoplazza.CreateCustomerRequest{
		Email:     "a@example.com",
		Addresses: []shoplazza.CreateAddressRequest{{Country: "Aland Islands", CountryCode: "AX"}},
	}
	classic := newStore(t, shoplazza.Version202201)
	_, err := classic.client.Customers.Create(t.Context(), request)
	requireInvalid(t, err, "shoplazza: POST /customers: invalid; "+
		"Addresses[0].FirstName: must not be empty in version 2022-01; Addresses[0].LastName: must not be empty in version 2022-01")

	later := newStore(t, shoplazza.Version202601)
	later.expect(http.MethodPost, "/customers", object{"customer": object{
		"contact_type": "email", "email": "a@example.com",
		"addresses": []object{{"country": "Aland Islands", "country_code": "AX"}},
	}}).JSON(http.StatusOK, `{"customer":{"id":"1"}}`)
	_, err = later.client.Customers.Create(t.Context(), request)
	assert.NoError(t, err)
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	_, err := s.client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{
		Password: "123", PasswordConfirmation: "124", Tags: []string{""}, Addresses: []shoplazza.CreateAddressRequest{{}},
	})
	e := requireError(t, err, souk.ErrInvalid)
	for _, field := range []string{"Email", "Password", "PasswordConfirmation", "Tags", "Addresses[0].Country", "Addresses[0].CountryCode", "Addresses[0].FirstName", "Addresses[0].LastName"} {
		assert.Contains(t, e.Fields, field)
	}
}

func TestGetReturnsACustomer(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202201)
	s.expect(http.MethodGet, "/customers/db4469f3-5e56-4c69-a2b6-03e81d24d5b5", nil).Fixture(http.StatusOK, "customer_get_2022-01.json")
	got, err := s.client.Customers.Get(t.Context(), "db4469f3-5e56-4c69-a2b6-03e81d24d5b5", shoplazza.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, shoplazza.FromWire(plainly[wireCustomer](t, "customer_get_2022-01.json").Customer)[0], *got)
	assert.Equal(t, []string{"a", "b"}, got.Tags)
}

func TestAnswersDecodeBareAndInAnEnvelopeInEveryVersion(t *testing.T) {
	t.Parallel()
	want := shoplazza.FromWire(plainly[wireEnvelope[wireCustomer]](t, "customer_get_2026-01.json").Data.Customer)[0]
	for _, version := range versions {
		for _, file := range []string{"customer_get_2026-01.json", "customer_create_2026-01.json"} {
			t.Run(version+" "+file, func(t *testing.T) {
				t.Parallel()
				s := newStore(t, version)
				s.expect(http.MethodGet, "/customers/2dd957e3-2051-4cdf-8584-9c0046b4d1ae", nil).Fixture(http.StatusOK, file)
				got, err := s.client.Customers.Get(t.Context(), "2dd957e3-2051-4cdf-8584-9c0046b4d1ae", shoplazza.GetCustomerRequest{})
				require.NoError(t, err)
				assert.Equal(t, want, *got)
			})
		}
	}
}

func TestCountReturnsTheNumber(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]int{"customers_count_2022-01.json": 1, "customers_count_2025-06.json": 7} {
		s := newStore(t, "")
		s.expect(http.MethodGet, "/customers/count", nil).Fixture(http.StatusOK, file)
		got, err := s.client.Customers.Count(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestUpdateSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request shoplazza.UpdateCustomerRequest
		classic object
		later   object
	}{
		"everything": {
			shoplazza.UpdateCustomerRequest{
				FirstName: new("Rey"), LastName: new("Zhang"), AcceptsMarketing: new(true), AcceptsSMSMarketing: new(true), Tags: []string{"a", "b"},
			},
			object{"first_name": "Rey", "last_name": "Zhang", "accepts_marketing": true, "accepts_sms_marketing": true, "tags": "a,b"},
			object{"first_name": "Rey", "last_name": "Zhang", "accepts_marketing": true, "accepts_sms_marketing": true, "tags": []string{"a", "b"}},
		},
		"zero values": {
			shoplazza.UpdateCustomerRequest{
				FirstName: new(""), LastName: new(""), AcceptsMarketing: new(false), AcceptsSMSMarketing: new(false), Tags: []string{},
			},
			object{"first_name": "", "last_name": "", "accepts_marketing": false, "accepts_sms_marketing": false, "tags": ""},
			object{"first_name": "", "last_name": "", "accepts_marketing": false, "accepts_sms_marketing": false, "tags": []string{}},
		},
		"no tags": {
			shoplazza.UpdateCustomerRequest{Tags: []string{}},
			object{"tags": ""},
			object{"tags": []string{}},
		},
		"one switch": {
			shoplazza.UpdateCustomerRequest{AcceptsMarketing: new(false)},
			object{"accepts_marketing": false},
			object{"accepts_marketing": false},
		},
		"one text": {
			shoplazza.UpdateCustomerRequest{LastName: new("Zhang")},
			object{"last_name": "Zhang"},
			object{"last_name": "Zhang"},
		},
	}
	for name, c := range cases {
		for _, version := range versions {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				body := c.later
				if version == shoplazza.Version202201 {
					body = c.classic
				}
				s := newStore(t, version)
				s.expect(http.MethodPut, "/customers/2dd957e3-2051-4cdf-8584-9c0046b4d1ae", object{"customer": body}).
					Fixture(http.StatusOK, "customer_update_2022-01.json")
				got, err := s.client.Customers.Update(t.Context(), "2dd957e3-2051-4cdf-8584-9c0046b4d1ae", c.request)
				require.NoError(t, err)
				assert.Equal(t, "Rey", got.FirstName)
				assert.False(t, got.AcceptsMarketing)
				assert.Empty(t, got.Tags)
				assert.Equal(t, shoplazza.UnsubscribedByMerchant, got.SubscribedFlag)
			})
		}
	}
}

func TestUpdateRefusesTagsWithCommasAndEmptyRequests(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	_, err := s.client.Customers.Update(t.Context(), "1", shoplazza.UpdateCustomerRequest{})
	requireInvalid(t, err, "shoplazza: PUT /customers/{id}: invalid; UpdateCustomerRequest: must change at least one field")
	_, err = s.client.Customers.Update(t.Context(), "1", shoplazza.UpdateCustomerRequest{Tags: []string{"a,b"}})
	requireInvalid(t, err, "shoplazza: PUT /customers/{id}: invalid; Tags: must not contain commas in version 2022-01; give each tag an element of its own")
	_, err = s.client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com", Tags: []string{"a", "b,c"}})
	requireInvalid(t, err, "shoplazza: POST /customers: invalid; Tags: must not contain commas in version 2022-01; give each tag an element of its own")
	assert.Empty(t, s.Requests())
}

// From 2025-06 on tags are a list, so that one with a comma can be written back.
func TestTagsWithCommasAreWrittenBack(t *testing.T) {
	t.Parallel()
	for _, version := range laterVersions {
		s := newStore(t, version)
		s.expect(http.MethodGet, "/customers/1", nil).JSON(http.StatusOK, `{"customer":{"id":"1","tags":["a,b"," c "]}}`)
		s.expect(http.MethodPut, "/customers/1", object{"customer": object{"tags": []string{"a,b", " c "}}}).JSON(http.StatusOK, `{"customer":{"id":"1"}}`)
		s.expect(http.MethodPost, "/customers", object{"customer": object{
			"contact_type": "email", "email": "a@example.com", "tags": []string{"a,b", " c "},
		}}).JSON(http.StatusOK, `{"customer":{"id":"2"}}`)

		got, err := s.client.Customers.Get(t.Context(), "1", shoplazza.GetCustomerRequest{})
		require.NoError(t, err)
		_, err = s.client.Customers.Update(t.Context(), "1", shoplazza.UpdateCustomerRequest{Tags: got.Tags})
		require.NoError(t, err)
		_, err = s.client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com", Tags: got.Tags})
		require.NoError(t, err)
	}
}

func TestListSendsEveryFilter(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2024, 3, day, 0, 0, 0, 0, time.UTC) }
	request := shoplazza.ListCustomersRequest{
		IDs:          []string{"701670d5", "da1bb9af"},
		CreatedAtMin: at(1),
		CreatedAtMax: at(2),
		UpdatedAtMin: at(3),
		UpdatedAtMax: at(4),
		Email:        "a+b@example.com",
		Contact:      "+8615014471143",
		Limit:        250,
	}
	filters := url.Values{
		"created_at_min": {"2024-03-01T00:00:00Z"},
		"created_at_max": {"2024-03-02T00:00:00Z"},
		"updated_at_min": {"2024-03-03T00:00:00Z"},
		"updated_at_max": {"2024-03-04T00:00:00Z"},
		"email":          {"a+b@example.com"},
		"contact":        {"+8615014471143"},
	}
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			query, req := url.Values{}, request
			for name, values := range filters {
				query[name] = values
			}
			if version == shoplazza.Version202201 {
				req.Page = 3
				query["ids"], query["limit"], query["page"] = []string{"701670d5,da1bb9af"}, []string{"250"}, []string{"3"}
			} else {
				req.Cursor = "eyJ=/+"
				query["ids"], query["page_size"], query["cursor"] = []string{"701670d5", "da1bb9af"}, []string{"250"}, []string{"eyJ=/+"}
			}
			s := newStore(t, version)
			want := s.request(http.MethodGet, "/customers", nil)
			want.Query = query
			s.Expect(want).JSON(http.StatusOK, `{"customers":[],"has_more":false}`)
			got, err := s.client.Customers.List(t.Context(), req)
			require.NoError(t, err)
			assert.Empty(t, got.Customers)
			_, more := got.Next()
			assert.False(t, more)
		})
	}
}

func TestListReturnsAPageAndTheRequestOfTheNext(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202201)
	s.expect(http.MethodGet, "/customers?limit=1&email=a%40example.com", nil).Fixture(http.StatusOK, "customers_list_2022-01.json")
	got, err := s.client.Customers.List(t.Context(), shoplazza.ListCustomersRequest{Limit: 1, Email: "a@example.com"})
	require.NoError(t, err)
	assert.Equal(t, shoplazza.FromWire(plainly[wireCustomers](t, "customers_list_2022-01.json").Customers...), got.Customers)
	assert.True(t, got.HasMore, "a page that is not empty counts as followed by another")
	next, ok := got.Next()
	assert.True(t, ok)
	assert.Equal(t, shoplazza.ListCustomersRequest{Limit: 1, Page: 2, Email: "a@example.com"}, next)
}

func TestListOfALaterVersionReturnsTheCursor(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202506)
	s.expect(http.MethodGet, "/customers?page_size=2", nil).Fixture(http.StatusOK, "customers_list_2025-06.json")
	s.expect(http.MethodGet, "/customers?cursor=eyJpZCI6IjEwMDAi&page_size=2", nil).Fixture(http.StatusOK, "customers_list_2026-01.json")
	first, err := s.client.Customers.List(t.Context(), shoplazza.ListCustomersRequest{Limit: 2})
	require.NoError(t, err)
	assert.Equal(t, shoplazza.FromWire(plainly[wireEnvelope[wireCustomers]](t, "customers_list_2025-06.json").Data.Customers...), first.Customers)
	assert.Equal(t, "eyJpZCI6IjEwMDAi", first.Cursor)
	next, ok := first.Next()
	require.True(t, ok)
	last, err := s.client.Customers.List(t.Context(), next)
	require.NoError(t, err)
	assert.Equal(t, shoplazza.FromWire(plainly[wireCustomers](t, "customers_list_2026-01.json").Customers...), last.Customers)
	assert.Equal(t, shoplazza.ContactTypePhone, last.Customers[0].ContactType)
	_, ok = last.Next()
	assert.False(t, ok)
}

func TestListRefusesWhatCannotBeAsked(t *testing.T) {
	t.Parallel()
	const prefix = "shoplazza: GET /customers: invalid; "
	cases := map[string]struct {
		version string
		request shoplazza.ListCustomersRequest
		want    string
	}{
		"limit 251":                      {"2022-01", shoplazza.ListCustomersRequest{Limit: 251}, "Limit: must be between 1 and 250, or 0 for the server's default"},
		"limit 251, later":               {"2026-01", shoplazza.ListCustomersRequest{Limit: 251}, "Limit: must be between 1 and 250, or 0 for the server's default"},
		"two ids in one":                 {"2022-01", shoplazza.ListCustomersRequest{IDs: []string{"1", "2,3"}}, `IDs[1]: must be one id: letters, digits, "-", "_", "." and "~"`},
		"an empty id":                    {"2026-01", shoplazza.ListCustomersRequest{IDs: []string{""}}, "IDs[0]: must not be empty"},
		"blanks":                         {"2026-01", shoplazza.ListCustomersRequest{Email: " ", Contact: "\t"}, "Contact: must not be blank: the server might leave the filter out; an empty text means no filter; Email: must not be blank: the server might leave the filter out; an empty text means no filter"},
		"limit -1":                       {"2022-01", shoplazza.ListCustomersRequest{Limit: -1}, "Limit: must be between 1 and 250, or 0 for the server's default"},
		"page -1":                        {"2022-01", shoplazza.ListCustomersRequest{Page: -1}, "Page: must not be negative; the first page is 1"},
		"page with a cursor version":     {"2025-06", shoplazza.ListCustomersRequest{Page: 2}, "Page: is for version 2022-01 only; later versions are paged with Cursor"},
		"page and cursor":                {"2026-07", shoplazza.ListCustomersRequest{Page: 2, Cursor: "c"}, "Page: is for version 2022-01 only; later versions are paged with Cursor"},
		"cursor with a version of pages": {"2022-01", shoplazza.ListCustomersRequest{Cursor: "c"}, "Cursor: is for versions from 2025-06 on; 2022-01 is paged with Page"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, c.version)
			_, err := s.client.Customers.List(t.Context(), c.request)
			requireInvalid(t, err, prefix+c.want)
			var errs []error
			for _, err := range s.client.Customers.All(t.Context(), c.request) {
				errs = append(errs, err)
			}
			require.Len(t, errs, 1)
			requireInvalid(t, errs[0], prefix+c.want)
			assert.Empty(t, s.Requests())
		})
	}
}

func TestThereIsNoWayToDeleteACustomer(t *testing.T) {
	t.Parallel()
	_, exists := reflect.TypeFor[*shoplazza.CustomersService]().MethodByName("Delete")
	assert.False(t, exists)
}
