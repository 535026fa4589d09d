//go:build !(go1.27 && goexperiment.jsonv2)

package transport

import "encoding/json"

func unmarshal(body []byte, out any) error { return json.Unmarshal(body, out) }
