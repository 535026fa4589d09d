package salla_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// sara is whom the tests of Ensure are about.
func sara() salla.CreateCustomerRequest {
	return salla.CreateCustomerRequest{FirstName: "Sara", Email: "sara@example.test", Mobile: "0555555555", MobileCodeCountry: "+966"}
}

func expectCreate(gock *testkit.Gock) *testkit.Reply {
	return gock.Expect(testkit.Request{
		Method: "POST", Path: "/admin/v2/customers",
		Body: raw(`{"first_name":"Sara","email":"sara@example.test","mobile":"555555555","mobile_code_country":"+966"}`),
	})
}

func expectSearch(gock *testkit.Gock, keyword, customers string) {
	total := strconv.Itoa(strings.Count(customers, `"id"`))
	gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"keyword": {keyword}, "per_page": {"60"}}}).
		JSON(200, `{"status":200,"success":true,"data":[`+customers+`],"pagination":{"total":`+total+`,"currentPage":1,"totalPages":1}}`)
}

// taken is a refusal of these fields, in words that say nothing.
func taken(fields string) string {
	return `{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields"` + fields + `}}`
}

const (
	takenEmail  = `,"fields":{"email":["x"]}`
	takenMobile = `,"fields":{"mobile":["x"]}`

	byEmail  = "sara@example.test"
	byMobile = "966555555555"
)

func TestEnsureCreates(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectSearch(gock, byEmail, ``)
	expectCreate(gock).JSON(200, `{"status":200,"success":true,"data":{"id":7}}`)

	customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

	require.NoError(t, err)
	assert.True(t, created)
	assert.Equal(t, int64(7), customer.ID)
}

func TestEnsureFindsWhoIsThere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		change  func(*salla.CreateCustomerRequest)
		keyword string
		rows    string
	}{
		{"by e-mail address in any case", nil, byEmail, `{"id":1,"email":"not.sara@example.test"},{"id":2,"email":"Sara@Example.test "}`},
		{"by e-mail address between spaces", func(r *salla.CreateCustomerRequest) { r.Email = " sara@example.test\n" }, byEmail, `{"id":2,"email":"sara@example.test"}`},
		{"by mobile number", noEmail, byMobile, `{"id":1,"mobile":5555555551,"mobile_code":"+966"},{"id":2,"mobile":555555555,"mobile_code":"+966"}`},
		{"by mobile number with a bare code", noEmail, byMobile, `{"id":2,"mobile":555555555,"mobile_code":"966"}`},
		{"by mobile number that has its code", mobile("+966 55 555 5555", ""), byMobile, `{"id":2,"mobile":555555555,"mobile_code":"966"}`},
		{"by mobile number that has its code and 00", mobile("00966555555555", "+966"), byMobile, `{"id":2,"mobile":555555555,"mobile_code":"966"}`},
		{"by mobile number in Arabic", mobile("٠٥٥٥٥٥٥٥٥٥", "+966"), byMobile, `{"id":2,"mobile":"٥٥٥٥٥٥٥٥٥","mobile_code":"966"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectSearch(gock, tt.keyword, tt.rows)
			req := sara()
			if tt.change != nil {
				tt.change(&req)
			}

			customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), req)

			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, int64(2), customer.ID)
		})
	}
}

func noEmail(r *salla.CreateCustomerRequest) { r.Email = "" }

func mobile(number, code string) func(*salla.CreateCustomerRequest) {
	return func(r *salla.CreateCustomerRequest) { r.Email, r.Mobile, r.MobileCodeCountry = "", number, code }
}

// A number that begins with the digits of its country's code can have it in front, or
// not: it is looked for as both.
func TestEnsureFindsANumberThatMayHaveItsCode(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectSearch(gock, "966966555555555", ``)
	expectSearch(gock, byMobile, `{"id":2,"mobile":555555555,"mobile_code":"966"}`)
	req := sara()
	mobile("966555555555", "+966")(&req)

	customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), req)

	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, int64(2), customer.ID)
}

// Numbers are sent as Salla spells them, the code apart.
func TestEnsureSpellsTheNumber(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"+966 55 555 5555", "00966555555555", "+٩٦٦٥٥٥٥٥٥٥٥٥", "+966 055 555 5555", "00966 (0) 55 555 5555"} {
		for _, code := range []string{"", "966", "+966"} {
			gock := testkit.NewGock(t)
			expectSearch(gock, byMobile, ``)
			gock.Expect(testkit.Request{
				Method: "POST", Path: "/admin/v2/customers",
				Body: raw(`{"first_name":"Sara","mobile":"555555555","mobile_code_country":"+966"}`),
			}).JSON(200, `{"status":200,"success":true,"data":{"id":7}}`)
			req := sara()
			mobile(number, code)(&req)

			_, created, err := newClient(t, gock).Customers.Ensure(t.Context(), req)

			require.NoError(t, err, number)
			assert.True(t, created)
		}
	}
}

// The zero that people write behind the country's code is no difference.
func TestUpsertKnowsANumberWithAZeroBehindItsCode(t *testing.T) {
	t.Parallel()
	for number, code := range map[string]string{"+966 055 555 5555": "", "00966 (0) 55 555 5555": "+966", "966 055 555 5555": "966"} {
		gock := testkit.NewGock(t)
		expectSearch(gock, byEmail, `{"id":2,"email":"sara@example.test","first_name":"Sara","mobile":555555555,"mobile_code":"+966"}`)
		req := sara()
		req.Mobile, req.MobileCodeCountry = number, code

		_, change, err := newClient(t, gock).Customers.Upsert(t.Context(), req)

		require.NoError(t, err)
		assert.Equal(t, souk.Unchanged, change, number)
	}
}

func TestGetByPhoneTakesAZeroBehindTheCode(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectSearch(gock, byMobile, `{"id":2,"mobile":555555555,"mobile_code":"966"}`)

	customer, err := newClient(t, gock).Customers.GetByPhone(t.Context(), "+966 (0) 55 555 5555")

	require.NoError(t, err)
	assert.Equal(t, int64(2), customer.ID)
}

// Whoever was created meanwhile is found after the refusal.
func TestEnsureFindsWhoCameMeanwhile(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]string{"a refusal of the field": taken(takenEmail), "a refusal without fields": taken(``)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectSearch(gock, byEmail, ``)
			expectCreate(gock).JSON(422, refusal)
			expectSearch(gock, byEmail, `{"id":2,"email":"sara@example.test"}`)

			customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, int64(2), customer.ID)
		})
	}
}

// Whoever has the number, but not the e-mail address, is another one.
func TestEnsureDoesNotReturnTheOwnerOfTheNumber(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"other@example.test", ""} {
		gock := testkit.NewGock(t)
		expectSearch(gock, byEmail, ``)
		expectCreate(gock).JSON(422, taken(takenMobile))
		expectSearch(gock, byEmail, ``)
		expectSearch(gock, byMobile, `{"id":3,"mobile":555555555,"mobile_code":"+966","email":"`+email+`"}`)

		customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

		assert.Nil(t, customer)
		assert.False(t, created)
		assert.ErrorIs(t, err, souk.ErrAlreadyExists)
		assert.Equal(t, 422, requireError(t, err).StatusCode)
		assert.ErrorContains(t, err, "a customer with another e-mail address has the phone number")
	}
}

// What is refused for another reason stays refused.
func TestEnsureReturnsTheRefusal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		status   int
		refusal  string
		searched bool
		class    error
	}{
		{"wrong mobile of nobody", 422, taken(takenMobile), true, souk.ErrInvalid},
		{"another field", 422, taken(`,"fields":{"last_name":["x"]}`), false, souk.ErrInvalid},
		{"no right to, by the body", 200, `{"status":403,"success":false}`, false, souk.ErrForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectSearch(gock, byEmail, ``)
			expectCreate(gock).JSON(tt.status, tt.refusal)
			if tt.searched {
				expectSearch(gock, byEmail, `{"id":1,"email":""}`)
				expectSearch(gock, byMobile, `{"id":1,"mobile":"","mobile_code":"+966"},{"id":4,"mobile":555555555,"mobile_code":"+971"}`)
			}

			customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

			assert.Nil(t, customer)
			assert.False(t, created)
			assert.ErrorIs(t, err, tt.class)
			assert.Equal(t, tt.status, requireError(t, err).StatusCode)
		})
	}
}

// The answer was lost: the customer is looked for before anything is sent again.
func TestEnsureAfterALostAnswer(t *testing.T) {
	t.Parallel()

	t.Run("it had been created", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		expectSearch(gock, byEmail, ``)
		expectCreate(gock).Drop()
		expectSearch(gock, byEmail, `{"id":2,"email":"sara@example.test"}`)

		customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

		require.NoError(t, err)
		assert.False(t, created, "the server has not confirmed it")
		assert.Equal(t, int64(2), customer.ID)
	})

	t.Run("it had not been created", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		expectSearch(gock, byEmail, ``)
		expectCreate(gock).Drop()
		expectSearch(gock, byEmail, ``)
		expectCreate(gock).JSON(200, `{"status":200,"success":true,"data":{"id":7}}`)

		customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

		require.NoError(t, err)
		assert.True(t, created)
		assert.Equal(t, int64(7), customer.ID)
	})

	t.Run("all answers are lost", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		expectSearch(gock, byEmail, ``)
		for range 3 {
			expectCreate(gock).Drop()
			expectSearch(gock, byEmail, ``)
		}

		_, _, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	})

	t.Run("it is taken, and not found yet", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		expectSearch(gock, byEmail, ``)
		expectCreate(gock).Drop()
		expectSearch(gock, byEmail, ``)
		expectCreate(gock).JSON(422, taken(takenEmail))
		expectSearch(gock, byEmail, ``)
		expectSearch(gock, byMobile, ``)

		_, _, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

		assert.ErrorIs(t, err, souk.ErrInvalid)
		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown, "it may be ours")
	})

	t.Run("the search fails", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		expectSearch(gock, byEmail, ``)
		expectCreate(gock).Drop()
		gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: url.Values{"keyword": {byEmail}, "per_page": {"60"}}}).
			Fixture(401, "error_401_token.json")

		_, _, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.ErrorIs(t, err, salla.ErrTokenInvalid)
	})
}

func TestEnsureNeedsSomethingToFindBy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		email, mobile, code, want string
	}{
		{"", "", "", "Email: Email or Mobile is required, to find the customer by"},
		{"", "", "+966", "Email: Email or Mobile is required, to find the customer by"},
		{" ", "", "", "Email: must be an e-mail address"},
		{"n/a", "555555555", "+966", "Email: must be an e-mail address"},
		{"", "n/a", "+966", "Mobile: must be a phone number"},
		{"sara@example.test", "none", "+966", "Mobile: must be a phone number"},
		{"", "000", "+966", "Mobile: must be a phone number"},
		{"", "+966", "+966", "Mobile: must have a number behind the country's code"},
		{"", "+966", "", "Mobile: must have a number behind the country's code"},
		{"", "0555555555", "", "MobileCodeCountry: is required, to find the customer by Mobile"},
		{"", "966555555555", "", "MobileCodeCountry: is required, to find the customer by Mobile"},
		{"sara@example.test", "+971555555555", "+966", "MobileCodeCountry: must be the code that Mobile begins with"},
	} {
		req := salla.CreateCustomerRequest{FirstName: "Sara", Email: tt.email, Mobile: tt.mobile, MobileCodeCountry: tt.code}

		_, _, err := silent(t).Customers.Ensure(t.Context(), req)
		_, change, ofUpsert := silent(t).Customers.Upsert(t.Context(), req)

		assert.ErrorIs(t, err, souk.ErrInvalid)
		assert.EqualError(t, err, "salla: POST /customers: invalid; "+tt.want)
		assert.EqualError(t, ofUpsert, "salla: POST /customers: invalid; "+tt.want)
		assert.Empty(t, change)
	}
}

// What else is wrong is told beside it.
func TestEnsureChecksTheRequestFirst(t *testing.T) {
	t.Parallel()

	_, _, err := silent(t).Customers.Ensure(t.Context(), salla.CreateCustomerRequest{Gender: "x"})

	assert.EqualError(t, err, fmt.Sprint("salla: POST /customers: invalid; Email: Email or Mobile is required, to find the customer by; ",
		`FirstName: a name is required: FirstName or LastName; Gender: must be "male", "female" or left out`))
}

func TestGetByEMailAndPhone(t *testing.T) {
	t.Parallel()
	const (
		others = `{"id":1,"email":"not.sara@example.test","mobile":5555555551,"mobile_code":"+966"},{"id":4,"mobile":555555555,"mobile_code":"+971"},{"id":5}`
		hers   = others + `,{"id":2,"email":"SARA@example.test","mobile":555555555,"mobile_code":"+966"}`
	)
	byAddress := func(client *salla.Client) (*salla.Customer, error) {
		return client.Customers.GetByEmail(t.Context(), " sara@example.test")
	}
	byNumber := func(client *salla.Client) (*salla.Customer, error) {
		return client.Customers.GetByPhone(t.Context(), "00966 55 555 5555")
	}
	for _, tt := range []struct {
		name, keyword, none string
		get                 func(*salla.Client) (*salla.Customer, error)
	}{
		{"e-mail address", byEmail, "no customer has this e-mail address", byAddress},
		{"phone number", byMobile, "no customer has this phone number", byNumber},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			client := newClient(t, gock)
			expectSearch(gock, tt.keyword, hers)
			customer, err := tt.get(client)
			require.NoError(t, err)
			assert.Equal(t, int64(2), customer.ID)

			expectSearch(gock, tt.keyword, others)
			customer, err = tt.get(client)
			assert.Nil(t, customer)
			assert.ErrorIs(t, err, souk.ErrNotFound)
			assert.EqualError(t, err, "salla: GET /customers: 200 not found: "+tt.none)
		})
	}

	for _, text := range []string{"", " ", "n/a", "@"} {
		_, err := silent(t).Customers.GetByEmail(t.Context(), text)
		assert.EqualError(t, err, "salla: GET /customers: invalid; email: must be an e-mail address")
		_, err = silent(t).Customers.GetByPhone(t.Context(), text)
		assert.EqualError(t, err, "salla: GET /customers: invalid; phone: must be a phone number")
	}
}

// Upsert changes what differs in one update, and nothing else.
func TestUpsertChangesWhatDiffers(t *testing.T) {
	t.Parallel()
	const there = `{"id":2,"email":"Sara@example.test","first_name":"Sara","last_name":"Ali ","mobile":555555555,"mobile_code":"966",
		"gender":"female","birthday":{"date":"1997-06-03 00:00:00.000000","timezone_type":3,"timezone":"Asia/Riyadh"},"groups":[1,7],"country_code":"sa"}`
	for _, tt := range []struct {
		name   string
		change func(*salla.CreateCustomerRequest)
		sent   string // "" for nothing
	}{
		{"nothing to compare", func(r *salla.CreateCustomerRequest) {
			*r = salla.CreateCustomerRequest{FirstName: "Sara", Email: r.Email}
		}, ``},
		{"the same in other spellings", func(r *salla.CreateCustomerRequest) {
			r.Mobile, r.MobileCodeCountry = "00966 555555555", ""
			r.LastName, r.Gender, r.Birthday, r.Groups, r.CountryCode = " Ali", salla.GenderFemale, "1997-06-03", []int64{7}, "SA"
		}, ``},
		{"names", func(r *salla.CreateCustomerRequest) { r.FirstName, r.LastName = "Sarah", "Omar" }, `{"first_name":"Sarah","last_name":"Omar"}`},
		{"number", func(r *salla.CreateCustomerRequest) { r.Mobile = "0555555556" }, `{"mobile":"555555556","mobile_code_country":"+966"}`},
		{"number with its code", func(r *salla.CreateCustomerRequest) { r.Mobile, r.MobileCodeCountry = "+971555555555", "" }, `{"mobile":"555555555","mobile_code_country":"+971"}`},
		{"number without a code", func(r *salla.CreateCustomerRequest) { r.Mobile, r.MobileCodeCountry = "0555555556", "" }, `{"mobile":"555555556"}`},
		{"the same number without a code", func(r *salla.CreateCustomerRequest) { r.MobileCodeCountry = "" }, ``},
		{"code", func(r *salla.CreateCustomerRequest) { r.Mobile, r.MobileCodeCountry = "", "971" }, `{"mobile_code_country":"+971"}`},
		{"the same code", func(r *salla.CreateCustomerRequest) { r.Mobile, r.MobileCodeCountry = "", "+966" }, ``},
		{"gender", func(r *salla.CreateCustomerRequest) { r.Gender = salla.GenderMale }, `{"gender":"male"}`},
		{"birthday", func(r *salla.CreateCustomerRequest) { r.Birthday = "1997-06-04" }, `{"birthday":"1997-06-04"}`},
		{"groups", func(r *salla.CreateCustomerRequest) { r.Groups = []int64{7, 9} }, `{"groups":[1,7,9]}`},
		{"country", func(r *salla.CreateCustomerRequest) { r.CountryCode = "AE" }, `{"country_code":"AE"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			req := sara()
			tt.change(&req)
			expectSearch(gock, byEmail, there)
			want := souk.Unchanged
			if tt.sent != "" {
				want = souk.Updated
				gock.Expect(testkit.Request{Method: "PUT", Path: "/admin/v2/customers/2", Body: raw(tt.sent)}).
					JSON(200, `{"status":200,"success":true,"data":{"id":2}}`)
			}

			customer, change, err := newClient(t, gock).Customers.Upsert(t.Context(), req)

			require.NoError(t, err)
			assert.Equal(t, want, change)
			assert.Equal(t, int64(2), customer.ID)
		})
	}
}

func TestUpsertCreatesAndTells(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectSearch(gock, byEmail, ``)
	expectCreate(gock).JSON(200, `{"status":200,"success":true,"data":{"id":7}}`)

	customer, change, err := newClient(t, gock).Customers.Upsert(t.Context(), sara())

	require.NoError(t, err)
	assert.Equal(t, souk.Created, change)
	assert.Equal(t, int64(7), customer.ID)
}

// The number may be another's.
func TestUpsertTellsWhyANumberIsRefused(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectSearch(gock, byEmail, `{"id":2,"email":"sara@example.test","first_name":"Sara"}`)
	gock.Expect(testkit.Request{Method: "PUT", Path: "/admin/v2/customers/2", Body: raw(`{"mobile":"555555555","mobile_code_country":"+966"}`)}).
		JSON(422, taken(takenMobile))
	expectSearch(gock, byMobile, `{"id":3,"email":"other@example.test","mobile":555555555,"mobile_code":"966"}`)

	customer, change, err := newClient(t, gock).Customers.Upsert(t.Context(), sara())

	assert.Nil(t, customer)
	assert.Empty(t, change)
	assert.ErrorIs(t, err, souk.ErrAlreadyExists)
}
