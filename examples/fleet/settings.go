package main

import (
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/souk-go/souk/fleet"
)

// settings are what a worker is told on its standard input, where nobody else reads them.
type settings struct {
	Run    string // a name of this run, so that several can share a Redis
	Worker string
	Redis  string
	Key    []byte // of the tokens
	Stores []store
	Work   time.Duration // on a customer
}

// store is a stand-in, and what a program has to know of it.
type store struct {
	Name   string
	Vendor string
	URL    string
	// ID is the merchant, handle or shop.
	ID string
	// App and Secret are those of the app, or e-mail address and password of an admin.
	App, Secret string
}

// lease is how long a walk waits when its worker was killed.
const lease = 2 * time.Second

func (s *settings) redis() (*redis.Client, error) {
	options, err := redis.ParseURL(s.Redis)
	if err != nil {
		return nil, err
	}
	options.ContextTimeoutEnabled = true
	return redis.NewClient(options), nil
}

func (s *settings) tokens(client *redis.Client) (*fleet.TokenStore, error) {
	return fleet.NewTokenStore(client, fleet.Keyring{Active: "example", Keys: map[string][]byte{"example": s.Key}})
}

// The keys of what the example keeps beside package fleet. The customers would stand in a
// database.
func (s *settings) walk(store string) string { return s.Run + ":" + store }

func (s *settings) customers(store string) string { return "example:" + s.Run + ":customers:" + store }
func (s *settings) done() string                  { return "example:" + s.Run + ":done" }
func (s *settings) counts() string                { return "example:" + s.Run + ":counts" }
