package shoplazza

import (
	"bytes"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
)

// customerWire is a customer, whose tags are one text in version 2022-01 and a list in
// later versions, and whose order times are empty texts if there are no orders.
// Customer has no UnmarshalJSON of its own: a struct that embeds it would be decoded by
// it, and lose its other fields. It is not embedded here: encoding/json takes longer for
// fields of an embedded struct, a tenth of the time of a page.
type customerWire struct {
	ID                  string            `json:"id"`
	FirstName           string            `json:"first_name"`
	LastName            string            `json:"last_name"`
	Name                string            `json:"name"`
	Email               string            `json:"email"`
	Phone               string            `json:"phone"`
	PhoneAreaCode       string            `json:"phone_area_code"`
	ContactType         ContactType       `json:"contact_type"`
	AcceptsMarketing    bool              `json:"accepts_marketing"`
	AcceptsSMSMarketing bool              `json:"accepts_sms_marketing"`
	Source              string            `json:"source"`
	FreeTax             bool              `json:"free_tax"`
	Registered          bool              `json:"registered"`
	OrdersCount         int               `json:"orders_count"`
	FirstOrderAt        instant           `json:"first_order_at"`
	LastOrderAt         instant           `json:"last_order_at"`
	TotalSpent          string            `json:"total_spent"`
	Tags                loosejson.Strings `json:"tags"`
	CreatedAt           time.Time         `json:"created_at"`
	UpdatedAt           time.Time         `json:"updated_at"`
	SubscribedFlag      SubscriptionFlag  `json:"subscribed_flag"`
	SMSSubscribedFlag   SubscriptionFlag  `json:"sms_subscribed_flag"`
	DefaultAddress      *Address          `json:"default_address"`
	Addresses           []Address         `json:"addresses"`
}

func (w *customerWire) plain() Customer {
	c := Customer{
		ID:                  w.ID,
		FirstName:           w.FirstName,
		LastName:            w.LastName,
		Name:                w.Name,
		Email:               w.Email,
		Phone:               w.Phone,
		PhoneAreaCode:       w.PhoneAreaCode,
		ContactType:         w.ContactType,
		AcceptsMarketing:    w.AcceptsMarketing,
		AcceptsSMSMarketing: w.AcceptsSMSMarketing,
		Source:              w.Source,
		FreeTax:             w.FreeTax,
		Registered:          w.Registered,
		OrdersCount:         w.OrdersCount,
		FirstOrderAt:        w.FirstOrderAt.pointer(),
		LastOrderAt:         w.LastOrderAt.pointer(),
		TotalSpent:          w.TotalSpent,
		Tags:                w.Tags,
		CreatedAt:           w.CreatedAt,
		UpdatedAt:           w.UpdatedAt,
		SubscribedFlag:      w.SubscribedFlag,
		SMSSubscribedFlag:   w.SMSSubscribedFlag,
		DefaultAddress:      w.DefaultAddress,
		Addresses:           w.Addresses,
	}
	if c.DefaultAddress == nil {
		c.DefaultAddress = defaultOf(c.Addresses)
	}
	return c
}

func defaultOf(addresses []Address) *Address {
	for i := range addresses {
		if addresses[i].Default {
			return new(addresses[i])
		}
	}
	return nil
}

// createBody encodes some fields of the request in the version's form.
type createBody struct {
	CreateCustomerRequest
	ContactType  ContactType `json:"contact_type"`
	Tags         any         `json:"tags,omitempty"`
	RegisteredAt time.Time   `json:"registered_at,omitzero"`
}

func (r CreateCustomerRequest) body(s *service) createBody {
	body := createBody{CreateCustomerRequest: r, ContactType: r.contactType(), RegisteredAt: utc(r.RegisteredAt)}
	if len(r.Tags) > 0 {
		body.Tags = s.tags(r.Tags)
	}
	return body
}

type updateBody struct {
	UpdateCustomerRequest
	Tags any `json:"tags,omitempty"`
}

func (r UpdateCustomerRequest) body(s *service) updateBody {
	body := updateBody{UpdateCustomerRequest: r}
	if r.Tags != nil {
		body.Tags = s.tags(r.Tags)
	}
	return body
}

// tags returns the tags in the version's form: one text in 2022-01, a list in later
// versions.
func (s *service) tags(tags []string) any {
	if s.classic {
		return strings.Join(tags, ",")
	}
	return append([]string{}, tags...) // a list, even if there is none
}

func (r CreateCustomerRequest) contactType() ContactType {
	switch {
	case r.ContactType != "":
		return r.ContactType
	case r.Email == "" && r.Phone != "":
		return ContactTypePhone
	}
	return ContactTypeEmail
}

// customersQuery has two forms of ids, of which one is used.
type customersQuery struct {
	IDs          []string  `url:"ids,omitempty"`
	JoinedIDs    string    `url:"ids,omitempty"`
	CreatedAtMin time.Time `url:"created_at_min,omitempty"`
	CreatedAtMax time.Time `url:"created_at_max,omitempty"`
	UpdatedAtMin time.Time `url:"updated_at_min,omitempty"`
	UpdatedAtMax time.Time `url:"updated_at_max,omitempty"`
	Email        string    `url:"email,omitempty"`
	Contact      string    `url:"contact,omitempty"`
	pageQuery
}

func (r ListCustomersRequest) at() pageRef {
	return pageRef{limit: r.Limit, page: r.Page, cursor: r.Cursor}
}

func (r ListCustomersRequest) query(s *service) customersQuery {
	q := customersQuery{
		CreatedAtMin: utc(r.CreatedAtMin),
		CreatedAtMax: utc(r.CreatedAtMax),
		UpdatedAtMin: utc(r.UpdatedAtMin),
		UpdatedAtMax: utc(r.UpdatedAtMax),
		Email:        r.Email,
		Contact:      r.Contact,
		pageQuery:    r.at().query(s),
	}
	if s.classic {
		q.JoinedIDs = strings.Join(r.IDs, ",")
	} else {
		q.IDs = r.IDs
	}
	return q
}

// instant is a time that an answer may leave empty.
type instant time.Time

func (t *instant) UnmarshalJSON(data []byte) error {
	if text := string(bytes.TrimSpace(data)); text == "null" || text == `""` {
		*t = instant{}
		return nil
	}
	return (*time.Time)(t).UnmarshalJSON(data)
}

// pointer returns nil if there is no time.
func (t instant) pointer() *time.Time {
	if time.Time(t).IsZero() {
		return nil
	}
	return new(time.Time(t))
}

// utc returns t in the form that Shoplazza expects: in UTC, to the second.
func utc(t time.Time) time.Time {
	return t.UTC().Truncate(time.Second)
}
