package oauth

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Text is an optional member of a token answer. It accepts a text or a number, and
// reads anything else as empty: a pair of tokens must not be lost because of it, since
// the previous pair is used up.
type Text string

// UnmarshalJSON decodes any JSON.
func (t *Text) UnmarshalJSON(data []byte) error {
	*t = ""
	var number json.Number
	if json.Unmarshal(data, (*string)(t)) != nil && json.Unmarshal(data, &number) == nil {
		*t = Text(number)
	}
	return nil
}

// Expiry returns when a token expires by the first of the texts that says so: a
// number of seconds from now or since 1970, which vendors and their documents mix
// up, or a date. A date without a zone is UTC.
func Expiry(now time.Time, texts ...Text) (expiry time.Time, ok bool) {
	for _, t := range texts {
		if expiry, ok = t.expiry(now); ok {
			return expiry, true
		}
	}
	return time.Time{}, false
}

const (
	// longestLife is ten years in seconds. A greater number counts from 1970.
	longestLife = 10 * 365 * 24 * 60 * 60
	// firstMillis is the number from which on it counts milliseconds.
	firstMillis = 1_000_000_000_000
	// lastMoment is the end of the year 9999, the last that JSON can hold.
	lastMoment = 253_402_300_799
)

func (t Text) expiry(now time.Time) (expiry time.Time, ok bool) {
	text := strings.TrimSpace(string(t))
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return date(text)
	}
	if seconds >= firstMillis {
		seconds /= 1000
	}
	switch {
	case !(seconds > 0 && seconds <= lastMoment): // or no number
		return time.Time{}, false
	case seconds <= longestLife:
		return now.Add(time.Duration(seconds * float64(time.Second))), true
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

func date(text string) (expiry time.Time, ok bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime} {
		if expiry, err := time.Parse(layout, text); err == nil {
			return expiry.UTC(), expiry.Unix() > longestLife && expiry.Unix() <= lastMoment // no store takes more, or every zone
		}
	}
	return time.Time{}, false
}
