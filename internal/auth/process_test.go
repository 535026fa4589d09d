package auth_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
)

const (
	goroutines = 4
	rotations  = 25
)

// runRole is what the test binary does as another process.
func runRole(role string) int {
	s := auth.NewFileStore(os.Getenv("SOUK_AUTH_DIR"))
	var err error
	switch role {
	case "rotate":
		err = rotate(s, os.Getenv("SOUK_AUTH_URL"))
	case "hold":
		err = holdLock(s)
	default:
		err = errors.New("unknown role " + role)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// rotate has every goroutine call its token expired again and again.
func rotate(s auth.Store, url string) error {
	r := auth.NewRefresher(auth.Options{Store: s, Key: key, FlightTimeout: time.Hour, Refresh: func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		return post(ctx, url, current.RefreshToken)
	}})
	errs := make([]error, goroutines)
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			for range rotations {
				token, err := r.Token(context.Background())
				if err != nil {
					errs[i] = err
					return
				}
				r.Invalidate(token)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func post(ctx context.Context, url, refreshToken string) (*oauth2.Token, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Refresh-Token", refreshToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, errors.New("invalid_grant")
	}
	var t oauth2.Token
	return &t, json.NewDecoder(res.Body).Decode(&t)
}

// holdLock never ends by itself.
func holdLock(s auth.Store) error {
	return s.Update(context.Background(), key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		fmt.Println("locked")
		_, err := io.ReadAll(os.Stdin)
		return nil, err
	})
}

// otherProcess is the test binary in another role.
func otherProcess(t *testing.T, role, dir, url string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Env = append(os.Environ(), "SOUK_AUTH_ROLE="+role, "SOUK_AUTH_DIR="+dir, "SOUK_AUTH_URL="+url)
	return cmd
}

// A refresh token that is sent twice would revoke everything.
func TestProcessesNeverSendARefreshTokenTwice(t *testing.T) {
	t.Parallel()
	v := &singleUse{next: "refresh-0"}
	server := httptest.NewServer(v)
	defer server.Close()
	dir := t.TempDir()
	s := auth.NewFileStore(dir)
	require.NoError(t, s.Update(t.Context(), key, returning(&oauth2.Token{RefreshToken: "refresh-0"}, nil)))

	var wg sync.WaitGroup
	for range 2 {
		cmd := otherProcess(t, "rotate", dir, server.URL)
		wg.Go(func() {
			output, err := cmd.CombinedOutput()
			assert.NoError(t, err, "%s", output)
		})
	}
	assert.NoError(t, rotate(s, server.URL))
	wg.Wait()

	assert.Zero(t, v.reused)
	assert.GreaterOrEqual(t, v.issued, rotations)
	token, err := s.Load(t.Context(), key)
	require.NoError(t, err)
	assert.Equal(t, v.next, token.RefreshToken)
}

// singleUse is a vendor that accepts a refresh token once.
type singleUse struct {
	mu             sync.Mutex
	next           string
	issued, reused int
}

func (v *singleUse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if r.Header.Get("Refresh-Token") != v.next {
		v.reused++
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	v.issued++
	v.next = fmt.Sprintf("refresh-%d", v.issued)
	_ = json.NewEncoder(w).Encode(oauth2.Token{AccessToken: fmt.Sprintf("access-%d", v.issued), RefreshToken: v.next})
}

func TestLockOfAKilledProcessIsFree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := otherProcess(t, "hold", dir, "")
	_, err := cmd.StdinPipe() // stays open
	require.NoError(t, err)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "locked\n", line)
	s := auth.NewFileStore(dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = s.Update(ctx, key, returning(nil, nil))
	require.ErrorContains(t, err, "is held by somebody else")

	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()

	require.NoError(t, s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "a"}, nil)))
}
