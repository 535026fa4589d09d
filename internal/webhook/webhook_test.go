package webhook_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/webhook"
)

// vectors are deliveries of several vendors with the signature they carry.
var vectors = map[string]struct{ secret, body, signature string }{
	"Salla, hex": {
		"test-secret",
		`{"event":"customer.otp.request","merchant":1029864349,"created_at":"Wed Jun 30 2021 12:09:11 GMT+0300","data":{"code":"5331","contact":"+966500000003"}}`,
		"36c59ed2910e6810539f703caa5e4a57bba963d9d4a4a02f3acf1b6625910b32",
	},
	"SHOPLINE, hex": {
		"topsecret", `{"id":"1"}`,
		"b978efb9b468cf10b2d7ec69e80520b7e8fa2c81b9a18092b44829b352702a94",
	},
	"Shoplazza, base64": {
		"topsecret", `{"id":"1"}`,
		"uXjvubRozxCy1+xp6AUgt+j6LIG5oYCStEgps1JwKpQ=",
	},
}

func TestWhatTheVendorSignedProves(t *testing.T) {
	t.Parallel()
	for name, v := range vectors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signature, err := webhook.DecodeSignature(v.signature)
			require.NoError(t, err)
			half := len(v.body) / 2
			assert.Equal(t, signature, webhook.Sign(v.secret, []byte(v.body)))
			assert.Equal(t, signature, webhook.Sign(v.secret, []byte(v.body[:half]), nil, []byte(v.body[half:])))

			got, err := acme(v.secret).Parse(http.Header{"X-Acme-Hmac": {v.signature}}, []byte(v.body))

			require.NoError(t, err)
			assert.Equal(t, v.body, string(got.Body))
		})
	}
}

func TestASignatureThatIsNotTheBodysProvesNothing(t *testing.T) {
	t.Parallel()
	v := vectors["SHOPLINE, hex"]
	good, err := hex.DecodeString(v.signature)
	require.NoError(t, err)
	flipped := append([]byte{good[0] ^ 1}, good[1:]...)
	tests := map[string]struct {
		secret    string
		signature []byte
		body      string
	}{
		"another body":          {v.secret, good, v.body + " "},
		"another secret":        {"other", good, v.body},
		"one bit":               {v.secret, flipped, v.body},
		"signed without secret": {v.secret, webhook.Sign("", []byte(v.body)), v.body},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := acme(tt.secret).Parse(http.Header{"X-Acme-Hmac": {hex.EncodeToString(tt.signature)}}, []byte(tt.body))

			assert.Nil(t, got)
			require.EqualError(t, err, "acme: unauthorized: the delivery's signature does not match the secret")
		})
	}
}

func TestDecodeSignature(t *testing.T) {
	t.Parallel()
	want := webhook.Sign("key", []byte("body"))
	lower, padded := hex.EncodeToString(want), base64.StdEncoding.EncodeToString(want)
	tests := map[string]struct {
		text string
		err  error
	}{
		"hex":                {lower, nil},
		"upper-case hex":     {strings.ToUpper(lower), nil},
		"base64":             {padded, nil},
		"space around it":    {" " + padded + "\r\n", nil},
		"empty":              {"", webhook.ErrNoSignature},
		"only space":         {" \t", webhook.ErrNoSignature},
		"hex too short":      {lower[:62], webhook.ErrMalformedSignature},
		"no hex":             {strings.Repeat("g", 64), webhook.ErrMalformedSignature},
		"no base64":          {strings.Repeat("*", 44), webhook.ErrMalformedSignature},
		"base64 unpadded":    {padded[:43], webhook.ErrMalformedSignature},
		"base64 of 33":       {base64.StdEncoding.EncodeToString(make([]byte, 33)), webhook.ErrMalformedSignature},
		"base64 with break":  {padded[:10] + "\n" + padded[11:], webhook.ErrMalformedSignature},
		"base64 second form": {nextLast(padded), webhook.ErrMalformedSignature},
		"prefix":             {"sha256=" + lower, webhook.ErrMalformedSignature},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := webhook.DecodeSignature(tt.text)
			require.ErrorIs(t, err, tt.err)
			if tt.err != nil {
				assert.Nil(t, got)
				return
			}
			assert.Equal(t, want, got)
		})
	}
}

// nextLast returns another text that a lax decoder takes for the same bytes.
func nextLast(padded string) string {
	last := len(padded) - 2
	return padded[:last] + string(padded[last]+1) + "="
}

func TestABodyIsReadUpToMaxBody(t *testing.T) {
	t.Parallel()
	const mebibyte = 1 << 20
	tests := map[string]struct {
		body  string
		limit int64
		ok    bool
	}{
		"empty":                  {"", 0, true},
		"exactly the limit":      {"12345678", 8, true},
		"one byte more":          {"123456789", 8, false},
		"up to the default":      {strings.Repeat("x", mebibyte), 0, true},
		"beyond the default":     {strings.Repeat("x", mebibyte+1), 0, false},
		"space and line ends":    {" {\r\n}\n", 0, true},
		"bytes that aren't text": {"\xff\x00", 0, true},
	}
	for name, tt := range tests {
		for _, chunked := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := signedRequest(tt.body, strings.NewReader(tt.body))
				if chunked {
					r.ContentLength = -1
				}
				receiver := acme("s")
				receiver.MaxBody = tt.limit

				got, err := receiver.ParseRequest(r)

				if !tt.ok {
					assert.Nil(t, got)
					require.EqualError(t, err, tooLong)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, tt.body, string(got.Body))
			})
		}
	}
}

const tooLong = "acme: invalid: the delivery is longer than MaxBody"

// signedRequest returns a request for a delivery with this body, which it reads from r.
func signedRequest(body string, r io.Reader) *http.Request {
	request := httptest.NewRequest(http.MethodPost, "/hook", r)
	request.Header = acmeHeader("s", body)
	return request
}

func TestABodyThatIsDeclaredTooLongIsNotRead(t *testing.T) {
	t.Parallel()
	r := signedRequest("", iotest.ErrReader(errors.New("was read")))
	r.ContentLength = 9
	receiver := acme("s")
	receiver.MaxBody = 8

	_, err := receiver.ParseRequest(r)

	require.EqualError(t, err, tooLong)
}

func TestTheServersOwnLimitHolds(t *testing.T) {
	t.Parallel()
	r := signedRequest("123456789", strings.NewReader("123456789"))
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 4)

	_, err := acme("s").ParseRequest(r)

	require.EqualError(t, err, tooLong)
}

// silent is a body that never ends and never says anything.
type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }
func (silent) Close() error             { return nil }

func TestABodyThatNeverComesBreaksOff(t *testing.T) {
	t.Parallel()
	r := signedRequest("", nil)
	r.Body, r.ContentLength = silent{}, -1

	_, err := acme("s").ParseRequest(r)

	require.EqualError(t, err, "acme: invalid: the delivery broke off")
}

func FuzzDecodeSignature(f *testing.F) {
	for _, v := range vectors {
		f.Add(v.signature)
	}
	f.Add("")
	f.Add(strings.Repeat("=", 44))
	f.Fuzz(func(t *testing.T, text string) {
		signature, err := webhook.DecodeSignature(text)
		if err != nil {
			require.Nil(t, signature)
			return
		}
		require.Len(t, signature, 32)
		again, err := webhook.DecodeSignature(hex.EncodeToString(signature))
		require.NoError(t, err)
		require.Equal(t, signature, again)
	})
}
