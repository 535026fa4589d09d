package matrix

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

// What the answers hold that repeat no id.
const (
	sentence = "an acknowledgement"
	picture  = "an address on the web"
	noParent = "rows that do not say whose they are"
	noID     = "an object that does not say whose it is"
	newOne   = "an object that is new, and does not say whose it is"
)

var sallaOthers = namings{
	client: func(t *testing.T, o souk.Options) map[string]naming {
		c, err := salla.NewClient(salla.Config{Token: "t", BaseURL: "https://salla.others.example", Options: o})
		require.NoError(t, err)
		const one = `{"status":200,"success":true,"data":{"id":"71"}}`
		return map[string]naming{
			"GET /customers/{customer}": {read, one, func(ctx context.Context) error {
				return failure(c.Customers.Get(ctx, 71, salla.GetCustomerRequest{}))
			}},
			"PUT /customers/{customer}": {change, one, func(ctx context.Context) error {
				return failure(c.Customers.Update(ctx, 71, salla.UpdateCustomerRequest{FirstName: new("Ada")}))
			}},
			"PUT /customers/groups/{group}": {change, one, func(ctx context.Context) error {
				return failure(c.CustomerGroups.Update(ctx, 71, salla.UpdateCustomerGroupRequest{Name: new("VIP")}))
			}},
			"PUT /webhooks/{webhook}": {change, one, func(ctx context.Context) error {
				return failure(c.Webhooks.Update(ctx, 71, salla.UpdateWebhookRequest{Name: new("x")}))
			}},
		}
	},
	silent: map[string]string{
		"DELETE /customers/{customer}":           sentence,
		"PUT /customers/blacklist/{customer}":    sentence,
		"DELETE /customers/blacklist/{customer}": sentence,
		"DELETE /customers/groups/{group}":       sentence,
	},
}

var shoplineOthers = namings{
	client: func(t *testing.T, o souk.Options) map[string]naming {
		c, err := shopline.NewClient(shopline.Config{Token: "t", BaseURL: "https://shopline.others.example", Options: o})
		require.NoError(t, err)
		const (
			customer = `{"customer":{"id":"71"}}`
			address  = `{"customer_address":{"id":"81","customer_id":"71"}}`
			group    = `{"customer_saved_search":{"id":"71"}}`
			webhook  = `{"webhook":{"id":"71"}}`
		)
		return map[string]naming{
			"GET /customers/v2/{id}.json": {read, customer, func(ctx context.Context) error {
				return failure(c.Customers.Get(ctx, "71", shopline.GetCustomerRequest{}))
			}},
			"PUT /customers/{id}.json": {change, customer, func(ctx context.Context) error {
				return failure(c.Customers.Update(ctx, "71", shopline.UpdateCustomerRequest{Note: new("x")}))
			}},
			"DELETE /customers/{id}.json": {change, customer, func(ctx context.Context) error { return c.Customers.Delete(ctx, "71") }},
			"POST /customers/{id}/addresses.json": {write, `{"customer_address":{"id":"9","customer_id":"71"}}`, func(ctx context.Context) error {
				return failure(c.Addresses.Create(ctx, "71", shopline.CreateAddressRequest{City: "Bonn"}))
			}},
			"GET /customers/{id}/addresses/{address_id}.json": {read, address, func(ctx context.Context) error {
				return failure(c.Addresses.Get(ctx, "71", "81"))
			}},
			"PUT /customers/{id}/addresses/{address_id}.json": {change, address, func(ctx context.Context) error {
				return failure(c.Addresses.Update(ctx, "71", "81", shopline.UpdateAddressRequest{City: new("Bonn")}))
			}},
			"GET /customer_saved_searches/{id}.json": {read, group, func(ctx context.Context) error {
				return failure(c.CustomerGroups.Get(ctx, "71", shopline.GetCustomerGroupRequest{}))
			}},
			"PUT /customer_saved_searches/{id}.json": {change, group, func(ctx context.Context) error {
				return failure(c.CustomerGroups.Update(ctx, "71", shopline.UpdateCustomerGroupRequest{Name: new("VIP")}))
			}},
			"GET /{id}/webhooks.json": {read, webhook, func(ctx context.Context) error { return failure(c.Webhooks.Get(ctx, 71)) }},
			"PUT /{id}/webhooks.json": {change, webhook, func(ctx context.Context) error {
				return failure(c.Webhooks.Update(ctx, 71, shopline.UpdateWebhookRequest{Address: new("https://app.example")}))
			}},
		}
	},
	silent: map[string]string{
		"GET /customers/{id}/orders.json":                         noParent,
		"POST /customers/{id}/send_invite.json":                   noID,
		"POST /customers/{id}/account_activation_url.json":        picture,
		"DELETE /customers/{id}/addresses/{address_id}.json":      sentence,
		"PUT /customers/{id}/addresses/{address_id}/default.json": sentence,
		"PUT /customers/{id}/addresses/set.json":                  sentence,
		"DELETE /customer_saved_searches/{id}.json":               sentence,
		"GET /customer_saved_searches/{id}/customers.json":        noParent,
		"DELETE /{id}/webhooks.json":                              sentence,
	},
}

func shoplazzaOthers(version string) namings {
	return namings{client: func(t *testing.T, o souk.Options) map[string]naming {
		c, err := shoplazza.NewClient(shoplazza.Config{
			Token: "t", BaseURL: "https://shoplazza-" + version + ".others.example", Version: version, Options: o,
		})
		require.NoError(t, err)
		form := `{%s}`
		if version != "2022-01" {
			form = `{"code":"Success","data":{%s}}`
		}
		in := func(content string) string { return strings.Replace(form, "%s", content, 1) }
		customer, webhook := in(`"customer":{"id":"71"}`), in(`"webhook":{"id":"71"}`)
		address, done := in(`"address":{"id":"81","customer_id":"71"}`), `{"code":"Success","data":{"address":{"id":"81","customer_id":"71"}}}`
		return map[string]naming{
			"GET /customers/{id}": {read, customer, func(ctx context.Context) error {
				return failure(c.Customers.Get(ctx, "71", shoplazza.GetCustomerRequest{}))
			}},
			"PUT /customers/{id}": {change, customer, func(ctx context.Context) error {
				return failure(c.Customers.Update(ctx, "71", shoplazza.UpdateCustomerRequest{FirstName: new("Ada")}))
			}},
			"GET /customers/{customer_id}/addresses": {read, in(`"addresses":[{"id":"9","customer_id":"71"},{"id":"10","customer_id":"71"}],"has_more":false`), func(ctx context.Context) error {
				return failure(c.Addresses.List(ctx, "71", shoplazza.ListAddressesRequest{}))
			}},
			"POST /customers/{customer_id}/addresses": {write, in(`"address":{"id":"9","customer_id":"71"}`), func(ctx context.Context) error {
				return failure(c.Addresses.Create(ctx, "71", shoplazza.CreateAddressRequest{Country: "Finland", CountryCode: "FI"}))
			}},
			"GET /customers/{customer_id}/addresses/{address_id}": {read, address, func(ctx context.Context) error {
				return failure(c.Addresses.Get(ctx, "71", "81"))
			}},
			"PUT /customers/{customer_id}/addresses/{address_id}": {change, address, func(ctx context.Context) error {
				return failure(c.Addresses.Update(ctx, "71", "81", shoplazza.UpdateAddressRequest{City: new("Turku")}))
			}},
			"DELETE /customers/{customer_id}/addresses/{address_id}": {change, done, func(ctx context.Context) error {
				return c.Addresses.Delete(ctx, "71", "81")
			}},
			"PUT /customers/{customer_id}/addresses/{address_id}/default": {change, done, func(ctx context.Context) error {
				return c.Addresses.SetDefault(ctx, "71", "81")
			}},
			"GET /webhooks/{id}": {read, webhook, func(ctx context.Context) error { return failure(c.Webhooks.Get(ctx, "71")) }},
			"PUT /webhooks/{id}": {change, webhook, func(ctx context.Context) error {
				return failure(c.Webhooks.Update(ctx, "71", shoplazza.UpdateWebhookRequest{Topic: new(shoplazza.TopicOrdersCreate)}))
			}},
			"DELETE /webhooks/{id}": {change, `{"code":"Success","data":{"webhook":{"id":"71"}}}`, func(ctx context.Context) error {
				return c.Webhooks.Delete(ctx, "71")
			}},
		}
	}}
}

var xcladeOthers = namings{client: func(t *testing.T, o souk.Options) map[string]naming {
	c, err := xclade.NewClient(xclade.Config{Token: "t", BaseURL: "https://xclade.others.example", Options: o})
	require.NoError(t, err)
	const (
		customer = `{"customer":{"id":"71"}}`
		group    = `{"customer_group":{"id":"71"}}`
		written  = `{"customer":{"id":"71","addresses":[{"id":"81","city":"Bonn","customer_id":"71"}]}}`
	)
	members := xclade.UpdateMembersRequest{Add: []string{"cus_1"}}
	return map[string]naming{
		"GET /admin/customers/{id}": {read, customer, func(ctx context.Context) error {
			return failure(c.Customers.Get(ctx, "71", xclade.GetCustomerRequest{}))
		}},
		"POST /admin/customers/{id}": {change, customer, func(ctx context.Context) error {
			return failure(c.Customers.Update(ctx, "71", xclade.UpdateCustomerRequest{FirstName: new("Ada")}))
		}},
		"DELETE /admin/customers/{id}": {change, `{"id":"71","object":"customer","deleted":true}`, func(ctx context.Context) error {
			return c.Customers.Delete(ctx, "71")
		}},
		"GET /admin/customers/{id}/addresses": {read, `{"addresses":[{"id":"a1","customer_id":"71"},{"id":"a2","customer_id":"71"}],"count":2,"offset":0,"limit":50}`, func(ctx context.Context) error {
			return failure(c.Addresses.List(ctx, "71", xclade.ListAddressesRequest{}))
		}},
		"POST /admin/customers/{id}/addresses": {write, `{"customer":{"id":"71","addresses":[{"id":"a1","city":"Bonn","customer_id":"71"}]}}`, func(ctx context.Context) error {
			return failure(c.Addresses.Create(ctx, "71", xclade.CreateAddressRequest{City: "Bonn"}))
		}},
		"GET /admin/customers/{id}/addresses/{address_id}": {read, `{"address":{"id":"81","customer_id":"71"}}`, func(ctx context.Context) error {
			return failure(c.Addresses.Get(ctx, "71", "81"))
		}},
		"POST /admin/customers/{id}/addresses/{address_id}": {change, strings.Replace(written, "81", "8_1", 1), func(ctx context.Context) error {
			return failure(c.Addresses.Update(ctx, "71", "8_1", xclade.UpdateAddressRequest{City: new("Bonn")}))
		}},
		"DELETE /admin/customers/{id}/addresses/{address_id}": {change, `{"id":"81","object":"customer_address","deleted":true,"parent":{"id":"71"}}`, func(ctx context.Context) error {
			return c.Addresses.Delete(ctx, "71", "81")
		}},
		"POST /admin/customers/{id}/customer-groups": {change, customer, func(ctx context.Context) error {
			return failure(c.Customers.UpdateGroups(ctx, "71", members))
		}},
		"GET /admin/customer-groups/{id}": {read, group, func(ctx context.Context) error {
			return failure(c.CustomerGroups.Get(ctx, "71", xclade.GetCustomerGroupRequest{}))
		}},
		"POST /admin/customer-groups/{id}": {change, group, func(ctx context.Context) error {
			return failure(c.CustomerGroups.Update(ctx, "71", xclade.UpdateCustomerGroupRequest{Name: new("VIP")}))
		}},
		"DELETE /admin/customer-groups/{id}": {change, `{"id":"71","object":"customer_group","deleted":true}`, func(ctx context.Context) error {
			return c.CustomerGroups.Delete(ctx, "71")
		}},
		"POST /admin/customer-groups/{id}/customers": {change, group, func(ctx context.Context) error {
			return failure(c.CustomerGroups.UpdateCustomers(ctx, "71", members))
		}},
	}
}}

var commercengineOthers = namings{
	client: func(t *testing.T, o souk.Options) map[string]naming {
		c, err := commercengine.NewClient(commercengine.Config{
			StoreID: "others", Token: "t", APIKey: "k", BaseURL: "https://commercengine.others.example", Options: o,
		})
		require.NoError(t, err)
		in := func(content string) string { return `{"success":true,"content":{` + content + `}}` }
		user, customer := in(`"user":{"id":"71"}`), in(`"customer_detail":{"id":"71"}`)
		where, document := in(`"address":{"id":"81"}`), in(`"document":{"id":"81"}`)
		account, mandate := in(`"bank_account":{"id":"81","account_type":"inbound"}`), in(`"mandate":{"id":"81"}`)
		return map[string]naming{
			"GET /auth/user/{id}": {read, user, func(ctx context.Context) error { return failure(c.Auth.GetUser(ctx, "71")) }},
			"PUT /auth/user/{id}": {change, user, func(ctx context.Context) error {
				return failure(c.Auth.UpdateUser(ctx, "71", commercengine.UpdateUserRequest{FirstName: new("Asha")}))
			}},
			"GET /customers/{id}": {read, customer, func(ctx context.Context) error {
				return failure(c.Customers.Get(ctx, "71", commercengine.GetCustomerRequest{}))
			}},
			"PUT /customers/{id}": {change, customer, func(ctx context.Context) error {
				return failure(c.Customers.Update(ctx, "71", commercengine.UpdateCustomerRequest{}))
			}},
			"GET /customers/{customer_id}/addresses/{address_id}": {read, where, func(ctx context.Context) error {
				return failure(c.Addresses.Get(ctx, "71", "81"))
			}},
			"PUT /customers/{customer_id}/addresses/{address_id}": {change, where, func(ctx context.Context) error {
				return failure(c.Addresses.Update(ctx, "71", "81", commercengine.UpdateAddressRequest(address("Home", oldName))))
			}},
			"GET /customers/{customer_id}/bank-accounts/{account_id}": {read, account, func(ctx context.Context) error {
				return failure(c.Payments.GetBankAccount(ctx, "71", "81"))
			}},
			"PUT /customers/{customer_id}/bank-accounts/{account_id}": {change, account, func(ctx context.Context) error {
				return failure(c.Payments.UpdateBankAccount(ctx, "71", "81", commercengine.UpdateBankAccountRequest{
					AccountType: commercengine.InboundAccount, IsDefault: new(true),
				}))
			}},
			"POST /customers/{customer_id}/bank-accounts/{account_id}/verify": {change, account, func(ctx context.Context) error {
				return failure(c.Payments.VerifyBankAccount(ctx, "71", "81", commercengine.VerifyBankAccountRequest{IsVerified: true}))
			}},
			"GET /customers/{customer_id}/documents/{document_id}": {read, document, func(ctx context.Context) error {
				return failure(c.KYC.Get(ctx, "71", "81"))
			}},
			"PUT /customers/{customer_id}/documents/{document_id}": {change, document, func(ctx context.Context) error {
				return failure(c.KYC.Update(ctx, "71", "81", commercengine.UpdateDocumentRequest{
					DocumentNumber: "A", DocumentTypeID: "t", ModifiedReason: "better",
					File: commercengine.File{Name: "a.pdf", ContentType: "application/pdf", Reader: strings.NewReader("scan")},
				}))
			}},
			"GET /customers/{customer_id}/mandates/{mandate_id}": {read, mandate, func(ctx context.Context) error {
				return failure(c.Payments.GetMandate(ctx, "71", "81", commercengine.GetMandateRequest{}))
			}},
			"PUT /customers/{customer_id}/mandates/{mandate_id}": {change, mandate, func(ctx context.Context) error {
				return failure(c.Payments.UpdateMandate(ctx, "71", "81", commercengine.UpdateMandateRequest{MaxAmount: "1"}))
			}},
			"POST /customers/{customer_id}/mandates/{mandate_id}/pause": {write, mandate, func(ctx context.Context) error {
				return failure(c.Payments.PauseMandate(ctx, "71", "81"))
			}},
			"POST /customers/{customer_id}/mandates/{mandate_id}/resume": {write, mandate, func(ctx context.Context) error {
				return failure(c.Payments.ResumeMandate(ctx, "71", "81"))
			}},
			"POST /customers/{customer_id}/mandates/{mandate_id}/revoke": {write, mandate, func(ctx context.Context) error {
				return failure(c.Payments.RevokeMandate(ctx, "71", "81"))
			}},
			"GET /payments/ifsc-lookup/{ifsc_code}": {read, in(`"ifsc":{"ifsc":"HDFC0000071"}`), func(ctx context.Context) error {
				return failure(c.Payments.LookUpIFSC(ctx, "hdfc0000071"))
			}},
		}
	},
	silent: map[string]string{
		"DELETE /auth/user/{id}":                                     sentence,
		"PUT /auth/user/{id}/deactivate":                             sentence,
		"GET /auth/user/{id}/profile-image":                          picture,
		"PUT /auth/user/{id}/profile-image":                          picture,
		"POST /auth/user/{id}/profile-image":                         picture,
		"DELETE /auth/user/{id}/profile-image":                       sentence,
		"GET /common/countries/{country_iso_code}/pincodes":          noParent,
		"GET /common/countries/{country_iso_code}/states":            noParent,
		"GET /customers/{customer_id}/addresses":                     noParent,
		"POST /customers/{customer_id}/addresses":                    newOne,
		"DELETE /customers/{customer_id}/addresses/{address_id}":     sentence,
		"GET /customers/{customer_id}/bank-accounts":                 noParent,
		"POST /customers/{customer_id}/bank-accounts":                newOne,
		"DELETE /customers/{customer_id}/bank-accounts/{account_id}": sentence,
		"GET /customers/{customer_id}/cards":                         noParent,
		"GET /customers/{customer_id}/credit-line-balance":           noID,
		"GET /customers/{customer_id}/documents":                     noParent,
		"POST /customers/{customer_id}/documents":                    newOne,
		"POST /customers/{customer_id}/documents/verify":             noID,
		"DELETE /customers/{customer_id}/documents/{document_id}":    sentence,
		"GET /customers/{customer_id}/loyalty":                       noID,
		"GET /customers/{customer_id}/loyalty-points-activity":       noParent,
		"GET /customers/{customer_id}/mandate-debit-schedules":       noParent,
		"GET /customers/{customer_id}/mandates":                      noParent,
		"POST /customers/{customer_id}/mandates":                     newOne,
		"GET /customers/{customer_id}/payment-methods":               noParent,
		"GET /customers/{customer_id}/reviews":                       noParent,
		"GET /customers/{id}/authorized-sellers":                     noParent,
	},
}
