package transport_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// thing is a row.
type thing struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Size int       `json:"size"`
	Born time.Time `json:"born"`
}

// rowedThings is a list with an end mark, and something that the caller set.
type rowedThings struct {
	transport.Unread `json:"-"`
	Things           []thing `json:"things"`
	More             *bool   `json:"more"`
	asked            string
}

func (*rowedThings) Row() (reflect.Type, int) { return reflect.TypeFor[thing](), 3 }

func (l *rowedThings) Missing() string {
	switch {
	case l.Things == nil && l.Unread.Unread() == 0:
		return "things"
	case l.More == nil:
		return "more"
	}
	return ""
}

// oneThing is an answer with one object.
type oneThing struct {
	Thing *thing `json:"thing"`
}

func (*oneThing) Row() (reflect.Type, int) { return reflect.TypeFor[thing](), 0 }

func (o *oneThing) Missing() string {
	if o.Thing == nil || o.Thing.ID == "" {
		return "thing.id"
	}
	return ""
}

func TestAPageIsNotLostForARow(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var drift []souk.Drift
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).JSON(200, `{"more":false,"things":[
		{"id":"z","name":[1]},
		{"id":"a","name":12,"size":"7","born":"2026-01-05 10:00:00"},
		{"id":"b","name":{"secret":"x"}},
		{"name":"without id"},
		{"id":"d","name":"plain","size":1.0}]}`)
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), Observer: &souk.Observer{
		Drift: func(_ context.Context, d souk.Drift) { mu.Lock(); defer mu.Unlock(); drift = append(drift, d) },
	}}})
	out := &rowedThings{asked: "what the caller set"}
	call := classCall(transport.Safe)
	call.Out = out

	err := client.Do(t.Context(), call)

	require.NoError(t, err)
	assert.Equal(t, "what the caller set", out.asked)
	assert.Equal(t, []thing{
		{ID: "a", Name: "12", Size: 7, Born: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)},
		{ID: "d", Name: "plain", Size: 1},
	}, out.Things)
	require.Equal(t, 3, out.Unread.Unread())
	assert.Equal(t, 0, out.Rows()[0].Index)
	first, second := out.Rows()[1], out.Rows()[2]
	assert.Equal(t, 2, first.Index)
	assert.Equal(t, "b", first.ID)
	assert.JSONEq(t, `{"id":"b","name":{"secret":"x"}}`, string(first.Raw))
	assert.Equal(t, 3, second.Index)
	assert.Empty(t, second.ID)
	err = out.Err()
	require.ErrorIs(t, err, souk.ErrUnreadable)
	assert.NotErrorIs(t, err, souk.ErrUnavailable)
	assert.EqualError(t, first, "acme: GET /things: 200 unreadable: things[2].name: expected text, got object (row 2 of the page)")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		assert.NotContains(t, fmt.Sprintf(verb, first), "secret", verb)
	}
	assert.NotContains(t, slog.AnyValue(first).Resolve().String(), "secret")
	acme := souk.Drift{Vendor: "acme", Method: "GET", Route: "/things"}
	at := func(path, want, got string) souk.Drift {
		d := acme
		d.Path, d.Want, d.Got = path, want, got
		return d
	}
	assert.Equal(t, []souk.Drift{
		at("things[1].name", "text", "number"),
		at("things[1].size", "whole number", "text"),
		at("things[1].born", "date", "text"),
		at("things[4].size", "whole number", "number"),
	}, drift)
}

// Around the rows nothing is taken for none: that would make an answer of anything.
func TestTheFormAroundRowsIsNotTolerant(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"things":{},"more":false}`, `{"things":"","more":false}`, `{"things":[],"more":""}`, `[]`, `{}`} {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).JSON(200, body)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})
		call := classCall(transport.Safe)
		call.Out = new(rowedThings)

		err := client.Do(t.Context(), call)

		assert.ErrorIs(t, err, souk.ErrUnavailable, body)
		assert.ErrorIs(t, err, souk.ErrUnreadable, body)
	}
}

// What was done is not unknown because a value of the answer cannot be read.
func TestAnObjectThatCannotBeReadWasWritten(t *testing.T) {
	t.Parallel()
	for _, repeat := range []transport.Repeat{transport.Safe, transport.Idempotent, transport.Write} {
		gock := testkit.NewGock(t)
		call := classCall(repeat)
		gock.Expect(testkit.Request{Method: call.Method, URL: baseURL(t) + "/api/things", Body: call.Body}).
			JSON(200, `{"thing":{"id":"a","size":"many"}}`)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		call.Out = new(oneThing)

		err := client.Do(t.Context(), call)

		row, ok := errors.AsType[*souk.RowError](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, -1, row.Index)
		assert.Equal(t, "a", row.ID)
		require.ErrorIs(t, err, souk.ErrUnreadable)
		require.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok)
		assert.Equal(t, 1, e.Attempts)
		assert.EqualError(t, err, "acme: "+call.Method+" /things: 200 unreadable: thing.size: expected whole number, got text")
	}
}

// Without its id it is no answer.
func TestAnObjectWithoutItsIDIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"thing":{"size":"many"}}`, `{"thing":{"id":"","size":"1"}}`, `{"thing":"a"}`} {
		gock := testkit.NewGock(t)
		call := classCall(transport.Write)
		gock.Expect(testkit.Request{Method: call.Method, URL: baseURL(t) + "/api/things", Body: call.Body}).JSON(200, body)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		call.Out = new(oneThing)

		err := client.Do(t.Context(), call)

		require.ErrorIs(t, err, souk.ErrOutcomeUnknown, body)
		require.ErrorIs(t, err, souk.ErrUnreadable, body)
	}
}

func TestFarMoreRowsThanAskedForAreNoAnswer(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).JSON(200, `{"more":false,"things":[`+strings.Repeat(`{"id":"a"},`, 30)+`{"id":"a"}]}`)
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})
	call := classCall(transport.Safe)
	call.Out = new(rowedThings)

	err := client.Do(t.Context(), call)

	assert.ErrorIs(t, err, souk.ErrUnreadable)
}

func TestRowsThatCannotBeReadKeepTheirPlaceInAWalk(t *testing.T) {
	t.Parallel()
	first, third := &souk.RowError{Index: 0, ID: "a"}, &souk.RowError{Index: 2}
	for _, err := range []error{errors.Join(first, third)} {
		b := transport.Batch([]string{"b", "d"}, transport.RowErrors(err))
		assert.Equal(t, []string{"", "b", "", "d"}, b.Rows)
		require.Len(t, b.Failed, 2)
		assert.Equal(t, 0, b.Failed[0].Index)
		assert.Equal(t, "a", b.Failed[0].ID)
		assert.Equal(t, 2, b.Failed[1].Index)
		assert.Same(t, third, b.Failed[1].Err)
	}
	assert.Equal(t, []*souk.RowError{first}, transport.RowErrors(first))
	assert.Nil(t, transport.RowErrors(nil))
	assert.Nil(t, transport.RowErrors(errors.Join(first, souk.ErrUnavailable)))
	assert.Nil(t, transport.RowErrors(&souk.RowError{Index: -1}))
	assert.Equal(t, paging.Batch[string]{Rows: []string{"x"}, Total: -1}, transport.Batch([]string{"x"}, nil))
	assert.Equal(t, paging.Batch[string]{
		Rows: []string{"", ""}, Total: -1, Failed: []paging.Failed{{Index: 0, ID: "a", Err: first}, {Index: 1, Err: third}},
	}, transport.Batch[string](nil, []*souk.RowError{first, third}))
}
