package shoplinetest

import (
	"net/http"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// routes are the end points below the version. Fixed paths stand before those
// with an id in the same place.
var routes = standin.Routes[func(*store, *call) (any, error)]{
	{Operation: "Customers.Create", Method: http.MethodPost, Pattern: "customers.json", Handle: (*store).createCustomer},
	{Operation: "Customers.List", Method: http.MethodGet, Pattern: "v2/customers.json", Handle: (*store).listCustomers},
	{Operation: "Customers.Search", Method: http.MethodGet, Pattern: "customers/v2/search.json", Handle: (*store).searchCustomers},
	{Operation: "Customers.Count", Method: http.MethodGet, Pattern: "customers/v2/count.json", Handle: (*store).countCustomers},
	{Operation: "Customers.Get", Method: http.MethodGet, Pattern: "customers/v2/*.json", Handle: (*store).getCustomer},
	{Operation: "Customers.GetByEmail", Method: http.MethodPost, Pattern: "customers/query_user_by_email.json", Handle: (*store).getByEmail},
	{Operation: "Addresses.List", Method: http.MethodPost, Pattern: "customers/addresses/list.json", Handle: (*store).listAddresses},
	{Operation: "Customers.ListSubscriptions", Method: http.MethodGet, Pattern: "customers/subscribe.json", Handle: (*store).listSubscriptions},
	{Operation: "Customers.AddToBlacklist", Method: http.MethodPost, Pattern: "customers/add_blacklist.json", Handle: (*store).addToBlacklist},
	{Operation: "Customers.RemoveFromBlacklist", Method: http.MethodPost, Pattern: "customers/remove_blacklist.json", Handle: (*store).removeFromBlacklist},
	{Operation: "Customers.Update", Method: http.MethodPut, Pattern: "customers/*.json", Handle: (*store).updateCustomer},
	{Operation: "Customers.Delete", Method: http.MethodDelete, Pattern: "customers/*.json", Handle: (*store).deleteCustomer},
	{Operation: "Customers.ListOrders", Method: http.MethodGet, Pattern: "customers/*/orders.json", Handle: (*store).listOrders},
	{Operation: "Customers.SendInvite", Method: http.MethodPost, Pattern: "customers/*/send_invite.json", Handle: (*store).sendInvite},
	{Operation: "Customers.CreateActivationURL", Method: http.MethodPost, Pattern: "customers/*/account_activation_url.json", Handle: (*store).activationURL},
	{Operation: "Addresses.Create", Method: http.MethodPost, Pattern: "customers/*/addresses.json", Handle: (*store).createAddress},
	{Operation: "Addresses.Bulk", Method: http.MethodPut, Pattern: "customers/*/addresses/set.json", Handle: (*store).bulkAddresses},
	{Operation: "Addresses.Get", Method: http.MethodGet, Pattern: "customers/*/addresses/*.json", Handle: (*store).getAddress},
	{Operation: "Addresses.Update", Method: http.MethodPut, Pattern: "customers/*/addresses/*.json", Handle: (*store).updateAddress},
	{Operation: "Addresses.Delete", Method: http.MethodDelete, Pattern: "customers/*/addresses/*.json", Handle: (*store).deleteAddress},
	{Operation: "Addresses.SetDefault", Method: http.MethodPut, Pattern: "customers/*/addresses/*/default.json", Handle: (*store).setDefault},
	{Operation: "Customers.RemoveTags", Method: http.MethodPost, Pattern: "customer_tags_remove.json", Handle: (*store).removeTags},
	{Operation: "CustomerGroups.Create", Method: http.MethodPost, Pattern: "customer_saved_searches.json", Handle: (*store).createGroup},
	{Operation: "CustomerGroups.List", Method: http.MethodGet, Pattern: "customer_saved_searches.json", Handle: (*store).listGroups},
	{Operation: "CustomerGroups.Count", Method: http.MethodGet, Pattern: "customer_saved_searches/count.json", Handle: (*store).countGroups},
	{Operation: "CustomerGroups.Get", Method: http.MethodGet, Pattern: "customer_saved_searches/*.json", Handle: (*store).getGroup},
	{Operation: "CustomerGroups.Update", Method: http.MethodPut, Pattern: "customer_saved_searches/*.json", Handle: (*store).updateGroup},
	{Operation: "CustomerGroups.Delete", Method: http.MethodDelete, Pattern: "customer_saved_searches/*.json", Handle: (*store).deleteGroup},
	{Operation: "CustomerGroups.ListMembers", Method: http.MethodGet, Pattern: "customer_saved_searches/*/customers.json", Handle: (*store).listMembers},
	{Operation: "SocialLogins.List", Method: http.MethodGet, Pattern: "customers_social_login.json", Handle: (*store).listSocialLogins},
	{Operation: "SocialLogins.Set", Method: http.MethodPost, Pattern: "customers_social_login.json", Handle: (*store).setSocialLogin},
	{Operation: "SocialLogins.Delete", Method: http.MethodDelete, Pattern: "customers_social_login.json", Handle: (*store).deleteSocialLogin},
	{Operation: "Webhooks.Create", Method: http.MethodPost, Pattern: "webhooks.json", Handle: (*store).createWebhook},
	{Operation: "Webhooks.List", Method: http.MethodGet, Pattern: "webhooks.json", Handle: (*store).listWebhooks},
	{Operation: "Webhooks.Count", Method: http.MethodGet, Pattern: "webhooks/count.json", Handle: (*store).countWebhooks},
	{Operation: "Webhooks.Get", Method: http.MethodGet, Pattern: "*/webhooks.json", Handle: (*store).getWebhook},
	{Operation: "Webhooks.Update", Method: http.MethodPut, Pattern: "*/webhooks.json", Handle: (*store).updateWebhook},
	{Operation: "Webhooks.Delete", Method: http.MethodDelete, Pattern: "*/webhooks.json", Handle: (*store).deleteWebhook},
}

// tokenRoutes are the end points below tokenPath.
var tokenRoutes = standin.Routes[func(g *grants, body []byte, now time.Time) souktest.Answer]{
	{Operation: "OAuth.Exchange", Method: http.MethodPost, Pattern: "create", Handle: (*grants).exchange},
	{Operation: "OAuth.Refresh", Method: http.MethodPost, Pattern: "refresh", Handle: (*grants).refresh},
}

// operation returns the name of the operation that a request asks for, "" for none.
func operation(r *http.Request) string {
	if action, ok := strings.CutPrefix(r.URL.Path, tokenPath); ok {
		return tokenRoutes.Operation(r.Method, action)
	}
	if _, path, ok := cutVersion(r.URL.Path); ok {
		return routes.Operation(r.Method, path)
	}
	return ""
}
