package transport_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

func TestUnreadableAnswer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, contentType, body, want string
	}{
		{"web page", "text/html", "<!doctype html><title>Just a moment</title>", "a web page came instead of the API's answer (text/html): check BaseURL and proxies"},
		{"empty", "application/json", "", "nothing came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"cut off", "application/json", `{"name":"Sara`, "text that is not JSON or was cut off came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"text", "text/plain", "OK", "text that is not JSON or was cut off came instead of the API's answer (text/plain): check BaseURL and proxies"},
		{"other type", "application/json", `{"name":5551234567}`, "JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"other top level", "application/json", `[1]`, "JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"something missing", "application/json", `{}`, "JSON without name came instead of the API's answer (application/json): check BaseURL and proxies"},
	}
	for _, tt := range tests {
		for _, class := range []transport.Repeat{transport.Safe, transport.Write} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				gock := testkit.NewGock(t)
				call := classCall(class)
				gock.Expect(testkit.Request{Method: call.Method, URL: baseURL(t) + "/api/things", Body: call.Body}).
					Body(200, tt.contentType, []byte(tt.body))
				client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})
				call.Out = new(named)

				err := client.Do(t.Context(), call)

				e := requireError(t, err)
				assert.Equal(t, tt.want, e.Message)
				assert.ErrorIs(t, err, souk.ErrUnavailable)
				assert.ErrorIs(t, err, souk.ErrUnreadable)
				assert.Equal(t, 200, e.StatusCode)
				assert.Equal(t, tt.body, string(e.Body))
				assert.NotContains(t, err.Error(), "Sara")
				assert.NotContains(t, err.Error(), "555")
				if class == transport.Write {
					assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
				} else {
					assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				}
			})
		}
	}
}

// named is an answer that must have a name.
type named struct {
	Name string `json:"name"`
	kept string
}

func (n *named) Missing() string {
	if n.Name == "" {
		return "name"
	}
	return ""
}

// What an answer left behind that was no success is not seen in the next one, and what
// the caller set is: that of this call.
func TestEveryAnswerIsDecodedAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type answer struct {
			named
			Extra string `json:"extra"`
		}
		for _, kept := range []string{"what the caller set", "what another set", "", "and one more"} {
			gock := testkit.NewGock(t)
			request := testkit.Request{URL: baseURL(t) + "/api/things"}
			gock.Expect(request).JSON(200, `{"extra":"of the first"}`)
			gock.Expect(request).JSON(200, `{"name":"second"}`)
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
			call := classCall(transport.Safe)
			out := &answer{named: named{kept: kept}}
			call.Out = out

			err := client.Do(t.Context(), call)

			require.NoError(t, err)
			assert.Equal(t, answer{named: named{Name: "second", kept: kept}}, *out)
		}
	})
}

// Room that was set aside for rows holds none of an earlier answer.
func TestRoomForRowsIsNewForEveryAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type row struct{ ID, Email string }
		type answer struct {
			named
			Rows []row `json:"rows"`
		}
		gock := testkit.NewGock(t)
		request := testkit.Request{URL: baseURL(t) + "/api/things"}
		gock.Expect(request).JSON(200, `{"rows":[{"id":"1","email":"of the first"}]}`)
		gock.Expect(request).JSON(200, `{"name":"second","rows":[{"id":"2"}]}`)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		call := classCall(transport.Safe)
		out := &answer{Rows: make([]row, 0, 5)}
		call.Out = out

		err := client.Do(t.Context(), call)

		require.NoError(t, err)
		assert.Equal(t, []row{{ID: "2"}}, out.Rows)
		assert.Equal(t, 5, cap(out.Rows))
	})
}

// paged is a list whose end its headers mark.
type paged struct {
	Rows []int `json:"rows"`
	end  string
}

func (p *paged) Head(header http.Header) { p.end = header.Get("X-End") }

func (p *paged) Missing() string {
	if p.end == "" {
		return "X-End"
	}
	return ""
}

func TestHeadersAreAPartOfTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		request := testkit.Request{URL: baseURL(t) + "/api/things"}
		gock.Expect(request).JSON(200, `{"rows":[1]}`)
		gock.Expect(request).JSON(200, `{"rows":[2]}`).Header("X-End", "yes")
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		call := classCall(transport.Safe)
		out := new(paged)
		call.Out = out

		err := client.Do(t.Context(), call)

		require.NoError(t, err)
		assert.Equal(t, paged{Rows: []int{2}, end: "yes"}, *out)
	})
}

func TestEmptyAnswerIsFine(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		call   transport.Call
	}{
		{"nothing wanted", 200, transport.Call{}},
		{"204", 204, transport.Call{Out: new(map[string]any), EmptyOK: true}},
		{"EmptyOK", 200, transport.Call{Out: new(map[string]any), EmptyOK: true}},
		{"NoContentOK", 204, transport.Call{Out: new(map[string]any), NoContentOK: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "DELETE", URL: baseURL(t) + "/api/things"}).Status(tt.status)
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
			tt.call.Method, tt.call.Route = "DELETE", "/things"

			err := client.Do(t.Context(), &tt.call)

			assert.NoError(t, err)
		})
	}
}

// Where only 204 may have no body, nothing is no answer with any other status.
func TestNoContentIs204(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 202} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{Method: "DELETE", URL: baseURL(t) + "/api/things"}).Status(status)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})

		err := client.Do(t.Context(), &transport.Call{Method: "DELETE", Route: "/things", Out: new(named), NoContentOK: true})

		assert.ErrorIs(t, err, souk.ErrUnreadable)
		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	}
}

// A length that a server announces costs no memory before it comes.
func TestAnAnnouncedLengthIsNotBelieved(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(func(r *http.Request) (*http.Response, error) {
		resp, err := says(200, "", `{"name":"Ada"}`)(r)
		resp.ContentLength = 1 << 60
		return resp, err
	})}})
	call := classCall(transport.Safe)
	out := new(named)
	call.Out = out

	err := client.Do(t.Context(), call)

	require.NoError(t, err)
	assert.Equal(t, "Ada", out.Name)
}

// What succeeded is shown to whoever asked for it, and nothing else is.
func TestTheAnswerThatSucceededIsRead(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{`{"name":"Ada"}`: `{"name":"Ada"} Ada`, `{}`: "", `{"code":"no"}`: ""} {
		read := ""
		ctx := percall.WithReader(t.Context(), func(body []byte, out any) { read += string(body) + " " + out.(*named).Name })
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(says(200, "", body)), MaxAttempts: 1}})
		call := classCall(transport.Safe)
		call.Out = new(named)

		err := client.Do(ctx, call)

		assert.Equal(t, want == "", err != nil)
		assert.Equal(t, want, read)
		call.Out = nil
		_ = client.Do(ctx, call)
		assert.Equal(t, want, read, "what is decoded into nothing is not shown")
	}
}

// talkative is a credential whose secrets are asked for when an error is made. Meanwhile
// it makes another call.
type talkative struct {
	transport.Authorizer

	meanwhile func()
}

func (a *talkative) Secrets() []string {
	a.meanwhile()
	return nil
}

// The memory of one answer is used for the next. An error keeps its own.
func TestTheBodyOfAnErrorIsItsOwn(t *testing.T) {
	t.Parallel()
	const first, second = `{"code":"no","message":"about Ada"}`, `{"code":"no","message":"about Bob"}`
	other := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(says(422, "", second))}})
	client := newClient(t, transport.Config{
		Authorizer: &talkative{transport.Static("X-Api-Key", "planted-key"), func() {
			for range 20 { // other tests take buffers, too
				err := other.Do(t.Context(), classCall(transport.Write))
				require.Error(t, err)
			}
		}},
		Options: souk.Options{HTTPClient: scripted(says(422, "", first))},
	})

	err := client.Do(t.Context(), classCall(transport.Write))

	assert.JSONEq(t, first, string(requireError(t, err).Body))
}

// What is wrong around the rows is named.
func TestTheValueThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(says(299, "", `{"things":[],"more":{"a":1}}`)), MaxAttempts: 1}})
	call := classCall(transport.Safe)
	call.Out = new(rowedThings)

	err := client.Do(t.Context(), call)

	assert.EqualError(t, err, "acme: GET /things: 299 unavailable, unreadable: JSON without a value of the right kind in more came instead of the API's answer (no content type): check BaseURL and proxies")
}

// An answer over the cap is not taken into memory, and not asked for again.
func TestAnswerOverTheCap(t *testing.T) {
	t.Parallel()
	body := `{"name":"` + strings.Repeat("x", 40<<20) + `"}`
	server := testkit.NewServer(t, testkit.Answer(200, body))
	client := newClient(t, transport.Config{BaseURL: server.URL})
	call := classCall(transport.Safe)
	call.Out = new(map[string]any)

	err := client.Do(t.Context(), call)

	e := requireError(t, err)
	assert.ErrorContains(t, err, "the answer is larger than 32 MiB")
	assert.Empty(t, e.Body)
	assert.Equal(t, 1, e.Attempts)
}

func TestErrorBodyIsCapped(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t, testkit.Answer(422, strings.Repeat("x", 3<<20)))
	client := newClient(t, transport.Config{BaseURL: server.URL})

	err := client.Do(t.Context(), classCall(transport.Safe))

	e := requireError(t, err)
	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.Equal(t, bytes.Repeat([]byte("x"), 1<<20), e.Body)
}

// The buffer of an answer is used again. What was decoded must not be.
func TestDecodedValuesOutliveTheBuffer(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t,
		testkit.Answer(200, `{"raw":{"a":"first"},"name":"first"}`),
		testkit.Answer(200, `{"raw":{"b":"other"},"name":"other"}`),
	)
	client := newClient(t, transport.Config{BaseURL: server.URL})
	type thing struct {
		Raw  json.RawMessage
		Name string
	}
	var first, other thing

	for _, out := range []*thing{&first, &other} {
		call := classCall(transport.Safe)
		call.Out = out
		err := client.Do(t.Context(), call)
		require.NoError(t, err)
	}

	assert.JSONEq(t, `{"a":"first"}`, string(first.Raw))
	assert.Equal(t, "first", first.Name)
	assert.Equal(t, "other", other.Name)
}

func TestAByteOrderMarkIsNoPartOfTheAnswer(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: http.MethodPost, URL: baseURL(t) + "/api/things"}).
		Body(200, "application/json", []byte("\ufeff"+`{"name":"Sara"}`))
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
	call := &transport.Call{Method: http.MethodPost, Route: "/things", Out: new(named)}

	err := client.Do(t.Context(), call)

	require.NoError(t, err)
	assert.Equal(t, &named{Name: "Sara"}, call.Out)
}
