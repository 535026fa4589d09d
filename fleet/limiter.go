package fleet

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/souk-go/souk"
)

// LimiterOptions say what a Limiter does if Redis fails. The zero value of each field
// means its default.
type LimiterOptions struct {
	// LocalShare is the number of processes among which the limit is divided while
	// Redis cannot be reached: each then paces itself at its part of Requests, without
	// a Burst. So it must be at least the number of processes that share the quota, and
	// at most 10,000. A process that alone cannot reach Redis adds its part to what the
	// others send. Default 0: Wait fails, and with it the call, as souk.ErrUnavailable,
	// so that the quota is never exceeded.
	LocalShare int
	// Timeout is how long Redis may take to answer. Default 2 seconds. It applies only
	// to a client with redis.Options.ContextTimeoutEnabled; for other clients, their
	// own ReadTimeout applies.
	Timeout time.Duration
}

// Limiter shares one quota among all processes that use the same name and Redis. It is
// a [souk.Limiter], for Options.Limiter and salla.Config.IPLimiter. It is safe for
// concurrent use, and so are several limiters with the same name.
//
// All waiting callers of all processes are in one queue, so that none starves; each
// asks Redis again at least once a second. If a caller gives up, or its process is
// killed, its place is lost after three seconds and costs nothing of the quota. A 429
// to one process holds back all.
type Limiter struct {
	redis   redis.UniversalClient
	keys    []string
	limit   Limit
	timeout time.Duration
	sharers int // among whom the limit is divided without Redis; 0 to fail instead

	mu    sync.Mutex
	until time.Time // of a pause that this process was told
	last  time.Time // when the latest turn of this process was, or will be
	alone bool      // Redis did not answer the last time
}

// NewLimiter returns the limiter of the quota called name, such as
// "shopline:my-app:my-store". All processes that share the quota must use the same name
// and limit, and no others that name.
func NewLimiter(client redis.UniversalClient, name string, limit Limit, o LimiterOptions) (*Limiter, error) {
	problems := []error{limit.check()}
	if isMissing(client) {
		problems = append(problems, errNoRedis)
	}
	problems = append(problems, checkName("limit", name))
	if o.LocalShare < 0 || o.LocalShare > maxShare {
		problems = append(problems, errors.New("fleet: LimiterOptions.LocalShare must be from 0 to 10,000; 0 means that Wait fails without Redis"))
	}
	if o.Timeout < 0 {
		problems = append(problems, errors.New("fleet: LimiterOptions.Timeout must not be negative; 0 means 2 seconds"))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	key := "souk:limit:{" + name + "}"
	return &Limiter{
		redis: client, limit: limit, keys: []string{key, key + ":line", key + ":alive"},
		timeout: orDefault(o.Timeout, defaultTimeout), sharers: o.LocalShare,
	}, nil
}

var (
	//go:embed scripts/reserve.lua
	reserveSource string
	//go:embed scripts/leave.lua
	leaveSource string
	//go:embed scripts/pause.lua
	pauseSource string

	reserve = redis.NewScript(reserveSource)
	leave   = redis.NewScript(leaveSource)
	pause   = redis.NewScript(pauseSource)
)

// Wait returns when the next request may be sent. If that is not before the deadline of
// ctx, it fails at once and takes no turn.
func (l *Limiter) Wait(ctx context.Context) error {
	id := rand.Text()
	for {
		if err := l.waitForPause(ctx); err != nil {
			return err
		}
		wait, err := l.reserve(ctx, id)
		switch {
		case err != nil && (errors.Is(err, errTooLate) || ctx.Err() != nil):
			return errors.Join(err, ctx.Err())
		case err != nil && l.sharers > 0:
			return l.waitAlone(ctx)
		case err != nil:
			return unavailable(failed("no quota could be obtained", err))
		case wait == 0:
			return nil
		}
		if err := sleep(ctx, wait); err != nil {
			l.leave(id)
			return err
		}
	}
}

// waitAlone waits for a turn of this process's own share. There is no burst: other
// processes may have used it.
func (l *Limiter) waitAlone(ctx context.Context) error {
	turn, err := l.turnAlone(ctx)
	if err != nil {
		return err
	}
	if err := sleep(ctx, time.Until(turn)); err != nil {
		return err
	}
	return l.waitForPause(ctx)
}

func (l *Limiter) turnAlone(ctx context.Context) (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, before := time.Now(), l.last
	if !l.alone {
		l.alone, before = true, later(before, now)
	}
	turn := later(before.Add(time.Duration(l.sharers)*l.limit.interval()), now)
	if deadline, ok := ctx.Deadline(); ok && turn.After(deadline) {
		return time.Time{}, errTooLate
	}
	l.last = turn
	return turn, nil
}

// unseen returns the largest number of requests that Redis may have missed while it was
// away. Redis counts its bucket as used up after that, but each of the other processes
// may be about to send one more request.
func (l *Limiter) unseen() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.alone {
		return l.sharers
	}
	return -1
}

// answered notes that Redis answered, and whether it gave a turn.
func (l *Limiter) answered(given bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alone = false
	if given {
		l.last = time.Now()
	}
}

// errTooLate is the error of a turn after the deadline. It matches
// context.DeadlineExceeded.
var errTooLate = fmt.Errorf("fleet: the next turn comes after the deadline: %w", context.DeadlineExceeded)

// reserve takes the next turn, or a place in the queue, and returns how long to wait
// before asking again; 0 means that it has the turn.
func (l *Limiter) reserve(ctx context.Context, id string) (time.Duration, error) {
	patience := int64(-1)
	if deadline, ok := ctx.Deadline(); ok {
		patience = max(0, time.Until(deadline).Microseconds())
	}
	var reply []any
	err := l.ask(ctx, func(ctx context.Context) (err error) {
		reply, err = reserve.Run(ctx, l.redis, l.keys, l.limit.text(), patience, l.unseen(), id).Slice()
		return err
	})
	if err != nil {
		return 0, err
	}
	state, wait, err := parseTurn(reply)
	if err != nil {
		return 0, err
	}
	l.answered(state == "turn")
	if state == "late" {
		return 0, errTooLate
	}
	return wait, nil
}

func parseTurn(reply []any) (string, time.Duration, error) {
	if len(reply) == 2 {
		state, ok1 := reply[0].(string)
		wait, ok2 := reply[1].(int64)
		if ok1 && ok2 && wait >= 0 {
			return state, time.Duration(wait) * time.Microsecond, nil
		}
	}
	return "", 0, errors.New("fleet: Redis answers a reservation in another form")
}

// leave gives up a place in the queue, which otherwise expires.
func (l *Limiter) leave(id string) {
	_ = l.ask(context.Background(), func(ctx context.Context) error {
		return leave.Run(ctx, l.redis, l.keys, id).Err()
	})
}

// longestPause is longer than any window of a vendor. An answer that asks for years
// must not stop a fleet that long: if the limit still holds, the next 429 pauses all
// again.
const longestPause = 15 * time.Minute

// Pause holds back all processes until then, for at most 15 minutes, as after a 429. If
// Redis cannot be reached, it holds back only this process. Redis receives the
// remaining time, so that only its clock counts.
func (l *Limiter) Pause(until time.Time) {
	now := time.Now()
	left := min(until.Sub(now), longestPause)
	if left <= 0 {
		return
	}
	until = now.Add(left)
	l.mu.Lock()
	l.until = later(l.until, until)
	l.mu.Unlock()
	_ = l.ask(context.Background(), func(ctx context.Context) error {
		return pause.Run(ctx, l.redis, l.keys[:1], l.limit.text(), left.Microseconds()).Err()
	})
}

// waitForPause waits for the end of a pause that this process knows of.
func (l *Limiter) waitForPause(ctx context.Context) error {
	l.mu.Lock()
	left := time.Until(l.until)
	l.mu.Unlock()
	if deadline, ok := ctx.Deadline(); ok && left > time.Until(deadline) {
		return errTooLate
	}
	return sleep(ctx, left)
}

// ask calls f with the limiter's timeout. If that runs out, the error is not a context
// error, since the caller's context has not ended.
func (l *Limiter) ask(ctx context.Context, f func(context.Context) error) error {
	within, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	err := f(within)
	if ctx.Err() == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded)) {
		return errors.New("no answer of Redis in time: look at redis.Options.Addr and TLSConfig, or raise LimiterOptions.Timeout")
	}
	return err
}

// unavailable returns an error whose text clients show to their callers.
func unavailable(err error) error {
	return &souk.Error{Vendor: "fleet", Message: strings.TrimPrefix(err.Error(), "fleet: "), Err: away{err}}
}

// away is the class ErrUnavailable together with its cause.
type away struct{ cause error }

func (away) Error() string     { return souk.ErrUnavailable.Error() }
func (a away) Unwrap() []error { return []error{souk.ErrUnavailable, a.cause} }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
