package salla

import (
	"encoding/json"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/oauth"
)

// tokenAnswer is a token as Salla spells it, at its end point and in deliveries. Only
// the access token is required.
type tokenAnswer struct {
	AccessToken  string     `json:"access_token"`
	RefreshToken oauth.Text `json:"refresh_token"`
	TokenType    oauth.Text `json:"token_type"`
	Scope        oauth.Text `json:"scope"`
	// Both names can hold seconds from now or seconds since 1970.
	ExpiresIn oauth.Text `json:"expires_in"`
	Expires   oauth.Text `json:"expires"`
}

// Missing names what the answer lacks to be a success.
func (a *tokenAnswer) Missing() string {
	if a.AccessToken == "" {
		return "access_token"
	}
	return ""
}

// tokenLife is the documented lifetime of a token, for answers that state none.
const tokenLife = 14 * 24 * time.Hour

func (a *tokenAnswer) token() *oauth2.Token {
	now := time.Now()
	expiry, ok := oauth.Expiry(now, a.ExpiresIn, a.Expires)
	if !ok {
		expiry = now.Add(tokenLife)
	}
	token := &oauth2.Token{
		AccessToken:  a.AccessToken,
		RefreshToken: string(a.RefreshToken),
		TokenType:    string(a.TokenType),
		Expiry:       expiry,
	}
	return token.WithExtra(map[string]any{"scope": string(a.Scope), extraIssued: now})
}

// extraIssued is the key of the Extra that holds the time.Time at which a token was
// issued.
const extraIssued = "issued_at"

// readToken reads the token of a delivery that was issued at that time.
func readToken(data []byte, issued time.Time) (*oauth2.Token, error) {
	var answer tokenAnswer
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if answer.Missing() != "" {
		return nil, errors.New("no access token")
	}
	token := answer.token()
	extra := map[string]any{"scope": token.Extra("scope")}
	if !issued.IsZero() {
		extra[extraIssued] = issued
	}
	return token.WithExtra(extra), nil
}
