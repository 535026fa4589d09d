package commercengine

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

// StoreCheck says whether a store exists.
type StoreCheck struct {
	Exists  bool
	Message string
}

// StoreConfig is the public configuration of the store.
type StoreConfig struct {
	IsKYCEnabled           bool                `json:"is_kyc_enabled"`
	IsCustomerGroupEnabled bool                `json:"is_customer_group_enabled"`
	Brand                  Brand               `json:"brand"`
	Currency               Currency            `json:"currency"`
	CustomerGroups         []CustomerGroup     `json:"customer_groups"`
	KYCDocuments           []DocumentType      `json:"kyc_documents"`
	AnalyticsProviders     []AnalyticsProvider `json:"analytics_providers"`
	PaymentProviders       []PaymentProvider   `json:"payment_providers"`
	TermsOfService         StoreTemplate       `json:"terms_of_service"`
	RefundPolicy           StoreTemplate       `json:"refund_policy"`
}

// Brand holds the store's name, logo and links.
type Brand struct {
	Name    string `json:"name"`
	LogoURL string `json:"logo_url"`
	// SocialMediaLinks holds URLs by the name of the network.
	SocialMediaLinks map[string]string `json:"social_media_links"`
}

// Currency is the currency of all amounts of the store.
type Currency struct {
	Name string `json:"name"`
	// Code is an ISO 4217 code such as "INR".
	Code   string `json:"code"`
	Symbol string `json:"symbol"`
}

// ServiceProvider is a provider whose service the store uses.
type ServiceProvider struct {
	ID               string `json:"id"`
	Name             string `json:"name"`
	ShortDescription string `json:"short_description"`
	// Features are objects of an undocumented form.
	Features  []json.RawMessage `json:"features"`
	LogoDark  string            `json:"logo_dark"`
	LogoLight string            `json:"logo_light"`
}

// AnalyticsProvider is a provider of analytics.
type AnalyticsProvider struct {
	ServiceProvider
	Slug string `json:"analytics_provider_slug"`
	// APICredentials is an object of an undocumented form. Every storefront receives it
	// with its API key, so it is not a secret of the store, and printers show it.
	APICredentials json.RawMessage `json:"api_credentials"`
}

// PaymentProvider is a provider of payments.
type PaymentProvider struct {
	ServiceProvider
	Slug string `json:"payment_provider_slug"`
}

// StoreTemplate is a text of the store.
type StoreTemplate struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	ContentTitle string `json:"content_title"`
	// ContentType is "html", "markdown" or "plaintext".
	ContentType string `json:"content_type"`
	Content     string `json:"content"`
}

// StoreService reads data about the store, countries and pincodes. All its methods need
// an APIKey.
type StoreService service

// Check reports whether the store exists. It is not an error if it does not.
//
// See https://llm-docs.commercengine.io/storefront/operations/check-store.
//
//souk:operation GET /store/check
func (s *StoreService) Check(ctx context.Context) (*StoreCheck, error) {
	var out storeAnswer
	err := s.transport.Do(ctx, (*service)(s).keyed(&transport.Call{
		Method: http.MethodGet,
		Route:  "/store/check",
		Repeat: transport.Safe,
		Out:    &out,
	}))
	if err != nil {
		return nil, err
	}
	return &StoreCheck{Exists: out.Success == yes, Message: out.Message}, nil
}

// Config returns the public configuration of the store.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-config.
//
//souk:operation GET /store/config
func (s *StoreService) Config(ctx context.Context) (*StoreConfig, error) {
	return one[*StoreConfig](ctx, s.transport, (*service)(s).keyed(&transport.Call{
		Method: http.MethodGet,
		Route:  "/store/config",
		Repeat: transport.Safe,
	}), storeConfigContent{})
}
