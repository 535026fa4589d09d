package commercengine

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

func newError(e *souk.Error) error {
	e.Vendor = vendor.Name
	return e
}

// failure holds the members of an answer that is not a success.
type failure map[string]json.RawMessage

// readError reads {"success","message","code","errors"}, and the form on the pages of
// the vendor's SDK: {"error":{"code","message","details"}}.
func readError(call *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
	var f failure
	if json.Unmarshal(a.Body, &f) != nil || !f.own(call, a.StatusCode) {
		return transport.Verdict{}
	}
	var inner failure
	_ = json.Unmarshal(f["error"], &inner)
	e.Code = strings.ToLower(cmp.Or(loosejson.Text(f["code"]), loosejson.Text(inner["code"])))
	e.Message = loosejson.Text(f["message"])
	e.Fields = fieldsOf(f["errors"], f["details"], inner["details"])
	gone := e.Code == "not_found" || a.StatusCode == http.StatusNotFound && f.success() == no
	return transport.Verdict{
		Own:     true,
		Class:   classOf(call, a.StatusCode, e.Code),
		NoRoute: !gone,
		Expired: a.StatusCode == http.StatusUnauthorized && mayBeToken(e.Code),
	}
}

// own reports whether the answer has the vendor's form of a failure: success:false and
// a message or, with a failure status, a code and a message and nothing that the vendor
// does not send. For a call made with Do, only success:false is known to be a failure.
func (f failure) own(call *transport.Call, status int) bool {
	ok := status/100 == 2
	switch f.success() {
	case no:
		return loosejson.Quoted(f["message"]) != "" || ok && call.Path != ""
	case yes, odd:
		return false
	}
	for name := range f {
		if !slices.Contains(failureMembers, name) {
			return false
		}
	}
	return !ok && loosejson.Quoted(f["message"]) != "" && loosejson.Quoted(f["code"]) != ""
}

var failureMembers = []string{"success", "message", "code", "errors", "error", "details", "content"}

func (f failure) success() (said flag) {
	_ = said.UnmarshalJSON(f["success"])
	return said
}

// mayBeToken reports whether the code of a 401 may mean an expired token: it says no
// more than the status, or names a token or session. A wrong password or OTP has other
// codes.
func mayBeToken(code string) bool {
	switch code {
	case "", "401", "unauthorized", "unauthenticated":
		return true
	}
	about := func(word string) bool { return strings.Contains(code, word) }
	return !about("otp") && (about("token") || about("jwt") || about("session"))
}

// classOf returns the class of a refusal if its status does not say it, nil otherwise.
func classOf(call *transport.Call, status int, code string) error {
	switch {
	case code == "not_found", status == http.StatusMethodNotAllowed:
		return souk.ErrNotFound
	case status == http.StatusConflict && !slices.Contains(claiming, call.Method+" "+call.Route):
		return souk.ErrInvalid
	case status/100 != 2:
		return nil
	}
	switch code {
	case "unauthorized", "token_expired", "invalid_credentials":
		return souk.ErrUnauthorized
	case "forbidden":
		return souk.ErrForbidden
	}
	return souk.ErrInvalid
}

// claiming lists the operations that claim a value that may be taken. For any other
// operation, a conflict concerns the state of something.
var claiming = []string{
	"POST /auth/register/email",
	"POST /auth/register/phone",
	"POST /auth/register/whatsapp",
	"POST /auth/register/password",
	"PUT /auth/user/{id}",
	"POST /customers",
	"POST " + addressesRoute,
	"POST " + bankAccountsRoute,
	"POST " + mandatesRoute,
	"POST " + documentsRoute,
}

// fieldsOf returns what the server says about the fields of a request. The vendor does
// not document the form; texts without a field are under "errors".
func fieldsOf(raws ...json.RawMessage) map[string][]string {
	found := make(map[string][]string)
	for _, raw := range raws {
		for name, texts := range loosejson.Fields(raw) {
			found[name] = append(found[name], texts...)
		}
		if texts := loosejson.Texts(raw); len(texts) > 0 {
			found["errors"] = append(found["errors"], texts...)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}
