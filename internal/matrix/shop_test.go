package matrix

import (
	"context"
	"fmt"
	"hash/fnv"
	"iter"
	"net/http"
	"slices"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
)

// shop is what the vendors have in common: a client of one store. Customers are what
// it keeps, or the addresses of one where a vendor's table says so.
type shop interface {
	create(ctx context.Context, key string) (person, error)
	update(ctx context.Context, p person, name string) (person, error)
	delete(ctx context.Context, p person) error
	get(ctx context.Context, p person) (person, error)
	list(ctx context.Context) ([]person, error)
	all(ctx context.Context, pageSize int) ([]person, error)
	byEmail(ctx context.Context, key string) (person, error)
	byPhone(ctx context.Context, phone string) (person, error)
	ensure(ctx context.Context, key string) (p person, created bool, err error)
	upsert(ctx context.Context, key, name string) (person, souk.Change, error)
}

// nobody is what shops without customers have of the operations that are about people.
type nobody struct{}

func (nobody) byEmail(context.Context, string) (person, error)      { panic("there is none") }
func (nobody) byPhone(context.Context, string) (person, error)      { panic("there is none") }
func (nobody) ensure(context.Context, string) (person, bool, error) { panic("there is none") }

func (nobody) upsert(context.Context, string, string) (person, souk.Change, error) {
	panic("there is none")
}

// phoneOf is the phone number of whoever has this e-mail address, without +966.
func phoneOf(key string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	return fmt.Sprintf("5%08d", h.Sum32()%100_000_000)
}

// person is what is compared of a customer. The key is the e-mail address.
type person struct{ id, key, name string }

// The names that people have before and after an update.
const (
	oldName = "Ada"
	newName = "Grace"
)

// pageSize makes three pages of the people who are in a store.
const (
	pageSize = 2
	people   = 5
)

// store is a stand-in and the people in it.
type store struct {
	server interface {
		Client() *http.Client
		BaseURL() string
		Close()
	}
	// token is that of the client.
	token string
	// open returns a client of the store.
	open func(base string, o souk.Options) (shop, error)
}

// vendor is one API in one generation.
type vendor struct {
	name  string
	start func(t testing.TB) *store
	// lacks are the operations that the vendor does not have.
	lacks []operation
	// unique says that no two people have the same key.
	unique bool
	// twins says that nobody is created again who may be there: nothing tells whether the
	// vendor would refuse it.
	twins bool
	forms
}

// vendors are all there are.
var vendors = []*vendor{
	theSalla, theCommerceEngine, theShopline,
	theShoplazza("2022-01"), theShoplazza("2025-06"), theShoplazzaAddresses("2022-01"), theShoplazzaAddresses("2025-06"),
	theXclade,
}

// tried are the vendors, and those once more whose customers are known by a phone number
// alone, too.
var tried = slices.Concat(vendors, []*vendor{
	byPhone(theSalla, false), byPhone(theShopline, true), byPhone(theShoplazza("2022-01"), false), byPhone(theShoplazza("2025-06"), false),
})

func (v *vendor) has(op operation) bool { return !slices.Contains(v.lacks, op) }

// directly returns a client that nobody disturbs, and that has time for the limits of
// others.
func (s *store) directly(t testing.TB) shop {
	t.Helper()
	return s.through(t, s.server.BaseURL(), souk.Options{HTTPClient: s.server.Client(), MaxRetryWait: 24 * time.Hour})
}

// through returns a client that sends its requests to base.
func (s *store) through(t testing.TB, base string, o souk.Options) shop {
	t.Helper()
	o.Limiter = rate.NewLimiter(rate.Inf, 1)
	client, err := s.open(base, o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// collect returns the rows of a walk up to its error.
func collect[T any](rows iter.Seq2[T, error], what func(T) person) (found []person, err error) {
	for row, err := range rows {
		if err != nil {
			return found, err
		}
		found = append(found, what(row))
	}
	return found, nil
}

// every returns what is compared of the rows of a page.
func every[T any](rows []T, what func(*T) person) (found []person) {
	for i := range rows {
		found = append(found, what(&rows[i]))
	}
	return found
}

// one returns what is compared of a result, nobody where there is none.
func one[T any](row *T, err error, what func(*T) person) (person, error) {
	if row == nil {
		return person{}, err
	}
	return what(row), err
}
