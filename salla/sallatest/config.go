package sallatest

import "github.com/souk-go/souk/salla"

// Config returns the configuration of a client of this server.
func (s *Server) Config() salla.Config {
	return salla.Config{BaseURL: s.URL, Token: s.Token, Merchant: s.Merchant, Plan: salla.PlanSpecial}
}

// OAuth returns the app that this server knows.
func (s *Server) OAuth() salla.OAuth {
	return salla.OAuth{
		ClientID: s.ClientID, ClientSecret: s.ClientSecret, RedirectURL: s.RedirectURL, BaseURL: s.URL,
		Scopes: []string{"customers.read_write", "webhooks.read_write"},
	}
}
