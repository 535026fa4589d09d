package ratelimit

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// Whatever the headers of a server say, and however they contradict themselves and
// each other, nobody waits for longer than a window, as long as it lets requests in.
func TestHeadersThatContradictThemselvesHoldNobodyUp(t *testing.T) {
	t.Parallel()
	for seed := range max(40, 200/scale) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(uint64(seed), 3))
			limit := Limit{Window: Window{Requests: 120, Period: time.Minute, Overflow: 1}, ReadHeaders: true}
			g := new(registry).get(Key{Host: "liar.example"}, limit)
			for range 200 {
				began := time.Now()
				ticket, err := g.Wait(t.Context(), WaitOptions{})
				assert.NoError(t, err)
				if waited := time.Since(began); waited > time.Minute+doubt+grain+skew {
					t.Fatalf("seed %d: waited %s", seed, waited)
				}
				time.Sleep(50 * time.Millisecond)
				ticket.Done(Answer{Status: http.StatusOK, Header: lies(random)})
			}
		})
	}
}

// lies are headers of which each says something else.
func lies(random *rand.Rand) http.Header {
	h := http.Header{}
	pick := func(name string, values ...string) {
		if i := random.IntN(len(values) + 1); i < len(values) {
			h.Set(name, values[i])
		}
	}
	moment := func(by time.Duration) string { return strconv.FormatInt(time.Now().Add(by).Unix(), 10) }
	pick("X-RateLimit-Limit", "120", "1", "0", "-1", "1000000", "1e3", "NaN", "120, 120", "999999999999999999999")
	pick("X-RateLimit-Remaining", "119", "0", "-1", "1", "1000000", "NaN", "", "1.5")
	pick("X-RateLimit-Reset", moment(30*time.Second), moment(0), moment(-time.Hour), moment(time.Hour), "60", "0", "-1",
		moment(time.Minute), strconv.FormatInt(time.Now().UnixMilli(), 10), "253402300799", "soon")
	pick("Date", time.Now().UTC().Format(http.TimeFormat), time.Now().Add(time.Hour).UTC().Format(http.TimeFormat),
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday")
	return h
}
