package shoplazzatest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

type customer struct {
	serial       int
	id           string
	contactType  string
	email, phone string
	digits       string // of phone
	first, last  string
	marketing    bool
	sms          bool
	flag         int
	smsFlag      int
	registered   bool
	tags         []string
	created      time.Time
	updated      time.Time
	addresses    []*address
}

func (c *customer) number() int { return c.serial }

// The flags of the documentation's examples and of its table.
const (
	flagByMerchantOff = 1
	flagByMerchantOn  = 3
	flagCreatedOn     = 5
	flagCreatedOff    = 6
)

// customerBody is what requests contain. A nil field was left out.
type customerBody struct {
	ContactType          string          `json:"contact_type"`
	Email                string          `json:"email"`
	Phone                string          `json:"phone"`
	FirstName            *string         `json:"first_name"`
	LastName             *string         `json:"last_name"`
	AcceptsMarketing     *bool           `json:"accepts_marketing"`
	AcceptsSMSMarketing  *bool           `json:"accepts_sms_marketing"`
	Password             string          `json:"password"`
	PasswordConfirmation *string         `json:"password_confirmation"`
	Tags                 json.RawMessage `json:"tags"`
	RegisteredAt         *time.Time      `json:"registered_at"`
	Addresses            []addressBody   `json:"addresses"`
}

// Seed adds n customers. Names, e-mail addresses and phone numbers are derived from a
// number: "Customer 1", "customer1@example.test", "+15550000001". The next call
// continues the numbers.
func (s *Server) Seed(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock().UTC().Truncate(time.Second)
	for range n {
		s.store.seed(now)
	}
}

func (s *store) seed(now time.Time) {
	s.seeded++
	s.customers = append(s.customers, &customer{
		serial:      s.nextSerial(),
		id:          newID(),
		contactType: "email",
		email:       fmt.Sprintf("customer%d@example.test", s.seeded),
		phone:       fmt.Sprintf("+1555%07d", s.seeded),
		digits:      fmt.Sprintf("1555%07d", s.seeded),
		first:       "Customer",
		last:        strconv.Itoa(s.seeded),
		marketing:   true,
		sms:         true,
		flag:        flagCreatedOn,
		smsFlag:     flagCreatedOn,
		created:     now,
		updated:     now,
	})
}

func (s *store) createCustomer(c *call) (any, error) {
	var body customerBody
	if err := c.decode("customer", true, &body); err != nil {
		return nil, err
	}
	tags, err := c.tags(body.Tags)
	if err != nil {
		return nil, err
	}
	if problems := body.check(c); len(problems) > 0 {
		return nil, c.invalid(problems)
	}
	if s.isTaken(body.Email, body.Phone) {
		return nil, c.taken()
	}
	made := &customer{
		serial:      s.nextSerial(),
		id:          newID(),
		contactType: body.ContactType,
		email:       body.Email,
		phone:       body.Phone,
		digits:      digits(body.Phone),
		first:       or(body.FirstName, ""),
		last:        or(body.LastName, ""),
		marketing:   or(body.AcceptsMarketing, true),
		sms:         or(body.AcceptsSMSMarketing, true),
		registered:  body.RegisteredAt != nil,
		tags:        tags,
		created:     c.now,
		updated:     c.now,
	}
	made.flag = flag(made.marketing, flagCreatedOn, flagCreatedOff)
	made.smsFlag = flag(made.sms, flagCreatedOn, flagCreatedOff)
	for _, b := range body.Addresses {
		made.add(s, b, true)
	}
	s.customers = append(s.customers, made)
	return object{"customer": c.customer(made)}, nil
}

var (
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{3,24}$`)
)

func (b customerBody) check(c *call) (problems []string) {
	report := func(failed bool, problem string) {
		if failed && !slices.Contains(problems, problem) {
			problems = append(problems, problem)
		}
	}
	report(b.ContactType != "email" && b.ContactType != "phone", "Contact type is invalid")
	report(b.ContactType == "email" && b.Email == "", "Email can't be blank")
	report(b.ContactType == "phone" && b.Phone == "", "Phone can't be blank")
	report(b.Email != "" && !emailForm.MatchString(b.Email), "Email is invalid")
	report(b.Phone != "" && !phoneForm.MatchString(b.Phone), "Phone is invalid")
	report(b.Password != "" && utf8.RuneCountInString(b.Password) < 6, "Password is too short (minimum is 6 characters)")
	report(or(b.PasswordConfirmation, b.Password) != b.Password, "Password confirmation must be equal to password")
	for _, a := range b.Addresses {
		report(or(a.Country, "") == "", "Country can't be blank")
		report(or(a.CountryCode, "") == "", "Country code can't be blank")
		report(c.classic && or(a.FirstName, "") == "", "First name can't be blank")
		report(c.classic && or(a.LastName, "") == "", "Last name can't be blank")
	}
	return problems
}

// tags reads a text in 2022-01 and a list later.
func (c *call) tags(raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var list []string
	if !c.classic {
		if json.Unmarshal(raw, &list) != nil {
			return nil, badRequest()
		}
		return list, nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return nil, badRequest()
	}
	for tag := range strings.SplitSeq(text, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			list = append(list, tag)
		}
	}
	return list, nil
}

func (s *store) isTaken(email, phone string) bool {
	number := digits(phone)
	return slices.ContainsFunc(s.customers, func(other *customer) bool {
		return email != "" && strings.EqualFold(email, other.email) || phone != "" && number == other.digits
	})
}

func (s *store) find(c *call) (*customer, error) {
	for _, found := range s.customers {
		if found.id == c.ids[0] {
			return found, nil
		}
	}
	return nil, c.notFound("record not found")
}

func (s *store) getCustomer(c *call) (any, error) {
	found, err := s.find(c)
	if err != nil {
		return nil, err
	}
	return object{"customer": c.customer(found)}, nil
}

// updateCustomer changes what can be changed and ignores the rest.
func (s *store) updateCustomer(c *call) (any, error) {
	found, err := s.find(c)
	if err != nil {
		return nil, err
	}
	var body customerBody
	if err := c.decode("customer", true, &body); err != nil {
		return nil, err
	}
	tags, err := c.tags(body.Tags)
	if err != nil {
		return nil, err
	}
	found.first = or(body.FirstName, found.first)
	found.last = or(body.LastName, found.last)
	if body.AcceptsMarketing != nil {
		found.marketing = *body.AcceptsMarketing
		found.flag = flag(found.marketing, flagByMerchantOn, flagByMerchantOff)
	}
	if body.AcceptsSMSMarketing != nil {
		found.sms = *body.AcceptsSMSMarketing
		found.smsFlag = flag(found.sms, flagByMerchantOn, flagByMerchantOff)
	}
	if body.Tags != nil {
		found.tags = tags
	}
	found.updated = c.now
	return object{"customer": c.customer(found)}, nil
}

func (s *store) countCustomers(*call) (any, error) {
	return object{"count": len(s.customers)}, nil
}

func (s *store) listCustomers(c *call) (any, error) {
	within, err := c.times()
	if err != nil {
		return nil, err
	}
	var matching []*customer
	who, ids := wanted{c.query.Get("email"), c.query.Get("contact"), digits(c.query.Get("contact"))}, c.idFilter()
	for _, one := range s.customers {
		if who.matches(one) && (ids == nil || slices.Contains(ids, one.id)) && within(one.created, one.updated) {
			matching = append(matching, one)
		}
	}
	found, cursor, err := page(c, matching, 10)
	if err != nil {
		return nil, err
	}
	var rows []any
	for _, one := range found {
		rows = append(rows, c.customer(one))
	}
	return c.listAnswer("customers", rows, cursor), nil
}

// wanted is whom a list is asked for.
type wanted struct{ email, contact, digits string }

func (w wanted) matches(one *customer) bool {
	byEmail := w.email == "" || strings.EqualFold(w.email, one.email)
	byContact := w.contact == "" || strings.EqualFold(w.contact, one.email) || one.phone != "" && w.digits == one.digits
	return byEmail && byContact
}

// idFilter reads ids separated by commas in 2022-01, and repeated ones later.
func (c *call) idFilter() []string {
	if c.classic && c.query.Get("ids") != "" {
		return strings.Split(c.query.Get("ids"), ",")
	}
	return c.query["ids"]
}

// customer returns what answers say of a customer.
func (c *call) customer(one *customer) object {
	addresses := []any{}
	var standard any
	for _, a := range one.addresses {
		embedded := a.object()
		if a.isDefault {
			standard = a.object()
		}
		delete(embedded, "phone_area_code")
		addresses = append(addresses, embedded)
	}
	answer := object{
		"id":                    one.id,
		"first_name":            one.first,
		"last_name":             one.last,
		"name":                  strings.TrimSpace(one.first + " " + one.last),
		"email":                 one.email,
		"phone":                 one.phone,
		"phone_area_code":       nil,
		"contact_type":          one.contactType,
		"accepts_marketing":     one.marketing,
		"accepts_sms_marketing": one.sms,
		"source":                nil,
		"free_tax":              false,
		"registered":            one.registered,
		"orders_count":          0,
		"last_order_at":         nil,
		"total_spent":           "0.00",
		"created_at":            one.created,
		"updated_at":            one.updated,
		"subscribed_flag":       one.flag,
		"sms_subscribed_flag":   one.smsFlag,
		"addresses":             addresses,
	}
	if c.classic {
		answer["tags"] = strings.Join(one.tags, ", ")
		answer["default_address"] = standard
		return answer
	}
	answer["tags"] = append([]string{}, one.tags...)
	answer["first_order_at"] = nil
	return answer
}

func flag(on bool, yes, no int) int {
	if on {
		return yes
	}
	return no
}

func or[T any](p *T, fallback T) T {
	if p == nil {
		return fallback
	}
	return *p
}

// digits drops everything from a phone number that is no digit.
func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}
