package commercengine

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// CreditLine says what a customer may buy on credit.
type CreditLine struct {
	IsEligible bool `json:"is_eligible"`
	// Balance is nil for a customer without a credit line.
	Balance        *CreditLineBalance `json:"credit_line_balance"`
	ActiveMandates []Mandate          `json:"active_mandates"`
}

// CreditLineBalance is the state of a credit line, in the store's currency.
type CreditLineBalance struct {
	MandatePerOrderLimit json.Number `json:"mandate_per_order_limit"`
	TotalCreditLimit     json.Number `json:"total_credit_limit"`
	UtilizedAmount       json.Number `json:"utilized_amount"`
	BalanceAmount        json.Number `json:"balance_amount"`
	StoreID              string      `json:"store_id"`
	CreatedAt            time.Time   `json:"created_at"`
	ModifiedAt           time.Time   `json:"modified_at"`
}

// GetCreditLine returns what a customer may buy on credit.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-customer-credit-line-balance.
//
//souk:operation GET /customers/{customer_id}/credit-line-balance
func (s *PaymentsService) GetCreditLine(ctx context.Context, customerID string) (*CreditLine, error) {
	return one[*CreditLine](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      "/customers/{customer_id}/credit-line-balance",
		IDs:        []any{customerID},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, CreditLine{})
}
