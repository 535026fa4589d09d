package shoplazza_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/shoplazza"
)

func wantWebhook() *shoplazza.Webhook {
	at := time.Date(2018, 8, 26, 6, 50, 0, 0, time.UTC)
	return &shoplazza.Webhook{
		ID:        "37593634-c272-4ed5-9096-1a4f1212125e",
		Address:   "https://example.com/webhook",
		Topic:     shoplazza.TopicCustomersCreate,
		Format:    "json",
		CreatedAt: at,
		UpdatedAt: at,
	}
}

func TestWebhooksCreateSendsAddressAndTopic(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		s := newStore(t, version)
		body := object{"address": "https://example.com/webhook", "topic": "customers/create"}
		s.expect(http.MethodPost, "/webhooks", wrapped(version, "webhook", body)).Fixture(http.StatusOK, "webhook_2022-01.json")
		got, err := s.client.Webhooks.Create(t.Context(), shoplazza.CreateWebhookRequest{
			Address: "https://example.com/webhook", Topic: shoplazza.TopicCustomersCreate,
		})
		require.NoError(t, err)
		assert.Equal(t, wantWebhook(), got)
	}
}

func TestWebhooksRefuseWhatTheServerWouldRefuse(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	const address = "Address: must be an absolute https URL such as https://app.example/hooks"
	for _, wrong := range []string{"", "http://app.example/hooks", "app.example/hooks", "https:///hooks", "https://app.example/\x00"} {
		_, err := s.client.Webhooks.Create(t.Context(), shoplazza.CreateWebhookRequest{Address: wrong, Topic: "orders/create"})
		requireInvalid(t, err, "shoplazza: POST /webhooks: invalid; "+address)
		_, err = s.client.Webhooks.Update(t.Context(), "1", shoplazza.UpdateWebhookRequest{Address: new(wrong)})
		requireInvalid(t, err, "shoplazza: PUT /webhooks/{id}: invalid; "+address)
	}
	_, err := s.client.Webhooks.Create(t.Context(), shoplazza.CreateWebhookRequest{Address: "https://app.example"})
	requireInvalid(t, err, "shoplazza: POST /webhooks: invalid; Topic: must not be empty; for example customers/create")
	_, err = s.client.Webhooks.Update(t.Context(), "1", shoplazza.UpdateWebhookRequest{Topic: new(shoplazza.Topic(""))})
	requireInvalid(t, err, "shoplazza: PUT /webhooks/{id}: invalid; Topic: must not be empty")
	_, err = s.client.Webhooks.Update(t.Context(), "1", shoplazza.UpdateWebhookRequest{})
	requireInvalid(t, err, "shoplazza: PUT /webhooks/{id}: invalid; UpdateWebhookRequest: must change at least one field")
	_, err = s.client.Webhooks.List(t.Context(), shoplazza.ListWebhooksRequest{Limit: 251})
	requireInvalid(t, err, "shoplazza: GET /webhooks: invalid; Limit: must be between 1 and 250, or 0 for the server's default")
	assert.Empty(t, s.Requests())
}

func TestWebhooksGetUpdateDelete(t *testing.T) {
	t.Parallel()
	id := wantWebhook().ID
	for _, version := range versions {
		s := newStore(t, version)
		s.expect(http.MethodGet, "/webhooks/"+id, nil).Fixture(http.StatusOK, "webhook_2022-01.json")
		s.expect(http.MethodPut, "/webhooks/"+id, wrapped(version, "webhook", object{"address": "https://example.com/webhook"})).
			Fixture(http.StatusOK, "webhook_2022-01.json")
		s.expect(http.MethodDelete, "/webhooks/"+id, nil).Fixture(http.StatusOK, "empty_2022-01.json")

		got, err := s.client.Webhooks.Get(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, wantWebhook(), got)
		got, err = s.client.Webhooks.Update(t.Context(), id, shoplazza.UpdateWebhookRequest{Address: new("https://example.com/webhook")})
		require.NoError(t, err)
		assert.Equal(t, wantWebhook(), got)
		require.NoError(t, s.client.Webhooks.Delete(t.Context(), id))
	}
}

func TestWebhooksUpdateSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		const id = "37593634-c272-4ed5-9096-1a4f1212125e"
		s := newStore(t, version)
		s.expect(http.MethodPut, "/webhooks/"+id, wrapped(version, "webhook", object{"topic": "orders/create"})).Fixture(http.StatusOK, "webhook_2022-01.json")
		_, err := s.client.Webhooks.Update(t.Context(), id, shoplazza.UpdateWebhookRequest{Topic: new(shoplazza.TopicOrdersCreate)})
		require.NoError(t, err)
	}
}

func TestAWebhooksIdMayBeANumber(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, "/webhooks/246", nil).Fixture(http.StatusOK, "webhook_2026-01.json")
	got, err := s.client.Webhooks.Get(t.Context(), "246")
	require.NoError(t, err)
	want := wantWebhook()
	want.ID = "246"
	assert.Equal(t, want, got)
}

func TestWebhooksCountSendsItsFilters(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expect(http.MethodGet, "/webhooks/count?address=https%3A%2F%2Fexample.com%2Fwebhook&topic=orders%2Fcreate", nil).
		Fixture(http.StatusOK, "webhooks_count_2022-01.json")
	s.expect(http.MethodGet, "/webhooks/count", nil).Fixture(http.StatusOK, "webhooks_count_2022-01.json")
	got, err := s.client.Webhooks.Count(t.Context(), shoplazza.CountWebhooksRequest{Address: "https://example.com/webhook", Topic: shoplazza.TopicOrdersCreate})
	require.NoError(t, err)
	assert.Equal(t, 5, got)
	_, err = s.client.Webhooks.Count(t.Context(), shoplazza.CountWebhooksRequest{})
	require.NoError(t, err)
}

func TestWebhooksListSendsEveryFilter(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2018, 8, day, 0, 0, 0, 0, time.UTC) }
	request := shoplazza.ListWebhooksRequest{
		Address: "https://example.com/webhook", Topic: shoplazza.TopicCustomersCreate,
		CreatedAtMin: at(1), CreatedAtMax: at(2), UpdatedAtMin: at(3), UpdatedAtMax: at(4), Limit: 2,
	}
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s, req := newStore(t, version), request
			want := s.request(http.MethodGet, "/webhooks", nil)
			want.Query = url.Values{
				"address": {"https://example.com/webhook"}, "topic": {"customers/create"},
				"created_at_min": {"2018-08-01T00:00:00Z"}, "created_at_max": {"2018-08-02T00:00:00Z"},
				"updated_at_min": {"2018-08-03T00:00:00Z"}, "updated_at_max": {"2018-08-04T00:00:00Z"},
			}
			next := req
			if version == shoplazza.Version202201 {
				req.Page, next.Page = 2, 3
				want.Query["limit"], want.Query["page"] = []string{"2"}, []string{"2"}
				s.Expect(want).Fixture(http.StatusOK, "webhooks_list_2022-01.json")
			} else {
				req.Cursor, next.Cursor = "c", "d"
				want.Query["page_size"], want.Query["cursor"] = []string{"2"}, []string{"c"}
				s.Expect(want).JSON(http.StatusOK, `{"code":"Success","data":{"webhooks":[{"id":1},{"id":2}],"cursor":"d","has_more":true}}`)
			}
			got, err := s.client.Webhooks.List(t.Context(), req)
			require.NoError(t, err)
			require.Len(t, got.Webhooks, 2)
			following, ok := got.Next()
			assert.True(t, ok)
			assert.Equal(t, next, following)
		})
	}
}

func TestWebhooksListOf202201EndsAtAnEmptyPage(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	s.expect(http.MethodGet, "/webhooks", nil).Fixture(http.StatusOK, "webhooks_list_2022-01.json")
	s.expect(http.MethodGet, "/webhooks?page=2", nil).JSON(http.StatusOK, `{"webhooks":[]}`)
	got, err := s.client.Webhooks.List(t.Context(), shoplazza.ListWebhooksRequest{})
	require.NoError(t, err)
	assert.Equal(t, *wantWebhook(), got.Webhooks[1])
	next, more := got.Next()
	assert.True(t, more)
	got, err = s.client.Webhooks.List(t.Context(), next)
	require.NoError(t, err)
	_, more = got.Next()
	assert.False(t, more)
}
