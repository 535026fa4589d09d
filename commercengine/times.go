package commercengine

import (
	"encoding/json"
	"errors"
	"time"
)

// instant decodes a time in any of the vendor's spellings: RFC 3339, or the
// "datetime" of users, whose form is not documented. Without a zone it is UTC.
type instant time.Time

// UnmarshalJSON decodes a time. An empty text and null are no time.
func (i *instant) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	if text == "" {
		*i = instant{}
		return nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if parsed, err := time.Parse(layout, text); err == nil {
			*i = instant(parsed.UTC())
			return nil
		}
	}
	return errNoTime
}

var errNoTime = errors.New("commercengine: a time in an unknown form")
