package shoplazzatest

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
)

// store holds the rows, the oldest first.
type store struct {
	customers []*customer
	webhooks  []*hook
	serial    int
	seeded    int // the number of the last customer of Seed
}

// nextSerial numbers rows in the order of their creation, for cursors.
func (s *store) nextSerial() int {
	s.serial++
	return s.serial
}

// row is what lists need to know of their members.
type row interface{ number() int }

const maxLimit = 250

// page cuts one page out of rows, the newest first, and returns it with the
// cursor of the page after it, which is empty for the last one.
func page[T row](c *call, rows []T, defaultLimit int) (found []T, cursor string, err error) {
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	size := "limit"
	if !c.classic {
		size = "page_size"
	}
	problems := object{}
	limit := c.number(size, defaultLimit, problems)
	if limit > maxLimit {
		problems[size] = []string{"must be less than or equal to 250"}
	}
	number := 1
	if c.classic {
		number = c.number("page", 1, problems)
	}
	if len(problems) > 0 {
		return nil, "", c.invalid(problems)
	}
	if c.classic {
		start := min((number-1)*limit, len(rows))
		return rows[start:min(start+limit, len(rows))], "", nil
	}
	rows, err = after(c, rows)
	if err != nil || len(rows) <= limit {
		return rows, "", err
	}
	rows = rows[:limit]
	return rows, encodeCursor(rows[limit-1].number()), nil
}

func (c *call) number(name string, fallback int, problems object) int {
	text := c.query.Get(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		problems[name] = []string{"must be greater than or equal to 1"}
		return 1
	}
	return n
}

// after leaves out the rows up to the cursor of the request.
func after[T row](c *call, rows []T) ([]T, error) {
	text := c.query.Get("cursor")
	if text == "" {
		return rows, nil
	}
	last, ok := decodeCursor(text)
	if !ok {
		return nil, c.invalid([]string{"cursor is invalid"})
	}
	return slices.DeleteFunc(rows, func(r T) bool { return r.number() >= last }), nil
}

func encodeCursor(serial int) string {
	return base64.StdEncoding.EncodeToString([]byte(`{"id":` + strconv.Itoa(serial) + `}`))
}

func decodeCursor(text string) (int, bool) {
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return 0, false
	}
	number := strings.TrimSuffix(strings.TrimPrefix(string(decoded), `{"id":`), "}")
	serial, err := strconv.Atoi(number)
	return serial, err == nil
}

// listAnswer is the answer of a list: from 2025-06 on with a cursor.
func (c *call) listAnswer(name string, rows []any, cursor string) object {
	if rows == nil {
		rows = []any{}
	}
	answer := object{name: rows}
	if !c.classic {
		answer["cursor"] = cursor
		answer["has_more"] = cursor != ""
	}
	return answer
}

// times reads the bounds of the parameters created_at and updated_at, and returns whether
// the times of a row lie within them.
func (c *call) times() (within func(created, updated time.Time) bool, err error) {
	bounds := make(map[string]time.Time)
	for _, name := range []string{"created_at_min", "created_at_max", "updated_at_min", "updated_at_max"} {
		text := c.query.Get(name)
		if text == "" {
			continue
		}
		if bounds[name], err = time.Parse(time.RFC3339, text); err != nil {
			return nil, c.invalid([]string{name + " is invalid"})
		}
	}
	lies := func(name string, t time.Time) bool {
		latest, ok := bounds[name+"_max"]
		return !t.Before(bounds[name+"_min"]) && (!ok || !t.After(latest))
	}
	return func(created, updated time.Time) bool {
		return lies("created_at", created) && lies("updated_at", updated)
	}, nil
}
