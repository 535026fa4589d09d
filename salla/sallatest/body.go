package sallatest

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/souk-go/souk/souktest"
)

// findings collects what is wrong with the fields of a body.
type findings map[string][]string

func (f findings) add(field, message string) { f[field] = append(f[field], message) }

// The texts of refusals. Programs cannot tell by them what is wrong, because
// Salla's change with the language and the time.
const (
	textRequired = "هذا الحقل مطلوب"
	textInvalid  = "قيمة هذا الحقل غير صالحة"
	textTooLong  = "يجب أن لا يتجاوز هذا الحقل 25 حرفًا"
	textTaken    = "قيمة هذا الحقل مستخدمة من قبل"
)

// text returns a member that is a string, and whether it is there.
func (c *call) text(name string) (string, bool) {
	value, ok := c.body[name].(string)
	return value, ok
}

// number returns a member that is a whole number or a numeric string.
func number(value any) (int64, bool) {
	switch value := value.(type) {
	case float64:
		return int64(value), value == math.Trunc(value)
	case string:
		n, err := strconv.ParseInt(value, 10, 64)
		return n, err == nil
	}
	return 0, false
}

// list returns the numbers of a list, and the places of what is none.
func list(value any) (numbers []int64, wrong []int) {
	values, _ := value.([]any)
	for i, v := range values {
		n, ok := number(v)
		if !ok {
			wrong = append(wrong, i)
		}
		numbers = append(numbers, n)
	}
	return numbers, wrong
}

func isName(text string) bool { return utf8.RuneCountInString(text) <= 25 }

var (
	dialCode = regexp.MustCompile(`^\+[0-9]{1,4}$`)
	digits   = regexp.MustCompile(`^[0-9]{4,15}$`)
	email    = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// into decodes a member into a struct.
func (c *call) into(name string, out any) bool {
	data, err := json.Marshal(c.body[name])
	return err == nil && json.Unmarshal(data, out) == nil
}

// maxPage is beyond the end of any list.
const maxPage = 1_000_000

// page returns the page that is asked for, and its size.
func (c *call) page(perPage int) (page, size int) {
	page, err := strconv.Atoi(c.query.Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	size, err = strconv.Atoi(c.query.Get("per_page"))
	if err != nil || size < 1 {
		size = perPage
	}
	return min(page, maxPage), min(size, 60)
}

// paged answers with one page of a list. What is beyond most is not shown.
func paged[T any](c *call, perPage, most int, rows []T, show func(T) any) souktest.Answer {
	page, size := c.page(perPage)
	total := min(len(rows), most)
	first := min((page-1)*size, total)
	shown := rows[first:min(first+size, total)]
	data := make([]any, len(shown))
	for i, row := range shown {
		data[i] = show(row)
	}
	reply := envelope{Status: 200, Success: true, Data: data, Pagination: object{
		"count": len(shown), "total": total, "perPage": size, "currentPage": page, "totalPages": (total + size - 1) / size, "links": []any{},
	}}
	return bare(200, reply)
}

// foldEmail is an address as it is compared.
func foldEmail(address string) string { return strings.ToLower(strings.TrimSpace(address)) }
