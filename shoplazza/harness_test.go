package shoplazza_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

const token = "4xk9-access-token"

// store is a client whose requests go to mocks. Every store has a host of its
// own, because clients of one host share quota and gate.
type store struct {
	*testkit.Gock
	client *shoplazza.Client
	base   string
	modern bool // 2025-06 or later
}

func newStore(t *testing.T, version string) store {
	t.Helper()
	return newStoreWith(t, shoplazza.Config{Version: version})
}

func newStoreWith(t *testing.T, cfg shoplazza.Config) store {
	t.Helper()
	g := testkit.NewGock(t)
	cfg.Shop = uniqueShop()
	cfg.HTTPClient = g.Client()
	cfg.Limiter = unpaced
	if cfg.TokenSource == nil {
		cfg.Token = token
	}
	client, err := shoplazza.NewClient(cfg)
	require.NoError(t, err)
	version := cfg.Version
	if version == "" {
		version = shoplazza.DefaultVersion
	}
	return store{g, client, "https://" + cfg.Shop + ".myshoplaza.com/openapi/" + version, version != shoplazza.Version202201}
}

// unpaced is for the many stores whose pace does not matter: each of them then has
// one quota to be kept in the process, and not two.
var unpaced = rate.NewLimiter(rate.Inf, 0)

func uniqueShop() string { return "shop-" + strings.ToLower(rand.Text()[:12]) }

// expect adds a mock of a call: method, path below the version, body. What
// every request has is asserted with it.
func (s store) expect(method, path string, body any) *testkit.Reply {
	return s.Expect(s.request(method, path, body))
}

func (s store) request(method, path string, body any) testkit.Request {
	header := map[string]string{
		"Access-Token": token,
		"Accept":       "application/json",
		"User-Agent":   "souk-go/0.1.0",
	}
	without := []string{"Authorization", "Idempotency-Key"}
	if body == nil {
		without = append(without, "Content-Type")
	} else {
		header["Content-Type"] = "application/json"
	}
	return testkit.Request{Method: method, URL: s.base + path, Header: header, NoHeader: without, Body: body}
}

// object is a body in JSON.
type object = map[string]any

var versions = []string{
	shoplazza.Version202201, shoplazza.Version202506, shoplazza.Version202601, shoplazza.Version202607,
}

var laterVersions = versions[1:]

// requireError returns the package's error of a class.
func requireError(t *testing.T, err, class error) *souk.Error {
	t.Helper()
	require.ErrorIs(t, err, class)
	e, ok := errors.AsType[*souk.Error](err)
	require.True(t, ok, "not a *souk.Error: %T", err)
	assert.Equal(t, "shoplazza", e.Vendor)
	return e
}

// requireInvalid checks the text of what was refused before it was sent.
func requireInvalid(t *testing.T, err error, text string) {
	t.Helper()
	e := requireError(t, err, souk.ErrInvalid)
	assert.Equal(t, text, err.Error())
	assert.Zero(t, e.StatusCode)
	assert.Zero(t, e.Attempts)
	assert.NotEmpty(t, e.Fields)
}
