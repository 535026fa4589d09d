package shopline_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
)

// addFixtures makes the fixtures the seeds of a fuzz target.
func addFixtures(f *testing.F) {
	f.Helper()
	names, err := filepath.Glob("testdata/*.*")
	require.NoError(f, err)
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(data)
	}
}

func FuzzErrorBody(f *testing.F) {
	addFixtures(f)
	for _, body := range []string{
		``, `null`, `[]`, `{"errors":null}`, `{"errors":{"email":null}}`, `{"errors":{"email":[null,1,{}]}}`,
		`{"errors":[[["x"]]]}`, `{"code":1e999,"error":{}}`, `{"errors":"` + "\xff" + `"}`, `<`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		client, err := shopline.NewClient(shopline.Config{
			Handle:     "fuzz",
			Token:      "t",
			Enterprise: true,
			Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				return answer(http.StatusUnprocessableEntity, string(body)), nil
			})}},
		})
		require.NoError(t, err)

		err = client.Customers.Delete(t.Context(), "1")

		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok)
		assert.Equal(t, http.StatusUnprocessableEntity, e.StatusCode)
		assert.NotContains(t, e.Error(), "\n")
	})
}

func FuzzSuccess(f *testing.F) {
	addFixtures(f)
	for _, body := range foreignSuccesses {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		client, err := shopline.NewClient(shopline.Config{
			Handle:     "fuzz",
			Token:      "t",
			Enterprise: true,
			Options: souk.Options{MaxAttempts: 1, HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				return answer(http.StatusOK, string(body)), nil
			})}},
		})
		require.NoError(t, err)

		customer, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})
		list, listErr := client.Customers.List(t.Context(), shopline.ListCustomersRequest{})
		count, countErr := client.Customers.Count(t.Context())

		if err == nil {
			assert.NotEmpty(t, customer.ID)
		} else {
			assert.Nil(t, customer)
			assert.True(t, errors.Is(err, souk.ErrOutcomeUnknown) || errors.Is(err, souk.ErrInvalid) || errors.Is(err, souk.ErrAlreadyExists))
		}
		if listErr == nil {
			assert.NotNil(t, list.Customers)
		}
		if countErr != nil {
			assert.Zero(t, count)
		}
	})
}

// Every delivery that is proven is returned, and none that is not.
func FuzzParseDelivery(f *testing.F) {
	addFixtures(f)
	for _, body := range []string{"", "null", "[]", `{"id":[1]}`, `{"id":1,"state":"x"}`, `{"customer":null}`, "{\"id\":\"\xff\"}"} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, topic := range []shopline.Topic{
			shopline.TopicCustomersCreate, shopline.TopicCustomersDelete, shopline.TopicMarketingConsentUpdate,
			shopline.TopicCustomerGroupsUpdate, shopline.TopicCustomersRedact, "other",
		} {
			header := delivery(topic, body).Header
			got, err := shopline.ParseDelivery(header, body, webhookConfig)
			if err != nil {
				assert.Greater(t, len(body), 1<<20)
				continue
			}
			assert.Equal(t, body, got.Body)
			if topic == "other" {
				assert.NoError(t, got.EventErr)
			} else {
				assert.Equal(t, got.EventErr == nil, got.Event != nil)
			}
			if event, ok := got.Event.(*shopline.Customer); ok {
				assert.NotEmpty(t, event.ID)
			}

			_, err = shopline.ParseDelivery(header, append(bytes.Clone(body), ' '), webhookConfig)
			assert.ErrorIs(t, err, souk.ErrUnauthorized)
		}
	})
}

func FuzzParseCallback(f *testing.F) {
	f.Add("appkey=key&code=c&customField=s&handle=open001&timestamp=1767225600000&sign=" + hexSign(appSecret, "x"))
	f.Add("sign=&sign=")
	f.Add("timestamp=-9223372036854775808&=&&a=b")
	f.Fuzz(func(t *testing.T, text string) {
		query, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		_, err = app.ParseCallback(query, "s")
		assert.ErrorIs(t, err, souk.ErrUnauthorized, "nothing but SHOPLINE can sign")
	})
}

func FuzzLinkHeader(f *testing.F) {
	f.Add(`<https://open001.myshopline.com/x?fields=id,email&page_info=a>; rel="next", <https://x/?page_info=b>; rel=prev`)
	f.Add(`<`)
	f.Add(`<>;=`)
	f.Add(`<?page_info=%>;rel="next`)
	f.Fuzz(func(t *testing.T, link string) {
		client, err := shopline.NewClient(shopline.Config{
			Handle:     "fuzz",
			Token:      "t",
			Enterprise: true,
			Options: souk.Options{MaxAttempts: 1, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				assert.Equal(t, "fuzz.myshopline.com", r.URL.Host)
				resp := httptest.NewRecorder().Result()
				resp.Body = answer(http.StatusOK, `{"customers":[]}`).Body
				resp.Header["Link"] = []string{link}
				return resp, nil
			})}},
		})
		require.NoError(t, err)

		list, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{})
		if err != nil {
			assert.ErrorIs(t, err, souk.ErrUnreadable)
			return
		}
		request, more := list.Next()
		assert.Equal(t, more, request.PageInfo != "")
	})
}
