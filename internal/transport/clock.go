package transport

import (
	"sync"
	"sync/atomic"
	"time"
)

// clock ends an attempt whose time is over. A restart only notes when that is: the timer
// goes off as it was set, and is then set to what is left. Setting it at each restart
// would wake a thread of the runtime every time.
type clock struct {
	time  time.Duration
	began time.Time
	due   atomic.Int64 // since began; paused while no time counts

	mu    sync.Mutex
	timer *time.Timer // nil when it is stopped
}

const paused = -1

// start starts the clock, which calls ended in another goroutine when time is over.
func (c *clock) start(d time.Duration, ended func()) {
	c.time, c.began = d, time.Now()
	c.due.Store(int64(d))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(d, func() { c.ring(ended) })
}

// restart begins the time anew.
func (c *clock) restart() { c.due.Store(int64(time.Since(c.began) + c.time)) }

// pause lets no time count until restart.
func (c *clock) pause() { c.due.Store(paused) }

func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer.Stop()
	c.timer = nil
}

func (c *clock) ring(ended func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	left := c.left()
	switch {
	case c.timer == nil:
	case left > 0:
		c.timer.Reset(left)
	default:
		ended()
	}
}

func (c *clock) left() time.Duration {
	due := c.due.Load()
	if due == paused {
		return c.time
	}
	return time.Duration(due) - time.Since(c.began)
}
