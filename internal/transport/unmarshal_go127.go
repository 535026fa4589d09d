//go:build go1.27 && goexperiment.jsonv2

package transport

import (
	"encoding/json"
	jsonv2 "encoding/json/v2"
)

// inOnePass decodes as encoding/json does, without its first pass over the
// whole body, which is there for the sake of errors.
var inOnePass = jsonv2.JoinOptions(json.DefaultOptionsV1(), json.ReportErrorsWithLegacySemantics(false))

// unmarshal leaves errors to encoding/json, so that they are the same in all builds.
func unmarshal(body []byte, out any) error {
	if jsonv2.Unmarshal(body, out, inOnePass) == nil {
		return nil
	}
	return json.Unmarshal(body, out)
}
