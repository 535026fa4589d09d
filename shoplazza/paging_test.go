package shoplazza_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
)

// rows is a list of customers in JSON.
func rows(ids ...string) string {
	text := ""
	for i, id := range ids {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(`{"id":%q}`, id)
	}
	return "[" + text + "]"
}

// collect returns the ids of all rows, and the error that ended them.
func collect(ctx context.Context, s store, req shoplazza.ListCustomersRequest) (ids []string, err error) {
	for customer, err := range s.client.Customers.All(ctx, req) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, customer.ID)
	}
	return ids, nil
}

func TestAllAsksForPagesOf250(t *testing.T) {
	t.Parallel()
	classic := newStore(t, shoplazza.Version202201)
	classic.expect(http.MethodGet, "/customers?limit=250", nil).JSON(http.StatusOK, `{"customers":`+rows("1", "2")+`}`)
	classic.expect(http.MethodGet, "/customers?limit=250&page=2", nil).JSON(http.StatusOK, `{"customers":[]}`)
	ids, err := collect(t.Context(), classic, shoplazza.ListCustomersRequest{})
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "2"}, ids)

	later := newStore(t, shoplazza.Version202601)
	later.expect(http.MethodGet, "/customers?page_size=250", nil).JSON(http.StatusOK, `{"customers":`+rows("1", "2")+`,"has_more":false}`)
	ids, err = collect(t.Context(), later, shoplazza.ListCustomersRequest{})
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "2"}, ids)
}

func TestTheSameLoopReadsPagesOfAllVersions(t *testing.T) {
	t.Parallel()
	request := shoplazza.ListCustomersRequest{Limit: 2, Email: "x"}
	want := []string{"1", "2", "3", "4"}

	classic := newStore(t, shoplazza.Version202201)
	classic.expect(http.MethodGet, "/customers?email=x&limit=2", nil).JSON(http.StatusOK, `{"customers":`+rows("1", "2")+`}`)
	classic.expect(http.MethodGet, "/customers?email=x&limit=2&page=2", nil).JSON(http.StatusOK, `{"customers":`+rows("3", "4")+`}`)
	classic.expect(http.MethodGet, "/customers?email=x&limit=2&page=3", nil).JSON(http.StatusOK, `{"customers":[]}`)
	ids, err := collect(t.Context(), classic, request)
	require.NoError(t, err)
	assert.Equal(t, want, ids)

	for _, version := range laterVersions {
		later := newStore(t, version)
		later.expect(http.MethodGet, "/customers?email=x&page_size=2", nil).JSON(http.StatusOK, `{"code":"Success","data":{"customers":`+rows("1", "2")+`,"cursor":"a","has_more":true}}`)
		later.expect(http.MethodGet, "/customers?cursor=a&email=x&page_size=2", nil).JSON(http.StatusOK, `{"code":"Success","data":{"customers":`+rows("3", "4")+`,"cursor":"c","has_more":false}}`)
		ids, err = collect(t.Context(), later, request)
		require.NoError(t, err)
		assert.Equal(t, want, ids)
	}
}

// Only the end mark ends a list: an empty page that promises more is none.
func TestAnEmptyPageThatPromisesMoreIsAnError(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202506)
	s.expect(http.MethodGet, "/customers?page_size=2", nil).JSON(http.StatusOK, `{"customers":`+rows("1", "2")+`,"cursor":"a","has_more":true}`)
	for range 4 {
		s.expect(http.MethodGet, "/customers?cursor=a&page_size=2", nil).JSON(http.StatusOK, `{"customers":[],"cursor":"b","has_more":true}`)
	}
	ids, err := collect(t.Context(), s, shoplazza.ListCustomersRequest{Limit: 2})
	assert.Equal(t, []string{"1", "2"}, ids)
	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.ErrorIs(t, err, souk.ErrUnreadable)
}

func TestRowsThatMoveToTheNextPageComeOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202201)
	s.expect(http.MethodGet, "/customers?limit=2", nil).JSON(http.StatusOK, `{"customers":`+rows("4", "3")+`}`)
	s.expect(http.MethodGet, "/customers?limit=2&page=2", nil).JSON(http.StatusOK, `{"customers":`+rows("3", "2")+`}`)
	s.expect(http.MethodGet, "/customers?limit=2&page=3", nil).JSON(http.StatusOK, `{"customers":`+rows("1")+`}`)
	s.expect(http.MethodGet, "/customers?limit=2&page=4", nil).JSON(http.StatusOK, `{"customers":[]}`)
	ids, err := collect(t.Context(), s, shoplazza.ListCustomersRequest{Limit: 2})
	require.NoError(t, err)
	assert.Equal(t, []string{"4", "3", "2", "1"}, ids)
}

func TestAShortPageOf202201IsNotTheLast(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202201)
	s.expect(http.MethodGet, "/customers?limit=3", nil).JSON(http.StatusOK, `{"customers":`+rows("1", "2")+`}`)
	s.expect(http.MethodGet, "/customers?limit=3&page=2", nil).JSON(http.StatusOK, `{"customers":`+rows("3")+`}`)
	s.expect(http.MethodGet, "/customers?limit=3&page=3", nil).JSON(http.StatusOK, `{"customers":[]}`)
	ids, err := collect(t.Context(), s, shoplazza.ListCustomersRequest{Limit: 3})
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "2", "3"}, ids)
}

func TestAWalkGoesOnWhereAListStopped(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202201)
	s.expect(http.MethodGet, "/customers?limit=1&page=7", nil).JSON(http.StatusOK, `{"customers":`+rows("7")+`}`)
	s.expect(http.MethodGet, "/customers?limit=1&page=8", nil).JSON(http.StatusOK, `{"customers":[]}`)
	ids, err := collect(t.Context(), s, shoplazza.ListCustomersRequest{Limit: 1, Page: 7})
	require.NoError(t, err)
	assert.Equal(t, []string{"7"}, ids)
}

func TestACursorThatComesTwiceIsAnError(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, "/customers?page_size=250", nil).JSON(http.StatusOK, `{"customers":`+rows("1")+`,"cursor":"a","has_more":true}`)
	s.expect(http.MethodGet, "/customers?cursor=a&page_size=250", nil).JSON(http.StatusOK, `{"customers":`+rows("2")+`,"cursor":"a","has_more":true}`)
	ids, err := collect(t.Context(), s, shoplazza.ListCustomersRequest{})
	assert.Equal(t, []string{"1", "2"}, ids)
	assert.EqualError(t, err, "shoplazza: GET /customers: unavailable, unreadable: the list does not end: the server sent the same cursor twice")
}

func TestAWalkThatFailsYieldsItsRowsFirstAndItsErrorOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, "/customers?page_size=250", nil).JSON(http.StatusOK, `{"customers":`+rows("1", "2")+`,"cursor":"a","has_more":true}`)
	s.expect(http.MethodGet, "/customers?cursor=a&page_size=250", nil).JSON(http.StatusForbidden, `{"errors":["forbidden"]}`)
	var ids []string
	var errs []error
	for customer, err := range s.client.Customers.All(t.Context(), shoplazza.ListCustomersRequest{}) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		ids = append(ids, customer.ID)
	}
	assert.Equal(t, []string{"1", "2"}, ids)
	require.Len(t, errs, 1)
	requireError(t, errs[0], souk.ErrForbidden)
}

func TestAWalkThatIsLeftStopsFetching(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, "/customers?page_size=250", nil).JSON(http.StatusOK, `{"customers":`+rows("1", "2")+`,"has_more":false}`)
	for range s.client.Customers.All(t.Context(), shoplazza.ListCustomersRequest{}) {
		break
	}
	assert.Len(t, s.Requests(), 1)
}

func TestEveryListCanBeWalked(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202201)
	s.expect(http.MethodGet, addresses+"?limit=1", nil).JSON(http.StatusOK, `{"addresses":[{"id":"1"}]}`)
	s.expect(http.MethodGet, addresses+"?limit=1&page=2", nil).JSON(http.StatusOK, `{"addresses":[]}`)
	s.expect(http.MethodGet, "/webhooks?limit=250", nil).JSON(http.StatusOK, `{"webhooks":[{"id":"a"},{"id":"b"}]}`)
	s.expect(http.MethodGet, "/webhooks?limit=250&page=2", nil).JSON(http.StatusOK, `{"webhooks":[]}`)
	s.expect(http.MethodGet, addresses+"?limit=250", nil).JSON(http.StatusNotFound, `{"errors":["record not found"]}`)
	s.expect(http.MethodGet, "/webhooks?limit=250&topic=x", nil).JSON(http.StatusForbidden, `{}`)
	var ids []string
	for address, err := range s.client.Addresses.All(t.Context(), customerID, shoplazza.ListAddressesRequest{Limit: 1}) {
		require.NoError(t, err)
		ids = append(ids, address.ID)
	}
	for webhook, err := range s.client.Webhooks.All(t.Context(), shoplazza.ListWebhooksRequest{}) {
		require.NoError(t, err)
		ids = append(ids, webhook.ID)
	}
	assert.Equal(t, []string{"1", "a", "b"}, ids)
	for _, err := range s.client.Addresses.All(t.Context(), customerID, shoplazza.ListAddressesRequest{}) {
		requireError(t, err, souk.ErrNotFound)
	}
	for _, err := range s.client.Webhooks.All(t.Context(), shoplazza.ListWebhooksRequest{Topic: "x"}) {
		requireError(t, err, souk.ErrForbidden)
	}
}

func TestEveryListOfALaterVersionCanBeWalked(t *testing.T) {
	t.Parallel()
	s := newStore(t, shoplazza.Version202601)
	s.expect(http.MethodGet, addresses+"?page_size=250", nil).JSON(http.StatusOK, `{"addresses":[{"id":"1"}],"cursor":"c","has_more":true}`)
	s.expect(http.MethodGet, addresses+"?cursor=c&page_size=250", nil).JSON(http.StatusOK, `{"addresses":[{"id":"2"}],"has_more":false}`)
	s.expect(http.MethodGet, "/webhooks?page_size=250", nil).JSON(http.StatusOK, `{"webhooks":[{"id":"a"}],"cursor":"c","has_more":true}`)
	s.expect(http.MethodGet, "/webhooks?cursor=c&page_size=250", nil).JSON(http.StatusOK, `{"webhooks":[{"id":"b"}],"has_more":false}`)
	var ids []string
	for address, err := range s.client.Addresses.All(t.Context(), customerID, shoplazza.ListAddressesRequest{}) {
		require.NoError(t, err)
		ids = append(ids, address.ID)
	}
	for webhook, err := range s.client.Webhooks.All(t.Context(), shoplazza.ListWebhooksRequest{}) {
		require.NoError(t, err)
		ids = append(ids, webhook.ID)
	}
	assert.Equal(t, []string{"1", "2", "a", "b"}, ids)
}

func TestANilContextIsAnError(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	var none context.Context
	_, err := s.client.Customers.Get(none, "1", shoplazza.GetCustomerRequest{})
	requireError(t, err, souk.ErrInvalid)
	for _, err := range s.client.Customers.All(none, shoplazza.ListCustomersRequest{}) {
		requireError(t, err, souk.ErrInvalid)
	}
}

func TestACancelledContextSendsNothing(t *testing.T) {
	t.Parallel()
	s := newStore(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.client.Customers.Get(ctx, "1", shoplazza.GetCustomerRequest{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = collect(ctx, s, shoplazza.ListCustomersRequest{})
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, s.Requests())
}
