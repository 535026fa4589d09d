package matrix

import (
	"context"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

var theShopline = &vendor{
	name:   "shopline",
	unique: true,
	start: func(testing.TB) *store {
		server := shoplinetest.NewServer()
		return &store{server: server, token: server.Token, open: func(base string, o souk.Options) (shop, error) {
			client, err := shopline.NewClient(shopline.Config{BaseURL: base, Token: server.Token, Options: o})
			return shoplineShop{client: client}, err
		}}
	},
	forms: forms{
		refusals: []answer{
			{status: 422, body: `{"errors":{"first_name":["is too long"]}}`, told: invalid},
			{status: 400, body: `{"code":"BAD_REQUEST","message":"no"}`, told: invalid},
			{status: 401, body: `{"errors":"[API] Invalid API key or access token"}`, told: unauthorized},
			{status: 403, body: `{"errors":"Forbidden"}`, told: forbidden},
			{status: 423, body: ``, told: forbidden},
			{status: 434, body: `<html>blocked</html>`, told: forbidden},
			{status: 200, body: `{"errors":"no"}`, told: invalid},
			{status: 400, body: `{"errors":{"base":["` + echoing + `"]}}`, told: invalid},
		},
		absences: []answer{{status: 404, body: `{"errors":"The customer does not exist."}`}},
		troubles: []answer{
			{status: 500, body: `{"errors":"Internal Server Error"}`},
			{status: 502, body: `{"code":"ERROR","message":"no"}`},
		},
		strangers: []string{
			`{"status":200,"success":true,"data":{"id":1}}`, `{"success":true,"content":{}}`, `{"code":"Success","data":{"customer":{"id":"1"}}}`, `{"type":"not_found","message":"no"}`,
		},
		contradictions: shoplineContradictions,
		others:         about("customer.id", gets, updates),
		incomplete: map[operation]string{
			creates: `{"customer":{}}`,
			updates: `{"customer":null}`,
			deletes: `{"customers":[]}`,
			gets:    `{"customer":{"email":"a@example.com"}}`,
			finds:   `{"customer":{"email":"somebody@example.com"}}`,
			phones:  `{"customers":null}`,
			lists:   `{"customers":null}`,
			walks:   `{"customers":null}`,
		},
	},
}

type shoplineShop struct {
	client  *shopline.Client
	numbers bool
}

func (s shoplineShop) numbered() shop { return shoplineShop{s.client, true} }

// whom is somebody who is ensured.
func (s shoplineShop) whom(key, name string) shopline.CreateCustomerRequest {
	if s.numbers {
		return shopline.CreateCustomerRequest{FirstName: name, Phone: "00966" + phoneOf(key)}
	}
	return shopline.CreateCustomerRequest{FirstName: name, Email: key}
}

func (s shoplineShop) create(ctx context.Context, key string) (person, error) {
	c, err := s.client.Customers.Create(ctx, shopline.CreateCustomerRequest{FirstName: oldName, Email: key, Phone: "00966" + phoneOf(key)})
	return one(c, err, ofShopline)
}

func (s shoplineShop) update(ctx context.Context, p person, name string) (person, error) {
	c, err := s.client.Customers.Update(ctx, p.id, shopline.UpdateCustomerRequest{FirstName: &name})
	return one(c, err, ofShopline)
}

func (s shoplineShop) delete(ctx context.Context, p person) error {
	return s.client.Customers.Delete(ctx, p.id)
}

func (s shoplineShop) get(ctx context.Context, p person) (person, error) {
	c, err := s.client.Customers.Get(ctx, p.id, shopline.GetCustomerRequest{})
	return one(c, err, ofShopline)
}

func (s shoplineShop) list(ctx context.Context) ([]person, error) {
	page, err := s.client.Customers.List(ctx, shopline.ListCustomersRequest{Limit: pageSize})
	if page == nil {
		return nil, err
	}
	return every(page.Customers, ofShopline), err
}

func (s shoplineShop) all(ctx context.Context, pageSize int) ([]person, error) {
	return collect(s.client.Customers.All(ctx, shopline.ListCustomersRequest{Limit: pageSize}), ofShopline)
}

func (s shoplineShop) ensure(ctx context.Context, key string) (person, bool, error) {
	c, created, err := s.client.Customers.Ensure(ctx, s.whom(key, oldName))
	p, err := one(c, err, ofShopline)
	return p, created, err
}

func (s shoplineShop) byEmail(ctx context.Context, key string) (person, error) {
	c, err := s.client.Customers.GetByEmail(ctx, key)
	return one(c, err, ofShopline)
}

func (s shoplineShop) byPhone(ctx context.Context, phone string) (person, error) {
	c, err := s.client.Customers.GetByPhone(ctx, phone)
	return one(c, err, ofShopline)
}

func (s shoplineShop) upsert(ctx context.Context, key, name string) (person, souk.Change, error) {
	c, change, err := s.client.Customers.Upsert(ctx, s.whom(key, name))
	p, err := one(c, err, ofShopline)
	return p, change, err
}

func ofShopline(c *shopline.Customer) person { return person{c.ID, keyOf(c.Email), c.FirstName} }
