package xcladetest

import "github.com/souk-go/souk/xclade"

// Config returns the configuration of a client of this server, which logs in as
// its admin.
func (s *Server) Config() xclade.Config {
	return xclade.Config{BaseURL: s.URL, Email: s.Email, Password: s.Password}
}
