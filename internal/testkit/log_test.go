package testkit_test

import (
	"log/slog"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/testkit"
)

func TestLogCollectsRecords(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	logger := log.Logger().With("vendor", "salla").WithGroup("call")

	logger.Debug("sent", "status", 200)
	logger.Log(t.Context(), slog.LevelDebug-4, "traced")

	records := log.Records()
	require.Len(t, records, 2)
	assert.Equal(t, "sent", records[0]["msg"])
	assert.Equal(t, "DEBUG", records[0]["level"])
	assert.Equal(t, "salla", records[0]["vendor"])
	assert.Equal(t, map[string]any{"status": 200.0}, records[0]["call"])
	assert.Equal(t, "traced", records[1]["msg"])
	assert.Contains(t, log.Text(), `"status":200`)
}

func TestLogTakesRecordsFromManyGoroutines(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { log.Logger().Info("hello") })
	}
	wg.Wait()
	assert.Len(t, log.Records(), 50)
}
