// Package loosejson decodes values that vendors spell in several ways.
//
// Every type decodes one JSON value and encodes back in its plain spelling.
// They are meant for the decoding half of a vendor's type, whose own fields
// stay plain. A pointer to the plain field, converted, is all it takes:
//
//	func (c *Customer) UnmarshalJSON(data []byte) error {
//		type plain Customer
//		return json.Unmarshal(data, &struct {
//			*plain
//			Mobile *loosejson.String `json:"mobile"`
//		}{(*plain)(c), (*loosejson.String)(&c.Mobile)})
//	}
//
// null decodes to the zero value. Any other spelling than the documented ones
// is an [*Error], which names the kinds of value expected and found, never the
// value itself.
package loosejson
