package transport_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// acme is a vendor whose error codes say what its verdict is to be.
var acme = transport.Vendor{
	Name:      "acme",
	Prefix:    "/api",
	RequestID: "X-Request-Id",
	IDsBegin:  []string{"acm_"},
	Read: func(_ *transport.Call, a *transport.Answer, e *souk.Error) transport.Verdict {
		var body struct {
			Code, Message string
			Success       *bool
		}
		if string(a.Body) == "no way to "+a.Path {
			return transport.Verdict{Own: true, NoRoute: true}
		}
		if json.Unmarshal(a.Body, &body) != nil || body.Code == "" && body.Success == nil {
			return transport.Verdict{}
		}
		e.Code, e.Message = body.Code, body.Message
		return transport.Verdict{
			Own: true, Refused: body.Code == "refused", Trouble: body.Code == "trouble", Expired: body.Code == "expired",
		}
	},
}

// baseURL returns a host of this run of the test, so that neither the gates of
// two tests meet nor those of two runs.
func baseURL(t *testing.T) string {
	host, _ := hosts.LoadOrStore(t, strings.ToLower(rand.Text()))
	return "https://" + host.(string) + ".example"
}

var hosts sync.Map

// newClient returns a client with a gate of its own.
func newClient(t *testing.T, cfg transport.Config) *transport.Client {
	t.Helper()
	return newClientOf(t, &acme, cfg)
}

func newClientOf(t *testing.T, vendor *transport.Vendor, cfg transport.Config) *transport.Client {
	t.Helper()
	if cfg.BaseURL == "" {
		cfg.BaseURL = baseURL(t)
	}
	if cfg.Quotas == nil {
		cfg.Quotas = []transport.Quota{{Limit: &ratelimit.Limit{}, ByApp: true}}
		cfg.App = baseURL(t)
	}
	if cfg.AttemptTimeout == 0 && strings.Contains(cfg.BaseURL, "://127.0.0.1:") {
		cfg.AttemptTimeout = time.Hour // however slow the machine
	}
	var problems transport.Problems
	client := transport.New(vendor, cfg, &problems)
	require.True(t, problems.Empty(), problems.String())
	return client
}

// responseOf carries out a call and returns what is known of its answer.
func responseOf(ctx context.Context, client *transport.Client, call *transport.Call) (souk.Response, error) {
	var response souk.Response
	err := client.Do(souk.WithResponse(ctx, &response), call)
	return response, err
}

// classCalls are one call of each class with the same route.
func classCall(class transport.Repeat) *transport.Call {
	methods := map[transport.Repeat]string{
		transport.Safe:       http.MethodGet,
		transport.Idempotent: http.MethodPut,
		transport.Write:      http.MethodPost,
	}
	call := &transport.Call{Method: methods[class], Route: "/things", Repeat: class}
	if class != transport.Safe {
		call.Body = map[string]string{"name": "x"}
	}
	return call
}

func requireError(t *testing.T, err error) *souk.Error {
	t.Helper()
	e, ok := errors.AsType[*souk.Error](err)
	require.True(t, ok, "want *souk.Error, got %T: %v", err, err)
	return e
}
