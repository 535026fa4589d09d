package shopline

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/transport"
	"github.com/souk-go/souk/internal/webhook"
)

// Install is what SHOPLINE says when it sends a merchant to the app.
type Install struct {
	// Handle is that of the store.
	Handle string
	// Lang is the merchant's language, such as "en" or "zh-hans-cn". It is there
	// when the app is embedded.
	Lang string
	// Timestamp is when SHOPLINE has signed this.
	Timestamp time.Time
}

// Callback is what SHOPLINE says when it sends a merchant back to RedirectURL.
type Callback struct {
	// Handle is that of the store.
	Handle string
	// Code is for OAuth.Exchange. It lives for ten minutes.
	Code string
	// State is what AuthCodeURL was given. Compare it with the session's.
	State string
	// Timestamp is when SHOPLINE has signed this.
	Timestamp time.Time
}

// maxAge is how old a signed request may be, and how far the clocks may differ.
const maxAge = 10 * time.Minute

// VerifyInstall reads the request by which a merchant comes from SHOPLINE. If
// its signature is wrong, or it is more than ten minutes old, or it is for
// another app, the error is ErrUnauthorized.
func (o OAuth) VerifyInstall(r *http.Request) (*Install, error) {
	signed, err := o.verify(r)
	if err != nil {
		return nil, err
	}
	return &Install{Handle: signed.values.Get("handle"), Lang: signed.values.Get("lang"), Timestamp: signed.at}, nil
}

// VerifyCallback reads the request by which a merchant comes back to
// RedirectURL. If its signature is wrong, or it is more than ten minutes old, or
// it is for another app, the error is ErrUnauthorized. The caller compares
// State.
func (o OAuth) VerifyCallback(r *http.Request) (*Callback, error) {
	signed, err := o.verify(r)
	if err != nil {
		return nil, err
	}
	callback := &Callback{
		Handle:    signed.values.Get("handle"),
		Code:      signed.values.Get("code"),
		State:     signed.values.Get("customField"),
		Timestamp: signed.at,
	}
	if callback.Code == "" {
		return nil, untrusted("the request holds no code")
	}
	return callback, nil
}

// signedQuery is a query that SHOPLINE has signed.
type signedQuery struct {
	values url.Values
	at     time.Time
}

func (o OAuth) verify(r *http.Request) (signedQuery, error) {
	var problems transport.Problems
	problems.Require(o.AppSecret != "", "AppSecret", "must not be empty: everybody could sign with an empty secret")
	if err := problems.Err(); err != nil {
		return signedQuery{}, newError(err)
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return signedQuery{}, untrusted("the query is malformed")
	}
	for _, repeated := range values {
		if len(repeated) > 1 {
			return signedQuery{}, untrusted("the query names a parameter twice")
		}
	}
	signature, err := webhook.DecodeSignature(values.Get("sign"))
	if err != nil {
		return signedQuery{}, untrusted("the request is not signed, or not as SHOPLINE signs")
	}
	decoded := webhook.Verify(o.AppSecret, signature, signedText(r.URL.RawQuery, decodedPair))
	encoded := webhook.Verify(o.AppSecret, signature, signedText(r.URL.RawQuery, encodedPair))
	if decoded != nil && encoded != nil {
		return signedQuery{}, untrusted("the signature does not match")
	}
	return o.checkSigned(values)
}

// checkSigned looks at what a good signature covers.
func (o OAuth) checkSigned(values url.Values) (signedQuery, error) {
	milliseconds, err := strconv.ParseInt(values.Get("timestamp"), 10, 64)
	at := time.UnixMilli(milliseconds)
	switch {
	case err != nil:
		return signedQuery{}, untrusted("the request holds no timestamp in milliseconds")
	case time.Since(at).Abs() > maxAge:
		return signedQuery{}, untrusted("the request is more than 10 minutes old, or the clock is wrong")
	case values.Get("appkey") != o.AppKey:
		return signedQuery{}, untrusted("the request is for another app")
	case !handleLabel.MatchString(values.Get("handle")):
		return signedQuery{}, untrusted("the request holds no handle of a store")
	}
	return signedQuery{values, at}, nil
}

// signedText is what SHOPLINE signs of a query: all parameters but the signature,
// sorted by name, as name=value joined by &. Its page has the values encoded,
// its own code signs them decoded; they differ only where a value needs encoding.
func signedText(rawQuery string, spell func(string) string) []byte {
	var pairs []string
	for pair := range strings.SplitSeq(rawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && name != "sign" {
			pairs = append(pairs, spell(pair))
		}
	}
	slices.Sort(pairs)
	return []byte(strings.Join(pairs, "&"))
}

func encodedPair(pair string) string { return pair }

func decodedPair(pair string) string {
	name, value, _ := strings.Cut(pair, "=")
	name, _ = url.QueryUnescape(name) // ParseQuery has accepted both
	value, _ = url.QueryUnescape(value)
	return name + "=" + value
}

// untrusted is the error of a request that does not prove to come from SHOPLINE.
func untrusted(message string) error {
	return newError(&transport.Error{Err: ErrUnauthorized, Message: message})
}
