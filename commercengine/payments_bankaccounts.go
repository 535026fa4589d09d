package commercengine

import (
	"context"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// BankAccountType is the direction in which an account is used.
type BankAccountType string

// The types.
const (
	// InboundAccount is an account that the store's service provider opens to receive
	// the customer's payments.
	InboundAccount BankAccountType = "inbound"
	// OutboundAccount is the customer's own account.
	OutboundAccount BankAccountType = "outbound"
)

// BankAccount is a bank account of a customer.
type BankAccount struct {
	// ID is missing in the vendor's description, although paths contain it. Its name is
	// inferred, not documented.
	ID            string          `json:"id"`
	AccountType   BankAccountType `json:"account_type"`
	AccountName   string          `json:"account_name"`
	AccountNumber string          `json:"account_number"`
	// IFSCCode is the code of the branch, 11 characters.
	IFSCCode   string    `json:"ifsc_code"`
	BankName   string    `json:"bank_name"`
	IsDefault  bool      `json:"is_default"`
	IsVerified bool      `json:"is_verified"`
	CreatedAt  time.Time `json:"created_at"`
	ModifiedAt time.Time `json:"modified_at"`
}

const (
	bankAccountsRoute = "/customers/{customer_id}/bank-accounts"
	bankAccountRoute  = bankAccountsRoute + "/{account_id}"
)

// ListBankAccountsRequest says which accounts to return.
type ListBankAccountsRequest struct {
	// AccountType is the type to list. Empty means both.
	AccountType BankAccountType `url:"account_type,omitempty"`
}

// ListBankAccounts returns the bank accounts of a customer, all at once.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-bank-accounts.
//
//souk:operation GET /customers/{customer_id}/bank-accounts
func (s *PaymentsService) ListBankAccounts(ctx context.Context, customerID string, req ListBankAccountsRequest) ([]BankAccount, error) {
	call := &transport.Call{
		Method:     http.MethodGet,
		Route:      bankAccountsRoute,
		IDs:        []any{customerID},
		Query:      req,
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}
	if req.AccountType != "" {
		checkAccountType(&call.Problems, req.AccountType)
	}
	return one[[]BankAccount](ctx, s.transport, call, bankAccountsContent{})
}

// CreateBankAccountRequest describes a new account.
type CreateBankAccountRequest struct {
	AccountType BankAccountType `json:"account_type"`
	// AccountName, AccountNumber, IFSCCode and BankName are required for an outbound
	// account, and not allowed otherwise.
	AccountName   string `json:"account_name,omitempty"`
	AccountNumber string `json:"account_number,omitempty"`
	IFSCCode      string `json:"ifsc_code,omitempty"`
	BankName      string `json:"bank_name,omitempty"`
	// ServiceProviderSlug is the provider that opens an inbound account, such as
	// "razorpay".
	ServiceProviderSlug string `json:"service_provider_slug,omitempty"`
	// IsDefault is left out if nil.
	IsDefault *bool `json:"is_default,omitempty"`
}

// CreateBankAccount adds a bank account to a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/create-bank-account.
//
//souk:operation POST /customers/{customer_id}/bank-accounts
func (s *PaymentsService) CreateBankAccount(ctx context.Context, customerID string, req CreateBankAccountRequest) (*BankAccount, error) {
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      bankAccountsRoute,
		IDs:        []any{customerID},
		Body:       req,
		Credential: s.shopper.customer(),
	}
	req.check(&call.Problems)
	return one[*BankAccount](ctx, s.transport, call, bankAccountContent{})
}

// GetBankAccount returns a bank account of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-bank-account-detail.
//
//souk:operation GET /customers/{customer_id}/bank-accounts/{account_id}
func (s *PaymentsService) GetBankAccount(ctx context.Context, customerID, id string) (*BankAccount, error) {
	return one[*BankAccount](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      bankAccountRoute,
		IDs:        []any{customerID, id},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, bankAccountContent{})
}

// UpdateBankAccountRequest changes the fields that are set and leaves the others alone.
type UpdateBankAccountRequest struct {
	// AccountType is the present type of the account. It cannot be changed.
	AccountType BankAccountType `json:"account_type"`
	// AccountName, AccountNumber, IFSCCode and BankName are for outbound accounts.
	AccountName   *string `json:"account_name,omitempty"`
	AccountNumber *string `json:"account_number,omitempty"`
	IFSCCode      *string `json:"ifsc_code,omitempty"`
	BankName      *string `json:"bank_name,omitempty"`
	IsDefault     *bool   `json:"is_default,omitempty"`
}

// UpdateBankAccount changes a bank account of a customer. For an inbound account, only
// IsDefault can be changed.
//
// See https://llm-docs.commercengine.io/storefront/operations/update-bank-account.
//
//souk:operation PUT /customers/{customer_id}/bank-accounts/{account_id}
func (s *PaymentsService) UpdateBankAccount(ctx context.Context, customerID, id string, req UpdateBankAccountRequest) (*BankAccount, error) {
	call := &transport.Call{
		Method:     http.MethodPut,
		Route:      bankAccountRoute,
		IDs:        []any{customerID, id},
		Body:       req,
		Repeat:     transport.Idempotent,
		Credential: s.shopper.customer(),
	}
	checkAccountType(&call.Problems, req.AccountType)
	details := req.AccountName != nil || req.AccountNumber != nil || req.IFSCCode != nil || req.BankName != nil
	call.Problems.Require(req.AccountType != InboundAccount || !details,
		"AccountType", "must be outbound for changes of name, number, IFSC code and bank")
	return one[*BankAccount](ctx, s.transport, call, bankAccountContent{})
}

// DeleteBankAccount deletes a bank account of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/delete-bank-account.
//
//souk:operation DELETE /customers/{customer_id}/bank-accounts/{account_id}
func (s *PaymentsService) DeleteBankAccount(ctx context.Context, customerID, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:     http.MethodDelete,
		Route:      bankAccountRoute,
		IDs:        []any{customerID, id},
		Repeat:     transport.Idempotent,
		Deletes:    true,
		Credential: s.shopper.customer(),
	})
}

// VerifyBankAccountRequest says whether an account belongs to the customer.
type VerifyBankAccountRequest struct {
	IsVerified bool `json:"is_verified"`
}

// VerifyBankAccount records whether an account belongs to the customer. Only the
// primary user of the customer may do this.
//
// See https://llm-docs.commercengine.io/storefront/operations/verify-bank-account.
//
//souk:operation POST /customers/{customer_id}/bank-accounts/{account_id}/verify
func (s *PaymentsService) VerifyBankAccount(ctx context.Context, customerID, id string, req VerifyBankAccountRequest) (*BankAccount, error) {
	return one[*BankAccount](ctx, s.transport, &transport.Call{
		Method:     http.MethodPost,
		Route:      bankAccountRoute + "/verify",
		IDs:        []any{customerID, id},
		Body:       req,
		Repeat:     transport.Idempotent,
		Credential: s.shopper.customer(),
	}, bankAccountContent{})
}

func (r CreateBankAccountRequest) check(problems *transport.Problems) {
	checkAccountType(problems, r.AccountType)
	switch r.AccountType {
	case OutboundAccount:
		problems.NotEmpty("AccountName", r.AccountName)
		problems.NotEmpty("AccountNumber", r.AccountNumber)
		problems.NotEmpty("IFSCCode", r.IFSCCode)
		problems.NotEmpty("BankName", r.BankName)
		problems.Require(r.ServiceProviderSlug == "", "ServiceProviderSlug", "is for inbound accounts")
	case InboundAccount:
		problems.NotEmpty("ServiceProviderSlug", r.ServiceProviderSlug)
		problems.Require(r.AccountName+r.AccountNumber+r.IFSCCode+r.BankName == "",
			"AccountType", "must be outbound for an account with name, number, IFSC code and bank")
	}
}

func checkAccountType(problems *transport.Problems, t BankAccountType) {
	problems.Require(t == InboundAccount || t == OutboundAccount, "AccountType", "must be inbound or outbound")
}
