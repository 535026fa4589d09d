package salla_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// answer is the envelope of a success.
type answer[T any] struct {
	Status     int                  `json:"status"`
	Success    bool                 `json:"success"`
	Data       T                    `json:"data"`
	Pagination salla.PaginationWire `json:"pagination"`
}

// listed is a page of a list.
type listed[T any] struct {
	Data       []T                  `json:"data"`
	Pagination salla.PaginationWire `json:"pagination"`
}

// decodes returns a test that a fixture decodes into T without losing a key.
func decodes[T any](ignore ...string) func(*testing.T, []byte) {
	return func(t *testing.T, data []byte) {
		testkit.DecodeStrict(t, data, new(T), ignore...)
	}
}

// isRefusal checks an error's body, which is decoded elsewhere: see TestRefusals.
func isRefusal(t *testing.T, data []byte) {
	var body struct {
		Error json.RawMessage `json:"error"`
	}
	require.NoError(t, json.Unmarshal(data, &body))
	assert.NotEmpty(t, body.Error)
}

// fixtures says of every file of testdata what it decodes into.
var fixtures = map[string]func(*testing.T, []byte){
	"customer_create_request":             decodes[printedRequest](),
	"customer_create_200":                 decodes[answer[salla.CustomerWire]](),
	"customer_create_200_old_brithday":    decodes[answer[salla.CustomerWire]](),
	"customer_schema_example_string_date": decodes[salla.CustomerWire](),
	"customer_update_request":             decodes[salla.UpdateCustomerRequest](),
	"customer_update_200":                 decodes[answer[salla.CustomerWire]](),
	"customer_list_200":                   decodes[listed[salla.CustomerWire]]("status", "success"),
	"customer_list_200_extra_keys":        decodes[listed[salla.CustomerWire]]("status", "success"),
	"customer_details_200_extra_keys":     decodes[answer[salla.CustomerWire]](),
	"customer_sparse":                     decodes[salla.CustomerWire](),
	"customer_delete_200":                 decodes[answer[[]string]](),
	"customer_ban_request":                decodes[salla.BanCustomerRequest](),
	"customer_ban_200":                    decodes[answer[salla.Receipt]](),
	"customer_unban_202":                  decodes[answer[salla.Receipt]](),
	"customer_import_200":                 decodes[answer[salla.Receipt]](),
	"customer_import_422":                 isRefusal,

	"group_create_request":         decodes[salla.CreateCustomerGroupRequest](),
	"group_update_request_between": decodes[salla.UpdateCustomerGroupRequest](),
	"group_200":                    decodes[answer[salla.GroupWire]](),
	"group_list_200":               decodes[listed[salla.GroupWire]]("status", "success"),
	"group_add_request":            decodes[salla.AddCustomersRequest](),
	"group_add_200":                decodes[answer[[]string]](),
	"group_add_422":                isRefusal,
	"group_default_request":        decodes[salla.UpdateDefaultGroupRequest](),
	"group_default_201":            decodes[answer[salla.Receipt]](),
	"group_delete_200":             decodes[answer[salla.Receipt]](),

	"loyalty_get_200":          decodes[listed[salla.LoyaltyPointWire]]("status", "success"),
	"loyalty_post_request":     decodes[salla.UpdateLoyaltyPointsRequest](),
	"loyalty_post_201":         decodes[answer[salla.Receipt]](),
	"loyalty_post_400_no_code": isRefusal,
	"loyalty_post_422":         isRefusal,
	"loyalty_get_401":          isRefusal,
	"loyalty_post_403":         isRefusal,

	"export_request":      decodes[salla.ExportCustomersRequest](),
	"export_200":          decodes[answer[salla.Receipt]](),
	"wallet_deposit_200":  decodes[answer[salla.WalletTransactionWire]](),
	"wallet_withdraw_200": decodes[answer[salla.WalletTransactionWire]](),

	"pagination_links_object":  decodes[salla.PaginationWire](),
	"pagination_links_next":    decodes[salla.PaginationWire](),
	"pagination_links_both":    decodes[salla.PaginationWire](),
	"pagination_links_strings": decodes[salla.PaginationWire](),

	"error_401_scope":         isRefusal,
	"error_401_token":         isRefusal,
	"error_401_user_deleted":  isRefusal,
	"error_401_user_inactive": isRefusal,
	"error_404_integer_code":  isRefusal,
	"error_422_many":          isRefusal,
	"error_422_template":      isRefusal,

	"user_info_enveloped": decodes[answer[salla.UserWire]](),
	"user_info_bare":      decodes[salla.UserWire](),

	"webhook_customer_login":       decodes[delivery[salla.CustomerWire]](),
	"webhook_customer_otp_request": decodes[delivery[salla.OTPWire]](),
	"webhook_app_store_authorize":  decodes[delivery[token]](),
	"webhook_registered":           decodes[answer[salla.WebhookWire]](),
	"webhook_register_422":         isRefusal,

	"token_first_expires_relative": decodes[token](),
	"token_refresh_expires_in":     decodes[token](),
	"token_expires_absolute":       decodes[token](),
	"token_invalid_grant":          isRefusal,
}

// printedRequest is a request as Salla's page prints it, with ids as text. The
// SDK sends numbers.
type printedRequest struct {
	salla.CreateCustomerRequest
	Groups []string `json:"groups"`
}

// delivery is the envelope of a webhook, as WebhookEvent reads it.
type delivery[T any] struct {
	Event     salla.Topic `json:"event"`
	Merchant  int64       `json:"merchant"`
	CreatedAt string      `json:"created_at"`
	Data      T           `json:"data"`
}

// token lists the keys that are read of a token: see TestOAuth_Exchange.
type token struct {
	AccessToken  string      `json:"access_token"`
	RefreshToken string      `json:"refresh_token"`
	TokenType    string      `json:"token_type"`
	Scope        string      `json:"scope"`
	Expires      json.Number `json:"expires"`
	ExpiresIn    json.Number `json:"expires_in"`
}

func TestFixturesLoseNoKey(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(os.DirFS("testdata"), "*.json")
	require.NoError(t, err)
	assert.Len(t, files, 59)
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			check := fixtures[strings.TrimSuffix(file, ".json")]
			require.NotNil(t, check, "the fixture is not in the list")
			check(t, testkit.Fixture(t, file))
		})
	}
}

func TestOperationsAreCovered(t *testing.T) {
	t.Parallel()
	testkit.Operations(t, ".", "")
}

func TestQueriesEncode(t *testing.T) {
	t.Parallel()
	testkit.Queries(t,
		salla.GetCustomerRequest{}, salla.ListCustomersRequest{}, salla.ListCustomerGroupsRequest{},
		salla.ListLoyaltyPointsRequest{}, salla.ListExportLogsRequest{}, salla.ListWebhooksRequest{},
	)
}
