package shoplazza

import (
	"bytes"
	"time"
)

// instant is a point in time that an answer may leave empty.
type instant time.Time

func (t *instant) UnmarshalJSON(data []byte) error {
	if text := string(bytes.TrimSpace(data)); text == "null" || text == `""` {
		*t = instant{}
		return nil
	}
	return (*time.Time)(t).UnmarshalJSON(data)
}

// pointer returns nil if there is no time.
func (t instant) pointer() *time.Time {
	if time.Time(t).IsZero() {
		return nil
	}
	return new(time.Time(t))
}

// utc returns t as Shoplazza wants times: in UTC, to the second.
func utc(t time.Time) time.Time {
	return t.UTC().Truncate(time.Second)
}
