package souk_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// tableStore is a token store in a map, as it could be in a table with a lock for each
// row. souktest.TestTokenStore tells whether one does all that it must.
type tableStore struct {
	mu     sync.Mutex // in a database: a lock of the row, held by a transaction
	tokens map[string]oauth2.Token
}

func (s *tableStore) Load(_ context.Context, key string) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(key), nil
}

func (s *tableStore) load(key string) *oauth2.Token {
	token, ok := s.tokens[key]
	if !ok {
		return nil
	}
	return &token
}

func (s *tableStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, err := f(ctx, s.load(key))
	if err != nil || token == nil {
		return err
	}
	s.tokens[key] = *token
	return nil
}

func (s *tableStore) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, key)
	return nil
}

// A token store of your own has three methods.
func ExampleTokenStore() {
	server := sallatest.NewServer()
	defer server.Close()
	store := &tableStore{tokens: map[string]oauth2.Token{}}
	oauth := server.OAuth() // in production: salla.OAuth{ClientID: …, ClientSecret: …, RedirectURL: …}
	ctx := context.Background()

	merchant, err := oauth.Install(ctx, server.Authorize("state").Get("code"), store)
	if err != nil {
		log.Fatal(err)
	}
	source, err := oauth.TokenSource(merchant, store)
	if err != nil {
		log.Fatal(err)
	}
	config := server.Config()
	config.Token, config.TokenSource = "", source
	client, err := salla.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	server.ExpireTokens() // the next call renews the token, and saves it
	user, err := client.Users.Info(ctx)
	fmt.Println(user.Merchant.Name, len(store.tokens), err)
	// Output: My Store 1 <nil>
}

// nightLimiter lets calls through at night only. A *rate.Limiter of golang.org/x/time
// is a Limiter as well.
type nightLimiter struct{ now func() time.Time }

var errDay = errors.New("the store is open: try again at night")

func (l nightLimiter) Wait(ctx context.Context) error {
	if hour := l.now().Hour(); hour >= 6 && hour < 23 {
		return errDay // fails the call; another limiter would wait, as long as ctx lasts
	}
	return ctx.Err()
}

// A limiter of your own has one method.
func ExampleLimiter() {
	server := shoplinetest.NewServer()
	defer server.Close()
	config := server.Config()
	config.Limiter = nightLimiter{now: func() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }}
	client, err := shopline.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Customers.Count(context.Background())

	fmt.Println(errors.Is(err, errDay), len(server.Requests()), "requests")
	// Output: true 0 requests
}

// All calls go through a proxy. Without HTTPClient the environment names it.
func ExampleOptions_proxy() {
	server := xcladetest.NewServer()
	defer server.Close()
	seen := 0
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen++
		server.ServeHTTP(w, r) // a real proxy would pass it on
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		log.Fatal(err)
	}

	transport := &http.Transport{Proxy: http.ProxyURL(address)}
	defer transport.CloseIdleConnections()
	config := xclade.Config{
		BaseURL: "http://medusa.internal:9000", AllowHTTP: true, Token: server.NewToken(),
		Options: souk.Options{HTTPClient: &http.Client{Transport: transport}},
	}
	client, err := xclade.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	count, err := client.Customers.Count(context.Background())
	fmt.Println(count, err, seen)
	// Output: 0 <nil> 1
}

// The server wants a longer wait than the call may have: RetryAfter says when to come
// again, for example to a queue.
func ExampleError_retryAfter() {
	server := shoplinetest.NewServer()
	defer server.Close()
	server.Inject(souktest.Fault{
		Operation: "Customers.Count",
		Status:    http.StatusTooManyRequests,
		Header:    http.Header{"Retry-After": {"600"}},
	})
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Customers.Count(context.Background()) // waits a minute at most: MaxRetryWait

	if e, ok := errors.AsType[*souk.Error](err); ok && errors.Is(err, souk.ErrRateLimited) {
		fmt.Println("again in", e.RetryAfter.Round(time.Minute), "sent", e.Attempts)
	}
	// Output: again in 10m0s sent 1
}
