package bench

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
)

// vendor is how the API of one vendor is measured: by its row as the vendor sends it,
// which is that of its fixtures, with all fields that a request without further
// wishes gets.
type vendor struct {
	name string
	rows int // of the page that is measured: 100, or as many as the vendor serves
	// serve answers a request for the list or for a creation.
	serve func(r *http.Request, s stock) answer
	// souk and twin return what reads the API at a URL, with the HTTP transport given,
	// or their own if that is nil.
	souk func(tb testing.TB, base string, transport http.RoundTripper) client
	twin func(base string, transport http.RoundTripper) client
}

// vendors are in the order of the alphabet.
var vendors = []vendor{commerceEngine, sallaShop, shoplazzaShop, shoplineShop, xcladeShop}

// client is the SDK's client or the twin's.
type client struct {
	// create creates one row.
	create func(ctx context.Context) error
	// page reads the first so many rows and returns their number.
	page func(ctx context.Context, rows int) (int, error)
	// all reads the whole list in pages of so many rows, one ahead, and calls each with
	// every row. 0 means the pages that a walk asks for.
	all func(ctx context.Context, rows int, each func()) error
}

// stock is what a shop has.
type stock struct{ rows int }

// answer is what the server answers.
type answer struct {
	header http.Header // beside those of every answer
	body   []byte
}

// between returns the page of so many rows behind some, as places from 0 on.
func (s stock) between(after, rows int) (from, to int) {
	return min(after, s.rows), min(after+rows, s.rows)
}

// parameter is that of a query, or a number in place of it.
func parameter(r *http.Request, name string, absent int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil {
		return absent
	}
	return n
}

// template is a row in which ids and other texts are filled in for $.
type template []string

func newTemplate(text string) template {
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\n", ""), "\t", ""), "$")
}

// append appends the row with some text in the place of each $.
func (t template) append(body []byte, filled string) []byte {
	for i, part := range t {
		if i > 0 {
			body = append(body, filled...)
		}
		body = append(body, part...)
	}
	return body
}

// listed appends the rows from one place to another with commas between them.
func listed(body []byte, from, to int, row func(body []byte, place int) []byte) []byte {
	for place := from; place < to; place++ {
		if place > from {
			body = append(body, ',')
		}
		body = row(body, place)
	}
	return body
}

// digits is a place as an id of ten digits.
func digits(place int) string { return strconv.Itoa(1_000_000_000 + place) }

// unlimited is the pace of clients whose vendors publish a limit.
func unlimited() souk.Limiter { return rate.NewLimiter(rate.Inf, 0) }

func optionsOf(transport http.RoundTripper) souk.Options {
	if transport == nil {
		return souk.Options{}
	}
	return souk.Options{HTTPClient: &http.Client{Transport: transport}}
}

// rowsOf counts the rows of a walk.
func rowsOf[T any](rows func(yield func(*T, error) bool), each func()) error {
	for _, err := range rows {
		if err != nil {
			return err
		}
		each()
	}
	return nil
}
