package standin

import (
	"bytes"
	"encoding/json"
)

// Encode writes JSON as the vendors' servers do, without escapes for HTML. A value
// without JSON is null.
func Encode(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return []byte("null")
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
