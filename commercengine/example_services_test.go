package commercengine_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
)

// Somebody new registers by phone, and is logged in by the one-time password.
func ExampleAuthService() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	otp, err := client.Auth.RegisterWithPhone(ctx, commercengine.RegisterWithPhoneRequest{
		Phone: "9876543210", FirstName: "Asha", LastName: "Rao",
	})
	if err != nil {
		log.Fatal(err)
	}
	typed := server.OTP // what the shopper read on the phone
	if _, err := client.Auth.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: typed, Token: otp.Token, Action: otp.Action}); err != nil {
		log.Fatal(err)
	}
	claims, err := client.Session.Claims(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims.FirstName, claims.IsLoggedIn)

	if _, err := client.Auth.Logout(ctx); err != nil {
		log.Fatal(err)
	}
	claims, err = client.Session.Claims(ctx)
	fmt.Println(claims.IsLoggedIn, err)
	// Output:
	// Asha true
	// false <nil>
}

// A web server has a session for each browser. The key is what the browser's cookie
// holds; clients are made for each request, and share connections, pace and renewals.
func ExampleSession_webServer() {
	server := commercenginetest.NewServer()
	defer server.Close()
	server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Password: "s3cret"})
	sessions := souk.NewMemoryTokenStore() // in production: in a database, or NewFileTokenStore

	clientOf := func(r *http.Request) (*commercengine.Client, error) {
		cookie, err := r.Cookie("session")
		if err != nil {
			return nil, err
		}
		config := server.Config() // in production: commercengine.Config{StoreID: …, APIKey: …}
		config.TokenStore, config.SessionKey = sessions, cookie.Value
		return commercengine.NewClient(config)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		client, err := clientOf(r)
		if err != nil {
			http.Error(w, "no session", http.StatusBadRequest)
			return
		}
		_, err = client.Auth.LoginWithPassword(r.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
		if err != nil {
			http.Error(w, "wrong password", http.StatusUnauthorized)
		}
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		client, err := clientOf(r)
		if err != nil {
			http.Error(w, "no session", http.StatusBadRequest)
			return
		}
		claims, err := client.Session.Claims(r.Context())
		if err != nil {
			http.Error(w, "try again later", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, claims.FirstName, " ", claims.IsLoggedIn)
	})

	ask := func(method, path, cookie string) string {
		request := httptest.NewRequest(method, path, nil)
		request.AddCookie(&http.Cookie{Name: "session", Value: cookie})
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, request)
		return answer.Body.String()
	}
	ask("POST", "/login", "browser-1")
	fmt.Printf("%q\n", ask("GET", "/me", "browser-1"))
	fmt.Printf("%q\n", ask("GET", "/me", "browser-2")) // somebody else, who is anonymous
	// Output:
	// "Asha true"
	// " false"
}

func ExampleCustomersService() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, customerID := exampleShopper(server)
	server.AddAuthorizedSellers(customerID, commercengine.Seller{ID: "seller-1"})

	for seller, err := range client.Customers.AllAuthorizedSellers(context.Background(), customerID, commercengine.ListAuthorizedSellersRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(seller.ID)
	}
	// Output: seller-1
}

func ExamplePaymentsService() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, customerID := exampleShopper(server)
	ctx := context.Background()

	account, err := client.Payments.CreateBankAccount(ctx, customerID, commercengine.CreateBankAccountRequest{
		AccountName: "Asha Rao", AccountNumber: "000123456789", BankName: "State Bank of India", IFSCCode: "SBIN0000300",
		AccountType: commercengine.OutboundAccount,
	})
	if err != nil {
		log.Fatal(err)
	}
	accounts, err := client.Payments.ListBankAccounts(ctx, customerID, commercengine.ListBankAccountsRequest{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.BankName, account.IsVerified, len(accounts))
	// Output: State Bank of India false 1
}

func ExampleLoyaltyService() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, customerID := exampleShopper(server)
	server.SetLoyalty(customerID, "Gold", 120)

	loyalty, err := client.Loyalty.Get(context.Background(), customerID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(loyalty.CurrentTier, loyalty.PointsBalance)
	// Output: Gold 120
}

func ExampleStoreService() {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	check, err := client.Store.Check(ctx) // is StoreID right?
	if err != nil {
		log.Fatal(err)
	}
	countries, err := client.Store.ListCountries(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(check.Exists, countries[0].Name, countries[0].Code)
	// Output: true India +91
}
