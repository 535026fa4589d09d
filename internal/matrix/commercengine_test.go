package matrix

import (
	"context"
	"testing"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
)

// theCommerceEngine keeps addresses of one customer, who has logged in.
var theCommerceEngine = &vendor{
	name:  "commercengine",
	lacks: aboutPeople,
	start: func(t testing.TB) *store {
		server := commercenginetest.NewServer()
		server.SetTokenLife(30 * 24 * time.Hour)
		_, customer := server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Phone: "9876543210", Password: "s3cret"})
		token := logIn(t, server)
		return &store{server: server, token: token, open: func(base string, o souk.Options) (shop, error) {
			client, err := commercengine.NewClient(commercengine.Config{BaseURL: base, StoreID: server.StoreID, Token: token, Options: o})
			return commercengineShop{client: client, customer: customer}, err
		}}
	},
	forms: forms{
		refusals: []answer{
			{status: 400, body: `{"success":false,"message":"no","code":"invalid_input"}`, told: invalid},
			{status: 422, body: `{"message":"no","code":"invalid_input"}`, told: invalid},
			{status: 401, body: `{"success":false,"message":"Unauthorized","code":"unauthorized"}`, told: unauthorized},
			{status: 403, body: `{"success":false,"message":"no","code":"forbidden"}`, told: forbidden},
			{status: 200, body: `{"success":false,"message":"no"}`, told: invalid},
			{status: 400, body: `{"success":false,"message":"` + echoing + `","code":"x"}`, told: invalid},
		},
		absences: []answer{
			{status: 404, body: `{"success":false,"message":"no","code":"x"}`},
			{status: 404, body: `{"message":"no","code":"not_found"}`},
			{status: 200, body: `{"success":false,"message":"Not found.","code":"NOT_FOUND"}`},
		},
		troubles: []answer{
			{status: 500, body: `{"success":false,"message":"oops"}`},
			{status: 502, body: `{"success":false,"message":"oops","code":"not_found"}`},
		},
		strangers: []string{
			`{"customer":{"id":"4201825054"}}`, `{"errors":"Not Found"}`, `{"status":404,"success":false,"error":{"code":"error","message":"no"}}`, `{"type":"not_found","message":"no"}`,
		},
		contradictions: commercengineContradictions,
		others:         about("address.id", gets, updates),
		incomplete: map[operation]string{
			creates: `{"success":true,"message":"ok","content":{}}`,
			updates: `{"success":true,"message":"ok","content":{"address":{}}}`,
			deletes: `{"message":"ok","content":{}}`,
			gets:    `{"success":true,"message":"ok","content":null}`,
			lists:   `{"success":true,"message":"ok","content":{"addresses":[]}}`,
			walks:   `{"success":true,"message":"ok","content":{"addresses":[],"pagination":{"total_records":5,"total_pages":3,"limit":2,"next_page":null}}}`,
		},
	},
}

func logIn(t testing.TB, server *commercenginetest.Server) string {
	t.Helper()
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	return tokens.AccessToken
}

type commercengineShop struct {
	nobody

	client   *commercengine.Client
	customer string
}

// address has the key as its nickname.
func address(key, name string) commercengine.CreateAddressRequest {
	return commercengine.CreateAddressRequest{
		FirstName: name, CountryCode: "+91", Phone: "9876543210", Email: "asha@example.com", Nickname: key,
		AddressLine1: "1, Church Street", Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India",
	}
}

func (s commercengineShop) create(ctx context.Context, key string) (person, error) {
	a, err := s.client.Addresses.Create(ctx, s.customer, address(key, oldName))
	return one(a, err, ofCommerceEngine)
}

func (s commercengineShop) update(ctx context.Context, p person, name string) (person, error) {
	a, err := s.client.Addresses.Update(ctx, s.customer, p.id, commercengine.UpdateAddressRequest(address(p.key, name)))
	return one(a, err, ofCommerceEngine)
}

func (s commercengineShop) delete(ctx context.Context, p person) error {
	return s.client.Addresses.Delete(ctx, s.customer, p.id)
}

func (s commercengineShop) get(ctx context.Context, p person) (person, error) {
	a, err := s.client.Addresses.Get(ctx, s.customer, p.id)
	return one(a, err, ofCommerceEngine)
}

func (s commercengineShop) list(ctx context.Context) ([]person, error) {
	page, err := s.client.Addresses.List(ctx, s.customer, commercengine.ListAddressesRequest{Limit: pageSize})
	if page == nil {
		return nil, err
	}
	return every(page.Addresses, ofCommerceEngine), err
}

func (s commercengineShop) all(ctx context.Context, pageSize int) ([]person, error) {
	return collect(s.client.Addresses.All(ctx, s.customer, commercengine.ListAddressesRequest{Limit: pageSize}), ofCommerceEngine)
}

func ofCommerceEngine(a *commercengine.Address) person { return person{a.ID, a.Nickname, a.FirstName} }
