package commercengine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
	"github.com/souk-go/souk/internal/testkit"
)

func TestContractWithStandIn(t *testing.T) {
	t.Parallel()
	server, may := contractServer(t)
	var called testkit.Called
	config := server.Config()
	config.Observer = called.Observer()
	called.RequireAll(t, ".", nil)

	runContract(t, config, may)
}

// This run goes through net/http and a socket.
func TestContractWithStandInOverTCP(t *testing.T) {
	t.Parallel()
	server, may := contractServer(t)
	config := server.Config()
	config.BaseURL, config.HTTPClient = server.URL(), nil

	runContract(t, config, may)
}

// contractServer returns a stand-in with a user, and what a run may do there.
func contractServer(t *testing.T) (*commercenginetest.Server, contract) {
	t.Helper()
	server := startServer(t)
	_, customerID := server.AddUser(commercenginetest.NewUser{
		FirstName: "Asha", LastName: "Rao", Email: "asha@example.com", Phone: "9876543210", Password: "s3cret",
	})
	server.SetLoyalty(customerID, "Gold", 100)
	return server, contract{email: "asha@example.com", password: "s3cret", loyalty: true, users: true, phone: "9876500000", everything: true}
}

// contract says what else than anonymous reads a run may do.
type contract struct {
	// email and password are those of a user whose addresses, accounts and
	// documents may be changed. They are empty for none.
	email, password string
	loyalty         bool
	// users says that users may be registered, with addresses of example.com. They
	// are deleted again.
	users bool
	// phone is a number to which one-time passwords may be sent, empty for none.
	phone string
	// everything says that the store is for this only: mandates of no account may be
	// made in it, and users left behind.
	everything bool
}

// runContract is what a store does, as far as the SDK relies on it. It leaves
// nothing behind but sessions.
func runContract(t *testing.T, config commercengine.Config, may contract) {
	t.Helper()
	client, err := commercengine.NewClient(config)
	require.NoError(t, err)
	for name, scenario := range map[string]func(*testing.T, *commercengine.Client){
		"the store exists":             contractStore,
		"countries, states, pincodes":  contractCountries,
		"a session begins anonymous":   contractAnonymous,
		"a session is renewed":         contractRefresh,
		"unknown users are not found":  contractUnknownUser,
		"the server checks tokens too": contractWrongToken(config),
	} {
		t.Run(name, func(t *testing.T) { scenario(t, client) })
	}
	if may.users {
		t.Run("users", func(t *testing.T) { contractUsers(t, config, may) })
	}
	if may.everything {
		t.Run("a user is deactivated", func(t *testing.T) { contractDeactivation(t, config) })
	}
	if may.email == "" {
		t.Log("without a user, nothing about customers was tried")
		return
	}
	tokens, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: may.email, Password: may.password})
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := client.Auth.Logout(context.WithoutCancel(t.Context()))
		assert.NoError(t, err)
	})
	id, err := client.Session.CustomerID(t.Context())
	require.NoError(t, err)
	for name, scenario := range map[string]func(*testing.T, *commercengine.Client, string){
		"an address's life":      contractAddress,
		"addresses have pages":   contractAddressPages,
		"wrong values are named": contractInvalid,
		"a bank account's life":  contractBankAccount,
		"a document's life":      contractDocument,
		"lists without pages":    contractLists,
	} {
		t.Run(name, func(t *testing.T) { scenario(t, client, id) })
	}
	if may.everything {
		t.Run("a mandate's life", func(t *testing.T) { contractMandate(t, client, id) })
	}
	t.Run("the profile", func(t *testing.T) { contractProfile(t, client, tokens.User.ID) })
	if may.loyalty {
		t.Run("loyalty", func(t *testing.T) {
			_, err := client.Loyalty.Get(t.Context(), id)
			assert.NoError(t, err)
		})
	}
}

func contractMandate(t *testing.T, client *commercengine.Client, customerID string) {
	created, err := client.Payments.CreateMandate(t.Context(), customerID, commercengine.CreateMandateRequest{
		PaymentMethodType: "netbanking", PaymentMethod: "NB_HDFC", ServiceProviderSlug: "juspay", GatewayReferenceID: "ref-1",
		BankIFSC: "HDFC0001234", BankAccountNumber: "123456789012", BankBeneficiaryName: "Souk Contract",
	})
	require.NoError(t, err)
	_, err = client.Payments.UpdateMandate(t.Context(), customerID, created.ID, commercengine.UpdateMandateRequest{MaxAmount: "1000"})
	require.NoError(t, err)
	paused, err := client.Payments.PauseMandate(t.Context(), customerID, created.ID)
	require.NoError(t, err)
	assert.Equal(t, commercengine.MandatePaused, paused.Status)
	_, err = client.Payments.PauseMandate(t.Context(), customerID, created.ID)
	assert.ErrorIs(t, err, souk.ErrInvalid)
	_, err = client.Payments.ResumeMandate(t.Context(), customerID, created.ID)
	require.NoError(t, err)
	_, err = client.Payments.RevokeMandate(t.Context(), customerID, created.ID)
	require.NoError(t, err)
	got, err := client.Payments.GetMandate(t.Context(), customerID, created.ID, commercengine.GetMandateRequest{})
	require.NoError(t, err)
	assert.Equal(t, created.ID, got.ID)
	assert.Equal(t, commercengine.MandateRevoked, got.Status)
	assert.Equal(t, "1000", got.MaxAmount.String())
}

func contractStore(t *testing.T, client *commercengine.Client) {
	check, err := client.Store.Check(t.Context())
	require.NoError(t, err)
	assert.True(t, check.Exists)

	config, err := client.Store.Config(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, config.Currency.Code)
	types, err := client.KYC.ListDocumentTypes(t.Context())
	require.NoError(t, err)
	assert.Equal(t, config.IsKYCEnabled, types.IsKYCEnabled)
	assert.Equal(t, config.KYCDocuments, types.DocumentTypes)
}

func contractCountries(t *testing.T, client *commercengine.Client) {
	countries, err := client.Store.ListCountries(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, countries)

	states, err := client.Store.ListStates(t.Context(), "IN")
	require.NoError(t, err)
	assert.NotEmpty(t, states)

	n := 0
	for pincode, err := range client.Store.AllPincodes(t.Context(), "IN", commercengine.ListPincodesRequest{Pincode: "56000"}) {
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(pincode.Pincode, "56000"), pincode.Pincode)
		n++
	}
	assert.Positive(t, n)
}

func contractAnonymous(t *testing.T, client *commercengine.Client) {
	claims, err := client.Session.Claims(t.Context())
	require.NoError(t, err)
	assert.True(t, claims.IsAnonymous)
	assert.False(t, claims.IsLoggedIn)
	assert.Empty(t, claims.CustomerID)
	assert.True(t, claims.ExpiresAt.After(time.Now()))

	_, err = client.Session.CustomerID(t.Context())
	assert.ErrorIs(t, err, souk.ErrUnauthorized)

	branch, err := client.Payments.LookUpIFSC(t.Context(), "HDFC0001234")
	require.NoError(t, err, "an anonymous session will do")
	assert.Equal(t, "HDFC0001234", branch.IFSC)
}

func contractRefresh(t *testing.T, client *commercengine.Client) {
	before, err := client.Session.Token(t.Context())
	require.NoError(t, err)

	after, err := client.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{})

	require.NoError(t, err)
	assert.NotEqual(t, before.AccessToken, after.AccessToken)
	assert.NotEmpty(t, after.RefreshToken)
}

func contractUnknownUser(t *testing.T, client *commercengine.Client) {
	_, err := client.Auth.LoginWithEmail(t.Context(), commercengine.LoginWithEmailRequest{Email: "souk-contract-nobody@example.com"})
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractWrongToken(config commercengine.Config) func(*testing.T, *commercengine.Client) {
	return func(t *testing.T, _ *commercengine.Client) {
		config.Token = "e30.e30.c2ln"
		client, err := commercengine.NewClient(config)
		require.NoError(t, err)

		_, err = client.Payments.LookUpIFSC(t.Context(), "HDFC0001234")

		assert.ErrorIs(t, err, souk.ErrUnauthorized)
	}
}

func contractAddress(t *testing.T, client *commercengine.Client, customerID string) {
	created, err := client.Addresses.Create(t.Context(), customerID, createAddress)
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = client.Addresses.Delete(context.WithoutCancel(t.Context()), customerID, created.ID)
	})
	assert.NotEmpty(t, created.ID)
	assert.Equal(t, createAddress.FirstName, created.FirstName)
	assert.Empty(t, created.LastName)
	assert.True(t, created.IsDefaultBilling)
	assert.False(t, created.IsDefaultShipping)

	change := created.UpdateRequest()
	change.LastName, change.Landmark = "Rao", "Opp. Metro"
	updated, err := client.Addresses.Update(t.Context(), customerID, created.ID, change)
	require.NoError(t, err)
	assert.Equal(t, "Rao", updated.LastName)
	assert.Equal(t, created.City, updated.City)

	change.Landmark = ""
	_, err = client.Addresses.Update(t.Context(), customerID, created.ID, change)
	require.NoError(t, err)
	got, err := client.Addresses.Get(t.Context(), customerID, created.ID)
	require.NoError(t, err)
	assert.Empty(t, got.Landmark, "null clears")
	assert.Equal(t, "Rao", got.LastName)

	require.NoError(t, client.Addresses.Delete(t.Context(), customerID, created.ID))
	_, err = client.Addresses.Get(t.Context(), customerID, created.ID)
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractAddressPages(t *testing.T, client *commercengine.Client, customerID string) {
	made := map[string]bool{}
	for range 3 {
		address, err := client.Addresses.Create(t.Context(), customerID, createAddress)
		require.NoError(t, err)
		t.Cleanup(func() {
			assert.NoError(t, client.Addresses.Delete(context.WithoutCancel(t.Context()), customerID, address.ID))
		})
		made[address.ID] = true
	}
	for address, err := range client.Addresses.All(t.Context(), customerID, commercengine.ListAddressesRequest{Limit: 1}) {
		require.NoError(t, err)
		delete(made, address.ID)
	}
	assert.Empty(t, made, "each is listed")

	page, err := client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{Limit: 1})
	require.NoError(t, err)
	assert.Len(t, page.Addresses, 1)
	next, ok := page.Next()
	assert.True(t, ok)
	assert.Equal(t, 2, next.Page)
}

// contractInvalid sends what the SDK would refuse by itself with Do.
func contractInvalid(t *testing.T, client *commercengine.Client, customerID string) {
	err := client.Do(t.Context(), "POST", "/customers/"+customerID+"/addresses", nil, map[string]any{"first_name": "Asha"}, nil)

	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.NotEmpty(t, requireError(t, err).Code)
}

func contractBankAccount(t *testing.T, client *commercengine.Client, customerID string) {
	account, err := client.Payments.CreateBankAccount(t.Context(), customerID, commercengine.CreateBankAccountRequest{
		AccountType: commercengine.OutboundAccount, AccountName: "Souk Contract", AccountNumber: "123456789012",
		IFSCCode: "HDFC0001234", BankName: "HDFC Bank",
	})
	require.NoError(t, err)
	require.NotEmpty(t, account.ID, "the answer names the account, which the vendor's description does not promise")
	assert.Equal(t, commercengine.OutboundAccount, account.AccountType)
	assert.False(t, account.IsVerified)

	updated, err := client.Payments.UpdateBankAccount(t.Context(), customerID, account.ID, commercengine.UpdateBankAccountRequest{
		AccountType: commercengine.OutboundAccount, AccountName: new("Contract"),
	})
	require.NoError(t, err)
	assert.Equal(t, "Contract", updated.AccountName)
	assert.Equal(t, "HDFC Bank", updated.BankName, "what is left out stays")

	got, err := client.Payments.GetBankAccount(t.Context(), customerID, account.ID)
	require.NoError(t, err)
	assert.Equal(t, "Contract", got.AccountName)
	verified, err := client.Payments.VerifyBankAccount(t.Context(), customerID, account.ID, commercengine.VerifyBankAccountRequest{IsVerified: true})
	require.NoError(t, err)
	assert.True(t, verified.IsVerified)

	require.NoError(t, client.Payments.DeleteBankAccount(t.Context(), customerID, account.ID))
	_, err = client.Payments.GetBankAccount(t.Context(), customerID, account.ID)
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractDocument(t *testing.T, client *commercengine.Client, customerID string) {
	types, err := client.KYC.ListDocumentTypes(t.Context())
	require.NoError(t, err)
	if len(types.DocumentTypes) == 0 {
		t.Skip("the store wants no documents")
	}
	document, err := client.KYC.Create(t.Context(), customerID, commercengine.CreateDocumentRequest{
		DocumentNumber: "AAPFU0939F", DocumentTypeID: types.DocumentTypes[0].ID, Note: "contract",
		File: commercengine.File{Name: "contract.pdf", ContentType: "application/pdf", Reader: strings.NewReader("%PDF-1.4")},
	})
	require.NoError(t, err)
	assert.Equal(t, "AAPFU0939F", document.DocumentNumber)
	assert.NotEmpty(t, document.FileURL)
	_, err = client.KYC.Verify(t.Context(), customerID, commercengine.VerifyDocumentRequest{DocumentNumber: "AAPFU0939F", DocumentTypeID: types.DocumentTypes[0].ID})
	require.NoError(t, err)

	updated, err := client.KYC.Update(t.Context(), customerID, document.ID, commercengine.UpdateDocumentRequest{
		DocumentNumber: "AAPFU0939G", DocumentTypeID: types.DocumentTypes[0].ID, ModifiedReason: "typing error",
	})
	require.NoError(t, err)
	assert.Equal(t, "AAPFU0939G", updated.DocumentNumber)
	assert.Equal(t, "typing error", updated.ModifiedReason)

	got, err := client.KYC.Get(t.Context(), customerID, document.ID)
	require.NoError(t, err)
	assert.Equal(t, updated, got)
	all, err := client.KYC.List(t.Context(), customerID)
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(all, func(d commercengine.Document) bool { return d.ID == document.ID }))

	require.NoError(t, client.KYC.Delete(t.Context(), customerID, document.ID))
	_, err = client.KYC.Get(t.Context(), customerID, document.ID)
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractLists(t *testing.T, client *commercengine.Client, customerID string) {
	_, err := client.Payments.ListMandates(t.Context(), customerID)
	assert.NoError(t, err)
	_, err = client.Payments.ListCards(t.Context(), customerID)
	assert.NoError(t, err)
	_, err = client.Payments.ListPaymentMethods(t.Context(), customerID, commercengine.ListPaymentMethodsRequest{PaymentMethods: []string{"card"}})
	assert.NoError(t, err)
	for _, err := range client.Payments.AllDebitSchedules(t.Context(), customerID, commercengine.ListDebitSchedulesRequest{}) {
		assert.NoError(t, err)
	}
	for _, err := range client.Customers.AllAuthorizedSellers(t.Context(), customerID, commercengine.ListAuthorizedSellersRequest{}) {
		assert.NoError(t, err)
	}
	_, err = client.Payments.ListBankAccounts(t.Context(), customerID, commercengine.ListBankAccountsRequest{})
	assert.NoError(t, err)
	_, err = client.Payments.GetCreditLine(t.Context(), customerID)
	assert.NoError(t, err)
	_, err = client.Customers.ListReviews(t.Context(), customerID)
	assert.NoError(t, err)
	for _, err := range client.Loyalty.AllActivities(t.Context(), customerID, commercengine.ListLoyaltyActivitiesRequest{}) {
		assert.NoError(t, err)
	}
}

// contractProfile writes the profile back as it is.
func contractProfile(t *testing.T, client *commercengine.Client, userID string) {
	user, err := client.Auth.GetUser(t.Context(), userID)
	require.NoError(t, err)

	updated, err := client.Auth.UpdateUser(t.Context(), userID, user.UpdateRequest())

	require.NoError(t, err)
	updated.ModifiedAt = user.ModifiedAt
	assert.Equal(t, user, updated)
}
