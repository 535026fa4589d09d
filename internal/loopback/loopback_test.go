package loopback_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loopback"
)

// The system alone gives some port twice among so many.
func TestNoPortComesTwice(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for range 500 {
		l, err := loopback.Listen()
		require.NoError(t, err)
		require.NoError(t, l.Close())

		addr := l.Addr().(*net.TCPAddr)
		assert.True(t, addr.IP.IsLoopback())
		assert.False(t, seen[addr.Port], "%d comes again", addr.Port)
		seen[addr.Port] = true
	}
}
