//go:build !(go1.27 && goexperiment.jsonv2)

package loosejson

import "encoding/json"

func decodePlainly(data []byte, out any) error { return json.Unmarshal(data, out) }
