package matrix

import (
	"context"
	"strconv"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

var theSalla = &vendor{
	name:   "salla",
	unique: true,
	start: func(testing.TB) *store {
		server := sallatest.NewServer()
		return &store{server: server, token: server.Token, open: func(base string, o souk.Options) (shop, error) {
			client, err := salla.NewClient(salla.Config{BaseURL: base, Token: server.Token, Options: o})
			return sallaShop{client: client}, err
		}}
	},
	forms: forms{
		refusals: []answer{
			{status: 422, body: `{"status":422,"success":false,"error":{"code":"error","message":"alert.invalid_fields","fields":{"first_name":["no"]}}}`, told: invalid},
			{status: 401, body: `{"status":401,"success":false,"error":{"code":"Unauthorized","message":"The access token is invalid"}}`, told: unauthorized | reauthorize},
			{status: 403, body: `{"status":403,"success":false,"error":{"code":"Forbidden","message":"Forbidden"}}`, told: forbidden},
			{status: 200, body: `{"status":422,"success":false,"error":{"code":"error","message":"no"}}`, told: invalid},
			{status: 400, body: `{"error":"invalid_request","error_description":"no"}`, told: invalid},
			{status: 422, body: `{"status":422,"success":false,"error":{"code":"error","message":"no","fields":{"first_name":["` + echoing + `"]}}}`, told: invalid},
		},
		absences: []answer{
			{status: 404, body: `{"status":404,"success":false,"error":{"code":404,"message":"Not found"}}`},
			{status: 200, body: `{"status":404,"success":false,"error":{"code":404,"message":"Not found"}}`},
		},
		troubles: []answer{
			{status: 500, body: `{"status":500,"success":false,"error":{"code":500,"message":"Server Error"}}`},
			{status: 502, body: `{"status":502,"success":false,"error":{"code":502,"message":"Server Error"}}`},
			{status: 200, body: `{"status":500,"success":false,"error":{"code":500,"message":"Server Error"}}`},
		},
		strangers: []string{
			`{"customer":{"id":"4201825054"}}`, `{"errors":"Not Found"}`, `{"code":"Success","data":{"customer":{"id":"1"}}}`, `{"type":"not_found","message":"no"}`,
		},
		contradictions: sallaContradictions,
		others:         about("id", gets, updates),
		incomplete: map[operation]string{
			creates: `{"status":200,"success":true,"data":[]}`,
			updates: `{"status":200,"success":true,"data":["done"]}`,
			deletes: `{"status":302,"success":true,"data":["done"]}`,
			gets:    `{"status":200,"success":true,"data":{}}`,
			finds:   `{"status":200,"success":true,"data":[]}`,
			phones:  `{"status":200,"success":true,"data":[]}`,
			lists:   `{"status":200,"success":true,"data":[]}`,
			walks:   `{"status":200,"success":true,"data":[],"pagination":{"count":0,"total":5,"perPage":2,"currentPage":{page},"totalPages":3}}`,
		},
		acknowledges: func(op operation, status int, body string) bool { return op == deletes && status == 204 && body == "" },
	},
}

type sallaShop struct {
	client  *salla.Client
	numbers bool
}

func (s sallaShop) numbered() shop { return sallaShop{s.client, true} }

// whom is somebody who is ensured.
func (s sallaShop) whom(key, name string) salla.CreateCustomerRequest {
	if s.numbers {
		return salla.CreateCustomerRequest{FirstName: name, Mobile: phoneOf(key), MobileCodeCountry: "+966"}
	}
	return salla.CreateCustomerRequest{FirstName: name, Email: key}
}

func (s sallaShop) create(ctx context.Context, key string) (person, error) {
	c, err := s.client.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: oldName, Email: key, Mobile: phoneOf(key), MobileCodeCountry: "+966"})
	return one(c, err, ofSalla)
}

func (s sallaShop) update(ctx context.Context, p person, name string) (person, error) {
	c, err := s.client.Customers.Update(ctx, sallaID(p), salla.UpdateCustomerRequest{FirstName: &name})
	return one(c, err, ofSalla)
}

func (s sallaShop) delete(ctx context.Context, p person) error {
	return s.client.Customers.Delete(ctx, sallaID(p))
}

func (s sallaShop) get(ctx context.Context, p person) (person, error) {
	c, err := s.client.Customers.Get(ctx, sallaID(p), salla.GetCustomerRequest{})
	return one(c, err, ofSalla)
}

func (s sallaShop) list(ctx context.Context) ([]person, error) {
	page, err := s.client.Customers.List(ctx, salla.ListCustomersRequest{Limit: pageSize})
	if page == nil {
		return nil, err
	}
	return every(page.Customers, ofSalla), err
}

func (s sallaShop) all(ctx context.Context, pageSize int) ([]person, error) {
	return collect(s.client.Customers.All(ctx, salla.ListCustomersRequest{Limit: pageSize}), ofSalla)
}

func (s sallaShop) ensure(ctx context.Context, key string) (person, bool, error) {
	c, created, err := s.client.Customers.Ensure(ctx, s.whom(key, oldName))
	p, err := one(c, err, ofSalla)
	return p, created, err
}

func (s sallaShop) byEmail(ctx context.Context, key string) (person, error) {
	c, err := s.client.Customers.GetByEmail(ctx, key)
	return one(c, err, ofSalla)
}

func (s sallaShop) byPhone(ctx context.Context, phone string) (person, error) {
	c, err := s.client.Customers.GetByPhone(ctx, phone)
	return one(c, err, ofSalla)
}

func (s sallaShop) upsert(ctx context.Context, key, name string) (person, souk.Change, error) {
	c, change, err := s.client.Customers.Upsert(ctx, s.whom(key, name))
	p, err := one(c, err, ofSalla)
	return p, change, err
}

func ofSalla(c *salla.Customer) person {
	return person{strconv.FormatInt(c.ID, 10), keyOf(c.Email), c.FirstName}
}

func sallaID(p person) int64 {
	id, _ := strconv.ParseInt(p.id, 10, 64)
	return id
}
