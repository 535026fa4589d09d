package oauth_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/webhook"
)

var errRefreshLost = errors.Join(souk.ErrReauthorize)

func place(store souk.TokenStore) oauth.Place {
	return oauth.Place{Vendor: "acme", Key: oauth.Key("acme", "app.1", "Shop"), Tokens: store, InDoubt: errRefreshLost}
}

func expired(refresh string) *oauth2.Token {
	return &oauth2.Token{AccessToken: "old", RefreshToken: refresh, Expiry: time.Now().Add(-time.Hour)}
}

func TestKeysHoldTheVendorAndAreDistinct(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "acme.app.1.shop", oauth.Key("acme", "app.1", "Shop"))
	assert.NotEqual(t, oauth.Key("acme", "app", "1"), oauth.Key("acme", "app.1", ""))
}

func TestSave(t *testing.T) {
	t.Parallel()
	stays := func(*oauth2.Token, time.Time) bool { return true }
	goes := func(*oauth2.Token, time.Time) bool { return false }
	for name, c := range map[string]struct {
		current *oauth2.Token
		keep    func(*oauth2.Token, time.Time) bool
		want    string
	}{
		"first":       {nil, stays, "new"},
		"always":      {&oauth2.Token{AccessToken: "old"}, nil, "new"},
		"newer":       {&oauth2.Token{AccessToken: "old"}, goes, "new"},
		"older":       {&oauth2.Token{AccessToken: "old"}, stays, "old"},
		"over doubts": {auth.Mark(&oauth2.Token{AccessToken: "old", RefreshToken: "r"}, time.Now()), goes, "new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := place(souk.NewMemoryTokenStore())
			require.NoError(t, p.Tokens.Update(t.Context(), p.Key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return c.current, nil }))

			require.NoError(t, p.Save(t.Context(), &oauth2.Token{AccessToken: "new"}, c.keep))

			token, err := p.Tokens.Load(t.Context(), p.Key)
			require.NoError(t, err)
			assert.Equal(t, c.want, token.AccessToken)
		})
	}
}

// The pair whose refresh got no answer would be sent again.
func TestSaveRefusesThePairThatIsInDoubt(t *testing.T) {
	t.Parallel()
	p := place(souk.NewMemoryTokenStore())
	doubt := auth.Mark(&oauth2.Token{AccessToken: "a", RefreshToken: "r"}, time.Unix(1767225600, 0))
	require.NoError(t, p.Save(t.Context(), doubt, nil), "from another store")

	for _, same := range []*oauth2.Token{{AccessToken: "a", RefreshToken: "r"}, doubt} {
		err := p.Save(t.Context(), same, nil)
		require.ErrorIs(t, err, errRefreshLost)
		assert.ErrorContains(t, err, "RetryRefresh (the token is the one that stands there already)")
	}
	older := func(current *oauth2.Token, sent time.Time) bool {
		assert.Equal(t, int64(1767225600), sent.Unix())
		return current.AccessToken == "a"
	}
	err := p.Save(t.Context(), &oauth2.Token{AccessToken: "0", RefreshToken: "0"}, older)
	require.ErrorIs(t, err, errRefreshLost)
	assert.ErrorContains(t, err, "RetryRefresh (the token is older than the one that stands there;")
	token, err := p.Tokens.Load(t.Context(), p.Key)
	require.NoError(t, err)
	assert.Equal(t, doubt.RefreshToken, token.RefreshToken)

	require.NoError(t, p.Save(t.Context(), &oauth2.Token{AccessToken: "b", RefreshToken: "r"}, nil), "a vendor need not replace refresh tokens")
}

// Where refresh tokens can be sent twice, one that looks like a mark is a refresh token.
func TestSaveWhereNothingIsInDoubt(t *testing.T) {
	t.Parallel()
	p := place(souk.NewMemoryTokenStore())
	p.InDoubt = nil
	looks := auth.Mark(&oauth2.Token{AccessToken: "a", RefreshToken: "r"}, time.Now())

	require.NoError(t, p.Save(t.Context(), looks, nil))
	require.NoError(t, p.Save(t.Context(), looks, nil))
}

func TestSaveWithoutContext(t *testing.T) {
	t.Parallel()
	var none context.Context
	err := place(souk.NewMemoryTokenStore()).Save(none, &oauth2.Token{AccessToken: "new"}, nil)
	require.ErrorIs(t, err, souk.ErrInvalid)
}

// brokenStore fails, in words that hold what it was given.
type brokenStore struct {
	souk.TokenStore
	err error
}

func (s brokenStore) Update(ctx context.Context, _ string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	if _, err := f(ctx, expired("r")); err != nil {
		return err
	}
	return s.err
}

func TestAStoreThatFailsIsUnavailable(t *testing.T) {
	t.Parallel()
	down := errors.New("insert new-access: no space left")
	p := place(brokenStore{souk.NewMemoryTokenStore(), down})

	err := p.Save(t.Context(), &oauth2.Token{AccessToken: "new-access"}, nil)

	require.ErrorIs(t, err, souk.ErrUnavailable)
	require.ErrorIs(t, err, down)
	assert.EqualError(t, err, "acme: unavailable: the token store failed: insert [masked]: no space left")
	unsaved, ok := errors.AsType[*souk.UnsavedError](err)
	require.True(t, ok)
	assert.Equal(t, "new-access", unsaved.Token.AccessToken)
}

// quotingStore fails to save, and says what it had and what it was given.
type quotingStore struct {
	souk.TokenStore
	quote func(string) string
}

func (s quotingStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := f(ctx, current)
		if err != nil || token == nil {
			return nil, err
		}
		return nil, errors.New(s.quote(fmt.Sprintf("cannot replace %v by %v", *current, *token)))
	})
}

func TestWhatAStoreQuotesIsHidden(t *testing.T) {
	t.Parallel()
	for name, quote := range map[string]func(string) string{
		"plain":   func(text string) string { return text },
		"base64":  func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
		"a URL":   url.QueryEscape,
		"at last": func(text string) string { return strings.Repeat("-", 5000) + text },
	} {
		for spends, inDoubt := range map[string]error{"plain": nil, "spends": errRefreshLost} {
			t.Run(name+", "+spends, func(t *testing.T) {
				t.Parallel()
				memory := souk.NewMemoryTokenStore()
				p := place(memory)
				p.InDoubt = inDoubt
				stored := &oauth2.Token{AccessToken: "canary-access-1", RefreshToken: "canary-refresh-1", Expiry: time.Now().Add(-time.Hour)}
				require.NoError(t, p.Save(t.Context(), stored, nil))
				p.Tokens = quotingStore{memory, quote}
				refresh := func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
					return &oauth2.Token{AccessToken: "canary-access-2", RefreshToken: "canary-refresh-2"}, nil
				}
				source := oauth.NewSource(p, oauth.Flow{Refresh: refresh})

				_, err := source.Token(t.Context())

				for _, err := range []error{err, source.Retry(t.Context()), p.Save(t.Context(), &oauth2.Token{AccessToken: "canary-access-3", RefreshToken: "canary-refresh-3"}, nil)} {
					require.ErrorIs(t, err, souk.ErrUnavailable)
					for _, secret := range []string{"canary", base64.StdEncoding.EncodeToString([]byte("canary"))[:6]} {
						assert.NotContains(t, err.Error(), secret)
					}
					assert.Less(t, len(err.Error()), 5000)
				}
			})
		}
	}
}

// What a store calls its deadline is none of the caller's.
func TestAStoreThatIsSlowIsUnavailable(t *testing.T) {
	t.Parallel()
	p := place(brokenStore{souk.NewMemoryTokenStore(), context.DeadlineExceeded})
	err := p.Save(t.Context(), &oauth2.Token{AccessToken: "a"}, nil)
	require.ErrorIs(t, err, souk.ErrUnavailable)
	require.NotErrorIs(t, err, context.DeadlineExceeded)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = p.Save(ctx, &oauth2.Token{AccessToken: "a"}, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, souk.ErrUnavailable)
	_, ok := errors.AsType[*souk.UnsavedError](err)
	assert.True(t, ok)
}

func TestAPairThatCannotBeSavedComesWithTheError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &forgetful{TokenStore: souk.NewMemoryTokenStore()}
		p := place(store)
		require.NoError(t, p.Save(t.Context(), expired("r"), nil))
		s := oauth.NewSource(p, oauth.Flow{Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			store.full = true
			return &oauth2.Token{AccessToken: "new", RefreshToken: "r2"}, nil
		}})

		token, err := s.Token(t.Context())

		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, "new", token.AccessToken)
		unsaved, ok := errors.AsType[*souk.UnsavedError](err)
		require.True(t, ok)
		assert.Equal(t, token, unsaved.Token)
		assert.EqualError(t, unsaved, "a new token could not be saved")
		store.full = false
		require.NoError(t, p.Save(t.Context(), unsaved.Token, nil), "over the mark")
		kept, err := store.Load(t.Context(), p.Key)
		require.NoError(t, err)
		assert.Equal(t, "r2", kept.RefreshToken)
	})
}

// forgetful is a store that is full.
type forgetful struct {
	souk.TokenStore
	full bool
}

func (s *forgetful) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	if s.full {
		return errors.New("full")
	}
	return s.TokenStore.Update(ctx, key, f)
}

func TestWhatAPersonHasToDo(t *testing.T) {
	t.Parallel()
	refuse := func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		return nil, &souk.Error{Vendor: "acme", Message: "revoked", Err: souk.ErrReauthorize}
	}
	for want, current := range map[string]*oauth2.Token{
		"acme: reauthorize: the app is not installed: no token is stored under the key acme.app.1.shop": nil,
		"acme: reauthorize: the token has run out, and it was saved without a refresh token":            expired(""),
		"acme: reauthorize: revoked": expired("r"),
	} {
		p := place(souk.NewMemoryTokenStore())
		if current != nil {
			require.NoError(t, p.Save(t.Context(), current, nil))
		}
		_, err := oauth.NewSource(p, oauth.Flow{Refresh: refuse}).Token(t.Context())
		require.ErrorIs(t, err, souk.ErrReauthorize)
		assert.EqualError(t, err, want)
	}
}

// The store of a program may call another vendor, whose classes say nothing here.
func TestAnErrorOfAnotherVendorIsThatOfTheStore(t *testing.T) {
	t.Parallel()
	p := place(brokenStore{souk.NewMemoryTokenStore(), &souk.Error{Vendor: "other", StatusCode: 404, Err: souk.ErrNotFound}})

	err := p.Save(t.Context(), &oauth2.Token{AccessToken: "a"}, nil)

	require.ErrorIs(t, err, souk.ErrUnavailable)
	assert.NotErrorIs(t, err, souk.ErrNotFound)
}

func TestSourceTellsWhatBecameOfARefresh(t *testing.T) {
	t.Parallel()
	lost := &souk.Error{Vendor: "acme", StatusCode: 502, Method: "POST", Route: "/token", Attempts: 1, Err: errors.Join(souk.ErrUnavailable, souk.ErrOutcomeUnknown)}
	for name, c := range map[string]struct {
		err   error
		is    []error
		not   []error
		sends int
	}{
		"lost":    {lost, []error{errRefreshLost, souk.ErrReauthorize}, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable}, 1},
		"refused": {&souk.Error{Vendor: "acme", Err: souk.ErrReauthorize}, []error{souk.ErrReauthorize}, nil, 1},
		"busy":    {&souk.Error{Vendor: "acme", Err: souk.ErrUnavailable}, []error{souk.ErrUnavailable}, []error{souk.ErrReauthorize}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := place(souk.NewMemoryTokenStore())
				require.NoError(t, p.Save(t.Context(), expired("r"), nil))
				sends := 0
				s := oauth.NewSource(p, oauth.Flow{Refresh: func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
					sends++
					assert.Equal(t, "r", current.RefreshToken)
					return nil, c.err
				}})
				for range 2 {
					_, err := s.Token(t.Context())
					for _, class := range c.is {
						require.ErrorIs(t, err, class)
					}
					for _, class := range c.not {
						require.NotErrorIs(t, err, class)
					}
					said, want := err.(*souk.Error), c.err.(*souk.Error) //nolint:errorlint // not one further down
					assert.Equal(t, [4]any{want.StatusCode, want.Method, want.Route, want.Attempts}, [4]any{said.StatusCode, said.Method, said.Route, said.Attempts})
				}
				assert.Equal(t, c.sends, sends)
			})
		})
	}
}

func TestRetrySendsATokenInDoubtOnceMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := place(souk.NewMemoryTokenStore())
		require.NoError(t, p.Save(t.Context(), auth.Mark(expired("r"), time.Unix(1767225600, 0)), nil))
		s := oauth.NewSource(p, oauth.Flow{Refresh: func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			assert.Equal(t, "r", current.RefreshToken)
			return &oauth2.Token{AccessToken: "new"}, nil
		}})
		time.Sleep(30 * 365 * 24 * time.Hour) // the bubble begins in the year 2000
		_, err := s.Token(t.Context())
		require.ErrorIs(t, err, souk.ErrReauthorize)

		require.NoError(t, s.Retry(t.Context()))

		token, err := s.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "new", token.AccessToken)
		stored, err := p.Tokens.Load(t.Context(), p.Key)
		require.NoError(t, err)
		assert.Equal(t, "r", stored.RefreshToken, "it is kept where the answer brings none")
	})
}

func TestCheckState(t *testing.T) {
	t.Parallel()
	good := url.Values{"code": {"c"}, "error": {""}}
	assert.NoError(t, oauth.CheckState("acme", "s", "s", good))
	for name, c := range map[string]struct {
		sent, got string
		query     url.Values
	}{
		"empty":    {"", "", good},
		"another":  {"s", "t", good},
		"longer":   {"s", "ss", good},
		"no code":  {"s", "s", nil},
		"blanks":   {"s", "s", url.Values{"code": {" \t"}}},
		"an error": {"s", "s", url.Values{"code": {"c"}, "error": {"access_denied"}}},
	} {
		assert.ErrorIs(t, oauth.CheckState("acme", c.sent, c.got, c.query), souk.ErrUnauthorized, name)
	}
}

func TestCheckQuery(t *testing.T) {
	t.Parallel()
	assert.NoError(t, oauth.CheckQuery("acme", url.Values{"code": {"c"}, "state": {"s"}}))
	for _, values := range [][]string{{"c", "d"}, {"c", "c"}, {}} {
		assert.ErrorIs(t, oauth.CheckQuery("acme", url.Values{"code": values}), souk.ErrUnauthorized)
	}
}

func TestIsRedirect(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://app.example/back?from=souk": true, "http://127.0.0.1:8080/": true, "app://back": true,
		"": false, "/back": false, "app.example/back": false, "//app.example/back": false, "https:///back": false, "https://app.example/%zz": false,
	} {
		assert.Equal(t, want, oauth.IsRedirect(address), address)
	}
}

func TestTextTakesAnything(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]oauth.Text{
		`"a"`: "a", `12`: "12", `1.5`: "1.5", `1e9`: "1e9", `null`: "", `true`: "", `{}`: "", `["a"]`: "", `{"id":2}`: "", `""`: "",
	} {
		answer := struct{ Text oauth.Text }{"before"}
		require.NoError(t, json.Unmarshal([]byte(`{"Text":`+data+`}`), &answer), data)
		assert.Equal(t, want, answer.Text, data)
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	moment := time.Unix(1793000000, 0)
	for text, want := range map[oauth.Text]time.Time{
		"3600": now.Add(time.Hour), "3600.0": now.Add(time.Hour), " 60 ": now.Add(time.Minute), "0.5": now.Add(time.Second / 2), "1e3": now.Add(1000 * time.Second),
		"315360000": now.Add(315360000 * time.Second), "315360001": time.Unix(315360001, 0), "1000000000000": time.Unix(1e9, 0), "253402300799": time.Unix(253402300799, 0), "253402300800": {},
		"1979-12-30T00:00:00Z": {}, "1979-12-30T00:00:01Z": time.Unix(315360001, 0), "9999-12-31T23:59:59Z": time.Unix(253402300799, 0),
		"946684800": time.Unix(946684800, 0), "1793000000": moment, "1793000000.75": moment, "1.793e9": moment, "1793000000123": moment,
		"2026-10-26T07:33:20Z": time.Date(2026, 10, 26, 7, 33, 20, 0, time.UTC), "2026-10-26T07:33:20.5+02:00": time.Date(2026, 10, 26, 5, 33, 20, 5e8, time.UTC),
		"2026-10-26T07:33:20+24:00": time.Date(2026, 10, 25, 7, 33, 20, 0, time.UTC),
		"2026-10-26T07:33:20":       time.Date(2026, 10, 26, 7, 33, 20, 0, time.UTC), "2026-10-26 07:33:20": time.Date(2026, 10, 26, 7, 33, 20, 0, time.UTC),
		"": {}, "soon": {}, "0": {}, "-5": {}, "NaN": {}, "Inf": {}, "9e300": {}, "9999-12-31T23:59:59-23:00": {}, "0001-01-01T00:00:00Z": {}, "1970-01-01T00:00:00Z": {},
	} {
		got, ok := oauth.Expiry(now, text)
		assert.Equal(t, !want.IsZero(), ok, text)
		assert.True(t, want.Equal(got), "%s: want %s, got %s", text, want, got)
		_, err := json.Marshal(got)
		require.NoError(t, err, "a file can hold it")
	}
	got, ok := oauth.Expiry(now, "", "nonsense", "60", "120")
	assert.True(t, ok)
	assert.Equal(t, now.Add(time.Minute), got)
	_, ok = oauth.Expiry(now)
	assert.False(t, ok)
}

// A program can keep its tokens at the vendor whose tokens they are.
func TestAnErrorOfTheSameVendorFromTheStoreLosesNoPair(t *testing.T) {
	t.Parallel()
	p := place(brokenStore{souk.NewMemoryTokenStore(), &souk.Error{Vendor: "acme", StatusCode: 404, Err: souk.ErrNotFound}})
	refresh := func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: "new"}, nil
	}
	p.InDoubt = nil // so that one update does it

	_, err := oauth.NewSource(p, oauth.Flow{Refresh: refresh}).Token(t.Context())

	for _, err := range []error{err, p.Save(t.Context(), &oauth2.Token{AccessToken: "new"}, nil)} {
		require.ErrorIs(t, err, souk.ErrUnavailable)
		require.NotErrorIs(t, err, souk.ErrNotFound)
		unsaved, ok := errors.AsType[*souk.UnsavedError](err)
		require.True(t, ok)
		assert.Equal(t, "new", unsaved.Token.AccessToken)
	}
}

// A line break at the end of what somebody has copied must not stop a store for good.
func TestATokenThatNoHeaderCanHoldIsRenewed(t *testing.T) {
	t.Parallel()
	for name, odd := range map[string]string{"line break": "a\n", "blank": "a b", "over 64 KiB": strings.Repeat("a", 64<<10+1)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := place(souk.NewMemoryTokenStore())
			require.NoError(t, p.Save(t.Context(), &oauth2.Token{AccessToken: odd, RefreshToken: "r"}, nil))
			asked := 0
			s := oauth.NewSource(p, oauth.Flow{Refresh: func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
				asked++
				assert.Equal(t, "r", current.RefreshToken)
				return &oauth2.Token{AccessToken: "new", RefreshToken: "r2"}, nil
			}})
			for range 2 {
				token, err := s.Token(t.Context())
				require.NoError(t, err)
				assert.Equal(t, "new", token.AccessToken)
			}
			assert.Equal(t, 1, asked)
		})
	}
}

func TestALongTokenIsUsed(t *testing.T) {
	t.Parallel()
	p := place(souk.NewMemoryTokenStore())
	long := strings.Repeat("a", 64<<10)
	require.NoError(t, p.Save(t.Context(), &oauth2.Token{AccessToken: long}, nil))
	token, err := oauth.NewSource(p, oauth.Flow{}).Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, long, token.AccessToken)
}

// What the token end point is sent must not come back in a text.
func TestTheTokensOfARefreshAreSecretsOfItsCall(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		current *oauth2.Token
		want    []string
	}{
		"none": {nil, nil},
		"one":  {expired("r"), []string{"old", "r"}},
	} {
		p := place(souk.NewMemoryTokenStore())
		p.InDoubt = nil // where there can be none
		if c.current != nil {
			require.NoError(t, p.Save(t.Context(), c.current, nil), name)
		}
		_, err := oauth.NewSource(p, oauth.Flow{Refresh: func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
			assert.Equal(t, c.want, percall.From(ctx).Secrets, name)
			return &oauth2.Token{AccessToken: "new"}, nil
		}}).Token(t.Context())
		require.NoError(t, err, name)
	}
}

func TestCheckSignature(t *testing.T) {
	t.Parallel()
	signed := hex.EncodeToString(webhook.Sign("s3cret", []byte("code=c&shop=demo")))
	query := func(changes ...string) url.Values {
		q := url.Values{"code": {"c"}, "shop": {"demo"}, "hmac": {signed}}
		for i := 0; i < len(changes); i += 2 {
			q[changes[i]] = append(q[changes[i]][:0:0], strings.Fields(changes[i+1])...)
		}
		return q
	}
	require.NoError(t, oauth.CheckSignature("acme", query(), "hmac", "s3cret"))
	for name, c := range map[string]struct {
		query        url.Values
		secret, want string
	}{
		"another secret":  {query(), "other", "acme: unauthorized: the signature does not match"},
		"another shop":    {query("shop", "evil"), "s3cret", "acme: unauthorized: the signature does not match"},
		"one more":        {query("admin", "1"), "s3cret", "acme: unauthorized: the signature does not match"},
		"a name twice":    {query("shop", "demo evil"), "s3cret", "acme: unauthorized: the query names a parameter twice"},
		"two signatures":  {query("hmac", signed+" "+signed), "s3cret", "acme: unauthorized: the query names a parameter twice"},
		"no hexadecimals": {query("hmac", "x"), "s3cret", "acme: unauthorized: the query is not signed, or not as the vendor signs"},
		"none":            {url.Values{"code": {"c"}, "shop": {"demo"}}, "s3cret", "acme: unauthorized: the query is not signed, or not as the vendor signs"},
		"no secret":       {query(), "", "acme: invalid; ClientSecret: must not be empty: everybody could sign with an empty secret"},
	} {
		assert.EqualError(t, oauth.CheckSignature("acme", c.query, "hmac", c.secret), c.want, name)
	}
	kept := query()
	require.NoError(t, oauth.CheckSignature("acme", kept, "hmac", "s3cret"))
	assert.Equal(t, query(), kept, "the caller's query is left alone")
}

func TestATokenThatTheVendorCalledExpiredIsRenewed(t *testing.T) {
	t.Parallel()
	p := place(souk.NewMemoryTokenStore())
	require.NoError(t, p.Save(t.Context(), &oauth2.Token{AccessToken: "old", RefreshToken: "r"}, nil))
	s := oauth.NewSource(p, oauth.Flow{Secret: "planted-secret", Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: "new", RefreshToken: "r2"}, nil
	}})
	old, err := s.Token(t.Context())
	require.NoError(t, err)
	require.Equal(t, "old", old.AccessToken)

	s.Invalidate(old)

	token, err := s.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "new", token.AccessToken)
	assert.Subset(t, s.Secrets(), []string{"planted-secret", "new"})
	assert.Equal(t, "oauth.Source{acme.app.1.shop}", fmt.Sprint(s))
	assert.NotContains(t, fmt.Sprintf("%+v", *s), "planted-secret")
}

// odd is a store that forgets what it is to save, or asks twice what that is.
type odd struct {
	souk.TokenStore

	forgets, twice, cuts bool
}

func (s odd) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		if s.twice { // after a transaction that another one has overtaken
			if _, err := f(ctx, auth.Mark(&oauth2.Token{AccessToken: "new", RefreshToken: "r"}, time.Now())); err != nil {
				return nil, err
			}
		}
		token, err := f(ctx, current)
		switch {
		case s.forgets:
			return nil, err
		case s.cuts && token != nil:
			token = &oauth2.Token{AccessToken: token.AccessToken}
		}
		return token, err
	})
}

func TestSaveInOddStores(t *testing.T) {
	t.Parallel()
	save := func(s odd) (*oauth2.Token, error) {
		s.TokenStore = souk.NewMemoryTokenStore()
		require.NoError(t, place(s.TokenStore).Save(t.Context(), &oauth2.Token{AccessToken: "old", RefreshToken: "r0"}, nil))
		err := place(s).Save(t.Context(), &oauth2.Token{AccessToken: "new", RefreshToken: "r"}, nil)
		stored, loadErr := s.Load(t.Context(), place(s).Key)
		require.NoError(t, loadErr)
		return stored, err
	}
	stored, err := save(odd{twice: true})
	require.NoError(t, err, "what it decides last counts")
	assert.Equal(t, "new", stored.AccessToken)

	stored, err = save(odd{forgets: true})
	require.ErrorIs(t, err, souk.ErrUnavailable)
	assert.EqualError(t, err, "acme: unavailable: the token store failed: the store said that the token was saved, but it was not: test the store with souktest.TestTokenStore")
	assert.Equal(t, "old", stored.AccessToken)

	stored, err = save(odd{cuts: true})
	require.ErrorIs(t, err, souk.ErrUnavailable)
	assert.EqualError(t, err, "acme: unavailable: the token store failed: the store has kept only a part of the token: it must have room for refresh tokens of 4 KiB; test it with souktest.TestTokenStore")
	assert.Empty(t, stored.RefreshToken)
	unsaved, ok := errors.AsType[*souk.UnsavedError](err)
	require.True(t, ok)
	assert.Equal(t, "r", unsaved.Token.RefreshToken)
}
