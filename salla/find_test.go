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
		Body: raw(`{"first_name":"Sara","email":"sara@example.test","mobile":"0555555555","mobile_code_country":"+966"}`),
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
	expectCreate(gock).JSON(200, `{"status":200,"success":true,"data":{"id":7}}`)

	customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

	require.NoError(t, err)
	assert.True(t, created)
	assert.Equal(t, int64(7), customer.ID)
}

func TestEnsureFindsWhoIsThere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, refusal string
		search        [][2]string
		want          int64
	}{
		{"by e-mail in any case", taken(takenEmail), [][2]string{{byEmail, `{"id":1,"email":"not.sara@example.test"},{"id":2,"email":"Sara@Example.test"}`}}, 2},
		{"by mobile", taken(takenMobile), [][2]string{{byEmail, ``}, {byMobile, `{"id":3,"mobile":555555555,"mobile_code":"+966"}`}}, 3},
		{"by mobile with a bare code", taken(takenMobile), [][2]string{{byEmail, ``}, {byMobile, `{"id":3,"mobile":555555555,"mobile_code":"966"}`}}, 3},
		{"a refusal without fields", taken(``), [][2]string{{byEmail, `{"id":2,"email":"sara@example.test"}`}}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectCreate(gock).JSON(422, tt.refusal)
			for _, search := range tt.search {
				expectSearch(gock, search[0], search[1])
			}

			customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, tt.want, customer.ID)
		})
	}
}

// What is refused for another reason stays refused.
func TestEnsureReturnsTheRefusal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, refusal string
		searched      bool
	}{
		{"wrong mobile of nobody", taken(takenMobile), true},
		{"another field", taken(`,"fields":{"last_name":["x"]}`), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectCreate(gock).JSON(422, tt.refusal)
			if tt.searched {
				expectSearch(gock, byEmail, `{"id":1,"email":""}`)
				expectSearch(gock, byMobile, `{"id":1,"mobile":"","mobile_code":"+966"},{"id":4,"mobile":555555555,"mobile_code":"+971"}`)
			}

			customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

			assert.Nil(t, customer)
			assert.False(t, created)
			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.Equal(t, 422, requireError(t, err).StatusCode)
		})
	}
}

// The answer was lost: the customer is looked for before anything is sent again.
func TestEnsureAfterALostAnswer(t *testing.T) {
	t.Parallel()

	t.Run("it had been created", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
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
		expectCreate(gock).Drop()
		expectSearch(gock, byEmail, ``)
		expectSearch(gock, byMobile, ``)
		expectCreate(gock).JSON(200, `{"status":200,"success":true,"data":{"id":7}}`)

		customer, created, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

		require.NoError(t, err)
		assert.True(t, created)
		assert.Equal(t, int64(7), customer.ID)
	})

	t.Run("all answers are lost", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		for range 3 {
			expectCreate(gock).Drop()
			expectSearch(gock, byEmail, ``)
			expectSearch(gock, byMobile, ``)
		}

		_, _, err := newClient(t, gock).Customers.Ensure(t.Context(), sara())

		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	})

	t.Run("it is taken, and not found yet", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		expectCreate(gock).Drop()
		expectSearch(gock, byEmail, ``)
		expectSearch(gock, byMobile, ``)
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

	_, _, err := silent(t).Customers.Ensure(t.Context(), salla.CreateCustomerRequest{Gender: "x"})

	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.EqualError(t, err, fmt.Sprint("salla: POST /customers: invalid; Email: Email or Mobile is needed, to find the customer by; ",
		`FirstName: a name is needed: FirstName or LastName; Gender: must be "male", "female" or left out`))
}

// A number without digits is nothing to search for, nor is an e-mail address of
// spaces: everybody without one would match.
func TestEnsureSearchesForWhatIsThere(t *testing.T) {
	t.Parallel()

	t.Run("number without digits", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: raw(`{"first_name":"Sara","email":" sara@example.test","mobile":"none"}`)}).
			JSON(422, taken(takenMobile))
		expectSearch(gock, byEmail, `{"id":1,"email":""}`)

		_, _, err := newClient(t, gock).Customers.Ensure(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara", Email: " sara@example.test", Mobile: "none"})

		assert.Equal(t, 422, requireError(t, err).StatusCode)
	})

	t.Run("address of spaces", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: raw(`{"first_name":"Sara","email":" ","mobile":"5"}`)}).
			JSON(422, taken(takenMobile))
		expectSearch(gock, "5", `{"id":1,"email":""}`)

		_, _, err := newClient(t, gock).Customers.Ensure(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara", Email: " ", Mobile: "5"})

		assert.Equal(t, 422, requireError(t, err).StatusCode)
	})

	t.Run("neither", func(t *testing.T) {
		t.Parallel()

		_, _, err := silent(t).Customers.Ensure(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara", Email: " ", Mobile: "none"})

		assert.EqualError(t, err, "salla: POST /customers: invalid; Email: Email or Mobile is needed, to find the customer by")
	})
}
