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

	"github.com/souk-go/souk/internal/webhook"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

func TestVerifyAcceptsWhatTheVendorSigned(t *testing.T) {
	t.Parallel()
	for name, v := range vectors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signature, err := webhook.DecodeSignature(v.signature)
			require.NoError(t, err)
			assert.Equal(t, signature, webhook.Sign(v.secret, []byte(v.body)))
			require.NoError(t, webhook.Verify(v.secret, signature, []byte(v.body)))

			half := len(v.body) / 2
			require.NoError(t, webhook.Verify(v.secret, signature, []byte(v.body[:half]), nil, []byte(v.body[half:])))
		})
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	v := vectors["SHOPLINE, hex"]
	good, err := hex.DecodeString(v.signature)
	require.NoError(t, err)
	flipped := append([]byte{good[0] ^ 1}, good[1:]...)
	tests := map[string]struct {
		secret    string
		signature []byte
		body      string
		want      error
	}{
		"another body":                  {v.secret, good, v.body + " ", webhook.ErrMismatch},
		"another secret":                {"other", good, v.body, webhook.ErrMismatch},
		"one bit":                       {v.secret, flipped, v.body, webhook.ErrMismatch},
		"shortened":                     {v.secret, good[:31], v.body, webhook.ErrMismatch},
		"no signature":                  {v.secret, nil, v.body, webhook.ErrNoSignature},
		"no secret":                     {"", good, v.body, webhook.ErrNoSecret},
		"no secret, signed without one": {"", webhook.Sign("", []byte(v.body)), v.body, webhook.ErrNoSecret},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := webhook.Verify(tt.secret, tt.signature, []byte(tt.body))
			require.ErrorIs(t, err, tt.want)

			digest := webhook.Sign(tt.secret, []byte(tt.body))
			assert.NotContains(t, err.Error(), hex.EncodeToString(digest))
			assert.NotContains(t, err.Error(), base64.StdEncoding.EncodeToString(digest))
			assert.NotContains(t, err.Error(), v.secret)
		})
	}
}

func TestVerifyToken(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		secret, token string
		want          error
	}{
		"same":      {"s3cret", "s3cret", nil},
		"other":     {"s3cret", "S3cret", webhook.ErrMismatch},
		"prefix":    {"s3cret", "s3c", webhook.ErrMismatch},
		"bearer":    {"s3cret", "Bearer s3cret", webhook.ErrMismatch},
		"no token":  {"s3cret", "", webhook.ErrNoSignature},
		"no secret": {"", "", webhook.ErrNoSecret},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.ErrorIs(t, webhook.VerifyToken(tt.secret, tt.token), tt.want)
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

func TestReadBody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body  string
		limit int64
		err   error
	}{
		"empty":                  {"", 0, nil},
		"exactly the limit":      {"12345678", 8, nil},
		"one byte more":          {"123456789", 8, webhook.ErrBodyTooLarge},
		"up to the default":      {strings.Repeat("x", webhook.MaxBody), 0, nil},
		"beyond the default":     {strings.Repeat("x", webhook.MaxBody+1), 0, webhook.ErrBodyTooLarge},
		"negative is default":    {strings.Repeat("x", webhook.MaxBody+1), -1, webhook.ErrBodyTooLarge},
		"space and line ends":    {" {\r\n}\n", 0, nil},
		"bytes that aren't text": {"\xff\x00", 0, nil},
	}
	for name, tt := range tests {
		for _, chunked := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(tt.body))
				if chunked {
					r.ContentLength = -1
				}
				got, err := webhook.ReadBody(r, tt.limit)
				require.ErrorIs(t, err, tt.err)
				if tt.err != nil {
					assert.Nil(t, got)
					return
				}
				assert.Equal(t, tt.body, string(got))
			})
		}
	}
}

func TestReadBodyDoesNotReadWhatIsDeclaredTooLong(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/hook", iotest.ErrReader(errors.New("was read")))
	r.ContentLength = 9
	_, err := webhook.ReadBody(r, 8)
	require.ErrorIs(t, err, webhook.ErrBodyTooLarge)
}

func TestReadBodyKeepsTheLimitOfTheServer(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader("123456789"))
	r.Body = http.MaxBytesReader(w, r.Body, 4)
	_, err := webhook.ReadBody(r, 8)
	require.ErrorIs(t, err, webhook.ErrBodyTooLarge)
}

func TestReadBodyReportsABodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/hook", io.MultiReader(
		strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	got, err := webhook.ReadBody(r, 0)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Nil(t, got)
	assert.NotContains(t, err.Error(), "half")
}

// silent is a body that never ends and never says anything.
type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }
func (silent) Close() error             { return nil }

func TestReadBodyEndsIfNothingComes(t *testing.T) {
	t.Parallel()
	_, err := webhook.ReadBody(&http.Request{Body: silent{}, ContentLength: -1}, 0)
	require.ErrorIs(t, err, io.ErrNoProgress)
}

func TestReadBodyOfARequestWithoutOne(t *testing.T) {
	t.Parallel()
	got, err := webhook.ReadBody(&http.Request{}, 0)
	require.NoError(t, err)
	assert.Empty(t, got)
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
