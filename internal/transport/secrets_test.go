package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// repeating answers with what it was sent, wherever an answer can hold that, and with
// what more it is told.
func repeating(more ...string) *http.Client {
	got := strings.Join(more, " ")
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		for _, values := range r.Header {
			got += " " + strings.Join(values, " ")
		}
		got += " " + r.URL.Path
		for _, values := range r.URL.Query() {
			got += " " + strings.Join(values, " ")
		}
		if r.Body != nil {
			body, _ := io.ReadAll(r.Body)
			got += " " + string(body)
		}
		answer, _ := json.Marshal(map[string]string{"code": "refused", "message": got})
		return &http.Response{
			StatusCode: 422,
			Header:     http.Header{"X-Request-Id": {strings.ReplaceAll(got, "\n", " ")}},
			Body:       io.NopCloser(strings.NewReader(string(answer))),
		}, nil
	})}
}

type knownSource struct{ secret string }

func (knownSource) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: "planted-access"}, nil
}
func (s knownSource) Secrets() []string { return []string{s.secret} }

func TestWhatIsSentAsACredentialIsMasked(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		cfg   transport.Config
		call  transport.Call
		more  string
		asked http.Header
	}{
		"static":              {cfg: transport.Config{Authorizer: transport.Static("Authorization", "Bearer planted-token")}},
		"in its own header":   {cfg: transport.Config{Authorizer: transport.Static("Access-Token", "planted-token")}},
		"Basic":               {cfg: transport.Config{Authorizer: transport.Static("Authorization", "Basic cGxhbnRlZC1rZXk6")}, more: "planted-key"},
		"of a source":         {cfg: transport.Config{Authorizer: transport.Sourced(knownSource{"x"}, "Authorization", "Bearer ")}},
		"of an earlier call":  {cfg: transport.Config{Authorizer: transport.Sourced(knownSource{"planted-refresh"}, "A", "")}, more: "planted-refresh"},
		"header of the call":  {call: transport.Call{Header: http.Header{"X-Api-Key": {"planted-key"}}}},
		"form":                {call: transport.Call{Body: transport.Raw{ContentType: "application/x-www-form-urlencoded", Bytes: []byte("client_secret=planted-s&refresh_token=planted-r")}}},
		"JSON":                {call: transport.Call{Body: map[string]any{"user": map[string]string{"new_password": "planted pass"}, "otps": []string{"x"}}}},
		"JSON that was made":  {call: transport.Call{Body: transport.Raw{Bytes: []byte(`{"accessToken":"planted-access"}`)}}},
		"one-time password":   {call: transport.Call{Body: map[string]string{"otp": "plan"}}},
		"query":               {call: transport.Call{Query: url.Values{"api_key": {"planted-key"}}}},
		"told":                {call: transport.Call{Secrets: []string{"planted-code"}}, more: "planted-code"},
		"asked for":           {asked: http.Header{"X-Gateway-Token": {"planted-gate"}}},
		"cookie":              {cfg: transport.Config{Options: souk.Options{HTTPClient: &http.Client{Jar: jar}}}, more: "planted-sid"},
		"form of an upload":   {call: transport.Call{Body: &transport.Upload{Fields: map[string]string{"token": "planted-token"}}}},
		"one the call leaves": {cfg: transport.Config{Authorizer: transport.Sourced(knownSource{"planted-refresh"}, "A", "")}, call: transport.Call{Credential: transport.Static("B", "another-key")}, more: "planted-refresh"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log testkit.Log
			var told []string
			client := repeating(c.more)
			if c.cfg.HTTPClient != nil {
				client.Jar = c.cfg.HTTPClient.Jar
				client.Jar.SetCookies(&url.URL{Scheme: "https", Host: strings.TrimPrefix(baseURL(t), "https://")}, []*http.Cookie{{Name: "sid", Value: "planted-sid"}})
			}
			c.cfg.Options = souk.Options{
				HTTPClient: client, MaxAttempts: 1, Logger: log.Logger(),
				Observer: &souk.Observer{Attempt: func(_ context.Context, a souk.Attempt) { told = append(told, fmt.Sprintf("%+v", a)) }},
			}
			call := c.call
			call.Method, call.Route = "POST", "/things"

			err := newClient(t, c.cfg).Do(souk.WithHeader(t.Context(), c.asked), &call)

			e := requireError(t, err)
			assert.Equal(t, "refused", e.Code)
			assert.Contains(t, e.Message, "[masked]")
			for _, text := range []string{e.Message, e.RequestID, string(e.Body), e.Error(), fmt.Sprintf("%#v", e), log.Text(), told[0]} {
				assert.NotContains(t, text, "plan")
			}
		})
	}
}

// What the call has sent beside credentials is the program's own: it is in no text.
func TestWhatElseIsSentIsInNoText(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: repeating(), MaxAttempts: 1, Logger: log.Logger()}})

	err := client.Do(souk.WithHeader(t.Context(), http.Header{"X-User": {"Zenobia"}}), &transport.Call{
		Method: "POST", Route: "/things/{id}", IDs: []any{"yolanda7"}, Query: url.Values{"contact": {"Xaver"}, "limit": {"250"}},
		Body: map[string]any{"name": "Wilhelmina", "number": 123456, "address": map[string]any{"tags": []string{"Valerie"}}, "status": "name"},
	})

	e := requireError(t, err)
	for _, name := range []string{"Zenobia", "yolanda7", "Xaver", "Wilhelmina", "Valerie", "123456"} {
		assert.Contains(t, e.Message, name)
		assert.Contains(t, string(e.Body), name)
		for _, text := range []string{e.RequestID, e.Error(), e.LogValue().String(), log.Text()} {
			assert.NotContains(t, text, name)
		}
	}
	assert.Contains(t, e.Error(), "250")
	assert.Contains(t, e.Error(), `"status":"name"`, "the name of a field says nothing")
}

func TestPathsOfTheUsersOwn(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: repeating(), MaxAttempts: 1}})

	err := client.Free(t.Context(), nil, "POST", "/orders/o-77/of/Ada%20L", nil, nil, nil)

	assert.Contains(t, err.Error(), "/api/orders/[masked]/of/[masked]")
}

func TestAnIDOfOnesOwnComesBack(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(404).Header("X-Request-Id", "mine-1")
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})

	err := client.Do(souk.WithHeader(t.Context(), http.Header{"X-Request-Id": {"mine-1"}}), classCall(transport.Safe))

	assert.Equal(t, "mine-1", requireError(t, err).RequestID)
}

// What a vendor says of a field is masked like its message.
func TestFieldsAreMasked(t *testing.T) {
	t.Parallel()
	vendor := acme
	vendor.Read = func(_ *transport.Call, _ *transport.Answer, e *souk.Error) transport.Verdict {
		e.Fields = map[string][]string{"email": {"is taken", "planted-key is wrong"}, "planted-key": {"?"}}
		return transport.Verdict{Own: true}
	}
	client := newClientOf(t, &vendor, transport.Config{
		Authorizer: transport.Static("X-Api-Key", "planted-key"), Options: souk.Options{HTTPClient: scripted(says(422, "", "{}"))},
	})

	err := client.Do(t.Context(), classCall(transport.Write))

	assert.Equal(t, map[string][]string{"email": {"is taken", "[masked] is wrong"}, "[masked]": {"?"}}, requireError(t, err).Fields)
	none := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(says(422, "", `{"code":"no"}`))}})
	err = none.Do(t.Context(), classCall(transport.Write))
	assert.Nil(t, requireError(t, err).Fields)
}

func TestTextsAreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ö", 10_000)
	fields := map[string]string{"code": "refused" + long, "message": long}
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).JSON(422, fields).Header("X-Request-Id", long)
	var log testkit.Log
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1, Logger: log.Logger()}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	e := requireError(t, err)
	assert.LessOrEqual(t, len(e.Error()), 4<<10)
	assert.LessOrEqual(t, len(e.Message), 4<<10)
	assert.LessOrEqual(t, len(e.Code), 4<<10)
	assert.LessOrEqual(t, len(e.RequestID), 128)
	assert.True(t, strings.HasSuffix(e.RequestID, "ö…"))
	assert.Less(t, len(log.Text()), 1000)
}

func TestACutBodyEndsBeforeASecret(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("x", 1<<20-10) + "planted-token"
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Body(404, "text/plain", []byte(body))
	client := newClient(t, transport.Config{
		Authorizer: transport.Static("Authorization", "Bearer planted-token"),
		Options:    souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1},
	})

	err := client.Do(t.Context(), classCall(transport.Safe))

	assert.Equal(t, body[:1<<20-10], string(requireError(t, err).Body))
}

// A cause is there for errors.As only: its text can hold what the server said.
func TestACauseIsNotUnwrapped(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Fail(&url.Error{Op: "Get", URL: "https://planted", Err: io.ErrUnexpectedEOF})
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	cause, ok := errors.AsType[*url.Error](err)
	require.True(t, ok)
	assert.Equal(t, "https://planted", cause.URL)
	testkit.Canary{Token: "planted"}.CheckError(t, err)
}

// changingSource hands out another token each time.
type changingSource struct{ n int }

func (s *changingSource) Token(context.Context) (*oauth2.Token, error) {
	s.n++
	return &oauth2.Token{AccessToken: fmt.Sprintf("planted-%d", s.n)}, nil
}

// A server may repeat the token of an earlier call, which a proxy has kept.
func TestTheTokensOfEarlierCallsAreMasked(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{
		Authorizer: transport.Sourced(new(changingSource), "Authorization", "Bearer "),
		Options:    souk.Options{HTTPClient: repeating("planted-1"), MaxAttempts: 1},
	})
	for range 3 {
		err := client.Do(t.Context(), &transport.Call{Method: "POST", Route: "/things"})

		e := requireError(t, err)
		for _, text := range []string{e.Message, e.RequestID, string(e.Body), e.Error()} {
			assert.NotContains(t, text, "planted")
		}
	}
}
