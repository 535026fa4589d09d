package webhook_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/webhook"
)

// acme is a vendor like the real ones.
func acme(secrets ...string) *webhook.Receiver {
	return &webhook.Receiver{
		Vendor: "acme", Secrets: secrets, Proof: webhook.Proof{Header: "X-Acme-Hmac"},
		Read: func(header http.Header, body []byte) *souk.Delivery {
			d := &souk.Delivery{
				ID: webhook.One(header, "X-Acme-Id"), Topic: webhook.One(header, "X-Acme-Topic"), Store: webhook.One(header, "X-Acme-Store"),
			}
			d.Event, d.EventErr = webhook.Some(webhook.Event[person]("acme", body, "id"))
			return d
		},
	}
}

type person struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

func acmeHeader(secret, body string) http.Header {
	return http.Header{
		"X-Acme-Hmac": {hex.EncodeToString(webhook.Sign(secret, []byte(body)))},
		"X-Acme-Id":   {"d-1"}, "X-Acme-Topic": {"people/create"}, "X-Acme-Store": {"demo"},
	}
}

const ada = `{"id":7,"name":"Ada"}`

func TestADeliveryHasABodyOfItsOwn(t *testing.T) {
	t.Parallel()
	body := []byte(ada)
	d, err := acme("s").Parse(acmeHeader("s", ada), body)
	require.NoError(t, err)

	clear(body)

	assert.JSONEq(t, ada, string(d.Body))
}

func TestADeliveryIsReturnedWhateverItSays(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body, problem string
		event         any
	}{
		"an event":            {ada, "", &person{ID: 7, Name: "Ada"}},
		"loosely spelled":     {`{"id":"7","name":5}`, "", &person{ID: 7, Name: "5"}},
		"a byte order mark":   {"\ufeff" + ada, "", &person{ID: 7, Name: "Ada"}},
		"unknown fields":      {`{"id":7,"age":[{}]}`, "", &person{ID: 7}},
		"no UTF-8":            {"{\"id\":7,\"name\":\"\xff\"}", "", &person{ID: 7, Name: "�"}},
		"an odd field":        {`{"id":7,"name":{"a":1}}`, "acme: unreadable: name: expected text, got object", nil},
		"no id":               {`{"name":"Ada"}`, "acme: unreadable: the event: expected id, got none", nil},
		"an id of zero":       {`{"id":0}`, "acme: unreadable: the event: expected id, got none", nil},
		"null":                {`null`, "acme: unreadable: the event is empty", nil},
		"nothing":             {``, "acme: unreadable: the event is empty", nil},
		"an empty object":     {" { }\n", "acme: unreadable: the event is empty", nil},
		"an empty list":       {`[ ]`, "acme: unreadable: the event is empty", nil},
		"a list":              {`[1]`, "acme: unreadable: the event: expected object, got list", nil},
		"a text":              {`"x"`, "acme: unreadable: the event: expected object, got text", nil},
		"no JSON":             {`<html>`, "acme: unreadable: the event is of an unexpected form", nil},
		"half of JSON":        {`{`, "acme: unreadable: the event is of an unexpected form", nil},
		"half of a list":      {`[`, "acme: unreadable: the event is of an unexpected form", nil},
		"another JSON behind": {ada + ada, "acme: unreadable: the event is of an unexpected form", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := acme("s").Parse(acmeHeader("s", tt.body), []byte(tt.body))

			require.NoError(t, err)
			if tt.problem == "" {
				assert.NoError(t, got.EventErr)
			} else {
				assert.EqualError(t, got.EventErr, tt.problem)
				assert.ErrorIs(t, got.EventErr, souk.ErrUnreadable)
			}
			got.EventErr = nil
			assert.Equal(t, &souk.Delivery{ID: "d-1", Topic: "people/create", Store: "demo", Body: []byte(tt.body), Event: tt.event}, got)
		})
	}
}

func TestAnEventThatCannotBeReadNamesItsObject(t *testing.T) {
	t.Parallel()
	body := `{"id":7,"name":{"a":1}}`

	got, err := acme("s").Parse(acmeHeader("s", body), []byte(body))

	require.NoError(t, err)
	row, ok := errors.AsType[*souk.RowError](got.EventErr)
	require.True(t, ok)
	assert.Equal(t, -1, row.Index)
	assert.Equal(t, "7", row.ID)
	assert.JSONEq(t, body, string(row.Raw))
}

func TestADeliveryWithoutAnIDHasThatOfItsBody(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte(ada))
	for name, values := range map[string][]string{"none": nil, "empty": {""}, "blank": {" "}, "two": {"d-1", "d-2"}} {
		header := acmeHeader("s", ada)
		header["X-Acme-Id"] = values

		got, err := acme("s").Parse(header, []byte(ada))

		require.NoError(t, err, name)
		assert.Equal(t, hex.EncodeToString(sum[:]), got.ID, name)
	}
}

func TestAnySecretProves(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"old", "new"} {
		got, err := acme("old", "new").Parse(acmeHeader(secret, ada), []byte(ada))
		require.NoError(t, err)
		assert.Equal(t, "d-1", got.ID)
	}
	_, err := acme("old", "new").Parse(acmeHeader("other", ada), []byte(ada))
	assert.EqualError(t, err, "acme: unauthorized: the delivery's signature does not match the secret")
}

// Other servers and queues spell the names of headers as they like.
func TestNamesOfHeadersInAnyLetterCase(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	for name, values := range acmeHeader("s", ada) {
		header[strings.ToLower(name)] = values
	}

	got, err := acme("s").Parse(header, []byte(ada))

	require.NoError(t, err)
	assert.Equal(t, "people/create", got.Topic)
	assert.Contains(t, header, "x-acme-topic", "the caller's header is left alone")

	header["X-ACME-HMAC"] = header["x-acme-hmac"]
	_, err = acme("s").Parse(header, []byte(ada))
	assert.EqualError(t, err, "acme: unauthorized: the delivery has more than one signature")
}

func TestADeliveryThatIsNotProvenIsRefused(t *testing.T) {
	t.Parallel()
	right := acmeHeader("s", ada).Get("X-Acme-Hmac")
	tests := map[string]struct {
		signatures []string
		body       string
		want       string
	}{
		"no signature":      {nil, ada, "the delivery has no signature"},
		"an empty one":      {[]string{" "}, ada, "the delivery has no signature"},
		"two":               {[]string{right, right}, ada, "the delivery has more than one signature"},
		"two in one":        {[]string{right + ", " + right}, ada, "the delivery's signature is neither 64 hexadecimal digits nor 44 characters of base64"},
		"a half one":        {[]string{right[:32]}, ada, "the delivery's signature is neither 64 hexadecimal digits nor 44 characters of base64"},
		"another body":      {[]string{right}, ada + " ", "the delivery's signature does not match the secret"},
		"nothing of a body": {[]string{right}, "", "the delivery's signature does not match the secret"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := acmeHeader("s", ada)
			header["X-Acme-Hmac"] = tt.signatures

			got, err := acme("s").Parse(header, []byte(tt.body))

			assert.Nil(t, got)
			assert.ErrorIs(t, err, souk.ErrUnauthorized)
			assert.EqualError(t, err, "acme: unauthorized: "+tt.want)
			assert.NotContains(t, err.Error(), right[:8], "the signature that would be right is not told")
		})
	}
	got, err := acme("s").Parse(nil, nil)
	assert.Nil(t, got)
	assert.EqualError(t, err, "acme: unauthorized: the delivery has no signature")
}

func TestAHintSaysWhyThereIsNoProof(t *testing.T) {
	t.Parallel()
	r := acme("s")
	r.Hint = func(http.Header) string { return ", but something else" }
	_, err := r.Parse(http.Header{}, nil)
	assert.EqualError(t, err, "acme: unauthorized: the delivery has no signature, but something else")
	_, err = r.Parse(acmeHeader("other", ada), []byte(ada))
	assert.EqualError(t, err, "acme: unauthorized: the delivery's signature does not match the secret")
}

func TestATokenProves(t *testing.T) {
	t.Parallel()
	receiver := func() *webhook.Receiver {
		r := acme("old", "s3cret")
		r.Proof = webhook.Proof{Header: "Authorization", Token: true}
		return r
	}
	got, err := receiver().Parse(http.Header{"Authorization": {"s3cret"}}, []byte(ada))
	require.NoError(t, err)
	assert.Equal(t, &person{ID: 7, Name: "Ada"}, got.Event)

	const mismatch = "the delivery's token does not match the secret"
	for _, tt := range []struct {
		tokens []string
		want   string
	}{
		{nil, "the delivery has no token"},
		{[]string{""}, "the delivery has no token"},
		{[]string{"s3cret", "s3cret"}, "the delivery has more than one token"},
		{[]string{"Bearer s3cret"}, mismatch},
		{[]string{"S3cret"}, mismatch},
		{[]string{"s3c"}, mismatch},
	} {
		_, err := receiver().Parse(http.Header{"Authorization": tt.tokens}, []byte(ada))
		assert.EqualError(t, err, "acme: unauthorized: "+tt.want)
	}
}

func TestTheConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	const empty = "acme: invalid; Secrets: must not hold an empty secret: everybody could sign with it"
	const blanks = "acme: invalid; Secrets: must not hold a secret with blanks around it, or with line breaks in it"
	tests := map[string]struct {
		secrets []string
		maxBody int64
		want    string
	}{
		"none":                {nil, 0, "acme: invalid; Secrets: must not be empty"},
		"an empty one":        {[]string{""}, 0, empty},
		"an empty one beside": {[]string{"s", "", " "}, 0, empty},
		"blanks only":         {[]string{" "}, 0, blanks},
		"a line break behind": {[]string{"s", "s\n"}, 0, blanks},
		"a line break inside": {[]string{"s\r\ns"}, 0, blanks},
		"a zero byte":         {[]string{"s\x00"}, 0, blanks},
		"negative MaxBody":    {[]string{"s s"}, -1, "acme: invalid; MaxBody: must not be negative"},
		"several":             {nil, -1, "acme: invalid; MaxBody: must not be negative; Secrets: must not be empty"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := func() *webhook.Receiver {
				r := acme(tt.secrets...)
				r.MaxBody = tt.maxBody
				return r
			}
			_, err := receiver().Parse(acmeHeader("", ada), []byte(ada))
			assert.EqualError(t, err, tt.want)
			assert.ErrorIs(t, err, souk.ErrInvalid)
			_, err = receiver().ParseRequest(httptest.NewRequest(http.MethodPost, "/", http.NoBody))
			assert.EqualError(t, err, tt.want)
			handler, err := receiver().Handler(souk.NewMemorySeen(), ignore)
			assert.Nil(t, handler)
			assert.EqualError(t, err, tt.want)
		})
	}
	_, err := acme("s").ParseRequest(nil)
	assert.EqualError(t, err, "acme: invalid; r: must not be nil")
}

func TestADeliveryIsReadFromARequest(t *testing.T) {
	t.Parallel()
	request := func(body io.Reader) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", body)
		r.Header = acmeHeader("s", ada)
		return r
	}
	got, err := acme("s").ParseRequest(request(strings.NewReader(ada)))
	require.NoError(t, err)
	assert.JSONEq(t, ada, string(got.Body))

	chunked := request(strings.NewReader(ada))
	chunked.ContentLength = -1
	got, err = acme("s").ParseRequest(chunked)
	require.NoError(t, err)
	assert.JSONEq(t, ada, string(got.Body))

	bodyless := request(nil)
	bodyless.Body = nil
	_, err = acme("s").ParseRequest(bodyless)
	assert.ErrorIs(t, err, souk.ErrUnauthorized)

	bare := request(strings.NewReader(ada))
	bare.Header = nil
	_, err = acme("s").ParseRequest(bare)
	assert.ErrorIs(t, err, souk.ErrUnauthorized)

	_, err = acme("s").ParseRequest(request(io.MultiReader(strings.NewReader(ada[:5]), broken{})))
	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.EqualError(t, err, "acme: invalid: the delivery broke off")
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestMaxBody(t *testing.T) {
	t.Parallel()
	const want = "acme: invalid: the delivery is longer than MaxBody"
	exact, header := []byte(ada), acmeHeader("s", ada)
	for length, ok := range map[int64]bool{int64(len(ada)): true, int64(len(ada)) - 1: false} {
		r := acme("s")
		r.MaxBody = length
		_, err := r.Parse(header, exact)
		assert.Equal(t, ok, err == nil)
		request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(exact))
		request.Header = header
		_, err = r.ParseRequest(request)
		assert.Equal(t, ok, err == nil)
		if !ok {
			assert.EqualError(t, err, want)
			assert.ErrorIs(t, err, souk.ErrInvalid)
		}
	}
	mebibyte := make([]byte, 1<<20+1)
	_, err := acme("s").Parse(header, mebibyte)
	assert.EqualError(t, err, want)
	_, err = acme("s").Parse(header, mebibyte[1:])
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
}

// What a delivery holds, and what proves it, is in no error.
func TestErrorsShowNothingOfADelivery(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	for _, body := range []string{
		`{"id":7,"name":{"` + canary.Email + `":"` + canary.Phone + `"}}`,
		`{"id":"` + canary.Phone + `x","name":"` + canary.FirstName + `"}`,
		`{"name":"` + canary.LastName + `"}`,
		canary.Note,
		`["` + canary.Street + `"]`,
	} {
		got, err := acme(canary.ClientSecret).Parse(acmeHeader(canary.ClientSecret, body), []byte(body))
		require.NoError(t, err)
		require.Error(t, got.EventErr)
		canary.CheckError(t, got.EventErr)

		_, err = acme(canary.APIKey).Parse(acmeHeader(canary.ClientSecret, body), []byte(body))
		require.Error(t, err)
		canary.CheckError(t, err)
	}
	token := acme(canary.ClientSecret)
	token.Proof = webhook.Proof{Header: "Authorization", Token: true}
	_, err := token.Parse(http.Header{"Authorization": {canary.Token}}, nil)
	canary.CheckError(t, err)
	_, err = acme(canary.ClientSecret+"\n").Parse(nil, nil)
	canary.CheckError(t, err)
}
