package shoplazza

import (
	"testing"

	"github.com/souk-go/souk/internal/testkit"
)

func TestQueriesEncodeAsMeant(t *testing.T) {
	t.Parallel()
	testkit.Queries(t, customersQuery{}, webhooksQuery{}, pageQuery{}, CountWebhooksRequest{})
}
