package shoplinetest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (s *store) searchCustomers(c *call) (any, error) {
	if utf8.RuneCountInString(c.query.Get("query_param")) > 50 {
		return nil, invalid("query_param", "is too long")
	}
	if err := c.checkOrder("0", "1", "2", "3"); err != nil {
		return nil, err
	}
	rows, err := page(c, s.customers, 250, func(filters url.Values) (func(*customer) bool, error) {
		text := strings.ToLower(filters.Get("query_param"))
		meets, err := conditions(filters.Get("query"))
		return func(cu *customer) bool { return meets(cu) && cu.mentions(text) }, err
	})
	if err != nil {
		return nil, err
	}
	return c.customers(rows, (*customer).listed), nil
}

// checkOrder wants an order that is one of some, or none.
func (c *call) checkOrder(orders ...string) error {
	if c.query.Has("order") && !slices.Contains(orders, c.query.Get("order")) {
		return invalid("order", "is invalid")
	}
	return nil
}

// mentions looks for a text, in lower case, as the vendor's search does.
func (cu *customer) mentions(text string) bool {
	in := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	return in(cu.phone) || in(cu.email) || in(cu.firstName) || in(cu.lastName) ||
		slices.ContainsFunc(cu.addresses, func(a *address) bool { return in(a.texts["address1"]) || in(a.texts["address2"]) })
}

// conditions returns whether a customer meets all of "customer_id:1;orders_count:>2", or
// that there is a condition that is none.
func conditions(query string) (func(*customer) bool, error) {
	wanted := make(map[string][]string)
	for condition := range strings.SplitSeq(query, ";") {
		if condition == "" {
			continue
		}
		field, want, ok := strings.Cut(condition, ":")
		if _, known := new(customer).searched(field); !ok || !known {
			return nil, invalid("query", "is invalid")
		}
		wanted[field] = append(wanted[field], want)
	}
	return func(cu *customer) bool { return cu.meets(wanted) }, nil
}

// meets reports whether a value of each field meets all that is wanted of it.
func (cu *customer) meets(wanted map[string][]string) bool {
	for field, wants := range wanted {
		have, _ := cu.searched(field)
		for _, want := range wants {
			if !slices.ContainsFunc(have, func(value string) bool { return compare(value, want) }) {
				return false
			}
		}
	}
	return true
}

// searched returns the values of a field that can be searched for.
func (cu *customer) searched(field string) (values []string, ok bool) {
	switch field {
	case "accepts_marketing":
		return []string{strconv.FormatBool(cu.emailFlag == subscribed)}, true
	case "email_subscribe_flag":
		return []string{strconv.Itoa(cu.emailFlag)}, true
	case "customer_date":
		return []string{stamp(cu.createdAt)}, true
	case "customer_first_name":
		return []string{cu.firstName}, true
	case "customer_id":
		return []string{cu.id()}, true
	case "tags":
		return cu.tags, true
	case "orders_count":
		return []string{strconv.Itoa(len(cu.orders))}, true
	case "state":
		return []string{strconv.Itoa(cu.state)}, true
	case "total_spent":
		return []string{"0.00"}, true
	case "updated_at":
		return []string{stamp(cu.updatedAt)}, true
	case "verified_email":
		return []string{strconv.FormatBool(cu.verifiedEmail)}, true
	case "order_date":
		return nil, true
	}
	return nil, false
}

// compare reports whether a value meets a condition with or without an operator.
func compare(value, want string) bool {
	for _, operator := range []string{">=", "<=", ">", "<"} {
		text, ok := strings.CutPrefix(want, operator)
		if !ok {
			continue
		}
		difference := sign(value, text)
		switch operator {
		case ">=":
			return difference >= 0
		case "<=":
			return difference <= 0
		case ">":
			return difference > 0
		}
		return difference < 0
	}
	return value == want
}

// sign compares numbers as numbers and all else as text.
func sign(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX != nil || errY != nil:
		return strings.Compare(a, b)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
