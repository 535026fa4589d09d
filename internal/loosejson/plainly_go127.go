//go:build go1.27 && goexperiment.jsonv2

package loosejson

import (
	"encoding/json"
	jsonv2 "encoding/json/v2"
)

// inOnePass decodes as encoding/json does, without its first pass over the whole
// answer, and ends at the first error. Both are there for the sake of errors.
var inOnePass = jsonv2.JoinOptions(json.DefaultOptionsV1(), json.ReportErrorsWithLegacySemantics(false))

func decodePlainly(data []byte, out any) error { return jsonv2.Unmarshal(data, out, inOnePass) }
