//go:build staging

package xclade_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// TestStagingContract runs the suite against the server that the environment names.
// It leaves nothing behind.
func TestStagingContract(t *testing.T) {
	config := stagingConfig(t)
	config.Options = souk.Options{Observer: testkit.NewFields(t, "xclade").Observer()}
	runContract(t, config)
}

// stagingConfig is that of the server that the environment names: XCLADE_BASE_URL or
// XCLADE_TENANT, and XCLADE_EMAIL with XCLADE_PASSWORD, XCLADE_TOKEN or
// XCLADE_API_KEY.
func stagingConfig(t *testing.T) xclade.Config {
	config := xclade.Config{
		Tenant:   os.Getenv("XCLADE_TENANT"),
		BaseURL:  os.Getenv("XCLADE_BASE_URL"),
		Email:    os.Getenv("XCLADE_EMAIL"),
		Password: os.Getenv("XCLADE_PASSWORD"),
		Token:    os.Getenv("XCLADE_TOKEN"),
		APIKey:   os.Getenv("XCLADE_API_KEY"),
	}
	if config.Tenant == "" && config.BaseURL == "" {
		t.Skip("set XCLADE_BASE_URL or XCLADE_TENANT, and a credential, to run the contract against a server")
	}
	_, err := xclade.NewClient(config)
	require.NoError(t, err, "the XCLADE_ variables must name a server and one credential")
	return config
}

// Node closes a connection that was idle for five seconds, and says that it will for
// one second before. Two hundred writes, each on a connection that idled until then:
// none meets one that is being closed. It takes half a minute.
func TestStagingWritesOnIdleConnections(t *testing.T) {
	client, err := xclade.NewClient(stagingConfig(t))
	require.NoError(t, err)
	var mu sync.Mutex
	var created []string
	t.Cleanup(func() {
		for _, id := range created {
			err := client.CustomerGroups.Delete(context.Background(), id)
			assert.NoError(t, err)
		}
	})
	var callers sync.WaitGroup
	for i := range 40 {
		callers.Go(func() {
			for round := range 5 {
				group, err := client.CustomerGroups.Create(t.Context(), xclade.CreateCustomerGroupRequest{Name: fmt.Sprintf("idle %d %d %s", i, round, rand.Text())})
				if !assert.NoError(t, err) {
					continue
				}
				mu.Lock()
				created = append(created, group.ID)
				mu.Unlock()
				time.Sleep(5900*time.Millisecond + time.Duration(i)*5*time.Millisecond)
			}
		})
	}
	callers.Wait()
	assert.Len(t, created, 200)
}
