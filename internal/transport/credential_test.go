package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// source hands out numbered tokens and moves on when it is told that one has expired.
type source struct {
	n       int
	stuck   bool
	invalid []string
	err     error
}

func (s *source) Token(context.Context) (*oauth2.Token, error) {
	if s.err != nil {
		return nil, s.err
	}
	return &oauth2.Token{AccessToken: fmt.Sprintf("t-%d", s.n)}, nil
}

func (s *source) Invalidate(t *oauth2.Token) {
	s.invalid = append(s.invalid, t.AccessToken)
	if !s.stuck {
		s.n++
	}
}

func TestExpiredTokenIsReplacedOnce(t *testing.T) {
	t.Parallel()
	for _, class := range []transport.Repeat{transport.Safe, transport.Idempotent, transport.Write} {
		t.Run(fmt.Sprint(class), func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			call := classCall(class)
			request := testkit.Request{Method: call.Method, URL: baseURL(t) + "/api/things", Body: call.Body}
			request.Header = map[string]string{"Authorization": "Bearer t-0"}
			gock.Expect(request).JSON(401, `{"code":"expired"}`)
			request.Header = map[string]string{"Authorization": "Bearer t-1"}
			gock.Expect(request).Status(200)
			tokens := &source{}
			client := newClient(t, transport.Config{
				Authorizer: transport.Sourced(tokens, "Authorization", "Bearer "),
				Options: souk.Options{
					HTTPClient:  gock.Client(),
					MaxAttempts: 1,
				},
			})

			response, err := responseOf(t.Context(), client, call)

			require.NoError(t, err)
			assert.Equal(t, []string{"t-0"}, tokens.invalid)
			assert.Equal(t, 2, response.Attempts)
		})
	}
}

// The attempt with the expired token does not count.
func TestAnExpiredTokenCostsNoAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		request := testkit.Request{URL: baseURL(t) + "/api/things", Header: map[string]string{"Authorization": "Bearer t-0"}}
		gock.Expect(request).JSON(401, `{"code":"expired"}`)
		request.Header = map[string]string{"Authorization": "Bearer t-1"}
		own(500)(gock.Expect(request))
		gock.Expect(request).Status(200)
		client := newClient(t, transport.Config{
			Authorizer: transport.Sourced(&source{}, "Authorization", "Bearer "),
			Options:    souk.Options{HTTPClient: gock.Client(), MaxAttempts: 2},
		})

		response, err := responseOf(t.Context(), client, classCall(transport.Safe))

		require.NoError(t, err)
		assert.Equal(t, 3, response.Attempts)
	})
}

func TestExpiredTokenTwiceIsUnauthorized(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).JSON(401, `{"code":"expired"}`).Times(2)
	tokens := &source{}
	client := newClient(t, transport.Config{Authorizer: transport.Sourced(tokens, "Authorization", "Bearer "), Options: souk.Options{HTTPClient: gock.Client()}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.Equal(t, []string{"t-0"}, tokens.invalid)
}

// A source that has nothing better is not worth a second request.
func TestSameTokenIsNotSentAgain(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).JSON(401, `{"code":"expired","message":"old"}`)
	client := newClient(t, transport.Config{Authorizer: transport.Sourced(&source{stuck: true}, "Authorization", "Bearer "), Options: souk.Options{HTTPClient: gock.Client()}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	assert.EqualError(t, err, "acme: GET /things: 401 unauthorized (expired): old")
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
}

func TestOther401IsFinal(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).JSON(401, `{"code":"no scope"}`)
	tokens := &source{}
	client := newClient(t, transport.Config{Authorizer: transport.Sourced(tokens, "Authorization", "Bearer "), Options: souk.Options{HTTPClient: gock.Client()}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.Empty(t, tokens.invalid)
}

func TestStaticCredentialIsNotReplaced(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things", Header: map[string]string{"Access-Token": "t"}}).JSON(401, `{"code":"expired"}`)
	client := newClient(t, transport.Config{Authorizer: transport.Static("Access-Token", "t"), Options: souk.Options{HTTPClient: gock.Client()}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
}

// perCall counts the calls that it was started for, and who of them asks for a token.
type perCall struct {
	transport.Authorizer
	started *int
	own     int
	asked   *[]int
}

func (p perCall) Start(context.Context) transport.Authorizer {
	*p.started++
	p.own = *p.started
	return p
}

func (p perCall) Authorize(ctx context.Context, header http.Header) (*oauth2.Token, error) {
	*p.asked = append(*p.asked, p.own)
	return p.Authorizer.Authorize(ctx, header)
}

// An Authorizer can have one of its own for each call, and is asked for it once.
func TestAuthorizerOfACall(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	request := testkit.Request{URL: baseURL(t) + "/api/things"}
	gock.Expect(request).JSON(401, `{"code":"expired"}`)
	gock.Expect(request).Status(200).Times(2)
	p := perCall{Authorizer: transport.Sourced(&source{}, "Authorization", ""), started: new(int), asked: new([]int)}
	client := newClient(t, transport.Config{Authorizer: p, Options: souk.Options{HTTPClient: gock.Client()}})

	for range 2 {
		err := client.Do(t.Context(), classCall(transport.Safe))
		require.NoError(t, err)
	}

	assert.Equal(t, []int{1, 1, 2}, *p.asked)
}

// Every attempt asks for the token, so that a repeat has a fresh one.
func TestRepeatAsksForTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		tokens := &source{}
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things", Header: map[string]string{"Authorization": "Bearer t-0"}}).Status(502)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things", Header: map[string]string{"Authorization": "Bearer t-5"}}).Status(200)
		client := newClient(t, transport.Config{
			Authorizer: transport.Sourced(sourceFunc(func(ctx context.Context) (*oauth2.Token, error) {
				defer func() { tokens.n = 5 }()
				return tokens.Token(ctx)
			}), "Authorization", "Bearer "),
			Options: souk.Options{HTTPClient: gock.Client()},
		})

		err := client.Do(t.Context(), classCall(transport.Safe))

		assert.NoError(t, err)
	})
}

type sourceFunc func(ctx context.Context) (*oauth2.Token, error)

func (f sourceFunc) Token(ctx context.Context) (*oauth2.Token, error) { return f(ctx) }

func TestTokenSourceFails(t *testing.T) {
	t.Parallel()
	own := &souk.Error{Method: "POST", Route: "/login", StatusCode: 401, Err: souk.ErrUnauthorized}
	foreign := errors.New(`token endpoint said {"refresh_token":"hunter2"}`)
	tests := []struct {
		name  string
		token *oauth2.Token
		err   error
		is    error
		text  string
	}{
		{"the SDK's own error", nil, ownError{own}, souk.ErrUnauthorized, "acme: GET /things: unauthorized: no credential could be obtained: POST /login: 401 unauthorized"},
		{"somebody else's error", nil, foreign, foreign, "acme: GET /things: unavailable: no credential could be obtained"},
		{"no token", nil, nil, souk.ErrUnauthorized, "acme: GET /things: unauthorized: no credential could be obtained: the token source returned no token"},
		{"empty token", &oauth2.Token{}, nil, souk.ErrUnauthorized, "acme: GET /things: unauthorized: no credential could be obtained: the token source returned no token"},
		{"blank token", &oauth2.Token{AccessToken: "  "}, nil, souk.ErrUnauthorized, "acme: GET /things: unauthorized: no credential could be obtained: the token source returned no token"},
		{"a deadline of its own", nil, context.DeadlineExceeded, souk.ErrUnavailable, "acme: GET /things: unavailable: no credential could be obtained"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t) // nothing is expected
			client := newClient(t, transport.Config{
				Authorizer: transport.Sourced(
					sourceFunc(func(context.Context) (*oauth2.Token, error) { return tt.token, tt.err }), "Authorization", "Bearer ",
				),
				Options: souk.Options{HTTPClient: gock.Client()},
			})

			err := client.Do(t.Context(), classCall(transport.Safe))

			assert.EqualError(t, err, tt.text)
			assert.ErrorIs(t, err, tt.is)
		})
	}
}

// What the token end point said of its own request is not said of the call.
func TestTheClassOfATokenAnswerIsNotThatOfTheCall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		said error
		want error
	}{
		{souk.ErrNotFound, souk.ErrUnauthorized},
		{souk.ErrAlreadyExists, souk.ErrUnauthorized},
		{souk.ErrInvalid, souk.ErrUnauthorized},
		{souk.ErrUnauthorized, souk.ErrUnauthorized},
		{souk.ErrReauthorize, souk.ErrReauthorize},
		{souk.ErrForbidden, souk.ErrForbidden},
		{souk.ErrUnavailable, souk.ErrUnavailable},
		{souk.ErrRateLimited, souk.ErrUnavailable},
		{errors.Join(souk.ErrRateLimited, &ratelimit.Error{Reason: "the gate of the token end point"}), souk.ErrUnavailable},
		{errors.Join(souk.ErrUnavailable, souk.ErrOutcomeUnknown), souk.ErrUnavailable},
		{errors.Join(souk.ErrForbidden, souk.ErrUnreadable), souk.ErrUnavailable},
		{context.Canceled, souk.ErrUnavailable}, // the call's own has not ended
		{context.DeadlineExceeded, souk.ErrUnavailable},
	} {
		for _, repeat := range []transport.Repeat{transport.Safe, transport.Write} {
			t.Run(tt.said.Error(), func(t *testing.T) {
				t.Parallel()
				said := &souk.Error{Vendor: "acme", StatusCode: 404, RetryAfter: 7 * time.Second, Err: tt.said}
				gock := testkit.NewGock(t) // nothing is expected
				client := newClient(t, transport.Config{
					Authorizer: transport.Sourced(sourceFunc(func(context.Context) (*oauth2.Token, error) { return nil, said }), "Authorization", ""),
					Options:    souk.Options{HTTPClient: gock.Client()},
				})

				err := client.Do(t.Context(), classCall(repeat))

				e := requireError(t, err)
				require.ErrorIs(t, err, tt.want)
				for _, class := range []error{
					souk.ErrUnauthorized, souk.ErrForbidden, souk.ErrNotFound, souk.ErrInvalid, souk.ErrAlreadyExists,
					souk.ErrRateLimited, souk.ErrUnavailable, souk.ErrUnreadable, souk.ErrReauthorize, souk.ErrOutcomeUnknown,
				} {
					assert.Equal(t, errors.Is(tt.want, class), errors.Is(err, class), "%v", class)
				}
				assert.Equal(t, 0, e.StatusCode)
				assert.Equal(t, 0, e.Attempts)
				assert.Equal(t, 7*time.Second, e.RetryAfter)
				cause, ok := errors.AsType[*souk.Error](e.Err)
				require.True(t, ok, "what was said stays in the chain")
				assert.Same(t, said, cause)
			})
		}
	}
}
