package xclade_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// canned answers every request with the same status and body.
type canned struct {
	status int
	body   []byte
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: c.status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(c.body)), Request: r,
	}, nil
}

// Whatever the server answers, the result is a customer or an *souk.Error.
func FuzzAnswers(f *testing.F) {
	for _, name := range []string{"customer.json", "error_duplicate_email.json", "error_unknown_path.html", "error_unauthorized.json"} {
		f.Add(200, testkit.Fixture(f, name))
		f.Add(400, testkit.Fixture(f, name))
	}
	f.Add(401, []byte(`"Unauthorized"`))
	f.Add(500, []byte(nil))
	f.Add(200, []byte(`{"customer":null}`))
	f.Add(200, []byte(`{"type":"not_found","message":"no"}`))
	f.Add(404, []byte(`<pre>Cannot GET /admin/customers/cus_1</pre>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 100 || status > 599 || status == 429 {
			return
		}
		client, err := xclade.NewClient(xclade.Config{
			Tenant: "fuzz",
			Token:  "jwt",
			Options: souk.Options{
				HTTPClient:  &http.Client{Transport: canned{status, body}},
				MaxAttempts: 1,
			},
		})
		require.NoError(t, err)

		customer, err := client.Customers.Get(t.Context(), "cus_1", xclade.GetCustomerRequest{})
		if err == nil {
			require.NotNil(t, customer)
			require.NotEmpty(t, customer.ID)
			return
		}

		require.NotEmpty(t, requireError(t, err).Error())
	})
}

// Whatever somebody searches for, the query is sent or refused.
func FuzzPatterns(f *testing.F) {
	for _, pattern := range []string{`^[[:alpha:]_-]{1,3}(?:a|b)*?\.$`, `[`, `(?`, `\`, `{1,`, `[a-[.b.]]`} {
		f.Add(pattern)
	}
	client, err := xclade.NewClient(xclade.Config{
		Tenant: "fuzz",
		Token:  "jwt",
		Options: souk.Options{
			HTTPClient:  &http.Client{Transport: canned{200, []byte(`{"customers":[],"count":0,"offset":0,"limit":50}`)}},
			MaxAttempts: 1,
		},
	})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, pattern string) {
		_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{
			Q:              pattern,
			Order:          pattern,
			CustomerFilter: xclade.CustomerFilter{ID: xclade.Match{Regexp: pattern, Like: pattern}},
		})
		if err != nil {
			require.ErrorIs(t, err, souk.ErrInvalid)
		}
	})
}
