package souk_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
)

func TestAnUnsavedTokenIsNotShown(t *testing.T) {
	t.Parallel()
	err := &souk.UnsavedError{Token: &oauth2.Token{AccessToken: "planted-access", RefreshToken: "planted-refresh"}}
	var text strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		fmt.Fprintf(&text, verb+"\n", err)
		fmt.Fprintf(&text, verb+"\n", struct{ Err error }{err})
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&text, nil)} {
		slog.New(handler).Error("failed", "err", err, "nested", struct{ Err error }{err})
	}
	data, jsonErr := json.Marshal(struct{ Err error }{err})
	require.NoError(t, jsonErr)

	assert.NotContains(t, text.String()+string(data), "planted")
	assert.EqualError(t, err, "a new token could not be saved")
}
