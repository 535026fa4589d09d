package commercengine

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

// SavedPaymentMethods lists the payment methods that a customer has used.
type SavedPaymentMethods struct {
	UPICollect []SavedUPI    `json:"upi_collect"`
	Wallet     []SavedWallet `json:"wallet"`
	Card       []SavedCard   `json:"card"`
}

// SavedUPI is a UPI address that a customer has paid with.
type SavedUPI struct {
	VPA string `json:"vpa"`
	// Count is how often it was used.
	Count json.Number `json:"count"`
	// LastUsed is a time of an undocumented form.
	LastUsed string `json:"last_used"`
}

// SavedWallet is a wallet that a customer has linked. Its times are texts of an
// undocumented form.
type SavedWallet struct {
	ID                 string               `json:"id"`
	Wallet             string               `json:"wallet"`
	GatewayReferenceID string               `json:"gateway_reference_id"`
	LastRefreshed      string               `json:"last_refreshed"`
	Linked             string               `json:"linked"`
	Metadata           *SavedWalletMetadata `json:"metadata"`
	SubDetails         *SavedWalletDetails  `json:"sub_details"`
}

// SavedWalletMetadata says whose wallet it is.
type SavedWalletMetadata struct {
	MobileNumber string `json:"mobile_number"`
	DeviceID     string `json:"device_id"`
}

// SavedWalletDetails says what is in a wallet.
type SavedWalletDetails struct {
	CurrentBalance    string `json:"current_balance"`
	LastUsed          string `json:"last_used"`
	LastRefreshed     string `json:"last_refreshed"`
	PaymentMethod     string `json:"payment_method"`
	PaymentMethodType string `json:"payment_method_type"`
}

// SavedCard is a card that a customer has paid with.
type SavedCard struct {
	CardToken             string `json:"card_token"`
	CardReference         string `json:"card_reference"`
	CardFingerprint       string `json:"card_fingerprint"`
	CardGlobalFingerprint string `json:"card_global_fingerprint"`
	// CardNumber appears to be masked: inferred, not documented.
	CardNumber string `json:"card_number"`
	CardISIN   string `json:"card_isin"`
	NameOnCard string `json:"name_on_card"`
	// CardExpMonth and CardExpYear are digits, such as "05" and "2030".
	CardExpMonth        string       `json:"card_exp_month"`
	CardExpYear         string       `json:"card_exp_year"`
	Nickname            string       `json:"nickname"`
	CardBrand           string       `json:"card_brand"`
	CardType            string       `json:"card_type"`
	CardSubType         string       `json:"card_sub_type"`
	CardSubTypeCategory string       `json:"card_sub_type_category"`
	ExtendedCardType    string       `json:"extended_card_type"`
	CardIssuer          string       `json:"card_issuer"`
	CardIssuerCountry   string       `json:"card_issuer_country"`
	CountryCode         string       `json:"country_code"`
	JuspayBankCode      string       `json:"juspay_bank_code"`
	Provider            string       `json:"provider"`
	ProviderCategory    string       `json:"provider_category"`
	VaultProvider       string       `json:"vault_provider"`
	Expired             bool         `json:"expired"`
	TokenizeSupport     bool         `json:"tokenize_support"`
	Metadata            CardMetadata `json:"metadata"`
}

// ListPaymentMethodsRequest says which payment methods to return.
type ListPaymentMethodsRequest struct {
	// PaymentMethods lists the kinds to return: "upi_collect", "card", "wallet". Nil
	// means all; an empty list is [souk.ErrInvalid].
	PaymentMethods []string `url:"payment_methods,omitempty,comma"`
}

// ListPaymentMethods returns the payment methods that a customer has used, as the
// payment provider JusPay knows them.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-saved-payment-methods.
//
//souk:operation GET /customers/{customer_id}/payment-methods
func (s *PaymentsService) ListPaymentMethods(ctx context.Context, customerID string, req ListPaymentMethodsRequest) (*SavedPaymentMethods, error) {
	var problems transport.Problems
	transport.Values(&problems, "PaymentMethods", req.PaymentMethods)
	return one[*SavedPaymentMethods](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      "/customers/{customer_id}/payment-methods",
		IDs:        []any{customerID},
		Query:      req,
		Repeat:     transport.Safe,
		Problems:   problems,
		Credential: s.shopper.customer(),
	}, paymentMethodsContent{})
}
