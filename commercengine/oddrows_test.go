package commercengine_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

// odd tests rows, or an object, under a path in the content of an answer.
func odd[T any](
	t *testing.T, path, id string, single bool, read func(context.Context, *commercengine.Client) ([]T, error),
) {
	t.Helper()
	oddAsked(t, path, id, single, nil, read)
}

// oddAsked does it with an answer that repeats ids of the call's path.
func oddAsked[T any](
	t *testing.T, path, id string, single bool, asked map[string]string, read func(context.Context, *commercengine.Client) ([]T, error),
) {
	t.Helper()
	answer := "%s"
	if !single {
		answer = "[%s]"
	}
	for names := strings.Split(path, "."); len(names) > 0; names = names[:len(names)-1] {
		answer = `{"` + names[len(names)-1] + `":` + answer + `}`
	}
	if !single {
		answer = strings.TrimSuffix(answer, "}") + `,"pagination":{"total_records":3,"total_pages":1,"limit":3,"previous_page":null,"next_page":null}}`
	}
	testkit.OddRows[T]{
		Answer: `{"success":true,"content":` + answer + `}`, Path: "content." + path, ID: id, Single: single, Asked: asked,
		Client: func(h *http.Client, o *souk.Observer) func(context.Context) ([]T, error) {
			client, err := commercengine.NewClient(commercengine.Config{
				StoreID: testkit.Unique(), Token: "jwt-1", APIKey: "key-1", Options: souk.Options{HTTPClient: h, Observer: o},
			})
			require.NoError(t, err)
			return func(ctx context.Context) ([]T, error) { return read(ctx, client) }
		},
	}.Test(t)
}

func TestOddCustomer(t *testing.T) {
	oddAsked(t, "customer_detail", "id", true, map[string]string{"id": "7"}, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Customer, error) {
		return testkit.One(c.Customers.Get(ctx, "7", commercengine.GetCustomerRequest{}))
	})
}

func TestOddUser(t *testing.T) {
	oddAsked(t, "user", "id", true, map[string]string{"id": "7"}, func(ctx context.Context, c *commercengine.Client) ([]commercengine.User, error) {
		return testkit.One(c.Auth.GetUser(ctx, "7"))
	})
}

func TestOddAddresses(t *testing.T) {
	odd(t, "addresses", "id", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Address, error) {
		list, err := c.Addresses.List(ctx, "1", commercengine.ListAddressesRequest{})
		if list == nil {
			return nil, err
		}
		return list.Addresses, err
	})
}

func TestOddReviews(t *testing.T) {
	odd(t, "reviews", "id", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Review, error) {
		reviews, err := c.Customers.ListReviews(ctx, "1")
		if reviews == nil {
			return nil, err
		}
		return reviews.Reviews, err
	})
}

func TestOddSellers(t *testing.T) {
	odd(t, "authorized_sellers", "id", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Seller, error) {
		list, err := c.Customers.ListAuthorizedSellers(ctx, "1", commercengine.ListAuthorizedSellersRequest{})
		if list == nil {
			return nil, err
		}
		return list.Sellers, err
	})
}

func TestOddLoyaltyActivities(t *testing.T) {
	odd(t, "loyalty_points_activity", "", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.LoyaltyActivity, error) {
		list, err := c.Loyalty.ListActivities(ctx, "1", commercengine.ListLoyaltyActivitiesRequest{})
		if list == nil {
			return nil, err
		}
		return list.Activities, err
	})
}

func TestOddLoyalty(t *testing.T) {
	odd(t, "loyalty", "", true, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Loyalty, error) {
		return testkit.One(c.Loyalty.Get(ctx, "1"))
	})
}

func TestOddCards(t *testing.T) {
	odd(t, "cards", "", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Card, error) {
		return c.Payments.ListCards(ctx, "1")
	})
}

func TestOddPaymentMethods(t *testing.T) {
	odd(t, "saved_payment_methods", "", true, func(ctx context.Context, c *commercengine.Client) ([]commercengine.SavedPaymentMethods, error) {
		return testkit.One(c.Payments.ListPaymentMethods(ctx, "1", commercengine.ListPaymentMethodsRequest{}))
	})
}

func TestOddBankAccounts(t *testing.T) {
	odd(t, "bank_accounts", "", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.BankAccount, error) {
		return c.Payments.ListBankAccounts(ctx, "1", commercengine.ListBankAccountsRequest{})
	})
}

func TestOddBankAccount(t *testing.T) {
	oddAsked(t, "bank_account", "", true, map[string]string{"id": "7"}, func(ctx context.Context, c *commercengine.Client) ([]commercengine.BankAccount, error) {
		return testkit.One(c.Payments.GetBankAccount(ctx, "7", "7"))
	})
}

func TestOddMandates(t *testing.T) {
	odd(t, "mandates", "id", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Mandate, error) {
		return c.Payments.ListMandates(ctx, "1")
	})
}

func TestOddDebitSchedules(t *testing.T) {
	odd(t, "mandate_debit_schedules", "id", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.DebitSchedule, error) {
		list, err := c.Payments.ListDebitSchedules(ctx, "1", commercengine.ListDebitSchedulesRequest{})
		if list == nil {
			return nil, err
		}
		return list.DebitSchedules, err
	})
}

func TestOddIFSC(t *testing.T) {
	oddAsked(t, "ifsc", "ifsc", true, map[string]string{"ifsc": "HDFC0001234"}, func(ctx context.Context, c *commercengine.Client) ([]commercengine.IFSC, error) {
		return testkit.One(c.Payments.LookUpIFSC(ctx, "HDFC0001234"))
	})
}

func TestOddDocuments(t *testing.T) {
	odd(t, "documents", "id", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Document, error) {
		return c.KYC.List(ctx, "1")
	})
}

func TestOddCountries(t *testing.T) {
	odd(t, "countries", "id", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Country, error) {
		return c.Store.ListCountries(ctx)
	})
}

func TestOddStates(t *testing.T) {
	odd(t, "states", "id", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.State, error) {
		return c.Store.ListStates(ctx, "IN")
	})
}

func TestOddPincodes(t *testing.T) {
	odd(t, "pincodes", "", false, func(ctx context.Context, c *commercengine.Client) ([]commercengine.Pincode, error) {
		list, err := c.Store.ListPincodes(ctx, "IN", commercengine.ListPincodesRequest{})
		if list == nil {
			return nil, err
		}
		return list.Pincodes, err
	})
}

// A type of one's own keeps its fields when it embeds a customer.
func TestAnEmbeddedCustomerHidesNoField(t *testing.T) {
	t.Parallel()
	type mine struct {
		commercengine.Customer
		Note string `json:"my_note"`
	}
	var got mine

	require.NoError(t, json.Unmarshal([]byte(`{"id":"1","first_name":"Ada","my_note":"x"}`), &got))

	assert.Equal(t, mine{commercengine.Customer{ID: "1", FirstName: "Ada"}, "x"}, got)
	encoded, err := json.Marshal(got)
	require.NoError(t, err)
	assert.Contains(t, string(encoded), `"my_note":"x"`)
}
