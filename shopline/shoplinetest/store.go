package shoplinetest

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// store holds the rows, the oldest first.
type store struct {
	customers []*customer
	groups    []*group
	webhooks  []*hook
	logins    []socialLogin
	serial    int64
	seeded    int // customers made by Seed
}

// firstSerial makes ids look like the vendor's.
const firstSerial = 2791641344

func newStore() store { return store{serial: firstSerial} }

// nextSerial numbers rows in the order of their creation.
func (s *store) nextSerial() int64 {
	s.serial++
	return s.serial
}

// row is what lists need to know of their members.
type row interface{ number() int64 }

// cursor is what a page_info holds.
type cursor struct {
	Filters   url.Values `json:"queryParamString"`
	Since     int64      `json:"sinceId"`
	Direction string     `json:"direction"`
}

const defaultPage = 50

// page cuts one page out of the rows that match the filters, and notes the links to the
// pages beside it. A cursor holds the filters; the filters of its request are ignored.
func page[T row](c *call, rows []T, most int, matching func(filters url.Values) (func(row T) bool, error)) ([]T, error) {
	at := cursor{Filters: c.query}
	if text := c.query.Get("page_info"); text != "" {
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil || json.Unmarshal(decoded, &at) != nil {
			return nil, invalid("page_info", "is invalid")
		}
	}
	limit, err := c.limit(most)
	if err != nil {
		return nil, err
	}
	var listed []T
	match, err := matching(at.Filters)
	if err != nil {
		return nil, err
	}
	for _, row := range slices.Backward(rows) {
		if match(row) {
			listed = append(listed, row)
		}
	}
	from, to := at.window(len(listed), limit, func(i int) int64 { return listed[i].number() })
	c.link(at.Filters, "previous", from > 0 && from < to, func() int64 { return listed[from].number() })
	c.link(at.Filters, "next", from < to && to < len(listed), func() int64 { return listed[to-1].number() })
	return listed[from:to], nil
}

// window is the part of a list of n rows, the highest number first, that the
// cursor and the limit stand for.
func (at cursor) window(n, limit int, number func(int) int64) (from, to int) {
	switch at.Direction {
	case "next":
		for from < n && number(from) >= at.Since {
			from++
		}
	case "previous":
		for to < n && number(to) > at.Since {
			to++
		}
		return max(0, to-limit), to
	}
	return from, min(from+limit, n)
}

func (c *call) limit(most int) (int, error) {
	text := c.query.Get("limit")
	if text == "" {
		return defaultPage, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > most {
		return 0, invalid("limit", "must be between 1 and "+strconv.Itoa(most))
	}
	return limit, nil
}

// link notes a link to another page. The commas in its fields are not escaped, so
// that the header has some that do not separate links.
func (c *call) link(filters url.Values, relation string, there bool, since func() int64) {
	if !there {
		return
	}
	text, err := json.Marshal(cursor{Filters: filters, Since: since(), Direction: relation})
	if err != nil {
		return
	}
	query := "page_info=" + url.QueryEscape(base64.StdEncoding.EncodeToString(text))
	if fields := c.query.Get("fields"); fields != "" {
		query += "&fields=" + strings.ReplaceAll(url.QueryEscape(fields), "%2C", ",")
	}
	if limit := c.query.Get("limit"); limit != "" {
		query = "limit=" + limit + "&" + query
	}
	c.links = append(c.links, "<"+c.base+c.path+"?"+query+`>; rel="`+relation+`"`)
}
