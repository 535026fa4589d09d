package walks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
)

// sheet is a page of a list with ascending ids.
type sheet struct {
	place int // rows before it
	rows  []int
	size  int
	total int
	more  bool
	next  string // the cursor of the page behind it
	mute  bool   // it does not say what follows
	odd   bool   // its rows cannot be read
}

// liar serves one list of any vendor, and does not tell the truth.
type liar struct {
	list list
	rows []int
	lie  func(n int, s *sheet) // of the nth request, from 1

	mu       sync.Mutex
	requests int
}

const liarSize = 3

func newLiar(l list, rows int) *liar {
	s := &liar{list: l, lie: func(int, *sheet) {}}
	for i := range rows {
		s.rows = append(s.rows, 101+i)
	}
	return s
}

func (s *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	page := sheet{place: s.place(r), size: liarSize, total: len(s.rows)}
	page.cut(s.rows)
	s.lie(s.requests, &page)
	var body bytes.Buffer
	header := http.Header{"Content-Type": {"application/json"}}
	if err := json.NewEncoder(&body).Encode(s.answer(page, r, header)); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(&body), Request: r}, nil
}

// cut takes the rows of the page from all.
func (s *sheet) cut(all []int) {
	from := min(s.place, len(all))
	s.rows = all[from:min(from+s.size, len(all))]
	s.more = from+len(s.rows) < len(all)
	s.next = strconv.Itoa(from + len(s.rows))
}

// place returns how many rows the page that is asked for leaves out.
func (s *liar) place(r *http.Request) int {
	query := r.URL.Query()
	for _, name := range []string{"page_info", "cursor", "offset"} {
		if query.Has(name) {
			n, _ := strconv.Atoi(query.Get(name))
			return n
		}
	}
	if after, ok := strings.CutPrefix(query.Get("id[$gt]"), "id"); ok {
		n, _ := strconv.Atoi(after)
		return slices.IndexFunc(append(slices.Clone(s.rows), math.MaxInt), func(row int) bool { return row > n })
	}
	if query.Has("page") {
		n, _ := strconv.Atoi(query.Get("page"))
		return (n - 1) * liarSize
	}
	return 0
}

type object = map[string]any

// key is the member that Shoplazza has the rows of a list in.
func (l list) key() string {
	service, _, _ := strings.Cut(l.method, ".")
	return strings.ToLower(service)
}

// answer is the page in the vendor's form.
func (s *liar) answer(p sheet, r *http.Request, header http.Header) any {
	rows := make([]object, 0, len(p.rows))
	for _, row := range p.rows {
		id := any(row)
		if !strings.HasPrefix(s.list.vendor, "salla") && s.list.String() != "shopline Webhooks.Walk" {
			id = fmt.Sprint("id", row)
		}
		rows = append(rows, object{"id": id, "points": row, "reference_number": fmt.Sprint("id", row), "pincode": fmt.Sprint("id", row)})
		if p.odd {
			rows[len(rows)-1] = object{"id": true, "was": row, "points": "many", "reference_number": true, "pincode": true}
		}
	}
	number, pages := p.place/liarSize+1, (max(p.total, 0)+liarSize-1)/liarSize
	if p.more {
		pages = max(pages, number+1)
	} else {
		pages = number
	}
	switch {
	case s.list.vendor == "salla":
		if p.mute {
			return object{"status": 200, "success": true, "data": rows}
		}
		return object{"status": 200, "success": true, "data": rows, "pagination": object{
			"count": 1, "total": p.total, "perPage": p.size, "currentPage": number, "totalPages": pages,
		}}
	case s.list.vendor == "commercengine":
		content := object{
			"addresses": rows, "mandate_debit_schedules": rows, "authorized_sellers": rows, "loyalty_points_activity": rows, "pincodes": rows,
		}
		if !p.mute {
			pagination := object{"total_records": p.total, "total_pages": pages, "limit": p.size, "previous_page": nil, "next_page": nil}
			if p.more {
				pagination["next_page"] = number + 1
			}
			content["pagination"] = pagination
		}
		return object{"success": true, "message": "ok", "content": content}
	case s.list.vendor == "shopline":
		if p.more {
			header.Set("Link", fmt.Sprintf(`<https://shop.example/x?page_info=%s>; rel="next"`, p.next))
		}
		if p.mute {
			return object{"message": "maintenance"}
		}
		return object{"customers": rows, "list": rows, "customer_saved_searches": rows, "webhooks": rows}
	case s.list.vendor == "shoplazza 2022-01":
		if p.mute {
			return object{"message": "maintenance"}
		}
		return object{s.list.key(): rows}
	case strings.HasPrefix(s.list.vendor, "shoplazza"):
		data := object{s.list.key(): rows}
		if !p.mute {
			data["has_more"], data["cursor"] = p.more, p.next
		}
		return object{"code": "Success", "message": "", "data": data}
	}
	answer := object{"customers": rows, "customer_groups": rows, "addresses": rows, "offset": 0, "limit": p.size}
	if query := r.URL.Query(); query.Has("offset") {
		answer["offset"] = p.place
	}
	if !p.mute {
		answer["count"] = p.total
		if r.URL.Query().Has("id[$gt]") { // of those behind the id
			answer["count"] = max(p.total-p.place, 0)
		}
	}
	return answer
}

// open returns a walk through the liar's list.
func (s *liar) open(t *testing.T, position string) walk {
	t.Helper()
	at := place{URL: "https://liar.test", Token: "t", Key: "k", Store: "store", Of: "1"}
	if _, version, ok := strings.Cut(s.list.vendor, " "); ok {
		at.Version = version
	}
	w, err := s.list.walk(at, souk.Options{HTTPClient: &http.Client{Transport: s}, MaxAttempts: 1}, request{limit: liarSize}, position)
	require.NoError(t, err)
	return w
}

// A server may say what it likes: a walk ends, yields no row twice that has an id, and
// ends without an error only if all rows came.
func TestWalksThroughListsOfLiars(t *testing.T) {
	t.Parallel()
	anyway, never := 0, 1 // whether it must fail
	lies := map[string]struct {
		fails int
		lie   func(l list, n int, s *sheet)
	}{
		"the truth":                    {never, func(list, int, *sheet) {}},
		"the total changes every time": {anyway, func(_ list, n int, s *sheet) { s.total += n * 7 % 5 }},
		"the total falls every time":   {anyway, func(_ list, n int, s *sheet) { s.total = max(s.total-n, s.place+len(s.rows)+1) }},
		"the total is beyond all":      {anyway, func(_ list, _ int, s *sheet) { s.total = math.MaxInt32 }},
		"the total is less than zero":  {anyway, func(_ list, _ int, s *sheet) { s.total = -1 }},
		"the total is zero":            {anyway, func(_ list, _ int, s *sheet) { s.total = 0 }},
		"pages overlap": {anyway, func(_ list, _ int, s *sheet) {
			if s.place > 0 && len(s.rows) > 0 {
				s.rows = append([]int{s.rows[0] - 1}, s.rows...)
			}
		}},
		"pages are too large": {anyway, func(_ list, _ int, s *sheet) {
			for n := 100 + s.total; len(s.rows) < 2*s.size && len(s.rows) > 0 && s.rows[len(s.rows)-1] < n; {
				s.rows = append(slices.Clone(s.rows), s.rows[len(s.rows)-1]+1)
			}
		}},
		"the size is zero":     {anyway, func(_ list, _ int, s *sheet) { s.size = 0 }},
		"the size is too much": {anyway, func(_ list, _ int, s *sheet) { s.size = math.MaxInt32 }},
	}
	for name, tt := range lies {
		for _, l := range lists {
			t.Run(name+" "+l.String(), func(t *testing.T) {
				t.Parallel()
				s := newLiar(l, 10)
				s.lie = func(n int, page *sheet) { tt.lie(l, n, page) }

				ids, err := s.walk(t)

				if tt.fails == never {
					require.NoError(t, err)
				}
				if err == nil {
					assert.Len(t, slices.Compact(slices.Sorted(slices.Values(ids))), 10)
				}
			})
		}
	}
}

// A list that the server does not let end, or ends too early, is an error.
func TestWalksThroughListsThatDoNotEnd(t *testing.T) {
	t.Parallel()
	lies := map[string]func(n int, s *sheet){
		"the same page for ever": func(n int, s *sheet) {
			s.rows, s.more, s.next, s.total = []int{101, 102, 103}, true, strconv.Itoa(3*n), 1000
		},
		"two pages in turn": func(n int, s *sheet) {
			s.rows, s.more, s.next, s.total = []int{101, 102, 103}, true, strconv.Itoa(3*n), 1000
			if n%2 == 0 {
				s.rows = []int{104, 105, 106}
			}
		},
		"an empty page in the middle": func(_ int, s *sheet) {
			if s.place > 0 {
				s.rows, s.more, s.next, s.total = nil, true, "9", 10
			}
		},
		"no mark": func(_ int, s *sheet) { s.mute = true },
	}
	for name, lie := range lies {
		for _, l := range lists {
			unmarked := l.vendor == "shoplazza 2022-01" || l.method == "Loyalty.WalkActivities" || l.method == "Store.WalkPincodes"
			if unmarked && name == "an empty page in the middle" || l.vendor == "commercengine" && unmarked && name == "no mark" {
				continue // that is their end
			}
			t.Run(name+" "+l.String(), func(t *testing.T) {
				t.Parallel()
				s := newLiar(l, 10)
				s.lie = lie
				_, err := s.walk(t)
				require.Error(t, err)
			})
		}
	}
}

// A page of rows that cannot be read is no empty one: the others come.
func TestWalksGoOnBehindAPageThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, l := range lists {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			s := newLiar(l, 10)
			s.lie = func(n int, page *sheet) { page.odd = n == 2 }
			var ids []string
			unread := 0

			for id, err := range s.open(t, "").rows(t.Context()) {
				if err != nil {
					_, isRow := errors.AsType[*souk.RowError](err)
					require.True(t, isRow, "%v", err)
					unread++
					continue
				}
				ids = append(ids, id)
			}

			assert.GreaterOrEqual(t, len(ids), 10-liarSize)
			assert.GreaterOrEqual(t, len(ids)+unread, 10)
		})
	}
}

// walk walks through the list, and checks what holds in any case.
func (s *liar) walk(t *testing.T) (ids []string, err error) {
	t.Helper()
	ids, err = take(t.Context(), s.open(t, "").rows(t.Context()), 0)
	assert.LessOrEqual(t, s.requests, 200)
	if !s.list.nameless {
		assert.Len(t, slices.Compact(slices.Sorted(slices.Values(ids))), len(ids), "rows came twice")
	}
	if err != nil {
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok)
		full := strings.Contains(e.Message, "which is all the server lists") // a day of Salla's
		assert.True(t, full || errors.Is(err, souk.ErrUnreadable), "%v", err)
	}
	return ids, err
}
