package tokenstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/lib/pq"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/tokenstore"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/souktest"
)

// variable names the URL of a PostgreSQL in which the tests may make a table.
const variable = "SOUK_POSTGRES"

func Example() {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(20)
	if _, err := db.Exec(tokenstore.Schema); err != nil {
		panic(err)
	}
	app := salla.OAuth{ClientID: os.Getenv("SALLA_CLIENT_ID"), ClientSecret: os.Getenv("SALLA_CLIENT_SECRET")}
	source, err := app.TokenSource("1803665367", tokenstore.New(db))
	if err != nil {
		panic(err)
	}
	store, err := salla.NewClient(salla.Config{TokenSource: source})
	if err != nil {
		panic(err)
	}
	for customer, err := range store.Customers.All(context.Background(), salla.ListCustomersRequest{}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(customer.ID)
	}
}

// open returns what opens the database as another process would.
func open(t *testing.T) func() *sql.DB {
	t.Helper()
	url := os.Getenv(variable)
	if url == "" {
		t.Skipf("%s is not set: see CONTRIBUTING.md", variable)
	}
	open := func() *sql.DB {
		db, err := sql.Open("postgres", url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		db.SetMaxOpenConns(5)
		return db
	}
	if _, err := open().Exec(tokenstore.Schema); err != nil {
		t.Fatal(err)
	}
	return open
}

func TestStore(t *testing.T) {
	open := open(t)
	souktest.TestTokenStore(t, func() souk.TokenStore { return tokenstore.New(open()) })
}

func set(t *testing.T, s *tokenstore.Store, key string, token *oauth2.Token) {
	t.Helper()
	err := s.Update(t.Context(), key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return token, nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Delete(context.Background(), key) })
}

func get(t *testing.T, s *tokenstore.Store, key string) *oauth2.Token {
	t.Helper()
	token, err := s.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// What the vendor has handed out is saved for a caller who has left.
func TestATokenIsSavedAfterTheContextHasEnded(t *testing.T) {
	s := tokenstore.New(open(t)())
	set(t, s, "left", &oauth2.Token{AccessToken: "old"})
	ctx, cancel := context.WithCancel(t.Context())

	err := s.Update(ctx, "left", func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		cancel()
		return &oauth2.Token{AccessToken: "new"}, nil
	})

	if err != nil || get(t, s, "left").AccessToken != "new" {
		t.Errorf("the new token was lost: %v", err)
	}
}

// A process that dies in the middle of an Update leaves the old token and no lock.
func TestAConnectionThatIsKilled(t *testing.T) {
	open := open(t)
	s, other := tokenstore.New(open()), tokenstore.New(open())
	set(t, s, "killed", &oauth2.Token{AccessToken: "old", RefreshToken: strings.Repeat("r", 8<<10), Expiry: time.Unix(1900000000, 0)})

	err := s.Update(t.Context(), "killed", func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
		if _, err := open().ExecContext(ctx, `
			select pg_terminate_backend(pid) from pg_locks join pg_database on oid = database
			where locktype = 'advisory' and datname = current_database()`); err != nil {
			t.Error(err)
		}
		return &oauth2.Token{AccessToken: "new"}, nil
	})

	if err == nil {
		t.Error("a token that was not saved is no error")
	}
	if token := get(t, other, "killed"); token.AccessToken != "old" || len(token.RefreshToken) != 8<<10 || token.Expiry.Unix() != 1900000000 {
		t.Error("the old token was lost")
	}
	set(t, other, "killed", &oauth2.Token{AccessToken: "newer"})
	if token := get(t, s, "killed"); token.AccessToken != "newer" || !token.Expiry.IsZero() {
		t.Error("the store did not go on")
	}
}

// Who waits for a lock gives up with the context, and others go on.
func TestAnotherKeyIsNotLocked(t *testing.T) {
	open := open(t)
	s, other := tokenstore.New(open()), tokenstore.New(open())
	err := s.Update(t.Context(), "a", func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := other.Delete(ctx, "a"); err == nil {
			t.Error("the key is not locked")
		}
		return nil, other.Delete(t.Context(), "b")
	})
	if err != nil {
		t.Error(err)
	}
}
