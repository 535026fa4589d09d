package transport_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// ownError is an error of a vendor package.
type ownError struct{ e *souk.Error }

func (o ownError) Error() string        { return o.e.Error() }
func (o ownError) Unwrap() error        { return o.e }
func (o ownError) LogValue() slog.Value { return o.e.LogValue() }

func TestErrorText(t *testing.T) {
	t.Parallel()
	e := &souk.Error{
		Vendor: "acme", StatusCode: 422, Code: "invalid", Message: "no", RequestID: "r-1", Method: "POST", Route: "/customers",
		Fields: map[string][]string{"mobile": {"too long", "not a number"}, "email": {"taken"}}, Attempts: 2,
		RetryAfter: 1500 * time.Millisecond, Body: []byte("secret"), Err: souk.ErrInvalid,
	}
	assert.Equal(t, "acme: POST /customers: 422 invalid: no; email: taken; mobile: too long, not a number; "+
		"try again in 1.5s; after 2 attempts; request id r-1", e.Error())
}

func TestErrorTextOfNothing(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "failed", (&souk.Error{}).Error())
}

func TestErrorTextMasks(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"Customer with email: a+b@c.example, has_account: false, already exists.": "Customer with email: [masked], has_account: false, already exists.",
		"version 2026-01 of 2025-06, code 422":                                    "version 2026-01 of 2025-06, code 422",
		"mobile +966 55 512 3456 is taken":                                        "mobile [masked] is taken",
		"Bearer abc.def.ghi is not valid":                                         "[masked] is not valid",
		"key sk_0123456789abcdef revoked":                                         "key [masked] revoked",
		"ory_at_abcdef.ghijkl":                                                    "[masked]",
		"eyJhbGciOi.eyJzdWIi.c2ln expired":                                        "[masked] expired",
		"line\r\nforged":                                                          "line forged",
		"Customer with id: cus_01NOSUCH not found":                                "Customer with id: cus_01NOSUCH not found",
	} {
		e := &souk.Error{StatusCode: 422, Message: message, Fields: map[string][]string{"f": {message}}}
		assert.Equal(t, "422 unprocessable entity: "+strings.TrimSuffix(want, ".")+"; f: "+want, e.Error())
		assert.Equal(t, message, e.Message, "the field itself is not masked")
	}
}

// What the SDK itself says is shown as it is.
func TestOwnTextIsNotMasked(t *testing.T) {
	t.Parallel()
	var problems transport.Problems
	problems.Add("Version", "must be a version such as v20260601")
	assert.EqualError(t, problems.Err("acme"), "acme: invalid; Version: must be a version such as v20260601")
}

func TestProblems(t *testing.T) {
	t.Parallel()
	var problems, other transport.Problems
	assert.True(t, problems.Empty())
	assert.NoError(t, problems.Err("acme"))

	problems.Require(true, "Fine", "is not noted")
	problems.Require(false, "Limit", "must be at most %d", 250)
	other.Add("Email", "must not be empty")
	problems.Merge(other)

	assert.Equal(t, "Limit: must be at most 250; Email: must not be empty", problems.String())
	e, ok := errors.AsType[*souk.Error](problems.Err("acme"))
	require.True(t, ok)
	assert.ErrorIs(t, e, souk.ErrInvalid)
	assert.Equal(t, map[string][]string{"Limit": {"must be at most 250"}, "Email": {"must not be empty"}}, e.Fields)
}

func TestClassOf(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		200: nil, 301: nil, 400: souk.ErrInvalid, 401: souk.ErrUnauthorized, 403: souk.ErrForbidden,
		404: souk.ErrNotFound, 408: souk.ErrUnavailable, 409: souk.ErrAlreadyExists, 410: souk.ErrNotFound,
		422: souk.ErrInvalid, 429: souk.ErrRateLimited, 500: souk.ErrUnavailable, 599: souk.ErrUnavailable,
	} {
		assert.Equal(t, want, transport.ClassOf(status), status)
	}
}

// Whatever goes wrong, no planted secret and no personal datum shows.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	secret := canary.Token + " " + canary.Email + " " + canary.Password
	steps := map[string]testkit.Step{
		"refusal":      testkit.Answer(422, `{"code":"x","message":"`+canary.Email+` `+canary.Phone+`"}`),
		"web page":     testkit.Answer(200, "<p>"+secret),
		"cut off":      testkit.Truncate(200, `{"name":"`+secret+`"}`, 20),
		"no JSON":      testkit.Answer(200, secret),
		"other type":   testkit.Answer(200, `{"name":["`+canary.Email+`"]}`),
		"dropped":      testkit.Drop(),
		"redirect":     redirect(302, "https://evil.example/?"+canary.Token),
		"bad redirect": redirect(302, "::"+canary.Token),
	}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.NewServer(t, step)
			var log testkit.Log
			client := newClient(t, transport.Config{
				BaseURL:    server.URL,
				Authorizer: transport.Static("Authorization", "Bearer "+canary.Token),
				Options: souk.Options{
					Logger:      log.Logger(),
					MaxAttempts: 1,
				},
			})
			call := &transport.Call{
				Method: "POST", Route: "/things/{id}", IDs: []any{canary.LastName + "1"}, Query: url.Values{"q": {canary.Email}},
				Header: http.Header{"X-Api-Key": {canary.APIKey}}, Body: map[string]string{"email": canary.Email}, Out: &struct{ Name string }{},
			}

			err := client.Do(t.Context(), call)

			var own bytes.Buffer
			slog.New(slog.NewJSONHandler(&own, nil)).Error("failed", "error", ownError{requireError(t, err)})
			canary.Check(t, err.Error())
			canary.Check(t, own.String())
			canary.Check(t, log.Text())
			assert.Len(t, log.Records(), 1)
		})
	}
}

func TestLogRecord(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things/7"}).Status(200).Header("X-Request-Id", "r-9")
	var log testkit.Log
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), Logger: log.Logger()}})

	err := client.Do(t.Context(), &transport.Call{Method: "GET", Route: "/things/{id}", IDs: []any{"7"}, Repeat: transport.Safe})

	assert.NoError(t, err)
	record := log.Records()[0]
	delete(record, "time")
	assert.GreaterOrEqual(t, record["duration"], 0.0)
	delete(record, "duration")
	assert.Equal(t, map[string]any{
		"level": "DEBUG", "msg": "request", "vendor": "acme", "method": "GET", "route": "/things/{id}",
		"status": 200.0, "attempt": 1.0, "request_id": "r-9",
	}, record)
}

// What programs count on is no warning: that there is none, or one already.
func TestLevelsOfRefusals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"there is none":      {404, `{"code":"none"}`, "DEBUG"},
		"there is one":       {409, `{"code":"twice"}`, "DEBUG"},
		"it cannot be":       {422, `{"code":"twice"}`, "DEBUG"},
		"no such route":      {404, "no way to /things/7", "WARN"},
		"a proxy's 404":      {404, "<html>", "WARN"},
		"a proxy's 422":      {422, "<html>", "WARN"},
		"a mistake":          {400, `{"code":"mistake"}`, "WARN"},
		"missing rights":     {403, `{"code":"rights"}`, "WARN"},
		"a failure":          {500, `{"code":"oops"}`, "WARN"},
		"a wrong credential": {401, `{"code":"no"}`, "WARN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things/7"}).JSON(tt.status, tt.body)
			var log testkit.Log
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), Logger: log.Logger(), MaxAttempts: 1}})

			err := client.Do(t.Context(), &transport.Call{Method: "GET", Route: "/things/{id}", IDs: []any{"7"}, Repeat: transport.Safe})

			require.Error(t, err)
			assert.Equal(t, tt.want, log.Records()[0]["level"])
		})
	}
}

// Some vendors say so with a status that means something else.
func TestTheLevelOfARefusalGoesByItsClass(t *testing.T) {
	t.Parallel()
	for class, want := range map[error]string{souk.ErrNotFound: "DEBUG", souk.ErrAlreadyExists: "DEBUG", souk.ErrForbidden: "WARN"} {
		vendor := acme
		vendor.Read = func(*transport.Call, *transport.Answer, *souk.Error) transport.Verdict {
			return transport.Verdict{Own: true, Class: class}
		}
		var log testkit.Log
		client := newClientOf(t, &vendor, transport.Config{Options: souk.Options{HTTPClient: scripted(says(400, "", "{}")), Logger: log.Logger()}})

		err := client.Do(t.Context(), classCall(transport.Safe))

		require.ErrorIs(t, err, class)
		assert.Equal(t, want, log.Records()[0]["level"])
	}
}

// Answers of end points that hand out credentials are kept in no error.
func TestNoBodyOfASecretAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ vendor, call bool }{{false, false}, {true, false}, {false, true}} {
		vendor := acme
		vendor.Secret = c.vendor
		client := newClientOf(t, &vendor, transport.Config{Options: souk.Options{HTTPClient: scripted(says(422, "", `{"code":"no"}`))}})
		call := classCall(transport.Write)
		call.Secret = c.call

		err := client.Do(t.Context(), call)

		assert.Equal(t, c.vendor || c.call, requireError(t, err).Body == nil)
	}
}

func TestCauseStaysReachable(t *testing.T) {
	t.Parallel()
	cause := errors.New("https://host/?token=secret broke")
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: baseURL(t) + "/api/things", Body: `{"name":"x"}`}).Fail(cause)
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})

	err := client.Do(t.Context(), classCall(transport.Write))

	assert.ErrorIs(t, err, cause)
	assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.NotContains(t, err.Error(), "token")
	assert.EqualError(t, err, "acme: POST /things: unavailable, outcome unknown: the connection broke before the answer was complete")
}
