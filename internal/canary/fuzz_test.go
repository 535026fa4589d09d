package canary

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
)

// Whatever a server answers to whatever operation, it returns: a result, or errors of
// the SDK's own, in which nothing stands that is secret.
func FuzzEveryOperation(f *testing.F) {
	for v, s := range shops {
		files, err := filepath.Glob(filepath.Join("..", "..", s.name, "testdata", "*.json"))
		require.NoError(f, err)
		require.NotEmpty(f, files)
		for i, file := range files {
			body, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(uint8(v), uint8(i), 200, "application/json", `<https://fuzz.example/next?page_info=x>; rel="next"`, body)
			f.Add(uint8(v), uint8(i), 422, "application/json", "", body)
		}
	}
	f.Fuzz(func(t *testing.T, vendor, operation uint8, status int, kind, link string, body []byte) {
		if status < 0 || status > 999 {
			return // net/http returns none of those
		}
		s := shops[int(vendor)%len(shops)]
		say := shape{name: "fuzzed", make: func(*hostile, *http.Response, []byte, string) *http.Response {
			resp := answer(status, kind, body)
			resp.Header.Set("Link", link)
			resp.Header.Set("Retry-After", link)
			return resp
		}}
		synctest.Test(t, func(t *testing.T) { s.tryOne(t, say, int(operation)) })
	})
}

// tryOne calls one operation of each of a vendor's clients.
func (s *shop) tryOne(t *testing.T, say shape, operation int) {
	w := new(watch)
	for _, client := range s.open(t, w) {
		all := operationsOf(client.what)
		names := slices.Sorted(maps.Keys(all))
		name := names[operation%len(names)]
		client.server.shape = say
		w.take()
		errs, position := all[name](t.Context())
		for _, err := range errs {
			require.True(t, isOfTheSDK(err), "%s: %T: %v", name, err, err)
			w.see(err)
		}
		w.add("%s", position)
		looksFor(t, name, w.take(), slices.Concat(client.secrets, client.tokens))
	}
}

func isOfTheSDK(err error) bool {
	if _, ok := errors.AsType[*souk.Error](err); ok {
		return true
	}
	_, ok := errors.AsType[*souk.RowError](err)
	return ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
