package testkit

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Canary is a set of secrets and personal data to plant in a test, and to look
// for wherever they must not get: in errors, logs and printed configurations.
type Canary struct {
	Token, RefreshToken, APIKey, ClientSecret, Password string

	Email, Phone, FirstName, LastName, Street, Note string
}

// NewCanary returns texts that occur nowhere else.
func NewCanary() Canary {
	return Canary{
		Token:        "canary.token.d1c7e5b0",
		RefreshToken: "canary.refresh.8e02f6a4",
		APIKey:       "canary_key_51b9c3d7",
		ClientSecret: "canary-secret-0f4a6e28",
		Password:     "canary:pass/word+97c2",
		Email:        "canary.person+souk@mail.example",
		Phone:        "+966500417293",
		FirstName:    "Canarina",
		LastName:     "Canarowska",
		Street:       "41 Canary Wharf Lane",
		Note:         "canary note 6b1d",
	}
}

// Check fails the test for everything planted that occurs in text, be it
// plain or as URLs, JSON, base64 and hex spell it.
func (c Canary) Check(t testing.TB, text string) {
	t.Helper()
	folded := strings.ToLower(text)
	planted := c.planted()
	for _, name := range slices.Sorted(maps.Keys(planted)) {
		for _, spelling := range spellings(planted[name]) {
			if strings.Contains(text, spelling) || strings.Contains(folded, strings.ToLower(spelling)) {
				t.Errorf("the canary's %s occurs in: %s", name, text)
				break
			}
		}
	}
}

// CheckError does the same with all texts of err and of the errors in it.
func (c Canary) CheckError(t testing.TB, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		c.Check(t, err.Error())
		c.Check(t, fmt.Sprintf("%+v", err))
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				c.CheckError(t, one)
			}
		}
	}
}

func (c Canary) planted() map[string]string {
	return map[string]string{
		"Token": c.Token, "RefreshToken": c.RefreshToken, "APIKey": c.APIKey,
		"ClientSecret": c.ClientSecret, "Password": c.Password,
		"Email": c.Email, "Phone": c.Phone, "FirstName": c.FirstName,
		"LastName": c.LastName, "Street": c.Street, "Note": c.Note,
	}
}

func spellings(secret string) []string {
	if secret == "" {
		return nil
	}
	quoted, _ := json.Marshal(secret)
	all := []string{
		secret,
		strings.TrimPrefix(secret, "+"), // a number without its plus
		url.QueryEscape(secret),
		url.PathEscape(secret),
		string(quoted[1 : len(quoted)-1]),
		hex.EncodeToString([]byte(secret)),
	}
	return append(all, base64Cores(secret)...)
}

// base64Cores are the texts that base64 of anything around the secret has in
// common: one for each place that the secret can have in a group of three.
func base64Cores(secret string) []string {
	var cores []string
	for shift := range 3 {
		text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		// The first characters mix with what stands before, the last one
		// with what follows.
		core := text[(shift*8+5)/6 : (shift+len(secret))*8/6]
		cores = append(cores, core, strings.NewReplacer("+", "-", "/", "_").Replace(core))
	}
	return cores
}
