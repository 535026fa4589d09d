package fleet

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// keptPosition is how long the position of an abandoned walk is kept.
const keptPosition = 30 * 24 * time.Hour

var (
	// ErrTaken means that another worker holds the walk.
	ErrTaken = errors.New("fleet: another worker holds this walk")
	// ErrLeaseLost means that the lease of a walk has ended and that another worker may
	// have taken it: stop.
	ErrLeaseLost = errors.New("fleet: the lease of the walk has ended")
)

// Positions keeps the positions of walks, so that another worker resumes where one was
// killed. It is safe for concurrent use.
type Positions struct{ redis redis.UniversalClient }

// NewPositions returns the positions in this Redis.
func NewPositions(client redis.UniversalClient) (*Positions, error) {
	if isMissing(client) {
		return nil, errNoRedis
	}
	return &Positions{client}, nil
}

var (
	//go:embed scripts/lease.lua
	leaseSource string
	//go:embed scripts/position.lua
	positionSource string
	//go:embed scripts/end.lua
	endSource string
	//go:embed scripts/renew.lua
	renewSource string

	leaseWalk    = redis.NewScript(leaseSource)
	renewLease   = redis.NewScript(renewSource)
	savePosition = redis.NewScript(positionSource)
	endWalk      = redis.NewScript(endSource)
)

// Lease is the exclusive right to walk one list, until it ends.
type Lease struct {
	redis    redis.UniversalClient
	keys     []string
	token    string
	position string
	life     time.Duration

	mu   sync.Mutex
	ends time.Time // unless it is renewed; by when it was asked for, not answered
}

// Take takes the walk called name, such as "customers:shopline:my-store", or returns
// [ErrTaken]. The lease ends after life, at least a second, unless [Lease.Save] or
// [Lease.Keep] renews it. So after at most life, another worker can resume the walk of
// a worker that was killed.
func (p *Positions) Take(ctx context.Context, name string, life time.Duration) (*Lease, error) {
	if err := checkName("walk", name); err != nil {
		return nil, err
	}
	if life < time.Second {
		return nil, errors.New("fleet: the life of a lease must be at least a second")
	}
	l := &Lease{redis: p.redis, token: rand.Text(), life: life, ends: time.Now().Add(life)}
	l.keys = []string{"souk:walk:{" + name + "}", "souk:walk:{" + name + "}:lease"}
	reply, err := leaseWalk.Run(ctx, p.redis, l.keys, l.token, life.Milliseconds()).Slice()
	if err != nil {
		return nil, failed("walk", err)
	}
	taken, position, err := parseLease(reply)
	switch {
	case err != nil:
		return nil, err
	case !taken:
		return nil, ErrTaken
	}
	l.position = position
	return l, nil
}

func parseLease(reply []any) (taken bool, position string, err error) {
	if len(reply) == 2 {
		state, ok1 := reply[0].(int64)
		position, ok2 := reply[1].(string)
		if ok1 && ok2 {
			return state == 1, position, nil
		}
	}
	return false, "", errors.New("fleet: Redis answers the request for a lease in another form")
}

// Position returns the position to resume from, for the vendor's Walk; "" is the
// beginning.
func (l *Lease) Position() string { return l.position }

// Save saves the position and renews the lease. If it returns [ErrLeaseLost], nothing
// was saved.
func (l *Lease) Save(ctx context.Context, position string) error {
	asked := time.Now()
	kept, err := savePosition.Run(ctx, l.redis, l.keys, l.token, position, l.life.Milliseconds(), keptPosition.Milliseconds()).Bool()
	return l.renewed(asked, l.judge(kept, err))
}

// Keep renews the lease three times per life until stop is called, for walks that may
// wait longer than life between two rows, for example for quota. If the lease is lost
// nevertheless, because the process was stopped or Redis could not be reached, the
// returned context ends with [ErrLeaseLost] as its [context.Cause].
func (l *Lease) Keep(ctx context.Context) (kept context.Context, stop func()) {
	kept, cancel := context.WithCancelCause(ctx)
	go l.keep(kept, cancel)
	return kept, func() { cancel(nil) }
}

func (l *Lease) keep(ctx context.Context, cancel context.CancelCauseFunc) {
	threeTimes(ctx, l.life, func(ctx context.Context) {
		err := l.renew(ctx)
		switch {
		case err == nil:
		case errors.Is(err, ErrLeaseLost):
			cancel(err)
		case l.hasEnded():
			cancel(errors.Join(ErrLeaseLost, err))
		}
	})
}

func (l *Lease) renew(ctx context.Context) error {
	asked := time.Now()
	kept, err := renewLease.Run(ctx, l.redis, l.keys[1:], l.token, l.life.Milliseconds()).Bool()
	return l.renewed(asked, l.judge(kept, err))
}

// renewed notes that the lease was renewed, unless there is an error, which it returns.
func (l *Lease) renewed(asked time.Time, err error) error {
	if err == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.ends = later(l.ends, asked.Add(l.life))
	}
	return err
}

func (l *Lease) hasEnded() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !time.Now().Before(l.ends)
}

// Finish deletes the position and gives up the lease, so that the next walk starts at
// the beginning. Call it at the end of the list.
func (l *Lease) Finish(ctx context.Context) error {
	kept, err := endWalk.Run(ctx, l.redis, l.keys, l.token, "finished").Bool()
	return l.judge(kept, err)
}

// Release gives up the lease and keeps the position, so that another worker can resume
// at once.
func (l *Lease) Release(ctx context.Context) error {
	kept, err := endWalk.Run(ctx, l.redis, l.keys, l.token, "").Bool()
	return l.judge(kept, err)
}

func (l *Lease) judge(kept bool, err error) error {
	switch {
	case err != nil:
		return failed("walk", err)
	case !kept:
		return ErrLeaseLost
	}
	return nil
}
