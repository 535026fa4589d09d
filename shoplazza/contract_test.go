package shoplazza_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
)

// TestContract runs the suite against the stand-in, in every version.
// TestStagingContract runs the same against a real store: where they differ,
// the stand-in is wrong.
func TestContract(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := shoplazzatest.NewServer()
			t.Cleanup(server.Close)
			var called testkit.Called
			config := server.Config()
			config.Version, config.Observer = version, called.Observer()
			called.RequireAll(t, ".", nil)
			runContract(t, config)
		})
	}
}

func TestContractOverTCP(t *testing.T) {
	t.Parallel()
	server := shoplazzatest.NewServer()
	t.Cleanup(server.Close)
	config := server.Config()
	config.BaseURL, config.HTTPClient = server.URL(), nil
	runContract(t, config)
}

// runContract runs all scenarios. There is no way to delete a customer, so all
// runs against a store share one, whose addresses are deleted again.
func runContract(t *testing.T, config shoplazza.Config) {
	client, err := shoplazza.NewClient(config)
	require.NoError(t, err)
	shared, created, err := client.Customers.Ensure(t.Context(), shoplazza.CreateCustomerRequest{
		Email: contractEmail, FirstName: "Contract", LastName: "Suite",
		AcceptsMarketing: new(false), AcceptsSMSMarketing: new(false), Tags: []string{"souk", "contract suite"},
	})
	require.NoError(t, err)
	if created {
		assert.False(t, shared.AcceptsMarketing, "false was sent")
		assert.False(t, shared.AcceptsSMSMarketing)
		assert.ElementsMatch(t, []string{"souk", "contract suite"}, shared.Tags)
		assert.WithinDuration(t, time.Now(), shared.CreatedAt, time.Hour)
	}
	for address, err := range client.Addresses.All(t.Context(), shared.ID, shoplazza.ListAddressesRequest{}) {
		require.NoError(t, err) // a run that was cut off left it
		require.NoError(t, client.Addresses.Delete(t.Context(), shared.ID, address.ID))
	}
	for name, scenario := range map[string]func(*testing.T, *contract){
		"get":           get,
		"update":        update,
		"unique e-mail": uniqueEmail,
		"list and walk": listAndWalk,
		"addresses":     addressLife,
		"not found":     notFound,
		"webhooks":      webhookLife,
		"wrong token":   wrongToken,
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, &contract{Client: client, config: config, customer: shared})
		})
	}
}

const contractEmail = "contract@souk.example"

// contract is what a scenario works with.
type contract struct {
	*shoplazza.Client
	config   shoplazza.Config
	customer *shoplazza.Customer
}

func get(t *testing.T, c *contract) {
	got, err := c.Customers.Get(t.Context(), c.customer.ID, shoplazza.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, c.customer.ID, got.ID)
	assert.Equal(t, contractEmail, got.Email)
	assert.Equal(t, "Suite", got.LastName)
	assert.Empty(t, got.Addresses)
	assert.Nil(t, got.DefaultAddress)
}

func update(t *testing.T, c *contract) {
	got, err := c.Customers.Update(t.Context(), c.customer.ID, shoplazza.UpdateCustomerRequest{
		FirstName: new("Changed"), AcceptsMarketing: new(true), Tags: []string{"a", "b"},
	})
	require.NoError(t, err)
	assert.Equal(t, "Changed", got.FirstName)
	assert.Equal(t, "Suite", got.LastName, "what is not set stays")
	assert.True(t, got.AcceptsMarketing)
	assert.ElementsMatch(t, []string{"a", "b"}, got.Tags)

	got, err = c.Customers.Update(t.Context(), c.customer.ID, shoplazza.UpdateCustomerRequest{AcceptsMarketing: new(false), Tags: []string{}})
	require.NoError(t, err)
	assert.False(t, got.AcceptsMarketing)
	assert.Empty(t, got.Tags)
}

func uniqueEmail(t *testing.T, c *contract) {
	request := shoplazza.CreateCustomerRequest{Email: c.customer.Email}
	_, err := c.Customers.Create(t.Context(), request)
	requireError(t, err, souk.ErrAlreadyExists)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)

	got, created, err := c.Customers.Ensure(t.Context(), request)
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, c.customer.ID, got.ID)
}

func listAndWalk(t *testing.T, c *contract) {
	list, err := c.Customers.List(t.Context(), shoplazza.ListCustomersRequest{IDs: []string{c.customer.ID}})
	require.NoError(t, err)
	require.Len(t, list.Customers, 1)
	assert.Equal(t, c.customer.ID, list.Customers[0].ID)

	found := 0
	for customer, err := range c.Customers.All(t.Context(), shoplazza.ListCustomersRequest{Email: c.customer.Email, Limit: 1}) {
		require.NoError(t, err)
		if customer.ID == c.customer.ID {
			found++
		}
	}
	assert.Equal(t, 1, found)

	list, err = c.Customers.List(t.Context(), shoplazza.ListCustomersRequest{CreatedAtMin: time.Now().Add(24 * time.Hour)})
	require.NoError(t, err)
	assert.Empty(t, list.Customers)
	_, more := list.Next()
	assert.False(t, more)

	n, err := c.Customers.Count(t.Context())
	require.NoError(t, err)
	assert.Positive(t, n)
}

func addressLife(t *testing.T, c *contract) {
	id := c.customer.ID
	create := func(city string) *shoplazza.Address {
		address, err := c.Addresses.Create(t.Context(), id, shoplazza.CreateAddressRequest{
			FirstName: "A", LastName: "B", Country: "United States", CountryCode: "US", Province: "California", ProvinceCode: "CA",
			City: city, Address1: "1 Main Street", Address2: "Suite 2", Zip: "90210", Phone: "+15052814445",
		})
		require.NoError(t, err)
		t.Cleanup(func() {
			err := c.Addresses.Delete(context.WithoutCancel(t.Context()), id, address.ID)
			if !errors.Is(err, souk.ErrNotFound) {
				assert.NoError(t, err)
			}
		})
		return address
	}
	first, second := create("Springfield"), create("Shelbyville")
	assert.Equal(t, "Springfield", first.City)
	assert.Equal(t, id, first.CustomerID)

	require.NoError(t, c.Addresses.SetDefault(t.Context(), id, second.ID))
	got, err := c.Addresses.Get(t.Context(), id, second.ID)
	require.NoError(t, err)
	assert.True(t, got.Default)
	customer, err := c.Customers.Get(t.Context(), id, shoplazza.GetCustomerRequest{})
	require.NoError(t, err)
	require.NotNil(t, customer.DefaultAddress, "in every version")
	assert.Equal(t, second.ID, customer.DefaultAddress.ID)

	got, err = c.Addresses.Update(t.Context(), id, first.ID, shoplazza.UpdateAddressRequest{City: new("Ogdenville"), Country: new("United States"), CountryCode: new("US")})
	require.NoError(t, err)
	assert.Equal(t, "Ogdenville", got.City)

	var ids []string
	for address, err := range c.Addresses.All(t.Context(), id, shoplazza.ListAddressesRequest{Limit: 1}) {
		require.NoError(t, err)
		ids = append(ids, address.ID)
	}
	assert.ElementsMatch(t, []string{first.ID, second.ID}, ids)

	require.NoError(t, c.Addresses.Delete(t.Context(), id, first.ID))
	_, err = c.Addresses.Get(t.Context(), id, first.ID)
	requireError(t, err, souk.ErrNotFound)
}

func notFound(t *testing.T, c *contract) {
	const unknown = "00000000-0000-4000-8000-000000000000"
	_, err := c.Customers.Get(t.Context(), unknown, shoplazza.GetCustomerRequest{})
	requireError(t, err, souk.ErrNotFound)
	_, err = c.Customers.Update(t.Context(), unknown, shoplazza.UpdateCustomerRequest{FirstName: new("x")})
	requireError(t, err, souk.ErrNotFound)
	requireError(t, c.Addresses.Delete(t.Context(), c.customer.ID, unknown), souk.ErrNotFound)
	_, err = c.Webhooks.Get(t.Context(), unknown)
	requireError(t, err, souk.ErrNotFound)
}

func webhookLife(t *testing.T, c *contract) {
	address := "https://souk.example/hooks/" + strings.ToLower(rand.Text())
	webhook, err := c.Webhooks.Create(t.Context(), shoplazza.CreateWebhookRequest{Address: address, Topic: shoplazza.TopicAppUninstalled})
	require.NoError(t, err)
	deleted := false
	t.Cleanup(func() {
		if !deleted {
			assert.NoError(t, c.Webhooks.Delete(context.WithoutCancel(t.Context()), webhook.ID))
		}
	})
	assert.Equal(t, address, webhook.Address)
	assert.Equal(t, shoplazza.TopicAppUninstalled, webhook.Topic)

	got, err := c.Webhooks.Get(t.Context(), webhook.ID)
	require.NoError(t, err)
	assert.Equal(t, webhook.ID, got.ID)
	n, err := c.Webhooks.Count(t.Context(), shoplazza.CountWebhooksRequest{Address: address, Topic: shoplazza.TopicAppUninstalled})
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	got, err = c.Webhooks.Update(t.Context(), webhook.ID, shoplazza.UpdateWebhookRequest{Address: new(address + "/new"), Topic: new(shoplazza.TopicAppUninstalled)})
	require.NoError(t, err)
	assert.Equal(t, address+"/new", got.Address)
	var ids []string
	for found, err := range c.Webhooks.All(t.Context(), shoplazza.ListWebhooksRequest{Address: address + "/new"}) {
		require.NoError(t, err)
		ids = append(ids, found.ID)
	}
	assert.Equal(t, []string{webhook.ID}, ids)
	require.NoError(t, c.Webhooks.Delete(t.Context(), webhook.ID))
	deleted = true
	_, err = c.Webhooks.Get(t.Context(), webhook.ID)
	requireError(t, err, souk.ErrNotFound)
}

func wrongToken(t *testing.T, c *contract) {
	config := c.config
	config.Token = "wrong"
	stranger, err := shoplazza.NewClient(config)
	require.NoError(t, err)
	_, err = stranger.Customers.Count(t.Context())
	requireError(t, err, souk.ErrUnauthorized)
}

func TestEnsureFromManyGoroutinesMakesOneCustomer(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		server := shoplazzatest.NewServer()
		t.Cleanup(server.Close)
		config := server.Config()
		config.Version = version
		client, err := shoplazza.NewClient(config)
		require.NoError(t, err)
		var wg sync.WaitGroup
		var mu sync.Mutex
		ids, made := map[string]bool{}, 0
		for range 16 {
			wg.Go(func() {
				customer, created, err := client.Customers.Ensure(t.Context(), shoplazza.CreateCustomerRequest{Phone: "+15052814445"})
				if !assert.NoError(t, err) {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				ids[customer.ID] = true
				if created {
					made++
				}
			})
		}
		wg.Wait()
		assert.Len(t, ids, 1)
		assert.Equal(t, 1, made)
	}
}
