package sallatest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/souktest"
)

// start returns a server and a client of it.
func start(t *testing.T) (*sallatest.Server, *salla.Client) {
	t.Helper()
	s := newServer(t)
	client, err := salla.NewClient(s.Config())
	require.NoError(t, err)
	return s, client
}

func newServer(t *testing.T) *sallatest.Server {
	t.Helper()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	return server
}

// send sends a request with the server's token and returns the answer.
func send(t *testing.T, s *sallatest.Server, method, path, body string) (int, http.Header, string) {
	t.Helper()
	r := httptest.NewRequest(method, s.BaseURL()+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+s.Token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Header(), w.Body.String()
}

// Each answer has the form that Salla's has, oddities included.
func TestAnswers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	now := time.Date(2026, 8, 9, 6, 15, 30, 687605000, time.UTC)
	s.SetClock(func() time.Time { return now })
	const date = `{"date":"2026-08-09 09:15:30.687605","timezone":"Asia/Riyadh","timezone_type":3}`
	const sara = `{"avatar":"https://cdn.example.test/avatar-male.webp","birthday":{"date":"1997-06-03 00:00:00.000000","timezone":"Asia/Riyadh","timezone_type":3},` +
		`"city":"","country":"السعودية","country_code":"SA","created_at":` + date + `,"currency":"SAR","email":"sara@example.test","first_name":"Sara",` +
		`"full_name":"Sara Ali","gender":"female","groups":[],"id":2147483601,"lang":"ar","last_name":"Ali","location":"","mobile":555555555,"mobile_code":"+966",` +
		`"updated_at":` + date + `,"urls":{"admin":"https://s.example.test/customers/2147483601","customer":"https://shop.example.test/profile"}}`
	steps := []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{
			"create customer", "POST", "/customers",
			`{"first_name":"Sara","last_name":"Ali","email":"sara@example.test","mobile":"0555555555","mobile_code_country":"+966","gender":"female","birthday":"1997-06-03"}`,
			200, `{"status":200,"success":true,"data":` + sara + `}`,
		},
		{
			"taken e-mail and mobile", "POST", "/customers",
			`{"first_name":"S","email":"SARA@example.test","mobile":"555555555","mobile_code_country":"+966"}`,
			422, `{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"email":["قيمة هذا الحقل مستخدمة من قبل"],"mobile":["قيمة هذا الحقل مستخدمة من قبل"]}}}`,
		},
		{
			"wrong values", "POST", "/customers",
			`{"first_name":"ععععععععععععععععععععععععع1","mobile":"5555","mobile_code_country":"SA","gender":"x","birthday":"y","email":"z","groups":[7]}`,
			422, `{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"birthday":["قيمة هذا الحقل غير صالحة"],` +
				`"email":["قيمة هذا الحقل غير صالحة"],"first_name":["يجب أن لا يتجاوز هذا الحقل 25 حرفًا"],"gender":["قيمة هذا الحقل غير صالحة"],` +
				`"groups.0":["قيمة هذا الحقل غير صالحة"],"mobile":["قيمة هذا الحقل غير صالحة"]}}}`,
		},
		{"no name", "POST", "/customers", `{}`, 422, `{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"first_name":["هذا الحقل مطلوب"]}}}`},
		{"no JSON", "POST", "/customers", `{`, 400, `{"status":400,"success":false,"error":{"code":"bad_request","message":"the body is not a JSON object"}}`},
		{
			"list customers", "GET", "/customers?keyword=966555555555", ``, 200,
			`{"status":200,"success":true,"data":[` + sara + `],"pagination":{"count":1,"total":1,"perPage":15,"currentPage":1,"totalPages":1,"links":[]}}`,
		},
		{
			"page of 61", "GET", "/customers?per_page=61&page=2", ``, 200,
			`{"status":200,"success":true,"data":[],"pagination":{"count":0,"total":1,"perPage":60,"currentPage":2,"totalPages":1,"links":[]}}`,
		},
		{
			"page beyond all numbers", "GET", "/customers?page=9223372036854775807", ``, 200,
			`{"status":200,"success":true,"data":[],"pagination":{"count":0,"total":1,"perPage":15,"currentPage":1000000,"totalPages":1,"links":[]}}`,
		},
		{"ban", "PUT", "/customers/blacklist/2147483601", `{"reason":"r"}`, 200, `{"status":201,"success":true,"data":{"message":"The Blacklist has been updated successfully","code":201}}`},
		{"ban without reason", "PUT", "/customers/blacklist/2147483601", `{}`, 422, `{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"reason":["هذا الحقل مطلوب"]}}}`},
		{
			"extras nested and flat", "GET", "/customers/2147483601?fields[]=orders_count&fields[]=block_reason&fields[]=custom_fields", ``, 200,
			`{"status":200,"success":true,"data":` + strings.TrimSuffix(sara, "}") + `,"stats":{"orders_count":0,"orders_amount":0},"block_reason":"r","custom_fields":[]}}`,
		},
		{"unban", "DELETE", "/customers/blacklist/2147483601", ``, 202, `{"status":202,"success":true,"data":{"message":"The customer in the blacklist has been removed successfully","code":202}}`},
		{"create group", "POST", "/customers/groups", `{"name":"VIP","conditions":[{"type":"total_sales","symbol":">","value":1}]}`, 200, `{"status":200,"success":true,"data":{"id":2147483602,"name":"VIP"}}`},
		{
			"wrong conditions", "POST", "/customers/groups", `{"conditions":[{"symbol":"between","min_value":1},{"symbol":"="},{"symbol":"<","value":"1"}]}`, 422,
			`{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"name":["هذا الحقل مطلوب"],"conditions.0.max_value":["هذا الحقل مطلوب"],` +
				`"conditions.1.symbol":["قيمة هذا الحقل غير صالحة"],"conditions.2.value":["هذا الحقل مطلوب"]}}}`,
		},
		{"add customers", "POST", "/customers/groups/add_customers", `{"group_id":"2147483602","customers":["2147483601"]}`, 200, `{"status":200,"success":true,"data":["The customers has been added to group successfully"]}`},
		{
			"add unknown customers", "POST", "/customers/groups/add_customers", `{"group_id":1,"customers":[2147483601,1,"x"]}`, 422,
			`{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"group_id":["قيمة هذا الحقل غير صالحة"],` +
				`"customers.1":["قيمة هذا الحقل غير صالحة"],"customers.2":["قيمة هذا الحقل غير صالحة"]}}}`,
		},
		{"default group", "POST", "/customers/groups/default", `{"features":{"shipping":["all"]}}`, 201, `{"status":201,"success":true,"data":{"message":"The default group has been updated successfully","code":201}}`},
		{"update group", "PUT", "/customers/groups/2147483602", `{"name":"VIP 2"}`, 200, `{"status":200,"success":true,"data":{"id":2147483602,"name":"VIP 2"}}`},
		{
			"list groups", "GET", "/customers/groups", ``, 200,
			`{"status":200,"success":true,"data":[{"id":2147483602,"name":"VIP 2"}],"pagination":{"count":1,"total":1,"perPage":15,"currentPage":1,"totalPages":1,"links":[]}}`,
		},
		{"delete group", "DELETE", "/customers/groups/2147483602", ``, 200, `{"status":202,"success":true,"data":{"message":"The Object has been removed successfully","code":202}}`},
		{
			"give points", "POST", "/customers/loyalty/points", `{"points":9,"type":"plus","reason":"r","channel_send":["sms"],"customers":[2147483601]}`, 201,
			`{"status":201,"success":true,"data":{"message":"تم تحديث نقاط الولاء للعملاء بنجاح","code":201}}`,
		},
		{
			"list points", "GET", "/customers/loyalty/points?customer_id=2147483601", ``, 200,
			`{"status":200,"success":true,"data":[{"name":"مخصصة","points":9,"used_points":0,"status":"مؤكدة","created_at":` + date + `,"expiry_date":"2027-08-09 09:15:30",` +
				`"order_id":null,"used_at":{},"notes":"r","reference_id":2147483603}],"pagination":{"count":1,"total":1,"perPage":30,"currentPage":1,"totalPages":1,"links":[]}}`,
		},
		{
			"points of nobody", "POST", "/customers/loyalty/points", `{"points":0,"customers":[1]}`, 422,
			`{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"points":["قيمة هذا الحقل غير صالحة"],"type":["قيمة هذا الحقل غير صالحة"],` +
				`"reason":["هذا الحقل مطلوب"],"channel_send":["هذا الحقل مطلوب"],"customers":["قيمة هذا الحقل غير صالحة"]}}}`,
		},
		{
			"deposit", "POST", "/customers/wallets/deposit", `{"customer_id":2147483601,"amount":12.1}`, 200,
			`{"status":200,"success":true,"data":{"status":"confirmed","amount":12.1,"date":` + date + `,"wallet":{"id":2147483604,"balance":12.1,"created_at":"2026-08-09 09:15:30"}}}`,
		},
		{
			"withdraw", "POST", "/customers/wallets/withdraw", `{"customer_id":2147483601,"amount":12}`, 200,
			`{"status":200,"success":true,"data":{"status":"confirmed","amount_float":-12,"date":` + date + `,"wallet":{"id":2147483604,"balance":0.1,"created_at":"2026-08-09 09:15:30"}}}`,
		},
		{
			"withdraw too much", "POST", "/customers/wallets/withdraw", `{"customer_id":2147483601,"amount":12}`, 422,
			`{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"amount":["قيمة هذا الحقل غير صالحة"]}}}`,
		},
		{"export", "POST", "/exports/customers", `{"type":"customers"}`, 200, `{"status":200,"success":true,"data":{"message":"سيتم إرسال الملف إلى بريدك الإلكتروني"}}`},
		{
			"export logs", "GET", "/exports/logs", ``, 200,
			`{"status":200,"success":true,"data":[{"type":"customers","user":{"id":1771165749,"name":"Test User"},"created_at":"2026-08-09 09:15:30","url":"https://cdn.example.test/export.xlsx"}]}`,
		},
		{
			"subscribe", "POST", "/webhooks/subscribe", `{"name":"n","event":"customer.updated","url":"https://hooks.example.com/a","headers":[{"key":"A","value":"b"}]}`, 200,
			`{"status":200,"success":true,"data":{"id":2147483605,"name":"n","event":"customer.updated","type":"manual","url":"https://hooks.example.com/a","version":2,"rule":"","headers":{"A":"b"}}}`,
		},
		{
			"secure", "PUT", "/webhooks/2147483605", `{"security_strategy":"token","secret":"s","headers":[]}`, 200,
			`{"status":200,"success":true,"data":{"id":2147483605,"name":"n","event":"customer.updated","type":"manual","url":"https://hooks.example.com/a","version":2,"rule":"","headers":[],` +
				`"security":{"strategy":"token","secret":null}}}`,
		},
		{
			"subscribe wrongly", "POST", "/webhooks/subscribe", `{"event":"customer.deleted","url":"https://localhost/a"}`, 422,
			`{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"event":["قيمة هذا الحقل غير صالحة"],` +
				`"url":["لابد أن يكون الرابط صالح وفعّال (لا يحتوي على localhost أو test.)"]}}}`,
		},
		{"unsubscribe", "DELETE", "/webhooks/unsubscribe?url=https://hooks.example.com/a", ``, 202, `{"status":202,"success":true,"data":{"message":"The webhook has been removed successfully","code":202}}`},
		{"unsubscribe nothing", "DELETE", "/webhooks/unsubscribe", ``, 422, `{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"id":["هذا الحقل مطلوب"]}}}`},
		{"delete customer", "DELETE", "/customers/2147483601", ``, 200, `{"status":200,"success":true,"data":["تم حذف Customer بنجاح"]}`},
		{"delete customer again", "DELETE", "/customers/2147483601", ``, 404, `{"status":404,"success":false,"error":{"code":404,"message":"The content you are trying to access is no longer available"}}`},
		{"an id that is no number", "GET", "/customers/abc", ``, 404, `{"status":404,"success":false,"error":{"code":404,"message":"The content you are trying to access is no longer available"}}`},
	}
	for _, step := range steps {
		status, _, body := send(t, s, step.method, "/admin/v2"+step.path, step.body)

		assert.Equal(t, step.status, status, step.name)
		assert.JSONEq(t, step.want, body, step.name)
	}
}

func TestTokensExpire(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	now := time.Now()
	s.SetClock(func() time.Time { return now })
	s.SetTokenLife(time.Minute)
	token, err := s.OAuth().Exchange(t.Context(), s.Authorize("state").Get("code"))
	require.NoError(t, err)
	s.Token = token.AccessToken

	status, _, _ := send(t, s, "GET", "/admin/v2/webhooks/events", "")
	assert.Equal(t, 200, status)

	now = now.Add(time.Minute)
	status, _, body := send(t, s, "GET", "/admin/v2/webhooks/events", "")
	assert.Equal(t, 401, status)
	assert.JSONEq(t, `{"status":401,"success":false,"error":{"code":"Unauthorized","message":"The access token is invalid"}}`, body)
}

// source returns the tokens of an app that has just been installed.
func source(t *testing.T, s *sallatest.Server) souk.TokenSource {
	t.Helper()
	token, err := s.OAuth().Exchange(t.Context(), s.Authorize("state").Get("code"))
	require.NoError(t, err)
	store := souk.NewMemoryTokenStore()
	require.NoError(t, s.OAuth().SaveToken(t.Context(), s.Merchant, store, token))
	tokens, err := s.OAuth().TokenSource(s.Merchant, store)
	require.NoError(t, err)
	return tokens
}

func TestExpiredAndRevokedTokens(t *testing.T) {
	t.Parallel()
	s, fixed := start(t)
	cfg := s.Config()
	cfg.Token, cfg.TokenSource = "", source(t, s)
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)

	s.ExpireTokens()
	_, err = fixed.Webhooks.Events(t.Context())
	assert.ErrorIs(t, err, salla.ErrTokenInvalid)
	_, err = client.Webhooks.Events(t.Context())
	assert.NoError(t, err, "it has been renewed")

	s.RevokeTokens()
	_, err = client.Webhooks.Events(t.Context())
	assert.ErrorIs(t, err, salla.ErrGrantInvalid)
	_, err = s.OAuth().Exchange(t.Context(), s.Authorize("state").Get("code"))
	assert.NoError(t, err, "new ones can be had")
}

func TestCodesWorkOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	code := s.Authorize("state").Get("code")

	_, err := s.OAuth().Exchange(t.Context(), code)
	require.NoError(t, err)
	_, err = s.OAuth().Exchange(t.Context(), code)

	assert.ErrorIs(t, err, salla.ErrGrantInvalid)
}

func TestWrongSecretIsRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	o := s.OAuth()
	o.ClientSecret = "other"

	_, err := o.Exchange(t.Context(), s.Authorize("state").Get("code"))

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.EqualError(t, err, "salla: POST /oauth2/token: 401 unauthorized (invalid_client): Client authentication failed.")
}

// The merchant agrees at once, and hyphens of the state are lost.
func TestAuthorize(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	address, err := s.OAuth().AuthCodeURL("a-b")
	require.NoError(t, err)
	resp, err := client.Get(address)

	require.NoError(t, err)
	defer resp.Body.Close()
	back, err := url.Parse(resp.Header.Get("Location"))
	require.NoError(t, err)
	assert.Equal(t, "app.example", back.Host)
	assert.Equal(t, "ab", back.Query().Get("state"))
	callback, err := s.OAuth().ParseCallback(back.Query(), "a-b")
	require.NoError(t, err)
	token, err := s.OAuth().Exchange(t.Context(), callback.Code)
	require.NoError(t, err)
	assert.Equal(t, "customers.read_write webhooks.read_write offline_access", token.Extra("scope"))
}

// A plan's minute: its requests, then one per second.
func TestPlanLimit(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	now := time.Unix(1_800_000_000, 0)
	s.SetClock(func() time.Time { return now })
	token, err := s.OAuth().Exchange(t.Context(), s.Authorize("state").Get("code"))
	require.NoError(t, err)
	s.Token = token.AccessToken
	s.EnforceLimits(salla.PlanPlus)
	get := func() (int, http.Header) {
		status, header, _ := send(t, s, "GET", "/admin/v2/webhooks/events", "")
		return status, header
	}

	for i := range 120 {
		status, header := get()
		require.Equal(t, 200, status)
		assert.Equal(t, []string{"120"}, header["X-Ratelimit-Limit"])
		assert.Equal(t, strconv.Itoa(119-i), header.Get("X-RateLimit-Remaining"))
		assert.Equal(t, "1800000060", header.Get("X-RateLimit-Reset"))
	}
	status, _ := get()
	assert.Equal(t, 200, status, "one per second")
	status, header := get()
	assert.Equal(t, 429, status)
	assert.Equal(t, "60", header.Get("Retry-After"))
	now = now.Add(time.Second)
	status, _ = get()
	assert.Equal(t, 200, status, "one per second")
	now = now.Add(time.Minute)
	status, header = get()
	assert.Equal(t, 200, status)
	assert.Equal(t, "119", header.Get("X-RateLimit-Remaining"))
}

func TestRequestsHoldNoSecret(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	_, err := s.OAuth().Exchange(t.Context(), s.Authorize("state").Get("code"))
	require.NoError(t, err)
	client, err := salla.NewClient(s.Config())
	require.NoError(t, err)
	_, err = client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})
	require.NoError(t, err)

	requests := s.Requests()

	require.Len(t, requests, 2)
	assert.Equal(t, "/oauth2/token", requests[0].Path)
	assert.Empty(t, requests[0].Body)
	assert.Equal(t, "POST", requests[1].Method)
	assert.Equal(t, "/admin/v2/customers", requests[1].Path)
	assert.JSONEq(t, `{"first_name":"Sara"}`, string(requests[1].Body))
	assert.Empty(t, requests[1].Header.Get("Authorization"))
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	get := func(path string) (int, string, error) {
		resp, err := http.Get(s.URL() + path)
		if err != nil {
			return 0, "", err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body), err
	}

	s.Fail(1, 503, "busy")
	status, body, err := get("/a")
	require.NoError(t, err)
	assert.Equal(t, 503, status)
	assert.Equal(t, "busy", body)

	s.Inject(souktest.Fault{Path: "/b", Times: 2, Drop: true})
	status, _, err = get("/a")
	require.NoError(t, err)
	assert.Equal(t, 404, status, "the fault is for another path")
	_, _, err = get("/b")
	assert.Error(t, err)

	s.Inject(souktest.Fault{Path: "/c", Truncate: 5})
	_, body, err = get("/c")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Len(t, body, 5)
}

// A fault can be meant for each method that has a request of its own, and for those
// of OAuth.
func TestOperationsAreThoseOfTheSDK(t *testing.T) {
	t.Parallel()

	got := newServer(t).Operations()

	assert.ElementsMatch(t, append(testkit.OperationNames(t, ".."), "OAuth.Exchange", "OAuth.Refresh"), got)
}

func TestFaultOfOneOperation(t *testing.T) {
	t.Parallel()
	s, client := start(t)
	create := func() error {
		_, err := client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})
		return err
	}

	s.Inject(souktest.Fault{Operation: "Customers.Create", Status: http.StatusForbidden})
	_, err := client.Customers.List(t.Context(), salla.ListCustomersRequest{})
	assert.NoError(t, err, "another operation of the same path")
	assert.ErrorIs(t, create(), souk.ErrForbidden)
	assert.NoError(t, create(), "once")

	s.Inject(souktest.Fault{Operation: "OAuth.Refresh", Status: http.StatusBadRequest, Body: `{"error":"invalid_grant"}`})
	assert.NoError(t, create())
	_, err = s.OAuth().Exchange(t.Context(), s.Authorize("state").Get("code"))
	assert.ErrorIs(t, err, salla.ErrGrantInvalid, "the same request as that of a refresh")
}

func TestSeedMakesEverybodyOfAKind(t *testing.T) {
	t.Parallel()
	s, client := start(t)
	s.Seed(2)
	s.Seed(1)

	var names, emails, mobiles []string
	for customer, err := range client.Customers.All(t.Context(), salla.ListCustomersRequest{}) {
		require.NoError(t, err)
		names = append(names, customer.FullName)
		emails = append(emails, customer.Email)
		mobiles = append(mobiles, customer.MobileCode+customer.Mobile)
	}

	assert.Equal(t, []string{"Customer 3", "Customer 2", "Customer 1"}, names)
	assert.Equal(t, []string{"customer3@example.test", "customer2@example.test", "customer1@example.test"}, emails)
	assert.Equal(t, []string{"+966500000003", "+966500000002", "+966500000001"}, mobiles)
}

// In fake time a limit and two lost answers take no real time: the server's half
// minute, and then random waits of one second and of two at most.
func TestFailuresInFakeTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, client := start(t)
		s.Inject(souktest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}, Body: `{}`})
		s.Inject(souktest.Fault{Drop: true})
		s.Inject(souktest.Fault{Truncate: 3})
		began := time.Now()

		list, err := client.Customers.List(t.Context(), salla.ListCustomersRequest{})

		require.NoError(t, err)
		assert.Empty(t, list.Customers)
		assert.Len(t, s.Requests(), 4)
		assert.GreaterOrEqual(t, time.Since(began), 30*time.Second)
		assert.LessOrEqual(t, time.Since(began), 33*time.Second)
	})
}

func TestDeliveryWithStrategyNone(t *testing.T) {
	t.Parallel()

	r := httptest.NewRequest(http.MethodPost, "/", nil)

	sallatest.Sign(r, salla.WebhookConfig{Strategy: salla.StrategyNone}, []byte("{}"))

	assert.Empty(t, r.Header)
}

func TestNewDelivery(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	now := time.Date(2026, 8, 9, 6, 15, 30, 0, time.UTC)
	s.SetClock(func() time.Time { return now })

	r := s.NewDelivery(salla.TopicCustomersCreate, []byte(`{"id":7,"first_name":"Sara"}`))

	assert.Equal(t, http.MethodPost, r.Method)
	assert.Equal(t, "Signature", r.Header.Get("X-Salla-Security-Strategy"))
	assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.Equal(t, int64(len(body)), r.ContentLength)
	assert.JSONEq(t, `{"event":"customer.created","merchant":1803665367,"created_at":"2026-08-09 09:15:30","data":{"id":7,"first_name":"Sara"}}`, string(body))

	delivery, err := salla.ParseDelivery(r.Header, body, s.WebhookConfig())
	require.NoError(t, err)
	assert.Equal(t, &salla.Customer{ID: 7, FirstName: "Sara"}, delivery.Event)

	delivery, err = salla.ParseWebhook(s.NewDelivery(salla.TopicAppUninstalled, nil), s.WebhookConfig())
	require.NoError(t, err)
	assert.EqualValues(t, salla.TopicAppUninstalled, delivery.Topic)
	assert.Equal(t, s.Merchant, delivery.Store)
	assert.True(t, delivery.CreatedAt.Equal(now))
	assert.Equal(t, &salla.AppEvent{}, delivery.Event)

	_, err = salla.ParseWebhook(newServer(t).NewDelivery(salla.TopicAppUninstalled, nil), s.WebhookConfig())
	assert.ErrorIs(t, err, souk.ErrUnauthorized, "another server has another secret")
}
