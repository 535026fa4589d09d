package shopline_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

// Nothing in this file may send a request: the Gock has no mocks.
func TestWrongInputIsRefusedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("ä", n) }
	const blank = "must not be blank: the server might leave the filter out; an empty text means no filter"
	const oneID = `must be one id: letters, digits, "-", "_", "." and "~"`
	for _, test := range []struct {
		name string
		call func(context.Context, *shopline.Client) error
		want map[string][]string
	}{
		{
			"an id that leaves its path",
			func(ctx context.Context, c *shopline.Client) error { return c.Customers.Delete(ctx, "../orders/1") },
			map[string][]string{"id": {`must be one id: letters, digits, "-", "_", "." and "~"`}},
		},
		{
			"an id with a query",
			func(ctx context.Context, c *shopline.Client) error { return c.Customers.Delete(ctx, "1?x=y") },
			map[string][]string{"id": {`must be one id: letters, digits, "-", "_", "." and "~"`}},
		},
		{
			"two bad ids",
			func(ctx context.Context, c *shopline.Client) error { return c.Addresses.Delete(ctx, "..", "") },
			map[string][]string{"id": {"must be an id, which holds a digit, and not a word of a path"}, "address_id": {"must not be empty"}},
		},
		{
			"a webhook's id that is none",
			func(ctx context.Context, c *shopline.Client) error { return c.Webhooks.Delete(ctx, 0) },
			map[string][]string{"id": {"must be a positive id"}},
		},
		{
			"a search text of 51 characters",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Search(ctx, shopline.SearchCustomersRequest{Text: long(51)})
				return err
			},
			map[string][]string{"Text": {"must have at most 50 characters"}},
		},
		{
			"a search for blanks",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Search(ctx, shopline.SearchCustomersRequest{Text: " ", Query: "\n"})
				return err
			},
			map[string][]string{"Text": {blank}, "Query": {blank}},
		},
		{
			"a search for two fields in one",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Search(ctx, shopline.SearchCustomersRequest{Fields: []string{"email,phone"}})
				return err
			},
			map[string][]string{"Fields": {"must hold names without commas and spaces, none of them empty"}},
		},
		{
			"a search order that does not exist",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Search(ctx, shopline.SearchCustomersRequest{Order: 4})
				return err
			},
			map[string][]string{"Order": {"must be between 0 and 3"}},
		},
		{
			"a page of 251",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.List(ctx, shopline.ListCustomersRequest{Limit: 251})
				return err
			},
			map[string][]string{"Limit": {"must be between 1 and 250; 0 means SHOPLINE's default, 50"}},
		},
		{
			"a page of 251 in a walk",
			func(ctx context.Context, c *shopline.Client) error {
				for _, err := range c.Customers.All(ctx, shopline.ListCustomersRequest{Limit: 251}) {
					return err
				}
				return nil
			},
			map[string][]string{"Limit": {"must be between 1 and 250; 0 means SHOPLINE's default, 50"}},
		},
		{
			"101 orders, and a status that does not exist",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.ListOrders(ctx, "1", shopline.ListOrdersRequest{Limit: 101, Status: "closed"})
				return err
			},
			map[string][]string{
				"Limit":  {"must be between 1 and 100; 0 means SHOPLINE's default, 50"},
				"Status": {"must be open, cancelled or any"},
			},
		},
		{
			"ids of more than 64 characters",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.List(ctx, shopline.ListCustomersRequest{IDs: strings.Split(strings.Repeat("2791748138 ", 6), " ")[:6]})
				return err
			},
			map[string][]string{"IDs": {"must have at most 64 characters"}},
		},
		{
			"fields with a comma",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Get(ctx, "1", shopline.GetCustomerRequest{Fields: []string{"id,email"}})
				return err
			},
			map[string][]string{"Fields": {"must hold names without commas and spaces, none of them empty"}},
		},
		{
			"members in an order that does not exist",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.CustomerGroups.ListMembers(ctx, "GROUP1", shopline.ListMembersRequest{Order: 3, Limit: -1, Fields: []string{""}})
				return err
			},
			map[string][]string{
				"Order":  {"must be 1 or 2; 0 means 1"},
				"Limit":  {"must be between 1 and 250; 0 means SHOPLINE's default, 50"},
				"Fields": {"must hold names without commas and spaces, none of them empty"},
			},
		},
		{
			"a customer without an address of any kind",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Create(ctx, shopline.CreateCustomerRequest{FirstName: "Nan"})
				return err
			},
			map[string][]string{"Email": {"Email or Phone is required"}},
		},
		{
			"a customer in whom everything is wrong",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Create(ctx, shopline.CreateCustomerRequest{
					Email: long(51), Phone: long(21), FirstName: long(129), LastName: long(129), Gender: 4, Birthday: "1993-04-26",
					Note: long(1001), Tags: shopline.Tags{"a,b"}, MultipassIdentifier: long(101),
					Password: "short", PasswordConfirmation: "other",
					EmailMarketingConsent: &shopline.MarketingConsentRequest{State: 4, OptInLevel: new(shopline.OptInLevel(3)), CollectedFrom: new(long(51))},
					Addresses:             []shopline.CreateCustomerAddress{{}, {CountryCode: "usa", Zip: long(65)}},
				})
				return err
			},
			map[string][]string{
				"Email": {"must have at most 50 characters"}, "Phone": {"must have at most 20 characters"},
				"FirstName": {"must have at most 128 characters"}, "LastName": {"must have at most 128 characters"},
				"Gender":                              {"must be between 0 and 3: unknown, male, female, secret"},
				"Birthday":                            {"must be a date of the form YYYYMMDD"},
				"Note":                                {"must have at most 1000 characters"},
				"Tags":                                {"must be tags of 1 to 128 characters without commas"},
				"MultipassIdentifier":                 {"must have at most 100 characters"},
				"Password":                            {"must have 6 to 18 characters"},
				"PasswordConfirmation":                {"must be equal to Password"},
				"EmailMarketingConsent.State":         {"must be between 0 and 3: unsubscribed, subscribed, not subscribed, pending"},
				"EmailMarketingConsent.OptInLevel":    {"must be between 0 and 2: unknown, single, confirmed"},
				"EmailMarketingConsent.CollectedFrom": {"must have at most 50 characters"},
				"Addresses[1].CountryCode":            {"must be a code of two capital letters (ISO 3166-1 alpha-2), such as US"},
				"Addresses[1].Zip":                    {"must have at most 64 characters"},
			},
		},
		{
			"codes that are no country's",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Create(ctx, shopline.CreateCustomerRequest{
					Email: "a@b.example", Addresses: []shopline.CreateCustomerAddress{{CountryCode: "us"}, {CountryCode: "USA"}, {CountryCode: "U1"}, {CountryCode: "1S"}},
				})
				return err
			},
			map[string][]string{
				"Addresses[0].CountryCode": {"must be a code of two capital letters (ISO 3166-1 alpha-2), such as US"},
				"Addresses[1].CountryCode": {"must be a code of two capital letters (ISO 3166-1 alpha-2), such as US"},
				"Addresses[2].CountryCode": {"must be a code of two capital letters (ISO 3166-1 alpha-2), such as US"},
				"Addresses[3].CountryCode": {"must be a code of two capital letters (ISO 3166-1 alpha-2), such as US"},
			},
		},
		{
			"tags of 1001 characters, with the commas between",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "a@b.example", Tags: tagsOf(1001)})
				return err
			},
			map[string][]string{"Tags": {"must have at most 1000 characters"}},
		},
		{
			"a password's confirmation alone",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "a@b.example", PasswordConfirmation: "secret-1"})
				return err
			},
			map[string][]string{"Password": {"must have 6 to 18 characters"}, "PasswordConfirmation": {"must be equal to Password"}},
		},
		{
			"51 addresses",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "a@b.example", Addresses: make([]shopline.CreateCustomerAddress, 51)})
				return err
			},
			map[string][]string{"Addresses": {"must be at most 50 addresses"}},
		},
		{
			"51 addresses in an update",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Update(ctx, "1", shopline.UpdateCustomerRequest{Addresses: make([]shopline.UpdateCustomerAddress, 51)})
				return err
			},
			map[string][]string{"Addresses": {"must be at most 50 addresses"}},
		},
		{
			"an update in which everything is wrong",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Update(ctx, "1", shopline.UpdateCustomerRequest{
					Email: new(long(51)), Phone: new(long(21)), FirstName: new(long(129)), LastName: new(long(129)),
					Gender: new(shopline.GenderCode(-1)), Birthday: new("19931326"), Note: new(long(1001)),
					Tags: make(shopline.Tags, 101), MultipassIdentifier: new(long(101)), Password: new(long(19)),
					SMSMarketingConsent: &shopline.MarketingConsentRequest{State: -1},
					Addresses:           []shopline.UpdateCustomerAddress{{ID: long(65), CustomerID: long(65), CountryCode: new("u"), Phone: new(long(21))}},
				})
				return err
			},
			map[string][]string{
				"Email": {"must have at most 50 characters"}, "Phone": {"must have at most 20 characters"},
				"FirstName": {"must have at most 128 characters"}, "LastName": {"must have at most 128 characters"},
				"Gender":   {"must be between 0 and 3: unknown, male, female, secret"},
				"Birthday": {"must be a date of the form YYYYMMDD"},
				"Note":     {"must have at most 1000 characters"},
				"Tags": {
					"must be at most 100 tags", "must be tags of 1 to 128 characters without commas",
				},
				"MultipassIdentifier":       {"must have at most 100 characters"},
				"Password":                  {"must have 6 to 18 characters"},
				"SMSMarketingConsent.State": {"must be between 0 and 3: unsubscribed, subscribed, not subscribed, pending"},
				"Addresses[0].ID":           {"must have at most 64 characters", oneID},
				"Addresses[0].CustomerID":   {"must have at most 64 characters", oneID},
				"Addresses[0].CountryCode":  {"must be a code of two capital letters (ISO 3166-1 alpha-2), such as US"},
				"Addresses[0].Phone":        {"must have at most 20 characters"},
			},
		},
		{
			"an address that is too long",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Addresses.Create(ctx, "1", shopline.CreateAddressRequest{Address1: long(256), City: long(65), CityCode: long(51), Zip: long(65)})
				return err
			},
			map[string][]string{
				"Address1": {"must have at most 255 characters"}, "City": {"must have at most 64 characters"},
				"CityCode": {"must have at most 50 characters"}, "Zip": {"must have at most 64 characters"},
			},
		},
		{
			"an address's phone that is too long for an update",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Addresses.Update(ctx, "1", "2", shopline.UpdateAddressRequest{Phone: new(long(17)), Town: new(long(65))})
				return err
			},
			map[string][]string{"Phone": {"must have at most 16 characters"}, "Town": {"must have at most 64 characters"}},
		},
		{
			"no addresses to delete",
			func(ctx context.Context, c *shopline.Client) error {
				return c.Addresses.Bulk(ctx, "1", shopline.BulkAddressesRequest{})
			},
			map[string][]string{"AddressIDs": {"must name at least one id"}, "Operation": {"is required, such as BulkDestroy"}},
		},
		{
			"addresses whose id is two",
			func(ctx context.Context, c *shopline.Client) error {
				return c.Addresses.Bulk(ctx, "1", shopline.BulkAddressesRequest{AddressIDs: []string{"SL1,SL2"}, Operation: shopline.BulkDestroy})
			},
			map[string][]string{"AddressIDs[0]": {oneID}},
		},
		{
			"nothing to do with addresses",
			func(ctx context.Context, c *shopline.Client) error {
				return c.Addresses.Bulk(ctx, "1", shopline.BulkAddressesRequest{AddressIDs: []string{"SL1"}})
			},
			map[string][]string{"Operation": {"is required, such as BulkDestroy"}},
		},
		{
			"nothing to change of a customer",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Update(ctx, "1", shopline.UpdateCustomerRequest{})
				return err
			},
			map[string][]string{"UpdateCustomerRequest": {"must change at least one field"}},
		},
		{
			"nothing to change of an address",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Addresses.Update(ctx, "1", "2", shopline.UpdateAddressRequest{})
				return err
			},
			map[string][]string{"UpdateAddressRequest": {"must change at least one field"}},
		},
		{
			"a password to be confirmed that is not there",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Update(ctx, "1", shopline.UpdateCustomerRequest{PasswordConfirmation: new("secret-1")})
				return err
			},
			map[string][]string{"Password": {"must have 6 to 18 characters"}, "PasswordConfirmation": {"must be equal to Password"}},
		},
		{
			"an empty password",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.Update(ctx, "1", shopline.UpdateCustomerRequest{Password: new("")})
				return err
			},
			map[string][]string{"Password": {"must have 6 to 18 characters"}},
		},
		{
			"addresses of nobody",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Addresses.List(ctx, shopline.ListAddressesRequest{})
				return err
			},
			map[string][]string{"CustomerIDs": {"must name at least one id"}},
		},
		{
			"subscriptions of an empty id",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.ListSubscriptions(ctx, shopline.ListSubscriptionsRequest{CustomerIDs: []string{""}})
				return err
			},
			map[string][]string{"CustomerIDs[0]": {"must not be empty"}},
		},
		{
			"nobody for the blacklist",
			func(ctx context.Context, c *shopline.Client) error { return c.Customers.AddToBlacklist(ctx, "") },
			map[string][]string{"customerID": {"must not be empty"}},
		},
		{
			"no tags of nobody",
			func(ctx context.Context, c *shopline.Client) error {
				return c.Customers.RemoveTags(ctx, "", shopline.RemoveTagsRequest{})
			},
			map[string][]string{"customerID": {"must not be empty"}, "TagIDs": {"must name at least one id"}},
		},
		{
			"no e-mail address",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Customers.GetByEmail(ctx, "")
				return err
			},
			map[string][]string{"email": {"must be an e-mail address"}},
		},
		{
			"a group without anything",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.CustomerGroups.Create(ctx, shopline.CreateCustomerGroupRequest{})
				return err
			},
			map[string][]string{"Name": {"must not be empty"}, "Query": {"must not be empty"}},
		},
		{
			"a group without a name",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.CustomerGroups.Update(ctx, "GROUP1", shopline.UpdateCustomerGroupRequest{})
				return err
			},
			map[string][]string{"Name": {"must not be empty"}},
		},
		{
			"a social login without a channel",
			func(ctx context.Context, c *shopline.Client) error {
				return c.SocialLogins.Set(ctx, shopline.SetSocialLoginRequest{})
			},
			map[string][]string{"Channel": {"must not be empty"}},
		},
		{
			"no social login to delete",
			func(ctx context.Context, c *shopline.Client) error {
				return c.SocialLogins.Delete(ctx, shopline.DeleteSocialLoginRequest{})
			},
			map[string][]string{"Channel": {"must not be empty"}, "Platform": {"must not be empty"}},
		},
		{
			"a webhook with an address of 256 characters",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Webhooks.Create(ctx, shopline.CreateWebhookRequest{Address: long(256), Topic: "customers/create", APIVersion: shopline.DefaultVersion})
				return err
			},
			map[string][]string{"Address": {"must have at most 255 characters"}},
		},
		{
			"a webhook without anything",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Webhooks.Create(ctx, shopline.CreateWebhookRequest{APIVersion: "2026-06"})
				return err
			},
			map[string][]string{
				"Address": {"must not be empty"}, "Topic": {"must not be empty"},
				"APIVersion": {"must be a version of the form vYYYYMMDD, such as DefaultVersion"},
			},
		},
		{
			"a webhook's address of 256 characters",
			func(ctx context.Context, c *shopline.Client) error {
				_, err := c.Webhooks.Update(ctx, 1, shopline.UpdateWebhookRequest{Address: new(long(256))})
				return err
			},
			map[string][]string{"Address": {"must have at most 255 characters"}},
		},
		{
			"a path of one's own that leaves the version",
			func(ctx context.Context, c *shopline.Client) error { return c.Do(ctx, "GET", "/../x", nil, nil, nil) },
			map[string][]string{"path": {`must not contain "\", empty segments or the segments "." and "..", in any spelling`}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, testkit.NewGock(t))

			err := test.call(t.Context(), client)

			require.ErrorIs(t, err, souk.ErrInvalid)
			e, ok := errors.AsType[*souk.Error](err)
			require.True(t, ok)
			assert.Equal(t, test.want, e.Fields)
			assert.Zero(t, e.StatusCode)
			assert.Zero(t, e.Attempts)
		})
	}
}

func TestLengthsCountCharacters(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	name := strings.Repeat("名", 128)
	g.Expect(testkit.Request{
		Method: "POST", URL: base + "/customers.json",
		Body: map[string]any{"customer": map[string]any{"email": "a@b.example", "first_name": name}},
	}).Fixture(200, "customer_create.json")

	_, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example", FirstName: name})

	assert.NoError(t, err)
}

func TestErrorOfWrongInputNamesTheFieldAndNotTheValue(t *testing.T) {
	t.Parallel()
	client := newClient(t, testkit.NewGock(t))

	_, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{Limit: 251})

	assert.EqualError(t, err, "shopline: GET /v2/customers.json: invalid; Limit: must be between 1 and 250; 0 means SHOPLINE's default, 50")
}

// tagsOf returns 100 tags, the first as long as one may be, which have so many characters
// with the commas between them.
func tagsOf(characters int) shopline.Tags {
	tags := shopline.Tags{strings.Repeat("ä", 128)}
	left := characters - 128 - 99
	for n := 99; n > 0; n-- {
		tags = append(tags, strings.Repeat("t", left/n))
		left -= left / n
	}
	return tags
}

// What stands at the edge of what is allowed is sent.
func TestInputAtTheEdgeIsSent(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	client := newClient(t, gock)
	fifty := func(countryCode string) []any {
		return slices.Repeat([]any{map[string]any{"country_code": countryCode}}, 50)
	}
	gock.Expect(testkit.Request{
		Method: "POST", URL: base + "/customers.json",
		Body: map[string]any{"customer": map[string]any{
			"email": "a@b.co", "gender": 3, "note": strings.Repeat("ä", 1000), "tags": strings.Join(tagsOf(1000), ","),
			"email_marketing_consent": map[string]any{"state": 3, "opt_in_level": 2},
			"sms_marketing_consent":   map[string]any{"state": 0},
			"password":                "123456", "password_confirmation": "123456",
			"addresses": fifty("AZ"),
		}},
	}).JSON(200, `{"customer":{"id":"1"}}`)
	gock.Expect(testkit.Request{
		Method: "PUT", URL: base + "/customers/1.json",
		Body: map[string]any{"customer": map[string]any{"password": "123456789012345678", "addresses": fifty("ZA")}},
	}).JSON(200, `{"customer":{"id":"1"}}`)

	_, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{
		Email: "a@b.co", Gender: shopline.GenderCodeSecret, Note: strings.Repeat("ä", 1000), Tags: tagsOf(1000),
		EmailMarketingConsent: &shopline.MarketingConsentRequest{State: shopline.ConsentPending, OptInLevel: new(shopline.OptInConfirmed)},
		SMSMarketingConsent:   &shopline.MarketingConsentRequest{State: shopline.ConsentUnsubscribed},
		Password:              "123456", PasswordConfirmation: "123456",
		Addresses: slices.Repeat([]shopline.CreateCustomerAddress{{CountryCode: "AZ"}}, 50),
	})
	require.NoError(t, err)
	_, err = client.Customers.Update(t.Context(), "1", shopline.UpdateCustomerRequest{
		Password:  new("123456789012345678"),
		Addresses: slices.Repeat([]shopline.UpdateCustomerAddress{{CountryCode: new("ZA")}}, 50),
	})
	assert.NoError(t, err)
}
