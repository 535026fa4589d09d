package shoplazzatest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/souktest"
)

type object = map[string]any

func start(t *testing.T) *shoplazzatest.Server {
	t.Helper()
	server := shoplazzatest.NewServer()
	t.Cleanup(server.Close)
	return server
}

// ask sends a request with the private app's token and returns status and JSON.
func ask(t *testing.T, server *shoplazzatest.Server, method, path, body string) (int, object) {
	t.Helper()
	return askAs(t, server, server.Token, method, path, body)
}

func askAs(t *testing.T, server *shoplazzatest.Server, token, method, path, body string) (int, object) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.BaseURL()+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Access-Token", token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := server.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.NotEmpty(t, resp.Header.Get("Request-Id"))
	assert.Equal(t, "application/json; charset=utf-8", resp.Header.Get("Content-Type"))
	var answer object
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	return resp.StatusCode, answer
}

// create makes a customer and returns it as its version has it.
func create(t *testing.T, server *shoplazzatest.Server, version, customer string) object {
	t.Helper()
	status, answer := ask(t, server, http.MethodPost, "/openapi/"+version+"/customers", `{"customer":`+customer+`}`)
	require.Equal(t, http.StatusOK, status, answer)
	if data, ok := answer["data"].(object); ok {
		answer = data
	}
	return answer["customer"].(object)
}

const ryan = `{
	"contact_type": "email", "email": "ryan@example.com", "phone": "+8615014471143", "first_name": "Ryan", "last_name": "Zhang",
	"accepts_marketing": false, "password": "123456", "password_confirmation": "123456", "registered_at": "2024-03-11T03:32:00Z",
	"tags": TAGS,
	"addresses": [{"first_name": "Test", "last_name": "Test", "country": "Aland Islands", "country_code": "AX", "city": "深圳", "phone_area_code": "+86"}]
}`

func TestACustomerLooksLikeTheDocumentedOne(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.SetClock(func() time.Time { return time.Date(2024, 4, 17, 13, 10, 33, 999, time.FixedZone("", 2*60*60)) })
	got := create(t, server, "2022-01", strings.Replace(ryan, "TAGS", `"New Customer,Repeat Customer"`, 1))
	address := got["default_address"].(object)
	embedded := got["addresses"].([]any)[0].(object)
	assert.Equal(t, object{
		"id": got["id"], "first_name": "Ryan", "last_name": "Zhang", "name": "Ryan Zhang", "email": "ryan@example.com",
		"phone": "+8615014471143", "phone_area_code": nil, "contact_type": "email", "accepts_marketing": false,
		"accepts_sms_marketing": true, "source": nil, "free_tax": false, "registered": true, "orders_count": 0.0,
		"last_order_at": nil, "total_spent": "0.00", "tags": "New Customer, Repeat Customer",
		"created_at": "2024-04-17T11:10:33Z", "updated_at": "2024-04-17T11:10:33Z", "subscribed_flag": 6.0, "sms_subscribed_flag": 5.0,
		"default_address": address, "addresses": []any{embedded},
	}, got)
	assert.Equal(t, object{
		"id": address["id"], "customer_id": got["id"], "first_name": "Test", "last_name": "Test", "name": "Test Test", "gender": "",
		"email": "", "phone": "", "phone_area_code": "+86", "company": "", "address1": "", "address2": "", "area": "", "city": "深圳",
		"province": "", "province_code": "", "country": "Aland Islands", "country_code": "AX", "country_name": "Aland Islands", "zip": "", "default": true,
	}, address)
	assert.NotContains(t, embedded, "phone_area_code")
	assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, got["id"])
}

func TestACustomerOfALaterVersionHasAnotherSpelling(t *testing.T) {
	t.Parallel()
	server := start(t)
	got := create(t, server, "2026-01", strings.Replace(ryan, "TAGS", `["New Customer"]`, 1))
	assert.Equal(t, []any{"New Customer"}, got["tags"])
	assert.NotContains(t, got, "default_address")
	assert.Contains(t, got, "first_order_at")
	_, answer := ask(t, server, http.MethodGet, "/openapi/2022-01/customers/"+got["id"].(string), "")
	assert.Equal(t, "New Customer", answer["customer"].(object)["tags"], "versions see the same rows")
}

func TestWhatTheDocumentationRefusesIsRefusedInItsWords(t *testing.T) {
	t.Parallel()
	server := start(t)
	create(t, server, "2022-01", `{"contact_type":"email","email":"a@example.com","phone":"+1 505 281 4445"}`)
	cases := []struct {
		customer string
		want     []any
		rule     bool
	}{
		{`{"contact_type":"email","email":"A@example.com"}`, []any{"Email or Phone is already taken"}, true},
		{`{"contact_type":"phone","phone":"+15052814445"}`, []any{"Email or Phone is already taken"}, true},
		{`{"contact_type":"email","email":"b@example.com","password":"12345"}`, []any{"Password is too short (minimum is 6 characters)"}, false},
		{`{"contact_type":"email","email":"b@example.com","password":"123456","password_confirmation":"1234567"}`, []any{"Password confirmation must be equal to password"}, false},
		{`{"contact_type":"phone","phone":"call me"}`, []any{"Phone is invalid"}, false},
		{`{"contact_type":"email","email":"b"}`, []any{"Email is invalid"}, false},
		{`{"contact_type":"email"}`, []any{"Email can't be blank"}, false},
		{`{"contact_type":"phone","email":"b@example.com"}`, []any{"Phone can't be blank"}, false},
		{`{"email":"b@example.com"}`, []any{"Contact type is invalid"}, false},
		{`{"contact_type":"email","email":"b@example.com","addresses":[{"first_name":"A","last_name":"B"}]}`, []any{"Country can't be blank", "Country code can't be blank"}, false},
		{`{}`, []any{"param is missing or the value is empty: customer"}, false},
		{`null`, []any{"param is missing or the value is empty: customer"}, false},
	}
	for _, c := range cases {
		status, answer := ask(t, server, http.MethodPost, "/openapi/2022-01/customers", `{"customer":`+c.customer+`}`)
		assert.Equal(t, 422, status, c.customer)
		assert.Equal(t, object{"errors": c.want}, answer)
		status, answer = ask(t, server, http.MethodPost, "/openapi/2025-06/customers", `{"customer":`+c.customer+`}`)
		if c.rule {
			assert.Equal(t, 500, status, "a rule of business")
		} else {
			assert.Equal(t, 400, status, c.customer)
		}
		assert.Equal(t, object{"errors": c.want}, answer)
	}
	_, answer := ask(t, server, http.MethodGet, "/openapi/2022-01/customers/count", "")
	assert.Equal(t, 1.0, answer["count"], "nothing was made")
}

func TestBodiesOfAnotherVersionAreRefused(t *testing.T) {
	t.Parallel()
	server := start(t)
	for _, c := range []struct{ path, body string }{
		{"/openapi/2022-01/customers", `{"customer":{"contact_type":"email","email":"a@example.com","tags":["a"]}}`},
		{"/openapi/2026-01/customers", `{"customer":{"contact_type":"email","email":"a@example.com","tags":"a"}}`},
		{"/openapi/2022-01/customers", `{"customer":{"contact_type":7}}`},
		{"/openapi/2022-01/customers", `no JSON`},
		{"/openapi/2022-01/webhooks", `[]`},
	} {
		status, answer := ask(t, server, http.MethodPost, c.path, c.body)
		assert.Equal(t, 400, status, c.body)
		assert.Equal(t, object{"errors": []any{"Bad Request"}}, answer)
	}
	id := create(t, server, "2022-01", `{"contact_type":"email","email":"a@example.com"}`)["id"].(string)
	status, answer := ask(t, server, http.MethodPost, "/openapi/2026-01/customers/"+id+"/addresses", `{"country":"Finland","country_code":"FI"}`)
	assert.Equal(t, 400, status)
	assert.Equal(t, object{"errors": []any{"param is missing or the value is empty: address"}}, answer)
	status, answer = ask(t, server, http.MethodPost, "/openapi/2022-01/customers/"+id+"/addresses", `{"address":{"country":"Finland","country_code":"FI"}}`)
	assert.Equal(t, 422, status)
	assert.Equal(t, object{"errors": []any{"Country can't be blank", "Country code can't be blank"}}, answer)
	status, answer = ask(t, server, http.MethodPost, "/openapi/2026-07/webhooks", `{"address":"https://a.example","topic":"x"}`)
	assert.Equal(t, 400, status)
	assert.Equal(t, object{"errors": []any{"param is missing or the value is empty: webhook"}}, answer)
}

func TestEverythingNeedsAToken(t *testing.T) {
	t.Parallel()
	server := start(t)
	for version, want := range map[string]int{"2022-01": 401, "2025-06": 400} {
		status, answer := askAs(t, server, "wrong", http.MethodGet, "/openapi/"+version+"/customers", "")
		assert.Equal(t, want, status)
		assert.Equal(t, object{"error": "Unauthorized"}, answer)
	}
}

func TestUnknownPathsAreNotFound(t *testing.T) {
	t.Parallel()
	server := start(t)
	for _, path := range []string{"/", "/openapi", "/openapi/2022-01", "/openapi/2020-07/customers", "/openapi/2023-01/customers", "/openapi/2022-01/orders", "/openapi/2022-01/customers/", "/openapi/2022-01/customers/1/2"} {
		status, answer := ask(t, server, http.MethodGet, path, "")
		assert.Equal(t, 404, status, path)
		assert.Equal(t, object{"error": "page not found"}, answer)
	}
	status, _ := ask(t, server, http.MethodDelete, "/openapi/2022-01/customers/1", "")
	assert.Equal(t, 404, status, "customers cannot be deleted")
}

func TestUnknownIDsAreNotFound(t *testing.T) {
	t.Parallel()
	server := start(t)
	id := create(t, server, "2022-01", `{"contact_type":"email","email":"a@example.com"}`)["id"].(string)
	for _, c := range []struct{ method, path, want string }{
		{http.MethodGet, "/customers/1", "record not found"},
		{http.MethodPut, "/customers/1", "record not found"},
		{http.MethodGet, "/customers/1/addresses", "record not found"},
		{http.MethodPost, "/customers/1/addresses", "record not found"},
		{http.MethodGet, "/customers/" + id + "/addresses/1", "record not found"},
		{http.MethodPut, "/customers/" + id + "/addresses/1", "record not found"},
		{http.MethodPut, "/customers/" + id + "/addresses/1/default", "record not found"},
		{http.MethodDelete, "/customers/" + id + "/addresses/1", "record not found"},
		{http.MethodGet, "/webhooks/1", "record not found!"},
		{http.MethodPut, "/webhooks/1", "record not found!"},
		{http.MethodDelete, "/webhooks/1", "record not found!"},
	} {
		for version, want := range map[string]int{"2022-01": 404, "2026-01": 500} {
			status, answer := ask(t, server, c.method, "/openapi/"+version+c.path, `{}`)
			assert.Equal(t, want, status, c.path)
			assert.Equal(t, object{"errors": []any{c.want}}, answer)
		}
	}
}

// names returns the first names of a list's customers.
func names(answer object) (names []string, data object) {
	data = answer
	if inner, ok := answer["data"].(object); ok {
		data = inner
	}
	names = []string{}
	for _, row := range data["customers"].([]any) {
		names = append(names, row.(object)["first_name"].(string))
	}
	return names, data
}

func TestListsAreFilteredAndPaged(t *testing.T) {
	t.Parallel()
	server := start(t)
	day := 0
	server.SetClock(func() time.Time { return time.Date(2024, 1, day, 0, 0, 0, 0, time.UTC) })
	ids := map[string]string{}
	for _, name := range []string{"a", "b", "c"} {
		day++
		customer := create(t, server, "2022-01", `{"contact_type":"email","email":"`+name+`@example.com","phone":"+1505`+strings.Repeat(name2digit[name], 6)+`","first_name":"`+name+`"}`)
		ids[name] = customer["id"].(string)
	}
	for query, want := range map[string][]string{
		"":                                    {"c", "b", "a"},
		"email=B@example.com":                 {"b"},
		"email=x@example.com":                 {},
		"contact=c@example.com":               {"c"},
		"contact=%2B1505111111":               {"a"},
		"contact=0":                           {},
		"created_at_min=2024-01-02T00:00:00Z": {"c", "b"},
		"created_at_max=2024-01-02T00:00:00Z": {"b", "a"},
		"updated_at_min=2024-01-03T00:00:00Z": {"c"},
		"updated_at_max=2023-01-03T00:00:00Z": {},
	} {
		for _, version := range []string{"2022-01", "2026-01"} {
			status, answer := ask(t, server, http.MethodGet, "/openapi/"+version+"/customers?"+query, "")
			assert.Equal(t, 200, status)
			got, _ := names(answer)
			assert.Equal(t, want, got, version+" "+query)
		}
	}
	_, answer := ask(t, server, http.MethodGet, "/openapi/2022-01/customers?ids="+ids["a"]+","+ids["c"], "")
	got, _ := names(answer)
	assert.Equal(t, []string{"c", "a"}, got)
	_, answer = ask(t, server, http.MethodGet, "/openapi/2026-01/customers?ids="+ids["a"]+"&ids="+ids["c"], "")
	got, _ = names(answer)
	assert.Equal(t, []string{"c", "a"}, got)

	_, answer = ask(t, server, http.MethodGet, "/openapi/2022-01/customers?limit=2&page=2", "")
	got, data := names(answer)
	assert.Equal(t, []string{"a"}, got)
	assert.Len(t, data, 1, "2022-01 has no end mark")

	_, answer = ask(t, server, http.MethodGet, "/openapi/2026-01/customers?page_size=2", "")
	got, data = names(answer)
	assert.Equal(t, []string{"c", "b"}, got)
	assert.Equal(t, true, data["has_more"])
	_, answer = ask(t, server, http.MethodGet, "/openapi/2026-01/customers?page_size=2&cursor="+url.QueryEscape(data["cursor"].(string)), "")
	got, data = names(answer)
	assert.Equal(t, []string{"a"}, got)
	assert.Equal(t, false, data["has_more"])
	assert.Empty(t, data["cursor"])
}

var name2digit = map[string]string{"a": "1", "b": "2", "c": "3"}

func TestListsHave10RowsByDefault(t *testing.T) {
	t.Parallel()
	server := start(t)
	for i := range 11 {
		create(t, server, "2022-01", `{"contact_type":"email","email":"`+string(rune('a'+i))+`@example.com"}`)
	}
	for _, version := range []string{"2022-01", "2026-01"} {
		_, answer := ask(t, server, http.MethodGet, "/openapi/"+version+"/customers", "")
		got, _ := names(answer)
		assert.Len(t, got, 10)
	}
}

func TestParametersOutOfRangeAreRefused(t *testing.T) {
	t.Parallel()
	server := start(t)
	for query, want := range map[string]any{
		"/openapi/2022-01/customers?limit=251&page=0": object{"limit": []any{"must be less than or equal to 250"}, "page": []any{"must be greater than or equal to 1"}},
		"/openapi/2026-01/customers?page_size=251":    object{"page_size": []any{"must be less than or equal to 250"}},
		"/openapi/2022-01/webhooks?limit=x":           object{"limit": []any{"must be greater than or equal to 1"}},
		"/openapi/2026-01/customers?cursor=!":         []any{"cursor is invalid"},
		"/openapi/2026-01/customers?cursor=bm8=":      []any{"cursor is invalid"},
	} {
		status, answer := ask(t, server, http.MethodGet, query, "")
		assert.Contains(t, []int{400, 422}, status)
		assert.Equal(t, object{"errors": want}, answer, query)
	}
	create(t, server, "2022-01", `{"contact_type":"email","email":"a@example.com"}`)
	status, answer := ask(t, server, http.MethodGet, "/openapi/2022-01/customers?created_at_min=yesterday", "")
	assert.Equal(t, 422, status)
	assert.Equal(t, object{"errors": []any{"created_at_min is invalid"}}, answer)
}

func TestOneAddressIsTheDefaultAtMost(t *testing.T) {
	t.Parallel()
	server := start(t)
	customer := create(t, server, "2022-01", `{"contact_type":"email","email":"a@example.com","addresses":[
		{"first_name":"A","last_name":"B","country":"Finland","country_code":"FI","city":"one"},
		{"first_name":"A","last_name":"B","country":"Finland","country_code":"FI","city":"two"},
		{"first_name":"A","last_name":"B","country":"Finland","country_code":"FI","city":"three","default":false}]}`)
	base := "/openapi/2022-01/customers/" + customer["id"].(string)
	defaults := func() []string {
		_, answer := ask(t, server, http.MethodGet, base, "")
		var cities []string
		for _, row := range answer["customer"].(object)["addresses"].([]any) {
			if row.(object)["default"] == true {
				cities = append(cities, row.(object)["city"].(string))
			}
		}
		return cities
	}
	assert.Equal(t, []string{"two"}, defaults(), "a new customer's addresses are defaults by default")
	_, answer := ask(t, server, http.MethodPost, base+"/addresses", `{"country":"Finland","country_code":"FI","city":"four"}`)
	four := base + "/addresses/" + answer["address"].(object)["id"].(string)
	assert.Equal(t, []string{"two"}, defaults(), "further addresses are not")
	_, answer = ask(t, server, http.MethodPut, four+"/default", "")
	assert.Equal(t, object{}, answer)
	assert.Equal(t, []string{"four"}, defaults())
	ask(t, server, http.MethodPut, four, `{"default":false}`)
	assert.Empty(t, defaults())
	_, answer = ask(t, server, http.MethodPut, four, `{"default":true,"city":"4"}`)
	assert.Equal(t, "Finland", answer["address"].(object)["country"], "what is left out stays")
	assert.Equal(t, []string{"4"}, defaults())
	status, _ := ask(t, server, http.MethodPut, four, `{"country":""}`)
	assert.Equal(t, 422, status)
	_, answer = ask(t, server, http.MethodGet, four, "")
	assert.Equal(t, "Finland", answer["address"].(object)["country"], "a refused update changes nothing")
	_, answer = ask(t, server, http.MethodDelete, four, "")
	assert.Equal(t, object{}, answer)
	_, answer = ask(t, server, http.MethodGet, base+"/addresses", "")
	assert.Len(t, answer["addresses"], 3)
}

func TestAnUpdateChangesWhatCanBeChanged(t *testing.T) {
	t.Parallel()
	server := start(t)
	customer := create(t, server, "2022-01", `{"contact_type":"email","email":"a@example.com","tags":"a,b"}`)
	assert.Equal(t, true, customer["accepts_marketing"], "unless it is declined")
	path := "/openapi/2022-01/customers/" + customer["id"].(string)
	_, answer := ask(t, server, http.MethodPut, path, `{"customer":{"email":"b@example.com","phone":"+1505","first_name":"A","accepts_marketing":false,"accepts_sms_marketing":true}}`)
	got := answer["customer"].(object)
	assert.Equal(t, "a@example.com", got["email"], "not the e-mail address")
	assert.Empty(t, got["phone"])
	assert.Equal(t, "A", got["first_name"])
	assert.Equal(t, "a, b", got["tags"])
	assert.Equal(t, false, got["accepts_marketing"])
	assert.Equal(t, 1.0, got["subscribed_flag"])
	assert.Equal(t, 3.0, got["sms_subscribed_flag"])
	_, answer = ask(t, server, http.MethodPut, path, `{"customer":{"tags":""}}`)
	assert.Empty(t, answer["customer"].(object)["tags"])
	status, _ := ask(t, server, http.MethodPut, path, `{"customer":{"tags":7}}`)
	assert.Equal(t, 400, status)
	status, _ = ask(t, server, http.MethodPut, path, `{"tags":""}`)
	assert.Equal(t, 422, status)
}

func TestSubscriptionsAreCheckedFilteredAndCounted(t *testing.T) {
	t.Parallel()
	server := start(t)
	status, answer := ask(t, server, http.MethodPost, "/openapi/2022-01/webhooks", `{}`)
	assert.Equal(t, 422, status)
	assert.Equal(t, object{"errors": object{"address": []any{"can't be blank", "is invalid"}, "topic": []any{"can't be blank"}}}, answer)
	_, answer = ask(t, server, http.MethodPost, "/openapi/2022-01/webhooks", `{"address":"http://a.example","topic":"x"}`)
	assert.Equal(t, object{"errors": object{"address": []any{"is invalid"}}}, answer)

	var ids []string
	for _, topic := range []string{"orders/create", "orders/cancelled", "customers/create"} {
		_, answer = ask(t, server, http.MethodPost, "/openapi/2022-01/webhooks", `{"address":"https://a.example/`+topic+`","topic":"`+topic+`"}`)
		ids = append(ids, answer["webhook"].(object)["id"].(string))
	}
	for query, want := range map[string]float64{
		"": 3, "topic=orders/create": 1, "topic=orders/create,orders/cancelled": 2, "address=https://a.example/customers/create": 1,
		"created_at_min=2999-01-01T00:00:00Z": 0, "updated_at_max=2000-01-01T00:00:00Z": 0,
	} {
		_, answer = ask(t, server, http.MethodGet, "/openapi/2022-01/webhooks/count?"+query, "")
		assert.Equal(t, want, answer["count"], query)
		_, answer = ask(t, server, http.MethodGet, "/openapi/2026-01/webhooks?"+query, "")
		assert.Len(t, answer["data"].(object)["webhooks"], int(want))
	}
	_, answer = ask(t, server, http.MethodPut, "/openapi/2026-01/webhooks/"+ids[0], `{"webhook":{"topic":"orders/paid"}}`)
	hook := answer["data"].(object)["webhook"].(object)
	assert.Equal(t, "orders/paid", hook["topic"])
	assert.Equal(t, "https://a.example/orders/create", hook["address"])
	assert.Equal(t, "json", hook["format"])
	status, _ = ask(t, server, http.MethodPut, "/openapi/2022-01/webhooks/"+ids[0], `{"address":"x"}`)
	assert.Equal(t, 422, status)
	ask(t, server, http.MethodDelete, "/openapi/2022-01/webhooks/"+ids[0], "")
	_, answer = ask(t, server, http.MethodGet, "/openapi/2022-01/webhooks/count", "")
	assert.Equal(t, 2.0, answer["count"])
}

func TestTheLimitsAreThoseOfTheVendor(t *testing.T) {
	t.Parallel()
	server := start(t)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	server.SetClock(func() time.Time { return now })
	server.EnforceLimits()
	assert.Nil(t, server.Config().Limiter, "clients are paced now")
	admitted := func(token string, n int) (count int) {
		for range n {
			status, _ := askAs(t, server, token, http.MethodGet, "/openapi/2022-01/customers/count", "")
			if status == http.StatusOK {
				count++
			} else {
				assert.Equal(t, http.StatusTooManyRequests, status)
			}
		}
		return count
	}
	assert.Equal(t, 40, admitted(server.Token, 45))
	now = now.Add(3 * time.Second)
	assert.Equal(t, 6, admitted(server.Token, 10), "2 per second")
	now = now.Add(-time.Hour)
	assert.Equal(t, 0, admitted(server.Token, 1), "a clock that goes back drains nothing")
}

func TestTokensRotate(t *testing.T) {
	t.Parallel()
	server := start(t)
	now := time.Now()
	server.SetClock(func() time.Time { return now })
	token := func(form url.Values) (int, object) {
		resp, err := server.Client().PostForm(server.BaseURL()+"/admin/oauth/token", form)
		require.NoError(t, err)
		defer resp.Body.Close()
		var answer object
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
		return resp.StatusCode, answer
	}
	form := url.Values{
		"client_id": {server.ClientID}, "client_secret": {server.ClientSecret},
		"grant_type": {"authorization_code"}, "code": {server.Authorize("s").Get("code")},
	}
	status, first := token(form)
	require.Equal(t, 200, status, first)
	status, again := token(form)
	assert.Equal(t, 400, status)
	assert.Equal(t, object{"error": "invalid_grant"}, again)

	access := first["access_token"].(string)
	status, _ = askAs(t, server, access, http.MethodGet, "/openapi/2022-01/customers", "")
	assert.Equal(t, 200, status)
	now = now.Add(25 * time.Hour)
	status, _ = askAs(t, server, access, http.MethodGet, "/openapi/2022-01/customers", "")
	assert.Equal(t, 401, status, "it has run out")

	form = url.Values{
		"client_id": {server.ClientID}, "client_secret": {server.ClientSecret},
		"grant_type": {"refresh_token"}, "refresh_token": {first["refresh_token"].(string)},
	}
	status, second := token(form)
	require.Equal(t, 200, status)
	assert.NotEqual(t, first["refresh_token"], second["refresh_token"])
	access = second["access_token"].(string)
	status, _ = askAs(t, server, access, http.MethodGet, "/openapi/2022-01/customers", "")
	assert.Equal(t, 200, status)

	status, _ = token(form)
	assert.Equal(t, 400, status)
	assert.Equal(t, 1, server.ReusedRefreshTokens())
	status, _ = askAs(t, server, access, http.MethodGet, "/openapi/2022-01/customers", "")
	assert.Equal(t, 401, status, "a refresh token that comes twice revokes all tokens")
	form.Set("refresh_token", second["refresh_token"].(string))
	status, _ = token(form)
	assert.Equal(t, 400, status)
	status, _ = askAs(t, server, server.Token, http.MethodGet, "/openapi/2022-01/customers", "")
	assert.Equal(t, 200, status, "the private app has nothing to do with it")

	form.Set("grant_type", "password")
	_, answer := token(form)
	assert.Equal(t, object{"error": "unsupported_grant_type"}, answer)
	form.Set("client_secret", "x")
	status, answer = token(form)
	assert.Equal(t, 401, status)
	assert.Equal(t, object{"error": "invalid_client"}, answer)
	resp, err := server.Client().Post(server.BaseURL()+"/admin/oauth/token", "application/x-www-form-urlencoded", strings.NewReader("%zz"))
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, 400, resp.StatusCode)

	for _, request := range server.Requests() {
		assert.NotContains(t, string(request.Body), server.ClientSecret)
		assert.NotContains(t, request.Header, "Access-Token")
	}
}

func TestTokensExpireAndAreRevoked(t *testing.T) {
	t.Parallel()
	server := start(t)
	now := time.Now()
	server.SetClock(func() time.Time { return now })
	app := server.OAuth()
	works := func(access string) bool {
		status, _ := askAs(t, server, access, http.MethodGet, "/openapi/2022-01/customers", "")
		return status == http.StatusOK
	}
	server.SetTokenLife(time.Hour)
	token, err := app.Exchange(t.Context(), "demo", server.Authorize("s").Get("code"))
	require.NoError(t, err)
	assert.WithinDuration(t, now.Add(time.Hour), token.Expiry, time.Hour/2)
	assert.True(t, works(token.AccessToken))
	now = now.Add(time.Hour)
	assert.False(t, works(token.AccessToken), "its life is over")

	token, err = app.Refresh(t.Context(), "demo", token.RefreshToken)
	require.NoError(t, err)
	assert.True(t, works(token.AccessToken))
	server.ExpireTokens()
	assert.False(t, works(token.AccessToken))

	token, err = app.Refresh(t.Context(), "demo", token.RefreshToken)
	require.NoError(t, err, "a refresh still works")
	assert.True(t, works(token.AccessToken))
	code := server.Authorize("s").Get("code")
	server.RevokeTokens()
	assert.False(t, works(token.AccessToken))
	_, err = app.Exchange(t.Context(), "demo", code)
	require.ErrorIs(t, err, souk.ErrUnauthorized)
	_, err = app.Refresh(t.Context(), "demo", token.RefreshToken)
	require.ErrorIs(t, err, souk.ErrReauthorize)
	assert.True(t, works(server.Token), "the private app is another one")
}

func TestFaultsAreInjected(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Fail(1, http.StatusServiceUnavailable, `{"errors":["busy"]}`)
	server.Inject(souktest.Fault{Path: "/openapi/*/customers/count", Drop: true})
	req := func() (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL()+"/openapi/2022-01/customers/count", nil)
		require.NoError(t, err)
		return http.DefaultClient.Do(r)
	}
	resp, err := req()
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, 503, resp.StatusCode)
	assert.JSONEq(t, `{"errors":["busy"]}`, string(body))
	resp, err = req()
	if err == nil {
		resp.Body.Close()
	}
	assert.Error(t, err)
	assert.Len(t, server.Requests(), 2)
}

func TestAFaultIsForOneOperation(t *testing.T) {
	t.Parallel()
	server := start(t)
	ctx := souk.WithMaxAttempts(t.Context(), 1)
	for _, version := range []string{shoplazza.Version202201, shoplazza.Version202607} {
		config := server.Config()
		config.Version = version
		client, err := shoplazza.NewClient(config)
		require.NoError(t, err)
		server.Inject(souktest.Fault{Operation: "Customers.Count", Status: http.StatusServiceUnavailable, Body: `{"errors":["busy"]}`})
		_, err = client.Customers.List(ctx, shoplazza.ListCustomersRequest{})
		require.NoError(t, err, "another operation")
		_, err = client.Customers.Count(ctx)
		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.ErrorContains(t, err, "busy")
		_, err = client.Customers.Count(ctx)
		require.NoError(t, err, "once")
	}
	server.Inject(souktest.Fault{Operation: "OAuth.Refresh", Status: http.StatusServiceUnavailable})
	_, err := server.OAuth().Refresh(t.Context(), "demo", "r")
	require.ErrorIs(t, err, souk.ErrUnavailable)
	assert.Panics(t, func() { server.Inject(souktest.Fault{Operation: "Customers.Delete"}) }, "there is none")
}

func TestFaultsCanNameEveryMethod(t *testing.T) {
	t.Parallel()
	names := append(testkit.OperationNames(t, ".."), "OAuth.Exchange", "OAuth.Refresh")
	assert.ElementsMatch(t, names, start(t).Operations())
}

func TestSeedCountsOn(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.Seed(2)
	server.Seed(1)
	client, err := shoplazza.NewClient(server.Config())
	require.NoError(t, err)
	var got []string
	for customer, err := range client.Customers.All(t.Context(), shoplazza.ListCustomersRequest{}) {
		require.NoError(t, err)
		got = append(got, customer.Name+" "+customer.Email+" "+customer.Phone)
	}
	assert.Equal(t, []string{
		"Customer 3 customer3@example.test +15550000003",
		"Customer 2 customer2@example.test +15550000002",
		"Customer 1 customer1@example.test +15550000001",
	}, got)
	_, err = client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "customer3@example.test"})
	assert.ErrorIs(t, err, souk.ErrAlreadyExists)
}

func TestTheServerIsAHandler(t *testing.T) {
	t.Parallel()
	server := start(t)
	request := httptest.NewRequest(http.MethodGet, "/openapi/2022-01/customers/count", nil)
	request.Header.Set("Access-Token", server.Token)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	assert.JSONEq(t, `{"count":0}`, recorder.Body.String())
}

func TestADeliveryIsSignedAndCanBeSent(t *testing.T) {
	t.Parallel()
	server := start(t)
	body := []byte(`{"customer":{"id":"1"}}`)
	first, second := server.NewDelivery(shoplazza.TopicCustomersCreate, body), server.NewDelivery(shoplazza.TopicCustomersCreate, body)
	assert.NotEqual(t, first.Header.Get("X-Shoplazza-Deduplication-ID"), second.Header.Get("X-Shoplazza-Deduplication-ID"))
	delivery, err := shoplazza.ParseWebhook(first, server.WebhookConfig())
	require.NoError(t, err)
	assert.Equal(t, "demo", delivery.Store)
	assert.True(t, bytes.Equal(body, delivery.Body))
	delivery, err = shoplazza.ParseDelivery(second.Header, body, server.WebhookConfig())
	require.NoError(t, err)
	assert.Equal(t, &shoplazza.Customer{ID: "1"}, delivery.Event)
	_, err = shoplazza.ParseWebhook(second, shoplazza.WebhookConfig{Secrets: []string{"other"}})
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
}

// What is wrong with a filter is said whoever is there.
func TestFiltersAreCheckedInAnEmptyStore(t *testing.T) {
	t.Parallel()
	server := start(t)
	for _, filled := range []bool{false, true} {
		if filled {
			server.Seed(1)
		}
		for _, list := range []string{"customers?email=nobody@example.test&", "webhooks?"} {
			for _, name := range []string{"created_at_min", "created_at_max", "updated_at_min", "updated_at_max"} {
				status, answer := ask(t, server, http.MethodGet, "/openapi/2022-01/"+list+name+"=yesterday", "")
				assert.Equal(t, http.StatusUnprocessableEntity, status, "%s%s", list, name)
				assert.Equal(t, object{"errors": []any{name + " is invalid"}}, answer)
			}
		}
	}
}
