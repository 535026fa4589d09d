package shoplinetest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// customer is a row.
type customer struct {
	serial                    int64
	email, phone              string
	firstName, lastName       string
	gender                    int
	birthday, note, multipass string
	tags                      []string
	state                     int
	verifiedEmail             bool
	emailConsent, smsConsent  *consent
	emailFlag, mobileFlag     int
	orders                    []order
	addresses                 []*address
	createdAt, updatedAt      time.Time
}

func (cu *customer) number() int64 { return cu.serial }

func (cu *customer) id() string { return strconv.FormatInt(cu.serial, 10) }

// What a customer's account can be.
const (
	stateBlacklisted = 0
	stateNotInvited  = 1
	stateInvited     = 2
	stateRegistered  = 3
)

// What a customer can have subscribed to.
const (
	unsubscribed  = 0
	subscribed    = 1
	notSubscribed = 2
)

func (s *store) find(id string) (*customer, error) {
	i := slices.IndexFunc(s.customers, func(cu *customer) bool { return cu.id() == id })
	if i < 0 {
		return nil, notFound("The customer does not exist.")
	}
	return s.customers[i], nil
}

func newCustomer(now time.Time) *customer {
	return &customer{
		state: stateNotInvited, emailFlag: notSubscribed, mobileFlag: notSubscribed,
		createdAt: now, updatedAt: now,
	}
}

func (s *store) createCustomer(c *call) (any, error) {
	var in customerInput
	if err := c.decode("customer", &in); err != nil {
		return nil, err
	}
	if deref(in.Email) == "" && deref(in.Phone) == "" {
		return nil, invalid("email", "or phone must be given")
	}
	cu := newCustomer(c.now)
	if err := s.change(cu, in, c.now); err != nil {
		return nil, err
	}
	cu.serial = s.nextSerial()
	s.customers = append(s.customers, cu)
	return object{"customer": cu.created()}, nil
}

func (s *store) listCustomers(c *call) (any, error) {
	rows, err := page(c, s.customers, 250, inList)
	if err != nil {
		return nil, err
	}
	return c.customers(rows, (*customer).listed), nil
}

// inList returns whether a customer meets the filters of the list, or what is wrong with
// them, whoever is there.
func inList(filters url.Values) (func(cu *customer) bool, error) {
	var since int64
	if text := filters.Get("since_id"); text != "" {
		var err error
		if since, err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, badRequest()
		}
	}
	bounds := make(map[string]time.Time)
	for _, name := range []string{"created_at_min", "created_at_max", "updated_at_min", "updated_at_max"} {
		if text := filters.Get(name); text != "" {
			bound, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return nil, badRequest()
			}
			bounds[name] = bound
		}
	}
	ids := filters.Get("ids")
	return func(cu *customer) bool {
		return (ids == "" || slices.Contains(strings.Split(ids, ","), cu.id())) && (since <= 0 || cu.serial < since) &&
			within(bounds, "created_at", cu.createdAt) && within(bounds, "updated_at", cu.updatedAt)
	}, nil
}

// within reports whether t is between the bounds of that name, both inclusive.
func within(bounds map[string]time.Time, name string, t time.Time) bool {
	latest, ok := bounds[name+"_max"]
	return !t.Before(bounds[name+"_min"]) && (!ok || !t.After(latest))
}

func (s *store) countCustomers(*call) (any, error) {
	return object{"count": len(s.customers)}, nil
}

func (s *store) getCustomer(c *call) (any, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, err
	}
	return object{"customer": c.only(cu.got())}, nil
}

func (s *store) updateCustomer(c *call) (any, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, err
	}
	var in customerInput
	if err := c.decode("customer", &in); err != nil {
		return nil, err
	}
	if err := s.change(cu, in, c.now); err != nil {
		return nil, err
	}
	cu.updatedAt = c.now
	return object{"customer": cu.updated()}, nil
}

func (s *store) deleteCustomer(c *call) (any, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, err
	}
	s.customers = slices.DeleteFunc(s.customers, func(other *customer) bool { return other == cu })
	return object{"customer": nil}, nil
}

func (s *store) getByEmail(c *call) (any, error) {
	var in struct {
		Email string `json:"email"`
	}
	if err := c.decodeFlat(&in); err != nil {
		return nil, err
	}
	for _, cu := range s.customers {
		if cu.email != "" && strings.EqualFold(cu.email, in.Email) {
			return object{"customer": cu.got()}, nil
		}
	}
	return nil, notFound("The customer does not exist.")
}

// customers is the answer of a list.
func (c *call) customers(rows []*customer, view func(*customer) object) object {
	list := make([]object, len(rows))
	for i, cu := range rows {
		list[i] = c.only(view(cu))
	}
	return object{"customers": list}
}
