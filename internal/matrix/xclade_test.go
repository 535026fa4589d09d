package matrix

import (
	"context"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

var theXclade = &vendor{
	name:   "xclade",
	unique: true,
	start: func(testing.TB) *store {
		server := xcladetest.NewServer()
		token := server.NewToken()
		return &store{server: server, token: token, open: func(base string, o souk.Options) (shop, error) {
			client, err := xclade.NewClient(xclade.Config{BaseURL: base, Token: token, Options: o})
			return xcladeShop{client}, err
		}}
	},
	forms: forms{
		refusals: []answer{
			// 400 invalid_data sends a walk back to offsets, for servers that know no
			// conditions on ids; the tests of package xclade have it.
			{status: 400, body: `{"type":"not_allowed","message":"no"}`, told: invalid},
			{status: 400, body: `{"type":"not_allowed","message":"` + echoing + `"}`, told: invalid},
			{status: 401, body: `{"message":"Unauthorized"}`, told: unauthorized},
			{status: 401, body: `Unauthorized`, told: unauthorized},
			{status: 403, body: `{"type":"forbidden","message":"Forbidden"}`, told: forbidden},
			{status: 404, body: `<!DOCTYPE html><html><body><pre>Cannot {method} {path}</pre></body></html>`, told: notFound},
			{status: 409, body: `{"type":"conflict","message":"no"}`, told: unavailable},
			{status: 413, body: `{"type":"invalid_data","message":"request entity too large"}`, told: invalid},
			{status: 431, body: ``, told: invalid},
			{status: 500, body: `{"type":"invalid_argument","message":"no"}`, told: invalid},
			{status: 501, body: `{"type":"not_implemented","message":"no"}`, told: invalid},
			{status: 200, body: `{"type":"invalid_data","message":"no"}`, told: invalid},
		},
		absences: []answer{
			{status: 404, body: `{"type":"not_found","message":"Customer with id: cus_1 was not found"}`},
			{status: 200, body: `{"type":"not_found","message":"Customer with id: cus_1 was not found"}`},
		},
		troubles: []answer{
			{status: 500, body: `{"code":"unknown_error","type":"unknown_error","message":"An unknown error occurred."}`},
			{status: 502, body: `{"type":"unexpected_state","message":"no"}`},
		},
		strangers: []string{
			`{"status":200,"success":true,"data":{"id":1}}`, `{"success":true,"content":{}}`, `{"errors":"Not Found"}`, `{"code":"Success","data":{"customer":{"id":"1"}}}`,
		},
		contradictions: xcladeContradictions,
		others:         about("customer.id", gets, updates),
		incomplete: map[operation]string{
			creates: `{"customer":{}}`,
			updates: `{"customer":null}`,
			deletes: `{"id":"cus_1","object":"customer","deleted":true}`,
			gets:    `{"customer":{"email":"a@example.com"}}`,
			finds:   `{"customers":[]}`,
			phones:  `{"customers":[]}`,
			lists:   `{"customers":[]}`,
			walks:   `{"customers":[],"count":5,"offset":0,"limit":2}`,
		},
	},
}

type xcladeShop struct{ client *xclade.Client }

func (s xcladeShop) create(ctx context.Context, key string) (person, error) {
	c, err := s.client.Customers.Create(ctx, xclade.CreateCustomerRequest{FirstName: oldName, Email: key, Phone: "+966 " + phoneOf(key)})
	return one(c, err, ofXclade)
}

func (s xcladeShop) update(ctx context.Context, p person, name string) (person, error) {
	c, err := s.client.Customers.Update(ctx, p.id, xclade.UpdateCustomerRequest{FirstName: new(name)})
	return one(c, err, ofXclade)
}

func (s xcladeShop) delete(ctx context.Context, p person) error {
	return s.client.Customers.Delete(ctx, p.id)
}

func (s xcladeShop) get(ctx context.Context, p person) (person, error) {
	c, err := s.client.Customers.Get(ctx, p.id, xclade.GetCustomerRequest{})
	return one(c, err, ofXclade)
}

func (s xcladeShop) list(ctx context.Context) ([]person, error) {
	page, err := s.client.Customers.List(ctx, xclade.ListCustomersRequest{Limit: pageSize})
	if page == nil {
		return nil, err
	}
	return every(page.Customers, ofXclade), err
}

func (s xcladeShop) all(ctx context.Context, pageSize int) ([]person, error) {
	return collect(s.client.Customers.All(ctx, xclade.ListCustomersRequest{Limit: pageSize}), ofXclade)
}

func (s xcladeShop) ensure(ctx context.Context, key string) (person, bool, error) {
	c, created, err := s.client.Customers.Ensure(ctx, xclade.CreateCustomerRequest{FirstName: oldName, Email: key})
	p, err := one(c, err, ofXclade)
	return p, created, err
}

func (s xcladeShop) byEmail(ctx context.Context, key string) (person, error) {
	c, err := s.client.Customers.GetByEmail(ctx, key)
	return one(c, err, ofXclade)
}

func (s xcladeShop) byPhone(ctx context.Context, phone string) (person, error) {
	c, err := s.client.Customers.GetByPhone(ctx, phone)
	return one(c, err, ofXclade)
}

func (s xcladeShop) upsert(ctx context.Context, key, name string) (person, souk.Change, error) {
	c, change, err := s.client.Customers.Upsert(ctx, xclade.CreateCustomerRequest{FirstName: name, Email: key})
	p, err := one(c, err, ofXclade)
	return p, change, err
}

func ofXclade(c *xclade.Customer) person { return person{c.ID, c.Email, c.FirstName} }
