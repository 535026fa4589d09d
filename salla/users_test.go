package salla_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

func TestUsersInfo(t *testing.T) {
	t.Parallel()
	full := salla.User{
		ID: 1771165749, Name: "Test User", Email: "testuser@example.test", Mobile: "+966500000002", Role: "user", CreatedAt: at(t, "2018-04-28 17:46:25"),
		Merchant: salla.Merchant{
			ID: 1803665367, Username: "dev-store-name", Name: "My Store", Avatar: "https://cdn.example.test/logo.png", StoreLocation: "26.98,49.62",
			Plan: salla.PlanSpecial, Status: "active", Domain: "https://shop.example.test/", TaxNumber: "11", CommercialNumber: "22",
			CreatedAt: at(t, "2018-04-28 17:46:25"),
		},
		Context: &salla.TokenContext{App: "123", Scope: "customers.read offline_access", ExpiresAt: time.Unix(1721326955, 0).UTC()},
	}
	bare := salla.User{
		ID: 1771165749, Name: "Test User", Email: "testuser@example.test",
		Merchant: salla.Merchant{ID: 1803665367, Username: "dev-store-name", Name: "My Store", Plan: "special", Status: "active", Domain: "https://shop.example.test/my-store"},
	}
	tests := []struct {
		name string
		body []byte
		want salla.User
	}{
		{"enveloped", fixture(t, "user_info_enveloped.json"), full},
		{"bare", fixture(t, "user_info_bare.json"), bare},
		{"older", []byte(`{"data":{"id":"7","store":{"id":"8","owner_id":9,"owner_name":"Sara","tax_number":null}}}`), salla.User{
			ID: 7, Merchant: salla.Merchant{ID: 8, OwnerID: 9, OwnerName: "Sara"},
		}},
		{"a token without end", []byte(`{"data":{"id":7,"merchant":{"id":9},"context":{"app":1,"exp":0}}}`), salla.User{ID: 7, Merchant: salla.Merchant{ID: 9}, Context: &salla.TokenContext{App: "1"}}},
		{"both stores", []byte(`{"data":{"id":7,"store":{"id":8},"merchant":{"id":9}}}`), salla.User{ID: 7, Merchant: salla.Merchant{ID: 9}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: baseURL(t) + "/oauth2/user/info", Header: sentBare}).JSON(200, tt.body)

			user, err := newClient(t, gock).Users.Info(t.Context())

			require.NoError(t, err)
			assert.Equal(t, &tt.want, user)
		})
	}
}

// The token goes to Salla's accounts, or to who stands in for Salla, and nowhere else.
func TestUsersInfoAsksTheRightHost(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		config salla.Config
		want   string
	}{
		{"default", salla.Config{}, "https://accounts.salla.sa/oauth2/user/info"},
		{"with BaseURL", salla.Config{BaseURL: "https://stand-in.example"}, "https://stand-in.example/oauth2/user/info"},
		{"with both", salla.Config{BaseURL: "https://a.example", AccountsURL: "https://b.example/x/"}, "https://b.example/x/oauth2/user/info"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: tt.want}).Fixture(200, "user_info_bare.json")
			tt.config.Token, tt.config.HTTPClient = "token-1", gock.Client()
			client, err := salla.NewClient(tt.config)
			require.NoError(t, err)

			_, err = client.Users.Info(t.Context())

			assert.NoError(t, err)
		})
	}
}

func TestUsersInfoWithoutUser(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/oauth2/user/info"}).JSON(200, `{"status":200,"success":true}`)

	_, err := newClient(t, gock).Users.Info(t.Context())

	assert.EqualError(t, err, "salla: GET /oauth2/user/info: 200 unavailable, unreadable: JSON without data.id came instead of the API's answer (application/json): check BaseURL and proxies")
}

func TestUserSurvivesEncoding(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/oauth2/user/info"}).Fixture(200, "user_info_enveloped.json")
	first, err := newClient(t, gock).Users.Info(t.Context())
	require.NoError(t, err)
	encoded, err := json.Marshal(first)
	require.NoError(t, err)
	var second salla.User

	require.NoError(t, json.Unmarshal(encoded, &second))

	assert.True(t, first.CreatedAt.Equal(second.CreatedAt))
	assert.True(t, first.Merchant.CreatedAt.Equal(second.Merchant.CreatedAt))
	assert.Equal(t, first.Context, second.Context)
	again, err := json.Marshal(second)
	require.NoError(t, err)
	assert.JSONEq(t, string(encoded), string(again))
}
