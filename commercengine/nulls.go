package commercengine

import "encoding/json"

// orNull is a text that is null on the wire when it is empty, for fields that
// the vendor requires and lets be null.
type orNull string

// MarshalJSON encodes the text, or null.
func (s orNull) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(s))
}
