package xcladetest

import (
	"github.com/souk-go/souk"
	"github.com/souk-go/souk/xclade"
)

// Config returns the configuration of a client of this server, which logs in as
// its admin. Its calls stay in memory.
func (s *Server) Config() xclade.Config {
	return xclade.Config{
		BaseURL: s.BaseURL(), Email: s.Email, Password: s.Password,
		Options: souk.Options{HTTPClient: s.Client()},
	}
}
