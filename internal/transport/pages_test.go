package transport_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// things is a list of numbered pages with two rows each, of which the last is 3.
func things(fail error) paging.List[int] {
	return paging.Numbers[int]{
		ID: func(n *int) string { return strconv.Itoa(*n) },
		Fetch: func(_ context.Context, page int) (paging.Batch[int], error) {
			return paging.Batch[int]{Rows: []int{2*page - 1, 2 * page}, More: page < 3, Total: 6}, fail
		},
	}
}

var thingsOf = transport.Listing{Route: "/owners/{owner}/things", IDs: []any{"o1"}, Filter: url.Values{"color": {"red"}}}

func TestWalkGoesOnFromItsPosition(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{})
	w := transport.Walk(client, thingsOf, things(nil), "")
	var came []int
	for row, err := range w.All(t.Context()) {
		require.NoError(t, err)
		if *row == 4 {
			break
		}
		came = append(came, *row)
	}
	assert.Equal(t, []int{1, 2, 3}, came)
	assert.Equal(t, 6, w.Total())

	for row, err := range transport.Walk(client, thingsOf, things(nil), w.Position()).All(t.Context()) {
		require.NoError(t, err)
		came = append(came, *row)
	}
	assert.Equal(t, []int{1, 2, 3, 4, 5, 6}, came)
}

// A position is for one vendor, store, version, list and filter.
func TestWalkRefusesPositionsOfOtherLists(t *testing.T) {
	t.Parallel()
	base := baseURL(t)
	client := newClient(t, transport.Config{BaseURL: base})
	w := transport.Walk(client, thingsOf, things(nil), "")
	for range w.All(t.Context()) {
		continue
	}
	other := func(change func(*transport.Listing)) transport.Listing {
		l := thingsOf
		change(&l)
		return l
	}
	tests := map[string]struct {
		client  *transport.Client
		listing transport.Listing
	}{
		"host":    {newClient(t, transport.Config{BaseURL: base + "x"}), thingsOf},
		"version": {newClient(t, transport.Config{BaseURL: base, Prefix: "/api/v2"}), thingsOf},
		"route":   {client, other(func(l *transport.Listing) { l.Route = "/owners/{owner}/others" })},
		"owner":   {client, other(func(l *transport.Listing) { l.IDs = []any{"o2"} })},
		"filter":  {client, other(func(l *transport.Listing) { l.Filter = url.Values{"color": {"blue"}} })},
		"store":   {client, other(func(l *transport.Listing) { l.Store = "s2" })},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := requireError(t, lastError(t, transport.Walk(tt.client, tt.listing, things(nil), w.Position()).All(t.Context())))
			require.ErrorIs(t, e, souk.ErrInvalid)
			assert.Equal(t, "acme: GET "+tt.listing.Route+": invalid; position: is a position in another list: of another store, version or request", e.Error())
			assert.Zero(t, e.StatusCode)
		})
	}
	for range transport.Walk(newClient(t, transport.Config{BaseURL: base}), thingsOf, things(nil), w.Position()).All(t.Context()) {
		assert.Fail(t, "the same list through another client goes on")
	}
}

// lastError returns the error that rows ends with.
func lastError(t *testing.T, rows func(func(*int, error) bool)) (last error) {
	t.Helper()
	for row, err := range rows {
		require.NoError(t, last)
		if last = err; err != nil {
			assert.Nil(t, row)
		}
	}
	return last
}

func TestWalkNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{})
	day := time.Date(2026, time.May, 4, 0, 0, 0, 0, time.UTC)
	id := func(n *int) string { return strconv.Itoa(*n) }
	full := func(total func(page int) int) paging.List[int] {
		return paging.Days[int]{
			ID: id, Day: func(*int) time.Time { return day }, Cap: 4, Size: 2, First: day, Last: day,
			Fetch: func(_ context.Context, page int, _, _ time.Time) (paging.Batch[int], error) {
				return paging.Batch[int]{Rows: []int{2 * page, 2*page + 1}, More: page < 2, Total: total(page)}, nil
			},
		}
	}
	tests := map[string]struct {
		list     paging.List[int]
		position string
		classes  []error
		text     string
	}{
		"a changed position": {
			things(nil), "no position",
			[]error{souk.ErrInvalid},
			"invalid; position: must be what Position returned; it was cut or changed",
		},
		"a list that was cut": {
			paging.Numbers[int]{ID: id, Fetch: func(context.Context, int) (paging.Batch[int], error) {
				return paging.Batch[int]{More: true}, nil
			}},
			"",
			[]error{souk.ErrUnavailable, souk.ErrUnreadable},
			"unavailable, unreadable: the list was cut: a page is empty, and the server promises more",
		},
		"a day that is too long": {
			full(func(int) int { return 4 }), "", nil,
			"failed: the list cannot be read whole: 2026-05-04 alone has 4 rows, which is all the server lists",
		},
		"a list that grew": {
			full(func(page int) int { return 2 + page }), "",
			[]error{souk.ErrUnavailable},
			"unavailable: the list cannot be read whole: it grew to 4 rows, which is all the server lists",
		},
	}
	all := []error{souk.ErrInvalid, souk.ErrUnavailable, souk.ErrUnreadable, souk.ErrNotFound}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := lastError(t, transport.Walk(client, thingsOf, tt.list, tt.position).All(t.Context()))
			assert.EqualError(t, err, "acme: GET /owners/{owner}/things: "+tt.text)
			requireError(t, err)
			for _, class := range all {
				want := false
				for _, c := range tt.classes {
					want = want || errors.Is(c, class)
				}
				assert.Equal(t, want, errors.Is(err, class), "%v", class)
			}
		})
	}
}

// A page that a position's cursor names and the server refuses is the position's
// fault; a server that cannot be reached is not.
func TestWalkFromACursorThatTheServerDoesNotTake(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{})
	var fail error
	list := paging.Cursor[int]{
		ID: func(n *int) string { return strconv.Itoa(*n) },
		Fetch: func(_ context.Context, cursor string, _ func(string)) (paging.Batch[int], error) {
			if cursor == "" {
				return paging.Batch[int]{Rows: []int{1}, Next: "c"}, nil
			}
			return paging.Batch[int]{}, fail
		},
	}
	tests := map[string]struct {
		fail  *souk.Error
		class error
		text  string
	}{
		"refused": {
			&souk.Error{StatusCode: 400, Err: souk.ErrInvalid, Message: "bad cursor"}, souk.ErrInvalid,
			"400 invalid: the server no longer accepts the position; start again with an empty one",
		},
		"unknown": {
			&souk.Error{StatusCode: 404, Err: souk.ErrNotFound}, souk.ErrInvalid,
			"404 invalid: the server no longer accepts the position; start again with an empty one",
		},
		"unavailable": {&souk.Error{StatusCode: 503, Err: souk.ErrUnavailable}, souk.ErrUnavailable, "503 unavailable"},
		"canceled":    {&souk.Error{Err: context.Canceled}, context.Canceled, "context canceled"},
	}
	for name, tt := range tests {
		fail = tt.fail
		w := transport.Walk(client, thingsOf, list, "")
		require.Equal(t, error(tt.fail), lastError(t, w.All(t.Context())), "at the beginning it is the call's error")

		e := requireError(t, lastError(t, transport.Walk(client, thingsOf, list, w.Position()).All(t.Context())))
		require.ErrorIs(t, e, tt.class, name)
		assert.Equal(t, "acme: GET /owners/{owner}/things: "+tt.text, e.Error(), name)
		assert.Equal(t, tt.fail.StatusCode, e.StatusCode, name)
	}
}

func TestWalkRefusesANilContextAndASecondLoop(t *testing.T) {
	t.Parallel()
	w := transport.Walk(newClient(t, transport.Config{}), thingsOf, things(nil), "")
	var none context.Context
	err := lastError(t, w.All(none))
	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.ErrorContains(t, err, "the context is nil; use context.Background()")
	err = lastError(t, w.All(souk.WithMaxAttempts(none, 1)))
	assert.ErrorContains(t, err, "the context is nil; use context.Background()")
	for range w.All(t.Context()) {
		require.ErrorIs(t, lastError(t, w.All(t.Context())), souk.ErrInvalid)
	}
}

// WithResponse is for one call; the pages of a walk are fetched in other goroutines.
func TestWalkTellsNoResponse(t *testing.T) {
	t.Parallel()
	empty := roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
	})
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: &http.Client{Transport: empty}}})
	list := paging.Numbers[int]{Fetch: func(ctx context.Context, page int) (paging.Batch[int], error) {
		err := client.Do(ctx, &transport.Call{Method: http.MethodGet, Route: "/things", Repeat: transport.Safe})
		return paging.Batch[int]{Rows: []int{page}, More: page < 5, Total: -1}, err
	}}
	var told souk.Response
	require.NoError(t, lastError(t, transport.Walk(client, thingsOf, list, "").All(souk.WithResponse(t.Context(), &told))))
	assert.Zero(t, told)
}
