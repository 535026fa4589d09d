package commercengine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

const (
	// host is where the clients of these tests send to. None of them meets a limit.
	host = "https://prod.api.commercengine.io"
	base = host + "/api/v1/x2yh61zw4k/storefront"

	userID     = "01JHS2AAAAAAAAAAAAAAAAAAA1"
	customerID = "01JHS28V83KDWTRBXXJQRTEKA0"
	addressID  = "01JHS2ADDR0000000000000001"
	accountID  = "01JHS2BANK0000000000000001"
	mandateID  = "01JHS2MAND0000000000000001"
	documentID = "01JHS2D0C00000000000000001"
)

// newClient returns a client with a token and an API key that sends everything to
// gock, and once.
func newClient(t *testing.T, gock *testkit.Gock) *commercengine.Client {
	t.Helper()
	return clientOf(t, gock, 1)
}

// patient is newClient with as many attempts as there are by default.
func patient(t *testing.T, gock *testkit.Gock) *commercengine.Client {
	t.Helper()
	return clientOf(t, gock, 0)
}

func clientOf(t *testing.T, gock *testkit.Gock, attempts int) *commercengine.Client {
	t.Helper()
	client, err := commercengine.NewClient(commercengine.Config{
		StoreID: "x2yh61zw4k",
		Token:   "jwt-1",
		APIKey:  "key-1",
		Options: souk.Options{
			HTTPClient:  gock.Client(),
			MaxAttempts: attempts,
		},
	})
	require.NoError(t, err)
	return client
}

func requireError(t *testing.T, err error) *souk.Error {
	t.Helper()
	require.Error(t, err)
	e, ok := errors.AsType[*souk.Error](err)
	require.True(t, ok, "want *souk.Error, got %T: %v", err, err)
	return e
}

// assertHolds checks that result holds every value of a fixture's content, or
// of one member of it, and no other. Null and absence stand for zero values.
func assertHolds(t *testing.T, fixture, member string, result any) {
	t.Helper()
	var answer struct {
		Content map[string]any `json:"content"`
	}
	decodeNumbers(t, testkit.Fixture(t, fixture), &answer)
	var want any = answer.Content
	if member != "" {
		want = answer.Content[member]
	}
	encoded, err := json.Marshal(commercengine.Spelled(result))
	require.NoError(t, err)
	var got any
	decodeNumbers(t, encoded, &got)
	assert.Equal(t, withoutZeros(want), withoutZeros(got))
}

func decodeNumbers(t *testing.T, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	require.NoError(t, d.Decode(into))
}

// withoutZeros leaves out what stands for nothing, and spells playback as it is
// meant.
func withoutZeros(value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := make(map[string]any)
		for name, member := range value {
			if member = withoutZeros(member); member != nil {
				kept[strings.TrimSpace(name)] = member
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case []any:
		if len(value) == 0 {
			return nil
		}
		kept := make([]any, len(value))
		for i, item := range value {
			kept[i] = withoutZeros(item)
		}
		return kept
	}
	switch value {
	case "", "0001-01-01T00:00:00Z", false, json.Number("0"):
		return nil
	}
	return value
}

// form returns a check that a body is a form with these fields, and a file of
// this content.
func form(fields map[string]string, part, name, contentType, file string) func([]byte) error {
	return func(body []byte) error {
		first, _, _ := strings.Cut(string(body), "\r\n")
		reader := multipart.NewReader(bytes.NewReader(body), strings.TrimPrefix(first, "--"))
		want := map[string]string{}
		for field, value := range fields {
			want[field] = value
		}
		if part != "" {
			want[part+"/"+name+"/"+contentType] = file
		}
		got := map[string]string{}
		for {
			p, err := reader.NextPart()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			content, err := io.ReadAll(p)
			if err != nil {
				return err
			}
			key := p.FormName()
			if p.FileName() != "" {
				key += "/" + p.FileName() + "/" + p.Header.Get("Content-Type")
			}
			got[key] = string(content)
		}
		if !assert.ObjectsAreEqual(want, got) {
			return fmt.Errorf("want the form %q, got %q", want, got)
		}
		return nil
	}
}
