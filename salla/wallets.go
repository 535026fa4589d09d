package salla

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// WalletTransaction is a payment into or out of a customer's wallet.
type WalletTransaction struct {
	// Status is a word such as "confirmed".
	Status string `json:"status"`
	// Amount is in the store's currency, and negative for withdrawals.
	Amount json.Number `json:"amount"`
	Date   time.Time   `json:"date,omitzero"`
	// Wallet is the wallet afterwards.
	Wallet Wallet `json:"wallet"`
}

// Wallet is the credit of a customer in the store.
type Wallet struct {
	ID int64 `json:"id"`
	// Balance is in the store's currency.
	Balance json.Number `json:"balance"`
	// CreatedAt comes without a zone and is taken as Riyadh's time.
	CreatedAt time.Time `json:"created_at,omitzero"`
}

// WalletsService pays into and out of the wallets of customers. It needs the scope
// customer-wallets.read_write, which Salla grants to apps of its choice, and Salla's
// app Customer Wallet in the store; otherwise calls are [souk.ErrForbidden].
type WalletsService service

// WalletRequest names a customer and an amount.
type WalletRequest struct {
	CustomerID int64 `json:"customer_id"`
	// Amount is a positive decimal number in the store's currency, such as "22.50".
	Amount json.Number `json:"amount"`
}

// Deposit pays an amount into a customer's wallet.
//
// See https://docs.salla.dev/24839928e0.
//
//souk:operation POST /customers/wallets/deposit
func (s *WalletsService) Deposit(ctx context.Context, req WalletRequest) (*WalletTransaction, error) {
	return s.pay(ctx, "/customers/wallets/deposit", req)
}

// Withdraw pays an amount out of a customer's wallet.
//
// See https://docs.salla.dev/24850516e0.
//
//souk:operation POST /customers/wallets/withdraw
func (s *WalletsService) Withdraw(ctx context.Context, req WalletRequest) (*WalletTransaction, error) {
	return s.pay(ctx, "/customers/wallets/withdraw", req)
}

func (s *WalletsService) pay(ctx context.Context, route string, req WalletRequest) (*WalletTransaction, error) {
	var problems transport.Problems
	problems.Require(req.CustomerID > 0, "CustomerID", "must be a positive id")
	problems.Require(isPositive(req.Amount), "Amount", `must be a decimal number above zero, such as "22.50"`)
	return one[WalletTransaction, walletTransactionWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    route,
		Body:     req,
		Problems: problems,
	})
}
