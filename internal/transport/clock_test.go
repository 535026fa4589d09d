package transport

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestClockEndsTheAttempt(t *testing.T) {
	t.Parallel()
	never := time.Duration(0)
	cases := map[string]struct {
		use   func(c *clock)
		after time.Duration // since the clock was started
	}{
		"in its time": {func(*clock) {}, 10 * time.Second},
		"in its time after the last restart": {func(c *clock) {
			for range 3 {
				time.Sleep(9 * time.Second)
				c.restart()
			}
		}, 37 * time.Second},
		"not for a restart before its time": {func(c *clock) { c.restart() }, 10 * time.Second},
		"not while it is paused": {func(c *clock) {
			c.pause()
			time.Sleep(25 * time.Second)
			c.restart()
		}, 35 * time.Second},
		"never while it is paused":   {func(c *clock) { c.pause() }, never},
		"never after it was stopped": {func(c *clock) { c.stop() }, never},
		"never after it was stopped and restarted": {func(c *clock) {
			c.stop()
			c.restart()
		}, never},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var c clock
				began, ended := time.Now(), never

				c.start(10*time.Second, func() { ended = time.Since(began) })
				tt.use(&c)
				time.Sleep(time.Hour)
				synctest.Wait()

				assert.Equal(t, tt.after, ended)
			})
		})
	}
}
