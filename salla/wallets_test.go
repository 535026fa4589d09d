package salla_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

func TestWallets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path, fixture string
		call                func(*testing.T, *salla.Client, salla.WalletRequest) (*salla.WalletTransaction, error)
		amount              json.Number
	}{
		{"Deposit", "/admin/v2/customers/wallets/deposit", "wallet_deposit_200.json", func(t *testing.T, c *salla.Client, r salla.WalletRequest) (*salla.WalletTransaction, error) {
			return c.Wallets.Deposit(t.Context(), r)
		}, "12"},
		{"Withdraw", "/admin/v2/customers/wallets/withdraw", "wallet_withdraw_200.json", func(t *testing.T, c *salla.Client, r salla.WalletRequest) (*salla.WalletTransaction, error) {
			return c.Wallets.Withdraw(t.Context(), r)
		}, "-12"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			request := testkit.Request{Method: "POST", Path: tt.path, Header: sentAsJSON, Body: raw(`{"customer_id":1994632444,"amount":12.50}`)}
			gock := testkit.NewGock(t)
			gock.Expect(request).Fixture(200, tt.fixture)
			gock.Expect(request).JSON(403, `{"status":403,"success":false,"error":{"code":"error","message":"Application does not have permission to customer wallet"}}`)
			client := newClient(t, gock)
			req := salla.WalletRequest{CustomerID: 1994632444, Amount: "12.50"}

			transaction, err := tt.call(t, client, req)
			require.NoError(t, err)
			assert.Equal(t, &salla.WalletTransaction{
				Status: "confirmed", Amount: tt.amount, Date: at(t, "2025-11-27 13:45:54.321280"),
				Wallet: salla.Wallet{ID: 1337429619, Balance: "468", CreatedAt: at(t, "2025-11-26 10:28:13")},
			}, transaction)

			_, err = tt.call(t, client, req)
			assert.ErrorIs(t, err, souk.ErrForbidden)
		})
	}
}

func TestWalletsRefuse(t *testing.T) {
	t.Parallel()
	for _, amount := range []json.Number{"", "0", "0.00", "-1", "1e3", "12,50", "NaN", "ten", "1 "} {
		t.Run(string(amount), func(t *testing.T) {
			t.Parallel()

			_, err := silent(t).Wallets.Deposit(t.Context(), salla.WalletRequest{Amount: amount})

			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, `salla: POST /customers/wallets/deposit: invalid; Amount: must be a decimal number above zero, such as "22.50"; CustomerID: must be a positive id`)
		})
	}
}

// Money is paid once: what leaves open whether it was is not sent again.
func TestWalletsDoNotPayTwice(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*testkit.Reply){
		"lost":                 func(r *testkit.Reply) { r.Drop() },
		"503 with Retry-After": func(r *testkit.Reply) { r.Body(503, "text/html", []byte("<html>")).Header("Retry-After", "5") },
		"502":                  func(r *testkit.Reply) { r.JSON(502, "<html>") },
		"404 of a proxy":       func(r *testkit.Reply) { r.JSON(404, "<html>") },
		"nothing":              func(r *testkit.Reply) { r.Status(204) },
		"without amount":       func(r *testkit.Reply) { r.JSON(200, `{"status":200,"success":true,"data":{"status":"confirmed"}}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			answer(gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/customers/wallets/deposit", Body: raw(`{"customer_id":1,"amount":5}`)}))
			cfg := config(t, gock)
			cfg.MaxAttempts = 4
			client, err := salla.NewClient(cfg)
			require.NoError(t, err)

			transaction, err := client.Wallets.Deposit(t.Context(), salla.WalletRequest{CustomerID: 1, Amount: "5"})

			assert.Nil(t, transaction)
			assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.Equal(t, 1, requireError(t, err).Attempts)
		})
	}
}
