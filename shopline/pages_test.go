package shopline_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
)

// slowList serves three pages with one row each. The headers come after 20 ms, and
// the body, which holds the row in any list, after another 10.
type slowList struct {
	start time.Time
	mu    sync.Mutex
	notes []string
}

func (l *slowList) note(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.notes = append(l.notes, fmt.Sprintf("%3d "+format, append([]any{time.Since(l.start).Milliseconds()}, args...)...))
}

func (l *slowList) RoundTrip(r *http.Request) (*http.Response, error) {
	page := 1
	_, _ = fmt.Sscan(r.URL.Query().Get("page_info"), &page)
	l.note("page %d", page)
	time.Sleep(20 * time.Millisecond)
	header := http.Header{"Content-Type": {"application/json"}}
	if page < 3 {
		header.Set("Link", fmt.Sprintf(`<%s/x.json?page_info=%d>; rel="next"`, base, page+1))
	}
	row := fmt.Sprintf(`[{"id":%d}]`, page)
	body := fmt.Sprintf(`{"customers":%s,"list":%[1]s,"customer_saved_searches":%[1]s,"webhooks":%[1]s}`, row)
	return &http.Response{
		StatusCode: http.StatusOK, Header: header, Request: r,
		Body: &slowBody{Reader: strings.NewReader(body), takes: 10 * time.Millisecond},
	}, nil
}

type slowBody struct {
	io.Reader

	takes time.Duration
}

func (b *slowBody) Read(p []byte) (int, error) {
	time.Sleep(b.takes)
	b.takes = 0
	return b.Reader.Read(p)
}

func (*slowBody) Close() error { return nil }

// The next page is asked for as soon as the headers of this one name it, but none
// before its rows are wanted.
func TestWalksAskForTheNextPageBeforeThisOneIsRead(t *testing.T) {
	t.Parallel()
	walks := map[string]func(*testing.T, *shopline.Client, func()){
		"customers": func(t *testing.T, c *shopline.Client, row func()) {
			rowsOf(t, c.Customers.Walk(shopline.ListCustomersRequest{}, ""), row)
		},
		"search": func(t *testing.T, c *shopline.Client, row func()) {
			rowsOf(t, c.Customers.SearchWalk(shopline.SearchCustomersRequest{}, ""), row)
		},
		"orders": func(t *testing.T, c *shopline.Client, row func()) {
			rowsOf(t, c.Customers.WalkOrders("1", shopline.ListOrdersRequest{}, ""), row)
		},
		"groups": func(t *testing.T, c *shopline.Client, row func()) {
			rowsOf(t, c.CustomerGroups.Walk(shopline.ListCustomerGroupsRequest{}, ""), row)
		},
		"members": func(t *testing.T, c *shopline.Client, row func()) {
			rowsOf(t, c.CustomerGroups.WalkMembers("1", shopline.ListMembersRequest{}, ""), row)
		},
		"webhooks": func(t *testing.T, c *shopline.Client, row func()) {
			rowsOf(t, c.Webhooks.Walk(shopline.ListWebhooksRequest{}, ""), row)
		},
	}
	quick := []string{"  0 page 1", " 20 page 2", " 30 row", " 40 page 3", " 50 row", " 70 row"}
	slow := []string{"  0 page 1", " 20 page 2", " 30 row", "130 page 3", "130 row", "230 row"}
	for name, walk := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for takes, want := range map[time.Duration][]string{0: quick, 100 * time.Millisecond: slow} {
				synctest.Test(t, func(t *testing.T) {
					server := &slowList{start: time.Now()}
					client, err := shopline.NewClient(shopline.Config{
						Handle: "open001", Token: tokenOf(t), Enterprise: true, Options: souk.Options{HTTPClient: &http.Client{Transport: server}},
					})
					require.NoError(t, err)
					walk(t, client, func() {
						server.note("row")
						time.Sleep(takes)
					})
					slices.Sort(server.notes) // what happens at the same time
					assert.Equal(t, want, server.notes)
				})
			}
		})
	}
}

func rowsOf[T any](t *testing.T, w *souk.Walk[T], row func()) {
	for _, err := range w.All(t.Context()) {
		require.NoError(t, err)
		row()
	}
}
