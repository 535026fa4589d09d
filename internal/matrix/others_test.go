package matrix

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
)

// naming is an operation whose path names something, and whose answer repeats ids of the
// path. They are those of somebodyNumber, and below that one of somethingNumber.
type naming struct {
	kind kind
	// success is the vendor's own. It has an id of the path wherever a vendor's answer
	// has one.
	success string
	call    func(ctx context.Context) error
}

// The ids that are asked for, and others.
const (
	somebodyNumber  = "71"
	somethingNumber = "81"
)

var another = map[string]string{somebodyNumber: "72", somethingNumber: "82"}

// namings are the operations of a vendor whose paths have ids: those whose answers repeat
// one, and those whose answers do not, with what they hold.
type namings struct {
	client func(t *testing.T, o souk.Options) map[string]naming
	silent map[string]string
}

// others are of each vendor.
var others = map[string]namings{
	"salla": sallaOthers, "commercengine": commercengineOthers, "shopline": shoplineOthers, "xclade": xcladeOthers,
	"shoplazza": shoplazzaOthers("2022-01"), "shoplazza 2025-06": shoplazzaOthers("2025-06"),
}

// No operation whose path names something is left out.
func TestOthersAreAllOperationsWithIDs(t *testing.T) {
	t.Parallel()
	all := 0
	for name, of := range others {
		vendor, _, _ := strings.Cut(name, " ")
		known := slices.Sorted(maps.Keys(of.client(t, souk.Options{})))
		for operation, why := range of.silent {
			assert.NotEmpty(t, why, operation)
			assert.NotContains(t, known, operation)
			known = append(known, operation)
		}
		listed := withIDs(t, vendor)
		assert.ElementsMatch(t, listed, known, name)
		all += len(listed)
	}
	assert.Greater(t, all, 90)
}

// withIDs returns the operations of a vendor whose paths have ids.
func withIDs(t *testing.T, vendor string) (found []string) {
	text, err := os.ReadFile(filepath.Join("..", "..", vendor, "operations.txt"))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "{") && !strings.HasPrefix(line, "#") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

// An answer about somebody else is no answer: it is asked for again, or unknown.
func TestAnAnswerAboutSomebodyElseIsNone(t *testing.T) {
	t.Parallel()
	for name, of := range others {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				says := &sayer{}
				operations := of.client(t, souk.Options{HTTPClient: &http.Client{Transport: says}, Limiter: rate.NewLimiter(rate.Inf, 1)})
				for operation, o := range operations {
					o.requireItsOwn(t, operation, says)
					o.requireNoOther(t, operation, says)
				}
			})
		})
	}
}

// requireItsOwn requires that ids that were asked for are taken, and in no spelling for
// others. Where a vendor has never sent one that is no text, the answer may be unreadable.
func (o naming) requireItsOwn(t *testing.T, operation string, says *sayer) {
	t.Helper()
	for _, body := range spelled(o.success) {
		says.next(body)
		err := o.call(t.Context())
		if body != o.success && err != nil {
			assert.NotContains(t, err.Error(), "that was asked for", "%s: %s", operation, body)
			continue
		}
		assert.NoError(t, err, "%s: %s", operation, body)
		assert.Equal(t, 1, says.sent, "%s: %s", operation, body)
	}
}

// spelled returns an answer with its ids as texts and as numbers.
func spelled(body string) []string {
	all := []string{body}
	for _, id := range []string{somebodyNumber, somethingNumber} {
		for _, spelling := range []string{id, `"` + id + `"`, `"00` + id + `"`, id + ".0", `{"id":"` + id + `"}`} {
			all = append(all, strings.ReplaceAll(body, `"`+id+`"`, spelling))
		}
	}
	return all
}

// requireNoOther requires that an answer with another id counts as none.
func (o naming) requireNoOther(t *testing.T, operation string, says *sayer) {
	t.Helper()
	tried := 0
	for id, other := range another {
		for at := range strings.Count(o.success, id) {
			tried++
			body := replaceAt(o.success, id, other, at)
			says.next(body)
			err := o.call(t.Context())
			want := foreign.reaction(o.kind)
			what := fmt.Sprintf("%s: %s", operation, body)
			require.Error(t, err, what)
			assert.Equal(t, want.told.String(), classesOf(err).String(), what)
			assert.Equal(t, map[bool]int{true: mostSends, false: 1}[want.again], says.sent, what)
			assert.Contains(t, err.Error(), "that was asked for came instead of the API's answer", what)
			assert.NotContains(t, err.Error(), other, what)
			assert.NotContains(t, err.Error(), id, what)
		}
	}
	assert.Positive(t, tried, operation)
}

// replaceAt replaces what comes behind so many others like it.
func replaceAt(text, what, with string, at int) string {
	parts := strings.SplitAfterN(text, what, at+2)
	parts[at] = strings.TrimSuffix(parts[at], what) + with
	return strings.Join(parts, "")
}

// sayer answers all requests with the same.
type sayer struct {
	body string
	sent int
}

func (s *sayer) next(body string) { s.body, s.sent = body, 0 }

func (s *sayer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	s.sent++
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(s.body)), ContentLength: int64(len(s.body)), Request: r,
	}, nil
}

// failure drops what a method returns beside its error.
func failure[T any](_ T, err error) error { return err }
