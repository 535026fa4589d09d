package shopline_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

func TestContractWithTheStandIn(t *testing.T) {
	t.Parallel()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	var called testkit.Called
	cfg := server.Config()
	cfg.Observer = called.Observer()
	client, err := shopline.NewClient(cfg)
	require.NoError(t, err)
	called.RequireAll(t, ".", nil)

	runContract(t, client, true)
}

func TestContractWithTheStandInOverTCP(t *testing.T) {
	t.Parallel()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	client, err := shopline.NewClient(overTCP(server))
	require.NoError(t, err)

	runContract(t, client, true)
}

// overTCP returns the configuration of a client that reaches the server by a socket.
func overTCP(server *shoplinetest.Server) shopline.Config {
	cfg := server.Config()
	cfg.BaseURL, cfg.HTTPClient = server.URL(), nil
	return cfg
}

// runContract shows that a server keeps what this package relies on. It makes
// customers, groups and a webhook of its own and leaves nothing behind. everything says
// that the store is for this only: its settings may be changed, and e-mails be sent.
func runContract(t *testing.T, client *shopline.Client, everything bool) {
	t.Helper()
	if everything {
		t.Run("an invitation is sent", func(t *testing.T) { contractInvite(t, client) })
		t.Run("tags are removed", func(t *testing.T) { contractTags(t, client) })
		t.Run("a social login lives", func(t *testing.T) { contractSocialLogin(t, client) })
	}
	for _, scenario := range []struct {
		name string
		run  func(*testing.T, *shopline.Client)
	}{
		{"a customer lives", contractCustomer},
		{"a customer is found", contractFind},
		{"customers are searched for", contractSearch},
		{"a customer is there once", contractEnsure},
		{"consent is given and taken", contractConsent},
		{"a list has pages", contractPages},
		{"addresses live", contractAddresses},
		{"an account is invited", contractAccount},
		{"a group has members", contractGroup},
		{"a webhook lives", contractWebhook},
		{"what is not there is not found", contractNotFound},
	} {
		t.Run(scenario.name, func(t *testing.T) {
			t.Parallel()
			scenario.run(t, client)
		})
	}
}

// contractTimeout bounds what a scenario does and, apart from that, its cleaning.
const contractTimeout = 2 * time.Minute

// unique returns an e-mail address that nobody has.
func unique() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return "souk-" + hex.EncodeToString(b[:]) + "@example.com"
}

// made creates a customer who is deleted when the test ends.
func made(t *testing.T, client *shopline.Client, req shopline.CreateCustomerRequest) *shopline.Customer {
	t.Helper()
	customer, _, err := client.Customers.Ensure(t.Context(), req)
	require.NoError(t, err)
	gone(t, func(ctx context.Context) error { return client.Customers.Delete(ctx, customer.ID) })
	return customer
}

// gone deletes something when the test ends, unless the test has done so.
func gone(t *testing.T, remove func(context.Context) error) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), contractTimeout)
		defer cancel()
		if err := remove(ctx); err != nil && !errors.Is(err, souk.ErrNotFound) {
			t.Errorf("left behind: %v", err)
		}
	})
}

func contractCustomer(t *testing.T, client *shopline.Client) {
	email := unique()
	created := made(t, client, shopline.CreateCustomerRequest{
		Email: email, FirstName: "Nan", LastName: "Test", Tags: shopline.Tags{"souk"}, Note: "a note",
	})
	assert.Equal(t, email, created.Email)
	assert.Equal(t, "Nan", created.FirstName)
	assert.Equal(t, shopline.CustomerStateNotInvited, created.State)
	assert.False(t, created.CreatedAt.IsZero())

	updated, err := client.Customers.Update(t.Context(), created.ID, shopline.UpdateCustomerRequest{Note: new("another note")})
	require.NoError(t, err)
	assert.Equal(t, "another note", updated.Note)

	got, err := client.Customers.Get(t.Context(), created.ID, shopline.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, created.ID, got.ID)
	assert.Equal(t, "another note", got.Note)
	assert.Equal(t, "Test", got.LastName, "an update leaves alone what it does not name")
	assert.Contains(t, got.Tags, "souk")

	require.NoError(t, client.Customers.Delete(t.Context(), created.ID))
	_, err = client.Customers.Get(t.Context(), created.ID, shopline.GetCustomerRequest{})
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractFind(t *testing.T, client *shopline.Client) {
	customer := made(t, client, shopline.CreateCustomerRequest{Email: unique()})

	found, err := client.Customers.GetByEmail(t.Context(), customer.Email)
	require.NoError(t, err)
	assert.Equal(t, customer.ID, found.ID)

	list, err := client.Customers.List(t.Context(), shopline.ListCustomersRequest{IDs: []string{customer.ID}, Fields: []string{"id", "email"}})
	require.NoError(t, err)
	require.Len(t, list.Customers, 1)
	assert.Equal(t, customer.ID, list.Customers[0].ID)
	assert.True(t, list.Customers[0].CreatedAt.IsZero(), "a field that was not asked for")

	count, err := client.Customers.Count(t.Context())
	require.NoError(t, err)
	assert.Positive(t, count)
}

func contractEnsure(t *testing.T, client *shopline.Client) {
	req := shopline.CreateCustomerRequest{Email: unique(), FirstName: "First"}
	first := made(t, client, req)

	req.FirstName = "Second"
	second, created, err := client.Customers.Ensure(t.Context(), req)
	require.NoError(t, err)

	assert.False(t, created)
	assert.Equal(t, first.ID, second.ID)
	assert.Equal(t, "First", second.FirstName)
	_, err = client.Customers.Create(t.Context(), req)
	assert.True(t, errors.Is(err, souk.ErrAlreadyExists) || errors.Is(err, souk.ErrInvalid), "a store words it as it likes: %v", err)
}

func contractSearch(t *testing.T, client *shopline.Client) {
	customer := made(t, client, shopline.CreateCustomerRequest{Email: unique()})

	list, err := client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{Query: "customer_id:" + customer.ID})
	require.NoError(t, err)
	for _, found := range list.Customers { // a store finds new ones after a while only
		assert.Equal(t, customer.ID, found.ID)
	}
	_, err = client.Customers.Search(t.Context(), shopline.SearchCustomersRequest{Query: "no_such_field:1"})
	if err != nil {
		assert.ErrorIs(t, err, souk.ErrInvalid)
	}
}

func contractInvite(t *testing.T, client *shopline.Client) {
	customer := made(t, client, shopline.CreateCustomerRequest{Email: unique(), FirstName: "Nan"})

	invite, err := client.Customers.SendInvite(t.Context(), customer.ID)

	require.NoError(t, err)
	assert.Equal(t, customer.Email, invite.To)
}

func contractTags(t *testing.T, client *shopline.Client) {
	customer := made(t, client, shopline.CreateCustomerRequest{Email: unique(), Tags: shopline.Tags{"souk", "contract"}})

	err := client.Customers.RemoveTags(t.Context(), customer.ID, shopline.RemoveTagsRequest{TagIDs: []string{shoplinetest.TagID("souk")}})

	require.NoError(t, err)
	got, err := client.Customers.Get(t.Context(), customer.ID, shopline.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Contains(t, got.Tags, "contract")
}

func contractSocialLogin(t *testing.T, client *shopline.Client) {
	login := shopline.SetSocialLoginRequest{Channel: shopline.LoginChannelTikTok, Platform: shopline.LoginPlatformApp, AppID: "souk", Key: "souk-contract"}
	require.NoError(t, client.SocialLogins.Set(t.Context(), login))

	list, err := client.SocialLogins.List(t.Context(), shopline.ListSocialLoginsRequest{Channel: login.Channel})
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(list.SocialLogins, func(l shopline.SocialLogin) bool {
		return l.Channel == login.Channel && l.Platform == login.Platform && l.AppID == login.AppID
	}))

	remove := shopline.DeleteSocialLoginRequest{Channel: login.Channel, Platform: login.Platform}
	require.NoError(t, client.SocialLogins.Delete(t.Context(), remove))
	assert.ErrorIs(t, client.SocialLogins.Delete(t.Context(), remove), souk.ErrNotFound)
}

func contractConsent(t *testing.T, client *shopline.Client) {
	customer := made(t, client, shopline.CreateCustomerRequest{
		Email:                 unique(),
		EmailMarketingConsent: &shopline.MarketingConsentRequest{State: shopline.ConsentSubscribed, OptInLevel: new(shopline.OptInSingle)},
	})
	require.NotNil(t, customer.EmailMarketingConsent)
	assert.Equal(t, shopline.ConsentSubscribed, customer.EmailMarketingConsent.State)

	updated, err := client.Customers.Update(t.Context(), customer.ID, shopline.UpdateCustomerRequest{
		EmailMarketingConsent: &shopline.MarketingConsentRequest{State: shopline.ConsentUnsubscribed},
	})
	require.NoError(t, err)
	require.NotNil(t, updated.EmailMarketingConsent)
	assert.Equal(t, shopline.ConsentUnsubscribed, updated.EmailMarketingConsent.State)
	assert.Equal(t, shopline.SubscribeFlagUnsubscribed, updated.EmailSubscribeFlag)

	list, err := client.Customers.ListSubscriptions(t.Context(), shopline.ListSubscriptionsRequest{CustomerIDs: []string{customer.ID}})
	require.NoError(t, err)
	for _, subscription := range list.Subscriptions {
		assert.Equal(t, customer.ID, subscription.CustomerID)
		assert.Equal(t, shopline.SubscriptionInactive, subscription.Status)
	}
}

func contractPages(t *testing.T, client *shopline.Client) {
	var want []string
	for range 3 {
		want = append(want, made(t, client, shopline.CreateCustomerRequest{Email: unique()}).ID)
	}
	req := shopline.ListCustomersRequest{IDs: want, Limit: 1, Fields: []string{"id", "email"}}

	var got []string
	for customer, err := range client.Customers.All(t.Context(), req) {
		require.NoError(t, err)
		got = append(got, customer.ID)
	}

	assert.ElementsMatch(t, want, got, "the filter holds on all pages, and no page comes twice")
}

func contractAddresses(t *testing.T, client *shopline.Client) {
	customer := made(t, client, shopline.CreateCustomerRequest{
		Email:     unique(),
		Addresses: []shopline.CreateCustomerAddress{{FirstName: "Nan", LastName: "Test", Address1: "1 Harbour Road", City: "Hong Kong", CountryCode: "HK", Country: "Hong Kong"}},
	})
	require.Len(t, customer.Addresses, 1)

	second, err := client.Addresses.Create(t.Context(), customer.ID, shopline.CreateAddressRequest{
		FirstName: "Nan", LastName: "Test", Address1: "456 Save Ave", City: "Los Angeles", Country: "United States", CountryCode: "US", Zip: "90210",
	})
	require.NoError(t, err)
	assert.Equal(t, "456 Save Ave", second.Address1)

	second, err = client.Addresses.Update(t.Context(), customer.ID, second.ID, shopline.UpdateAddressRequest{Zip: new("90211")})
	require.NoError(t, err)
	assert.Equal(t, "90211", second.Zip)
	require.NoError(t, client.Addresses.SetDefault(t.Context(), customer.ID, second.ID))
	second, err = client.Addresses.Get(t.Context(), customer.ID, second.ID)
	require.NoError(t, err)
	assert.True(t, second.Default)
	assert.Equal(t, "456 Save Ave", second.Address1)

	list, err := client.Addresses.List(t.Context(), shopline.ListAddressesRequest{CustomerIDs: []string{customer.ID}})
	require.NoError(t, err)
	require.Len(t, list.Customers, 1)
	assert.Equal(t, customer.ID, list.Customers[0].CustomerID)
	assert.Len(t, list.Customers[0].Addresses, 2)

	require.NoError(t, client.Addresses.SetDefault(t.Context(), customer.ID, customer.Addresses[0].ID))
	require.NoError(t, client.Addresses.Delete(t.Context(), customer.ID, second.ID))
	_, err = client.Addresses.Get(t.Context(), customer.ID, second.ID)
	require.ErrorIs(t, err, souk.ErrNotFound)

	third, err := client.Addresses.Create(t.Context(), customer.ID, shopline.CreateAddressRequest{FirstName: "Nan", LastName: "Test", Address1: "3", City: "Paris", Country: "France", CountryCode: "FR"})
	require.NoError(t, err)
	require.NoError(t, client.Addresses.Bulk(t.Context(), customer.ID, shopline.BulkAddressesRequest{AddressIDs: []string{third.ID}, Operation: shopline.BulkDestroy}))
	_, err = client.Addresses.Get(t.Context(), customer.ID, third.ID)
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractAccount(t *testing.T, client *shopline.Client) {
	customer := made(t, client, shopline.CreateCustomerRequest{Email: unique(), FirstName: "Nan"})

	url, err := client.Customers.CreateActivationURL(t.Context(), customer.ID)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(url, "https://"))

	require.NoError(t, client.Customers.AddToBlacklist(t.Context(), customer.ID))
	got, err := client.Customers.Get(t.Context(), customer.ID, shopline.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, shopline.CustomerStateBlacklisted, got.State)
	require.NoError(t, client.Customers.RemoveFromBlacklist(t.Context(), customer.ID))
	got, err = client.Customers.Get(t.Context(), customer.ID, shopline.GetCustomerRequest{})
	require.NoError(t, err)
	assert.NotEqual(t, shopline.CustomerStateBlacklisted, got.State)

	orders, err := client.Customers.ListOrders(t.Context(), customer.ID, shopline.ListOrdersRequest{})
	require.NoError(t, err)
	assert.Empty(t, orders.Orders)
}

func contractGroup(t *testing.T, client *shopline.Client) {
	customer := made(t, client, shopline.CreateCustomerRequest{Email: unique()})
	group, err := client.CustomerGroups.Create(t.Context(), shopline.CreateCustomerGroupRequest{
		Name: unique(), Query: "customer_id:" + customer.ID,
	})
	require.NoError(t, err)
	gone(t, func(ctx context.Context) error { return client.CustomerGroups.Delete(ctx, group.ID) })

	name := unique()
	renamed, err := client.CustomerGroups.Update(t.Context(), group.ID, shopline.UpdateCustomerGroupRequest{Name: &name})
	require.NoError(t, err)
	assert.Equal(t, name, renamed.Name)
	got, err := client.CustomerGroups.Get(t.Context(), group.ID, shopline.GetCustomerGroupRequest{})
	require.NoError(t, err)
	assert.Equal(t, name, got.Name)

	var ids []string
	for group, err := range client.CustomerGroups.All(t.Context(), shopline.ListCustomerGroupsRequest{}) {
		require.NoError(t, err)
		ids = append(ids, group.ID)
	}
	assert.Contains(t, ids, group.ID)
	count, err := client.CustomerGroups.Count(t.Context(), shopline.CountCustomerGroupsRequest{})
	require.NoError(t, err)
	assert.Positive(t, count)
	members, err := client.CustomerGroups.ListMembers(t.Context(), group.ID, shopline.ListMembersRequest{})
	require.NoError(t, err)
	for _, member := range members.Customers {
		assert.Equal(t, customer.ID, member.ID)
	}

	require.NoError(t, client.CustomerGroups.Delete(t.Context(), group.ID))
	_, err = client.CustomerGroups.Get(t.Context(), group.ID, shopline.GetCustomerGroupRequest{})
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractWebhook(t *testing.T, client *shopline.Client) {
	webhook, err := client.Webhooks.Create(t.Context(), shopline.CreateWebhookRequest{
		Address: "https://souk.example.com/" + unique(), Topic: shopline.TopicCustomersCreate,
	})
	require.NoError(t, err)
	gone(t, func(ctx context.Context) error { return client.Webhooks.Delete(ctx, webhook.ID) })
	assert.Equal(t, shopline.DefaultVersion, webhook.APIVersion)

	const elsewhere = "https://souk.example.com/elsewhere"
	_, err = client.Webhooks.Update(t.Context(), webhook.ID, shopline.UpdateWebhookRequest{Address: new(elsewhere)})
	require.NoError(t, err)
	got, err := client.Webhooks.Get(t.Context(), webhook.ID)
	require.NoError(t, err)
	assert.Equal(t, elsewhere, got.Address)
	assert.Equal(t, shopline.TopicCustomersCreate, got.Topic)

	list, err := client.Webhooks.List(t.Context(), shopline.ListWebhooksRequest{})
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(list.Webhooks, func(w shopline.Webhook) bool { return w.ID == webhook.ID }))
	count, err := client.Webhooks.Count(t.Context(), shopline.CountWebhooksRequest{})
	require.NoError(t, err)
	assert.Positive(t, count)

	require.NoError(t, client.Webhooks.Delete(t.Context(), webhook.ID))
	_, err = client.Webhooks.Get(t.Context(), webhook.ID)
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractNotFound(t *testing.T, client *shopline.Client) {
	_, byEmail := client.Customers.GetByEmail(t.Context(), unique())
	require.ErrorIs(t, byEmail, souk.ErrNotFound)

	_, byID := client.Customers.Get(t.Context(), "1", shopline.GetCustomerRequest{})
	require.ErrorIs(t, byID, souk.ErrNotFound)
	e, ok := errors.AsType[*souk.Error](byID)
	require.True(t, ok)
	assert.NotEmpty(t, e.RequestID)
}
