package commercenginetest

import "net/http"

// named returns the user whom the body names by e-mail address or phone number.
func (s *Server) named(c *call) (*user, error) {
	contact := "email"
	f := findings{}
	if c.body["email"] == nil {
		contact = "phone"
		f.phone(c.body)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	u := s.store.reachable(contact, text(c.body, contact))
	if u == nil {
		return nil, notFound()
	}
	return u, nil
}

func wrongPassword() *refusal {
	return &refusal{status: http.StatusUnauthorized, code: "invalid_credentials", message: "The password is wrong"}
}

func loginWithPassword(s *Server, c *call) (any, error) {
	u, err := s.named(c)
	if err != nil {
		return nil, err
	}
	if u.password == "" || u.password != text(c.body, "password") {
		return nil, wrongPassword()
	}
	return s.signIn(c, u)
}

func forgotPassword(s *Server, c *call) (any, error) {
	u, err := s.named(c)
	if err != nil {
		return nil, err
	}
	contact := "email"
	if c.body["email"] == nil {
		contact = "phone"
	}
	return s.send(c, &otp{action: "reset-password", contact: contact, value: text(c.body, contact), user: u})
}

func resetPassword(s *Server, c *call) (any, error) {
	if err := newPassword(c, "otp_token", "otp"); err != nil {
		return nil, err
	}
	o, err := s.redeem(c)
	if err != nil {
		return nil, err
	}
	if o.action != "reset-password" {
		return nil, invalidField("otp_token", "is not for a password")
	}
	o.user.password = text(c.body, "new_password")
	return s.signIn(c, o.user)
}

func changePassword(s *Server, c *call) (any, error) {
	if err := newPassword(c, "old_password"); err != nil {
		return nil, err
	}
	u := c.session.user
	if u == nil {
		return nil, unauthorized()
	}
	if u.password != text(c.body, "old_password") {
		return nil, wrongPassword()
	}
	u.password = text(c.body, "new_password")
	return s.store.tokens.pair(c.session, c.now), nil
}

// newPassword checks what sets a password.
func newPassword(c *call, others ...string) error {
	f := findings{}
	f.required(c.body, append(others, "new_password", "confirm_password")...)
	if c.body["new_password"] != c.body["confirm_password"] {
		f["confirm_password"] = []string{"must be the new password"}
	}
	return f.err()
}
