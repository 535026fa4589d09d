package salla_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

// service acts for all stores that have installed an app.
type service struct {
	app       salla.OAuth
	tokens    souk.TokenStore // a database: examples/tokenstore has one in PostgreSQL
	ipLimiter souk.Limiter    // of all stores: Salla counts the requests of an address
	customers atomic.Int64
}

// client makes a client of a store when it is needed. It is not kept: what clients share,
// such as connections and the quota of a store, belongs to the process.
func (s *service) client(store string) (*salla.Client, error) {
	source, err := s.app.TokenSource(store, s.tokens)
	if err != nil {
		return nil, err
	}
	return salla.NewClient(salla.Config{TokenSource: source, IPLimiter: s.ipLimiter, BaseURL: s.app.BaseURL, Options: s.app.Options})
}

// run works for all stores, some at a time. It returns when all are done or, after ctx
// has ended, when no call is under way any more.
func (s *service) run(ctx context.Context, stores []string) error {
	var work sync.WaitGroup
	defer work.Wait()
	places := make(chan struct{}, 16)
	for _, store := range stores {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		work.Go(func() {
			defer func() { <-places }()
			s.count(ctx, store)
		})
	}
	return nil
}

// count is what is done for one store. Its failure is no reason to leave out the others.
func (s *service) count(ctx context.Context, store string) {
	client, err := s.client(store)
	if err != nil {
		log.Print(err)
		return
	}
	n, err := client.Customers.Count(ctx)
	switch {
	case errors.Is(err, souk.ErrReauthorize):
		fmt.Println(store, "has to install the app again")
	case errors.Is(err, context.Canceled): // the service is being shut down
	case err != nil:
		log.Print(err)
	}
	s.customers.Add(int64(n))
}

// A service for 500 stores: their tokens are in a database, their clients are made on
// demand with one Options, and an interrupt ends it.
func ExampleOAuth_manyStores() {
	server := sallatest.NewServer()
	defer server.Close()
	server.Seed(3)
	s := &service{app: server.OAuth(), tokens: souk.NewMemoryTokenStore(), ipLimiter: rate.NewLimiter(rate.Every(10*time.Minute/500), 500)}
	s.app.Options.AttemptTimeout = 20 * time.Second            // and a Logger, an Observer …
	ctx, interrupt := context.WithCancel(context.Background()) // in production: signal.NotifyContext
	var stores []string
	for i := range 500 {
		store := strconv.Itoa(1_000_000_000 + i)
		stores = append(stores, store)
		if i == 77 {
			continue // it has removed the app
		}
		token := &oauth2.Token{AccessToken: server.Token, RefreshToken: "…", Expiry: time.Now().AddDate(0, 0, 14)}
		if err := s.app.SaveToken(ctx, store, s.tokens, token); err != nil { // as OAuth.Install does
			log.Fatal(err)
		}
	}

	fmt.Println(s.run(ctx, stores), s.customers.Load(), "customers")
	interrupt()
	fmt.Println(s.run(ctx, stores))
	// Output:
	// 1000000077 has to install the app again
	// <nil> 1497 customers
	// context canceled
}
