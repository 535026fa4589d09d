package commercenginetest

// self returns the user whom the path names, who must be the one who asks.
func self(c *call) (*user, error) {
	if c.session.user == nil || c.session.user.id != c.ids[0] {
		return nil, unauthorized()
	}
	return c.session.user, nil
}

func getUser(_ *Server, c *call) (any, error) {
	u, err := self(c)
	if err != nil {
		return nil, err
	}
	return object{"user": u.fields}, nil
}

func updateUser(s *Server, c *call) (any, error) {
	u, err := self(c)
	if err != nil {
		return nil, err
	}
	f := findings{}
	if c.body["phone"] != nil {
		f.phone(c.body)
	}
	if c.body["email"] != nil {
		f.email(c.body)
	}
	if business, ok := c.body["business"].(object); ok {
		if address, ok := business["registered_address"].(object); ok {
			checkAddress(f, address)
		}
	}
	s.store.checkTaken(f, c.body, u)
	if err := f.err(); err != nil {
		return nil, err
	}
	for _, contact := range contacts {
		if value, there := c.body[contact]; there && value != u.fields[contact] {
			u.fields["is_"+contact+"_verified"] = false
		}
	}
	for name, value := range pick(c.body, "first_name", "last_name", "email", "phone", "country_code",
		"login_methods", "notification_preferences", "business") {
		u.fields[name] = value
	}
	if id := text(c.body, "customer_group_id"); id != "" {
		u.fields["customer_group"] = object{"id": id, "name": "Group", "slug": "group", "description": nil, "is_default": false, "active": true}
	}
	u.fields["modified_at"] = stamp(c.now)
	return object{"user": u.fields}, nil
}

func deleteUser(s *Server, c *call) (any, error) {
	u, err := self(c)
	if err != nil {
		return nil, err
	}
	s.store.removeUser(u.id)
	return nil, nil
}

func deactivateUser(s *Server, c *call) (any, error) {
	u, err := self(c)
	if err != nil {
		return nil, err
	}
	u.inactive = true
	s.store.tokens.forget(u.id)
	return nil, nil
}

func getProfileImage(_ *Server, c *call) (any, error) {
	u, err := self(c)
	if err != nil {
		return nil, err
	}
	if u.image == nil {
		return nil, notFound()
	}
	return object{"profile_image_url": u.fields["profile_image_url"]}, nil
}

func setProfileImage(_ *Server, c *call) (any, error) {
	u, err := self(c)
	if err != nil {
		return nil, err
	}
	f, err := c.form()
	if err != nil {
		return nil, err
	}
	image, ok := f.files["image"]
	if !ok {
		return nil, invalidField("image", "is required")
	}
	u.image = image
	u.fields["profile_image_url"] = "https://files.example.test/users/" + u.id
	return object{"profile_image_url": u.fields["profile_image_url"]}, nil
}

func removeProfileImage(_ *Server, c *call) (any, error) {
	u, err := self(c)
	if err != nil {
		return nil, err
	}
	if u.image == nil {
		return nil, notFound()
	}
	u.image = nil
	u.fields["profile_image_url"] = nil
	return nil, nil
}
