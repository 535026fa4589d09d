package fleet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// defaultTimeout is how long Redis may take to answer.
const defaultTimeout = 2 * time.Second

var errNoRedis = errors.New("fleet: a Redis client is required")

// isMissing reports whether the client is nil, or a nil pointer in the interface.
func isMissing(client redis.UniversalClient) bool {
	if client == nil {
		return true
	}
	v := reflect.ValueOf(client)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// advice maps refusals of Redis to the setting that causes them.
var advice = []struct{ refusal, setting string }{
	{"NOAUTH ", "set redis.Options.Password"},
	{"WRONGPASS ", "redis.Options.Username or Password is wrong"},
	{"NOPERM ", "redis.Options.Username may not do that: see the server's ACL"},
	{"The user executing the script can't", "redis.Options.Username may not do that: see the server's ACL"},
	{"DB index is out of range", "redis.Options.DB: the server has no such database"},
	{"READONLY ", "redis.Options.Addr leads to a replica: take the primary's"},
	{"MOVED ", "it is a cluster: use redis.NewClusterClient"},
	{"OOM ", "raise the server's maxmemory"},
	{"MISCONF ", "the server cannot write to its disk"},
	{"BUSY ", "a script of another program keeps the server busy"},
	{"LOADING ", "the server has just started, and reads its data"},
	{"WRONGTYPE ", "something else uses the key: those that begin with souk: are fleet's"},
	{"unknown command", "the server must know EVAL and EVALSHA"},
	{"first record does not look like a TLS handshake", "redis.Options.TLSConfig: the server does not speak TLS"},
}

// failed returns an error of Redis, with the setting that fixes it, if known.
func failed(what string, err error) error {
	setting := settingFor(err)
	if setting == "" {
		return fmt.Errorf("fleet: %s: %w", what, err)
	}
	return fmt.Errorf("fleet: %s: %w (%s)", what, err, setting)
}

func settingFor(err error) string {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "redis.Options.TLSConfig does not trust the server's certificate"
	}
	for _, a := range advice {
		if strings.Contains(err.Error(), a.refusal) {
			return a.setting
		}
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return "is redis.Options.Addr right, and the server running?"
	}
	if errors.Is(err, io.EOF) {
		return "the server ended the connection; if it always does, set redis.Options.TLSConfig"
	}
	return ""
}

// Check reports everything that makes a Redis unfit for tokens: it loses data at a
// restart, drops keys when its memory is full, is a replica or too old, or the client
// ignores contexts. Call it when the program starts. Of a cluster it checks one node.
// Settings that the server does not reveal are assumed to be right.
func Check(ctx context.Context, client redis.UniversalClient) error {
	if isMissing(client) {
		return errNoRedis
	}
	text, err := client.Info(ctx).Result()
	if err != nil {
		return failed("Redis", err)
	}
	problems := serverProblems(parseInfo(text))
	if !keepsToContexts(client) {
		problems = append(problems, errors.New("fleet: redis.Options.ContextTimeoutEnabled must be true, or a context does not end a wait for Redis"))
	}
	return errors.Join(problems...)
}

func parseInfo(text string) map[string]string {
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info
}

func serverProblems(info map[string]string) []error {
	var problems []error
	var major, minor int
	if n, _ := fmt.Sscanf(info["redis_version"], "%d.%d", &major, &minor); n == 2 && (major < 6 || major == 6 && minor < 2) {
		problems = append(problems, fmt.Errorf("fleet: Redis is of version %s; it must be 6.2 or later", info["redis_version"]))
	}
	if info["role"] == "slave" {
		problems = append(problems, errors.New("fleet: redis.Options.Addr leads to a replica: take the primary's"))
	}
	if policy := info["maxmemory_policy"]; strings.HasPrefix(policy, "allkeys-") {
		problems = append(problems, fmt.Errorf("fleet: maxmemory-policy %s lets Redis drop tokens when its memory is full: set noeviction", policy))
	}
	if info["aof_enabled"] == "0" {
		problems = append(problems, errors.New("fleet: appendonly is off, so that a restart of Redis loses tokens: set appendonly yes"))
	}
	return problems
}

func keepsToContexts(client redis.UniversalClient) bool {
	switch c := client.(type) {
	case *redis.Client:
		return c.Options().ContextTimeoutEnabled
	case *redis.ClusterClient:
		return c.Options().ContextTimeoutEnabled
	}
	return true
}

// checkName returns what is wrong with the name of a limit, a walk or a Seen: braces
// would spread its keys over several servers of a cluster, and they end the name in a key
// of Seen.
func checkName(what, name string) error {
	if name == "" || strings.ContainsAny(name, "{}") {
		return fmt.Errorf("fleet: the name of a %s must not be empty, and hold no braces", what)
	}
	return nil
}

// threeTimes calls renew three times per life until ctx ends. Each call has a third of
// the life, so that an answer that does not come costs one call.
func threeTimes(ctx context.Context, life time.Duration, renew func(context.Context)) {
	ticker := time.NewTicker(life / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		within, cancel := context.WithTimeout(ctx, life/3)
		renew(within)
		cancel()
	}
}

// sleep waits for d, if it is positive.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}
