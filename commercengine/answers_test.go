package commercengine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

// strangers are answers of others, and none.
var strangers = []string{
	"", " ", "null", "{}", "[]", `""`, "0", "true", "<html>maintenance</html>", `{"message"`,
	`{"message":"maintenance"}`, `{"message":"ok","content":{}}`, `{"content":null}`, `{"success":null}`, `{"success":"maybe"}`, `{"success":{}}`,
	`{"success":false}`, `{"success":false,"message":""}`, `{"success":false,"message":null}`, `{"success":false,"errors":[{"code":1000,"message":"no"}]}`,
	`{"status":200,"data":{"id":1},"pagination":{"count":1}}`,
	`{"status":404,"success":false,"error":{"code":"error","message":"no"}}`,
	`{"customer":{"id":"4201825054"}}`, `{"errors":"Not Found"}`, `{"code":"Success","data":{"customer":{"id":"1"}}}`,
	`{"customers":[],"count":0,"offset":0,"limit":50}`, `{"id":"1","object":"customer","deleted":true}`,
	`{"type":"not_found","message":"Customer was not found"}`, `{"code":"invalid_request_error","type":"not_found","message":"Customer was not found"}`,
	`{"code":5,"message":"Method does not exist."}`, `{"code":"not_found","message":"no","status":404}`, `{"error":{"code":404,"message":"no"}}`,
	`{"timestamp":"2026-01-05T10:00:00Z","status":404,"error":"Not Found","path":"/"}`, `{"success":true,"code":"not_found","message":"no","pages":[]}`,
}

// acknowledges reports whether the body is a success of an operation without
// content.
func acknowledges(body string) bool { return strings.Contains(body, `"success":true`) }

// incomplete are answers of the vendor's that lack a part of the success of an
// operation, made of it.
func incomplete(t *testing.T, o operation) []string {
	t.Helper()
	if o.nothing {
		return nil
	}
	bodies := []string{`{"message":"ok","success":true}`, `{"success":true,"content":null}`, `{"success":true,"content":{}}`, `{"success":true,"content":[]}`}
	var whole struct{ Content map[string]json.RawMessage }
	require.NoError(t, json.Unmarshal(testkit.Fixture(t, o.fixture+".json"), &whole))
	for name := range whole.Content {
		if optional[name] || optional[o.fixture+" "+name] {
			continue
		}
		for _, value := range []string{"", "null", "{}", `""`} {
			if value == "{}" && (name == "saved_payment_methods" || name == "active_mandates") {
				continue // of a customer who has none
			}
			content := map[string]json.RawMessage{}
			for other, raw := range whole.Content {
				content[other] = raw
			}
			delete(content, name)
			if value != "" {
				content[name] = json.RawMessage(value)
			}
			bodies = append(bodies, envelope(t, content))
		}
	}
	return bodies
}

// optional are the members of contents that may be left out, or be odd: of all
// operations, or of one.
var optional = map[string]bool{
	"user": false, "get-anonymous-token user": true, "login-with-password user": true, "verify-otp user": true,
	"reset-password user": true, "logout user": true, "refresh_token": true, "otp_action": true,
	"ready_for_review": true, "credit_line_balance": true, "is_eligible": true,
}

func envelope(t *testing.T, content any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"message": "ok", "success": true, "content": content})
	require.NoError(t, err)
	return string(body)
}

// Nothing but the success of the operation is one. What comes in its place is no
// proof of anything: it is read again, or the outcome is not known.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for _, body := range append(incomplete(t, o), strangers...) {
					if o.nothing && acknowledges(body) {
						continue
					}
					requireForeign(t, o, 200, body)
				}
				for i, status := range []int{202, 204, 404, 409, 410, 500, 501, 502, 504, 520} {
					requireForeign(t, o, status, "")
					requireForeign(t, o, status, `{"message":"maintenance"}`)
					requireForeign(t, o, 404, strangers[len(strangers)-1-i])
				}
			})
		})
	}
}

// requireForeign carries the operation out, and gets the answer each time.
func requireForeign(t *testing.T, o operation, status int, body string) {
	t.Helper()
	sent := 1
	if o.repeats() {
		sent = 4
	}
	gock := testkit.NewGock(t)
	gock.Expect(o.request()).Body(status, "text/html", []byte(body)).Times(sent)

	got, err := o.call(t.Context(), patient(t, gock))

	answered := fmt.Sprintf("%d %s", status, body)
	require.Error(t, err, answered)
	assert.True(t, got == nil || reflect.ValueOf(got).IsZero(), "%s: %v", answered, got)
	assert.Equal(t, sent, requireError(t, err).Attempts, answered)
	require.ErrorIs(t, err, souk.ErrUnavailable, answered)
	require.ErrorIs(t, err, souk.ErrUnreadable, answered)
	assert.Equal(t, !o.safe(), errors.Is(err, souk.ErrOutcomeUnknown), answered)
	for _, class := range []error{souk.ErrNotFound, souk.ErrAlreadyExists, souk.ErrInvalid, souk.ErrUnauthorized, souk.ErrForbidden} {
		assert.NotErrorIs(t, err, class, answered)
	}
	assert.NotContains(t, err.Error(), " ok", answered)
	assert.Empty(t, requireError(t, err).Code, answered)
}

// Somebody who turns a request away has not passed it on, so it is sent once.
func TestAnswersOfThoseWhoTurnAway(t *testing.T) {
	t.Parallel()
	classes := map[int]error{
		400: souk.ErrInvalid, 401: souk.ErrUnauthorized, 403: souk.ErrForbidden, 405: souk.ErrInvalid, 407: souk.ErrInvalid,
		413: souk.ErrInvalid, 422: souk.ErrInvalid, 431: souk.ErrInvalid, 451: souk.ErrInvalid,
	}
	for _, o := range operations() {
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			for status, class := range classes {
				for _, body := range []string{"", "<html>", "{}", `{"message":"no"}`, `{"success":false}`, `{"code":401,"message":"no"}`} {
					gock := testkit.NewGock(t)
					gock.Expect(o.request()).Body(status, "text/html", []byte(body))

					_, err := o.call(t.Context(), patient(t, gock))

					require.ErrorIs(t, err, class, "%d %s", status, body)
					require.ErrorIs(t, err, souk.ErrUnreadable, "%d %s", status, body)
					require.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "%d %s", status, body)
				}
			}
		})
	}
}

// The vendor's own refusals are final.
func TestRefusals(t *testing.T) {
	t.Parallel()
	refusals := map[string]struct {
		status int
		class  error
	}{
		`{"success":false,"message":"no"}`:                                    {200, souk.ErrInvalid},
		`{"success":"false","message":"no","content":{"user":{"id":"u"}}}`:    {200, souk.ErrInvalid},
		`{"success":false,"message":"no","code":"NOT_FOUND"}`:                 {200, souk.ErrNotFound},
		`{"success":false,"message":"no","errors":{"phone":["is too long"]}}`: {400, souk.ErrInvalid},
		`{"message":"no","code":"invalid_input"}`:                             {400, souk.ErrInvalid},
		`{"success":false,"message":"no","code":"invalid_credentials"}`:       {401, souk.ErrUnauthorized},
		`{"success":false,"message":"no","code":"unauthorized"}`:              {401, souk.ErrUnauthorized},
		`{"success":false,"message":"no","code":"forbidden"}`:                 {403, souk.ErrForbidden},
		`{"success":false,"message":"no","code":"gone_for_good"}`:             {404, souk.ErrNotFound},
		`{"message":"no","code":"not_found"}`:                                 {404, souk.ErrNotFound},
		`{"success":false,"message":"nothing there","code":"x"}`:              {410, souk.ErrNotFound},
		`{"success":false,"message":"no","code":"unprocessable"}`:             {422, souk.ErrInvalid},
	}
	for _, o := range operations() {
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			for body, want := range refusals {
				if o.path == "/store/check" && want.status == 200 {
					continue // which is what it asks for
				}
				gock := testkit.NewGock(t)
				gock.Expect(o.request()).JSON(want.status, body)

				got, err := o.call(t.Context(), patient(t, gock))

				require.ErrorIs(t, err, want.class, body)
				require.NotErrorIs(t, err, souk.ErrUnreadable, body)
				require.NotErrorIs(t, err, souk.ErrOutcomeUnknown, body)
				assert.True(t, got == nil || reflect.ValueOf(got).IsZero(), body)
			}
		})
	}
}

// The vendor's own trouble, and a 408 or 503 of anybody, may be tried again where
// that does no harm, whatever Retry-After says.
func TestTrouble(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for status, body := range map[int]string{500: `{"success":false,"message":"oops","code":"not_found"}`, 503: "<html>", 408: `{"success":false,"message":"no"}`} {
					sent := 1
					if o.repeats() {
						sent = 4
					}
					gock := testkit.NewGock(t)
					gock.Expect(o.request()).Body(status, "application/json", []byte(body)).Header("Retry-After", "0").Times(sent)

					_, err := o.call(t.Context(), patient(t, gock))

					require.ErrorIs(t, err, souk.ErrUnavailable, status)
					assert.NotErrorIs(t, err, souk.ErrUnreadable, status)
					assert.Equal(t, !o.safe(), errors.Is(err, souk.ErrOutcomeUnknown), status)
					assert.Len(t, gock.Requests(), sent)
				}
			})
		})
	}
}

// What was lost or foreign before does not matter once the success has come, and
// nothing of it is left in the result.
func TestSuccessAfterForeignAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		request := testkit.Request{URL: base + addressPath + "/" + addressID}
		gock := testkit.NewGock(t)
		gock.Expect(request).Cut(200, "application/json", `{"success":true,"content":{"address":{"id":"adr-2"`)
		gock.Expect(request).Body(502, "text/html", []byte("<html>"))
		gock.Expect(request).JSON(200, `{"success":false,"content":{"address":{"id":"adr-3","nickname":"Home"}}}`)
		gock.Expect(request).JSON(200, `{"success":true,"content":{"address":{"id":"`+addressID+`"}}}`)

		address, err := patient(t, gock).Addresses.Get(t.Context(), customerID, addressID)

		require.NoError(t, err)
		assert.Equal(t, &commercengine.Address{ID: addressID}, address)
	})
	synctest.Test(t, func(t *testing.T) {
		l := numbered[0]
		gock := testkit.NewGock(t)
		gock.Expect(l.request(2, 5)).JSON(200, `{"success":false,"content":{"addresses":[{"id":"1"}],"pagination":{"next_page":3}}}`)
		gock.Expect(l.request(2, 5)).JSON(200, `{"success":true,"content":{"pagination":{"next_page":3}}}`)
		gock.Expect(l.request(2, 5)).JSON(200, `{"success":true,"content":{"addresses":[{"id":"2"}]}}`)
		gock.Expect(l.request(2, 5)).JSON(200, `{"success":true,"content":{"addresses":[{"id":"3"}],"pagination":{"next_page":3}}}`)

		page, err := patient(t, gock).Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{Page: 2, Limit: 5})

		require.NoError(t, err)
		assert.Equal(t, []commercengine.Address{{ID: "3"}}, page.Addresses)
		next, more := page.Next()
		assert.True(t, more)
		assert.Equal(t, commercengine.ListAddressesRequest{Page: 3, Limit: 5}, next)
	})
}

func contentOf(t *testing.T, body string) string {
	t.Helper()
	var answer struct{ Content json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(body), &answer))
	if answer.Content == nil {
		return "null"
	}
	return string(answer.Content)
}

// The description of most answers leaves it open whether success is in them.
func TestSuccessThatIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(o.request()).JSON(200, `{"message":"ok","content":`+contentOf(t, string(testkit.Fixture(t, o.fixture+".json")))+`}`)

			_, err := o.call(t.Context(), newClient(t, gock))

			if o.nothing || strings.HasPrefix(o.path, "/auth/") {
				assert.ErrorIs(t, err, souk.ErrUnreadable)
				return
			}
			assert.NoError(t, err)
			for _, odd := range []string{`""`, `"maybe"`, "2", "{}", `[true]`} {
				gock.Expect(o.request()).JSON(200, `{"success":`+odd+`,"content":`+contentOf(t, string(testkit.Fixture(t, o.fixture+".json")))+`}`)

				_, err := o.call(t.Context(), newClient(t, gock))

				assert.ErrorIs(t, err, souk.ErrUnreadable, odd)
			}
		})
	}
}

func TestSpellingsOfSuccess(t *testing.T) {
	t.Parallel()
	for success, ok := range map[string]bool{
		"true": true, `"true"`: true, "1": true, `"1"`: true,
		`"yes"`: false, "2": false, "[true]": false, `{"true":1}`: false, `""`: false, "null": false,
	} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{Method: "DELETE", URL: base + addressPath + "/" + addressID}).JSON(200, `{"success":`+success+`,"message":"removed"}`)

		err := newClient(t, gock).Addresses.Delete(t.Context(), customerID, addressID)

		assert.Equal(t, ok, err == nil, success)
	}
}

// A delete whose answer was lost is done once its repeat finds nothing, in the
// vendor's words.
func TestDeletesThatFindNothing(t *testing.T) {
	t.Parallel()
	lost := map[string]func(*testkit.Reply){
		"dropped":  func(r *testkit.Reply) { r.Drop() },
		"502":      func(r *testkit.Reply) { r.Body(502, "text/html", []byte("<html>")) },
		"own 500":  func(r *testkit.Reply) { r.JSON(500, `{"success":false,"message":"oops"}`) },
		"web page": func(r *testkit.Reply) { r.Body(200, "text/html", []byte("<html>")) },
		"404":      func(r *testkit.Reply) { r.Body(404, "text/html", []byte("<html>")) },
	}
	found := map[string]struct {
		status int
		body   string
		gone   bool
	}{
		"not found":          {404, `{"success":false,"message":"no","code":"not_found"}`, true},
		"by its code":        {400, `{"message":"no","code":"NOT_FOUND"}`, true},
		"in 200":             {200, `{"success":false,"message":"no","code":"not_found"}`, true},
		"by its status":      {404, `{"success":false,"message":"no"}`, true},
		"no such operation":  {405, `{"success":false,"message":"no"}`, false},
		"another code alone": {404, `{"message":"no","code":"route_unknown"}`, false},
		"gone":               {410, `{"success":false,"message":"no"}`, false},
		"unauthorized":       {401, `{"success":false,"message":"no","code":"x"}`, false},
	}
	for _, o := range operations() {
		if o.method != http.MethodDelete && !strings.HasSuffix(o.path, "/deactivate") {
			continue
		}
		t.Run(o.method+o.path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for name, reply := range lost {
					for what, then := range found {
						gock := testkit.NewGock(t)
						reply(gock.Expect(o.request()))
						gock.Expect(o.request()).JSON(then.status, then.body)

						_, err := o.call(t.Context(), patient(t, gock))

						if then.gone && o.method == http.MethodDelete {
							assert.NoError(t, err, "%s, %s", name, what)
							continue
						}
						assert.ErrorIs(t, err, souk.ErrOutcomeUnknown, "%s, %s", name, what)
					}
				}
			})
		})
	}
}

// A first "not found" is one, and a proxy's never proves that something has gone.
func TestDeletesOfNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		request := testkit.Request{Method: "DELETE", URL: base + addressPath + "/" + addressID}
		gock := testkit.NewGock(t)
		gock.Expect(request).Fixture(404, "error_404.json")
		assert.ErrorIs(t, patient(t, gock).Addresses.Delete(t.Context(), customerID, addressID), souk.ErrNotFound)

		gock = testkit.NewGock(t)
		gock.Expect(request).Status(502)
		gock.Expect(request).Body(404, "text/html", []byte("<html>")).Times(3)
		err := patient(t, gock).Addresses.Delete(t.Context(), customerID, addressID)
		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.EqualError(t, err, "commercengine: DELETE /customers/{customer_id}/addresses/{address_id}: 404 unavailable, unreadable, outcome unknown: "+
			"a web page came instead of the API's answer (text/html): check BaseURL and proxies; after 4 attempts")
	})
}

// The id of a customer is not that of the user in whose form later versions of the
// API describe one.
func TestCustomersOfLaterVersions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ content, id string }{
		"customer":         {`{"customer_detail":{"id":"cus-1","customer_id":"x"}}`, "cus-1"},
		"user":             {`{"user":{"id":"usr-1","customer_id":"cus-1"}}`, "cus-1"},
		"both":             {`{"customer_detail":{"id":"cus-1"},"user":{"id":"usr-1","customer_id":"cus-2"}}`, "cus-1"},
		"user of nobody":   {`{"user":{"id":"usr-1"}}`, ""},
		"anonymous":        {`{"user":{"id":"usr-1","customer_id":null}}`, ""},
		"customer of none": {`{"customer_detail":{"customer_id":"cus-1"}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: base + "/customers/cus-1"}).JSON(200, `{"success":true,"content":`+tt.content+`}`)

			customer, err := newClient(t, gock).Customers.Get(t.Context(), "cus-1", commercengine.GetCustomerRequest{})

			if tt.id == "" {
				assert.ErrorIs(t, err, souk.ErrUnreadable)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.id, customer.ID)
		})
	}
}

// What the vendor's description leaves open is taken as it comes.
func TestContentsThatMayLackSomething(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		path, content string
		call          func(context.Context, *commercengine.Client) (any, error)
		ok            bool
	}{
		"account without id": {accountPath + "/" + accountID, `{"bank_account":{"account_type":"inbound"}}`, func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.GetBankAccount(ctx, customerID, accountID)
		}, true},
		"no saved methods": {"/customers/" + customerID + "/payment-methods", `{"saved_payment_methods":{}}`, func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Payments.ListPaymentMethods(ctx, customerID, commercengine.ListPaymentMethodsRequest{})
		}, true},
		"no KYC": {"/store/kyc-document", `{"is_kyc_enabled":false}`, func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.KYC.ListDocumentTypes(ctx)
		}, true},
		"KYC without documents": {"/store/kyc-document", `{"is_kyc_enabled":true}`, func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.KYC.ListDocumentTypes(ctx)
		}, false},
		"no loyalty": {"/customers/" + customerID + "/loyalty", `{"loyalty":{}}`, func(ctx context.Context, c *commercengine.Client) (any, error) {
			return c.Loyalty.Get(ctx, customerID)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: base + tt.path}).JSON(200, `{"success":true,"content":`+tt.content+`}`)

			_, err := tt.call(t.Context(), newClient(t, gock))

			if tt.ok {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, souk.ErrUnreadable)
		})
	}
}

// Only the lists that were asked for have to come.
func TestVerificationLists(t *testing.T) {
	t.Parallel()
	phones, emails := []string{"9876543210"}, []string{"asha@example.com"}
	for _, tt := range []struct {
		phones, emails []string
		content        string
		ok             bool
	}{
		{phones, nil, `{"verified_phone":[]}`, true},
		{nil, emails, `{"verified_email":[]}`, true},
		{phones, nil, `{"verified_email":[]}`, false},
		{nil, emails, `{"verified_phone":[]}`, false},
		{phones, emails, `{"verified_phone":[],"verified_email":null}`, false},
	} {
		gock := testkit.NewGock(t)
		req := commercengine.CheckVerificationRequest{Phones: tt.phones, Emails: tt.emails}
		gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/verified-email-phone", Body: req}).JSON(200, `{"success":true,"content":`+tt.content+`}`)

		_, err := newClient(t, gock).Auth.CheckVerification(t.Context(), req)

		assert.Equal(t, tt.ok, err == nil, tt.content)
	}
}

// Of an operation that the package does not know nothing is known but that
// success:false is none.
func TestDoNeedsNoForm(t *testing.T) {
	t.Parallel()
	for body, class := range map[string]error{
		`{"carts":[]}`:                           nil,
		`[1]`:                                    nil,
		`{"message":"maintenance"}`:              nil,
		"":                                       nil,
		`{"success":false}`:                      souk.ErrInvalid,
		`{"success":false,"message":"no"}`:       souk.ErrInvalid,
		`{"success":"false","code":"FORBIDDEN"}`: souk.ErrForbidden,
		"<html>":                                 souk.ErrUnreadable,
	} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: base + "/carts"}).Body(200, "application/json", []byte(body))

		err := newClient(t, gock).Do(t.Context(), "GET", "/carts", nil, nil, nil)

		assert.ErrorIs(t, err, class, body)
	}
}

// A shopper who is anonymous is told so by every operation about customers, and
// nothing is sent.
func TestEveryCustomerOperationNeedsALogin(t *testing.T) {
	t.Parallel()
	client, err := commercengine.NewClient(commercengine.Config{
		StoreID: "x2yh61zw4k", Token: newPair("1", anonymous).access, Options: souk.Options{HTTPClient: testkit.NewGock(t).Client()},
	})
	require.NoError(t, err)
	for _, o := range operations() {
		if !strings.HasPrefix(o.path, "/customers") {
			continue
		}
		_, err := o.call(t.Context(), client)
		assert.ErrorIs(t, err, souk.ErrUnauthorized, o.path)
		assert.ErrorContains(t, err, "the session is anonymous", o.path)
	}
}

// What a program sends as a secret is not in an error, even where a server repeats
// it, and answers that can hold a token are not kept.
func TestErrorsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "n0body-kn0ws"
	calls := map[string]func(context.Context, *commercengine.AuthService) error{
		"/auth/login/password": func(ctx context.Context, s *commercengine.AuthService) error {
			_, err := s.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: secret})
			return err
		},
		"/auth/register/password": func(ctx context.Context, s *commercengine.AuthService) error {
			_, err := s.RegisterWithPassword(ctx, commercengine.RegisterWithPasswordRequest{Email: "asha@example.com", Password: secret})
			return err
		},
		"/auth/change-password": func(ctx context.Context, s *commercengine.AuthService) error {
			_, err := s.ChangePassword(ctx, commercengine.ChangePasswordRequest{OldPassword: secret, NewPassword: secret})
			return err
		},
		"/auth/reset-password": func(ctx context.Context, s *commercengine.AuthService) error {
			_, err := s.ResetPassword(ctx, commercengine.ResetPasswordRequest{NewPassword: secret, Token: secret, OTP: secret})
			return err
		},
		"/auth/verify-otp": func(ctx context.Context, s *commercengine.AuthService) error {
			_, err := s.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: secret, Token: secret, Action: commercengine.OTPLogin})
			return err
		},
		"/auth/refresh-token": func(ctx context.Context, s *commercengine.AuthService) error {
			_, err := s.RefreshToken(ctx, commercengine.RefreshTokenRequest{RefreshToken: secret})
			return err
		},
		"/auth/anonymous": func(ctx context.Context, s *commercengine.AuthService) error {
			_, err := s.Anonymous(ctx)
			return err
		},
		"/auth/generate-otp": func(ctx context.Context, s *commercengine.AuthService) error {
			_, err := s.GenerateOTP(ctx, commercengine.GenerateOTPRequest{Channel: commercengine.OTPByEmail, Email: "asha@example.com", Action: commercengine.OTPRegister})
			return err
		},
	}
	for path, call := range calls {
		for _, body := range []string{
			`{"success":false,"message":"` + secret + ` is wrong","code":"` + secret + `","errors":{"` + secret + `":["not ` + secret + `"]}}`,
			`{"success":true,"content":{"access_token":["` + secret + `"],"otp_token":["` + secret + `"]}}`,
		} {
			if path == "/auth/generate-otp" {
				body = strings.ReplaceAll(body, secret, "x")
			}
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "POST", URL: base + path, Body: func([]byte) error { return nil }}).JSON(400, body)
			client, err := commercengine.NewClient(commercengine.Config{
				StoreID: "x2yh61zw4k", Token: "jwt-1", APIKey: secret, Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1},
			})
			require.NoError(t, err)

			err = call(t.Context(), client.Auth)

			e := requireError(t, err)
			assert.NotContains(t, fmt.Sprint(err, e.Message, e.Code, e.Fields), secret, path)
			assert.Nil(t, e.Body, path)
		}
	}
}

// That bank accounts have ids, and how they are called, is not documented: one without
// is read as any other, odd values of it, too.
func TestBankAccountsAreReadOneByOne(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: base + "/customers/" + customerID + "/bank-accounts"}).JSON(200, `{"success":true,"content":{"bank_accounts":[
		{"account_type":"outbound","account_number":50100012345678,"is_default":1},
		{"account_type":"outbound","account_number":true},
		{"id":{"id":7},"account_type":"inbound","created_at":"2026-01-05 10:00:00"}]}}`)

	accounts, err := newClient(t, gock).Payments.ListBankAccounts(t.Context(), customerID, commercengine.ListBankAccountsRequest{})

	assert.Equal(t, []commercengine.BankAccount{
		{AccountType: commercengine.OutboundAccount, AccountNumber: "50100012345678", IsDefault: true},
		{ID: "7", AccountType: commercengine.InboundAccount, CreatedAt: created},
	}, accounts)
	var row *souk.RowError
	require.ErrorAs(t, err, &row)
	assert.Equal(t, 1, row.Index)
	assert.EqualError(t, err, "commercengine: GET /customers/{customer_id}/bank-accounts: 200 unreadable: content.bank_accounts[1].account_number: expected text, got boolean (row 1 of the page)")
}

func TestACreditLineIsReadTolerantly(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: base + "/customers/" + customerID + "/credit-line-balance"}).JSON(200, `{"success":true,"content":{
		"is_eligible":"1","credit_line_balance":{"total_credit_limit":"20000.50","store_id":7,"created_at":"2026-01-05 10:00:00"},"active_mandates":[{"id":5}]}}`)

	line, err := newClient(t, gock).Payments.GetCreditLine(t.Context(), customerID)

	require.NoError(t, err)
	assert.Equal(t, &commercengine.CreditLine{
		IsEligible:     true,
		Balance:        &commercengine.CreditLineBalance{TotalCreditLimit: "20000.50", StoreID: "7", CreatedAt: created},
		ActiveMandates: []commercengine.Mandate{{ID: "5"}},
	}, line)
}
