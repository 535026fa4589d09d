package salla_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// at is a time in Riyadh.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Riyadh")
	require.NoError(t, err)
	parsed, err := time.ParseInLocation("2006-01-02 15:04:05.999999", text, zone)
	require.NoError(t, err)
	return parsed
}

// ahmed is the customer of testdata/customer_create_200.json.
func ahmed(t *testing.T) *salla.Customer {
	t.Helper()
	return &salla.Customer{
		ID:         2075683582,
		FirstName:  "Ahmed",
		LastName:   "Ali",
		Mobile:     "777777777",
		MobileCode: "967",
		Email:      "ahmed.ali@example.test",
		URLs:       salla.CustomerURLs{Customer: "https://shop.example.test/profile", Admin: "https://shop.example.test/profiley"},
		Avatar:     "https://cdn.example.test/avatar-male.webp",
		Gender:     salla.GenderMale,
		City:       "Riyadh",
		Country:    "السعودية",
		Location:   "Alaziziiah street, building number 3",
		UpdatedAt:  at(t, "2020-04-02 22:43:26"),
		Groups:     []int64{11323141, 11323142},
	}
}

func TestCustomersCreate(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", Path: "/admin/v2/customers", Header: sentAsJSON,
		Body: raw(`{"first_name":"Ahmed","last_name":"Ali","mobile":"777777777","mobile_code_country":"+967","gender":"female",
			"birthday":"1997-06-03","email":"ahmed.ali@example.test","groups":[11323141,11323142],"country_code":"YE"}`),
	}).Fixture(200, "customer_create_200.json")

	customer, err := newClient(t, gock).Customers.Create(t.Context(), salla.CreateCustomerRequest{
		FirstName: "Ahmed", LastName: "Ali", Mobile: "777777777", MobileCodeCountry: "+967", Gender: salla.GenderFemale,
		Birthday: "1997-06-03", Email: "ahmed.ali@example.test", Groups: []int64{11323141, 11323142}, CountryCode: "YE",
	})

	require.NoError(t, err)
	assert.Equal(t, ahmed(t), customer)
}

func TestCustomersCreateSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: raw(`{"first_name":"Sara"}`)}).
		Fixture(200, "customer_create_200.json")

	_, err := newClient(t, gock).Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})

	assert.NoError(t, err)
}

// 25 characters are 50 bytes in Arabic.
func TestCustomersCreateCountsCharacters(t *testing.T) {
	t.Parallel()
	name := strings.Repeat("ع", 25)
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: raw(`{"first_name":"` + name + `"}`)}).
		Fixture(200, "customer_create_200.json")

	_, err := newClient(t, gock).Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: name})

	assert.NoError(t, err)
}

func TestCustomersCreateRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request salla.CreateCustomerRequest
		want    string
	}{
		{"no name", salla.CreateCustomerRequest{Email: "a@b.example"}, "FirstName: a name is required: FirstName or LastName"},
		{"name of 26 characters", salla.CreateCustomerRequest{FirstName: strings.Repeat("ع", 26)}, "FirstName: must have at most 25 characters"},
		{"last name of 26 characters", salla.CreateCustomerRequest{LastName: strings.Repeat("x", 26)}, "LastName: must have at most 25 characters"},
		{"ISO country", salla.CreateCustomerRequest{FirstName: "A", MobileCodeCountry: "SA"}, `MobileCodeCountry: must be a dial code such as "+966", not an ISO code`},
		{"dial code with 00", salla.CreateCustomerRequest{FirstName: "A", MobileCodeCountry: "00966"}, `MobileCodeCountry: must be a dial code such as "+966", not an ISO code`},
		{"mobile with code", salla.CreateCustomerRequest{FirstName: "A", Mobile: "+966555555555"}, "Mobile: must be the number without the country's code, which belongs into MobileCodeCountry"},
		{"unknown gender", salla.CreateCustomerRequest{FirstName: "A", Gender: "f"}, `Gender: must be "male", "female" or left out`},
		{"birthday", salla.CreateCustomerRequest{FirstName: "A", Birthday: "03/06/1997"}, "Birthday: must be a date of the form YYYY-MM-DD"},
		{"day that does not exist", salla.CreateCustomerRequest{FirstName: "A", Birthday: "1997-02-29"}, "Birthday: must be a date of the form YYYY-MM-DD"},
		{"group 0", salla.CreateCustomerRequest{FirstName: "A", Groups: []int64{1, 0}}, "Groups[1]: must be a positive id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			customer, err := silent(t).Customers.Create(t.Context(), tt.request)

			assert.Nil(t, customer)
			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, "salla: POST /customers: invalid; "+tt.want)
		})
	}
}

func TestCustomersCreateReportsAll(t *testing.T) {
	t.Parallel()

	_, err := silent(t).Customers.Create(t.Context(), salla.CreateCustomerRequest{Gender: "x", Birthday: "y", MobileCodeCountry: "z"})

	assert.Len(t, requireError(t, err).Fields, 4)
}

func TestCustomersGet(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Path: "/admin/v2/customers/1188233194", Query: url.Values{"fields[]": {"orders_count", "wallet_balance"}}, Header: sentBare,
	}).Fixture(200, "customer_details_200_extra_keys.json")

	customer, err := newClient(t, gock).Customers.Get(t.Context(), 1188233194, salla.GetCustomerRequest{
		Fields: []salla.CustomerField{salla.FieldOrdersCount, salla.FieldWalletBalance},
	})

	require.NoError(t, err)
	created := at(t, "2025-03-10 12:55:51")
	assert.Equal(t, &salla.Customer{
		ID:                     1188233194,
		FullName:               "Ali Ahmed",
		FirstName:              "Ali",
		LastName:               "Ahmed",
		Mobile:                 "560000000",
		MobileCode:             "+966",
		Email:                  "ali@example.test",
		URLs:                   salla.CustomerURLs{Customer: "https://demostore.example.test/demo/profile", Admin: "https://s.example.test/customers/243798"},
		Avatar:                 "https://cdn.example.test/avatar_male.png",
		Gender:                 salla.GenderMale,
		Birthday:               at(t, "2001-02-02 00:00:00"),
		Country:                "السعودية",
		CountryCode:            "SA",
		Currency:               "SAR",
		Language:               "ar",
		CreatedAt:              created,
		UpdatedAt:              at(t, "2025-03-17 12:18:35"),
		Groups:                 []int64{474034050, 2134252254},
		Stats:                  &salla.CustomerStats{OrdersCount: 5, OrdersAmount: "720.91"},
		IsBlocked:              new(false),
		IsInactive:             new(false),
		IsOrdersRated:          new(false),
		IsNotificationsEnabled: new(true),
		TotalPoints:            "21",
		OrdersAverage:          "144.18",
		OrdersCompleteRatio:    "88",
		OrdersCancelRatio:      "3",
		OrdersCancel:           "4",
		WalletBalance:          "0",
		PendingRatingCount:     "3",
		LatestPurchase:         at(t, "2025-07-21 11:30:40"),
		CurrentStoreCustomer:   &salla.StoreCustomer{ID: 295154194, ApprovalStatus: 1, CreatedAt: created, UpdatedAt: at(t, "2025-07-24 12:22:46")},
		CustomFields:           json.RawMessage("[]"),
		AbandonedCartsItems:    json.RawMessage("null"),
	}, customer)
}

// What real stores send decodes, whatever form it has.
func TestCustomerForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       salla.Customer
	}{
		{"nothing but an id", `{"id":1}`, salla.Customer{ID: 1}},
		{"nulls", `{"id":1,"mobile":null,"birthday":null,"country_code":null,"urls":null,"groups":null,"stats":null,"updated_at":null}`, salla.Customer{ID: 1}},
		{"id beyond 32 bits", `{"id":15807593367}`, salla.Customer{ID: 15807593367}},
		{"mobile of 12 digits", `{"id":1,"mobile":665323256199}`, salla.Customer{ID: 1, Mobile: "665323256199"}},
		{"mobile as text", `{"id":1,"mobile":"0500000001","mobile_code":966}`, salla.Customer{ID: 1, Mobile: "0500000001", MobileCode: "966"}},
		{"brithday", `{"id":1,"brithday":{"date":"1997-06-03 00:00:00.000000","timezone_type":3,"timezone":"Asia/Riyadh"}}`, salla.Customer{ID: 1, Birthday: at(t, "1997-06-03 00:00:00")}},
		{"date alone", `{"id":1,"birthday":{"date":"1997-06-03 00:00:00.000000"}}`, salla.Customer{ID: 1, Birthday: at(t, "1997-06-03 00:00:00")}},
		{"date as text", `{"id":1,"updated_at":"2020-01-01 01:01:00.000000"}`, salla.Customer{ID: 1, UpdatedAt: at(t, "2020-01-01 01:01:00")}},
		{"fraction of a second", `{"id":1,"updated_at":{"date":"2026-08-09 09:15:30.687605","timezone_type":3,"timezone":"Asia/Riyadh"}}`, salla.Customer{ID: 1, UpdatedAt: at(t, "2026-08-09 09:15:30.687605")}},
		{"empty lists for objects", `{"id":1,"urls":[],"stats":[],"current_store_customer":[],"source":[],"groups":[]}`, salla.Customer{ID: 1, Groups: []int64{}}},
		{"group ids as text", `{"id":1,"groups":["11323141"]}`, salla.Customer{ID: 1, Groups: []int64{11323141}}},
		{"sums flat", `{"id":1,"orders_count":5,"orders_amount":720.91}`, salla.Customer{ID: 1, Stats: &salla.CustomerStats{OrdersCount: 5, OrdersAmount: "720.91"}}},
		{"one sum flat", `{"id":1,"orders_count":5}`, salla.Customer{ID: 1, Stats: &salla.CustomerStats{OrdersCount: 5}}},
		{
			"truth as PHP has it", `{"id":1,"is_blocked":1,"is_whitelisted":"0","is_inactive":null,"is_orders_rated":false}`,
			salla.Customer{ID: 1, IsBlocked: new(true), IsWhitelisted: new(false), IsOrdersRated: new(false)},
		},
		{"unknown gender", `{"id":1,"gender":"other"}`, salla.Customer{ID: 1, Gender: "other"}},
		{"unknown key", `{"id":1,"later":{"a":[1]}}`, salla.Customer{ID: 1}},
		{"custom fields", `{"id":1,"custom_fields":{"a":1},"country_id":"7"}`, salla.Customer{ID: 1, CustomFields: json.RawMessage(`{"a":1}`), CountryID: 7}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Path: "/admin/v2/customers/" + strconv.FormatInt(tt.want.ID, 10)}).
				JSON(200, `{"status":200,"success":true,"data":`+tt.body+`}`)

			customer, err := newClient(t, gock).Customers.Get(t.Context(), tt.want.ID, salla.GetCustomerRequest{})

			require.NoError(t, err)
			assert.Equal(t, &tt.want, customer)
		})
	}
}

// A customer that somebody keeps as JSON is the same when read again.
func TestCustomerSurvivesEncoding(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]int64{"customer_details_200_extra_keys.json": 1188233194, "customer_create_200.json": 2075683582} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{Path: "/admin/v2/customers/" + strconv.FormatInt(id, 10)}).Fixture(200, name)
		first, err := newClient(t, gock).Customers.Get(t.Context(), id, salla.GetCustomerRequest{})
		require.NoError(t, err)
		encoded, err := json.Marshal(first)
		require.NoError(t, err)
		var second salla.Customer

		require.NoError(t, json.Unmarshal(encoded, &second))

		again, err := json.Marshal(second)
		require.NoError(t, err)
		assert.JSONEq(t, string(encoded), string(again))
		assert.True(t, first.UpdatedAt.Equal(second.UpdatedAt))
	}
}

func TestCustomersUpdate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request salla.UpdateCustomerRequest
		body    string
	}{
		{"what the reference shows", salla.UpdateCustomerRequest{
			FirstName: new("Ahmed"), LastName: new("Ali"), Email: new("ahmed.ali@example.test"), Gender: new(salla.GenderFemale), Birthday: new("1997-06-03"),
		}, string(fixture(t, "customer_update_request.json"))},
		{"the rest", salla.UpdateCustomerRequest{
			Mobile: new("560000116"), MobileCodeCountry: new("+999"), Groups: []int64{5}, CountryCode: new("SA"),
		}, `{"mobile":"560000116","mobile_code_country":"+999","groups":[5],"country_code":"SA"}`},
		{"cleared", salla.UpdateCustomerRequest{
			FirstName: new(""), Mobile: new(""), Email: new(""), Gender: new(salla.Gender("")), Birthday: new(""), Groups: []int64{},
		}, `{"first_name":"","mobile":"","email":"","gender":"","birthday":"","groups":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "PUT", Path: "/admin/v2/customers/2075683582", Header: sentAsJSON, Body: raw(tt.body)}).
				Fixture(200, "customer_update_200.json")
			want := ahmed(t)
			want.Mobile, want.MobileCode, want.Location = "560000116", "999", "Alyasmeen st, house no 4"

			customer, err := newClient(t, gock).Customers.Update(t.Context(), 2075683582, tt.request)

			require.NoError(t, err)
			assert.Equal(t, want, customer)
		})
	}
}

func TestCustomersUpdateRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		id      int64
		request salla.UpdateCustomerRequest
		want    string
	}{
		{"nothing", 1, salla.UpdateCustomerRequest{}, "UpdateCustomerRequest: must change at least one field"},
		{"id 0", 0, salla.UpdateCustomerRequest{LastName: new("Ali")}, "customer: must be a positive id"},
		{"long name", 1, salla.UpdateCustomerRequest{LastName: new(strings.Repeat("é", 26))}, "LastName: must have at most 25 characters"},
		{"ISO country", 1, salla.UpdateCustomerRequest{MobileCodeCountry: new("SA")}, `MobileCodeCountry: must be a dial code such as "+966", not an ISO code`},
		{"gender", 1, salla.UpdateCustomerRequest{Gender: new(salla.Gender("Male"))}, `Gender: must be "male", "female" or left out`},
		{"group 0", 1, salla.UpdateCustomerRequest{Groups: []int64{0}}, "Groups[0]: must be a positive id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := silent(t).Customers.Update(t.Context(), tt.id, tt.request)

			assert.EqualError(t, err, "salla: PUT /customers/{customer}: invalid; "+tt.want)
		})
	}
}

// Calls that answer with a sentence return nothing but the error.
func TestCustomersWithoutResult(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request testkit.Request
		status  int
		fixture string
		call    func(*testing.T, *salla.Client) error
	}{
		{
			"Delete",
			testkit.Request{Method: "DELETE", Path: "/admin/v2/customers/7", Header: sentBare},
			200, "customer_delete_200.json",
			func(t *testing.T, c *salla.Client) error { return c.Customers.Delete(t.Context(), 7) },
		},
		{
			"Ban",
			testkit.Request{Method: "PUT", Path: "/admin/v2/customers/blacklist/7", Header: sentAsJSON, Body: raw(`{"reason":"untrusted customer"}`)},
			200, "customer_ban_200.json",
			func(t *testing.T, c *salla.Client) error {
				return c.Customers.Ban(t.Context(), 7, salla.BanCustomerRequest{Reason: "untrusted customer"})
			},
		},
		{
			"Unban",
			testkit.Request{Method: "DELETE", Path: "/admin/v2/customers/blacklist/7", Header: sentBare},
			202, "customer_unban_202.json",
			func(t *testing.T, c *salla.Client) error { return c.Customers.Unban(t.Context(), 7) },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(tt.request).Fixture(tt.status, tt.fixture)
			gock.Expect(tt.request).Status(204)
			gock.Expect(tt.request).Fixture(404, "error_404_integer_code.json")
			client := newClient(t, gock)

			assert.NoError(t, tt.call(t, client))
			assert.NoError(t, tt.call(t, client), "204 has no body")
			assert.ErrorIs(t, tt.call(t, client), souk.ErrNotFound)
		})
	}
}

func TestCustomersRefuseWithoutSending(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		call func(*testing.T, *salla.Client) error
		want string
	}{
		{"get id 0", func(t *testing.T, c *salla.Client) error {
			_, err := c.Customers.Get(t.Context(), 0, salla.GetCustomerRequest{})
			return err
		}, "salla: GET /customers/{customer}: invalid; customer: must be a positive id"},
		{"delete negative id", func(t *testing.T, c *salla.Client) error {
			return c.Customers.Delete(t.Context(), -7)
		}, "salla: DELETE /customers/{customer}: invalid; customer: must be a positive id"},
		{"ban without reason", func(t *testing.T, c *salla.Client) error {
			return c.Customers.Ban(t.Context(), 7, salla.BanCustomerRequest{})
		}, "salla: PUT /customers/blacklist/{customer}: invalid; Reason: must say why, in a few words"},
		{"import nothing", func(t *testing.T, c *salla.Client) error {
			_, err := c.Customers.Import(t.Context(), salla.ImportCustomersRequest{})
			return err
		}, `salla: POST /customers/import: invalid; File: must not be nil; Name: must be the name of the file in UTF-8, without control characters`},
		{"import a file that could not be opened", func(t *testing.T, c *salla.Client) error {
			_, err := c.Customers.Import(t.Context(), salla.ImportCustomersRequest{Name: "customers.xlsx", File: (*os.File)(nil)})
			return err
		}, `salla: POST /customers/import: invalid; File: must not be nil`},
		{"import with a wrong name", func(t *testing.T, c *salla.Client) error {
			_, err := c.Customers.Import(t.Context(), salla.ImportCustomersRequest{Name: "a\nb", ContentType: "a\nb", File: strings.NewReader("")})
			return err
		}, `salla: POST /customers/import: invalid; ContentType: must be a media type in UTF-8, without control characters; ` +
			`Name: must be the name of the file in UTF-8, without control characters`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			err := tt.call(t, silent(t))

			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, tt.want)
		})
	}
}

// importBody checks a multipart body: one part with the file.
func importBody(content string) func([]byte) error {
	return func(body []byte) error {
		line, _, _ := strings.Cut(string(body), "\r\n")
		part, err := multipart.NewReader(bytes.NewReader(body), strings.TrimPrefix(line, "--")).NextPart()
		if err != nil {
			return err
		}
		got, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FormName() != "file" || part.FileName() != "Salla Customers.xlsx" || part.Header.Get("Content-Type") != "text/csv" || string(got) != content {
			return fmt.Errorf("part %v with %q", part.Header, got)
		}
		return nil
	}
}

func TestCustomersImport(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers/import", Header: sentBare, Body: importBody("First name\nSara\n")}).
		Fixture(200, "customer_import_200.json")

	receipt, err := newClient(t, gock).Customers.Import(t.Context(), salla.ImportCustomersRequest{
		Name: "Salla Customers.xlsx", File: strings.NewReader("First name\nSara\n"), ContentType: "text/csv",
	})

	require.NoError(t, err)
	assert.Equal(t, &salla.Receipt{Code: 200, Message: "يتم حالياً معالجة الملف وسوف يستغرق بعض الوقت"}, receipt)
	media, _, err := mime.ParseMediaType(gock.Requests()[0].Header.Get("Content-Type"))
	require.NoError(t, err)
	assert.Equal(t, "multipart/form-data", media)
}

func TestCustomersImportEmptyFile(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers/import", Body: func([]byte) error { return nil }}).
		Fixture(422, "customer_import_422.json")

	_, err := newClient(t, gock).Customers.Import(t.Context(), salla.ImportCustomersRequest{Name: "a.csv", File: strings.NewReader("")})

	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.EqualError(t, err, "salla: POST /customers/import: 422 invalid (error): الملف المرفوع فارغ!")
	assert.Nil(t, requireError(t, err).Fields)
}

// What an answer has as MobileCode is sent with the plus that Salla wants.
func TestACodeThatWasReadCanBeWritten(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	client := newClient(t, gock)
	const answer = `{"status":200,"success":true,"data":{"id":7}}`
	gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: raw(`{"first_name":"A","mobile_code_country":"+966"}`)}).JSON(200, answer)
	gock.Expect(testkit.Request{Method: "PUT", Path: "/admin/v2/customers/7", Body: raw(`{"mobile_code_country":"+966"}`)}).JSON(200, answer)
	gock.Expect(testkit.Request{Method: "PUT", Path: "/admin/v2/customers/7", Body: raw(`{"mobile_code_country":""}`)}).JSON(200, answer)
	code := "966"

	_, err := client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "A", MobileCodeCountry: code})
	require.NoError(t, err)
	_, err = client.Customers.Update(t.Context(), 7, salla.UpdateCustomerRequest{MobileCodeCountry: &code})
	require.NoError(t, err)
	_, err = client.Customers.Update(t.Context(), 7, salla.UpdateCustomerRequest{MobileCodeCountry: new("")})
	require.NoError(t, err)
	assert.Equal(t, "966", code, "the caller's own stays")
}
