package shoplinetest

import "slices"

// socialLogin is a log-in by way of another platform.
type socialLogin struct {
	Channel  string `json:"login_channel"`
	Platform string `json:"login_platform_type"`
	AppID    string `json:"third_app_id"`
	Key      string `json:"third_key"`
	RSAKey   string `json:"third_rsa_key"`
}

func (l socialLogin) same(other socialLogin) bool {
	return l.Channel == other.Channel && l.Platform == other.Platform
}

func (l socialLogin) check() error {
	if !slices.Contains([]string{"apple", "facebook", "google", "line", "tiktok"}, l.Channel) {
		return invalid("login_channel", "is invalid")
	}
	if l.Platform != "web" && l.Platform != "app" {
		return invalid("login_platform_type", "is invalid")
	}
	return nil
}

func (s *store) listSocialLogins(c *call) (any, error) {
	channel, platform := c.query.Get("login_channel"), c.query.Get("login_platform_type")
	list := []socialLogin{}
	for _, l := range s.logins {
		if (channel == "" || l.Channel == channel) && (platform == "" || l.Platform == platform) {
			list = append(list, l)
		}
	}
	return object{"data": object{"third_party_login_configurations": list}}, nil
}

func (s *store) setSocialLogin(c *call) (any, error) {
	in := socialLogin{Platform: "web"}
	if err := c.decodeFlat(&in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(s.logins, in.same); i >= 0 {
		s.logins[i] = in
		return nil, nil
	}
	s.logins = append(s.logins, in)
	return nil, nil
}

func (s *store) deleteSocialLogin(c *call) (any, error) {
	var in socialLogin
	if err := c.decodeFlat(&in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.logins, in.same)
	if i < 0 {
		return nil, notFound("The configuration does not exist.")
	}
	s.logins = slices.Delete(s.logins, i, i+1)
	return nil, nil
}
