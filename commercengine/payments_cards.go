package commercengine

import (
	"context"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

// Card is a saved card, as the payment provider JusPay describes it.
type Card struct {
	CardToken       string `json:"card_token"`
	CardReference   string `json:"card_reference"`
	CardFingerprint string `json:"card_fingerprint"`
	// CardNumber appears to be masked: inferred, not documented.
	CardNumber string `json:"card_number"`
	// CardISIN holds the first digits of the card number.
	CardISIN   string `json:"card_isin"`
	NameOnCard string `json:"name_on_card"`
	// CardExpMonth and CardExpYear are digits, such as "05" and "2030".
	CardExpMonth        string `json:"card_exp_month"`
	CardExpYear         string `json:"card_exp_year"`
	Nickname            string `json:"nickname"`
	CardBrand           string `json:"card_brand"`
	CardType            string `json:"card_type"`
	CardSubType         string `json:"card_sub_type"`
	CardSubTypeCategory string `json:"card_sub_type_category"`
	ExtendedCardType    string `json:"extended_card_type"`
	CardIssuer          string `json:"card_issuer"`
	CardIssuerCountry   string `json:"card_issuer_country"`
	CountryCode         string `json:"country_code"`
	JuspayBankCode      string `json:"juspay_bank_code"`
	Provider            string `json:"provider"`
	ProviderCategory    string `json:"provider_category"`
	VaultProvider       string `json:"vault_provider"`
	Health              string `json:"health"`
	Expired             bool   `json:"expired"`
	MandateSupport      bool   `json:"mandate_support"`
	TokenizeSupport     bool   `json:"tokenize_support"`
	ATMPINAuthSupport   bool   `json:"atm_pin_auth_support"`
	DirectOTPSupport    bool   `json:"direct_otp_support"`
	// Token is nil for a card that is not tokenized.
	Token    *CardNetworkToken  `json:"token"`
	Tokens   []CardNetworkToken `json:"tokens"`
	Metadata CardMetadata       `json:"metadata"`
}

// CardNetworkToken stands for a card at a card network.
type CardNetworkToken struct {
	TokenizationStatus       string        `json:"tokenization_status"`
	LastFourDigits           string        `json:"last_four_digits"`
	CardToken                string        `json:"card_token"`
	CardReference            string        `json:"card_reference"`
	CardFingerprint          string        `json:"card_fingerprint"`
	CardISIN                 string        `json:"card_isin"`
	ExpiryMonth              string        `json:"expiry_month"`
	ExpiryYear               string        `json:"expiry_year"`
	PAR                      string        `json:"par"`
	ProviderCategory         string        `json:"provider_category"`
	VaultProvider            string        `json:"vault_provider"`
	ProvisionTokenID         string        `json:"provision_token_id"`
	SupportTokenTransaction  bool          `json:"support_token_transaction"`
	TokenSupportedGateways   []string      `json:"token_supported_gateways"`
	CVVLessSupport           bool          `json:"cvv_less_support"`
	CVVLessSupportedGateways []string      `json:"cvv_less_supported_gateways"`
	CVVLessDetails           []CardGateway `json:"cvv_less_details"`
}

// CardGateway is a payment gateway that accepts a card without its CVV.
type CardGateway struct {
	Gateway             string   `json:"gateway"`
	GatewayReferenceIDs []string `json:"gateway_reference_ids"`
}

// CardMetadata says where a card was saved.
type CardMetadata struct {
	OriginCustomerID string `json:"origin_customer_id"`
	OriginMerchantID string `json:"origin_merchant_id"`
}

// PaymentsService reads and writes saved cards and payment methods, bank
// accounts, mandates and the credit line of a customer.
type PaymentsService service

// ListCards returns the saved cards of a customer, all at once.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-customer-cards.
//
//souk:operation GET /customers/{customer_id}/cards
func (s *PaymentsService) ListCards(ctx context.Context, customerID string) ([]Card, error) {
	return one[[]Card](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      "/customers/{customer_id}/cards",
		IDs:        []any{customerID},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, cardsContent{})
}
