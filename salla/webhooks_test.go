package salla_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// registered is the subscription of testdata/webhook_registered.json.
func registered() *salla.Webhook {
	return &salla.Webhook{
		ID: 60587520, Name: "Salla Update Customer Event", Topic: salla.TopicCustomersUpdate, Type: "manual",
		Address: "https://hooks.example.test/salla", Version: 2, Rule: "city = `الرياض`",
		Headers: map[string]string{"Authorization": "abcd1234", "Accept-Language": "AR"},
	}
}

func TestWebhooksCreate(t *testing.T) {
	t.Parallel()
	request := testkit.Request{
		Method: "POST", Path: "/admin/v2/webhooks/subscribe", Header: sentAsJSON,
		Body: raw("{\"name\":\"Salla Update Customer Event\",\"event\":\"customer.updated\",\"url\":\"https://hooks.example.test/salla\",\"version\":2," +
			"\"rule\":\"city = `الرياض`\",\"headers\":[{\"key\":\"Authorization\",\"value\":\"abcd1234\"}]}"),
	}
	gock := testkit.NewGock(t)
	gock.Expect(request).Fixture(200, "webhook_registered.json")
	gock.Expect(request).Fixture(422, "webhook_register_422.json")
	client := newClient(t, gock)
	create := salla.CreateWebhookRequest{
		Name: "Salla Update Customer Event", Topic: salla.TopicCustomersUpdate, Address: "https://hooks.example.test/salla", Version: 2,
		Rule: "city = `الرياض`", Headers: []salla.WebhookHeader{{Key: "Authorization", Value: "abcd1234"}},
	}

	webhook, err := client.Webhooks.Create(t.Context(), create)
	require.NoError(t, err)
	assert.Equal(t, registered(), webhook)

	_, err = client.Webhooks.Create(t.Context(), create)
	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.Equal(t, map[string][]string{
		"url":   {"لابد أن يكون الرابط صالح وفعّال (لا يحتوي على localhost أو test.)"},
		"event": {"حقل event غير صالحٍ"},
	}, requireError(t, err).Fields)
}

func TestWebhooksList(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/webhooks", Header: sentBare, Query: url.Values{"page": {"2"}, "per_page": {"10"}}}).
		JSON(200, `{"status":200,"success":true,"data":[
			{"id":1,"name":"a","event":"order.created","type":"manual","url":"https://a.example","version":"1","rule":null,"headers":[]},
			{"id":"2","headers":[{"key":"X","value":"y"}],"security":{"strategy":"token","secret":null}},
			{"id":3,"headers":null,"security":[]}],
			"pagination":{"count":0,"total":13,"perPage":65,"currentPage":2,"totalPages":2,"links":["string"]}}`)

	list, err := newClient(t, gock).Webhooks.List(t.Context(), salla.ListWebhooksRequest{Page: 2, Limit: 10})

	require.NoError(t, err)
	assert.Equal(t, []salla.Webhook{
		{ID: 1, Name: "a", Topic: "order.created", Type: "manual", Address: "https://a.example", Version: 1},
		{ID: 2, Headers: map[string]string{"X": "y"}, Security: &salla.WebhookSecurity{Strategy: salla.StrategyToken}},
		{ID: 3},
	}, list.Webhooks)
	_, more := list.Next()
	assert.False(t, more)
}

func TestWebhooksAll(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/webhooks", Query: url.Values{"per_page": {"60"}}}).JSON(200, page(3, 1, 2, 1, 2))
	gock.Expect(testkit.Request{Path: "/admin/v2/webhooks", Query: url.Values{"per_page": {"60"}, "page": {"2"}}}).JSON(200, page(3, 2, 2, 3))

	var got []int64
	for webhook, err := range newClient(t, gock).Webhooks.All(t.Context(), salla.ListWebhooksRequest{}) {
		require.NoError(t, err)
		got = append(got, webhook.ID)
	}

	assert.Equal(t, []int64{1, 2, 3}, got)
}

func TestWebhooksEvents(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/webhooks/events", Header: sentBare}).
		JSON(200, `{"status":200,"success":true,"data":[{"id":5,"label":"New customer","event":"customer.created"}]}`)

	events, err := newClient(t, gock).Webhooks.Events(t.Context())

	require.NoError(t, err)
	assert.Equal(t, []salla.AvailableEvent{{ID: 5, Label: "New customer", Topic: salla.TopicCustomersCreate}}, events)
}

func TestWebhooksUpdate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request salla.UpdateWebhookRequest
		body    string
	}{
		{"all", salla.UpdateWebhookRequest{
			Name: new("a"), Topic: new(salla.TopicCustomersLogin), Address: new("https://a.example"), Version: new(2), Rule: new(""),
			Headers: []salla.WebhookHeader{}, SecurityStrategy: new(salla.StrategySignature), Secret: new("s"),
		}, `{"name":"a","event":"customer.login","url":"https://a.example","version":2,"rule":"","headers":[],"security_strategy":"signature","secret":"s"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "PUT", Path: "/admin/v2/webhooks/60587520", Header: sentAsJSON, Body: raw(tt.body)}).
				Fixture(200, "webhook_registered.json")

			webhook, err := newClient(t, gock).Webhooks.Update(t.Context(), 60587520, tt.request)

			require.NoError(t, err)
			assert.Equal(t, registered(), webhook)
		})
	}
}

// Secrets that come back are not shown, and no answer that can hold one is kept.
func TestWebhooksShowNoSecret(t *testing.T) {
	t.Parallel()
	const secret, header = "webhook-secret", "header-secret"
	refusal := `{"success":false,"error":{"code":"error","message":"no ` + secret + ` with ` + header + `","fields":{"secret":["` + secret + `"],"headers":["` + header + `"]}}}`
	headers := []salla.WebhookHeader{{Key: "Authorization", Value: header}}
	calls := map[string]func(*salla.Client) error{
		"POST /admin/v2/webhooks/subscribe": func(c *salla.Client) error {
			_, err := c.Webhooks.Create(t.Context(), salla.CreateWebhookRequest{Topic: "a", Address: "https://a.example/" + secret, Headers: headers})
			return err
		},
		"PUT /admin/v2/webhooks/7": func(c *salla.Client) error {
			_, err := c.Webhooks.Update(t.Context(), 7, salla.UpdateWebhookRequest{Secret: new(secret), Headers: headers})
			return err
		},
	}
	for route, call := range calls {
		method, path, _ := strings.Cut(route, " ")
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{Method: method, Path: path, Body: func([]byte) error { return nil }}).JSON(422, refusal)

		err := call(newClient(t, gock))

		e := requireError(t, err)
		shown := fmt.Sprint(err, e.Message, e.Fields)
		assert.NotContains(t, shown, header)
		if method == "PUT" {
			assert.NotContains(t, shown, secret)
		}
		assert.Empty(t, e.Body)
	}
}

func TestWebhooksDelete(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		call  func(*salla.Client) error
		query url.Values
	}{
		{"by id", func(c *salla.Client) error { return c.Webhooks.Delete(t.Context(), 7) }, url.Values{"id": {"7"}}},
		{"by address", func(c *salla.Client) error {
			return c.Webhooks.DeleteByAddress(t.Context(), "https://a.example/?b=c&d")
		}, url.Values{"url": {"https://a.example/?b=c&d"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			request := testkit.Request{Method: "DELETE", Path: "/admin/v2/webhooks/unsubscribe", Header: sentBare, Query: tt.query}
			gock := testkit.NewGock(t)
			gock.Expect(request).JSON(202, `{"status":202,"success":true,"data":{"message":"x","code":202}}`)
			gock.Expect(request).Fixture(404, "error_404_integer_code.json")
			client := newClient(t, gock)

			assert.NoError(t, tt.call(client))
			assert.ErrorIs(t, tt.call(client), souk.ErrNotFound)
		})
	}
}

func TestWebhooksRefuse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		call func(*testing.T, *salla.Client) error
		want string
	}{
		{"create nothing", func(t *testing.T, c *salla.Client) error {
			_, err := c.Webhooks.Create(t.Context(), salla.CreateWebhookRequest{})
			return err
		}, `salla: POST /webhooks/subscribe: invalid; Address: must be an absolute http or https URL; Topic: must be an event such as "customer.created"`},
		{"create version 3", func(t *testing.T, c *salla.Client) error {
			_, err := c.Webhooks.Create(t.Context(), salla.CreateWebhookRequest{Topic: "a", Address: "https://a.example", Version: 3})
			return err
		}, "salla: POST /webhooks/subscribe: invalid; Version: must be 1 or 2; 0 means 2"},
		{"create rule in version 1", func(t *testing.T, c *salla.Client) error {
			_, err := c.Webhooks.Create(t.Context(), salla.CreateWebhookRequest{Topic: "a", Address: "https://a.example", Version: 1, Rule: "id > 1"})
			return err
		}, "salla: POST /webhooks/subscribe: invalid; Rule: needs version 2"},
		{"update to nonsense", func(t *testing.T, c *salla.Client) error {
			_, err := c.Webhooks.Update(t.Context(), 1, salla.UpdateWebhookRequest{Address: new("/a"), Version: new(0), Secret: new("")})
			return err
		}, "salla: PUT /webhooks/{webhook}: invalid; Address: must be an absolute http or https URL; Secret: must not be empty: such a secret proves nothing; Version: must be 1 or 2"},
		{"delete nothing", func(t *testing.T, c *salla.Client) error {
			return c.Webhooks.Delete(t.Context(), 0)
		}, "salla: DELETE /webhooks/unsubscribe: invalid; webhook: must be a positive id"},
		{"delete negative id", func(t *testing.T, c *salla.Client) error {
			return c.Webhooks.Delete(t.Context(), -1)
		}, "salla: DELETE /webhooks/unsubscribe: invalid; webhook: must be a positive id"},
		{"delete what goes nowhere", func(t *testing.T, c *salla.Client) error {
			return c.Webhooks.DeleteByAddress(t.Context(), "")
		}, "salla: DELETE /webhooks/unsubscribe: invalid; address: must not be empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			err := tt.call(t, silent(t))

			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, tt.want)
		})
	}
}
