package shopline

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"

	"github.com/souk-go/souk/internal/transport"
)

// do carries out a call whose success out is.
func (s *service) do(ctx context.Context, call *transport.Call, out transport.Checked) error {
	call.Out = out
	_, err := s.transport.Do(ctx, call)
	return err
}

// one carries out a call and returns what it is about: held, which is a part of out.
func one[T any](ctx context.Context, s *service, call *transport.Call, out transport.Checked, held *T) (T, error) {
	if err := s.do(ctx, call, out); err != nil {
		var none T
		return none, err
	}
	if list, ok := out.(interface{ Err() error }); ok { // of rows that cannot be read
		return *held, list.Err()
	}
	return *held, nil
}

// done carries out a call without a result.
func (s *service) done(ctx context.Context, call *transport.Call) error {
	call.EmptyOK = true
	return s.do(ctx, call, new(acknowledgement))
}

// count carries out a call whose result is a number.
func (s *service) count(ctx context.Context, route string, query any) (int, error) {
	out := countAnswer{Count: -1}
	call := &transport.Call{Method: http.MethodGet, Route: route, Query: query, Repeat: transport.Safe}
	return one(ctx, s, call, &out, &out.Count)
}

// frame is what an answer can hold beside its result: the marks of a failure,
// which can come with status 200.
type frame struct {
	Errors   json.RawMessage `json:"errors"`
	Code     json.RawMessage `json:"code"`
	I18nCode json.RawMessage `json:"i18nCode"`
	Message  json.RawMessage `json:"message"`
}

// lacks returns what, unless the answer has it and does not speak of a failure.
func (f *frame) lacks(what string, has bool) string {
	if has && !f.fails() {
		return ""
	}
	return what
}

// The answers with one object in them.
type (
	customerAnswer struct {
		frame
		Customer *Customer `json:"customer"`
	}
	addressAnswer struct {
		frame
		Address *Address `json:"customer_address"`
	}
	groupAnswer struct {
		frame
		Group *CustomerGroup `json:"customer_saved_search"`
	}
	webhookAnswer struct {
		frame
		Webhook *Webhook `json:"webhook"`
	}
	inviteAnswer struct {
		frame
		Invite *Invite `json:"customer_invite"`
	}
	activationAnswer struct {
		frame
		Data struct {
			URL string `json:"account_activation_url"`
		} `json:"data"`
	}
	countAnswer struct {
		frame
		Count int `json:"count"` // -1 before it is read
	}
)

func (a *customerAnswer) Missing() string {
	return a.lacks("customer.id", a.Customer != nil && a.Customer.ID != "")
}

func (a *addressAnswer) Missing() string {
	return a.lacks("customer_address.id", a.Address != nil && a.Address.ID != "")
}

func (a *groupAnswer) Missing() string {
	return a.lacks("customer_saved_search.id", a.Group != nil && a.Group.ID != "")
}

func (a *webhookAnswer) Missing() string {
	return a.lacks("webhook.id", a.Webhook != nil && a.Webhook.ID != 0)
}

func (a *inviteAnswer) Missing() string {
	return a.lacks("customer_invite.to", a.Invite != nil && a.Invite.To != "")
}

func (a *activationAnswer) Missing() string {
	return a.lacks("data.account_activation_url", a.Data.URL != "")
}

func (a *countAnswer) Missing() string { return a.lacks("count", a.Count >= 0) }

// The answers with a list in them. A list that is null is none: an empty one is [].
type (
	customersAnswer struct {
		frame
		transport.Unread `json:"-"`
		links            `json:"-"`
		Customers        []Customer `json:"customers"`
	}
	ordersAnswer struct {
		frame
		transport.Unread `json:"-"`
		links            `json:"-"`
		Orders           []orderWire `json:"list"`
	}
	groupsAnswer struct {
		frame
		transport.Unread `json:"-"`
		links            `json:"-"`
		Groups           []CustomerGroup `json:"customer_saved_searches"`
	}
	webhooksAnswer struct {
		frame
		transport.Unread `json:"-"`
		links            `json:"-"`
		Webhooks         []Webhook `json:"webhooks"`
	}
	subscriptionsAnswer struct {
		frame
		transport.Unread `json:"-"`
		Subscriptions    []Subscription `json:"user_subscribe_info_list"`
	}
	addressesAnswer struct {
		frame
		transport.Unread `json:"-"`
		Customers        []addressesWire `json:"user_address"`
	}
	socialLoginsAnswer struct {
		frame
		transport.Unread `json:"-"`
		Data             struct {
			SocialLogins []socialLoginWire `json:"third_party_login_configurations"`
		} `json:"data"`
	}
)

func (a *customersAnswer) Missing() string {
	return cmp.Or(a.lacks("customers", a.Customers != nil), a.wrong(len(a.Customers)+a.Unread.Unread()))
}

func (a *ordersAnswer) Missing() string {
	return cmp.Or(a.lacks("list", a.Orders != nil), a.wrong(len(a.Orders)+a.Unread.Unread()))
}

func (a *groupsAnswer) Missing() string {
	return cmp.Or(a.lacks("customer_saved_searches", a.Groups != nil), a.wrong(len(a.Groups)+a.Unread.Unread()))
}

func (a *webhooksAnswer) Missing() string {
	return cmp.Or(a.lacks("webhooks", a.Webhooks != nil), a.wrong(len(a.Webhooks)+a.Unread.Unread()))
}

func (a *subscriptionsAnswer) Missing() string {
	return a.lacks("user_subscribe_info_list", a.Subscriptions != nil)
}

func (a *socialLoginsAnswer) Missing() string {
	return a.lacks("data.third_party_login_configurations", a.Data.SocialLogins != nil)
}

func (a *addressesAnswer) Missing() string {
	return a.lacks("user_address", a.Customers != nil)
}

// What the answers are about, which is read one by one where an answer as a whole
// cannot be.

func (*customerAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Customer](), 0 }

func (*addressAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Address](), 0 }

func (*groupAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[CustomerGroup](), 0 }

func (*webhookAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Webhook](), 0 }

func (*customersAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Customer](), 0 }

func (*ordersAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[orderWire](), 0 }

func (*groupsAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[CustomerGroup](), 0 }

func (*webhooksAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Webhook](), 0 }

func (*subscriptionsAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Subscription](), 0 }

func (*socialLoginsAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[socialLoginWire](), 0 }

func (*addressesAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[addressesWire](), 0 }

func (*inviteAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Invite](), 0 }

func (*countAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[countAnswer](), 0 }

// By what they are known, where that is no id.

func (*subscriptionsAnswer) RowID() string { return "customer_id" }

func (*socialLoginsAnswer) RowID() string { return "login_channel" }

func (*addressesAnswer) RowID() string { return "uid" }

func (*inviteAnswer) RowID() string { return "to" }

func (*countAnswer) RowID() string { return "" }

// deletedCustomer is what acknowledges that a customer was deleted: what was left
// of them, or null.
type deletedCustomer struct {
	frame
	Customer json.RawMessage `json:"customer"`
}

func (a *deletedCustomer) Missing() string { return a.lacks("customer", len(a.Customer) > 0) }

// emptyObject acknowledges what is done to an address.
type emptyObject map[string]json.RawMessage

func (a *emptyObject) Missing() string {
	if *a == nil || len(*a) > 0 {
		return "the form {}"
	}
	return ""
}

// acknowledgement is what SHOPLINE documents as an empty answer: any JSON that does
// not speak of a failure.
type acknowledgement struct {
	failed bool
}

func (a *acknowledgement) UnmarshalJSON(data []byte) error {
	f := frameOf(data)
	a.failed = f.fails()
	return nil
}

func (a *acknowledgement) Missing() string {
	if a.failed {
		return "a success"
	}
	return ""
}

// withID adds to a selection of fields the id, by which an answer is told from any
// other JSON.
func withID(fields []string) []string {
	if len(fields) == 0 || slices.Contains(fields, "id") {
		return fields
	}
	return append(slices.Clip(fields), "id")
}
