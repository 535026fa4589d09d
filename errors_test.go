package souk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
)

// silent is a cause that says nothing, as one does that could hold a secret.
type silent struct{}

func (silent) Error() string { return "" }

// joined are two classes of one failure.
type joined [2]error

func (j joined) Error() string { return j[0].Error() + ", " + j[1].Error() }

func TestTheTextOfAnErrorHoldsWhatIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		err  souk.Error
	}{
		{"failed", souk.Error{}},
		{"failed", souk.Error{Err: silent{}}},
		{"acme: failed", souk.Error{Vendor: "acme"}},
		{"acme: GET: failed", souk.Error{Vendor: "acme", Method: "GET"}},
		{"acme: GET /things/{id}: 404 not found", souk.Error{Vendor: "acme", Method: "GET", Route: "/things/{id}", StatusCode: 404}},
		{"418 i'm a teapot", souk.Error{StatusCode: 418, Err: silent{}}},
		{"599 failed", souk.Error{StatusCode: 599}},
		{"200 invalid", souk.Error{StatusCode: 200, Err: souk.ErrInvalid}},
		{"404 not found", souk.Error{StatusCode: 404, Code: "404", Message: "Not Found.", Err: souk.ErrNotFound}},
		{"404 not found: the page", souk.Error{StatusCode: 404, Code: "NOT_FOUND", Message: "the page", Err: souk.ErrNotFound}},
		{"401 unauthorized (E-1)", souk.Error{StatusCode: 401, Code: "E-1", Message: "e_1", Err: souk.ErrUnauthorized}},
		{"unavailable, outcome unknown: not unavailable", souk.Error{Code: "outcome-unknown", Message: "not unavailable", Err: joined{souk.ErrUnavailable, souk.ErrOutcomeUnknown}}},
		{"400 invalid (404)", souk.Error{StatusCode: 400, Code: "404", Err: souk.ErrInvalid}},
		{"invalid (---): ...", souk.Error{Code: "---", Message: "...", Err: souk.ErrInvalid}},
		{"403 forbidden: ممنوع", souk.Error{StatusCode: 403, Message: "ممنوع", Err: souk.ErrForbidden}},
		{"invalid (E1): no", souk.Error{Code: "E1", Message: "no", Err: souk.ErrInvalid}},
		{"invalid; A: one, two; B: three", souk.Error{Fields: map[string][]string{"B": {"three"}, "A": {"one", "two"}}, Err: souk.ErrInvalid}},
		{"rate limited; try again in 250ms", souk.Error{RetryAfter: 250300 * time.Microsecond, Err: souk.ErrRateLimited}},
		{"unavailable", souk.Error{Attempts: 1, Err: souk.ErrUnavailable}},
		{"unavailable; after 2 attempts; request id r-1", souk.Error{Attempts: 2, RequestID: "r-1", Err: souk.ErrUnavailable}},
	} {
		assert.Equal(t, c.text, c.err.Error())
	}
}

func TestTheTextOfAnErrorHidesWhatAServerHasSent(t *testing.T) {
	t.Parallel()
	personal := "of ada@example.test"
	e := souk.Error{
		StatusCode: 400, Code: "1 " + personal, Message: "2 " + personal,
		Fields: map[string][]string{"3 " + personal: {"4 " + personal}}, Err: souk.ErrInvalid,
	}
	assert.Equal(t, "400 invalid (1 of [masked]): 2 of [masked]; 3 of [masked]: 4 of [masked]", e.Error())
	attrs := make(map[string]string)
	for _, a := range e.LogValue().Group() {
		attrs[a.Key] = a.Value.String()
	}
	assert.Equal(t, map[string]string{
		"vendor": "", "method": "", "route": "", "status": "400", "code": "1 of [masked]", "message": "2 of [masked]",
		"attempts": "0", "request_id": "", "class": "invalid",
	}, attrs)

	e.StatusCode = 0 // what the SDK says itself holds nothing to hide
	assert.Equal(t, "invalid (1 "+personal+"): 2 "+personal+"; 3 "+personal+": 4 "+personal, e.Error())
}
