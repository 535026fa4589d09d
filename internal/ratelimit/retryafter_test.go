package ratelimit

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		name, value, date string
		want              time.Duration
		ok                bool
	}{
		{name: "absent"},
		{name: "seconds", value: "120", want: 2 * time.Minute, ok: true},
		{name: "zero", value: "0", ok: true},
		{name: "decimal seconds", value: "1.5", want: 1500 * time.Millisecond, ok: true},
		{name: "Unix time", value: "1772366430", want: 30 * time.Second, ok: true},
		{name: "Unix time with a fraction", value: "1772366430.5", want: 30500 * time.Millisecond, ok: true},
		{name: "Unix time that has passed", value: "1772366399", ok: true},
		{name: "Unix time in milliseconds", value: "1772366430250", want: 30250 * time.Millisecond, ok: true},
		{name: "Unix time in microseconds", value: "1772366430250000", want: 30250 * time.Millisecond, ok: true},
		{name: "Unix time in nanoseconds", value: "1772366430250000000", want: 30250 * time.Millisecond, ok: true},
		{name: "the longest number of seconds", value: "1000000000", want: longest, ok: true},
		{name: "the longest Unix time in seconds", value: "1000000000000", want: longest, ok: true},
		{
			name: "Unix time of a clock an hour behind", value: "1772362830",
			date: "Sun, 01 Mar 2026 11:00:00 GMT", want: 30 * time.Second, ok: true,
		},
		{
			name: "Unix time beside a date of the year 9999", value: "1772362830",
			date: "Fri, 31 Dec 9999 23:59:59 GMT", ok: true,
		},
		{name: "spaces around", value: " 7 ", want: 7 * time.Second, ok: true},
		{name: "a year", value: "31536000", want: 365 * 24 * time.Hour, ok: true},
		{name: "beyond any number", value: strings.Repeat("9", 400), want: longest, ok: true},
		{name: "beyond a duration", value: "99999999999999999999", want: longest, ok: true},
		{name: "RFC 1123", value: "Sun, 01 Mar 2026 12:00:30 GMT", want: 30 * time.Second, ok: true},
		{name: "RFC 850", value: "Sunday, 01-Mar-26 12:00:30 GMT", want: 30 * time.Second, ok: true},
		{name: "asctime", value: "Sun Mar  1 12:00:30 2026", want: 30 * time.Second, ok: true},
		{name: "date in the past", value: "Sun, 01 Mar 2026 11:00:00 GMT", ok: true},
		{name: "date in the far future", value: "Sun, 01 Mar 9026 12:00:00 GMT", want: longest, ok: true},
		{
			name: "date of a clock an hour behind", value: "Sun, 01 Mar 2026 11:00:30 GMT",
			date: "Sun, 01 Mar 2026 11:00:00 GMT", want: 30 * time.Second, ok: true,
		},
		{
			name: "date of a clock as good as ours", value: "Sun, 01 Mar 2026 12:00:30 GMT",
			date: "Sun, 01 Mar 2026 11:59:58 GMT", want: 30 * time.Second, ok: true,
		},
		{name: "negative", value: "-5"},
		{name: "with a sign", value: "+5"},
		{name: "with a comma", value: "1,5"},
		{name: "not a number", value: "NaN"},
		{name: "infinite", value: "Inf"},
		{name: "text", value: "soon"},
		{name: "two points", value: "1.2.3"},
		{name: "one point", value: "."},
		{name: "exponent", value: "1e3"},
		{name: "hexadecimal", value: "0x10"},
		{name: "with a unit", value: "5s"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			if c.value != "" {
				h.Set("Retry-After", c.value)
			}
			if c.date != "" {
				h.Set("Date", c.date)
			}

			got, ok := RetryAfter(h, now)

			assert.Equal(t, c.want, got.Round(time.Microsecond))
			assert.Equal(t, c.ok, ok)
		})
	}
}

func TestRetryAfterWithinASecond(t *testing.T) {
	t.Parallel()

	got, ok := RetryAfter(http.Header{"Retry-After": {"1772366430"}}, time.Unix(1772366400, 5e8))

	assert.Equal(t, 29500*time.Millisecond, got.Round(time.Microsecond))
	assert.True(t, ok)
}

func TestRetryAfterOfNoHeader(t *testing.T) {
	t.Parallel()

	got, ok := RetryAfter(nil, time.Now())

	assert.Zero(t, got)
	assert.False(t, ok)
}

func FuzzRetryAfterStaysWithinBounds(f *testing.F) {
	for _, value := range []string{"1", "-1", "1e9", "Sun, 01 Mar 9026 12:00:00 GMT", "NaN", ".", "9999999999999999999", "1772366430", "1772366430250"} {
		f.Add(value, value)
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		h := http.Header{"Retry-After": {value}, "Date": {date}}

		got, ok := RetryAfter(h, time.Now())

		assert.GreaterOrEqual(t, got, time.Duration(0))
		assert.LessOrEqual(t, got, longest)
		if !ok {
			assert.Zero(t, got)
		}
	})
}
