package commercengine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
)

// What the API can only read is put into the stand-in, and comes out again.
func TestReadOnlyData(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, id := loggedInTo(t, server)
	ctx := t.Context()
	review := commercengine.Review{ID: "r-1", Rating: "4.5", ReviewText: "fine", OrderNumber: "ORD-1", CreatedAt: created}
	card := commercengine.Card{CardToken: "ctok-1", CardExpMonth: "05", CardExpYear: "2030", Expired: true}
	methods := commercengine.SavedPaymentMethods{UPICollect: []commercengine.SavedUPI{{VPA: "asha@upi", Count: "7"}}, Card: []commercengine.SavedCard{{CardToken: "ctok-1"}}}
	balance := commercengine.CreditLineBalance{MandatePerOrderLimit: "5000", TotalCreditLimit: "20000.50", UtilizedAmount: "0", BalanceAmount: "20000.50", CreatedAt: created, ModifiedAt: created}
	require.True(t, server.SetLoyalty(id, "Gold", 100))
	require.True(t, server.AddReviews(id, review))
	require.True(t, server.AddCards(id, card))
	require.True(t, server.SetSavedPaymentMethods(id, methods))
	require.True(t, server.SetCreditLine(id, balance))
	var sellers, titles, debits []string
	for n := range 250 {
		sellers = append(sellers, fmt.Sprintf("seller-%03d", n))
		titles = append(titles, fmt.Sprintf("activity-%03d", n))
		debits = append(debits, fmt.Sprintf("debit-%03d", n))
		require.True(t, server.AddAuthorizedSellers(id, commercengine.Seller{ID: sellers[n]}))
		require.True(t, server.AddLoyaltyActivities(id, commercengine.LoyaltyActivity{Title: titles[n], LoyaltyPoints: "25"}))
		require.True(t, server.AddDebitSchedules(id, commercengine.DebitSchedule{ID: debits[n], Amount: "499.90"}))
	}

	loyalty, err := client.Loyalty.Get(ctx, id)
	require.NoError(t, err)
	assert.Equal(t, "Gold", loyalty.CurrentTier)
	assert.Equal(t, "100", loyalty.PointsBalance.String())
	reviews, err := client.Customers.ListReviews(ctx, id)
	require.NoError(t, err)
	require.Len(t, reviews.Reviews, 1)
	assert.Equal(t, "4.5", reviews.Reviews[0].Rating.String())
	assert.Equal(t, created, reviews.Reviews[0].CreatedAt)
	cards, err := client.Payments.ListCards(ctx, id)
	require.NoError(t, err)
	assert.Equal(t, []commercengine.Card{card}, cards)
	upi, err := client.Payments.ListPaymentMethods(ctx, id, commercengine.ListPaymentMethodsRequest{PaymentMethods: []string{"upi_collect", "wallet"}})
	require.NoError(t, err)
	assert.Equal(t, &commercengine.SavedPaymentMethods{UPICollect: methods.UPICollect}, upi)
	line, err := client.Payments.GetCreditLine(ctx, id)
	require.NoError(t, err)
	assert.Equal(t, &commercengine.CreditLine{IsEligible: true, Balance: &balance, ActiveMandates: []commercengine.Mandate{}}, line)

	assert.Equal(t, sellers, collect(client.Customers.AllAuthorizedSellers(ctx, id, commercengine.ListAuthorizedSellersRequest{}), func(s *commercengine.Seller) string { return s.ID }))
	assert.Equal(t, titles, collect(client.Loyalty.AllActivities(ctx, id, commercengine.ListLoyaltyActivitiesRequest{}), func(a *commercengine.LoyaltyActivity) string { return a.Title }))
	assert.Equal(t, debits, collect(client.Payments.AllDebitSchedules(ctx, id, commercengine.ListDebitSchedulesRequest{Limit: 30}), func(d *commercengine.DebitSchedule) string { return d.ID }))
}

// The life of a user: a customer with a business, a picture, and an end.
func TestUserLife(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	ctx := t.Context()
	claims, err := client.Session.Claims(ctx)
	require.NoError(t, err)

	customer, err := client.Customers.Create(ctx, createCustomer)
	require.NoError(t, err)
	assert.Equal(t, customerID, customer.ID)
	assert.Equal(t, createCustomer.Business, customer.Business)
	page, err := client.Addresses.List(ctx, customerID, commercengine.ListAddressesRequest{})
	require.NoError(t, err)
	require.Len(t, page.Addresses, 1)
	assert.Equal(t, createCustomer.Address.Pincode, page.Addresses[0].Pincode)
	_, err = client.Customers.Update(ctx, customerID, commercengine.UpdateCustomerRequest{Business: commercengine.CustomerBusiness{Name: "Acme 2"}})
	require.NoError(t, err)
	customer, err = client.Customers.Get(ctx, customerID, commercengine.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, "Acme 2", customer.Business.Name)

	user, err := client.Auth.UpdateUser(ctx, claims.UserID, commercengine.UpdateUserRequest{LastName: new("Rao"), CustomerGroupID: new("g-2")})
	require.NoError(t, err)
	assert.Equal(t, "Asha", user.FirstName)
	assert.Equal(t, "Rao", user.LastName)
	assert.Equal(t, "g-2", user.CustomerGroup.ID)

	image := commercengine.ProfileImageRequest{Image: commercengine.File{Name: "a.png", Reader: strings.NewReader("pixels")}}
	address, err := client.Auth.AddProfileImage(ctx, claims.UserID, image)
	require.NoError(t, err)
	got, err := client.Auth.GetProfileImage(ctx, claims.UserID)
	require.NoError(t, err)
	assert.Equal(t, address, got)
	require.NoError(t, client.Auth.RemoveProfileImage(ctx, claims.UserID))
	_, err = client.Auth.GetProfileImage(ctx, claims.UserID)
	assert.ErrorIs(t, err, souk.ErrNotFound)

	require.NoError(t, client.Auth.DeleteUser(ctx, claims.UserID))
	login := func() error {
		_, err := client.Auth.LoginWithEmail(ctx, commercengine.LoginWithEmailRequest{Email: "asha@example.com"})
		return err
	}
	assert.ErrorIs(t, login(), souk.ErrReauthorize, "the session has ended with its user")
	assert.ErrorIs(t, login(), souk.ErrNotFound)
}

func TestDeactivatedUser(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, _ := loggedInTo(t, server)
	claims, err := client.Session.Claims(t.Context())
	require.NoError(t, err)

	require.NoError(t, client.Auth.DeactivateUser(t.Context(), claims.UserID))

	login := func() error {
		_, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
		return err
	}
	assert.ErrorIs(t, login(), souk.ErrUnauthorized, "the session has ended with its user")
	assert.ErrorIs(t, login(), souk.ErrNotFound)
}

// Bank accounts of both directions.
func TestBankAccounts(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, id := loggedInTo(t, server)
	ctx := t.Context()
	inbound, err := client.Payments.CreateBankAccount(ctx, id, commercengine.CreateBankAccountRequest{AccountType: commercengine.InboundAccount, ServiceProviderSlug: "razorpay", IsDefault: new(true)})
	require.NoError(t, err)
	outbound, err := client.Payments.CreateBankAccount(ctx, id, commercengine.CreateBankAccountRequest{
		AccountType: commercengine.OutboundAccount, AccountName: "Asha", AccountNumber: "1", IFSCCode: "HDFC0001234", BankName: "HDFC", IsDefault: new(true),
	})
	require.NoError(t, err)

	accounts, err := client.Payments.ListBankAccounts(ctx, id, commercengine.ListBankAccountsRequest{})
	require.NoError(t, err)
	require.Len(t, accounts, 2)
	assert.False(t, accounts[0].IsDefault, "one account is the default")
	_, err = client.Payments.UpdateBankAccount(ctx, id, inbound.ID, commercengine.UpdateBankAccountRequest{AccountType: commercengine.OutboundAccount, AccountName: new("x")})
	assert.ErrorIs(t, err, souk.ErrInvalid)
	verified, err := client.Payments.VerifyBankAccount(ctx, id, outbound.ID, commercengine.VerifyBankAccountRequest{IsVerified: true})
	require.NoError(t, err)
	assert.True(t, verified.IsVerified)
	accounts, err = client.Payments.ListBankAccounts(ctx, id, commercengine.ListBankAccountsRequest{AccountType: commercengine.OutboundAccount})
	require.NoError(t, err)
	assert.Equal(t, []commercengine.BankAccount{*verified}, accounts)
}

// A document is checked before it is added, and its type must be known.
func TestDocumentRules(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, id := loggedInTo(t, server)
	ctx := t.Context()
	types, err := client.KYC.ListDocumentTypes(ctx)
	require.NoError(t, err)
	gst := types.DocumentTypes[0].ID

	found, err := client.KYC.Verify(ctx, id, commercengine.VerifyDocumentRequest{DocumentNumber: "27AAPFU0939F1ZV", DocumentTypeID: gst})
	require.NoError(t, err)
	assert.Equal(t, "27AAPFU0939F1ZV", found.ID)
	_, err = client.KYC.Create(ctx, id, commercengine.CreateDocumentRequest{DocumentNumber: "x", DocumentTypeID: "unknown"})
	assert.ErrorIs(t, err, souk.ErrInvalid)
	_, err = client.KYC.Create(ctx, id, commercengine.CreateDocumentRequest{DocumentNumber: "x", DocumentTypeID: gst})
	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.Equal(t, map[string][]string{"file": {"is required"}}, requireError(t, err).Fields)
	documents, err := client.KYC.List(ctx, id)
	require.NoError(t, err)
	assert.Empty(t, documents)
}
