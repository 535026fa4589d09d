package testkit

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
)

var (
	kills = flag.Int("souk.kills", 5, "how many processes are killed at each point of a refresh")
	crowd = flag.Bool("souk.crowd", false, "8 processes with 4 clients and 100 goroutines each want a new token, and not a few of each")
)

// Renewal tests how tokens are renewed at a vendor that revokes everything when a
// refresh token comes twice. The vendor's tests call its tests. The processes that
// these start run the same test of the vendor.
type Renewal struct {
	// Start starts a stand-in.
	Start func() RenewalServer
	// Path is the path of the token end point.
	Path string

	// Install obtains a new token. The other functions are the vendor's
	// OAuth's, with its store filled in, and a call that needs a token.
	Install      func(ctx context.Context, s RenewalServer) (*oauth2.Token, error)
	TokenKey     func(a RenewalApp) string
	SaveToken    func(ctx context.Context, a RenewalApp, tokens souk.TokenStore, token *oauth2.Token) error
	TokenSource  func(a RenewalApp, tokens souk.TokenStore) (souk.TokenSource, error)
	RetryRefresh func(ctx context.Context, a RenewalApp, tokens souk.TokenStore) error
	Call         func(ctx context.Context, a RenewalApp, source souk.TokenSource) error
}

// RenewalServer is a stand-in of the vendor.
type RenewalServer interface {
	BaseURL() string
	URL() string
	Client() *http.Client
	Close()
	Requests() []souktest.Request
	ExpireTokens()
	ReusedRefreshTokens() int
	// App returns ClientID and ClientSecret.
	App() (id, secret string)
}

// RenewalApp is an app, and where its stand-in is found.
type RenewalApp struct {
	BaseURL, ClientID, ClientSecret string

	HTTPClient *http.Client `json:"-"`
}

// The points of a refresh at which a process can end.
const (
	afterTheMark   = "after the mark"
	beforeSending  = "before sending"
	afterTheAnswer = "after the answer"
	afterSaving    = "after saving"
)

var points = []string{afterTheMark, beforeSending, afterTheAnswer, afterSaving}

// TestKills ends refreshes at every point. Processes that share a directory are
// killed; those that share memory panic, in a bubble whose time runs by itself.
func (r Renewal) TestKills(t *testing.T) {
	if r.isChild(t) {
		return
	}
	t.Parallel()
	var rounds sync.WaitGroup
	places := make(chan struct{}, 20) // so many processes at once
	for _, point := range points {
		for i := range *kills {
			rounds.Go(func() {
				places <- struct{}{}
				defer func() { <-places }()
				t.Run(fmt.Sprintf("%s, process %d", point, i+1), func(t *testing.T) { r.killProcess(t, point) })
			})
		}
		for name, open := range map[string]func(dir string) souk.TokenStore{
			"memory":        func(string) souk.TokenStore { return souk.NewMemoryTokenStore() },
			"files":         souk.NewFileTokenStore,
			"three columns": func(string) souk.TokenStore { return NewColumns() },
		} {
			t.Run(point+", "+name, func(t *testing.T) {
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) { r.panicAt(t, point, open(dir)) })
			})
		}
	}
	rounds.Wait()
}

func (r Renewal) killProcess(t *testing.T, point string) {
	dir := t.TempDir()
	k := r.begin(t, souk.NewFileTokenStore(dir), RenewalServer.URL)
	output, err := k.process(t, childTask{App: k.app, Dir: dir, Point: point}).CombinedOutput()
	require.Error(t, err, "it lived: %s", output)
	k.goOn(t, point, k.age)
}

func (r Renewal) panicAt(t *testing.T, point string, tokens souk.TokenStore) {
	k := r.begin(t, tokens, RenewalServer.BaseURL)
	k.app.HTTPClient = k.server.Client()
	mortal := k.mortal(point, tokens, k.app.HTTPClient.Transport, func() { panic(errKilled) })
	source, err := r.TokenSource(mortal.app(k.app), mortal)
	require.NoError(t, err)
	assert.PanicsWithValue(t, errKilled, func() { _, _ = source.Token(t.Context()) })
	if point == afterSaving {
		assert.Equal(t, int64(2), mortal.updates.Load(), "a refresh is two updates")
	}
	k.goOn(t, point, func(*testing.T) {})
}

var errKilled = errors.New("killed")

// killing is one stand-in, and what it was asked.
type killing struct {
	Renewal
	server RenewalServer
	app    RenewalApp
	tokens souk.TokenStore
}

// begin saves a token that has run out.
func (r Renewal) begin(t *testing.T, tokens souk.TokenStore, url func(RenewalServer) string) *killing {
	t.Helper()
	server := r.Start()
	t.Cleanup(server.Close)
	k := &killing{Renewal: r, server: server, tokens: tokens}
	k.app.BaseURL = url(server)
	k.app.ClientID, k.app.ClientSecret = server.App()
	k.install(t)
	server.ExpireTokens()
	return k
}

// install saves a new token that has run out.
func (k *killing) install(t *testing.T) {
	t.Helper()
	token, err := k.Install(t.Context(), k.server)
	require.NoError(t, err)
	token.Expiry = time.Now().Add(-time.Hour)
	require.NoError(t, k.SaveToken(t.Context(), k.app, k.tokens, token))
}

// refreshes returns how often the token end point was asked, without the installation.
func (k *killing) refreshes() int {
	n := -1
	for _, request := range k.server.Requests() {
		if request.Path == k.Path {
			n++
		}
	}
	return n
}

// goOn checks what other processes meet after one was killed.
func (k *killing) goOn(t *testing.T, point string, age func(*testing.T)) {
	t.Helper()
	source, err := k.TokenSource(k.app, k.tokens)
	require.NoError(t, err)
	if point == afterSaving {
		assert.NoError(t, k.Call(t.Context(), k.app, source))
		assert.Equal(t, 1, k.refreshes())
		assert.Zero(t, k.server.ReusedRefreshTokens())
		return
	}
	sent := 0
	if point == afterTheAnswer {
		sent = 1
	}
	age(t)
	assert.ErrorIs(t, k.Call(t.Context(), k.app, source), souk.ErrReauthorize)
	assert.Equal(t, sent, k.refreshes(), "the used token is not sent")

	err = k.RetryRefresh(t.Context(), k.app, k.tokens)

	assert.Equal(t, sent+1, k.refreshes())
	assert.Equal(t, sent, k.server.ReusedRefreshTokens(), "unless somebody decides so")
	if point == afterTheAnswer {
		assert.ErrorIs(t, err, souk.ErrReauthorize)
		k.install(t)
	} else {
		assert.NoError(t, err)
	}
	assert.NoError(t, k.Call(t.Context(), k.app, source), "the running process finds the new token")
	assert.Equal(t, sent, k.server.ReusedRefreshTokens())
}

// age makes the mark so old that nobody waits for it.
func (k *killing) age(t *testing.T) {
	t.Helper()
	err := k.tokens.Update(t.Context(), k.TokenKey(k.app), func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		parts := strings.SplitN(current.RefreshToken, ":", 3)
		require.Equal(t, "souk-sent", parts[0])
		current.RefreshToken = parts[0] + ":1767225600:" + parts[2]
		return current, nil
	})
	require.NoError(t, err)
}

// TestCrowd has many goroutines of many clients in many processes want a token when
// theirs has run out.
func (r Renewal) TestCrowd(t *testing.T) {
	if r.isChild(t) {
		return
	}
	t.Parallel()
	processes, task := 2, childTask{Dir: t.TempDir(), Clients: 2, Goroutines: 10}
	if *crowd {
		processes, task.Clients, task.Goroutines = 8, 4, 100
	}
	k := r.begin(t, souk.NewFileTokenStore(task.Dir), RenewalServer.URL)
	task.App = k.app
	var all sync.WaitGroup
	for range processes {
		cmd := k.process(t, task)
		all.Go(func() {
			output, err := cmd.CombinedOutput()
			assert.NoError(t, err, "%s", output)
		})
	}
	all.Wait()
	assert.Equal(t, 1, k.refreshes())
	assert.Zero(t, k.server.ReusedRefreshTokens())
}

// childTask is what a process does: end at a point, or want a token many times.
type childTask struct {
	App                 RenewalApp
	Dir, Point          string
	Clients, Goroutines int
}

const childVariable = "SOUK_TEST_RENEWAL"

// process is the test binary, which runs the same test.
func (r Renewal) process(t *testing.T, task childTask) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	data, err := json.Marshal(task)
	require.NoError(t, err)
	test, _, _ := strings.Cut(t.Name(), "/")
	cmd := exec.CommandContext(t.Context(), binary, "-test.run=^"+test+"$", "-test.count=1")
	cmd.Env = append(os.Environ(), childVariable+"="+string(data))
	return cmd
}

// isChild reports whether the test started this process, which then does its task.
func (r Renewal) isChild(t *testing.T) bool {
	data, ok := os.LookupEnv(childVariable)
	if !ok {
		return false
	}
	var task childTask
	require.NoError(t, json.Unmarshal([]byte(data), &task))
	tokens := souk.NewFileTokenStore(task.Dir)
	if task.Point != "" {
		k := &killing{Renewal: r}
		mortal := k.mortal(task.Point, tokens, http.DefaultTransport, dieForReal)
		source, err := r.TokenSource(mortal.app(task.App), mortal)
		require.NoError(t, err)
		_, _ = source.Token(t.Context())
		return true
	}
	var all sync.WaitGroup
	for range task.Clients {
		source, err := r.TokenSource(task.App, souk.NewFileTokenStore(task.Dir))
		require.NoError(t, err)
		for range task.Goroutines {
			all.Go(func() {
				_, err := source.Token(t.Context())
				assert.NoError(t, err)
			})
		}
		all.Go(func() { assert.NoError(t, r.Call(t.Context(), task.App, source)) })
	}
	all.Wait()
	return true
}

func dieForReal() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		_ = self.Kill()
	}
	select {}
}

// mortal is the store and the transport of a process that dies at a point.
type mortal struct {
	souk.TokenStore
	transport http.RoundTripper
	path      string
	point     string
	die       func()
	updates   atomic.Int64
}

func (k *killing) mortal(point string, tokens souk.TokenStore, transport http.RoundTripper, die func()) *mortal {
	return &mortal{TokenStore: tokens, transport: transport, path: k.Path, point: point, die: die}
}

func (m *mortal) app(a RenewalApp) RenewalApp {
	a.HTTPClient = &http.Client{Transport: m}
	return a
}

// Update dies after the update that marks, or after the one that saves.
func (m *mortal) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	err := m.TokenStore.Update(ctx, key, f)
	if n := m.updates.Add(1); n == 1 && m.point == afterTheMark || n == 2 && m.point == afterSaving {
		m.die()
	}
	return err
}

// RoundTrip dies before it sends, or with the answer in its hands.
func (m *mortal) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.point == beforeSending {
		m.die()
	}
	resp, err := m.transport.RoundTrip(r)
	if err == nil && m.point == afterTheAnswer {
		_, _ = io.Copy(io.Discard, resp.Body)
		m.die()
	}
	return resp, err
}
