package matrix

import (
	"context"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
)

// theShoplazza keeps customers, whom nobody can delete.
func theShoplazza(version string) *vendor {
	return &vendor{
		name:   "shoplazza " + version,
		lacks:  []operation{deletes},
		unique: true,
		start: func(testing.TB) *store {
			server := shoplazzatest.NewServer()
			return &store{server: server, token: server.Token, open: func(base string, o souk.Options) (shop, error) {
				client, err := shoplazza.NewClient(shoplazza.Config{BaseURL: base, Version: version, Token: server.Token, Options: o})
				return shoplazzaShop{client: client}, err
			}}
		},
		forms: shoplazzaForms(version, "customer"),
	}
}

func shoplazzaForms(version, name string) forms {
	f := forms{
		refusals: []answer{
			{status: 400, body: `{"errors":["Bad Request"]}`, told: invalid},
			{status: 422, body: `{"errors":{"first_name":["is invalid"]}}`, told: invalid},
			{status: 401, body: `{"error":"Unauthorized"}`, told: unauthorized},
			{status: 403, body: `{"errors":["store is not active"]}`, told: forbidden},
			{status: 404, body: `{"error":"page not found"}`, told: notFound},
			{status: 200, body: `{"errors":["Country can't be blank"]}`, told: invalid},
			{status: 422, body: `{"errors":["` + echoing + `"]}`, told: invalid},
		},
		absences: []answer{{status: 404, body: `{"errors":["record not found"]}`}},
		troubles: []answer{
			{status: 500, body: `{"errors":["EOF"]}`},
			{status: 500, body: `{"errors":["系统繁忙"]}`},
			{status: 502, body: `{"errors":["record not found"]}`},
		},
		strangers: []string{
			`{"status":200,"success":true,"data":{"id":1}}`, `{"success":true,"content":{}}`, `{"type":"not_found","message":"no"}`, `{"id":"cus_1","object":"customer","deleted":true}`,
		},
		incomplete: map[operation]string{
			creates: `{"` + name + `":{}}`,
			updates: `{"code":"Success","data":{}}`,
			deletes: `{"code":"Failure","data":{}}`,
			gets:    `{"` + name + `":null}`,
			finds:   `{"code":"Success","data":{"customer":{"id":"1"}}}`,
			phones:  `{"code":"Success","data":{"customer":{"id":"1"}}}`,
			lists:   `{"code":"Success","data":{"rows":[]}}`,
			walks:   `{"has_more":false}`,
		},
	}
	f.others = about(name+".id", gets, updates)
	if name == "address" {
		f.others[creates] = saying("address.customer_id", 999999999)
	}
	if version == shoplazza.Version202201 {
		f.troubles = append(f.troubles, answer{status: 500, body: `{"errors":["record not found"]}`})
		return f
	}
	f.contradictions = shoplazzaContradictions(map[string]string{"customer": "customers", "address": "addresses"}[name])
	f.refusals = append(f.refusals, answer{status: 500, body: `{"errors":["Country can't be blank"]}`, told: invalid})
	f.absences = append(f.absences, answer{status: 500, body: `{"errors":["record not found"]}`}, answer{status: 400, body: `{"errors":["record not found"]}`})
	f.acknowledges = func(op operation, status int, body string) bool { // an empty first page is left out
		return (op == lists || op == walks) && isSuccess(status) && body == `{}`
	}
	return f
}

type shoplazzaShop struct {
	client  *shoplazza.Client
	numbers bool
}

func (s shoplazzaShop) numbered() shop { return shoplazzaShop{s.client, true} }

// whom is somebody who is ensured.
func (s shoplazzaShop) whom(key, name string) shoplazza.CreateCustomerRequest {
	if s.numbers {
		return shoplazza.CreateCustomerRequest{FirstName: name, Phone: "+966" + phoneOf(key)}
	}
	return shoplazza.CreateCustomerRequest{FirstName: name, Email: key}
}

func (s shoplazzaShop) create(ctx context.Context, key string) (person, error) {
	c, err := s.client.Customers.Create(ctx, shoplazza.CreateCustomerRequest{FirstName: oldName, Email: key, Phone: "+966" + phoneOf(key)})
	return one(c, err, ofShoplazza)
}

func (s shoplazzaShop) update(ctx context.Context, p person, name string) (person, error) {
	c, err := s.client.Customers.Update(ctx, p.id, shoplazza.UpdateCustomerRequest{FirstName: &name})
	return one(c, err, ofShoplazza)
}

func (shoplazzaShop) delete(context.Context, person) error { panic("there is none") }

func (s shoplazzaShop) get(ctx context.Context, p person) (person, error) {
	c, err := s.client.Customers.Get(ctx, p.id, shoplazza.GetCustomerRequest{})
	return one(c, err, ofShoplazza)
}

func (s shoplazzaShop) list(ctx context.Context) ([]person, error) {
	page, err := s.client.Customers.List(ctx, shoplazza.ListCustomersRequest{Limit: pageSize})
	if page == nil {
		return nil, err
	}
	return every(page.Customers, ofShoplazza), err
}

func (s shoplazzaShop) all(ctx context.Context, pageSize int) ([]person, error) {
	return collect(s.client.Customers.All(ctx, shoplazza.ListCustomersRequest{Limit: pageSize}), ofShoplazza)
}

func (s shoplazzaShop) ensure(ctx context.Context, key string) (person, bool, error) {
	c, created, err := s.client.Customers.Ensure(ctx, s.whom(key, oldName))
	p, err := one(c, err, ofShoplazza)
	return p, created, err
}

func (s shoplazzaShop) byEmail(ctx context.Context, key string) (person, error) {
	c, err := s.client.Customers.GetByEmail(ctx, key)
	return one(c, err, ofShoplazza)
}

func (s shoplazzaShop) byPhone(ctx context.Context, phone string) (person, error) {
	c, err := s.client.Customers.GetByPhone(ctx, phone)
	return one(c, err, ofShoplazza)
}

func (s shoplazzaShop) upsert(ctx context.Context, key, name string) (person, souk.Change, error) {
	c, change, err := s.client.Customers.Upsert(ctx, s.whom(key, name))
	p, err := one(c, err, ofShoplazza)
	return p, change, err
}

func ofShoplazza(c *shoplazza.Customer) person { return person{c.ID, keyOf(c.Email), c.FirstName} }

// theShoplazzaAddresses keeps addresses of one customer.
func theShoplazzaAddresses(version string) *vendor {
	v := &vendor{
		name:  "shoplazza " + version + " addresses",
		lacks: aboutPeople,
		start: func(t testing.TB) *store {
			server := shoplazzatest.NewServer()
			config := server.Config()
			config.Version = version
			client, err := shoplazza.NewClient(config)
			if err != nil {
				t.Fatal(err)
			}
			owner, err := client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "owner@example.com"})
			if err != nil {
				t.Fatal(err)
			}
			return &store{server: server, token: server.Token, open: func(base string, o souk.Options) (shop, error) {
				client, err := shoplazza.NewClient(shoplazza.Config{BaseURL: base, Version: version, Token: server.Token, Options: o})
				return shoplazzaAddresses{client: client, owner: owner.ID}, err
			}}
		},
		forms: shoplazzaForms(version, "address"),
	}
	emptyPage := v.acknowledges
	v.acknowledges = func(op operation, status int, body string) bool {
		return op == deletes && isSuccess(status) && body == `{}` || emptyPage != nil && emptyPage(op, status, body)
	}
	return v
}

type shoplazzaAddresses struct {
	nobody

	client *shoplazza.Client
	owner  string
}

func (s shoplazzaAddresses) create(ctx context.Context, key string) (person, error) {
	a, err := s.client.Addresses.Create(ctx, s.owner, shoplazza.CreateAddressRequest{Country: "Finland", CountryCode: "FI", Email: key, FirstName: oldName})
	return one(a, err, ofShoplazzaAddress)
}

func (s shoplazzaAddresses) update(ctx context.Context, p person, name string) (person, error) {
	a, err := s.client.Addresses.Update(ctx, s.owner, p.id, shoplazza.UpdateAddressRequest{FirstName: &name})
	return one(a, err, ofShoplazzaAddress)
}

func (s shoplazzaAddresses) delete(ctx context.Context, p person) error {
	return s.client.Addresses.Delete(ctx, s.owner, p.id)
}

func (s shoplazzaAddresses) get(ctx context.Context, p person) (person, error) {
	a, err := s.client.Addresses.Get(ctx, s.owner, p.id)
	return one(a, err, ofShoplazzaAddress)
}

func (s shoplazzaAddresses) list(ctx context.Context) ([]person, error) {
	page, err := s.client.Addresses.List(ctx, s.owner, shoplazza.ListAddressesRequest{Limit: pageSize})
	if page == nil {
		return nil, err
	}
	return every(page.Addresses, ofShoplazzaAddress), err
}

func (s shoplazzaAddresses) all(ctx context.Context, pageSize int) ([]person, error) {
	return collect(s.client.Addresses.All(ctx, s.owner, shoplazza.ListAddressesRequest{Limit: pageSize}), ofShoplazzaAddress)
}

func ofShoplazzaAddress(a *shoplazza.Address) person { return person{a.ID, a.Email, a.FirstName} }
