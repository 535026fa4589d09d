package commercenginetest

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// otp is a one-time password that was sent.
type otp struct {
	action  string
	contact string // "email" or "phone"
	value   string // the address or number
	user    *user  // who it is about, nil for a registration
	fields  object // of a registration
	secret  string // the password of a registration
}

// send sends a one-time password.
func (s *Server) send(c *call, o *otp) (any, error) {
	token := s.store.id("OTP")
	s.store.otps[token] = o
	content := object{"otp_token": token, "otp_action": o.action}
	if c.request.Header.Get("X-Debug-Mode") == "true" {
		content["otp"] = s.OTP
	}
	return content, nil
}

// signIn issues tokens of a user.
func (s *Server) signIn(c *call, u *user) (any, error) {
	content := s.store.tokens.pair(&session{user: u, anonymousID: c.session.anonymousID}, c.now)
	content["user"] = u.fields
	return content, nil
}

func beginSession(s *Server, c *call) (any, error) {
	token, _ := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	id := s.store.tokens.anonymousID(token)
	if id == "" {
		id = s.store.id("ANON")
	}
	return s.anonymous(c, id)
}

func (s *Server) anonymous(c *call, id string) (any, error) {
	content := s.store.tokens.pair(&session{anonymousID: id}, c.now)
	content["user"] = object{
		"id": id, "is_anonymous": true, "is_logged_in": false, "first_name": nil, "last_name": nil, "phone": nil,
		"email": nil, "is_email_verified": false, "is_phone_verified": false, "profile_image_url": nil,
		"created_at": stamp(c.now), "modified_at": stamp(c.now),
	}
	return content, nil
}

func loginWithEmail(s *Server, c *call) (any, error) {
	f := findings{}
	f.email(c.body)
	if err := f.err(); err != nil {
		return nil, err
	}
	return s.login(c, "email")
}

func loginWithPhone(s *Server, c *call) (any, error) {
	f := findings{}
	f.phone(c.body)
	if err := f.err(); err != nil {
		return nil, err
	}
	return s.login(c, "phone")
}

func (s *Server) login(c *call, contact string) (any, error) {
	value := text(c.body, contact)
	if u := s.store.reachable(contact, value); u != nil {
		return s.send(c, &otp{action: "login", contact: contact, value: value, user: u})
	}
	if register, _ := c.body["register_if_not_exists"].(bool); register {
		return s.send(c, &otp{action: "register", contact: contact, value: value, fields: object{contact: value}})
	}
	return nil, notFound()
}

func registerWithEmail(s *Server, c *call) (any, error) {
	f := findings{}
	f.email(c.body)
	f.required(c.body, "first_name")
	if c.body["phone"] != nil {
		f.phone(c.body)
	}
	return s.register(c, f, "email", "")
}

func registerWithPhone(s *Server, c *call) (any, error) {
	f := findings{}
	f.phone(c.body)
	f.required(c.body, "first_name")
	return s.register(c, f, "phone", "")
}

func registerWithPassword(s *Server, c *call) (any, error) {
	f := findings{}
	f.required(c.body, "password", "confirm_password")
	if c.body["password"] != c.body["confirm_password"] {
		f["confirm_password"] = []string{"must be the password"}
	}
	if c.body["email"] != nil {
		f.email(c.body)
		return s.register(c, f, "email", text(c.body, "password"))
	}
	f.phone(c.body)
	return s.register(c, f, "phone", text(c.body, "password"))
}

func (s *Server) register(c *call, f findings, contact, secret string) (any, error) {
	s.store.checkTaken(f, c.body, nil)
	if err := f.err(); err != nil {
		return nil, err
	}
	return s.send(c, &otp{
		action: "register", contact: contact, value: text(c.body, contact), secret: secret,
		fields: pick(c.body, "first_name", "last_name", "email", "phone", "country_code"),
	})
}

func generateOTP(s *Server, c *call) (any, error) {
	f := findings{}
	contact := "phone"
	switch text(c.body, "channel") {
	case "email":
		contact = "email"
		f.email(c.body)
	case "sms", "whatsapp":
		f.phone(c.body)
	default:
		f["channel"] = []string{"must be email, sms or whatsapp"}
	}
	action := text(c.body, "otp_action")
	switch action {
	case "register", "reset-password", "verify-" + contact, "update-" + contact:
	default:
		f["otp_action"] = []string{"is not one of the channel"}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	value := text(c.body, contact)
	o := &otp{action: action, contact: contact, value: value, fields: object{contact: value}}
	switch {
	case action == "reset-password":
		o.user = s.store.reachable(contact, value)
	case action != "register":
		o.user = c.session.user
	}
	if action != "register" && o.user == nil {
		return nil, notFound()
	}
	if err := s.store.checkOTP(o); err != nil {
		return nil, err
	}
	return s.send(c, o)
}

// checkOTP refuses a one-time password for a contact that belongs to somebody else, and
// one that verifies a contact which the user does not have.
func (st *store) checkOTP(o *otp) error {
	f := findings{}
	switch {
	case strings.HasPrefix(o.action, "verify-"):
		if o.user.fields[o.contact] != o.value {
			f[o.contact] = []string{"is not that of the user"}
		}
	case o.action == "register":
		st.checkTaken(f, o.fields, nil)
	case strings.HasPrefix(o.action, "update-"):
		st.checkTaken(f, object{o.contact: o.value}, o.user)
	}
	return f.err()
}

func verifyOTP(s *Server, c *call) (any, error) {
	f := findings{}
	f.required(c.body, "otp", "otp_token", "otp_action")
	if err := f.err(); err != nil {
		return nil, err
	}
	o, err := s.redeem(c)
	if err != nil {
		return nil, err
	}
	if o.action != text(c.body, "otp_action") {
		return nil, invalidField("otp_action", "is not that of the token")
	}
	if err := s.store.checkOTP(o); err != nil { // another may have been quicker
		return nil, err
	}
	u := o.user
	if u == nil {
		u = s.store.addUser(o.fields, c.now)
		u.password = o.secret
	}
	if strings.HasPrefix(o.action, "update-") {
		u.fields[o.contact] = o.value
		u.fields["modified_at"] = stamp(c.now)
	}
	u.fields["is_"+o.contact+"_verified"] = true
	return s.signIn(c, u)
}

// redeem returns the one-time password that the body names, which works once.
func (s *Server) redeem(c *call) (*otp, error) {
	token := text(c.body, "otp_token")
	o, ok := s.store.otps[token]
	if !ok {
		return nil, notFound()
	}
	if text(c.body, "otp") != s.OTP {
		return nil, &refusal{status: http.StatusBadRequest, code: "invalid_otp", message: "The OTP is wrong"}
	}
	delete(s.store.otps, token)
	return o, nil
}

func refreshToken(s *Server, c *call) (any, error) {
	found := s.store.tokens.redeem(text(c.body, "refresh_token"), c.now)
	if found == nil {
		return nil, &refusal{status: http.StatusBadRequest, code: "invalid_token", message: "The refresh token is wrong or was used before"}
	}
	return s.store.tokens.pair(found, c.now), nil
}

// logout ends this session. The user's others, on other devices, go on.
func logout(s *Server, c *call) (any, error) {
	s.store.tokens.end(func(other *session) bool { return other == c.session })
	return s.anonymous(c, c.session.anonymousID)
}

func checkVerification(s *Server, c *call) (any, error) {
	verified := func(contact string) []any {
		found := []any{}
		values, _ := c.body[contact].([]any)
		for _, value := range values {
			if known, _ := value.(string); known != "" {
				if u := s.store.reachable(contact, known); u != nil && u.fields["is_"+contact+"_verified"] == true {
					found = append(found, known)
				}
			}
		}
		return found
	}
	return object{"verified_phone": verified("phone"), "verified_email": verified("email")}, nil
}

// NewUser describes a user who exists from the beginning.
type NewUser struct {
	FirstName, LastName, Email string
	// Phone is the national number, 10 digits.
	Phone string
	// Password is empty for a user who logs in by one-time password only.
	Password string
}

// AddUser adds a user, whose e-mail address and phone number are verified, and returns
// the ids of the user and of their customer. It panics if one of the two is taken.
func (s *Server) AddUser(n NewUser) (userID, customerID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken(n) {
		panic("commercenginetest: AddUser: there is a user with this e-mail address or phone already")
	}
	u := s.addUser(n)
	return u.id, u.customer.id
}

func (s *Server) taken(n NewUser) bool {
	return s.store.owner("email", n.Email) != nil || s.store.owner("phone", n.Phone) != nil
}

func (s *Server) addUser(n NewUser) *user {
	fields := object{}
	for name, value := range map[string]string{"first_name": n.FirstName, "last_name": n.LastName, "email": n.Email, "phone": n.Phone} {
		if value != "" {
			fields[name] = value
		}
	}
	u := s.store.addUser(fields, s.clock())
	maps.Copy(u.fields, object{"is_email_verified": n.Email != "", "is_phone_verified": n.Phone != ""})
	u.password = n.Password
	return u
}

// Seed adds n registered shoppers: Shopper 1 with shopper1@example.test and phone
// 6000000001, Shopper 2 with shopper2@example.test and phone 6000000002, and so on. A
// later call continues the numbers. A number whose e-mail address or phone number is
// taken is skipped. Both contacts are verified, and each shopper logs in by one-time
// password.
func (s *Server) Seed(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n > 0 {
		s.seeded++
		shopper := NewUser{
			FirstName: "Shopper",
			LastName:  strconv.Itoa(s.seeded),
			Email:     fmt.Sprintf("shopper%d@example.test", s.seeded),
			Phone:     fmt.Sprintf("6%09d", s.seeded),
		}
		if !s.taken(shopper) {
			s.addUser(shopper)
			n--
		}
	}
}
