package salla_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/souktest"
)

// kind is what an operation promises as its success.
type kind int

const (
	anObject kind = iota
	aWallet
	aPage
	aList
	anAcknowledgement
	aReceipt
	aUser
)

// operation is one method of the SDK.
type operation struct {
	promises kind
	sends    int // of an answer that leaves open what was done
	call     func(context.Context, *salla.Client, subjects) (any, error)
}

// subjects are what the operations are about.
type subjects struct{ customer, group, webhook int64 }

const once, again = 1, 4

// operations are all methods that send a request, by the names of the stand-in.
var operations = map[string]operation{
	"Customers.Create": {anObject, once, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: "Sara"})
	}},
	"Customers.Get": {anObject, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return c.Customers.Get(ctx, s.customer, salla.GetCustomerRequest{})
	}},
	"Customers.Update": {anObject, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return c.Customers.Update(ctx, s.customer, salla.UpdateCustomerRequest{FirstName: new("Mona")})
	}},
	"Customers.List": {aPage, again, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Customers.List(ctx, salla.ListCustomersRequest{})
	}},
	"Customers.Delete": {anAcknowledgement, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return nil, c.Customers.Delete(ctx, s.customer)
	}},
	"Customers.Ban": {anAcknowledgement, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return nil, c.Customers.Ban(ctx, s.customer, salla.BanCustomerRequest{Reason: "r"})
	}},
	"Customers.Unban": {anAcknowledgement, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return nil, c.Customers.Unban(ctx, s.customer)
	}},
	"Customers.Import": {aReceipt, once, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Customers.Import(ctx, salla.ImportCustomersRequest{Name: "a.csv", File: strings.NewReader("a")})
	}},
	"CustomerGroups.Create": {anObject, once, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.CustomerGroups.Create(ctx, salla.CreateCustomerGroupRequest{Name: "b"})
	}},
	"CustomerGroups.List": {aPage, again, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.CustomerGroups.List(ctx, salla.ListCustomerGroupsRequest{})
	}},
	"CustomerGroups.AddCustomers": {anAcknowledgement, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return nil, c.CustomerGroups.AddCustomers(ctx, salla.AddCustomersRequest{GroupID: s.group, Customers: []int64{s.customer}})
	}},
	"CustomerGroups.UpdateDefault": {anAcknowledgement, again, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return nil, c.CustomerGroups.UpdateDefault(ctx, salla.UpdateDefaultGroupRequest{Features: salla.GroupFeatures{Shipping: []string{"all"}}})
	}},
	"CustomerGroups.Update": {anObject, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return c.CustomerGroups.Update(ctx, s.group, salla.UpdateCustomerGroupRequest{Name: new("b")})
	}},
	"CustomerGroups.Delete": {anAcknowledgement, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return nil, c.CustomerGroups.Delete(ctx, s.group)
	}},
	"LoyaltyPoints.List": {aPage, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return c.LoyaltyPoints.List(ctx, salla.ListLoyaltyPointsRequest{CustomerID: s.customer})
	}},
	"LoyaltyPoints.Update": {anAcknowledgement, once, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		req := change()
		req.Customers = []int64{s.customer}
		return nil, c.LoyaltyPoints.Update(ctx, req)
	}},
	"Wallets.Deposit": {aWallet, once, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return c.Wallets.Deposit(ctx, salla.WalletRequest{CustomerID: s.customer, Amount: "5"})
	}},
	"Wallets.Withdraw": {aWallet, once, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return c.Wallets.Withdraw(ctx, salla.WalletRequest{CustomerID: s.customer, Amount: "5"})
	}},
	"Exports.Customers": {aReceipt, once, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Exports.Customers(ctx, salla.ExportCustomersRequest{})
	}},
	"Exports.Logs": {aList, again, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Exports.Logs(ctx, salla.ListExportLogsRequest{})
	}},
	"Webhooks.Create": {anObject, once, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Webhooks.Create(ctx, salla.CreateWebhookRequest{Topic: salla.TopicCustomersLogin, Address: "https://hooks.example.com/b"})
	}},
	"Webhooks.List": {aPage, again, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Webhooks.List(ctx, salla.ListWebhooksRequest{})
	}},
	"Webhooks.Events": {aList, again, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Webhooks.Events(ctx)
	}},
	"Webhooks.Update": {anObject, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return c.Webhooks.Update(ctx, s.webhook, salla.UpdateWebhookRequest{Name: new("b")})
	}},
	"Webhooks.Delete": {anAcknowledgement, again, func(ctx context.Context, c *salla.Client, s subjects) (any, error) {
		return nil, c.Webhooks.Delete(ctx, s.webhook)
	}},
	"Webhooks.DeleteByAddress": {anAcknowledgement, again, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return nil, c.Webhooks.DeleteByAddress(ctx, "https://hooks.example.com/a")
	}},
	"Users.Info": {aUser, again, func(ctx context.Context, c *salla.Client, _ subjects) (any, error) {
		return c.Users.Info(ctx)
	}},
}

// reads reports the operations that change nothing.
func (o operation) reads() bool {
	return o.promises == aPage || o.promises == aList || o.promises == aUser
}

func isRead(name string) bool { return operations[name].reads() || name == "Customers.Get" }

// populated returns a stand-in in memory that has one of everything.
func populated(t *testing.T) (*sallatest.Server, *salla.Client, subjects) {
	t.Helper()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	client, err := salla.NewClient(server.Config())
	require.NoError(t, err)
	customer, err := client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})
	require.NoError(t, err)
	group, err := client.CustomerGroups.Create(t.Context(), salla.CreateCustomerGroupRequest{Name: "a"})
	require.NoError(t, err)
	webhook, err := client.Webhooks.Create(t.Context(), salla.CreateWebhookRequest{Topic: salla.TopicCustomersCreate, Address: "https://hooks.example.com/a"})
	require.NoError(t, err)
	return server, client, subjects{customer.ID, group.ID, webhook.ID}
}

// stranger gives everybody the same answer.
type stranger struct {
	status int
	body   string
	sent   int
}

func (s *stranger) RoundTrip(r *http.Request) (*http.Response, error) {
	s.sent++
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return &http.Response{
		StatusCode: s.status, Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(strings.NewReader(s.body)), Request: r,
	}, nil
}

// asks calls the operation as often as is wanted, each time with another answer,
// which is given to all attempts.
type asks func(status int, body string) (result any, sent int, err error)

// forEach runs a test of each operation in fake time.
func forEach(t *testing.T, test func(t *testing.T, name string, o operation, ask asks)) {
	t.Helper()
	for name, o := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := baseURL(t)
			synctest.Test(t, func(t *testing.T) {
				server := &stranger{}
				client, err := salla.NewClient(salla.Config{
					Token: "token-1", BaseURL: base, Options: souk.Options{HTTPClient: &http.Client{Transport: server}, Limiter: unlimited{}},
				})
				require.NoError(t, err)
				test(t, name, o, func(status int, body string) (any, int, error) {
					server.status, server.body, server.sent = status, body, 0
					result, err := o.call(t.Context(), client, subjects{7, 7, 7})
					return result, server.sent, err
				})
			})
		})
	}
}

// isNothing reports results that hold nothing.
func isNothing(result any) bool {
	return result == nil || reflect.ValueOf(result).IsZero()
}

func TestEveryOperationIsListed(t *testing.T) {
	t.Parallel()
	names := sallatest.NewServer().Operations()
	for name := range operations {
		assert.Contains(t, names, name)
	}
	assert.Len(t, operations, len(names)-2, "all but those of OAuth")
}

// What others send in place of Salla, whatever its status.
var strangers = []string{
	``, `null`, `{}`, `[]`, `""`, `0`, `true`,
	`<html><h1>Just a moment</h1></html>`,
	`{"message":"maintenance"}`,
	`{"customer":{"id":7}}`, // other vendors
	`{"errors":"Not Found"}`,
	`{"code":"Success","message":"","data":{"id":7}}`,
	`{"code":"not_found","message":"m"}`,
	`{"type":"not_found","message":"m"}`,
	`{"timestamp":"2026-01-01T00:00:00Z","status":404,"error":"Not Found","path":"/admin/v2/customers"}`,
	`{"error":"Unauthorized"}`,
	`{"error":{"code"`,
	`{"status":"success","data":{"id":7,"amount":5}}`,
	`{"status":200,"data":{"id":7,"amount":5},"pagination":{"currentPage":1,"totalPages":1}}`,
	`{"status":200,"success":null,"data":{"id":7,"amount":5}}`,
	`{"status":200,"success":"yes","data":{"id":7,"amount":5}}`,
	`{"status":302,"success":true,"data":{"id":7,"amount":5}}`,
	`{"status":0,"success":true,"data":{"id":7,"amount":5}}`,
	`{"status":"ok","success":true,"data":{"id":7,"amount":5}}`,
}

// Answers in Salla's envelope that lack what the operation promises.
var incomplete = map[kind][]string{
	anObject: {
		`{"status":200,"success":true}`,
		`{"status":200,"success":true,"data":null}`,
		`{"status":200,"success":true,"data":{}}`,
		`{"status":200,"success":true,"data":[]}`,
		`{"status":200,"success":true,"data":["done"]}`,
		`{"status":200,"success":true,"data":"7"}`,
		`{"status":200,"success":true,"data":{"id":0}}`,
		`{"status":200,"success":true,"data":{"id":null,"first_name":"Sara"}}`,
		`{"status":200,"success":true,"data":{"id":-7}}`,
		`{"status":200,"success":true,"data":{"message":"m","code":200}}`,
		`{"status":200,"success":true,"content":{"id":7}}`,
		`{"status":200,"success":true,"id":7}`,
	},
	aWallet: {
		`{"status":200,"success":true}`,
		`{"status":200,"success":true,"data":{}}`,
		`{"status":200,"success":true,"data":[]}`,
		`{"status":200,"success":true,"data":{"id":7}}`,
		`{"status":200,"success":true,"data":{"status":"confirmed","wallet":{"id":7,"balance":468}}}`,
		`{"status":200,"success":true,"data":{"status":"confirmed","amount":null,"wallet":{"id":7}}}`,
		`{"status":200,"success":true,"data":{"status":"confirmed","amount":"","wallet":{"id":7}}}`,
		`{"status":200,"success":true,"data":{"status":"confirmed","amount":{},"wallet":{"id":7}}}`,
	},
	aPage: {
		`{"status":200,"success":true}`,
		`{"status":200,"success":true,"data":null,"pagination":{"currentPage":1,"totalPages":1}}`,
		`{"status":200,"success":true,"data":{},"pagination":{"currentPage":1,"totalPages":1}}`,
		`{"status":200,"success":true,"pagination":{"currentPage":1,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[]}`,
		`{"status":200,"success":true,"data":[{"id":7}]}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":null}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":[]}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":1}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"current_page":1,"last_page":1}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"count":1,"total":1,"perPage":15,"currentPage":1}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"count":1,"total":1,"perPage":15,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":null,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":-1,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[],"pagination":{"count":0,"total":0,"perPage":15,"totalPages":0}}`,
		`{"status":200,"success":true,"data":[],"pagination":{"currentPage":null,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[],"pagination":{"currentPage":-1,"totalPages":0}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":1,"totalPages":null}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":1,"totalPages":"many"}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":1,"totalPages":-1}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":0,"totalPages":0}}`,
		`{"status":200,"success":true,"data":[],"pagination":{"currentPage":1,"totalPages":3}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":0,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":3,"totalPages":3}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"total":0,"perPage":15,"currentPage":1,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"total":-1,"perPage":15,"currentPage":1,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"total":1,"perPage":-1,"currentPage":1,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[{"id":7},{"id":8}],"pagination":{"total":1,"perPage":15,"currentPage":1,"totalPages":1}}`,
		`{"status":200,"success":true,"data":[{"id":7},{"id":8}],"pagination":{"total":2,"perPage":1,"currentPage":1,"totalPages":2}}`,
		`{"status":200,"success":true,"data":[{"id":7}],"pagination":{"total":31,"perPage":30,"currentPage":1,"totalPages":1}}`,
	},
	aList: {
		`{"status":200,"success":true}`,
		`{"status":200,"success":true,"data":null}`,
		`{"status":200,"success":true,"data":{}}`,
		`{"status":200,"success":true,"data":"none"}`,
	},
	aUser: {
		`{"status":200,"success":true}`,
		`{"status":200,"success":true,"data":null}`,
		`{"status":200,"success":true,"data":{}}`,
		`{"status":200,"success":true,"data":[]}`,
		`{"status":200,"success":true,"data":{"name":"Sara","merchant":{"id":8}}}`,
		`{"data":{"id":7}}`,
		`{"id":7}`,
		`{"id":7,"merchant":{}}`,
		`{"id":7,"merchant":{"name":"My Store"}}`,
		`{"merchant":{"id":8}}`,
	},
	anAcknowledgement: {``},
	aReceipt:          {``},
}

func TestStrangersAreNotBelieved(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, name string, o operation, ask asks) {
		for _, body := range slices.Concat(strangers, incomplete[o.promises]) {
			requireOpen(t, name, ask, http.StatusOK, body)
		}
		for _, status := range []int{201, 202, 203, 206, 404, 409, 410, 500, 501, 502, 504, 520, 599, 999, 300, 301, 302, 303} {
			for _, body := range []string{``, `<html>`, `{}`, `{"message":"maintenance"}`} {
				requireOpen(t, name, ask, status, body)
			}
		}
		for _, status := range []int{302, 303} { // not even in Salla's form
			requireOpen(t, name, ask, status, `{"status":404,"success":false,"error":{"code":404,"message":"m"}}`)
		}
		if o.promises != anAcknowledgement {
			requireOpen(t, name, ask, http.StatusNoContent, ``)
		}
	})
}

// requireOpen requires of an answer that the operation does not know what became
// of it, and sends again what can be.
func requireOpen(t *testing.T, name string, ask asks, status int, body string) {
	t.Helper()
	result, sent, err := ask(status, body)

	what := fmt.Sprint(status, " ", body)
	assert.True(t, isNothing(result), what)
	assert.ErrorIs(t, err, souk.ErrUnavailable, what)
	assert.ErrorIs(t, err, souk.ErrUnreadable, what)
	for _, class := range []error{souk.ErrNotFound, souk.ErrInvalid, souk.ErrAlreadyExists, souk.ErrUnauthorized} {
		assert.NotErrorIs(t, err, class, what)
	}
	assert.Equal(t, !isRead(name), errors.Is(err, souk.ErrOutcomeUnknown), what)
	assert.Equal(t, operations[name].sends, sent, what)
	e := requireError(t, err)
	assert.Equal(t, status, e.StatusCode, what)
	assert.Contains(t, e.Message, "came instead of the API's answer", what)
	assert.NotContains(t, err.Error(), "ok:", what)
	assert.NotContains(t, err.Error(), "salla.", "no types of Go: %s", what)
}

// What somebody in between turns away was not passed on.
func TestTurnedAway(t *testing.T) {
	t.Parallel()
	classes := map[int]error{
		400: souk.ErrInvalid, 401: souk.ErrUnauthorized, 403: souk.ErrForbidden, 405: souk.ErrInvalid, 407: souk.ErrInvalid,
		413: souk.ErrInvalid, 422: souk.ErrInvalid, 431: souk.ErrInvalid, 451: souk.ErrInvalid, 304: souk.ErrUnavailable, 307: souk.ErrUnavailable,
	}
	forEach(t, func(t *testing.T, _ string, _ operation, ask asks) {
		for status, class := range classes {
			for _, body := range []string{
				``, `<html>`, `{}`, `null`, `{"message":"The access token is invalid"}`, `{"error":"Unauthorized"}`, `{"error":["denied"]}`,
				`{"timestamp":"2026-01-01T00:00:00Z","status":400,"error":"Bad Request","path":"/admin"}`,
				`{"error":"unauthorized","path":"/admin"}`,
			} {
				result, sent, err := ask(status, body)

				what := fmt.Sprint(status, " ", body)
				assert.True(t, isNothing(result), what)
				assert.ErrorIs(t, err, class, what)
				assert.ErrorIs(t, err, souk.ErrUnreadable, what)
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, what)
				assert.NotErrorIs(t, err, souk.ErrReauthorize, what)
				assert.Equal(t, 1, sent, what)
			}
		}
	})
}

// Salla's own refusals are sent once and did nothing, whatever the status.
func TestOwnRefusals(t *testing.T) {
	t.Parallel()
	const detail = `"error":{"code":"error","message":"m"}`
	tests := []struct {
		status int
		body   string
		class  error
	}{
		{400, `{"status":400,"success":false,"error":{"message":"m"}}`, souk.ErrInvalid},
		{400, `{"error":"invalid_request","error_description":"m"}`, souk.ErrInvalid},
		{401, `{"status":401,"success":false,"error":{"code":"Unauthorized","message":"m"}}`, souk.ErrUnauthorized},
		{401, `{"error":"invalid_grant","error_description":"m"}`, salla.ErrGrantInvalid},
		{403, `{"status":403,"success":false,` + detail + `}`, souk.ErrForbidden},
		{404, `{"success":false,"status":404,"error":{"code":404,"message":"m"}}`, souk.ErrNotFound},
		{404, `{"success":false}`, souk.ErrNotFound},
		{404, `{` + detail + `}`, souk.ErrNotFound},
		{404, `{"error":{}}`, souk.ErrNotFound},
		{405, `{"status":405,"success":false,` + detail + `}`, souk.ErrInvalid},
		{409, `{"status":409,"success":false,"error":{"code":"error","message":"already exists"}}`, souk.ErrInvalid},
		{410, `{"status":410,"success":0,` + detail + `}`, souk.ErrNotFound},
		{422, `{"status":422,"success":"false","error":{"code":"error","message":"m","fields":{"last_name":["m"]}}}`, souk.ErrInvalid},
		{422, `{"status":422,"success":false,"error":{"code":404,"message":"m"}}`, souk.ErrNotFound},
		{422, `{"status":404,"success":false,"error":{"message":"m"}}`, souk.ErrNotFound},
		{200, `{"status":404,"success":false,"error":{"code":404,"message":"m"}}`, souk.ErrNotFound},
		{200, `{"status":404,"error":{"message":"m"}}`, souk.ErrNotFound},
		{200, `{"status":404}`, souk.ErrNotFound},
		{200, `{"status":"404","data":{"message":"m"}}`, souk.ErrNotFound},
		{200, `{"success":false,"error":{"code":"404","message":"m"}}`, souk.ErrNotFound},
		{200, `{"status":422,"data":[],"error":null}`, souk.ErrInvalid},
		{200, `{"status":401,"success":true,"data":{"id":7}}`, souk.ErrUnauthorized},
		{200, `{"status":403,"data":{"id":7}}`, souk.ErrForbidden},
		{200, `{"status":429,"success":false}`, souk.ErrRateLimited},
		{200, `{"success":false}`, souk.ErrInvalid},
		{200, `{"success":false,"data":{"id":7}}`, souk.ErrInvalid},
		{200, `{"status":200,"success":false,"message":"m"}`, souk.ErrInvalid},
		{200, `{"success":"0"}`, souk.ErrInvalid},
		{200, `{"error":{"code":"error","message":"m"}}`, souk.ErrInvalid},
		{202, `{"status":404,"success":false}`, souk.ErrNotFound},
	}
	forEach(t, func(t *testing.T, _ string, _ operation, ask asks) {
		for _, tt := range tests {
			result, sent, err := ask(tt.status, tt.body)

			what := fmt.Sprint(tt.status, " ", tt.body)
			assert.True(t, isNothing(result), what)
			assert.ErrorIs(t, err, tt.class, what)
			for _, class := range []error{souk.ErrUnreadable, souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrAlreadyExists} {
				assert.NotErrorIs(t, err, class, what)
			}
			assert.Equal(t, 1, sent, what)
			assert.NotContains(t, err.Error(), "200 ok", what)
		}
	})
}

// Salla's own trouble, and that of anybody who is overloaded, leaves open what was
// done, also where the trouble is told with a status of success.
func TestTrouble(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status int
		body   string
	}{
		{500, `{"status":500,"success":false,"error":{"code":"server_error","message":"m"}}`},
		{500, `{"status":404,"success":false,"error":{"code":404,"message":"m"}}`},
		{502, `{"error":{"code":"server_error","message":"m"}}`},
		{503, ``},
		{503, `<html>`},
		{503, `{"status":503,"success":false}`},
		{408, ``},
		{408, `{"status":408,"success":false}`},
		{200, `{"status":500,"success":false,"error":{"code":"server_error","message":"m"}}`},
		{200, `{"status":503,"success":false}`},
		{200, `{"status":"500"}`},
		{201, `{"status":408,"success":false}`},
	}
	forEach(t, func(t *testing.T, name string, o operation, ask asks) {
		for _, tt := range tests {
			result, sent, err := ask(tt.status, tt.body)

			what := fmt.Sprint(tt.status, " ", tt.body)
			assert.True(t, isNothing(result), what)
			assert.ErrorIs(t, err, souk.ErrUnavailable, what)
			assert.NotErrorIs(t, err, souk.ErrNotFound, what)
			assert.Equal(t, !isRead(name), errors.Is(err, souk.ErrOutcomeUnknown), what)
			assert.Equal(t, o.sends, sent, what)
		}
	})
}

// Successes in all of Salla's forms.
func TestSuccesses(t *testing.T) {
	t.Parallel()
	type form struct {
		status int
		body   string
	}
	acknowledged := []form{
		{200, `{"status":200,"success":true}`},
		{200, `{"status":200,"success":true,"data":["done"]}`},
		{200, `{"status":201,"success":true,"data":{"message":"m","code":201}}`},
		{200, `{"status":202,"success":true,"data":{"message":null,"code":202}}`},
		{202, `{"status":202,"success":true,"data":{"message":"m","code":202}}`},
		{201, `{"status":"201","success":"true","data":null}`},
		{200, `{"success":1,"data":7}`},
		{200, `{"status":null,"success":true,"data":"done"}`},
	}
	forms := map[kind][]form{
		anObject: {
			{200, `{"status":200,"success":true,"data":{"id":7}}`},
			{201, `{"status":201,"success":true,"data":{"id":7}}`},
			{200, `{"status":201,"success":true,"data":{"id":7}}`},
			{200, `{"status":"200","success":"true","data":{"id":7}}`},
			{200, `{"success":1,"data":{"id":7}}`},
		},
		aWallet: {
			{200, `{"status":200,"success":true,"data":{"status":"confirmed","amount":5}}`},
			{200, `{"status":200,"success":true,"data":{"status":"confirmed","amount":"5.00"}}`},
			{200, `{"status":200,"success":true,"data":{"status":"confirmed","amount_float":-5}}`},
			{200, `{"status":200,"success":true,"data":{"status":"confirmed","amount":null,"amount_float":-5}}`},
		},
		aPage: {
			{200, `{"status":200,"success":true,"data":[],"pagination":{"currentPage":0,"totalPages":0}}`},
			{200, `{"status":200,"success":true,"data":[],"pagination":{"currentPage":1,"totalPages":1}}`},
			{200, `{"status":200,"success":true,"data":[{"id":7}],"pagination":{"currentPage":1,"totalPages":3}}`},
			{200, `{"status":"200","success":"1","data":[{"id":7}],"pagination":{"currentPage":"1","totalPages":"1","links":["string"]}}`},
		},
		aList: {
			{200, `{"status":200,"success":true,"data":[]}`},
			{200, `{"status":200,"success":true,"data":[{"id":7}]}`},
		},
		aUser: {
			{200, `{"status":200,"success":true,"data":{"id":7}}`},
			{200, `{"data":{"id":7,"merchant":{"id":8}}}`},
			{200, `{"id":"7","store":{"id":"8"}}`},
		},
		anAcknowledgement: append(acknowledged, form{204, ``}),
		aReceipt:          acknowledged,
	}
	forEach(t, func(t *testing.T, _ string, o operation, ask asks) {
		for _, form := range forms[o.promises] {
			result, sent, err := ask(form.status, form.body)

			assert.NoError(t, err, form.body)
			assert.Equal(t, 1, sent, form.body)
			if o.promises != anAcknowledgement {
				assert.NotNil(t, result, form.body)
			}
		}
	})
}

// walks are all lists that go on over pages, with how many rows they brought.
var walks = map[string]func(context.Context, *salla.Client, subjects) (rows int, err error){
	"Customers.List": func(ctx context.Context, c *salla.Client, _ subjects) (rows int, err error) {
		for _, err := range c.Customers.All(ctx, salla.ListCustomersRequest{}) {
			if err != nil {
				return rows, err
			}
			rows++
		}
		return rows, nil
	},
	"CustomerGroups.List": func(ctx context.Context, c *salla.Client, _ subjects) (rows int, err error) {
		for _, err := range c.CustomerGroups.All(ctx, salla.ListCustomerGroupsRequest{}) {
			if err != nil {
				return rows, err
			}
			rows++
		}
		return rows, nil
	},
	"LoyaltyPoints.List": func(ctx context.Context, c *salla.Client, s subjects) (rows int, err error) {
		for _, err := range c.LoyaltyPoints.All(ctx, salla.ListLoyaltyPointsRequest{CustomerID: s.customer}) {
			if err != nil {
				return rows, err
			}
			rows++
		}
		return rows, nil
	},
	"Webhooks.List": func(ctx context.Context, c *salla.Client, _ subjects) (rows int, err error) {
		for _, err := range c.Webhooks.All(ctx, salla.ListWebhooksRequest{}) {
			if err != nil {
				return rows, err
			}
			rows++
		}
		return rows, nil
	},
}

// No list ends without an error but where Salla ends it, on the first page or on a
// later one.
func TestWalksEndWhereSallaEndsThem(t *testing.T) {
	t.Parallel()
	const first = `{"status":200,"success":true,"data":[{"id":9},{"id":8}],"pagination":{"count":2,"total":5,"perPage":2,"currentPage":1,"totalPages":3}}`
	emptied := []string{
		`{"status":200,"success":true,"data":[],"pagination":{"count":0,"total":5,"perPage":2,"currentPage":2,"totalPages":3}}`,
		`{"status":200,"success":true,"data":[],"pagination":{"count":0,"total":4,"perPage":2,"currentPage":2,"totalPages":2}}`,
	}
	for name, walk := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, body := range slices.Concat(strangers, incomplete[aPage], emptied) {
				for _, pages := range []int{0, 1} {
					synctest.Test(t, func(t *testing.T) {
						server, client, s := populated(t)
						if pages > 0 {
							server.Inject(souktest.Fault{Operation: name, Status: 200, Body: first})
						}
						server.Inject(souktest.Fault{Operation: name, Times: -1, Status: 200, Body: body})

						rows, err := walk(t.Context(), client, s)

						assert.Equal(t, 2*pages, rows, body)
						assert.ErrorIs(t, err, souk.ErrUnavailable, body)
						assert.ErrorIs(t, err, souk.ErrUnreadable, body)
					})
				}
			}
		})
	}
}

// A page has the rows that it counts, of which some may be unreadable, and no others.
func TestAPageWithoutTheRowsThatItCountsIsNoAnswer(t *testing.T) {
	t.Parallel()
	for lack, body := range map[string]string{
		"the rows of the page":             `{"status":200,"success":true,"data":[],"pagination":{"count":0,"total":3,"perPage":15,"currentPage":1,"totalPages":1}}`,
		"a pagination that holds its rows": `{"status":200,"success":true,"data":[{"id":1,"email":{"a":1}}],"pagination":{"count":0,"total":0,"perPage":15,"currentPage":1,"totalPages":1}}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			server, client, _ := populated(t)
			server.Inject(souktest.Fault{Times: -1, Status: 200, Body: body})

			page, err := client.Customers.List(t.Context(), salla.ListCustomersRequest{})

			assert.Nil(t, page)
			require.ErrorIs(t, err, souk.ErrUnreadable)
			assert.ErrorContains(t, err, "JSON without "+lack)
		})
	}
}

// What came once in place of a page is asked for again, and nothing is lost.
func TestWalksGoOnAfterAStranger(t *testing.T) {
	t.Parallel()
	for _, body := range strangers {
		synctest.Test(t, func(t *testing.T) {
			server := sallatest.NewServer()
			t.Cleanup(server.Close)
			client, err := salla.NewClient(server.Config())
			require.NoError(t, err)
			server.Seed(150)
			server.Inject(souktest.Fault{Path: "/admin/v2/customers", Status: 200, Body: body})

			got, err := ids(t, client, salla.ListCustomersRequest{})

			require.NoError(t, err, body)
			assert.Len(t, got, 150, body)
		})
	}
}

// A delete is done when Salla says so, or does not find what an earlier attempt may
// have deleted. Nobody else can say so.
func TestDeletes(t *testing.T) {
	t.Parallel()
	const page = `<html>404 not found</html>`
	const notFound = `{"status":404,"success":false,"error":{"code":404,"message":"m"}}`
	tests := []struct {
		name   string
		faults []souktest.Fault
		gone   bool
		class  error // nil for success
	}{
		{"lost, and Salla does not find it", []souktest.Fault{{Drop: true, Processed: true}}, true, nil},
		{"502, and Salla does not find it", []souktest.Fault{{Status: 502, Body: page, Processed: true}}, true, nil},
		{"a page, and Salla does not find it", []souktest.Fault{{Status: 200, Body: page, Processed: true}}, true, nil},
		{"a page, and Salla deletes it", []souktest.Fault{{Status: 200, Body: page}}, true, nil},
		{"404 of a proxy, and Salla deletes it", []souktest.Fault{{Status: 404, Body: page}}, true, nil},
		{"204 and it is done", []souktest.Fault{{Status: 204, Processed: true}}, true, nil},
		{"lost, and Salla does not find it with 200", []souktest.Fault{{Drop: true, Processed: true}, {Status: 200, Body: `{"status":404,"success":false}`}}, true, nil},
		{"502, and 404s of a proxy", []souktest.Fault{{Status: 502, Body: page}, {Times: -1, Status: 404, Body: page}}, false, souk.ErrOutcomeUnknown},
		{"504, and 410s of a proxy", []souktest.Fault{{Status: 504}, {Times: -1, Status: 410, Body: `{}`}}, false, souk.ErrOutcomeUnknown},
		{"lost, and 404s in another form", []souktest.Fault{{Drop: true}, {Times: -1, Status: 404, Body: `{"message":"Not Found"}`}}, false, souk.ErrOutcomeUnknown},
		{"nothing with 200", []souktest.Fault{{Times: -1, Status: 200}}, false, souk.ErrOutcomeUnknown},
		{"nothing with 202", []souktest.Fault{{Times: -1, Status: 202}}, false, souk.ErrOutcomeUnknown},
		{"Salla does not find it at first", []souktest.Fault{{Status: 404, Body: notFound}}, false, souk.ErrNotFound},
		{"429, and Salla does not find it", []souktest.Fault{{Status: 429, Body: `{}`}, {Status: 404, Body: notFound}}, false, souk.ErrNotFound},
		{"lost, and another refusal", []souktest.Fault{{Drop: true}, {Status: 403, Body: `{"status":403,"success":false}`}}, false, souk.ErrForbidden},
		{"200 that says no", []souktest.Fault{{Status: 200, Body: `{"success":false}`}}, false, souk.ErrInvalid},
	}
	for _, operation := range []string{"Customers.Delete", "CustomerGroups.Delete", "Webhooks.Delete"} {
		for _, tt := range tests {
			t.Run(operation+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					server, client, s := populated(t)
					for _, fault := range tt.faults {
						fault.Operation = operation
						server.Inject(fault)
					}

					_, err := operations[operation].call(t.Context(), client, s)

					if tt.class == nil {
						assert.NoError(t, err)
					} else {
						assert.ErrorIs(t, err, tt.class)
					}
					left, err := walks[strings.Replace(operation, "Delete", "List", 1)](t.Context(), client, s)
					require.NoError(t, err)
					assert.Equal(t, tt.gone, left == 0)
				})
			})
		}
	}
}

// Lifting a ban is no delete: that the customer is not found does not say that it
// was lifted.
func TestUnbanOfNobodyIsNotFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, s := populated(t)
		server.Inject(souktest.Fault{Operation: "Customers.Unban", Drop: true})
		server.Inject(souktest.Fault{Operation: "Customers.Unban", Status: 404, Body: `{"status":404,"success":false}`})

		err := client.Customers.Unban(t.Context(), s.customer)

		assert.ErrorIs(t, err, souk.ErrNotFound)
	})
}

// Whatever stands between, Ensure ends with one customer or says what is open.
func TestEnsureBetweenStrangers(t *testing.T) {
	t.Parallel()
	for _, body := range slices.Concat(strangers, incomplete[anObject]) {
		for _, processed := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				server := sallatest.NewServer()
				t.Cleanup(server.Close)
				client, err := salla.NewClient(server.Config())
				require.NoError(t, err)
				server.Inject(souktest.Fault{Operation: "Customers.Create", Status: 200, Body: body, Processed: processed})

				customer, created, err := client.Customers.Ensure(t.Context(), sara())

				require.NoError(t, err, body)
				assert.Equal(t, !processed, created, body)
				got, err := ids(t, client, salla.ListCustomersRequest{})
				require.NoError(t, err)
				assert.Equal(t, []int64{customer.ID}, got, body)
			})
		}
	}
}

// A look-up that fails is why Ensure fails, and that somebody may have been created
// is not forgotten.
func TestEnsureWhereLookUpsFail(t *testing.T) {
	t.Parallel()
	const refusal = `{"status":422,"success":false,"error":{"code":"error","message":"m","fields":{"email":["m"]}}}`
	tests := []struct {
		name    string
		create  souktest.Fault
		lookUp  souktest.Fault
		class   error
		unknown bool
	}{
		{"taken, and a page", souktest.Fault{Status: 422, Body: refusal}, souktest.Fault{Status: 200, Body: `<html>`}, souk.ErrUnreadable, false},
		{"taken, and no marks", souktest.Fault{Status: 422, Body: refusal}, souktest.Fault{Status: 200, Body: `{"status":200,"success":true,"data":[]}`}, souk.ErrUnreadable, false},
		{"taken, and 503", souktest.Fault{Status: 422, Body: refusal}, souktest.Fault{Status: 503}, souk.ErrUnavailable, false},
		{"refused with 200, and 503", souktest.Fault{Status: 200, Body: refusal}, souktest.Fault{Status: 503}, souk.ErrUnavailable, false},
		{"lost, and a page", souktest.Fault{Drop: true}, souktest.Fault{Status: 404, Body: `<html>`}, souk.ErrUnreadable, true},
		{"a page, and 503", souktest.Fault{Status: 200, Body: `<html>`}, souktest.Fault{Status: 503}, souk.ErrUnavailable, true},
		{"lost, and a customer without id", souktest.Fault{Drop: true}, souktest.Fault{
			Status: 200, Body: `{"status":200,"success":true,"data":[{"email":"sara@example.test"}],"pagination":{"currentPage":1,"totalPages":1}}`,
		}, souk.ErrUnreadable, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, _ := populated(t)
				tt.create.Operation, tt.create.Times = "Customers.Create", -1
				tt.lookUp.Operation, tt.lookUp.Times = "Customers.List", -1
				server.Inject(tt.create)
				server.Inject(souktest.Fault{Operation: "Customers.List"}) // the look-up before
				server.Inject(tt.lookUp)

				customer, created, err := client.Customers.Ensure(t.Context(), sara())

				assert.Nil(t, customer)
				assert.False(t, created)
				_, row := errors.AsType[*souk.RowError](err)
				assert.Equal(t, !row, errors.Is(err, souk.ErrUnavailable), "a row that cannot be read may be the customer")
				assert.ErrorIs(t, err, tt.class)
				assert.NotErrorIs(t, err, souk.ErrInvalid)
				assert.Equal(t, tt.unknown, errors.Is(err, souk.ErrOutcomeUnknown))
			})
		})
	}
}

// A taken value may be told with any status that speaks of the content.
func TestEnsureFindsWhoIsThereByAnyStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 409, 422} {
		synctest.Test(t, func(t *testing.T) {
			server, client, _ := populated(t)
			there, err := client.Customers.Create(t.Context(), sara())
			require.NoError(t, err)
			server.Inject(souktest.Fault{Operation: "Customers.List", Status: 200, Body: `{"status":200,"success":true,"data":[],"pagination":{"currentPage":1,"totalPages":0}}`})
			server.Inject(souktest.Fault{Operation: "Customers.Create", Status: status, Body: `{"success":false,"error":{"message":"m"}}`})

			customer, created, err := client.Customers.Ensure(t.Context(), sara())

			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, there.ID, customer.ID)
		})
	}
}

// What a proxy turns away says nothing of who is there.
func TestEnsureTurnedAway(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 413, 422} {
		synctest.Test(t, func(t *testing.T) {
			server, client, _ := populated(t)
			before := len(server.Requests())
			server.Inject(souktest.Fault{Operation: "Customers.Create", Status: status, Body: `<html>`})

			_, _, err := client.Customers.Ensure(t.Context(), sara())

			assert.ErrorIs(t, err, souk.ErrUnreadable)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.Len(t, server.Requests(), before+2, "a look-up and a creation")
		})
	}
}

// A path of the user's own may answer with any JSON but Salla's failures.
func TestDoTakesWhatIsNoFailure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status int
		body   string
		class  error // nil for success
	}{
		{200, ``, nil},
		{204, ``, nil},
		{200, `{}`, nil},
		{200, `[1]`, nil},
		{200, `{"status":"active","data":[]}`, nil},
		{200, `{"status":404}`, souk.ErrNotFound},
		{200, `{"success":false}`, souk.ErrInvalid},
		{200, `<html>`, souk.ErrUnreadable},
		{404, `<html>`, souk.ErrUnreadable},
		{404, `{"success":false}`, souk.ErrNotFound},
	}
	for _, tt := range tests {
		for _, out := range []any{nil, new(any)} {
			synctest.Test(t, func(t *testing.T) {
				server, client, _ := populated(t)
				server.Inject(souktest.Fault{Times: -1, Status: tt.status, Body: tt.body})

				err := client.Do(t.Context(), "GET", "/orders", nil, nil, out)

				if tt.class == nil {
					assert.NoError(t, err, tt.body)
				} else {
					assert.ErrorIs(t, err, tt.class, tt.body)
				}
			})
		}
	}
}
