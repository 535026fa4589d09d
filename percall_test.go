package souk_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// tenant starts a stand-in that logs in, and a client of it.
func tenant(t *testing.T, options souk.Options) (*xcladetest.Server, *xclade.Client) {
	t.Helper()
	server := xcladetest.NewServer()
	t.Cleanup(server.Close)
	cfg := server.Config()
	options.HTTPClient = cfg.HTTPClient
	cfg.Options = options
	client, err := xclade.NewClient(cfg)
	require.NoError(t, err)
	return server, client
}

func seed(t *testing.T, client *xclade.Client, names ...string) {
	t.Helper()
	for _, name := range names {
		_, err := client.Customers.Create(t.Context(), xclade.CreateCustomerRequest{Email: name + "@example.test"})
		require.NoError(t, err)
	}
}

func TestWithResponseCapturesAnAnswer(t *testing.T) {
	t.Parallel()
	_, client := tenant(t, souk.Options{})
	var response souk.Response
	ctx := souk.WithResponse(t.Context(), &response)

	customer, err := client.Customers.Create(ctx, xclade.CreateCustomerRequest{Email: "ada@example.test"})

	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, 1, response.Attempts)
	assert.Equal(t, "application/json; charset=utf-8", response.Header.Get("Content-Type"))
	assert.Contains(t, string(response.Body), customer.ID)
	body := string(response.Body)
	seed(t, client, "grace", "hedy")
	assert.Equal(t, body, string(response.Body), "it is the caller's own")
}

func TestWithResponseCapturesAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := tenant(t, souk.Options{})
		seed(t, client, "ada")
		server.Inject(souktest.Fault{Times: -1, Status: http.StatusServiceUnavailable, Body: "busy"})
		var response souk.Response
		ctx := souk.WithMaxAttempts(souk.WithResponse(t.Context(), &response), 3)

		_, err := client.Customers.List(ctx, xclade.ListCustomersRequest{})

		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
		assert.Equal(t, 3, response.Attempts)
		assert.Equal(t, "busy", string(response.Body))
		assert.Positive(t, response.Waited)
	})
}

// What came last is captured even if nothing came after it.
func TestAResponseIsTheLastAnswerThatCame(t *testing.T) {
	t.Parallel()
	refused := souktest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"40"}, "X-Left": {"0"}}, Body: "busy"}
	for name, c := range map[string]struct {
		then     souktest.Fault
		attempts int
		want     souk.Response
	}{
		"held":    {refused, 2, souk.Response{StatusCode: 429, Body: []byte("busy")}}, // a third would wait too long
		"dropped": {souktest.Fault{Drop: true, Times: -1}, 5, souk.Response{StatusCode: 429, Body: []byte("busy")}},
		"cut":     {souktest.Fault{Truncate: 1, Times: -1}, 5, souk.Response{StatusCode: 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client := tenant(t, souk.Options{})
				seed(t, client, "ada")
				server.Inject(refused)
				server.Inject(c.then)
				var response souk.Response

				_, err := client.Customers.List(souk.WithResponse(t.Context(), &response), xclade.ListCustomersRequest{})

				require.Error(t, err)
				assert.Equal(t, c.attempts, response.Attempts)
				assert.GreaterOrEqual(t, response.Waited, 40*time.Second)
				assert.Equal(t, c.want.StatusCode, response.StatusCode)
				assert.Equal(t, string(c.want.Body), string(response.Body))
				assert.Equal(t, c.want.StatusCode == 429, response.Header.Get("X-Left") == "0")
			})
		})
	}
}

// A Response can be used for one call after the other, and never shows an earlier one.
func TestAResponseIsZeroWhereNothingWasSent(t *testing.T) {
	t.Parallel()
	ended, end := context.WithCancel(t.Context())
	end()
	for name, c := range map[string]struct {
		ctx context.Context
		id  string
	}{
		"refused":     {t.Context(), ""},
		"ended":       {ended, "cus_1"},
		"wrong":       {souk.WithMaxAttempts(t.Context(), -1), "cus_1"},
		"nil context": {nil, "cus_1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := tenant(t, souk.Options{})
			response := souk.Response{StatusCode: 200, Attempts: 1, Body: []byte("of an earlier call")}
			ctx := souk.WithResponse(c.ctx, &response)

			_, err := client.Customers.Get(ctx, c.id, xclade.GetCustomerRequest{})

			require.Error(t, err)
			assert.Zero(t, response)
		})
	}
}

func TestWithHeaderIsSentWithThatCallAlone(t *testing.T) {
	t.Parallel()
	server, client := tenant(t, souk.Options{})
	ctx := souk.WithHeader(t.Context(), http.Header{"x-trace": {"1"}})
	ctx = souk.WithHeader(ctx, http.Header{"X-Other": {"2", "3"}})

	_, err := client.Customers.List(ctx, xclade.ListCustomersRequest{})
	require.NoError(t, err)
	_, err = client.Customers.List(t.Context(), xclade.ListCustomersRequest{})
	require.NoError(t, err)

	got := server.Requests()
	require.Len(t, got, 3)
	assert.Equal(t, "/auth/user/emailpass", got[0].Path)
	assert.Empty(t, got[0].Header.Values("X-Trace"), "a log-in does not inherit it")
	assert.Equal(t, []string{"1"}, got[1].Header.Values("X-Trace"))
	assert.Equal(t, []string{"2", "3"}, got[1].Header.Values("X-Other"))
	assert.Empty(t, got[2].Header.Values("X-Trace"))
}

func TestALogInDoesNotInheritSettingsOfACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := tenant(t, souk.Options{})
		server.Inject(souktest.Fault{Times: 2, Path: "/auth/*/*", Status: http.StatusServiceUnavailable})
		var response souk.Response
		ctx := souk.WithMaxAttempts(souk.WithResponse(t.Context(), &response), 1)
		ctx = souk.WithAttemptTimeout(ctx, time.Minute)

		_, err := client.Customers.List(ctx, xclade.ListCustomersRequest{})

		require.NoError(t, err)
		assert.Len(t, server.Requests(), 4, "the log-in has three attempts, as the client's have")
		assert.Equal(t, 1, response.Attempts)
		assert.Contains(t, string(response.Body), `"customers"`)
	})
}

// Pages are read ahead in another goroutine, which must not write to the caller's
// Response.
func TestPagesOfAWalkDoNotInheritSettingsOfACall(t *testing.T) {
	t.Parallel()
	server, client := tenant(t, souk.Options{})
	seed(t, client, "ada", "grace", "hedy")
	before := len(server.Requests())
	var response souk.Response
	ctx := souk.WithResponse(souk.WithHeader(t.Context(), http.Header{"X-Trace": {"1"}}), &response)

	for customer, err := range client.Customers.All(ctx, xclade.ListCustomersRequest{Limit: 1}) {
		require.NoError(t, err)
		assert.NotEmpty(t, customer.ID)
		response.Attempts++ // a race if the walk wrote to it, too
	}

	assert.Equal(t, souk.Response{Attempts: 3}, response)
	for _, request := range server.Requests()[before:] {
		assert.Empty(t, request.Header.Values("X-Trace"))
	}
}

func TestWithAttemptTimeoutReplacesThatOfTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := tenant(t, souk.Options{AttemptTimeout: time.Minute, MaxAttempts: 1})
		seed(t, client, "ada")
		server.Inject(souktest.Fault{Delay: time.Hour})
		started := time.Now()

		_, err := client.Customers.List(souk.WithAttemptTimeout(t.Context(), time.Second), xclade.ListCustomersRequest{})

		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, time.Second, time.Since(started))
	})
}

func TestWrongSettingsOfACallAreNamed(t *testing.T) {
	t.Parallel()
	with := func(name, value string) func(context.Context) context.Context {
		return func(ctx context.Context) context.Context {
			return souk.WithHeader(ctx, http.Header{name: {value}})
		}
	}
	for name, c := range map[string]struct {
		set   func(context.Context) context.Context
		field string
		text  string
	}{
		"MaxAttempts": {
			func(ctx context.Context) context.Context { return souk.WithMaxAttempts(ctx, -1) },
			"WithMaxAttempts", "must not be negative; 0 means the client's setting",
		},
		"AttemptTimeout": {
			func(ctx context.Context) context.Context { return souk.WithAttemptTimeout(ctx, -1) },
			"WithAttemptTimeout", "must not be negative; 0 means the client's setting",
		},
		"Response": {
			func(ctx context.Context) context.Context { return souk.WithResponse(ctx, nil) },
			"WithResponse", "must be given a Response to write to",
		},
		"credential":  {with("authorization", "Bearer x"), "WithHeader", "must not set Authorization, which is the SDK's own"},
		"framing":     {with("Content-Length", "1"), "WithHeader", "must not set Content-Length, which is the SDK's own"},
		"line break":  {with("X-Trace", "a\r\nb"), "WithHeader", "must not contain control characters"},
		"empty name":  {with("", "a"), "WithHeader", "must have names of headers"},
		"broken name": {with("X Trace", "a"), "WithHeader", "must have names of headers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := tenant(t, souk.Options{})

			_, err := client.Customers.List(c.set(t.Context()), xclade.ListCustomersRequest{})

			e := failure(t, err)
			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.Equal(t, map[string][]string{c.field: {c.text}}, e.Fields)
			assert.Empty(t, server.Requests())
		})
	}
}

func TestHeadersOfTheSDKCannotBeReplaced(t *testing.T) {
	t.Parallel()
	_, client := tenant(t, souk.Options{})
	for _, name := range []string{
		"Authorization", "Proxy-Authorization", "Cookie", "Host", "Connection", "Accept-Encoding", "Content-Length",
		"Content-Type", "Transfer-Encoding", "Trailer", "Upgrade",
	} {
		_, err := client.Customers.List(souk.WithHeader(t.Context(), http.Header{name: {"x"}}), xclade.ListCustomersRequest{})
		require.ErrorIs(t, err, souk.ErrInvalid, name)
		assert.Equal(t, []string{"must not set " + name + ", which is the SDK's own"}, failure(t, err).Fields["WithHeader"])
	}
	for _, name := range []string{"", "X ", " X", "X\x7f", "X\u00e9", "X:", "X\r\nY", "(X)"} {
		_, err := client.Customers.List(souk.WithHeader(t.Context(), http.Header{name: {"x"}}), xclade.ListCustomersRequest{})
		require.ErrorIs(t, err, souk.ErrInvalid, name)
		assert.Equal(t, []string{"must have names of headers"}, failure(t, err).Fields["WithHeader"], "%q", name)
	}
	for _, name := range []string{"Accept", "User-Agent", "X-Trace", "!#$%&'*+-.^_`|~"} {
		_, err := client.Customers.List(souk.WithHeader(t.Context(), http.Header{name: {"x"}}), xclade.ListCustomersRequest{})
		assert.NoError(t, err, name)
	}
}

func TestTheHeaderOfTheCredentialCannotBeReplaced(t *testing.T) {
	t.Parallel()
	server := shoplazzatest.NewServer()
	t.Cleanup(server.Close)
	client, err := shoplazza.NewClient(server.Config())
	require.NoError(t, err)

	_, err = client.Customers.Count(souk.WithHeader(t.Context(), http.Header{"access-token": {"x"}}))

	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.Empty(t, server.Requests())
}

func TestZeroMeansTheSettingOfTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := tenant(t, souk.Options{MaxAttempts: 2})
		seed(t, client, "ada")
		server.Inject(souktest.Fault{Times: -1, Status: http.StatusServiceUnavailable})
		ctx := souk.WithAttemptTimeout(souk.WithMaxAttempts(t.Context(), 0), 0)

		_, err := client.Customers.List(ctx, xclade.ListCustomersRequest{})

		assert.Equal(t, 2, failure(t, err).Attempts)
	})
}

func TestANilContextIsAnError(t *testing.T) {
	t.Parallel()
	_, client := tenant(t, souk.Options{})
	var none context.Context
	for name, ctx := range map[string]context.Context{
		"plain":              none,
		"WithResponse":       souk.WithResponse(none, new(souk.Response)),
		"WithHeader":         souk.WithHeader(none, nil),
		"WithMaxAttempts":    souk.WithMaxAttempts(none, 1),
		"WithAttemptTimeout": souk.WithAttemptTimeout(none, 1),
	} {
		_, err := client.Customers.List(ctx, xclade.ListCustomersRequest{})
		require.ErrorIs(t, err, souk.ErrInvalid, name)
		assert.Equal(t, "the context is nil; use context.Background()", failure(t, err).Message, name)
	}
}
