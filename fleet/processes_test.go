//go:build unix

package fleet_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/fleet"
)

var seconds = flag.Int("seconds", 4, "how long the tests with several processes send")

// The processes of these tests, and the time that they take, are real. What is asked of
// them does not depend on how quick the machine is, but for what is asked only of many
// seconds; [TestAFleetUsesTheWholeQuota] asks it in simulated time.
const processes = 8

// shared is the quota of these tests. The server's bucket is larger than Burst by one
// request of each process, which may be late.
var shared = fleet.Limit{Requests: 50, Per: time.Second, Burst: 20}

// role is what a process of a test does.
type role struct {
	Name   string
	Socket string
	URL    string
	Key    []byte
	fleet.LimiterOptions
}

const roleVariable = "FLEET_TEST_ROLE"

// TestMain makes processes of this program, too.
func TestMain(m *testing.M) {
	redis.SetLogger(quiet{})
	if text := os.Getenv(roleVariable); text != "" {
		var r role
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			panic(err)
		}
		map[string]func(*redis.Client){"send": r.send, "hold": r.hold}[r.Name](
			redis.NewClient(&redis.Options{Network: "unix", Addr: r.Socket, MaxRetries: -1, ContextTimeoutEnabled: true}))
		return
	}
	m.Run()
}

// process starts one, which ends with the test.
func (r role) process(t *testing.T) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	text, err := json.Marshal(r)
	require.NoError(t, err)
	command := exec.Command(program)
	command.Env = append(os.Environ(), roleVariable+"="+string(text))
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	return command, bufio.NewReader(output)
}

// send sends as fast as it may.
func (r role) send(client *redis.Client) {
	l, err := fleet.NewLimiter(client, "store", shared, r.LimiterOptions)
	if err != nil {
		panic(err)
	}
	for {
		if err := l.Wait(context.Background()); err != nil {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		resp, err := http.Get(r.URL)
		if err != nil {
			return
		}
		_ = resp.Body.Close()
	}
}

// bucket is a server that counts who sends, and what is beyond its limit.
type bucket struct {
	mu      sync.Mutex
	size    float64
	level   float64
	at      time.Time
	refused int
	served  map[string]int
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.level = max(0, b.level-now.Sub(b.at).Seconds()*float64(shared.Requests)) + 1
	b.at = now
	b.served[r.URL.Path]++
	if b.level > b.size {
		b.level--
		b.refused++
		w.WriteHeader(http.StatusTooManyRequests)
	}
}

// seen returns how many came of each process, and how many were refused.
func (b *bucket) seen() (served []int, all, refused int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.served {
		served = append(served, n)
		all += n
	}
	return served, all, b.refused
}

// reaches returns how many came, as soon as they are so many.
func (b *bucket) reaches(least int) int {
	for {
		if _, all, _ := b.seen(); all >= least {
			return all
		}
		time.Sleep(time.Millisecond)
	}
}

// sending lets processes send to a bucket with room for so many late requests.
func sending(t *testing.T, s *server, late int, o fleet.LimiterOptions) *bucket {
	t.Helper()
	b := &bucket{size: float64(shared.Burst + late), served: map[string]int{}}
	web := httptest.NewServer(b)
	t.Cleanup(web.Close)
	for i := range processes {
		role{Name: "send", Socket: s.socket, URL: web.URL + "/" + strconv.Itoa(i), LimiterOptions: o}.process(t)
	}
	require.Eventually(t, func() bool { served, _, _ := b.seen(); return len(served) == processes }, time.Minute, 10*time.Millisecond, "all send")
	return b
}

func TestProcessesUseOneQuotaWhollyAndEqually(t *testing.T) {
	t.Parallel()
	s, _ := connect(t)
	b := sending(t, s, processes, fleet.LimiterOptions{})
	_, before, _ := b.seen()
	began := time.Now()

	time.Sleep(time.Duration(*seconds) * time.Second)

	served, all, refused := b.seen()
	used := float64(all-before) / (time.Since(began).Seconds() * float64(shared.Requests))
	t.Logf("%d processes in %d s: %d requests, %d refused, %.1f %% of the quota, per process %v", processes, *seconds, all, refused, 100*used, served)
	assert.Zero(t, refused)
	if *seconds >= 30 {
		assert.Greater(t, used, 0.8)
		assert.GreaterOrEqual(t, 2*slices.Min(served), slices.Max(served), "none starves")
	}
}

func TestAnOutageOfRedisCausesNoRefusals(t *testing.T) {
	t.Parallel()
	const outage = time.Second
	outages := map[string]struct{ begins, ends func(t *testing.T, s *server) }{
		"it is started again and knows nothing": {
			func(_ *testing.T, s *server) { s.stop() },
			func(t *testing.T, s *server) { s.start(t) },
		},
		"it stands still and knows what it knew": {
			func(t *testing.T, s *server) { require.NoError(t, s.command.Process.Signal(syscall.SIGSTOP)) },
			func(t *testing.T, s *server) { require.NoError(t, s.command.Process.Signal(syscall.SIGCONT)) },
		},
	}
	policies := map[string]struct {
		options fleet.LimiterOptions
		least   int     // requests in the meantime
		most    float64 // of them per second
	}{
		"nothing is sent":   {fleet.LimiterOptions{Timeout: time.Second}, 0, 0},
		"each has its part": {fleet.LimiterOptions{Timeout: time.Second, LocalShare: processes}, 15, float64(shared.Requests)},
	}
	for how, happens := range outages {
		for policy, p := range policies {
			t.Run(how+", "+policy, func(t *testing.T) {
				t.Parallel()
				s, _ := connect(t)
				b := sending(t, s, 2*processes, p.options)
				began := time.Now()

				happens.begins(t, s)

				_, before, _ := b.seen()
				time.Sleep(outage)
				after := b.reaches(before + p.least)
				most := p.most*time.Since(began).Seconds() + 2*processes // those who had a turn, and one that is beginning
				happens.ends(t, s)
				b.reaches(after + 1) // it goes on
				time.Sleep(outage)   // a burst would come now
				served, all, refused := b.seen()
				t.Logf("%d requests in the outage, %d after it, %d refused, per process %v", after-before, all-after, refused, served)
				assert.Zero(t, refused)
				assert.LessOrEqual(t, float64(after-before), most)
			})
		}
	}
}

// hold keeps a token locked, says so, and saves it when it is told to.
func (r role) hold(client *redis.Client) {
	store, err := fleet.NewTokenStore(client, fleet.Keyring{Active: "a", Keys: map[string][]byte{"a": r.Key}})
	if err != nil {
		panic(err)
	}
	err = store.Update(context.Background(), "k", func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		fmt.Println("locked")
		for client.Exists(context.Background(), "go on").Val() == 0 {
			time.Sleep(time.Millisecond)
		}
		return &oauth2.Token{AccessToken: "late"}, nil
	})
	fmt.Println(err)
}

// holding returns a process that keeps a token locked.
func holding(t *testing.T, s *server) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	command, output := role{Name: "hold", Socket: s.socket, Key: keys.Keys["a"]}.process(t)
	line, err := output.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "locked\n", line)
	return command, output
}

const tokenLock = "souk:token:{k}:lock"

func TestAProcessThatStoodStillSavesNothing(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	command, output := holding(t, s)
	require.NoError(t, command.Process.Signal(syscall.SIGSTOP))
	require.NoError(t, client.PExpire(t.Context(), tokenLock, time.Millisecond).Err()) // in place of six seconds

	require.NoError(t, tokens(t, client, keys).Update(within(t), "k", saving(secret)), "another goes on")

	require.NoError(t, client.Set(t.Context(), "go on", 1, 0).Err())
	require.NoError(t, command.Process.Signal(syscall.SIGCONT))
	said, err := output.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, fleet.ErrLockLost.Error(), strings.TrimSpace(said))
	token, err := tokens(t, client, keys).Load(within(t), "k")
	require.NoError(t, err)
	assert.Equal(t, secret.AccessToken, token.AccessToken)
}

func TestTheLockOfAKilledProcessEnds(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	require.NoError(t, tokens(t, client, keys).Update(within(t), "k", saving(secret)))
	command, _ := holding(t, s)

	require.NoError(t, command.Process.Kill())

	require.NoError(t, tokens(t, client, keys).Update(within(t), "k", func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		assert.Equal(t, secret.AccessToken, current.AccessToken)
		return nil, nil
	}))
}

func TestALockIsRenewedWhileItsProcessWorks(t *testing.T) {
	t.Parallel()
	_, client := connect(t)

	err := tokens(t, client, keys).Update(within(t), "k", func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		require.NoError(t, client.PExpire(t.Context(), tokenLock, time.Hour).Err()) // so that it does not end before
		require.Eventually(t, func() bool { return client.PTTL(t.Context(), tokenLock).Val() < time.Minute }, time.Minute, 10*time.Millisecond)
		return secret, nil
	})

	assert.NoError(t, err)
}
