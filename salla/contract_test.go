package salla_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

func TestContractWithStandIn(t *testing.T) {
	t.Parallel()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	var called testkit.Called
	cfg := server.Config()
	cfg.Observer = called.Observer()
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)
	called.RequireAll(t, ".", nil)

	runContract(t, client, contract{wallets: true, loyalty: true, everything: true})
}

func TestContractWithStandInOverTCP(t *testing.T) {
	t.Parallel()
	_, client := standIn(t)

	runContract(t, client, contract{wallets: true, loyalty: true, everything: true})
}

// contract says which parts of the API the store has.
type contract struct {
	wallets, loyalty bool
	// everything says that the store is for this only: exports and an imported
	// customer may be left behind in it, and its default group changed.
	everything bool
}

// runContract is what a Salla store does, as far as the SDK relies on it. It
// leaves nothing behind unless it may.
func runContract(t *testing.T, client *salla.Client, has contract) {
	t.Helper()
	scenarios := []struct {
		name string
		run  func(*testing.T, *salla.Client)
		skip bool
	}{
		{"a customer's life", contractCustomer, false},
		{"e-mail and mobile are unique", contractUnique, false},
		{"what is wrong is told by field", contractInvalid, false},
		{"unknown customers are not found", contractNotFound, false},
		{"Ensure creates once", contractEnsure, false},
		{"a banned customer", contractBan, false},
		{"lists have pages", contractPages, false},
		{"lists know days", contractDays, false},
		{"a group's life", contractGroup, false},
		{"subscriptions", contractWebhooks, false},
		{"whose token it is", contractUser, false},
		{"loyalty points", contractLoyalty, !has.loyalty},
		{"wallets", contractWallets, !has.wallets},
		{"an empty import is refused", contractEmptyImport, false},
		{"an import is taken", contractImport, !has.everything},
		{"an export is in the log", contractExport, !has.everything},
		{"the default group changes", contractDefaultGroup, !has.everything},
	}
	for _, scenario := range scenarios {
		t.Run(scenario.name, func(t *testing.T) {
			if scenario.skip {
				t.Skip("the store does not have it")
			}
			scenario.run(t, client)
		})
	}
}

// person returns somebody whom no store knows.
func person(t *testing.T) salla.CreateCustomerRequest {
	t.Helper()
	n := time.Now().UnixNano()
	return salla.CreateCustomerRequest{
		FirstName: "Souk", LastName: "Contract", Gender: salla.GenderFemale, Birthday: "1997-06-03",
		Mobile: fmt.Sprintf("5%08d", n/1000%100_000_000), MobileCodeCountry: "+966",
		Email: fmt.Sprintf("souk-contract-%d@example.com", n),
	}
}

// create creates somebody who is gone when the test ends.
func create(t *testing.T, client *salla.Client, req salla.CreateCustomerRequest) *salla.Customer {
	t.Helper()
	customer, err := client.Customers.Create(t.Context(), req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Customers.Delete(context.WithoutCancel(t.Context()), customer.ID) })
	return customer
}

func contractCustomer(t *testing.T, client *salla.Client) {
	req := person(t)
	created := create(t, client, req)
	assert.Positive(t, created.ID)
	assert.Equal(t, req.FirstName, created.FirstName)
	assert.Equal(t, req.LastName, created.LastName)
	assert.Equal(t, req.Mobile, created.Mobile)
	assert.Equal(t, "966", strings.TrimPrefix(created.MobileCode, "+"))
	assert.Equal(t, req.Email, created.Email)
	assert.Equal(t, req.Gender, created.Gender)

	updated, err := client.Customers.Update(t.Context(), created.ID, salla.UpdateCustomerRequest{FirstName: new("Sūq")})
	require.NoError(t, err)
	assert.Equal(t, "Sūq", updated.FirstName)
	assert.Equal(t, req.LastName, updated.LastName, "what is left out stays")

	got, err := client.Customers.Get(t.Context(), created.ID, salla.GetCustomerRequest{
		Fields: []salla.CustomerField{salla.FieldOrdersCount, salla.FieldIsBlocked, salla.FieldCurrentStoreCustomer},
	})
	require.NoError(t, err)
	assert.Equal(t, "Sūq", got.FirstName)
	assert.Equal(t, req.Birthday, got.Birthday.Format(time.DateOnly))
	require.NotNil(t, got.Stats)
	assert.Zero(t, got.Stats.OrdersCount)
	assert.Equal(t, new(false), got.IsBlocked)

	require.NoError(t, client.Customers.Delete(t.Context(), created.ID))
	_, err = client.Customers.Get(t.Context(), created.ID, salla.GetCustomerRequest{})
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractUnique(t *testing.T, client *salla.Client) {
	first := person(t)
	create(t, client, first)

	sameEmail := person(t)
	sameEmail.Email = first.Email
	_, err := client.Customers.Create(t.Context(), sameEmail)
	assert.ErrorIs(t, err, souk.ErrInvalid)

	sameMobile := person(t)
	sameMobile.Mobile = first.Mobile
	_, err = client.Customers.Create(t.Context(), sameMobile)
	assert.ErrorIs(t, err, souk.ErrInvalid)
}

// contractInvalid sends what the SDK would refuse by itself with Do.
func contractInvalid(t *testing.T, client *salla.Client) {
	body := map[string]any{"first_name": "Souk", "mobile": "555555555", "mobile_code_country": "SA"}

	err := client.Do(t.Context(), "POST", "/customers", nil, body, nil)

	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.NotEmpty(t, requireError(t, err).Fields)
}

func contractNotFound(t *testing.T, client *salla.Client) {
	const nobody = 1
	_, err := client.Customers.Get(t.Context(), nobody, salla.GetCustomerRequest{})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	_, err = client.Customers.Update(t.Context(), nobody, salla.UpdateCustomerRequest{FirstName: new("Souk")})
	assert.ErrorIs(t, err, souk.ErrNotFound)
	assert.ErrorIs(t, client.Customers.Delete(t.Context(), nobody), souk.ErrNotFound)
	assert.ErrorIs(t, client.Customers.Ban(t.Context(), nobody, salla.BanCustomerRequest{Reason: "contract"}), souk.ErrNotFound)
	assert.ErrorIs(t, client.CustomerGroups.Delete(t.Context(), nobody), souk.ErrNotFound)
	assert.ErrorIs(t, client.Webhooks.Delete(t.Context(), nobody), souk.ErrNotFound)
}

func contractEnsure(t *testing.T, client *salla.Client) {
	req := person(t)
	first, created, err := client.Customers.Ensure(t.Context(), req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Customers.Delete(context.WithoutCancel(t.Context()), first.ID) })
	assert.True(t, created)

	byEmail := person(t)
	byEmail.Email = strings.ToUpper(req.Email)
	second, created, err := client.Customers.Ensure(t.Context(), byEmail)
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, first.ID, second.ID)

	byMobile := req
	byMobile.Email = ""
	third, created, err := client.Customers.Ensure(t.Context(), byMobile)
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, first.ID, third.ID)
}

func contractBan(t *testing.T, client *salla.Client) {
	customer := create(t, client, person(t))
	blocked := salla.GetCustomerRequest{Fields: []salla.CustomerField{salla.FieldIsBlocked, salla.FieldBlockReason}}

	require.NoError(t, client.Customers.Ban(t.Context(), customer.ID, salla.BanCustomerRequest{Reason: "contract"}))
	got, err := client.Customers.Get(t.Context(), customer.ID, blocked)
	require.NoError(t, err)
	assert.Equal(t, new(true), got.IsBlocked)
	assert.Equal(t, "contract", got.BlockReason)

	require.NoError(t, client.Customers.Unban(t.Context(), customer.ID))
	got, err = client.Customers.Get(t.Context(), customer.ID, blocked)
	require.NoError(t, err)
	assert.Equal(t, new(false), got.IsBlocked)
}

func contractPages(t *testing.T, client *salla.Client) {
	mark := fmt.Sprintf("pages%d", time.Now().UnixNano()%1_000_000_000)
	var want []int64
	for range 5 {
		req := person(t)
		req.LastName = mark
		want = append([]int64{create(t, client, req).ID}, want...)
	}

	list, err := client.Customers.List(t.Context(), salla.ListCustomersRequest{Keyword: mark, Limit: 2})
	require.NoError(t, err)
	assert.Len(t, list.Customers, 2)
	assert.Equal(t, 5, list.Pagination.Total)
	assert.Equal(t, 3, list.Pagination.TotalPages)
	next, more := list.Next()
	assert.True(t, more)
	assert.Equal(t, 2, next.Page)

	got, err := ids(t, client, salla.ListCustomersRequest{Keyword: mark, Limit: 2})
	require.NoError(t, err)
	assert.Equal(t, want, got, "newest first")
}

func contractDays(t *testing.T, client *salla.Client) {
	customer := create(t, client, person(t))
	if customer.CreatedAt.IsZero() {
		t.Skip("the store does not say when customers were created")
	}
	today := customer.CreatedAt.Format(time.DateOnly)
	yesterday := customer.CreatedAt.AddDate(0, 0, -1).Format(time.DateOnly)

	got, err := ids(t, client, salla.ListCustomersRequest{Keyword: customer.Email, DateFrom: today, DateTo: today})
	require.NoError(t, err)
	assert.Equal(t, []int64{customer.ID}, got)

	got, err = ids(t, client, salla.ListCustomersRequest{Keyword: customer.Email, DateFrom: yesterday, DateTo: yesterday})
	require.NoError(t, err)
	assert.Empty(t, got)
}

func contractGroup(t *testing.T, client *salla.Client) {
	name := fmt.Sprintf("Souk %d", time.Now().UnixNano())
	group, err := client.CustomerGroups.Create(t.Context(), salla.CreateCustomerGroupRequest{
		Name:       name,
		Conditions: []salla.GroupCondition{{Type: salla.ConditionTotalSales, Symbol: salla.SymbolAbove, Value: "100000"}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.CustomerGroups.Delete(context.WithoutCancel(t.Context()), group.ID) })
	assert.Equal(t, name, group.Name)
	customer := create(t, client, person(t))

	require.NoError(t, client.CustomerGroups.AddCustomers(t.Context(), salla.AddCustomersRequest{GroupID: group.ID, Customers: []int64{customer.ID}}))
	got, err := client.Customers.Get(t.Context(), customer.ID, salla.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Contains(t, got.Groups, group.ID)

	updated, err := client.CustomerGroups.Update(t.Context(), group.ID, salla.UpdateCustomerGroupRequest{Name: new(name + "!")})
	require.NoError(t, err)
	assert.Equal(t, name+"!", updated.Name)

	found := false
	for g, err := range client.CustomerGroups.All(t.Context(), salla.ListCustomerGroupsRequest{}) {
		require.NoError(t, err)
		found = found || g.ID == group.ID
	}
	assert.True(t, found)

	err = client.CustomerGroups.AddCustomers(t.Context(), salla.AddCustomersRequest{GroupID: group.ID, Customers: []int64{1}})
	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.Contains(t, requireError(t, err).Fields, "customers.0")

	require.NoError(t, client.CustomerGroups.Delete(t.Context(), group.ID))
	_, err = client.CustomerGroups.Update(t.Context(), group.ID, salla.UpdateCustomerGroupRequest{Name: new(name)})
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractWebhooks(t *testing.T, client *salla.Client) {
	address := fmt.Sprintf("https://hooks.example.com/souk/%d", time.Now().UnixNano())
	req := salla.CreateWebhookRequest{
		Name: "souk", Topic: salla.TopicCustomersCreate, Address: address, Headers: []salla.WebhookHeader{{Key: "X-Souk", Value: "1"}},
	}
	webhook, err := client.Webhooks.Create(t.Context(), req)
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = client.Webhooks.DeleteByAddress(context.WithoutCancel(t.Context()), address)
	})
	assert.Equal(t, address, webhook.Address)
	assert.Equal(t, map[string]string{"X-Souk": "1"}, webhook.Headers)

	again, err := client.Webhooks.Create(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, webhook.ID, again.ID, "the same address and event is the same subscription")

	updated, err := client.Webhooks.Update(t.Context(), webhook.ID, salla.UpdateWebhookRequest{
		Name: new("souk 2"), SecurityStrategy: new(salla.StrategySignature), Secret: new("souk-contract-secret"),
	})
	require.NoError(t, err)
	assert.Equal(t, "souk 2", updated.Name)

	found := false
	for w, err := range client.Webhooks.All(t.Context(), salla.ListWebhooksRequest{}) {
		require.NoError(t, err)
		found = found || w.ID == webhook.ID
	}
	assert.True(t, found)

	events, err := client.Webhooks.Events(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, events)

	_, err = client.Webhooks.Create(t.Context(), salla.CreateWebhookRequest{Topic: salla.TopicCustomersCreate, Address: "https://localhost/souk"})
	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.Contains(t, requireError(t, err).Fields, "url")

	require.NoError(t, client.Webhooks.Delete(t.Context(), webhook.ID))
	err = client.Webhooks.Delete(t.Context(), webhook.ID)
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractUser(t *testing.T, client *salla.Client) {
	user, err := client.Users.Info(t.Context())

	require.NoError(t, err)
	assert.Positive(t, user.ID)
	assert.Positive(t, user.Merchant.ID)
}

func contractLoyalty(t *testing.T, client *salla.Client) {
	customer := create(t, client, person(t))
	change := salla.UpdateLoyaltyPointsRequest{
		Points: 900, Type: salla.PointsPlus, Reason: "contract", ChannelSend: []salla.LoyaltyChannel{salla.ChannelEmail}, Customers: []int64{customer.ID},
	}

	require.NoError(t, client.LoyaltyPoints.Update(t.Context(), change))

	list, err := client.LoyaltyPoints.List(t.Context(), salla.ListLoyaltyPointsRequest{CustomerID: customer.ID})
	require.NoError(t, err)
	require.Len(t, list.LoyaltyPoints, 1)
	assert.Equal(t, int64(900), list.LoyaltyPoints[0].Points)
	assert.True(t, list.LoyaltyPoints[0].UsedAt.IsZero())
	_, err = client.LoyaltyPoints.List(t.Context(), salla.ListLoyaltyPointsRequest{CustomerID: 1})
	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.Contains(t, requireError(t, err).Fields, "customer_id")
}

func contractWallets(t *testing.T, client *salla.Client) {
	customer := create(t, client, person(t))

	in, err := client.Wallets.Deposit(t.Context(), salla.WalletRequest{CustomerID: customer.ID, Amount: "22.5"})
	require.NoError(t, err)
	assert.Equal(t, "22.5", in.Wallet.Balance.String())

	out, err := client.Wallets.Withdraw(t.Context(), salla.WalletRequest{CustomerID: customer.ID, Amount: "22.5"})
	require.NoError(t, err)
	assert.Equal(t, "-22.5", out.Amount.String())
	assert.Equal(t, "0", out.Wallet.Balance.String())
	assert.Equal(t, in.Wallet.ID, out.Wallet.ID)
}

func contractImport(t *testing.T, client *salla.Client) {
	_, err := client.Customers.Import(t.Context(), salla.ImportCustomersRequest{
		Name: "customers.csv", File: strings.NewReader("first_name,mobile\nSouk,555555555\n"),
	})

	assert.NoError(t, err)
}

func contractExport(t *testing.T, client *salla.Client) {
	_, err := client.Exports.Customers(t.Context(), salla.ExportCustomersRequest{})
	require.NoError(t, err)

	logs, err := client.Exports.Logs(t.Context(), salla.ListExportLogsRequest{})

	require.NoError(t, err)
	assert.NotEmpty(t, logs)
}

func contractDefaultGroup(t *testing.T, client *salla.Client) {
	err := client.CustomerGroups.UpdateDefault(t.Context(), salla.UpdateDefaultGroupRequest{Features: salla.GroupFeatures{PaymentMethod: []string{"bank"}}})

	assert.NoError(t, err)
}

func contractEmptyImport(t *testing.T, client *salla.Client) {
	_, err := client.Customers.Import(t.Context(), salla.ImportCustomersRequest{Name: "empty.csv", File: strings.NewReader("")})

	assert.ErrorIs(t, err, souk.ErrInvalid)
}
