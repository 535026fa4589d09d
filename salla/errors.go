package salla

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/transport"
)

// The reasons for refusing a credential, for errors.Is. In Salla's answers they differ
// only in the text of the message, so an error with an unknown text matches none of
// them, but [souk.ErrUnauthorized] or [souk.ErrForbidden] alone.
var (
	// ErrTokenInvalid means that the access token is expired, revoked or wrong, or that
	// the app was uninstalled. It is souk.ErrReauthorize. A TokenSource was already
	// asked for another token.
	ErrTokenInvalid error = &reason{"unauthorized: the access token is invalid", souk.ErrReauthorize}
	// ErrUserDeleted means that the user who authorised the app no longer exists; the
	// app must be installed again. It is souk.ErrReauthorize.
	ErrUserDeleted error = &reason{"unauthorized: the user who authorised the app was deleted", souk.ErrReauthorize}
	// ErrUserInactive means that the user who authorised the app is not active.
	// It is souk.ErrUnauthorized.
	ErrUserInactive error = &reason{"unauthorized: the user who authorised the app is not active", souk.ErrUnauthorized}
	// ErrScopeMissing means that the app lacks a scope, which the message names.
	// It is souk.ErrForbidden.
	ErrScopeMissing error = &reason{"forbidden: the app lacks a scope", souk.ErrForbidden}
	// ErrGrantInvalid means that an authorization code or a refresh token is expired,
	// revoked or already used; the app must be installed again. It is
	// souk.ErrReauthorize.
	ErrGrantInvalid error = &reason{"unauthorized: the code or refresh token was revoked, has expired or was used before", souk.ErrReauthorize}
	// ErrRefreshLost means that a refresh token was sent and no answer came. The token
	// may be used up, and sending it again could revoke all tokens of the store, so it
	// is not sent again. This state ends when the token of a new installation is saved,
	// or with OAuth.RetryRefresh. It is souk.ErrReauthorize.
	ErrRefreshLost error = &reason{"refresh lost", souk.ErrReauthorize}
)

func newError(e *souk.Error) error {
	e.Vendor = vendor.Name
	return e
}

// reason is a class of failure within a class that all vendors share.
type reason struct {
	text  string
	class error
}

func (r *reason) Error() string { return r.text }
func (r *reason) Unwrap() error { return r.class }

// incomplete is the class of an answer that lacks what was asked for.
type incomplete struct{}

func (incomplete) Error() string   { return "unavailable, unreadable" }
func (incomplete) Unwrap() []error { return []error{souk.ErrUnavailable, souk.ErrUnreadable} }

// readError reads a failure from Salla: its envelope, or the bare form of OAuth, in
// which error is a text. Anything else is not Salla's answer, whatever its status.
func readError(_ *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
	var body members
	if json.Unmarshal(a.Body, &body) != nil || !body.sayNo(a.StatusCode) {
		return transport.Verdict{}
	}
	body.tell(e)
	said := body.status()
	inSuccess := status(a.StatusCode).isSuccess()
	if inSuccess && e.Message == "" {
		e.Message = "the answer says that the call failed"
	}
	class := classOf(a.StatusCode, said, e)
	return transport.Verdict{
		Own:     true,
		Trouble: inSuccess && said.isTrouble(),
		Class:   class,
		Expired: errors.Is(class, ErrTokenInvalid),
	}
}

// members holds the members of an object by their exact names.
type members map[string]json.RawMessage

// sayNo reports whether the members have a form of Salla's failures: success is false;
// error is an object or, with OAuth's two statuses, a code; or the status in the body
// is one of failure while the HTTP status is not.
func (m members) sayNo(ofHTTP int) bool {
	success, told := m.success()
	switch isSuccess := status(ofHTTP).isSuccess(); {
	case !isSuccess && ofHTTP < 400: // Salla neither redirects nor goes on to another protocol
		return false
	case told && !success:
		return true
	case m.isObject("error"):
		return !isSuccess || !told
	case isSuccess:
		return m.status() >= http.StatusBadRequest && m.text("error") == "" && !m.ofAFramework()
	}
	isOAuth := ofHTTP == http.StatusBadRequest || ofHTTP == http.StatusUnauthorized
	return isOAuth && oauthCode.MatchString(m.text("error")) && m["status"] == nil && !m.ofAFramework()
}

// oauthCode matches an OAuth code. Servers in between send human-readable words.
var oauthCode = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// ofAFramework reports members that occur in failures of servers in between, but not in
// Salla's.
func (m members) ofAFramework() bool { return m["timestamp"] != nil || m["path"] != nil }

// success returns the member success; told reports whether it is there and readable.
func (m members) success() (success, told bool) {
	switch text := strings.ToLower(strings.Trim(string(m["success"]), `"`)); text {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

func (m members) status() status {
	var s status
	if data := m["status"]; data != nil {
		_ = s.UnmarshalJSON(data)
	}
	return s
}

func (m members) isObject(name string) bool { return bytes.HasPrefix(m[name], []byte("{")) }

func (m members) text(name string) string { return loosejson.Text(m[name]) }

// in returns the members of a member, none if it is not an object.
func (m members) in(name string) members {
	var inner members
	_ = json.Unmarshal(m[name], &inner)
	return inner
}

// tell fills e from the failure. Some end points have the message in data.
func (m members) tell(e *souk.Error) {
	detail := m.in("error")
	e.Code = cmp.Or(detail.text("code"), m.text("error"))
	e.Message = cmp.Or(detail.text("message"), m.text("error_description"), m.in("data").text("message"), m.text("message"))
	e.Fields = loosejson.Fields(detail["fields"])
}

// classOf returns the class of a failure if its HTTP status does not say it, nil
// otherwise. If the HTTP status is a success, the status in the body counts.
func classOf(ofHTTP int, inBody status, e *souk.Error) error {
	said := ofHTTP
	if status(ofHTTP).isSuccess() {
		said = int(inBody)
	}
	switch {
	case e.Code == "invalid_grant":
		return ErrGrantInvalid
	case said == http.StatusUnauthorized:
		return cmp.Or(reasonOf(e.Message), souk.ErrUnauthorized)
	case said == http.StatusBadRequest && e.Code == "invalid_client":
		return souk.ErrUnauthorized
	case ofHTTP == http.StatusNotFound, inBody == http.StatusNotFound, e.Code == "404":
		return souk.ErrNotFound
	case said == http.StatusConflict: // of what, Salla does not say
		return souk.ErrInvalid
	}
	return transport.ClassOf(said)
}

// reasonOf distinguishes the five kinds of 401, which differ only in the message.
func reasonOf(message string) error {
	lower := strings.ToLower(message)
	switch {
	case scopeName.MatchString(lower) || strings.Contains(lower, "one of those scopes"):
		return ErrScopeMissing
	case strings.Contains(lower, "access token is invalid"):
		return ErrTokenInvalid
	case strings.Contains(lower, "user is not exist"):
		return ErrUserDeleted
	case strings.Contains(lower, "حسابك غير مفعل"):
		return ErrUserInactive
	}
	return nil
}

// scopeName matches a scope in a message of any language.
var scopeName = regexp.MustCompile(`[a-z_-]+\.read(_write)?\b`)
