package commercenginetest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// store is everything that the server knows.
type store struct {
	users  []*user
	otps   map[string]*otp
	tokens *tokens
	serial int
}

func newStore() *store {
	return &store{otps: make(map[string]*otp), tokens: newTokens()}
}

// id returns an id that looks like the vendor's: 26 characters, of which the
// last ones count.
func (st *store) id(kind string) string {
	st.serial++
	return fmt.Sprintf("01JHS2%s%0*d", kind, 20-len(kind), st.serial)
}

// user is somebody who can log in.
type user struct {
	id       string
	fields   object // as the server answers them
	password string
	image    []byte
	customer *customerData
	inactive bool
}

// customerData is what belongs to a customer.
type customerData struct {
	id       string
	business object // in the form of the customer operations
	loyalty  object

	addresses, accounts, mandates, documents rows

	files map[string][]byte // by the id of the document

	activities, reviews, sellers, cards, schedules []any
	methods, credit                                any
}

// rows are objects with ids.
type rows []object //nolint:recvcheck // what changes the list needs a pointer, what looks into it does not

func (r rows) find(id string) (object, error) {
	i := r.index(id)
	if i < 0 {
		return nil, notFound()
	}
	return r[i], nil
}

func (r *rows) remove(id string) error {
	i := r.index(id)
	if i < 0 {
		return notFound()
	}
	*r = slices.Delete(*r, i, i+1)
	return nil
}

func (r rows) index(id string) int {
	return slices.IndexFunc(r, func(o object) bool { return o["id"] == id })
}

// addUser makes a user, and a customer for them.
func (st *store) addUser(fields object, now time.Time) *user {
	u := &user{id: st.id("USER"), customer: &customerData{id: st.id("CUST"), files: make(map[string][]byte)}}
	off := object{"email": false, "sms": false, "whatsapp": false}
	u.fields = object{
		"id": u.id, "first_name": nil, "last_name": nil, "email": nil, "is_email_verified": false,
		"phone": nil, "country_code": nil, "is_phone_verified": false, "profile_image_url": nil,
		"is_anonymous": false, "is_logged_in": true, "login_methods": []any{}, "business": nil,
		"notification_preferences": object{"transactional": off, "promotional": off, "newsletter": off},
		"customer_id":              u.customer.id,
		"customer_group":           object{"id": groupID, "name": "Retail", "slug": "retail", "description": nil, "is_default": true, "active": true},
		"created_at":               stamp(now), "modified_at": stamp(now),
	}
	for name, value := range fields {
		u.fields[name] = value
	}
	if u.fields["phone"] != nil && u.fields["country_code"] == nil {
		u.fields["country_code"] = "+91"
	}
	st.users = append(st.users, u)
	return u
}

const groupID = "01JHS2GROUP000000000000001"

// contacts are what belongs to one user only.
var contacts = []string{"email", "phone"}

// reachable returns the active user with an e-mail address or a phone number.
func (st *store) reachable(contact, value string) *user {
	if u := st.owner(contact, value); u != nil && !u.inactive {
		return u
	}
	return nil
}

// owner returns the user with an e-mail address or a phone number. One who was
// deactivated keeps them.
func (st *store) owner(contact, value string) *user {
	for _, u := range st.users {
		if value != "" && strings.EqualFold(text(u.fields, contact), value) {
			return u
		}
	}
	return nil
}

// checkTaken notes the contacts among fields that belong to somebody other than u,
// who is nil for a user to come.
func (st *store) checkTaken(f findings, fields object, u *user) {
	for _, contact := range contacts {
		if owner := st.owner(contact, text(fields, contact)); owner != nil && owner != u {
			f[contact] = []string{"has already been taken"}
		}
	}
}

func (st *store) removeUser(id string) {
	st.users = slices.DeleteFunc(st.users, func(u *user) bool { return u.id == id })
	st.tokens.forget(id)
}

func stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
