package webhook_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/webhook"
)

func TestVerifyQuery(t *testing.T) {
	t.Parallel()
	query := url.Values{"shop": {"a b"}, "code": {"1"}, "state": {"x/y"}}
	tests := []struct {
		name   string
		signed string
		query  url.Values
		want   bool
	}{
		{"encoded", "code=1&shop=a+b&state=x%2Fy", query, true},
		{"plain", "code=1&shop=a b&state=x/y", query, true},
		{"other values", "code=2&shop=a b&state=x/y", query, false},
		{"not sorted", "shop=a b&code=1&state=x/y", query, false},
		// A plain text that could be cut into other parameters proves nothing.
		{"value with ampersand", "a=1&b=2", url.Values{"a": {"1&b=2"}}, false},
		{"name with equals sign", "a=b=1", url.Values{"a=b": {"1"}}, false},
		{"name twice", "a=1", url.Values{"a": {"1", "2"}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := webhook.VerifyQuery("secret", webhook.Sign("secret", []byte(tt.signed)), tt.query)

			assert.Equal(t, tt.want, got)
		})
	}
}
