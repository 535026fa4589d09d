package salla_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
)

// bigStore is a store that gained perDay customers on each of its days. It lists
// them as Salla does: newest first, no more than 10,000 for one query. Ids count
// from 1, oldest first.
type bigStore struct {
	last         time.Time
	days, perDay int

	requests atomic.Int64
}

// client returns a client of the store that meets no limit.
func (s *bigStore) client(t testing.TB) *salla.Client {
	t.Helper()
	client, err := salla.NewClient(salla.Config{
		Token: "token-1", BaseURL: baseURL(t),
		Options: souk.Options{HTTPClient: &http.Client{Transport: s}, Limiter: unlimited{}},
	})
	require.NoError(t, err)
	return client
}

func (s *bigStore) RoundTrip(r *http.Request) (*http.Response, error) {
	s.requests.Add(1)
	query := r.URL.Query()
	from, to := s.window(query)
	perPage := number(query, "per_page", 15)
	page := number(query, "page", 1)
	total := min(to-from, 10_000)
	newest := to - (page-1)*perPage // the id of the first row
	rows := max(min(perPage, total-(page-1)*perPage), 0)

	var body bytes.Buffer
	body.WriteString(`{"status":200,"success":true,"data":[`)
	for i := range rows {
		if i > 0 {
			body.WriteByte(',')
		}
		id := newest - i
		fmt.Fprintf(&body, `{"id":%d,"created_at":{"date":"%s 12:00:00.000000","timezone_type":3,"timezone":"Asia/Riyadh"}}`,
			id, s.day(id).Format(time.DateOnly))
	}
	fmt.Fprintf(&body, `],"pagination":{"count":%d,"total":%d,"perPage":%d,"currentPage":%d,"totalPages":%d,"links":[]}}`,
		rows, total, perPage, page, (total+perPage-1)/perPage)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(&body), Request: r,
	}, nil
}

// window returns the ids of the days asked for: those after from, up to to.
func (s *bigStore) window(query url.Values) (from, to int) {
	to = s.days * s.perDay
	first := s.last.AddDate(0, 0, 1-s.days)
	if day, err := time.Parse(time.DateOnly, query.Get("date_from")); err == nil {
		from = int(day.Sub(first)/(24*time.Hour)) * s.perDay
	}
	if day, err := time.Parse(time.DateOnly, query.Get("date_to")); err == nil {
		to = min(to, (int(day.Sub(first)/(24*time.Hour))+1)*s.perDay)
	}
	from = max(from, 0)
	return from, max(to, from)
}

func (s *bigStore) day(id int) time.Time {
	return s.last.AddDate(0, 0, (id-1)/s.perDay+1-s.days)
}

func number(query url.Values, name string, otherwise int) int {
	n, err := strconv.Atoi(query.Get(name))
	if err != nil {
		return otherwise
	}
	return n
}

// unlimited paces nothing.
type unlimited struct{}

func (unlimited) Wait(ctx context.Context) error { return ctx.Err() }
