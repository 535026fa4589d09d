package commercengine

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// MandateStatus is the state of a mandate.
type MandateStatus string

// The states.
const (
	MandateCreated MandateStatus = "created"
	MandateActive  MandateStatus = "active"
	MandatePaused  MandateStatus = "paused"
	MandateRevoked MandateStatus = "revoked"
	MandateError   MandateStatus = "error"
)

// Mandate is a customer's permission to debit a bank account. A time is zero if the
// server sends none.
type Mandate struct {
	ID          string        `json:"id"`
	MandateType string        `json:"mandate_type"`
	Status      MandateStatus `json:"status"`
	// MaxAmount is the largest amount of one debit, in Currency.
	MaxAmount           json.Number        `json:"max_amount"`
	Currency            string             `json:"currency"`
	Frequency           string             `json:"frequency"`
	StartDate           time.Time          `json:"start_date"`
	EndDate             time.Time          `json:"end_date"`
	Gateway             string             `json:"gateway"`
	GatewayReferenceID  string             `json:"gateway_reference_id"`
	BlockFund           bool               `json:"block_fund"`
	RevokableByCustomer bool               `json:"revokable_by_customer"`
	PaymentInfo         MandatePaymentInfo `json:"payment_info"`
	CreatedAt           time.Time          `json:"created_at"`
	ModifiedAt          time.Time          `json:"modified_at"`
	ActivatedAt         time.Time          `json:"activated_at"`
	LastActivatedAt     time.Time          `json:"last_activated_at"`
}

// MandatePaymentInfo says how a mandate is debited.
type MandatePaymentInfo struct {
	PaymentMethodType string             `json:"payment_method_type"`
	PaymentMethod     string             `json:"payment_method"`
	BankDetails       MandateBankDetails `json:"bank_details"`
}

// MandateBankDetails is the account that a mandate debits.
type MandateBankDetails struct {
	AccountNumber   string `json:"account_number"`
	IFSC            string `json:"ifsc"`
	BankAccountType string `json:"bank_account_type"`
	BeneficiaryName string `json:"beneficiary_name"`
	BankName        string `json:"bank_name"`
}

const (
	mandatesRoute = "/customers/{customer_id}/mandates"
	mandateRoute  = mandatesRoute + "/{mandate_id}"
)

// ListMandates returns the mandates of a customer, all at once.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-customer-mandates.
//
//souk:operation GET /customers/{customer_id}/mandates
func (s *PaymentsService) ListMandates(ctx context.Context, customerID string) ([]Mandate, error) {
	return one[[]Mandate](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      mandatesRoute,
		IDs:        []any{customerID},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, mandatesContent{})
}

// CreateMandateRequest describes a new mandate. All fields are required. Their
// values are not documented.
type CreateMandateRequest struct {
	PaymentMethodType   string `json:"payment_method_type"`
	PaymentMethod       string `json:"payment_method"`
	ServiceProviderSlug string `json:"service_provider_slug"`
	GatewayReferenceID  string `json:"gateway_reference_id"`
	BankIFSC            string `json:"bank_ifsc"`
	BankAccountNumber   string `json:"bank_account_number"`
	BankBeneficiaryName string `json:"bank_beneficiary_name"`
}

// CreateMandate asks a customer for a mandate.
//
// See https://llm-docs.commercengine.io/storefront/operations/create-customer-mandate.
//
//souk:operation POST /customers/{customer_id}/mandates
func (s *PaymentsService) CreateMandate(ctx context.Context, customerID string, req CreateMandateRequest) (*Mandate, error) {
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      mandatesRoute,
		IDs:        []any{customerID},
		Body:       req,
		Credential: s.shopper.customer(),
	}
	call.Problems.NotEmpty("PaymentMethodType", req.PaymentMethodType)
	call.Problems.NotEmpty("PaymentMethod", req.PaymentMethod)
	call.Problems.NotEmpty("ServiceProviderSlug", req.ServiceProviderSlug)
	call.Problems.NotEmpty("GatewayReferenceID", req.GatewayReferenceID)
	call.Problems.NotEmpty("BankIFSC", req.BankIFSC)
	call.Problems.NotEmpty("BankAccountNumber", req.BankAccountNumber)
	call.Problems.NotEmpty("BankBeneficiaryName", req.BankBeneficiaryName)
	return one[*Mandate](ctx, s.transport, call, mandateContent{})
}

// GetMandateRequest says whether to update a mandate before it is returned.
type GetMandateRequest struct {
	// Sync makes the server ask the payment provider for the current state first.
	Sync bool `url:"sync,omitempty"`
}

// GetMandate returns a mandate of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-customer-mandate.
//
//souk:operation GET /customers/{customer_id}/mandates/{mandate_id}
func (s *PaymentsService) GetMandate(ctx context.Context, customerID, id string, req GetMandateRequest) (*Mandate, error) {
	return one[*Mandate](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      mandateRoute,
		IDs:        []any{customerID, id},
		Query:      req,
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, mandateContent{})
}

// UpdateMandateRequest changes the fields that are set and leaves the others alone.
type UpdateMandateRequest struct {
	// MaxAmount is the largest amount of one debit.
	MaxAmount json.Number `json:"max_amount,omitempty"`
	// EndAt becomes the EndDate of the mandate.
	EndAt time.Time `json:"end_at,omitzero"`
}

// UpdateMandate changes a mandate of a customer, which must be active.
//
// See https://llm-docs.commercengine.io/storefront/operations/update-customer-mandate.
//
//souk:operation PUT /customers/{customer_id}/mandates/{mandate_id}
func (s *PaymentsService) UpdateMandate(ctx context.Context, customerID, id string, req UpdateMandateRequest) (*Mandate, error) {
	var problems transport.Problems
	problems.RequireChange(req)
	if req.MaxAmount != "" && !decimal.MatchString(string(req.MaxAmount)) {
		problems.Add("MaxAmount", `must be a decimal number such as "2500.50"`)
		req.MaxAmount = "" // it has no JSON form
	}
	problems.Time("EndAt", req.EndAt)
	return one[*Mandate](ctx, s.transport, &transport.Call{
		Method:     http.MethodPut,
		Route:      mandateRoute,
		IDs:        []any{customerID, id},
		Body:       req,
		Repeat:     transport.Idempotent,
		Problems:   problems,
		Credential: s.shopper.customer(),
	}, mandateContent{})
}

// PauseMandate pauses a mandate of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/pause-customer-mandate.
//
//souk:operation POST /customers/{customer_id}/mandates/{mandate_id}/pause
func (s *PaymentsService) PauseMandate(ctx context.Context, customerID, id string) (*Mandate, error) {
	return s.turnMandate(ctx, "/pause", customerID, id)
}

// ResumeMandate resumes a paused mandate of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/resume-customer-mandate.
//
//souk:operation POST /customers/{customer_id}/mandates/{mandate_id}/resume
func (s *PaymentsService) ResumeMandate(ctx context.Context, customerID, id string) (*Mandate, error) {
	return s.turnMandate(ctx, "/resume", customerID, id)
}

// RevokeMandate ends a mandate of a customer for good.
//
// See https://llm-docs.commercengine.io/storefront/operations/revoke-customer-mandate.
//
//souk:operation POST /customers/{customer_id}/mandates/{mandate_id}/revoke
func (s *PaymentsService) RevokeMandate(ctx context.Context, customerID, id string) (*Mandate, error) {
	return s.turnMandate(ctx, "/revoke", customerID, id)
}

func (s *PaymentsService) turnMandate(ctx context.Context, verb, customerID, id string) (*Mandate, error) {
	return one[*Mandate](ctx, s.transport, &transport.Call{
		Method:     http.MethodPost,
		Route:      mandateRoute + verb,
		IDs:        []any{customerID, id},
		Credential: s.shopper.customer(),
	}, mandateContent{})
}
