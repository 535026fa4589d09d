package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"

	"github.com/souk-go/souk"
)

// failureWord returns in one word why no answer came, "" if one did.
func (x *exchange) failureWord() souk.Failure {
	err := x.err
	switch {
	case err == nil:
		return ""
	case errors.Is(err, errAttemptTimeout):
		return souk.FailureTimeout
	case x.ctx.Err() != nil: // which is what has ended the attempt
		return souk.FailureCanceled
	case isProxyError(err):
		return souk.FailureProxy
	case uploadText(err) != "":
		return souk.FailureUpload
	case isTLS(err):
		return souk.FailureTLS
	case x.stage == stageUnsent:
		return souk.FailureDial
	case isTimeout(err):
		return souk.FailureTimeout
	case errors.Is(err, errTooLarge):
		return souk.FailureSize
	case x.answer.StatusCode != 0:
		return souk.FailureCut
	}
	return souk.FailureReset
}

// isTimeout reports whether a timeout of the user's transport ended the wait.
func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// isTLS reports whether no trusted TLS connection could be made.
func isTLS(err error) bool {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	return certificate || authority || record || alert
}

// permanent reports whether the next attempt would fail in the same way.
func permanent(err error) bool {
	if errors.Is(err, errTooLarge) || uploadText(err) != "" {
		return true
	}
	_, alert := errors.AsType[tls.AlertError](err)
	return isTLS(err) && !alert || wantsCredentials(err)
}

// networkText describes a failure below HTTP without any address.
func (a *attempt) networkText() string {
	err := a.err
	switch {
	case errors.Is(err, errAttemptTimeout), errors.Is(err, errTooLarge), errors.Is(err, errNoResponse):
		return err.Error()
	case isProxyError(err):
		proxy, _ := errors.AsType[proxyError](err)
		return proxy.Error()
	case isTLS(err):
		return "no trusted TLS connection to the server"
	case a.stage == stageUnsent: // also if a handshake broke, with the server or a proxy
		return "no connection to the server"
	}
	return "the connection broke before the answer was complete"
}

// uploadText describes a failure of the file that was being sent, "" for any other
// failure. The server then got no complete request.
func uploadText(err error) string {
	for _, cause := range []error{errUploadShort, errUploadLong, errUploadFailed, errUploadStuck, errNotSeekable} {
		if errors.Is(err, cause) {
			return cause.Error()
		}
	}
	return ""
}

// neverSent reports whether an error occurred before a connection existed.
func neverSent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, dns := errors.AsType[*net.DNSError](err)
	return dns
}

// hidden lets errors.Is and errors.As find a cause whose text may hold a URL, a secret
// or a server's words. It has no Unwrap, so that nobody prints that text unknowingly.
type hidden struct{ cause error }

func (hidden) Error() string          { return "" }
func (h hidden) Is(target error) bool { return errors.Is(h.cause, target) }
func (h hidden) As(target any) bool   { return errors.As(h.cause, target) }
