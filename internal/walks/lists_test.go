package walks

import (
	"context"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
)

// list is a list with pages.
type list struct {
	vendor, method string // that walks: "Customers.Walk"
	start          func(t testing.TB) *store
	walk           func(at place, o souk.Options, r request, position string) (walk, error)
	// unfiltered says that its request has no filter, nameless that its rows have no
	// ids, unsized that it has no limit.
	unfiltered, nameless, unsized bool
}

func (l list) String() string { return l.vendor + " " + l.method }

// lists are all there are.
var lists = slices.Concat(sallaLists, commercengineLists, shoplineLists, shoplazzaLists, xcladeLists)

// place is where a list is, for another process.
type place struct {
	URL     string
	Token   string
	Key     string
	Store   string
	Version string
	Of      string // whose it is
}

// request is what the requests of all lists have in common.
type request struct {
	limit  int
	filter string
}

// rows are those of an empty list.
type rows struct {
	of string // whose they are
	// add adds the nth row and returns its id. remove, which may be nil, removes one.
	add    func(ctx context.Context, n int) (string, error)
	remove func(ctx context.Context, id string) error
}

// standin is what the stand-ins have in common.
type standin interface {
	Client() *http.Client
	Requests() []souktest.Request
	BaseURL() string
	URL() string
	Close()
}

// store is a stand-in and a list in it.
type store struct {
	standin
	rows

	place place
	added int
}

func newStore(t testing.TB, server standin, at place, r rows) *store {
	t.Cleanup(server.Close)
	at.Of = r.of
	return &store{standin: server, rows: r, place: at}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// idOf returns the id of what was created.
func idOf[T any](created *T, err error, id func(*T) string) (string, error) {
	if err != nil {
		return "", err
	}
	return id(created), nil
}

func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

// open returns a walk that reaches the store in memory.
func (s *store) open(t testing.TB, l list, r request, position string) walk {
	t.Helper()
	at := s.place
	at.URL = s.BaseURL()
	w, err := l.walk(at, souk.Options{HTTPClient: s.Client()}, r, position)
	must(t, err)
	return w
}

// fill adds rows.
func (s *store) fill(t testing.TB, n int) (ids []string) {
	t.Helper()
	for range n {
		s.added++
		id, err := s.add(t.Context(), s.added)
		must(t, err)
		ids = append(ids, id)
	}
	return ids
}

// walk is a souk.Walk, and the All beside it, of rows that are named by texts.
type walk struct {
	rows     func(context.Context) iter.Seq2[string, error]
	position func() string
	all      func(context.Context) iter.Seq2[string, error]
}

// methods are those of one list.
type methods[R, T any] struct {
	walk func(R, string) *souk.Walk[T]
	all  func(context.Context, R) iter.Seq2[*T, error]
}

// bound is a method for one of those whose list it is.
func bound[R, T any](walk func(string, R, string) *souk.Walk[T], of string) func(R, string) *souk.Walk[T] {
	return func(req R, position string) *souk.Walk[T] { return walk(of, req, position) }
}

func boundAll[R, T any](all func(context.Context, string, R) iter.Seq2[*T, error], of string) func(context.Context, R) iter.Seq2[*T, error] {
	return func(ctx context.Context, req R) iter.Seq2[*T, error] { return all(ctx, of, req) }
}

func walkOf[R, T any](m methods[R, T], req R, position string, id func(*T) string) walk {
	w := m.walk(req, position)
	return walk{
		rows:     func(ctx context.Context) iter.Seq2[string, error] { return named(w.All(ctx), id) },
		position: w.Position,
		all:      func(ctx context.Context) iter.Seq2[string, error] { return named(m.all(ctx, req), id) },
	}
}

func named[T any](rows iter.Seq2[*T, error], id func(*T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for row, err := range rows {
			var name string
			if err == nil {
				name = id(row)
			}
			if !yield(name, err) {
				return
			}
		}
	}
}

// unpaced has the vendor's limits lifted.
func unpaced(o souk.Options) souk.Options {
	o.Limiter = rate.NewLimiter(rate.Inf, 1)
	return o
}

// take returns the first n rows, or all for 0. The loop is left in the row behind them.
func take(ctx context.Context, rows iter.Seq2[string, error], n int) (ids []string, err error) {
	for id, err := range rows {
		if err != nil {
			return ids, err
		}
		if n > 0 && len(ids) == n {
			break
		}
		ids = append(ids, id)
	}
	return ids, nil
}
