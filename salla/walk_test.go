package salla_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// entry is a row of a shop. One that is broken cannot be read.
type entry struct {
	id      int64
	created time.Time
	day     string // of it
	broken  bool
}

func (e entry) json(path string) string {
	switch {
	case e.broken:
		return fmt.Sprintf(`"broken %d"`, e.id)
	case strings.HasSuffix(path, "/points"):
		return fmt.Sprintf(`{"points":%d}`, e.id)
	case strings.HasSuffix(path, "/customers"):
		return fmt.Sprintf(`{"id":%d,"created_at":{"date":"%s.000000","timezone_type":3,"timezone":"Asia/Riyadh"}}`, e.id, e.created.In(riyadh).Format(time.DateTime))
	}
	return fmt.Sprintf(`{"id":%d}`, e.id)
}

var riyadh = time.FixedZone("Asia/Riyadh", 3*60*60)

// shop serves all lists with the same rows, newest first, as Salla does.
type shop struct {
	mu       sync.Mutex
	rows     []entry // oldest first
	lastID   int64
	now      time.Time
	zone     *time.Location // of its days, that of Riyadh if nil
	requests int
	asked    []url.Values
	before   func(*shop) // a request, with mu held
}

// newShop returns a shop that got n rows, each some time after the one before.
func newShop(n int, apart time.Duration) *shop {
	s := &shop{now: time.Date(2026, 3, 1, 9, 0, 0, 0, riyadh)}
	for range n {
		s.insert(apart)
	}
	return s
}

func (s *shop) insert(apart time.Duration) {
	s.lastID++
	s.now = s.now.Add(apart)
	zone := s.zone
	if zone == nil {
		zone = riyadh
	}
	s.rows = append(s.rows, entry{id: s.lastID, created: s.now, day: s.now.In(zone).Format(time.DateOnly)})
}

func (s *shop) client(t testing.TB) *salla.Client { return s.clientOf(t, "") }

func (s *shop) clientOf(t testing.TB, merchant string) *salla.Client {
	t.Helper()
	client, err := salla.NewClient(salla.Config{
		Token: "token-1", BaseURL: "http://127.1.2.3", Merchant: merchant,
		Options: souk.Options{HTTPClient: &http.Client{Transport: s}, Limiter: unlimited{}, MaxAttempts: 1},
	})
	require.NoError(t, err)
	return client
}

func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	query := r.URL.Query()
	s.asked = append(s.asked, query)
	if s.before != nil {
		s.before(s)
	}
	from, to := query.Get("date_from"), query.Get("date_to")
	rows := make([]*entry, 0, len(s.rows))
	for i := len(s.rows) - 1; i >= 0; i-- {
		if row := &s.rows[i]; (from == "" || row.day >= from) && (to == "" || row.day <= to) {
			rows = append(rows, row)
		}
	}
	if strings.HasSuffix(r.URL.Path, "/customers") {
		rows = rows[:min(len(rows), 10_000)]
	}
	size, page := number(query, "per_page", 15), number(query, "page", 1)
	if page*size > 10_000 && strings.HasSuffix(r.URL.Path, "/customers") {
		return nil, errors.New("a page beyond those that there are was asked for")
	}
	shown := rows[min((page-1)*size, len(rows)):min(page*size, len(rows))]
	var body bytes.Buffer
	body.WriteString(`{"status":200,"success":true,"data":[`)
	for i, row := range shown {
		if i > 0 {
			body.WriteByte(',')
		}
		body.WriteString(row.json(r.URL.Path))
	}
	fmt.Fprintf(&body, `],"pagination":{"count":%d,"total":%d,"perPage":%d,"currentPage":%d,"totalPages":%d,"links":[]}}`,
		len(shown), len(rows), size, page, (len(rows)+size-1)/size)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(&body), Request: r,
	}, nil
}

// ids returns those of the rows that can be read.
func (s *shop) ids() (ids []int64) {
	for _, row := range slices.Backward(s.rows) {
		if !row.broken {
			ids = append(ids, row.id)
		}
	}
	return ids
}

// trail is the walk through some list, whose rows are numbers.
type trail struct {
	all      func(context.Context) iter.Seq2[int64, error]
	position func() string
	total    func() int
}

func trailOf[T any](w *souk.Walk[T], id func(*T) int64) trail {
	all := func(ctx context.Context) iter.Seq2[int64, error] {
		return func(yield func(int64, error) bool) {
			for row, err := range w.All(ctx) {
				var n int64
				if err == nil {
					n = id(row)
				}
				if !yield(n, err) {
					return
				}
			}
		}
	}
	return trail{all, w.Position, w.Total}
}

// trails are the walks through all lists, in pages of some size.
var trails = map[string]func(c *salla.Client, perPage int, position string) trail{
	"customers": func(c *salla.Client, perPage int, position string) trail {
		return trailOf(c.Customers.Walk(salla.ListCustomersRequest{Limit: perPage}, position), func(c *salla.Customer) int64 { return c.ID })
	},
	"groups": func(c *salla.Client, perPage int, position string) trail {
		return trailOf(c.CustomerGroups.Walk(salla.ListCustomerGroupsRequest{Limit: perPage}, position), func(g *salla.CustomerGroup) int64 { return g.ID })
	},
	"points": func(c *salla.Client, perPage int, position string) trail {
		return trailOf(c.LoyaltyPoints.Walk(salla.ListLoyaltyPointsRequest{CustomerID: 7, Limit: perPage}, position), func(p *salla.LoyaltyPoint) int64 { return p.Points })
	},
	"webhooks": func(c *salla.Client, perPage int, position string) trail {
		return trailOf(c.Webhooks.Walk(salla.ListWebhooksRequest{Limit: perPage}, position), func(w *salla.Webhook) int64 { return w.ID })
	},
}

// take returns the first n rows that come, or all if n is less than zero. The turn of
// the last one has ended.
func (w trail) take(t *testing.T, n int) (ids []int64, unread int, last error) {
	t.Helper()
	came := 0
	for id, err := range w.all(t.Context()) {
		require.NoError(t, last, "something comes after the error")
		if came == n {
			break
		}
		came++
		row, ok := errors.AsType[*souk.RowError](err)
		switch {
		case ok:
			unread++
			require.ErrorIs(t, row, souk.ErrUnreadable)
		case err != nil:
			last = err
		default:
			ids = append(ids, id)
		}
	}
	return ids, unread, last
}

func TestWalkResumesAtEveryRow(t *testing.T) {
	t.Parallel()
	for name, walk := range trails {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(11, 5*time.Hour)
			s.rows[4].broken, s.rows[8].broken = true, true
			client := s.client(t)
			for n := range 12 {
				w := walk(client, 3, "")
				assert.Equal(t, -1, w.total())
				ids, unread, err := w.take(t, n)
				require.NoError(t, err)
				position := w.position()
				assert.LessOrEqual(t, len(position), 1024)
				assert.Equal(t, n == 0, position == "")

				more, others, err := walk(client, 3, position).take(t, -1)

				require.NoError(t, err)
				assert.Equal(t, s.ids(), append(ids, more...), "%d", n)
				assert.Equal(t, 2, unread+others, "%d", n)

				again, others, err := w.take(t, -1) // the same walk goes on, too
				require.NoError(t, err)
				assert.Equal(t, s.ids(), append(ids, again...), "%d", n)
				assert.Equal(t, 2, unread+others, "%d", n)
				if name != "customers" { // whose later pages are of some days only
					assert.Equal(t, 11, w.total())
				}
			}
		})
	}
}

func TestWalkAsksForTheLargestPages(t *testing.T) {
	t.Parallel()
	for name, walk := range trails {
		s := newShop(70, time.Hour)
		ids, _, err := walk(s.client(t), 0, "").take(t, -1)
		require.NoError(t, err, name)
		assert.Equal(t, s.ids(), ids, name)
		assert.Equal(t, 2, s.requests, name)
		assert.Equal(t, "60", s.asked[0].Get("per_page"), name)
	}
}

// The first page is the first one whatever the request says, and the size of the
// pages may change.
func TestWalkGoesOnWithOtherPages(t *testing.T) {
	t.Parallel()
	s := newShop(20, time.Hour)
	client := s.client(t)
	w := client.CustomerGroups.Walk(salla.ListCustomerGroupsRequest{Page: 3, Limit: 5}, "")
	var ids []int64
	for g, err := range w.All(t.Context()) {
		require.NoError(t, err)
		if len(ids) == 7 {
			break
		}
		ids = append(ids, g.ID)
	}
	more, _, err := trails["groups"](client, 8, w.Position()).take(t, -1)
	require.NoError(t, err)
	assert.Equal(t, s.ids(), append(ids, more...))
}

func flipped(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}

func TestWalkRefusesBadPositions(t *testing.T) {
	t.Parallel()
	s := newShop(20, time.Hour)
	position := func(w trail) string {
		_, _, err := w.take(t, 7)
		require.NoError(t, err)
		return w.position()
	}
	client := s.client(t)
	for name, walk := range trails {
		good := position(walk(client, 5, ""))
		bad := map[string]string{
			"cut":     good[:len(good)-1],
			"cut off": good[:4],
			"longer":  good + "A",
			"changed": "B" + good[1:],
			"one bit": good[:30] + flipped(good[30]) + good[31:],
			"text":    "page 2",
			"1 MiB":   strings.Repeat("A", 1<<20),
			"store":   position(walk(s.clientOf(t, "5"), 5, "")),
		}
		for other, walk := range trails {
			if other != name {
				bad["of "+other] = position(walk(client, 5, ""))
			}
		}
		switch name {
		case "customers":
			bad["filter"] = position(trailOf(client.Customers.Walk(salla.ListCustomersRequest{Keyword: "x"}, ""), func(c *salla.Customer) int64 { return c.ID }))
			bad["days"] = position(trailOf(client.Customers.Walk(salla.ListCustomersRequest{DateFrom: "2026-01-01"}, ""), func(c *salla.Customer) int64 { return c.ID }))
		case "points":
			bad["customer"] = position(trailOf(client.LoyaltyPoints.Walk(salla.ListLoyaltyPointsRequest{CustomerID: 8, Limit: 5}, ""), func(p *salla.LoyaltyPoint) int64 { return p.Points }))
			bad["size"] = position(walk(client, 6, ""))
		}
		for what, text := range bad {
			sent := s.requests
			ids, _, err := walk(client, 5, text).take(t, -1)
			assert.Empty(t, ids, what)
			require.ErrorIs(t, err, souk.ErrInvalid, "%s: %s", name, what)
			assert.ErrorContains(t, err, "position", what)
			assert.Equal(t, sent, s.requests, "%s: %s", name, what)
		}
	}
}

func TestWalkRefusesBadRequests(t *testing.T) {
	t.Parallel()
	for name, walk := range trails {
		for _, perPage := range []int{-1, 61, math.MaxInt, math.MinInt} {
			ids, _, err := walk(silent(t), perPage, "").take(t, -1)
			assert.Empty(t, ids, name)
			assert.ErrorContains(t, err, "Limit: must be 1 to 60", name)
			assert.ErrorIs(t, err, souk.ErrInvalid, name)
		}
	}
	_, err := ids(t, silent(t), salla.ListCustomersRequest{Page: -1})
	assert.ErrorIs(t, err, souk.ErrInvalid)
	for _, err := range silent(t).LoyaltyPoints.All(t.Context(), salla.ListLoyaltyPointsRequest{}) {
		assert.ErrorIs(t, err, souk.ErrInvalid)
	}
}

// What an answer says about pages must be there and must fit together.
func TestWalkIsNotEndedByPagesThatContradict(t *testing.T) {
	t.Parallel()
	rows := func(ids ...int) string {
		var list []string
		for _, id := range ids {
			list = append(list, fmt.Sprintf(`{"id":%d,"points":%d}`, id, id))
		}
		return strings.Join(list, ",")
	}
	answer := func(rows, pagination string) string {
		return fmt.Sprintf(`{"status":200,"success":true,"data":[%s],"pagination":%s}`, rows, pagination)
	}
	const good = `{"total":5,"perPage":2,"currentPage":1,"totalPages":3}`
	first := answer(rows(9, 8), good)
	last := answer(rows(5), `{"total":5,"perPage":2,"currentPage":3,"totalPages":3}`)
	tests := map[string]string{
		"empty":                 answer("", `{"total":5,"perPage":2,"currentPage":2,"totalPages":3}`),
		"short":                 answer(rows(7), `{"total":5,"perPage":2,"currentPage":2,"totalPages":3}`),
		"null":                  answer(rows(7, 6), `null`),
		"no marks":              answer(rows(7, 6), `{}`),
		"no number of pages":    answer(rows(7, 6), `{"total":5,"perPage":2,"currentPage":2}`),
		"no number of the page": answer(rows(7, 6), `{"total":5,"perPage":2,"totalPages":3}`),
		"no number, no rows":    answer("", `{"total":2,"perPage":2,"totalPages":1}`),
		"another page":          answer(rows(7, 6), `{"total":5,"perPage":2,"currentPage":3,"totalPages":3}`),
		"more rows than a page": answer(rows(7, 6, 5), `{"total":5,"perPage":2,"currentPage":2,"totalPages":3}`),
		"no pages":              answer(rows(7, 6), `{"total":5,"perPage":2,"currentPage":2,"totalPages":0}`),
		"the end before total":  answer(rows(7, 6), `{"total":5,"perPage":2,"currentPage":2,"totalPages":2}`),
		"maintenance":           `{"status":200,"success":true,"message":"maintenance"}`,
		"nothing":               `{}`,
		"the same page":         first,
	}
	for name, walk := range trails {
		for what, second := range tests {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				served := 0
				client, err := salla.NewClient(salla.Config{Token: "token-1", BaseURL: "http://127.1.2.3", Options: souk.Options{
					Limiter: unlimited{}, MaxAttempts: 1,
					HTTPClient: &http.Client{Transport: roundTrip(func(r *http.Request) string {
						switch served++; number(r.URL.Query(), "page", 1) {
						case 1:
							return first
						case 3:
							return last
						}
						return second
					})},
				}})
				require.NoError(t, err)
				w := walk(client, 2, "")

				ids, unread, err := w.take(t, -1)

				assert.Equal(t, []int64{9, 8}, ids[:2])
				assert.Zero(t, unread)
				require.ErrorIs(t, err, souk.ErrUnavailable)
				require.ErrorIs(t, err, souk.ErrUnreadable)
				assert.LessOrEqual(t, served, 12)
			})
		}
	}
}

type roundTrip func(*http.Request) string

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(f(r))), Request: r,
	}, nil
}

// Rows that were there all the time come once in a loop, and at least once in two
// loops of which one goes on from the other's position.
func TestWalkThroughAListThatChanges(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"customers", "groups", "webhooks"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			again := 0
			for seed := range uint64(60) {
				random := rand.New(rand.NewPCG(seed, 14))
				s := newShop(20+random.IntN(60), time.Duration(random.IntN(9000))*time.Second)
				stays := map[int64]bool{}
				for _, row := range s.rows {
					stays[row.id] = true
				}
				s.before = func(s *shop) {
					for range random.IntN(3) {
						s.insert(time.Minute)
					}
					for range random.IntN(3) {
						i := random.IntN(len(s.rows))
						delete(stays, s.rows[i].id)
						s.rows = slices.Delete(s.rows, i, i+1)
					}
				}
				client := s.client(t)
				came := map[int64]int{}
				w := trails[name](client, 5, "")
				ids, _, err := w.take(t, random.IntN(40))
				require.NoError(t, err)
				for _, id := range ids {
					came[id]++
					require.Equal(t, 1, came[id], "seed %d: %d came twice", seed, id)
				}
				for range random.IntN(30) { // meanwhile
					s.before(s)
				}
				ids, _, err = trails[name](client, 5, w.position()).take(t, -1)
				require.NoError(t, err)
				second := map[int64]bool{}
				for _, id := range ids {
					require.False(t, second[id], "seed %d: %d came twice in one loop", seed, id)
					second[id] = true
					if came[id]++; came[id] > 1 {
						again++
					}
				}
				for id := range stays {
					require.Positive(t, came[id], "seed %d: %d was lost", seed, id)
				}
			}
			t.Logf("%d rows came again", again)
		})
	}
}

// A position in customers asks for the days up to that of the last one.
func TestCustomersWalkResumesByDate(t *testing.T) {
	t.Parallel()
	s := newShop(300, 2*time.Hour)
	client := s.client(t)
	w := trails["customers"](client, 10, "")
	ids, _, err := w.take(t, 100)
	require.NoError(t, err)
	last := s.rows[200].created
	for range 500 {
		s.insert(time.Minute)
	}
	s.asked = nil

	more, _, err := trails["customers"](client, 10, w.position()).take(t, -1)

	require.NoError(t, err)
	assert.Equal(t, s.ids()[500:], append(ids, more...), "none comes again")
	assert.Equal(t, last.Format(time.DateOnly), s.asked[0].Get("date_to"))
	assert.LessOrEqual(t, s.requests, 40)
}

// The day in which a customer was created may be another in the zone of the store, and
// is never one that was not asked for.
func TestCustomersWalkResumesInAnyZone(t *testing.T) {
	t.Parallel()
	for _, hour := range []int{0, 12, 22, 23} {
		s := newShop(0, 0)
		s.now = time.Date(2026, 3, 9, hour, 30, 0, 0, riyadh)
		for range 9 {
			s.insert(time.Minute)
		}
		req := salla.ListCustomersRequest{Limit: 2, DateFrom: "2026-03-09", DateTo: "2026-03-09"}
		w := trailOf(s.client(t).Customers.Walk(req, ""), func(c *salla.Customer) int64 { return c.ID })
		ids, _, err := w.take(t, 5)
		require.NoError(t, err)
		s.asked = nil
		more, _, err := trailOf(s.client(t).Customers.Walk(req, w.position()), func(c *salla.Customer) int64 { return c.ID }).take(t, -1)
		require.NoError(t, err)
		assert.Equal(t, s.ids(), append(ids, more...))
		for _, query := range s.asked {
			assert.Equal(t, "2026-03-09", query.Get("date_from"))
			assert.Equal(t, "2026-03-09", query.Get("date_to"))
		}
	}
}

// A day at the cap hides no older day, and its name comes at the end, also when the
// walk was left between.
func TestCustomersWalkGoesOnBehindADayAtTheCap(t *testing.T) {
	t.Parallel()
	s := newShop(0, 0)
	days := []struct{ day, rows int }{{1, 130}, {4, 10_500}, {5, 70}}
	for _, d := range days {
		s.now = time.Date(2026, 3, d.day, 1, 0, 0, 0, riyadh)
		for range d.rows {
			s.insert(time.Second)
		}
	}
	client := s.client(t)
	const message = "salla: GET /customers: failed: the list cannot be read whole: 2026-03-04 alone has 10000 rows, which is all the server lists"
	all := s.ids()
	want := slices.Concat(all[:70+9960], all[70+10_500:]) // 166 pages of 60 are to be had

	w := trails["customers"](client, 0, "")
	ids, _, err := w.take(t, -1)
	require.EqualError(t, err, message)
	require.Equal(t, want, ids)
	for _, class := range []error{souk.ErrInvalid, souk.ErrUnavailable, souk.ErrUnreadable} {
		assert.NotErrorIs(t, err, class, "the next try would bring the same")
	}

	for _, n := range []int{400, 70 + 9961} {
		w := trails["customers"](client, 0, "")
		ids, _, err := w.take(t, n)
		require.NoError(t, err)
		more, _, err := trails["customers"](client, 0, w.position()).take(t, -1)
		require.EqualError(t, err, message, "%d", n)
		missed := map[int64]bool{}
		for _, id := range want {
			missed[id] = true
		}
		for _, id := range slices.Concat(ids, more) {
			delete(missed, id)
		}
		assert.Empty(t, missed, "%d", n)
	}
}

// Where Salla does not say how many customers there are, the number of pages does.
func TestCustomersWalkWithoutATotal(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expect := func(from, to, answer string) {
		query := url.Values{"per_page": {"60"}, "date_from": {from}, "date_to": {to}}
		gock.Expect(testkit.Request{Path: "/admin/v2/customers", Query: query}).JSON(200, answer)
	}
	expect("2026-01-01", "2026-01-02", `{"status":200,"success":true,"data":[{"id":9}],"pagination":{"currentPage":1,"totalPages":167}}`)
	for day, id := range map[string]int{"2026-01-02": 9, "2026-01-01": 8} {
		expect(day, day, `{"status":200,"success":true,"data":[{"id":`+strconv.Itoa(id)+`}],"pagination":{"currentPage":1,"totalPages":1}}`)
	}
	got, err := ids(t, newClient(t, gock), salla.ListCustomersRequest{DateFrom: "2026-01-01", DateTo: "2026-01-02"})
	require.NoError(t, err)
	assert.Equal(t, []int64{9, 8}, got)
}

// Salla writes times in the zone of Riyadh, and the store may have another.
func TestCustomersWalkResumesInAStoreOfAnotherZone(t *testing.T) {
	t.Parallel()
	for _, hours := range []int{0, 2, 3, 4} {
		s := newShop(0, 0)
		s.zone = time.FixedZone("", hours*60*60)
		s.now = time.Date(2026, 3, 9, 20, 0, 0, 0, riyadh)
		for range 50 {
			s.insert(10 * time.Minute)
		}
		client := s.client(t)
		for n := range 50 {
			w := trails["customers"](client, 20, "")
			ids, _, err := w.take(t, n)
			require.NoError(t, err)
			more, _, err := trails["customers"](client, 20, w.position()).take(t, -1)
			require.NoError(t, err)
			require.Equal(t, s.ids(), append(ids, more...), "%d hours, %d rows", hours, n)
		}
	}
}

func TestWalkEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for name, walk := range trails {
		s := newShop(20, time.Hour)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var last error
		rows := 0
		w := walk(s.client(t), 5, "")
		for _, err := range w.all(ctx) {
			if last = err; err == nil {
				rows++
			}
			cancel()
		}
		assert.ErrorIs(t, last, context.Canceled, name)
		more, _, err := w.take(t, -1)
		require.NoError(t, err)
		assert.Equal(t, s.ids()[rows:], more, name)
	}
}
