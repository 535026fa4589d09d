package shopline

import (
	"cmp"
	"reflect"

	"github.com/souk-go/souk/internal/transport"
)

// What the answers hold: the value in Go, what a success must have, the type of a row
// that is read singly if the whole answer cannot be read, and the member that
// identifies a row if that is not its id.

type customerAnswer struct {
	frame
	Customer *Customer `json:"customer"`
}

func (a *customerAnswer) held() *Customer { return a.Customer }

func (a *customerAnswer) Missing() string {
	return a.lacks("customer.id", a.Customer != nil && a.Customer.ID != "")
}

func (a *customerAnswer) Names(n *transport.Names) {
	n.Object(0, "customer.id", transport.Deref(a.Customer).ID)
}

func (*customerAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Customer](), 0 }

type addressAnswer struct {
	frame
	Address *Address `json:"customer_address"`
}

func (a *addressAnswer) held() *Address { return a.Address }

func (a *addressAnswer) Missing() string {
	return a.lacks("customer_address.id", a.Address != nil && a.Address.ID != "")
}

func (a *addressAnswer) Names(n *transport.Names) {
	address := transport.Deref(a.Address)
	n.Parent("customer_address.customer_id", address.CustomerID)
	n.Object(1, "customer_address.id", address.ID)
}

func (*addressAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Address](), 0 }

type groupAnswer struct {
	frame
	Group *CustomerGroup `json:"customer_saved_search"`
}

func (a *groupAnswer) held() *CustomerGroup { return a.Group }

func (a *groupAnswer) Missing() string {
	return a.lacks("customer_saved_search.id", a.Group != nil && a.Group.ID != "")
}

func (a *groupAnswer) Names(n *transport.Names) {
	n.Object(0, "customer_saved_search.id", transport.Deref(a.Group).ID)
}

func (*groupAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[CustomerGroup](), 0 }

type webhookAnswer struct {
	frame
	Webhook *Webhook `json:"webhook"`
}

func (a *webhookAnswer) held() *Webhook { return a.Webhook }

func (a *webhookAnswer) Missing() string {
	return a.lacks("webhook.id", a.Webhook != nil && a.Webhook.ID != 0)
}

func (a *webhookAnswer) Names(n *transport.Names) {
	n.Object(0, "webhook.id", transport.Number(transport.Deref(a.Webhook).ID))
}

func (*webhookAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Webhook](), 0 }

type inviteAnswer struct {
	frame
	Invite *Invite `json:"customer_invite"`
}

func (a *inviteAnswer) held() *Invite { return a.Invite }

func (a *inviteAnswer) Missing() string {
	return a.lacks("customer_invite.to", a.Invite != nil && a.Invite.To != "")
}

func (*inviteAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Invite](), 0 }

func (*inviteAnswer) RowID() string { return "to" }

type activationAnswer struct {
	frame
	Data struct {
		URL string `json:"account_activation_url"`
	} `json:"data"`
}

func (a *activationAnswer) held() string { return a.Data.URL }

func (a *activationAnswer) Missing() string {
	return a.lacks("data.account_activation_url", a.Data.URL != "")
}

type countAnswer struct {
	frame
	Count int `json:"count"` // -1 before it is read
}

func (a *countAnswer) held() int { return a.Count }

func (a *countAnswer) Missing() string { return a.lacks("count", a.Count >= 0) }

func (*countAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[countAnswer](), 0 }

func (*countAnswer) RowID() string { return "" }

// paged holds what a page has in addition to its rows. A list that is null is missing:
// an empty list is [].
type paged struct {
	frame
	transport.Unread `json:"-"`
	links            `json:"-"`
}

// lacksRows names what the answer lacks to be a page. rows is how many rows could be
// read.
func (p *paged) lacksRows(list string, there bool, rows int) string {
	return cmp.Or(p.lacks(list, there), p.wrong(rows+p.Unread.Unread()))
}

type customersAnswer struct {
	paged
	Customers []Customer `json:"customers"`
}

func (a *customersAnswer) held() *page[Customer] { return &page[Customer]{a.Customers, a.links} }

func (a *customersAnswer) Missing() string {
	return a.lacksRows("customers", transport.Listed(a.Customers), len(a.Customers))
}

func (*customersAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Customer](), 0 }

type groupsAnswer struct {
	paged
	Groups []CustomerGroup `json:"customer_saved_searches"`
}

func (a *groupsAnswer) held() *page[CustomerGroup] { return &page[CustomerGroup]{a.Groups, a.links} }

func (a *groupsAnswer) Missing() string {
	return a.lacksRows("customer_saved_searches", transport.Listed(a.Groups), len(a.Groups))
}

func (*groupsAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[CustomerGroup](), 0 }

type webhooksAnswer struct {
	paged
	Webhooks []Webhook `json:"webhooks"`
}

func (a *webhooksAnswer) held() *page[Webhook] { return &page[Webhook]{a.Webhooks, a.links} }

func (a *webhooksAnswer) Missing() string {
	return a.lacksRows("webhooks", transport.Listed(a.Webhooks), len(a.Webhooks))
}

func (*webhooksAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Webhook](), 0 }

type ordersAnswer struct {
	paged
	Orders []orderWire `json:"list"`
}

func (a *ordersAnswer) held() *page[Order] {
	return &page[Order]{transport.Plain(a.Orders, (*orderWire).plain), a.links}
}

func (a *ordersAnswer) Missing() string {
	return a.lacksRows("list", transport.Listed(a.Orders), len(a.Orders))
}

func (*ordersAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[orderWire](), 0 }

type subscriptionsAnswer struct {
	frame
	transport.Unread `json:"-"`
	Subscriptions    []Subscription `json:"user_subscribe_info_list"`
}

func (a *subscriptionsAnswer) held() *ListSubscriptionsResponse {
	return &ListSubscriptionsResponse{Subscriptions: a.Subscriptions}
}

func (a *subscriptionsAnswer) Missing() string {
	return a.lacks("user_subscribe_info_list", transport.Listed(a.Subscriptions))
}

func (*subscriptionsAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Subscription](), 0 }

func (*subscriptionsAnswer) RowID() string { return "customer_id" }

type addressesAnswer struct {
	frame
	transport.Unread `json:"-"`
	Customers        []addressesWire `json:"user_address"`
}

func (a *addressesAnswer) held() *ListAddressesResponse {
	return &ListAddressesResponse{Customers: transport.Plain(a.Customers, (*addressesWire).plain)}
}

func (a *addressesAnswer) Missing() string {
	return a.lacks("user_address", transport.Listed(a.Customers))
}

func (*addressesAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[addressesWire](), 0 }

func (*addressesAnswer) RowID() string { return "uid" }

type socialLoginsAnswer struct {
	frame
	transport.Unread `json:"-"`
	Data             struct {
		SocialLogins []socialLoginWire `json:"third_party_login_configurations"`
	} `json:"data"`
}

func (a *socialLoginsAnswer) held() *ListSocialLoginsResponse {
	return &ListSocialLoginsResponse{SocialLogins: transport.Plain(a.Data.SocialLogins, (*socialLoginWire).plain)}
}

func (a *socialLoginsAnswer) Missing() string {
	return a.lacks("data.third_party_login_configurations", transport.Listed(a.Data.SocialLogins))
}

func (*socialLoginsAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[socialLoginWire](), 0 }

func (*socialLoginsAnswer) RowID() string { return "login_channel" }
