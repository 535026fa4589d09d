// Package tokenstore keeps tokens in PostgreSQL, for programs that run on several
// machines. It is an example to copy: change the table and the driver as you like, and
// let souktest.TestTokenStore tell whether it still keeps what it must.
//
// Whoever can read the table can act for the stores: grant it to the program alone, or
// encrypt the tokens before they go into it.
package tokenstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
)

// Schema makes the table.
const Schema = `
create table if not exists souk_tokens (
	key           text primary key,
	access_token  text not null,
	refresh_token text not null,
	expiry        timestamptz -- null where the token does not expire
)`

// Store is a souk.TokenStore in a table of PostgreSQL.
type Store struct{ db *sql.DB }

var _ souk.TokenStore = (*Store)(nil)

// New returns a store in a database that has the table of [Schema]. Limit the
// connections of db: an Update has one of them for as long as it works, and may wait for
// it while others do.
func New(db *sql.DB) *Store { return &Store{db} }

// Load returns the token of a key, nil if there is none.
func (s *Store) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	token, err := load(ctx, s.db, key)
	if err != nil {
		return nil, fmt.Errorf("load a token: %w", err)
	}
	return token, nil
}

// Update changes the token of a key while nobody else does. What f returns is saved even
// if ctx has ended meanwhile: the vendor may take no other token any more.
func (s *Store) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.locked(ctx, key, func(tx *sql.Tx) error {
		current, err := load(ctx, tx, key)
		if err != nil {
			return fmt.Errorf("load a token: %w", err)
		}
		token, err := f(ctx, current)
		if err != nil || token == nil {
			return err
		}
		return save(ctx, tx, key, token)
	})
}

// Delete removes the token of a key, if there is one.
func (s *Store) Delete(ctx context.Context, key string) error {
	return s.locked(ctx, key, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `delete from souk_tokens where key = $1`, key); err != nil {
			return fmt.Errorf("delete a token: %w", err)
		}
		return nil
	})
}

// locked runs do in a transaction that has the key to itself. The lock is one of
// PostgreSQL's own, since a key without a token has no row that could be locked. It ends
// with the transaction, and that with the connection of a process that dies.
func (s *Store) locked(ctx context.Context, key string, do func(tx *sql.Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	// The end of ctx must not roll back what is to be saved.
	tx, err := s.db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	defer func() {
		if rollback := tx.Rollback(); !errors.Is(rollback, sql.ErrTxDone) { // neither committed nor broken
			err = errors.Join(err, rollback)
		}
	}()
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtextextended('souk_tokens ' || $1, 0))`, key); err != nil {
		return fmt.Errorf("lock a token: %w", err)
	}
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func load(ctx context.Context, q querier, key string) (*oauth2.Token, error) {
	token := oauth2.Token{TokenType: "Bearer"}
	var expiry sql.NullTime
	row := q.QueryRowContext(ctx, `select access_token, refresh_token, expiry from souk_tokens where key = $1`, key)
	switch err := row.Scan(&token.AccessToken, &token.RefreshToken, &expiry); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	token.Expiry = expiry.Time
	return &token, nil
}

// saveTimeout is what saving may take when nobody waits any more.
const saveTimeout = 10 * time.Second

func save(ctx context.Context, tx *sql.Tx, key string, token *oauth2.Token) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	_, err := tx.ExecContext(ctx, `
		insert into souk_tokens (key, access_token, refresh_token, expiry) values ($1, $2, $3, $4)
		on conflict (key) do update set access_token = $2, refresh_token = $3, expiry = $4`,
		key, token.AccessToken, token.RefreshToken, sql.NullTime{Time: token.Expiry, Valid: !token.Expiry.IsZero()})
	if err != nil {
		return fmt.Errorf("save a token: %w", err)
	}
	return nil
}
