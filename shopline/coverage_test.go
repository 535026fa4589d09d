package shopline_test

import (
	"testing"

	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

func TestEveryOperationHasAMethod(t *testing.T) {
	t.Parallel()
	testkit.Operations(t, ".", "")
}

func TestQueriesCanBeEncoded(t *testing.T) {
	t.Parallel()
	testkit.Queries(t,
		shopline.GetCustomerRequest{}, shopline.ListCustomersRequest{}, shopline.SearchCustomersRequest{},
		shopline.ListOrdersRequest{}, shopline.ListSubscriptionsRequest{}, shopline.GetCustomerGroupRequest{},
		shopline.ListCustomerGroupsRequest{}, shopline.CountCustomerGroupsRequest{}, shopline.ListMembersRequest{},
		shopline.ListSocialLoginsRequest{}, shopline.ListWebhooksRequest{})
}
