package shoplinetest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
)

func TestSeededCustomersAreMadeFromTheirNumber(t *testing.T) {
	t.Parallel()
	server, client := start(t)
	server.Seed(2)
	server.Seed(1)
	var got [][4]string

	for customer, err := range client.Customers.All(t.Context(), shopline.ListCustomersRequest{}) {
		require.NoError(t, err)
		got = append(got, [4]string{customer.FirstName, customer.LastName, customer.Email, customer.Phone})
	}

	assert.Equal(t, [][4]string{
		{"Customer", "3", "customer3@example.test", "0085200000003"},
		{"Customer", "2", "customer2@example.test", "0085200000002"},
		{"Customer", "1", "customer1@example.test", "0085200000001"},
	}, got)
	_, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Phone: "+852 0000 0002"})
	assert.ErrorIs(t, err, souk.ErrAlreadyExists)
}
