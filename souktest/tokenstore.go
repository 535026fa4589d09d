package souktest

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
)

// TestTokenStore tests whether a [souk.TokenStore] of your own does what the SDK
// requires: it keeps access token, refresh token and expiry, and every change of one of
// them; it locks a key among all its users, loses no update, and shows what others
// saved; it saves nothing if told so, and waits for updates before it deletes; it calls
// the function of Update with a context, and returns no shared memory. Call it from a
// test:
//
//	souktest.TestTokenStore(t, func() souk.TokenStore { return mystore.Open(dsn) })
//
// Each call of open must return the store as another process would open it, on the same
// data. The test writes keys that begin with "souktest." and deletes them.
func TestTokenStore(t TestingT, open func() souk.TokenStore) {
	t.Helper()
	for _, one := range []struct {
		name string
		test func(s storeTest, t part)
	}{
		{"KeepsTokens", storeTest.keepsTokens},
		{"KeepsKeysApart", storeTest.keepsKeysApart},
		{"KeepsEveryChange", storeTest.keepsEveryChange},
		{"SeesWhatOthersSave", storeTest.seesWhatOthersSave},
		{"SavesNothingWhenToldSo", storeTest.savesNothingWhenToldSo},
		{"SharesNoMemory", storeTest.sharesNoMemory},
		{"Deletes", storeTest.deletes},
		{"LosesNoUpdate", storeTest.losesNoUpdate},
		{"GivesUpWithTheContext", storeTest.givesUpWithTheContext},
	} {
		runPart(t, one.name, func(t part) {
			one.test(storeTest{open: open, prefix: "souktest." + strings.ToLower(rand.Text()) + "."}, t)
		})
	}
}

type storeTest struct {
	open   func() souk.TokenStore
	prefix string
}

// key returns a key of this run, which is deleted when the test ends.
func (s storeTest) key(t part, name string) string {
	t.Helper()
	key := s.prefix + name
	t.Cleanup(func() {
		if err := s.open().Delete(context.WithoutCancel(t.Context()), key); err != nil {
			t.Errorf("Delete(%q) after the test: %v", key, err)
		}
	})
	return key
}

func (s storeTest) save(t part, key string, token *oauth2.Token) {
	t.Helper()
	if err := s.open().Update(t.Context(), key, keeping(token)); err != nil {
		t.Fatalf("Update(%q): %v", key, err)
	}
}

func (s storeTest) load(t part, key string) *oauth2.Token {
	t.Helper()
	token, err := s.open().Load(t.Context(), key)
	if err != nil {
		t.Fatalf("Load(%q): %v", key, err)
	}
	return token
}

func keeping(token *oauth2.Token) func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
	return func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return token, nil }
}

func (s storeTest) keepsTokens(t part) {
	key := s.key(t, "keeps")
	if token := s.load(t, key); token != nil {
		t.Error("Load of a key that was never saved returns a token; want nil and no error")
	}
	for name, want := range map[string]*oauth2.Token{
		"a plain token":                        {AccessToken: "access", RefreshToken: "refresh", Expiry: time.Now().Add(time.Hour).Truncate(time.Second)},
		"a token without expiry":               {AccessToken: "access", RefreshToken: "refresh"},
		"a token without refresh token":        {AccessToken: "access", Expiry: time.Now().Add(time.Hour).Truncate(time.Second)},
		"a refresh token of 4 KiB":             {AccessToken: strings.Repeat("a", 4096), RefreshToken: "souk-sent:1767225600:ABCDEFGHABCDEFGH:" + strings.Repeat("r", 4058)},
		"a token with signs and other scripts": {AccessToken: `a'"\;%_`, RefreshToken: "محل 店 \U0001F511"},
	} {
		s.save(t, key, want)
		compare(t, name, s.load(t, key), want)
	}
}

// compare compares two tokens, with the expiry in whole seconds, which is all that a
// store must keep.
func compare(t part, name string, got, want *oauth2.Token) {
	t.Helper()
	switch {
	case got == nil:
		t.Errorf("%s: Load returns nil after Update said that it was saved", name)
	case got.AccessToken != want.AccessToken:
		t.Errorf("%s: the access token is another after it was saved", name)
	case got.RefreshToken != want.RefreshToken:
		t.Errorf("%s: the refresh token is another after it was saved", name)
	case got.Expiry.IsZero() != want.Expiry.IsZero():
		t.Errorf("%s: Expiry is %v after it was saved as %v", name, got.Expiry, want.Expiry)
	case got.Expiry.Sub(want.Expiry).Abs() >= time.Second:
		t.Errorf("%s: Expiry is %v after it was saved as %v; seconds must be kept", name, got.Expiry, want.Expiry)
	}
}

// keepsEveryChange saves tokens that differ in only one field, as before a refresh,
// when the SDK notes that it sends the refresh token.
func (s storeTest) keepsEveryChange(t part) {
	key := s.key(t, "change")
	expiry := time.Now().Add(time.Hour).Truncate(time.Second)
	for _, change := range []struct {
		field string
		token oauth2.Token
	}{
		{"first token", oauth2.Token{AccessToken: "access", RefreshToken: "refresh", Expiry: expiry}},
		{"refresh token", oauth2.Token{AccessToken: "access", RefreshToken: "souk-sent:1767225600:ABCDEFGHABCDEFGH:refresh", Expiry: expiry}},
		{"refresh token once more", oauth2.Token{AccessToken: "access", RefreshToken: "refresh", Expiry: expiry}},
		{"expiry", oauth2.Token{AccessToken: "access", RefreshToken: "refresh", Expiry: expiry.Add(-time.Minute)}},
		{"access token", oauth2.Token{AccessToken: "other", RefreshToken: "refresh", Expiry: expiry.Add(-time.Minute)}},
	} {
		s.save(t, key, &change.token)
		compare(t, "a change of the "+change.field, s.load(t, key), &change.token)
	}
}

// seesWhatOthersSave keeps a store open while another one saves.
func (s storeTest) seesWhatOthersSave(t part) {
	key := s.key(t, "others")
	store := s.open()
	for _, access := range []string{"first", "second"} {
		s.save(t, key, &oauth2.Token{AccessToken: access})
		if token, err := store.Load(t.Context(), key); err != nil || token == nil || token.AccessToken != access {
			t.Errorf("Load does not return what another process has saved meanwhile (error: %v)", err)
		}
		err := store.Update(t.Context(), key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			if current == nil || current.AccessToken != access {
				t.Error("Update does not pass what another process has saved meanwhile")
			}
			return nil, nil
		})
		if err != nil {
			t.Errorf("Update: %v", err)
		}
	}
}

func (s storeTest) keepsKeysApart(t part) {
	names := []string{"a", "A", "a.b", "a/b", "a b", "ä", strings.Repeat("k", 200), strings.Repeat("k", 201)}
	for _, name := range names {
		s.save(t, s.key(t, name), &oauth2.Token{AccessToken: name})
	}
	for _, name := range names {
		if token := s.load(t, s.prefix+name); token == nil || token.AccessToken != name {
			t.Errorf("the token of key %q is not the one that was saved under it", s.prefix+name)
		}
	}
}

func (s storeTest) savesNothingWhenToldSo(t part) {
	key := s.key(t, "nothing")
	refused := errors.New("refused")
	err := s.open().Update(t.Context(), key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		if ctx == nil {
			t.Error("Update calls its function without a context")
		}
		if current != nil {
			t.Error("Update of a key that was never saved passes a token; want nil")
		}
		return nil, nil
	})
	if err != nil || s.load(t, key) != nil {
		t.Errorf("Update whose function returns nil must save nothing and return nil; it returns %v", err)
	}
	s.save(t, key, &oauth2.Token{AccessToken: "first"})
	err = s.open().Update(t.Context(), key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		if current == nil || current.AccessToken != "first" {
			t.Error("Update does not pass the token that is kept")
		}
		return &oauth2.Token{AccessToken: "second"}, refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("Update returns %v; want the error of its function", err)
	}
	if token := s.load(t, key); token == nil || token.AccessToken != "first" {
		t.Error("Update saved a token although its function returned an error")
	}
}

func (s storeTest) sharesNoMemory(t part) {
	key := s.key(t, "memory")
	store := s.open()
	mine := &oauth2.Token{AccessToken: "saved"}
	if err := store.Update(t.Context(), key, keeping(mine)); err != nil {
		t.Fatalf("Update: %v", err)
	}
	mine.AccessToken = "changed"
	first, err := store.Load(t.Context(), key)
	if err != nil || first == nil || first.AccessToken != "saved" {
		t.Error("a token that was saved is changed with the caller's copy of it")
		return
	}
	first.AccessToken = "changed"
	if second, err := store.Load(t.Context(), key); err != nil || second == nil || second.AccessToken != "saved" {
		t.Error("a token that was loaded shares memory with the one that is kept")
	}
	var passed *oauth2.Token
	err = store.Update(t.Context(), key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		passed = current
		return &oauth2.Token{AccessToken: "next"}, nil
	})
	if err != nil || passed == nil || passed.AccessToken != "saved" {
		t.Error("the token that Update passes is changed when another is saved")
	}
}

func (s storeTest) deletes(t part) {
	key, other := s.key(t, "deleted"), s.key(t, "other")
	if err := s.open().Delete(t.Context(), key); err != nil {
		t.Errorf("Delete of a key that was never saved returns %v; want nil", err)
	}
	s.save(t, key, &oauth2.Token{AccessToken: "a"})
	s.save(t, other, &oauth2.Token{AccessToken: "b"})
	if err := s.open().Delete(t.Context(), key); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if s.load(t, key) != nil {
		t.Error("Load returns a token after Delete")
	}
	if s.load(t, other) == nil {
		t.Error("Delete removed the token of another key")
	}
	s.save(t, key, &oauth2.Token{AccessToken: "c"})
	s.deletesWhatIsUpdated(t, key)
}

// deletesWhatIsUpdated deletes a key while it is locked, so that it has to wait.
func (s storeTest) deletesWhatIsUpdated(t part, key string) {
	deleted := make(chan error, 1)
	err := s.open().Update(t.Context(), key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		go func() { deleted <- s.open().Delete(t.Context(), key) }()
		select {
		case err := <-deleted: // without the lock
			deleted <- err
		case <-time.After(100 * time.Millisecond):
		}
		return &oauth2.Token{AccessToken: "d"}, nil
	})
	if err != nil {
		t.Errorf("Update: %v", err)
	}
	if err := <-deleted; err != nil {
		t.Errorf("Delete during an Update: %v", err)
	}
	if s.load(t, key) != nil {
		t.Error("Delete does not wait for an Update of the same key, which brings the token back")
	}
}

// losesNoUpdate counts up in a token, from many goroutines through two stores.
func (s storeTest) losesNoUpdate(t part) {
	const goroutines, rounds = 8, 10
	key := s.key(t, "count")
	stores := []souk.TokenStore{s.open(), s.open()}
	var callers sync.WaitGroup
	for i := range goroutines {
		callers.Go(func() {
			for range rounds {
				err := stores[i%len(stores)].Update(t.Context(), key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
					n := 0
					if current != nil {
						n, _ = strconv.Atoi(current.RefreshToken)
					}
					time.Sleep(time.Millisecond) // so that those who do not lock meet
					return &oauth2.Token{AccessToken: "a", RefreshToken: strconv.Itoa(n + 1)}, nil
				})
				if err != nil {
					t.Errorf("Update: %v", err)
					return
				}
			}
		})
	}
	callers.Wait()
	if token := s.load(t, key); token == nil || token.RefreshToken != strconv.Itoa(goroutines*rounds) {
		t.Errorf("updates were lost: two Updates of one key must not run between each other's reading and saving (want %d)", goroutines*rounds)
	}
}

func (s storeTest) givesUpWithTheContext(t part) {
	key := s.key(t, "locked")
	ended, end := context.WithCancel(t.Context())
	end()
	err := s.open().Update(t.Context(), key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		waited := make(chan error, 1)
		go func() { waited <- s.open().Update(ended, key, keeping(&oauth2.Token{AccessToken: "stolen"})) }()
		select {
		case err := <-waited:
			if err == nil {
				t.Error("Update with a context that has ended saved a token while the key was locked")
			}
		case <-time.After(10 * time.Second):
			t.Error("Update with a context that has ended still waits for the lock after 10 s")
		}
		return &oauth2.Token{AccessToken: "mine"}, nil
	})
	if err != nil {
		t.Errorf("Update: %v", err)
	}
	if token := s.load(t, key); token == nil || token.AccessToken != "mine" {
		t.Error("Update lost its token to another one that came in between")
	}
}
